//! The index against a plain scan: whatever is put, removed, committed and reopened.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::{STORE, ticket};
use crate::model::{DocNo, Sequence, TicketFilter};
use crate::search::{Lexicon, Search, Standing};

const WORDS: [&str; 6] = ["证书", "退款", "域名", "解析", "qshell", "612"];

#[derive(Debug, Clone)]
enum Step {
    Put(Vec<(u32, Vec<usize>)>),
    Remove(u32),
    Commit,
    Flush,
    /// The process ends here, as if killed: what was not committed may be lost, and the desk
    /// puts again what came after the sequence that the index tells.
    Reopen,
    Rebuild,
}

fn step() -> impl Strategy<Value = Step> {
    let words = prop::collection::vec(0..WORDS.len(), 0..4);
    prop_oneof![
        5 => prop::collection::vec((0u32..12, words), 1..5).prop_map(Step::Put),
        2 => (0u32..12).prop_map(Step::Remove),
        2 => Just(Step::Commit),
        2 => Just(Step::Flush),
        1 => Just(Step::Reopen),
        1 => Just(Step::Rebuild),
    ]
}

/// The store: every change with its sequence.
#[derive(Default)]
struct Log {
    changes: Vec<(u32, Option<Vec<usize>>)>,
}

impl Log {
    fn state(&self) -> BTreeMap<u32, Vec<usize>> {
        let mut state = BTreeMap::new();
        for (doc, words) in &self.changes {
            match words {
                Some(words) => state.insert(*doc, words.clone()),
                None => state.remove(doc),
            };
        }
        state
    }

    fn apply(search: &Search, change: &(u32, Option<Vec<usize>>)) {
        match &change.1 {
            Some(words) => search.put(vec![document(change.0, words)]).unwrap(),
            None => search.remove(&[DocNo(change.0)]).unwrap(),
        }
    }
}

fn document(doc: u32, words: &[usize]) -> crate::search::Document {
    let text: Vec<&str> = words.iter().map(|at| WORDS[*at]).collect();
    ticket(doc, "题", &text.join("，"), "")
}

fn check(search: &Search, log: &Log) {
    search.flush().unwrap();
    let state = log.state();
    assert_eq!(search.documents(), state.len());
    for (at, word) in WORDS.iter().enumerate() {
        let expected: Vec<DocNo> = state
            .iter()
            .filter(|(_, words)| words.contains(&at))
            .map(|(doc, _)| DocNo(*doc))
            .collect();
        let query = format!("\"{word}\"");
        let found = search.matching(&query, &TicketFilter::default()).unwrap();
        assert_eq!(found, expected, "{word}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]
    #[test]
    fn the_index_holds_what_a_plain_scan_finds(steps in prop::collection::vec(step(), 1..14)) {
        let dir = tempfile::tempdir().unwrap();
        let lexicon = Lexicon::default();
        let (mut search, _) = Search::open(dir.path(), STORE, &lexicon).unwrap();
        let mut log = Log::default();
        for step in steps {
            match step {
                Step::Put(documents) => {
                    let made: Vec<_> = documents
                        .iter()
                        .map(|(doc, words)| document(*doc, words))
                        .collect();
                    // The last of several under one number holds.
                    for document in made {
                        search.put(vec![document]).unwrap();
                    }
                    for (doc, words) in documents {
                        log.changes.push((doc, Some(words)));
                    }
                }
                Step::Remove(doc) => {
                    search.remove(&[DocNo(doc)]).unwrap();
                    log.changes.push((doc, None));
                }
                Step::Commit => search.commit(Sequence(log.changes.len() as u64)).unwrap(),
                Step::Flush => search.flush().unwrap(),
                Step::Reopen => {
                    drop(search);
                    let (again, standing) = Search::open(dir.path(), STORE, &lexicon).unwrap();
                    search = again;
                    let Standing::At(Sequence(at)) = standing else {
                        panic!("{standing:?}");
                    };
                    for change in log.changes.iter().skip(at as usize) {
                        Log::apply(&search, change);
                    }
                }
                Step::Rebuild => {
                    let mut rebuilder = search.rebuild(&lexicon).unwrap();
                    for (doc, words) in log.state() {
                        rebuilder.put(vec![document(doc, &words)]).unwrap();
                    }
                    rebuilder.finish(Sequence(log.changes.len() as u64)).unwrap();
                }
            }
        }
        check(&search, &log);
    }
}
