//! One line of a document: what shape it has, before anybody knows what it means here.

mod fact;
mod speaker;
mod title;

use super::labels::{Field, LabelTable, Named, is_chinese_digit, split_number};

pub(crate) use fact::{Fact, cells, fact, is_frame};
pub(crate) use speaker::{SpeakerLine, clean_name, speaker};
pub(crate) use title::{is_footer, is_no_ticket, title_number, title_prefix};

use title::is_title_prefix;

/// How a label is set. Stronger forms come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Form {
    /// `### 问题描述`
    Heading,
    /// `**问题描述**：` or `【问题描述】`
    Bold,
    /// `问题描述：`
    Plain,
}

/// Level of a bold line that stands alone as a heading.
pub(crate) const BOLD_LEVEL: u8 = 7;
/// Level of a numbered line that stands alone as a heading.
pub(crate) const NUMBERED_LEVEL: u8 = 8;

/// The shape of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Shape<'t> {
    /// Nothing but white space.
    Blank,
    /// `---`, `***`, `====`
    Rule,
    /// ```` ``` ````
    Fence,
    /// A heading that is no label; levels 7 and 8 only look like one.
    Heading { level: u8, text: &'t str },
    /// A label, with what follows it on the line.
    Label {
        form: Form,
        level: u8,
        named: Named,
        heading: &'t str,
        rest: &'t str,
    },
    /// A bold or bracketed label of no known meaning.
    Unknown { heading: &'t str, rest: &'t str },
    /// Anything else.
    Text,
}

/// Finds the shape of one line, which holds no line feed.
pub(crate) fn shape<'t>(line: &'t str, table: &LabelTable) -> Shape<'t> {
    let text = line.trim();
    let Some(first) = text.chars().next() else {
        return Shape::Blank;
    };
    if first == '\\' {
        return Shape::Text;
    }
    if is_rule(text) {
        return Shape::Rule;
    }
    if text.starts_with("```") || text.starts_with("~~~") {
        return Shape::Fence;
    }
    // Four spaces make a code block.
    if first == '#'
        && !line.starts_with("    ")
        && let Some(shape) = heading(text, table)
    {
        return shape;
    }
    labelled(text, table).unwrap_or_else(|| look_alike(text))
}

fn is_rule(text: &str) -> bool {
    let Some(first) = text.chars().next() else {
        return false;
    };
    if !matches!(
        first,
        '-' | '*' | '_' | '=' | '—' | '─' | '－' | '━' | '~' | '＝'
    ) {
        return false;
    }
    let marks = text.chars().filter(|c| *c == first).count();
    marks >= 3 && text.chars().all(|c| c == first || c == ' ') && first != '~'
}

fn heading<'t>(text: &'t str, table: &LabelTable) -> Option<Shape<'t>> {
    let level = text.bytes().take_while(|b| *b == b'#').count();
    let body = text.get(level..)?;
    if level > 6 {
        return None;
    }
    // Many documents leave the space out; `#标签` with one mark is a tag, `#!` a script.
    if level == 1 && !body.trim().is_empty() && !body.starts_with([' ', '\t', '\u{3000}']) {
        return None;
    }
    let level = u8::try_from(level).ok()?;
    let body = close_heading(body.trim(), level);
    // A mark that lost its words to the next line says nothing.
    if body.is_empty() && level == 1 {
        return Some(Shape::Blank);
    }
    if body.starts_with('\\') {
        return Some(Shape::Heading { level, text: body });
    }
    if let Some(named) = table.field(body) {
        if !is_counter(body) {
            return Some(Shape::Label {
                form: Form::Heading,
                level,
                named,
                heading: body,
                rest: "",
            });
        }
        // `回复 2` is the second reply; `问题 2` alone is a title's number.
        if !matches!(named.field, Field::Question | Field::Dialogue) {
            return Some(Shape::Label {
                form: Form::Heading,
                level,
                named,
                heading: body,
                rest: "",
            });
        }
        return Some(Shape::Heading { level, text: body });
    }
    // `### 问题描述：text` on one line. `## 问题：text` is a title with its prefix.
    if title_number(body).is_some() {
        return Some(Shape::Heading { level, text: body });
    }
    if let Some((name, rest)) = split_label(body) {
        let prefix = is_title_prefix(name);
        if let Some(named) = table.field(name).filter(|_| !prefix) {
            return Some(Shape::Label {
                form: Form::Heading,
                level,
                named,
                heading: name,
                rest,
            });
        }
    }
    Some(Shape::Heading { level, text: body })
}

fn close_heading(body: &str, level: u8) -> &str {
    let bare = body.trim_end_matches('#');
    let closes = body.len() - bare.len() == usize::from(level) && bare.ends_with(' ');
    if closes && !body.starts_with('\\') {
        bare.trim_end()
    } else {
        body
    }
}

/// Whether a heading is a word with a number: `问题 12`, `Case 3`.
pub(crate) fn is_counter(text: &str) -> bool {
    text.trim_end_matches(['】', ']', '）', ')'])
        .ends_with(|c: char| c.is_ascii_digit() || is_chinese_digit(c))
}

/// Splits `label：rest` or `【label】rest` at a colon or bracket near the start.
fn split_label(text: &str) -> Option<(&str, &str)> {
    if let Some(inner) = text.strip_prefix(['【', '[', '〖', '「']) {
        let end = inner.find(['】', ']', '〗', '」'])?;
        let name = inner.get(..end).filter(|n| n.len() <= 72)?;
        let rest = inner
            .get(end..)?
            .trim_start_matches(['】', ']', '〗', '」']);
        // `[text](address)` is a link.
        if rest.starts_with('(') {
            return None;
        }
        return Some((
            name,
            rest.trim_start().trim_start_matches([':', '：']).trim(),
        ));
    }
    let (at, mark) = text
        .char_indices()
        .take(40)
        .find(|(_, c)| matches!(c, ':' | '：'))?;
    let (name, rest) = (text.get(..at)?, text.get(at + mark.len_utf8()..)?);
    (!rest.starts_with("//")).then(|| (name.trim(), rest.trim()))
}

