//! The reader: pieces of bytes in, items out, a report at the end.

mod ending;
mod whole;

use std::collections::HashMap;

use crate::model::Fingerprint;
use crate::text::sanitize;

use super::assemble::{Assembled, assemble};
use super::decode::{Decode, Verdict};
use super::draft::{Draft, Event, Machine};
use super::fingerprint;
use super::habits::Habits;
use super::jsonl;
use super::masking::Masker;
use super::report::{Collector, FileReport, WarningKind};
use super::rows;
use super::{Item, Options, ParsedTicket};

use ending::Ending;

/// Bytes of text that are held back for the survey, a thousand tickets and more: a longer document
/// is judged by its front.
const SURVEY: usize = 4 * 1024 * 1024;

/// Bytes that are held back where no ticket stands in the front: an article is read whole.
const LONG_SURVEY: usize = 32 * 1024 * 1024;

/// Bytes of one line after which it is cut: no memory is without bounds.
const MAX_LINE: usize = 64 * 1024 * 1024;

/// Bytes of a field from which it is reported.
const OVERSIZED: usize = 1024 * 1024;

/// Fingerprints of one file that are kept to tell duplicates.
const MAX_SEEN: usize = 4_000_000;

enum Mode {
    /// Not enough is known yet.
    Held,
    /// Markdown or plain text.
    Document(Box<Machine>),
    /// One JSON object a line.
    Lines,
    /// A JSON array of objects.
    Array,
    /// Refused, or read to the end.
    Closed,
}

/// Reads one document given in pieces.
pub struct Reader<'a> {
    options: &'a Options,
    file_name: String,
    decode: Decode,
    /// Decoded text not yet read.
    text: String,
    /// The whole text, kept until a ticket shows that this is no article.
    whole: Option<String>,
    mode: Mode,
    /// Bytes of text from which it is surveyed.
    survey: usize,
    next_line: u32,
    masker: Masker,
    report: Collector,
    seen: HashMap<Fingerprint, u32>,
    ordinal: u32,
    held: Option<Box<Draft>>,
    ending: Ending,
}

impl<'a> Reader<'a> {
    /// Begins a document. The name serves detection and titles, and is never opened.
    pub fn new(file_name: &str, options: &'a Options) -> Self {
        Self {
            options,
            file_name: file_name.to_owned(),
            decode: Decode::new(),
            text: String::new(),
            whole: None,
            mode: Mode::Held,
            survey: SURVEY,
            next_line: 1,
            masker: Masker::new(&options.masking),
            report: Collector::default(),
            seen: HashMap::new(),
            ordinal: 0,
            held: None,
            ending: Ending::default(),
        }
    }

    /// Takes the next piece and gives what is complete by now.
    pub fn feed(&mut self, bytes: &[u8], sink: &mut dyn FnMut(Item)) {
        let before = self.text.len();
        self.decode.feed(bytes, &mut self.text);
        match self.mode {
            Mode::Closed => self.text.clear(),
            Mode::Held if self.text.len() >= self.survey => self.begin(false, sink),
            Mode::Held => {}
            Mode::Array => self.elements(false, sink),
            Mode::Document(_) | Mode::Lines => {
                let fresh = self.text.get(before..).unwrap_or_default();
                if fresh.contains(['\n', '\r']) || self.text.len() > MAX_LINE {
                    self.read_lines(false, sink);
                }
            }
        }
    }

    /// Ends the document.
    pub fn finish(mut self, sink: &mut dyn FnMut(Item)) -> FileReport {
        self.decode.finish(&mut self.text);
        match self.decode.verdict() {
            Some(Verdict::Binary(what)) => {
                self.report.warn_with(
                    None,
                    WarningKind::BinaryFile,
                    &[("looks_like", what.to_owned())],
                );
                self.report.refuse();
                return self.report.finish();
            }
            Some(Verdict::Unknown) => {
                self.report.warn(None, WarningKind::EncodingUnsupported);
                self.report.refuse();
                return self.report.finish();
            }
            Some(Verdict::Text(_)) | None => {}
        }
        match self.mode {
            Mode::Held => self.begin(true, sink),
            Mode::Array => self.elements(true, sink),
            Mode::Document(_) | Mode::Lines | Mode::Closed => self.read_lines(true, sink),
        }
        self.end(sink);
        self.tell_encoding();
        self.report.finish()
    }

