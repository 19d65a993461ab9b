//! Why there is no way to the desk's daemon.

use crate::api::{DirectoryProblem, Unreachable};

use super::system::{system_zh, with_cause_zh};

pub(super) fn zh(why: &Unreachable) -> String {
    let after = |said: String, why: &str| match why {
        "" => said,
        why => format!("{said}：{}", system_zh(why).unwrap_or(why)),
    };
    match why {
        Unreachable::Absent { path } => format!("{path} 没有守护进程在运行"),
        Unreachable::Down { path, .. } => format!("团队的服务没有运行（{path}）"),
        Unreachable::Outside { path, group } => {
            format!("您不在可以连接的用户组 {group} 里（{path}）")
        }
        Unreachable::Older { version, protocol } => {
            format!("守护进程的版本较旧（{version}，协议 {protocol}）")
        }
        Unreachable::Newer { version, protocol } => {
            format!("守护进程的版本较新（{version}，协议 {protocol}），请重新启动本程序")
        }
        Unreachable::Full => "守护进程的连接已满，请稍后再试".to_owned(),
        Unreachable::NotStarted { why } => after("守护进程没有启动".to_owned(), why),
        Unreachable::NoPlace { path, why } => after(format!("{path} 没有可以放套接字的地方"), why),
        Unreachable::Io { path, why } => after(format!("{path} 无法使用"), why),
        Unreachable::Directory { path, problem } => directory_zh(path, problem),
        Unreachable::NotSent => "与守护进程的连接断开了，请求没有送出".to_owned(),
        Unreachable::NotAnswered => "与守护进程的连接断开了，不知道是否已经完成".to_owned(),
        Unreachable::Other { detail } => with_cause_zh("无法连接到服务".to_owned(), detail),
    }
}

/// What follows “the desk cannot be reached”; may be empty.
pub(super) fn en(why: &Unreachable) -> String {
    match why {
        Unreachable::Absent { path } => format!("no daemon runs for {path}"),
        Unreachable::Down { path, owner } => {
            format!("the service at {path} is down; {owner} starts it")
        }
        Unreachable::Outside { path, group } => {
            format!("only the group {group} may connect to {path}")
        }
        Unreachable::Older { version, protocol } => {
            format!("the daemon is older ({version}, protocol {protocol})")
        }
        Unreachable::Newer { version, protocol } => {
            format!("the daemon is newer ({version}, protocol {protocol}): start this program anew")
        }
        Unreachable::Full => "the daemon serves as many connections as it may".to_owned(),
        Unreachable::NotStarted { why } => format!("the daemon did not start: {why}"),
        Unreachable::NoPlace { path, why } => format!("no place for the socket of {path}: {why}"),
        Unreachable::Io { path, why } => format!("{path}: {why}"),
        Unreachable::Directory { path, problem } => format!("{path} {}", directory_en(problem)),
        Unreachable::NotSent => "the connection to the daemon was lost".to_owned(),
        Unreachable::NotAnswered => {
            "the connection to the daemon was lost before it answered".to_owned()
        }
        Unreachable::Other { detail } => detail.clone(),
    }
}

/// What to do about it.
pub(super) fn hint_zh(why: &Unreachable) -> String {
    match why {
        Unreachable::Down { owner, .. } => {
            format!("请联系管理员（{owner}）启动：systemctl start gongdan；命令不会另开私人数据")
        }
        Unreachable::Outside { group, .. } => {
            format!("请管理员把您加入用户组：usermod -aG {group} 用户名；重新登录后生效")
        }
        Unreachable::Directory { problem, .. } if is_somebody_elses(problem) => {
            "以目录主人的身份运行（sudo -u），或用 --data-dir 指定自己的目录".to_owned()
        }
        Unreachable::Absent { .. }
        | Unreachable::Older { .. }
        | Unreachable::Newer { .. }
        | Unreachable::Full
        | Unreachable::NotStarted { .. }
        | Unreachable::NoPlace { .. }
        | Unreachable::Io { .. }
        | Unreachable::Directory { .. }
        | Unreachable::NotSent
        | Unreachable::NotAnswered
        | Unreachable::Other { .. } => {
            "用 gongdan status 查看，或加 --standalone 单独运行".to_owned()
        }
    }
}

pub(super) fn hint_en(why: &Unreachable) -> String {
    match why {
        Unreachable::Down { owner, .. } => format!(
            "ask the administrator ({owner}): systemctl start gongdan; no private store is opened \
             instead"
        ),
        Unreachable::Outside { group, .. } => format!(
            "ask the administrator: usermod -aG {group} USER; it holds from the next login on"
        ),
        Unreachable::Directory { problem, .. } if is_somebody_elses(problem) => {
            "run it as the directory's owner (sudo -u), or name a directory of your own with \
             --data-dir"
                .to_owned()
        }
        Unreachable::Absent { .. }
        | Unreachable::Older { .. }
        | Unreachable::Newer { .. }
        | Unreachable::Full
        | Unreachable::NotStarted { .. }
        | Unreachable::NoPlace { .. }
        | Unreachable::Io { .. }
        | Unreachable::Directory { .. }
        | Unreachable::NotSent
        | Unreachable::NotAnswered
        | Unreachable::Other { .. } => "see gongdan status, or run with --standalone".to_owned(),
    }
}

fn is_somebody_elses(problem: &DirectoryProblem) -> bool {
    matches!(
        problem,
        DirectoryProblem::Owner { .. } | DirectoryProblem::Closed
    )
}

fn directory_zh(path: &str, problem: &DirectoryProblem) -> String {
    match problem {
        DirectoryProblem::Symlink => format!("{path} 是符号链接，请写出目录本身"),
        DirectoryProblem::NotADirectory => format!("{path} 不是目录"),
        DirectoryProblem::Owner { owner, wanted } => {
            format!("{path} 不是您的：属于用户 {owner}，应属于 {wanted}")
        }
        DirectoryProblem::Closed => format!("{path} 是别人的，您无权进入"),
        DirectoryProblem::Mode { mode } => {
            format!("{path} 别人也能写（权限 {mode:o}），请改为 0700")
        }
        DirectoryProblem::Network { kind } => {
            format!("{path} 在 {kind} 上，文件锁不可靠，请用本地磁盘")
        }
    }
}

fn directory_en(problem: &DirectoryProblem) -> String {
    match problem {
        DirectoryProblem::Symlink => "is a symbolic link: name the directory itself".to_owned(),
        DirectoryProblem::NotADirectory => "is not a directory".to_owned(),
        DirectoryProblem::Owner { owner, wanted } => {
            format!("belongs to the user {owner}, not to {wanted}")
        }
        DirectoryProblem::Mode { mode } => {
            format!("can be written by others (mode {mode:o}): chmod 0700")
        }
        DirectoryProblem::Closed => "is somebody else's: this user may not enter it".to_owned(),
        DirectoryProblem::Network { kind } => {
            format!("lies on {kind}, where locks do not hold: use a local disk")
        }
    }
}
