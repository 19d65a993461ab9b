//! The blanks of a reply on one form, with the text as it will be copied below.

use std::collections::BTreeMap;
use std::ops::Range;

use crossterm::event::{KeyEvent, KeyModifiers};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use tui_input::Input;

use super::{Outcome, Overlay, Work, edit, frame, row_of};
use crate::api::{Compose, SlotRow};
use crate::keymap::{Action, Context};
use crate::text::template::{Piece, Template};
use crate::tui::flow::Flow;
use crate::tui::hint::Hint;
use crate::tui::line::{clean, cut, cut_spans, put};
use crate::tui::look::Look;
use crate::tui::memory::Memory;
use crate::tui::msg::CopyWhat;
use crate::tui::notices::Weight;
use crate::tui::step::{Step, Way, moved};
use crate::tui::view::View;
use crate::tui::{field, measure as text};
use crate::words::{Word, word};

/// Candidates offered for a blank: as many as Alt and a digit can name.
const CANDIDATES: usize = 9;

/// The form's state.
#[derive(Debug)]
pub struct SlotForm {
    /// What is to be copied; the values are added to its own.
    pub compose: Compose,
    /// Its name.
    pub title: String,
    template: Template,
    /// The blanks.
    pub slots: Vec<Blank>,
    /// The blank that is typed in.
    pub at: usize,
    /// The candidate of that blank that Enter takes; `None` = what is typed holds.
    pub chosen: Option<usize>,
}

/// A blank.
#[derive(Debug)]
pub struct Blank {
    /// Its name.
    pub name: String,
    /// What is typed.
    pub input: Input,
    /// Values to choose from.
    pub candidates: Vec<Candidate>,
}

/// A value that can be taken instead of typing it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The value.
    pub value: String,
    /// Where it is from.
    pub from: From,
}

/// Where a candidate is from: what another customer wrote must be told from what this one did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum From {
    /// The ticket or message at hand.
    AtHand,
    /// What the agent filled in before.
    Remembered,
    /// Other tickets' copies of the reply.
    Elsewhere,
}

impl From {
    fn word(self) -> Word {
        match self {
            Self::AtHand => Word::FromThisTicket,
            Self::Remembered => Word::Remembered,
            Self::Elsewhere => Word::SeenElsewhere,
        }
    }
}

impl SlotForm {
    /// A form for the blanks of a text.
    pub fn new(
        compose: Compose,
        title: String,
        text: &str,
        slots: Vec<SlotRow>,
        memory: &Memory,
    ) -> Self {
        let names: Vec<String> = slots.iter().map(|slot| slot.name.clone()).collect();
        let template = Template::parse(text, &names);
        let blank = |slot: SlotRow| {
            let given = compose.values.get(&slot.name).cloned().unwrap_or_default();
            Blank {
                input: Input::new(given),
                candidates: candidates(&slot, memory),
                name: slot.name,
            }
        };
        let slots = slots.into_iter().map(blank).collect();
        let mut form = Self {
            compose,
            title,
            template,
            slots,
            at: 0,
            chosen: None,
        };
        form.at = form.first_empty().unwrap_or(0);
        form
    }

    /// Gives the keys to another blank.
    fn go_to(&mut self, at: usize) {
        self.at = at;
        self.chosen = None;
    }

    /// Puts a candidate into the blank that is typed in, and goes to the next empty one; says
    /// whether there was such a candidate.
    fn take_value(&mut self, candidate: usize) -> bool {
        let Some(blank) = self.slots.get_mut(self.at) else {
            return false;
        };
        let Some(candidate) = blank.candidates.get(candidate) else {
            return false;
        };
        blank.input = Input::new(clean(&candidate.value));
        self.go_to(self.first_empty().unwrap_or(self.at));
        true
    }

    /// Moves a row down or up through the blanks and the candidates below the one typed in.
    fn move_by(&mut self, way: Way) {
        let blank = self.slots.get(self.at);
        let candidates = blank.map_or(0, |blank| blank.candidates.len());
        // 0 = the blank itself.
        let row = self.chosen.map_or(0, |at| at + 1);
        match way {
            Way::Rows(rows) if rows > 0 && row < candidates => self.chosen = Some(row),
            Way::Rows(rows) if rows < 0 && row > 0 => self.chosen = (row - 1).checked_sub(1),
            way => {
                let count = self.slots.len().max(1);
                self.go_to(moved(self.at, way, count, count));
            }
        }
    }

