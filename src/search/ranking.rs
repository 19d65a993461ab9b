//! The weights of ranking, all in one place, with what each was measured to do.
//!
//! A query is answered in four steps: **retrieval** reads the lists of all its words and keeps the
//! best by a sum of BM25 over the whole text and the title; **rescoring** looks at those closely,
//! part by part (title, the customer's words, the agent's); **relaxation** finds what is spelled
//! otherwise where little is found; **fusion** joins the lists of several steps into one ranking.
//! Every figure was chosen on the odd queries of judged sets of real tickets.

/// Everything that decides what stands above what.
#[derive(Debug, Clone, PartialEq)]
pub struct Weights {
    /// What a word of a query counts by how it is found.
    pub words: WordWeights,
    /// How the best of a query are looked at closely.
    pub rescoring: Rescoring,
    /// How tickets like a text are ranked.
    pub similar: SimilarWeights,
    /// How nearness of meaning is added to what words tell.
    pub meaning: MeaningWeights,
    /// How much is read for one answer.
    pub budget: Budget,
}

/// How nearness of meaning is added. What it weighs in a search is the mean share of a ticket's
/// characters inside its vector, and no figure of this table.
#[derive(Debug, Clone, PartialEq)]
pub struct MeaningWeights {
    /// Tickets that are looked at closely because they are near.
    pub nearest: usize,
    /// The place, from 0, of the neighbour that stands for tickets that are not near.
    pub rest: usize,
    /// What the nearest gets of the best score where tickets like a text are sought.
    pub similar: f32,
}

/// What a word counts in retrieval by where and how it is found; as asked, in the text, it is 1.
#[derive(Debug, Clone, PartialEq)]
pub struct WordWeights {
    /// A word in the title, beside the whole text.
    pub title: f32,
    /// A pair of characters inside a longer word.
    pub pair: f32,
    /// A pair across two words: says that they are neighbours.
    pub bridge: f32,
    /// A word that says only how something is asked.
    pub stop: f32,
    /// A synonym that stands for a word which is missing.
    pub synonym: f32,
    /// A synonym beside its word, where no word must be.
    pub side_synonym: f32,
    /// A word in what carries no ticket up: holding replies, sections without a label.
    pub rest: f32,
    /// Letters that spell a title or label.
    pub spelled: f32,
    /// A word that letters stand for.
    pub spoken: f32,
    /// A word one letter away.
    pub near: f32,
    /// The beginning of a word.
    pub prefix: f32,
    /// A character that stands alone among words, such as 丢 and 崩, where no word must be.
    pub character: f32,
    /// A character or first letters.
    pub edge: f32,
}

/// BM25F over the parts of a ticket: the counts of a word in the parts are weighted and added
/// before they saturate, so that a word said in two parts is not told twice.
#[derive(Debug, Clone, PartialEq)]
pub struct Rescoring {
    /// What remains of the retrieval score.
    pub retrieval: f32,
    /// A word in the title.
    pub title: f32,
    /// A word in the customer's words.
    pub ask: f32,
    /// A word in the agent's words.
    pub answer: f32,
    /// A pair of characters inside a word or across two. On the judged sets less is better here,
    /// where retrieval has counted them: titles .47 with 1.0, .48 with .6, .50 with .2.
    pub pair: f32,
    /// BM25's saturation of a repeated term.
    pub k1: f32,
    /// BM25's regard for length.
    pub b: f32,
    /// What a passage's score counts beside a ticket's: short and under a title of its own, a
    /// passage scores above tickets that say as much.
    pub passage: f32,
}

/// How tickets like a text are ranked.
#[derive(Debug, Clone, PartialEq)]
pub struct SimilarWeights {
    /// A word in the title.
    pub title: f32,
    /// A word in the customer's words.
    pub ask: f32,
    /// A word in the agent's words.
    pub answer: f32,
    /// BM25's regard for length: on real tickets little serves this better than the usual .75.
    pub b: f32,
    /// A synonym beside its word.
    pub synonym: f32,
    /// Tickets whose answers are followed.
    pub leaders: usize,
    /// What the answer most like those followed scores beside the best ticket, if one of the
    /// leaders asks just the same: to have been answered alike tells more than to ask alike.
    pub follow: f32,
    /// How sharply a leader's say falls with the share of the text that it asks too.
    pub share_power: f32,
    /// How sharply it falls with its score beside the best one's.
    pub score_power: f32,
    /// Part of what a text asks, by weight, that a passage must hold: beside thousands of tickets
    /// some passage always has a word in common.
    pub overlap: f32,
}

/// How much is read for one answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Budget {
    /// The best of retrieval that are rescored.
    pub rescored: usize,
    /// Rows of matches as asked below which relaxation is tried.
    pub enough: usize,
    /// The best titles that are looked at closely where very many documents match.
    pub titled: usize,
    /// Hits that stand for the whole ranking in counts and exports.
    pub ranked: usize,
    /// Terms of a text that are looked up, the most telling ones: 80 find what 40 miss of long
    /// descriptions (.24 for .22), 120 nothing more.
    pub terms: usize,
    /// Terms of one answer that are followed, the most telling ones.
    pub followed: usize,
    /// Characters of a text that are read.
    pub read: usize,
    /// Words from which a query is a question: the ranking of all its words decides the order
    /// among what has all of them, too, and their synonyms do not count as said.
    pub question: usize,
    /// Postings that are read for a text: in a large collection the most telling terms have to
    /// do, and what only common words liken is not found.
    pub postings: u64,
}

impl Default for Weights {
    fn default() -> Self {
        Self {
            words: WordWeights {
                title: 0.7,
                pair: 0.5,
                bridge: 0.5,
                stop: 0.2,
                synonym: 0.4,
                side_synonym: 0.6,
                rest: 0.2,
                spelled: 0.3,
                spoken: 0.2,
                near: 0.3,
                prefix: 0.6,
                character: 0.5,
                edge: 0.5,
            },
            rescoring: Rescoring {
                retrieval: 1.0,
                title: 2.0,
                ask: 2.0,
                answer: 1.0,
                pair: 0.2,
                k1: 1.6,
                b: 0.75,
                passage: 0.8,
            },
            similar: SimilarWeights {
                title: 1.0,
                ask: 1.0,
                answer: 1.0,
                b: 0.15,
                synonym: 0.4,
                leaders: 10,
                follow: 3.0,
                share_power: 1.5,
                score_power: 2.0,
                overlap: 0.3,
            },
            meaning: MeaningWeights {
                nearest: 200,
                rest: 99,
                similar: 0.25,
            },
            budget: Budget {
                rescored: 200,
                enough: 10,
                titled: 2_000,
                ranked: 1_000,
                terms: 80,
                followed: 24,
                read: 4_000,
                question: 3,
                postings: 2_000_000,
            },
        }
    }
}
