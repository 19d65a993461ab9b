//! The one sanitiser: text from outside becomes harmless on a screen, a pipe and a clipboard.
//!
//! It keeps line feed and tab, and drops what a terminal or a reader's eye could be misled by:
//! control characters, whole escape sequences with their payload, bidirectional controls,
//! characters without width (except inside an emoji sequence) and towers of combining marks.
//! It is idempotent. It does not mask contacts: that is `ingest`'s work.

use std::borrow::Cow;
use std::iter::Peekable;
use std::str::CharIndices;

/// Combining marks kept on one base character: Vietnamese and Hebrew need two or three.
const MAX_MARKS: usize = 4;

/// Characters of an unterminated string sequence that are dropped with it; a longer rest of a
/// line is text after a stray introducer.
const MAX_OPEN_PAYLOAD: usize = 1024;

/// Cleans text for storing and for every sink; `\r\n` and `\r` become `\n`.
pub fn clean(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_plain) {
        return Cow::Borrowed(text);
    }
    let cleaned = Cleaner::new(text).run();
    // Dropping a character can bring two halves of a sequence together.
    match clean_again(&cleaned) {
        Some(again) => Cow::Owned(again),
        None => Cow::Owned(cleaned),
    }
}

/// Repeats cleaning until nothing changes; `None` when nothing did.
fn clean_again(text: &str) -> Option<String> {
    let mut last: Option<String> = None;
    // Each round only shortens; two rounds settle every input met so far, the bound is a guard.
    for _ in 0..8 {
        let source = last.as_deref().unwrap_or(text);
        let next = Cleaner::new(source).run();
        if next == source {
            break;
        }
        last = Some(next);
    }
    last
}

/// Cleans text for the clipboard: a trailing line feed would run a pasted command.
pub fn for_clipboard(text: &str) -> Cow<'_, str> {
    match clean(text) {
        Cow::Borrowed(s) => Cow::Borrowed(s.trim_end_matches('\n')),
        Cow::Owned(s) => Cow::Owned(s.trim_end_matches('\n').to_owned()),
    }
}

/// Cleans text and puts it on one line: runs of white space become one space.
pub fn one_line(text: &str) -> Cow<'_, str> {
    let cleaned = clean(text);
    let tidy = !cleaned.contains(['\n', '\t'])
        && !cleaned.contains("  ")
        && !cleaned.starts_with(' ')
        && !cleaned.ends_with(' ');
    if tidy {
        return cleaned;
    }
    let mut out = String::with_capacity(cleaned.len());
    for word in cleaned.split([' ', '\n', '\t']).filter(|w| !w.is_empty()) {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    Cow::Owned(out)
}

/// Whether a character never needs a second look.
fn is_plain(c: char) -> bool {
    match c {
        '\n' | '\t' | ' '..='~' => true,
        '\u{a0}'..='\u{2ff}' => c != '\u{ad}',
        '\u{3001}'..='\u{3029}' | '\u{3030}'..='\u{3098}' | '\u{309b}'..='\u{3163}' => true,
        '\u{2010}'..='\u{2027}' | '\u{3400}'..='\u{9fff}' | '\u{ff01}'..='\u{ff9f}' => true,
        _ => !is_dropped(c) && !is_mark(c) && !matches!(c, '\r' | '\u{2028}' | '\u{2029}'),
    }
}

/// Whether a character goes wherever it stands (escape introducers are seen before this).
fn is_dropped(c: char) -> bool {
    match c {
        '\n' | '\t' => false,
        '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' => true,
        // Soft hyphen, grapheme joiner, Arabic letter mark, Hangul fillers, Mongolian separator.
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' => {
            true
        }
        '\u{180b}'..='\u{180f}' | '\u{3164}' | '\u{ffa0}' => true,
        // Zero width, bidirectional marks, embeddings, isolates, invisible operators.
        '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' => true,
        '\u{feff}' | '\u{fff0}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}' => true,
        // Tags and supplementary variation selectors: text nobody sees.
        '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}' => true,
        _ => false,
    }
}

