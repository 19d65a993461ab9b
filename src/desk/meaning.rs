//! Search by meaning: the model that is installed, the vectors of the tickets, and the thread that
//! makes them.
//!
//! The model lies in `models` of the data directory, a copy of what a curator gave; the vectors
//! lie beside the index and are derived like it. Without a model nothing here does anything. A
//! model that nobody has needed for five minutes is let go: it is read again in less than a second.

mod install;
#[cfg(feature = "semantic")]
#[cfg(test)]
mod tests;
mod worker;

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, RwLock};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::api::{DeskError, Fanout, ModelStatus};
use crate::embed::{Model, Role};
use crate::model::{DocNo, Ticket, TicketFilter};
use crate::search::{Near, VectorKey, Vectors};
use crate::store::Store;
use install::Installed;
use worker::Worker;

/// Digits from which on a word of Latin letters is the number of something.
const CODE: usize = 5;

/// How long a model stays in memory after it was last needed.
const KEPT: Duration = Duration::from_secs(300);

/// Search by meaning of one desk.
pub(super) struct Meaning {
    shared: Arc<Shared>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

/// What requests and the thread share.
struct Shared {
    /// Where models lie.
    models: PathBuf,
    vectors_path: PathBuf,
    store: Arc<Store>,
    pushes: Arc<Fanout>,
    current: RwLock<Option<Current>>,
    loaded: Mutex<Option<Loaded>>,
    queue: Mutex<Queue>,
    changed: Condvar,
}

/// The model that is installed, with what was made by it.
#[derive(Clone)]
struct Current {
    installed: Installed,
    vectors: Arc<Vectors>,
}

/// A model in memory.
struct Loaded {
    hash: String,
    model: Arc<Model>,
    used: Instant,
}

/// Tickets that wait to be embedded.
#[derive(Default)]
struct Queue {
    /// The next one last.
    docs: Vec<DocNo>,
    waiting: HashSet<DocNo>,
    /// Tickets that were there when the thread was last idle, or came since.
    total: usize,
    /// Whether the thread is at one that it took from here.
    busy: bool,
    closing: bool,
    /// Why the thread gave up.
    failed: Option<String>,
}

/// A query with its vector.
pub(super) struct Meant {
    current: Current,
    vector: Vec<f32>,
}

impl Meaning {
    pub(super) fn open(dir: &Path, store: Arc<Store>, pushes: Arc<Fanout>) -> Self {
        let shared = Shared {
            models: dir.join("models"),
            vectors_path: dir.join("vectors.bin"),
            store,
            pushes,
            current: RwLock::default(),
            loaded: Mutex::default(),
            queue: Mutex::default(),
            changed: Condvar::new(),
        };
        // A model that cannot be used any more is as good as none; its status says why.
        if let Err(error) = shared.take_up() {
            shared.queue().failed = Some(error.to_string());
        }
        Self {
            shared: Arc::new(shared),
            thread: Mutex::default(),
        }
    }

    /// Begins to embed what waits, on a thread that yields to everybody else.
    pub(super) fn start(&self) -> Result<(), DeskError> {
        let mut thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner);
        if thread.is_some() || self.shared.current().is_none() {
            return Ok(());
        }
        let worker = Worker(Arc::clone(&self.shared));
        let begun = thread::Builder::new()
            .name("meaning".to_owned())
            .spawn(move || worker.run());
        *thread = Some(begun.map_err(DeskError::bug)?);
        Ok(())
    }

    /// Tickets were changed, added or removed.
    pub(super) fn changed(&self, docs: &[DocNo]) {
        if self.shared.current().is_some() {
            self.shared.queue().add(docs.iter().copied());
            self.shared.changed.notify_all();
        }
    }

    /// Installs the model of a directory in the place of the one there is.
    pub(super) fn install(&self, path: &str) -> Result<ModelStatus, DeskError> {
        install::install(&self.shared.models, Path::new(path))?;
        self.shared.forget();
        self.shared.take_up()?;
        self.start()?;
        Ok(self.status())
    }

    /// Takes the model and everything made by it away.
    pub(super) fn remove(&self) -> Result<ModelStatus, DeskError> {
        self.shared.forget();
        install::remove(&self.shared.models, &self.shared.vectors_path)?;
        Ok(self.status())
    }

    /// What is installed, and how far it has come.
    pub(super) fn status(&self) -> ModelStatus {
        let current = self.shared.current();
        let (installed, embedded) = match &current {
            Some(current) => (Some(current.installed.told()), current.vectors.len()),
            None => (None, 0),
        };
        let loaded = self.shared.loaded().is_some();
        let queue = self.shared.queue();
        ModelStatus {
            installed,
            embedded,
            waiting: queue.docs.len() + usize::from(queue.busy),
            loaded,
            failed: queue.failed.clone(),
        }
    }

    /// Returns when everything that waits is embedded.
    pub(super) fn wait(&self) -> Result<(), DeskError> {
        self.start()?;
        let mut queue = self.shared.queue();
        while (queue.busy || !queue.docs.is_empty()) && queue.failed.is_none() && !queue.closing {
            queue = self.shared.wait(queue, Duration::from_secs(60));
        }
        match &queue.failed {
            Some(detail) => Err(DeskError::Storage {
                path: None,
                detail: detail.clone(),
            }),
            None => Ok(()),
        }
    }

    /// Whether a text could be told by what it means.
    pub(super) fn is_ready(&self) -> bool {
        let current = self.shared.current();
        current.is_some_and(|current| !current.vectors.is_empty())
    }

