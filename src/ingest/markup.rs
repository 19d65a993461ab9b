//! Markup becomes text: once, at import, for every format.
//!
//! Tags are read as a stream of tokens and never as a tree, so that nesting costs nothing however
//! deep it is. In a text only tags that HTML knows are markup: `<token>` in a command stays, and
//! so do code spans and fences. Numbers: a link is written as Markdown writes one.

use std::borrow::Cow;
use std::cell::RefCell;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

/// Tags that make a text markup; others are words in angle brackets.
const TAGS: [&str; 62] = [
    "a",
    "abbr",
    "article",
    "aside",
    "b",
    "big",
    "blockquote",
    "body",
    "br",
    "center",
    "code",
    "col",
    "colgroup",
    "dd",
    "del",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "font",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hr",
    "html",
    "i",
    "img",
    "ins",
    "li",
    "link",
    "main",
    "meta",
    "nav",
    "ol",
    "p",
    "pre",
    "s",
    "script",
    "section",
    "small",
    "span",
    "strong",
    "style",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "u",
    "ul",
];

/// Where markup stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// In a text of its own, whose line ends are meant.
    Text,
    /// In a page, whose headings, labels and tables are a document's.
    Page,
}

/// The text of a piece of markup; what holds none stays as it is.
pub(crate) fn text(source: &str) -> Cow<'_, str> {
    if !source.contains(['<', '&']) || !holds_markup(source) {
        return Cow::Borrowed(source);
    }
    let mut out = String::with_capacity(source.len());
    for (piece, code) in pieces(source) {
        if code {
            out.push_str(piece);
            continue;
        }
        let lead = piece.len() - piece.trim_start().len();
        let tail = piece.trim_end().len().max(lead);
        out.push_str(piece.get(..lead).unwrap_or_default());
        let core = piece.get(lead..tail).unwrap_or_default();
        out.push_str(&convert(&shield(core), Place::Text));
        out.push_str(piece.get(tail..).unwrap_or_default());
    }
    Cow::Owned(out.trim().to_owned())
}

/// A saved page as a document: headings, labels with values, lists and tables.
pub(crate) fn page(source: &str) -> String {
    convert(source, Place::Page)
}

/// Whether a text begins as a page does.
pub(crate) fn is_page(text: &str) -> bool {
    let head: String = text
        .trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n'])
        .chars()
        .take(16)
        .collect();
    let head = head.to_lowercase();
    head.starts_with("<!doctype html") || head.starts_with("<html")
}

/// Whether a known tag or an entity stands outside of code.
pub(crate) fn holds_markup(source: &str) -> bool {
    pieces(source)
        .filter(|(_, code)| !code)
        .any(|(piece, _)| places(piece, '<').any(is_tag) || places(piece, '&').any(is_entity))
}

fn places(text: &str, mark: char) -> impl Iterator<Item = &str> {
    text.match_indices(mark)
        .filter_map(|(at, _)| text.get(at..))
}

/// Whether a text begins with a tag that HTML knows.
fn is_tag(text: &str) -> bool {
    let inner = text.get(1..).unwrap_or_default();
    if inner.starts_with("!--") {
        return inner.contains("-->");
    }
    let inner = inner.strip_prefix('/').unwrap_or(inner);
    let len = inner
        .bytes()
        .take_while(u8::is_ascii_alphanumeric)
        .take(12)
        .count();
    let name = inner.get(..len).unwrap_or_default().to_ascii_lowercase();
    let rest = inner.get(len..).unwrap_or_default();
    // A tag closes before the next begins.
    let closed = rest
        .char_indices()
        .take(4096)
        .find(|(_, c)| matches!(c, '>' | '<'))
        .is_some_and(|(_, c)| c == '>');
    let ends = rest.starts_with(|c: char| c.is_whitespace() || matches!(c, '>' | '/'));
    ends && closed && TAGS.contains(&name.as_str())
}

/// Whether a text begins with an entity that stands for a character.
fn is_entity(text: &str) -> bool {
    const NAMES: [&str; 20] = [
        "nbsp", "lt", "gt", "amp", "quot", "apos", "hellip", "mdash", "ndash", "ldquo", "rdquo",
        "lsquo", "rsquo", "middot", "copy", "reg", "times", "bull", "ensp", "emsp",
    ];
    let Some((name, _)) = text.get(1..).and_then(|rest| {
        let end = rest.char_indices().take(10).find(|(_, c)| *c == ';')?.0;
        Some((rest.get(..end)?, ()))
    }) else {
        return false;
    };
    let digits = |text: &str, hex: bool| {
        !text.is_empty()
            && text.chars().all(|c| {
                if hex {
                    c.is_ascii_hexdigit()
                } else {
                    c.is_ascii_digit()
                }
            })
    };
    match name.strip_prefix('#') {
        Some(number) => match number.strip_prefix(['x', 'X']) {
            Some(hex) => digits(hex, true),
            None => digits(number, false),
        },
        None => NAMES.contains(&name),
    }
}

