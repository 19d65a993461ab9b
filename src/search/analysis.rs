//! Analysis: the one way in which documents and queries are cut into terms.
//!
//! Chinese is cut into overlapping pairs of characters, so that no word is lost inside a longer
//! one, and into the dictionary's words of three and more; a word of two is its pair. Latin and
//! digits are cut into parts, and chunks such as addresses and ids are kept whole beside them.
//!
//! Positions count *cells*: one a Chinese character, one a Latin part, and one a gap of
//! punctuation between Chinese, so that a phrase is neighbouring cells however words overlap.

mod cells;
mod runs;
mod spoken;
mod stop;
mod synonyms;
mod words;

use std::sync::{Arc, OnceLock};

use jieba_rs::Jieba;

pub use cells::{Cell, Chunk, cells, pieces};
pub use spoken::Spoken;
pub use stop::is_stop;
pub use synonyms::Synonyms;

use super::Lexicon;
use crate::text::fold::fold;
use runs::Runs;

/// Version of the analysis: another one makes other terms of the same text.
pub const VERSION: u32 = 2;

/// Frequency given to product words: high enough to win over any cut into shorter words.
const PRODUCT_FREQUENCY: usize = 100_000;

/// Longest chunk kept whole, in characters.
const LONGEST_CHUNK: usize = 80;

/// A word as a query asks for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// The folded text.
    pub text: String,
    /// What it is made of.
    pub shape: Shape,
    /// Where it begins, in characters of the text it was cut from.
    pub start: usize,
}

/// What a word is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Chinese characters.
    Chinese,
    /// One Latin part or number.
    Latin,
    /// Several Latin parts joined by connectors: an address, an id.
    Chunk,
}

/// The dictionary of words on its way. It holds no index open.
pub struct Dictionary(Arc<OnceLock<Jieba>>);

impl Dictionary {
    /// Whether it is there.
    pub fn is_ready(&self) -> bool {
        self.0.get().is_some()
    }

    /// Waits until it is there.
    pub fn wait(&self) {
        self.0.wait();
    }
}

/// Cuts texts into terms and words.
pub struct Analyser {
    /// Loaded by a thread; words of the team are added to a copy of their own.
    jieba: Arc<OnceLock<Jieba>>,
    /// Runs of Chinese cut before: replies and greetings repeat.
    runs: Runs,
    synonyms: Synonyms,
    /// Made at the first query that may be pinyin.
    spoken: OnceLock<Spoken>,
    team: Vec<String>,
    digest: u64,
}

impl Analyser {
    /// An analyser with the team's words; the dictionary loads on a thread of its own.
    pub fn new(lexicon: &Lexicon) -> Self {
        let jieba = dictionary(&lexicon.words);
        Self {
            jieba,
            runs: Runs::default(),
            synonyms: Synonyms::new(&lexicon.synonyms),
            spoken: OnceLock::new(),
            team: lexicon.words.clone(),
            digest: lexicon.digest(),
        }
    }

    /// The digest of the lexicon it was made with.
    pub fn digest(&self) -> u64 {
        self.digest
    }

    /// The synonym table.
    pub fn synonyms(&self) -> &Synonyms {
        &self.synonyms
    }

    /// Words by the letters of their pinyin.
    pub fn spoken(&self) -> &Spoken {
        self.spoken.get_or_init(|| {
            let team = self.team.iter().map(String::as_str);
            let product = words::PRODUCT.split_whitespace();
            Spoken::new(team.chain(product).chain(self.synonyms.words()))
        })
    }

    /// Waits until the dictionary is there, as indexing must.
    pub fn wait(&self) {
        self.jieba.wait();
    }

    /// The dictionary on its way.
    pub fn dictionary(&self) -> Dictionary {
        Dictionary(Arc::clone(&self.jieba))
    }

    /// Whether the dictionary is there.
    pub fn is_ready(&self) -> bool {
        self.jieba.get().is_some()
    }

