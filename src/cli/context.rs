//! What every command is given: language, directories, output and the way to the desk.

use std::path::PathBuf;
use std::sync::Arc;

use super::connect;
use super::failure::Failure;
use super::output::{Form, Output};
use super::shim::Env;
use crate::desk::Desk;
use crate::words::Lang;

/// The surroundings of one command.
pub struct Context {
    /// The language people are spoken to in.
    pub lang: Lang,
    /// The environment, read once.
    pub env: Env,
    /// Where store and index lie.
    pub data_dir: PathBuf,
    /// Standard output and standard error.
    pub out: Output,
}

impl Context {
    /// Opens the desk.
    ///
    /// # Errors
    /// When the store is busy, newer than this program, or damaged.
    pub fn desk(&self) -> Result<Arc<dyn Desk>, Failure> {
        connect::open(&self.data_dir, &self.env)
    }

    /// Whether the output is for scripts.
    pub fn json(&self) -> bool {
        self.out.form() == Form::Json
    }
}
