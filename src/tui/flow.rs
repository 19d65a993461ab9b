//! Running text set into lines: wrapped, with what the query matched made visible.

use std::ops::Range;

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::line::{pad, safe};
use super::theme::Glyphs;
use crate::tui::measure as text;

/// Characters set at most: what nobody reads to the end must not hold up a key.
const LONGEST: usize = 100_000;

/// Lines in the making.
pub struct Flow<'a> {
    /// The lines so far.
    pub lines: Vec<Line<'static>>,
    /// Lines on which something matched.
    pub hits: Vec<usize>,
    width: usize,
    terms: &'a [String],
    hit: Style,
    glyphs: Glyphs,
    left: usize,
    cut: bool,
}

impl<'a> Flow<'a> {
    /// Begins an empty flow of a width in columns.
    pub fn new(width: usize, glyphs: Glyphs) -> Self {
        Self {
            lines: Vec::new(),
            hits: Vec::new(),
            width: width.max(2),
            terms: &[],
            hit: Style::new(),
            glyphs,
            left: LONGEST,
            cut: false,
        }
    }

    /// Makes these terms visible, whatever the case of their ASCII letters.
    #[must_use]
    pub fn highlighting(mut self, terms: &'a [String], hit: Style) -> Self {
        self.terms = terms;
        self.hit = hit;
        self
    }

    /// Columns across.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Sets a line as it is.
    pub fn line(&mut self, line: Line<'static>) {
        self.lines.push(line);
    }

    /// Sets an empty line, unless there is one already or nothing yet.
    pub fn blank(&mut self) {
        if self.lines.last().is_some_and(|line| line.width() > 0) {
            self.lines.push(Line::default());
        }
    }

    /// Sets a text across the whole width.
    pub fn text(&mut self, words: &str, style: Style) {
        self.labelled("", style, 0, words, style);
    }

    /// Sets a text beside a label, with all lines indented by `indent` columns.
    ///
    /// A label that is wider than the indent gets a line of its own.
    pub fn labelled(
        &mut self,
        label: &str,
        label_style: Style,
        indent: usize,
        words: &str,
        style: Style,
    ) {
        let indent = if indent + 8 > self.width { 1 } else { indent };
        let mut label = self.clean(label);
        if text::width(&label) > indent && !label.is_empty() {
            self.lines
                .push(Line::from(Span::styled(label, label_style)));
            label = String::new();
        }
        let words = self.limited(words);
        let matches = self.matches(&words);
        let width = self.width.saturating_sub(indent).max(2);
        for line in text::wrap(&words, width) {
            let range = line.range;
            let mut spans = Vec::new();
            if indent > 0 {
                spans.push(Span::styled(pad(&label, indent), label_style));
                label.clear();
            }
            if matches
                .iter()
                .any(|m| m.start < range.end && range.start < m.end)
            {
                self.hits.push(self.lines.len());
            }
            styled(&words, range, &matches, style, self.hit, &mut spans);
            self.lines.push(Line::from(spans));
        }
    }

    /// Sets a text made of pieces, each in its own style, across the whole width.
    pub fn pieces(&mut self, pieces: &[(String, Style)]) {
        self.pieces_beside("", Style::new(), 0, pieces);
    }

    /// The same beside a label, with all lines indented by `indent` columns.
    pub fn pieces_beside(
        &mut self,
        label: &str,
        label_style: Style,
        indent: usize,
        pieces: &[(String, Style)],
    ) {
        let mut words = String::new();
        let mut styles: Vec<(Range<usize>, Style)> = Vec::new();
        for (piece, style) in pieces {
            let start = words.len();
            words.push_str(&self.limited(piece));
            styles.push((start..words.len(), *style));
        }
        let mut label = self.clean(label);
        for line in text::wrap(&words, self.width.saturating_sub(indent).max(2)) {
            let range = line.range;
            let within = styles.iter().filter_map(|(piece, style)| {
                let (from, to) = (piece.start.max(range.start), piece.end.min(range.end));
                let part = words.get(from..to).filter(|part| !part.is_empty())?;
                Some(Span::styled(part.to_owned(), *style))
            });
            let begun = (indent > 0).then(|| Span::styled(pad(&label, indent), label_style));
            label.clear();
            self.lines.push(Line::from(
                begun.into_iter().chain(within).collect::<Vec<_>>(),
            ));
        }
    }

    fn clean(&self, words: &str) -> String {
        let clean = text::simple_emoji(text::sanitize(words));
        safe(&clean, &self.glyphs).replace('\t', "    ")
    }

    /// Whether some text was left out because there is too much of it.
    pub fn is_cut(&self) -> bool {
        self.cut
    }

    /// The part of a text that may still be set.
    fn limited(&mut self, words: &str) -> String {
        match words.char_indices().nth(self.left) {
            Some((end, _)) => {
                self.cut = true;
                self.left = 0;
                self.clean(words.get(..end).unwrap_or_default())
            }
            None => {
                self.left -= words.chars().count();
                self.clean(words)
            }
        }
    }

    /// Where the terms stand in a text, in bytes, in order and without overlaps.
    fn matches(&self, words: &str) -> Vec<Range<usize>> {
        let lower = words.to_ascii_lowercase();
        let mut found: Vec<Range<usize>> = self
            .terms
            .iter()
            .flat_map(|term| lower.match_indices(term.as_str()))
            .map(|(at, term)| at..at + term.len())
            .collect();
        found.sort_by_key(|range| (range.start, range.end));
        let mut merged: Vec<Range<usize>> = Vec::new();
        for range in found {
            match merged.last_mut() {
                Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
                _ => merged.push(range),
            }
        }
        merged
    }
}

/// The spans of one wrapped line.
fn styled(
    words: &str,
    range: Range<usize>,
    matches: &[Range<usize>],
    style: Style,
    hit: Style,
    spans: &mut Vec<Span<'static>>,
) {
    let mut at = range.start;
    let mut push = |from: usize, to: usize, style: Style| {
        if let Some(part) = words.get(from..to).filter(|part| !part.is_empty()) {
            spans.push(Span::styled(part.to_owned(), style));
        }
    };
    for found in matches {
        let (from, to) = (found.start.max(range.start), found.end.min(range.end));
        if from < to {
            push(at, from, style);
            push(from, to, hit);
            at = to;
        }
    }
    push(at, range.end, style);
}
