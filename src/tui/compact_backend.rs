//! A backend that writes as few bytes as a frame needs, for lines that carry few.
//!
//! It says what [`CrosstermBackend`] says, shorter: no cursor move after a wide character, which
//! there is most of a frame of Chinese; short moves within a row; one sequence for a change of
//! style. A frame leaves in one write, when [`Write::flush`] is
//! called: [`Backend::flush`] keeps it back, because the frame's end is still to come.

use std::io::{self, Write};

use ratatui::backend::{Backend, ClearType, CrosstermBackend, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};
use ratatui::style::{Color, Modifier};

use super::measure::width;

/// Characters from here on are emoji and the like, about whose width terminals disagree.
const DISPUTED: char = '\u{1f000}';

/// Modifiers and their codes.
const CODES: [(Modifier, &str); 9] = [
    (Modifier::BOLD, "1"),
    (Modifier::DIM, "2"),
    (Modifier::ITALIC, "3"),
    (Modifier::UNDERLINED, "4"),
    (Modifier::SLOW_BLINK, "5"),
    (Modifier::RAPID_BLINK, "6"),
    (Modifier::REVERSED, "7"),
    (Modifier::HIDDEN, "8"),
    (Modifier::CROSSED_OUT, "9"),
];

/// Modifiers that show on a blank.
const ON_BLANKS: Modifier = Modifier::UNDERLINED
    .union(Modifier::REVERSED)
    .union(Modifier::CROSSED_OUT);

/// The backend.
pub struct CompactBackend<W: Write> {
    inner: CrosstermBackend<W>,
    /// `None` = not known.
    cursor: Option<Cursor>,
}

/// Whether the terminal shows its cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cursor {
    Shown,
    Hidden,
}

impl<W: Write> CompactBackend<W> {
    /// A backend that writes to `writer`.
    pub fn new(writer: W) -> Self {
        Self {
            inner: CrosstermBackend::new(writer),
            cursor: None,
        }
    }

    fn cursor(&mut self, wanted: Cursor) -> io::Result<()> {
        if self.cursor == Some(wanted) {
            return Ok(());
        }
        self.cursor = Some(wanted);
        self.inner.write_all(match wanted {
            Cursor::Shown => b"\x1b[?25h",
            Cursor::Hidden => b"\x1b[?25l",
        })
    }
}

impl<W: Write> Write for CompactBackend<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.inner.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Write::flush(&mut self.inner)
    }
}

impl<W: Write> Backend for CompactBackend<W> {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let mut strokes = Strokes::new(&mut self.inner);
        for (x, y, cell) in content {
            strokes.cell(x, y, cell)?;
        }
        strokes.end()
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        self.cursor(Cursor::Hidden)
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        self.cursor(Cursor::Shown)
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        self.inner.get_cursor_position()
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        let Position { x, y } = position.into();
        go(&mut self.inner, None, (x, y))
    }

    fn clear(&mut self) -> io::Result<()> {
        self.clear_region(ClearType::All)
    }

    fn clear_region(&mut self, clear_type: ClearType) -> io::Result<()> {
        // The terminal may have been somebody else's meanwhile.
        self.cursor = None;
        self.inner.clear_region(clear_type)
    }

    fn size(&self) -> io::Result<Size> {
        self.inner.size()
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        self.inner.window_size()
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The cells of one frame, as they are written.
struct Strokes<'a, W: Write> {
    out: &'a mut W,
    /// Where the terminal's cursor stands; `None` = not for certain.
    at: Option<(u16, u16)>,
    /// Blanks from there on that are not written yet.
    blanks: u16,
    foreground: Color,
    background: Color,
    modifier: Modifier,
}

impl<'a, W: Write> Strokes<'a, W> {
    fn new(out: &'a mut W) -> Self {
        Self {
            out,
            at: None,
            blanks: 0,
            foreground: Color::Reset,
            background: Color::Reset,
            modifier: Modifier::empty(),
        }
    }

