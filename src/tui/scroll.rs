//! Where the part of a text that is seen stands in the whole: a bar beside it and a percentage.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::line::put;
use super::look::Look;
use super::measure as text;

/// The lines seen, out of all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// The first line seen.
    pub top: usize,
    /// Lines seen at once.
    pub height: usize,
    /// All lines.
    pub lines: usize,
}

impl Part {
    /// Whether there is more than is seen.
    fn scrolls(self) -> bool {
        self.height > 0 && self.lines > self.height
    }

    /// How far the text has been scrolled; `None` = all of it is seen.
    pub fn percent(self) -> Option<usize> {
        let below = self.lines.saturating_sub(self.height);
        self.scrolls().then(|| (self.top * 100 / below).min(100))
    }

    /// The same in words.
    pub fn position(self) -> Option<String> {
        self.percent().map(|percent| format!("{percent} %"))
    }

    /// The rows of the bar, from the top of the part seen.
    fn thumb(self) -> std::ops::Range<usize> {
        let length = (self.height * self.height / self.lines.max(1)).max(1);
        let room = self.height.saturating_sub(length);
        let below = self.lines.saturating_sub(self.height).max(1);
        // At the end only when the end is seen, and at the beginning likewise.
        let begin = match self.top.min(below) {
            0 => 0,
            top if top == below => room,
            top => (room * top / below).clamp(1.min(room), room.saturating_sub(1).max(1.min(room))),
        };
        begin..begin + length
    }
}

/// Draws the bar in the last column of an area.
pub fn bar(look: &Look, area: Rect, part: Part, buffer: &mut Buffer) {
    if !part.scrolls() || area.is_empty() {
        return;
    }
    let thumb = Line::from(Span::styled(look.glyphs.thumb, look.theme.dim));
    for row in part.thumb() {
        let y = area.y + u16::try_from(row).unwrap_or(u16::MAX);
        if y < area.bottom() {
            put(buffer, Rect::new(area.right() - 1, y, 1, 1), 0, &thumb);
        }
    }
}

/// Draws the bar on the right border of a box, and the position on its lower one.
pub fn on_box(look: &Look, boxed: Rect, part: Part, buffer: &mut Buffer) {
    let Some(position) = part.position().filter(|_| boxed.height > 2) else {
        return;
    };
    let beside = Rect {
        y: boxed.bottom()
            - 1
            - u16::try_from(part.height)
                .unwrap_or(0)
                .min(boxed.height - 2),
        height: u16::try_from(part.height).unwrap_or(0),
        ..boxed
    };
    bar(look, beside, part, buffer);
    let words = format!(" {position} ");
    let width = u16::try_from(text::width(&words)).unwrap_or(0);
    if width + 4 <= boxed.width {
        let place = Rect::new(boxed.right() - width - 2, boxed.bottom() - 1, width, 1);
        let words = Line::from(Span::styled(words, look.theme.dim));
        put(buffer, place, 0, &words);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_touches_an_end_only_where_that_end_is_seen() {
        for (height, lines) in [(10, 11), (10, 40), (5, 5_000), (1, 9), (2, 3), (3, 4)] {
            for top in 0..=lines - height {
                let part = Part { top, height, lines };
                let thumb = part.thumb();
                assert!(thumb.end <= height, "{part:?} {thumb:?}");
                if height > 2 && lines > height + 1 {
                    let length = thumb.len();
                    assert_eq!(thumb.start == 0, top == 0 || length == height, "{part:?}");
                    let last = top == lines - height;
                    assert!(!last || thumb.end == height, "{part:?} {thumb:?}");
                }
            }
        }
    }

    #[test]
    fn a_text_that_is_seen_whole_has_no_position() {
        let part = |top, lines| Part {
            top,
            height: 10,
            lines,
        };
        assert_eq!(part(0, 10).position(), None);
        assert_eq!(part(0, 30).position().unwrap(), "0 %");
        assert_eq!(part(10, 30).position().unwrap(), "50 %");
        assert_eq!(part(21, 30).position().unwrap(), "100 %");
    }
}
