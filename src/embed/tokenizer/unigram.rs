//! Unigram: of all ways to cut a text into pieces the likeliest.
//!
//! A multilingual vocabulary has a quarter of a million pieces. They are kept as one text and a
//! table in the order of their bytes, 6 MB, in which all that begin at a place are found by
//! halving.

use std::path::Path;

use serde::Deserialize;

use super::Piece;
use crate::embed::EmbedError;

/// How much less likely than the unlikeliest piece a character is that no piece holds.
const UNKNOWN: f32 = 10.0;

/// The pieces a model knows.
pub struct Unigram {
    /// All pieces, one after the other, in the order of their bytes.
    text: Vec<u8>,
    /// Where each ends; it begins where the one before ends.
    ends: Vec<u32>,
    /// Their ids and the logarithms of how likely they are.
    ids: Vec<(u32, f32)>,
    unknown: u32,
    unknown_score: f32,
}

#[derive(Deserialize)]
struct Model<'a> {
    #[serde(borrow)]
    vocab: Vec<(std::borrow::Cow<'a, str>, f64)>,
    unk_id: Option<u32>,
    #[serde(default)]
    byte_fallback: bool,
}

/// The best way to cut a text up to some place.
#[derive(Clone, Copy)]
struct Best {
    score: f32,
    /// Where its last piece begins, and which it is; `None` = no piece.
    last: Option<(usize, Option<u32>)>,
}

impl Unigram {
    /// Reads the pieces from the text of the file's model.
    pub fn read(model: &str, path: &Path) -> Result<Self, EmbedError> {
        let damaged = |detail: String| EmbedError::Damaged {
            path: path.to_owned(),
            detail,
        };
        let model: Model<'_> =
            serde_json::from_str(model).map_err(|error| damaged(error.to_string()))?;
        if model.byte_fallback {
            return Err(super::unsupported("tokenizer model", "byte_fallback"));
        }
        let unknown = model.unk_id.unwrap_or_default();
        if model.vocab.len() <= unknown as usize {
            return Err(damaged("it has no token for what is unknown".to_owned()));
        }
        let mut order: Vec<(&[u8], u32, f32)> = (0..)
            .zip(&model.vocab)
            .map(|(id, (piece, score))| (piece.as_bytes(), id, *score as f32))
            .filter(|(piece, ..)| !piece.is_empty())
            .collect();
        order.sort_unstable_by_key(|(piece, ..)| *piece);
        let (mut text, mut ends, mut ids) = (Vec::new(), Vec::new(), Vec::new());
        for (piece, id, score) in &order {
            text.extend_from_slice(piece);
            ends.push(u32::try_from(text.len()).unwrap_or(u32::MAX));
            ids.push((*id, *score));
        }
        let least = ids.iter().map(|(_, score)| *score).fold(0.0, f32::min);
        Ok(Self {
            text,
            ends,
            ids,
            unknown,
            unknown_score: least - UNKNOWN,
        })
    }

    /// How many pieces there are.
    pub fn len(&self) -> usize {
        self.ids
            .iter()
            .map(|(id, _)| *id as usize + 1)
            .max()
            .unwrap_or(0)
    }

    /// Cuts a word.
    pub fn cut(&self, word: &str, pieces: &mut Vec<Piece>) {
        let nothing = Best {
            score: f32::NEG_INFINITY,
            last: None,
        };
        let mut best = vec![nothing; word.len() + 1];
        if let Some(first) = best.first_mut() {
            first.score = 0.0;
        }
        for (begin, c) in word.char_indices() {
            let Some(Best { score, .. }) = best.get(begin).copied() else {
                continue;
            };
            let mut reach = |end: usize, score: f32, id: Option<u32>| {
                if let Some(best) = best.get_mut(end).filter(|best| score > best.score) {
                    *best = Best {
                        score,
                        last: Some((begin, id)),
                    };
                }
            };
            let mut whole = false;
            for (length, id, own) in
                self.beginning(word.as_bytes().get(begin..).unwrap_or_default())
            {
                whole |= length == c.len_utf8();
                reach(begin + length, score + own, Some(id));
            }
            if !whole {
                reach(begin + c.len_utf8(), score + self.unknown_score, None);
            }
        }
        self.trace(word, &best, pieces);
    }

