//! Asking the terminal who it is.
//!
//! Only where the agent waits for it: what they type before the answer would be lost, and a
//! terminal that does not answer costs [`PATIENCE`]. So neither copies nor the workbench ask;
//! what comes of it is a setting.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, poll};
use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};

use crate::clipboard::{Environment, Multiplexer};

/// How long an answer may take: more than a line around the world.
const PATIENCE: Duration = Duration::from_secs(1);

/// The multiplexer that the terminal says it is, where the environment does not tell.
pub(super) fn multiplexer(environment: &Environment) -> Option<Multiplexer> {
    let told = environment.tmux.is_some() || environment.sty.is_some();
    if told || !environment.takes_sequences() {
        return None;
    }
    let tty = OpenOptions::new().read(true).write(true).open("/dev/tty");
    let answer = answer(&mut tty.ok()?).ok()?;
    Multiplexer::from_answer(&answer)
}

/// Asks, with neither echo nor lines, and leaves the terminal as it was.
fn answer(tty: &mut File) -> io::Result<String> {
    let before = tcgetattr(&*tty)?;
    let mut raw = before.clone();
    raw.local_modes -= LocalModes::ICANON | LocalModes::ECHO;
    tcsetattr(&*tty, OptionalActions::Now, &raw)?;
    let answer = exchange(tty);
    tcsetattr(&*tty, OptionalActions::Now, &before)?;
    answer
}

fn exchange(tty: &mut File) -> io::Result<String> {
    tty.write_all(Multiplexer::QUERY.as_bytes())?;
    let deadline = Instant::now() + PATIENCE;
    let mut answer = String::new();
    while !answer.ends_with('c') {
        let left = deadline.saturating_duration_since(Instant::now());
        let mut fds = [PollFd::new(&*tty, PollFlags::IN)];
        if poll(&mut fds, left.try_into().ok().as_ref())? == 0 {
            break;
        }
        let mut bytes = [0; 64];
        let count = tty.read(&mut bytes)?;
        if count == 0 {
            break;
        }
        let read = bytes.get(..count).unwrap_or_default();
        answer.push_str(&String::from_utf8_lossy(read));
    }
    Ok(answer)
}
