//! A text cut into words, before words are cut into pieces.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use super::{flag, kind, list, unsupported};
use crate::embed::EmbedError;

/// Words and single punctuation marks, as BERT tells them apart.
#[expect(
    clippy::expect_used,
    reason = "the pattern is constant, and a test uses it"
)]
static WORDS: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"[\p{P}$+<=>^`|~]|[^\s\p{P}$+<=>^`|~]+").expect("a pattern"));

/// Cuts that are made one after the other.
pub struct Splitter(Vec<Cut>);

enum Cut {
    /// At white space, and around each punctuation mark.
    Bert,
    /// At white space.
    Spaces,
    /// Before each space, which becomes a character of its own.
    Metaspace {
        mark: String,
        /// Whether a text that begins without a space gets one.
        begins: bool,
        splits: bool,
    },
}

impl Splitter {
    /// Reads the cuts.
    pub fn read(pre_tokenizer: Option<&Value>) -> Result<Self, EmbedError> {
        let mut cuts = Vec::new();
        if let Some(part) = pre_tokenizer.filter(|value| !value.is_null()) {
            read(part, &mut cuts)?;
        }
        Ok(Self(cuts))
    }

    /// The words of a text.
    pub fn split(&self, text: &str) -> Vec<String> {
        self.0.iter().fold(vec![text.to_owned()], |words, cut| {
            let cut = words.iter().flat_map(|word| cut.apply(word));
            cut.filter(|word| !word.is_empty()).collect()
        })
    }
}

fn read(part: &Value, cuts: &mut Vec<Cut>) -> Result<(), EmbedError> {
    match kind(part) {
        "Sequence" => {
            for part in list(part.get("pretokenizers")) {
                read(part, cuts)?;
            }
        }
        "BertPreTokenizer" => cuts.push(Cut::Bert),
        "WhitespaceSplit" => cuts.push(Cut::Spaces),
        "Metaspace" => {
            let scheme = part.get("prepend_scheme").and_then(Value::as_str);
            let old = flag(part, "add_prefix_space").unwrap_or(true);
            let mark = part.get("replacement").and_then(Value::as_str);
            cuts.push(Cut::Metaspace {
                mark: mark.unwrap_or("▁").to_owned(),
                begins: scheme.map_or(old, |scheme| scheme != "never"),
                splits: flag(part, "split").unwrap_or(true),
            });
        }
        other => return Err(unsupported("pre_tokenizer", other)),
    }
    Ok(())
}

impl Cut {
    fn apply(&self, word: &str) -> Vec<String> {
        let owned = |word: &str| word.to_owned();
        match self {
            Self::Bert => WORDS
                .find_iter(word)
                .map(|found| owned(found.as_str()))
                .collect(),
            Self::Spaces => word.split_whitespace().map(owned).collect(),
            Self::Metaspace {
                mark,
                begins,
                splits,
            } => {
                let mut text = word.replace(' ', mark);
                if *begins && !text.starts_with(mark.as_str()) {
                    text.insert_str(0, mark);
                }
                if !splits {
                    return vec![text];
                }
                let mut words: Vec<String> = Vec::new();
                for (at, part) in text.split(mark.as_str()).enumerate() {
                    words.push(if at == 0 {
                        owned(part)
                    } else {
                        format!("{mark}{part}")
                    });
                }
                words
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn words(part: &Value, text: &str) -> Vec<String> {
        Splitter::read(Some(part)).unwrap().split(text)
    }

    #[test]
    fn words_are_cut_at_spaces_and_around_punctuation() {
        let bert = json!({"type": "BertPreTokenizer"});
        assert_eq!(
            words(&bert, "what's up，你"),
            ["what", "'", "s", "up", "，", "你"]
        );
    }

    #[test]
    fn a_space_belongs_to_the_word_after_it() {
        let metaspace =
            json!({"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always"});
        assert_eq!(words(&metaspace, "query: 开发票"), ["▁query:", "▁开发票"]);
        let both =
            json!({"type": "Sequence", "pretokenizers": [{"type": "WhitespaceSplit"}, metaspace]});
        assert_eq!(words(&both, " a  b"), ["▁a", "▁b"]);
    }
}
