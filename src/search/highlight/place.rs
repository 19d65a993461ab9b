//! Where the cells of a text stand, and phrases among them.

use super::ranges::Ranges;
use crate::search::analysis::{Cell, Chunk, cells};

/// A cell of a text: a Chinese character or a Latin part.
pub struct Place<'a> {
    /// The text.
    pub text: &'a str,
    /// Position in characters of the text.
    pub start: usize,
    cell: u32,
}

/// The Latin parts of a text.
pub fn latin_places(folded: &str) -> Vec<Place<'_>> {
    let mut found = Vec::new();
    for chunk in cells(folded) {
        if let Chunk::Latin { cells, .. } = chunk {
            found.extend(cells.into_iter().map(Place::from));
        }
    }
    found
}

impl<'a> From<Cell<'a>> for Place<'a> {
    fn from(cell: Cell<'a>) -> Self {
        Self {
            text: cell.text,
            start: cell.start,
            cell: cell.cell,
        }
    }
}

/// The Chinese characters and Latin parts of a text.
pub fn places(folded: &str) -> Vec<Place<'_>> {
    let mut found = Vec::new();
    for chunk in cells(folded) {
        match chunk {
            Chunk::Chinese { text, start, cell } => {
                let characters = text.char_indices().enumerate();
                found.extend(characters.filter_map(|(nth, (at, c))| {
                    Some(Place {
                        text: text.get(at..at + c.len_utf8())?,
                        start: start + nth,
                        cell: cell + nth as u32,
                    })
                }));
            }
            Chunk::Latin { cells, .. } => found.extend(cells.into_iter().map(Place::from)),
        }
    }
    found
}

/// Marks every place where a Latin word stands whole.
pub fn mark_equal(word: &str, places: &[Place<'_>], ranges: &mut Ranges) {
    for place in places.iter().filter(|place| place.text == word) {
        ranges.push((place.start, place.start + word.len()));
    }
}

/// Marks every place where a phrase stands whole.
pub fn mark_phrase(phrase: &[String], places: &[Place<'_>], ranges: &mut Ranges) {
    for window in places.windows(phrase.len()) {
        let same = window
            .iter()
            .zip(phrase)
            .all(|(place, text)| place.text == *text);
        let whole = window.windows(2).all(|pair| match pair {
            [a, b] => a.cell + 1 == b.cell,
            _ => true,
        });
        if let (true, Some(first), Some(last)) = (same && whole, window.first(), window.last()) {
            ranges.push((first.start, last.start + last.text.chars().count()));
        }
    }
}
