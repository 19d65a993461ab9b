//! The export form: what is listed, in which form, into which file.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use tui_input::Input;

use super::{Command, Outcome, Overlay, Work, frame};
use crate::api::{ExportFormat, Request, Row, ask};
use crate::config::Existing;
use crate::keymap::{Action, Context};
use crate::model::{Generation, TicketId};
use crate::tui::hint::Hint;
use crate::tui::line::{clean, put};
use crate::tui::msg::SaveFile;
use crate::tui::notices::Weight;
use crate::tui::panes::list::Source;
use crate::tui::step::{Step, Way};
use crate::tui::view::View;
use crate::words::{self, Count, Lang, Msg, Word, word};

/// The name a file gets without its extension, until another is typed.
const NAME: &str = "gongdan-export";

/// The forms that can be chosen, with the extensions of their files.
const FORMATS: [(ExportFormat, &str); 4] = [
    (ExportFormat::Jsonl, "jsonl"),
    (ExportFormat::Csv, "csv"),
    (ExportFormat::Markdown, "md"),
    (ExportFormat::Xlsx, "xlsx"),
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
    fn new(query: String, subject: String) -> Self {
        let format = ExportFormat::Jsonl;
        Self {
            query,
            subject,
            format,
            path: Input::new(format!("{NAME}.{}", extension(format))),
        }
    }

    /// Takes another form; the file's extension follows.
    fn turn(&mut self, steps: usize) {
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
        ExportFormat::Xlsx => Word::FormatXlsx,
    }
}

impl ExportForm {
    /// The form for the marked tickets, else for what is listed; `None` = no query says it, or no
    /// file may be written.
    pub fn of(view: &View<'_>) -> Option<Self> {
        let (query, subject) = exported(view).filter(|_| view.may_save)?;
        Some(Self::new(query, subject))
    }

    fn save(&self, lang: Lang) -> Outcome {
        let path = self.path.value().trim().to_owned();
        if path.is_empty() {
            return Outcome::stay();
        }
        let words = words::text(lang, &Msg::Exporting { path: &path });
        let work = Work::Save(SaveFile {
            request: Request::Export(ask::Export {
                format: self.format,
                query: self.query.clone(),
            }),
            path,
            existing: Existing::Keep,
            form: Generation::default(),
        });
        Outcome::submit(work).and(Command::Say(Weight::Plain, words))
    }
}

/// What an export is about, as a query and in words; `None` = no query says it.
fn exported(view: &View<'_>) -> Option<(String, String)> {
    let by_id = |ids: Vec<String>| {
        let n = Count(ids.len());
        let words = words::text(view.look.lang, &Msg::ForTickets { n });
        (!ids.is_empty()).then(|| (ids.join(" OR "), words))
    };
    let term = |id: &TicketId| format!("id:{id}");
    if !view.list.marked.is_empty() {
        return by_id(view.list.marked.keys().map(term).collect());
    }
    if view.list.source != Source::Query {
        let tickets = view.list.rows.iter().filter_map(|row| match row {
            Row::Ticket(ticket) => Some(term(&ticket.id)),
            Row::Passage(_) => None,
        });
        return by_id(tickets.collect());
    }
    let mut parts = Vec::new();
    if let Some(node) = &view.filter.category {
        if node.product.is_empty() {
            return None;
        }
        let category = match &node.issue_type {
            Some(issue_type) if issue_type.is_empty() => return None,
            Some(issue_type) => format!("{}｜{issue_type}", node.product),
            None => node.product.clone(),
        };
        parts.push(format!("类:\"{category}\""));
    }
    if let Some(state) = view.filter.cause_state {
        parts.push(format!("态:{}", state.name()));
    }
    if let Some(dataset) = &view.filter.dataset {
        parts.push(format!("集:\"{dataset}\""));
    }
    let typed = view.query.text();
    if !typed.is_empty() && !parts.is_empty() {
        parts.push(format!("({typed})"));
    } else if !typed.is_empty() {
        parts.push(typed.to_owned());
    }
    let query = parts.join(" ");
    let subject = if query.is_empty() {
        word(view.look.lang, Word::AllTickets).to_owned()
    } else {
        clean(&query)
    };
    Some((query, subject))
}

impl Overlay for ExportForm {
    fn context(&self) -> Context {
        Context::Field
    }

    fn footer(&self) -> Vec<Hint> {
        vec![
            Hint::new(Action::Confirm, Word::DoExport),
            Hint::new(Action::NextField, Word::DoNextFormat),
            Action::Cancel.into(),
        ]
    }

    fn field(&mut self) -> Option<&mut Input> {
        Some(&mut self.path)
    }

    /// Tab takes the next form of file, Enter writes it.
    fn step(&mut self, step: Step, view: &View<'_>) -> Outcome {
        match step {
            Step::Previous | Step::Move(Way::Rows(-1)) => self.turn(FORMATS.len() - 1),
            Step::Next | Step::Toggle | Step::Move(_) => self.turn(1),
            Step::Confirm => return self.save(view.look.lang),
            Step::Create | Step::Cancel | Step::Delete(_) | Step::Reply(_) => {}
        }
        Outcome::stay()
    }

    fn render(&self, view: &View<'_>, screen: Rect, buffer: &mut Buffer) -> Option<(u16, u16)> {
        let look = view.look;
        let lang = look.lang;
        let theme = &look.theme;
        let title = format!("{}  {}", word(lang, Word::ExportTitle), self.subject);
        let inner = frame::open(look, frame::middle(screen, 72, 7), &title, buffer);
        if inner.is_empty() {
            return None;
        }
        let cursor = frame::labelled_field(look, inner, Word::Path, &self.path, buffer);
        for (y, (format, _)) in (1..).zip(FORMATS) {
            let chosen = format == self.format;
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
}
