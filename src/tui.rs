//! The workbench on the terminal.
//!
//! [`run`] takes the terminal over and gives it back. Inside, [`update::update`] alone changes
//! the [`App`], without waiting for anything; [`render`] only reads it; workers ask the desk
//! (`workers`), and a loop brings them together (`driver`). What is fixed on the screen stands
//! in `panes`, what is drawn above it in `overlays`, colours in `theme`.
//!
//! It knows the desk by its vocabulary alone: whether that is in this process or behind a
//! socket makes no difference here.
//!
//! # Files
//!
//! Each may use those on the lines above its own.
//!
//! ```text
//! burst company fake_desk hint keys layout measure memory msg notices outside step theme
//! compact_backend input line look saving
//! field flow say scroll workers
//! app overlays panes view
//! render update
//! stage terminal
//! driver screens
//! ```

mod app;
mod burst;
mod compact_backend;
mod company;
mod driver;
#[cfg(test)]
mod fake_desk;
mod field;
mod flow;
mod hint;
mod input;
mod keys;
mod layout;
mod line;
mod look;
mod measure;
mod memory;
mod msg;
mod notices;
mod outside;
mod overlays;
mod panes;
mod render;
mod saving;
mod say;
#[cfg(test)]
mod screens;
mod scroll;
#[cfg(test)]
mod stage;
mod step;
mod terminal;
mod theme;
mod update;
mod view;
mod workers;

use std::path::PathBuf;
use std::sync::Arc;

use crate::api::{Desk, DeskError};
use crate::clipboard::{Clipboard, Method};
use crate::config;
use crate::keymap::Keymap;
use crate::words::Lang;

use app::App;
use look::Look;
use memory::Memory;
use notices::Weight;
use terminal::{Mouse, Screen};
use theme::{Glyphs, Theme, ThemeName};

/// Opens the desk, on a thread of its own.
pub type Connect = Box<dyn FnOnce() -> Result<Arc<dyn Desk>, DeskError> + Send>;

/// How the workbench is wanted.
pub struct TuiOptions {
    /// Language of the interface.
    pub lang: Lang,
    /// Colours and borders.
    pub theme: config::Theme,
    /// Whether colours are wanted; `NO_COLOR` says they are not.
    pub color: bool,
    /// The keys.
    pub keymap: Keymap,
    /// The way to the clipboard.
    pub clipboard: Clipboard,
    /// The way that is asked for.
    pub method: Method,
    /// Whether the mouse is taken from the terminal.
    pub mouse: bool,
    /// Whether the terminal is asked how wide it draws ambiguous characters.
    pub probe: bool,
    /// Something to say at the start, such as that the sample corpus is shown.
    pub notice: Option<String>,
    /// Whether the session is kept from writing files.
    pub restricted: bool,
    /// The program that edits texts; `None` = no other program may be started.
    pub editor: Option<String>,
    /// The file that remembers what was filled into replies; `None` = nothing outlives the
    /// session.
    pub memory: Option<PathBuf>,
}

/// Why the workbench ended.
#[derive(Debug, thiserror::Error)]
pub enum TuiError {
    /// There is no terminal, or it went away.
    #[error("the terminal cannot be used")]
    Terminal(#[source] std::io::Error),
    /// The desk could not be opened.
    #[error("the desk cannot be opened")]
    Desk(#[source] DeskError),
}

/// A clipboard and the way that is asked for.
struct Copier {
    clipboard: Clipboard,
    method: Method,
}

/// Runs the workbench until the agent leaves it.
///
/// The first frame is drawn before `connect` is called, and keys are taken from then on.
///
/// # Errors
/// When the terminal cannot be used, or the desk could not be opened.
pub fn run(options: TuiOptions, connect: Connect) -> Result<(), TuiError> {
    let (theme, glyphs) = look_of(options.theme, options.color);
    let look = Look {
        lang: options.lang,
        theme: Theme::of(theme),
        glyphs,
        zone: jiff::tz::TimeZone::system(),
    };
    let mut app = App::new(look, Arc::new(options.keymap));
    app.may_save = !options.restricted;
    app.editor = options.editor;
    if let Some(file) = &options.memory {
        app.memory = Memory::load(file);
    }
    if let Some(notice) = options.notice {
        app.notices.say(Weight::Plain, notice);
    }
    let mouse = if options.mouse { Mouse::On } else { Mouse::Off };
    let screen = Screen::take(mouse).map_err(TuiError::Terminal)?;
    let probe = if options.probe && glyphs == Glyphs::UNICODE {
        input::Probe::Asked
    } else {
        input::Probe::Skipped
    };
    let copier = Copier {
        clipboard: options.clipboard,
        method: options.method,
    };
    let driver = driver::Driver::start(screen, &mut app, connect, copier, options.memory, probe)?;
    driver.run(&mut app)?;
    driver::verdict(app)
}

fn look_of(theme: config::Theme, color: bool) -> (ThemeName, Glyphs) {
    let (name, glyphs) = match theme {
        config::Theme::Dark => (ThemeName::Dark, Glyphs::UNICODE),
        config::Theme::Light => (ThemeName::Light, Glyphs::UNICODE),
        config::Theme::Plain => (ThemeName::Plain, Glyphs::UNICODE),
        config::Theme::Ascii => (ThemeName::Plain, Glyphs::ASCII),
    };
    (if color { name } else { ThemeName::Plain }, glyphs)
}
