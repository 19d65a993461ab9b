//! Spreadsheets: every sheet is a table of tickets, cell by cell.

use std::collections::HashMap;
use std::io::Cursor;

use calamine::{Data, Reader, Sheets, open_workbook_auto_from_rs};

use super::{Format, Found, Reading};
use crate::ingest::table::Rows;

/// `.xlsx`, `.xlsm`, `.xlsb`, `.xls` and `.ods`.
pub(super) struct Workbook;

/// Columns of a row that are kept: wider tables are no tickets.
const MAX_COLUMNS: usize = 512;

impl Format for Workbook {
    fn extensions(&self) -> &'static [&'static str] {
        &["xlsx", "xlsm", "xlsb", "xls", "ods"]
    }

    fn recognises(&self, name: &str, head: &[u8]) -> bool {
        let zipped = head.starts_with(b"PK\x03\x04");
        let ole = head.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]);
        let named = self
            .extensions()
            .iter()
            .any(|end| name.rsplit_once('.').is_some_and(|(_, last)| last == *end));
        let shows = |mark: &[u8]| head.windows(mark.len()).any(|part| part == mark);
        let inside = shows(b"xl/") || shows(b"opendocument.spreadsheet");
        (named && (zipped || ole)) || (zipped && inside)
    }

    fn read(
        &self,
        bytes: &[u8],
        reading: &Reading<'_>,
        sink: &mut dyn FnMut(Found),
    ) -> Result<(), &'static str> {
        const BROKEN: &str = "spreadsheet";
        let mut book = open_workbook_auto_from_rs(Cursor::new(bytes))
            .ok()
            .ok_or(BROKEN)?;
        for name in book.sheet_names() {
            let mut rows = Rows::new(reading.labels, reading.columns);
            rows.sheet(&name);
            let mut give = |line, found| sink(Found::Ticket(line, Box::new(found)));
            if let Sheets::Xlsx(book) = &mut book {
                streamed(book, &name, &mut rows, &mut give).ok_or(BROKEN)?;
                continue;
            }
            let range = book.worksheet_range(&name).ok().ok_or(BROKEN)?;
            for (row, line) in range.rows().zip(range.start().map_or(0, |s| s.0) + 1..) {
                let cells = row.iter().take(MAX_COLUMNS).map(text).collect();
                rows.row(line, cells, &mut give);
            }
        }
        Ok(())
    }
}

/// Reads a sheet cell by cell, so that a million rows take the memory of one.
fn streamed(
    book: &mut calamine::Xlsx<Cursor<&[u8]>>,
    name: &str,
    rows: &mut Rows<'_>,
    give: &mut dyn FnMut(u32, Result<crate::ingest::assemble::Assembled, ()>),
) -> Option<()> {
    let merged = book.merge_cells_by_sheet_name(name).unwrap_or_default();
    let merged: HashMap<(u32, u32), u32> = merged
        .into_iter()
        .filter(|area| area.end.0 > area.start.0)
        .map(|area| (area.start, area.end.0))
        .collect();
    // A cell merged over rows says the same for each of them.
    let mut lasting: Vec<(u32, u32, u32, String)> = Vec::new();
    let Ok(mut reader) = book.worksheet_cells_reader(name) else {
        return Some(());
    };
    let mut current: Option<(u32, Vec<String>)> = None;
    loop {
        let cell = reader.next_cell().ok()?;
        let at = cell.as_ref().map(calamine::Cell::get_position);
        if current.as_ref().map(|(row, _)| *row) != at.map(|(row, _)| row)
            && let Some((row, mut cells)) = current.take()
        {
            lasting.retain(|(_, to, _, _)| *to >= row);
            for (from, _, column, value) in &lasting {
                let column = *column as usize;
                if *from < row {
                    if cells.len() <= column {
                        cells.resize(column + 1, String::new());
                    }
                    if let Some(slot) = cells.get_mut(column).filter(|slot| slot.is_empty()) {
                        value.clone_into(slot);
                    }
                }
            }
            rows.row(row + 1, cells, give);
        }
        let (Some(cell), Some((row, column))) = (cell, at) else {
            return Some(());
        };
        let value = text(&Data::from(cell.get_value().clone()));
        let place = column as usize;
        if place >= MAX_COLUMNS || value.is_empty() {
            continue;
        }
        if let Some(last) = merged.get(&(row, column)) {
            lasting.push((row, *last, column, value.clone()));
        }
        let (_, cells) = current.get_or_insert_with(|| (row, Vec::new()));
        if cells.len() <= place {
            cells.resize(place + 1, String::new());
        }
        if let Some(slot) = cells.get_mut(place) {
            *slot = value;
        }
    }
}

/// A cell's text; a number that was counted is written without a point.
fn text(cell: &Data) -> String {
    match cell {
        Data::Empty | Data::Error(_) => String::new(),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text.clone(),
        Data::Int(number) => number.to_string(),
        Data::Float(number) if number.fract() == 0.0 && number.abs() < 1e15 => {
            format!("{number:.0}")
        }
        Data::Float(number) => number.to_string(),
        Data::Bool(flag) => if *flag { "是" } else { "否" }.to_owned(),
        Data::DateTime(moment) => {
            let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
            if hour == 0 && minute == 0 && second == 0 {
                format!("{year:04}-{month:02}-{day:02}")
            } else {
                format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
            }
        }
    }
}
