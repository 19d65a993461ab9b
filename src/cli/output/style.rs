//! A line of styled pieces, written with colours or without.

use std::fmt::Write as _;

use crate::text::sanitize;
use crate::text::width::{fitting, width};

/// What a piece of a line is, not how it looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Ordinary text.
    Plain,
    /// A title or a heading.
    Strong,
    /// Something beside the matter: ids, counts, times.
    Faint,
    /// What a query matched.
    Match,
    /// Something a person should look at.
    Warn,
}

impl Style {
    /// The escape sequence that begins it; empty for ordinary text.
    fn code(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Strong => "\u{1b}[1m",
            Self::Faint => "\u{1b}[2m",
            Self::Match => "\u{1b}[1;31m",
            Self::Warn => "\u{1b}[33m",
        }
    }
}

/// Whether escape sequences may be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colour {
    /// A terminal that shows colours, and nobody said no.
    On,
    /// Anything else.
    Off,
}

/// One line of output.
///
/// Text is sanitised when it enters, so that no ticket can send the terminal an escape sequence;
/// the only sequences are those of [`Style`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Line {
    pieces: Vec<(Style, String)>,
}

impl Line {
    /// A line of ordinary text.
    pub fn plain(text: impl AsRef<str>) -> Self {
        Self::default().with(Style::Plain, text)
    }

    /// A line of one style.
    pub fn styled(style: Style, text: impl AsRef<str>) -> Self {
        Self::default().with(style, text)
    }

    /// Adds a piece; line feeds and tabs in it become spaces.
    #[must_use]
    pub fn with(mut self, style: Style, text: impl AsRef<str>) -> Self {
        let text = sanitize::clean(text.as_ref()).replace(['\n', '\t'], " ");
        if !text.is_empty() {
            self.pieces.push((style, text));
        }
        self
    }

    /// Adds ordinary text.
    #[must_use]
    pub fn and(self, text: impl AsRef<str>) -> Self {
        self.with(Style::Plain, text)
    }

    /// Adds text with what a query matched in it marked; ranges count characters.
    #[must_use]
    pub fn marked(mut self, base: Style, text: &str, ranges: &[(usize, usize)]) -> Self {
        let mut piece = String::new();
        let mut inside = false;
        for (at, c) in text.chars().enumerate() {
            let hit = ranges.iter().any(|(from, to)| (*from..*to).contains(&at));
            if hit != inside {
                let style = if inside { Style::Match } else { base };
                self = self.with(style, &piece);
                piece.clear();
                inside = hit;
            }
            piece.push(c);
        }
        self.with(if inside { Style::Match } else { base }, &piece)
    }

    /// Adds another line's pieces.
    #[must_use]
    pub fn join(mut self, other: Self) -> Self {
        self.pieces.extend(other.pieces);
        self
    }

    /// Width in columns.
    pub fn width(&self) -> usize {
        self.pieces.iter().map(|(_, text)| width(text)).sum()
    }

    /// The line cut to a width in columns, `…` where something was cut off.
    #[must_use]
    pub fn cut(self, columns: usize) -> Self {
        if self.width() <= columns {
            return self;
        }
        let mut room = columns.saturating_sub(1);
        let mut cut = Self::default();
        for (style, text) in self.pieces {
            let kept = fitting(&text, room);
            if kept.len() < text.len() {
                return cut.with(style, kept).with(style, "…");
            }
            room -= width(kept);
            cut = cut.with(style, kept);
        }
        cut
    }

    /// The line as it is written, without a line feed.
    pub fn render(&self, colour: Colour) -> String {
        let mut out = String::new();
        for (style, text) in &self.pieces {
            let code = style.code();
            match colour {
                Colour::On if !code.is_empty() => {
                    let _ = write!(out, "{code}{text}\u{1b}[0m");
                }
                Colour::On | Colour::Off => out.push_str(text),
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matches_are_marked_by_characters_not_bytes() {
        let line = Line::default().marked(Style::Plain, "更换证书一直处理中", &[(2, 4)]);
        assert_eq!(
            line.render(Colour::On),
            "更换\u{1b}[1;31m证书\u{1b}[0m一直处理中"
        );
        assert_eq!(line.render(Colour::Off), "更换证书一直处理中");
    }

    #[test]
    fn a_cut_line_never_exceeds_its_width() {
        for columns in 1..20 {
            let line = Line::plain("证书a书").join(Line::styled(Style::Faint, " 对象存储"));
            assert!(line.cut(columns).width() <= columns, "{columns}");
        }
    }

    #[test]
    fn an_escape_sequence_in_a_title_is_not_written() {
        let line = Line::plain("标题\u{1b}]52;c;aGk=\u{7}\n第二行");
        let text = line.render(Colour::Off);
        assert!(!text.contains(['\u{1b}', '\u{7}', '\n']), "{text:?}");
    }
}
