//! The terminal: taken over by one guard, given back by one function whatever happens.

use std::io::{self, BufWriter, Stdout, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, ThreadId};

use crossterm::event::{
    DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture,
};
use crossterm::terminal::{
    BeginSynchronizedUpdate, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen,
    disable_raw_mode, enable_raw_mode,
};
use crossterm::{cursor, execute, queue};
use ratatui::Terminal;
use ratatui::layout::Rect;

use super::App;
use super::compact_backend::CompactBackend;
use super::render;

/// Bytes gathered before a write: a full frame of Chinese is 5 kB, so one write a frame.
const WRITE_BUFFER: usize = 64 * 1024;

/// Whether the terminal is ours at the moment.
static TAKEN: AtomicBool = AtomicBool::new(false);

/// The screen, taken over until it is dropped.
pub struct Screen {
    terminal: Terminal<CompactBackend<BufWriter<Stdout>>>,
    mouse: Mouse,
}

/// Whether the mouse is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mouse {
    /// Clicks and wheel come as messages.
    On,
    /// The terminal keeps the mouse, for selecting text.
    Off,
}

impl Screen {
    /// Takes the terminal over.
    ///
    /// # Errors
    /// When standard output is no terminal, or it refuses raw mode.
    pub fn take(mouse: Mouse) -> io::Result<Self> {
        install_panic_hook();
        let enter = enter(mouse);
        let terminal = enter.and_then(|()| {
            Terminal::new(CompactBackend::new(BufWriter::with_capacity(
                WRITE_BUFFER,
                io::stdout(),
            )))
        });
        match terminal {
            Ok(terminal) => Ok(Self { terminal, mouse }),
            Err(error) => {
                give_back();
                Err(error)
            }
        }
    }

    /// Columns and rows.
    ///
    /// # Errors
    /// When the terminal does not tell.
    pub fn size(&self) -> io::Result<(u16, u16)> {
        self.terminal.size().map(|size| (size.width, size.height))
    }

    /// Draws one frame, which the terminal shows at once or not at all.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn draw(&mut self, app: &App) -> io::Result<()> {
        queue!(self.terminal.backend_mut(), BeginSynchronizedUpdate)?;
        self.terminal.draw(|frame| render::render(app, frame))?;
        execute!(self.terminal.backend_mut(), EndSynchronizedUpdate)
    }

    /// Prints an ambiguous character and asks where the cursor stands after it.
    ///
    /// The answer is read by the input thread; the next frame draws over it.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn ask_ambiguous_width(&mut self) -> io::Result<()> {
        let backend = self.terminal.backend_mut();
        queue!(
            backend,
            cursor::MoveTo(0, 0),
            crossterm::style::Print("…\x1b[6n")
        )?;
        Write::flush(backend)?;
        self.clear()
    }

    /// Forgets what the terminal shows, so that the next frame is drawn whole.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn clear(&mut self) -> io::Result<()> {
        // Not `Terminal::clear`: that asks the terminal for its cursor and waits for the answer.
        let size = self.terminal.size()?;
        self.terminal
            .resize(Rect::new(0, 0, size.width, size.height))
    }

    /// Writes a sequence that draws nothing, between two frames.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn emit(&mut self, bytes: &[u8]) -> io::Result<()> {
        let backend = self.terminal.backend_mut();
        backend.write_all(bytes)?;
        Write::flush(backend)
    }

    /// Gives the terminal back, stops the process, and takes it over again when continued.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn suspend(&mut self) -> io::Result<()> {
        give_back();
        signal_hook::low_level::emulate_default_handler(signal_hook::consts::SIGTSTP)?;
        enter(self.mouse)?;
        self.clear()
    }

    /// Gives the terminal back while something else has it, then takes it over again.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn lent<T>(&mut self, to: impl FnOnce() -> T) -> io::Result<T> {
        give_back();
        let done = to();
        enter(self.mouse)?;
        self.clear()?;
        Ok(done)
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        give_back();
    }
}

fn enter(mouse: Mouse) -> io::Result<()> {
    enable_raw_mode()?;
    TAKEN.store(true, Ordering::SeqCst);
    execute!(
        io::stdout(),
        EnterAlternateScreen,
        EnableBracketedPaste,
        cursor::Hide
    )?;
    match mouse {
        Mouse::On => execute!(io::stdout(), EnableMouseCapture),
        Mouse::Off => Ok(()),
    }
}

/// Gives the terminal back as it was found. Harmless when it is not taken.
pub fn give_back() {
    if !TAKEN.swap(false, Ordering::SeqCst) {
        return;
    }
    // Whatever fails here, the rest is still worth trying, and there is nobody left to tell.
    let _ = execute!(
        io::stdout(),
        EndSynchronizedUpdate,
        DisableMouseCapture,
        DisableBracketedPaste,
        cursor::Show,
        LeaveAlternateScreen
    );
    let _ = disable_raw_mode();
}

/// A panic on the screen's thread gives the terminal back before it is reported.
///
/// A panic of a worker becomes an answer (see `workers`), so it must not write over the screen.
fn install_panic_hook() {
    static SCREEN_THREAD: std::sync::OnceLock<ThreadId> = std::sync::OnceLock::new();
    let this = thread::current().id();
    if SCREEN_THREAD.set(this).is_err() {
        return;
    }
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if thread::current().id() == this {
            give_back();
        } else if TAKEN.load(Ordering::SeqCst) {
            return;
        }
        before(info);
    }));
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use portable_pty::{CommandBuilder, PtySize, native_pty_system};

    use super::*;

    /// Says to the test below that it runs on a terminal of its own.
    const INSIDE: &str = "GONGDAN_TEST_PANIC";

    #[test]
    fn a_panic_gives_the_terminal_back_as_it_was() {
        if std::env::var_os(INSIDE).is_some() {
            let _screen = Screen::take(Mouse::On).unwrap();
            panic!("on purpose");
        }
        let pair = native_pty_system().openpty(PtySize::default()).unwrap();
        let mut command = CommandBuilder::new(std::env::current_exe().unwrap());
        let name = "tui::terminal::tests::a_panic_gives_the_terminal_back_as_it_was";
        command.args(["--exact", name, "--nocapture"]);
        command.env(INSIDE, "1");
        let mut child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let mut reader = pair.master.try_clone_reader().unwrap();
        let (mut written, mut chunk) = (Vec::new(), [0; 4096]);
        // A pseudo-terminal ends with an error once nobody holds its other side.
        while let Ok(n @ 1..) = reader.read(&mut chunk) {
            written.extend_from_slice(chunk.get(..n).unwrap());
        }
        assert!(!child.wait().unwrap().success());
        let written = String::from_utf8_lossy(&written);
        let (before, after) = written.split_once("\x1b[?1049l").expect("it leaves");
        assert!(before.contains("\x1b[?1049h"), "it was taken: {written:?}");
        for given_back in ["\x1b[?2004l", "\x1b[?1006l", "\x1b[?25h"] {
            let last = written.rfind(given_back);
            let taken = written.rfind(&given_back.replace(['l'], "h").replace("25h", "25l"));
            assert!(last > taken, "{given_back:?} in {written:?}");
        }
        assert!(
            after.contains("on purpose"),
            "the report is readable: {written:?}"
        );
        assert_eq!(written.matches("\x1b[?1049l").count(), 1);
    }
}
