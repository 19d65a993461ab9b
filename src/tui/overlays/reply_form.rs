//! A reply being written: its name, short code, slots and text, beside what it was before.

use crossterm::event::{KeyCode, KeyEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;
use ratatui_textarea::TextArea;
use similar::{ChangeTag, TextDiff};
use tui_input::Input;

use super::{Command, Outcome, Overlay, Work, frame};
use crate::api::{Compose, Draft, DraftFinding, DraftOf, ReplyEdit, ReplyRow, Request};
use crate::keymap::{Action, Context};
use crate::model::{ReplyId, Revision};
use crate::text::template::{escape, written};
use crate::tui::field::{self, in_text, paste_text};
use crate::tui::flow::Flow;
use crate::tui::hint::Hint;
use crate::tui::line::{clean, cut, put};
use crate::tui::look::Look;
use crate::tui::msg::{ChangeKind, CopyWhat};
use crate::tui::notices::Weight;
use crate::tui::step::{Step, moved};
use crate::tui::view::View;
use crate::words::{Lang, Word, names, word};

/// Characters of a text that is compared with what it was before.
const COMPARED: usize = 8000;

/// The form's state.
#[derive(Debug)]
pub struct ReplyForm {
    /// What becomes of the text.
    pub purpose: Purpose,
    /// The reply's name.
    pub name: Input,
    /// Its short code.
    pub code: Input,
    /// Values that can become slots.
    pub slots: Vec<SlotChoice>,
    /// The value under the cursor.
    pub slot: usize,
    /// The text.
    pub text: TextArea<'static>,
    /// What is typed in.
    pub field: Field,
    /// Whether leaving without saving was asked about.
    pub warned: bool,
    /// What the text is compared with; empty = nothing.
    original: String,
    before: (String, String, String),
}

/// What becomes of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Purpose {
    /// It is copied, and nothing is kept.
    Once(Compose),
    /// It becomes a standard reply, of these copies if any.
    New(Option<ReplyId>),
    /// It changes a standard reply.
    Change(ReplyId, Revision),
    /// It answers what the tickets offer for a standard reply: this text of theirs.
    Follow(ReplyId, Revision, String),
}

/// What is typed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// The name.
    Name,
    /// The short code.
    Code,
    /// Which values become slots.
    Slots,
    /// The text.
    Text,
}

/// A value that can become a slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlotChoice {
    /// The slot's name.
    pub name: String,
    /// The value.
    pub value: String,
    /// What it is: a name of `names::finding`.
    pub kind: String,
    /// Whether it is a slot now.
    pub chosen: bool,
}

impl ReplyForm {
    fn new(purpose: Purpose, template: &str, field: Field, look: &Look) -> Self {
        Self {
            purpose,
            name: Input::default(),
            code: Input::default(),
            slots: Vec::new(),
            slot: 0,
            text: area(template, look),
            field,
            warned: false,
            original: String::new(),
            before: (String::new(), String::new(), template.to_owned()),
        }
    }

    /// A text edited for one copy.
    pub fn once(compose: Compose, template: &str, look: &Look) -> Self {
        Self::new(Purpose::Once(compose), template, Field::Text, look)
    }

    /// A new reply; what was typed is its name.
    pub fn empty(name: String, look: &Look) -> Self {
        let mut form = Self::new(Purpose::New(None), "", Field::Name, look);
        form.name = Input::new(name);
        form
    }

    /// A reply made of what an agent said: fitted, with what names a customer made slots.
    pub fn promoted(draft: &Draft, look: &Look) -> Self {
        let text = escape(&draft.text);
        let mut form = Self::new(Purpose::New(Some(draft.reply)), &text, Field::Name, look);
        form.original.clone_from(&draft.original);
        form.slots = choices(&draft.findings);
        for at in 0..form.slots.len() {
            if is_value(&form.slots[at].kind) {
                form.toggle(at, look);
            }
        }
        form.before.2 = form.template();
        form
    }

    /// A standard reply as it is kept.
    pub fn change(row: &ReplyRow, look: &Look) -> Self {
        let purpose = Purpose::Change(row.id, row.revision);
        let mut form = Self::new(purpose, &row.text, Field::Text, look);
        let name = if row.curated { row.title.as_str() } else { "" };
        form.name = Input::new(name.to_owned());
        form.code = Input::new(row.code.clone());
        form.before.0 = name.to_owned();
        form.before.1.clone_from(&row.code);
        form
    }

    /// A standard reply with the text that the tickets have now, compared with what is kept.
    pub fn follow(row: &ReplyRow, mined: &str, look: &Look) -> Self {
        let mut form = Self::change(row, look);
        form.purpose = Purpose::Follow(row.id, row.revision, mined.to_owned());
        form.text = area(mined, look);
        form.original.clone_from(&row.text);
        form.field = Field::Name;
        form
    }

