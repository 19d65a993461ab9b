//! Tickets that one decision can settle together.

use std::collections::BTreeMap;

use super::Causes;
use crate::insight::replies::Replies;

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

    /// Groups of look-alikes among wanted tickets, the largest first; every ticket once.
    pub(in crate::insight) fn groups(
        &self,
        replies: &Replies,
        wanted: &dyn Fn(u32) -> bool,
    ) -> Vec<Vec<u32>> {
        let mut by_key: BTreeMap<(u8, u32), Vec<u32>> = BTreeMap::new();
        for (no, row) in self.rows.iter().enumerate().filter(|(_, row)| row.present) {
            let no = no as u32;
            if !wanted(no) {
                continue;
            }
            let asked = self.asked.get(row.question as usize).map_or(0, Vec::len);
            let said = replies
                .groups_of(no)
                .filter(|group| replies.says(*group) > 0.5)
                .max_by_key(|group| (replies.size(*group), std::cmp::Reverse(*group)));
            let key = match said.filter(|group| replies.size(*group) > 1) {
                Some(group) => (0, group),
                None if asked > 1 => (1, row.question),
                None => (2, no),
            };
            by_key.entry(key).or_default().push(no);
        }
        let mut groups: Vec<Vec<u32>> = by_key.into_values().collect();
        groups.sort_by_key(|group| (std::cmp::Reverse(group.len()), group.first().copied()));
        groups
    }
}
