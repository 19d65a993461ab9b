//! The life of the index: opened or made anew, changed, committed on a thread of its own, rebuilt
//! beside itself and swapped.
//!
//! A directory holds one subdirectory an index and the file `current`, which names the serving
//! one and is replaced in one step. Everything else in the directory is left over and deleted.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, RwLock};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::analysis::Analyser;
use super::collect::{Categories, Passages};
use super::find::ResolvedQuery;
use super::index::{IndexHandle, Payload};
use super::query_cache::QueryCache;
use super::{Document, Lexicon, RebuildReason, SearchError, Standing};
use crate::model::{DocNo, Sequence};

/// Name of the file that names the serving index.
const CURRENT: &str = "current";

/// Changes up to this many documents are committed at once, after [`SHORT_WAIT`].
const FEW: usize = 64;

/// How long few changes wait for company.
const SHORT_WAIT: Duration = Duration::from_millis(4);

/// How long many changes wait for a commit of the caller's: every commit ends a segment, and many
/// small ones are merged at great cost.
const LONG_WAIT: Duration = Duration::from_secs(30);

/// An index with the analyser its terms were made by.
pub struct Edition {
    /// The index.
    pub index: IndexHandle,
    /// The analyser.
    pub analyser: Arc<Analyser>,
    /// What was decided on the queries asked last.
    pub cache: QueryCache<ResolvedQuery>,
    /// The categories of its entries.
    pub categories: Categories,
    /// Those that are passages.
    pub passages: Passages,
}

impl Edition {
    fn new(index: IndexHandle, analyser: Analyser) -> Arc<Self> {
        Arc::new(Self {
            index,
            analyser: Arc::new(analyser),
            cache: QueryCache::default(),
            categories: Categories::default(),
            passages: Passages::default(),
        })
    }
}

/// What the handle and the committing thread share.
struct Shared {
    serving: RwLock<Arc<Edition>>,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    /// Documents changed since the last commit.
    dirty: usize,
    /// When the first of them was.
    since: Option<Instant>,
    /// Everything up to here has been put.
    asked: Option<Sequence>,
    /// Counts changes and requests to commit.
    wanted: u64,
    /// The count that the last commit covered.
    done: u64,
    /// Whether somebody waits for the commit.
    urgent: bool,
    closed: bool,
    failure: Option<String>,
    /// A new index in the making.
    next: Option<Arc<Next>>,
}

/// A new index and the documents changed since it was begun.
struct Next {
    edition: Arc<Edition>,
    touched: Mutex<HashSet<DocNo>>,
}

/// The index of one store with its committing thread.
pub struct Engine {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
    settling: Mutex<Option<JoinHandle<()>>>,
    root: PathBuf,
    store_id: [u8; 16],
}

/// Takes a lock whose holder may have panicked: every state behind ours is whole at any time.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn io(path: &Path) -> impl FnOnce(std::io::Error) -> SearchError {
    let path = path.to_owned();
    move |source| SearchError::Io { path, source }
}

impl Engine {
    /// Opens the serving index, or makes an empty one where it cannot serve.
    pub fn open(
        root: &Path,
        store_id: [u8; 16],
        lexicon: &Lexicon,
    ) -> Result<(Self, Standing), SearchError> {
        std::fs::create_dir_all(root).map_err(io(root))?;
        let analyser = Analyser::new(lexicon);
        let wanted = Payload::empty(&store_id, analyser.digest());
        let (index, standing) = match existing(root, &wanted) {
            Ok((index, standing)) => (index, standing),
            Err(reason) => {
                let index = IndexHandle::create(&fresh(root)?, wanted)?;
                appoint(root, index.dir())?;
                (index, Standing::Rebuild { reason })
            }
        };
        sweep(root, &[index.dir()]);
        let shared = Arc::new(Shared {
            serving: RwLock::new(Edition::new(index, analyser)),
            state: Mutex::default(),
            changed: Condvar::new(),
        });
        let committing = Arc::clone(&shared);
        let thread = std::thread::Builder::new()
            .name("index".into())
            .spawn(move || committing.commits())
            .map_err(io(root))?;
        let engine = Self {
            shared,
            thread: Some(thread),
            settling: Mutex::default(),
            root: root.to_owned(),
            store_id,
        };
        Ok((engine, standing))
    }

