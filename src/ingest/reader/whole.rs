//! What is judged as a whole: the end of a document, a bare conversation, an article.

use crate::model::Speaker;

use super::super::article;
use super::super::assemble::{Assembled, assemble, first_words};
use super::super::draft::Front;
use super::super::fingerprint;
use super::super::labels::Field;
use super::super::line::speaker;
use super::super::profile::DocumentProfile;
use super::super::raw::{Draft, RawSection};
use super::super::report::WarningKind;
use super::super::suspicious;
use super::super::{Item, ParsedArticle};
use super::ending::declared;
use super::{Mode, Reader};

/// Lines at the front in which a pasted conversation must begin.
const FRONT: usize = 12;

/// Lines of a document that promises tickets and holds none.
const PROMISE: usize = 12;

impl Reader<'_> {
    /// Gives out what is held back and judges the document as a whole.
    pub(super) fn end(&mut self, sink: &mut dyn FnMut(Item)) {
        if let Mode::Document(mut machine) = std::mem::replace(&mut self.mode, Mode::Closed) {
            let mut events = Vec::new();
            machine.finish(&mut events);
            self.take(&mut events, &machine, sink);
            self.last_ticket(machine.profile(), sink);
            self.compare_count(machine.fronts());
        }
        if let Some(text) = self.whole.take() {
            self.no_labels(&text, sink);
        } else if self.report.tickets() == 0 {
            self.nothing();
        }
    }

    /// Nothing came of the document, and whoever gave it must know.
    fn nothing(&mut self) {
        self.report.warn(None, WarningKind::NoTickets);
        self.report.refuse();
    }

    fn last_ticket(&mut self, profile: &DocumentProfile, sink: &mut dyn FnMut(Item)) {
        let Some(mut draft) = self.held.take() else {
            return;
        };
        let cut_label = self.drop_cut_label(&mut draft);
        let probe = assemble(&draft, profile, &self.options.labels);
        let missing = if cut_label {
            Some("section")
        } else {
            self.ending.cut(&draft, &probe.ticket)
        };
        if let Some(missing) = missing {
            let values = [("missing", missing.to_owned())];
            self.report
                .warn_with(draft.line, WarningKind::TruncatedTicket, &values);
        }
        self.ticket(&draft, profile, sink);
    }

    /// Drops a last heading that is the beginning of a label: the cut went through it.
    fn drop_cut_label(&self, draft: &mut Draft) -> bool {
        let Some(last) = draft.sections.last() else {
            return false;
        };
        let cut = !self.ending.newline
            && last.field.is_none()
            && last.headed
            && last.text.trim().is_empty()
            && self.options.labels.begins_a_label(&last.heading);
        if cut {
            draft.sections.pop();
        }
        cut
    }

    fn compare_count(&mut self, fronts: &[Front]) {
        let found = self.report.tickets() as u64;
        let promises: Vec<(u64, u64)> = fronts
            .iter()
            .filter_map(|f| Some((f.before as u64, declared(&f.text)?)))
            .collect();
        let Some((_, first)) = promises.first() else {
            return;
        };
        // Documents joined to one, and chapters, each promise their own.
        let ends = promises
            .iter()
            .skip(1)
            .map(|(before, _)| *before)
            .chain([found]);
        let parts = promises
            .iter()
            .zip(ends)
            .all(|((before, n), end)| *n == end.saturating_sub(*before));
        let whole = promises
            .iter()
            .any(|(before, n)| *n == found && (*before == 0 || *before == found));
        if parts || whole {
            return;
        }
        let sum: u64 = promises.iter().map(|(_, n)| n).sum();
        let first = if promises.iter().all(|(before, _)| *before < found) {
            sum
        } else {
            *first
        };
        let values = [
            ("declared", first.to_string()),
            ("found", found.to_string()),
        ];
        self.report
            .warn_with(None, WarningKind::DeclaredCountMismatch, &values);
    }

    /// Whether a document promises tickets and holds nothing else either.
    fn promises_only(&mut self, text: &str) -> bool {
        let said = text.lines().filter(|line| !line.trim().is_empty()).count();
        let Some(count) = declared(text).filter(|count| *count > 0 && said <= PROMISE) else {
            return false;
        };
        let values = [("declared", count.to_string()), ("found", "0".to_owned())];
        self.report
            .warn_with(None, WarningKind::DeclaredCountMismatch, &values);
        true
    }

    /// A text without labels: a pasted conversation, an article, or nothing of ours.
    fn no_labels(&mut self, text: &str, sink: &mut dyn FnMut(Item)) {
        if let Some(assembled) = self.pasted_case(text) {
            self.emit(assembled, sink);
            return;
        }
        if self.promises_only(text) {
            self.nothing();
            return;
        }
        if let Some(what) = suspicious::looks_like(&self.file_name, text) {
            let values = [("looks_like", what.to_owned())];
            self.report
                .warn_with(None, WarningKind::SuspiciousFile, &values);
            if !self.options.articles {
                self.report.refuse();
                return;
            }
        }
        let Some((mut read, lines)) = article::read(&self.file_name, text) else {
            self.nothing();
            return;
        };
        let fingerprint = fingerprint::article(&read, &self.options.fingerprint_key);
        self.masker.article(&mut read, &lines, &mut self.report);
        self.report.article(read.passages.len());
        sink(Item::Article(Box::new(ParsedArticle {
            article: read,
            line: lines.first().copied().unwrap_or(1),
            ordinal: 1,
            fingerprint,
        })));
    }

    /// One case pasted without labels: a conversation, with a title line at most.
    fn pasted_case(&self, text: &str) -> Option<Assembled> {
        let table = &self.options.labels;
        let lines: Vec<&str> = text.split('\n').collect();
        let first = lines.iter().position(|l| speaker(l, table).is_some())?;
        let front = lines
            .get(..first)?
            .iter()
            .filter(|l| !l.trim().is_empty())
            .count();
        let by = |side| {
            lines
                .iter()
                .filter_map(|l| speaker(l, table))
                .any(|s| s.speaker == side)
        };
        if front > FRONT || !by(Speaker::Customer) || !by(Speaker::Agent) {
            return None;
        }
        let before = lines.get(..first)?.join("\n");
        let title = before
            .lines()
            .map(str::trim)
            .find(|l| !l.is_empty())
            .map(|l| l.trim_start_matches('#').trim().to_owned());
        let rest = before
            .trim()
            .split_once('\n')
            .map_or("", |(_, rest)| rest)
            .to_owned();
        let mut draft = Draft {
            line: 1,
            title,
            sure: true,
            ..Draft::default()
        };
        if !rest.trim().is_empty() {
            draft.sections.push(RawSection {
                line: 2,
                text: rest,
                ..RawSection::default()
            });
        }
        draft.sections.push(RawSection {
            field: Some(Field::Dialogue),
            line: u32::try_from(first).unwrap_or(0) + 1,
            text: lines.get(first..)?.join("\n"),
            ..RawSection::default()
        });
        let mut assembled = assemble(&draft, &DocumentProfile::default(), table);
        if assembled.ticket.title.is_empty() {
            let said = assembled
                .ticket
                .dialogue
                .iter()
                .find(|t| t.speaker == Speaker::Customer)?;
            assembled.ticket.title = first_words(&said.text);
        }
        Some(assembled)
    }
}