    /// The text as it stands.
    pub fn template(&self) -> String {
        self.text.lines().join("\n")
    }

    /// Whether anything was changed.
    fn is_changed(&self) -> bool {
        let now = (self.name.value(), self.code.value(), self.template());
        let before = &self.before;
        now != (before.0.as_str(), before.1.as_str(), before.2.clone())
    }

    /// The fields there are.
    fn fields(&self) -> &'static [Field] {
        match (&self.purpose, self.slots.is_empty()) {
            (Purpose::Once(_), _) => &[Field::Text],
            (_, true) => &[Field::Name, Field::Code, Field::Text],
            (_, false) => &[Field::Name, Field::Code, Field::Slots, Field::Text],
        }
    }

    /// Makes a slot of a value wherever it stands, or takes that back.
    fn toggle(&mut self, at: usize, look: &Look) {
        let template = self.template();
        let Some(choice) = self.slots.get_mut(at) else {
            return;
        };
        let (value, slot) = (escape(&choice.value), written(&choice.name));
        let changed = if choice.chosen {
            template.replace(&slot, &value)
        } else {
            template.replace(&value, &slot)
        };
        choice.chosen = !choice.chosen;
        self.text = area(&changed, look);
    }

    /// The change of the desk's that saves it; `None` = it is copied and not kept.
    fn edit(&self) -> Option<ReplyEdit> {
        let (name, code) = (self.name.value().to_owned(), self.code.value().to_owned());
        let text = self.template();
        let (reply, base_rev) = match &self.purpose {
            Purpose::Once(_) => return None,
            Purpose::New(of) => {
                return Some(ReplyEdit::Create {
                    name,
                    code,
                    text,
                    of: *of,
                });
            }
            Purpose::Follow(reply, _, offered) if self.takes(offered) => {
                return Some(ReplyEdit::Settle {
                    reply: reply.to_string(),
                    take: true,
                });
            }
            Purpose::Change(reply, revision) | Purpose::Follow(reply, revision, _) => {
                (reply.to_string(), Some(*revision))
            }
        };
        Some(ReplyEdit::Change {
            reply,
            name: Some(name),
            code: Some(code),
            text: Some(text),
            base_rev,
        })
    }

    /// Whether it is the text that the tickets offer, and nothing else was changed.
    fn takes(&self, offered: &str) -> bool {
        let (name, code, _) = &self.before;
        self.template() == offered && self.name.value() == name && self.code.value() == code
    }

    fn title(&self) -> Word {
        match (&self.purpose, self.original.is_empty()) {
            (Purpose::Once(_), _) => Word::EditOnceTitle,
            (Purpose::New(_), true) => Word::NewReplyTitle,
            (Purpose::New(_), false) => Word::PromoteTitle,
            (Purpose::Change(..) | Purpose::Follow(..), _) => Word::EditReplyTitle,
        }
    }
}

/// An editor on a text.
fn area(template: &str, look: &Look) -> TextArea<'static> {
    let mut text = TextArea::from(template.split('\n').map(str::to_owned));
    text.set_style(look.theme.text);
    text.set_cursor_line_style(Style::new());
    // The terminal's own cursor is shown, so that input methods draw where it stands.
    text.set_cursor_style(look.theme.text);
    text.set_selection_style(look.theme.selected);
    text.set_wrap_mode(ratatui_textarea::WrapMode::Glyph);
    text
}

/// Each value once, the longest first: one may hold another.
fn choices(findings: &[DraftFinding]) -> Vec<SlotChoice> {
    let mut out: Vec<SlotChoice> = Vec::new();
    for found in findings {
        if !out.iter().any(|known| known.value == found.value) {
            out.push(SlotChoice {
                name: found.slot.clone(),
                value: found.value.clone(),
                kind: found.kind.clone(),
                chosen: false,
            });
        }
    }
    out.sort_by_key(|choice| std::cmp::Reverse(choice.value.chars().count()));
    out
}

/// Whether a finding is a value to fill in, and not words to think about.
fn is_value(kind: &str) -> bool {
    !matches!(kind, "leftover" | "promise" | "done")
}

impl ReplyForm {
    fn in_slots(&mut self, action: Option<Action>, key: KeyEvent, look: &Look) {
        match action.and_then(Step::of) {
            Some(Step::Toggle) => self.toggle(self.slot, look),
            Some(Step::Move(way)) => self.slot = moved(self.slot, way, self.slots.len(), 4),
            None if action.is_none() && key.code == KeyCode::Char(' ') => {
                self.toggle(self.slot, look);
            }
            _ => {}
        }
    }

