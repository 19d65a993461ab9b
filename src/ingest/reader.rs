//! The reader: pieces of bytes in, items out, a report at the end.

mod ending;
mod whole;

use std::borrow::Cow;
use std::collections::HashMap;

use crate::model::{Fingerprint, Ticket};
use crate::text::sanitize;

use super::assemble::{Assembled, assemble};
use super::decode::{Decode, Verdict};
use super::draft::{Event, Machine};
use super::fingerprint;
use super::formats::{self, Delimited, Format, Found, Reading, delimiter};
use super::front_matter;
use super::helpdesk;
use super::jsonl;
use super::markup;
use super::masking::Masker;
use super::profile::DocumentProfile;
use super::raw::Draft;
use super::report::{Collector, FileReport, WarningKind};
use super::rows;
use super::table::Rows;
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

/// Bytes of a document that is read as a whole: a spreadsheet of a million rows.
const MAX_WHOLE: usize = 1024 * 1024 * 1024;

/// What the first bytes say.
enum Source {
    /// Not enough is known yet.
    Front(Vec<u8>),
    /// A text, decoded as it comes.
    Text,
    /// A format that is read as a whole.
    Whole(&'static dyn Format, Vec<u8>),
}

enum Mode<'a> {
    /// Not enough is known yet.
    Held,
    /// Markdown or plain text.
    Document(Box<Machine>),
    /// One JSON object a line.
    Lines,
    /// A JSON array of objects.
    Array,
    /// Rows of cells.
    Table(Box<(Delimited, Rows<'a>)>),
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
    mode: Mode<'a>,
    source: Source,
    /// What front matter gives the next ticket.
    defaults: Option<Box<Assembled>>,
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
            source: Source::Front(Vec::new()),
            defaults: None,
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
        match &mut self.source {
            Source::Text => self.feed_text(bytes, sink),
            Source::Whole(_, held) if held.len() + bytes.len() <= MAX_WHOLE => {
                held.extend_from_slice(bytes);
            }
            Source::Whole(..) => {}
            Source::Front(held) => {
                held.extend_from_slice(bytes);
                if held.len() >= formats::HEAD {
                    self.open(sink);
                }
            }
        }
    }

    /// Decides by the first bytes how the document is read.
    fn open(&mut self, sink: &mut dyn FnMut(Item)) {
        let Source::Front(held) = &mut self.source else {
            return;
        };
        let held = std::mem::take(held);
        self.source = Source::Text;
        let head = held
            .get(..formats::HEAD.min(held.len()))
            .unwrap_or_default();
        match formats::of(&self.file_name, head) {
            Some(format) => self.source = Source::Whole(format, held),
            None => self.feed_text(&held, sink),
        }
    }

    /// Reads a document of a format that is read as a whole.
    fn read_whole(&mut self, format: &dyn Format, bytes: &[u8], sink: &mut dyn FnMut(Item)) {
        let options = self.options;
        let reading = Reading {
            labels: &options.labels,
            columns: &options.columns,
        };
        let mut document = None;
        let read = format.read(bytes, &reading, &mut |found| match found {
            Found::Ticket(line, assembled) => self.loose(line, *assembled, sink),
            Found::Document(text) => document = Some(text),
        });
        if let Err(what) = read {
            let values = [("looks_like", what.to_owned())];
            self.report
                .warn_with(None, WarningKind::BinaryFile, &values);
        }
        match document {
            Some(text) => {
                self.text = text;
                self.begin(true, sink);
            }
            None => self.mode = Mode::Closed,
        }
    }

    fn feed_text(&mut self, bytes: &[u8], sink: &mut dyn FnMut(Item)) {
        let before = self.text.len();
        self.decode.feed(bytes, &mut self.text);
        match self.mode {
            Mode::Closed => self.text.clear(),
            Mode::Held if self.text.len() >= self.survey => self.begin(false, sink),
            Mode::Held => {}
            Mode::Array => self.elements(false, sink),
            Mode::Table(_) => self.cells(false, sink),
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
        self.open(sink);
        if let Source::Whole(format, bytes) = std::mem::replace(&mut self.source, Source::Text) {
            self.read_whole(format, &bytes, sink);
            self.end(sink);
            return self.report.finish();
        }
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
            Mode::Table(_) => self.cells(true, sink),
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
        if let Some(jsonl::Form::Array | jsonl::Form::Wrapped) = json {
            if json == Some(jsonl::Form::Wrapped)
                && let Some(at) = helpdesk::wrapped_list(&self.text)
            {
                let head = self.text.drain(..at).collect::<String>();
                self.next_line = self.next_line.saturating_add(lines(&head));
            }
            self.mode = Mode::Array;
            return self.elements(last, sink);
        }
        let options = self.options;
        let by_hand = !options.columns.is_empty();
        if json.is_none()
            && let Some(mark) = delimiter(&self.file_name, &self.text, &options.labels, by_hand)
        {
            let rows = Rows::new(&options.labels, &options.columns);
            self.mode = Mode::Table(Box::new((Delimited::new(mark), rows)));
            return self.cells(last, sink);
        }
        if json.is_none() {
            self.take_front_matter();
        }
        if json.is_some() {
            self.mode = Mode::Lines;
        } else {
            let cleaned = sanitize::clean(&self.text);
            let profile = DocumentProfile::of(&cleaned, &self.options.labels);
            if !profile.holds_tickets() {
                if !last && self.survey < LONG_SURVEY {
                    self.survey = LONG_SURVEY;
                    return;
                }
                self.mode = Mode::Closed;
                if let Some(found) =
                    rows::read(&cleaned, &self.options.labels, &self.options.columns)
                {
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
            self.mode = Mode::Document(Box::new(Machine::new(profile)));
        }
        self.read_lines(last, sink);
    }

    /// Takes the facts off the front of a document; its lines keep their numbers.
    fn take_front_matter(&mut self) {
        let Some((facts, end)) = front_matter::split(&self.text) else {
            return;
        };
        let pairs = facts.iter().map(|(key, value)| (key.as_str(), value));
        self.defaults = jsonl::fields(pairs, 1, &self.options.labels)
            .ok()
            .map(Box::new);
        let blank = "\n".repeat(
            self.text
                .get(..end)
                .unwrap_or_default()
                .matches('\n')
                .count(),
        );
        self.text.replace_range(..end, &blank);
    }

    /// Gives a ticket what its document's front says of it and its own text does not.
    fn fill_defaults(&mut self, assembled: &mut Assembled) {
        let Some(defaults) = self.defaults.take() else {
            return;
        };
        let (ticket, given) = (&mut assembled.ticket, defaults.ticket);
        if ticket.title.is_empty() {
            ticket.title = given.title;
        }
        if ticket.question.is_empty() {
            ticket.question = given.question;
        }
        if ticket.scenarios.is_empty() {
            ticket.scenarios = given.scenarios;
        }
        if ticket.causes.is_empty() {
            ticket.causes = given.causes;
        }
        ticket.category = ticket.category.take().or(given.category);
        ticket.date = ticket.date.or(given.date);
        for section in given.sections {
            ticket.sections.push(section);
            assembled.section_lines.push(1);
        }
    }

    /// Reads the rows of a table that are whole by now.
    fn cells(&mut self, last: bool, sink: &mut dyn FnMut(Item)) {
        let Mode::Table(mut table) = std::mem::replace(&mut self.mode, Mode::Closed) else {
            return;
        };
        let text = std::mem::take(&mut self.text);
        let (splitter, rows) = &mut *table;
        let mut take = |line, cells| {
            rows.row(line, cells, &mut |line, found| {
                self.loose(line, found, sink);
            });
        };
        splitter.feed(&text, &mut take);
        if last {
            splitter.finish(&mut take);
            if !rows.understood() {
                self.report.warn(1, WarningKind::UnknownColumns);
            }
        }
        self.mode = if last {
            Mode::Closed
        } else {
            Mode::Table(table)
        };
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
                        self.ticket(&ready, machine.profile(), sink);
                    }
                }
            }
        }
    }

    fn ticket(&mut self, draft: &Draft, profile: &DocumentProfile, sink: &mut dyn FnMut(Item)) {
        let assembled = assemble(draft, profile, &self.options.labels);
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
        self.fill_defaults(&mut assembled);
        plain(&mut assembled.ticket);
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
                for found in jsonl::line(line, number, labels) {
                    self.loose(number, found, sink);
                }
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
                    for found in jsonl::objects(*value, line, labels) {
                        self.loose(line, found, sink);
                    }
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

/// Makes text of the markup in everything that a ticket says.
fn plain(ticket: &mut Ticket) {
    let plain = |text: &mut String| {
        if let Cow::Owned(bare) = markup::text(text) {
            *text = bare;
        }
    };
    plain(&mut ticket.question);
    ticket
        .dialogue
        .iter_mut()
        .for_each(|turn| plain(&mut turn.text));
    ticket
        .sections
        .iter_mut()
        .for_each(|section| plain(&mut section.text));
    plain(&mut ticket.title);
    if ticket.title.contains('\n') {
        ticket.title = sanitize::one_line(&ticket.title).into_owned();
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
