//! One client of the daemon: it is greeted, its requests are answered, pushes are sent to it.
//!
//! Two threads and a pool: the reader takes requests, the pool has them answered, and the writer
//! writes what the socket did not take at once: answers, and pushes once they are wanted. Nothing a
//! client does or leaves undone holds up anybody but itself.

use std::collections::HashSet;
use std::io::{self, BufReader, Read, Write};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::api::{Answer, Data, DeskError, DeskExt, Ordered, Request, Retry, Role, Rule, ask};
use crate::model::{ActId, JobId, RecordId};

use super::message::{Hello, PROTOCOL, ToClient, ToDaemon, Verdict, Want, Welcome};
use super::outbox::Outbox;
use super::peer::{self, Peer};
use super::pool::Pool;
use super::rules::role_for_key;
use super::scheduler::Turn;
use super::shared::{Counted, Shared};
use super::wire::{self, MAX_FROM_CLIENT, MAX_HELLO, WireError};

/// How long a client may take for the whole of its greeting.
const GREETING: Duration = Duration::from_secs(10);

/// Bytes read from a socket at once.
const BUFFER: usize = 64 << 10;

/// Serves a connection on a thread of its own.
pub(super) fn accept(shared: &Arc<Shared>, stream: UnixStream) {
    let Ok((uid, ..)) = peer::credentials(&stream) else {
        return;
    };
    let stream = Arc::new(stream);
    let Some(number) = shared.enter(uid, &stream) else {
        return;
    };
    let served = Arc::clone(shared);
    let run = move || {
        serve(&served, &stream);
        served.ended(number);
    };
    let spawned = std::thread::Builder::new()
        .name("gongdan-session".to_owned())
        .spawn(run);
    if spawned.is_err() {
        shared.ended(number);
    }
}

/// Serves one connection until it ends. There is one descriptor for each: hundreds of clients
/// must not use up what a process may have.
fn serve(shared: &Arc<Shared>, stream: &Arc<UnixStream>) {
    let mut reader = BufReader::with_capacity(BUFFER, stream.as_ref());
    // Whatever goes wrong goes wrong for this client only.
    if let Ok(Some((peer, _counted))) = greet(shared, stream, &mut reader) {
        let made = catch_unwind(AssertUnwindSafe(|| shared.open_session(&peer)));
        if let Ok(Some(desk)) = made {
            Session::new(shared, peer, desk, stream).run(stream, reader);
        }
    }
    let _ = stream.shutdown(Shutdown::Both);
}

/// Reads the greeting and answers it; gives the client where a session follows.
fn greet<'a>(
    shared: &'a Shared,
    mut stream: &UnixStream,
    reader: &mut BufReader<&UnixStream>,
) -> Result<Option<(Peer, Counted<'a>)>, WireError> {
    stream.set_write_timeout(Some(GREETING))?;
    let credentials = peer::credentials(stream).map_err(WireError::rubbish)?;
    let mut hurried = Hurried {
        reader,
        until: Instant::now() + GREETING,
    };
    let Some(frame) = wire::read(&mut hurried, MAX_HELLO)? else {
        return Ok(None);
    };
    let hello: Hello = serde_json::from_slice(&frame.header).map_err(WireError::rubbish)?;
    let peer = Peer::new(credentials, &hello, shared.accounts());
    let role = shared.role(&peer);
    let (mut verdict, role) = judge(&hello, role);
    // Counted before it is told, so that whoever was let in is seen by all.
    let wanted = verdict == Verdict::Fine && hello.want == Want::Session;
    let counted = wanted.then(|| shared.admit(peer.uid)).flatten();
    if wanted && counted.is_none() {
        verdict = Verdict::Full;
    }
    let welcome = Welcome {
        verdict,
        info: shared.info(),
        role: role.to_owned(),
    };
    stream.write_all(&wire::encode(&welcome, &[], MAX_HELLO)?)?;
    if verdict == Verdict::Fine && hello.want == Want::Stop {
        shared.stop();
    }
    stream.set_read_timeout(None)?;
    stream.set_write_timeout(None)?;
    Ok(counted.map(|counted| (peer, counted)))
}

/// Reads until a moment, however slowly the bytes come.
struct Hurried<'a, 'b> {
    reader: &'a mut BufReader<&'b UnixStream>,
    until: Instant,
}

