//! The ladder as a pure function: which ways are tried, in which order.

use super::{CopyError, Environment, Multiplexer, Via};

/// The longest text that goes through a terminal, in bytes.
///
/// Some terminals take 100,000 bytes of sequence, which is so much text in base64.
pub const LIMIT: usize = 74_994;

/// The way an agent asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Method {
    /// The best there is.
    #[default]
    Auto,
    /// tmux's own command.
    Tmux,
    /// The escape sequence OSC 52.
    Osc52,
    /// OSC 52 in the pieces that GNU screen lets through.
    Screen,
    /// The desktop's clipboard.
    Local,
    /// A file.
    File,
    /// Text on the screen or on standard output.
    Print,
}

/// What stands between this session and the terminal that the agent looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outer {
    /// Nothing that is known.
    None,
    /// A tmux.
    Tmux,
    /// GNU screen.
    Screen,
    /// One of the two: both call their terminal `screen`.
    Either,
}

/// What is done when no clipboard can be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LastResort {
    /// The text is shown over the whole screen.
    Show,
    /// The text is written to a file.
    File,
}

/// A rung of the ladder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    /// `tmux load-buffer -w -`.
    Tmux,
    /// The desktop's clipboard.
    Local,
    /// OSC 52, in the forms that get past `outer`.
    Osc52 {
        /// What it has to get past.
        outer: Outer,
    },
    /// A file that only its owner can read.
    File,
    /// Whoever asked shows the text.
    Show,
}

/// The ways a text is tried to be copied, the first first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The rungs; never empty.
    pub steps: Vec<Step>,
}

/// A method that cannot work.
#[derive(Debug)]
pub struct Refused {
    /// The way.
    pub via: Via,
    /// Why not.
    pub error: CopyError,
}

impl Method {
    /// All methods, in the order they are listed.
    pub const ALL: [Self; 7] = [
        Self::Auto,
        Self::Tmux,
        Self::Osc52,
        Self::Screen,
        Self::Local,
        Self::File,
        Self::Print,
    ];

    /// The name that settings and `--method` use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Tmux => "tmux",
            Self::Osc52 => "osc52",
            Self::Screen => "screen",
            Self::Local => "local",
            Self::File => "file",
            Self::Print => "print",
        }
    }

    /// Reads [`Self::name`] back.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.name() == name)
    }
}

impl Step {
    /// Which way it is.
    pub fn via(self) -> Via {
        match self {
            Self::Tmux => Via::Tmux,
            Self::Local => Via::Local,
            Self::Osc52 {
                outer: Outer::Screen,
            } => Via::Screen,
            Self::Osc52 {
                outer: Outer::None | Outer::Tmux | Outer::Either,
            } => Via::Osc52,
            Self::File => Via::File,
            Self::Show => Via::Show,
        }
    }

    /// Whether its success is known.
    pub(super) fn is_certain(self) -> bool {
        match self {
            Self::Local => true,
            Self::Tmux | Self::Osc52 { .. } | Self::File | Self::Show => false,
        }
    }
}

impl Plan {
    /// The ways for a text of `size` bytes.
    ///
    /// # Errors
    /// When a method that was asked for by name cannot work here, or not with so many bytes.
    /// [`Method::Auto`] always finds a way.
    pub fn new(
        method: Method,
        environment: &Environment,
        size: usize,
        last: LastResort,
    ) -> Result<Self, Refused> {
        let outer = outer(environment);
        let terminal = |step: Step| {
            check_size(step.via(), size)?;
            check_terminal(step.via(), environment)?;
            Ok(step)
        };
        let step = match method {
            Method::Auto => return Ok(ladder(environment, size, last)),
            Method::Tmux => check_tmux(environment, size)?,
            Method::Osc52 => terminal(Step::Osc52 {
                outer: match outer {
                    // Whoever does not ask for screen by name knows that it is none.
                    Outer::Either => Outer::Tmux,
                    Outer::None | Outer::Tmux | Outer::Screen => outer,
                },
            })?,
            Method::Screen => terminal(Step::Osc52 {
                outer: Outer::Screen,
            })?,
            Method::Local => Step::Local,
            Method::File => Step::File,
            Method::Print => Step::Show,
        };
        Ok(Self { steps: vec![step] })
    }
}

/// The ladder of [`Method::Auto`].
fn ladder(environment: &Environment, size: usize, last: LastResort) -> Plan {
    let fits = size <= LIMIT;
    let in_tmux = environment.tmux.is_some();
    let in_screen = environment.sty.is_some() && !in_tmux;
    let sequences = fits && environment.takes_sequences();
    let mut steps = Vec::new();
    if in_tmux && fits {
        steps.push(Step::Tmux);
    }
    if in_screen && sequences {
        steps.push(Step::Osc52 {
            outer: Outer::Screen,
        });
    }
    if environment.display {
        steps.push(Step::Local);
    }
    if sequences && !in_screen {
        steps.push(Step::Osc52 {
            outer: outer(environment),
        });
    }
    steps.push(match last {
        LastResort::Show => Step::Show,
        LastResort::File => Step::File,
    });
    Plan { steps }
}

/// What OSC 52 has to get past.
///
/// Below ssh the multiplexer's variables are gone, and `TERM` alone betrays it: `tmux…` is
/// tmux, `screen…` is either, until the terminal has answered who it is.
fn outer(environment: &Environment) -> Outer {
    if environment.tmux.is_some() {
        return Outer::Tmux;
    }
    if environment.sty.is_some() {
        return Outer::Screen;
    }
    let named_screen = environment.term.starts_with("screen");
    match environment.answered {
        Some(Multiplexer::Tmux) => Outer::Tmux,
        Some(Multiplexer::Screen) => Outer::Screen,
        None if environment.term.starts_with("tmux") => Outer::Tmux,
        None if named_screen => Outer::Either,
        None => Outer::None,
    }
}

fn check_tmux(environment: &Environment, size: usize) -> Result<Step, Refused> {
    let via = Via::Tmux;
    if environment.tmux.is_none() {
        let error = CopyError::NotInTmux;
        return Err(Refused { via, error });
    }
    check_size(via, size)?;
    Ok(Step::Tmux)
}

fn check_size(via: Via, size: usize) -> Result<(), Refused> {
    if size <= LIMIT {
        return Ok(());
    }
    let error = CopyError::TooLarge { size, limit: LIMIT };
    Err(Refused { via, error })
}

fn check_terminal(via: Via, environment: &Environment) -> Result<(), Refused> {
    if environment.takes_sequences() {
        return Ok(());
    }
    let error = CopyError::NoTerminal;
    Err(Refused { via, error })
}