/// Whether a character stacks on the one before it.
fn is_mark(c: char) -> bool {
    matches!(c,
        '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{591}'..='\u{5bd}'
        | '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}' | '\u{6d6}'..='\u{6dc}'
        | '\u{e31}' | '\u{e34}'..='\u{e3a}' | '\u{e47}'..='\u{e4e}' | '\u{eb4}'..='\u{ebc}'
        | '\u{f71}'..='\u{f84}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}'
        | '\u{20d0}'..='\u{20f0}' | '\u{302a}'..='\u{302f}' | '\u{3099}'..='\u{309a}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{fe20}'..='\u{fe2f}' | '\u{101fd}')
}

/// Whether a character can stand beside a joiner in an emoji sequence.
fn is_emoji(c: char) -> bool {
    matches!(c,
        '\u{1f000}'..='\u{1faff}' | '\u{2600}'..='\u{27bf}' | '\u{2190}'..='\u{21ff}'
        | '\u{2300}'..='\u{23ff}' | '\u{2b00}'..='\u{2bff}' | '\u{a9}' | '\u{ae}')
}

struct Cleaner<'a> {
    text: &'a str,
    chars: Peekable<CharIndices<'a>>,
    out: String,
    marks: usize,
}

impl<'a> Cleaner<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            text,
            chars: text.char_indices().peekable(),
            out: String::with_capacity(text.len()),
            marks: 0,
        }
    }

    fn run(mut self) -> String {
        while let Some((at, c)) = self.chars.next() {
            self.step(at, c);
        }
        self.out
    }

    fn step(&mut self, at: usize, c: char) {
        match c {
            '\r' => {
                self.chars.next_if(|(_, next)| *next == '\n');
                self.push('\n');
            }
            '\u{2028}' | '\u{2029}' | '\u{85}' => self.push('\n'),
            '\u{1b}' => self.escape(),
            '\u{9b}' => self.csi(),
            '\u{90}' | '\u{98}' | '\u{9d}' | '\u{9e}' | '\u{9f}' => self.string_sequence(),
            '\u{200d}' if self.joins(at) => self.out.push(c),
            _ if is_dropped(c) => {}
            _ if is_mark(c) => {
                self.marks += 1;
                if self.marks <= MAX_MARKS {
                    self.out.push(c);
                }
            }
            _ => self.push(c),
        }
    }

    fn push(&mut self, c: char) {
        self.marks = 0;
        self.out.push(c);
    }

    /// Whether the joiner at `at` stands between two emoji.
    fn joins(&self, at: usize) -> bool {
        let mut before = self.out.chars().rev();
        let left = match before.next() {
            Some('\u{fe0f}') => before.next(),
            other => other,
        };
        let right = self.text.get(at..).and_then(|rest| rest.chars().nth(1));
        left.is_some_and(is_emoji) && right.is_some_and(is_emoji)
    }

    fn escape(&mut self) {
        match self.chars.peek().map(|(_, c)| *c) {
            Some('[') => {
                self.chars.next();
                self.csi();
            }
            Some(']' | 'P' | '^' | '_' | 'X' | 'k') => {
                self.chars.next();
                self.string_sequence();
            }
            Some(' '..='/') => {
                while self
                    .chars
                    .next_if(|(_, c)| (' '..='/').contains(c))
                    .is_some()
                {}
                self.chars.next_if(|(_, c)| ('0'..='~').contains(c));
            }
            Some('0'..='~') => {
                self.chars.next();
            }
            _ => {}
        }
    }

    /// Drops parameters, intermediates and the final byte.
    fn csi(&mut self) {
        while self
            .chars
            .next_if(|(_, c)| (' '..='?').contains(c))
            .is_some()
        {}
        self.chars.next_if(|(_, c)| ('@'..='~').contains(c));
    }

    /// Drops a payload up to its terminator; a line feed ends it too.
    fn string_sequence(&mut self) {
        let Some(&(start, _)) = self.chars.peek() else {
            return;
        };
        let rest = self.text.get(start..).unwrap_or_default();
        let end = rest.find(['\u{7}', '\u{1b}', '\u{9c}', '\n', '\r', '\u{18}', '\u{1a}']);
        let stop = end.unwrap_or(rest.len());
        let ended = rest
            .get(stop..)
            .is_some_and(|r| r.starts_with(['\u{7}', '\u{1b}', '\u{9c}']));
        let payload = rest.get(..stop).unwrap_or_default();
        if !ended && payload.chars().nth(MAX_OPEN_PAYLOAD).is_some() {
            return;
        }
        while self.chars.next_if(|(at, _)| *at < start + stop).is_some() {}
        if self
            .chars
            .next_if(|(_, c)| matches!(c, '\u{7}' | '\u{9c}'))
            .is_none()
        {
            // `ESC \` ends the payload; any other escape begins a sequence of its own.
            let tail = self.text.get(start + stop..).unwrap_or_default();
            if tail.starts_with("\u{1b}\\") {
                self.chars.next();
                self.chars.next();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn escape_sequences_go_with_their_payload() {
        assert_eq!(clean("a\u{1b}[31mb\u{1b}[0mc"), "abc");
        assert_eq!(clean("a\u{1b}]52;c;ZXZpbA==\u{7}b"), "ab");
        assert_eq!(clean("a\u{1b}]0;title\u{1b}\\b"), "ab");
        assert_eq!(clean("a\u{9d}52;c;x\u{9c}b\u{9b}2Jc"), "abc");
        assert_eq!(clean("a\u{1b}Pq#0\u{1b}\\b\u{1b}(Bc"), "abc");
        assert_eq!(clean("a\u{1b}]52;never ended\nb"), "a\nb");
    }

    #[test]
    fn lines_and_tabs_stay_and_returns_become_lines() {
        assert_eq!(clean("a\tb\r\nc\rd\u{2028}e\u{b}f"), "a\tb\nc\nd\nef");
        assert!(matches!(clean("证书，一直“处理中”…"), Cow::Borrowed(_)));
    }

    #[test]
    fn a_joiner_stays_only_inside_an_emoji() {
        assert_eq!(
            clean("👩\u{200d}💻 a\u{200d}b\u{200b}c\u{feff}"),
            "👩\u{200d}💻 abc"
        );
        assert_eq!(clean("❤\u{fe0f}\u{200d}🔥"), "❤\u{fe0f}\u{200d}🔥");
        assert_eq!(clean("x\u{202e}y\u{2066}z\u{ad}"), "xyz");
    }

    #[test]
    fn towers_of_marks_are_cut() {
        let tower = format!("e{}", "\u{301}".repeat(50));
        assert_eq!(clean(&tower).chars().count(), 1 + MAX_MARKS);
    }

    #[test]
    fn a_pasted_command_cannot_run_itself() {
        assert_eq!(for_clipboard("ls\u{1b}[201~\nrm x\n\n"), "ls\nrm x");
        assert_eq!(one_line(" a\n b\t\tc "), "a b c");
    }

    proptest! {
        #[test]
        fn what_is_clean_stays_and_nothing_hostile_survives(
            text in "[\u{0}-\u{9f}a-c\u{300}\u{200b}-\u{202e}👩💻\u{200d}\u{fe0f}证\\[\\];P^_X\\\\]{0,60}"
        ) {
            let once = clean(&text).into_owned();
            for c in once.chars() {
                prop_assert!(c == '\u{200d}' || !is_dropped(c), "{c:?} survived");
                prop_assert!(!['\r', '\u{1b}', '\u{2028}'].contains(&c), "{:?}", c);
            }
            prop_assert_eq!(clean(&once), once.as_str());
        }
    }
}
