//! Standard replies mined from what agents wrote.
//!
//! Every agent's turn that says something is signed (min-hash) and joins the group of the turn
//! it is most like, or begins one. Texts are not kept: the copies of a group that two tickets
//! share are asked for again when its skeleton is made, and only when the group changed.

mod align;
mod blanks;
mod choose;
mod folding;
mod grouping;
mod lead;
mod mined;
mod sketch;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

pub use mined::MinedReply;

use serde::{Deserialize, Serialize};

use super::case::Texts;
use super::links::{LinkUse, Links};
use super::minhash::{Candidates, Signature};
use super::normal::{Class, canonical, parts};
use super::pattern::hash_text;
use super::vendor::Vendor;
use crate::model::{ReplyId, TicketId};
use grouping::Group;
use lead::Leads;
use sketch::Sketch;

/// Times that groups are settled again which others moved to; what is left waits for the next
/// change.
const ROUNDS: usize = 8;

/// Where a turn stands: number of its ticket, position in the dialogue.
type Place = (u32, u32);

/// Texts of one form: they differ in values, white space and punctuation only.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Variant {
    /// Hash of the canonical text.
    key: u64,
    /// Characters of the canonical text.
    size: u16,
    group: u32,
    places: Vec<Place>,
}

/// Groups of agents' turns, kept up to date ticket by ticket.
#[derive(Debug, Serialize, Deserialize)]
pub struct Replies {
    /// Finds forms that groups are known by.
    candidates: Candidates,
    /// By form that can be found: its group.
    found: Vec<u32>,
    variants: Vec<Variant>,
    by_key: HashMap<u64, u32>,
    groups: Vec<Group>,
    /// Words before a whole link → group: a broken copy is recognised by them.
    whole_leads: HashMap<u64, u32>,
    /// Words before a broken link → group, for the whole copy that comes later.
    broken_leads: HashMap<u64, u32>,
    /// What answers nothing, by form.
    held: Vec<Held>,
    held_by_key: HashMap<u64, u32>,
    /// By ticket number: what its agents said.
    tickets: Vec<Said>,
    counts: BTreeMap<Class, usize>,
    /// Whole addresses that agents sent.
    links: Links,
    /// By a piece of a mined text: its groups.
    by_piece: HashMap<u64, Vec<u32>>,
    dirty: HashSet<u32>,
    mined: HashMap<u32, MinedReply>,
    /// By mined group: its newest tickets, for whoever looks for neighbours.
    recent: HashMap<u32, Box<[u32]>>,
}

/// Holding replies of one form.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Held {
    key: u64,
    places: Vec<Place>,
}

/// What a ticket's agents said.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Said {
    /// Variants of the turns that say something, with the turn.
    variants: Box<[Place]>,
    /// Forms of the turns that answer nothing, with the turn.
    held: Box<[Place]>,
    /// Whole addresses in the turns.
    links: Box<[LinkUse]>,
    /// Turns by class, in the order of [`CLASSES`].
    classes: [u16; 4],
}

/// All classes, in the order they are counted.
const CLASSES: [Class; 4] = [Class::Holding, Class::Scrap, Class::Asking, Class::Answer];

/// Tickets of a group that are kept as neighbours.
const RECENT: usize = 60;

/// What is known of tickets by number, for the skeletons' figures.
pub(super) trait Tickets {
    /// The ticket's id.
    fn id(&self, no: u32) -> TicketId;
    /// Its place in time.
    fn order(&self, no: u32) -> u64;
    /// Its category.
    fn category(&self, no: u32) -> Option<&crate::model::Category>;
}

