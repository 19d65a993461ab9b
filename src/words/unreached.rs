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

fn directory(path: &str, v: Values<'_>) -> String {
    match v("problem").as_str() {
        "symlink" => format!("{path} 是符号链接，请写出目录本身"),
        "not_a_directory" => format!("{path} 不是目录"),
        "owner" => format!("{path} 属于用户 {}，应属于 {}", v("owner"), v("wanted")),
        "mode" => format!("{path} 别人也能写（权限 {}），请改为 0700", v("mode")),
        "network" => format!("{path} 在 {} 上，文件锁不可靠，请用本地磁盘", v("kind")),
        _ => with_detail(format!("{path} 不能使用"), "：", v),
    }
}
