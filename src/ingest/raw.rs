//! A ticket as it stands in the document: sections with their labels.

use super::labels::Field;
use super::line::Form;

/// One section as it stands in the document.
#[derive(Debug, Clone, Default)]
pub(crate) struct RawSection {
    /// What it is; `None` = no label of ours names it.
    pub(crate) field: Option<Field>,
    /// Its heading as given; empty = text under the title.
    pub(crate) heading: String,
    /// Whether the label was numbered, as in `回复 2`.
    pub(crate) numbered: bool,
    /// Whether a real heading opened it.
    pub(crate) headed: bool,
    /// Line on which its text begins, from 1.
    pub(crate) line: u32,
    /// Its text, lines joined by line feeds, escapes still on.
    pub(crate) text: String,
    /// How its label was set.
    pub(crate) form: Option<Form>,
    /// Whether text followed the label on its line.
    pub(crate) inline: bool,
    /// Whether a line was added.
    pub(crate) begun: bool,
}

/// One ticket as it stands in the document.
#[derive(Debug, Clone, Default)]
pub(crate) struct Draft {
    /// Line of its title, or of its first label.
    pub(crate) line: u32,
    /// The heading as given.
    pub(crate) title: Option<String>,
    /// Whether the heading is of the level that begins tickets.
    pub(crate) sure: bool,
    /// Its sections in order.
    pub(crate) sections: Vec<RawSection>,
    /// Bytes dropped because the draft was too large.
    pub(crate) dropped: usize,
    /// Bytes kept.
    pub(crate) bytes: usize,
}

impl Draft {
    /// Whether a field has a section.
    pub(crate) fn has(&self, field: Field) -> bool {
        self.sections.iter().any(|s| s.field == Some(field))
    }

    pub(crate) fn has_content(&self) -> bool {
        self.sections
            .iter()
            .any(|s| s.field.is_some_and(Field::is_content))
    }

    pub(crate) fn is_answered(&self) -> bool {
        [Field::Replies, Field::Dialogue, Field::Causes]
            .iter()
            .any(|f| self.has(*f))
    }

    /// Whether any label named a part of it.
    pub(crate) fn is_labelled(&self) -> bool {
        self.sections.iter().any(|s| s.field.is_some())
    }

    pub(crate) fn has_headed_content(&self) -> bool {
        self.sections
            .iter()
            .any(|s| s.headed && s.field.is_some_and(Field::is_content))
    }
}
