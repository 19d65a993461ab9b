//! One JSON object a line, with loose field names through the label table.
//!
//! This is not the project's own export, which is lossless and the desk's to read.

use serde_json::{Map, Value};

use crate::model::{Section, Speaker, Ticket, Turn};
use crate::text::sanitize;

use super::assemble::{Assembled, causes, fallback_category, note_start, set_category};
use super::dates;
use super::helpdesk::{self, is_internal};
use super::labels::{Field, LabelTable};
use super::line::{clean_name, speaker};
use super::mended;

/// How JSON of tickets is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// One object a line.
    Lines,
    /// One array of objects, or objects over several lines.
    Array,
    /// A list in an object of its own.
    Wrapped,
}

/// How a text is JSON; `None` = it is a document.
pub(crate) fn form(file_name: &str, text: &str) -> Option<Form> {
    let lower = file_name.to_lowercase();
    let named = lower.ends_with(".jsonl") || lower.ends_with(".ndjson") || lower.ends_with(".json");
    let trimmed = text.trim_start();
    let array = trimmed.strip_prefix('[');
    if array.is_some_and(|inner| named || is_object_list(inner)) {
        return Some(Form::Array);
    }
    if helpdesk::wrapped_list(text).is_some() {
        return Some(Form::Wrapped);
    }
    let first = text
        .lines()
        .map(str::trim)
        .find(|l| !l.is_empty())
        .unwrap_or_default();
    let object = first.starts_with('{') && read(first).is_ok_and(|value| value.is_object());
    if object || (named && lower.ends_with('l') && first.starts_with('{') && first.len() > 1) {
        return Some(Form::Lines);
    }
    // Objects over several lines, one or many.
    (trimmed.starts_with('{') && (named || is_object_list(trimmed))).then_some(Form::Array)
}

/// Whether the text behind a bracket begins with an object, as no document does.
fn is_object_list(inner: &str) -> bool {
    let mut first = serde_json::Deserializer::from_str(inner).into_iter::<Map<String, Value>>();
    inner.trim_start().starts_with('{') && first.next().is_some_and(|object| object.is_ok())
}

/// What stands next in an array.
pub(crate) enum Next<'a> {
    /// An element, and the text after it.
    Element(Box<Value>, &'a str),
    /// Nothing whole: the text ends first.
    More,
    /// What is no JSON.
    Broken,
    /// Nothing: the array is over.
    End,
}

/// An array's text from its next element on.
pub(crate) fn element(text: &str) -> &str {
    text.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '[' | ',' | '\u{feff}'))
}

/// Reads the element that a part of an array's text begins with.
pub(crate) fn next(text: &str) -> Next<'_> {
    if text.starts_with(']') {
        return Next::End;
    }
    let mut elements = serde_json::Deserializer::from_str(text).into_iter::<Value>();
    match elements.next() {
        Some(Ok(value)) => {
            let after = text.get(elements.byte_offset()..).unwrap_or_default();
            Next::Element(Box::new(value), after)
        }
        Some(Err(error)) if !error.is_eof() => mended_element(text),
        Some(Err(_)) | None => Next::More,
    }
}

/// The element that a text begins with, without the values that nobody can read.
fn mended_element(text: &str) -> Next<'_> {
    let value = mended::first_value(text)
        .and_then(|mended| Some((serde_json::from_str(&mended).ok()?, mended.len())));
    match value {
        Some((value, length)) => {
            let after = text.get(length..).unwrap_or_default();
            Next::Element(Box::new(value), after)
        }
        None => Next::Broken,
    }
}

/// Reads an object's text; what of it nobody can read is left out.
fn read(text: &str) -> Result<Value, ()> {
    serde_json::from_str(text).or_else(|_| {
        let mended = mended::first_value(text).ok_or(())?;
        serde_json::from_str(&mended).map_err(drop)
    })
}

/// Reads one line; an error when it is no object with anything of a ticket in it.
pub(crate) fn line(line: &str, number: u32, table: &LabelTable) -> Vec<Result<Assembled, ()>> {
    read(line.trim().trim_start_matches('\u{feff}'))
        .map_or_else(|()| vec![Err(())], |value| objects(value, number, table))
}

