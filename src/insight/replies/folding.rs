//! Replies that a fuller one holds become a part of it: prefixes, stubs, cut copies.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::Replies;
use crate::insight::normal::{Class, parts};
use crate::insight::pattern::{after, hash_text};
use crate::insight::url::urls;

/// Share of the shorter text's pieces, in percent, that the fuller one must have.
const HELD: usize = 85;
/// Characters of a piece.
const PIECE: usize = 4;
/// Pieces of a text that is long enough to be told from others.
const LEAST: usize = 8;
/// Groups that a reply is compared with, those that share most pieces first.
const AROUND: usize = 32;
/// One piece in so many is kept for finding: which ones depends on the piece alone, so that a
/// text has the kept pieces of every text it holds.
const KEPT: u64 = 8;
/// Groups remembered by one piece; what more of them have is a phrase of everybody's.
const COMMON: usize = 64;
/// Share of the fuller text, in percent, below which a question back is no stub of an answer.
const STUB: usize = 40;

/// The pieces of mined texts, by group, as far as they were looked at in this round.
type Known = HashMap<u32, HashSet<u64>>;

impl Replies {
    /// Folds the replies of these groups and those around them; gives the groups that took
    /// others in, which must be made again.
    pub(super) fn fold(&mut self, made: &[u32]) -> Vec<u32> {
        let mut known = Known::new();
        let mut grown: BTreeMap<u32, ()> = BTreeMap::new();
        for group in made {
            if let Some(into) = self.fold_one(*group, &mut known) {
                grown.insert(into, ());
            }
        }
        let grown = grown.into_keys();
        grown
            .filter(|group| self.mined.contains_key(group))
            .collect()
    }

    /// Makes a reply and those around it one where one holds the other; gives what is left.
    fn fold_one(&mut self, group: u32, known: &mut Known) -> Option<u32> {
        let mut into = None;
        let mut group = group;
        for other in self.sharing_pieces(group, known) {
            if other == group
                || !self.mined.contains_key(&other)
                || !self.mined.contains_key(&group)
            {
                continue;
            }
            if !self.holds(group, other, known) {
                continue;
            }
            let larger = |a: u32, b: u32| {
                let (a_tickets, b_tickets) = (self.size(a), self.size(b));
                (a_tickets, std::cmp::Reverse(a)) > (b_tickets, std::cmp::Reverse(b))
            };
            let (from, to) = if larger(other, group) {
                (group, other)
            } else {
                (other, group)
            };
            self.merge(from, to);
            self.forget_pieces(from, known);
            group = to;
            into = Some(to);
        }
        into
    }

    /// The mined groups that share kept pieces with one, those that share most first.
    fn sharing_pieces(&mut self, group: u32, known: &mut Known) -> Vec<u32> {
        self.read_pieces(group, known);
        let mut shared: HashMap<u32, usize> = HashMap::new();
        let own = known.get(&group).into_iter().flatten();
        for piece in own.filter(|piece| **piece % KEPT == 0) {
            let with = self.by_piece.entry(*piece).or_default();
            for other in with.iter() {
                *shared.entry(*other).or_default() += 1;
            }
            if with.len() < COMMON && !with.contains(&group) {
                with.push(group);
            }
        }
        shared.remove(&group);
        let mut out: Vec<(u32, usize)> = shared
            .into_iter()
            .filter(|(other, _)| self.mined.contains_key(other))
            .collect();
        out.sort_unstable_by_key(|(other, shared)| (std::cmp::Reverse(*shared), *other));
        out.truncate(AROUND);
        out.into_iter().map(|(other, _)| other).collect()
    }

    /// Takes a group out of the lists: it is a part of another now.
    fn forget_pieces(&mut self, group: u32, known: &mut Known) {
        for piece in known.remove(&group).into_iter().flatten() {
            if let Some(with) = self.by_piece.get_mut(&piece) {
                with.retain(|known| *known != group);
            }
        }
    }

    fn read_pieces(&self, group: u32, known: &mut Known) {
        known.entry(group).or_insert_with(|| {
            let text = self.mined.get(&group).map_or("", |mined| &mined.text);
            pieces(text)
        });
    }

    /// Whether one of two replies holds the other.
    fn holds(&self, group: u32, other: u32, known: &mut Known) -> bool {
        self.read_pieces(group, known);
        self.read_pieces(other, known);
        let (Some(a), Some(b)) = (known.get(&group), known.get(&other)) else {
            return false;
        };
        let (shorter, longer) = if a.len() <= b.len() { (a, b) } else { (b, a) };
        let common = shorter
            .iter()
            .filter(|piece| longer.contains(*piece))
            .count();
        let class = |group: u32| self.mined.get(&group).map(|mined| mined.class);
        let (shorter_group, longer_group) = if a.len() <= b.len() {
            (group, other)
        } else {
            (other, group)
        };
        let question_in_answer = class(shorter_group) == Some(Class::Asking)
            && class(longer_group) != Some(Class::Asking)
            && shorter.len() * 100 < longer.len() * STUB;
        let model = |group: u32| self.groups.get(group as usize).map(|group| &group.model);
        let denied = model(group)
            .zip(model(other))
            .is_some_and(|(a, b)| a.contradicts(b));
        shorter.len() >= LEAST
            && !denied
            && common * 100 >= shorter.len() * HELD
            && !question_in_answer
    }
}

/// Hashes of the pieces of a text, links and punctuation left out.
fn pieces(text: &str) -> HashSet<u64> {
    let body = parts(text).body;
    let mut bare = String::with_capacity(body.len());
    let mut from = 0;
    for url in urls(body) {
        bare.push_str(body.get(from..url.range.start).unwrap_or_default());
        from = url.range.end;
    }
    bare.push_str(after(body, from));
    // What is left of an address that lost its scheme is no word either.
    let end = bare.find(|c: char| !c.is_ascii()).unwrap_or(bare.len());
    if bare.starts_with("//") {
        bare.replace_range(..end, "");
    }
    for mark in crate::text::redaction::marks(&bare).into_iter().rev() {
        bare.replace_range(mark, "");
    }
    let chars: Vec<char> = bare
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect();
    chars
        .windows(PIECE)
        .map(|piece| hash_text(&piece.iter().collect::<String>()))
        .collect()
}
