//! The desktop's clipboard, by arboard.
//!
//! On X11 and Wayland a clipboard's text lives in the program that set it. So that it outlives
//! this process, a second one holds it until somebody copies something else; without such a
//! [`Holder`] one handle is kept for the whole run.

use std::ffi::OsString;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use super::CopyError;

/// The line by which a holder says that it has the text.
const READY: &str = "ready";

/// The program that holds a text: this one, started again with arguments of its own, which
/// calls [`hold`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// The program.
    pub program: PathBuf,
    /// Its arguments.
    pub args: Vec<OsString>,
}

/// The desktop's clipboard, as far as it has been used.
pub(super) struct Local {
    holder: Option<Holder>,
    handle: Option<arboard::Clipboard>,
}

impl Local {
    pub(super) fn new(holder: Option<Holder>) -> Self {
        Self {
            holder,
            handle: None,
        }
    }

    /// Puts a text into the desktop's clipboard.
    pub(super) fn set(&mut self, text: &str) -> Result<(), CopyError> {
        match &self.holder {
            Some(holder) => hand_over(holder, text),
            None => self.set_here(text),
        }
    }

    fn set_here(&mut self, text: &str) -> Result<(), CopyError> {
        let handle = match &mut self.handle {
            Some(handle) => handle,
            none => none.insert(arboard::Clipboard::new().map_err(failed)?),
        };
        handle.set_text(text).map_err(failed)
    }
}

/// Starts a holder and waits until it has the text.
fn hand_over(holder: &Holder, text: &str) -> Result<(), CopyError> {
    let broken = |error: std::io::Error| failed(error);
    let mut child = Command::new(&holder.program)
        .args(&holder.args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(broken)?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(text.as_bytes()).map_err(broken)?;
    }
    let mut line = String::new();
    if let Some(stdout) = child.stdout.take() {
        BufReader::new(stdout)
            .read_line(&mut line)
            .map_err(broken)?;
    }
    if line.trim_end() == READY {
        // It ends by itself; a thread takes its status, so that it leaves no zombie behind.
        std::thread::spawn(move || child.wait());
        return Ok(());
    }
    child.wait().map_err(broken)?;
    let said = line.trim_end();
    Err(failed(if said.is_empty() { "no display" } else { said }))
}

/// Holds a text in the desktop's clipboard until another program copies something: the whole
/// life of the process that a [`Holder`] starts.
///
/// The text comes from `input`; one line goes to `output`: `ready`, or what went wrong.
///
/// # Errors
/// When input or output break, or there is no desktop; that was told then.
pub fn hold(input: &mut dyn Read, output: &mut dyn Write) -> Result<(), CopyError> {
    // A closing terminal must not take the text with it. Fails where it leads a group already.
    let _leads = rustix::process::setsid();
    let mut text = String::new();
    input.read_to_string(&mut text).map_err(failed)?;
    let mut tell = |line: &str| {
        let line = line.replace('\n', " ");
        writeln!(output, "{line}")
            .and_then(|()| output.flush())
            .map_err(failed)
    };
    let taken = arboard::Clipboard::new().and_then(|mut clipboard| {
        clipboard.set_text(text.as_str())?;
        Ok(clipboard)
    });
    match taken {
        Ok(mut clipboard) => {
            tell(READY)?;
            serve(&mut clipboard, text).map_err(failed)
        }
        Err(error) => {
            tell(&error.to_string())?;
            Err(failed(error))
        }
    }
}

/// Answers for the text until something else is copied.
#[cfg(target_os = "linux")]
fn serve(clipboard: &mut arboard::Clipboard, text: String) -> Result<(), arboard::Error> {
    use arboard::SetExtLinux;
    clipboard.set().wait().text(text)
}

/// Elsewhere the system keeps the text itself.
#[cfg(not(target_os = "linux"))]
fn serve(_: &mut arboard::Clipboard, _: String) -> Result<(), arboard::Error> {
    Ok(())
}

fn failed(why: impl std::fmt::Display) -> CopyError {
    CopyError::Local {
        detail: why.to_string(),
    }
}
