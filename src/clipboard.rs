//! The ladder of ways to the agent's clipboard, and an honest word on which one worked.
//!
//! The agent sits at another machine than the one this runs on, often behind ssh and tmux.
//! [`Plan`] says, from an [`Environment`] alone, which ways are tried in which order;
//! [`Clipboard::copy`] walks it. Nothing acknowledges an escape sequence, so [`Outcome`] says
//! "copied" only where that is known: by the desktop's clipboard, or by a tmux whose terminal
//! declares one.
//!
//! This is not a clipboard manager: nothing is ever read back.
//!
//! # Files
//!
//! Each may use those on the lines above its own.
//!
//! ```text
//! environment local osc52 plan tmux
//! ```

mod environment;
mod local;
mod osc52;
mod plan;
mod tmux;

pub use environment::{Environment, Multiplexer};
pub use local::{Holder, hold};
pub use plan::{LIMIT, LastResort, Method, Outer, Plan, Refused, Step};

use std::io::Write;
use std::path::{Path, PathBuf};

use local::Local;

use crate::text::sanitize;

/// A way to the clipboard that a text has taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Via {
    /// tmux's own command.
    Tmux,
    /// OSC 52 in the pieces that GNU screen lets through.
    Screen,
    /// The desktop's clipboard.
    Local,
    /// The escape sequence OSC 52.
    Osc52,
    /// A file.
    File,
    /// Text on the screen.
    Show,
}

/// What is to be known about a text that was sent but not acknowledged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Hint {
    /// This terminal does not confirm.
    Unconfirmed,
    /// An outer tmux may keep it, unless `tmux set -s set-clipboard on` is run there.
    OuterTmux,
    /// It is in tmux's own buffer, but tmux's terminal declares no clipboard.
    TmuxBufferOnly,
}

/// What became of a copy.
#[derive(Debug)]
pub enum Outcome {
    /// The text is in the agent's clipboard, for certain.
    Copied {
        /// Which way.
        via: Via,
    },
    /// The text was sent; whether it arrived, nobody tells.
    Sent {
        /// Which way.
        via: Via,
        /// What to know or do.
        hint: Hint,
    },
    /// The text is in a file that only its owner can read.
    Saved {
        /// The file.
        path: PathBuf,
    },
    /// No clipboard can be reached: whoever asked shows the text, to be selected by mouse.
    Show,
    /// The way that was asked for failed, or the last of all.
    Failed {
        /// Which way.
        via: Via,
        /// Why.
        error: CopyError,
    },
}

/// Why a way to the clipboard failed.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// More than terminals take.
    #[error("the text has {size} bytes, and terminals take {limit}")]
    TooLarge {
        /// Bytes of the text.
        size: usize,
        /// Bytes that terminals take.
        limit: usize,
    },
    /// There is no tmux around.
    #[error("this session runs in no tmux")]
    NotInTmux,
    /// tmux did not take it.
    #[error("tmux did not take the text: {detail}")]
    Tmux {
        /// What it said.
        detail: String,
    },
    /// The output is no terminal, or one without escape sequences.
    #[error("there is no terminal that understands OSC 52")]
    NoTerminal,
    /// The desktop's clipboard did not take it.
    #[error("the desktop's clipboard cannot be reached: {detail}")]
    Local {
        /// What it said.
        detail: String,
    },
    /// The terminal cannot be written to.
    #[error("the terminal cannot be written to")]
    Write(#[source] std::io::Error),
    /// The file cannot be written.
    #[error("{path} cannot be written")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
}

impl CopyError {
    /// The name that the words for it go by.
    pub fn name(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "too_large",
            Self::NotInTmux => "not_in_tmux",
            Self::Tmux { .. } => "tmux",
            Self::NoTerminal => "no_terminal",
            Self::Local { .. } => "local",
            Self::Write(_) => "write",
            Self::File { .. } => "file",
        }
    }

    /// A value by name, for the words: `size`, `limit`, `path`, `detail`; empty where it has none.
    pub fn value(&self, name: &str) -> String {
        match (self, name) {
            (Self::TooLarge { size, .. }, "size") => size.to_string(),
            (Self::TooLarge { limit, .. }, "limit") => limit.to_string(),
            (Self::File { path, .. }, "path") => path.display().to_string(),
            (Self::Tmux { detail } | Self::Local { detail }, "detail") => detail.clone(),
            (Self::Write(source) | Self::File { source, .. }, "detail") => source.to_string(),
            (_, _) => String::new(),
        }
    }
}