    fn confirm(&mut self, view: &View<'_>) -> Outcome {
        let Some(empty) = self.first_empty() else {
            let mut compose = self.compose.clone();
            compose.values.extend(self.values());
            return Outcome::submit(Work::Copy(CopyWhat::from(compose)));
        };
        // From the last blank that was filled on, it is the way to the next, not a fault.
        let here = self.slots.get(self.at);
        let stuck = here.is_some_and(|blank| blank.input.value().trim().is_empty());
        self.go_to(empty);
        if stuck {
            return Outcome::stay().say(view.look.lang, Weight::Warn, Word::SlotLeft);
        }
        Outcome::stay()
    }

    /// The candidate under a place of the screen.
    fn candidate_at(&self, look: &Look, screen: Rect, place: Position) -> Option<usize> {
        let inner = frame::inside(area(look, self, screen));
        let places = Places::of(look, self, inner);
        let line = place.y.checked_sub(places.first_candidate(self))?;
        let offered = places.offered.get(usize::from(line))?;
        let column = usize::from(place.x.checked_sub(inner.x)?);
        let hit = |(columns, _): &&(Range<usize>, usize)| columns.contains(&column);
        offered.columns.iter().find(hit).map(|(_, at)| *at)
    }

    /// The first blank without a value.
    fn first_empty(&self) -> Option<usize> {
        self.slots
            .iter()
            .position(|blank| blank.input.value().trim().is_empty())
    }

    /// The values, by name.
    fn values(&self) -> BTreeMap<String, String> {
        let value = |blank: &Blank| blank.input.value().trim().to_owned();
        self.slots
            .iter()
            .map(|blank| (blank.name.clone(), value(blank)))
            .collect()
    }

    /// The text as it stands: filled where there is a value; says which pieces are blanks, and
    /// whether they are filled.
    fn preview(&self) -> Vec<(String, Option<bool>)> {
        let values = self.values();
        let piece = |piece: &Piece| match piece {
            Piece::Text(text) => (text.clone(), None),
            Piece::Slot(name) => match values.get(name).filter(|value| !value.is_empty()) {
                Some(value) => (value.clone(), Some(true)),
                None => (format!("【{name}】"), Some(false)),
            },
        };
        self.template.pieces.iter().map(piece).collect()
    }
}

/// Of the ticket at hand first, then what was filled in before, then seen elsewhere.
fn candidates(slot: &SlotRow, memory: &Memory) -> Vec<Candidate> {
    let offered = slot.offered();
    let (own, seen) = offered.split_at(slot.own.min(offered.len()));
    let remembered = memory.values(&slot.name);
    let all = own
        .iter()
        .map(|value| (value, From::AtHand))
        .chain(remembered.iter().map(|value| (value, From::Remembered)))
        .chain(seen.iter().map(|value| (value, From::Elsewhere)));
    let mut out: Vec<Candidate> = Vec::new();
    for (value, from) in all {
        if out.len() < CANDIDATES && !out.iter().any(|known| known.value == *value) {
            let value = value.clone();
            out.push(Candidate { value, from });
        }
    }
    out
}

/// A text with its blanks as people read them.
pub fn in_words(text: &str) -> String {
    let pieces = Template::parse(text, &[]).pieces.into_iter();
    let piece = |piece| match piece {
        Piece::Text(text) => text,
        Piece::Slot(name) => format!("【{name}】"),
    };
    pieces.map(piece).collect()
}

/// Where the parts of the form stand.
struct Places {
    inner: Rect,
    /// Columns of the blanks' names.
    label: u16,
    /// The blanks that are seen.
    seen: Range<usize>,
    /// The candidates of the blank that is typed in, below it.
    offered: Vec<Offered>,
}

