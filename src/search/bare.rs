//! The index library without anything of ours around it, for a bench to compare with.

use std::path::Path;

use tantivy::{Index, TantivyDocument};

use super::analysis::Analyser;
use super::index::{Fields, entries as made, register};
use super::{Document, Lexicon};

/// The entries that the index would be fed of some documents.
pub fn entries(documents: &[Document]) -> Vec<TantivyDocument> {
    let analyser = Analyser::new(&Lexicon::default());
    analyser.wait();
    let (_, fields) = Fields::build();
    documents
        .iter()
        .flat_map(|document| made(document, &analyser, &fields))
        .collect()
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
