//! An article set into lines, passage by passage.

use super::ticket::{heading, outdated};
use crate::api::ArticleView;
use crate::tui::flow::Flow;
use crate::tui::look::Look;
use crate::tui::say;
use crate::words::{Word, word};

/// Sets an article; returns the first line of each passage, and that of the one asked for.
pub fn set(flow: &mut Flow<'_>, look: &Look, article: &ArticleView) -> (Vec<usize>, usize) {
    let theme = &look.theme;
    flow.text(&say::article(look, article), theme.article);
    flow.text(
        &article.title,
        theme.text.patch(ratatui::style::Style::new().bold()),
    );
    outdated(flow, look, &article.outdated, article.successor);
    let mut passages = Vec::with_capacity(article.passages.len());
    for passage in &article.passages {
        flow.blank();
        passages.push(flow.lines.len());
        if !passage.heading.is_empty() {
            flow.text(&passage.heading, theme.heading);
        }
        flow.text(&passage.text, theme.text);
    }
    heading(flow, look, word(look.lang, Word::Sources));
    for source in &article.sources {
        let words = format!("{}  {}:{}", source.dataset, source.file, source.line);
        flow.labelled("-", theme.dim, 2, &words, theme.dim);
    }
    let asked = article.passage.and_then(|n| n.checked_sub(1));
    let begin = asked.and_then(|n| passages.get(n)).copied().unwrap_or(0);
    (passages, begin)
}
