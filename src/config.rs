//! One person's settings and where things lie: paths, layers, choices, files written for them.
//!
//! `/etc/gongdan/config.toml` is the host's layer, `~/.config/gongdan/config.toml` the
//! person's; environment and command line come over both. What changes the shared store is no
//! business of these files: team settings are records.
//!
//! Nothing here reads the environment: whoever starts the program fills an [`Env`].
//!
//! # Files
//!
//! Each may use those on the lines above its own.
//!
//! ```text
//! choice env file outfile paths
//! ```

mod choice;
mod env;
mod file;
mod outfile;
mod paths;

pub use choice::{Choice, Clipboard, Keys, Language, Mouse, Theme};
pub use env::Env;
pub use file::{ConfigError, Problem, SETTINGS};
pub use outfile::{Existing, OutFile};
pub use paths::Paths;

use std::path::PathBuf;

use file::Layer;

/// One person's settings, all layers applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Language of the interface.
    pub language: Language,
    /// Theme.
    pub theme: Theme,
    /// Whether colours are wanted; `NO_COLOR` says they are not.
    pub color: bool,
    /// Keymap that is compiled in.
    pub keys: Keys,
    /// A keymap file laid over it; it need not exist unless a configuration names it.
    pub keymap: KeymapFile,
    /// Way to the clipboard.
    pub clipboard: Clipboard,
    /// Whether the mouse is taken from the terminal.
    pub mouse: bool,
}

/// A person's own keymap file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeymapFile {
    /// The usual place: read where it exists.
    Usual(PathBuf),
    /// Named by a configuration: an error where it cannot be read.
    Named(PathBuf),
}

/// What the command line says over all layers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Overrides {
    /// `--lang`.
    pub language: Option<Language>,
}

impl Settings {
    /// Reads both configuration files and applies environment and command line over them.
    ///
    /// What is wrong is told beside the settings; everything else holds.
    pub fn load(paths: &Paths, env: &Env, over: Overrides) -> (Self, Vec<ConfigError>) {
        let mut wrong = Vec::new();
        let host = Layer::read(&paths.host_config, &mut wrong);
        let own = Layer::read(&paths.config, &mut wrong);
        let named = env.language().unwrap_or_else(|error| {
            // The command line comes over the variable, right or wrong.
            if over.language.is_none() {
                wrong.push(error);
            }
            None
        });
        let language = over.language.or(named);
        (Self::resolve(paths, env, language, own.over(host)), wrong)
    }

    fn resolve(paths: &Paths, env: &Env, language: Option<Language>, layer: Layer) -> Self {
        let mouse = match layer.mouse.unwrap_or_default() {
            Mouse::On => true,
            Mouse::Off => false,
            // Terminals at the far end of a line lose their own selection by mouse.
            Mouse::Auto => !env.ssh,
        };
        let keymap = match layer.keymap {
            Some(named) => KeymapFile::Named(paths.resolve(&named)),
            None => KeymapFile::Usual(paths.keymap.clone()),
        };
        Self {
            language: language.or(layer.language).unwrap_or_default(),
            theme: layer.theme.unwrap_or_default(),
            color: !env.no_color,
            keys: layer.keys.unwrap_or_default(),
            keymap,
            clipboard: layer.clipboard.unwrap_or_default(),
            mouse,
        }
    }
}

impl KeymapFile {
    /// The file's text, and the name errors call it by; `None` where there is none.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn read(&self) -> Result<Option<(String, String)>, ConfigError> {
        let (path, optional) = match self {
            Self::Usual(path) => (path, true),
            Self::Named(path) => (path, false),
        };
        let text = file::read_text(path)?;
        match text {
            Some(text) => Ok(Some((path.display().to_string(), text))),
            None if optional => Ok(None),
            None => Err(ConfigError::Missing { path: path.clone() }),
        }
    }
}

#[cfg(test)]
mod tests;
