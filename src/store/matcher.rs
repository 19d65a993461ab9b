//! Recognising at an import what the store holds already.

use std::collections::{HashMap, HashSet};

use crate::model::{Fingerprint, Source, TicketId};

/// What recognises tickets and articles; loaded when an import begins, and grown by it.
#[derive(Debug, Default)]
pub struct Matcher {
    prints: HashMap<u64, TicketId>,
    places: HashMap<u64, TicketId>,
    /// `None` = several have this title in the dataset.
    titles: HashMap<u64, Option<TicketId>>,
    /// Where a ticket begins in its file: a document that did not change is known by it, however
    /// much better it is read now.
    lines: HashMap<u64, TicketId>,
    ids: HashSet<TicketId>,
}

impl Matcher {
    /// The one with the same raw text.
    pub fn by_fingerprint(&self, fingerprint: Fingerprint) -> Option<TicketId> {
        self.prints.get(&fingerprint.0).copied()
    }

    /// The one at the same place of the same file of the dataset, with the same title.
    pub fn by_place(&self, source: &Source, title: &str) -> Option<TicketId> {
        let hash = place_hash(
            &source.dataset,
            &source.file,
            source.ordinal,
            title_hash(title),
        );
        self.places.get(&hash).copied()
    }

    /// The one that began on the same line of the same file. Whether the bodies are alike is for
    /// the caller to see.
    pub fn by_line(&self, source: &Source) -> Option<TicketId> {
        let hash = line_hash(&source.dataset, &source.file, source.line);
        self.lines.get(&hash).copied()
    }

    /// The only one of the dataset with this title. Whether the bodies are alike is for the
    /// caller to see.
    pub fn by_title(&self, dataset: &str, title: &str) -> Option<TicketId> {
        *self.titles.get(&in_dataset(dataset, title_hash(title)))?
    }

    /// Learns what an import is about to add or to change.
    pub fn add(&mut self, id: TicketId, fingerprint: Fingerprint, source: &Source, title: &str) {
        self.print(id, fingerprint);
        self.line(id, &source.dataset, &source.file, source.line);
        self.place(
            id,
            &source.dataset,
            &source.file,
            source.ordinal,
            title_hash(title),
        );
    }

    /// Whether an id is given, stored or about to be.
    pub fn holds(&self, id: TicketId) -> bool {
        self.ids.contains(&id)
    }

    pub(super) fn print(&mut self, id: TicketId, fingerprint: Fingerprint) {
        self.prints.insert(fingerprint.0, id);
        self.ids.insert(id);
    }

    pub(super) fn line(&mut self, id: TicketId, dataset: &str, file: &str, line: u32) {
        self.lines.insert(line_hash(dataset, file, line), id);
    }

    pub(super) fn place(
        &mut self,
        id: TicketId,
        dataset: &str,
        file: &str,
        ordinal: u32,
        title: u64,
    ) {
        self.places
            .insert(place_hash(dataset, file, ordinal, title), id);
        self.titles
            .entry(in_dataset(dataset, title))
            .and_modify(|known| {
                if *known != Some(id) {
                    *known = None;
                }
            })
            .or_insert(Some(id));
    }
}

/// The hash by which titles are compared.
pub(super) fn title_hash(title: &str) -> u64 {
    first_eight(blake3::hash(title.trim().as_bytes()))
}

fn in_dataset(dataset: &str, title: u64) -> u64 {
    let mut hasher = blake3::Hasher::new();
    hasher
        .update(dataset.as_bytes())
        .update(&title.to_le_bytes());
    first_eight(hasher.finalize())
}

fn line_hash(dataset: &str, file: &str, line: u32) -> u64 {
    let mut hasher = blake3::Hasher::new();
    hasher.update(dataset.as_bytes()).update(&[0]);
    hasher.update(file.as_bytes()).update(&[0]);
    hasher.update(&line.to_le_bytes());
    first_eight(hasher.finalize())
}

fn place_hash(dataset: &str, file: &str, ordinal: u32, title: u64) -> u64 {
    let mut hasher = blake3::Hasher::new();
    hasher.update(dataset.as_bytes()).update(&[0]);
    hasher.update(file.as_bytes()).update(&[0]);
    hasher
        .update(&ordinal.to_le_bytes())
        .update(&title.to_le_bytes());
    first_eight(hasher.finalize())
}

fn first_eight(hash: blake3::Hash) -> u64 {
    let [a, b, c, d, e, f, g, h, ..] = *hash.as_bytes();
    u64::from_le_bytes([a, b, c, d, e, f, g, h])
}
