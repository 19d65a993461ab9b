//! Replies that agents keep and no two tickets share: when they fit is told from what they say,
//! from their names, and from the one ticket they may have been taken from.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::pattern::hash_text;
use super::replies::Form;
use super::topics::Topics;
use super::{Insight, RankedReply};
use crate::model::{ReplyId, TicketId};

/// What the words of its name are worth where a message has them all.
const NAME: f32 = 0.9;
/// What its text is worth where it has all telling words of the message.
const TEXT: f32 = 0.8;
/// What is left for a reply that speaks of something else.
const ELSEWHERE: f32 = 0.4;
/// What a ticket like the message says for a reply that was taken from it.
const TAKEN_FROM: f32 = 0.6;
/// A worse score is not worth a line.
const LEAST: f32 = 0.05;
/// Tickets named as evidence.
const EVIDENCE: usize = 5;

/// A reply as an agent keeps it.
#[derive(Debug, Clone, Copy)]
pub struct Kept<'a> {
    /// Its id.
    pub id: ReplyId,
    /// Its name; empty where nobody named it.
    pub name: &'a str,
    /// Its text, slots as `{{名称}}`.
    pub text: &'a str,
}

/// What can be told from a kept reply's words alone, so that it need not be told again for
/// every message.
#[derive(Debug)]
struct Sketch {
    /// Of name and text: another one is another sketch.
    digest: u64,
    subject: Topics,
    name: Vec<u32>,
    text: Vec<u32>,
    form: Form,
}

/// Sketches of the replies that were asked about last, at most twice as many as were kept then.
#[derive(Debug, Default)]
pub(super) struct Sketches(Mutex<HashMap<ReplyId, Arc<Sketch>>>);

impl Sketches {
    /// The sketches of kept replies, in their order; `draw` makes one that is not known.
    fn of(&self, kept: &[Kept<'_>], draw: impl Fn(&str, &Kept<'_>) -> Sketch) -> Vec<Arc<Sketch>> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() > 2 * kept.len() {
            known.retain(|id, _| kept.iter().any(|reply| reply.id == *id));
        }
        let sketch = |reply: &Kept<'_>| {
            let whole = format!("{}\n{}", reply.name, reply.text);
            let fits = |sketch: &&Arc<Sketch>| sketch.digest == hash_text(&whole);
            if let Some(sketch) = known.get(&reply.id).filter(fits) {
                return Arc::clone(sketch);
            }
            let sketch = Arc::new(draw(&whole, reply));
            known.insert(reply.id, Arc::clone(&sketch));
            sketch
        };
        kept.iter().map(sketch).collect()
    }
}

impl Insight {
    /// Kept replies that fit a message, best first; `similar` as in [`Self::suggest`].
    pub fn kept_for(
        &self,
        asked: &str,
        similar: &[(TicketId, f32)],
        kept: &[Kept<'_>],
    ) -> Vec<RankedReply> {
        if kept.is_empty() {
            return Vec::new();
        }
        let topics = Topics::of(&asked.to_lowercase());
        let words = self.causes.telling_words(asked, self.words.as_ref());
        let sketches = self
            .sketches
            .of(kept, |whole, reply| self.sketch(whole, reply));
        let ranked = kept.iter().zip(&sketches).filter_map(|(reply, sketch)| {
            let tickets = self.said_as(&sketch.form);
            let mut doubt = 1.0;
            let mut evidence = Vec::new();
            for (id, score) in similar.iter().filter(|(id, _)| tickets.contains(id)) {
                doubt *= 1.0 - score.clamp(0.0, 1.0) * TAKEN_FROM;
                evidence.push(*id);
            }
            let said = self.by_words(&words, sketch);
            let speaks = sketch.subject;
            let elsewhere = !topics.is_empty() && !speaks.is_empty() && !topics.meets(speaks);
            let subject = if elsewhere { ELSEWHERE } else { 1.0 };
            let score = (1.0 - doubt * (1.0 - said)) * subject;
            evidence.truncate(EVIDENCE);
            (score >= LEAST).then_some(RankedReply {
                id: reply.id,
                score,
                evidence,
            })
        });
        let mut out: Vec<RankedReply> = ranked.collect();
        out.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.id.cmp(&b.id)));
        out
    }

    fn sketch(&self, whole: &str, reply: &Kept<'_>) -> Sketch {
        let words = self.words.as_ref();
        Sketch {
            digest: hash_text(whole),
            subject: Topics::of(&whole.to_lowercase()),
            name: self.causes.telling_words(reply.name, words),
            text: self.causes.telling_words(reply.text, words),
            form: Form::of(reply.text),
        }
    }

    /// How well a reply's words fit a message's, 0 to 1; rare words count more.
    fn by_words(&self, asked: &[u32], reply: &Sketch) -> f32 {
        let weigh = |words: &mut dyn Iterator<Item = u32>| -> (f32, usize) {
            let weights = words.map(|word| self.causes.rarity(word));
            weights.fold((0.0, 0), |(sum, n), weight| (sum + weight, n + 1))
        };
        let share = |of: &[u32], within: &[u32]| {
            let (common, n) = weigh(&mut of.iter().copied().filter(|w| within.contains(w)));
            let (whole, _) = weigh(&mut of.iter().copied());
            (common / whole.max(f32::EPSILON), n)
        };
        let (by_name, _) = share(&reply.name, asked);
        let (by_text, common) = share(asked, &reply.text);
        // One word in common says little.
        let by_text = if common < 2 { 0.0 } else { by_text };
        (by_name * NAME).max(by_text * TEXT)
    }
}