    fn in_line(&mut self, action: Option<Action>, key: KeyEvent) {
        self.warned = false;
        match action.and_then(Step::of) {
            Some(Step::Delete(what)) => {
                if let Some(input) = self.field() {
                    field::delete(input, what);
                }
            }
            Some(Step::Move(way)) => {
                let down = moved(1, way, 3, 2) > 1;
                self.turn(if down { 1 } else { -1 });
            }
            _ => {
                if let Some(input) = self.field() {
                    field::edit(input, key);
                }
            }
        }
    }

    /// Goes to another field.
    fn turn(&mut self, by: isize) {
        let fields = self.fields();
        let at = fields.iter().position(|field| *field == self.field);
        let count = fields.len().cast_signed();
        let to = (at.unwrap_or(0).cast_signed() + by).rem_euclid(count);
        self.field = fields.get(to.unsigned_abs()).copied().unwrap_or(self.field);
    }

    /// Saves or copies it.
    fn save(&self, lang: Lang) -> Outcome {
        let template = self.template();
        if template.trim().is_empty() {
            return Outcome::stay().say(lang, Weight::Warn, Word::NoText);
        }
        if let Purpose::Once(compose) = &self.purpose {
            let of = match &compose.of {
                DraftOf::Changed { of, .. } => of.clone(),
                of => Box::new(of.clone()),
            };
            let of = DraftOf::Changed { text: template, of };
            let compose = Compose {
                of,
                ..compose.clone()
            };
            return Outcome::submit(Work::Copy(CopyWhat::from(compose)));
        }
        match self.edit() {
            Some(edit) if self.is_changed() || matches!(self.purpose, Purpose::New(_)) => {
                Outcome::change(ChangeKind::Reply, Request::EditReply(edit))
            }
            _ => Outcome::close().say(lang, Weight::Plain, Word::Unchanged),
        }
    }

    /// Leaves without saving; what was written is asked about once.
    fn leave(&mut self, lang: Lang) -> Outcome {
        if !self.is_changed() || self.warned {
            return Outcome::leave();
        }
        self.warned = true;
        Outcome::stay().say(lang, Weight::Warn, Word::Unsaved)
    }

    fn outside(&self, view: &View<'_>) -> Outcome {
        if view.may_edit_outside {
            Outcome::stay().and(Command::EditOutside(self.template()))
        } else {
            Outcome::stay().say(view.look.lang, Weight::Plain, Word::NotInRestricted)
        }
    }
}

impl Overlay for ReplyForm {
    fn context(&self) -> Context {
        Context::Field
    }

    fn footer(&self) -> Vec<Hint> {
        let save = match self.purpose {
            Purpose::Once(_) => Word::DoCopy,
            Purpose::New(_) | Purpose::Change(..) | Purpose::Follow(..) => Word::DoSave,
        };
        let next = self.fields().len() > 1;
        let next = next.then(|| Hint::new(Action::NextField, Word::DoNextField));
        let save = Hint::new(Action::Save, save);
        let rest = [Action::EditOutside, Action::Cancel].map(Hint::from);
        std::iter::once(save).chain(next).chain(rest).collect()
    }

    fn field(&mut self) -> Option<&mut Input> {
        match self.field {
            Field::Name => Some(&mut self.name),
            Field::Code => Some(&mut self.code),
            Field::Slots | Field::Text => None,
        }
    }

    fn step(&mut self, _step: Step, _view: &View<'_>) -> Outcome {
        Outcome::stay()
    }

    /// In the text everything but saving, leaving and going on is the text's.
    fn key(&mut self, action: Option<Action>, key: KeyEvent, view: &View<'_>) -> Outcome {
        match (action, self.field) {
            (Some(Action::Save), _) => return self.save(view.look.lang),
            (Some(Action::Cancel), _) => return self.leave(view.look.lang),
            (Some(Action::EditOutside), _) => return self.outside(view),
            (Some(Action::NextField), _) => self.turn(1),
            (Some(Action::PrevField), _) => self.turn(-1),
            (_, Field::Text) => {
                in_text(&mut self.text, action, key);
                self.warned = false;
            }
            (Some(Action::Confirm), _) => return self.save(view.look.lang),
            (action, Field::Slots) => self.in_slots(action, key, view.look),
            (action, Field::Name | Field::Code) => self.in_line(action, key),
        }
        Outcome::stay()
    }

    fn paste(&mut self, text: &str, _view: &View<'_>) -> Outcome {
        match self.field() {
            Some(input) => field::paste(input, text),
            None => paste_text(&mut self.text, text),
        }
        Outcome::stay()
    }

    fn edited_outside(&mut self, text: &str, view: &View<'_>) {
        let text = crate::tui::measure::sanitize(text);
        self.text = area(text.trim_end(), view.look);
    }

