//! The words of a query or text as terms with weights.

use crate::search::analysis::{Analyser, Shape, Word, is_stop};
use crate::search::query::End;

/// A word that a query insists on, or not.
#[derive(Debug, Clone)]
pub struct Unit {
    /// The word.
    pub word: Word,
    /// Whether it says only how something is asked.
    pub stop: bool,
    /// Whether it may go on.
    pub end: End,
}

/// Weights of the one flat ranking.
pub mod weight {
    /// A word in the title, beside the weighted text.
    pub const TITLE: f32 = 0.7;
    /// A word in the customer's words, beside the weighted text.
    pub const ASK: f32 = 0.3;
    /// A pair of a longer word.
    pub const PAIR: f32 = 0.5;
    /// A pair across two words: says that they are neighbours.
    pub const BRIDGE: f32 = 0.75;
    /// A word that says how something is asked.
    pub const STOP: f32 = 0.2;
    /// A synonym that stands for a word which is missing.
    pub const SYNONYM: f32 = 0.4;
    /// A synonym beside its word, where no word must be.
    pub const SIDE_SYNONYM: f32 = 0.3;
    /// The same in a text whose like is sought.
    pub const SIMILAR_SYNONYM: f32 = 0.4;
    /// Letters that spell a title or label.
    pub const SPELLED: f32 = 0.3;
    /// A word that letters stand for.
    pub const SPOKEN: f32 = 0.2;
    /// A word one letter away.
    pub const NEAR: f32 = 0.3;
    /// The beginning of a word.
    pub const PREFIX: f32 = 0.6;
    /// A character that stands alone among words, such as 丢 and 崩, where no word must be.
    pub const CHARACTER: f32 = 0.5;
    /// A character or first letters.
    pub const EDGE: f32 = 0.5;
}

/// The terms of a text with their weights in a ranking, each as often as it is said.
pub fn weighted(analyser: &Analyser, text: &str) -> Vec<(String, f32)> {
    let words = analyser.words(text);
    let mut found: Vec<(String, f32)> = bridges(&words)
        .map(|bridge| (bridge, weight::BRIDGE))
        .collect();
    for word in &words {
        let weight = if is_stop(&word.text) {
            weight::STOP
        } else {
            1.0
        };
        add_word(analyser, word, weight, |term, weight| {
            found.push((term, weight));
        });
    }
    found
}

/// Calls `each` with the terms of one word.
pub fn add_word(analyser: &Analyser, word: &Word, weight: f32, mut each: impl FnMut(String, f32)) {
    let text = &word.text;
    let cells = phrase_cells(analyser, text);
    if cells.len() > 1 || word.shape == Shape::Chunk {
        each(text.clone(), weight);
        for (_, term) in cells {
            each(term, weight * weight::PAIR);
        }
    } else if text.chars().count() > 1 || text.is_ascii() {
        each(text.clone(), weight);
    }
}

/// The pairs of characters across neighbouring words.
pub fn bridges(words: &[Word]) -> impl Iterator<Item = String> + '_ {
    words.windows(2).filter_map(|pair| match pair {
        [a, b]
            if a.shape == Shape::Chinese
                && b.shape == Shape::Chinese
                && a.start + a.text.chars().count() == b.start =>
        {
            Some(
                a.text
                    .chars()
                    .last()
                    .into_iter()
                    .chain(b.text.chars().next())
                    .collect(),
            )
        }
        _ => None,
    })
}

/// Words as units; the last of them may go on.
pub fn units(words: Vec<Word>, end: End) -> Vec<Unit> {
    let last = words.len().saturating_sub(1);
    words
        .into_iter()
        .enumerate()
        .map(|(at, word)| Unit {
            stop: is_stop(&word.text),
            end: if at == last { end } else { End::Complete },
            word,
        })
        .collect()
}

/// The smallest terms of a text with their cells from its first: what phrases are checked by.
pub fn phrase_cells(analyser: &Analyser, text: &str) -> Vec<(usize, String)> {
    let mut found: Vec<(usize, String)> = Vec::new();
    analyser.smallest(text, |term, cell| {
        found.push((cell as usize, term.to_owned()));
    });
    let first = found.first().map_or(0, |(cell, _)| *cell);
    for (cell, _) in &mut found {
        *cell -= first;
    }
    found
}

/// Whether a term is one Chinese character.
pub fn is_character(text: &str) -> bool {
    !text.is_ascii() && text.chars().nth(1).is_none()
}
