//! Lines become drafts of tickets: where one begins, and which section a line belongs to.

mod opening;
mod prose;

use super::labels::{Field, LabelTable, Named};
use super::line::{Form, Shape, is_no_ticket, shape, speaker, title_prefix};
use super::profile::DocumentProfile;
use super::raw::{Draft, RawSection};

/// Bytes of one text around the tickets that are kept for its declared count.
const MAX_HEADER: usize = 64 * 1024;

/// Texts around the tickets that are kept.
const MAX_FRONTS: usize = 4_096;

/// Bytes of one ticket that are kept; more is not a ticket any more.
pub(crate) const MAX_DRAFT: usize = 64 * 1024 * 1024;

/// Text that stands outside of the tickets: a header, a chapter's heading, a footer.
#[derive(Debug)]
pub(crate) struct Front {
    /// Tickets given out before it.
    pub(crate) before: usize,
    /// Its lines that hold a figure.
    pub(crate) text: String,
}

/// What the machine gives out.
#[derive(Debug)]
pub(crate) enum Event {
    /// A finished draft.
    Draft(Box<Draft>),
    /// Text that belongs nowhere, by its line.
    Unparsed(u32),
}

/// A label within a fence: either the fence was never closed, or the label is a part of what it
/// holds.
#[derive(Debug)]
struct Doubt {
    /// The section that it began.
    section: usize,
    /// The line as it stands.
    line: String,
    /// Whether a fence followed.
    closed: bool,
}

/// The line machine.
#[derive(Debug)]
pub(crate) struct Machine {
    profile: DocumentProfile,
    current: Option<Draft>,
    fronts: Vec<Front>,
    given: usize,
    begun: bool,
    fence: bool,
    /// A section that a label within a fence began.
    doubt: Option<Doubt>,
    held_rule: Option<u32>,
    /// A line that looked like a title: section, byte offset, line, level.
    candidate: Option<(usize, usize, u32, u8, String)>,
    stray_told: bool,
    gap: bool,
}

impl Machine {
    /// Makes a machine for a document of these profile.
    pub(crate) fn new(profile: DocumentProfile) -> Self {
        Self {
            profile,
            current: None,
            fronts: Vec::new(),
            given: 0,
            begun: false,
            fence: false,
            doubt: None,
            held_rule: None,
            candidate: None,
            stray_told: false,
            gap: true,
        }
    }

    /// The document's profile.
    pub(crate) fn profile(&self) -> &DocumentProfile {
        &self.profile
    }

    /// The texts around the tickets that can promise a number of them.
    pub(crate) fn fronts(&self) -> &[Front] {
        &self.fronts
    }

    /// Takes one line, which holds no line feed.
    pub(crate) fn line(
        &mut self,
        number: u32,
        line: &str,
        table: &LabelTable,
        out: &mut Vec<Event>,
    ) {
        let shape = shape(line, table);
        let fenced = self.fence;
        if fenced && !self.breaks_fence(&shape) {
            self.fence = shape != Shape::Fence;
            self.push(line, number);
            return;
        }
        let gap = matches!(shape, Shape::Blank | Shape::Rule);
        match shape {
            Shape::Blank => self.push("", number),
            Shape::Rule => self.rule(line, number, out),
            Shape::Fence => {
                self.fence = true;
                if let Some(doubt) = &mut self.doubt {
                    doubt.closed = true;
                }
                self.text(line, number, table, out);
            }
            Shape::Text => self.text(line, number, table, out),
            Shape::Heading { level, text } => self.heading(level, text, line, number, table, out),
            Shape::Label {
                form: Form::Heading,
                level,
                named,
                rest,
                ..
            } if self.is_title(level, named.field, rest) => {
                let text = line.trim().trim_start_matches('#').trim();
                self.heading(level, text, line, number, table, out);
            }
            Shape::Label {
                form,
                named,
                heading,
                rest,
                ..
            } => {
                if self.accepts(form, named, heading, line, rest, table) {
                    let settled = self.settle(named.field);
                    self.open(named, heading, form, rest, number, out);
                    if fenced && !settled {
                        self.doubt_label(line);
                    }
                } else {
                    self.text(line, number, table, out);
                }
            }
            Shape::Unknown { heading, rest } => {
                let zone = self.current.as_ref().is_some_and(|d| !d.has_content());
                let talk = speaker(line, table).is_some();
                // 主要原因 in a list of causes is one of them.
                let listed = line.trim_start().starts_with(['-', '*', '+', '•'])
                    && !line.trim_start().starts_with("**")
                    && self.last_field() == Some(Field::Causes);
                if !talk
                    && !listed
                    && (zone || (self.current.is_some() && self.profile.unknown_is_usual(heading)))
                {
                    self.start_section(None, heading, Form::Bold, rest, number);
                } else {
                    self.text(line, number, table, out);
                }
            }
        }
        self.gap = gap;
    }

