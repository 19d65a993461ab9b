//! Bytes become text: UTF-8, GB18030 or UTF-16, whatever the pieces they come in.
//!
//! Nothing is decided before the first byte beyond ASCII: up to there every encoding of the
//! family but UTF-16 agrees. A broken byte costs its character, not the file.
//!
//! Documents are put together from several: a line that is no text in the encoding of its file,
//! and clearly text in the other one, is decoded by itself.

use encoding_rs::{CoderResult, Decoder, Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};

/// Bytes from the first one beyond ASCII on that the decision looks at.
const WINDOW: usize = 256 * 1024;

/// Bytes of a line up to which it can be of another encoding than its file: a longer one is decoded
/// as it comes.
const LINE: usize = 1024 * 1024;

/// Bytes at the front in which binary content shows.
const FRONT: usize = 8 * 1024;

/// What the bytes turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Text of this encoding.
    Text(&'static Encoding),
    /// Not text; what it looks like.
    Binary(&'static str),
    /// Text of an encoding that is not known here.
    Unknown,
}

/// A decoder that finds out what it decodes.
pub(crate) struct Decode {
    held: Vec<u8>,
    first_high: Option<usize>,
    verdict: Option<Verdict>,
    /// Of a file in UTF-16, and of what is left of a line that is too long.
    decoder: Option<Decoder>,
    /// The encoding of most lines, where lines can be told apart before they are decoded.
    by_line: Option<&'static Encoding>,
    /// Characters lost to broken bytes.
    pub(crate) invalid: u64,
}

impl Decode {
    pub(crate) fn new() -> Self {
        Self {
            held: Vec::new(),
            first_high: None,
            verdict: None,
            decoder: None,
            by_line: None,
            invalid: 0,
        }
    }

    /// What the bytes are, once that is known.
    pub(crate) fn verdict(&self) -> Option<Verdict> {
        self.verdict
    }

    /// Decodes a piece onto the end of `out`.
    pub(crate) fn feed(&mut self, bytes: &[u8], out: &mut String) {
        if self.verdict.is_none() {
            let before = self.held.len();
            self.held.extend_from_slice(bytes);
            if self.first_high.is_none() {
                self.first_high = bytes
                    .iter()
                    .position(|b| !b.is_ascii())
                    .map(|at| before + at);
            }
            let enough = match self.first_high {
                Some(at) => self.held.len() >= at + WINDOW,
                None => self.held.len() >= 64 * WINDOW,
            };
            if !enough {
                return;
            }
            self.decide(out, false);
            return;
        }
        self.decode(bytes, out, false);
    }

    /// Decodes what is left.
    pub(crate) fn finish(&mut self, out: &mut String) {
        if self.verdict.is_none() {
            self.decide(out, true);
        }
        self.decode(&[], out, true);
    }

    fn decide(&mut self, out: &mut String, last: bool) {
        let held = std::mem::take(&mut self.held);
        let from = self.first_high.unwrap_or(0);
        let window = held
            .get(from..(from + WINDOW).min(held.len()))
            .unwrap_or_default();
        let verdict = judge(&held, window, last && from + window.len() == held.len());
        self.verdict = Some(verdict);
        let Verdict::Text(encoding) = verdict else {
            return;
        };
        if encoding == UTF_16LE || encoding == UTF_16BE {
            self.decoder = Some(encoding.new_decoder_with_bom_removal());
            self.stream(&held, out, false);
        } else {
            self.by_line = Some(encoding);
            let mark = Encoding::for_bom(&held).map_or(0, |(_, length)| length);
            self.lines(held.get(mark..).unwrap_or_default(), encoding, out, false);
        }
    }

    fn decode(&mut self, bytes: &[u8], out: &mut String, last: bool) {
        match self.by_line {
            Some(encoding) => self.lines(bytes, encoding, out, last),
            None => self.stream(bytes, out, last),
        }
    }

    /// Decodes whole lines, each by itself where it must be; what follows the last one is held.
    fn lines(&mut self, bytes: &[u8], usual: &'static Encoding, out: &mut String, last: bool) {
        let mut bytes = bytes;
        if self.decoder.is_some() {
            // The rest of a line that is too long.
            let end = bytes.iter().position(|byte| *byte == b'\n');
            let (line, rest) = bytes.split_at(end.map_or(bytes.len(), |at| at + 1));
            let over = end.is_some() || last;
            self.stream(line, out, over);
            bytes = rest;
        }
        let whole = match bytes.iter().rposition(|byte| *byte == b'\n') {
            Some(at) => at + 1,
            None => 0,
        };
        let (complete, rest) = bytes.split_at(if last { bytes.len() } else { whole });
        if !complete.is_empty() || last {
            self.held.extend_from_slice(complete);
            let complete = std::mem::take(&mut self.held);
            self.each_line(&complete, usual, out);
        }
        self.held.extend_from_slice(rest);
        if self.held.len() > LINE {
            let begun = std::mem::take(&mut self.held);
            self.decoder = Some(usual.new_decoder_without_bom_handling());
            self.stream(&begun, out, false);
        }
    }

    fn each_line(&mut self, bytes: &[u8], usual: &'static Encoding, out: &mut String) {
        if usual == UTF_8
            && let Ok(text) = std::str::from_utf8(bytes)
        {
            out.push_str(text);
            self.invalid += text.matches('\u{fffd}').count() as u64;
            return;
        }
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            let (text, _) = of_line(line, usual).decode_without_bom_handling(line);
            self.invalid += text.matches('\u{fffd}').count() as u64;
            out.push_str(&text);
        }
    }

    fn stream(&mut self, mut bytes: &[u8], out: &mut String, last: bool) {
        let Some(decoder) = &mut self.decoder else {
            return;
        };
        let start = out.len();
        loop {
            let room = decoder
                .max_utf8_buffer_length(bytes.len())
                .unwrap_or(bytes.len() * 3 + 16);
            out.reserve(room);
            let (result, read, _) = decoder.decode_to_string(bytes, out, last);
            bytes = bytes.get(read..).unwrap_or_default();
            if result == CoderResult::InputEmpty {
                break;
            }
        }
        if last {
            self.decoder = None;
        }
        let added = out.get(start..).unwrap_or_default();
        // A replacement character in the text itself counts too: it stands for a lost one.
        self.invalid += added.matches('\u{fffd}').count() as u64;
    }
}

