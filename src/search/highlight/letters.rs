//! A Latin word as it is sought in a text: itself, Chinese that it spells, a slip of it.

use super::needle::mark_chars;
use super::place::{Place, mark_equal};
use super::ranges::Ranges;
use crate::search::analysis::pieces;
use crate::text::pinyin::{readings, spelled};

/// Characters of a text that are looked at for pinyin: it is found in short texts only.
const SPELLED: usize = 160;

/// Letters of a word that may be pinyin.
const PINYIN_LETTERS: std::ops::RangeInclusive<usize> = 2..=24;

/// A Latin word or part of one.
pub struct Letters {
    /// The word.
    pub text: String,
    /// Whether it may go on.
    pub prefix: bool,
    /// Words that the letters stand for by their pinyin.
    pub spoken: Vec<Vec<char>>,
}

impl Letters {
    /// Equal words and beginnings; else Chinese spelled so; else words a letter away.
    pub fn mark(&self, chars: &[char], places: &[Place<'_>], ranges: &mut Ranges) {
        let before = ranges.len();
        for place in places {
            let len = place.text.chars().count();
            let holds = if self.prefix {
                place.text.starts_with(self.text.as_str())
            } else {
                place.text == self.text
            };
            if holds {
                let marked = if self.prefix {
                    self.text.chars().count()
                } else {
                    len
                };
                ranges.push((place.start, place.start + marked));
            } else if let Some(at) = place.text.find(self.text.as_str())
                && pieces(place.text).contains(&self.text.as_str())
            {
                ranges.push((place.start + at, place.start + at + self.text.len()));
            }
        }
        if ranges.len() > before || !self.text.is_ascii() {
            return;
        }
        if PINYIN_LETTERS.contains(&self.text.len()) {
            let readable = Readable::new(chars.get(..SPELLED).unwrap_or(chars));
            if !readable.mark(&self.text, ranges) {
                self.mark_mixture(&readable, places, ranges);
            }
        }
        if ranges.len() == before {
            for word in &self.spoken {
                mark_chars(word, chars, ranges);
            }
        }
        if ranges.len() == before && self.text.len() >= 3 {
            for place in places.iter().filter(|place| place.text.is_ascii()) {
                if place.text.len().abs_diff(self.text.len()) <= 1
                    && strsim::osa_distance(place.text, &self.text) == 1
                {
                    ranges.push((place.start, place.start + place.text.len()));
                }
            }
        }
    }

    /// A word that stands in the text, and Chinese spelled by the letters behind it; or two
    /// stretches of Chinese.
    fn mark_mixture(&self, readable: &Readable<'_>, places: &[Place<'_>], ranges: &mut Ranges) {
        let halves =
            (2..self.text.len().saturating_sub(1)).filter_map(|at| self.text.split_at_checked(at));
        for (word, rest) in halves {
            let before = ranges.len();
            mark_equal(word, places, ranges);
            let led = ranges.len() > before || readable.mark(word, ranges);
            if led && readable.mark(rest, ranges) {
                return;
            }
            ranges.truncate(before);
        }
    }
}

/// A text with the first letters of how its characters are read: most of a text is passed over by
/// these.
struct Readable<'a> {
    chars: &'a [char],
    /// By character, a bit for each letter and digit that a reading of it begins with.
    initials: Vec<u64>,
}

impl<'a> Readable<'a> {
    fn new(chars: &'a [char]) -> Self {
        let of = |c: &char| match c.is_ascii() {
            true => bit(*c),
            false => {
                let firsts = readings(*c);
                let firsts = firsts.iter().filter_map(|reading| reading.chars().next());
                firsts.fold(0, |all, first| all | bit(first))
            }
        };
        Self {
            chars,
            initials: chars.iter().map(of).collect(),
        }
    }

    /// Marks every stretch of Chinese that letters spell; whether there was one.
    fn mark(&self, letters: &str, ranges: &mut Ranges) -> bool {
        let before = ranges.len();
        let first = letters.chars().next().map_or(0, bit);
        let mut until = 0;
        for (at, initials) in self.initials.iter().enumerate() {
            if at < until || initials & first == 0 {
                continue;
            }
            let rest = self.chars.get(at..).unwrap_or_default();
            let found = spelled(rest, letters);
            if let Some(n) = found.filter(|n| rest.iter().take(*n).any(|c| !c.is_ascii())) {
                ranges.push((at, at + n));
                until = at + n;
            }
        }
        ranges.len() > before
    }
}

/// The bit of a small letter or digit.
fn bit(c: char) -> u64 {
    match c {
        'a'..='z' => 1 << (u32::from(c) - u32::from('a')),
        '0'..='9' => 1 << (u32::from(c) - u32::from('0') + 26),
        _ => 0,
    }
}