impl Places {
    fn of(look: &Look, form: &SlotForm, inner: Rect) -> Self {
        let widest = form.slots.iter().map(|blank| text::width(&blank.name) + 3);
        let label = u16::try_from(widest.max().unwrap_or(0).min(24)).unwrap_or(24);
        // One row a blank, and below the one typed in its candidates.
        let room = usize::from(inner.height).saturating_sub(1).max(1);
        let mut offered = form
            .slots
            .get(form.at)
            .map_or_else(Vec::new, |blank| offered_lines(look, blank, form.chosen));
        offered.truncate(room / 2);
        let rows = (room - offered.len()).min(form.slots.len());
        Self {
            label: label.min(inner.width / 2),
            seen: frame::window(form.slots.len(), form.at, rows),
            offered,
            inner,
        }
    }

    /// The row of the first candidate.
    fn first_candidate(&self, form: &SlotForm) -> u16 {
        let above = (form.at + 1).saturating_sub(self.seen.start);
        self.inner.y + u16::try_from(above).unwrap_or(u16::MAX)
    }
}

/// Where the form stands: as large as its blanks, their values and the text.
fn area(look: &Look, form: &SlotForm, screen: Rect) -> Rect {
    let width = frame::inner_columns(screen, 90);
    let text: String = form.preview().into_iter().map(|(piece, _)| piece).collect();
    let offered = form.slots.iter();
    let offered = offered.map(|blank| offered_lines(look, blank, None).len());
    let lines = form.slots.len() + offered.max().unwrap_or(0) + 1;
    let lines = lines + frame::lines_of(look, &text, width);
    frame::middle(screen, 90, frame::rows_for(lines, 30))
}

impl Overlay for SlotForm {
    fn context(&self) -> Context {
        Context::Field
    }

    fn footer(&self) -> Vec<Hint> {
        let confirm = match (self.chosen, self.first_empty()) {
            (Some(_), _) => Word::DoTakeValue,
            (None, Some(_)) => Word::DoNextBlank,
            (None, None) => Word::DoCopy,
        };
        let blank = self.slots.get(self.at);
        let offers = blank.is_some_and(|blank| !blank.candidates.is_empty());
        let values = offers.then(|| Hint::new(Action::MoveDown, Word::DoTakeValue));
        let rest = [
            Hint::new(Action::NextField, Word::DoNextBlank),
            Action::Cancel.into(),
        ];
        let first = Hint::new(Action::Confirm, confirm);
        std::iter::once(first).chain(values).chain(rest).collect()
    }

    fn field(&mut self) -> Option<&mut Input> {
        let blank = self.slots.get_mut(self.at);
        blank.map(|blank| &mut blank.input)
    }

    fn typed(&mut self) {
        self.chosen = None;
    }

    /// Enter takes the candidate chosen, else goes to the first empty blank, and copies when there is
    /// none.
    fn step(&mut self, step: Step, view: &View<'_>) -> Outcome {
        let count = self.slots.len().max(1);
        match step {
            Step::Next => self.go_to((self.at + 1) % count),
            Step::Previous => self.go_to((self.at + count - 1) % count),
            Step::Move(way) => self.move_by(way),
            Step::Confirm if self.chosen.is_some_and(|chosen| self.take_value(chosen)) => {}
            Step::Confirm => return self.confirm(view),
            Step::Cancel | Step::Toggle | Step::Create | Step::Delete(_) | Step::Reply(_) => {}
        }
        Outcome::stay()
    }

    /// Alt and a digit take a candidate. Some terminals keep that for their tabs: Down and Enter do
    /// the same.
    fn unbound(&mut self, key: KeyEvent, _view: &View<'_>) -> Outcome {
        if key.modifiers != KeyModifiers::ALT {
            return edit(self, key);
        }
        let digit = KeyEvent::new(key.code, KeyModifiers::NONE);
        if let Some(at) = row_of(digit) {
            self.take_value(at);
        }
        Outcome::stay()
    }

    /// A click on a candidate takes it.
    fn click(&mut self, place: Position, view: &View<'_>) -> Outcome {
        if let Some(at) = self.candidate_at(view.look, view.screen, place) {
            self.take_value(at);
        }
        Outcome::stay()
    }

