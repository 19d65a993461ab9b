//! What a query matched in a text, and the best passage of it.

use std::collections::BTreeSet;

use super::analysis::{Analyser, Cell, Chunk, Shape, Word, cells};
use super::query::{End, Node, parse};
use crate::text::fold::fold;
use crate::text::pinyin::spelled;

/// Ranges in characters, end exclusive.
type Ranges = Vec<(usize, usize)>;

/// Characters before the first match that a snippet shows.
const LEAD: usize = 8;

/// Characters of one text that are looked at for a snippet, and of all texts of a row.
const READ: usize = 2_000;
const READ_IN_ALL: usize = 6_000;

/// Characters of a text that are looked at for pinyin: it is found in short texts only.
const SPELLED: usize = 160;

/// Characters of a text that another is likened to, and words of it that are marked.
const LIKENED: usize = 600;
const LIKE_WORDS: usize = 32;

/// Marks of a text among which the best passage is sought.
const WINDOWS: usize = 64;

/// Letters of a word that may be pinyin.
const PINYIN_LETTERS: std::ops::RangeInclusive<usize> = 2..=24;

/// A query as what it looks for in texts.
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

struct Needle {
    word: Vec<char>,
    pairs: Vec<[char; 2]>,
}

struct Letters {
    text: String,
    prefix: bool,
    /// Words that the letters stand for by their pinyin.
    spoken: Vec<Vec<char>>,
}

impl Marker {
    /// Reads a query.
    pub fn new(query: &str, analyser: &Analyser) -> Self {
        let mut marker = Self {
            chinese: Vec::new(),
            latin: Vec::new(),
            phrases: Vec::new(),
            synonyms: Vec::new(),
        };
        for node in &parse(query).all {
            marker.node(node, analyser);
        }
        marker
    }

    /// Reads a text that others are likened to: its telling words, no query language.
    pub fn like(text: &str, analyser: &Analyser) -> Self {
        let read: String = text.chars().take(LIKENED).collect();
        let mut marker = Self {
            chinese: Vec::new(),
            latin: Vec::new(),
            phrases: Vec::new(),
            synonyms: Vec::new(),
        };
        let mut seen = BTreeSet::new();
        let words = analyser.words(&read).into_iter();
        let telling = words
            .filter(|word| {
                !super::analysis::is_stop(&word.text) && word.text.chars().nth(1).is_some()
            })
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
        let telling = words.iter().any(|w| !super::analysis::is_stop(&w.text));
        for (at, word) in words.iter().enumerate() {
            let prefix = at == last && end != End::Complete;
            if telling && super::analysis::is_stop(&word.text) {
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
                let chars: Vec<char> = word.text.chars().collect();
                let pairs = chars
                    .windows(2)
                    .filter_map(|pair| <[char; 2]>::try_from(pair).ok())
                    .collect();
                self.chinese.push(Needle { word: chars, pairs });
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
        for synonym in &self.synonyms {
            if synonym.is_ascii() {
                mark_equal(synonym, &latin, &mut ranges);
            } else {
                let word: Vec<char> = synonym.chars().collect();
                mark_chars(&word, &chars, &mut ranges);
            }
        }
        merged(ranges)
    }

    /// The best passage of some texts on one line, and what matched in it.
    pub fn snippet(&self, texts: &[&str], width: usize) -> (String, Ranges) {
        let mut best: Option<(usize, String, Ranges)> = None;
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
            let marks = self.marks(&line);
            let (start, worth) = window(&line, &marks, width);
            if best.as_ref().is_none_or(|(known, ..)| worth > *known) {
                let (passage, ranges) = cut(&line, &marks, start, width);
                best = Some((worth, passage, ranges));
            }
        }
        best.map_or_else(Default::default, |(_, passage, ranges)| (passage, ranges))
    }
}

impl Needle {
    /// The word where it stands, else its pairs: that is how it matches.
    fn mark(&self, chars: &[char], present: &Present, ranges: &mut Ranges) {
        if present.may_hold(&self.word) && mark_chars(&self.word, chars, ranges) {
            return;
        }
        for pair in self.pairs.iter().filter(|pair| present.may_hold(*pair)) {
            mark_chars(pair, chars, ranges);
        }
    }
}

/// Which characters a text may have, by the low bits of their codes: most words of a long query
/// are not in most texts, and need not be sought there.
struct Present([u64; Self::WORDS]);

impl Present {
    const WORDS: usize = 64;

    fn of(chars: &[char]) -> Self {
        let mut present = Self([0; Self::WORDS]);
        for c in chars {
            let (word, bit) = Self::place(*c);
            if let Some(word) = present.0.get_mut(word) {
                *word |= bit;
            }
        }
        present
    }

    fn may_hold(&self, chars: &[char]) -> bool {
        chars.iter().all(|c| {
            let (word, bit) = Self::place(*c);
            self.0.get(word).is_some_and(|word| word & bit != 0)
        })
    }

