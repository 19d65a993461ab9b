//! How far agents agree on root causes: percent and kappa.
//!
//! The kappa is Fleiss' (J. L. Fleiss, “Measuring nominal scale agreement among many raters”,
//! Psychological Bulletin 76(5), 1971, pp. 378–382) with tickets as subjects, in the form for
//! unequal numbers of raters (K. L. Gwet, “Handbook of Inter-Rater Reliability”, 4th ed. 2014,
//! ch. 2): agreement is the mean over tickets of the share of their agreeing pairs, and chance
//! comes from the mean over tickets of each category's share. So a ticket that ten agents looked
//! at counts no more than one that two did; where the numbers are equal it is Fleiss' own.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::model::{CauseId, TicketId};

/// What one agent decided on one ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opinion {
    /// The ticket.
    pub ticket: TicketId,
    /// The agent's user id.
    pub agent: u32,
    /// The causes the agent holds to be right.
    pub causes: Vec<CauseId>,
}

/// Agreement on one cause, or on all.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Agreement {
    /// The cause; `None` = all together.
    pub cause: Option<CauseId>,
    /// Tickets on which two agents or more had an opinion, of a cause: where one of them
    /// named it.
    pub tickets: usize,
    /// Pairs of agents who say the same, in percent of a ticket's pairs, mean over the tickets.
    pub percent: f64,
    /// Fleiss' kappa, which is near Cohen's for two agents; 1 = full, 0 = as by chance. `None`
    /// where chance alone explains everything.
    pub kappa: Option<f64>,
}

/// The agreement on all causes together, then on each, by id.
pub fn agreement(opinions: &[Opinion]) -> Vec<Agreement> {
    let mut rated: BTreeMap<TicketId, BTreeMap<u32, BTreeSet<CauseId>>> = BTreeMap::new();
    for opinion in opinions {
        // An agent's last word counts.
        let causes = opinion.causes.iter().copied().collect();
        rated
            .entry(opinion.ticket)
            .or_default()
            .insert(opinion.agent, causes);
    }
    rated.retain(|_, agents| agents.len() > 1);
    let causes: BTreeSet<CauseId> = rated
        .values()
        .flat_map(BTreeMap::values)
        .flatten()
        .copied()
        .collect();
    let mut out = vec![overall(&rated)];
    out.extend(causes.into_iter().map(|cause| of_cause(&rated, cause)));
    out
}

/// Agents' causes by ticket.
type Rated = BTreeMap<TicketId, BTreeMap<u32, BTreeSet<CauseId>>>;

/// Every set of causes is a category of its own.
fn overall(rated: &Rated) -> Agreement {
    let table: Vec<BTreeMap<&BTreeSet<CauseId>, usize>> = rated
        .values()
        .map(|agents| {
            let mut counts = BTreeMap::new();
            for causes in agents.values() {
                *counts.entry(causes).or_default() += 1;
            }
            counts
        })
        .collect();
    let (percent, kappa) = fleiss(&table);
    Agreement {
        cause: None,
        tickets: table.len(),
        percent,
        kappa,
    }
}

/// Two categories: named, not named. The percentage is of the tickets where somebody named it;
/// kappa needs the others too.
fn of_cause(rated: &Rated, cause: CauseId) -> Agreement {
    let table: Vec<BTreeMap<bool, usize>> = rated
        .values()
        .map(|agents| {
            let mut counts = BTreeMap::new();
            for causes in agents.values() {
                *counts.entry(causes.contains(&cause)).or_default() += 1;
            }
            counts
        })
        .collect();
    let named: Vec<BTreeMap<bool, usize>> = table
        .iter()
        .filter(|counts| counts.contains_key(&true))
        .cloned()
        .collect();
    Agreement {
        cause: Some(cause),
        tickets: named.len(),
        percent: fleiss(&named).0,
        kappa: fleiss(&table).1,
    }
}

/// Mean share of agreeing pairs in percent, and kappa, of counts by ticket and category; every
/// ticket has two opinions or more.
fn fleiss<K: Ord + Copy>(table: &[BTreeMap<K, usize>]) -> (f64, Option<f64>) {
    if table.is_empty() {
        return (0.0, None);
    }
    let tickets = table.len() as f64;
    let mut observed = 0.0;
    let mut shares: BTreeMap<K, f64> = BTreeMap::new();
    for counts in table {
        let n: usize = counts.values().sum();
        let same: usize = counts.values().map(|k| k * (k - 1)).sum();
        observed += same as f64 / (n * (n - 1)) as f64 / tickets;
        for (category, count) in counts {
            *shares.entry(*category).or_default() += *count as f64 / n as f64 / tickets;
        }
    }
    let chance: f64 = shares.values().map(|share| share.powi(2)).sum();
    let beyond = 1.0 - chance;
    let kappa = (beyond > 1e-9).then(|| (observed - chance) / beyond);
    (observed * 100.0, kappa)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ticket(n: u8) -> TicketId {
        TicketId::from_hash(&[n.wrapping_mul(41); 32])
    }

    fn cause(n: u8) -> CauseId {
        CauseId::from_hash(&[n.wrapping_mul(59); 32])
    }

    fn opinions(rows: &[(u8, u32, u8)]) -> Vec<Opinion> {
        rows.iter()
            .map(|(t, agent, c)| Opinion {
                ticket: ticket(*t),
                agent: *agent,
                causes: vec![cause(*c)],
            })
            .collect()
    }

    #[test]
    fn full_agreement_is_one_and_a_lone_opinion_does_not_count() {
        let all = agreement(&opinions(&[
            (1, 1, 1),
            (1, 2, 1),
            (2, 1, 2),
            (2, 2, 2),
            (3, 1, 1),
        ]));
        assert_eq!(all[0].tickets, 2);
        assert!((all[0].percent - 100.0).abs() < 1e-9);
        assert!((all[0].kappa.unwrap() - 1.0).abs() < 1e-9);
    }

    #[test]
    fn kappa_of_a_table_worked_by_hand() {
        // Two agents, four tickets: agree on 1 (a), 2 (b), differ on 3 and 4.
        let all = agreement(&opinions(&[
            (1, 1, 1),
            (1, 2, 1),
            (2, 1, 2),
            (2, 2, 2),
            (3, 1, 1),
            (3, 2, 2),
            (4, 1, 2),
            (4, 2, 1),
        ]));
        // Observed .5, chance .5² + .5² = .5.
        assert!((all[0].percent - 50.0).abs() < 1e-9);
        assert!(all[0].kappa.unwrap().abs() < 1e-9);
        // Of cause 1: named on tickets 1, 3, 4; agreed on one of three.
        assert_eq!(all[1].tickets, 3);
        assert!((all[1].percent - 100.0 / 3.0).abs() < 1e-9);
    }

    #[test]
    fn one_cause_everywhere_says_nothing_beyond_chance() {
        let all = agreement(&opinions(&[(1, 1, 1), (1, 2, 1)]));
        assert_eq!(all[0].kappa, None);
    }

    #[test]
    fn a_ticket_counts_once_however_many_agents_looked_at_it() {
        // Three agents agree on ticket 1; two differ on ticket 2.
        let all = agreement(&opinions(&[
            (1, 1, 1),
            (1, 2, 1),
            (1, 3, 1),
            (2, 1, 1),
            (2, 2, 2),
        ]));
        // Observed (1 + 0) / 2; shares (1 + ½) / 2 and ½ / 2: chance .75² + .25² = .625.
        assert!((all[0].percent - 50.0).abs() < 1e-9);
        assert!((all[0].kappa.unwrap() - (0.5 - 0.625) / 0.375).abs() < 1e-9);
    }
}
