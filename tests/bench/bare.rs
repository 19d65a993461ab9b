//! The index library alone, fed the fields that analysis makes: the bound of any import.

use gongdan::model::Sequence;
use gongdan::search::{Lexicon, Search, bare};
use tantivy::{IndexWriter, TantivyDocument};

use crate::clock::Clock;
use crate::corpus::Corpus;

/// Tickets compared at most: their fields are held in memory, 8 kB each.
const MOST: u32 = 100_000;

/// Memory of the bare writer, in bytes a thread.
const WRITER_BYTES: usize = 100 << 20;

/// Documents put at once, as an import does.
const BATCH: usize = 1_600;

/// Prints how long the library takes for ready-made fields, and search for making them too.
pub fn compare(corpus: &Corpus, tickets: u32) {
    let tickets = tickets.min(MOST);
    let documents: Vec<_> = (0..tickets).map(|n| corpus.case(n).document()).collect();
    let dir = tempfile::tempdir().expect("a temporary directory");
    let (search, _) = Search::open(dir.path(), [1; 16], &Lexicon::default()).expect("an index");
    search.segment("证书");
    let clock = Clock::start();
    for batch in documents.chunks(BATCH) {
        search.put(batch).expect("documents are taken");
    }
    search.commit(Sequence(1)).expect("a commit");
    search.flush().expect("a commit");
    let ours = clock.stop();
    drop(search);

    let made: Vec<TantivyDocument> = bare::entries(&documents);
    drop(documents);
    let dir = tempfile::tempdir().expect("a temporary directory");
    let index = bare::index(dir.path()).expect("an index");
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let clock = Clock::start();
    let mut writer: IndexWriter = index
        .writer_with_num_threads(threads, WRITER_BYTES * threads)
        .expect("a writer");
    for document in made {
        writer.add_document(document).expect("a document is taken");
    }
    writer.commit().expect("a commit");
    writer.wait_merging_threads().expect("merges");
    let bare = clock.stop();
    let rate = |spent: f64| f64::from(tickets) / spent;
    println!(
        "{tickets} tickets, clock and processors: bare index {:.1} s {:.1} s ({:.0}/s), \
         search with analysis {:.1} s {:.1} s ({:.0}/s) = {:.2} x",
        bare.clock,
        bare.processors,
        rate(bare.clock),
        ours.clock,
        ours.processors,
        rate(ours.clock),
        ours.clock / bare.clock,
    );
}