/// Reads the tickets of one value; an error for what holds nothing of a ticket.
pub(crate) fn objects(value: Value, line: u32, table: &LabelTable) -> Vec<Result<Assembled, ()>> {
    let read = |value: Value| {
        let fields_of = value.as_object().ok_or(())?;
        let pairs = fields_of.iter().map(|(key, value)| (key.as_str(), value));
        fields(pairs, line, table)
    };
    helpdesk::tickets(value, table)
        .into_iter()
        .map(read)
        .collect()
}

/// Reads named values, some names given more than once; an error when they hold nothing of a
/// ticket.
pub(crate) fn fields<'v>(
    pairs: impl Iterator<Item = (&'v str, &'v Value)>,
    line: u32,
    table: &LabelTable,
) -> Result<Assembled, ()> {
    let mut ticket = Ticket::default();
    let (mut product, mut issue_type, mut replies) = (None, None, Vec::new());
    let mut notes = Vec::new();
    let mut known = false;
    for (key, value) in pairs {
        if value.is_null() {
            continue;
        }
        let Some(field) = table.field(key).map(|n| n.field) else {
            unknown(&mut ticket, key, value);
            continue;
        };
        known |=
            field.is_content() || matches!(field, Field::Title | Field::Category | Field::Internal);
        match field {
            Field::Title if ticket.title.is_empty() => {
                ticket.title = sanitize::one_line(&text(value)).into_owned();
            }
            Field::Title => unknown(&mut ticket, key, value),
            Field::Category => set_category(&mut ticket, &category_of(value, table)),
            Field::Product => product = Some(line_of(value)),
            Field::IssueType => issue_type = Some(line_of(value)),
            Field::Scenarios => ticket
                .scenarios
                .extend(strings(value, &[',', '，', '、', ';', '；', '\n'])),
            Field::Question => {
                if !ticket.question.is_empty() {
                    ticket.question.push_str("\n\n");
                }
                ticket.question.push_str(text(value).trim());
            }
            Field::Replies => replies.extend(turns(value, Speaker::Agent, table)),
            Field::Dialogue => ticket.dialogue.extend(turns(value, Speaker::Other, table)),
            Field::Causes => {
                for cause in list(value) {
                    causes(&mut ticket.causes, &text(cause));
                }
            }
            Field::Date => match dates::field(&text(value)) {
                Some(date) if ticket.date.is_none() => ticket.date = Some(date),
                // A date that cannot be read is kept under its own heading.
                Some(_) | None => unknown(&mut ticket, key, value),
            },
            Field::Internal => notes.extend(turns(value, Speaker::Internal, table)),
        }
    }
    fallback_category(&mut ticket, product, issue_type);
    add_replies(&mut ticket.dialogue, replies);
    ticket.dialogue = part_notes(std::mem::take(&mut ticket.dialogue));
    for note in &mut notes {
        note.speaker = Speaker::Internal;
    }
    ticket.dialogue.append(&mut notes);
    let turn_lines = vec![line; ticket.dialogue.len()];
    let section_lines = vec![line; ticket.sections.len()];
    if !known {
        return Err(());
    }
    Ok(Assembled {
        ticket,
        line,
        question_line: line,
        turn_lines,
        section_lines,
        causes_line: line,
    })
}

fn unknown(ticket: &mut Ticket, key: &str, value: &Value) {
    let text = text(value);
    if !text.trim().is_empty() {
        let heading = sanitize::one_line(key).into_owned();
        ticket.sections.push(Section {
            heading,
            text: text.trim().to_owned(),
        });
    }
}

/// A conversation given beside the replies: equal turns are marked, others stand after it.
fn add_replies(dialogue: &mut Vec<Turn>, replies: Vec<Turn>) {
    let beside = !dialogue.is_empty();
    for mut reply in replies {
        let same = dialogue
            .iter_mut()
            .take(if beside { usize::MAX } else { 0 })
            .find(|t| !t.in_summary && t.speaker == reply.speaker && t.text == reply.text);
        if let Some(turn) = same {
            turn.in_summary = true;
        } else {
            reply.in_summary = beside;
            dialogue.push(reply);
        }
    }
}

