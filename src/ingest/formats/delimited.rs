//! Texts whose columns stand between commas, tabs or semicolons: read as they come.

use crate::ingest::labels::LabelTable;
use crate::ingest::table::Rows;

/// Marks between columns.
const MARKS: [char; 4] = [',', '\t', ';', '|'];

/// Lines at the front in which a header must stand.
const FRONT: usize = 8;

/// Bytes after which a quotation that does not end is none.
const MAX_QUOTED: usize = 4 * 1024 * 1024;

/// The mark between a text's columns; `None` = it is no table of tickets.
///
/// A header with two known labels decides, or the file's name where columns are named by hand.
pub(crate) fn delimiter(
    name: &str,
    text: &str,
    labels: &LabelTable,
    by_hand: bool,
) -> Option<char> {
    let lines = || {
        text.lines()
            .filter(|line| !line.trim().is_empty())
            .take(FRONT)
    };
    let found = lines().find_map(|line| {
        MARKS.into_iter().find(|mark| {
            let mut splitter = Delimited::new(*mark);
            let mut header = false;
            splitter.feed(&format!("{line}\n"), &mut |_, cells| {
                header = cells.len() >= 2 && Rows::is_header(&cells, labels);
            });
            // A Markdown table has its own reader.
            header && !line.trim_start().starts_with('|')
        })
    });
    let lower = name.to_lowercase();
    found.or_else(|| {
        let named = lower.ends_with(".csv") || lower.ends_with(".tsv") || by_hand;
        let line = lines().next().filter(|_| named)?;
        MARKS
            .into_iter()
            .filter(|mark| line.contains(*mark))
            .max_by_key(|mark| line.matches(*mark).count())
    })
}

/// Splits a text into rows of cells, piece by piece.
pub(crate) struct Delimited {
    mark: char,
    line: u32,
    /// Line on which the row began.
    begun: u32,
    cells: Vec<String>,
    cell: String,
    quoted: bool,
    /// A quotation mark within a quotation: its end, or half of one that is meant.
    half: bool,
    returned: bool,
}

impl Delimited {
    pub(crate) fn new(mark: char) -> Self {
        Self {
            mark,
            line: 1,
            begun: 1,
            cells: Vec::new(),
            cell: String::new(),
            quoted: false,
            half: false,
            returned: false,
        }
    }

    /// Takes a piece, and gives the rows that are complete by now with their lines.
    pub(crate) fn feed(&mut self, text: &str, row: &mut dyn FnMut(u32, Vec<String>)) {
        for c in text.chars() {
            self.line += u32::from(c == '\n');
            if self.quoted {
                if self.half {
                    self.half = false;
                    if c == '"' {
                        self.cell.push('"');
                        continue;
                    }
                    self.quoted = false;
                } else if c == '"' {
                    self.half = true;
                    continue;
                } else {
                    self.cell.push(c);
                    self.quoted = self.cell.len() < MAX_QUOTED;
                    continue;
                }
            }
            match c {
                '"' if self.cell.is_empty() => self.quoted = true,
                '\r' => {
                    self.returned = true;
                    continue;
                }
                '\n' => self.end(row),
                _ if c == self.mark => self.cells.push(std::mem::take(&mut self.cell)),
                _ => {
                    if std::mem::take(&mut self.returned) {
                        self.end(row);
                    }
                    self.cell.push(c);
                }
            }
            self.returned = false;
        }
    }

    /// Ends the text.
    pub(crate) fn finish(&mut self, row: &mut dyn FnMut(u32, Vec<String>)) {
        if !self.cells.is_empty() || !self.cell.is_empty() {
            self.end(row);
        }
    }

    fn end(&mut self, row: &mut dyn FnMut(u32, Vec<String>)) {
        self.cells.push(std::mem::take(&mut self.cell));
        row(self.begun, std::mem::take(&mut self.cells));
        self.begun = self.line;
        self.quoted = false;
        self.half = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_cells_keep_their_lines_and_marks() {
        let text = "a,\"b\"\"c\n,d\",e\r\n\"x\",5\" tall,\r\nlast";
        for cut in 0..text.len() {
            let Some((head, tail)) = text.split_at_checked(cut) else {
                continue;
            };
            let mut rows = Vec::new();
            let mut splitter = Delimited::new(',');
            splitter.feed(head, &mut |line, cells| rows.push((line, cells)));
            splitter.feed(tail, &mut |line, cells| rows.push((line, cells)));
            splitter.finish(&mut |line, cells| rows.push((line, cells)));
            let cells = |at: usize| rows[at].1.iter().map(String::as_str).collect::<Vec<_>>();
            assert_eq!(cells(0), ["a", "b\"c\n,d", "e"]);
            assert_eq!(cells(1), ["x", "5\" tall", ""]);
            assert_eq!((rows[2].0, cells(2)), (4, vec!["last"]));
        }
    }
}
