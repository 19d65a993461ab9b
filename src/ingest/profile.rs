//! A document's own profile: how it marks tickets, labels and replies.
//!
//! One pass over the text before it is parsed. Whatever is ambiguous in a single line is
//! decided by what the document does elsewhere.

use std::collections::HashMap;

use super::labels::{Field, LabelTable, split_number};
use super::line::{
    BOLD_LEVEL, Form, NUMBERED_LEVEL, Shape, is_no_ticket, shape, speaker, title_number,
    title_prefix,
};
use super::marker::{Marker, marker};

/// Distinct unknown labels that are counted.
const MAX_UNKNOWN: usize = 4_096;

/// What a document does.
#[derive(Debug, Default)]
pub(crate) struct DocumentProfile {
    /// Level of the headings that begin tickets; `None` = labels or rules begin them.
    pub(crate) level: Option<u8>,
    /// Whether labels are headings of the same level as titles, or a shallower one.
    pub(crate) shared: bool,
    /// Tickets met, roughly.
    pub(crate) tickets: u32,
    /// Whether bare numbers before titles are numbering.
    pub(crate) numbered_titles: bool,
    /// Whether blank lines stand anywhere in the text.
    pub(crate) blank_lines: bool,
    /// Whether titles follow a blank line or a rule.
    pub(crate) gapped: bool,
    /// Whether every heading that could be a title has a category under it.
    categorised: bool,
    /// Whether rules stand between tickets.
    pub(crate) ruled: bool,
    /// Whether causes are the last part of nearly every ticket.
    pub(crate) ends_with_causes: bool,
    /// Whether headings ask, as `## Q: x` does.
    asked: bool,
    /// Lines that only a conversation has.
    pub(crate) speakers: u32,
    forms: HashMap<(Field, Form), u32>,
    plain: HashMap<String, u32>,
    unknown: HashMap<String, u32>,
    markers: HashMap<Marker, u32>,
    lists: u32,
}

#[derive(Default)]
struct Survey {
    like: [u32; 9],
    /// Headings followed by what seldom comes first: a comment in some code would be.
    loose: [u32; 9],
    heads: [u32; 9],
    /// Headings like `### 问题：x`, by their level, and by the level of the heading above.
    prefixed: [u32; 9],
    under: [u32; 9],
    numbered: [u32; 9],
    label_levels: [u32; 9],
    gapped: [u32; 9],
    pending: Option<(u8, bool)>,
    look_alike: Option<u8>,
    last_causes: bool,
    ends_with_causes: u32,
    after_gap: bool,
    after_rule: bool,
    ruled: u32,
    fence: bool,
    in_replies: bool,
}

impl DocumentProfile {
    /// Surveys a text.
    pub(crate) fn of(text: &str, table: &LabelTable) -> Self {
        let mut profile = Self::default();
        let mut survey = Survey {
            after_gap: true,
            ..Survey::default()
        };
        for line in text.trim_end().split('\n') {
            profile.look(line, table, &mut survey);
        }
        profile.conclude(&survey);
        profile
    }

    fn look(&mut self, line: &str, table: &LabelTable, survey: &mut Survey) {
        let shape = shape(line, table);
        if shape == Shape::Fence {
            survey.fence = !survey.fence;
        }
        let gap = matches!(shape, Shape::Blank | Shape::Rule);
        match shape {
            Shape::Blank => self.blank_lines = true,
            Shape::Rule => survey.after_rule = true,
            Shape::Heading { level, text } if level <= 6 => {
                survey.fence = false;
                if text.len() <= 120 {
                    count(&mut self.unknown, text);
                }
                survey.head(level, text);
            }
            Shape::Heading { level, text } => {
                self.first_of_replies(line, survey);
                let explicit = title_number(text).is_some();
                let starts = level == BOLD_LEVEL || explicit || survey.after_gap;
                survey.look_alike = starts.then_some(level);
            }
            // `## 适用范围：…` behind a rule is a title that begins with a label's word.
            Shape::Label {
                form: Form::Heading,
                level,
                named,
                heading,
                rest,
            } if !rest.is_empty()
                && survey.after_rule
                && !named.field.is_content()
                && named.field != Field::Title =>
            {
                survey.head(level, heading);
            }
            Shape::Label {
                form,
                level,
                named,
                heading,
                ..
            } => {
                survey.fence = false;
                if named.numbered && form == Form::Plain {
                    self.first_of_replies(line, survey);
                }
                *self.forms.entry((named.field, form)).or_insert(0) += 1;
                if form == Form::Plain {
                    count(&mut self.plain, heading);
                }
                survey.label(form, level, named.field);
            }
            Shape::Unknown { heading, .. } => count(&mut self.unknown, heading),
            Shape::Fence | Shape::Text => self.first_of_replies(line, survey),
        }
        if !gap {
            if !line.is_empty() && speaker(line, table).is_some() {
                self.speakers += 1;
            }
            if !matches!(shape, Shape::Heading { .. }) {
                survey.look_alike = None;
            }
            survey.after_rule = false;
        }
        survey.after_gap = gap;
    }

