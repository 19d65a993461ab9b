//! Counts kept up to date with every change, so that no keystroke has to count.

use std::collections::HashMap;

use super::Row;

/// How many tickets of a category have a state and a set of datasets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cell {
    pub(super) state: u8,
    pub(super) set: u32,
    pub(super) count: usize,
}

/// Counts of what is shown.
#[derive(Debug, Default)]
pub(super) struct Counts {
    /// By category, in the form of [`Row::category`].
    pub(super) cells: Vec<Vec<Cell>>,
    /// Articles by set of datasets.
    pub(super) articles: HashMap<u32, usize>,
    /// Tickets by list of causes, and whether an agent decided.
    pub(super) causes: HashMap<(u32, bool), usize>,
}

impl Counts {
    pub(super) fn add(&mut self, row: &Row) {
        self.change(row, 1);
    }

    pub(super) fn remove(&mut self, row: &Row) {
        self.change(row, -1);
    }

    fn change(&mut self, row: &Row, by: isize) {
        if row.removed() {
            return;
        }
        if row.is_article() {
            step(self.articles.entry(row.set).or_default(), by);
            return;
        }
        let category = row.category as usize;
        if self.cells.len() <= category {
            self.cells.resize_with(category + 1, Vec::new);
        }
        let cells = &mut self.cells[category];
        let state = row.state_bits();
        match cells
            .iter_mut()
            .find(|cell| cell.state == state && cell.set == row.set)
        {
            Some(cell) => step(&mut cell.count, by),
            None => cells.push(Cell {
                state,
                set: row.set,
                count: by.max(0).unsigned_abs(),
            }),
        }
        if row.causes != 0 {
            step(
                self.causes
                    .entry((row.causes, row.confirmed()))
                    .or_default(),
                by,
            );
        }
    }
}

fn step(count: &mut usize, by: isize) {
    *count = count.saturating_add_signed(by);
}
