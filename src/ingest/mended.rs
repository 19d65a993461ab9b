//! JSON of which one value cannot be read: only that value is lost, not the ticket around it.
//!
//! Half of a surrogate pair (`\ud800`), as programs write that cut texts by their length, becomes
//! U+FFFD; a number that no double holds (`1e400`) becomes null. Both keep their length, so that
//! places in the text stay what they are.

/// The value that a text begins with, mended; `None` where it does not end or nothing was to mend.
pub(super) fn first_value(text: &str) -> Option<String> {
    let mut bytes = text.get(..end(text)?)?.as_bytes().to_vec();
    let mut changed = false;
    let (mut at, mut quoted) = (0, false);
    while at < bytes.len() {
        match (bytes.get(at)?, quoted) {
            (b'"', _) => quoted = !quoted,
            (b'\\', true) => {
                at += match escaped(&bytes, at) {
                    Some(0xd800..=0xdbff) if is_low(escaped(&bytes, at + 6)) => 11,
                    Some(0xd800..=0xdfff) => {
                        bytes.get_mut(at..at + 6)?.copy_from_slice(b"\\ufffd");
                        changed = true;
                        5
                    }
                    _ => 1,
                };
            }
            (b'0'..=b'9' | b'-', false) => {
                let number = |b: &&u8| b.is_ascii_digit() || b"+-.eE".contains(b);
                let length = bytes.get(at..)?.iter().take_while(number).count();
                let value = std::str::from_utf8(bytes.get(at..at + length)?).ok()?;
                let holds = value.parse::<f64>().is_ok_and(f64::is_finite);
                if !holds && length >= 4 {
                    let gap = bytes.get_mut(at..at + length)?;
                    gap.fill(b' ');
                    gap.get_mut(..4)?.copy_from_slice(b"null");
                    changed = true;
                }
                at += length - 1;
            }
            _ => {}
        }
        at += 1;
    }
    String::from_utf8(bytes).ok().filter(|_| changed)
}

/// The code unit of `\uXXXX` at a place.
fn escaped(bytes: &[u8], at: usize) -> Option<u16> {
    let unit = bytes.get(at..at + 6)?.strip_prefix(b"\\u")?;
    u16::from_str_radix(std::str::from_utf8(unit).ok()?, 16).ok()
}

fn is_low(unit: Option<u16>) -> bool {
    matches!(unit, Some(0xdc00..=0xdfff))
}

/// Where the object or list that a text begins with ends.
fn end(text: &str) -> Option<usize> {
    let (mut depth, mut quoted, mut skip) = (0usize, false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if skip => skip = false,
            b'\\' if quoted => skip = true,
            b'"' => quoted = !quoted,
            b'{' | b'[' if !quoted => depth += 1,
            b'}' | b']' if !quoted => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_value_that_cannot_be_read_is_lost() {
        let text =
            r#"{"a":"x\ud800y","b":1e400,"c":"\ud83d\ude00","d":[-1e999,2.5],"e":"\\ud800"} rest"#;
        let mended = first_value(text).unwrap();
        assert_eq!(mended.len(), text.len() - " rest".len());
        let value: serde_json::Value = serde_json::from_str(&mended).unwrap();
        assert_eq!(value["a"], "x\u{fffd}y");
        assert_eq!(value["b"], serde_json::Value::Null);
        assert_eq!(value["c"], "😀");
        assert_eq!(value["d"], serde_json::json!([null, 2.5]));
        assert_eq!(value["e"], "\\ud800");
    }

    #[test]
    fn what_is_whole_or_has_no_end_is_left() {
        assert_eq!(first_value(r#"{"a":"\ud83d\ude00","b":1e300}"#), None);
        assert_eq!(first_value(r#"{"a":"\ud800""#), None);
    }
}
