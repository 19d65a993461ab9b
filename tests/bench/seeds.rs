//! Documents and judged queries.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use gongdan::ingest::{Item, Options, Reader};
use gongdan::model::{DocNo, Speaker, Ticket, TicketId, is_holding, is_placeholder};
use gongdan::search::{Document, Kind};
use serde::Deserialize;

/// Documents with where they stood.
pub struct Corpus {
    /// The documents; a document's number is its position.
    pub documents: Vec<Document>,
    places: HashMap<(String, u32), usize>,
}

/// A judged query.
#[derive(Deserialize)]
pub struct Judged {
    /// Number, from 1.
    pub no: u32,
    /// `tune`, `held` or `fresh`.
    pub split: String,
    /// What it tries.
    pub kind: String,
    /// The query, or a pasted question.
    pub query: String,
    /// File and ordinal of the tickets that answer it.
    pub relevant: Vec<(String, u32)>,
}

impl Judged {
    pub fn read(path: &Path) -> Vec<Self> {
        let text = std::fs::read_to_string(path).expect("judged queries");
        text.lines()
            .map(|line| serde_json::from_str(line).expect("a judged query"))
            .collect()
    }
}

impl Corpus {
    /// Reads the documents of a folder.
    pub fn read(dir: &Path) -> Self {
        let mut corpus = Self {
            documents: Vec::new(),
            places: HashMap::new(),
        };
        let mut files: Vec<_> = std::fs::read_dir(dir)
            .expect("a folder")
            .flatten()
            .map(|entry| entry.path())
            .collect();
        files.sort();
        for file in files {
            let name = file
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            if matches!(name.as_str(), "README.md" | "judged.jsonl") {
                continue;
            }
            corpus.file(&name, &std::fs::read(&file).expect("a file"));
        }
        corpus
    }

    fn file(&mut self, name: &str, bytes: &[u8]) {
        let options = Options::default();
        let mut reader = Reader::new(name, &options);
        let mut items = Vec::new();
        reader.feed(bytes, &mut |item| items.push(item));
        reader.finish(&mut |item| items.push(item));
        for item in items {
            let number = self.documents.len();
            let mut hash = [0; 32];
            hash[..4].copy_from_slice(&(number as u32).to_be_bytes());
            let id = TicketId::from_hash(&hash);
            let mut document = Document::ticket(DocNo(number as u32), id);
            match item {
                Item::Ticket(parsed) => {
                    self.places
                        .insert((name.to_owned(), parsed.ordinal), number);
                    fill(&mut document, parsed.ticket);
                }
                Item::Article(parsed) => {
                    document.kind = Kind::Article;
                    document.title = parsed.article.title;
                    document.passages = parsed.article.passages;
                }
            }
            self.documents.push(document);
        }
    }

    /// The numbers of tickets by their places.
    pub fn numbers(&self, places: &[(String, u32)]) -> Vec<usize> {
        places
            .iter()
            .map(|place| {
                *self
                    .places
                    .get(place)
                    .expect("a judged ticket is in the corpus")
            })
            .collect()
    }

    /// Rows with every ticket that differs from an earlier one only in its cause replaced by it,
    /// each once.
    pub fn one_of_twins(&self, rows: &[usize]) -> Vec<usize> {
        let mut first: HashMap<(&str, &str, &str, Option<usize>), usize> = HashMap::new();
        let mut of = Vec::with_capacity(self.documents.len());
        for (at, document) in self.documents.iter().enumerate() {
            let own = (document.kind == Kind::Article).then_some(at);
            let key = (
                document.title.as_str(),
                document.question.as_str(),
                document.agent.as_str(),
                own,
            );
            of.push(*first.entry(key).or_insert(at));
        }
        let mut seen = HashSet::new();
        rows.iter()
            .filter_map(|row| of.get(*row).copied())
            .filter(|row| seen.insert(*row))
            .collect()
    }