    /// Calls `each` with every term of a text and its position; the terms of one text ascend by
    /// position except that parts follow their whole.
    pub fn terms(&self, text: &str, mut each: impl FnMut(&str, u32)) {
        let folded = fold(text);
        let jieba = self.jieba.get();
        for chunk in cells(&folded) {
            match chunk {
                Chunk::Chinese { text, cell, .. } => {
                    pairs(text, cell, &mut each);
                    if let Some(jieba) = jieba {
                        self.runs
                            .long_words(text, jieba, |word, at| each(word, cell + at));
                    }
                }
                Chunk::Latin { text, cells } => {
                    latin_terms(text, &cells, &mut each);
                }
            }
        }
    }

    /// Calls `each` with the smallest terms of a text, of which every longer one is made: pairs of
    /// characters and Latin parts.
    pub fn smallest(&self, text: &str, mut each: impl FnMut(&str, u32)) {
        let folded = fold(text);
        for chunk in cells(&folded) {
            match chunk {
                Chunk::Chinese { text, cell, .. } => pairs(text, cell, &mut each),
                Chunk::Latin { cells, .. } => {
                    for cell in cells {
                        each(beginning(cell.text), cell.cell);
                    }
                }
            }
        }
    }

    /// The words of a text, as a query asks for them: Chinese as the dictionary cuts it, without
    /// overlaps, Latin by chunks.
    pub fn words(&self, text: &str) -> Vec<Word> {
        let folded = fold(text);
        let mut words = Vec::new();
        for chunk in cells(&folded) {
            match chunk {
                Chunk::Chinese { text, start, .. } => self.chinese_words(text, start, &mut words),
                Chunk::Latin { text, cells } => {
                    let shape = if cells.len() > 1 {
                        Shape::Chunk
                    } else {
                        Shape::Latin
                    };
                    words.push(Word {
                        text: text.chars().take(LONGEST_CHUNK).collect(),
                        shape,
                        start: cells.first().map_or(0, |cell| cell.start),
                    });
                }
            }
        }
        words
    }

    fn chinese_words(&self, text: &str, start: usize, words: &mut Vec<Word>) {
        let mut push = |text: &str, at: usize| {
            words.push(Word {
                text: text.to_owned(),
                shape: Shape::Chinese,
                start: start + at,
            });
        };
        match self.jieba.get() {
            Some(jieba) => {
                // Characters that no word holds stand together: `白屏` is no word, but is meant.
                let mut loose = String::new();
                let mut since = 0;
                for token in jieba.cut(text, false) {
                    let single = token.end - token.start == 1 && !is_stop(token.word);
                    if single {
                        if loose.is_empty() {
                            since = token.start;
                        }
                        loose.push_str(token.word);
                        continue;
                    }
                    if !loose.is_empty() {
                        push(&std::mem::take(&mut loose), since);
                    }
                    push(token.word, token.start);
                }
                if !loose.is_empty() {
                    push(&loose, since);
                }
            }
            // Until the dictionary is there: pairs, which the index holds for any text.
            None => {
                let chars: Vec<char> = text.chars().collect();
                for (at, pair) in chars.chunks(2).enumerate() {
                    push(&pair.iter().collect::<String>(), at * 2);
                }
            }
        }
    }
}

/// The pairs of a run of Chinese, or the character that stands alone.
fn pairs(text: &str, cell: u32, each: &mut impl FnMut(&str, u32)) {
    let starts = text.char_indices().map(|(at, _)| at);
    let ends = starts.clone().skip(2).chain([text.len()]);
    for ((from, to), at) in starts.zip(ends).zip(0..) {
        if let Some(pair) = text.get(from..to) {
            each(pair, cell + at);
        }
    }
}

