//! The command line: actions by their names, with completion and history.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use tui_input::Input;

use super::{Backdrop, Command, Outcome, Overlay, frame};
use crate::keymap::{Action, Context};
use crate::tui::field;
use crate::tui::hint::Hint;
use crate::tui::line::{clean, pad, put};
use crate::tui::notices::Weight;
use crate::tui::panes::status::action_words;
use crate::tui::step::{Step, Way, moved};
use crate::tui::view::View;
use crate::words::{self, Lang, Msg, Word};

/// Proposals shown at most.
const SHOWN: usize = 8;

/// The command line's state.
#[derive(Debug, Default)]
pub struct CommandLine {
    /// What is typed.
    pub input: Input,
    /// The proposal under the cursor; `None` = what is typed counts.
    pub selected: Option<usize>,
}

/// What the typed text may become: earlier commands first, then actions.
fn proposals(commands: &[String], typed: &str) -> Vec<String> {
    let typed = typed.trim();
    let mut names: Vec<String> = Vec::new();
    let earlier = commands.iter().rev().cloned();
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

/// Runs a command by its name; a name cut short counts when it is the only one.
fn run(typed: &str, lang: Lang) -> Outcome {
    if typed.is_empty() {
        return Outcome::close();
    }
    let begun = Action::ALL.iter().copied();
    let begun: Vec<Action> = begun
        .filter(|action| action.name().starts_with(typed))
        .collect();
    let only = match begun.as_slice() {
        [one] => Some(*one),
        _ => None,
    };
    if let Some(action) = Action::parse(typed).or(only) {
        return Outcome::close().and(Command::Run(action));
    }
    let name = &clean(typed);
    let like = &Action::nearest(typed).join(lang.pick("、", ", "));
    let message = if like.is_empty() {
        Msg::UnknownCommand { name }
    } else {
        Msg::UnknownCommandLike { name, like }
    };
    let words = words::text(lang, &message);
    Outcome::close().and(Command::Say(Weight::Warn, words))
}

impl Overlay for CommandLine {
    fn context(&self) -> Context {
        Context::Field
    }

    fn footer(&self) -> Vec<Hint> {
        vec![
            Hint::new(Action::Confirm, Word::DoRun),
            Hint::new(Action::NextField, Word::DoComplete),
            Action::Cancel.into(),
        ]
    }

    fn field(&mut self) -> Option<&mut Input> {
        Some(&mut self.input)
    }

    fn typed(&mut self) {
        self.selected = None;
    }

    fn step(&mut self, step: Step, view: &View<'_>) -> Outcome {
        let proposals = proposals(view.commands, self.input.value());
        match step {
            Step::Move(way) => {
                self.selected = match (self.selected, way) {
                    (None, Way::Rows(1)) => (!proposals.is_empty()).then_some(0),
                    (Some(0), Way::Rows(-1)) => None,
                    (at, way) => at.map(|at| moved(at, way, proposals.len(), 8)),
                };
            }
            Step::Next => {
                if let Some(name) = proposals.get(self.selected.unwrap_or(0)) {
                    self.input = Input::new(name.clone());
                    self.selected = None;
                }
            }
            Step::Confirm => {
                let chosen = self.selected.and_then(|at| proposals.get(at).cloned());
                let name = chosen.unwrap_or_else(|| self.input.value().trim().to_owned());
                return run(&name, view.look.lang);
            }
            Step::Toggle
            | Step::Create
            | Step::Previous
            | Step::Cancel
            | Step::Delete(_)
            | Step::Reply(_) => {}
        }
        Outcome::stay()
    }

    fn backdrop(&self) -> Backdrop {
        Backdrop::Keep
    }

    fn render(&self, view: &View<'_>, screen: Rect, buffer: &mut Buffer) -> Option<(u16, u16)> {
        let look = view.look;
        let theme = &look.theme;
        let proposals = proposals(view.commands, self.input.value());
        let room = usize::from(screen.height).saturating_sub(4).min(SHOWN);
        let shown = frame::window(proposals.len(), self.selected.unwrap_or(0), room);
        if !shown.is_empty() {
            let rows = u16::try_from(shown.len()).unwrap_or(0);
            let area = Rect::new(
                screen.x,
                screen.bottom().saturating_sub(rows + 3),
                screen.width.min(60),
                rows + 2,
            );
            let inner = frame::open(look, area, "", buffer);
            for (at, y) in shown.zip(0..) {
                let name = proposals.get(at).map_or("", String::as_str);
                let what = Action::parse(name).map_or("", |action| action_words(look, action));
                let line = Line::from(vec![
                    Span::styled(format!(" {}", pad(&clean(name), 22)), theme.key),
                    Span::styled(what, theme.dim),
                ]);
                let line = if self.selected == Some(at) {
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
        Some(field::render(&self.input, rest, theme.text, buffer).cursor)
    }
}
