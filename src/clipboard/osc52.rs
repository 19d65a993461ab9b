//! The escape sequence OSC 52 and the forms in which it gets past multiplexers.

use data_encoding::BASE64;

use super::Outer;

/// Bytes of a piece for GNU screen, which drops longer device-control strings.
const SCREEN_PIECE: usize = 250;

/// The longest raw sequence that GNU screen swallows; of a longer one (570 bytes were measured)
/// it prints the rest.
const SCREEN_SWALLOWS: usize = 500;

/// The bytes that carry a text past what is between here and the terminal.
pub(super) fn sequences(text: &str, outer: Outer) -> Vec<u8> {
    let raw = raw(text);
    match outer {
        Outer::None => raw,
        // Raw gets through where tmux has set-clipboard on, wrapped where it allows passthrough.
        Outer::Tmux => [raw.clone(), wrapped_for_tmux(&raw)].concat(),
        Outer::Screen => pieces_for_screen(&raw),
        Outer::Either if raw.len() <= SCREEN_SWALLOWS => [pieces_for_screen(&raw), raw].concat(),
        // In tmux these are lost; but a raw one would be printed on the screen of screen.
        Outer::Either => pieces_for_screen(&raw),
    }
}

/// The sequence itself. It ends with BEL, so that it holds no `ESC \` inside others.
fn raw(text: &str) -> Vec<u8> {
    format!("\x1b]52;c;{}\x07", BASE64.encode(text.as_bytes())).into_bytes()
}

fn wrapped_for_tmux(sequence: &[u8]) -> Vec<u8> {
    let mut bytes = b"\x1bPtmux;".to_vec();
    for byte in sequence {
        if *byte == 0x1b {
            bytes.push(0x1b);
        }
        bytes.push(*byte);
    }
    bytes.extend_from_slice(b"\x1b\\");
    bytes
}

fn pieces_for_screen(sequence: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for piece in sequence.chunks(SCREEN_PIECE) {
        bytes.extend_from_slice(b"\x1bP");
        bytes.extend_from_slice(piece);
        bytes.extend_from_slice(b"\x1b\\");
    }
    bytes
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What arrives of a stream past a screen: the insides of its device-control strings.
    fn past_screen(stream: &[u8]) -> Vec<u8> {
        let text = String::from_utf8(stream.to_vec()).unwrap();
        let mut arrived = String::new();
        for piece in text.split_inclusive("\x1b\\") {
            let inside = piece.strip_prefix("\x1bP").unwrap();
            let inside = inside.strip_suffix("\x1b\\").unwrap();
            assert!(inside.len() <= SCREEN_PIECE && !inside.contains("\x1b\\"));
            arrived.push_str(inside);
        }
        arrived.into_bytes()
    }

    /// What arrives of a stream past a tmux that allows passthrough.
    fn past_tmux(stream: &[u8]) -> String {
        let text = String::from_utf8(stream.to_vec()).unwrap();
        let (_, wrapped) = text.split_once("\x1bPtmux;").unwrap();
        wrapped
            .strip_suffix("\x1b\\")
            .unwrap()
            .replace("\x1b\x1b", "\x1b")
    }

    #[test]
    fn chinese_is_sent_as_utf8_in_base64() {
        assert_eq!(sequences("您好", Outer::None), b"\x1b]52;c;5oKo5aW9\x07");
    }

    #[test]
    fn a_long_raw_sequence_is_never_sent_where_screen_may_be() {
        let long = "证书".repeat(200);
        let sent = sequences(&long, Outer::Either);
        assert_eq!(past_screen(&sent), raw(&long));
        assert!(sequences("您好", Outer::Either).ends_with(&raw("您好")));
    }

    proptest! {
        #[test]
        fn a_text_arrives_past_either_multiplexer(text in "\\PC{0,600}") {
            prop_assert_eq!(past_screen(&sequences(&text, Outer::Screen)), raw(&text));
            let through = past_tmux(&sequences(&text, Outer::Tmux));
            prop_assert_eq!(through.into_bytes(), raw(&text));
            prop_assert!(sequences(&text, Outer::Tmux).starts_with(&raw(&text)));
        }
    }
}
