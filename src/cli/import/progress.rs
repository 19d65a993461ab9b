//! How far an import is: a bar on a terminal, a line now and then elsewhere.

use std::io::IsTerminal;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError};
use indicatif::{ProgressBar, ProgressStyle};

use super::files::{Content, Document};
use crate::api::Progress as Told;
use crate::api::Push;
use crate::cli::context::Context;
use crate::cli::say::say;
use crate::model::JobId;
use crate::text::sanitize;
use crate::words::{Bytes, Count, Lang};

/// Time between two lines where there is no terminal.
const LINE_EVERY: Duration = Duration::from_secs(2);

/// Time between two looks at the desk's pushes.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// How far an import is.
pub struct Progress {
    lang: Lang,
    show: Show,
    documents: usize,
    begun: usize,
    /// The document that is read.
    name: String,
    sent: u64,
    /// Shows what the desk pushes while the last request waits.
    watcher: Option<JoinHandle<()>>,
    over: Arc<AtomicBool>,
    pushes: Receiver<Push>,
    job: JobId,
}

/// Where it is shown.
#[derive(Clone)]
enum Show {
    Bar(ProgressBar),
    /// In lines, of which the last was written then.
    Lines(Instant),
    Nothing,
}

impl Show {
    /// Whether something that is said now would be seen.
    fn is_due(&self) -> bool {
        match self {
            Self::Bar(_) => true,
            Self::Lines(last) => last.elapsed() >= LINE_EVERY,
            Self::Nothing => false,
        }
    }

    fn say(&mut self, words: String) {
        match self {
            Self::Bar(bar) => bar.set_message(words),
            Self::Lines(last) => {
                *last = Instant::now();
                crate::cli::output::progress_line(&words);
            }
            Self::Nothing => {}
        }
    }
}

impl Progress {
    /// Begins to show progress, unless the output is for scripts.
    pub fn begin(cx: &Context, pushes: Receiver<Push>, job: JobId, documents: &[Document]) -> Self {
        let show = if cx.json() {
            Show::Nothing
        } else if std::io::stderr().is_terminal() {
            Show::Bar(bar(documents))
        } else {
            Show::Lines(Instant::now())
        };
        Self {
            lang: cx.lang,
            show,
            documents: documents.len(),
            begun: 0,
            name: String::new(),
            sent: 0,
            watcher: None,
            over: Arc::default(),
            pushes,
            job,
        }
    }

    /// A document is begun.
    pub fn document(&mut self, name: &str) {
        self.begun += 1;
        self.name = sanitize::one_line(name).into_owned();
        self.read();
    }

    /// So many bytes were taken.
    pub fn advance(&mut self, bytes: u64) {
        self.sent += bytes;
        match &self.show {
            Show::Bar(bar) => bar.inc(bytes),
            Show::Lines(_) => self.read(),
            Show::Nothing => {}
        }
    }

    /// Says what is read.
    fn read(&mut self) {
        if !self.show.is_due() {
            return;
        }
        let (begun, documents, name) = (self.begun, self.documents, &self.name);
        let words = match self.show {
            // The bar says how much.
            Show::Bar(_) => format!("{begun}/{documents} {name}"),
            Show::Lines(_) | Show::Nothing => {
                let sent = Bytes(self.sent);
                say!(
                    self.lang,
                    "正在读取 {begun}/{documents}（{sent}）：{name}",
                    "reading {begun}/{documents} ({sent}): {name}"
                )
            }
        };
        self.show.say(words);
    }

    /// Everything was sent; the desk stores and indexes the rest.
    pub fn sent(&mut self) {
        let mut watcher = Watcher {
            lang: self.lang,
            show: self.show.clone(),
            pushes: self.pushes.clone(),
            job: self.job,
        };
        let over = Arc::clone(&self.over);
        self.watcher = Some(std::thread::spawn(move || watcher.watch(&over)));
    }

    /// The import is over.
    pub fn end(&mut self) {
        self.over.store(true, Ordering::SeqCst);
        if let Some(watcher) = self.watcher.take() {
            // A watcher that panicked only drew.
            let _ = watcher.join();
        }
        if let Show::Bar(bar) = &self.show {
            bar.finish_and_clear();
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.end();
    }
}

fn bar(documents: &[Document]) -> ProgressBar {
    let total: u64 = documents
        .iter()
        .map(|document| match &document.content {
            Content::File(path) => std::fs::metadata(path).map_or(0, |meta| meta.len()),
            Content::Bytes(bytes) => bytes.len() as u64,
            Content::Stdin => 0,
        })
        .sum();
    let bar = ProgressBar::new(total);
    if let Ok(style) = ProgressStyle::with_template("{bar:24} {bytes}/{total_bytes} {wide_msg}") {
        bar.set_style(style);
    }
    bar
}

/// Says how much of what was sent is stored, and how much of that can be found.
struct Watcher {
    lang: Lang,
    show: Show,
    pushes: Receiver<Push>,
    job: JobId,
}

impl Watcher {
    fn watch(&mut self, over: &AtomicBool) {
        let mut done = Done::default();
        while !over.load(Ordering::SeqCst) {
            if self.show.is_due() {
                self.show.say(done.words(self.lang));
            }
            match self.pushes.recv_timeout(LOOK_EVERY) {
                Ok(Push::Progress(told)) => done.take(self.job, &told),
                Ok(_) | Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }
}

/// What the desk has done of an import.
#[derive(Default)]
struct Done {
    /// Tickets stored.
    stored: u64,
    /// Of what is stored, how many in a hundred can be found.
    indexed: u64,
}

impl Done {
    fn take(&mut self, job: JobId, told: &Told) {
        if told.job == Some(job) {
            self.stored = told.done;
        } else if told.job.is_none() && told.what == "index" {
            // The end of it is told without figures.
            let percent = (told.done.min(told.total) * 100).checked_div(told.total);
            self.indexed = percent.unwrap_or(100);
        }
    }

    fn words(&self, lang: Lang) -> String {
        let stored = Count(usize::try_from(self.stored).unwrap_or(usize::MAX));
        let indexed = self.indexed;
        say!(
            lang,
            "已保存 {stored} 条工单，建立索引 {indexed} %",
            "{stored} tickets stored; indexing {indexed} %"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::JobState;

    #[test]
    fn what_is_stored_and_indexed_is_told_after_all_was_read() {
        let (sender, pushes) = crossbeam_channel::unbounded();
        let bar = ProgressBar::hidden();
        let job = JobId(3);
        let mut progress = Progress {
            lang: Lang::Zh,
            show: Show::Bar(bar.clone()),
            documents: 1,
            begun: 1,
            name: String::new(),
            sent: 0,
            watcher: None,
            over: Arc::default(),
            pushes,
            job,
        };
        progress.sent();
        let told = |job, what: &str, done, total| {
            let told = Told {
                job,
                what: what.into(),
                done,
                total,
                state: JobState::Running,
            };
            sender.send(Push::Progress(told)).unwrap();
        };
        told(Some(job), "import", 16_418, 0);
        told(Some(JobId(4)), "export", 7, 0);
        told(None, "insight", 1, 3);
        told(None, "index", 5_000, 16_418);
        let deadline = Instant::now() + Duration::from_secs(60);
        let wanted = "已保存 16 418 条工单，建立索引 30 %";
        while bar.message() != wanted {
            assert!(Instant::now() < deadline, "{}", bar.message());
            std::thread::yield_now();
        }
        progress.end();
    }
}