/// A label at the start of a line that is no heading.
fn labelled<'t>(text: &'t str, table: &LabelTable) -> Option<Shape<'t>> {
    if text.starts_with('|') {
        return row(text, table);
    }
    let body = strip_quote(strip_bullet(text));
    if let Some(inner) = body.strip_prefix("**").or_else(|| body.strip_prefix("__")) {
        return bold(inner, table);
    }
    let (_, unnumbered) = split_number(body);
    if let Some(inner) = unnumbered.strip_prefix("**") {
        return bold(inner, table).filter(|s| !matches!(s, Shape::Unknown { .. }));
    }
    let bracketed = body.starts_with(['【', '〖', '「']);
    let (name, rest) = split_label(body)?;
    if name.chars().count() > 24 {
        return None;
    }
    let form = if bracketed { Form::Bold } else { Form::Plain };
    match table.field(name) {
        Some(named) => Some(Shape::Label {
            form,
            level: BOLD_LEVEL,
            named,
            heading: name,
            rest,
        }),
        None if bracketed && (is_title_prefix(name) || title_number(body).is_some()) => None,
        None if bracketed => Some(Shape::Unknown {
            heading: name,
            rest,
        }),
        None => None,
    }
}

/// A table's row of a label and its value: `| 分类 | CDN｜回源 |`.
fn row<'t>(text: &'t str, table: &LabelTable) -> Option<Shape<'t>> {
    let cells = cells(text)?;
    let (heading, values) = cells.split_first()?;
    let named = table.field(heading)?;
    // A row of labels stands over columns.
    if values.iter().any(|c| table.field(c).is_some()) || values.len() > 2 {
        return None;
    }
    let rest = text.strip_prefix('|')?.split_once('|')?.1;
    Some(Shape::Label {
        form: Form::Bold,
        level: BOLD_LEVEL,
        named,
        heading,
        rest: rest.trim_end_matches('|').trim(),
    })
}

fn bold<'t>(inner: &'t str, table: &LabelTable) -> Option<Shape<'t>> {
    let Some(end) = closing_bold(inner) else {
        // Unbalanced: `**问题描述：text` or a lone `**问题描述`.
        let (name, rest) = split_label(inner).unwrap_or((inner, ""));
        let named = table.field(name)?;
        return Some(Shape::Label {
            form: Form::Bold,
            level: BOLD_LEVEL,
            named,
            heading: name,
            rest,
        });
    };
    let (name, after) = (inner.get(..end)?.trim(), inner.get(end + 2..)?.trim_start());
    if name.len() > 96 {
        return None;
    }
    let inside_colon = name.ends_with([':', '：']);
    let outside_colon = after.starts_with([':', '：']);
    let rest = if outside_colon {
        after.trim_start_matches([':', '：']).trim()
    } else {
        after
    };
    let bare = name.trim_end_matches([':', '：']).trim();
    let alone = after.is_empty();
    if !(inside_colon || outside_colon || alone) {
        // `**分类** CDN / 域名`: a fact needs no colon, prose may begin with the word 问题.
        let named = table.field(name).filter(|n| !n.field.is_content())?;
        return Some(Shape::Label {
            form: Form::Bold,
            level: BOLD_LEVEL,
            named,
            heading: name,
            rest,
        });
    }
    if let Some(named) = table.field(bare)
        && !(alone && !inside_colon && is_counter(bare) && named.field == Field::Question)
    {
        return Some(Shape::Label {
            form: Form::Bold,
            level: BOLD_LEVEL,
            named,
            heading: bare,
            rest,
        });
    }
    if alone && !inside_colon {
        return Some(Shape::Heading {
            level: BOLD_LEVEL,
            text: bare,
        });
    }
    if title_number(bare).is_some() {
        return None;
    }
    Some(Shape::Unknown {
        heading: bare,
        rest,
    })
}

/// Where the marks stand that end what is bold.
fn closing_bold(text: &str) -> Option<usize> {
    // A search for two bytes is prepared at a higher cost than made.
    let find = |mark| text.as_bytes().windows(2).position(|pair| pair == mark);
    find(b"**").or_else(|| find(b"__"))
}

/// A line that may stand for a heading where a document has none.
fn look_alike(text: &str) -> Shape<'_> {
    let short = text.len() <= 360;
    let explicit = text.strip_prefix("**").unwrap_or(text);
    if short && (title_number(explicit).is_some() || split_number(text).0.is_some()) {
        return Shape::Heading {
            level: NUMBERED_LEVEL,
            text: text.trim_matches('*'),
        };
    }
    Shape::Text
}

/// Strips one bullet.
pub(crate) fn strip_bullet(text: &str) -> &str {
    // Asked of every line some times.
    if text.starts_with(|c: char| c.is_alphanumeric()) {
        return text;
    }
    for mark in [
        "- ", "* ", "+ ", "• ", "· ", "● ", "◆ ", "■ ", "•", "●", "◆", "■",
    ] {
        if let Some(rest) = text.strip_prefix(mark) {
            return rest.trim_start();
        }
    }
    text
}

fn strip_quote(text: &str) -> &str {
    let mut text = text;
    while let Some(rest) = text.strip_prefix('>') {
        text = rest.trim_start();
    }
    text
}
