//! The help: every key of the place it was called from, filtered as one types.

use crossterm::event::{KeyCode, KeyEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use tui_input::Input;

use super::pager::scroll;
use super::{Outcome, Overlay, edit, frame};
use crate::keymap::{Action, Context, Keymap, Topic as HelpTopic};
use crate::tui::hint::Hint;
use crate::tui::line::{pad, put};
use crate::tui::look::Look;
use crate::tui::measure as text;
use crate::tui::panes::status::action_words;
use crate::tui::scroll::{self, Part};
use crate::tui::step::{Step, Way};
use crate::tui::view::View;
use crate::words::{Word, word};

/// Columns of the keys.
const KEYS: usize = 16;

/// The help's state.
#[derive(Debug)]
pub struct Help {
    /// Where it was called from.
    pub contexts: Vec<Context>,
    /// What the lines must hold.
    pub input: Input,
    /// The first line drawn.
    pub top: usize,
}

/// A line of the help.
#[derive(Debug, Clone, PartialEq, Eq)]
enum HelpRow {
    /// What the actions below are about.
    Heading(HelpTopic),
    /// An action and its keys.
    Keys {
        /// The keys, joined.
        keys: String,
        /// The action.
        action: Action,
    },
    /// A sentence about the screen.
    Note(Word),
}

impl Help {
    /// The help for the pane that has the keys.
    pub fn of(view: &View<'_>) -> Self {
        Self {
            contexts: view.pane_contexts(),
            input: Input::default(),
            top: 0,
        }
    }

    /// The lines, as filtered.
    fn lines(&self, view: &View<'_>) -> Vec<HelpRow> {
        let wanted = self.input.value().trim().to_lowercase();
        let mut rows = Vec::new();
        let mut topic = None;
        for action in Action::ALL.iter().copied() {
            let keys = keys(view.keymap, &self.contexts, action);
            let holds = format!("{keys} {} {} {}", action.name(), action.zh(), action.en());
            if !holds.to_lowercase().contains(&wanted) {
                continue;
            }
            if topic != Some(action.topic()) {
                topic = Some(action.topic());
                rows.push(HelpRow::Heading(action.topic()));
            }
            rows.push(HelpRow::Keys { keys, action });
        }
        let notes = [
            Word::SyntaxFields,
            Word::SyntaxParts,
            Word::SyntaxJoins,
            Word::MarksBefore,
            Word::MarksBehind,
            Word::MarksOthers,
        ]
        .into_iter();
        let holds = |note: &Word| word(view.look.lang, *note).to_lowercase().contains(&wanted);
        rows.extend(notes.filter(holds).map(HelpRow::Note));
        rows
    }
}

/// All keys of an action, in the place the help was called from, else wherever it has any.
fn keys(keymap: &Keymap, panes: &[Context], action: Action) -> String {
    let mut keys = keymap.keys_for(panes, action);
    if keys.is_empty() {
        for place in Context::ALL {
            keys.extend(keymap.keys_for(&[place], action));
        }
        keys.sort();
        keys.dedup();
    }
    let keys: Vec<String> = keys.iter().map(ToString::to_string).collect();
    keys.join("  ")
}

/// Rows of keys seen at once.
fn page(screen: Rect) -> usize {
    usize::from(area(screen).height).saturating_sub(3)
}

fn area(screen: Rect) -> Rect {
    frame::middle(screen, 76, screen.height)
}

impl Overlay for Help {
    fn context(&self) -> Context {
        Context::Field
    }

    fn footer(&self) -> Vec<Hint> {
        vec![
            Action::Cancel.into(),
            Action::MoveDown.into(),
            Action::PageDown.into(),
        ]
    }

    fn field(&mut self) -> Option<&mut Input> {
        Some(&mut self.input)
    }

    fn typed(&mut self) {
        self.top = 0;
    }

    /// Goes to the end as lists do, while nothing is typed.
    fn unbound(&mut self, key: KeyEvent, view: &View<'_>) -> Outcome {
        let is_empty = self.input.value().is_empty();
        match key.code {
            KeyCode::End => self.step(Step::Move(Way::Last), view),
            KeyCode::Home => self.step(Step::Move(Way::First), view),
            KeyCode::Char('G') if is_empty => self.step(Step::Move(Way::Last), view),
            _ => edit(self, key),
        }
    }

    fn step(&mut self, step: Step, view: &View<'_>) -> Outcome {
        let lines = self.lines(view).len();
        scroll(&mut self.top, step, lines, page(view.screen))
    }

    fn render(&self, view: &View<'_>, screen: Rect, buffer: &mut Buffer) -> Option<(u16, u16)> {
        let look = view.look;
        let theme = &look.theme;
        let title = word(look.lang, Word::HelpTitle);
        let inner = frame::open(look, area(screen), title, buffer);
        if inner.is_empty() {
            return None;
        }
        let cursor = frame::labelled_field(look, inner, Word::Filter, &self.input, buffer);
        let below = frame::below(inner, 1);
        let lines = self.lines(view);
        for (row, y) in lines.iter().skip(self.top).zip(0..below.height) {
            let line = match row {
                HelpRow::Heading(topic) => Line::from(Span::styled(
                    format!(" {}", look.lang.pick(topic.zh(), topic.en())),
                    theme.heading,
                )),
                HelpRow::Note(note) => Line::from(Span::styled(
                    format!(" {}", word(look.lang, *note)),
                    theme.dim,
                )),
                HelpRow::Keys { keys, action } => {
                    keys_line(look, keys, *action, below.width.into())
                }
            };
            put(buffer, below, y, &line);
        }
        let part = Part {
            top: self.top,
            height: below.height.into(),
            lines: lines.len(),
        };
        scroll::on_box(look, area(screen), part, buffer);
        Some(cursor)
    }
}

/// One action: its keys, what it does, and its name where the whole of it fits.
fn keys_line(look: &Look, keys: &str, action: Action, width: usize) -> Line<'static> {
    let theme = &look.theme;
    let keys = format!("  {}", pad(keys, KEYS));
    let what = format!(" {}", action_words(look, action));
    let name = format!("  :{}", action.name());
    let fits = text::width(&keys) + text::width(&what) + text::width(&name) <= width;
    let mut spans = vec![
        Span::styled(keys, theme.key),
        Span::styled(what, theme.text),
    ];
    if fits {
        spans.push(Span::styled(name, theme.dim));
    }
    Line::from(spans)
}