    /// Whether a heading that merely begins with a label's word is a title: `## 适用范围：…`
    /// stands where titles stand, and the word is no section's heading in this document.
    fn is_title(&self, level: u8, field: Field, rest: &str) -> bool {
        let fact = matches!(
            field,
            Field::Scenarios | Field::Product | Field::IssueType | Field::Category | Field::Date
        );
        let free = self.current.as_ref().is_none_or(Draft::is_answered);
        let usual = self.profile.count(field, Form::Heading) * 2 > self.profile.tickets.max(1);
        fact && free
            && !rest.is_empty()
            && !usual
            && self.profile.level == Some(level)
            && (self.profile.tickets > 1 || self.gap)
    }

    /// Ends the document.
    pub(crate) fn finish(&mut self, out: &mut Vec<Event>) {
        self.close(out);
    }

    fn breaks_fence(&mut self, shape: &Shape<'_>) -> bool {
        // An unbalanced fence must not swallow the tickets after it.
        let breaks = match shape {
            Shape::Label {
                form: Form::Heading,
                ..
            } => true,
            Shape::Heading { level, .. } => {
                Some(*level) == self.profile.level && *level <= 6 && *level > 1 && self.gap
            }
            Shape::Blank
            | Shape::Rule
            | Shape::Fence
            | Shape::Label { .. }
            | Shape::Unknown { .. }
            | Shape::Text => false,
        };
        if breaks {
            self.fence = false;
        }
        breaks
    }

    fn doubt_label(&mut self, line: &str) {
        let sections = self
            .current
            .as_ref()
            .map_or(0, |draft| draft.sections.len());
        self.doubt = sections.checked_sub(1).map(|section| Doubt {
            section,
            line: line.to_owned(),
            closed: false,
        });
    }

    /// Gives a doubtful section back to the one before it, now that the same label comes again
    /// behind the fence's end; says whether it did.
    fn settle(&mut self, field: Field) -> bool {
        let (Some(doubt), Some(draft)) = (self.doubt.take(), self.current.as_mut()) else {
            return false;
        };
        let again = draft
            .sections
            .last()
            .is_some_and(|s| s.field == Some(field));
        if !again
            || !doubt.closed
            || doubt.section == 0
            || doubt.section + 1 != draft.sections.len()
        {
            return false;
        }
        let taken = draft.sections.pop().unwrap_or_default();
        if let Some(before) = draft.sections.last_mut() {
            before.text.push('\n');
            before.text.push_str(&doubt.line);
            if taken.begun {
                before.text.push('\n');
                before.text.push_str(&taken.text);
            }
        }
        true
    }

    fn close(&mut self, out: &mut Vec<Event>) {
        self.doubt = None;
        self.held_rule = None;
        self.candidate = None;
        self.fence = false;
        let Some(draft) = self.current.take() else {
            return;
        };
        let has_text = draft.sections.iter().any(|s| !s.text.trim().is_empty());
        let around = draft.title.as_deref().is_some_and(is_no_ticket);
        if draft.is_labelled() || (draft.sure && !around) {
            self.begun = true;
            self.given += 1;
            out.push(Event::Draft(Box::new(draft)));
        } else if has_text {
            if self.begun {
                out.push(Event::Unparsed(draft.line));
            }
            for line in draft.sections.iter().flat_map(|s| s.text.lines()) {
                self.head_text(line);
            }
        }
    }

    fn start(&mut self, title: Option<&str>, sure: bool, number: u32, out: &mut Vec<Event>) {
        self.close(out);
        self.stray_told = false;
        self.current = Some(Draft {
            line: number,
            title: title.map(str::to_owned),
            sure,
            ..Draft::default()
        });
    }