impl Default for Replies {
    fn default() -> Self {
        Self {
            candidates: Candidates::new(),
            found: Vec::new(),
            variants: Vec::new(),
            by_key: HashMap::new(),
            groups: Vec::new(),
            whole_leads: HashMap::new(),
            broken_leads: HashMap::new(),
            held: Vec::new(),
            held_by_key: HashMap::new(),
            tickets: Vec::new(),
            counts: BTreeMap::new(),
            links: Links::default(),
            by_piece: HashMap::new(),
            dirty: HashSet::new(),
            mined: HashMap::new(),
            recent: HashMap::new(),
        }
    }
}

impl Replies {
    /// Takes the agents' turns of a ticket in, with what each is good for.
    pub(super) fn add(&mut self, no: u32, turns: &[(usize, &str, Class)]) {
        let mut own: Vec<Place> = Vec::new();
        let mut held: Vec<Place> = Vec::new();
        let mut links: Vec<LinkUse> = Vec::new();
        let mut seen: BTreeSet<u32> = BTreeSet::new();
        let mut classes = [0u16; 4];
        for (turn, said, class) in turns {
            for (count, of) in classes.iter_mut().zip(CLASSES) {
                *count = count.saturating_add(u16::from(of == *class));
            }
            match class {
                Class::Holding => {
                    held.push((self.hold(said, (no, *turn as u32)), *turn as u32));
                    continue;
                }
                Class::Scrap => continue,
                Class::Asking | Class::Answer => {}
            }
            links.extend(self.links.add(no, said));
            let variant = self.variant_of(said);
            if let Some(known) = self.variants.get_mut(variant as usize) {
                known.places.push((no, *turn as u32));
                self.dirty.insert(known.group);
            }
            if seen.insert(variant) {
                own.push((variant, *turn as u32));
            }
        }
        let at = no as usize;
        if self.tickets.len() <= at {
            self.tickets.resize_with(at + 1, Said::default);
        }
        for (count, class) in classes.into_iter().zip(CLASSES) {
            *self.counts.entry(class).or_default() += usize::from(count);
        }
        self.tickets[at] = Said {
            variants: own.into_boxed_slice(),
            held: held.into_boxed_slice(),
            links: links.into_boxed_slice(),
            classes,
        };
    }

    /// Counts a turn that answers nothing; gives its form.
    fn hold(&mut self, said: &str, place: Place) -> u32 {
        let key = key_of(&canonical(parts(said).body));
        let next = self.held.len() as u32;
        let form = *self.held_by_key.entry(key).or_insert(next);
        if form == next {
            let places = Vec::with_capacity(1);
            self.held.push(Held { key, places });
        }
        if let Some(held) = self.held.get_mut(form as usize) {
            held.places.push(place);
        }
        form
    }

    /// Takes a ticket's turns out again.
    pub(super) fn remove(&mut self, no: u32) {
        let Some(own) = self.tickets.get_mut(no as usize).map(std::mem::take) else {
            return;
        };
        for (count, class) in own.classes.into_iter().zip(CLASSES) {
            if let Some(known) = self.counts.get_mut(&class) {
                *known = known.saturating_sub(usize::from(count));
            }
        }
        self.links.remove(&own.links);
        for (form, _) in &own.held {
            if let Some(held) = self.held.get_mut(*form as usize) {
                held.places.retain(|(ticket, _)| *ticket != no);
            }
        }
        for (variant, _) in &own.variants {
            if let Some(variant) = self.variants.get_mut(*variant as usize) {
                variant.places.retain(|(ticket, _)| *ticket != no);
                self.dirty.insert(variant.group);
            }
        }
    }

    /// Makes the replies of groups that changed since the last time.
    pub(super) fn finish(&mut self, texts: &dyn Texts, vendor: &Vendor, tickets: &dyn Tickets) {
        for _ in 0..ROUNDS {
            // The larger ones first, in an order that does not depend on a hash.
            let mut dirty: Vec<u32> = std::mem::take(&mut self.dirty).into_iter().collect();
            dirty.sort_by_cached_key(|group| {
                (std::cmp::Reverse(self.places(*group).count()), *group)
            });
            let mut made = Vec::new();
            for group in dirty {
                if self.settle(group, texts, tickets) {
                    self.make(group, texts, vendor, tickets);
                    made.push(group);
                }
            }
            // A reply that took others in may hold more by now.
            while !made.is_empty() {
                made = self.fold(&made);
                for group in &made {
                    self.make(*group, texts, vendor, tickets);
                    self.dirty.remove(group);
                }
            }
        }
    }

