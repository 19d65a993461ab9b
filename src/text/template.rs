//! The `{{名称}}` syntax of blanks in a reply: taken apart, filled, written.
//!
//! `\{{` stands for `{{` itself. A name that is neither declared nor Chinese is no slot: code
//! samples such as `{{ message }}` stay as they are.

use std::collections::BTreeMap;

/// Characters of the longest name.
const LONGEST_NAME: usize = 40;

/// A piece of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Text as it is sent.
    Text(String),
    /// A blank, by name.
    Slot(String),
}

/// A reply's text taken apart.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Template {
    /// The pieces in order.
    pub pieces: Vec<Piece>,
}

/// A template with its blanks filled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filled {
    /// The text; an unfilled blank stands in it as `{{名称}}`.
    pub text: String,
    /// Names of the blanks left, each once, in order.
    pub unfilled: Vec<String>,
}

impl Template {
    /// Takes a text apart. `declared` names count as slots whatever they are written in.
    pub fn parse(text: &str, declared: &[String]) -> Self {
        let mut template = Self::default();
        let mut rest = text;
        while let Some(at) = rest.find("{{") {
            let (head, tail) = (
                rest.get(..at).unwrap_or_default(),
                rest.get(at + 2..).unwrap_or_default(),
            );
            if let Some(head) = head.strip_suffix('\\') {
                template.push_text(head);
                template.push_text("{{");
                rest = tail;
                continue;
            }
            template.push_text(head);
            let name = tail
                .split_once("}}")
                .filter(|(name, _)| is_name(name, declared));
            if let Some((name, behind)) = name {
                template.pieces.push(Piece::Slot(name.trim().to_owned()));
                rest = behind;
            } else {
                template.push_text("{{");
                rest = tail;
            }
        }
        template.push_text(rest);
        template
    }

    /// Names of the slots, each once, in order.
    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for piece in &self.pieces {
            match piece {
                Piece::Slot(name) if !names.contains(name) => names.push(name.clone()),
                Piece::Slot(_) | Piece::Text(_) => {}
            }
        }
        names
    }

    /// Fills the blanks; an empty value leaves its blank.
    pub fn fill(&self, values: &BTreeMap<String, String>) -> Filled {
        let mut text = String::new();
        let mut unfilled: Vec<String> = Vec::new();
        for piece in &self.pieces {
            match piece {
                Piece::Text(literal) => text.push_str(literal),
                Piece::Slot(name) => match values.get(name).filter(|value| !value.is_empty()) {
                    Some(value) => text.push_str(value),
                    None => {
                        text.push_str(&written(name));
                        if !unfilled.contains(name) {
                            unfilled.push(name.clone());
                        }
                    }
                },
            }
        }
        Filled { text, unfilled }
    }

    /// The text that parses to this template.
    pub fn source(&self) -> String {
        self.pieces
            .iter()
            .map(|piece| match piece {
                Piece::Text(literal) => escape(literal),
                Piece::Slot(name) => written(name),
            })
            .collect()
    }

    fn push_text(&mut self, text: &str) {
        match self.pieces.last_mut() {
            _ if text.is_empty() => {}
            Some(Piece::Text(last)) => last.push_str(text),
            Some(Piece::Slot(_)) | None => self.pieces.push(Piece::Text(text.to_owned())),
        }
    }
}

/// Makes literal text safe in a template.
pub fn escape(text: &str) -> String {
    text.replace("{{", "\\{{")
}

/// A slot as it is written.
pub fn written(name: &str) -> String {
    format!("{{{{{name}}}}}")
}

fn is_name(name: &str, declared: &[String]) -> bool {
    let name = name.trim();
    !name.is_empty()
        && name.chars().count() <= LONGEST_NAME
        && !name.contains(['{', '}', '\n'])
        && (name.chars().any(is_han) || declared.iter().any(|d| d == name))
}

/// Whether a character is a Chinese ideograph.
pub fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn values_of(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs
            .iter()
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
            .collect()
    }

    #[test]
    fn an_unfilled_slot_is_named_and_stays_visible() {
        let template = Template::parse("请把{{域名}}解析到{{链接}}，再访问{{域名}}", &[]);
        let filled = template.fill(&values_of(&[("链接", "https://a.example.com")]));
        assert_eq!(
            filled.text,
            "请把{{域名}}解析到https://a.example.com，再访问{{域名}}"
        );
        assert_eq!(filled.unfilled, ["域名"]);
    }

    #[test]
    fn escaped_and_unknown_braces_stay_literal() {
        let template = Template::parse(r"写 \{{名称}} 与 {{ message }} 与 {{未闭合", &[]);
        assert!(template.names().is_empty());
        assert_eq!(
            template.fill(&BTreeMap::new()).text,
            "写 {{名称}} 与 {{ message }} 与 {{未闭合"
        );
        assert_eq!(
            Template::parse("{{host}}", &["host".into()]).names(),
            ["host"]
        );
    }

    proptest! {
        #[test]
        fn a_template_reads_back_from_its_source(text in r"([a{}\\域名 ]|\{\{域名\}\}){0,30}") {
            let template = Template::parse(&text, &[]);
            prop_assert_eq!(Template::parse(&template.source(), &[]).fill(&BTreeMap::new()),
                template.fill(&BTreeMap::new()));
        }

        #[test]
        fn escaped_text_is_sent_as_it_was(text in r"[a{}\\域名 ]{0,30}") {
            // A backslash right before braces is the escape itself and is not doubled.
            prop_assume!(!text.contains("\\{{"));
            prop_assert_eq!(Template::parse(&escape(&text), &[]).fill(&BTreeMap::new()).text, text);
        }

        #[test]
        fn filling_every_slot_leaves_none(value in "[a-z]{1,8}", text in r"([请把。]|\{\{(域名|链接)\}\}){0,12}") {
            let template = Template::parse(&text, &[]);
            let values = template.names().into_iter().map(|name| (name, value.clone())).collect();
            prop_assert!(template.fill(&values).unfilled.is_empty());
        }
    }
}
