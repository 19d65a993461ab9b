//! A question before something large is done.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{Next, Outcome, Overlay, Work, frame};
use crate::keymap::Action;
use crate::tui::flow::Flow;
use crate::tui::hint::Hint;
use crate::tui::line::put;
use crate::tui::msg::ChangeKind;
use crate::tui::step::Step;
use crate::tui::view::View;
use crate::words::{Count, Word, word};

/// From how many tickets on an act is asked about before it is done.
const MANY: usize = 10;

/// The question's state. Whoever says no is back at the form that it stands in for.
#[derive(Debug)]
pub struct Confirm {
    /// What is asked.
    pub question: String,
    /// What is done when the agent says yes.
    pub work: Work,
}

/// Submits work about some tickets; about many it is asked first.
pub fn first_if_many(tickets: Count, question: String, work: Work) -> Outcome {
    if tickets.0 < MANY {
        Outcome::submit(work)
    } else {
        Outcome::new(Next::AskFirst { question, work })
    }
}

impl Overlay for Confirm {
    fn footer(&self) -> Vec<Hint> {
        let yes = match &self.work {
            Work::Change(kind, _) => match kind {
                ChangeKind::Annotate => Word::DoAnnotate,
                ChangeKind::Recategorise => Word::DoRecategorise,
                ChangeKind::Vocabulary => Word::DoMerge,
                ChangeKind::RemoveDataset => Word::DoRemove,
                ChangeKind::Vote
                | ChangeKind::Undo
                | ChangeKind::Redo
                | ChangeKind::Resolve
                | ChangeKind::View
                | ChangeKind::Setting
                | ChangeKind::Reply
                | ChangeKind::Outdate
                | ChangeKind::Star => Word::DoYes,
            },
            Work::Copy(_) => Word::DoCopy,
            Work::Save(_) => Word::DoReplace,
        };
        vec![
            Hint::new(Action::Confirm, yes),
            Hint::new(Action::Cancel, Word::DoBack),
        ]
    }

    fn step(&mut self, step: Step, _view: &View<'_>) -> Outcome {
        match step {
            Step::Confirm => Outcome::new(Next::Proceed(self.work.clone())),
            Step::Move(_)
            | Step::Cancel
            | Step::Toggle
            | Step::Create
            | Step::Next
            | Step::Previous
            | Step::Delete(_)
            | Step::Reply(_) => Outcome::stay(),
        }
    }

    fn render(&self, view: &View<'_>, screen: Rect, buffer: &mut Buffer) -> Option<(u16, u16)> {
        let look = view.look;
        let columns = screen.width.min(64);
        let mut flow = Flow::new(usize::from(columns).saturating_sub(4), look.glyphs);
        flow.text(&self.question, look.theme.text);
        let rows = u16::try_from(flow.lines.len()).unwrap_or(u16::MAX);
        let area = frame::middle(screen, columns, rows.saturating_add(2));
        let title = word(look.lang, Word::ConfirmTitle);
        let inner = frame::open(look, area, title, buffer);
        let inner = Rect {
            x: inner.x + 1,
            width: inner.width.saturating_sub(2),
            ..inner
        };
        for (line, y) in flow.lines.iter().zip(0..inner.height) {
            put(buffer, inner, y, line);
        }
        None
    }
}
