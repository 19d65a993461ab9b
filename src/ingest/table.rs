//! Tables with one ticket a row: the one path from rows to tickets, whatever they came from.
//!
//! A header with two known labels decides which columns are what. A column that nobody knows
//! stays with the ticket under its own heading; columns of one name are all kept.

use serde_json::Value;

use super::assemble::Assembled;
use super::jsonl;
use super::labels::{Field, LabelTable};

/// Rows in which the header must stand.
const HEADER_ROWS: usize = 12;

/// Characters of a header's cell: more is a sentence.
const HEADER_CELL: usize = 40;

/// Columns of our own table exports that say nothing of the document.
const OWN: [&str; 7] = [
    "id",
    "cause_state",
    "datasets",
    "causes",
    "编号",
    "根因状态",
    "数据集",
];

/// The column of our own exports that holds the causes as the document gave them.
const GIVEN: [&str; 2] = ["given_causes", "原文根因"];

/// A column that an agent named by hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnName {
    /// The label of ours that the column is, as `答复`.
    pub label: String,
    /// The column: a letter (`A`, `A列`), a number (`1`), or its heading.
    pub column: String,
}

/// Rows on their way to tickets.
pub(crate) struct Rows<'a> {
    labels: &'a LabelTable,
    named: &'a [ColumnName],
    /// What the sheet is called: its rows' product where no column says so.
    sheet: Option<String>,
    /// Rows until the header is found.
    waiting: Vec<(u32, Vec<String>)>,
    columns: Option<Vec<String>>,
    own: bool,
    given_up: bool,
}

impl<'a> Rows<'a> {
    pub(crate) fn new(labels: &'a LabelTable, named: &'a [ColumnName]) -> Self {
        Self {
            labels,
            named,
            sheet: None,
            waiting: Vec::new(),
            columns: None,
            own: false,
            given_up: false,
        }
    }

    /// Begins the rows of a sheet of this name.
    pub(crate) fn sheet(&mut self, name: &str) {
        const PLAIN: [&str; 8] = [
            "sheet",
            "工作表",
            "工单",
            "tickets",
            "export",
            "数据",
            "data",
            "表",
        ];
        let bare = name
            .trim_end_matches(|c: char| c.is_ascii_digit())
            .trim()
            .to_lowercase();
        let says = !PLAIN.contains(&bare.as_str()) && !bare.is_empty();
        self.sheet = says.then(|| name.trim().to_owned());
        self.waiting.clear();
        self.columns = None;
        self.own = false;
        self.given_up = false;
    }

    /// Whether the columns are known.
    pub(crate) fn understood(&self) -> bool {
        self.columns.is_some()
    }

    /// Takes one row; gives the tickets that are complete by now.
    pub(crate) fn row(
        &mut self,
        line: u32,
        cells: Vec<String>,
        sink: &mut dyn FnMut(u32, Result<Assembled, ()>),
    ) {
        if cells.iter().all(|cell| cell.trim().is_empty()) {
            return;
        }
        if let Some(columns) = &self.columns {
            // Pages printed one after another repeat the header.
            if !cells
                .iter()
                .zip(columns)
                .all(|(cell, name)| cell.trim() == name)
            {
                sink(line, self.ticket(columns, &cells, line));
            }
            return;
        }
        if self.given_up {
            return;
        }
        self.waiting.push((line, cells));
        self.look(sink);
        self.given_up = self.columns.is_none() && self.waiting.len() >= HEADER_ROWS;
    }

    /// Whether a row names columns of tickets.
    pub(crate) fn is_header(cells: &[String], labels: &LabelTable) -> bool {
        let short = cells.iter().all(|cell| cell.chars().count() <= HEADER_CELL);
        let mut fields: Vec<Field> = cells
            .iter()
            .filter_map(|cell| labels.field(cell.trim()).map(|named| named.field))
            .collect();
        fields.sort_unstable();
        fields.dedup();
        let text = fields.iter().any(|f| f.is_content() || *f == Field::Title);
        short && fields.len() >= 2 && text
    }

