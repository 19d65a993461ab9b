//! JSON for scripts and terminals alike.
//!
//! `serde_json` leaves U+009B, bidi controls and the like as they are; a terminal obeys them.
//! Here they are written as `\u….`, which loses nothing. Moments under the key `at` get the local
//! offset.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, Serializer};

use crate::cli::time;

/// A value as one line of JSON, without a line feed.
///
/// # Errors
/// When the value cannot be JSON, such as a map whose keys are not text.
pub fn line(value: &impl Serialize) -> Result<String, serde_json::Error> {
    let mut out = Vec::new();
    value.serialize(&mut Serializer::with_formatter(&mut out, Safe::default()))?;
    String::from_utf8(out).map_err(serde::ser::Error::custom)
}

/// Escapes what a terminal would obey, and gives moments their offset.
#[derive(Default)]
struct Safe {
    in_key: bool,
    key: String,
}

impl Formatter for Safe {
    fn begin_object_key<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.in_key = true;
        self.key.clear();
        CompactFormatter.begin_object_key(out, first)
    }

    fn end_object_key<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.in_key = false;
        Ok(())
    }

    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        out: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        if self.in_key {
            self.key.push_str(fragment);
        } else if self.key == "at"
            && let Some(local) = time::localised(fragment)
        {
            return out.write_all(local.as_bytes());
        }
        write_escaped(out, fragment)
    }
}

fn write_escaped<W: ?Sized + Write>(out: &mut W, text: &str) -> io::Result<()> {
    let mut units = [0; 2];
    for c in text.chars() {
        if obeyed(c) {
            for unit in c.encode_utf16(&mut units) {
                write!(out, "\\u{unit:04x}")?;
            }
        } else {
            out.write_all(c.encode_utf8(&mut [0; 4]).as_bytes())?;
        }
    }
    Ok(())
}

/// Whether a terminal may act on the character instead of showing it.
fn obeyed(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{061c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_moment_carries_an_offset() {
        let text = line(&BTreeMap::from([("at", "2026-01-31T08:00:00Z")])).unwrap();
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        let at = value["at"].as_str().unwrap();
        let same: jiff::Timestamp = at.parse().unwrap();
        assert_eq!(same, "2026-01-31T08:00:00Z".parse().unwrap());
        assert!(!at.ends_with('Z'), "{at}");
    }

    proptest! {
        #[test]
        fn any_text_survives_and_holds_nothing_a_terminal_obeys(text in any::<String>()) {
            let json = line(&text).unwrap();
            prop_assert!(!json.chars().any(obeyed), "{json:?}");
            prop_assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
        }
    }
}
