//! Labels: which of them open a section, and which prove that a new ticket had begun.

use super::{Event, Machine, RawSection};
use crate::ingest::labels::{Field, LabelTable, Named};
use crate::ingest::line::{BOLD_LEVEL, Form, is_counter, speaker};

impl Machine {
    /// Whether a label found in a line is one here.
    pub(super) fn accepts(
        &self,
        form: Form,
        named: Named,
        heading: &str,
        line: &str,
        rest: &str,
        table: &LabelTable,
    ) -> bool {
        let field = named.field;
        if form == Form::Heading {
            return true;
        }
        let Some(draft) = &self.current else {
            return self.profile.level.is_none_or(|l| l > 6) || field.is_content();
        };
        let here = draft.sections.last();
        let headed_here = here.is_some_and(|s| s.headed && s.field.is_some_and(Field::is_content));
        if self.in_talk() && speaker(line, table).is_some() && (headed_here || self.has(field)) {
            // 客服回复： within a conversation is a speaker, not a section.
            let alternates = matches!(field, Field::Question | Field::Replies);
            if headed_here || !alternates || here.is_some_and(|s| s.field == Some(Field::Dialogue))
            {
                return false;
            }
        }
        if field == Field::Date && !rest.is_empty() && crate::ingest::dates::field(rest).is_none() {
            return false;
        }
        let headed = draft.has_headed_content();
        let (bold, head, plain) = (
            self.profile.count(field, Form::Bold),
            self.profile.count(field, Form::Heading),
            self.profile.count(field, Form::Plain),
        );
        match form {
            Form::Heading => true,
            Form::Bold if !headed || self.may_split(field) => true,
            Form::Bold => bold >= head && bold * 2 >= self.profile.tickets && !draft.has(field),
            Form::Plain if !draft.has_content() => true,
            Form::Plain if headed || self.has_bold_content() => {
                !draft.has(field) && plain > head + bold && self.profile.plain_is_usual(heading)
            }
            Form::Plain => {
                let usual = self.profile.plain_is_usual(heading);
                let again = draft.has(field);
                (field.is_content() || usual)
                    && (!again
                        || (usual && self.profile.level.is_none_or(|l| l > 6))
                        || field == Field::Replies
                        || field == Field::Question && usual)
            }
        }
    }

    /// Whether an unknown heading after the field may yet prove to be the next title.
    pub(super) fn may_split(&self, field: Field) -> bool {
        let Some(draft) = &self.current else {
            return false;
        };
        let known = draft.sections.iter().rposition(|s| s.field == Some(field));
        let last = draft.sections.last();
        let unknown = last.is_some_and(|s| s.field.is_none() && s.headed);
        unknown && known.is_some() && draft.is_answered()
    }

    pub(super) fn has_bold_content(&self) -> bool {
        self.current.as_ref().is_some_and(|d| {
            d.sections
                .iter()
                .any(|s| s.form == Some(Form::Bold) && s.field.is_some_and(Field::is_content))
        })
    }

    /// Opens a labelled section, or the ticket that it begins.
    pub(super) fn open(
        &mut self,
        named: Named,
        heading: &str,
        form: Form,
        rest: &str,
        number: u32,
        out: &mut Vec<Event>,
    ) {
        let field = named.field;
        if !self.promote_candidate(field, out)
            && !self.split_at_unknown(field, out)
            && self.begins_next(field)
        {
            self.start(None, false, number, out);
        }
        if self.current.is_none() {
            self.start(None, false, number, out);
        }
        if field == Field::Title
            && let Some(draft) = self.current.as_mut()
        {
            let free = draft
                .title
                .as_deref()
                .is_none_or(|t| t.is_empty() || is_counter(t))
                // One heading over many labelled tickets names them all.
                || (self.profile.level.is_none() && !draft.sure && draft.sections.is_empty());
            if free && !rest.is_empty() {
                draft.title = Some(rest.to_owned());
                draft.sure = true;
                return;
            }
        }
        self.start_section(Some(named), heading, form, rest, number);
    }