/// Makes turns of their own of the notes within what agents said.
fn part_notes(turns: Vec<Turn>) -> Vec<Turn> {
    let mut out: Vec<Turn> = Vec::with_capacity(turns.len());
    for mut turn in turns {
        let at = (turn.speaker != Speaker::Customer).then(|| note_start(&turn.text));
        let Some(at) = at.flatten() else {
            out.push(turn);
            continue;
        };
        let (before, note) = turn.text.split_at(at);
        let note = Turn {
            speaker: Speaker::Internal,
            name: turn.name.clone(),
            text: note.to_owned(),
            in_summary: false,
        };
        turn.text = before.trim_end().to_owned();
        if !turn.text.is_empty() {
            out.push(turn);
        }
        out.push(note);
    }
    out
}

fn category_of(value: &Value, table: &LabelTable) -> String {
    match value {
        Value::Array(parts) => {
            let parts: Vec<String> = parts.iter().map(line_of).collect();
            parts.join("｜")
        }
        Value::Object(parts) => {
            // The order of an object's keys says nothing: the type never stands first.
            let (mut types, mut parts): (Vec<_>, Vec<_>) = parts.iter().partition(|(key, _)| {
                table.field(key).map(|n| n.field) == Some(Field::IssueType)
                    || matches!(key.as_str(), "sub" | "level2" | "二级" | "secondary")
            });
            parts.append(&mut types);
            let parts: Vec<String> = parts.iter().map(|(_, v)| line_of(v)).collect();
            parts.join("｜")
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => line_of(value),
    }
}

fn line_of(value: &Value) -> String {
    sanitize::one_line(&text(value)).into_owned()
}

fn list(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(items) => items.iter().collect(),
        Value::Null => Vec::new(),
        Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => vec![value],
    }
}

fn strings(value: &Value, separators: &[char]) -> Vec<String> {
    list(value)
        .into_iter()
        .flat_map(|v| {
            text(v)
                .split(separators)
                .map(|s| s.trim().to_owned())
                .collect::<Vec<_>>()
        })
        .filter(|s| !s.is_empty())
        .collect()
}

/// The text of a value, sanitised; structures as JSON.
fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(s) => sanitize::clean(s).into_owned(),
        Value::Bool(_) | Value::Number(_) => value.to_string(),
        Value::Array(items) if items.iter().all(|i| i.is_string() || i.is_number()) => {
            items.iter().map(text).collect::<Vec<_>>().join("\n")
        }
        Value::Array(_) | Value::Object(_) => sanitize::clean(&value.to_string()).into_owned(),
    }
}

fn turns(value: &Value, unnamed: Speaker, table: &LabelTable) -> Vec<Turn> {
    let mut turns: Vec<Turn> = Vec::new();
    for item in list(value) {
        match item {
            Value::Object(fields) => turns.extend(turn_of(fields, unnamed, table)),
            Value::Array(_)
            | Value::Bool(_)
            | Value::Number(_)
            | Value::String(_)
            | Value::Null => {
                spoken(&text(item), unnamed, table, &mut turns);
            }
        }
    }
    for turn in &mut turns {
        turn.text = turn.text.trim().to_owned();
    }
    turns.retain(|t| !t.text.is_empty());
    turns
}

fn turn_of(fields: &Map<String, Value>, unnamed: Speaker, table: &LabelTable) -> Option<Turn> {
    let get = |names: &[&str]| names.iter().find_map(|n| fields.get(*n));
    let said = get(&[
        "text", "content", "message", "body", "value", "内容", "消息", "文本", "reply", "回复",
    ])?;
    let role = get(&[
        "speaker",
        "role",
        "from",
        "sender",
        "author",
        "角色",
        "发言人",
        "说话人",
        "type",
    ])
    .map(line_of);
    let role = role.unwrap_or_default();
    let named = get(&["name", "姓名", "昵称"]).map(line_of);
    let mark = format!("{role}：x");
    let (speaker, own) = match speaker(&mark, table) {
        Some(mark) => (mark.speaker, mark.name),
        None if role.is_empty() => (unnamed, None),
        None => (Speaker::Other, clean_name(&role)),
    };
    let name = named.as_deref().and_then(clean_name).or(own);
    let speaker = if is_internal(fields) {
        Speaker::Internal
    } else {
        speaker
    };
    Some(Turn {
        speaker,
        name,
        text: text(said),
        in_summary: false,
    })
}