    /// Says what stands first where nothing relevant does.
    pub fn print_miss(&self, judged: &Judged, rows: &[usize], relevant: &[usize]) {
        if rows.first().is_some_and(|row| relevant.contains(row)) {
            return;
        }
        let title = |at: &usize| &self.documents[*at].title;
        println!(
            "  miss {} {} {:?}: {:?} instead of {:?}",
            judged.no,
            judged.kind,
            judged.query.chars().take(40).collect::<String>(),
            rows.first().map(title),
            relevant.iter().map(title).collect::<Vec<_>>(),
        );
    }

    /// Of each ticket, the others that were given the same reply.
    pub fn same_answer(&self) -> Vec<Vec<usize>> {
        let mut numbers: HashMap<&str, usize> = HashMap::new();
        let mut replies: Vec<&str> = Vec::new();
        let mut given: Vec<Vec<usize>> = Vec::new();
        for document in &self.documents {
            let lines = document.agent.split('\n');
            let long = lines.filter(|line| line.chars().count() >= 40);
            let own = long.map(|line| {
                *numbers.entry(line).or_insert_with(|| {
                    replies.push(line);
                    replies.len() - 1
                })
            });
            given.push(own.collect());
        }
        let mut givers: Vec<Vec<usize>> = vec![Vec::new(); replies.len()];
        for (at, own) in given.iter().enumerate() {
            for reply in own {
                givers[*reply].push(at);
            }
        }
        let alike = alike(&replies);
        let others = |(at, own): (usize, &Vec<usize>)| {
            let like = own.iter().flat_map(|reply| &alike[*reply]);
            let mut same: Vec<usize> = like.flat_map(|reply| &givers[*reply]).copied().collect();
            same.sort_unstable();
            same.dedup();
            same.retain(|other| *other != at);
            same
        };
        given.iter().enumerate().map(others).collect()
    }
}

/// Of each reply, those that are it but for small differences, itself among them. Compared are
/// replies that share one of their least hashes, because every one with every other takes hours.
fn alike(replies: &[&str]) -> Vec<Vec<usize>> {
    let mut shelves: HashMap<u64, Vec<usize>> = HashMap::new();
    for (at, reply) in replies.iter().enumerate() {
        for hash in least_hashes(reply) {
            shelves.entry(hash).or_default().push(at);
        }
    }
    let mut alike: Vec<Vec<usize>> = (0..replies.len()).map(|at| vec![at]).collect();
    for (at, reply) in replies.iter().enumerate() {
        let hashes = least_hashes(reply).into_iter();
        let mut near: Vec<usize> = hashes.flat_map(|hash| &shelves[&hash]).copied().collect();
        near.sort_unstable();
        near.dedup();
        near.retain(|other| {
            *other > at && gongdan::text::similarity::similarity(reply, replies[*other]) > 0.8
        });
        for other in near {
            alike[at].push(other);
            alike[other].push(at);
        }
    }
    alike
}

/// The least hashes of a reply's stretches of six characters.
fn least_hashes(reply: &str) -> Vec<u64> {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let chars: Vec<char> = reply.chars().collect();
    let hash = |stretch: &[char]| {
        let mut hasher = DefaultHasher::new();
        stretch.hash(&mut hasher);
        hasher.finish()
    };
    let mut hashes: Vec<u64> = chars.windows(6).map(hash).collect();
    hashes.sort_unstable();
    hashes.dedup();
    hashes.truncate(8);
    hashes
}

fn fill(document: &mut Document, ticket: Ticket) {
    for turn in &ticket.dialogue {
        let into = match turn.speaker {
            Speaker::Customer => &mut document.customer,
            Speaker::Agent if is_holding(&turn.text) => &mut document.holding,
            Speaker::Agent => &mut document.agent,
            Speaker::Other | Speaker::Internal => &mut document.sections,
        };
        if !into.is_empty() {
            into.push('\n');
        }
        into.push_str(&turn.text.replace('\n', " "));
    }
    document.title = ticket.title;
    document.question = ticket.question;
    document.category = ticket.category;
    document.scenarios = ticket.scenarios;
    document.causes = ticket
        .causes
        .into_iter()
        .filter(|cause| !is_placeholder(cause))
        .map(|cause| (None, cause))
        .collect();
    document.state = if document.causes.is_empty() {
        gongdan::model::CauseState::Placeholder
    } else {
        gongdan::model::CauseState::Given
    };
}