/// Splits a text at its code: fences and spans between backticks.
fn pieces(text: &str) -> impl Iterator<Item = (&str, bool)> {
    let mut rest = text;
    let mut code = None;
    std::iter::from_fn(move || {
        if let Some(span) = code.take() {
            return Some((span, true));
        }
        if rest.is_empty() {
            return None;
        }
        let mut from = 0;
        loop {
            let Some(at) = rest.get(from..).and_then(|tail| tail.find('`')) else {
                let all = rest;
                rest = "";
                return Some((all, false));
            };
            let start = from + at;
            let tail = rest.get(start..).unwrap_or_default();
            let marks = tail.bytes().take_while(|b| *b == b'`').count();
            let fence = "`".repeat(marks);
            let body = tail.get(marks..).unwrap_or_default();
            // A span ends on its line, a fence where the same marks stand again.
            let end = body
                .find(&fence)
                .filter(|end| marks >= 3 || !body.get(..*end).unwrap_or_default().contains('\n'));
            match end {
                Some(end) => {
                    let whole = marks + end + marks;
                    let before = rest.get(..start).unwrap_or_default();
                    code = tail.get(..whole);
                    rest = tail.get(whole..).unwrap_or_default();
                    return Some((before, false));
                }
                None => from = start + marks,
            }
        }
    })
}

/// Puts words in angle brackets out of the parser's reach.
fn shield(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for (at, c) in text.char_indices() {
        let here = text.get(at..).unwrap_or_default();
        match c {
            '<' if !is_tag(here) => out.push_str("&lt;"),
            '&' if !is_entity(here) => out.push_str("&amp;"),
            _ => out.push(c),
        }
    }
    out
}

fn convert(source: &str, place: Place) -> String {
    let sink = Writer {
        state: RefCell::new(State::new(place)),
    };
    let tokenizer = Tokenizer::new(sink, TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from_slice(source));
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    tokenizer.sink.state.into_inner().finish()
}

struct Writer {
    state: RefCell<State>,
}

impl TokenSink for Writer {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut state = self.state.borrow_mut();
        match token {
            Token::TagToken(tag) => {
                let raw = match (&*tag.name, tag.kind) {
                    ("script", TagKind::StartTag) => Some(RawKind::ScriptData),
                    ("style", TagKind::StartTag) => Some(RawKind::Rawtext),
                    ("title" | "textarea", TagKind::StartTag) => Some(RawKind::Rcdata),
                    _ => None,
                };
                state.tag(&tag);
                if let Some(kind) = raw {
                    return TokenSinkResult::RawData(kind);
                }
            }
            Token::CharacterTokens(text) => state.characters(&text),
            Token::DoctypeToken(_)
            | Token::CommentToken(_)
            | Token::NullCharacterToken
            | Token::EOFToken
            | Token::ParseError(_) => {}
        }
        TokenSinkResult::Continue
    }
}

/// What has been written, and what stands open.
struct State {
    place: Place,
    out: String,
    /// Elements whose text is nobody's, by depth.
    silent: u32,
    /// Lists that are open: the number of the next item, or none.
    lists: Vec<Option<u32>>,
    link: Option<(usize, String)>,
    pre: u32,
    /// Cells of the table's row that is open, and rows of the table so far.
    row: Vec<String>,
    rows: Vec<(Vec<String>, bool)>,
    headed: bool,
    /// What stood open around the table.
    outside: Option<String>,
    space: bool,
}

/// The most lists that keep their own numbers.
const MAX_LISTS: usize = 64;

impl State {
    fn new(place: Place) -> Self {
        Self {
            place,
            out: String::new(),
            silent: 0,
            lists: Vec::new(),
            link: None,
            pre: 0,
            row: Vec::new(),
            rows: Vec::new(),
            headed: false,
            outside: None,
            space: false,
        }
    }

    fn is_silent(name: &str, place: Place) -> bool {
        matches!(
            name,
            "script" | "style" | "head" | "noscript" | "template" | "select" | "button"
        ) || (place == Place::Page && matches!(name, "nav" | "footer" | "aside" | "title"))
    }

