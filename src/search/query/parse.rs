//! Reads a query.

use super::{Days, End, Fact, Node, Part, Query};
use crate::model::{CauseState, QueryNote};
use crate::text::fold::fold;

/// How deep parentheses nest before they are taken as blanks.
const DEPTH: usize = 16;

/// What a field name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Name {
    Category,
    Type,
    Cause,
    State,
    Dataset,
    Date,
    Id,
    Part(Part),
}

/// The field names, Chinese and English.
const NAMES: [(&str, Name); 24] = [
    ("类", Name::Category),
    ("分类", Name::Category),
    ("cat", Name::Category),
    ("category", Name::Category),
    ("型", Name::Type),
    ("类型", Name::Type),
    ("type", Name::Type),
    ("因", Name::Cause),
    ("根因", Name::Cause),
    ("cause", Name::Cause),
    ("态", Name::State),
    ("状态", Name::State),
    ("state", Name::State),
    ("集", Name::Dataset),
    ("数据集", Name::Dataset),
    ("dataset", Name::Dataset),
    ("日期", Name::Date),
    ("date", Name::Date),
    ("问", Name::Part(Part::Ask)),
    ("ask", Name::Part(Part::Ask)),
    ("答", Name::Part(Part::Answer)),
    ("answer", Name::Part(Part::Answer)),
    ("题", Name::Part(Part::Title)),
    ("id", Name::Id),
];

/// Names of states beside their English ones.
const STATES: [(&str, CauseState); 11] = [
    ("无根因", CauseState::None),
    ("待标注", CauseState::Placeholder),
    ("原文给出", CauseState::Given),
    ("无", CauseState::None),
    ("没有", CauseState::None),
    ("占位", CauseState::Placeholder),
    ("空话", CauseState::Placeholder),
    ("给定", CauseState::Given),
    ("已有", CauseState::Given),
    ("确认", CauseState::Confirmed),
    ("已确认", CauseState::Confirmed),
];

/// Reads a query. Whatever cannot be understood becomes words and a note.
pub fn parse(text: &str) -> Query {
    let mut notes = Vec::new();
    let tokens = tokens(text, &mut notes);
    let mut parser = Parser {
        tokens: &tokens,
        at: 0,
        notes,
    };
    let mut all = Vec::new();
    while parser.at < tokens.len() {
        let node = parser.any(0);
        match node {
            Some(Node::Every(nodes)) => all.extend(nodes),
            Some(node) => all.push(node),
            None => {}
        }
        if parser.take(&Token::Close) {
            parser.note("unbalanced", ")");
        }
    }
    if !all.is_empty() && all.iter().all(|node| matches!(node, Node::Not(_))) {
        parser.note("only_negative", text.trim());
    }
    Query {
        all,
        notes: parser.notes,
    }
}

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Open,
    Close,
    Or,
    Not,
    Name(Name, String),
    Word(String, End),
    Phrase(String),
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '＂' | '「' | '」')
}

fn is_open(c: char) -> bool {
    matches!(c, '(' | '（')
}

fn is_close(c: char) -> bool {
    matches!(c, ')' | '）')
}

fn tokens(text: &str, notes: &mut Vec<QueryNote>) -> Vec<Token> {
    let mut found = Vec::new();
    let mut chars = text.chars().peekable();
    while let Some(&c) = chars.peek() {
        if c.is_whitespace() {
            chars.next();
        } else if is_open(c) {
            chars.next();
            found.push(Token::Open);
        } else if is_close(c) {
            chars.next();
            found.push(Token::Close);
        } else if is_quote(c) {
            chars.next();
            let mut phrase = String::new();
            let mut closed = false;
            for c in chars.by_ref() {
                if is_quote(c) {
                    closed = true;
                    break;
                }
                phrase.push(c);
            }
            if !closed {
                note(notes, "unbalanced", &c.to_string());
            }
            if phrase.trim().is_empty() {
                note(notes, "empty_phrase", "\"\"");
            } else {
                found.push(Token::Phrase(phrase));
            }
        } else if c == '-' && {
            let mut ahead = chars.clone();
            ahead.next();
            ahead.next().is_some_and(|c| c.is_ascii_digit())
        } {
            // `-202` is an error code, not everything without 202.
            chars.next();
        } else if c == '-' || c == '－' {
            chars.next();
            let alone = chars.peek().is_none_or(|c| c.is_whitespace());
            if alone {
                note(notes, "empty_not", "-");
            } else {
                found.push(Token::Not);
            }
        } else {
            let mut word = String::new();
            while let Some(&c) = chars.peek() {
                if c.is_whitespace() || is_quote(c) || is_open(c) || is_close(c) {
                    break;
                }
                word.push(c);
                chars.next();
            }
            let end = if chars.peek().is_none() {
                End::Typing
            } else {
                End::Complete
            };
            word_tokens(&word, end, notes, &mut found);
        }
    }
    found
}

