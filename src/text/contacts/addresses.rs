//! Secrets inside addresses: signatures and tokens among the parameters, users with passwords.

use std::ops::Range;

use super::beside::{head, tail};
use super::passwords::is_placeholder;

/// Bytes before `key=` in which the address has to say that it is a live stream's.
const ADDRESS: usize = 200;

/// Bytes of an address's user, password and host.
const AUTHORITY: usize = 300;

/// The value of a parameter whose name ends the hit.
pub(super) fn parameter(text: &str, hit: Range<usize>) -> Option<Range<usize>> {
    let before = text.get(..hit.start)?;
    // `JSESSIONID=` and the like; `\u0026` is a `&` in JSON.
    let session = text.get(hit.clone())?.eq_ignore_ascii_case("sessionid=");
    let inside = before.ends_with(|c: char| c.is_ascii_alphanumeric());
    if inside && !session && !before.ends_with("\\u0026") {
        return None;
    }
    let value = value(text, hit.end);
    is_secretive(value).then(|| hit.end..hit.end + value.len())
}

/// The value of `key=` in a live stream's address.
pub(super) fn media_key(text: &str, hit: Range<usize>) -> Option<Range<usize>> {
    let before = text.get(..hit.start)?;
    if !before.ends_with(['?', '&']) {
        return None;
    }
    let near = tail(before, ADDRESS);
    let address = near.rsplit(char::is_whitespace).next()?;
    let media = ["rtmp://", "rtmps://", "srt://"];
    let media = media.iter().any(|scheme| address.contains(scheme));
    let value = value(text, hit.end);
    (media && is_secretive(value)).then(|| hit.end..hit.end + value.len())
}

/// A parameter's value: to the next `&`, blank, quotation mark or Chinese character.
fn value(text: &str, start: usize) -> &str {
    let rest = text.get(start..).unwrap_or_default();
    let length = rest
        .bytes()
        .take_while(|b| b.is_ascii_alphanumeric() || b"%_-.:/+=~|*".contains(b))
        .count();
    let value = rest.get(..length).unwrap_or_default();
    value.trim_end_matches(['.', ':'])
}

/// Whether a value is what a machine made, and no example's name or address.
fn is_secretive(value: &str) -> bool {
    let has = |of: fn(&u8) -> bool| value.bytes().filter(of).count();
    let digits = has(u8::is_ascii_digit);
    let cased = has(u8::is_ascii_uppercase) > 0 && has(u8::is_ascii_lowercase) > 0;
    value.len() >= 8
        && (digits >= 4 || (digits >= 1 && cased))
        && !value.contains("://")
        && !is_placeholder(value)
}

/// `user:password` before the `@` of an address; what a placeholder stands for is none.
pub(super) fn userinfo(text: &str, start: usize) -> Option<Range<usize>> {
    let rest = head(text.get(start..)?, AUTHORITY);
    let authority = rest
        .split(|c: char| !c.is_ascii_graphic() || matches!(c, '/' | '?' | '"' | '\'' | '<' | '>'))
        .next()?;
    let (info, _) = authority.rsplit_once('@')?;
    let (_, password) = info.split_once(':')?;
    (password.len() >= 3 && !is_placeholder(password)).then(|| start..start + info.len())
}

/// `user:password` that ends before `@tcp(`.
pub(super) fn dsn(text: &str, end: usize) -> Option<Range<usize>> {
    let before = tail(text.get(..end)?, AUTHORITY);
    let info = before
        .rsplit(|c: char| !c.is_ascii_graphic() || matches!(c, '"' | '\'' | '`'))
        .next()?;
    let (_, password) = info.split_once(':')?;
    (password.len() >= 3 && !is_placeholder(password)).then(|| end - info.len()..end)
}