    /// Follows the best way back, and writes it down in order; what is unknown in one.
    fn trace(&self, word: &str, best: &[Best], pieces: &mut Vec<Piece>) {
        let mut back: Vec<(Option<u32>, u32)> = Vec::new();
        let mut end = word.len();
        while let Some((begin, id)) = best.get(end).and_then(|best| best.last) {
            let chars = word
                .get(begin..end)
                .map_or(0, |piece| piece.chars().count());
            let chars = u32::try_from(chars).unwrap_or(u32::MAX);
            match back.last_mut() {
                Some((None, known)) if id.is_none() => *known += chars,
                Some(_) | None => back.push((id, chars)),
            }
            end = begin;
        }
        let forth = back.into_iter().rev();
        pieces.extend(forth.map(|(id, chars)| Piece {
            id: id.unwrap_or(self.unknown),
            chars,
        }));
    }

    /// The pieces that some bytes begin with: their lengths, ids and scores.
    fn beginning<'a>(&'a self, bytes: &'a [u8]) -> impl Iterator<Item = (usize, u32, f32)> + 'a {
        let (mut low, mut high) = (0, self.ids.len());
        let lengths = 1..=bytes.len();
        let ranges = lengths.map_while(move |length| {
            let byte = bytes.get(length - 1)?;
            low = self.halve(low, high, |piece| piece.get(length - 1) < Some(byte));
            high = self.halve(low, high, |piece| piece.get(length - 1) <= Some(byte));
            (low < high).then_some((length, low))
        });
        ranges.filter_map(|(length, low)| {
            // The shortest of those that begin alike stands first.
            let (id, score) = self.ids.get(low)?;
            (self.piece(low).len() == length).then_some((length, *id, *score))
        })
    }

    /// The first of some pieces that are in order for which something does not hold any more.
    fn halve(&self, mut low: usize, mut high: usize, holds: impl Fn(&[u8]) -> bool) -> usize {
        while low < high {
            let middle = low.midpoint(high);
            if holds(self.piece(middle)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    fn piece(&self, nth: usize) -> &[u8] {
        let end = |nth: usize| self.ends.get(nth).map_or(0, |end| *end as usize);
        let begin = nth.checked_sub(1).map_or(0, end);
        self.text.get(begin..end(nth)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    fn pieces(vocabulary: &Unigram, word: &str) -> Vec<(u32, u32)> {
        let mut pieces = Vec::new();
        vocabulary.cut(word, &mut pieces);
        pieces.iter().map(|piece| (piece.id, piece.chars)).collect()
    }

    #[test]
    fn the_likeliest_way_to_cut_wins_and_the_unknown_is_one_piece() {
        let model = r#"{"unk_id": 0, "vocab": [["<unk>", 0.0], ["▁", -2.0], ["发", -5.0], ["票", -5.0],
            ["发票", -6.0], ["▁发", -4.0], ["票抬头", -20.0], ["抬头", -7.0]]}"#;
        let vocabulary = Unigram::read(model, &PathBuf::new()).unwrap();
        // ▁ 发票 = -8, ▁发 票 = -9.
        assert_eq!(pieces(&vocabulary, "▁发票"), [(1, 1), (4, 2)]);
        assert_eq!(pieces(&vocabulary, "发票抬头"), [(4, 2), (7, 2)]);
        assert_eq!(pieces(&vocabulary, "▁邮寄票"), [(1, 1), (0, 2), (3, 1)]);
        assert_eq!(vocabulary.len(), 8);
    }
}