/// Says what was not understood, once.
fn note(notes: &mut Vec<QueryNote>, kind: &str, text: &str) {
    let note = QueryNote {
        kind: kind.to_owned(),
        text: text.to_owned(),
    };
    if !notes.contains(&note) {
        notes.push(note);
    }
}

/// A stretch without blanks: an operator, a field with its value, or words.
fn word_tokens(word: &str, end: End, notes: &mut Vec<QueryNote>, found: &mut Vec<Token>) {
    if word == "OR" || word == "|" || word == "｜" {
        found.push(Token::Or);
        return;
    }
    if let Some((name, value)) = word.split_once([':', '：']) {
        let lower = fold(name);
        if let Some((_, field)) = NAMES.iter().find(|(n, _)| *n == lower) {
            found.push(Token::Name(*field, word.to_owned()));
            if !value.is_empty() {
                found.push(starred(value, end));
            }
            return;
        }
        if looks_like_a_name(&lower) && !value.is_empty() {
            note(notes, "unknown_field", name);
        }
    }
    found.push(starred(word, end));
}

fn starred(word: &str, end: End) -> Token {
    match word.strip_suffix(['*', '＊']) {
        Some(word) if !word.is_empty() => Token::Word(word.to_owned(), End::Star),
        _ => Token::Word(word.to_owned(), end),
    }
}

/// Whether something before a colon is a slip for a field name: one Chinese character, or letters
/// close to a name. Others, such as `https:` or `error:`, are words.
fn looks_like_a_name(name: &str) -> bool {
    let mut chars = name.chars();
    if let (Some(c), None) = (chars.next(), chars.next()) {
        return crate::text::fold::is_cjk(c);
    }
    name.len() >= 3
        && NAMES
            .iter()
            .any(|(n, _)| n.is_ascii() && n.len() >= 3 && strsim::osa_distance(n, name) == 1)
}

struct Parser<'a> {
    tokens: &'a [Token],
    at: usize,
    notes: Vec<QueryNote>,
}

