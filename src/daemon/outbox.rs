//! What is still to be written to one client: answers, all of them, and pushes, as far as it
//! keeps up.
//!
//! Whoever has something to say writes it at once, as far as the socket takes it without waiting:
//! of hundreds of clients that are told something, none needs a thread woken for it. What is left
//! waits for the writer.

use std::collections::VecDeque;
use std::os::unix::net::UnixStream;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use rustix::net::{SendFlags, send};

use crate::api::Push;

use super::message::ToClient;

/// Pushes a client may be behind before it is told to ask again for everything.
const PUSHES: usize = 256;

/// Bytes of answers that may wait; whoever answers more waits itself.
const ANSWER_BYTES: usize = 16 << 20;

/// The frame of a push: one for all clients.
pub(super) type Pushed = Arc<[u8]>;

/// Makes the frame of a push.
pub(super) fn pushed(push: &Push) -> Option<Pushed> {
    // One that does not fit into a frame cannot be told; whoever asks is told more.
    let frame = ToClient::Push(push.clone()).encode().ok()?;
    Some(frame.into())
}

/// One client's outbox.
#[derive(Default)]
pub(super) struct Outbox {
    /// Where to; `None` = only the writer writes.
    stream: Option<Arc<UnixStream>>,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    answers: VecDeque<Vec<u8>>,
    answer_bytes: usize,
    pushes: VecDeque<Pushed>,
    /// Whether the writer is at work on what it took.
    writing: bool,
    end: End,
}

impl State {
    fn is_empty(&self) -> bool {
        self.answers.is_empty() && self.pushes.is_empty()
    }

    fn wait_for_writer(&mut self, answer: Vec<u8>) {
        self.answer_bytes += answer.len();
        self.answers.push_back(answer);
    }
}

#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum End {
    #[default]
    Open,
    /// What is there is still written.
    Finishing,
    /// Nothing is written any more.
    Closed,
}

/// What is written next.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Batch {
    /// Frames.
    pub(super) answers: Vec<Vec<u8>>,
    /// Frames of pushes.
    pub(super) pushes: Vec<Pushed>,
}

impl Outbox {
    /// One of a connection.
    pub(super) fn to(stream: &Arc<UnixStream>) -> Arc<Self> {
        Arc::new(Self {
            stream: Some(Arc::clone(stream)),
            ..Self::default()
        })
    }

    /// Adds an answer's frame where there is room for it; else gives it back.
    pub(super) fn offer(&self, frame: Vec<u8>) -> Option<Vec<u8>> {
        let state = self.lock();
        if state.answer_bytes > ANSWER_BYTES && state.end != End::Closed {
            return Some(frame);
        }
        self.add(state, frame);
        None
    }