    /// The serving index.
    pub fn serving(&self) -> Arc<Edition> {
        self.shared.serving()
    }

    /// Replaces documents.
    pub fn put(&self, documents: &[Arc<Document>]) -> Result<(), SearchError> {
        let (serving, next) = self.shared.editions()?;
        if let Some(next) = &next {
            lock(&next.touched).extend(documents.iter().map(|document| document.doc));
            put_into(&next.edition, documents)?;
        }
        let outcome = put_into(&serving, documents);
        self.shared.note(documents.len());
        self.shared.unless_swapped(&serving, outcome)
    }

    /// Takes documents out.
    pub fn remove(&self, docs: &[DocNo]) -> Result<(), SearchError> {
        let (serving, next) = self.shared.editions()?;
        for doc in docs {
            if let Some(next) = &next {
                lock(&next.touched).insert(*doc);
                next.edition.index.remove(*doc);
            }
            serving.index.remove(*doc);
        }
        self.shared.note(docs.len());
        Ok(())
    }

    /// Notes that everything up to a sequence has been put.
    pub fn commit(&self, sequence: Sequence) -> Result<(), SearchError> {
        let mut state = self.shared.open_state()?;
        state.asked = Some(sequence);
        state.wanted += 1;
        drop(state);
        self.shared.changed.notify_all();
        Ok(())
    }

    /// Waits until everything wanted so far is committed.
    pub fn flush(&self) -> Result<(), SearchError> {
        let mut state = self.shared.open_state()?;
        let target = state.wanted;
        while state.done < target {
            state.urgent = true;
            self.shared.changed.notify_all();
            state = self
                .shared
                .changed
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
            self.shared.check(&state)?;
        }
        Ok(())
    }

    /// Merges what many changes left behind, on a thread of its own.
    pub fn settle(&self) {
        let mut settling = lock(&self.settling);
        if settling
            .as_ref()
            .is_some_and(|thread| !thread.is_finished())
        {
            return;
        }
        let serving = self.serving();
        let thread = std::thread::Builder::new().name("merge".into());
        // Without a thread, or when it fails, search goes on with more segments.
        *settling = thread.spawn(move || drop(serving.index.settle())).ok();
    }

    /// Begins a new index beside the serving one.
    pub fn rebuild(self: &Arc<Self>, lexicon: &Lexicon) -> Result<Rebuild, SearchError> {
        let analyser = Analyser::new(lexicon);
        let payload = Payload::empty(&self.store_id, analyser.digest());
        let index = IndexHandle::create(&fresh(&self.root)?, payload)?;
        let next = Arc::new(Next {
            edition: Edition::new(index, analyser),
            touched: Mutex::default(),
        });
        // A rebuild begun while another runs takes its place.
        lock(&self.shared.state).next = Some(Arc::clone(&next));
        Ok(Rebuild {
            engine: Arc::clone(self),
            next,
            finished: false,
        })
    }

    fn swap(&self, next: &Arc<Next>, sequence: Sequence) -> Result<(), SearchError> {
        // What waits for the old index must not be told done before it is in the new one.
        next.edition.index.commit(Some(sequence))?;
        appoint(&self.root, next.edition.index.dir())?;
        let mut state = lock(&self.shared.state);
        let old = std::mem::replace(
            &mut *self
                .shared
                .serving
                .write()
                .unwrap_or_else(PoisonError::into_inner),
            Arc::clone(&next.edition),
        );
        if state.next.as_ref().is_some_and(|n| Arc::ptr_eq(n, next)) {
            state.next = None;
        }
        // What was put between the commit above and now is in the new index and uncommitted.
        state.dirty += 1;
        state.wanted += 1;
        state.since.get_or_insert_with(Instant::now);
        drop(state);
        self.shared.changed.notify_all();
        // Searches that still run hold its files open; their names may go.
        let dir = old.index.dir().to_owned();
        drop(old);
        let _ = std::fs::remove_dir_all(dir);
        Ok(())
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        lock(&self.shared.state).closed = true;
        self.shared.changed.notify_all();
        let settling = lock(&self.settling).take();
        for thread in self.thread.take().into_iter().chain(settling) {
            // A panic of the thread has been told by the panic hook.
            let _ = thread.join();
        }
    }
}