impl Parser<'_> {
    fn note(&mut self, kind: &str, text: &str) {
        note(&mut self.notes, kind, text);
    }

    fn take(&mut self, token: &Token) -> bool {
        let found = self.tokens.get(self.at) == Some(token);
        self.at += usize::from(found);
        found
    }

    /// `a b OR c d`: alternatives of sequences.
    fn any(&mut self, depth: usize) -> Option<Node> {
        let mut alternatives = Vec::new();
        loop {
            alternatives.extend(self.every(depth));
            if !self.take(&Token::Or) {
                break;
            }
        }
        match alternatives.len() {
            0 | 1 => alternatives.pop(),
            _ => Some(Node::Any(alternatives)),
        }
    }

    fn every(&mut self, depth: usize) -> Option<Node> {
        let mut nodes = Vec::new();
        while let Some(token) = self.tokens.get(self.at) {
            if matches!(token, Token::Close | Token::Or) {
                break;
            }
            nodes.extend(self.one(depth));
        }
        match nodes.len() {
            0 | 1 => nodes.pop(),
            _ => Some(Node::Every(nodes)),
        }
    }

    fn one(&mut self, depth: usize) -> Option<Node> {
        let token = self.tokens.get(self.at)?.clone();
        self.at += 1;
        match token {
            Token::Open if depth < DEPTH => {
                let node = self.any(depth + 1);
                if !self.take(&Token::Close) {
                    self.note("unbalanced", "(");
                }
                node
            }
            // Too deep to mean anything; `)` and `OR` end a sequence before they come here.
            Token::Open | Token::Close | Token::Or => None,
            Token::Not => match self.tokens.get(self.at) {
                None | Some(Token::Close | Token::Or) => {
                    self.note("empty_not", "-");
                    None
                }
                Some(_) => self.one(depth).map(|node| match node {
                    Node::Not(inner) => *inner,
                    node => Node::Not(Box::new(complete(node))),
                }),
            },
            Token::Name(name, written) => self.field(name, &written),
            Token::Word(text, end) => Some(words(text, Part::Any, end)),
            Token::Phrase(text) => Some(Node::Phrase {
                text,
                part: Part::Any,
            }),
        }
    }

    /// The value after a field's name.
    fn field(&mut self, name: Name, written: &str) -> Option<Node> {
        let (value, phrase, end) = match self.tokens.get(self.at) {
            // `类: CDN` with a blank is not a field with a value; `类:"…"` is.
            Some(Token::Word(value, end))
                if written.ends_with(value.as_str()) || written.ends_with('*') =>
            {
                (value.clone(), false, *end)
            }
            Some(Token::Phrase(value)) if written.ends_with([':', '：']) => {
                (value.clone(), true, End::Complete)
            }
            _ => {
                self.note("empty_term", written);
                return None;
            }
        };
        self.at += 1;
        let value = value.trim().to_owned();
        Some(match name {
            Name::Category => Node::Fact(Fact::Category(value)),
            Name::Type => Node::Fact(Fact::Type(value)),
            Name::Cause => Node::Fact(Fact::Cause(value)),
            Name::Dataset => Node::Fact(Fact::Dataset(value)),
            Name::Id => Node::Fact(Fact::Id(value)),
            Name::State => match state(&value) {
                Some(state) => Node::Fact(Fact::State(state)),
                None => {
                    // Silent while it is being typed: `态:pla` is on its way to something.
                    if end != End::Typing || !begins_a_state(&value) {
                        self.note("unknown_value", &value);
                    }
                    words(value, Part::Any, end)
                }
            },
            Name::Date => match Days::read(&value) {
                Some(days) => Node::Fact(Fact::Date(days)),
                None => {
                    // Silent while it is being typed: `2024-0` is on its way to a month.
                    let begun = |c: char| c.is_ascii_digit() || "-/.~～年月".contains(c);
                    if end != End::Typing || !value.chars().all(begun) {
                        self.note("unknown_value", &value);
                    }
                    words(value, Part::Any, end)
                }
            },
            Name::Part(part) if phrase => Node::Phrase { text: value, part },
            Name::Part(part) => words(value, part, end),
        })
    }
}

fn words(text: String, part: Part, end: End) -> Node {
    Node::Words { text, part, end }
}

/// Nothing is left out on account of a word that is still being typed.
fn complete(node: Node) -> Node {
    match node {
        Node::Words {
            text,
            part,
            end: End::Typing,
        } => Node::Words {
            text,
            part,
            end: End::Complete,
        },
        node => node,
    }
}

fn state(value: &str) -> Option<CauseState> {
    let value = fold(value);
    CauseState::parse(&value).or_else(|| {
        STATES
            .iter()
            .find(|(name, _)| *name == value)
            .map(|(_, state)| *state)
    })
}

