//! A Chinese word as it is sought in a text.

use super::ranges::Ranges;

/// A word; one of three characters and more with its pairs.
pub struct Needle {
    word: Vec<char>,
    pairs: Vec<[char; 2]>,
}

impl Needle {
    /// The word with its pairs.
    pub fn new(text: &str) -> Self {
        let word: Vec<char> = text.chars().collect();
        let pairs = word
            .windows(2)
            .filter_map(|pair| <[char; 2]>::try_from(pair).ok())
            .collect();
        Self { word, pairs }
    }

    /// The word where it stands, else its pairs: that is how it matches.
    pub fn mark(&self, chars: &[char], present: &Present, ranges: &mut Ranges) {
        if present.may_hold(&self.word) && mark_chars(&self.word, chars, ranges) {
            return;
        }
        for pair in self.pairs.iter().filter(|pair| present.may_hold(*pair)) {
            mark_chars(pair, chars, ranges);
        }
    }
}

/// Which characters a text may have, by the low bits of their codes: most words of a long query
/// are not in most texts, and need not be sought there.
pub struct Present([u64; Self::WORDS]);

impl Present {
    const WORDS: usize = 64;

    /// The characters of a text.
    pub fn of(chars: &[char]) -> Self {
        let mut present = Self([0; Self::WORDS]);
        for c in chars {
            let (word, bit) = Self::place(*c);
            if let Some(word) = present.0.get_mut(word) {
                *word |= bit;
            }
        }
        present
    }

    fn may_hold(&self, chars: &[char]) -> bool {
        chars.iter().all(|c| {
            let (word, bit) = Self::place(*c);
            self.0.get(word).is_some_and(|word| word & bit != 0)
        })
    }

    fn place(c: char) -> (usize, u64) {
        let code = u32::from(c);
        ((code >> 6) as usize % Self::WORDS, 1 << (code & 63))
    }
}

/// Marks every place where some characters stand; whether there was one.
pub fn mark_chars(word: &[char], chars: &[char], ranges: &mut Ranges) -> bool {
    let before = ranges.len();
    if !word.is_empty() {
        for (at, window) in chars.windows(word.len()).enumerate() {
            if window == word {
                ranges.push((at, at + word.len()));
            }
        }
    }
    ranges.len() > before
}
