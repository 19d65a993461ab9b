//! What the user and the system do, as messages: keys, pastes, mouse, size, signals.

use std::io::{self, IsTerminal};
use std::os::fd::AsFd;
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::Duration;

use crossbeam_channel::Sender;
use crossterm::event::{Event, KeyEventKind, read};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGTSTP, SIGWINCH};

use super::msg::Msg;

/// How long the terminal may take to say where the cursor stands. The wait ends with the first
/// key, so it costs nobody anything.
const PROBE_PATIENCE: Duration = Duration::from_millis(1500);

/// How long the thread that reads may take to come to rest.
const GATE_PATIENCE: Duration = Duration::from_secs(2);

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
        let msg = match read() {
            Ok(Event::Key(key)) if key.kind == KeyEventKind::Release => continue,
            Ok(Event::Key(key)) => Msg::Key(key),
            Ok(Event::Paste(text)) => Msg::Paste(text),
            Ok(Event::Mouse(mouse)) => Msg::Mouse(mouse),
            Ok(Event::Resize(columns, rows)) => Msg::Resize(columns, rows),
            Ok(Event::FocusGained | Event::FocusLost) => continue,
            // The terminal is gone.
            Err(_) => Msg::Terminate,
        };
        let end = matches!(msg, Msg::Terminate);
        if out.send(msg).is_err() || end {
            return;
        }
    }
}