    /// Notes how the first line under a replies label is marked.
    fn first_of_replies(&mut self, line: &str, survey: &mut Survey) {
        if !std::mem::take(&mut survey.in_replies) {
            return;
        }
        self.lists += 1;
        if let Some((marker, number, _)) = marker(line)
            && number.is_none_or(|n| n == 1)
        {
            *self.markers.entry(marker).or_insert(0) += 1;
        }
    }

    fn conclude(&mut self, survey: &Survey) {
        let titled = survey.titles();
        self.asked = survey.prefixed.iter().any(|n| *n > 0);
        let strict = titled.iter().any(|n| *n > 0);
        let likes = if strict { &titled } else { &survey.loose };
        let real = (1..=6)
            .max_by_key(|l| (likes[*l], 9 - *l))
            .filter(|l| likes[*l] > 0);
        let pseudo = [BOLD_LEVEL, NUMBERED_LEVEL]
            .into_iter()
            .map(usize::from)
            .find(|l| likes[*l] > 0);
        let level = real.or(pseudo);
        let like = level.map_or(0, |l| likes[l]);
        let field = |f| {
            [Form::Heading, Form::Bold, Form::Plain]
                .iter()
                .map(|m| self.count(f, *m))
                .sum::<u32>()
        };
        let titles = field(Field::Title);
        let repeated = field(Field::Question)
            .max(field(Field::Category))
            .max(titles);
        // One heading over many labelled tickets is the document's own title.
        let labelled = (titles > like && titles >= 2 && like <= 1) || repeated > 2 * like;
        self.level = level
            .filter(|_| !labelled)
            .and_then(|l| u8::try_from(l).ok());
        self.tickets = match self.level {
            Some(l) if l <= 6 => survey.heads[usize::from(l)].max(like),
            Some(_) => like,
            None => repeated,
        };
        if let Some(l) = self.level.map(usize::from) {
            self.shared = (1..=l).any(|n| survey.label_levels[n] * 2 > like);
            self.numbered_titles =
                survey.numbered[l] * 2 >= survey.heads[l].max(1) || l >= usize::from(BOLD_LEVEL);
        }
        self.gapped = level.is_some_and(|l| survey.gapped[l] * 10 >= like * 9) && self.blank_lines;
        self.categorised = level.is_some_and(|l| (2..=6).contains(&l) && like == survey.heads[l])
            && self.count(Field::Category, Form::Bold) >= like;
        self.ruled = survey.ruled * 2 >= self.tickets.max(1);
        let ended = survey.ends_with_causes + u32::from(survey.last_causes);
        self.ends_with_causes = ended > 0 && ended * 3 >= self.tickets * 2;
    }

    /// Whether the labels are those of tickets, not two words of an article.
    pub(crate) fn holds_tickets(&self) -> bool {
        let any = |fields: &[Field]| self.forms.keys().any(|(f, _)| fields.contains(f));
        let distinct: std::collections::HashSet<Field> =
            self.forms.keys().map(|(f, _)| *f).collect();
        let talk = self.speakers >= 2
            || any(&[
                Field::Question,
                Field::Replies,
                Field::Dialogue,
                Field::Causes,
            ]);
        let answered = any(&[
            Field::Replies,
            Field::Dialogue,
            Field::Causes,
            Field::Category,
        ]);
        (distinct.len() + usize::from(self.asked) >= 2 && talk && answered) || self.categorised
    }

