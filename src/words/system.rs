//! What the operating system said of a failure, in the reader's language.

use super::Lang;

/// A Chinese message with what the system or a library said: what is known in Chinese, the rest
/// in brackets as it came, for whoever looks into it.
pub(super) fn with_cause_zh(message: String, detail: &str) -> String {
    match system_zh(detail) {
        Some(cause) => format!("{message}：{cause}"),
        None if detail.is_empty() => message,
        None => format!("{message}（{detail}）"),
    }
}

/// What the system said of a failure, in the reader's language where it is known in that.
pub fn system(lang: Lang, said: &str) -> &str {
    match lang {
        Lang::Zh => system_zh(said).unwrap_or(said),
        Lang::En => said,
    }
}

/// What the system's own error means, of a text that ends with its number.
pub(super) fn system_zh(detail: &str) -> Option<&'static str> {
    let (_, number) = detail.rsplit_once("(os error ")?;
    let number = number.split(')').next()?;
    Some(match number {
        "1" | "13" => "没有权限",
        "2" => "没有这个文件或目录",
        "5" => "读写出错",
        "11" => "暂时没有回应",
        "20" => "路径中有一段不是目录",
        "21" => "这是目录，不是文件",
        "24" => "打开的文件太多",
        "28" => "磁盘已满",
        "30" => "文件系统只读",
        "32" | "104" => "对方断开了连接",
        "111" => "没有服务在监听",
        "122" => "磁盘配额已用完",
        _ => return None,
    })
}
