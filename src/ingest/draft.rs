//! Lines become drafts of tickets: where one begins, and which section a line belongs to.

mod parts;

use super::habits::Habits;
use super::labels::{Field, LabelTable, Named};
use super::line::{
    BOLD_LEVEL, Fact, Form, Shape, fact, is_counter, is_footer, is_frame, is_no_ticket, shape,
    speaker, title_prefix,
};

pub(crate) use parts::{Draft, RawSection};

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

/// The line machine.
#[derive(Debug)]
pub(crate) struct Machine {
    habits: Habits,
    current: Option<Draft>,
    fronts: Vec<Front>,
    given: usize,
    begun: bool,
    fence: bool,
    held_rule: Option<u32>,
    /// A line that looked like a title: section, byte offset, line, level.
    candidate: Option<(usize, usize, u32, u8, String)>,
    stray_told: bool,
    gap: bool,
}

impl Machine {
    /// Makes a machine for a document of these habits.
    pub(crate) fn new(habits: Habits) -> Self {
        Self {
            habits,
            current: None,
            fronts: Vec::new(),
            given: 0,
            begun: false,
            fence: false,
            held_rule: None,
            candidate: None,
            stray_told: false,
            gap: true,
        }
    }

    /// The document's habits.
    pub(crate) fn habits(&self) -> &Habits {
        &self.habits
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
        if self.fence && !self.breaks_fence(&shape) {
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
                self.text(line, number, table, out);
            }
            Shape::Text => self.text(line, number, table, out),
            Shape::Heading { level, text } => self.heading(level, text, line, number, table, out),
            Shape::Label {
                form,
                named,
                heading,
                rest,
                ..
            } => {
                if self.accepts(form, named, heading, line, rest, table) {
                    self.open(named, heading, form, rest, number, out);
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
                    && (zone || (self.current.is_some() && self.habits.unknown_is_usual(heading)))
                {
                    self.start_section(None, heading, Form::Bold, rest, number);
                } else {
                    self.text(line, number, table, out);
                }
            }
        }
        self.gap = gap;
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
                Some(*level) == self.habits.level && *level <= 6 && *level > 1 && self.gap
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

    fn close(&mut self, out: &mut Vec<Event>) {
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
        let headingless = self.habits.level.is_none_or(|l| l > 6);
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
        let Some(own) = self.habits.level else {
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
        let inside = self.habits.gapped
            && !self.gap
            && self.current.as_ref().is_some_and(Draft::has_content);
        if inside && level < own {
            self.text(line, number, table, out);
        } else if own > 6 || level < own {
            self.close(out);
            self.head_text(line);
        } else if level == own && !inside && !(self.habits.shared && self.current.is_some()) {
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
        } else if self.waits_for_text() && !self.habits.unknown_is_usual(text) {
            // What follows a label at once is its text, however it looks.
            self.push(line, number);
        } else {
            self.start_section(None, text, Form::Heading, "", number);
        }
    }

    /// Whether the last thing was the heading of the question or of the replies.
    fn waits_for_text(&self) -> bool {
        let last = self.current.as_ref().and_then(|d| d.sections.last());
        !self.habits.shared
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

    /// Whether a label found in a line is one here.
    fn accepts(
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
            return self.habits.level.is_none_or(|l| l > 6) || field.is_content();
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
        if field == Field::Date && !rest.is_empty() && super::assemble::date(rest).is_none() {
            return false;
        }
        let headed = draft.has_headed_content();
        let (bold, head, plain) = (
            self.habits.count(field, Form::Bold),
            self.habits.count(field, Form::Heading),
            self.habits.count(field, Form::Plain),
        );
        match form {
            Form::Heading => true,
            Form::Bold if !headed || self.may_split(field) => true,
            Form::Bold => bold >= head && bold * 2 >= self.habits.tickets && !draft.has(field),
            Form::Plain if !draft.has_content() => true,
            Form::Plain if headed || self.has_bold_content() => {
                !draft.has(field) && plain > head + bold && self.habits.plain_is_usual(heading)
            }
            Form::Plain => {
                let usual = self.habits.plain_is_usual(heading);
                let again = draft.has(field);
                (field.is_content() || usual)
                    && (!again
                        || (usual && self.habits.level.is_none_or(|l| l > 6))
                        || field == Field::Replies
                        || field == Field::Question && usual)
            }
        }
    }

    /// Whether an unknown heading after the field may yet prove to be the next title.
    fn may_split(&self, field: Field) -> bool {
        let Some(draft) = &self.current else {
            return false;
        };
        let known = draft.sections.iter().rposition(|s| s.field == Some(field));
        let last = draft.sections.last();
        let unknown = last.is_some_and(|s| s.field.is_none() && s.headed);
        unknown && known.is_some() && draft.is_answered()
    }

    fn has_bold_content(&self) -> bool {
        self.current.as_ref().is_some_and(|d| {
            d.sections
                .iter()
                .any(|s| s.form == Some(Form::Bold) && s.field.is_some_and(Field::is_content))
        })
    }

    /// Opens a labelled section, or the ticket that it begins.
    fn open(
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
                || (self.habits.level.is_none() && !draft.sure && draft.sections.is_empty());
            if free && !rest.is_empty() {
                draft.title = Some(rest.to_owned());
                draft.sure = true;
                return;
            }
        }
        self.start_section(Some(named), heading, form, rest, number);
    }

    /// Whether a label that the draft already has begins the next ticket.
    fn begins_next(&self, field: Field) -> bool {
        let Some(draft) = &self.current else {
            return true;
        };
        let headingless = self.habits.level.is_none_or(|l| l > 6);
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
            Field::Replies | Field::Dialogue | Field::Causes => false,
        }
    }

    /// Turns a line that looked like a title into one, now that a label follows it.
    fn promote_candidate(&mut self, field: Field, out: &mut Vec<Event>) -> bool {
        let Some((section, at, number, level, title)) = self.candidate.take() else {
            return false;
        };
        let opens = !matches!(field, Field::Causes | Field::Replies | Field::Dialogue);
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
    fn split_at_unknown(&mut self, field: Field, out: &mut Vec<Event>) -> bool {
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
        if !opens && !self.habits.shared {
            return false;
        }
        let known = draft.sections.iter().rposition(|s| s.field == Some(field));
        let unknown = draft
            .sections
            .iter()
            .rposition(|s| s.field.is_none() && s.headed);
        let answered = draft.is_answered();
        match (known, unknown) {
            (Some(known), Some(unknown)) if known < unknown && (answered || self.habits.shared) => {
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

    fn start_section(
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

    fn text(&mut self, line: &str, number: u32, table: &LabelTable, out: &mut Vec<Event>) {
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
            let ends = self.habits.ruled && !self.habits.ends_with_causes && draft.has_content();
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
    fn number_begins(&mut self, line: &str, number: u32, out: &mut Vec<Event>) {
        let done = match &self.current {
            None => true,
            Some(draft) => draft.is_answered() && self.gap,
        };
        if self.habits.level.is_none()
            && done
            && self.habits.tickets > 0
            && fact(line).is_some_and(|f| f.numbers())
        {
            self.start(None, false, number, out);
        }
    }

    /// Whether a line under the title says something about the ticket, and is not its text.
    fn is_fact(&self, fact: &Fact<'_>, line: &str, table: &LabelTable) -> bool {
        let Some(draft) = self.current.as_ref().filter(|d| !d.has_content()) else {
            return false;
        };
        let headingless = self.habits.level.is_none_or(|l| l > 6);
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
    fn opens_talk(&self, line: &str, table: &LabelTable) -> bool {
        let Some(draft) = &self.current else {
            return false;
        };
        let field = draft.sections.last().and_then(|s| s.field);
        let question = field == Some(Field::Question);
        if (draft.has_content() && !question) || self.in_talk() {
            return false;
        }
        let Some(mark) = speaker(line, table) else {
            return false;
        };
        let headed = draft.sections.last().is_some_and(|s| s.headed);
        match (question, headed) {
            // Where a heading announces the replies, a question may quote one.
            (true, true) => mark.strong && !self.habits.announces_talk(),
            (true, false) => mark.strong || mark.speaker == crate::model::Speaker::Agent,
            (false, _) => true,
        }
    }

    fn push(&mut self, line: &str, number: u32) {
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
    fn head_text(&mut self, line: &str) {
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
