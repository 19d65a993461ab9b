//! What the index is fed: one ticket or article, already cut into the parts that are ranked apart.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::model::{Category, CauseId, CauseState, DocNo, Passage, TicketId};

/// Words and synonyms a team adds to the built-in ones. A change of them rebuilds the index.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Lexicon {
    /// Product words that segmentation keeps whole.
    pub words: Vec<String>,
    /// Groups of words that find each other.
    pub synonyms: Vec<Vec<String>>,
}

/// Whether a document is a ticket or a reference text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A resolved case.
    Ticket,
    /// A reference text; each of its passages is found on its own.
    Article,
}

/// A ticket or article as the index wants it.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// Its dense number: what a hit names. A document put again under it replaces the old one.
    pub doc: DocNo,
    /// Ticket or article.
    pub kind: Kind,
    /// Its id; an article's is shaped alike.
    pub id: TicketId,
    /// Title; of an article, the article's.
    pub title: String,
    /// The customer's question in full.
    pub question: String,
    /// The customer's turns, joined by line feeds; a repeated question may stand in it.
    pub customer: String,
    /// The agent's turns that are not holding replies, joined by line feeds.
    pub agent: String,
    /// The agent's holding replies: findable, but they never carry a ticket up.
    pub holding: String,
    /// Category that holds now.
    pub category: Option<Category>,
    /// Products and scenarios the text says it fits.
    pub scenarios: Vec<String>,
    /// Root causes that hold now, with their ids where they are in the vocabulary; placeholders
    /// are left out.
    pub causes: Vec<(Option<CauseId>, String)>,
    /// What is known of why.
    pub state: CauseState,
    /// Datasets it belongs to.
    pub datasets: Vec<String>,
    /// When it was, where the document says so.
    pub date: Option<Date>,
    /// Text of sections that no label names, headings included, and turns of other speakers.
    pub sections: String,
    /// Names of standard replies given in it.
    pub reply_names: Vec<String>,
    /// An article's passages; empty for tickets.
    pub passages: Vec<Passage>,
}

impl Document {
    /// An empty ticket under a number and id; the caller fills in what there is.
    pub fn ticket(doc: DocNo, id: TicketId) -> Self {
        Self {
            doc,
            kind: Kind::Ticket,
            id,
            title: String::new(),
            question: String::new(),
            customer: String::new(),
            agent: String::new(),
            holding: String::new(),
            category: None,
            scenarios: Vec::new(),
            causes: Vec::new(),
            state: CauseState::None,
            datasets: Vec::new(),
            date: None,
            sections: String::new(),
            reply_names: Vec::new(),
            passages: Vec::new(),
        }
    }

    /// Bytes of its long texts.
    pub(super) fn bytes(&self) -> usize {
        let passages = self.passages.iter().map(|passage| passage.text.len());
        let texts = [
            &self.question,
            &self.customer,
            &self.agent,
            &self.holding,
            &self.sections,
        ];
        texts.iter().map(|text| text.len()).sum::<usize>() + passages.sum::<usize>()
    }
}

impl Lexicon {
    /// A digest of the words and synonyms, independent of their order within the lists.
    pub fn digest(&self) -> u64 {
        let mut words = self.words.clone();
        words.sort();
        words.dedup();
        let mut groups: Vec<Vec<String>> = self
            .synonyms
            .iter()
            .map(|group| {
                let mut group = group.clone();
                group.sort();
                group.dedup();
                group
            })
            .collect();
        groups.sort();
        groups.dedup();
        let mut hasher = blake3::Hasher::new();
        for word in &words {
            hasher.update(word.as_bytes()).update(b"\0");
        }
        for group in &groups {
            hasher.update(b"\x01");
            for word in group {
                hasher.update(word.as_bytes()).update(b"\0");
            }
        }
        let bytes = hasher.finalize();
        bytes
            .as_bytes()
            .iter()
            .take(8)
            .fold(0, |sum, byte| (sum << 8) | u64::from(*byte))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_changes_with_the_words_and_not_with_their_order() {
        let a = Lexicon {
            words: vec!["源站".into(), "回源".into()],
            synonyms: vec![vec!["退款".into(), "退费".into()]],
        };
        let mut b = a.clone();
        b.words.reverse();
        b.synonyms[0].reverse();
        assert_eq!(a.digest(), b.digest());
        b.words.pop();
        assert_ne!(a.digest(), b.digest());
        // A word is not a synonym group of one.
        let word = Lexicon {
            words: vec!["x".into()],
            synonyms: vec![],
        };
        let group = Lexicon {
            words: vec![],
            synonyms: vec![vec!["x".into()]],
        };
        assert_ne!(word.digest(), group.digest());
    }
}
