//! Running text in a box: logs, history, vocabulary, settings, status.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::{Outcome, Overlay, Question, WrongAnswer, frame};
use crate::api::{Answer, LogEntry, Request, Status, ask};
use crate::keymap::Action;
use crate::tui::flow::Flow;
use crate::tui::hint::Hint;
use crate::tui::line::put;
use crate::tui::look::Look;
use crate::tui::msg::Topic;
use crate::tui::notices::Weight;
use crate::tui::say;
use crate::tui::scroll::{self as scrolling, Part};
use crate::tui::step::{Step, moved};
use crate::tui::view::View;
use crate::words::{self, Count, Msg, Word, names, word};

/// Changes of the log that are asked for.
const LOG: usize = 300;

/// The pager's state.
#[derive(Debug)]
pub struct Pager {
    subject: Subject,
    title: Word,
    /// The text, when it has come.
    text: Option<Vec<Para>>,
    /// The first line drawn.
    top: usize,
}

/// What a pager shows.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Subject {
    /// What the store holds, and what was said in this session.
    Status,
    /// Changes, of a ticket or a reply, or all.
    Log(Option<String>),
}

/// A paragraph.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Para {
    /// A heading.
    Heading(String),
    /// Plain text.
    Text(String),
    /// What matters less.
    Dim(String),
    /// A warning.
    Warn(String),
}

impl Pager {
    /// What the store holds, and what was said in this session.
    pub fn status() -> Self {
        Self::new(Subject::Status, Word::StatusTitle)
    }

    /// The changes of everything.
    pub fn log() -> Self {
        Self::new(Subject::Log(None), Word::LogTitle)
    }

    /// The changes of the selected ticket; `None` = an article or nothing.
    pub fn history(view: &View<'_>) -> Option<Self> {
        let id = view.ticket_at_hand()?;
        Some(Self::new(Subject::Log(Some(id)), Word::HistoryTitle))
    }

    /// The changes of a standard reply.
    pub fn reply_history(id: String) -> Self {
        Self::new(Subject::Log(Some(id)), Word::ReplyHistory)
    }

    fn new(subject: Subject, title: Word) -> Self {
        Self {
            subject,
            title,
            text: None,
            top: 0,
        }
    }

    /// What stands there when the text is empty.
    fn empty(&self) -> Word {
        match self.subject {
            Subject::Status => Word::Loading,
            Subject::Log(_) => Word::NoHistory,
        }
    }

    fn lines(&self, look: &Look, width: usize) -> Vec<Line<'static>> {
        let theme = &look.theme;
        let mut flow = Flow::new(width, look.glyphs);
        let Some(paras) = &self.text else {
            flow.text(word(look.lang, Word::Loading), theme.dim);
            return flow.lines;
        };
        if paras.is_empty() {
            flow.text(word(look.lang, self.empty()), theme.dim);
        }
        for para in paras {
            match para {
                Para::Heading(words) => {
                    flow.blank();
                    flow.text(words, theme.heading);
                }
                Para::Text(words) => flow.text(words, theme.text),
                Para::Dim(words) => flow.text(words, theme.dim),
                Para::Warn(words) => flow.text(words, theme.warn),
            }
        }
        flow.lines
    }
}

/// Scrolls running text of this many lines; Enter closes it.
pub fn scroll(top: &mut usize, step: Step, lines: usize, height: usize) -> Outcome {
    match step {
        Step::Move(way) => {
            *top = moved(*top, way, (lines + 1).saturating_sub(height), height);
            Outcome::stay()
        }
        Step::Confirm => Outcome::close(),
        Step::Cancel
        | Step::Toggle
        | Step::Create
        | Step::Next
        | Step::Previous
        | Step::Delete(_)
        | Step::Reply(_) => Outcome::stay(),
    }
}

/// Where running text of this many lines stands.
pub fn area(screen: Rect, lines: usize) -> Rect {
    let rows = u16::try_from(lines).unwrap_or(u16::MAX).saturating_add(2);
    frame::middle(screen, 100, rows.min(32))
}

/// Columns of running text.
pub fn columns(screen: Rect) -> usize {
    usize::from(area(screen, 1).width).saturating_sub(4)
}

/// The inside of its box, with a blank column on both sides.
pub fn inside(area: Rect) -> Rect {
    Rect::new(
        area.x + 2.min(area.width),
        area.y + 1.min(area.height),
        area.width.saturating_sub(4),
        area.height.saturating_sub(2),
    )
}

impl Overlay for Pager {
    fn footer(&self) -> Vec<Hint> {
        vec![
            Action::Cancel.into(),
            Action::MoveDown.into(),
            Action::PageDown.into(),
        ]
    }