    fn make(&mut self, group: u32, texts: &dyn Texts, vendor: &Vendor, tickets: &dyn Tickets) {
        if let Some(reply) = mined::make(self, group, texts, vendor, tickets) {
            self.mined.insert(group, reply);
            self.recent.insert(group, self.newest(group, tickets));
        } else {
            self.mined.remove(&group);
            self.recent.remove(&group);
        }
    }

    /// What answers nothing, form by form, the most frequent first.
    pub(super) fn holding(
        &self,
        most: usize,
        texts: &dyn Texts,
        tickets: &dyn Tickets,
    ) -> Vec<MinedReply> {
        let mut forms: Vec<&Held> = self.held.iter().filter(|h| !h.places.is_empty()).collect();
        forms.sort_by_key(|held| (std::cmp::Reverse(held.places.len()), held.key));
        forms.truncate(most);
        let made = |held: &Held| mined::held(reply_id(held.key), &held.places, texts, tickets);
        forms.into_iter().filter_map(made).collect()
    }

    /// The group whose copies say what a text says.
    pub(super) fn like(&self, form: &Form) -> Option<u32> {
        let known = self.by_key.get(&form.key);
        let known = known.and_then(|no| self.variants.get(*no as usize));
        match known {
            Some(variant) => Some(variant.group),
            None => self.group_like(form),
        }
    }

    /// The newest tickets of a group, by number, the newest first.
    pub(super) fn newest_of(&self, group: u32, tickets: &dyn Tickets) -> Vec<u32> {
        self.newest(group, tickets).into_vec()
    }

    fn newest(&self, group: u32, tickets: &dyn Tickets) -> Box<[u32]> {
        let mut out: Vec<u32> = self.places(group).map(|(no, _)| no).collect();
        out.sort_unstable_by_key(|no| std::cmp::Reverse((tickets.order(*no), *no)));
        out.dedup();
        out.truncate(RECENT);
        out.into_boxed_slice()
    }

    /// The replies found, best first: seen in most tickets, newest.
    pub fn all(&self) -> Vec<&MinedReply> {
        let mut all: Vec<&MinedReply> = self.mined.values().collect();
        all.sort_by_key(|reply| reply.rank());
        all
    }

    /// The reply of an id, or of an id that any of its variants once gave it.
    pub fn get(&self, id: ReplyId) -> Option<&MinedReply> {
        let variant = self.by_key.get(&id.to_bits())?;
        self.mined.get(&self.variants.get(*variant as usize)?.group)
    }

    /// The reply of a group, where there is one.
    pub(super) fn of_group(&self, group: u32) -> Option<&MinedReply> {
        self.mined.get(&group)
    }

    /// How many agents' turns there are of each class; holding ones are counted, never offered.
    pub fn counts(&self) -> &BTreeMap<Class, usize> {
        &self.counts
    }

    /// The replies that a ticket's own agents used, in order of the dialogue.
    pub(super) fn of_ticket(&self, no: u32) -> Vec<&MinedReply> {
        self.groups_of(no)
            .filter_map(|group| self.mined.get(&group))
            .collect()
    }

    /// The turns of a ticket whose group's reply may be taken.
    pub(super) fn turns_shared(&self, no: u32, may: &dyn Fn(&MinedReply) -> bool) -> Vec<usize> {
        let said = self.tickets.get(no as usize).into_iter();
        said.flat_map(|said| &said.variants)
            .filter(|(variant, _)| {
                let variant = self.variants.get(*variant as usize);
                let reply = variant.and_then(|variant| self.mined.get(&variant.group));
                reply.is_some_and(may)
            })
            .map(|(_, turn)| *turn as usize)
            .collect()
    }