    fn tell_encoding(&mut self) {
        if let Some(Verdict::Text(encoding)) = self.decode.verdict()
            && encoding != encoding_rs::UTF_8
        {
            let name = encoding.name().to_owned();
            self.report
                .warn_with(None, WarningKind::EncodingConverted, &[("encoding", name)]);
        }
        if self.decode.invalid > 0 {
            let count = self.decode.invalid.to_string();
            self.report
                .warn_with(None, WarningKind::InvalidBytes, &[("count", count)]);
        }
    }

    /// Decides what the document is, and reads what is held.
    fn begin(&mut self, last: bool, sink: &mut dyn FnMut(Item)) {
        let json = jsonl::form(&self.file_name, &self.text);
        if json == Some(jsonl::Form::Array) {
            self.mode = Mode::Array;
            return self.elements(last, sink);
        }
        if json.is_some() {
            self.mode = Mode::Lines;
        } else {
            let cleaned = sanitize::clean(&self.text);
            let habits = Habits::of(&cleaned, &self.options.labels);
            if !habits.holds_tickets() {
                if !last && self.survey < LONG_SURVEY {
                    self.survey = LONG_SURVEY;
                    return;
                }
                self.mode = Mode::Closed;
                if let Some(found) = rows::read(&cleaned, &self.options.labels) {
                    self.text.clear();
                    for (line, assembled) in found {
                        self.loose(line, assembled, sink);
                    }
                    return;
                }
                self.whole = Some(cleaned.into_owned());
                self.text.clear();
                return;
            }
            self.mode = Mode::Document(Box::new(Machine::new(habits)));
        }
        self.read_lines(last, sink);
    }

    /// Reads the complete lines of what is held; all of it at the end.
    fn read_lines(&mut self, last: bool, sink: &mut dyn FnMut(Item)) {
        let text = std::mem::take(&mut self.text);
        // A return at the very end may be half of a line's end.
        let safe = if last { text.len() } else { complete(&text) };
        let (ready, rest) = (
            text.get(..safe).unwrap_or_default(),
            text.get(safe..).unwrap_or_default(),
        );
        self.text.push_str(rest);
        if matches!(self.mode, Mode::Lines) {
            self.json_lines(ready, sink);
            return;
        }
        let cleaned = sanitize::clean(ready);
        let body = if last {
            &*cleaned
        } else {
            cleaned.strip_suffix('\n').unwrap_or(&cleaned)
        };
        if last {
            self.ending.newline = body.is_empty() || body.ends_with('\n');
        }
        let mut events = Vec::new();
        let Mode::Document(mut machine) = std::mem::replace(&mut self.mode, Mode::Closed) else {
            return;
        };
        if !(body.is_empty() && ready.is_empty()) {
            for line in body.split('\n') {
                machine.line(self.next_line, line, &self.options.labels, &mut events);
                self.next_line = self.next_line.saturating_add(1);
                if !events.is_empty() {
                    self.take(&mut events, &machine, sink);
                }
            }
        }
        self.mode = Mode::Document(machine);
    }

    fn take(&mut self, events: &mut Vec<Event>, machine: &Machine, sink: &mut dyn FnMut(Item)) {
        for event in events.drain(..) {
            match event {
                Event::Unparsed(line) => self.report.warn(line, WarningKind::UnparsedText),
                Event::Draft(draft) => {
                    // The last one is held back: only it can be cut off.
                    if let Some(ready) = self.held.replace(draft) {
                        self.ticket(&ready, machine.habits(), sink);
                    }
                }
            }
        }
    }

    fn ticket(&mut self, draft: &Draft, habits: &Habits, sink: &mut dyn FnMut(Item)) {
        let assembled = assemble(draft, habits, &self.options.labels);
        self.ending.note(draft, &assembled.ticket);
        self.warn_of_sections(draft);
        if draft.dropped > 0 {
            let bytes = draft.dropped.to_string();
            self.report.warn_with(
                draft.line,
                WarningKind::OversizedField,
                &[("dropped", bytes)],
            );
        }
        self.emit(assembled, sink);
    }

    fn warn_of_sections(&mut self, draft: &Draft) {
        for section in &draft.sections {
            if section.field.is_none() && !section.heading.is_empty() {
                let heading: String = self
                    .masker
                    .quietly(&section.heading)
                    .chars()
                    .take(60)
                    .collect();
                let line = section.line;
                self.report
                    .warn_with(line, WarningKind::UnknownSection, &[("heading", heading)]);
            }
        }
    }

