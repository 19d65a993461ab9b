//! Lines of styled text, cleaned and measured: the only way text of the store gets to the screen.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_segmentation::UnicodeSegmentation;

use super::theme::Glyphs;
use crate::tui::measure as text;

/// Cleans a text for one line of the screen: no controls, no bidi, line ends become spaces.
pub fn clean(text: &str) -> String {
    let clean = text::simple_emoji(text::sanitize(text));
    if clean.contains(['\n', '\t']) {
        clean.replace(['\n', '\t'], " ")
    } else {
        clean.into_owned()
    }
}

/// A span of cleaned text.
pub fn span(text: &str, style: Style) -> Span<'static> {
    Span::styled(clean(text), style)
}

/// Cuts a clean text to a width in columns, with a mark where something was cut off.
pub fn cut(text: &str, width: usize, glyphs: &Glyphs) -> String {
    if text::width(text) <= width {
        return text.to_owned();
    }
    let room = width.saturating_sub(text::width(glyphs.cut));
    let mut out = String::new();
    let mut used = 0;
    for grapheme in text.graphemes(true) {
        let columns = text::width(grapheme);
        if used + columns > room {
            break;
        }
        used += columns;
        out.push_str(grapheme);
    }
    if width > 0 {
        out.push_str(glyphs.cut);
    }
    out
}

/// Cuts spans to a width in columns, and says how many columns they fill.
pub fn cut_spans(
    spans: Vec<Span<'static>>,
    width: usize,
    glyphs: &Glyphs,
) -> (Vec<Span<'static>>, usize) {
    let mut used = 0;
    let mut out = Vec::with_capacity(spans.len());
    let all: usize = spans.iter().map(|span| text::width(&span.content)).sum();
    for span in spans {
        let columns = text::width(&span.content);
        let left = width - used;
        let fits = all <= width || used + columns < width;
        if fits {
            used += columns;
            out.push(span);
            continue;
        }
        let content = if columns <= left {
            // Exactly full, yet more follows: its end gives way to the mark.
            cut(&format!("{} ", span.content), left, glyphs)
        } else {
            cut(&span.content, left, glyphs)
        };
        used += text::width(&content);
        out.push(Span::styled(content, span.style));
        break;
    }
    (out, used)
}

/// Splits a text at its highlights, which are given in characters.
pub fn highlighted(
    text: &str,
    highlights: &[(usize, usize)],
    plain: Style,
    hit: Style,
) -> Vec<Span<'static>> {
    let mut spans = Vec::new();
    let mut run = String::new();
    let mut inside = false;
    for (at, c) in text.chars().enumerate() {
        let now = highlights
            .iter()
            .any(|(from, to)| (*from..*to).contains(&at));
        if now != inside && !run.is_empty() {
            spans.push(span(&run, if inside { hit } else { plain }));
            run.clear();
        }
        inside = now;
        run.push(c);
    }
    if !run.is_empty() {
        spans.push(span(&run, if inside { hit } else { plain }));
    }
    spans
}

/// What the highlights of a text cover, in characters.
pub fn covered(text: &str, highlights: &[(usize, usize)]) -> Vec<String> {
    highlights
        .iter()
        .map(|(from, to)| {
            text.chars()
                .skip(*from)
                .take(to.saturating_sub(*from))
                .collect::<String>()
        })
        .filter(|term| !term.trim().is_empty())
        .collect()
}

/// Puts a line on the screen, filling its row with the line's style.
///
/// Nothing is put after a character that does not fit: a narrow one of the next span might.
pub fn put(buffer: &mut Buffer, area: Rect, row: u16, line: &Line<'_>) {
    if row >= area.height {
        return;
    }
    let y = area.y + row;
    buffer.set_style(Rect::new(area.x, y, area.width, 1), line.style);
    let mut x = area.x;
    for span in &line.spans {
        let room = area.right().saturating_sub(x);
        if span.content.is_empty() {
            continue;
        }
        let style = line.style.patch(span.style);
        (x, _) = buffer.set_stringn(x, y, &span.content, room.into(), style);
        if text::width(&span.content) > usize::from(room) {
            return;
        }
    }
}

/// Pads a text to a width in columns.
pub fn pad(text: &str, width: usize) -> String {
    let mut out = text.to_owned();
    out.extend(std::iter::repeat_n(
        ' ',
        width.saturating_sub(text::width(text)),
    ));
    out
}

/// A text as terminals that draw ambiguous characters two columns wide can show it.
pub fn safe<'a>(text: &'a str, glyphs: &Glyphs) -> Cow<'a, str> {
    if glyphs.ambiguous_wide {
        text::narrow_substitutes(text)
    } else {
        Cow::Borrowed(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_put_after_a_character_that_does_not_fit() {
        let area = Rect::new(0, 0, 4, 1);
        let mut buffer = Buffer::empty(area);
        let line = Line::from(vec![Span::raw(" 大小"), Span::raw("226")]);
        put(&mut buffer, area, 0, &line);
        assert_eq!(buffer[(1, 0)].symbol(), "大");
        assert_eq!(buffer[(3, 0)].symbol(), " ");
    }
}
