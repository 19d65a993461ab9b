//! Masking what redaction missed, before anything is stored.

use std::collections::BTreeSet;

use crate::model::{Article, Speaker, TeamSettings, Ticket};
use crate::text::contacts::{self, ContactClass};

use super::assemble::Assembled;
use super::report::{Collector, Side};

/// Whether contacts are masked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Masking {
    /// Texts are stored as they are.
    Off,
    /// Contacts become marks, except those of the vendor's own.
    On {
        /// Numbers and addresses left alone, in any spelling; `@example.com` allows a domain.
        allow: Vec<String>,
        /// Optional classes that are masked too.
        classes: Vec<ContactClass>,
    },
}

impl Masking {
    /// The masks a team has set.
    pub fn of(settings: &TeamSettings) -> Self {
        let classes = settings.mask_classes.iter();
        Self::On {
            allow: settings.allow_contacts.clone(),
            classes: classes
                .filter_map(|name| ContactClass::parse(name))
                .filter(|class| class.is_optional())
                .collect(),
        }
    }

    /// A text with its contacts masked: what an agent types or pastes.
    pub fn masked(&self, text: &str) -> String {
        let mut masked = text.to_owned();
        if *self != Self::Off {
            Masker::new(self).replace(&mut masked, &mut |_, _, _| {});
        }
        masked
    }
}

/// Masks texts and counts.
#[derive(Debug)]
pub(crate) struct Masker {
    on: bool,
    allow: BTreeSet<String>,
    domains: Vec<String>,
    classes: Vec<ContactClass>,
}

impl Masker {
    pub(crate) fn new(masking: &Masking) -> Self {
        let (on, allow, classes) = match masking {
            Masking::Off => (false, &[][..], &[][..]),
            Masking::On { allow, classes } => (true, allow.as_slice(), classes.as_slice()),
        };
        Self {
            on,
            classes: classes.to_vec(),
            allow: allow.iter().map(|a| contacts::normalised(a)).collect(),
            domains: allow
                .iter()
                .filter(|a| a.starts_with('@'))
                .map(|a| a.to_lowercase())
                .collect(),
        }
    }

    /// Masks a whole ticket.
    pub(crate) fn ticket(&self, assembled: &mut Assembled, report: &mut Collector) {
        if !self.on {
            return;
        }
        let line = assembled.line;
        let ticket: &mut Ticket = &mut assembled.ticket;
        self.text(&mut ticket.title, line, Side::Customer, report);
        self.text(
            &mut ticket.question,
            assembled.question_line,
            Side::Customer,
            report,
        );
        for (turn, line) in ticket.dialogue.iter_mut().zip(&assembled.turn_lines) {
            let side = match turn.speaker {
                Speaker::Customer => Side::Customer,
                Speaker::Agent => Side::Agent,
                Speaker::Other | Speaker::Internal => Side::Other,
            };
            self.text(&mut turn.text, *line, side, report);
            if let Some(name) = &mut turn.name {
                self.text(name, *line, side, report);
            }
        }
        for cause in &mut ticket.causes {
            self.text(cause, assembled.causes_line, Side::Other, report);
        }
        for scenario in &mut ticket.scenarios {
            self.text(scenario, line, Side::Other, report);
        }
        if let Some(category) = &mut ticket.category {
            self.text(&mut category.product, line, Side::Other, report);
            self.text(&mut category.issue_type, line, Side::Other, report);
        }
        for (section, line) in ticket.sections.iter_mut().zip(&assembled.section_lines) {
            self.text(&mut section.heading, *line, Side::Other, report);
            self.text(&mut section.text, *line, Side::Other, report);
        }
    }

    /// Masks one text of what was cut into parts long ago; tells each class that it masked.
    pub(crate) fn part(&self, text: &mut String, tell: &mut dyn FnMut(ContactClass)) {
        if self.on {
            self.replace(text, &mut |_, class, _| tell(class));
        }
    }

    /// Masks an article; the places are the lines of its passages.
    pub(crate) fn article(&self, article: &mut Article, lines: &[u32], report: &mut Collector) {
        if !self.on {
            return;
        }
        self.text(&mut article.title, 1, Side::Other, report);
        for (passage, line) in article.passages.iter_mut().zip(lines) {
            self.text(&mut passage.heading, *line, Side::Other, report);
            self.text(&mut passage.text, *line, Side::Other, report);
        }
    }

    /// Masks a value of a warning without counting it.
    pub(crate) fn quietly(&self, text: &str) -> String {
        let mut masked = text.to_owned();
        // Even unmasked imports quote no contact in their report.
        self.replace(&mut masked, &mut |_, _, _| {});
        masked
    }

    fn text(&self, text: &mut String, line: u32, side: Side, report: &mut Collector) {
        let mut met = BTreeSet::new();
        self.replace(text, &mut |offset_lines, class, value| {
            report.mask(line + offset_lines, class, side);
            let proposable = matches!(class, ContactClass::Phone | ContactClass::Email);
            if side == Side::Agent && proposable && met.insert(contacts::normalised(value)) {
                report.contact(contacts::normalised(value));
            }
        });
    }

    /// Replaces what is to be masked; tells the line within the text, the class and the value.
    fn replace(&self, text: &mut String, tell: &mut dyn FnMut(u32, ContactClass, &str)) {
        let found = contacts::find_also(text, &self.classes);
        if found.is_empty() {
            return;
        }
        let mut out = String::with_capacity(text.len());
        let (mut at, mut lines) = (0, 0);
        for contact in found {
            let Some(value) = text.get(contact.range.clone()) else {
                continue;
            };
            if self.allows(contact.class, value) {
                continue;
            }
            let between = text.get(at..contact.range.start).unwrap_or_default();
            lines += u32::try_from(between.bytes().filter(|b| *b == b'\n').count()).unwrap_or(0);
            tell(lines, contact.class, value);
            out.push_str(between);
            out.push_str(contact.class.mark());
            at = contact.range.end;
        }
        if at > 0 {
            out.push_str(text.get(at..).unwrap_or_default());
            *text = out;
        }
    }

    fn allows(&self, class: ContactClass, value: &str) -> bool {
        if !matches!(class, ContactClass::Phone | ContactClass::Email) {
            return false;
        }
        let value = contacts::normalised(value);
        self.allow.contains(&value) || self.domains.iter().any(|d| value.ends_with(d.as_str()))
    }
}
