//! The index library alone: the bound of any import. Once it is fed the fields that analysis
//! makes, ready-made, and once these are made on the same processors.

use gongdan::search::bare::{self, Entry, Maker};
use tantivy::IndexWriter;
use tantivy::indexer::{NoMergePolicy, UserOperation};

use crate::clock::{Clock, Spent};
use crate::corpus::Corpus;

/// Tickets of which ready-made fields are held in memory at most, 8 kB each; of the others it is
/// the text alone, 3 kB.
const READY_MADE: u32 = 100_000;

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
    let documents = |tickets| (0..tickets).map(|n| corpus.case(n).document()).collect();
    let maker = Maker::new();
    let analysed = told("with analysis", tickets, maker.groups(documents(tickets)));
    let few = tickets.min(READY_MADE);
    let ready_made = told("ready-made", few, maker.ready_made(documents(few)));
    Bare {
        ready_made,
        analysed,
    }
}

/// Seconds for a ticket of those written.
fn told(what: &str, tickets: u32, groups: Vec<Vec<Entry>>) -> f64 {
    let spent = written(groups);
    println!(
        "bare index, {what}: {tickets} tickets in {:.1} s ({:.0}/s); processors {:.1} s",
        spent.clock,
        f64::from(tickets) / spent.clock,
        spent.processors,
    );
    spent.clock / f64::from(tickets)
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
    // An import leaves merging to the time after it.
    writer.set_merge_policy(Box::new(NoMergePolicy));
    for group in groups {
        let group: Vec<_> = group.into_iter().map(UserOperation::Add).collect();
        writer.run(group).expect("documents are taken");
    }
    writer.commit().expect("a commit");
    writer.wait_merging_threads().expect("merges");
    clock.stop()
}
