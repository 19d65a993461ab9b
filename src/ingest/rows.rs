//! Tables with one ticket a row, columns named by the labels of tickets.

use serde_json::{Map, Value};

use super::assemble::Assembled;
use super::jsonl;
use super::labels::{Field, LabelTable};
use super::line::{cells, is_frame};

/// Stands for an escaped bar while a row is cut; no control character passes the door.
const BAR: &str = "\u{1}";

/// Reads the tables of a document; `None` = none of them holds tickets.
pub(crate) fn read(text: &str, table: &LabelTable) -> Option<Vec<(u32, Result<Assembled, ()>)>> {
    let mut found = Vec::new();
    let mut names: Option<Vec<String>> = None;
    let mut lines = text.lines().zip(1_u32..).peekable();
    while let Some((line, number)) = lines.next() {
        let line = line.replace("\\|", BAR);
        let Some(cells) = cells(&line) else {
            names = None;
            continue;
        };
        let ruled = lines.peek().is_some_and(|(next, _)| is_frame(next));
        match &names {
            None if ruled && names_tickets(&cells, table) => {
                names = Some(cells.iter().map(|c| (*c).to_owned()).collect());
                lines.next();
            }
            None => {}
            Some(names) => found.push((number, row(names, &cells, number, table))),
        }
    }
    (!found.is_empty()).then_some(found)
}

/// Whether the columns are those of tickets: a text, and something beside it.
fn names_tickets(cells: &[&str], table: &LabelTable) -> bool {
    let fields: Vec<Field> = cells
        .iter()
        .filter_map(|c| table.field(c).map(|n| n.field))
        .collect();
    let answered = [Field::Replies, Field::Dialogue, Field::Causes]
        .iter()
        .any(|f| fields.contains(f));
    fields.len() >= 3 && answered
}

fn row(names: &[String], cells: &[&str], line: u32, table: &LabelTable) -> Result<Assembled, ()> {
    let value = |cell: &str| {
        let text = cell.replace(BAR, "|");
        let text = ["<br>", "<br/>", "<br />"]
            .iter()
            .fold(text, |text, tag| text.replace(tag, "\n"));
        Value::String(text)
    };
    let fields: Map<String, Value> = names
        .iter()
        .zip(cells)
        .map(|(name, cell)| (name.clone(), value(cell)))
        .collect();
    jsonl::object(&Value::Object(fields), line, table)
}
