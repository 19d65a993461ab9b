//! What a query matched in a text, and the best passage of it.

mod letters;
mod needle;
mod passage;
mod place;
mod ranges;

use std::collections::BTreeSet;

use super::analysis::{Analyser, Shape, Word, is_stop};
use super::query::{End, Node, parse};
use crate::text::fold::fold;
use letters::Letters;
use needle::{Needle, Present, mark_chars};
use passage::{cut, window};
use place::{latin_places, mark_equal, mark_phrase, places};
use ranges::{Ranges, merged};

/// Characters of one text that are looked at for a snippet, and of all texts of a row.
const READ: usize = 2_000;
const READ_IN_ALL: usize = 6_000;

/// Characters of a text that another is likened to, and words of it that are marked.
const LIKENED: usize = 600;
const LIKE_WORDS: usize = 32;

/// A query as what it looks for in texts.
#[derive(Default)]
pub struct Marker {
    /// Chinese words; those of three and more with their pairs.
    chinese: Vec<Needle>,
    /// Latin words.
    latin: Vec<Letters>,
    /// Phrases, as the cells they are made of.
    phrases: Vec<Vec<String>>,
    /// Synonyms, marked beside the words.
    synonyms: Vec<String>,
}

impl Marker {
    /// Reads a query.
    pub fn new(query: &str, analyser: &Analyser) -> Self {
        let mut marker = Self::default();
        for node in &parse(query).all {
            marker.node(node, analyser);
        }
        marker
    }

    /// Reads a text that others are likened to: its telling words, no query language.
    pub fn like(text: &str, analyser: &Analyser) -> Self {
        let read: String = text.chars().take(LIKENED).collect();
        let mut marker = Self::default();
        let mut seen = BTreeSet::new();
        let words = analyser.words(&read).into_iter();
        let telling = words
            .filter(|word| !is_stop(&word.text) && word.text.chars().nth(1).is_some())
            .filter(|word| seen.insert(word.text.clone()));
        for word in telling.take(LIKE_WORDS) {
            marker.word(&word, false);
        }
        marker
    }

    fn node(&mut self, node: &Node, analyser: &Analyser) {
        match node {
            Node::Words { text, end, .. } => self.words(text, *end, analyser),
            Node::Phrase { text, .. } => {
                let folded = fold(text);
                let cells = places(&folded).into_iter();
                let cells: Vec<String> = cells.map(|place| place.text.to_owned()).collect();
                if !cells.is_empty() {
                    self.phrases.push(cells);
                }
            }
            Node::Any(nodes) | Node::Every(nodes) => {
                for node in nodes {
                    self.node(node, analyser);
                }
            }
            Node::Not(_) | Node::Fact(_) => {}
        }
    }

    fn words(&mut self, text: &str, end: End, analyser: &Analyser) {
        let words = analyser.words(text);
        let last = words.len().saturating_sub(1);
        let telling = words.iter().any(|w| !is_stop(&w.text));
        for (at, word) in words.iter().enumerate() {
            let prefix = at == last && end != End::Complete;
            if telling && is_stop(&word.text) {
                continue;
            }
            self.synonyms.extend(
                analyser
                    .synonyms()
                    .of(&word.text)
                    .into_iter()
                    .map(str::to_owned),
            );
            self.word(word, prefix);
            if let (Shape::Latin, Some(letters)) = (word.shape, self.latin.last_mut()) {
                let ways = analyser.spoken().of(&word.text);
                let words = ways.into_iter().flatten();
                letters.spoken = words.map(|word| word.chars().collect()).collect();
            }
        }
    }

    fn word(&mut self, word: &Word, prefix: bool) {
        match word.shape {
            Shape::Chinese => {
                self.chinese.push(Needle::new(&word.text));
            }
            Shape::Latin | Shape::Chunk => {
                let parts = latin_places(&word.text);
                let count = parts.len();
                let letters = parts.into_iter().zip(1..).map(|(part, nth)| Letters {
                    text: part.text.to_owned(),
                    prefix: prefix && nth == count,
                    spoken: Vec::new(),
                });
                self.latin.extend(letters);
            }
        }
    }

    /// The ranges of a text that match, ascending and merged.
    pub fn marks(&self, text: &str) -> Ranges {
        let [mut asked, others] = self.found(text);
        asked.extend(others);
        merged(asked)
    }

    /// The ranges of a text that match as asked, and those of synonyms.
    fn found(&self, text: &str) -> [Ranges; 2] {
        let folded = fold(text);
        let chars: Vec<char> = folded.chars().collect();
        let latin = latin_places(&folded);
        let mut ranges = Vec::new();
        let present = Present::of(&chars);
        for needle in &self.chinese {
            needle.mark(&chars, &present, &mut ranges);
        }
        for letters in &self.latin {
            letters.mark(&chars, &latin, &mut ranges);
        }
        if !self.phrases.is_empty() {
            let places = places(&folded);
            for phrase in &self.phrases {
                mark_phrase(phrase, &places, &mut ranges);
            }
        }
        let mut others = Vec::new();
        for synonym in &self.synonyms {
            if synonym.is_ascii() {
                mark_equal(synonym, &latin, &mut others);
            } else {
                let word: Vec<char> = synonym.chars().collect();
                mark_chars(&word, &chars, &mut others);
            }
        }
        [ranges, others]
    }

