//! Making stores, tickets and records.

use std::path::Path;

use crate::model::{
    ActId, Author, Category, CauseId, Change, DocNo, Fingerprint, ImportBatch, ImportEntry, Key,
    Op, Origin, PackNo, Record, RecordId, Revision, Source, Ticket, TicketId,
};
use crate::store::{Body, Folded, PACK_BODIES, Store, Verdict, cause_id};

pub(super) struct Kit {
    pub(super) store: Store,
    pub(super) dir: tempfile::TempDir,
    next: u128,
}

impl Kit {
    pub(super) fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        Self {
            store: Store::open(dir.path()).unwrap(),
            dir,
            next: 1,
        }
    }

    pub(super) fn path(&self) -> &Path {
        self.dir.path()
    }

    /// Closes the store without a word and opens it again.
    pub(super) fn reopen(self) -> Self {
        let Self { store, dir, next } = self;
        drop(store);
        Self {
            store: Store::open(dir.path()).unwrap(),
            dir,
            next,
        }
    }

    /// Closes the store and gives its directory away.
    pub(super) fn close(self) -> tempfile::TempDir {
        self.dir
    }

    /// Closes the store, does something to its directory, and opens it again.
    pub(super) fn with_closed(self, work: impl FnOnce(&Path)) -> Self {
        let Self { store, dir, next } = self;
        drop(store);
        work(dir.path());
        Self {
            store: Store::open(dir.path()).unwrap(),
            dir,
            next,
        }
    }

    /// A record of agent 1000 in session `s`, in an act of its own.
    pub(super) fn record(&mut self, key: Key, base_rev: Option<u32>, op: Op) -> Record {
        self.next += 1;
        Record {
            v: Record::VERSION,
            id: RecordId(self.next),
            act: ActId(self.next),
            undoes: None,
            key,
            base_rev: base_rev.map(Revision),
            op,
            author: Author {
                uid: 1000,
                name: "lin".into(),
                declared: false,
            },
            origin: Origin {
                host: "jump.example.com".into(),
                session: "s".into(),
            },
            at: jiff::Timestamp::from_second(1_700_000_000 + self.next as i64).unwrap(),
        }
    }

    pub(super) fn one(&self, record: Record) -> Folded {
        let mut folded = self.store.commit(vec![record]).unwrap();
        assert_eq!(folded.len(), 1);
        folded.remove(0)
    }

    pub(super) fn commit(&mut self, key: Key, base_rev: Option<u32>, op: Op) -> Verdict {
        let record = self.record(key, base_rev, op);
        self.one(record).verdict
    }

    /// Imports bodies into a dataset as one act, and returns their ids.
    pub(super) fn import(&mut self, dataset: &str, bodies: &[Body]) -> Vec<TicketId> {
        let records = self.import_records(dataset, bodies);
        for folded in self.store.commit(records.1).unwrap() {
            assert!(matches!(folded.verdict, Verdict::Accepted { .. }));
        }
        records.0
    }

    pub(super) fn import_records(
        &mut self,
        dataset: &str,
        bodies: &[Body],
    ) -> (Vec<TicketId>, Vec<Record>) {
        let mut matcher = self.store.matcher().unwrap();
        let mut ids = Vec::new();
        let mut records: Vec<Record> = Vec::new();
        for (at, bodies) in bodies.chunks(PACK_BODIES).enumerate() {
            let pack = self.store.put_pack(bodies.to_vec()).unwrap();
            let mut entries = Vec::new();
            for (slot, body) in bodies.iter().enumerate() {
                let text = serde_json::to_string(body).unwrap();
                let id = self.store.new_id([text.as_str()], Some(&matcher));
                let source = source(dataset, (at * PACK_BODIES + slot) as u32 + 1);
                let print = print_of(body);
                matcher.add(id, print, &source, title(body));
                ids.push(id);
                entries.push(ImportEntry {
                    id,
                    fingerprint: print,
                    source,
                });
            }
            let batch = ImportBatch {
                pack,
                entries,
                again: Vec::new(),
            };
            let mut record = self.record(Key::Dataset(dataset.into()), None, Op::Import(batch));
            if let Some(first) = records.first() {
                record.act = first.act;
            }
            records.push(record);
        }
        (ids, records)
    }

    /// An import record of made-up ids, without asking whether they are known.
    pub(super) fn bare_import(&mut self, pack: PackNo, first: usize, count: usize) -> Record {
        let entry = |n: usize| ImportEntry {
            id: TicketId::from_hash(blake3::hash(&n.to_le_bytes()).as_bytes()),
            fingerprint: Fingerprint((n as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)),
            source: source("大", n as u32 + 1),
        };
        let batch = ImportBatch {
            pack,
            entries: (first..first + count).map(entry).collect(),
            again: Vec::new(),
        };
        let mut record = self.record(Key::Dataset("大".into()), None, Op::Import(batch));
        record.act = ActId(1);
        record
    }

    /// Stores a new body under a known id.
    pub(super) fn update(&mut self, dataset: &str, id: TicketId, body: Body) {
        let pack = self.store.put_pack(vec![body.clone()]).unwrap();
        let batch = ImportBatch {
            pack,
            entries: vec![ImportEntry {
                id,
                fingerprint: print_of(&body),
                source: source(dataset, 1),
            }],
            again: Vec::new(),
        };
        let verdict = self.commit(Key::Dataset(dataset.into()), None, Op::Import(batch));
        assert!(matches!(verdict, Verdict::Accepted { .. }));
    }

    pub(super) fn doc(&self, id: TicketId) -> DocNo {
        self.store.directory().by_id(id).unwrap()
    }

    pub(super) fn cause_names(&self, id: TicketId) -> Vec<String> {
        let directory = self.store.directory();
        let vocabulary = self.store.vocabulary();
        let causes = directory.causes_of(directory.by_id(id).unwrap());
        let name = |id: &CauseId| {
            vocabulary
                .get(vocabulary.resolve(*id))
                .unwrap()
                .name
                .clone()
        };
        causes.iter().map(name).collect()
    }
}

