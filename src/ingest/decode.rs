//! Bytes become text: UTF-8, GB18030 or UTF-16, whatever the pieces they come in.
//!
//! Nothing is decided before the first byte beyond ASCII: up to there every encoding of the
//! family but UTF-16 agrees. A broken byte costs its character, not the file.

use encoding_rs::{CoderResult, Decoder, Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};

/// Bytes from the first one beyond ASCII on that the decision looks at.
const WINDOW: usize = 256 * 1024;

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
    decoder: Option<Decoder>,
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
        if let Verdict::Text(encoding) = verdict {
            self.decoder = Some(encoding.new_decoder_with_bom_removal());
            self.decode(&held, out, false);
        }
    }

    fn decode(&mut self, mut bytes: &[u8], out: &mut String, last: bool) {
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
    multibyte(window, whole)
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