impl Shared {
    fn serving(&self) -> Arc<Edition> {
        let serving = self.serving.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&serving)
    }

    fn check(&self, state: &State) -> Result<(), SearchError> {
        match &state.failure {
            Some(detail) => Err(SearchError::Commit {
                detail: detail.clone(),
            }),
            None if state.closed => Err(SearchError::Closed),
            None => Ok(()),
        }
    }

    fn open_state(&self) -> Result<MutexGuard<'_, State>, SearchError> {
        let state = lock(&self.state);
        self.check(&state)?;
        Ok(state)
    }

    /// What became of a change of the serving index; if another took its place, that has it.
    fn unless_swapped(
        &self,
        serving: &Arc<Edition>,
        outcome: Result<(), SearchError>,
    ) -> Result<(), SearchError> {
        if Arc::ptr_eq(serving, &self.serving()) {
            outcome
        } else {
            Ok(())
        }
    }

    fn editions(&self) -> Result<(Arc<Edition>, Option<Arc<Next>>), SearchError> {
        let state = self.open_state()?;
        Ok((self.serving(), state.next.clone()))
    }

    fn note(&self, documents: usize) {
        let mut state = lock(&self.state);
        state.dirty += documents;
        state.wanted += 1;
        state.since.get_or_insert_with(Instant::now);
        drop(state);
        self.changed.notify_all();
    }

    /// The committing thread.
    fn commits(&self) {
        let mut state = lock(&self.state);
        loop {
            state = self.due(state);
            if state.wanted == state.done {
                if state.closed {
                    return;
                }
                // Somebody hurried a commit that was under way.
                state.urgent = false;
                continue;
            }
            let (wanted, asked) = (state.wanted, state.asked.take());
            state.dirty = 0;
            state.since = None;
            state.urgent = false;
            let last = state.closed;
            drop(state);
            let serving = self.serving();
            let outcome = serving.index.commit(asked);
            if !Arc::ptr_eq(&serving, &self.serving()) {
                // The swap deleted the old index under this commit, which wrote into it again.
                let _ = std::fs::remove_dir_all(serving.index.dir());
            }
            state = lock(&self.state);
            match outcome {
                // The old index was deleted under the commit; the new one takes it.
                Err(_) if !Arc::ptr_eq(&serving, &self.serving()) => {
                    state.asked = state.asked.or(asked);
                    continue;
                }
                Err(error) => state.failure = Some(chain(&error)),
                Ok(()) => {}
            }
            state.done = wanted;
            self.changed.notify_all();
            if last || state.failure.is_some() {
                return;
            }
        }
    }

    /// Waits until a commit is due, or nothing more will come.
    fn due<'a>(&self, mut state: MutexGuard<'a, State>) -> MutexGuard<'a, State> {
        loop {
            if state.closed || state.urgent || state.asked.is_some() {
                return state;
            }
            let wait = match state.since {
                None => None,
                Some(since) => {
                    let wait = if state.dirty <= FEW {
                        SHORT_WAIT
                    } else {
                        LONG_WAIT
                    };
                    Some(wait.saturating_sub(since.elapsed()))
                }
            };
            state = match wait {
                Some(Duration::ZERO) => return state,
                Some(wait) => {
                    self.changed
                        .wait_timeout(state, wait)
                        .unwrap_or_else(PoisonError::into_inner)
                        .0
                }
                None => self
                    .changed
                    .wait(state)
                    .unwrap_or_else(PoisonError::into_inner),
            };
        }
    }
}

/// A new index being built beside the serving one.
pub struct Rebuild {
    engine: Arc<Engine>,
    next: Arc<Next>,
    finished: bool,
}

impl Rebuild {
    /// Adds documents, except those that were changed meanwhile: their newer text is there.
    pub fn put(&mut self, documents: &[Arc<Document>]) -> Result<(), SearchError> {
        let touched = lock(&self.next.touched);
        let untouched = documents.iter().filter(|d| !touched.contains(&d.doc));
        let untouched: Vec<Arc<Document>> = untouched.cloned().collect();
        drop(touched);
        put_into(&self.next.edition, &untouched)
    }

