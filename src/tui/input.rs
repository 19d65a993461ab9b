//! What the user and the system do, as messages: keys, pastes, mouse, size, signals.

use std::io::{self, IsTerminal};
use std::os::fd::AsFd;
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::Duration;

use crossbeam_channel::Sender;
use crossterm::event::{Event, KeyEventKind, poll, read};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGTSTP, SIGWINCH};

use super::burst::Burst;
use super::msg::Msg;

/// How long the terminal may take to say where the cursor stands. The wait ends with the first
/// key, so it costs nobody anything.
const PROBE_PATIENCE: Duration = Duration::from_millis(1500);

/// How long the thread that reads may take to come to rest.
const GATE_PATIENCE: Duration = Duration::from_secs(2);

/// How long to look for more that is there already. crossterm does not look into its own buffer
/// when it is asked without any patience.
const LOOK: Duration = Duration::from_millis(1);

/// The same after a character that is on no keyboard: it is typed by an input method, or pasted.
const LOOK_FOR_TEXT: Duration = Duration::from_millis(8);

/// How long a paste without brackets may pause and still be the same paste: what follows it
/// within this time is text, and no key.
const PASTE_QUIET: Duration = Duration::from_millis(40);

/// Events taken at once at most, so that a key held down is answered.
const AT_ONCE: usize = 32_768;

/// Starts the thread that reads the terminal, and the one that takes signals.
///
/// # Errors
/// When the signals cannot be taken.
pub fn start(out: &Sender<Msg>, probe: Probe) -> io::Result<Gate> {
    let mut signals = signal_hook::iterator::Signals::new([SIGTERM, SIGHUP, SIGINT, SIGTSTP])?;
    let signalled = out.clone();
    thread::spawn(move || {
        for signal in signals.forever() {
            let msg = if signal == SIGTSTP {
                Msg::Suspend
            } else {
                Msg::Terminate
            };
            if signalled.send(msg).is_err() {
                return;
            }
        }
    });
    let out = out.clone();
    let gate = Gate::default();
    let passed = gate.clone();
    thread::spawn(move || {
        let gate = passed;
        if probe == Probe::Asked && ambiguous_is_wide() {
            let _ = out.send(Msg::AmbiguousWide);
        }
        forward(&out, &gate);
    });
    Ok(gate)
}

/// Whether the terminal was asked for the width of ambiguous characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Probe {
    /// Its answer is on the way.
    Asked,
    /// It was not: the terminal is known not to answer.
    Skipped,
}

/// Waits for the answer to the probe printed at column 0.
///
/// Without any byte within the patience, the answer is taken for lost; crossterm keeps a late
/// one apart from the keys.
fn ambiguous_is_wide() -> bool {
    let stdin = io::stdin();
    if !stdin.is_terminal() {
        return false;
    }
    let fd = stdin.as_fd();
    let mut fds = [rustix::event::PollFd::new(
        &fd,
        rustix::event::PollFlags::IN,
    )];
    let patience = PROBE_PATIENCE.try_into().ok();
    match rustix::event::poll(&mut fds, patience.as_ref()) {
        Ok(n) if n > 0 => crossterm::cursor::position().is_ok_and(|(column, _)| column == 2),
        _ => false,
    }
}

/// Lets the terminal be read, or leaves it to another program.
#[derive(Clone, Default)]
pub struct Gate(Arc<(Mutex<Reading>, Condvar)>);

#[derive(Default)]
struct Reading {
    closed: bool,
    /// Whether the thread waits for the gate to open.
    waits: bool,
}

impl Gate {
    /// Stops reading; `false` = the thread did not come to rest in time, and reads on.
    pub fn close(&self) -> bool {
        let (reading, changed) = &*self.0;
        let Ok(mut state) = reading.lock() else {
            return false;
        };
        state.closed = true;
        // The thread sits in `read`, which this ends by a resize to the same size.
        if signal_hook::low_level::raise(SIGWINCH).is_err() {
            state.closed = false;
            return false;
        }
        let rests = changed.wait_timeout_while(state, GATE_PATIENCE, |state| !state.waits);
        match rests {
            Ok((mut state, _)) => {
                state.closed = state.waits;
                state.waits
            }
            Err(_) => false,
        }
    }

    /// Reads again.
    pub fn open(&self) {
        let (reading, changed) = &*self.0;
        if let Ok(mut state) = reading.lock() {
            state.closed = false;
            changed.notify_all();
        }
    }

    fn pass(&self) {
        let (reading, changed) = &*self.0;
        let Ok(mut state) = reading.lock() else {
            return;
        };
        state.waits = state.closed;
        changed.notify_all();
        if let Ok(mut state) = changed.wait_while(state, |state| state.closed) {
            state.waits = false;
        }
    }
}