fn begins_a_state(value: &str) -> bool {
    let value = fold(value);
    CauseState::ALL
        .into_iter()
        .map(CauseState::name)
        .chain(STATES.iter().map(|(name, _)| *name))
        .any(|name| name.starts_with(&value))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn kinds(text: &str) -> Vec<String> {
        parse(text).notes.into_iter().map(|n| n.kind).collect()
    }

    #[test]
    fn fields_are_read_by_chinese_and_english_names() {
        for text in ["类:CDN", "类：CDN", "cat:CDN", "CAT:CDN"] {
            let query = parse(text);
            assert_eq!(
                query.all,
                [Node::Fact(Fact::Category("CDN".into()))],
                "{text}"
            );
            assert!(query.notes.is_empty());
        }
        assert_eq!(
            parse("态:placeholder").all,
            [Node::Fact(Fact::State(CauseState::Placeholder))]
        );
        assert_eq!(
            parse("问:\"打不开 了\"").all,
            [Node::Phrase {
                text: "打不开 了".into(),
                part: Part::Ask
            }]
        );
    }

    #[test]
    fn a_state_is_named_as_rows_and_tabs_name_it() {
        for (word, state) in [
            ("待标注", CauseState::Placeholder),
            ("待標註", CauseState::Placeholder),
            ("无根因", CauseState::None),
            ("原文给出", CauseState::Given),
            ("已确认", CauseState::Confirmed),
        ] {
            let query = parse(&format!("态:{word}"));
            assert_eq!(query.all, [Node::Fact(Fact::State(state))], "{word}");
            assert!(query.notes.is_empty(), "{word}");
        }
        assert_eq!(
            parse("類:CDN").all,
            [Node::Fact(Fact::Category("CDN".into()))]
        );
    }

    #[test]
    fn alternatives_bind_weaker_than_sequences_and_parentheses_group() {
        let query = parse("a (b OR c) -d ");
        assert_eq!(query.all.len(), 3);
        assert!(matches!(&query.all[1], Node::Any(nodes) if nodes.len() == 2));
        assert!(matches!(&query.all[2], Node::Not(_)));
        assert!(matches!(&parse("a b OR c").all[0], Node::Any(nodes) if nodes.len() == 2));
    }

    #[test]
    fn a_negative_number_is_a_word() {
        let query = parse("errcode -202");
        assert!(matches!(&query.all[1], Node::Words { text, .. } if text == "202"));
    }

    #[test]
    fn the_last_word_may_go_on_and_the_others_not() {
        let ends: Vec<End> = parse("证书 htt")
            .all
            .into_iter()
            .filter_map(|node| match node {
                Node::Words { end, .. } => Some(end),
                _ => None,
            })
            .collect();
        assert_eq!(ends, [End::Complete, End::Typing]);
        assert!(matches!(
            parse("htt* x").all[0],
            Node::Words { end: End::Star, .. }
        ));
    }

    #[test]
    fn what_is_not_understood_is_said_and_taken_as_words() {
        assert_eq!(kinds("(证书"), ["unbalanced"]);
        assert_eq!(kinds("证书)"), ["unbalanced"]);
        assert_eq!(kinds("\"证书"), ["unbalanced"]);
        assert_eq!(kinds("态:未知 x"), ["unknown_value"]);
        assert_eq!(kinds("品:CDN"), ["unknown_field"]);
        assert_eq!(kinds("stat:none"), ["unknown_field"]);
        assert_eq!(kinds("类:"), ["empty_term"]);
        assert_eq!(kinds("证书 -"), ["empty_not"]);
        assert_eq!(kinds("证书 (-)"), ["empty_not"]);
        assert_eq!(kinds("证书 \"\""), ["empty_phrase"]);
        assert_eq!(kinds("(((((((((("), ["unbalanced"]);
        assert_eq!(kinds("-证书"), ["only_negative"]);
        assert!(kinds("https://example.com error:401 12:30").is_empty());
        assert_eq!(parse("品:CDN").all.len(), 1);
    }

    proptest! {
        #[test]
        fn anything_typed_is_a_query(text in "[()\"“”（）:：|a类态 O R*-]{0,30}|\\PC{0,30}") {
            let query = parse(&text);
            for node in &query.all {
                if let Node::Words { text, .. } = node {
                    prop_assert!(!text.is_empty());
                }
            }
        }
    }
}
