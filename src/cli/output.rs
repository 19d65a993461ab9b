//! The only place of the program that prints.
//!
//! Commands hand over lines, tables and objects; here they become text for people or JSON for
//! scripts. A reader that closes the pipe ends the command without a complaint.

mod json;
mod style;
mod table;

use std::io::{self, BufWriter, IsTerminal, Write};

use serde::Serialize;

pub use style::{Colour, Line, Style};
pub use table::Table;

use super::environment::variable;
use super::failure::Failure;
use crate::config::Theme;
use crate::text::sanitize;
use crate::words::Lang;

/// For whom the output is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// People.
    Human,
    /// Scripts: one object a line.
    Json,
}

/// Standard output and standard error.
pub struct Output {
    out: Box<dyn Write>,
    err: Box<dyn Write>,
    form: Form,
    colour: Colour,
    columns: Option<usize>,
}

impl Output {
    /// The process's own streams.
    pub fn standard(form: Form, colour: Colour) -> Self {
        let stdout = io::stdout();
        let columns = stdout.is_terminal().then(terminal_columns).flatten();
        Self {
            out: Box::new(BufWriter::new(stdout)),
            err: Box::new(io::stderr()),
            form,
            colour,
            columns,
        }
    }

    /// For whom the output is.
    pub fn form(&self) -> Form {
        self.form
    }

    /// Writes a line for people.
    ///
    /// # Errors
    /// [`Failure::ClosedPipe`] when nobody reads any more, [`Failure::Output`] when the disk is full.
    pub fn line(&mut self, line: &Line) -> Result<(), Failure> {
        let text = line.render(self.colour);
        writeln!(self.out, "{}", text.trim_end()).map_err(Failure::output)
    }

    /// Writes a line cut to the terminal's width; elsewhere whole.
    ///
    /// # Errors
    /// As [`Self::line`].
    pub fn fitted(&mut self, line: Line) -> Result<(), Failure> {
        let line = match self.columns {
            Some(columns) => line.cut(columns),
            None => line,
        };
        self.line(&line)
    }

    /// Writes ordinary text on a line.
    ///
    /// # Errors
    /// As [`Self::line`].
    pub fn say(&mut self, text: impl AsRef<str>) -> Result<(), Failure> {
        self.line(&Line::plain(text))
    }

    /// Writes text of several lines, each indented by `indent` columns.
    ///
    /// # Errors
    /// As [`Self::line`].
    pub fn text(&mut self, text: &str, indent: usize) -> Result<(), Failure> {
        for line in sanitize::clean(text).lines() {
            let line = line.replace('\t', "    ");
            if line.trim().is_empty() {
                writeln!(self.out).map_err(Failure::output)?;
            } else {
                writeln!(self.out, "{:indent$}{line}", "").map_err(Failure::output)?;
            }
        }
        Ok(())
    }

    /// Writes a table.
    ///
    /// # Errors
    /// As [`Self::line`].
    pub fn table(&mut self, table: Table) -> Result<(), Failure> {
        for line in table.lines(self.columns) {
            self.line(&line)?;
        }
        Ok(())
    }

    /// Writes an object on a line of its own.
    ///
    /// # Errors
    /// As [`Self::line`].
    pub fn object(&mut self, value: &impl Serialize) -> Result<(), Failure> {
        let line = json::line(value).map_err(Failure::bug)?;
        writeln!(self.out, "{line}").map_err(Failure::output)
    }

    /// Writes the bytes of a document, without what a terminal would obey.
    ///
    /// # Errors
    /// As [`Self::line`].
    pub fn document(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.out
            .write_all(&without_escapes(bytes))
            .map_err(Failure::output)
    }

    /// Writes bytes that are no text.
    ///
    /// # Errors
    /// As [`Self::line`].
    pub fn binary(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.out.write_all(bytes).map_err(Failure::output)
    }

    /// Writes a text exactly as it is, without a line feed of its own.
    ///
    /// # Errors
    /// As [`Self::line`].
    pub fn verbatim(&mut self, text: &str) -> Result<(), Failure> {
        self.out.write_all(text.as_bytes()).map_err(Failure::output)
    }