/// Text that may name its speakers line by line.
fn spoken(text: &str, unnamed: Speaker, table: &LabelTable, turns: &mut Vec<Turn>) {
    let new = |speaker, name, text: &str| Turn {
        speaker,
        name,
        text: text.to_owned(),
        in_summary: false,
    };
    let marked = text
        .lines()
        .next()
        .is_some_and(|l| speaker(l, table).is_some());
    if !marked {
        turns.push(new(unnamed, None, text));
        return;
    }
    for line in text.split('\n') {
        match (speaker(line, table), turns.last_mut()) {
            (Some(mark), _) => turns.push(new(mark.speaker, mark.name, mark.text)),
            (None, Some(turn)) => {
                turn.text.push('\n');
                turn.text.push_str(line);
            }
            (None, None) => turns.push(new(unnamed, None, line)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Ticket {
        super::line(line, 1, &LabelTable::default())
            .pop()
            .unwrap()
            .unwrap()
            .ticket
    }

    #[test]
    fn loose_names_and_shapes_are_read() {
        let ticket = read(
            r#"{"标题":"无法登录","category":["账户","登录"],"question":"密码不对","dialogue":[{"role":"user","content":"在吗"},"客服小王：请重置"],"root_causes":["密码错误；锁定"],"created_at":"2024-10-08","工单号":"A1"}"#,
        );
        assert_eq!(ticket.title, "无法登录");
        assert_eq!(ticket.category.unwrap().to_string(), "账户｜登录");
        assert_eq!(ticket.dialogue.len(), 2);
        assert_eq!(ticket.dialogue[1].name.as_deref(), Some("小王"));
        assert_eq!(ticket.causes, ["密码错误", "锁定"]);
        assert_eq!(ticket.date.unwrap().to_string(), "2024-10-08");
        assert_eq!(ticket.sections[0].heading, "工单号");
    }

    #[test]
    fn replies_beside_a_conversation_are_marked_in_it() {
        let ticket = read(r#"{"title":"t","messages":["客户：a","客服：b"],"replies":["b","c"]}"#);
        let marks: Vec<(&str, bool)> = ticket
            .dialogue
            .iter()
            .map(|t| (t.text.as_str(), t.in_summary))
            .collect();
        assert_eq!(marks, [("a", false), ("b", true), ("c", true)]);
    }

    /// What an array gives that comes in two pieces, and how it ends.
    fn in_two(text: &str, at: usize) -> (Vec<Value>, bool) {
        let (first, _) = text.split_at(at);
        let mut values = Vec::new();
        let mut used = 0;
        for until in [first.len(), text.len()] {
            loop {
                let (rest, _) = text.split_at(until);
                let (_, rest) = rest.split_at(used);
                match next(element(rest)) {
                    Next::Element(value, after) => {
                        values.push(*value);
                        used = until - after.len();
                    }
                    Next::More => break,
                    Next::End => return (values, true),
                    Next::Broken => panic!("{rest}"),
                }
            }
        }
        (values, false)
    }

    #[test]
    fn an_array_reads_the_same_wherever_it_is_cut() {
        let text = "[\n {\"title\": \"一]\"},\n {\"title\": \"二\\\"[\", \"a\": [1]}\n]\n";
        let whole = in_two(text, 0);
        assert_eq!((whole.0.len(), whole.1), (2, true));
        for (at, _) in text.char_indices() {
            assert_eq!(in_two(text, at), whole, "{at}");
        }
    }

    #[test]
    fn what_is_no_ticket_is_refused_by_line() {
        assert!(line("{\"x\":1}", 1, &LabelTable::default())[0].is_err());
        assert!(line("nonsense", 1, &LabelTable::default())[0].is_err());
    }
}
