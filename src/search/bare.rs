//! The index library without anything of ours around it, for a bench to compare with.

use std::path::Path;
use std::sync::Arc;

use tantivy::{Document as _, Index};

pub use super::index::Entry;

use super::analysis::Analyser;
use super::index::{Fields, GROUP, Slot, entries, register};
use super::{Document, Lexicon};

/// Makes the entries that the index is fed of documents.
pub struct Maker {
    analyser: Arc<Analyser>,
    fields: Fields,
}

impl Maker {
    /// Waits until the dictionary of words is there.
    #[expect(clippy::new_without_default, reason = "a default does not wait")]
    pub fn new() -> Self {
        let analyser = Analyser::new(&Lexicon::default());
        analyser.wait();
        let (_, fields) = Fields::build();
        Self {
            analyser: Arc::new(analyser),
            fields,
        }
    }

    /// The entries of some documents, in groups as the index is fed; their values are made when
    /// they are written.
    pub fn groups(&self, documents: Vec<Document>) -> Vec<Vec<Entry>> {
        let documents: Vec<_> = documents.into_iter().map(Arc::new).collect();
        let group = |group| entries(group, &self.analyser, &self.fields, Slot::default());
        let entry = |(_, entry)| entry;
        let groups = documents.chunks(GROUP).map(group);
        groups.map(|g| g.into_iter().map(entry).collect()).collect()
    }

    /// The same with their values made.
    pub fn ready_made(&self, documents: Vec<Document>) -> Vec<Vec<Entry>> {
        let groups = self.groups(documents);
        for entry in groups.iter().flatten() {
            let _ = entry.iter_fields_and_values();
        }
        groups
    }
}

/// An empty index of our schema in a directory.
///
/// # Errors
/// The library's, when the directory cannot be written.
pub fn index(dir: &Path) -> tantivy::Result<Index> {
    let (schema, _) = Fields::build();
    let index = Index::create_in_dir(dir, schema)?;
    register(&index);
    Ok(index)
}
