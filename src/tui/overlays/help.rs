//! The help: every key of the place it was called from, filtered as one types.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use tui_input::Input;

use super::frame;
use crate::keymap::{Action, Context, Topic};
use crate::tui::app::App;
use crate::tui::line::{pad, put};
use crate::tui::measure as text;
use crate::tui::panes::status::action_words;
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
pub enum HelpRow {
    /// What the actions below are about.
    Heading(Topic),
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

/// The lines, as filtered.
pub fn lines(app: &App, help: &Help) -> Vec<HelpRow> {
    let wanted = help.input.value().trim().to_lowercase();
    let mut rows = Vec::new();
    let mut topic = None;
    for action in Action::ALL.iter().copied() {
        let keys = keys(app, &help.contexts, action);
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
    let notes = [Word::MarksBefore, Word::MarksBehind, Word::MarksOthers].into_iter();
    let holds = |note: &Word| word(app.look.lang, *note).to_lowercase().contains(&wanted);
    rows.extend(notes.filter(holds).map(HelpRow::Note));
    rows
}

/// All keys of an action, in the place the help was called from, else wherever it has any.
fn keys(app: &App, panes: &[Context], action: Action) -> String {
    let mut keys = app.keymap.keys_for(panes, action);
    if keys.is_empty() {
        for place in Context::ALL {
            keys.extend(app.keymap.keys_for(&[place], action));
        }
        keys.sort();
        keys.dedup();
    }
    let keys: Vec<String> = keys.iter().map(ToString::to_string).collect();
    keys.join("  ")
}

/// Rows of keys seen at once.
pub fn page(screen: Rect) -> usize {
    usize::from(area(screen).height).saturating_sub(3)
}

fn area(screen: Rect) -> Rect {
    frame::middle(screen, 76, screen.height)
}

/// Draws the help.
pub fn render(app: &App, help: &Help, screen: Rect, buffer: &mut Buffer) -> Option<(u16, u16)> {
    let theme = &app.look.theme;
    let title = word(app.look.lang, Word::HelpTitle);
    let inner = frame::open(app, area(screen), title, buffer);
    if inner.is_empty() {
        return None;
    }
    let cursor = frame::labelled_field(app, inner, Word::Filter, &help.input, buffer);
    let below = frame::below(inner, 1);
    let lines = lines(app, help);
    for (row, y) in lines.iter().skip(help.top).zip(0..below.height) {
        let line = match row {
            HelpRow::Heading(topic) => Line::from(Span::styled(
                format!(" {}", app.look.lang.pick(topic.zh(), topic.en())),
                theme.heading,
            )),
            HelpRow::Note(note) => Line::from(Span::styled(
                format!(" {}", word(app.look.lang, *note)),
                theme.dim,
            )),
            HelpRow::Keys { keys, action } => keys_line(app, keys, *action, below.width.into()),
        };
        put(buffer, below, y, &line);
    }
    Some(cursor)
}

/// One action: its keys, what it does, and its name where the whole of it fits.
fn keys_line(app: &App, keys: &str, action: Action, width: usize) -> Line<'static> {
    let theme = &app.look.theme;
    let keys = format!("  {}", pad(keys, KEYS));
    let what = format!(" {}", action_words(&app.look, action));
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
