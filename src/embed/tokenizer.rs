//! Text → ids, as `tokenizer.json` says: normalised, cut into words, words cut into what the model
//! knows.
//!
//! No special token is recognised in a text: what a customer writes is text.

mod normalizer;
mod pieces;
mod unigram;
mod wordpiece;

use std::fs;
use std::path::Path;

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::EmbedError;
use normalizer::Normalizer;
use pieces::Splitter;
use unigram::Unigram;
use wordpiece::WordPiece;

/// Characters of a text that are looked at for each token that is read: no piece is longer on
/// average.
const CHARS_A_TOKEN: usize = 16;

/// A text as the model reads it.
#[derive(Debug, Clone, PartialEq)]
pub struct Tokens {
    /// The ids, those that begin and end a text included.
    pub ids: Vec<u32>,
    /// The share of the text's characters that they stand for.
    pub read: f32,
}

/// A piece of a text that has an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Piece {
    id: u32,
    /// Characters it stands for.
    chars: u32,
}

/// A tokenizer.
pub struct Tokenizer {
    normalizer: Normalizer,
    splitter: Splitter,
    vocabulary: Vocabulary,
    /// What stands before and after every text.
    around: (Vec<u32>, Vec<u32>),
    /// Tokens of a text that are read.
    tokens: usize,
}

enum Vocabulary {
    Unigram(Unigram),
    WordPiece(WordPiece),
}

#[derive(Deserialize)]
struct File<'a> {
    normalizer: Option<Value>,
    pre_tokenizer: Option<Value>,
    post_processor: Option<Value>,
    /// Most of the file: read once it is known what it is.
    #[serde(borrow)]
    model: &'a RawValue,
}

#[derive(Deserialize)]
struct Kind {
    #[serde(rename = "type")]
    kind: Option<String>,
}

impl Tokenizer {
    /// Reads a tokenizer that gives at most some tokens of a text.
    pub fn read(path: &Path, tokens: usize) -> Result<Self, EmbedError> {
        let text = fs::read_to_string(path).map_err(|source| EmbedError::Io {
            path: path.to_owned(),
            source,
        })?;
        let damaged = |error: serde_json::Error| EmbedError::Damaged {
            path: path.to_owned(),
            detail: error.to_string(),
        };
        let file: File<'_> = serde_json::from_str(&text).map_err(damaged)?;
        let model = file.model.get();
        let kind: Kind = serde_json::from_str(model).map_err(damaged)?;
        let vocabulary = match kind.kind.as_deref() {
            Some("Unigram") => Vocabulary::Unigram(Unigram::read(model, path)?),
            // Old files name no type.
            Some("WordPiece") | None => Vocabulary::WordPiece(WordPiece::read(model, path)?),
            Some(other) => return Err(unsupported("tokenizer model", other)),
        };
        Ok(Self {
            normalizer: Normalizer::read(file.normalizer.as_ref())?,
            splitter: Splitter::read(file.pre_tokenizer.as_ref())?,
            vocabulary,
            around: around(file.post_processor.as_ref())?,
            tokens,
        })
    }

    /// Words it knows.
    pub fn vocabulary(&self) -> usize {
        match &self.vocabulary {
            Vocabulary::Unigram(unigram) => unigram.len(),
            Vocabulary::WordPiece(pieces) => pieces.len(),
        }
    }

    /// The tokens of a text with what is said before it.
    pub fn encode(&self, prefix: &str, text: &str) -> Tokens {
        let looked_at = self.tokens.saturating_mul(CHARS_A_TOKEN);
        let begun: String = text.chars().take(looked_at).collect();
        let beyond = text.chars().count().saturating_sub(looked_at);
        let pieces = self.pieces(&format!("{prefix}{begun}"));
        let (before, after) = &self.around;
        let room = self.tokens.saturating_sub(before.len() + after.len());
        let own = pieces.get(..room.min(pieces.len())).unwrap_or_default();
        let chars = |pieces: &[Piece]| pieces.iter().map(|piece| piece.chars as usize).sum();
        let (read, all): (usize, usize) = (chars(own), chars(&pieces));
        let ids = own.iter().map(|piece| piece.id);
        let ids = before.iter().copied().chain(ids);
        Tokens {
            ids: ids.chain(after.iter().copied()).collect(),
            read: match all + beyond {
                0 => 1.0,
                all => read as f32 / all as f32,
            },
        }
    }

    fn pieces(&self, text: &str) -> Vec<Piece> {
        let mut pieces = Vec::new();
        for word in self.splitter.split(&self.normalizer.apply(text)) {
            match &self.vocabulary {
                Vocabulary::Unigram(unigram) => unigram.cut(&word, &mut pieces),
                Vocabulary::WordPiece(vocabulary) => vocabulary.cut(&word, &mut pieces),
            }
        }
        pieces
    }
}

/// What a post-processor puts before and after a text.
fn around(processor: Option<&Value>) -> Result<(Vec<u32>, Vec<u32>), EmbedError> {
    let Some(processor) = processor.filter(|processor| !processor.is_null()) else {
        return Ok((Vec::new(), Vec::new()));
    };
    let kind = kind(processor);
    let id = |value: &Value| value.as_u64().and_then(|id| u32::try_from(id).ok());
    match kind {
        "TemplateProcessing" => {
            let (mut before, mut after, mut passed) = (Vec::new(), Vec::new(), false);
            for part in list(processor.get("single")) {
                if part.get("Sequence").is_some() {
                    passed = true;
                } else if let Some(token) = part.pointer("/SpecialToken/id").and_then(Value::as_str)
                {
                    let ids = processor
                        .get("special_tokens")
                        .and_then(|all| all.get(token));
                    let ids = list(ids.and_then(|token| token.get("ids")));
                    let side = if passed { &mut after } else { &mut before };
                    side.extend(ids.iter().filter_map(id));
                }
            }
            Ok((before, after))
        }
        "BertProcessing" | "RobertaProcessing" => {
            let end = |name| {
                processor
                    .get(name)
                    .and_then(|pair| pair.get(1))
                    .and_then(id)
            };
            Ok((
                end("cls").into_iter().collect(),
                end("sep").into_iter().collect(),
            ))
        }
        other => Err(unsupported("post_processor", other)),
    }
}

/// The elements of a list, if it is one.
fn list(value: Option<&Value>) -> &[Value] {
    value.and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// What a part of the file says that it is.
fn kind(part: &Value) -> &str {
    part.get("type").and_then(Value::as_str).unwrap_or_default()
}

fn flag(part: &Value, name: &str) -> Option<bool> {
    part.get(name).and_then(Value::as_bool)
}

fn unsupported(part: &'static str, name: &str) -> EmbedError {
    EmbedError::Unsupported {
        part,
        name: name.to_owned(),
    }
}
