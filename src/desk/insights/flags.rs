//! What a finished run doubts, by ticket.

use std::collections::{BTreeSet, HashSet};

use crate::insight::{Misfiled, Suspect};
use crate::model::TicketId;

/// What a finished run doubts.
#[derive(Debug, Default)]
pub(in crate::desk) struct Flags {
    /// Given causes that are probably wrong, the most certain first.
    pub(in crate::desk) suspects: Vec<Suspect<TicketId>>,
    /// Categories that are probably wrong, the most certain first.
    pub(in crate::desk) misfiled: Vec<Misfiled<TicketId>>,
    suspect_ids: HashSet<TicketId>,
    misfiled_ids: HashSet<TicketId>,
}

impl Flags {
    pub(super) fn new(suspects: Vec<Suspect<TicketId>>, misfiled: Vec<Misfiled<TicketId>>) -> Self {
        Self {
            suspect_ids: suspects.iter().map(|found| found.ticket).collect(),
            misfiled_ids: misfiled.iter().map(|found| found.ticket).collect(),
            suspects,
            misfiled,
        }
    }

    /// Whether a ticket's causes are probably wrong.
    pub(in crate::desk) fn suspect(&self, id: TicketId) -> bool {
        self.suspect_ids.contains(&id)
    }

    /// Whether a ticket's category is probably wrong.
    pub(in crate::desk) fn misfiled(&self, id: TicketId) -> bool {
        self.misfiled_ids.contains(&id)
    }

    pub(super) fn without(&self, gone: &HashSet<TicketId>) -> Self {
        let keep = |id: &TicketId| !gone.contains(id);
        Self::new(
            self.suspects
                .iter()
                .filter(|found| keep(&found.ticket))
                .cloned()
                .collect(),
            self.misfiled
                .iter()
                .filter(|found| keep(&found.ticket))
                .cloned()
                .collect(),
        )
    }

    /// Tickets that only one of two runs doubts.
    pub(super) fn differing(&self, other: &Self) -> Vec<TicketId> {
        let suspects = self.suspect_ids.symmetric_difference(&other.suspect_ids);
        let misfiled = self.misfiled_ids.symmetric_difference(&other.misfiled_ids);
        let ids: BTreeSet<TicketId> = suspects.chain(misfiled).copied().collect();
        ids.into_iter().collect()
    }
}
