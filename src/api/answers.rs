//! Standard replies, advice on a message, and what is to be annotated next.
//!
//! The field names are the contract with scripts: fields are only ever added.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use jiff::Timestamp;
use jiff::civil::Date;

use super::presence::Present;
use super::rows::{HistoryEntry, PassageRow, TicketRow};
use crate::model::{Category, CategoryFilter, CauseId, ReplyId, Revision, TicketId, TreeNode};

/// Which standard replies.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ReplyQuery {
    /// Words that must all stand in title, code or text; empty = all replies.
    pub query: String,
    /// Only those used in this category.
    pub category: Option<CategoryFilter>,
    /// Also those that are never offered: holding, retired, outdated, merged, too thin.
    pub all: bool,
    /// Only kept ones of which the tickets say something else since an agent last looked.
    #[serde(default)]
    pub changed: bool,
    /// Also those with a short code, offered or not: whoever types it is told what became of it.
    #[serde(default)]
    pub coded: bool,
    /// The ticket, by any unique prefix of its id, whose values stand first in the blanks.
    #[serde(default)]
    pub ticket: Option<String>,
}

/// A standard reply, mined or kept by agents.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReplyRow {
    /// Its id.
    pub id: ReplyId,
    /// Its name, or its beginning where nobody named it.
    pub title: String,
    /// Short code; empty = none.
    #[serde(default, with = "super::absent")]
    pub code: String,
    /// The text, slots as `{{名称}}`.
    pub text: String,
    /// Its blanks.
    pub slots: Vec<SlotRow>,
    /// Tickets it was seen in.
    pub tickets: usize,
    /// Forms it was seen in.
    pub variants: usize,
    /// Whether it answers nothing.
    pub holding: bool,
    /// Whether a link that redaction broke was filled from another copy.
    pub healed: bool,
    /// Whether an agent keeps it.
    pub curated: bool,
    /// Categories of its tickets, most frequent first.
    pub categories: Vec<ReplyCategory>,
    /// Whether it may be offered for a ticket or a message.
    pub offered: bool,
    /// Whether a link in it stays broken.
    pub broken_link: bool,
    /// Tickets whose copies filled its links.
    pub healed_from: Vec<TicketId>,
    /// Tickets behind it, newest first, at most 200.
    pub evidence: Vec<TicketId>,
    /// How often it was copied.
    pub uses: u64,
    /// Whether the agent who asks made it a favourite.
    pub favourite: bool,
    /// Why it must not be sent any more; empty = it may.
    #[serde(default, with = "super::absent")]
    pub outdated: String,
    /// What took its place.
    pub successor: Option<ReplyId>,
    /// Whether an agent took it out of use.
    pub retired: bool,
    /// What the tickets say now, where that changed since an agent last wrote or looked and is
    /// not what the agent keeps: an offer, taken or dropped by [`ReplyEdit::Settle`].
    pub mined_text: Option<String>,
    /// What the tickets said then; empty = nothing.
    #[serde(default, with = "super::absent")]
    pub mined_before: String,
    /// Count of agents' changes of it.
    pub revision: Revision,
    /// Why it is not offered: `holding`, `thin`, `retired`, `outdated` or `merged`; empty = it is.
    #[serde(default, with = "super::absent")]
    pub withheld: String,
    /// Replies that were merged into it: their ids lead here.
    pub merged: Vec<ReplyId>,
    /// The reply that it was merged into.
    pub merged_into: Option<ReplyId>,
    /// The newest ticket that has it.
    pub newest_ticket: Option<TicketId>,
    /// That ticket's date, where its text gives one.
    pub newest_date: Option<Date>,
    /// When it was last copied.
    pub last_copied: Option<Timestamp>,
}

/// A standard reply with what stands behind it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReplyView {
    /// The reply.
    #[serde(flatten)]
    pub row: ReplyRow,
    /// The id that was asked for, where that was merged into this one.
    pub asked: Option<ReplyId>,
    /// The newest tickets that have it, at most 50.
    pub found_in: Vec<TicketRow>,
    /// What agents changed, newest first.
    pub history: Vec<HistoryEntry>,
}

/// A blank of a reply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlotRow {
    /// Its name.
    pub name: String,
    /// Values to choose from: of the ticket at hand first, then seen ones, newest first.
    pub values: Vec<String>,
    /// How many of the values are of the ticket or message at hand; the others are somebody
    /// else's.
    #[serde(default)]
    pub own: usize,
    /// Whether such a value says who a customer is.
    #[serde(default)]
    pub personal: bool,
}

