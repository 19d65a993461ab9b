//! One resolved case: what was asked, what was answered, where it stood.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Category;

/// One resolved case as a document gave it, after sanitising and masking.
///
/// This is what a pack stores. Corrections of agents are folded beside it, never into it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Ticket {
    /// Title; may be empty.
    pub title: String,
    /// Category as given.
    pub category: Option<Category>,
    /// Products and scenarios the text says it fits.
    pub scenarios: Vec<String>,
    /// The customer's question in full.
    pub question: String,
    /// The conversation, or the replies alone, in order.
    pub dialogue: Vec<Turn>,
    /// Root causes as given, split at `；`, placeholders included.
    pub causes: Vec<String>,
    /// Date of the case, where the text gives one.
    #[serde(default)]
    pub date: Option<Date>,
    /// Sections that no label of ours names, under their own headings.
    #[serde(default)]
    pub sections: Vec<Section>,
}

/// One turn of a dialogue: from one speaker until the next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turn {
    /// Who spoke.
    pub speaker: Speaker,
    /// The speaker's name, where the text gives one beyond the role.
    #[serde(default)]
    pub name: Option<String>,
    /// What was said; may hold several lines.
    pub text: String,
    /// Whether a repeated conversation also gave this turn as a reply.
    #[serde(default)]
    pub in_summary: bool,
}

/// Who speaks in a dialogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Speaker {
    /// The customer who asked.
    Customer,
    /// A support agent.
    Agent,
    /// Anybody else: a system message, a bot, a third party.
    Other,
    /// Agents among themselves: shown and searched, never said to a customer.
    Internal,
}

/// A section under a heading of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    /// The heading as it stands in the document.
    pub heading: String,
    /// The text under it.
    pub text: String,
}

/// Where a ticket or article came from.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Source {
    /// The dataset it was imported into.
    pub dataset: String,
    /// File name as given to the import, relative to the named folder.
    pub file: String,
    /// Line of its first character, from 1.
    pub line: u32,
    /// Position among the file's tickets or articles, from 1.
    pub ordinal: u32,
}

impl Ticket {
    /// The agent's turns with their position in the dialogue, in order.
    pub fn agent_turns(&self) -> impl Iterator<Item = (usize, &Turn)> {
        self.dialogue
            .iter()
            .enumerate()
            .filter(|(_, turn)| turn.speaker == Speaker::Agent)
    }

    /// What agents wrote for each other, in order.
    pub fn notes(&self) -> impl Iterator<Item = &str> {
        self.dialogue
            .iter()
            .filter(|turn| turn.speaker == Speaker::Internal)
            .map(|turn| turn.text.as_str())
    }

    /// Title, question and every turn, a line each: what makes a ticket's id and what others are
    /// likened to.
    pub fn text(&self) -> String {
        self.pieces().collect()
    }

    /// What [`Self::text`] is made of.
    pub fn pieces(&self) -> impl Iterator<Item = &str> {
        let turns = self.dialogue.iter().flat_map(|t| ["\n", t.text.as_str()]);
        [&self.title, "\n", &self.question].into_iter().chain(turns)
    }

    /// The agent's turns that answer something, a line each.
    pub fn answers(&self) -> String {
        let turns = self.agent_turns().map(|(_, turn)| turn.text.as_str());
        let answers: Vec<&str> = turns.filter(|text| !super::is_holding(text)).collect();
        answers.join("\n")
    }
}