/// The way to the clipboard, kept for a whole run.
pub struct Clipboard {
    environment: Environment,
    last: LastResort,
    file: PathBuf,
    local: Local,
}

impl Via {
    /// The name that methods, words and JSON use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Tmux => "tmux",
            Self::Screen => "screen",
            Self::Local => "local",
            Self::Osc52 => "osc52",
            Self::File => "file",
            Self::Show => "print",
        }
    }
}

impl Clipboard {
    /// A clipboard for a run; `dir` is where a copy goes that can only be a file.
    ///
    /// `holder` is the program that keeps a text in the desktop's clipboard after this process
    /// is gone; without one the text goes with the process.
    pub fn new(
        environment: Environment,
        last: LastResort,
        dir: &Path,
        holder: Option<Holder>,
    ) -> Self {
        Self {
            environment,
            last,
            file: dir.join("copy.txt"),
            local: Local::new(holder),
        }
    }

    /// The ways a copy of so many bytes would be tried.
    ///
    /// # Errors
    /// When the method cannot work here or not with so many bytes.
    pub fn plan(&self, method: Method, size: usize) -> Result<Plan, Refused> {
        Plan::new(method, &self.environment, size, self.last)
    }

    /// Copies a text; escape sequences go to `terminal`.
    ///
    /// What could act where it is pasted is taken out of the text before. This may wait for
    /// tmux or the desktop, at most some seconds.
    pub fn copy(&mut self, method: Method, text: &str, terminal: &mut dyn Write) -> Outcome {
        let text = &*sanitize::for_clipboard(text);
        let plan = match self.plan(method, text.len()) {
            Ok(plan) => plan,
            Err(Refused { via, error }) => return Outcome::Failed { via, error },
        };
        let (mut sent, mut failed) = (None, None);
        for step in &plan.steps {
            // A text that is on its way already is only made certain, not sent again.
            if sent.is_some() && !step.is_certain() {
                continue;
            }
            match self.take(step, text, terminal) {
                outcome @ Outcome::Sent { .. } => sent = Some(outcome),
                outcome @ Outcome::Failed { .. } => failed = Some(outcome),
                outcome @ (Outcome::Copied { .. } | Outcome::Saved { .. } | Outcome::Show) => {
                    return outcome;
                }
            }
        }
        sent.or(failed).unwrap_or(Outcome::Show)
    }

    fn take(&mut self, step: &Step, text: &str, terminal: &mut dyn Write) -> Outcome {
        let via = step.via();
        let sent = |hint| Outcome::Sent { via, hint };
        let done = match step {
            Step::Tmux => tmux::load(&self.environment, text).map(|reach| match reach {
                tmux::Reach::Terminal => Outcome::Copied { via },
                tmux::Reach::BufferOnly => sent(Hint::TmuxBufferOnly),
            }),
            Step::Local => self.local.set(text).map(|()| Outcome::Copied { via }),
            Step::Osc52 { outer } => write(terminal, &osc52::sequences(text, *outer)).map(|()| {
                sent(match outer {
                    Outer::None | Outer::Screen => Hint::Unconfirmed,
                    Outer::Tmux | Outer::Either => Hint::OuterTmux,
                })
            }),
            Step::File => save(&self.file, text).map(|()| Outcome::Saved {
                path: self.file.clone(),
            }),
            Step::Show => Ok(Outcome::Show),
        };
        done.unwrap_or_else(|error| Outcome::Failed { via, error })
    }
}

fn write(terminal: &mut dyn Write, bytes: &[u8]) -> Result<(), CopyError> {
    terminal
        .write_all(bytes)
        .and_then(|()| terminal.flush())
        .map_err(CopyError::Write)
}

/// Writes a file that only its owner can read, in the place of an earlier one.
fn save(path: &Path, text: &str) -> Result<(), CopyError> {
    let write = || -> std::io::Result<()> {
        let dir = path.parent().unwrap_or(Path::new("."));
        std::fs::create_dir_all(dir)?;
        // Temporary files are 0600 from their first moment.
        let mut file = tempfile::NamedTempFile::new_in(dir)?;
        file.write_all(text.as_bytes())?;
        file.persist(path)?;
        Ok(())
    };
    write().map_err(|source| CopyError::File {
        path: path.to_owned(),
        source,
    })
}

#[cfg(test)]
mod tests;