/// The terms of a chunk of Latin and digits: the whole, its parts, and their runs of letters and
/// of digits.
fn latin_terms(text: &str, cells: &[Cell<'_>], each: &mut impl FnMut(&str, u32)) {
    if let (true, Some(first)) = (cells.len() > 1, cells.first()) {
        each(beginning(text), first.cell);
    }
    for cell in cells {
        let part = beginning(cell.text);
        each(part, cell.cell);
        for piece in pieces(part) {
            each(piece, cell.cell);
        }
    }
}

/// A chunk or part as far as it is kept.
fn beginning(text: &str) -> &str {
    if text.len() <= LONGEST_CHUNK {
        return text;
    }
    let end = text.char_indices().nth(LONGEST_CHUNK);
    let end = end.map_or(text.len(), |(at, _)| at);
    text.get(..end).unwrap_or_default()
}

/// The dictionary with some words added, loading on a thread where it is not there yet.
fn dictionary(words: &[String]) -> Arc<OnceLock<Jieba>> {
    static BASE: OnceLock<Arc<OnceLock<Jieba>>> = OnceLock::new();
    let load = |extra: Vec<String>| {
        let slot = Arc::new(OnceLock::new());
        let loading = Arc::clone(&slot);
        let fill = move || {
            loading.get_or_init(|| build(&extra));
        };
        let thread = std::thread::Builder::new().name("dictionary".into());
        if thread.spawn(fill.clone()).is_err() {
            // No thread to be had: slow is better than never.
            fill();
        }
        slot
    };
    if words.is_empty() {
        Arc::clone(BASE.get_or_init(|| load(Vec::new())))
    } else {
        load(words.to_vec())
    }
}

fn build(extra: &[String]) -> Jieba {
    let mut jieba = Jieba::new();
    for word in words::PRODUCT.split_whitespace() {
        jieba.add_word(&fold(word), Some(PRODUCT_FREQUENCY), None);
    }
    for word in extra {
        let word = fold(word.trim());
        if word.chars().count() > 1 {
            jieba.add_word(&word, Some(PRODUCT_FREQUENCY), None);
        }
    }
    jieba
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(text: &str) -> Vec<String> {
        let analyser = Analyser::new(&Lexicon::default());
        analyser.wait();
        let mut found = Vec::new();
        analyser.terms(text, |term, cell| found.push(format!("{term}@{cell}")));
        found
    }

    fn words(text: &str) -> Vec<String> {
        let analyser = Analyser::new(&Lexicon::default());
        analyser.wait();
        analyser.words(text).into_iter().map(|w| w.text).collect()
    }

    #[test]
    fn latin_is_split_from_chinese() {
        assert_eq!(words("查看qshell登录"), ["查看", "qshell", "登录"]);
        assert!(terms("查看qshell登录").contains(&"qshell@2".to_owned()));
    }

    #[test]
    fn product_words_stay_whole_and_their_pairs_are_kept() {
        assert_eq!(words("时间戳防盗链失效"), ["时间戳防盗链", "失效"]);
        let terms = terms("对象存储");
        for term in ["对象@0", "象存@1", "存储@2", "对象存储@0"] {
            assert!(terms.contains(&term.to_owned()), "{term}: {terms:?}");
        }
    }

    #[test]
    fn addresses_are_findable_whole_and_in_parts() {
        let terms = terms("https://cdn.example.com/a1b2 报 http403 错");
        for term in ["cdn@1", "example@2", "com@3", "cdn.example.com/a1b2@1"] {
            assert!(terms.contains(&term.to_owned()), "{term}: {terms:?}");
        }
        for term in ["http403", "http", "403"] {
            assert!(
                terms.iter().any(|t| t.split('@').next() == Some(term)),
                "{term}: {terms:?}"
            );
        }
    }

    #[test]
    fn a_team_word_is_kept_whole() {
        let analyser = Analyser::new(&Lexicon {
            words: vec!["云小助".into()],
            synonyms: vec![],
        });
        analyser.wait();
        let words: Vec<String> = analyser
            .words("打开云小助页面")
            .into_iter()
            .map(|w| w.text)
            .collect();
        assert!(words.contains(&"云小助".to_owned()), "{words:?}");
    }
}