    /// Warns of what is missing, masks, counts and gives the ticket out.
    fn emit(&mut self, mut assembled: Assembled, sink: &mut dyn FnMut(Item)) {
        let line = assembled.line;
        let ticket = &assembled.ticket;
        let answered = ticket.agent_turns().next().is_some();
        for (missing, kind) in [
            (ticket.title.is_empty(), WarningKind::EmptyTitle),
            (ticket.category.is_none(), WarningKind::MissingCategory),
            (!answered, WarningKind::MissingReply),
            (ticket.causes.is_empty(), WarningKind::MissingCause),
        ] {
            if missing {
                self.report.warn(line, kind);
            }
        }
        self.warn_of_size(&assembled);
        let fingerprint = fingerprint::ticket(&assembled.ticket, &self.options.fingerprint_key);
        match self.seen.get(&fingerprint) {
            Some(first) => {
                let first = first.to_string();
                self.report
                    .warn_with(line, WarningKind::DuplicateTicket, &[("first", first)]);
            }
            None if self.seen.len() < MAX_SEEN => drop(self.seen.insert(fingerprint, line)),
            None => {}
        }
        self.masker.ticket(&mut assembled, &mut self.report);
        self.report.ticket();
        self.ordinal += 1;
        sink(Item::Ticket(Box::new(ParsedTicket {
            ticket: assembled.ticket,
            line,
            ordinal: self.ordinal,
            fingerprint,
        })));
    }

    fn warn_of_size(&mut self, assembled: &Assembled) {
        let ticket = &assembled.ticket;
        let mut large: Vec<(&str, usize, u32)> = vec![
            ("title", ticket.title.len(), assembled.line),
            ("question", ticket.question.len(), assembled.question_line),
        ];
        large.extend(
            ticket
                .dialogue
                .iter()
                .zip(&assembled.turn_lines)
                .map(|(t, l)| ("dialogue", t.text.len(), *l)),
        );
        large.extend(
            ticket
                .sections
                .iter()
                .zip(&assembled.section_lines)
                .map(|(s, l)| ("section", s.text.len(), *l)),
        );
        for (field, bytes, line) in large {
            if bytes >= OVERSIZED {
                let values = [("field", field.to_owned()), ("bytes", bytes.to_string())];
                self.report
                    .warn_with(line, WarningKind::OversizedField, &values);
            }
        }
    }

    /// Gives out a ticket of named values, or tells that there was none.
    fn loose(&mut self, line: u32, assembled: Result<Assembled, ()>, sink: &mut dyn FnMut(Item)) {
        let Ok(assembled) = assembled else {
            self.report.warn(line, WarningKind::UnparsedText);
            return;
        };
        for section in &assembled.ticket.sections {
            let heading = self.masker.quietly(&section.heading);
            self.report
                .warn_with(line, WarningKind::UnknownSection, &[("heading", heading)]);
        }
        self.emit(assembled, sink);
    }

    fn json_lines(&mut self, text: &str, sink: &mut dyn FnMut(Item)) {
        let labels = &self.options.labels;
        for line in text.split_inclusive('\n') {
            let number = self.next_line;
            self.next_line = self.next_line.saturating_add(1);
            if !line.trim().is_empty() {
                self.loose(number, jsonl::ticket(line, number, labels), sink);
            }
        }
    }

    /// Reads the elements of an array that are whole by now.
    fn elements(&mut self, last: bool, sink: &mut dyn FnMut(Item)) {
        let labels = &self.options.labels;
        let text = std::mem::take(&mut self.text);
        let mut rest = text.as_str();
        loop {
            let element = jsonl::element(rest);
            let gap = rest.split_at(rest.len() - element.len()).0;
            self.next_line = self.next_line.saturating_add(lines(gap));
            rest = element;
            match jsonl::next(element) {
                jsonl::Next::Element(value, after) => {
                    let line = self.next_line;
                    let read = element.split_at(element.len() - after.len()).0;
                    self.next_line = line.saturating_add(lines(read));
                    rest = after;
                    self.loose(line, jsonl::object(&value, line, labels), sink);
                }
                jsonl::Next::More if !last && rest.len() <= MAX_LINE => {
                    self.text.push_str(rest);
                    return;
                }
                jsonl::Next::End => break,
                jsonl::Next::More | jsonl::Next::Broken => {
                    self.report.warn(self.next_line, WarningKind::UnparsedText);
                    break;
                }
            }
        }
        self.mode = Mode::Closed;
    }
}

/// The end of the last complete line; all, when a line is too long to wait for.
fn complete(text: &str) -> usize {
    let body = text.strip_suffix('\r').unwrap_or(text);
    match body.rfind(['\n', '\r']) {
        Some(at) => at + 1,
        None if body.len() > MAX_LINE => body.len(),
        None => 0,
    }
}

/// Line ends in a text.
fn lines(text: &str) -> u32 {
    u32::try_from(text.matches('\n').count()).unwrap_or(u32::MAX)
}