    fn step(&mut self, step: Step, view: &View<'_>) -> Outcome {
        let lines = self.lines(view.look, columns(view.screen)).len();
        let height = inside(area(view.screen, lines)).height;
        scroll(&mut self.top, step, lines, height.into())
    }

    fn question(&self) -> Option<Question> {
        let (topic, request) = match &self.subject {
            Subject::Status => (Topic::StatusPage, Request::Status(ask::Status)),
            Subject::Log(id) => {
                let (id, limit) = (id.clone(), LOG);
                (Topic::Log, Request::Log(ask::Log { id, limit }))
            }
        };
        Some(Question { topic, request })
    }

    fn answer(&mut self, answer: Answer, view: &View<'_>) -> Result<Outcome, WrongAnswer> {
        self.text = Some(match answer {
            Answer::Log(entries) => log(view.look, &entries),
            Answer::Status(status) => {
                let mut text = status_page(view.look, &status);
                text.extend(said(view));
                text
            }
            _ => return Err(WrongAnswer),
        });
        Ok(Outcome::stay())
    }

    fn render(&self, view: &View<'_>, screen: Rect, buffer: &mut Buffer) -> Option<(u16, u16)> {
        let look = view.look;
        let title = word(look.lang, self.title);
        let lines = self.lines(look, columns(screen));
        let area = area(screen, lines.len());
        frame::open(look, area, title, buffer);
        let inner = inside(area);
        for (line, y) in lines.iter().skip(self.top).zip(0..inner.height) {
            put(buffer, inner, y, line);
        }
        let part = Part {
            top: self.top,
            height: inner.height.into(),
            lines: lines.len(),
        };
        scrolling::on_box(look, area, part, buffer);
        None
    }
}

fn log(look: &Look, entries: &[LogEntry]) -> Vec<Para> {
    let mut text = Vec::new();
    for entry in entries {
        let who = say::author(look.lang, &entry.author, entry.declared);
        let undo = match entry.undoes {
            Some(_) if entry.redo => format!("  {}", word(look.lang, Word::RedoMark)),
            Some(_) => format!("  {}", word(look.lang, Word::UndoMark)),
            None => String::new(),
        };
        text.push(Para::Dim(format!(
            "{}  {who}  {}{undo}",
            say::time(look, entry.at),
            entry.host,
        )));
        let words = format!("  {}", say::log_entry(look.lang, entry));
        if entry.accepted {
            text.push(Para::Text(words));
        } else {
            let mark = word(look.lang, Word::ConflictsTitle);
            text.push(Para::Warn(format!("{words}  ({mark})")));
        }
        if !entry.note.is_empty() {
            let note = say::labelled(look.lang, Word::Note, &entry.note);
            text.push(Para::Dim(format!("  {note}")));
        }
    }
    text
}

fn status_page(look: &Look, status: &Status) -> Vec<Para> {
    let lang = look.lang;
    let index = match status.behind() {
        Some(behind) => say::indexing(lang, behind),
        None => word(lang, Word::IndexReady).to_owned(),
    };
    let holdings = Msg::Holdings {
        tickets: Count(status.tickets),
        articles: Count(status.articles),
        datasets: Count(status.datasets),
    };
    let theme = names::theme(lang, look.theme.name.name()).to_owned();
    let mut text = vec![Para::Text(words::text(lang, &holdings))];
    if status.sample {
        text.push(Para::Dim(word(lang, Word::SampleShown).to_owned()));
    }
    text.extend(
        [
            (Word::Version, status.version.clone()),
            (Word::DataDir, status.data_dir.clone()),
            (Word::Index, index),
            (Word::Sequence, status.sequence.to_string()),
            (Word::You, status.agent.clone()),
            (Word::Sessions, status.clients.to_string()),
            (Word::Theme, theme),
        ]
        .map(|(label, value)| Para::Text(say::labelled(lang, label, &value))),
    );
    text
}

/// What was said in this session, the newest first.
fn said(view: &View<'_>) -> Vec<Para> {
    let mut text = Vec::new();
    if !view.notices.all.is_empty() {
        let title = word(view.look.lang, Word::MessagesTitle);
        text.push(Para::Heading(title.to_owned()));
    }
    let newest = view.notices.all.iter().rev();
    text.extend(newest.map(|notice| match notice.weight {
        Weight::Good | Weight::Plain => Para::Text(notice.text.clone()),
        Weight::Warn | Weight::Bad => Para::Warn(notice.text.clone()),
    }));
    text
}
