//! The index library alone: the bound of any import. Once it is fed the fields that analysis
//! makes, ready-made, and once these are made on the same processors.

use gongdan::search::bare::{self, Entry, Maker};
use tantivy::IndexWriter;
use tantivy::indexer::UserOperation;

use crate::clock::{Clock, Spent};
use crate::corpus::Corpus;

/// Tickets compared at most: their fields are held in memory, 8 kB each.
const MOST: u32 = 100_000;

/// Memory of the writer, in bytes a thread.
const WRITER_BYTES: usize = 100 << 20;

/// Seconds that the library takes for a ticket.
#[derive(Clone, Copy)]
pub struct Bare {
    pub ready_made: f64,
    pub analysed: f64,
}

/// Prints how long the library takes for some tickets.
pub fn measure(corpus: &Corpus, tickets: u32) -> Bare {
    let tickets = tickets.min(MOST);
    let documents = || (0..tickets).map(|n| corpus.case(n).document()).collect();
    let maker = Maker::new();
    let analysed = written(maker.groups(documents()));
    let ready_made = written(maker.ready_made(documents()));
    let rate = |spent: Spent| f64::from(tickets) / spent.clock;
    println!(
        "{tickets} tickets, clock and processors: bare index {:.1} s {:.1} s ({:.0}/s), \
         with analysis {:.1} s {:.1} s ({:.0}/s)",
        ready_made.clock,
        ready_made.processors,
        rate(ready_made),
        analysed.clock,
        analysed.processors,
        rate(analysed),
    );
    Bare {
        ready_made: ready_made.clock / f64::from(tickets),
        analysed: analysed.clock / f64::from(tickets),
    }
}

/// What it costs to write an index.
fn written(groups: Vec<Vec<Entry>>) -> Spent {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let index = bare::index(dir.path()).expect("an index");
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let clock = Clock::start();
    let mut writer: IndexWriter<Entry> = index
        .writer_with_num_threads(threads, WRITER_BYTES * threads)
        .expect("a writer");
    for group in groups {
        let group: Vec<_> = group.into_iter().map(UserOperation::Add).collect();
        writer.run(group).expect("documents are taken");
    }
    writer.commit().expect("a commit");
    writer.wait_merging_threads().expect("merges");
    clock.stop()
}
