//! A stage for tests: the app, a fake desk, and a screen that is read by display width.

use std::sync::Arc;
use std::time::Duration;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;

use super::app::App;
use super::fake_desk::FakeDesk;
use super::measure::width;
use super::msg::{Answered, Ask, Effect, Msg, Topic};
use super::overlays::{Overlay, as_kind, as_kind_mut};
use super::render::render;
use super::theme::{Glyphs, Theme, ThemeName};
use super::update::update;
use crate::api::{Desk, DeskError, Request};
use crate::keymap::{Builtin, Keymap};
use crate::tui::look::Look;
use crate::words::Lang;

/// The app with a desk whose answers come at once.
pub struct Stage {
    pub app: App,
    pub desk: FakeDesk,
    /// Effects that are not questions, in order.
    pub effects: Vec<Effect>,
    /// What becomes of every change, if nothing does.
    pub refuses: Option<DeskError>,
}

pub fn app(columns: u16, rows: u16) -> App {
    let look = Look {
        lang: Lang::Zh,
        theme: Theme::of(ThemeName::Dark),
        glyphs: Glyphs::UNICODE,
        zone: jiff::tz::TimeZone::UTC,
    };
    let mut app = App::new(look, Arc::new(Keymap::builtin(Builtin::Default)));
    app.size = (columns, rows);
    app
}

impl Stage {
    /// A connected app with everything loaded.
    pub fn new(columns: u16, rows: u16) -> Self {
        let mut stage = Self {
            app: app(columns, rows),
            desk: FakeDesk::new(),
            effects: Vec::new(),
            refuses: None,
        };
        stage.tell(Msg::Linked(Ok(())));
        stage
    }

    /// Applies a message and every answer that follows.
    pub fn tell(&mut self, msg: Msg) {
        let mut waiting = vec![msg];
        while !waiting.is_empty() {
            for effect in update(&mut self.app, waiting.remove(0)) {
                match effect {
                    Effect::Ask(ask) => waiting.push(self.answer(ask)),
                    other => self.effects.push(other),
                }
            }
        }
    }

    /// The desk's answer to a question.
    pub fn answer(&self, ask: Ask) -> Msg {
        let refused = match ask.topic {
            Topic::Act(_) => self.refuses.clone(),
            _ => None,
        };
        Msg::Answered(Answered {
            topic: ask.topic,
            generation: ask.generation,
            result: refused.map_or_else(|| self.desk.call(ask.request), Err),
            took: Duration::from_millis(4),
        })
    }

    /// Strikes keys: `j`, `C-d`, `Enter`, `Esc`, `Tab`, `Space`, one after the other.
    pub fn press(&mut self, keys: &str) {
        for name in keys.split(' ') {
            self.tell(Msg::Key(key(name)));
        }
    }

    /// Types a text character by character.
    pub fn write(&mut self, text: &str) {
        for c in text.chars() {
            self.tell(Msg::Key(KeyEvent::new(
                KeyCode::Char(c),
                KeyModifiers::NONE,
            )));
        }
    }

    /// Clicks on a cell of the screen.
    pub fn click(&mut self, column: usize, row: usize) {
        self.tell(Msg::Mouse(MouseEvent {
            kind: MouseEventKind::Down(MouseButton::Left),
            column: column.try_into().unwrap(),
            row: row.try_into().unwrap(),
            modifiers: KeyModifiers::NONE,
        }));
    }

    /// Requests of a kind that the desk got.
    pub fn asked(&self, kind: impl Fn(&Request) -> bool) -> Vec<Request> {
        let asked = self.desk.asked.lock().unwrap();
        asked
            .iter()
            .filter(|request| kind(request))
            .cloned()
            .collect()
    }

    /// The last overlay, if it is of this kind.
    pub fn top<O: Overlay>(&self) -> Option<&O> {
        let layer = self.app.overlays.last()?;
        as_kind(layer.overlay.as_ref())
    }

    /// The same, to change it.
    pub fn top_mut<O: Overlay>(&mut self) -> Option<&mut O> {
        let layer = self.app.overlays.last_mut()?;
        as_kind_mut(layer.overlay.as_mut())
    }

    /// The screen as text.
    pub fn screen(&self) -> String {
        screen(&self.app)
    }

    /// What the status line says.
    pub fn notice(&self) -> &str {
        self.app
            .notices
            .current
            .as_ref()
            .map_or("", |notice| &notice.text)
    }
}

/// A key by its name in keymap files.
pub fn key(name: &str) -> KeyEvent {
    let (name, modifiers) = match name.split_once('-') {
        Some(("C", rest)) => (rest, KeyModifiers::CONTROL),
        Some(("A", rest)) => (rest, KeyModifiers::ALT),
        _ => (name, KeyModifiers::NONE),
    };
    let code = match name {
        "Enter" => KeyCode::Enter,
        "Esc" => KeyCode::Esc,
        "Tab" => KeyCode::Tab,
        "S-Tab" => KeyCode::BackTab,
        "Space" => KeyCode::Char(' '),
        "Backspace" => KeyCode::Backspace,
        "Down" => KeyCode::Down,
        "Up" => KeyCode::Up,
        "F2" => KeyCode::F(2),
        one => KeyCode::Char(one.chars().next().unwrap()),
    };
    KeyEvent::new(code, modifiers)
}

/// Draws the app and reads the screen, stepping by display width: a wide character covers two
/// cells, and the second is not text.
pub fn screen(app: &App) -> String {
    let (columns, rows) = app.size;
    let mut terminal = Terminal::new(TestBackend::new(columns, rows)).unwrap();
    terminal.draw(|frame| render(app, frame)).unwrap();
    let shown = lines(terminal.backend().buffer());
    let texts: Vec<String> = shown.iter().map(Drawn::text).collect();
    texts.join("\n")
}

/// A line as the terminal shows it.
pub struct Drawn {
    /// Column and symbol, without the second halves of wide characters.
    pub columns: Vec<(usize, String)>,
}

impl Drawn {
    fn text(&self) -> String {
        let text: String = self
            .columns
            .iter()
            .map(|(_, symbol)| symbol.as_str())
            .collect();
        text.trim_end().to_owned()
    }
}

/// Reads a buffer, stepping by display width.
pub fn lines(buffer: &Buffer) -> Vec<Drawn> {
    let area = buffer.area;
    let line = |y| {
        let mut columns = Vec::new();
        let mut x = 0;
        while x < area.width {
            let symbol = buffer.cell((x, y)).unwrap().symbol();
            columns.push((usize::from(x), symbol.to_owned()));
            x += u16::try_from(width(symbol).max(1)).unwrap();
        }
        Drawn { columns }
    };
    (0..area.height).map(line).collect()
}