fn judge(all: &[u8], window: &[u8], whole: bool) -> Verdict {
    let front = all.get(..all.len().min(FRONT)).unwrap_or_default();
    if front.starts_with(&[0xff, 0xfe, 0, 0]) || front.starts_with(&[0, 0, 0xfe, 0xff]) {
        return Verdict::Unknown;
    }
    if let Some((encoding, _)) = Encoding::for_bom(front) {
        return Verdict::Text(encoding);
    }
    if let Some(name) = magic(front) {
        return Verdict::Binary(name);
    }
    if let Some(encoding) = utf16(front) {
        return Verdict::Text(encoding);
    }
    let control = front
        .iter()
        .filter(|b| **b < 9 || (14..27).contains(*b) || (28..32).contains(*b))
        .count();
    if control > 3 && control * 50 > front.len() {
        return Verdict::Binary("binary data");
    }
    match (multibyte(window, whole), mixed(window)) {
        (Verdict::Unknown, Some(most)) => Verdict::Text(most),
        (verdict, _) => verdict,
    }
}

fn magic(front: &[u8]) -> Option<&'static str> {
    const MAGIC: [(&[u8], &str); 17] = [
        (b"\x89PNG", "PNG"),
        (b"\xff\xd8\xff", "JPEG"),
        (b"GIF8", "GIF"),
        (b"%PDF-", "PDF"),
        (b"PK\x03\x04", "ZIP or Office document"),
        (b"PK\x05\x06", "ZIP"),
        (b"\xd0\xcf\x11\xe0", "Office document"),
        (b"\x1f\x8b", "gzip"),
        (b"BZh", "bzip2"),
        (b"\xfd7zXZ", "xz"),
        (b"\x28\xb5\x2f\xfd", "zstd"),
        (b"7z\xbc\xaf", "7z"),
        (b"Rar!", "RAR"),
        (b"\x7fELF", "program"),
        (b"MZ\x90", "program"),
        (b"SQLite format 3\0", "SQLite database"),
        (b"{\\rtf", "RTF"),
    ];
    MAGIC
        .iter()
        .find(|(bytes, _)| front.starts_with(bytes))
        .map(|(_, name)| *name)
}