    /// Whether a label that the draft already has begins the next ticket.
    pub(super) fn begins_next(&self, field: Field) -> bool {
        let Some(draft) = &self.current else {
            return true;
        };
        let headingless = self.profile.level.is_none_or(|l| l > 6);
        match field {
            Field::Title => {
                draft.has_content() || (headingless && draft.title.is_some() && draft.is_labelled())
            }
            Field::Category | Field::Product => {
                draft.has(field) && (draft.is_answered() || (headingless && draft.has_content()))
            }
            Field::Question => headingless && draft.has(field) && draft.is_answered(),
            Field::Date | Field::Scenarios | Field::IssueType => {
                headingless && draft.has(field) && draft.is_answered()
            }
            Field::Replies | Field::Dialogue | Field::Causes | Field::Internal => false,
        }
    }

    /// Turns a line that looked like a title into one, now that a label follows it.
    pub(super) fn promote_candidate(&mut self, field: Field, out: &mut Vec<Event>) -> bool {
        let Some((section, at, number, level, title)) = self.candidate.take() else {
            return false;
        };
        let opens = !matches!(
            field,
            Field::Causes | Field::Replies | Field::Dialogue | Field::Internal
        );
        if !opens && level != BOLD_LEVEL {
            return false;
        }
        if let Some(draft) = self.current.as_mut() {
            if let Some(section) = draft.sections.get_mut(section) {
                section.text.truncate(at);
            }
            draft.sections.retain(|s| {
                s.field.is_some() || !s.heading.is_empty() || !s.text.trim().is_empty()
            });
            if draft.sections.is_empty() && draft.title.is_none() {
                self.current = None;
            }
        }
        self.start(Some(&title), true, number, out);
        true
    }

    /// A label met twice shows that an unknown heading between was the next ticket's title.
    pub(super) fn split_at_unknown(&mut self, field: Field, out: &mut Vec<Event>) -> bool {
        let opens = matches!(
            field,
            Field::Category
                | Field::Question
                | Field::Product
                | Field::Title
                | Field::Date
                | Field::Scenarios
        );
        let Some(draft) = self.current.as_mut() else {
            return false;
        };
        if !opens && !self.profile.shared {
            return false;
        }
        let known = draft.sections.iter().rposition(|s| s.field == Some(field));
        let unknown = draft
            .sections
            .iter()
            .rposition(|s| s.field.is_none() && s.headed);
        let answered = draft.is_answered();
        match (known, unknown) {
            (Some(known), Some(unknown))
                if known < unknown && (answered || self.profile.shared) =>
            {
                let mut tail = draft.sections.split_off(unknown);
                let line = tail.first().map_or(0, |s| s.line.saturating_sub(1));
                let title = tail.first_mut().map(|s| std::mem::take(&mut s.heading));
                tail.retain(|s| s.field.is_some() || !s.text.trim().is_empty());
                if let Some(first) = tail.first_mut() {
                    first.headed = false;
                }
                self.start(title.as_deref(), true, line, out);
                if let Some(next) = self.current.as_mut() {
                    next.sections = tail;
                }
                true
            }
            _ => false,
        }
    }

    pub(super) fn start_section(
        &mut self,
        named: Option<Named>,
        heading: &str,
        form: Form,
        rest: &str,
        number: u32,
    ) {
        self.held_rule = None;
        self.candidate = None;
        self.stray_told = false;
        let Some(draft) = self.current.as_mut() else {
            return;
        };
        draft.bytes += rest.len();
        draft.sections.push(RawSection {
            field: named.map(|n| n.field),
            heading: heading.to_owned(),
            numbered: named.is_some_and(|n| n.numbered),
            headed: form == Form::Heading,
            form: Some(form),
            line: if rest.is_empty() { number + 1 } else { number },
            text: rest.to_owned(),
            inline: !rest.is_empty(),
            begun: false,
        });
    }
}
