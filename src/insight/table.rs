//! Tickets by number: what is kept of each, so that everything else can use four bytes.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::case::Case;
use super::replies::Tickets;
use crate::model::{Category, TicketId};

/// What is kept of a ticket.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Row {
    id: TicketId,
    /// Into the categories; `u32::MAX` = none.
    category: u32,
    order: u64,
    /// Names its agents wrote, as the vendor counts them.
    names: Box<[u32]>,
}

/// Tickets by number and by id.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Table {
    rows: Vec<Row>,
    by_id: HashMap<TicketId, u32>,
    free: Vec<u32>,
    categories: Vec<Category>,
    by_category: HashMap<Category, u32>,
}

impl Table {
    /// Gives a ticket a number.
    pub(super) fn add(&mut self, case: &Case<'_>, names: Box<[u32]>) -> u32 {
        let category = case
            .category
            .map_or(u32::MAX, |category| self.category_no(category));
        let row = Row {
            id: case.id,
            category,
            order: case.order,
            names,
        };
        let no = match self.free.pop() {
            Some(no) => {
                self.rows[no as usize] = row;
                no
            }
            None => {
                self.rows.push(row);
                self.rows.len() as u32 - 1
            }
        };
        self.by_id.insert(case.id, no);
        no
    }

    /// Takes a ticket's number back; gives it with the names its agents wrote.
    pub(super) fn remove(&mut self, id: TicketId) -> Option<(u32, Box<[u32]>)> {
        let no = self.by_id.remove(&id)?;
        self.free.push(no);
        let row = self.rows.get_mut(no as usize)?;
        Some((no, std::mem::take(&mut row.names)))
    }

    /// The number of a ticket.
    pub(super) fn no(&self, id: TicketId) -> Option<u32> {
        self.by_id.get(&id).copied()
    }

    /// Numbers of all tickets, in no order that means anything.
    pub(super) fn numbers(&self) -> impl Iterator<Item = u32> + '_ {
        self.by_id.values().copied()
    }

    /// How many tickets there are.
    pub(super) fn len(&self) -> usize {
        self.by_id.len()
    }

    /// The number of a ticket's category.
    pub(super) fn category_of(&self, no: u32) -> Option<u32> {
        self.rows
            .get(no as usize)
            .map(|row| row.category)
            .filter(|no| *no != u32::MAX)
    }

    /// A category by number.
    pub(super) fn category_at(&self, no: u32) -> Option<&Category> {
        self.categories.get(no as usize)
    }

    /// All categories that were ever used, by number.
    pub(super) fn categories(&self) -> impl Iterator<Item = (u32, &Category)> {
        (0..).zip(&self.categories)
    }

    fn category_no(&mut self, category: &Category) -> u32 {
        if let Some(no) = self.by_category.get(category) {
            return *no;
        }
        let no = self.categories.len() as u32;
        self.categories.push(category.clone());
        self.by_category.insert(category.clone(), no);
        no
    }
}

impl Tickets for Table {
    fn id(&self, no: u32) -> TicketId {
        self.rows
            .get(no as usize)
            .map_or_else(|| TicketId::from_bits(0), |row| row.id)
    }

    fn order(&self, no: u32) -> u64 {
        self.rows.get(no as usize).map_or(0, |row| row.order)
    }

    fn category(&self, no: u32) -> Option<&Category> {
        self.category_of(no)
            .and_then(|category| self.category_at(category))
    }
}
