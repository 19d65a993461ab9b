//! The words of a query or text as terms with weights.

use crate::search::analysis::{Analyser, Shape, Word, is_stop};
use crate::search::query::End;
use crate::search::ranking::WordWeights;

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

/// The terms of a text with their weights in a ranking, each as often as it is said.
pub fn weighted(analyser: &Analyser, text: &str, weights: &WordWeights) -> Vec<(String, f32)> {
    let words = analyser.words(text);
    let mut found: Vec<(String, f32)> = bridges(&words)
        .map(|bridge| (bridge, weights.bridge))
        .collect();
    for word in &words {
        let weight = if is_stop(&word.text) {
            weights.stop
        } else {
            1.0
        };
        add_word(analyser, word, (weight, weights.pair), |term, weight| {
            found.push((term, weight));
        });
    }
    found
}

/// Calls `each` with the terms of one word: its own weight, and what a pair of it counts beside.
pub fn add_word(
    analyser: &Analyser,
    word: &Word,
    (weight, pair): (f32, f32),
    mut each: impl FnMut(String, f32),
) {
    let text = &word.text;
    let cells = phrase_cells(analyser, text);
    if cells.len() > 1 || word.shape == Shape::Chunk {
        each(text.clone(), weight);
        for (_, term) in cells {
            each(term, weight * pair);
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
