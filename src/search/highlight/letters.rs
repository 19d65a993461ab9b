//! A Latin word as it is sought in a text: itself, Chinese that it spells, a slip of it.

use super::needle::mark_chars;
use super::place::{Place, mark_equal};
use super::ranges::Ranges;
use crate::search::analysis::pieces;
use crate::text::pinyin::spelled;

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
            let chars = chars.get(..SPELLED).unwrap_or(chars);
            if !mark_spelled(&self.text, chars, ranges) {
                self.mark_mixture(chars, places, ranges);
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
    fn mark_mixture(&self, chars: &[char], places: &[Place<'_>], ranges: &mut Ranges) {
        let halves =
            (2..self.text.len().saturating_sub(1)).filter_map(|at| self.text.split_at_checked(at));
        for (word, rest) in halves {
            let before = ranges.len();
            mark_equal(word, places, ranges);
            let led = ranges.len() > before || mark_spelled(word, chars, ranges);
            if led && mark_spelled(rest, chars, ranges) {
                return;
            }
            ranges.truncate(before);
        }
    }
}

/// Marks every stretch of Chinese that letters spell; whether there was one.
fn mark_spelled(letters: &str, chars: &[char], ranges: &mut Ranges) -> bool {
    let before = ranges.len();
    let mut at = 0;
    while let Some(rest) = chars.get(at..).filter(|rest| !rest.is_empty()) {
        let found = spelled(rest, letters).filter(|n| rest.iter().take(*n).any(|c| !c.is_ascii()));
        if let Some(n) = found {
            ranges.push((at, at + n));
        }
        at += found.unwrap_or(1).max(1);
    }
    ranges.len() > before
}
