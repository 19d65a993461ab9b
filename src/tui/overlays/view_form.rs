//! The form that names a saved view.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use tui_input::Input;

use super::{Command, Outcome, Overlay, frame};
use crate::api::{Request, ViewEdit, ViewName, ViewRow};
use crate::keymap::{Action, Context};
use crate::model::TicketFilter;
use crate::tui::hint::Hint;
use crate::tui::line::put;
use crate::tui::msg::ChangeKind;
use crate::tui::panes::list::Source;
use crate::tui::step::Step;
use crate::tui::view::View;
use crate::words::{Word, names, word};

/// The form's state.
#[derive(Debug)]
pub struct ViewForm {
    /// The view that gets another name; `None` = what is listed is saved.
    pub renamed: Option<ViewName>,
    /// What is saved.
    pub query: String,
    /// What is saved with it.
    pub filter: TicketFilter,
    /// Its name.
    pub name: Input,
    /// Whether it is for the team.
    pub team: bool,
}

impl ViewForm {
    /// The name that is typed.
    fn called(&self) -> ViewName {
        ViewName {
            name: self.name.value().trim().to_owned(),
            team: self.team,
        }
    }
}

impl ViewForm {
    /// The form that saves what is listed; `None` = no query says it.
    pub fn of(view: &View<'_>) -> Option<Self> {
        if view.list.source != Source::Query {
            return None;
        }
        let open = view.tabs.open.clone();
        let team = open.as_ref().is_some_and(|name| name.team);
        let name = open.map(|open| open.name).unwrap_or_default();
        Some(Self {
            renamed: None,
            query: view.query.text().to_owned(),
            filter: view.filter.clone(),
            name: Input::new(name),
            team,
        })
    }

    /// The form that gives a view another name.
    pub fn renaming(row: &ViewRow) -> Self {
        Self {
            renamed: Some(row.called()),
            query: String::new(),
            filter: row.filter.clone(),
            name: Input::new(row.name.clone()),
            team: row.team,
        }
    }

    fn save(&self) -> Outcome {
        let name = self.called();
        if name.name.is_empty() {
            return Outcome::stay();
        }
        let edit = match self.renamed.clone() {
            Some(renamed) => ViewEdit::Rename {
                name: renamed,
                to: name.name,
            },
            None => ViewEdit::Save {
                name,
                query: self.query.clone(),
                filter: self.filter.clone(),
            },
        };
        Outcome::change(ChangeKind::View, Request::EditView(edit))
    }
}

impl Overlay for ViewForm {
    fn context(&self) -> Context {
        Context::Field
    }

    fn footer(&self) -> Vec<Hint> {
        let team = self.renamed.is_none();
        let team = team.then(|| Hint::new(Action::NextField, Word::DoTeam));
        let save = Hint::new(Action::Confirm, Word::DoSave);
        let cancel = Action::Cancel.into();
        std::iter::once(save).chain(team).chain([cancel]).collect()
    }

    fn field(&mut self) -> Option<&mut Input> {
        Some(&mut self.name)
    }

    /// Tab makes it the team's, Enter saves.
    fn step(&mut self, step: Step, _view: &View<'_>) -> Outcome {
        match step {
            Step::Next | Step::Previous | Step::Toggle if self.renamed.is_none() => {
                self.team = !self.team;
            }
            Step::Confirm => return self.save(),
            Step::Move(_)
            | Step::Next
            | Step::Previous
            | Step::Toggle
            | Step::Create
            | Step::Delete(_)
            | Step::Reply(_)
            | Step::Cancel => {}
        }
        Outcome::stay()
    }

    /// What is listed is the view that was saved, unless the agent has gone on since.
    fn done(&self, view: &View<'_>) -> Vec<Command> {
        let is_open = match &self.renamed {
            Some(before) => view.tabs.open.as_ref() == Some(before),
            None => {
                view.query.text() == self.query
                    && *view.filter == self.filter
                    && view.list.source == Source::Query
            }
        };
        let named = is_open.then(|| Command::NameView(self.called()));
        named.into_iter().collect()
    }

    fn render(&self, view: &View<'_>, screen: Rect, buffer: &mut Buffer) -> Option<(u16, u16)> {
        let look = view.look;
        let lang = look.lang;
        let title = if self.renamed.is_some() {
            Word::RenameViewTitle
        } else {
            Word::SaveViewTitle
        };
        let area = frame::middle(screen, 60, 4);
        let inner = frame::open(look, area, word(lang, title), buffer);
        if inner.height < 2 {
            return None;
        }
        let cursor = frame::labelled_field(look, inner, Word::Name, &self.name, buffer);
        let kind = names::view_kind(lang, if self.team { "team" } else { "own" });
        let hint = if self.renamed.is_some() {
            String::new()
        } else {
            format!(" {kind}  {}", word(lang, Word::ViewHint))
        };
        put(
            buffer,
            inner,
            1,
            &Line::from(Span::styled(hint, look.theme.dim)),
        );
        Some(cursor)
    }
}