    fn render(&self, view: &View<'_>, screen: Rect, buffer: &mut Buffer) -> Option<(u16, u16)> {
        let look = view.look;
        let lang = look.lang;
        let theme = &look.theme;
        let title = word(lang, self.title());
        let inner = frame::open(look, frame::middle(screen, 96, 30), title, buffer);
        if inner.height < 2 {
            return None;
        }
        let mut cursor = None;
        let mut y = 0;
        if !matches!(self.purpose, Purpose::Once(_)) {
            for (label, input, field) in [
                (Word::ReplyName, &self.name, Field::Name),
                (Word::CodeTitle, &self.code, Field::Code),
            ] {
                let row = frame::below(inner, y);
                let at = frame::labelled_field(look, row, label, input, buffer);
                if self.field == field {
                    cursor = Some(at);
                }
                y += 1;
            }
        }
        let slots = slots(look, self, inner.width.into());
        let room = usize::from(inner.height.saturating_sub(y)) / 3;
        let seen = frame::window(slots.len(), self.slot, slots.len().min(room.max(1)));
        for line in slots.get(seen).unwrap_or_default() {
            put(buffer, inner, y, line);
            y += 1;
        }
        let hint = cut(
            word(lang, Word::ReplyFormHint),
            usize::from(inner.width) - 2,
            &look.glyphs,
        );
        let mut rest = frame::below(inner, y);
        if rest.height > 4 {
            frame::rule(look, rest, buffer);
            let last = frame::below(rest, rest.height - 1);
            let hint = Line::from(Span::styled(format!(" {hint}"), theme.dim));
            put(buffer, last, 0, &hint);
            rest = frame::below(rest, 1);
            rest.height -= 1;
        }
        let inset = Rect {
            x: rest.x + 1,
            width: rest.width.saturating_sub(2),
            ..rest
        };
        if self.field == Field::Text {
            cursor = Some(editor(&self.text, inset, buffer));
        } else {
            compared(look, self, inset, buffer);
        }
        cursor
    }
}

/// Draws the editor; returns where its cursor stands.
fn editor(text: &TextArea<'static>, area: Rect, buffer: &mut Buffer) -> (u16, u16) {
    text.render(area, buffer);
    // Where the widget scrolled to is known only once it is drawn.
    let cursor = text.screen_cursor();
    let (top, left) = text.scroll_offset();
    let to = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
    let x = area.x + to(cursor.col).saturating_sub(left);
    let y = area.y + to(cursor.row).saturating_sub(top);
    (
        x.min(area.right().saturating_sub(1)),
        y.min(area.bottom().saturating_sub(1)),
    )
}

fn slots(look: &Look, form: &ReplyForm, width: usize) -> Vec<Line<'static>> {
    let theme = &look.theme;
    let line = |(at, choice): (usize, &SlotChoice)| {
        let mark = if choice.chosen { "[x]" } else { "[ ]" };
        let kind = names::finding(look.lang, &choice.kind);
        let value = clean(&choice.value);
        let words = format!(" {mark} {{{{{}}}}}  {kind} {value}", choice.name);
        let style = if form.field == Field::Slots && at == form.slot {
            theme.selected
        } else {
            theme.text
        };
        Line::from(Span::styled(cut(&words, width, &look.glyphs), style))
    };
    form.slots.iter().enumerate().map(line).collect()
}

/// Draws the text against what it was before: what went is struck out, what came is underlined.
fn compared(look: &Look, form: &ReplyForm, area: Rect, buffer: &mut Buffer) {
    let theme = &look.theme;
    let now: String = form.template().chars().take(COMPARED).collect();
    let mut flow = Flow::new(area.width.into(), look.glyphs);
    if form.original.is_empty() {
        flow.text(&now, theme.text);
    } else {
        let before: String = form.original.chars().take(COMPARED).collect();
        flow.text(word(look.lang, Word::DiffTitle), theme.heading);
        flow.pieces(&differences(&before, &now, look));
    }
    for (line, y) in flow.lines.iter().zip(0..area.height) {
        put(buffer, area, y, line);
    }
}

fn differences(before: &str, now: &str, look: &Look) -> Vec<(String, Style)> {
    let theme = &look.theme;
    let diff = TextDiff::from_chars(before, now);
    let mut out: Vec<(String, Style)> = Vec::new();
    for change in diff.iter_all_changes() {
        let said = change.value();
        let (said, style) = match change.tag() {
            ChangeTag::Equal => (said.to_owned(), theme.text),
            ChangeTag::Delete => {
                let style = theme.bad.add_modifier(Modifier::CROSSED_OUT);
                (said.replace('\n', " "), style)
            }
            ChangeTag::Insert => {
                // A line's end that came is seen by its mark.
                let style = theme.good.add_modifier(Modifier::UNDERLINED);
                let mark = format!("{}\n", look.glyphs.line_end);
                (said.replace('\n', &mark), style)
            }
        };
        match out.last_mut() {
            Some((last, known)) if *known == style => last.push_str(&said),
            _ => out.push((said, style)),
        }
    }
    out
}