    fn place(c: char) -> (usize, u64) {
        let code = u32::from(c);
        ((code >> 6) as usize % Self::WORDS, 1 << (code & 63))
    }
}

impl Letters {
    /// Equal words and beginnings; else Chinese spelled so; else words a letter away.
    fn mark(&self, chars: &[char], places: &[Place<'_>], ranges: &mut Ranges) {
        let before = ranges.len();
        for place in places {
            let len = place.text.chars().count();
            let holds = if self.prefix {
                place.text.starts_with(self.text.as_str())
            } else {
                place.text == self.text
            };
            if holds {
                let marked = if self.prefix {
                    self.text.chars().count()
                } else {
                    len
                };
                ranges.push((place.start, place.start + marked));
            } else if let Some(at) = place.text.find(self.text.as_str())
                && super::analysis::pieces(place.text).contains(&self.text.as_str())
            {
                ranges.push((place.start + at, place.start + at + self.text.len()));
            }
        }
        if ranges.len() > before || !self.text.is_ascii() {
            return;
        }
        if PINYIN_LETTERS.contains(&self.text.len()) {
            let chars = chars.get(..SPELLED).unwrap_or(chars);
            if !mark_spelled(&self.text, chars, ranges) {
                self.mark_mixture(chars, places, ranges);
            }
        }
        if ranges.len() == before {
            for word in &self.spoken {
                mark_chars(word, chars, ranges);
            }
        }
        if ranges.len() == before && self.text.len() >= 3 {
            for place in places.iter().filter(|place| place.text.is_ascii()) {
                if place.text.len().abs_diff(self.text.len()) <= 1
                    && strsim::osa_distance(place.text, &self.text) == 1
                {
                    ranges.push((place.start, place.start + place.text.len()));
                }
            }
        }
    }
}

impl Letters {
    /// A word that stands in the text, and Chinese spelled by the letters behind it; or two
    /// stretches of Chinese.
    fn mark_mixture(&self, chars: &[char], places: &[Place<'_>], ranges: &mut Ranges) {
        let halves =
            (2..self.text.len().saturating_sub(1)).filter_map(|at| self.text.split_at_checked(at));
        for (word, rest) in halves {
            let before = ranges.len();
            mark_equal(word, places, ranges);
            let led = ranges.len() > before || mark_spelled(word, chars, ranges);
            if led && mark_spelled(rest, chars, ranges) {
                return;
            }
            ranges.truncate(before);
        }
    }
}

/// Marks every stretch of Chinese that letters spell; whether there was one.
fn mark_spelled(letters: &str, chars: &[char], ranges: &mut Ranges) -> bool {
    let before = ranges.len();
    let mut at = 0;
    while let Some(rest) = chars.get(at..).filter(|rest| !rest.is_empty()) {
        let found = spelled(rest, letters).filter(|n| rest.iter().take(*n).any(|c| !c.is_ascii()));
        if let Some(n) = found {
            ranges.push((at, at + n));
        }
        at += found.unwrap_or(1).max(1);
    }
    ranges.len() > before
}

/// A cell of a text: a Chinese character or a Latin part.
struct Place<'a> {
    text: &'a str,
    start: usize,
    cell: u32,
}

/// The Latin parts of a text.
fn latin_places(folded: &str) -> Vec<Place<'_>> {
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

fn places(folded: &str) -> Vec<Place<'_>> {
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

/// Marks every place where some characters stand; whether there was one.
fn mark_chars(word: &[char], chars: &[char], ranges: &mut Ranges) -> bool {
    let before = ranges.len();
    if !word.is_empty() {
        for (at, window) in chars.windows(word.len()).enumerate() {
            if window == word {
                ranges.push((at, at + word.len()));
            }
        }
    }
    ranges.len() > before
}

fn mark_equal(word: &str, places: &[Place<'_>], ranges: &mut Ranges) {
    for place in places.iter().filter(|place| place.text == word) {
        ranges.push((place.start, place.start + word.len()));
    }
}

fn mark_phrase(phrase: &[String], places: &[Place<'_>], ranges: &mut Ranges) {
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

/// Ranges in order, those that touch made one.
fn merged(mut ranges: Ranges) -> Ranges {
    ranges.sort_unstable();
    let mut out: Ranges = Vec::new();
    for (from, to) in ranges {
        match out.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(to),
            _ => out.push((from, to)),
        }
    }
    out
}

/// Where the stretch of a text with the most different matches begins, and how many it has.
fn window(line: &str, marks: &Ranges, width: usize) -> (usize, usize) {
    let chars: Vec<char> = line.chars().collect();
    let mut best = (0, 0);
    for (first, (from, _)) in marks.iter().enumerate().take(WINDOWS) {
        let mut seen: BTreeSet<&[char]> = BTreeSet::new();
        let mut marked = 0;
        for (start, end) in marks.iter().skip(first) {
            if end.saturating_sub(*from) + LEAD > width {
                break;
            }
            if let Some(word) = chars.get(*start..*end) {
                if seen.insert(word) {
                    marked += 10 * (end - start);
                }
                marked += 1;
            }
        }
        if marked > best.1 {
            best = (*from, marked);
        }
    }
    best
}

/// A stretch of a line with the ranges in it, blanks of several made one.
fn cut(line: &str, marks: &Ranges, start: usize, width: usize) -> (String, Ranges) {
    let total = line.chars().count();
    let from = start.saturating_sub(LEAD).min(total.saturating_sub(width));
    let mut passage = String::new();
    let mut count = 0;
    let mut place = Vec::with_capacity(total.min(from + width) - from + 1);
    if from > 0 {
        passage.push('…');
        count += 1;
    }
    let mut blank = true;
    let mut taken = from;
    for c in line.chars().skip(from) {
        if count >= width {
            break;
        }
        place.push(count);
        taken += 1;
        if c == ' ' && blank {
            continue;
        }
        blank = c == ' ';
        passage.push(c);
        count += 1;
    }
    place.push(count);
    if taken < total {
        passage.push('…');
    }
    let ranges = marks
        .iter()
        .filter(|(a, b)| *b > from && *a < taken)
        .filter_map(|(a, b)| {
            let a = place.get(a.max(&from) - from)?;
            let b = place.get(b.min(&taken) - from)?;
            (a < b).then_some((*a, *b))
        })
        .collect();
    (passage, merged(ranges))
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