    /// A text with its vector; `None` without a model, or where nothing is embedded yet. A model
    /// that fails is none: words still find.
    pub(super) fn meant(&self, text: &str) -> Option<Meant> {
        let current = self.shared.current().filter(|_| !text.trim().is_empty())?;
        if current.vectors.is_empty() {
            return None;
        }
        let model = self.shared.model(&current.installed).ok()?;
        let embedding = model.embed(text, Role::Query).ok()?;
        Some(Meant {
            current,
            vector: embedding.vector,
        })
    }
}

impl Meant {
    /// Asks for what is near, among what a filter lets through.
    pub(super) fn among<T>(
        &self,
        store: &Store,
        filter: &TicketFilter,
        ask: impl FnOnce(&Near<'_>) -> T,
    ) -> T {
        let filtered = *filter != TicketFilter::default();
        let chosen: Option<HashSet<DocNo>> =
            filtered.then(|| store.directory().list(filter).collect());
        let entry = |doc| {
            let entry = store.directory().entry(doc);
            entry.is_some_and(|entry| !entry.removed && !entry.is_article)
        };
        let passes = |doc: DocNo| match &chosen {
            Some(chosen) => chosen.contains(&doc),
            None => entry(doc),
        };
        ask(&Near {
            vectors: &self.current.vectors,
            query: &self.vector,
            passes: &passes,
        })
    }
}

/// What of a ticket says what it is about: title and question, without what stands there twice and
/// without numbers of tickets and orders, which mean nothing.
pub(super) fn question(ticket: &Ticket) -> String {
    let words = ticket.title.split_whitespace();
    let words: Vec<&str> = words.filter(|word| !is_code(word)).collect();
    let (title, question) = (words.join(" "), ticket.question.trim());
    if question.contains(&title) {
        return question.to_owned();
    }
    format!("{title}\n{question}").trim().to_owned()
}

/// Whether a word is a number of something, such as `[GD20240011]`.
fn is_code(word: &str) -> bool {
    let inner = word.trim_matches(|c: char| !c.is_alphanumeric());
    let digits = inner.chars().filter(char::is_ascii_digit).count();
    digits >= CODE && inner.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
}

impl Shared {
    fn current(&self) -> Option<Current> {
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
        current.clone()
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn loaded(&self) -> MutexGuard<'_, Option<Loaded>> {
        self.loaded.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'a>(&self, queue: MutexGuard<'a, Queue>, most: Duration) -> MutexGuard<'a, Queue> {
        let waited = self.changed.wait_timeout(queue, most);
        waited.unwrap_or_else(PoisonError::into_inner).0
    }

    /// Opens what is installed, and queues what it has not seen, the newest tickets first.
    fn take_up(&self) -> Result<(), DeskError> {
        let Some(installed) = install::installed(&self.models)? else {
            return Ok(());
        };
        let key = VectorKey {
            store: self.store.id(),
            model: installed.key(),
            dimensions: installed.dimensions,
        };
        let vectors = Vectors::open(&self.vectors_path, key)?;
        let everything = TicketFilter::default();
        let mut docs: Vec<DocNo> = self.store.directory().list(&everything).collect();
        let since: HashSet<DocNo> = self
            .store
            .changed_since(vectors.reached())?
            .into_iter()
            .collect();
        let looked_at = |doc: &DocNo| vectors.digest(*doc).is_none() || since.contains(doc);
        docs.retain(looked_at);
        docs.reverse();
        let current = Current {
            installed,
            vectors: Arc::new(vectors),
        };
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Some(current);
        let mut queue = self.queue();
        *queue = Queue {
            closing: queue.closing,
            ..Queue::default()
        };
        // The last comes first; of what was removed since, the vectors go.
        let shown: HashSet<DocNo> = docs.iter().copied().collect();
        queue.add(since.into_iter().filter(|doc| !shown.contains(doc)));
        queue.add(docs);
        drop(queue);
        self.changed.notify_all();
        Ok(())
    }

    /// Lets go of what is installed.
    fn forget(&self) {
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = None;
        *self.loaded() = None;
        let mut queue = self.queue();
        queue.docs.clear();
        queue.waiting.clear();
        queue.failed = None;
        // What is being embedded now would be written into the next model's file.
        while queue.busy {
            queue = self.wait(queue, Duration::from_secs(1));
        }
    }

    /// The model, read if it is not in memory.
    fn model(&self, installed: &Installed) -> Result<Arc<Model>, DeskError> {
        let mut loaded = self.loaded();
        if let Some(loaded) = loaded.as_mut().filter(|own| own.hash == installed.hash) {
            loaded.used = Instant::now();
            return Ok(Arc::clone(&loaded.model));
        }
        let dir = installed.dir(&self.models);
        let model = Model::open(&dir).map_err(|error| install::refused(&dir, &error))?;
        let model = Arc::new(model);
        *loaded = Some(Loaded {
            hash: installed.hash.clone(),
            model: Arc::clone(&model),
            used: Instant::now(),
        });
        Ok(model)
    }

    /// Lets a model go that nobody has needed for a while.
    fn let_go(&self) {
        let mut loaded = self.loaded();
        if loaded.as_ref().is_some_and(|own| own.used.elapsed() > KEPT) {
            *loaded = None;
        }
    }
}

impl Queue {
    fn add(&mut self, docs: impl IntoIterator<Item = DocNo>) {
        for doc in docs {
            if self.waiting.insert(doc) {
                self.docs.push(doc);
                self.total += 1;
            }
        }
    }
}

impl Drop for Meaning {
    /// What waits is embedded after the next start.
    fn drop(&mut self) {
        self.shared.queue().closing = true;
        self.shared.changed.notify_all();
        let thread = self
            .thread
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(thread) = thread.take() {
            // A panic of the thread was its own end.
            let _ = thread.join();
        }
    }
}
