//! Markdown tables with one ticket a row.

use super::assemble::Assembled;
use super::labels::LabelTable;
use super::line::{cells, is_frame};
use super::table::{ColumnName, Rows};

/// Stands for an escaped bar while a row is cut; no control character passes the door.
const BAR: &str = "\u{1}";

/// Reads the tables of a document; `None` = none of them holds tickets.
pub(crate) fn read(
    text: &str,
    table: &LabelTable,
    named: &[ColumnName],
) -> Option<Vec<(u32, Result<Assembled, ()>)>> {
    let mut found = Vec::new();
    let mut rows: Option<Rows<'_>> = None;
    let mut lines = text.lines().zip(1_u32..).peekable();
    while let Some((line, number)) = lines.next() {
        let line = line.replace("\\|", BAR);
        let Some(cells) = cells(&line) else {
            rows = None;
            continue;
        };
        let cells: Vec<String> = cells.iter().map(|cell| cell.replace(BAR, "|")).collect();
        let ruled = lines.peek().is_some_and(|(next, _)| is_frame(next));
        let header = ruled && (!named.is_empty() || Rows::is_header(&cells, table));
        if rows.is_none() && header {
            rows = Some(Rows::new(table, named));
            lines.next();
        }
        if let Some(rows) = &mut rows {
            rows.row(number, cells, &mut |line, ticket| {
                found.push((line, ticket));
            });
        }
    }
    (!found.is_empty()).then_some(found)
}