impl SlotRow {
    /// The values that may be filled in: what says who a customer is, of this one only.
    pub fn offered(&self) -> &[String] {
        let own = self.values.get(..self.own).unwrap_or_default();
        if self.personal { own } else { &self.values }
    }
}

/// How many tickets of a category have a reply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplyCategory {
    /// Product area.
    pub product: String,
    /// Issue type; empty = none.
    pub issue_type: String,
    /// How many.
    pub tickets: usize,
}

/// What a text for the clipboard is made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DraftOf {
    /// A ticket's own agent turn, from 1; `None` = the best that answers, and where none does the
    /// first standard reply that fits.
    Turn {
        /// The ticket, by any unique prefix of its id.
        id: String,
        /// Which.
        turn: Option<usize>,
        /// The ticket whose customer gets it, by any unique prefix of its id; its values may
        /// stand in it.
        #[serde(default)]
        receiver: Option<String>,
    },
    /// What is offered for a ticket.
    Offer {
        /// The ticket, by any unique prefix of its id.
        id: String,
        /// Which offer, from 1.
        number: usize,
    },
    /// A standard reply, by any unique prefix of its id, or by its short code.
    Standard {
        /// The reply.
        reply: String,
        /// The ticket it is for, which gives values for its slots.
        ticket: Option<String>,
    },
    /// A text that the agent changed for this once: `{{名称}}` are slots, `\\{{` is `{{`.
    Changed {
        /// The text.
        text: String,
        /// What it was before.
        of: Box<DraftOf>,
    },
}

/// Asks for a text fit for the clipboard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Compose {
    /// Of what.
    pub of: DraftOf,
    /// Values for the slots, by name.
    pub values: BTreeMap<String, String>,
    /// Whether the text is wanted as it was written: no line breaks restored, no link filled.
    pub original: bool,
}

/// A text on its way to the clipboard, with all that should be known before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    /// The standard reply its use is counted for; of a turn: the one it would be a copy of.
    pub reply: ReplyId,
    /// Whether it is a standard reply.
    pub standard: bool,
    /// The ticket at hand.
    pub ticket: Option<TicketId>,
    /// Which agent turn of it, from 1.
    pub turn: Option<usize>,
    /// How many agent turns the ticket has.
    pub turns: usize,
    /// Name or beginning.
    pub title: String,
    /// The text, sanitised, slots filled as far as values were given.
    pub text: String,
    /// The text before its slots were filled.
    pub template: String,
    /// The text as it was written, before it was made fit to send.
    pub original: String,
    /// Its blanks with values to choose from.
    pub slots: Vec<SlotRow>,
    /// Names of the blanks left.
    pub unfilled: Vec<String>,
    /// What should be looked at before it is sent, in order.
    pub findings: Vec<DraftFinding>,
    /// Links filled from another ticket's copy.
    pub healed: Vec<HealedFrom>,
    /// Links that stay broken, as they stand in the text.
    pub broken_links: Vec<String>,
    /// Pictures that stood in the original and are not in the text.
    pub pictures: usize,
    /// Whether line breaks or spaces were restored, or pictures dropped.
    pub fitted: bool,
    /// Whether it answers nothing.
    pub holding: bool,
    /// Redaction marks left in it, each once.
    pub marks: Vec<String>,
    /// Why it must not be sent any more; empty = it may.
    #[serde(default, with = "super::absent")]
    pub outdated: String,
    /// What took its place: the id of a standard reply, or of a ticket or article.
    pub successor: Option<String>,
    /// The reply that was asked for, where that was merged into this one.
    pub merged_from: Option<ReplyId>,
    /// Whether it stands in for what the ticket's agents said, which answers nothing.
    #[serde(default)]
    pub lent: bool,
    /// Whether an agent took the standard reply out of use.
    #[serde(default)]
    pub retired: bool,
}

impl Draft {
    /// The ticket and agent turn it is a copy of; `None` = it is a standard reply.
    pub fn copied_turn(&self) -> Option<(TicketId, u32)> {
        let turn = u32::try_from(self.turn?).ok()?;
        Some((self.ticket.filter(|_| !self.standard)?, turn))
    }

    /// What the guard warns of, by name.
    pub fn warnings(&self) -> Vec<String> {
        let found = self.findings.iter().map(|found| found.kind.clone());
        let outdated = (!self.outdated.is_empty()).then(|| "outdated".to_owned());
        let retired = self.retired.then(|| "retired".to_owned());
        let broken = (!self.broken_links.is_empty()).then(|| "broken_link".to_owned());
        found.chain(outdated).chain(retired).chain(broken).collect()
    }
}

