//! Tickets that one decision can settle together.

use std::collections::{BTreeMap, BTreeSet};

use super::{Causes, Row};
use crate::insight::replies::Replies;

/// Kind of key of a ticket that is like no other.
const ALONE: u8 = 2;

impl Causes {
    /// Tickets like a ticket: asked alike, or answered alike.
    pub(in crate::insight) fn lookalikes(&self, no: u32, replies: &Replies) -> Vec<u32> {
        let Some(row) = self.row(no) else {
            return Vec::new();
        };
        let mut near: Vec<(u32, f32)> = self
            .of_groups(no, row, replies)
            .into_iter()
            .filter(|(_, weight)| *weight >= 0.5)
            .collect();
        near.sort_by(|a, b| b.1.total_cmp(&a.1).then(b.0.cmp(&a.0)));
        near.into_iter().map(|(no, _)| no).collect()
    }

    /// All tickets that one decision with a ticket can settle, itself left out: those of its
    /// group, however many, and those asked or answered alike.
    pub(in crate::insight) fn fellows(&self, no: u32, replies: &Replies) -> Vec<u32> {
        let Some(row) = self.row(no) else {
            return Vec::new();
        };
        let mut found = self.lookalikes(no, replies);
        let key = self.key(no, row, replies);
        if key.0 == ALONE {
            return found;
        }
        let seen: BTreeSet<u32> = found.iter().copied().collect();
        let present = self.rows.iter().zip(0..).filter(|(row, _)| row.present);
        found.extend(
            present
                .filter(|(row, other)| {
                    *other != no && !seen.contains(other) && self.key(*other, row, replies) == key
                })
                .map(|(_, other)| other),
        );
        found
    }

    /// Groups of look-alikes among wanted tickets, the largest first; every ticket once.
    pub(in crate::insight) fn groups(
        &self,
        replies: &Replies,
        wanted: &dyn Fn(u32) -> bool,
    ) -> Vec<Vec<u32>> {
        let mut by_key: BTreeMap<(u8, u32), Vec<u32>> = BTreeMap::new();
        for (row, no) in self.rows.iter().zip(0..).filter(|(row, _)| row.present) {
            if wanted(no) {
                by_key
                    .entry(self.key(no, row, replies))
                    .or_default()
                    .push(no);
            }
        }
        let mut groups: Vec<Vec<u32>> = by_key.into_values().collect();
        groups.sort_by_key(|group| (std::cmp::Reverse(group.len()), group.first().copied()));
        groups
    }

    /// What a ticket's group is known by: its most common answer, else its question.
    fn key(&self, no: u32, row: &Row, replies: &Replies) -> (u8, u32) {
        let asked = self.asked.get(row.question as usize).map_or(0, Vec::len);
        let said = replies
            .groups_of(no)
            .filter(|group| replies.says(*group) > 0.5)
            .max_by_key(|group| (replies.size(*group), std::cmp::Reverse(*group)));
        match said.filter(|group| replies.size(*group) > 1) {
            Some(group) => (0, group),
            None if asked > 1 => (1, row.question),
            None => (ALONE, no),
        }
    }
}
