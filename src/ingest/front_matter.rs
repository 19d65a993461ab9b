//! The facts that stand between two rules at the front of a document: `title: x`, `tags: [a, b]`.

use serde_json::Value;

/// Lines within which the facts must end.
const LINES: usize = 60;

/// Splits a document at the end of its front matter: the facts, and the line after them.
///
/// `None` = it has none. A document of tickets without headings may begin with a rule too, so
/// headings must follow.
pub(crate) fn split(text: &str) -> Option<(Vec<(String, Value)>, usize)> {
    let body = text.strip_prefix('\u{feff}').unwrap_or(text);
    let skipped = text.len() - body.len();
    let mut lines = body.split_inclusive('\n');
    let first = lines.next()?;
    if first.trim_end() != "---" {
        return None;
    }
    let mut at = skipped + first.len();
    let mut facts: Vec<(String, Value)> = Vec::new();
    for line in lines.take(LINES) {
        at += line.len();
        let bare = line.trim_end();
        if matches!(bare, "---" | "...") {
            let rest = text.get(at..)?;
            let headed = rest.lines().any(|line| line.starts_with('#'));
            return (!facts.is_empty() && headed).then_some((facts, at));
        }
        if bare.trim().is_empty() || bare.trim_start().starts_with('#') {
            continue;
        }
        let indented = bare.starts_with([' ', '\t']) || bare.starts_with("- ");
        match (indented, facts.last_mut()) {
            (true, Some((_, value))) => add(value, bare.trim()),
            (true, None) => return None,
            (false, _) => {
                let (key, value) = bare.split_once(':')?;
                if !value.is_empty() && !value.starts_with([' ', '\t']) {
                    return None;
                }
                facts.push((unquoted(key).to_owned(), scalar(value.trim())));
            }
        }
    }
    None
}

/// Adds a line under its key: an item of a list, or a line of a text.
fn add(value: &mut Value, line: &str) {
    if let Some(item) = line.strip_prefix("- ") {
        let item = Value::String(unquoted(item).to_owned());
        match value {
            Value::Array(items) => items.push(item),
            _ => *value = Value::Array(vec![item]),
        }
        return;
    }
    if let Value::String(text) = value {
        if matches!(text.as_str(), "|" | ">" | "|-" | ">-") {
            text.clear();
        }
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(line);
    }
}

fn scalar(text: &str) -> Value {
    if let Some(list) = text.strip_prefix('[').and_then(|t| t.strip_suffix(']')) {
        let items = list
            .split(',')
            .map(unquoted)
            .filter(|item| !item.is_empty());
        return Value::Array(items.map(|item| Value::String(item.to_owned())).collect());
    }
    Value::String(unquoted(text).to_owned())
}

fn unquoted(text: &str) -> &str {
    let text = text.trim();
    ['"', '\'']
        .iter()
        .find_map(|mark| text.strip_prefix(*mark)?.strip_suffix(*mark))
        .unwrap_or(text)
}