impl Read for Hurried<'_, '_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let left = self.until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(io::ErrorKind::TimedOut.into());
        }
        self.reader.get_ref().set_read_timeout(Some(left))?;
        self.reader.read(out)
    }
}

/// What becomes of a wish, and the role that the client has or would need.
fn judge(hello: &Hello, role: Option<Role>) -> (Verdict, &'static str) {
    let least = match hello.want {
        Want::Session | Want::Probe => Role::Reader,
        Want::Stop => Role::Admin,
    };
    match role {
        Some(_) if hello.want == Want::Session && hello.protocol != PROTOCOL => {
            (Verdict::Protocol, "")
        }
        Some(role) if role >= least => (Verdict::Fine, role.name()),
        Some(_) => (Verdict::Refused, least.name()),
        // A private daemon has only its owner, who is its admin.
        None => (Verdict::Refused, Role::Admin.name()),
    }
}

/// What the threads of one client share.
struct Session {
    shared: Arc<Shared>,
    peer: Peer,
    desk: Arc<dyn Ordered>,
    outbox: Arc<Outbox>,
    /// Work that this client began and that would go on for nobody without it.
    jobs: Mutex<HashSet<JobId>>,
}

impl Session {
    fn new(
        shared: &Arc<Shared>,
        peer: Peer,
        desk: Arc<dyn Ordered>,
        stream: &Arc<UnixStream>,
    ) -> Arc<Self> {
        Arc::new(Self {
            shared: Arc::clone(shared),
            peer,
            desk,
            outbox: Outbox::to(stream),
            jobs: Mutex::default(),
        })
    }

    fn run(self: Arc<Self>, stream: &Arc<UnixStream>, reader: BufReader<&UnixStream>) {
        let (outbox, writing) = (Arc::clone(&self.outbox), Arc::clone(stream));
        let writer = std::thread::Builder::new()
            .name("gongdan-write".to_owned())
            .spawn(move || write(&outbox, &writing));
        let Ok(writer) = writer else {
            return;
        };
        let pool = Pool::new(&self.shared.scheduler);
        let end = self.read(reader, &pool);
        if end.is_err() {
            // Rubbish: nothing more is owed, not even the answers to what came before it.
            self.outbox.close();
            let _ = stream.shutdown(Shutdown::Both);
        }
        // An import that waits for more would keep its worker waiting for ever.
        self.cancel_jobs();
        pool.finish();
        self.cancel_jobs();
        self.outbox.finish();
        let _ = writer.join();
    }

    /// Takes requests until the client ends the connection.
    fn read(
        self: &Arc<Self>,
        mut reader: BufReader<&UnixStream>,
        pool: &Arc<Pool>,
    ) -> Result<(), WireError> {
        let mut subscribed = false;
        let desk = &self.desk;
        while let Some(frame) = wire::read(&mut reader, MAX_FROM_CLIENT)? {
            let bytes = frame.header.len() + frame.payload.len();
            match ToDaemon::decode(frame)? {
                // A cancellation must not wait behind what it cancels.
                ToDaemon::Call {
                    n,
                    act,
                    request: request @ Request::Cancel(_),
                } => self.answer(n, act, request, &mut Turn::default()),
                ToDaemon::Call { n, act, request } => {
                    let session = Arc::clone(self);
                    let priority = request.rule().priority;
                    let work = move |turn: &mut Turn| session.answer(n, act, request, turn);
                    pool.submit(priority, bytes, Box::new(work));
                }
                ToDaemon::Subscribe { n } => {
                    if !std::mem::replace(&mut subscribed, true) {
                        let pushes = &self.shared.pushes;
                        pushes.add(&self.outbox, || desk.subscribe());
                    }
                    if let Some(frame) = answered(n, Ok(Answer::Taken(()))) {
                        self.outbox.answer(frame);
                    }
                }
            }
        }
        Ok(())
    }

    /// Answers one request.
    fn answer(&self, n: u64, act: Option<ActId>, request: Request, turn: &mut Turn) {
        let frame = answered(n, self.call(request.rule(), act, request));
        if let Some(frame) = frame.and_then(|frame| self.outbox.offer(frame)) {
            // The client is slow to take what was made for it: that is its own affair.
            turn.end();
            self.outbox.answer(frame);
        }
    }

