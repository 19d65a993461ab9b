//! A desk for a bench, and documents handed to it as a client does.

use std::path::{Path, PathBuf};
use std::time::Duration;

use gongdan::api::{Answer, Desk, ImportOptions, ImportReport, Request, ask};
use gongdan::desk::{Authority, Identity, LocalDesk};
use gongdan::model::{Author, JobId, Origin};

/// Bytes handed over at once.
const CHUNK: usize = 1 << 20;

/// Entries from which a part of the index is large.
const LARGE: u32 = 8_192;

/// Large parts that are left as they are.
const SETTLED: usize = 2;

/// The desk of a directory, in this process.
pub fn desk(dir: &Path) -> LocalDesk {
    let identity = Identity {
        authority: Authority::Owner,
        author: Author {
            uid: 1,
            name: "bench".to_owned(),
            declared: false,
        },
        origin: Origin {
            host: "bench".to_owned(),
            session: "bench".to_owned(),
        },
    };
    LocalDesk::open(dir, identity).expect("a desk")
}

/// An import that is under way.
pub struct Feed<'a> {
    desk: &'a dyn Desk,
    job: JobId,
}

impl<'a> Feed<'a> {
    pub fn open(desk: &'a dyn Desk) -> Self {
        let options = ImportOptions {
            dataset: Some("bench".to_owned()),
            articles: false,
            dry_run: false,
            no_mask: false,
            list_masks: false,
            columns: Vec::new(),
        };
        let Ok(Answer::Job(job)) = desk.call(Request::ImportOpen(options)) else {
            panic!("an import");
        };
        Self { desk, job }
    }

    /// Hands over a document, calling `each` after every chunk.
    pub fn give(&self, file: &str, bytes: &[u8], mut each: impl FnMut()) {
        let last = bytes.len().div_ceil(CHUNK);
        for (chunk, nth) in bytes.chunks(CHUNK).zip(1..) {
            let request = Request::ImportData(ask::ImportData {
                job: self.job,
                file: file.to_owned(),
                bytes: chunk.to_vec(),
                end: nth == last,
            });
            self.desk.call(request).expect("data is taken");
            each();
        }
    }

    /// Waits until everything is stored and findable.
    pub fn close(self) -> ImportReport {
        let request = Request::ImportClose(ask::ImportClose { job: self.job });
        let Ok(Answer::Imported(report)) = self.desk.call(request) else {
            panic!("an import that ends well");
        };
        report
    }
}

/// Waits until the index of a desk's directory is merged into one or two large parts.
pub fn settled(dir: &Path) {
    let large = || {
        let index = tantivy::Index::open_in_dir(index(dir)).expect("an index");
        let segments = index.searchable_segment_metas().expect("segments");
        segments.iter().filter(|s| s.max_doc() >= LARGE).count()
    };
    while large() > SETTLED {
        std::thread::sleep(Duration::from_millis(200));
    }
}

/// Where the index of a desk's directory is.
pub fn index(dir: &Path) -> PathBuf {
    let entries = std::fs::read_dir(dir.join("index")).expect("the index's directory");
    let mut paths = entries.flatten().map(|entry| entry.path());
    paths.find(|path| path.is_dir()).expect("an index")
}
