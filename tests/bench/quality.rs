//! How good the rankings are: judged queries over `seeds/`, and two jobs made of any corpus.
//!
//! `cargo bench --bench quality` prints MRR@10, nDCG@10 and recall@10. Weights and analysis are
//! tuned on the queries marked `tune`; those marked `held` tell whether that carried over.
//!
//! - *hidden title*: every ticket is indexed without its title, and its title must find it.
//! - *same answer*: a ticket's question must find the other tickets that were given the same
//!   reply; *asked again* when the library holds that ticket with its answer, as it does whenever
//!   a question comes back, and else as if nobody had answered it yet.
//!
//! Everything is also asked of plain BM25 over words and pairs of characters, in the same run.
//! `GONGDAN_QUALITY_CORPUS=DIR` measures the two jobs over the documents of another folder.

#![allow(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a bench prints its figures and fails by panicking"
)]

mod measure;
mod plain;
mod seeds;

use std::collections::BTreeMap;
use std::path::PathBuf;

use gongdan::model::{DocNo, TicketFilter};
use gongdan::search::{Document, Lexicon, Search};
use measure::Figures;
use plain::Plain;
use seeds::{Corpus, Judged};

/// Rows asked for.
const LIMIT: usize = 10;

fn main() {
    let seeds = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("seeds");
    let corpus = Corpus::read(&seeds);
    println!("seeds: {} documents", corpus.documents.len());
    judged(&corpus, &Judged::read(&seeds.join("judged.jsonl")));
    jobs(&corpus);
    if let Some(dir) = std::env::var_os("GONGDAN_QUALITY_CORPUS") {
        let corpus = Corpus::read(&PathBuf::from(dir));
        println!("\nother corpus: {} documents", corpus.documents.len());
        jobs(&corpus);
    }
}

/// An index of documents in a directory that lives as long as it.
struct Shelf<'a> {
    documents: &'a [Document],
    search: Search,
    _dir: tempfile::TempDir,
}

fn shelf(documents: &[Document]) -> Shelf<'_> {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let (search, _) = Search::open(dir.path(), [1; 16], &Lexicon::default()).expect("an index");
    search.put(documents.to_vec()).expect("documents are taken");
    search.flush().expect("documents are committed");
    Shelf {
        documents,
        search,
        _dir: dir,
    }
}

impl Shelf<'_> {
    fn find(&self, query: &str) -> Vec<usize> {
        let hits = self.search.find(query, &TicketFilter::default(), LIMIT);
        let hits = hits.expect("an answer");
        numbers(&hits)
    }

    fn similar(&self, text: &str, exclude: Option<usize>) -> Vec<usize> {
        let answered = |doc: DocNo| {
            let doc = doc.0 as usize;
            let told = exclude != Some(doc);
            told.then(|| self.documents[doc].agent.clone())
        };
        let exclude = exclude.map(|at| DocNo(at as u32));
        let hits = self.search.similar(text, &answered, exclude, LIMIT);
        numbers(&hits.expect("an answer"))
    }
}

/// The documents of hits; an article stands where its best passage does.
fn numbers(hits: &gongdan::search::Hits) -> Vec<usize> {
    let mut seen = std::collections::HashSet::new();
    let numbers = hits.hits.iter().map(|hit| hit.doc.0 as usize);
    numbers.filter(|number| seen.insert(*number)).collect()
}

/// Figures of ours and of plain BM25 for the same queries.
#[derive(Default)]
struct Pair {
    ours: Figures,
    plain: Figures,
}

impl Pair {
    fn print(&self, name: &str) {
        self.ours.print(name);
        self.plain.print("  plain BM25");
    }
}

fn judged(corpus: &Corpus, queries: &[Judged]) {
    let shelf = shelf(&corpus.documents);
    let plain = Plain::new(&corpus.documents, &shelf.search);
    let mut by_kind: BTreeMap<&str, Pair> = BTreeMap::new();
    let mut by_split: BTreeMap<&str, Pair> = BTreeMap::new();
    for judged in queries {
        let rows = if judged.kind == "similar" {
            shelf.similar(&judged.query, None)
        } else {
            shelf.find(&judged.query)
        };
        let relevant = corpus.one_of_twins(&corpus.numbers(&judged.relevant));
        let rows = corpus.one_of_twins(&rows);
        let theirs = corpus.one_of_twins(&plain.find(&judged.query, None));
        // Fresh queries stay fresh only as long as nobody looks at them.
        if judged.split != "fresh" && std::env::var_os("GONGDAN_QUALITY_MISSES").is_some() {
            corpus.print_miss(judged, &rows, &relevant);
        }
        let kind = by_kind.entry(&judged.kind).or_default();
        kind.ours.add(&rows, &relevant);
        kind.plain.add(&theirs, &relevant);
        let split = by_split.entry(&judged.split).or_default();
        split.ours.add(&rows, &relevant);
        split.plain.add(&theirs, &relevant);
    }
    measure::heading("judged queries");
    for (kind, pair) in &by_kind {
        pair.print(kind);
    }
    for (split, pair) in &by_split {
        pair.print(&format!("all, {split}"));
    }
}

/// The half of a corpus that a ticket is in: weights are tuned on one.
fn half(at: usize) -> usize {
    usize::from(at % 2 == 1)
}

const HALVES: [&str; 2] = ["tune half", "held half"];

/// Hidden title and same answer, by our rankings and by plain BM25.
fn jobs(corpus: &Corpus) {
    let mut hidden = corpus.documents.clone();
    for document in &mut hidden {
        document.title.clear();
    }
    let shelf_hidden = shelf(&hidden);
    let plain = Plain::new(&hidden, &shelf_hidden.search);
    let mut halves: [Pair; 2] = Default::default();
    for (at, document) in corpus.documents.iter().enumerate() {
        if document.title.is_empty() || document.question.contains(&document.title) {
            continue;
        }
        let pair = &mut halves[half(at)];
        let found = shelf_hidden.find(&document.title);
        pair.ours.add(&found, &[at]);
        let found = plain.find(&document.title, None);
        pair.plain.add(&found, &[at]);
    }
    measure::heading("hidden title");
    for (pair, name) in halves.iter().zip(HALVES) {
        pair.print(name);
    }

    let shelf = shelf(&corpus.documents);
    let plain = Plain::new(&corpus.documents, &shelf.search);
    let mut halves: [Pair; 2] = Default::default();
    let mut again: [Figures; 2] = Default::default();
    for (at, relevant) in corpus.same_answer().iter().enumerate() {
        let question = &corpus.documents[at].question;
        if relevant.is_empty() || question.is_empty() {
            continue;
        }
        let pair = &mut halves[half(at)];
        pair.ours.add(&shelf.similar(question, Some(at)), relevant);
        let found = plain.find(question, Some(at));
        pair.plain.add(&found, relevant);
        let mut found = shelf.similar(question, None);
        found.retain(|found| *found != at);
        again[half(at)].add(&found, relevant);
    }
    measure::heading("same answer");
    for ((pair, again), name) in halves.iter().zip(&again).zip(HALVES) {
        pair.print(name);
        again.print("  asked again");
    }
}
