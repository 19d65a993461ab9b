//! Asking the segments of an index at the same time.

use std::sync::OnceLock;

use tantivy::{Executor, Searcher, SegmentReader};

use super::spare;

/// Entries of a segment from which a thread of its own is worth while.
pub const WORTHY: u32 = 30_000;

/// What `ask` says of every segment and its number, in their order; large ones are asked at the
/// same time, if it is worth while.
pub fn each_segment<T: Send>(
    searcher: &Searcher,
    worthy: bool,
    ask: impl Fn(&SegmentReader, usize) -> tantivy::Result<T> + Sync,
) -> tantivy::Result<Vec<T>> {
    let segments = searcher.segment_readers();
    let numbered: Vec<(usize, &SegmentReader)> = segments.iter().enumerate().collect();
    let each = |part: &[(usize, &SegmentReader)]| -> tantivy::Result<Vec<T>> {
        part.iter().map(|(ord, reader)| ask(reader, *ord)).collect()
    };
    let large = segments.iter().filter(|s| s.max_doc() >= WORTHY).count();
    let cores = spare::threads();
    if !worthy || large < 2 || cores < 2 {
        return each(&numbered);
    }
    let (first, others) = numbered.split_at(share(segments, cores));
    let part = others.len().div_ceil(cores.saturating_sub(1).max(1)).max(1);
    let parts = std::iter::once(first).chain(others.chunks(part));
    Ok(pool().map(each, parts)?.into_iter().flatten().collect())
}

/// Threads that live as long as the process: what a thread has to be given first, memory above
/// all, costs more than a question does.
pub fn pool() -> &'static Executor {
    static POOL: OnceLock<Executor> = OnceLock::new();
    POOL.get_or_init(|| {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        // Without threads everything is done by whoever asks.
        Executor::multi_thread(cores, "search-").unwrap_or_else(|_| Executor::single_thread())
    })
}

/// How many of the first segments hold about one of `cores` parts of all entries.
fn share(segments: &[SegmentReader], cores: usize) -> usize {
    let all: u64 = segments.iter().map(|s| u64::from(s.max_doc())).sum();
    let part = all / cores.max(1) as u64;
    let mut sum = 0;
    let fits = |segment: &&SegmentReader| {
        // The half of a segment decides.
        sum += u64::from(segment.max_doc());
        sum <= part + u64::from(segment.max_doc()) / 2
    };
    segments.iter().take_while(fits).count().max(1)
}
