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
use crate::words::{Bytes, Lang};

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
    sent: u64,
    /// Shows what the desk pushes while the last request waits.
    watcher: Option<JoinHandle<()>>,
    over: Arc<AtomicBool>,
    pushes: Receiver<Push>,
    job: JobId,
}

enum Show {
    Bar(ProgressBar),
    Lines(Instant),
    Nothing,
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
        let (begun, documents, sent) = (self.begun, self.documents, Bytes(self.sent));
        let name = sanitize::one_line(name);
        match &mut self.show {
            Show::Bar(bar) => bar.set_message(format!("{begun}/{documents} {name}")),
            Show::Lines(last) if last.elapsed() >= LINE_EVERY => {
                *last = Instant::now();
                let line = say!(
                    self.lang,
                    "正在读取 {begun}/{documents}（{sent}）：{name}",
                    "reading {begun}/{documents} ({sent}): {name}"
                );
                crate::cli::output::progress_line(&line);
            }
            Show::Lines(_) | Show::Nothing => {}
        }
    }

    /// So many bytes were taken.
    pub fn advance(&mut self, bytes: u64) {
        self.sent += bytes;
        if let Show::Bar(bar) = &self.show {
            bar.inc(bytes);
        }
    }

    /// Everything was sent; the desk stores and indexes the rest.
    pub fn sent(&mut self) {
        let Show::Bar(bar) = &self.show else {
            return;
        };
        bar.set_message(say!(self.lang, "保存并建立索引", "storing and indexing"));
        let (bar, over, pushes, job) = (
            bar.clone(),
            Arc::clone(&self.over),
            self.pushes.clone(),
            self.job,
        );
        self.watcher = Some(std::thread::spawn(move || watch(&bar, &over, &pushes, job)));
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

fn watch(bar: &ProgressBar, over: &AtomicBool, pushes: &Receiver<Push>, job: JobId) {
    while !over.load(Ordering::SeqCst) {
        match pushes.recv_timeout(LOOK_EVERY) {
            Ok(Push::Progress(progress)) if progress.job == Some(job) && progress.total > 0 => {
                bar.set_length(progress.total);
                bar.set_position(progress.done);
            }
            Ok(_) | Err(RecvTimeoutError::Timeout) => bar.tick(),
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}
