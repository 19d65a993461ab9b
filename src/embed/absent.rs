//! The model of a program that was built without the feature `semantic`: there is none.

use std::path::Path;

use super::{Description, EmbedError, Embedding, Role};

/// A model that cannot be: [`Model::open`] always refuses.
#[derive(Debug)]
pub enum Model {}

impl Model {
    /// Refuses.
    ///
    /// # Errors
    /// [`EmbedError::NotBuilt`].
    pub fn open(_dir: &Path) -> Result<Self, EmbedError> {
        Err(EmbedError::NotBuilt)
    }

    /// What the model says of itself.
    pub fn description(&self) -> Description {
        match *self {}
    }

    /// The vector of a text.
    ///
    /// # Errors
    /// None: there is no such model.
    pub fn embed(&self, _text: &str, _role: Role) -> Result<Embedding, EmbedError> {
        match *self {}
    }

    /// Whether the model works.
    ///
    /// # Errors
    /// None: there is no such model.
    pub fn self_test(&self) -> Result<(), EmbedError> {
        match *self {}
    }
}
