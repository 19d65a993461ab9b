//! A text made alike before it is cut: as a tokenizer says, step by step.

use regex::Regex;
use serde_json::Value;
use spm_precompiled::Precompiled;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::{flag, kind, list, unsupported};
use crate::embed::EmbedError;

/// Steps that are done one after the other.
pub struct Normalizer(Vec<Step>);

enum Step {
    /// SentencePiece's own table.
    Table(Box<Precompiled>),
    Replace(Regex, String),
    Nfc,
    Nfd,
    Nfkc,
    Nfkd,
    Lowercase,
    WithoutAccents,
    /// Control characters go, every white space is a space.
    Clean,
    /// Every Chinese character is a word.
    ChineseApart,
    Trim,
}

impl Normalizer {
    /// Reads the steps.
    pub fn read(normalizer: Option<&Value>) -> Result<Self, EmbedError> {
        let mut steps = Vec::new();
        if let Some(normalizer) = normalizer.filter(|value| !value.is_null()) {
            read(normalizer, &mut steps)?;
        }
        Ok(Self(steps))
    }

    /// Does all of them.
    pub fn apply(&self, text: &str) -> String {
        let text = text.to_owned();
        self.0.iter().fold(text, |text, step| step.apply(text))
    }
}

fn read(part: &Value, steps: &mut Vec<Step>) -> Result<(), EmbedError> {
    match kind(part) {
        "Sequence" => {
            for part in list(part.get("normalizers")) {
                read(part, steps)?;
            }
        }
        "Precompiled" => {
            let table = serde_json::from_str(&part.to_string());
            let table =
                table.map_err(|error| unsupported("precompiled_charsmap", &error.to_string()))?;
            steps.push(Step::Table(Box::new(table)));
        }
        "Replace" => {
            let text = |pointer: &str| part.pointer(pointer).and_then(Value::as_str);
            let literal = text("/pattern/String").map(regex::escape);
            let pattern = literal.or(text("/pattern/Regex").map(str::to_owned));
            let pattern = pattern.unwrap_or_default();
            let regex = Regex::new(&pattern);
            let regex = regex.map_err(|error| unsupported("pattern", &error.to_string()))?;
            let content = text("/content").unwrap_or_default().to_owned();
            steps.push(Step::Replace(regex, content));
        }
        "NFC" => steps.push(Step::Nfc),
        "NFD" => steps.push(Step::Nfd),
        "NFKC" => steps.push(Step::Nfkc),
        "NFKD" => steps.push(Step::Nfkd),
        "Nmt" => steps.push(Step::Clean),
        "Lowercase" => steps.push(Step::Lowercase),
        "StripAccents" => steps.push(Step::WithoutAccents),
        "Strip" => steps.push(Step::Trim),
        "BertNormalizer" => bert(part, steps),
        other => return Err(unsupported("normalizer", other)),
    }
    Ok(())
}

fn bert(part: &Value, steps: &mut Vec<Step>) {
    let lowercase = flag(part, "lowercase").unwrap_or(true);
    if flag(part, "clean_text").unwrap_or(true) {
        steps.push(Step::Clean);
    }
    if flag(part, "handle_chinese_chars").unwrap_or(true) {
        steps.push(Step::ChineseApart);
    }
    if flag(part, "strip_accents").unwrap_or(lowercase) {
        steps.push(Step::Nfd);
        steps.push(Step::WithoutAccents);
    }
    if lowercase {
        steps.push(Step::Lowercase);
    }
}

impl Step {
    fn apply(&self, text: String) -> String {
        match self {
            Self::Table(table) => table.normalize_string(&text),
            Self::Replace(pattern, content) => {
                let content = regex::NoExpand(content);
                pattern.replace_all(&text, content).into_owned()
            }
            Self::Nfc => text.nfc().collect(),
            Self::Nfd => text.nfd().collect(),
            Self::Nfkc => text.nfkc().collect(),
            Self::Nfkd => text.nfkd().collect(),
            Self::Lowercase => text.to_lowercase(),
            Self::WithoutAccents => text.chars().filter(|c| !is_combining_mark(*c)).collect(),
            Self::Clean => text.chars().filter_map(clean).collect(),
            Self::ChineseApart => apart(&text),
            Self::Trim => text.trim().to_owned(),
        }
    }
}

fn clean(c: char) -> Option<char> {
    match c {
        '\t' | '\n' | '\r' => Some(' '),
        '\0' | '\u{fffd}' | '\u{200b}'..='\u{200f}' | '\u{feff}' => None,
        c if c.is_control() => None,
        c if c.is_whitespace() => Some(' '),
        c => Some(c),
    }
}

fn apart(text: &str) -> String {
    let mut apart = String::with_capacity(text.len() * 2);
    for c in text.chars() {
        if is_chinese(c) {
            apart.extend([' ', c, ' ']);
        } else {
            apart.push(c);
        }
    }
    apart
}

/// The blocks of Unicode that BERT takes for Chinese.
fn is_chinese(c: char) -> bool {
    matches!(
        c,
        '\u{4e00}'..='\u{9fff}'
            | '\u{3400}'..='\u{4dbf}'
            | '\u{20000}'..='\u{2a6df}'
            | '\u{2a700}'..='\u{2b73f}'
            | '\u{2b740}'..='\u{2b81f}'
            | '\u{2b820}'..='\u{2ceaf}'
            | '\u{f900}'..='\u{faff}'
            | '\u{2f800}'..='\u{2fa1f}'
    )
}
