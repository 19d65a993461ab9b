//! Why there is no way to the desk's daemon, in Chinese: the error's own sentence is English.
//!
//! The reason is a name in the error's `reason`; one that is not known here, of a newer program,
//! is told by that sentence.

use super::Values;
use super::errors::{system_zh, with_cause_zh, with_detail};

pub(super) fn zh(v: Values<'_>) -> String {
    let (path, why) = (v("path"), v("why"));
    let version = || format!("{}，协议 {}", v("version"), v("protocol"));
    let after = |said: &str| match why.as_str() {
        "" => said.to_owned(),
        why => format!("{said}：{}", system_zh(why).unwrap_or(why)),
    };
    match v("reason").as_str() {
        "absent" => format!("{path} 没有守护进程在运行"),
        "down" => format!("团队的服务没有运行（{path}）"),
        "outside" => format!("您不在可以连接的用户组 {} 里（{path}）", v("group")),
        "older" => format!("守护进程的版本较旧（{}）", version()),
        "newer" => format!("守护进程的版本较新（{}），请重新启动本程序", version()),
        "full" => "守护进程的连接已满，请稍后再试".to_owned(),
        "not_started" => after("守护进程没有启动"),
        "no_place" => after(&format!("{path} 没有可以放套接字的地方")),
        "io" => after(&format!("{path} 无法使用")),
        "directory" => directory(&path, v),
        _ => with_cause_zh("无法连接到服务".to_owned(), v),
    }
}

/// What to do about it.
pub(super) fn hint_zh(v: Values<'_>) -> String {
    match (v("reason").as_str(), v("problem").as_str()) {
        ("down", _) => format!(
            "请联系管理员（{}）启动：systemctl start gongdan；命令不会另开私人数据",
            v("owner")
        ),
        ("outside", _) => format!(
            "请管理员把您加入用户组：usermod -aG {} 用户名；重新登录后生效",
            v("group")
        ),
        ("directory", "owner" | "closed") => {
            "以目录主人的身份运行（sudo -u），或用 --data-dir 指定自己的目录".to_owned()
        }
        _ => "用 gongdan status 查看，或加 --standalone 单独运行".to_owned(),
    }
}

pub(super) fn hint_en(v: Values<'_>) -> String {
    match (v("reason").as_str(), v("problem").as_str()) {
        ("down", _) => format!(
            "ask the administrator ({}): systemctl start gongdan; no private store is opened instead",
            v("owner")
        ),
        ("outside", _) => format!(
            "ask the administrator: usermod -aG {} USER; it holds from the next login on",
            v("group")
        ),
        ("directory", "owner" | "closed") => {
            "run it as the directory's owner (sudo -u), or name a directory of your own with \
             --data-dir"
                .to_owned()
        }
        _ => "see gongdan status, or run with --standalone".to_owned(),
    }
}

fn directory(path: &str, v: Values<'_>) -> String {
    match v("problem").as_str() {
        "symlink" => format!("{path} 是符号链接，请写出目录本身"),
        "not_a_directory" => format!("{path} 不是目录"),
        "owner" => format!(
            "{path} 不是您的：属于用户 {}，应属于 {}",
            v("owner"),
            v("wanted")
        ),
        "closed" => format!("{path} 是别人的，您无权进入"),
        "mode" => format!("{path} 别人也能写（权限 {}），请改为 0700", v("mode")),
        "network" => format!("{path} 在 {} 上，文件锁不可靠，请用本地磁盘", v("kind")),
        _ => with_detail(format!("{path} 不能使用"), "：", v),
    }
}
