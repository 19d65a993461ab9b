//! What became of an order whose answer was lost with its daemon.
//!
//! A dead daemon writes nothing more, so the next one's log is the whole truth. Every act names
//! the session it was made in, and a client gives one order at a time: an act of its own session
//! that it was never told of can only be the lost one. Where there is none, the order was not
//! done, and may be given again.

use std::collections::HashSet;

use jiff::Timestamp;

use crate::desk::api::{ActDone, Answer, Conflict, LogEntry};
use crate::model::ActId;

/// Entries of the log that are looked at.
pub(super) const LOOKED_AT: usize = 1000;

/// The acts a client was told of.
#[derive(Default)]
pub(super) struct Orders {
    known: HashSet<ActId>,
}

/// What became of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It left no trace.
    NotDone,
    /// It was done, as the log shows it.
    Done(ActId),
    /// The log does not tell.
    Unknown,
}

impl Orders {
    /// Remembers what an order was answered.
    pub(super) fn told(&mut self, answer: &Answer) {
        if let Answer::Done(done) = answer {
            self.known.insert(done.act);
        }
    }

    /// Finds a lost order in the log, newest first, of the daemon after it.
    pub(super) fn outcome(&self, log: &[LogEntry], session: &str, sent: Timestamp) -> Outcome {
        let reaches_back = log.len() < LOOKED_AT || log.last().is_some_and(|e| e.at < sent);
        let acts: HashSet<ActId> = log
            .iter()
            .filter(|entry| entry.session == session && !self.known.contains(&entry.act))
            .map(|entry| entry.act)
            .collect();
        let mut acts = acts.into_iter();
        match (acts.next(), acts.next()) {
            (None, _) if reaches_back => Outcome::NotDone,
            (Some(act), None) => Outcome::Done(act),
            (_, _) => Outcome::Unknown,
        }
    }
}

/// The answer of an order that was done, put together from what the daemon after it kept.
pub(super) fn answer(act: ActId, log: Vec<LogEntry>, conflicts: Vec<Conflict>) -> Answer {
    let mut entries: Vec<LogEntry> = log
        .into_iter()
        .filter(|entry| entry.act == act && entry.accepted)
        .collect();
    entries.sort_by_key(|entry| entry.sequence);
    let conflicts = conflicts
        .into_iter()
        .filter(|conflict| conflict.mine.act == act)
        .collect();
    Answer::Done(ActDone {
        act,
        entries,
        unchanged: Vec::new(),
        conflicts,
        moved_on: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use crate::model::Sequence;

    use super::*;

    fn entry(sequence: u64, act: u128, session: &str) -> LogEntry {
        LogEntry {
            sequence: Sequence(sequence),
            act: ActId(act),
            undoes: None,
            at: at(sequence),
            author: "林".into(),
            uid: 1000,
            declared: false,
            host: "jump1".into(),
            session: session.into(),
            key: "cause/k7q2md4x9a".into(),
            what: "causes".into(),
            title: String::new(),
            before: Vec::new(),
            after: Vec::new(),
            note: String::new(),
            accepted: true,
        }
    }

    fn at(second: u64) -> Timestamp {
        Timestamp::from_second(i64::try_from(second).unwrap()).unwrap()
    }

    fn knowing(acts: &[u128]) -> Orders {
        Orders {
            known: acts.iter().map(|act| ActId(*act)).collect(),
        }
    }

    #[test]
    fn an_act_of_ones_own_that_one_was_not_told_of_is_the_lost_order() {
        let log = [
            entry(9, 5, "theirs"),
            entry(8, 4, "mine"),
            entry(7, 4, "mine"),
            entry(6, 3, "mine"),
        ];
        let outcome = knowing(&[3]).outcome(&log, "mine", at(7));
        assert_eq!(outcome, Outcome::Done(ActId(4)));
        let Answer::Done(done) = answer(ActId(4), log.to_vec(), Vec::new()) else {
            panic!()
        };
        let sequences: Vec<u64> = done.entries.iter().map(|e| e.sequence.0).collect();
        assert_eq!(sequences, [7, 8], "in the order they were done");
    }

    #[test]
    fn an_order_without_a_trace_was_not_done() {
        let log = [entry(9, 5, "theirs"), entry(6, 3, "mine")];
        let outcome = knowing(&[3]).outcome(&log, "mine", at(7));
        assert_eq!(outcome, Outcome::NotDone);
        assert_eq!(knowing(&[]).outcome(&[], "mine", at(7)), Outcome::NotDone);
    }

    #[test]
    fn a_log_that_does_not_reach_back_tells_nothing() {
        let many: Vec<LogEntry> = (0..LOOKED_AT as u64)
            .map(|n| entry(5000 - n, 9, "theirs"))
            .collect();
        assert_eq!(
            knowing(&[]).outcome(&many, "mine", at(100)),
            Outcome::Unknown
        );
        assert_eq!(
            knowing(&[]).outcome(&many, "mine", at(4900)),
            Outcome::NotDone
        );
    }

    #[test]
    fn two_unknown_acts_are_not_told_apart() {
        let log = [entry(9, 5, "mine"), entry(8, 4, "mine")];
        assert_eq!(knowing(&[]).outcome(&log, "mine", at(7)), Outcome::Unknown);
    }
}