/// A place of a text that should be looked at before it is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftFinding {
    /// First character.
    pub start: usize,
    /// Character behind the last.
    pub end: usize,
    /// What stands there.
    pub value: String,
    /// `domain`, `phone`, `email`, `ip`, `instance`, `order`, `account`, `encoded`, `leftover`,
    /// `date`, `promise` or `done`.
    pub kind: String,
    /// First character of what a mask hides.
    pub hidden_start: usize,
    /// Character behind the last of what a mask hides.
    pub hidden_end: usize,
    /// What a mask puts in its place.
    pub mask: String,
    /// Name of the slot that can take the place of the value, the same wherever it stands.
    pub slot: String,
}

/// A copy that was made, to be counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Used {
    /// The reply.
    pub reply: ReplyId,
    /// How often.
    pub count: u32,
    /// What the guard had warned of, where the agent copied anyway.
    pub overridden: Vec<String>,
    /// The ticket and agent turn, from 1, that it was copied from, where it was no standard
    /// reply.
    pub turn: Option<(TicketId, u32)>,
}

/// A reply that an agent has at hand: a favourite, or one copied lately.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AtHandRow {
    /// Its id.
    pub id: ReplyId,
    /// Name or beginning.
    pub title: String,
    /// Short code; empty = none.
    #[serde(default, with = "super::absent")]
    pub code: String,
    /// The text, slots as `{{名称}}`.
    pub text: String,
    /// Its blanks.
    pub slots: Vec<SlotRow>,
    /// Whether the agent made it a favourite.
    pub favourite: bool,
    /// When the agent last copied it.
    pub copied: Option<jiff::Timestamp>,
    /// The ticket it was copied from, where it is no standard reply.
    pub ticket: Option<TicketId>,
    /// Which agent turn of that ticket, from 1.
    pub turn: Option<u32>,
    /// Why it must not be sent any more; empty = it may.
    #[serde(default, with = "super::absent")]
    pub outdated: String,
    /// Whether an agent took it out of use.
    pub retired: bool,
}

/// A link that was filled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HealedFrom {
    /// What was filled in.
    pub text: String,
    /// The ticket whose copy had it.
    pub source: TicketId,
}

/// Something that can be said to a ticket.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Offered {
    /// Number by which it is copied, from 1.
    pub number: usize,
    /// The standard reply; `None` = the ticket's own turn.
    pub reply: Option<ReplyId>,
    /// The ticket's own agent turn, from 1.
    pub turn: Option<usize>,
    /// Name or beginning.
    pub title: String,
    /// Short code; empty = none.
    #[serde(default, with = "super::absent")]
    pub code: String,
    /// The text, slots as `{{名称}}`.
    pub text: String,
    /// Its blanks.
    pub slots: Vec<SlotRow>,
    /// How well it fits, 0 to 1.
    pub score: f32,
    /// Tickets it was seen in.
    pub tickets: usize,
    /// Whether the agent who asks made it a favourite.
    pub favourite: bool,
}

/// Changes a standard reply. A reply is named by any unique prefix of its id or its short code;
/// a mined one that is changed is kept from then on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReplyEdit {
    /// Writes a new one.
    Create {
        /// Its name.
        name: String,
        /// Its short code; empty = none.
        code: String,
        /// Its text.
        text: String,
        /// The reply whose copies it stands for, as [`Draft::reply`] names it; `None` = it is new.
        of: Option<ReplyId>,
    },
    /// Changes what is given and leaves the rest.
    Change {
        /// Which.
        reply: String,
        /// Its name.
        name: Option<String>,
        /// Its short code; empty = none.
        code: Option<String>,
        /// Its text.
        text: Option<String>,
        /// The revision the change was made against; `None` = whatever it is now.
        base_rev: Option<Revision>,
    },
    /// Takes one out of use, or brings it back.
    Retire {
        /// Which.
        reply: String,
        /// Whether it is out of use afterwards.
        retired: bool,
    },
    /// Says that one must not be sent any more.
    Outdated {
        /// Which.
        reply: String,
        /// Why; empty = it may be sent again.
        reason: String,
        /// The reply that takes its place.
        successor: Option<String>,
        /// The revision the mark was made against; `None` = whatever it is now.
        #[serde(default)]
        base_rev: Option<Revision>,
    },
    /// Merges others into one, whose text stays: their ids and codes lead to it.
    Merge {
        /// The one that stays.
        reply: String,
        /// The others.
        others: Vec<String>,
    },
    /// Parts one from the reply it was merged into.
    Part {
        /// Which.
        reply: String,
    },
    /// Answers what the tickets offer for a kept one.
    Settle {
        /// Which.
        reply: String,
        /// Whether its text becomes the tickets'; otherwise it stays, and nothing more is said
        /// until the tickets change again.
        take: bool,
    },
}