    fn cell(&mut self, x: u16, y: u16, cell: &Cell) -> io::Result<()> {
        let blank = is_blank(cell);
        let next = self.at.map(|(x, y)| (x + self.blanks, y));
        if next != Some((x, y)) || !blank {
            self.write_blanks()?;
        }
        if self.blanks == 0 && self.at != Some((x, y)) {
            go(self.out, self.at, (x, y))?;
            self.at = Some((x, y));
        }
        if blank {
            if self.background != Color::Reset || self.modifier.intersects(ON_BLANKS) {
                self.style(Color::Reset, Color::Reset, Modifier::empty())?;
            }
            self.blanks += 1;
            return Ok(());
        }
        self.style(cell.fg, cell.bg, cell.modifier)?;
        self.out.write_all(cell.symbol().as_bytes())?;
        self.at = advance(cell.symbol()).map(|columns| (x + columns, y));
        Ok(())
    }

    fn write_blanks(&mut self) -> io::Result<()> {
        let count = std::mem::take(&mut self.blanks);
        // Printed, not erased: tmux leaves half of a wide character where erasing cuts it in two.
        self.at = self.at.map(|(x, y)| (x + count, y));
        write!(self.out, "{:1$}", "", usize::from(count))
    }

    /// Leaves no style behind, for what others write.
    fn end(&mut self) -> io::Result<()> {
        self.write_blanks()?;
        self.style(Color::Reset, Color::Reset, Modifier::empty())
    }

    fn style(&mut self, fg: Color, bg: Color, modifier: Modifier) -> io::Result<()> {
        if (fg, bg, modifier) == (self.foreground, self.background, self.modifier) {
            return Ok(());
        }
        let plain = (Color::Reset, Color::Reset, Modifier::empty());
        let mut codes: Vec<String> = Vec::new();
        // There is no code that every terminal knows for taking back a single modifier.
        if !modifier.contains(self.modifier) || (fg, bg, modifier) == plain {
            codes.push(String::new());
            (self.foreground, self.background, self.modifier) = plain;
        }
        let added = modifier.difference(self.modifier);
        let added = CODES.iter().filter(|(one, _)| added.contains(*one));
        codes.extend(added.map(|(_, code)| (*code).to_owned()));
        if fg != self.foreground {
            codes.push(colour('3', fg));
        }
        if bg != self.background {
            codes.push(colour('4', bg));
        }
        (self.foreground, self.background, self.modifier) = (fg, bg, modifier);
        write!(self.out, "\x1b[{}m", codes.join(";"))
    }
}

/// Moves the cursor, from where it is if that is known.
fn go(out: &mut impl Write, from: Option<(u16, u16)>, to: (u16, u16)) -> io::Result<()> {
    let (x, y) = to;
    match from {
        Some((left, row)) if row == y && left + 1 == x => out.write_all(b"\x1b[C"),
        Some((left, row)) if row == y && left < x => write!(out, "\x1b[{}C", x - left),
        _ if x == 0 => write!(out, "\x1b[{}H", y + 1),
        _ => write!(out, "\x1b[{};{}H", y + 1, x + 1),
    }
}

/// Whether a plain blank looks the same.
fn is_blank(cell: &Cell) -> bool {
    cell.symbol() == " " && cell.bg == Color::Reset && !cell.modifier.intersects(ON_BLANKS)
}

/// Columns by which every terminal's cursor moves; `None` = they disagree.
fn advance(symbol: &str) -> Option<u16> {
    let mut chars = symbol.chars();
    let (Some(first), None) = (chars.next(), chars.next()) else {
        return None;
    };
    let columns = u16::try_from(width(symbol)).ok()?;
    (first < DISPUTED && columns > 0).then_some(columns)
}

