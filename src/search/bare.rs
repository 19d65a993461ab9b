//! The index library without anything of ours around it, for a bench to compare with.

use std::path::Path;

use tantivy::{Index, TantivyDocument};

use super::analysis::Analyser;
use super::index::{Fields, entries, register};
use super::{Document, Lexicon};

/// Makes the entries that the index is fed of documents.
pub struct Maker {
    analyser: Analyser,
    fields: Fields,
}

impl Maker {
    /// Waits until the dictionary of words is there.
    #[expect(clippy::new_without_default, reason = "a default does not wait")]
    pub fn new() -> Self {
        let analyser = Analyser::new(&Lexicon::default());
        analyser.wait();
        let (_, fields) = Fields::build();
        Self { analyser, fields }
    }

    /// The entries of some documents.
    pub fn entries(&self, documents: &[Document]) -> Vec<TantivyDocument> {
        let each = documents.iter();
        each.flat_map(|document| entries(document, &self.analyser, &self.fields))
            .collect()
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
