//! The blanks of a reply on one form, with the text as it will be copied below.

use std::collections::BTreeMap;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use tui_input::Input;

use super::frame;
use crate::desk::api::{Compose, SlotRow};
use crate::text::template::{Piece, Template};
use crate::tui::app::App;
use crate::tui::field;
use crate::tui::flow::Flow;
use crate::tui::line::{clean, cut, cut_spans, put};
use crate::tui::measure as text;
use crate::tui::memory::Memory;
use crate::words::{Word, word};

/// Candidates offered for a blank: a digit takes one.
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

/// A value that a digit takes.
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
        };
        form.at = form.first_empty().unwrap_or(0);
        form
    }

    /// The blank that is typed in.
    pub fn input(&mut self) -> Option<&mut Input> {
        self.slots.get_mut(self.at).map(|blank| &mut blank.input)
    }

    /// Takes a candidate of the blank that is typed in, while nothing is typed there, and goes
    /// to the next empty one; says whether there was such a candidate.
    pub fn take(&mut self, digit: usize) -> bool {
        let Some(blank) = self.slots.get_mut(self.at) else {
            return false;
        };
        let candidate = digit.checked_sub(1).and_then(|at| blank.candidates.get(at));
        let Some(candidate) = candidate.filter(|_| blank.input.value().is_empty()) else {
            return false;
        };
        blank.input = Input::new(clean(&candidate.value));
        if let Some(empty) = self.first_empty() {
            self.at = empty;
        }
        true
    }

    /// The first blank without a value.
    pub fn first_empty(&self) -> Option<usize> {
        self.slots
            .iter()
            .position(|blank| blank.input.value().trim().is_empty())
    }

    /// The values, by name.
    pub fn values(&self) -> BTreeMap<String, String> {
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

/// Draws the form.
pub fn render(app: &App, form: &SlotForm, screen: Rect, buffer: &mut Buffer) -> Option<(u16, u16)> {
    let look = &app.look;
    let title = format!("{}  {}", word(look.lang, Word::SlotsTitle), form.title);
    let inner = frame::open(app, frame::middle(screen, 90, 30), &title, buffer);
    if inner.is_empty() {
        return None;
    }
    let widest = form.slots.iter().map(|blank| text::width(&blank.name) + 3);
    let label = u16::try_from(widest.max().unwrap_or(0).min(24)).unwrap_or(24);
    let label = label.min(inner.width / 2);
    // One row a blank, and below the one typed in its candidates.
    let room = usize::from(inner.height).saturating_sub(1).max(1);
    let offered = form
        .slots
        .get(form.at)
        .map_or_else(Vec::new, |blank| offered(app, blank, inner.width.into()));
    let offered: Vec<Line<'static>> = offered.into_iter().take(room / 2).collect();
    let rows = (room - offered.len()).min(form.slots.len());
    let mut cursor = None;
    let mut y = 0;
    for at in frame::window(form.slots.len(), form.at, rows) {
        let Some(blank) = form.slots.get(at) else {
            break;
        };
        let here = at == form.at;
        let shown = draw_blank(app, blank, here, (inner, y, label), buffer);
        y += 1;
        if here {
            cursor = shown;
            for line in &offered {
                put(buffer, inner, y, line);
                y += 1;
            }
        }
    }
    preview(app, form, frame::below(inner, y), buffer);
    cursor
}

fn draw_blank(
    app: &App,
    blank: &Blank,
    here: bool,
    (inner, y, label): (Rect, u16, u16),
    buffer: &mut Buffer,
) -> Option<(u16, u16)> {
    let theme = &app.look.theme;
    let room = usize::from(label).saturating_sub(2);
    let name = cut(&clean(&blank.name), room, &app.look.glyphs);
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

/// The candidates of a blank, a line for each place they are from.
fn offered(app: &App, blank: &Blank, width: usize) -> Vec<Line<'static>> {
    let look = &app.look;
    let theme = &look.theme;
    let mut lines = Vec::new();
    for from in [From::AtHand, From::Remembered, From::Elsewhere] {
        let numbered = blank.candidates.iter().zip(1..);
        let here: Vec<_> = numbered.filter(|(one, _)| one.from == from).collect();
        if here.is_empty() {
            continue;
        }
        let label = word(look.lang, from.word());
        let mut spans = vec![Span::styled(format!("  {label} "), theme.dim)];
        let style = match from {
            From::AtHand => theme.text,
            From::Remembered | From::Elsewhere => theme.warn,
        };
        for (candidate, at) in here {
            spans.push(Span::styled(format!(" {at} "), theme.key));
            let value = cut(&clean(&candidate.value), 40, &look.glyphs);
            spans.push(Span::styled(value, style));
        }
        lines.push(Line::from(cut_spans(spans, width, &look.glyphs).0));
    }
    lines
}

fn preview(app: &App, form: &SlotForm, area: Rect, buffer: &mut Buffer) {
    if area.height < 2 {
        return;
    }
    frame::rule(app, area, buffer);
    let theme = &app.look.theme;
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
    let mut flow = Flow::new(inset.width.into(), app.look.glyphs);
    flow.pieces(&pieces);
    for (line, y) in flow.lines.iter().zip(0..inset.height) {
        put(buffer, inset, y, line);
    }
}