    fn tag(&mut self, tag: &Tag) {
        let name = &*tag.name;
        let start = tag.kind == TagKind::StartTag;
        if Self::is_silent(name, self.place) {
            self.silent = if start {
                self.silent.saturating_add(1)
            } else {
                self.silent.saturating_sub(1)
            };
            return;
        }
        // The end of a head that was never closed.
        if name == "body" {
            self.silent = 0;
        }
        if self.silent > 0 {
            return;
        }
        match (name, start) {
            ("br", _) => self.line(),
            ("hr", true) if self.place == Place::Page => self.block("---"),
            ("li", true) => self.item(),
            ("ol" | "ul", true) => {
                self.line_if_text();
                if self.lists.len() < MAX_LISTS {
                    self.lists.push((name == "ol").then_some(1));
                }
            }
            ("ol" | "ul", false) => {
                self.lists.pop();
                self.line_if_text();
            }
            ("a", true) => {
                let href = attribute(tag, "href").filter(|href| href.contains("://"));
                self.link = href.map(|href| (self.out.len(), href));
            }
            ("a", false) => self.close_link(),
            ("img", true) => self.push("[图片]"),
            ("pre", _) => {
                self.pre = if start {
                    self.pre + 1
                } else {
                    self.pre.saturating_sub(1)
                };
                self.line_if_text();
            }
            ("table", _) => self.table(start),
            ("tr", true) => {
                self.row.clear();
                self.headed = false;
            }
            ("tr", false) => self.end_row(),
            ("td" | "th", true) => {
                self.headed |= name == "th";
                if self.outside.is_some() {
                    self.out.clear();
                }
            }
            ("td" | "th", false) if self.outside.is_some() => {
                let cell = std::mem::take(&mut self.out);
                self.row.push(cell.trim().to_owned());
            }
            ("h1" | "h2" | "h3" | "h4" | "h5" | "h6", _)
                if self.place == Place::Page && self.outside.is_none() =>
            {
                if start {
                    let level = name.as_bytes().get(1).map_or(1, |b| usize::from(b - b'0'));
                    self.block(&format!("{} ", "#".repeat(level)));
                } else {
                    self.block("");
                }
            }
            ("p" | "blockquote" | "section" | "article" | "dl", _) if self.place == Place::Page => {
                self.block("");
            }
            (
                "p" | "div" | "blockquote" | "section" | "article" | "header" | "footer" | "main"
                | "dl" | "dt" | "dd" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "figure"
                | "figcaption" | "center" | "body" | "html" | "form" | "fieldset",
                _,
            ) => {
                if name == "dt" && !start && !self.out.trim_end().ends_with([':', '：']) {
                    let len = self.out.trim_end().len();
                    self.out.truncate(len);
                    self.out.push('：');
                } else if !(name == "dd" && start) {
                    self.line_if_text();
                }
            }
            _ => {}
        }
    }

    fn characters(&mut self, text: &str) {
        if self.silent > 0 {
            return;
        }
        let keep = self.pre > 0 || (self.place == Place::Text && self.outside.is_none());
        for c in text.chars() {
            let c = if c == '\u{a0}' { ' ' } else { c };
            if c == '\n' && keep {
                // A break at the end of a line is the line's end.
                if !std::mem::take(&mut self.space) {
                    self.out.push('\n');
                }
                continue;
            }
            self.space = false;
            if c.is_whitespace() && !keep {
                if !self.out.is_empty() && !self.out.ends_with([' ', '\n']) {
                    self.out.push(' ');
                }
            } else {
                self.out.push(c);
            }
        }
    }

    fn push(&mut self, text: &str) {
        self.space = false;
        self.out.push_str(text);
    }

    fn line(&mut self) {
        let len = self.out.trim_end_matches(' ').len();
        self.out.truncate(len);
        self.out.push('\n');
        self.space = true;
    }

    fn line_if_text(&mut self) {
        let len = self.out.trim_end_matches(' ').len();
        self.out.truncate(len);
        if !self.out.is_empty() && !self.out.ends_with('\n') {
            self.out.push('\n');
            self.space = true;
        }
    }

    /// Begins a paragraph of a page.
    fn block(&mut self, mark: &str) {
        self.line_if_text();
        if !self.out.is_empty() && !self.out.ends_with("\n\n") && self.outside.is_none() {
            self.out.push('\n');
        }
        self.out.push_str(mark);
    }

    fn item(&mut self) {
        self.line_if_text();
        let depth = self.lists.len().saturating_sub(1).min(8);
        self.out.push_str(&"   ".repeat(depth));
        match self.lists.last_mut() {
            Some(Some(number)) => {
                self.out.push_str(&format!("{number}. "));
                *number += 1;
            }
            Some(None) | None => self.out.push_str("- "),
        }
        self.space = false;
    }

    fn close_link(&mut self) {
        let Some((at, href)) = self.link.take() else {
            return;
        };
        let Some(shown) = self.out.get(at..).map(|text| text.trim().to_owned()) else {
            return;
        };
        if shown.is_empty() || shown == href || href.contains(&shown) {
            self.out.truncate(at);
            self.out.push_str(&href);
        } else {
            self.out.truncate(at);
            self.out.push_str(&format!("[{shown}]({href})"));
        }
    }