/// What is likely about a customer's message.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct AdviceView {
    /// Likely categories, with their share of the votes.
    pub category: Vec<LikelyCategory>,
    /// The best standard replies.
    pub replies: Vec<AdvisedReply>,
    /// Tickets like it.
    pub tickets: Vec<TicketRow>,
    /// Likely root causes.
    pub causes: Vec<SuggestedCause>,
    /// Passages of articles about the same.
    pub passages: Vec<PassageRow>,
    /// Percent of the first analysis that is over, where it is under way: category, replies and
    /// causes come with it. `None` = they are here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub analysing: Option<u64>,
}

/// A category a message may belong to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LikelyCategory {
    /// Product area.
    pub product: String,
    /// Issue type; empty = none.
    pub issue_type: String,
    /// Share of the votes, 0 to 1.
    pub score: f32,
    /// Tickets like the message that are filed there; none where its own words say so.
    #[serde(default)]
    pub evidence: Vec<TicketId>,
}

/// A standard reply that fits a message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AdvisedReply {
    /// Its id.
    pub id: ReplyId,
    /// Name or beginning.
    pub title: String,
    /// The text, slots as `{{名称}}`.
    pub text: String,
    /// Its blanks; values of the message stand first.
    pub slots: Vec<SlotRow>,
    /// How well it fits, 0 to 1.
    pub score: f32,
    /// Tickets it was seen in.
    pub tickets: usize,
    /// Short code; empty = none.
    #[serde(default, with = "super::absent")]
    pub code: String,
    /// Tickets like the message whose agents said it.
    pub evidence: Vec<TicketId>,
}

/// A root cause that may hold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SuggestedCause {
    /// Its name.
    pub cause: String,
    /// How much speaks for it, 0 to 1.
    pub score: f32,
    /// The tickets that voted, most weight first.
    pub evidence: Vec<TicketId>,
    /// Its id.
    pub cause_id: CauseId,
}

/// Why a ticket waits for an agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum QueueKind {
    /// Its given cause says nothing.
    Placeholder,
    /// Its given cause is probably wrong.
    Suspect,
    /// Its category is probably wrong.
    Misfiled,
    /// Agents differ on its causes.
    Disputed,
    /// The agent who asks decided it.
    Mine,
}

impl QueueKind {
    /// All kinds, in the order screens list them.
    pub const ALL: [Self; 5] = [
        Self::Placeholder,
        Self::Suspect,
        Self::Misfiled,
        Self::Disputed,
        Self::Mine,
    ];

    /// The name that commands and JSON use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Placeholder => "placeholder",
            Self::Suspect => "suspect",
            Self::Misfiled => "misfiled",
            Self::Disputed => "disputed",
            Self::Mine => "mine",
        }
    }

    /// Reads [`Self::name`] back.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// A ticket that waits for an agent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct QueueRow {
    /// Its id.
    pub id: TicketId,
    /// Its title.
    pub title: String,
    /// Why it waits.
    pub kind: QueueKind,
    /// `lookalikes` (how many there are with it), `neighbours_disagree` (cause, theirs, how
    /// many), `no_word_in_common` (cause, what title and replies speak of), `odd_for_category`
    /// (cause, how many carry others), `filed_elsewhere` (category, proposed, how many alike),
    /// `agents_differ` (agent and causes in turn, who decided first; no
    /// causes = against those decided) or `decided` (the causes).
    pub reason_kind: String,
    /// Values for a sentence, as the kind says.
    pub reason_args: Vec<String>,
    /// How certain, 0 to 1.
    pub score: f32,
    /// Product area; empty = none.
    pub product: String,
    /// Issue type; empty = none.
    pub issue_type: String,
    /// Root causes that hold now.
    pub causes: Vec<String>,
    /// Revision of its root causes: the `base_rev` of the next annotation.
    pub revision: Revision,
    /// The category that is proposed, of a misfiled one.
    pub proposed: Option<Category>,
    /// Another agent who works on it now: such rows come last.
    #[serde(default)]
    pub held_by: Option<Present>,
}

/// Tickets that wait.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct QueuePage {
    /// The rows, the most certain first.
    pub rows: Vec<QueueRow>,
    /// How many there are in all.
    pub total: usize,
    /// The category tree of what waits; the filter's category is not applied, so that it stays
    /// whole.
    #[serde(default)]
    pub tree: Vec<TreeNode>,
}
