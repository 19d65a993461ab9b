//! Whether a question may spread over the processors: only as far as no other needs them.
//!
//! One agent alone gets an answer sooner when all processors work on it. Where hundreds ask, each
//! processor has a question of its own, and threads that are made for parts of one only cost.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Questions that are worked on in this process.
static ASKED: AtomicUsize = AtomicUsize::new(0);

/// A question that is worked on, until it is dropped.
pub struct Asked(());

impl Asked {
    /// Work on a question begins.
    #[must_use]
    pub fn begin() -> Self {
        ASKED.fetch_add(1, Ordering::Relaxed);
        Self(())
    }
}

impl Drop for Asked {
    fn drop(&mut self) {
        ASKED.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Whether any question is worked on.
pub fn is_asked() -> bool {
    ASKED.load(Ordering::Relaxed) > 0
}

/// How many threads a question may work with, its own among them: as many as there are processors
/// while it is the only one.
pub fn threads() -> usize {
    // Asking the system each time costs more than some answers.
    static PROCESSORS: OnceLock<usize> = OnceLock::new();
    let processors =
        *PROCESSORS.get_or_init(|| std::thread::available_parallelism().map_or(1, usize::from));
    processors / ASKED.load(Ordering::Relaxed).max(1)
}
