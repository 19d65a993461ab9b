//! The thread that embeds tickets: one after the other, the newest first, and never while somebody
//! is being answered.

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use super::{Current, Shared, question};
use crate::api::{DeskError, JobState, Progress, Push};
use crate::embed::{Model, Role};
use crate::model::{DocNo, Sequence, Speaker, Ticket, is_holding};
use crate::search::{Vector, spare};
use crate::store::Body;

/// How long it gives way to questions at most, so that it gets on where there are always some.
const PATIENCE: Duration = Duration::from_millis(500);
/// How often it looks whether it may go on.
const LOOK: Duration = Duration::from_millis(5);
/// Progress is told once in so many tickets.
const TOLD: usize = 16;
/// What is less is done before anybody could read of it.
const FEW: usize = 64;

/// The thread's own state.
pub(super) struct Worker(pub(super) Arc<Shared>);

impl Worker {
    pub(super) fn run(self) {
        let mut before = self.0.store.applied();
        while let Some((doc, left)) = self.take(&mut before) {
            let result = match self.0.current() {
                Some(current) => self.embed(&current, doc),
                None => Ok(()),
            };
            let mut queue = self.0.queue();
            queue.busy = false;
            if let Err(error) = result {
                queue.failed = Some(error.to_string());
                queue.docs.clear();
                queue.waiting.clear();
            }
            let (total, over) = (queue.total, queue.docs.is_empty());
            if over {
                queue.total = 0;
            }
            drop(queue);
            if over {
                self.reached(before);
            }
            self.0.changed.notify_all();
            self.tell(left, total, over);
        }
    }

    /// The next ticket, and how many are left; `None` = it is time to end.
    fn take(&self, before: &mut Sequence) -> Option<(DocNo, usize)> {
        let mut queue = self.0.queue();
        loop {
            if queue.closing {
                return None;
            }
            if queue.docs.is_empty() {
                *before = self.0.store.applied();
            }
            if let Some(doc) = queue.docs.pop() {
                queue.waiting.remove(&doc);
                queue.busy = true;
                return Some((doc, queue.docs.len()));
            }
            queue = self.0.wait(queue, Duration::from_secs(30));
            if queue.docs.is_empty() {
                self.0.let_go();
            }
        }
    }

    /// Notes how far everything is embedded: what came while the last were at work comes again.
    fn reached(&self, sequence: Sequence) {
        if let Some(current) = self.0.current() {
            // Without the note the next start looks at more than it has to.
            let _ = current.vectors.reach(sequence);
        }
    }

    fn embed(&self, current: &Current, doc: DocNo) -> Result<(), DeskError> {
        let entry = self.0.store.directory().entry(doc);
        if entry.is_none_or(|entry| entry.removed || entry.is_article) {
            return Ok(current.vectors.remove(doc)?);
        }
        let Body::Ticket(ticket) = self.0.store.body(doc)? else {
            return Ok(());
        };
        let (asked, said) = (question(&ticket), conversation(&ticket));
        let digest = digest(&asked, &said);
        if current.vectors.digest(doc) == Some(digest) {
            return Ok(());
        }
        let model = self.0.model(&current.installed)?;
        let all = asked.chars().count() + said.chars().count();
        let [asked, said] = [asked, said].map(|text| vector(&model, &text, all));
        Ok(current.vectors.put(doc, digest, [asked?, said?])?)
    }

    fn tell(&self, left: usize, total: usize, over: bool) {
        if total <= FEW || !(over || left.is_multiple_of(TOLD)) {
            return;
        }
        self.0.pushes.send(&Push::Progress(Progress {
            job: None,
            what: "embed".to_owned(),
            done: total.saturating_sub(left) as u64,
            total: total as u64,
            state: if over {
                JobState::Done
            } else {
                JobState::Running
            },
        }));
    }
}

/// The vector of a part of a ticket that has so many characters in all.
fn vector(model: &Model, text: &str, all: usize) -> Result<Option<Vector>, DeskError> {
    if text.is_empty() {
        return Ok(None);
    }
    give_way();
    let embedding = model.embed(text, Role::Passage).map_err(DeskError::bug)?;
    let own = text.chars().count() as f32 / all.max(1) as f32;
    Ok(Some(Vector {
        values: embedding.vector,
        share: embedding.read * own,
    }))
}

fn give_way() {
    let begun = Instant::now();
    while spare::is_asked() && begun.elapsed() < PATIENCE {
        thread::sleep(LOOK);
    }
}

/// What customer and agent said to each other.
fn conversation(ticket: &Ticket) -> String {
    let turns = ticket.dialogue.iter().filter(|turn| match turn.speaker {
        Speaker::Customer => true,
        Speaker::Agent => !is_holding(&turn.text),
        Speaker::Other | Speaker::Internal => false,
    });
    let turns: Vec<&str> = turns.map(|turn| turn.text.as_str()).collect();
    turns.join("\n")
}

fn digest(asked: &str, said: &str) -> u64 {
    let mut hasher = blake3::Hasher::new();
    hasher
        .update(asked.as_bytes())
        .update(b"\0")
        .update(said.as_bytes());
    let digest = hasher.finalize();
    let first = digest.as_bytes().first_chunk::<8>();
    first.map_or(0, |bytes| u64::from_le_bytes(*bytes))
}
