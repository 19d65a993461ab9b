//! How far an import is: a bar on a terminal, a line now and then elsewhere.

use std::io::IsTerminal;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError};
use indicatif::{ProgressBar, ProgressStyle};

use super::files::{Content, Document};
use crate::cli::context::Context;
use crate::cli::say::say;
use crate::desk::Push;
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

/// Says how much of what was sent is stored.
struct Watcher {
    lang: Lang,
    show: Show,
    pushes: Receiver<Push>,
    job: JobId,
}

impl Watcher {
    fn watch(&mut self, over: &AtomicBool) {
        let mut stored = 0;
        while !over.load(Ordering::SeqCst) {
            if self.show.is_due() {
                self.show.say(storing(self.lang, stored));
            }
            match self.pushes.recv_timeout(LOOK_EVERY) {
                Ok(Push::Progress(progress)) if progress.job == Some(self.job) => {
                    stored = progress.done;
                }
                Ok(_) | Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }
}

fn storing(lang: Lang, stored: u64) -> String {
    let stored = Count(usize::try_from(stored).unwrap_or(usize::MAX));
    say!(
        lang,
        "保存并建立索引：{stored} 条工单",
        "storing and indexing: {stored} tickets"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::api::{JobState, Progress as Told};

    #[test]
    fn what_is_stored_is_counted_after_all_was_read() {
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
        for (job, done) in [(job, 16_418), (JobId(4), 7)] {
            let told = Told {
                job: Some(job),
                what: "import".into(),
                done,
                total: 0,
                state: JobState::Running,
            };
            sender.send(Push::Progress(told)).unwrap();
        }
        let deadline = Instant::now() + Duration::from_secs(60);
        let wanted = storing(Lang::Zh, 16_418);
        while bar.message() != wanted {
            assert!(Instant::now() < deadline, "{}", bar.message());
            std::thread::yield_now();
        }
        progress.end();
        assert_eq!(bar.message(), wanted);
    }
}