    fn call(&self, rule: Rule, act: Option<ActId>, request: Request) -> Result<Answer, DeskError> {
        let role = self.shared.role(&self.peer);
        let refused = |least| DeskError::Refused { role: least };
        let role = role.filter(|role| *role >= rule.role);
        let role = role.ok_or_else(|| refused(rule.role))?;
        if let Request::ResolveConflict(ask::ResolveConflict { record, .. }) = &request
            && let Some(least) = self.settler(*record)?
            && role < least
        {
            return Err(refused(least));
        }
        let job = rule.job();
        if let Some(job) = job
            && !self.jobs().contains(&job)
        {
            return Err(DeskError::UnknownJob {
                job: job.to_string(),
            });
        }
        let ends = matches!(request, Request::ImportClose(_));
        let answer = catch_unwind(AssertUnwindSafe(|| match (rule.retry, act) {
            (Retry::SameAct, Some(act)) => self.desk.order(act, request),
            (_, _) => self.desk.call(request),
        }))
        .unwrap_or_else(|panic| Err(bug(panic.as_ref())));
        match (&answer, job) {
            (Ok(Answer::Job(job)), _) => drop(self.jobs().insert(*job)),
            (Ok(Answer::Data(Data { end: true, .. })), Some(job)) => drop(self.jobs().remove(&job)),
            (_, Some(job)) if ends => drop(self.jobs().remove(&job)),
            (_, _) => {}
        }
        answer.map(|answer| self.completed(answer))
    }

    /// The least role that may settle a conflict: the one that may change its key. `None` = there
    /// is no such conflict.
    fn settler(&self, record: RecordId) -> Result<Option<Role>, DeskError> {
        let kept = self.desk.ask(ask::Conflicts)?;
        let key = kept.into_iter().find(|kept| kept.record == record);
        let key = key.and_then(|kept| kept.mine.key.parse().ok());
        Ok(key.as_ref().map(role_for_key))
    }

    /// Adds what only the daemon knows.
    fn completed(&self, answer: Answer) -> Answer {
        match answer {
            Answer::Status(mut status) => {
                status.clients = self.shared.sessions();
                Answer::Status(status)
            }
            other => other,
        }
    }

    /// Stops what this client began and can no longer end.
    fn cancel_jobs(&self) {
        let jobs: Vec<JobId> = self.jobs().drain().collect();
        for job in jobs {
            let cancel = || self.desk.ask(ask::Cancel { job });
            // A job that is over cannot be cancelled, and need not.
            drop(catch_unwind(AssertUnwindSafe(cancel)));
        }
    }

    fn jobs(&self) -> MutexGuard<'_, HashSet<JobId>> {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The frame of an answer; where it does not fit into one, that is the answer.
fn answered(n: u64, answer: Result<Answer, DeskError>) -> Option<Vec<u8>> {
    let message = match answer {
        Ok(answer) => ToClient::Answer { n, answer },
        Err(error) => ToClient::Failed { n, error },
    };
    let frame = message.encode().or_else(|error| {
        let error = DeskError::bug(error);
        ToClient::Failed { n, error }.encode()
    });
    frame.ok()
}

/// A panic as an answer: one bad request must not end the daemon of all.
fn bug(panic: &(dyn std::any::Any + Send)) -> DeskError {
    let detail = panic
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "panicked".to_owned());
    DeskError::bug(detail)
}

/// Writes what stands in the outbox until it is closed or the client does not take it any more.
fn write(outbox: &Outbox, mut stream: &UnixStream) {
    while let Some(batch) = outbox.take() {
        let answers = batch.answers.iter().map(Vec::as_slice);
        let pushes = batch.pushes.iter().map(AsRef::as_ref);
        for frame in answers.chain(pushes) {
            if stream.write_all(frame).is_err() {
                outbox.close();
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_greeting_that_drips_ends_in_time() {
        let (here, mut there) = UnixStream::pair().unwrap();
        let client = std::thread::spawn(move || {
            // One that promises a whole greeting and never stops beginning it.
            let _ = there.write_all(&[0, 15, 0, 0]);
            while there.write_all(b"x").is_ok() {
                std::thread::yield_now();
            }
        });
        let mut reader = BufReader::with_capacity(1, &here);
        let mut hurried = Hurried {
            reader: &mut reader,
            until: Instant::now() + Duration::from_millis(20),
        };
        let read = wire::read(&mut hurried, MAX_FROM_CLIENT);
        assert!(matches!(read, Err(WireError::Io(_))), "{read:?}");
        drop(reader);
        drop(here);
        client.join().unwrap();
    }
}
