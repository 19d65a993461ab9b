//! The order of lists: dated ones first, the newest first; then by import, the newest first, and
//! in each the order of its documents.
//!
//! Numbers are given in the order of documents, so an import is a few runs of numbers, and the
//! order of a million undated tickets takes no memory of its own.

use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Which import each number came with, and the numbers by date.
#[derive(Debug, Default)]
pub(super) struct Order {
    /// First number of each run, with its import; in the order of numbers.
    runs: Vec<(u32, u32)>,
    /// The runs of each import, as `first..end`.
    imports: Vec<Vec<(u32, u32)>>,
    /// The numbers of each date, sorted.
    dated: BTreeMap<Reverse<i32>, Vec<u32>>,
    len: u32,
}

impl Order {
    /// Takes note of the next number's import.
    pub(super) fn push(&mut self, import: u32) {
        let doc = self.len;
        self.len += 1;
        let index = import as usize;
        if self.imports.len() <= index {
            self.imports.resize_with(index + 1, Vec::new);
        }
        match self.imports[index].last_mut() {
            Some((_, end)) if *end == doc => *end += 1,
            _ => {
                self.imports[index].push((doc, doc + 1));
                self.runs.push((doc, import));
            }
        }
    }

    /// The import a number came with.
    pub(super) fn import_of(&self, doc: u32) -> u32 {
        let after = self.runs.partition_point(|(first, _)| *first <= doc);
        self.runs.get(after.wrapping_sub(1)).map_or(0, |run| run.1)
    }

    /// Puts a number under a date.
    pub(super) fn date(&mut self, doc: u32, date: i32) {
        let day = self.dated.entry(Reverse(date)).or_default();
        // Nearly always at the end: numbers are given in order.
        let at = day.partition_point(|known| *known < doc);
        day.insert(at, doc);
    }

    /// Takes a number from under a date.
    pub(super) fn undate(&mut self, doc: u32, date: i32) {
        if let Some(day) = self.dated.get_mut(&Reverse(date))
            && let Ok(at) = day.binary_search(&doc)
        {
            day.remove(at);
        }
    }

    /// The numbers that have a date, in order.
    pub(super) fn dated(&self) -> impl Iterator<Item = u32> + '_ {
        let days = self.dated.values();
        days.flat_map(|day| self.newest_import_first(day).into_iter().flatten().copied())
    }

    /// Cuts a day's numbers at the ends of runs, and orders the pieces.
    fn newest_import_first<'a>(&self, day: &'a [u32]) -> Vec<&'a [u32]> {
        let mut pieces = Vec::new();
        let mut rest = day;
        while let Some(first) = rest.first() {
            let after = self.runs.partition_point(|(begin, _)| begin <= first);
            let import = self.runs.get(after.wrapping_sub(1)).map_or(0, |run| run.1);
            let end = self.runs.get(after).map_or(u32::MAX, |run| run.0);
            let (piece, later) = rest.split_at(rest.partition_point(|doc| *doc < end));
            pieces.push((import, piece));
            rest = later;
        }
        pieces.sort_by_key(|(import, _)| Reverse(*import));
        pieces.into_iter().map(|(_, piece)| piece).collect()
    }

    /// All numbers by import, the newest first.
    pub(super) fn by_import(&self) -> impl Iterator<Item = u32> + '_ {
        self.imports
            .iter()
            .rev()
            .flatten()
            .flat_map(|(first, end)| *first..*end)
    }
}
