//! Why a directory is no model that can be used.

use std::path::PathBuf;

/// Why a model cannot be read or does not work.
#[derive(Debug, thiserror::Error)]
pub enum EmbedError {
    /// A file cannot be read.
    #[error("the file {path} of the model cannot be read")]
    Io {
        /// The file.
        path: PathBuf,
        /// What went wrong.
        #[source]
        source: std::io::Error,
    },
    /// A file is not what its name says.
    #[error("the file {path} of the model is damaged: {detail}")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        detail: String,
    },
    /// The model is of a kind that is not read.
    #[error("{part} {name:?} is not supported")]
    Unsupported {
        /// What of the model: `model_type`, `normalizer` …
        part: &'static str,
        /// What it says there.
        name: String,
    },
    /// Nothing says how a text's vector is made of those of its tokens.
    #[error("neither the files of the model nor its name say how its vectors are pooled")]
    Pooling,
    /// A tensor is missing or of another shape than the configuration promises.
    #[error("the tensor {name} should be {wanted:?} and is {found:?}")]
    Shape {
        /// Its name.
        name: String,
        /// The shape that was promised.
        wanted: Vec<usize>,
        /// The shape it has; empty = there is none.
        found: Vec<usize>,
    },
    /// Vectors come out that are none, or that tell texts apart the wrong way.
    #[error("the model fails its test: {detail}")]
    SelfTest {
        /// What it gets wrong.
        detail: String,
    },
    /// The program was built without the feature `semantic`.
    #[error("this program was built without the feature \"semantic\"")]
    NotBuilt,
}