pub(super) fn ticket(title: &str, category: &str, causes: &[&str]) -> Ticket {
    Ticket {
        title: title.into(),
        category: Category::parse(category),
        question: format!("{title}，请问怎么办？"),
        causes: causes.iter().map(|c| (*c).to_owned()).collect(),
        ..Ticket::default()
    }
}

pub(super) fn body(title: &str, category: &str, causes: &[&str]) -> Body {
    Body::Ticket(ticket(title, category, causes))
}

pub(super) fn source(dataset: &str, ordinal: u32) -> Source {
    Source {
        dataset: dataset.into(),
        file: "a.md".into(),
        line: ordinal * 10,
        ordinal,
    }
}

pub(super) fn title(body: &Body) -> &str {
    match body {
        Body::Ticket(ticket) => &ticket.title,
        Body::Article(article) => &article.title,
    }
}

pub(super) fn print_of(body: &Body) -> Fingerprint {
    let hash = blake3::hash(&serde_json::to_vec(body).unwrap());
    Fingerprint(u64::from_le_bytes(hash.as_bytes()[..8].try_into().unwrap()))
}

/// Confirms causes that are to be added and removed.
pub(super) fn causes(add: &[&str], remove: &[&str], was_confirmed: bool) -> Op {
    let ids = |names: &[&str]| names.iter().map(|name| cause_id(name)).collect();
    Op::Causes {
        add: ids(add),
        remove: ids(remove),
        confirmed: Change {
            from: was_confirmed,
            to: true,
        },
        note: String::new(),
    }
}

pub(super) fn create(name: &str) -> (Key, Op) {
    let op = Op::CauseCreate {
        name: name.into(),
        group: String::new(),
    };
    (Key::Vocab(cause_id(name)), op)
}

pub(super) fn accepted(revision: u32) -> Verdict {
    Verdict::Accepted {
        revision: Revision(revision),
    }
}