    /// Writes everything that waits.
    ///
    /// # Errors
    /// As [`Self::line`].
    pub fn flush(&mut self) -> Result<(), Failure> {
        self.out.flush().map_err(Failure::output)
    }

    /// Tells people something beside the result, on standard error; scripts are not told.
    ///
    /// Whether anybody reads it changes nothing, so a failure to write is no failure.
    pub fn note(&mut self, text: impl AsRef<str>) {
        let _ = self.out.flush();
        if self.form == Form::Human {
            let _ = writeln!(self.err, "{}", Line::plain(text).render(Colour::Off));
        }
    }

    /// Asks a question on standard error and reads a line of standard input.
    ///
    /// `None` when the input has ended.
    pub fn ask(&mut self, question: &str) -> Option<String> {
        let _ = self.out.flush();
        let _ = write!(self.err, "{question} ");
        let _ = self.err.flush();
        let mut answer = String::new();
        let read = io::stdin().read_line(&mut answer).ok()?;
        (read > 0).then(|| answer.trim().to_owned())
    }

    /// Writes why a command failed, to standard error: for scripts as `{error, message, hint}`.
    pub fn complain(&mut self, error: &str, message: &str, hint: Option<&str>) {
        let _ = self.out.flush();
        let text = match self.form {
            Form::Human => {
                let hint = hint.map(|hint| format!("\n{hint}")).unwrap_or_default();
                sanitize::clean(&format!("gongdan: {message}{hint}")).into_owned()
            }
            Form::Json => json::line(&Complaint {
                error,
                message,
                hint,
            })
            .unwrap_or_default(),
        };
        let _ = writeln!(self.err, "{text}");
    }
}

#[derive(Serialize)]
struct Complaint<'a> {
    error: &'a str,
    message: &'a str,
    hint: Option<&'a str>,
}

/// Whether colours may be written: to a terminal that shows them, unless somebody said no.
pub fn colour(wanted: bool, theme: Theme) -> Colour {
    let themed = match theme {
        Theme::Dark | Theme::Light => true,
        Theme::Plain | Theme::Ascii => false,
    };
    let shown = variable("TERM").is_some_and(|term| term != "dumb") && io::stdout().is_terminal();
    if wanted && themed && shown {
        Colour::On
    } else {
        Colour::Off
    }
}

/// Columns of the terminal on standard output.
pub fn terminal_columns() -> Option<usize> {
    let size = rustix::termios::tcgetwinsize(io::stdout()).ok()?;
    Some(usize::from(size.ws_col)).filter(|columns| *columns > 0)
}

/// Writes a line of progress to standard error; whether anybody reads it changes nothing.
pub fn progress_line(text: &str) {
    let _ = writeln!(io::stderr(), "{}", Line::plain(text).render(Colour::Off));
}

/// Makes a panic one line on standard error, with the place; `RUST_BACKTRACE` still shows all.
pub fn panics_in_short(form: Form) {
    let full = std::env::var_os("RUST_BACKTRACE").is_some();
    let default = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if full {
            default(info);
        }
        let place = info.location().map(ToString::to_string).unwrap_or_default();
        let failure = Failure::bug(place);
        let mut out = Output::standard(form, Colour::Off);
        let hint = failure.hint(Lang::Zh);
        out.complain(&failure.name(), &failure.message(Lang::Zh), hint.as_deref());
    }));
}

/// Drops C0 controls except tab, line feed and carriage return, DEL, and C1 controls.
///
/// Chunks may end within a character: the two bytes of a C1 control are told apart by the second,
/// which is dropped, and a lone lead byte does nothing.
fn without_escapes(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut previous = 0;
    for &byte in bytes {
        let c0 = byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r') || byte == 0x7f;
        let c1 = previous == 0xc2 && (0x80..0xa0).contains(&byte);
        if c1 {
            out.pop();
        } else if !c0 {
            out.push(byte);
        }
        previous = byte;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_keeps_its_text_and_loses_its_escapes() {
        let text = "工单\t一\r\n“证书”…\u{a0}\n";
        assert_eq!(without_escapes(text.as_bytes()), text.as_bytes());
        assert_eq!(
            without_escapes("a\u{1b}]0;x\u{7}\u{9b}31mb\u{7f}".as_bytes()),
            b"a]0;x31mb"
        );
    }
}
