//! What the ladder depends on: terminal, multiplexers, display.

use std::ffi::OsString;

/// A terminal multiplexer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Multiplexer {
    /// tmux.
    Tmux,
    /// GNU screen.
    Screen,
}

impl Multiplexer {
    /// What asks a terminal for its secondary device attributes.
    pub const QUERY: &str = "\x1b[>c";

    /// Reads a terminal's answer to [`Self::QUERY`], such as `ESC [ > 84 ; 0 ; 0 c`; `None` =
    /// no multiplexer.
    pub fn from_answer(answer: &str) -> Option<Self> {
        let (_, attributes) = answer.split_once("\x1b[>")?;
        let kind = attributes.split([';', 'c']).next()?;
        match kind {
            "84" => Some(Self::Tmux),
            "83" => Some(Self::Screen),
            _ => None,
        }
    }
}

/// The surroundings of a session, read once by whoever starts the program.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Environment {
    /// `TMUX`: this session runs inside tmux, on this host.
    pub tmux: Option<OsString>,
    /// `TMUX_PANE`: which pane of it.
    pub tmux_pane: Option<OsString>,
    /// `STY`: this session runs inside GNU screen, on this host.
    pub sty: Option<OsString>,
    /// Whether `DISPLAY` is set. Wayland is reached through it too.
    pub display: bool,
    /// `TERM`; empty = unset.
    pub term: String,
    /// Whether escape sequences reach a terminal at all.
    pub tty: bool,
    /// The multiplexer that answered [`Multiplexer::QUERY`], where that was asked.
    pub answered: Option<Multiplexer>,
}

impl Environment {
    /// Takes what it needs from variables; empty ones count as unset.
    pub fn from_vars(get: impl Fn(&str) -> Option<OsString>, tty: bool) -> Self {
        let var = |name: &str| get(name).filter(|value| !value.is_empty());
        Self {
            tmux: var("TMUX"),
            tmux_pane: var("TMUX_PANE"),
            sty: var("STY"),
            display: var("DISPLAY").is_some(),
            term: var("TERM").map_or_else(String::new, |t| t.to_string_lossy().into_owned()),
            tty,
            answered: None,
        }
    }

    /// Whether OSC 52 may be sent: to a terminal that takes escape sequences for what they are.
    pub fn takes_sequences(&self) -> bool {
        let plain = ["", "dumb", "linux", "cons25", "vt52"];
        self.tty && !plain.contains(&self.term.as_str())
    }
}
