//! Lines without a label: facts under a title, the beginning of a talk, or just text.

use super::{Event, Front, MAX_DRAFT, MAX_FRONTS, MAX_HEADER, Machine, RawSection};
use crate::ingest::labels::{Field, LabelTable, Named};
use crate::ingest::line::{Fact, Form, fact, is_footer, is_frame, speaker};
use crate::model::Speaker;

impl Machine {
    pub(super) fn text(
        &mut self,
        line: &str,
        number: u32,
        table: &LabelTable,
        out: &mut Vec<Event>,
    ) {
        self.candidate = None;
        self.number_begins(line, number, out);
        let Some(draft) = &self.current else {
            if self.begun && !self.stray_told {
                self.stray_told = true;
                out.push(Event::Unparsed(number));
            }
            self.head_text(line);
            return;
        };
        if (self.held_rule.is_some() || self.gap) && draft.is_answered() && is_footer(line) {
            self.close(out);
            self.stray_told = true;
            out.push(Event::Unparsed(number));
            self.head_text(line);
            return;
        }
        if self.held_rule.is_some() {
            let talk = self.in_talk() && speaker(line, table).is_some();
            let complete = draft
                .sections
                .last()
                .is_some_and(|s| s.field == Some(Field::Causes) && !s.text.trim().is_empty());
            // Where every ticket ends with its causes, a rule before them ends nothing.
            let ends = self.profile.ruled && !self.profile.ends_with_causes && draft.has_content();
            if !talk && (complete || ends) {
                self.start_section(None, "", Form::Plain, line, number);
                out.push(Event::Unparsed(number));
                return;
            }
            self.held_rule = None;
            if !talk {
                self.push("---", number);
            }
        }
        let zone = self.current.as_ref().is_some_and(|d| !d.has_content());
        if zone && is_frame(line) {
            return;
        }
        if let Some(fact) = fact(line)
            && self.is_fact(&fact, line, table)
        {
            self.start_section(None, fact.name, Form::Plain, fact.value, number);
            return;
        }
        if self.opens_talk(line, table) {
            let named = Named {
                field: Field::Dialogue,
                numbered: false,
            };
            self.start_section(Some(named), "", Form::Plain, "", number - 1);
        }
        self.push(line, number);
    }

    /// Where no headings are, the line with a ticket's number begins it.
    pub(super) fn number_begins(&mut self, line: &str, number: u32, out: &mut Vec<Event>) {
        let done = match &self.current {
            None => true,
            Some(draft) => draft.is_answered() && self.gap,
        };
        if self.profile.level.is_none()
            && done
            && self.profile.tickets > 0
            && fact(line).is_some_and(|f| f.numbers())
        {
            self.start(None, false, number, out);
        }
    }

    /// Whether a line under the title says something about the ticket, and is not its text.
    pub(super) fn is_fact(&self, fact: &Fact<'_>, line: &str, table: &LabelTable) -> bool {
        let Some(draft) = self.current.as_ref().filter(|d| !d.has_content()) else {
            return false;
        };
        let headingless = self.profile.level.is_none_or(|l| l > 6);
        let (first, after) = match draft.sections.last() {
            None => (true, headingless && !self.gap),
            Some(s) => (
                false,
                s.inline && (s.field.is_some() || !s.heading.is_empty()),
            ),
        };
        if !(first || after) {
            return false;
        }
        let beside = after && !self.gap;
        if speaker(line, table).is_some() {
            let name =
                fact.value.chars().count() <= 12 && !fact.value.ends_with(['。', '？', '！', '?']);
            return name && (fact.known || (beside && fact.marked));
        }
        fact.known || fact.marked || beside
    }

    /// Whether a speaker's line begins a conversation that no label announces.
    pub(super) fn opens_talk(&self, line: &str, table: &LabelTable) -> bool {
        let Some(draft) = &self.current else {
            return false;
        };
        let field = draft.sections.last().and_then(|s| s.field);
        let question = field == Some(Field::Question);
        if (draft.has_content() && !question) || self.in_talk() {
            return false;
        }
        let Some(mark) = speaker(line, table).filter(|mark| mark.speaker != Speaker::Internal)
        else {
            return false;
        };
        let headed = draft.sections.last().is_some_and(|s| s.headed);
        match (question, headed) {
            // Where a heading announces the replies, a question may quote one.
            (true, true) => mark.strong && !self.profile.announces_talk(),
            (true, false) => mark.strong || mark.speaker == Speaker::Agent,
            (false, _) => true,
        }
    }

    pub(super) fn push(&mut self, line: &str, number: u32) {
        let Some(draft) = self.current.as_mut() else {
            return;
        };
        if draft.bytes > MAX_DRAFT {
            draft.dropped += line.len();
            return;
        }
        draft.bytes += line.len() + 1;
        match draft.sections.last_mut() {
            Some(section) => {
                // A label alone on its line leaves the text to begin on the next.
                if section.inline || section.begun {
                    section.text.push('\n');
                }
                section.begun = true;
                section.text.push_str(line);
            }
            None if line.trim().is_empty() => {}
            None => draft.sections.push(RawSection {
                line: number,
                text: line.to_owned(),
                begun: true,
                ..RawSection::default()
            }),
        }
    }

    /// Notes a line outside of the tickets, for the number it may promise.
    pub(super) fn head_text(&mut self, line: &str) {
        if line.len() > 4096 || !line.contains(|c: char| c.is_ascii_digit()) {
            return;
        }
        let here = self.fronts.last().is_some_and(|f| f.before == self.given);
        if !here && self.fronts.len() < MAX_FRONTS {
            self.fronts.push(Front {
                before: self.given,
                text: String::new(),
            });
        }
        if let Some(front) = self.fronts.last_mut()
            && front.text.len() < MAX_HEADER
        {
            front.text.push_str(line);
            front.text.push('\n');
        }
    }
}
