//! What goes to the terminal on a copy: only the one sequence meant, holding only clean text.

use gongdan::clipboard::{Clipboard, Environment, LastResort, Method, Multiplexer};
use gongdan::text::sanitize;
use proptest::prelude::*;

use super::{changed_text, fuzz};

/// The text inside `ESC ] 52 ; c ; … ESC \`, after the wrappers of GNU screen are taken off.
fn inside(bytes: &[u8]) -> Option<String> {
    let text = String::from_utf8(bytes.to_vec()).ok()?;
    let text = text.replace("\x1b\\\x1bP", "");
    let (_, rest) = text.split_once("\x1b]52;c;")?;
    let end = rest.find(['\x07', '\x1b'])?;
    let (payload, tail) = rest.split_at(end);
    let decoded = data_encoding::BASE64.decode(payload.as_bytes()).ok()?;
    // Nothing follows but the end of the sequence and of its wrapper.
    let ends = ["\x07", "\x1b\\", "\x07\x1b\\", "\x1b\\\x1b\\"];
    ends.contains(&tail)
        .then(|| String::from_utf8(decoded).ok())?
}

#[test]
fn a_copy_sends_the_clean_text_and_nothing_else() {
    let dir = tempfile::tempdir().unwrap();
    let ways = [
        (Method::Osc52, None),
        (Method::Screen, Some(Multiplexer::Screen)),
    ];
    fuzz(300, (changed_text(), 0..ways.len()), |(text, way)| {
        let (method, answered) = ways[way];
        let environment = Environment {
            term: "xterm".into(),
            tty: true,
            answered,
            ..Environment::default()
        };
        let mut clipboard = Clipboard::new(environment, LastResort::Show, dir.path(), None);
        let mut sent = Vec::new();
        clipboard.copy(method, &text, &mut sent);
        let clean = sanitize::for_clipboard(&text).into_owned();
        if !sent.is_empty() {
            let held = inside(&sent);
            prop_assert_eq!(
                held.as_deref(),
                Some(clean.as_str()),
                "{:?}",
                String::from_utf8_lossy(&sent)
            );
        }
        Ok(())
    });
}
