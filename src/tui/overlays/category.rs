//! The category form: one of the tree's, a new one typed as `产品｜类型`, or the given one.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use tui_input::Input;

use super::{Backdrop, Outcome, Overlay, Work, confirm, frame};
use crate::api::{Recategorise, Request, Target};
use crate::keymap::{Action, Context};
use crate::model::{Category, TreeNode};
use crate::tui::hint::Hint;
use crate::tui::line::clean;
use crate::tui::measure::pinyin_finds;
use crate::tui::msg::ChangeKind;
use crate::tui::say;
use crate::tui::step::{Step, moved};
use crate::tui::view::View;
use crate::words::{self, Count, Lang, Msg, Word, word};

/// The form's state.
#[derive(Debug)]
pub struct CategoryForm {
    /// The tickets.
    pub targets: Vec<Target>,
    /// What the form is about: a ticket's title, or how many tickets.
    pub subject: String,
    /// What is typed.
    pub input: Input,
    /// The row under the cursor.
    pub selected: usize,
}

/// A row of the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CategoryRow {
    /// A category that tickets have, and how many.
    Known(Category, usize),
    /// What is typed.
    New(Category),
    /// As the document gave it.
    Given,
}

/// The rows that fit what is typed.
pub fn rows(nodes: &[TreeNode], typed: &str) -> Vec<CategoryRow> {
    let typed = typed.trim();
    let wanted = typed.to_lowercase();
    let known = nodes.iter().filter(|node| !node.product.is_empty());
    let mut rows: Vec<CategoryRow> = known
        .filter_map(|node| {
            let issue_type = node.issue_type.clone()?;
            let category = Category {
                product: node.product.clone(),
                issue_type,
            };
            let name = category.to_string();
            let fits = wanted.is_empty()
                || name.to_lowercase().contains(&wanted)
                || pinyin_finds(&name, &wanted);
            fits.then_some(CategoryRow::Known(category, node.count))
        })
        .collect();
    if typed.is_empty() {
        rows.push(CategoryRow::Given);
        return rows;
    }
    if let Some(typed) = Category::parse(typed) {
        let exists = rows
            .iter()
            .any(|row| matches!(row, CategoryRow::Known(known, _) if *known == typed));
        if !exists {
            rows.push(CategoryRow::New(typed));
        }
    }
    rows
}

impl CategoryForm {
    /// The form for the marked or selected tickets; `None` = an article or nothing.
    pub fn of(view: &View<'_>) -> Option<Self> {
        let subject = view.subject()?;
        let mut targets = subject.targets;
        for target in &mut targets {
            // A row carries the revision of its causes; that of its category comes with the ticket.
            let shown = view.detail.ticket();
            let shown = shown.filter(|ticket| ticket.row.id.as_str() == target.id);
            target.base_rev = shown.map(|ticket| ticket.category_revision);
        }
        Some(Self {
            targets,
            subject: subject.name,
            input: Input::default(),
            selected: 0,
        })
    }

    fn save(&self, row: CategoryRow, lang: Lang) -> Outcome {
        let category = match row {
            CategoryRow::Known(category, _) | CategoryRow::New(category) => Some(category),
            CategoryRow::Given => None,
        };
        let name = category.as_ref().map_or_else(
            || word(lang, Word::CategoryGiven).to_owned(),
            ToString::to_string,
        );
        let n = Count(self.targets.len());
        let question = words::text(lang, &Msg::RecategorisedMany { n, category: &name });
        let request = Request::Recategorise(Recategorise {
            targets: self.targets.clone(),
            category,
            note: String::new(),
        });
        confirm::first_if_many(n, question, Work::Change(ChangeKind::Recategorise, request))
    }
}

impl Overlay for CategoryForm {
    fn context(&self) -> Context {
        Context::Field
    }

    fn footer(&self) -> Vec<Hint> {
        vec![
            Hint::new(Action::Confirm, Word::DoRecategorise),
            Action::MoveDown.into(),
            Hint::new(Action::NextField, Word::DoComplete),
            Action::Cancel.into(),
        ]
    }

    fn field(&mut self) -> Option<&mut Input> {
        Some(&mut self.input)
    }

    fn typed(&mut self) {
        self.selected = 0;
    }

    fn step(&mut self, step: Step, view: &View<'_>) -> Outcome {
        let rows = rows(&view.tree.nodes, self.input.value());
        match step {
            Step::Move(way) => self.selected = moved(self.selected, way, rows.len(), 16),
            Step::Confirm | Step::Create => {
                if let Some(row) = rows.into_iter().nth(self.selected) {
                    return self.save(row, view.look.lang);
                }
            }
            Step::Next => {
                if let Some(CategoryRow::Known(category, _)) = rows.get(self.selected) {
                    self.input = Input::new(category.to_string());
                    self.selected = 0;
                }
            }
            Step::Toggle | Step::Previous | Step::Cancel | Step::Delete(_) | Step::Reply(_) => {}
        }
        Outcome::stay()
    }

    fn decides(&self) -> bool {
        true
    }

    fn backdrop(&self) -> Backdrop {
        Backdrop::DimBesideDetail
    }

    fn render(&self, view: &View<'_>, _screen: Rect, buffer: &mut Buffer) -> Option<(u16, u16)> {
        let look = view.look;
        let lang = look.lang;
        let theme = &look.theme;
        let title = format!("{}  {}", word(lang, Word::CategoryTitle), self.subject);
        let inner = frame::open(
            look,
            frame::beside(view, view.tree.nodes.len() + 4),
            &title,
            buffer,
        );
        if inner.is_empty() {
            return None;
        }
        let cursor = frame::labelled_field(look, inner, Word::Category, &self.input, buffer);
        let rows = rows(&view.tree.nodes, self.input.value());
        let list = frame::below(inner, 1);
        frame::rows(
            look,
            list,
            rows.len(),
            self.selected,
            buffer,
            |at| match rows.get(at) {
                Some(CategoryRow::Known(category, count)) => Line::from(vec![
                    Span::styled(format!("   {}", clean(&category.to_string())), theme.text),
                    Span::styled(format!("  {}", Count(*count)), theme.dim),
                ]),
                Some(CategoryRow::New(category)) => {
                    let name = clean(&category.to_string());
                    let words = say::labelled(lang, Word::NewCategory, &name);
                    Line::from(Span::styled(format!(" + {words}"), theme.warn))
                }
                Some(CategoryRow::Given) => Line::from(Span::styled(
                    format!(" - {}", word(lang, Word::CategoryGiven)),
                    theme.dim,
                )),
                None => Line::default(),
            },
        );
        Some(cursor)
    }
}