    fn render(&self, view: &View<'_>, screen: Rect, buffer: &mut Buffer) -> Option<(u16, u16)> {
        let look = view.look;
        let title = format!("{}  {}", word(look.lang, Word::SlotsTitle), self.title);
        let inner = frame::open(look, area(look, self, screen), &title, buffer);
        if inner.is_empty() {
            return None;
        }
        let places = Places::of(look, self, inner);
        let mut cursor = None;
        let mut y = 0;
        for at in places.seen.clone() {
            let Some(blank) = self.slots.get(at) else {
                break;
            };
            let here = at == self.at;
            let shown = draw_blank(look, blank, here, (inner, y, places.label), buffer);
            y += 1;
            if here {
                cursor = shown;
                for offered in &places.offered {
                    let spans = offered.spans.clone();
                    let line = cut_spans(spans, inner.width.into(), &look.glyphs).0;
                    put(buffer, inner, y, &Line::from(line));
                    y += 1;
                }
            }
        }
        preview(look, self, frame::below(inner, y), buffer);
        cursor
    }
}

fn draw_blank(
    look: &Look,
    blank: &Blank,
    here: bool,
    (inner, y, label): (Rect, u16, u16),
    buffer: &mut Buffer,
) -> Option<(u16, u16)> {
    let theme = &look.theme;
    let room = usize::from(label).saturating_sub(2);
    let name = cut(&clean(&blank.name), room, &look.glyphs);
    let style = if here { theme.key } else { theme.dim };
    let line = Line::from(Span::styled(format!(" {name}"), style));
    put(buffer, inner, y, &line);
    let row = Rect {
        x: inner.x + label,
        y: inner.y + y,
        width: inner.width - label,
        height: 1,
    };
    let shown = field::render(&blank.input, row, theme.text, buffer);
    here.then_some(shown.cursor)
}

/// A line of candidates.
struct Offered {
    spans: Vec<Span<'static>>,
    /// The columns of each candidate, and which it is.
    columns: Vec<(Range<usize>, usize)>,
}

/// The candidates of a blank, a line for each place they are from.
fn offered_lines(look: &Look, blank: &Blank, chosen: Option<usize>) -> Vec<Offered> {
    let theme = &look.theme;
    let mut lines = Vec::new();
    for from in [From::AtHand, From::Remembered, From::Elsewhere] {
        let numbered = blank.candidates.iter().enumerate();
        let here: Vec<_> = numbered.filter(|(_, one)| one.from == from).collect();
        if here.is_empty() {
            continue;
        }
        let label = format!("  {} ", word(look.lang, from.word()));
        let style = match from {
            From::AtHand => theme.text,
            From::Remembered | From::Elsewhere => theme.warn,
        };
        let mut column = text::width(&label);
        let mut spans = vec![Span::styled(label, theme.dim)];
        let mut columns = Vec::new();
        for (at, candidate) in here {
            let number = format!(" {} ", at + 1);
            let value = cut(&clean(&candidate.value), 40, &look.glyphs);
            let end = column + text::width(&number) + text::width(&value);
            columns.push((column..end, at));
            column = end;
            let (key, style) = if chosen == Some(at) {
                (theme.selected, theme.selected)
            } else {
                (theme.dim, style)
            };
            spans.push(Span::styled(number, key));
            spans.push(Span::styled(value, style));
        }
        lines.push(Offered { spans, columns });
    }
    lines
}

fn preview(look: &Look, form: &SlotForm, area: Rect, buffer: &mut Buffer) {
    if area.height < 2 {
        return;
    }
    frame::rule(look, area, buffer);
    let theme = &look.theme;
    let area = frame::below(area, 1);
    let inset = Rect {
        x: area.x + 1,
        width: area.width.saturating_sub(2),
        ..area
    };
    let style = |blank: Option<bool>| match blank {
        None => theme.text,
        Some(true) => theme.good,
        Some(false) => theme.warn,
    };
    let pieces: Vec<(String, Style)> = form
        .preview()
        .into_iter()
        .map(|(text, blank)| (text, style(blank)))
        .collect();
    let mut flow = Flow::new(inset.width.into(), look.glyphs);
    flow.pieces(&pieces);
    for (line, y) in flow.lines.iter().zip(0..inset.height) {
        put(buffer, inset, y, line);
    }
}
