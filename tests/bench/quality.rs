//! How good the rankings are: judged queries over `seeds/`, and two jobs made of any corpus.
//!
//! `cargo bench --bench quality` prints MRR@10, nDCG@10 and recall@10. Weights and analysis are
//! tuned on the queries marked `tune`; those marked `held` tell whether that carried over.
//!
//! - *hidden title*: every ticket is indexed without its title, and its title must find it.
//! - *same answer*: a ticket's question must find the tickets that were given the same reply.
//!
//! Both are also asked of plain BM25 over words and pairs of characters, in the same run.
//! `GONGDAN_QUALITY_CORPUS=DIR` measures the two jobs over the documents of another folder.

#![allow(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a bench prints its figures and fails by panicking"
)]

mod measure;
mod plain;
mod seeds;

use std::collections::HashMap;
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
    search.put(documents).expect("documents are taken");
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

fn judged(corpus: &Corpus, queries: &[Judged]) {
    let shelf = shelf(&corpus.documents);
    let mut by_kind: Vec<(String, Figures)> = Vec::new();
    let mut splits: HashMap<&str, Figures> = HashMap::new();
    for judged in queries {
        let rows = if judged.kind == "similar" {
            shelf.similar(&judged.query, None)
        } else {
            shelf.find(&judged.query)
        };
        let relevant = corpus.numbers(&judged.relevant);
        let rows = corpus.one_of_twins(&rows);
        let relevant = corpus.one_of_twins(&relevant);
        if std::env::var_os("GONGDAN_QUALITY_MISSES").is_some()
            && rows.first().is_none_or(|row| !relevant.contains(row))
        {
            let first = rows.first().and_then(|at| corpus.documents.get(*at));
            println!(
                "  miss {} {} {:?}: {:?} instead of {:?}",
                judged.no,
                judged.kind,
                judged.query.chars().take(40).collect::<String>(),
                first.map(|document| &document.title),
                relevant
                    .iter()
                    .map(|at| &corpus.documents[*at].title)
                    .collect::<Vec<_>>(),
            );
        }
        let at = by_kind.iter().position(|(kind, _)| *kind == judged.kind);
        let at = at.unwrap_or_else(|| {
            by_kind.push((judged.kind.clone(), Figures::default()));
            by_kind.len() - 1
        });
        by_kind[at].1.add(&rows, &relevant);
        let split = if judged.split == "held" {
            "held"
        } else {
            "tune"
        };
        splits.entry(split).or_default().add(&rows, &relevant);
    }
    measure::heading("judged queries");
    for (kind, figures) in &by_kind {
        figures.print(kind);
    }
    for split in ["tune", "held"] {
        splits
            .entry(split)
            .or_default()
            .print(&format!("all, {split}"));
    }
}

/// Hidden title and same answer, by our rankings and by plain BM25.
fn jobs(corpus: &Corpus) {
    let mut hidden = corpus.documents.clone();
    for document in &mut hidden {
        document.title.clear();
    }
    let hidden_shelf = shelf(&hidden);
    let plain_hidden = Plain::new(&hidden, &hidden_shelf.search);
    let (mut ours, mut theirs) = (Figures::default(), Figures::default());
    for (at, document) in corpus.documents.iter().enumerate() {
        if document.title.is_empty() || document.question.contains(&document.title) {
            continue;
        }
        ours.add(&hidden_shelf.find(&document.title), &[at]);
        theirs.add(&plain_hidden.find(&document.title, None), &[at]);
    }
    measure::heading("hidden title");
    ours.print("find");
    theirs.print("plain BM25");

    let shelf = shelf(&corpus.documents);
    let plain = Plain::new(&corpus.documents, &shelf.search);
    let (mut like, mut find, mut theirs) = Default::default();
    for (at, relevant) in corpus.same_answer().iter().enumerate() {
        let question = &corpus.documents[at].question;
        if relevant.is_empty() || question.is_empty() {
            continue;
        }
        Figures::add(&mut like, &shelf.similar(question, Some(at)), relevant);
        let mut found = shelf.find(question);
        found.retain(|found| *found != at);
        Figures::add(&mut find, &found, relevant);
        Figures::add(&mut theirs, &plain.find(question, Some(at)), relevant);
    }
    measure::heading("same answer");
    like.print("similar");
    find.print("find");
    theirs.print("plain BM25");
}