    /// The best passage of some texts on one line, and what matched in it: synonyms decide only
    /// where nothing matches as asked.
    pub fn snippet(&self, texts: &[&str], width: usize) -> (String, Ranges) {
        let mut best: Option<([usize; 2], String, Ranges)> = None;
        let mut left = READ_IN_ALL;
        for text in texts {
            if left == 0 {
                break;
            }
            // One line first: line feeds are a character like the blanks they become, so that
            // ranges stay.
            let mut read = 0;
            let line: String = text
                .chars()
                .take(READ.min(left))
                .inspect(|_| read += 1)
                .map(|c| if c.is_whitespace() { ' ' } else { c })
                .collect();
            left -= read;
            let [asked, others] = self.found(&line);
            let (asked, others) = (merged(asked), merged(others));
            let (first, as_asked) = window(&line, &asked, width);
            let (other, by_others) = window(&line, &others, width);
            let worth = [as_asked, by_others];
            if best.as_ref().is_none_or(|(known, ..)| worth > *known) {
                let start = if as_asked > 0 { first } else { other };
                let marks = merged(asked.into_iter().chain(others).collect());
                let (passage, ranges) = cut(&line, &marks, start, width);
                best = Some((worth, passage, ranges));
            }
        }
        best.map_or_else(Default::default, |(_, passage, ranges)| (passage, ranges))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::search::Lexicon;

    fn marked(query: &str, text: &str) -> Vec<String> {
        let analyser = Analyser::new(&Lexicon::default());
        analyser.wait();
        let chars: Vec<char> = text.chars().collect();
        Marker::new(query, &analyser)
            .marks(text)
            .into_iter()
            .map(|(a, b)| chars[a..b].iter().collect())
            .collect()
    }

    #[test]
    fn words_are_marked_whatever_their_width_and_case() {
        assert_eq!(marked("ssl证书", "ＳＳＬ證書过期"), ["ＳＳＬ證書"]);
        assert_eq!(marked("怎么退款", "如何申请退款"), ["退款"]);
    }

    #[test]
    fn beginnings_pinyin_slips_and_synonyms_are_marked() {
        assert_eq!(marked("htt", "走 https 协议"), ["htt"]);
        assert_eq!(marked("zhengshu", "更换证书失败"), ["证书"]);
        assert_eq!(marked("cdnzs ", "更换cdn证书"), ["cdn证书"]);
        assert_eq!(marked("cdnzs ", "cdn更换证书"), ["cdn", "证书"]);
        assert_eq!(marked("htpps ", "走 https 协议"), ["https"]);
        assert_eq!(marked("退款", "申请退费"), ["退费"]);
    }

    #[test]
    fn a_word_that_letters_stand_for_is_marked_wherever_it_stands() {
        let text = format!("{}请检查安全组的端口", "甲乙丙丁，".repeat(60));
        assert_eq!(marked("anquanzu ", &text), ["安全组"]);
    }

    #[test]
    fn a_link_is_no_word_for_certificates() {
        assert_eq!(
            marked("证书", "打开 https://example.com 报错，https 正常"),
            ["https"]
        );
    }

    #[test]
    fn the_words_of_a_pasted_text_are_marked_without_query_language() {
        let analyser = Analyser::new(&Lexicon::default());
        analyser.wait();
        let marker = Marker::like("您好，-证书 类:过期 怎么处理？", &analyser);
        assert_eq!(marker.marks("证书过期"), [(0, 4)]);
        assert!(marker.marks("您好，怎么").is_empty());
    }

    #[test]
    fn a_phrase_is_marked_only_where_it_stands_whole() {
        assert_eq!(marked("\"证书过期\"", "证书，过期；证书过期"), ["证书过期"]);
    }

    #[test]
    fn what_is_left_out_and_facts_are_not_marked() {
        assert!(marked("-证书 类:CDN", "CDN 证书").is_empty());
    }

    #[test]
    fn a_snippet_is_one_line_around_the_match() {
        let analyser = Analyser::new(&Lexicon::default());
        analyser.wait();
        let text = format!(
            "{}\n域名证书\n过期了{}",
            "无关的话。".repeat(30),
            "后面".repeat(30)
        );
        let (line, ranges) = Marker::new("证书过期", &analyser).snippet(&["短", &text], 30);
        let chars: Vec<char> = line.chars().collect();
        assert!(!line.contains('\n') && chars.len() <= 32, "{line}");
        let words: Vec<String> = ranges
            .iter()
            .map(|(a, b)| chars[*a..*b].iter().collect())
            .collect();
        assert_eq!(words, ["证书", "过期"]);
    }

    #[test]
    fn the_words_that_were_asked_for_lead_a_snippet_and_not_their_synonyms() {
        let analyser = Analyser::new(&Lexicon::default());
        analyser.wait();
        let text = format!(
            "ssl 与 https 与 tls 的说明，{}请在控制台更换证书后重试",
            "无关的话，".repeat(20)
        );
        let marker = Marker::new("证书", &analyser);
        let (line, _) = marker.snippet(&["走 https 协议和 ssl", &text], 30);
        assert!(line.contains("更换证书"), "{line}");
        // Where the word itself stands nowhere they do.
        let (line, _) = marker.snippet(&["无关", "走 https 协议"], 30);
        assert!(line.contains("https"), "{line}");
    }

    proptest! {
        #[test]
        fn marks_and_snippets_stay_inside_the_text(
            query in "[证书过期a-c\"* -]{0,12}",
            text in "[证书过期a-cＡ ，\n]{0,60}",
            width in 1usize..40,
        ) {
            let analyser = Analyser::new(&Lexicon::default());
            let marker = Marker::new(&query, &analyser);
            let mut last = 0;
            for (from, to) in marker.marks(&text) {
                prop_assert!(from >= last && from < to && to <= text.chars().count());
                last = to;
            }
            let (line, ranges) = marker.snippet(&[&text], width);
            prop_assert!(!line.contains('\n'));
            for (from, to) in ranges {
                prop_assert!(from < to && to <= line.chars().count());
            }
        }
    }
}