    /// Groups of a ticket's turns.
    pub(super) fn groups_of(&self, no: u32) -> impl Iterator<Item = u32> + '_ {
        self.tickets
            .get(no as usize)
            .into_iter()
            .flat_map(|said| &said.variants)
            .filter_map(|(variant, _)| Some(self.variants.get(*variant as usize)?.group))
    }

    /// Tickets whose agents said what a group holds, the newest, as of the last
    /// [`Self::finish`].
    pub(super) fn tickets_of(&self, group: u32) -> &[u32] {
        self.recent.get(&group).map_or(&[], |recent| recent)
    }

    /// How much it says about two tickets that both have a group's reply, 0 to 1: a question
    /// back stands in many that have nothing else in common.
    pub(super) fn says(&self, group: u32) -> f32 {
        match self.mined.get(&group) {
            Some(reply) if reply.class == Class::Asking => 0.3,
            Some(reply) if reply.offered => 1.0,
            Some(_) | None => 0.5,
        }
    }

    /// Tickets that share a group's reply.
    pub(super) fn size(&self, group: u32) -> usize {
        self.mined.get(&group).map_or(1, |reply| reply.tickets)
    }

    /// Whole addresses that agents sent.
    pub(super) fn links(&self) -> &Links {
        &self.links
    }

    /// Copies of a ticket's turn in other tickets: of its form first, then of its group.
    pub(super) fn siblings(&self, no: u32, turn: usize) -> Vec<(u32, usize)> {
        let own = self
            .tickets
            .get(no as usize)
            .into_iter()
            .flat_map(|said| &said.variants);
        let variant = own
            .filter(|(_, at)| *at as usize == turn)
            .find_map(|(variant, _)| self.variants.get(*variant as usize));
        let Some(variant) = variant else {
            return Vec::new();
        };
        // One place a form is enough: all its places say the same.
        let group = self
            .groups
            .get(variant.group as usize)
            .into_iter()
            .flat_map(|group| &group.variants);
        group
            .filter_map(|other| self.variants.get(*other as usize))
            .flat_map(|other| other.places.iter().rev().take(3))
            .filter(|place| place.0 != no)
            .map(|(no, turn)| (*no, *turn as usize))
            .take(32)
            .collect()
    }

    /// Where the copies of a group stand.
    fn places(&self, group: u32) -> impl Iterator<Item = Place> + '_ {
        self.groups
            .get(group as usize)
            .into_iter()
            .flat_map(|group| &group.variants)
            .filter_map(|variant| self.variants.get(*variant as usize))
            .flat_map(|variant| variant.places.iter().copied())
    }
}

/// What a canonical text is known by: as many bits as an id has.
fn key_of(canonical: &str) -> u64 {
    hash_text(canonical) >> 14
}

/// The id of a variant's reply: the hash of its canonical text.
fn reply_id(key: u64) -> ReplyId {
    ReplyId::from_bits(key)
}

/// The id that a text's standard reply has, or would have were it one.
pub fn id_of(text: &str) -> ReplyId {
    reply_id(key_of(&canonical(parts(text).body)))
}

/// What a text is recognised by, whichever groups there are.
#[derive(Debug)]
pub(super) struct Form {
    key: u64,
    /// Characters of the canonical text.
    size: u16,
    signature: Signature,
    sketch: Sketch,
    leads: Leads,
}

impl Form {
    pub(super) fn of(text: &str) -> Self {
        let canonical = canonical(parts(text).body);
        Self {
            key: key_of(&canonical),
            size: u16::try_from(canonical.chars().count()).unwrap_or(u16::MAX),
            signature: Signature::of(&canonical),
            sketch: Sketch::of(text),
            leads: Leads::of(text),
        }
    }
}
