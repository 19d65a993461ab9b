//! The export form: what is listed, in which form, into which file.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use tui_input::Input;

use super::frame;
use crate::desk::api::ExportFormat;
use crate::tui::app::App;
use crate::tui::line::put;
use crate::words::{Word, word};

/// The name a file gets without its extension, until another is typed.
const NAME: &str = "gongdan-export";

/// The forms that can be chosen, with the extensions of their files.
const FORMATS: [(ExportFormat, &str); 3] = [
    (ExportFormat::Jsonl, "jsonl"),
    (ExportFormat::Csv, "csv"),
    (ExportFormat::Markdown, "md"),
];

/// The form's state.
#[derive(Debug)]
pub struct ExportForm {
    /// What is exported, in the query language; empty = everything.
    pub query: String,
    /// What the form calls it.
    pub subject: String,
    /// In which form.
    pub format: ExportFormat,
    /// The file; a relative one lies in the working directory.
    pub path: Input,
}

impl ExportForm {
    /// A form with a file in the working directory.
    pub fn new(query: String, subject: String) -> Self {
        let format = ExportFormat::Jsonl;
        Self {
            query,
            subject,
            format,
            path: Input::new(format!("{NAME}.{}", extension(format))),
        }
    }

    /// Takes the next form, or the one before; the file's extension follows.
    pub fn turn(&mut self, steps: usize) {
        let at = FORMATS.iter().position(|(known, _)| *known == self.format);
        let next = (at.unwrap_or(0) + steps) % FORMATS.len();
        let Some((format, after)) = FORMATS.get(next).copied() else {
            return;
        };
        let before = format!(".{}", extension(self.format));
        if let Some(stem) = self.path.value().strip_suffix(&before) {
            self.path = Input::new(format!("{stem}.{after}"));
        }
        self.format = format;
    }

    /// Takes the form before.
    pub fn turn_back(&mut self) {
        self.turn(FORMATS.len() - 1);
    }
}

fn extension(format: ExportFormat) -> &'static str {
    FORMATS
        .iter()
        .find(|(known, _)| *known == format)
        .map_or("", |(_, extension)| extension)
}

fn name(format: ExportFormat) -> Word {
    match format {
        ExportFormat::Jsonl => Word::FormatJsonl,
        ExportFormat::Csv => Word::FormatCsv,
        ExportFormat::Markdown => Word::FormatMarkdown,
    }
}

/// Draws the form.
pub fn render(
    app: &App,
    form: &ExportForm,
    screen: Rect,
    buffer: &mut Buffer,
) -> Option<(u16, u16)> {
    let lang = app.look.lang;
    let theme = &app.look.theme;
    let title = format!("{}  {}", word(lang, Word::ExportTitle), form.subject);
    let inner = frame::open(app, frame::middle(screen, 72, 7), &title, buffer);
    if inner.is_empty() {
        return None;
    }
    let cursor = frame::labelled_field(app, inner, Word::Path, &form.path, buffer);
    for (y, (format, _)) in (1..).zip(FORMATS) {
        let chosen = format == form.format;
        let (mark, style) = if chosen {
            (" (*) ", theme.text)
        } else {
            (" ( ) ", theme.dim)
        };
        let line = Line::from(vec![
            Span::styled(mark, theme.key),
            Span::styled(word(lang, name(format)), style),
        ]);
        put(buffer, inner, y, &line);
    }
    let hint = Span::styled(format!(" {}", word(lang, Word::ExportHint)), theme.dim);
    put(buffer, inner, 4, &Line::from(hint));
    Some(cursor)
}