    fn rule(&mut self, line: &str, number: u32, out: &mut Vec<Event>) {
        self.candidate = None;
        let headingless = self.profile.level.is_none_or(|l| l > 6);
        if headingless && self.current.as_ref().is_some_and(Draft::has_content) {
            self.close(out);
            return;
        }
        if self.held_rule.is_some() {
            self.push(line, number);
        }
        self.held_rule = Some(number);
    }

    fn heading(
        &mut self,
        level: u8,
        text: &str,
        line: &str,
        number: u32,
        table: &LabelTable,
        out: &mut Vec<Event>,
    ) {
        let Some(own) = self.profile.level else {
            if level > 6 {
                self.candidate_line(level, text, line, number, table, out);
            } else if self.current.as_ref().is_some_and(Draft::has_content) {
                self.close(out);
                self.start(Some(text), false, number, out);
            } else if self.current.is_some() {
                self.start_section(None, text, Form::Heading, "", number);
            } else {
                self.head_text(line);
                self.start(Some(text), false, number, out);
            }
            return;
        };
        if level > 6 {
            if level == own {
                self.candidate_line(level, text, line, number, table, out);
            } else {
                self.text(line, number, table, out);
            }
            return;
        }
        // Titles that always follow a gap make a heading without one a comment in some code.
        let inside = self.profile.gapped
            && !self.gap
            && self.current.as_ref().is_some_and(Draft::has_content);
        if inside && level < own {
            self.text(line, number, table, out);
        } else if own > 6 || level < own {
            self.close(out);
            self.head_text(line);
        } else if level == own && !inside && !(self.profile.shared && self.current.is_some()) {
            self.start(Some(text), true, number, out);
        } else {
            self.deeper(text, line, number, table, out);
        }
    }

    /// A heading below the title, or beside labels of its level: a section, until a label says
    /// that it was a title.
    fn deeper(
        &mut self,
        text: &str,
        line: &str,
        number: u32,
        table: &LabelTable,
        out: &mut Vec<Event>,
    ) {
        if speaker(line, table).is_some() && self.in_talk() {
            self.text(line, number, table, out);
        } else if self.current.is_none() {
            self.start(Some(text), false, number, out);
        } else if let (Some(rest), false) = (title_prefix(text), self.has(Field::Question)) {
            let named = Named {
                field: Field::Question,
                numbered: false,
            };
            self.open(named, "问题", Form::Heading, rest, number, out);
        } else if self.waits_for_text() && !self.profile.unknown_is_usual(text) {
            // What follows a label at once is its text, however it looks.
            self.push(line, number);
        } else {
            self.start_section(None, text, Form::Heading, "", number);
        }
    }

    /// Whether the last thing was the heading of the question or of the replies.
    fn waits_for_text(&self) -> bool {
        let last = self.current.as_ref().and_then(|d| d.sections.last());
        !self.profile.shared
            && last.is_some_and(|s| {
                s.headed
                    && matches!(s.field, Some(Field::Question | Field::Replies))
                    && s.text.trim().is_empty()
            })
    }

    fn has(&self, field: Field) -> bool {
        self.current.as_ref().is_some_and(|d| d.has(field))
    }

    fn last_field(&self) -> Option<Field> {
        self.current.as_ref()?.sections.last()?.field
    }

    fn in_talk(&self) -> bool {
        let last = self.current.as_ref().and_then(|d| d.sections.last());
        last.is_some_and(|s| matches!(s.field, Some(Field::Replies | Field::Dialogue)))
    }

    /// Keeps a line as text and remembers that it may prove to be a title.
    fn candidate_line(
        &mut self,
        level: u8,
        text: &str,
        line: &str,
        number: u32,
        table: &LabelTable,
        out: &mut Vec<Event>,
    ) {
        let fresh = self.current.is_none();
        if fresh {
            self.start(None, false, number, out);
        }
        let sections = self.current.as_ref().map_or(0, |d| d.sections.len());
        let at = self
            .current
            .as_ref()
            .and_then(|d| d.sections.last())
            .map_or(0, |s| s.text.len());
        self.text(line, number, table, out);
        self.candidate = Some((
            sections.saturating_sub(1),
            at,
            number,
            level,
            text.to_owned(),
        ));
    }
}