    fn table(&mut self, start: bool) {
        if start {
            // A table within a table is a part of its cell.
            if self.outside.is_none() {
                self.line_if_text();
                self.outside = Some(std::mem::take(&mut self.out));
                self.rows.clear();
            }
            return;
        }
        let Some(outside) = self.outside.take() else {
            return;
        };
        self.out = outside;
        let rows = std::mem::take(&mut self.rows);
        let page = self.place == Place::Page;
        if page
            && rows.iter().all(
                |(cells, _)| matches!(cells.as_slice(), [label, _] if label.chars().count() <= 12),
            )
        {
            for (cells, _) in rows {
                if let [label, value] = cells.as_slice() {
                    self.block(&format!(
                        "###### {}\n\n{value}\n\n",
                        label.trim_end_matches([':', '：'])
                    ));
                }
            }
            return;
        }
        if page {
            self.block("");
        }
        for (at, (cells, _)) in rows.iter().enumerate() {
            let cells: Vec<String> = if page {
                cells
                    .iter()
                    .map(|cell| cell.replace('|', "\\|").replace('\n', "<br>"))
                    .collect()
            } else {
                cells.iter().map(|cell| cell.replace('\n', " ")).collect()
            };
            let line = cells.join(" | ");
            if page {
                self.out.push_str(&format!("| {line} |\n"));
                if at == 0 {
                    self.out
                        .push_str(&format!("|{}\n", "---|".repeat(cells.len())));
                }
            } else {
                self.out.push_str(&line);
                self.out.push('\n');
            }
        }
    }

    fn end_row(&mut self) {
        if self.outside.is_some() {
            let row = std::mem::take(&mut self.row);
            if row.iter().any(|cell| !cell.is_empty()) {
                self.rows.push((row, self.headed));
            }
        }
    }

    fn finish(mut self) -> String {
        if self.outside.is_some() {
            self.end_row();
            self.table(false);
        }
        self.close_link();
        // A piece of a text may begin and end with a break that is meant.
        let whole = if self.place == Place::Page {
            self.out.trim()
        } else {
            self.out.as_str()
        };
        let mut out = String::with_capacity(whole.len());
        for (at, line) in whole.split('\n').enumerate() {
            if line.trim().is_empty() && out.ends_with('\n') {
                continue;
            }
            if at > 0 {
                out.push('\n');
            }
            out.push_str(if line.trim().is_empty() { "" } else { line });
        }
        out
    }
}

fn attribute(tag: &Tag, name: &str) -> Option<String> {
    tag.attrs
        .iter()
        .find(|attribute| &*attribute.name.local == name)
        .map(|attribute| attribute.value.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_of_a_message_becomes_lines() {
        for (markup, expected) in [
            ("<p>甲，<br>乙</p><p>丙</p>", "甲，\n乙\n丙"),
            ("甲<br>\n乙", "甲\n乙"),
            ("<ol><li>一</li><li>二</li></ol>", "1. 一\n2. 二"),
            ("<ul><li>一</li><li>二", "- 一\n- 二"),
            (
                "请看<a href=\"https://a.example/x\">说明</a>。",
                "请看[说明](https://a.example/x)。",
            ),
            (
                "<a href=\"https://a.example/x\">https://a.example/x</a>",
                "https://a.example/x",
            ),
            ("甲&nbsp;乙&hellip;", "甲 乙…"),
            ("<style>p{}</style><script>if(a<b){}</script>丙", "丙"),
            (
                "<table><tr><td>甲</td><td>乙</td></tr><tr><td>丙</td><td>丁</td></tr></table>",
                "甲 | 乙\n丙 | 丁",
            ),
        ] {
            assert_eq!(text(markup), expected, "{markup}");
        }
    }

    #[test]
    fn what_is_no_markup_stays() {
        for same in [
            "curl -H 'token: <token>' | a < b && c > d",
            "`<br>` 是换行",
            "```html\n<div>甲</div>\n```",
            "a=1&lt=2&b=3",
            "List<String> 与 Vec<u8>",
        ] {
            assert_eq!(text(same), same);
        }
        assert_eq!(text("`<br>`<br>乙 <token>"), "`<br>`\n乙 <token>");
    }

    #[test]
    fn nesting_costs_nothing() {
        let deep = format!("{}甲{}", "<div>".repeat(200_000), "</div>".repeat(200_000));
        assert_eq!(text(&deep), "甲");
        let lists = format!("{}甲", "<ul><li>".repeat(50_000));
        assert!(page(&lists).contains('甲'));
    }
}