    /// Adds an answer's frame, after waiting for room.
    pub(super) fn answer(&self, frame: Vec<u8>) {
        let mut state = self.lock();
        while state.answer_bytes > ANSWER_BYTES && state.end != End::Closed {
            state = self
                .changed
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
        self.add(state, frame);
    }

    fn add(&self, mut state: MutexGuard<'_, State>, frame: Vec<u8>) {
        if state.end == End::Closed {
            return;
        }
        let mut frame = frame;
        match self.write_at_once(&state, &frame) {
            written if written == frame.len() => return,
            0 => {}
            written => drop(frame.drain(..written)),
        }
        state.wait_for_writer(frame);
        drop(state);
        self.changed.notify_all();
    }

    /// Writes as much of a frame as the socket takes without waiting, if it is its turn; gives how
    /// many bytes. An error is for the writer to find.
    fn write_at_once(&self, state: &State, frame: &[u8]) -> usize {
        match &self.stream {
            Some(stream) if state.is_empty() && !state.writing => {
                let flags = SendFlags::DONTWAIT | SendFlags::NOSIGNAL;
                send(stream, frame, flags).unwrap_or_default()
            }
            Some(_) | None => 0,
        }
    }

    /// Adds a push without waiting; too many become one [`Push::Resync`].
    pub(super) fn push(&self, push: &Pushed) {
        let mut state = self.lock();
        if state.end != End::Open {
            return;
        }
        if state.pushes.len() >= PUSHES {
            // What follows the resync is newer than what it makes the client ask for.
            state.pushes.clear();
            state.pushes.extend(pushed(&Push::Resync));
        } else {
            match self.write_at_once(&state, push) {
                0 => state.pushes.push_back(Arc::clone(push)),
                written => match push.get(written..) {
                    None | Some([]) => return,
                    // What is begun comes before everything else.
                    Some(rest) => state.wait_for_writer(rest.to_vec()),
                },
            }
        }
        drop(state);
        self.changed.notify_all();
    }

    /// Waits for something to write; `None` when nothing will come any more.
    pub(super) fn take(&self) -> Option<Batch> {
        let mut state = self.lock();
        state.writing = false;
        loop {
            let empty = state.is_empty();
            match state.end {
                End::Closed => return None,
                End::Finishing if empty => return None,
                End::Open if empty => {
                    state = self
                        .changed
                        .wait(state)
                        .unwrap_or_else(PoisonError::into_inner);
                }
                End::Open | End::Finishing => break,
            }
        }
        state.answer_bytes = 0;
        state.writing = true;
        let batch = Batch {
            answers: state.answers.drain(..).collect(),
            pushes: state.pushes.drain(..).collect(),
        };
        drop(state);
        self.changed.notify_all();
        Some(batch)
    }

    /// Lets what is there be written, and then no more.
    pub(super) fn finish(&self) {
        let mut state = self.lock();
        if state.end == End::Open {
            state.end = End::Finishing;
        }
        drop(state);
        self.changed.notify_all();
    }

    /// Throws away what is there.
    pub(super) fn close(&self) {
        self.lock().end = End::Closed;
        self.changed.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};

    use super::*;

    #[test]
    fn too_many_pushes_become_one_resync_and_the_newest_follow_it() {
        let outbox = Outbox::default();
        let [reload, resync] = [Push::Reload, Push::Resync].map(|push| pushed(&push).unwrap());
        for _ in 0..PUSHES * 5 + 3 {
            outbox.push(&reload);
        }
        let pushes = outbox.take().unwrap().pushes;
        assert_eq!(pushes[0], resync);
        let resyncs = pushes.iter().filter(|push| **push == resync).count();
        assert_eq!(resyncs, 1);
        assert!(pushes.len() <= PUSHES);
    }

    #[test]
    fn answers_are_never_dropped_but_whoever_answers_waits_for_room() {
        let outbox = std::sync::Arc::new(Outbox::default());
        let writing = {
            let outbox = outbox.clone();
            std::thread::spawn(move || {
                for n in 0..100u8 {
                    outbox.answer(vec![n; 1 << 20]);
                }
                outbox.finish();
            })
        };
        let mut seen = Vec::new();
        while let Some(batch) = outbox.take() {
            let bytes: usize = batch.answers.iter().map(Vec::len).sum();
            assert!(bytes <= ANSWER_BYTES + (2 << 20), "{bytes} bytes waited");
            seen.extend(batch.answers.iter().map(|a| a[0]));
        }
        writing.join().unwrap();
        assert_eq!(seen, (0..100).collect::<Vec<u8>>());
    }

    #[test]
    fn what_the_socket_takes_needs_no_writer() {
        let (here, mut there) = UnixStream::pair().unwrap();
        let outbox = Outbox::to(&Arc::new(here));
        outbox.answer(vec![1; 1000]);
        outbox.push(&vec![2; 10].into());
        let mut read = [0; 1010];
        there.read_exact(&mut read).unwrap();
        assert_eq!(read[..1000], [1; 1000]);
        assert_eq!(read[1000..], [2; 10]);
        outbox.finish();
        assert_eq!(outbox.take(), None, "nothing is left");
    }

    #[test]
    fn what_the_socket_does_not_take_follows_whole_and_in_order() {
        let (here, mut there) = UnixStream::pair().unwrap();
        let stream = Arc::new(here);
        let outbox = Outbox::to(&stream);
        // Of the first a part is taken at once; what comes after it must not come before its end.
        let frames: Vec<Vec<u8>> = (0..200u8).map(|n| vec![n; 60_000]).collect();
        for frame in &frames[..100] {
            outbox.push(&frame.clone().into());
        }
        let writing = {
            let outbox = outbox.clone();
            std::thread::spawn(move || {
                while let Some(batch) = outbox.take() {
                    let answers = batch.answers.iter().map(Vec::as_slice);
                    for frame in answers.chain(batch.pushes.iter().map(AsRef::as_ref)) {
                        (&*stream).write_all(frame).unwrap();
                    }
                }
                stream.shutdown(std::net::Shutdown::Both).unwrap();
            })
        };
        let reading = std::thread::spawn(move || {
            let mut read = Vec::new();
            there.read_to_end(&mut read).unwrap();
            read
        });
        for frame in &frames[100..] {
            outbox.push(&frame.clone().into());
        }
        outbox.finish();
        writing.join().unwrap();
        assert!(reading.join().unwrap() == frames.concat());
    }

    #[test]
    fn closing_frees_whoever_waits_for_room() {
        let outbox = std::sync::Arc::new(Outbox::default());
        let writing = {
            let outbox = outbox.clone();
            std::thread::spawn(move || {
                for _ in 0..100 {
                    outbox.answer(vec![0; 1 << 20]);
                }
            })
        };
        outbox.close();
        writing.join().unwrap();
        assert_eq!(outbox.take(), None);
    }
}
