//! Reading one configuration file.

use std::fmt;
use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Choice, Clipboard, Keys, Language, Mouse, Theme};

/// What one configuration file says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Layer {
    pub(super) language: Option<Language>,
    pub(super) theme: Option<Theme>,
    pub(super) keys: Option<Keys>,
    pub(super) keymap: Option<PathBuf>,
    pub(super) clipboard: Option<Clipboard>,
    pub(super) mouse: Option<Mouse>,
}

/// The settings a file can hold.
pub const SETTINGS: [&str; 6] = ["language", "theme", "keys", "keymap", "clipboard", "mouse"];

/// A configuration that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// Neither `HOME` nor a directory was given.
    #[error("HOME is not set, and no data directory was given")]
    NoHome,
    /// A file that a configuration names is not there.
    #[error("there is no file {path}")]
    Missing {
        /// The file.
        path: PathBuf,
    },
    /// A file cannot be read.
    #[error("{path} cannot be read")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// A file holds something wrong.
    #[error("{path}:{line}: {problem}")]
    Wrong {
        /// The file.
        path: PathBuf,
        /// Line, from 1.
        line: usize,
        /// What is wrong.
        problem: Problem,
    },
    /// A variable of the environment has a value it cannot have.
    #[error("{variable} is “{value}”; it can be {}", allowed.join(", "))]
    Variable {
        /// Its name.
        variable: &'static str,
        /// Its value.
        value: String,
        /// The values it can have.
        allowed: Vec<&'static str>,
    },
}

/// What can be wrong in a configuration file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// The file is no TOML: what the TOML reader says, on one line.
    Syntax(String),
    /// No setting has this name.
    UnknownSetting {
        /// The name.
        name: String,
        /// The setting most like it.
        nearest: Option<&'static str>,
    },
    /// A setting has a value it cannot have.
    BadValue {
        /// The setting.
        name: String,
        /// The values it can have; empty = any text.
        allowed: Vec<&'static str>,
    },
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax(said) => f.write_str(said),
            Self::UnknownSetting { name, nearest } => {
                write!(f, "there is no setting “{name}”")?;
                match nearest {
                    Some(nearest) => write!(f, "; do you mean {nearest}?"),
                    None => write!(f, "; settings are {}", SETTINGS.join(", ")),
                }
            }
            Self::BadValue { name, allowed } if allowed.is_empty() => {
                write!(f, "{name} must be a text in quotes")
            }
            Self::BadValue { name, allowed } => {
                write!(f, "{name} can be {}", allowed.join(", "))
            }
        }
    }
}

/// The text of a file; `None` where there is no such file.
pub(super) fn read_text(path: &Path) -> Result<Option<String>, ConfigError> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(ConfigError::Unreadable {
            path: path.to_owned(),
            source,
        }),
    }
}

impl Layer {
    /// Reads a file, with everything that is wrong in it; a missing one says nothing.
    pub(super) fn read(path: &Path, wrong: &mut Vec<ConfigError>) -> Self {
        let text = match read_text(path) {
            Ok(text) => text.unwrap_or_default(),
            Err(error) => {
                wrong.push(error);
                return Self::default();
            }
        };
        let (layer, problems) = Self::parse(&text);
        wrong.extend(
            problems
                .into_iter()
                .map(|(line, problem)| ConfigError::Wrong {
                    path: path.to_owned(),
                    line,
                    problem,
                }),
        );
        layer
    }

    /// This layer, and what it does not say from the one under it.
    pub(super) fn over(self, under: Self) -> Self {
        Self {
            language: self.language.or(under.language),
            theme: self.theme.or(under.theme),
            keys: self.keys.or(under.keys),
            keymap: self.keymap.or(under.keymap),
            clipboard: self.clipboard.or(under.clipboard),
            mouse: self.mouse.or(under.mouse),
        }
    }

    /// Reads a file's text: what is right in it, and the first problem of each line that is not.
    fn parse(text: &str) -> (Self, Vec<(usize, Problem)>) {
        let (root, errors) = DeTable::parse_recoverable(text);
        let line = |at: usize| text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1;
        let mut problems: Vec<(usize, Problem)> = errors
            .iter()
            .map(|error| {
                let at = error.span().map_or(0, |span| span.start);
                (
                    line(at),
                    Problem::Syntax(error.message().replace('\n', " ")),
                )
            })
            .collect();
        let mut layer = Self::default();
        let mut entries: Vec<_> = root.get_ref().iter().collect();
        entries.sort_by_key(|(name, _)| name.span().start);
        for (name, value) in entries {
            if let Err(problem) = layer.set(name.get_ref(), value) {
                problems.push((line(name.span().start), problem));
            }
        }
        // What a line that is no TOML seems to say besides is nothing to go by.
        problems.sort_by_key(|(line, _)| *line);
        problems.dedup_by_key(|(line, _)| *line);
        (layer, problems)
    }

    fn set(&mut self, name: &str, value: &Spanned<DeValue<'_>>) -> Result<(), Problem> {
        let text = match value.get_ref() {
            DeValue::String(text) => Some(text.as_ref()),
            _ => None,
        };
        match name {
            "language" => self.language = Some(choose(name, text)?),
            "theme" => self.theme = Some(choose(name, text)?),
            "keys" => self.keys = Some(choose(name, text)?),
            "clipboard" => self.clipboard = Some(choose(name, text)?),
            "mouse" => self.mouse = Some(choose(name, text)?),
            "keymap" => {
                let path = text.ok_or_else(|| Problem::BadValue {
                    name: name.to_owned(),
                    allowed: Vec::new(),
                })?;
                self.keymap = Some(PathBuf::from(path));
            }
            other => {
                return Err(Problem::UnknownSetting {
                    name: other.to_owned(),
                    nearest: nearest(other),
                });
            }
        }
        Ok(())
    }
}

fn choose<T: Choice>(name: &str, text: Option<&str>) -> Result<T, Problem> {
    text.and_then(T::parse).ok_or_else(|| Problem::BadValue {
        name: name.to_owned(),
        allowed: T::names(),
    })
}

fn nearest(name: &str) -> Option<&'static str> {
    /// Below this similarity a proposal would puzzle more than help.
    const LIKE: f64 = 0.5;
    SETTINGS
        .into_iter()
        .map(|known| (strsim::normalized_damerau_levenshtein(name, known), known))
        .filter(|(like, _)| *like >= LIKE)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, known)| known)
}
