//! WordPiece: a word is cut into the longest pieces that the model knows, from its beginning.

use std::collections::HashMap;
use std::path::Path;

use serde::Deserialize;

use super::Piece;
use crate::embed::EmbedError;

/// The pieces a model knows.
#[derive(Deserialize)]
pub struct WordPiece {
    vocab: HashMap<Box<str>, u32>,
    unk_token: String,
    #[serde(default = "usual_prefix")]
    continuing_subword_prefix: String,
    #[serde(default = "usual_longest")]
    max_input_chars_per_word: usize,
}

fn usual_prefix() -> String {
    "##".to_owned()
}

fn usual_longest() -> usize {
    100
}

impl WordPiece {
    /// Reads the pieces from the text of the file's model.
    pub fn read(model: &str, path: &Path) -> Result<Self, EmbedError> {
        let damaged = |detail: String| EmbedError::Damaged {
            path: path.to_owned(),
            detail,
        };
        let own: Self = serde_json::from_str(model).map_err(|error| damaged(error.to_string()))?;
        if !own.vocab.contains_key(own.unk_token.as_str()) {
            return Err(damaged("it has no token for what is unknown".to_owned()));
        }
        Ok(own)
    }

    /// The number after the greatest id.
    pub fn len(&self) -> usize {
        self.vocab.values().max().map_or(0, |id| *id as usize + 1)
    }

    /// Cuts a word.
    pub fn cut(&self, word: &str, pieces: &mut Vec<Piece>) {
        let chars: Vec<char> = word.chars().collect();
        let before = pieces.len();
        let mut begin = 0;
        let known = chars.len() <= self.max_input_chars_per_word;
        while known && begin < chars.len() {
            let Some((id, end)) = self.longest(&chars, begin) else {
                break;
            };
            pieces.push(piece(id, end - begin));
            begin = end;
        }
        if begin < chars.len() {
            // Of a word that is not known to its end nothing is known.
            pieces.truncate(before);
            let unknown = self.vocab.get(self.unk_token.as_str());
            pieces.push(piece(unknown.copied().unwrap_or_default(), chars.len()));
        }
    }

    fn longest(&self, chars: &[char], begin: usize) -> Option<(u32, usize)> {
        let prefix = match begin {
            0 => "",
            _ => self.continuing_subword_prefix.as_str(),
        };
        (begin + 1..=chars.len()).rev().find_map(|end| {
            let mut text = prefix.to_owned();
            text.extend(chars.get(begin..end)?);
            let id = self.vocab.get(text.as_str())?;
            Some((*id, end))
        })
    }
}

fn piece(id: u32, chars: usize) -> Piece {
    Piece {
        id,
        chars: u32::try_from(chars).unwrap_or(u32::MAX),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    #[test]
    fn a_word_is_cut_into_the_longest_pieces_or_not_known_at_all() {
        let model = r###"{"vocab": {"[UNK]": 0, "un": 1, "##aff": 2, "##able": 3, "u": 4}, "unk_token": "[UNK]"}"###;
        let vocabulary = WordPiece::read(model, &PathBuf::new()).unwrap();
        let ids = |word| {
            let mut pieces = Vec::new();
            vocabulary.cut(word, &mut pieces);
            pieces
                .iter()
                .map(|piece| (piece.id, piece.chars))
                .collect::<Vec<_>>()
        };
        assert_eq!(ids("unaffable"), [(1, 2), (2, 3), (3, 4)]);
        assert_eq!(ids("unaffx"), [(0, 6)]);
        assert_eq!(vocabulary.len(), 5);
    }
}