    /// Commits the new index and puts it in the place of the old one.
    pub fn finish(mut self, sequence: Sequence) -> Result<(), SearchError> {
        self.finished = true;
        let outcome = self.engine.swap(&self.next, sequence);
        if outcome.is_err() {
            self.abandon();
        }
        outcome
    }

    fn abandon(&self) {
        let mut state = lock(&self.engine.shared.state);
        if state
            .next
            .as_ref()
            .is_some_and(|n| Arc::ptr_eq(n, &self.next))
        {
            state.next = None;
        }
        drop(state);
        let _ = std::fs::remove_dir_all(self.next.edition.index.dir());
    }
}

impl Drop for Rebuild {
    fn drop(&mut self) {
        if !self.finished {
            self.abandon();
        }
    }
}

/// Puts documents into an index.
fn put_into(edition: &Edition, documents: &[Arc<Document>]) -> Result<(), SearchError> {
    edition.analyser.wait();
    edition.index.put(documents, &edition.analyser)
}

/// The serving index, where it can serve at all.
fn existing(root: &Path, wanted: &Payload) -> Result<(IndexHandle, Standing), RebuildReason> {
    let Ok(name) = std::fs::read_to_string(root.join(CURRENT)) else {
        return Err(RebuildReason::Missing);
    };
    let name = name.trim();
    if !name.starts_with("index-") || name.contains(['/', '\\']) {
        return Err(RebuildReason::Damaged {
            detail: format!("{CURRENT} names no index"),
        });
    }
    let index = IndexHandle::open(&root.join(name)).map_err(|error| RebuildReason::Damaged {
        detail: chain(&error),
    })?;
    let payload = index.payload();
    if payload.store != wanted.store {
        return Err(RebuildReason::OtherStore);
    }
    if payload.schema != wanted.schema {
        return Err(RebuildReason::OtherVersion);
    }
    let standing = if payload.analysis != wanted.analysis {
        Standing::Rebuild {
            reason: RebuildReason::OtherVersion,
        }
    } else if payload.lexicon != wanted.lexicon {
        Standing::Rebuild {
            reason: RebuildReason::OtherLexicon,
        }
    } else {
        Standing::At(payload.sequence)
    };
    Ok((index, standing))
}

/// An error with what it comes from.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text.push_str(": ");
        text.push_str(&error.to_string());
        source = error.source();
    }
    text
}

/// A directory name that nothing has yet.
fn fresh(root: &Path) -> Result<PathBuf, SearchError> {
    let mut number = 1;
    for entry in std::fs::read_dir(root).map_err(io(root))?.flatten() {
        let name = entry.file_name();
        let taken = name
            .to_str()
            .and_then(|name| name.strip_prefix("index-"))
            .and_then(|number| number.parse::<u64>().ok());
        number = number.max(taken.map_or(0, |taken| taken.saturating_add(1)));
    }
    Ok(root.join(format!("index-{number}")))
}

/// Makes an index the serving one, in one step.
fn appoint(root: &Path, dir: &Path) -> Result<(), SearchError> {
    use std::io::Write;
    let name = dir.file_name().unwrap_or_default().to_string_lossy();
    let path = root.join(CURRENT);
    let mut file = tempfile::NamedTempFile::new_in(root).map_err(io(root))?;
    file.write_all(name.as_bytes()).map_err(io(&path))?;
    file.as_file().sync_all().map_err(io(&path))?;
    file.persist(&path)
        .map_err(|error| io(&path)(error.error))?;
    Ok(())
}

/// Deletes what is left over of earlier indexes.
fn sweep(root: &Path, keep: &[&Path]) {
    for entry in std::fs::read_dir(root).into_iter().flatten().flatten() {
        let path = entry.path();
        let ours = entry.file_name().to_string_lossy().starts_with("index-");
        if ours && !keep.contains(&path.as_path()) {
            let _ = std::fs::remove_dir_all(path);
        }
    }
}