/// UTF-16 without a mark: one byte of each pair is zero in ASCII, or 4E–9F in Chinese.
fn utf16(front: &[u8]) -> Option<&'static Encoding> {
    let front = front.get(..front.len() / 2 * 2)?;
    if front.len() < 4
        || !front.contains(&0)
        || std::str::from_utf8(front).is_ok() && !mostly_zero_side(front)
    {
        return None;
    }
    let pairs = front.len() / 2;
    let score = |little: bool| {
        front
            .chunks_exact(2)
            .filter(|p| {
                let (low, high) = if little { (p[0], p[1]) } else { (p[1], p[0]) };
                match high {
                    0 => (0x20..0x7f).contains(&low) || matches!(low, 9 | 10 | 13),
                    0x4e..=0x9f | 0xff | 0x30 | 0x20 => true,
                    _ => false,
                }
            })
            .count()
    };
    let (little, big) = (score(true), score(false));
    let (best, encoding) = if little >= big {
        (little, UTF_16LE)
    } else {
        (big, UTF_16BE)
    };
    (best * 10 >= pairs * 9 && little.abs_diff(big) * 4 >= pairs).then_some(encoding)
}

fn mostly_zero_side(front: &[u8]) -> bool {
    let zeros = |side: usize| {
        front
            .iter()
            .skip(side)
            .step_by(2)
            .filter(|b| **b == 0)
            .count()
    };
    let pairs = front.len() / 2;
    zeros(0) * 2 > pairs || zeros(1) * 2 > pairs
}

/// The encoding of a line in a file of the usual one.
fn of_line(line: &[u8], usual: &'static Encoding) -> &'static Encoding {
    let utf8 = std::str::from_utf8(line).is_ok();
    if usual == UTF_8 {
        return match multibyte(line, true) {
            Verdict::Text(encoding) if !utf8 => encoding,
            Verdict::Text(_) | Verdict::Binary(_) | Verdict::Unknown => usual,
        };
    }
    // A word of two characters can be valid in both by chance.
    let long = count_utf8(line, true).long;
    if utf8 && long > 2 { UTF_8 } else { usual }
}

/// The encoding of most lines, where nearly all are text in one or the other.
fn mixed(window: &[u8]) -> Option<&'static Encoding> {
    let (mut utf8, mut gb, mut unknown) = (0, 0, 0);
    for line in window
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_ascii())
    {
        match multibyte(line, true) {
            Verdict::Text(encoding) if encoding == GB18030 => gb += 1,
            Verdict::Text(_) => utf8 += 1,
            Verdict::Binary(_) | Verdict::Unknown => unknown += 1,
        }
    }
    let most = if utf8 >= gb { UTF_8 } else { GB18030 };
    (utf8.min(gb) > 0 && unknown * 20 <= utf8 + gb).then_some(most)
}

fn multibyte(window: &[u8], whole: bool) -> Verdict {
    let utf8 = count_utf8(window, whole);
    // Valid sequences of three bytes hardly ever arise by chance.
    if utf8.broken == 0 || utf8.long > 2 * utf8.broken {
        return Verdict::Text(UTF_8);
    }
    let gb = count_gb(window, whole);
    if gb.common * 4 >= (gb.pairs + gb.broken) * 3 && gb.pairs >= gb.broken * 10 {
        return Verdict::Text(GB18030);
    }
    // A few stray bytes in ASCII text.
    if utf8.broken * 50 <= window.len().max(100) && gb.pairs * 10 < window.len() {
        return Verdict::Text(UTF_8);
    }
    Verdict::Unknown
}

struct Utf8Count {
    long: usize,
    broken: usize,
}

