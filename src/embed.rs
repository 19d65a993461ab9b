//! An embedding model: text in, vector out.
//!
//! Texts that mean the same have vectors that point the same way, whatever words they use. The
//! model is a directory as model hubs hand it out: `config.json`, `tokenizer.json`,
//! `model.safetensors`, and what says how its vectors are made (`1_Pooling/config.json`,
//! `config_sentence_transformers.json`), if it has that. It is read, never fetched, and knows
//! nothing of tickets.
//!
//! Read are models of type `bert` with absolute positions, in f32, f16 or bf16, with a WordPiece or
//! a Unigram tokenizer: bge-small-zh, multilingual-e5-small, gte-small and their like. Everything
//! else is refused by its name.
//!
//! The weights of the layers are kept as f32, packed for multiplication; the rows of the word
//! embeddings, most of a multilingual model, are read from the file by position. Without the
//! feature `semantic` every model is refused.
//!
//! multilingual-e5-small (12 layers, 384 dimensions, f16; optimised build, two busy cores): read in
//! 0.1 s of processor time, 85 MB resident, a query of 13 characters 14 ms, a ticket of a short
//! question and a short answer 30 ms.
//!
//! # Files
//!
//! Each may use those on the lines above its own.
//!
//! ```text
//! absent config error tensors tokenizer
//! bert
//! model
//! ```

#[cfg(feature = "semantic")]
mod bert;
#[cfg(feature = "semantic")]
mod config;
mod error;
#[cfg(feature = "semantic")]
mod model;
#[cfg(not(feature = "semantic"))]
#[path = "embed/absent.rs"]
mod model;
#[cfg(feature = "semantic")]
mod tensors;
#[cfg(feature = "semantic")]
#[cfg(test)]
pub(crate) mod tests;
#[cfg(feature = "semantic")]
mod tokenizer;

pub use error::EmbedError;
pub use model::Model;

/// The files of a model that are read, those first that it must have.
pub const FILES: [&str; 6] = [
    "config.json",
    "tokenizer.json",
    "model.safetensors",
    "1_Pooling/config.json",
    "config_sentence_transformers.json",
    "tokenizer_config.json",
];

/// How many of [`FILES`] a model must have.
pub const NEEDED: usize = 3;

/// What a text is to the model: some were taught to tell questions from what answers them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Something is sought with it, now: on threads of its own, before everything else.
    Query,
    /// It may be found: on one thread that yields to whatever else wants to run.
    Passage,
}

/// The vector of a text.
#[derive(Debug, Clone, PartialEq)]
pub struct Embedding {
    /// Of length 1, so that a product of two is the cosine of their angle.
    pub vector: Vec<f32>,
    /// The share of the text's characters that the vector is made of: a model reads so many
    /// tokens and no more.
    pub read: f32,
}

/// What a model says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Description {
    /// Numbers in a vector.
    pub dimensions: usize,
    /// Layers.
    pub layers: usize,
    /// Words of its tokenizer.
    pub vocabulary: usize,
    /// Tokens of a text that are read.
    pub tokens: usize,
}

/// The product of two vectors: of embeddings the cosine of their angle.
pub fn product(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
