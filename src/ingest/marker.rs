//! The marks of items of a list: numbers of every kind, bullets, `回复 2：`.

use super::labels::split_number;
use super::line::strip_bullet;

/// How items of a list are marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Marker {
    /// `1. ` or `1) ` with a space.
    Spaced,
    /// `1.` or `1、` without.
    Tight,
    /// `（1）`
    Bracketed,
    /// `①`
    Circled,
    /// `回复1：`
    Named,
    /// `- `
    Bullet,
}

/// The marker at the start of a line that is not indented, its number, and the rest.
pub(crate) fn marker(line: &str) -> Option<(Marker, Option<u32>, &str)> {
    if line.starts_with("  ") || line.starts_with('\t') {
        return None;
    }
    let text = line.trim_start();
    let bare = strip_bullet(text);
    if bare.len() < text.len() {
        return Some((Marker::Bullet, None, bare));
    }
    if let Some(named) = named_marker(text) {
        return Some(named);
    }
    let bold = text.strip_prefix("**");
    let (number, rest) = split_number(bold.unwrap_or(text));
    let number = Some(number?);
    let rest = match bold {
        Some(_) => rest.strip_prefix("**").map_or(rest, str::trim_start),
        None => rest,
    };
    let marker = match text.chars().next()? {
        '(' | '（' => Marker::Bracketed,
        '①'..='⑳' => Marker::Circled,
        _ => {
            let head = text.get(..text.len() - rest.len())?;
            if head.ends_with(char::is_whitespace) || rest.is_empty() {
                Marker::Spaced
            } else {
                Marker::Tight
            }
        }
    };
    Some((marker, number, rest))
}

/// `回复1：x`, `**回复 2**：x`, `Reply 3: x`, `第1条：x`
fn named_marker(text: &str) -> Option<(Marker, Option<u32>, &str)> {
    let inner = text.trim_start_matches(['*', '【', '[']);
    let word = [
        "客服回复",
        "回复",
        "答复",
        "回答",
        "解答",
        "Reply",
        "reply",
        "Answer",
        "第",
    ]
    .iter()
    .find(|w| inner.starts_with(**w))?;
    let tail = inner
        .get(word.len()..)?
        .trim_start()
        .trim_start_matches('#');
    let len = tail.bytes().take_while(u8::is_ascii_digit).count();
    let number = tail.get(..len)?.parse().ok()?;
    let rest = tail
        .get(len..)?
        .trim_start_matches(['条', '次', '*', '】', ']', ' ']);
    let said = rest.strip_prefix([':', '：'])?;
    Some((
        Marker::Named,
        Some(number),
        said.trim_start_matches('*').trim_start(),
    ))
}
