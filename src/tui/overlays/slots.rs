//! The blanks of a reply on one form, with the text as it will be copied below.

use std::collections::BTreeMap;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use tui_input::Input;

use super::frame;
use crate::desk::api::{DraftOf, SlotRow};
use crate::tui::app::App;
use crate::tui::field;
use crate::tui::flow::Flow;
use crate::tui::line::{clean, cut, put};
use crate::tui::measure as text;
use crate::words::{Word, word};

/// Candidates offered for a blank: a digit takes one.
const CANDIDATES: usize = 9;

/// The form's state.
#[derive(Debug)]
pub struct SlotForm {
    /// The reply.
    pub of: DraftOf,
    /// Its name.
    pub title: String,
    /// Its text with its blanks.
    pub template: String,
    /// The blanks, each with what is typed.
    pub slots: Vec<(SlotRow, Input)>,
    /// The blank that is typed in.
    pub at: usize,
}

impl SlotForm {
    /// A form for a reply with its blanks.
    pub fn new(of: DraftOf, title: String, template: String, slots: Vec<SlotRow>) -> Self {
        let slots = slots
            .into_iter()
            .map(|slot| (slot, Input::default()))
            .collect();
        Self {
            of,
            title,
            template,
            slots,
            at: 0,
        }
    }

    /// The blank that is typed in.
    pub fn input(&mut self) -> Option<&mut Input> {
        self.slots.get_mut(self.at).map(|(_, input)| input)
    }

    /// Takes a candidate of the blank that is typed in, while nothing is typed there, and goes
    /// to the next empty one; says whether there was such a candidate.
    pub fn take(&mut self, digit: usize) -> bool {
        let Some((slot, input)) = self.slots.get_mut(self.at) else {
            return false;
        };
        let mut candidates = slot.values.iter().take(CANDIDATES);
        let value = digit
            .checked_sub(1)
            .and_then(|at| candidates.nth(at).cloned());
        let Some(value) = value.filter(|_| input.value().is_empty()) else {
            return false;
        };
        *input = Input::new(clean(&value));
        if let Some(empty) = self.first_empty() {
            self.at = empty;
        }
        true
    }

    /// The first blank without a value.
    pub fn first_empty(&self) -> Option<usize> {
        self.slots
            .iter()
            .position(|(_, input)| input.value().trim().is_empty())
    }

    /// The values, by name.
    pub fn values(&self) -> BTreeMap<String, String> {
        self.slots
            .iter()
            .map(|(slot, input)| (slot.name.clone(), input.value().trim().to_owned()))
            .collect()
    }

    /// The text as it stands: filled where there is a value.
    pub fn preview(&self) -> String {
        let mut shown = self.template.clone();
        for (slot, input) in &self.slots {
            let value = input.value().trim();
            if !value.is_empty() {
                shown = shown.replace(&format!("{{{{{}}}}}", slot.name), value);
            }
        }
        in_words(&shown)
    }
}

/// A text with its blanks as people read them.
pub fn in_words(text: &str) -> String {
    text.replace("{{", "【").replace("}}", "】")
}

/// Draws the form.
pub fn render(app: &App, form: &SlotForm, screen: Rect, buffer: &mut Buffer) -> Option<(u16, u16)> {
    let look = &app.look;
    let theme = &look.theme;
    let title = format!("{}  {}", word(look.lang, Word::SlotsTitle), form.title);
    let inner = frame::open(app, frame::middle(screen, 90, 30), &title, buffer);
    if inner.is_empty() {
        return None;
    }
    let label_width = form
        .slots
        .iter()
        .map(|(slot, _)| text::width(&slot.name) + 3)
        .max()
        .unwrap_or(0)
        .min(24);
    let mut cursor = None;
    let mut y = 0;
    for (at, (slot, input)) in form.slots.iter().enumerate() {
        let name = cut(
            &clean(&slot.name),
            label_width.saturating_sub(3),
            &look.glyphs,
        );
        let style = if at == form.at { theme.key } else { theme.dim };
        put(
            buffer,
            inner,
            y,
            &Line::from(Span::styled(format!(" {name}"), style)),
        );
        let columns = u16::try_from(label_width).unwrap_or(0).min(inner.width);
        let row = Rect {
            x: inner.x + columns,
            y: inner.y + y,
            width: inner.width - columns,
            height: 1,
        };
        if y < inner.height {
            let shown = field::render(input, row, theme.text, buffer);
            if at == form.at {
                cursor = Some(shown.cursor);
            }
        }
        y += 1;
        if at == form.at && y < inner.height && !slot.values.is_empty() {
            let line = candidates(app, slot, usize::from(row.width));
            put(
                buffer,
                Rect {
                    y: inner.y,
                    height: inner.height,
                    ..row
                },
                y,
                &line,
            );
            y += 1;
        }
    }
    preview(app, form, frame::below(inner, y), buffer);
    cursor
}

fn candidates(app: &App, slot: &SlotRow, width: usize) -> Line<'static> {
    let theme = &app.look.theme;
    let mut spans = Vec::new();
    for (value, at) in slot.values.iter().take(CANDIDATES).zip(1..) {
        spans.push(Span::styled(format!("{at} "), theme.key));
        let value = cut(&clean(value), 30, &app.look.glyphs);
        spans.push(Span::styled(format!("{value}  "), theme.dim));
    }
    Line::from(crate::tui::line::cut_spans(spans, width, &app.look.glyphs).0)
}

fn preview(app: &App, form: &SlotForm, area: Rect, buffer: &mut Buffer) {
    if area.height < 2 {
        return;
    }
    frame::rule(app, area, buffer);
    let area = frame::below(area, 1);
    let mut flow = Flow::new(usize::from(area.width).saturating_sub(2), app.look.glyphs);
    flow.labelled(
        "",
        app.look.theme.text,
        1,
        &form.preview(),
        app.look.theme.text,
    );
    for (line, y) in flow.lines.iter().zip(0..area.height) {
        put(buffer, area, y, line);
    }
}
