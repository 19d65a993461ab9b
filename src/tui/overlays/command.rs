//! The command line: actions by their names, with completion and history.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use tui_input::Input;

use super::frame;
use crate::keymap::Action;
use crate::tui::app::App;
use crate::tui::field;
use crate::tui::line::{clean, pad, put};
use crate::tui::panes::status::action_words;

/// Proposals shown at most.
const SHOWN: usize = 8;

/// The command line's state.
#[derive(Debug, Default)]
pub struct Command {
    /// What is typed.
    pub input: Input,
    /// The proposal under the cursor; `None` = what is typed counts.
    pub selected: Option<usize>,
}

/// What the typed text may become: earlier commands first, then actions.
pub fn proposals(app: &App, typed: &str) -> Vec<String> {
    let typed = typed.trim();
    let mut names: Vec<String> = Vec::new();
    let earlier = app.commands.iter().rev().cloned();
    let actions = Action::ALL.iter().map(|action| action.name().to_owned());
    for name in earlier.chain(actions) {
        let words = Action::parse(&name).map_or("", Action::zh);
        let fits = name.contains(typed) || words.contains(typed);
        if fits && !names.contains(&name) {
            names.push(name);
        }
    }
    // What begins so comes before what only holds it.
    names.sort_by_key(|name| !name.starts_with(typed));
    names
}

/// Draws the command line over the status line, its proposals above it.
pub fn render(
    app: &App,
    command: &Command,
    screen: Rect,
    buffer: &mut Buffer,
) -> Option<(u16, u16)> {
    let theme = &app.look.theme;
    let proposals = proposals(app, command.input.value());
    let room = usize::from(screen.height).saturating_sub(4).min(SHOWN);
    let shown = frame::window(proposals.len(), command.selected.unwrap_or(0), room);
    if !shown.is_empty() {
        let rows = u16::try_from(shown.len()).unwrap_or(0);
        let area = Rect::new(
            screen.x,
            screen.bottom().saturating_sub(rows + 3),
            screen.width.min(60),
            rows + 2,
        );
        let inner = frame::open(app, area, "", buffer);
        for (at, y) in shown.zip(0..) {
            let name = proposals.get(at).map_or("", String::as_str);
            let what = Action::parse(name).map_or("", |action| action_words(&app.look, action));
            let line = Line::from(vec![
                Span::styled(format!(" {}", pad(&clean(name), 22)), theme.key),
                Span::styled(what, theme.dim),
            ]);
            let line = if command.selected == Some(at) {
                line.style(theme.selected)
            } else {
                line
            };
            put(buffer, inner, y, &line);
        }
    }
    let line = Rect::new(screen.x, screen.bottom().saturating_sub(1), screen.width, 1);
    frame::clear(line, buffer);
    buffer.set_stringn(line.x, line.y, ":", line.width.into(), theme.key);
    let rest = Rect {
        x: line.x + 1,
        width: line.width.saturating_sub(1),
        ..line
    };
    Some(field::render(&command.input, rest, theme.text, buffer).cursor)
}