/// A colour's code; `ground` is 3 for letters, 4 for what is behind them.
///
/// The sixteen colours are named by their place in the palette: by the short codes some
/// terminals draw them brighter with bold letters.
fn colour(ground: char, colour: Color) -> String {
    let indexed = |n: u8| format!("{ground}8;5;{n}");
    match colour {
        Color::Reset => format!("{ground}9"),
        Color::Black => indexed(0),
        Color::Red => indexed(1),
        Color::Green => indexed(2),
        Color::Yellow => indexed(3),
        Color::Blue => indexed(4),
        Color::Magenta => indexed(5),
        Color::Cyan => indexed(6),
        Color::Gray => indexed(7),
        Color::DarkGray => indexed(8),
        Color::LightRed => indexed(9),
        Color::LightGreen => indexed(10),
        Color::LightYellow => indexed(11),
        Color::LightBlue => indexed(12),
        Color::LightMagenta => indexed(13),
        Color::LightCyan => indexed(14),
        Color::White => indexed(15),
        Color::Indexed(n) => indexed(n),
        Color::Rgb(red, green, blue) => format!("{ground}8;2;{red};{green};{blue}"),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use ratatui::buffer::Buffer;
    use ratatui::layout::Rect;
    use ratatui::style::Style;

    use super::*;

    const AREA: Rect = Rect::new(0, 0, 40, 4);

    /// A screen with texts of some styles at some places.
    fn screen(texts: &[(u16, u16, &str, usize)]) -> Buffer {
        let styles = [
            Style::new(),
            Style::new().fg(Color::Red).add_modifier(Modifier::BOLD),
            Style::new().bg(Color::Indexed(60)),
            Style::new().add_modifier(Modifier::REVERSED | Modifier::UNDERLINED),
            Style::new().fg(Color::Rgb(1, 2, 3)),
        ];
        let mut buffer = Buffer::empty(AREA);
        for (x, y, text, style) in texts {
            buffer.set_string(*x, *y, text, styles[*style]);
        }
        buffer
    }

    /// What a terminal shows after both frames, the second drawn over the first.
    fn shown(backend: impl Fn(&mut Vec<u8>, &Buffer, &Buffer), frames: [&Buffer; 2]) -> String {
        let mut terminal = vt100::Parser::new(
            AREA.height.try_into().unwrap(),
            AREA.width.try_into().unwrap(),
            0,
        );
        let mut bytes = Vec::new();
        backend(&mut bytes, &Buffer::empty(AREA), frames[0]);
        backend(&mut bytes, frames[0], frames[1]);
        terminal.process(&bytes);
        let screen = terminal.screen();
        let cells = (0..AREA.height).flat_map(|y| (0..AREA.width).map(move |x| (y, x)));
        cells
            .map(|(y, x)| {
                let cell = screen.cell(y, x).unwrap();
                // An erased cell has no contents, a printed blank has one.
                let text = cell.contents().trim_end();
                // The letters' colour and weight do not show on a blank.
                let letters = (!text.is_empty()).then(|| (cell.fgcolor(), cell.bold()));
                format!(
                    "{text:?}{letters:?}{:?}{}{}|",
                    cell.bgcolor(),
                    cell.inverse(),
                    cell.underline()
                )
            })
            .collect()
    }

    fn compact_backend(out: &mut Vec<u8>, before: &Buffer, after: &Buffer) {
        let mut backend = CompactBackend::new(out);
        backend.draw(before.diff(after).into_iter()).unwrap();
    }

    fn upstream(out: &mut Vec<u8>, before: &Buffer, after: &Buffer) {
        let mut backend = CrosstermBackend::new(out);
        backend.draw(before.diff(after).into_iter()).unwrap();
    }

    fn texts() -> impl Strategy<Value = Vec<(u16, u16, &'static str, usize)>> {
        let words = prop::sample::select(vec![
            "证书",
            "a",
            "部署 ok",
            "               ",
            "│",
            "…",
            "回源，",
            "é",
        ]);
        prop::collection::vec((0..36u16, 0..4u16, words, 0..5usize), 0..20)
    }

    proptest! {
        #[test]
        fn a_terminal_shows_the_same_as_by_the_usual_backend(one in texts(), two in texts()) {
            let frames = [&screen(&one), &screen(&two)];
            prop_assert_eq!(shown(compact_backend, frames), shown(upstream, frames));
        }
    }

    #[test]
    fn wide_characters_need_no_cursor_moves_between_them() {
        let mut bytes = Vec::new();
        let text = screen(&[(2, 1, "证书部署", 0)]);
        compact_backend(&mut bytes, &Buffer::empty(AREA), &text);
        assert_eq!(String::from_utf8(bytes).unwrap(), "\x1b[2;3H证书部署");
    }

    #[test]
    fn a_run_of_blanks_is_printed() {
        let mut bytes = Vec::new();
        let long = screen(&[(0, 0, "abcdefghijklmnopqrst", 0)]);
        compact_backend(&mut bytes, &long, &Buffer::empty(AREA));
        assert_eq!(
            String::from_utf8(bytes).unwrap(),
            format!("\x1b[1H{:20}", "")
        );
    }
}