    /// How often a field stands in a form.
    pub(crate) fn count(&self, field: Field, form: Form) -> u32 {
        self.forms.get(&(field, form)).copied().unwrap_or(0)
    }

    /// Whether a plain label is this document's way, not a phrase of one text.
    pub(crate) fn plain_is_usual(&self, heading: &str) -> bool {
        self.plain
            .get(heading)
            .is_some_and(|n| n * 2 >= self.tickets)
    }

    /// Whether an unknown label recurs over the tickets.
    pub(crate) fn unknown_is_usual(&self, heading: &str) -> bool {
        self.unknown
            .get(heading)
            .is_some_and(|n| *n >= 2 && n * 3 >= self.tickets)
    }

    /// Whether a heading stands over what was said in most tickets.
    pub(crate) fn announces_talk(&self) -> bool {
        let headed =
            self.count(Field::Replies, Form::Heading) + self.count(Field::Dialogue, Form::Heading);
        headed * 2 > self.tickets
    }

    /// Whether replies are listed with this marker.
    pub(crate) fn lists_with(&self, marker: Marker) -> bool {
        self.markers
            .get(&marker)
            .is_some_and(|n| n * 3 >= self.lists)
    }
}

impl Survey {
    /// Headings that begin tickets, by level. `## Q: x` asks under a title of its own, or is
    /// the title where one heading stands over many of them.
    fn titles(&self) -> [u32; 9] {
        let mut titles = self.like;
        let prefixed: u32 = self.prefixed.iter().sum();
        let under: u32 = self.under.iter().sum();
        let alone = prefixed >= 2 && under * 2 <= prefixed;
        let more = if alone { &self.prefixed } else { &self.under };
        for (count, more) in titles.iter_mut().zip(more) {
            *count += more;
        }
        titles
    }

    fn head(&mut self, level: u8, text: &str) {
        let at = usize::from(level);
        // `### 问题：x` under a title is a label; alone it is a title with its prefix.
        if title_prefix(text).is_some()
            && title_number(text).is_none()
            && let Some((above, _)) = self.pending.filter(|p| p.0 < level)
        {
            self.under[usize::from(above)] += 1;
        }
        if is_no_ticket(text) {
            return;
        }
        self.prefixed[at] += u32::from(title_prefix(text).is_some());
        self.heads[at] += 1;
        if split_number(text).0.is_some() {
            self.numbered[at] += 1;
        }
        if self.after_rule {
            self.ruled += 1;
        }
        self.pending = Some((level, self.after_gap));
        self.in_replies = false;
    }

    fn label(&mut self, form: Form, level: u8, field: Field) {
        self.in_replies = field == Field::Replies;
        let causes = field == Field::Causes;
        let next = !causes && !matches!(field, Field::Replies | Field::Dialogue | Field::Internal);
        if next && std::mem::take(&mut self.last_causes) {
            self.ends_with_causes += 1;
        }
        self.last_causes = causes || (self.last_causes && next);
        if form == Form::Heading {
            self.label_levels[usize::from(level)] += 1;
        }
        let opens = !matches!(
            field,
            Field::Causes | Field::Replies | Field::Dialogue | Field::Internal
        );
        if let Some((head, gapped)) = self.pending.take() {
            let list = if opens {
                &mut self.like
            } else {
                &mut self.loose
            };
            list[usize::from(head)] += 1;
            self.gapped[usize::from(head)] += u32::from(gapped && opens);
        }
        if let Some(head) = self.look_alike.filter(|l| opens || *l == BOLD_LEVEL) {
            self.like[usize::from(head)] += 1;
        }
    }
}

fn count(counts: &mut HashMap<String, u32>, word: &str) {
    if let Some(met) = counts.get_mut(word) {
        *met += 1;
    } else if counts.len() < MAX_UNKNOWN {
        counts.insert(word.to_owned(), 1);
    }
}