    fn look(&mut self, sink: &mut dyn FnMut(u32, Result<Assembled, ()>)) {
        let Some((line, cells)) = self.waiting.last() else {
            return;
        };
        let line = *line;
        if !self.named.is_empty() {
            let (columns, header) = self.by_hand(cells);
            let cells = cells.clone();
            self.columns = Some(columns);
            if !header && let Some(columns) = &self.columns {
                sink(line, self.ticket(columns, &cells, line));
            }
            return;
        }
        if Self::is_header(cells, self.labels) {
            let names: Vec<String> = cells
                .iter()
                .map(|cell| cell.trim().replace('\n', ""))
                .collect();
            self.own = ["cause_state", "根因状态"]
                .iter()
                .any(|own| names.iter().any(|n| n == own))
                && GIVEN.iter().any(|own| names.iter().any(|n| n == own));
            self.columns = Some(names);
            self.waiting.clear();
        }
    }

    /// The columns as an agent named them, and whether the first row is their header.
    fn by_hand(&self, first: &[String]) -> (Vec<String>, bool) {
        let place = |column: &str| -> Option<usize> {
            let bare = column
                .trim()
                .trim_end_matches('列')
                .trim_start_matches('第');
            if let Some(at) = first.iter().position(|cell| cell.trim() == column.trim()) {
                return Some(at);
            }
            if !bare.is_empty() && bare.len() <= 3 && bare.bytes().all(|b| b.is_ascii_alphabetic())
            {
                let number = bare.bytes().fold(0_usize, |sum, b| {
                    sum * 26 + usize::from(b.to_ascii_uppercase() - b'A') + 1
                });
                return number.checked_sub(1);
            }
            bare.parse::<usize>().ok()?.checked_sub(1)
        };
        let headed = self
            .named
            .iter()
            .any(|name| first.iter().any(|cell| cell.trim() == name.column.trim()))
            || first.iter().all(|cell| {
                let cell = cell.trim();
                cell.chars().count() <= 16 && !cell.contains(['，', '。', '？', '\n', '｜'])
            });
        let mut names: Vec<String> = (0..first.len().max(1))
            .map(|at| {
                match first
                    .get(at)
                    .filter(|cell| headed && !cell.trim().is_empty())
                {
                    Some(cell) => cell.trim().to_owned(),
                    None => format!("第 {} 列", at + 1),
                }
            })
            .collect();
        for name in self.named {
            if let Some(at) = place(&name.column) {
                if names.len() <= at {
                    names.resize(at + 1, String::new());
                }
                if let Some(slot) = names.get_mut(at) {
                    name.label.clone_into(slot);
                }
            }
        }
        (names, headed)
    }

    fn ticket(&self, columns: &[String], cells: &[String], line: u32) -> Result<Assembled, ()> {
        let mut pairs: Vec<(String, Value)> = Vec::with_capacity(cells.len());
        for (at, cell) in cells.iter().enumerate() {
            if cell.trim().is_empty() {
                continue;
            }
            let name = columns
                .get(at)
                .map(String::as_str)
                .filter(|name| !name.is_empty());
            let name = name.map_or_else(|| format!("第 {} 列", at + 1), str::to_owned);
            if self.own && (OWN.contains(&name.as_str()) || name == "根本原因") {
                continue;
            }
            let given = self.own && GIVEN.contains(&name.as_str());
            let name = if given { "causes".to_owned() } else { name };
            pairs.push((name, Value::String(self.cell(cell))));
        }
        let product = |name: &String| {
            self.labels
                .field(name)
                .is_some_and(|n| matches!(n.field, Field::Category | Field::Product))
        };
        if let Some(sheet) = &self.sheet
            && !pairs.iter().any(|(name, _)| product(name))
        {
            pairs.push(("产品".to_owned(), Value::String(sheet.clone())));
        }
        let pairs = pairs.iter().map(|(name, value)| (name.as_str(), value));
        jsonl::fields(pairs, line, self.labels)
    }

    /// A cell's text: the apostrophe goes that keeps a spreadsheet from reading a formula.
    fn cell(&self, cell: &str) -> String {
        let bare = cell.strip_prefix('\'').filter(|rest| {
            rest.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'])
        });
        bare.unwrap_or(cell)
            .replace("\r\n", "\n")
            .replace('\r', "\n")
    }
}