fn count_utf8(bytes: &[u8], whole: bool) -> Utf8Count {
    let mut count = Utf8Count { long: 0, broken: 0 };
    for chunk in bytes.utf8_chunks() {
        count.long += chunk.valid().chars().filter(|c| c.len_utf8() > 2).count();
        count.broken += usize::from(!chunk.invalid().is_empty());
    }
    // A window can end inside a character; so can a file, but that is one character.
    let cut = std::str::from_utf8(bytes).is_err_and(|e| e.error_len().is_none());
    if cut && !whole {
        count.broken = count.broken.saturating_sub(1);
    }
    count
}

struct GbCount {
    pairs: usize,
    common: usize,
    broken: usize,
}

/// Counts two-byte characters; common ones lie in GB2312, where a trail is A1 and above.
fn count_gb(bytes: &[u8], whole: bool) -> GbCount {
    let mut count = GbCount {
        pairs: 0,
        common: 0,
        broken: 0,
    };
    let mut at = 0;
    while let Some(lead) = bytes.get(at).copied() {
        let trail = bytes.get(at + 1).copied();
        at += match (lead, trail) {
            (0..=0x7f, _) => 1,
            (0x81..=0xfe, Some(0x30..=0x39)) => {
                count.pairs += 1;
                4
            }
            (0x81..=0xfe, Some(t @ (0x40..=0x7e | 0x80..=0xfe))) => {
                count.pairs += 1;
                let usual = matches!(lead, 0xa1..=0xa3 | 0xb0..=0xf7) && t >= 0xa1;
                count.common += usize::from(usual);
                2
            }
            (0x81..=0xfe, None) if !whole => 1,
            _ => {
                count.broken += 1;
                1
            }
        };
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(bytes: &[u8], piece: usize) -> (String, u64) {
        let (mut decode, mut out) = (Decode::new(), String::new());
        for piece in bytes.chunks(piece) {
            decode.feed(piece, &mut out);
        }
        decode.finish(&mut out);
        (out, decode.invalid)
    }

    fn gbk(text: &str) -> Vec<u8> {
        GB18030.encode(text).0.into_owned()
    }

    const ONE: &str = "## 回源失败\n\n### 问题描述\n源站连不上，控制台提示超时\n";
    const OTHER: &str = "### 客服解答\n1. 您好，请放行回源地址段后重试。\n";

    #[test]
    fn a_section_in_another_encoding_than_its_file_is_decoded_by_itself() {
        for piece in [1, 7, 4096] {
            for (usual, strange) in [(3, 1), (1, 1), (1, 3)] {
                let mut bytes = Vec::new();
                let mut text = String::new();
                for _ in 0..usual {
                    bytes.extend_from_slice(ONE.as_bytes());
                    text.push_str(ONE);
                }
                for _ in 0..strange {
                    bytes.extend(gbk(OTHER));
                    text.push_str(OTHER);
                }
                assert_eq!(
                    decoded(&bytes, piece),
                    (text, 0),
                    "{usual}:{strange} by {piece}"
                );
            }
        }
    }

    #[test]
    fn a_broken_character_costs_itself_and_its_line_stays_what_it_is() {
        let mut bytes = ONE.repeat(3).into_bytes();
        let at = bytes.len() - 4;
        bytes.remove(at);
        let (text, invalid) = decoded(&bytes, 4096);
        assert!(text.contains("源站连不上，控制台提示"), "{text}");
        assert!((1..=2).contains(&invalid), "{invalid}");
    }

    #[test]
    fn a_line_without_an_end_is_decoded_as_it_comes() {
        let long = "[".to_owned() + &"回源失败，".repeat(150_000) + "]";
        assert_eq!(decoded(long.as_bytes(), 65_536), (long.clone(), 0));
        assert_eq!(decoded(&gbk(&long), 65_536), (long, 0));
    }

    #[test]
    fn marks_at_the_front_are_no_text() {
        let marked = ["\u{feff}", ONE].concat();
        assert_eq!(decoded(marked.as_bytes(), 5).0, ONE);
    }
}