fn forward(out: &Sender<Msg>, gate: &Gate) {
    loop {
        gate.pass();
        let read = waiting(&mut TerminalEvents);
        for msg in read.msgs {
            if out.send(msg).is_err() {
                return;
            }
        }
        if read.over {
            // The terminal is gone.
            let _ = out.send(Msg::Terminate);
            return;
        }
    }
}

/// Where events come from: the terminal, or a test's list.
trait Events {
    /// Waits for the next event.
    fn next(&mut self) -> io::Result<Event>;

    /// Whether another event comes within this time.
    fn comes_within(&mut self, patience: Duration) -> bool;
}

struct TerminalEvents;

impl Events for TerminalEvents {
    fn next(&mut self) -> io::Result<Event> {
        read()
    }

    fn comes_within(&mut self, patience: Duration) -> bool {
        poll(patience).unwrap_or(false)
    }
}

/// What was read at once.
#[derive(Default)]
struct Waiting {
    msgs: Vec<Msg>,
    burst: Burst,
    /// Whether the terminal is gone.
    over: bool,
}

impl Waiting {
    fn push(&mut self, event: Event) {
        let msg = match event {
            Event::Key(key) if key.kind == KeyEventKind::Release => return,
            Event::Key(key) => match self.burst.push(key) {
                Some(key) => Msg::Key(key),
                None => return,
            },
            Event::Paste(text) => Msg::Paste(text),
            Event::Mouse(mouse) => Msg::Mouse(mouse),
            Event::Resize(columns, rows) => Msg::Resize(columns, rows),
            Event::FocusGained | Event::FocusLost => return,
        };
        self.end_burst();
        self.msgs.push(msg);
    }

    /// Keys that look like a paste become one message.
    fn end_burst(&mut self) {
        let burst = std::mem::take(&mut self.burst);
        if burst.is_paste() {
            self.msgs.push(Msg::Burst(burst.into_keys()));
        } else {
            self.msgs
                .extend(burst.into_keys().into_iter().map(Msg::Key));
        }
    }

    /// How long more may take to come and still belong to it.
    fn patience(&self) -> Duration {
        if self.burst.is_paste() {
            PASTE_QUIET
        } else if self.burst.has_text_of_no_key() {
            LOOK_FOR_TEXT
        } else {
            LOOK
        }
    }
}

/// Waits for an event, and takes all that are there with it. Once they look like a paste, what
/// follows closely belongs to it.
fn waiting(from: &mut impl Events) -> Waiting {
    let mut waiting = Waiting::default();
    for _ in 0..AT_ONCE {
        match from.next() {
            Ok(event) => waiting.push(event),
            Err(_) => waiting.over = true,
        }
        if waiting.over || !from.comes_within(waiting.patience()) {
            break;
        }
    }
    waiting.end_burst();
    waiting
}

#[cfg(test)]
mod tests {
    use crossterm::event::KeyCode;

    use super::*;

    /// Events that are there at once, a slice for each read.
    struct Slices(Vec<Vec<Event>>);

    impl Events for Slices {
        fn next(&mut self) -> io::Result<Event> {
            while self.0.first().is_some_and(Vec::is_empty) {
                self.0.remove(0);
            }
            match self.0.first_mut() {
                Some(slice) => Ok(slice.remove(0)),
                None => Err(io::ErrorKind::UnexpectedEof.into()),
            }
        }

        fn comes_within(&mut self, patience: Duration) -> bool {
            let here = self.0.first().is_some_and(|slice| !slice.is_empty());
            here || (patience >= PASTE_QUIET && self.0.len() > 1)
        }
    }

    fn typed(text: &str) -> Vec<Event> {
        let event = |c| match c {
            '\r' => KeyCode::Enter,
            c => KeyCode::Char(c),
        };
        text.chars().map(|c| Event::Key(event(c).into())).collect()
    }

    fn told(slices: &[&str]) -> Vec<String> {
        let mut from = Slices(slices.iter().map(|slice| typed(slice)).collect());
        let mut all = Vec::new();
        loop {
            let read = waiting(&mut from);
            all.extend(read.msgs.iter().map(|msg| match msg {
                Msg::Burst(run) => crate::tui::burst::text(run),
                Msg::Key(_) => "key".to_owned(),
                other => format!("{other:?}"),
            }));
            if read.over {
                return all;
            }
        }
    }

    #[test]
    fn a_paste_that_comes_in_pieces_is_one() {
        assert_eq!(
            told(&["工单号 2024-11\ra退款", "问题\r3 天了", "VAcuu"]),
            ["工单号 2024-11\na退款问题\n3 天了VAcuu"]
        );
    }

    #[test]
    fn keys_over_a_slow_line_stay_keys() {
        assert_eq!(told(&["jj\r"]), ["key"; 3]);
        assert_eq!(told(&["jjjjjjjjjjjj"]), ["key"; 12]);
        assert_eq!(told(&["j", "j", "\r"]), ["key"; 3]);
    }
}
