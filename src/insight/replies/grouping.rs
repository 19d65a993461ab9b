//! Which turns are copies of one reply.
//!
//! A text of a new form joins the group whose model it is most like, or begins one. When a group
//! is settled, the form that is most like the others becomes the model: what is no copy of that
//! leaves, and groups whose models are copies of each other become one. So it does not matter
//! much which text came first.

use std::cmp::Reverse;

use serde::{Deserialize, Serialize};

use super::lead::Leads;
use super::sketch::{Likeness, Sketch};
use super::{Form, Place, Replies, Tickets, Variant};
use crate::insight::case::Texts;
use crate::insight::heal::broken_links;
use crate::insight::minhash::Signature;

/// Forms by which a group is found.
const ENTRIES: u8 = 4;
/// Likeness to a group's model below which a form is worded differently.
const UNLIKE: f32 = 0.85;
/// Common share from which a reply is another one reworded.
const REWORDED: f32 = 0.5;
/// Forms that a new one is compared with.
const NEAR: usize = 32;
/// Forms that a group's model is compared with.
const AROUND: usize = 256;
/// How many times rarer a reply is that is no reply of its own beside one it holds.
const FEWER: usize = 4;
/// Forms of a group that may become its model: the commonest ones.
const LOOKED_AT: usize = 12;

/// Variants that are copies of one reply.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Group {
    pub(super) variants: Vec<u32>,
    /// What its copies say.
    pub(super) model: Sketch,
    /// Forms it is found by.
    entries: u8,
    /// Copies it had when it was settled.
    settled: u32,
    /// The group that it became a part of.
    into: Option<u32>,
}

impl Replies {
    /// The variant of a text; a new one where none has its form.
    pub(super) fn variant_of(&mut self, text: &str) -> u32 {
        let form = Form::of(text);
        if let Some(known) = self.by_key.get(&form.key) {
            return *known;
        }
        let no = self.variants.len() as u32;
        self.by_key.insert(form.key, no);
        let group = self.join(&form.signature, &form.sketch);
        let group = match group {
            Some((group, likeness)) => {
                if likeness.common < UNLIKE {
                    self.find_by(group, &form.signature);
                }
                Some(group)
            }
            None => self.join_by_lead(&form.leads),
        };
        let group = group.unwrap_or_else(|| self.begin(&form.signature, form.sketch));
        self.variants.push(Variant {
            key: form.key,
            size: form.size,
            group,
            places: Vec::with_capacity(1),
        });
        if let Some(group) = self.groups.get_mut(group as usize) {
            group.variants.push(no);
        }
        let known = if form.leads.broken {
            &mut self.broken_leads
        } else {
            &mut self.whole_leads
        };
        for lead in form.leads.hashes {
            known.entry(lead).or_insert(group);
        }
        no
    }

    /// The group of a text that no variant has the form of.
    pub(super) fn group_like(&self, form: &Form) -> Option<u32> {
        let found = self.join(&form.signature, &form.sketch);
        let group = found.map(|(group, _)| group);
        group.or_else(|| self.join_by_lead(&form.leads))
    }

    /// The reply that says most of what a text says, where none is a copy of it: the same one,
    /// reworded.
    pub(in crate::insight) fn reworded(&self, form: &Form) -> Option<u32> {
        let near = self.near(&form.signature, NEAR).into_iter();
        let mined = near.filter(|group| self.mined.contains_key(group));
        let shares = mined.filter_map(|group| {
            let share = self.groups.get(group as usize)?.model.share(&form.sketch);
            Some((group, share))
        });
        let best = shares.max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))?;
        (best.1 >= REWORDED).then_some(best.0)
    }

    /// Begins a group.
    fn begin(&mut self, signature: &Signature, model: Sketch) -> u32 {
        let group = self.groups.len() as u32;
        self.groups.push(Group {
            variants: Vec::with_capacity(1),
            model,
            entries: 0,
            settled: 0,
            into: None,
        });
        self.find_by(group, signature);
        group
    }

    /// Lets a group be found by a form, too.
    fn find_by(&mut self, group: u32, signature: &Signature) {
        let held = self.groups.get_mut(group as usize);
        if let Some(held) = held.filter(|held| held.entries < ENTRIES) {
            held.entries += 1;
            self.candidates.add(signature);
            self.found.push(group);
        }
    }

    /// The group that a text of a new form belongs to, and how like its model it is.
    fn join(&self, signature: &Signature, sketch: &Sketch) -> Option<(u32, Likeness)> {
        let mut best: Option<(u32, Likeness)> = None;
        for group in self.near(signature, NEAR) {
            let model = self.groups.get(group as usize).map(|group| &group.model);
            let likeness = model.and_then(|model| sketch.likeness(model));
            if likeness.map(|it| it.common) > best.map(|(_, best)| best.common) {
                best = likeness.map(|likeness| (group, likeness));
            }
        }
        best
    }

    /// Groups that are found by forms near a signature, each once.
    pub(super) fn near(&self, signature: &Signature, most: usize) -> Vec<u32> {
        let mut out: Vec<u32> = Vec::new();
        for entry in self.candidates.of(signature, most) {
            let group = self.found.get(entry as usize);
            let group = group.map(|group| self.today(*group));
            out.extend(group.filter(|group| !out.contains(group)));
        }
        out
    }

    /// The group of a copy whose link is whole where this one's is broken, or the reverse.
    fn join_by_lead(&self, leads: &Leads) -> Option<u32> {
        leads.hashes.iter().find_map(|lead| {
            let whole = self.whole_leads.get(lead).filter(|_| leads.broken);
            let group = whole.or_else(|| self.broken_leads.get(lead));
            group.map(|group| self.today(*group))
        })
    }

    /// The group that a group became a part of.
    fn today(&self, mut group: u32) -> u32 {
        while let Some(into) = self.groups.get(group as usize).and_then(|known| known.into) {
            group = into;
        }
        group
    }

    /// Makes the form of a group that is most like the others its model, lets go what is no copy
    /// of it, and takes in what is; gives whether the group is one of its own still.
    ///
    /// That is done when a group has two copies, and whenever it has doubled since.
    pub(super) fn settle(&mut self, group: u32, texts: &dyn Texts, tickets: &dyn Tickets) -> bool {
        let Some(held) = self.groups.get(group as usize) else {
            return false;
        };
        let copies = self.places(group).count();
        if held.into.is_some() || copies < 2 || copies < 2 * held.settled as usize {
            return held.into.is_none();
        }
        let form = self.most_like_all(group, texts, tickets);
        if let Some(form) = &form {
            self.remodel(group, form, texts, tickets);
        }
        if let Some(held) = self.groups.get_mut(group as usize) {
            held.settled = u32::try_from(copies).unwrap_or(u32::MAX);
        }
        form.is_none_or(|form| self.unite(group, &form.signature))
    }

    /// The form of a group that is most like the other common ones; `None` where all of them
    /// lost a link.
    fn most_like_all(&self, group: u32, texts: &dyn Texts, tickets: &dyn Tickets) -> Option<Form> {
        let mut members = self.groups.get(group as usize)?.variants.clone();
        members.retain(|no| self.uses(*no) > 0);
        members.sort_by_key(|no| (Reverse(self.uses(*no)), *no));
        members.truncate(LOOKED_AT);
        let forms: Vec<(u32, Form)> = members
            .into_iter()
            .filter_map(|no| Some((no, self.whole_form(no, texts, tickets)?)))
            .collect();
        let like_all = |form: &Form| -> f32 {
            let likeness = |(no, other): &(u32, Form)| {
                // A beginning that all have is like all, and is none of them.
                let likeness = form.sketch.likeness(&other.sketch);
                let likeness = likeness.filter(|likeness| likeness.mutual);
                likeness.map_or(0.0, |likeness| likeness.common * self.uses(*no) as f32)
            };
            forms.iter().map(likeness).sum()
        };
        let scores: Vec<f32> = forms.iter().map(|(_, form)| like_all(form)).collect();
        let best =
            (0..forms.len()).max_by(|a, b| scores[*a].total_cmp(&scores[*b]).then(b.cmp(a)))?;
        forms.into_iter().nth(best).map(|(_, form)| form)
    }

    /// A variant's form, unless it lost a link: it is known by what stands before that then.
    fn whole_form(&self, variant: u32, texts: &dyn Texts, tickets: &dyn Tickets) -> Option<Form> {
        let text = self.text_of(variant, texts, tickets)?;
        broken_links(&text).is_empty().then(|| Form::of(&text))
    }

    /// How often a form was said.
    fn uses(&self, variant: u32) -> usize {
        let variant = self.variants.get(variant as usize);
        variant.map_or(0, |variant| variant.places.len())
    }

    /// The newest text of a form.
    fn text_of(&self, variant: u32, texts: &dyn Texts, tickets: &dyn Tickets) -> Option<String> {
        let places = &self.variants.get(variant as usize)?.places;
        let newest = places
            .iter()
            .max_by_key(|(no, _)| (tickets.order(*no), *no));
        let (no, turn): Place = *newest?;
        texts.turn(tickets.id(no), turn as usize)
    }

    /// Takes a form for a group's model; members that are no copies of it leave.
    fn remodel(&mut self, group: u32, form: &Form, texts: &dyn Texts, tickets: &dyn Tickets) {
        let Some(held) = self.groups.get_mut(group as usize) else {
            return;
        };
        let members = held.variants.clone();
        let first = held.settled == 0;
        let before = std::mem::replace(&mut held.model, form.sketch.clone());
        let likeness = form.sketch.likeness(&before);
        let reworded = likeness.is_none_or(|likeness| likeness.common < UNLIKE);
        if reworded {
            held.entries = held.entries.min(ENTRIES - 1);
            self.find_by(group, &form.signature);
        }
        for member in members.into_iter().filter(|_| reworded || first) {
            let other = self.whole_form(member, texts, tickets);
            let apart = |other: &Form| other.sketch.likeness(&form.sketch).is_none();
            if let Some(other) = other.filter(apart) {
                self.leave(group, member, other);
            }
        }
    }

    /// Moves a variant to the group that it is a copy of, or to one of its own.
    fn leave(&mut self, group: u32, variant: u32, form: Form) {
        if let Some(held) = self.groups.get_mut(group as usize) {
            held.variants.retain(|member| *member != variant);
        }
        let to = self.join(&form.signature, &form.sketch).map(|(to, _)| to);
        let to = to.unwrap_or_else(|| self.begin(&form.signature, form.sketch));
        self.put(variant, to);
    }

    fn put(&mut self, variant: u32, group: u32) {
        if let Some(variant) = self.variants.get_mut(variant as usize) {
            variant.group = group;
        }
        if let Some(group) = self.groups.get_mut(group as usize) {
            group.variants.push(variant);
        }
        self.dirty.insert(group);
    }

    /// Makes groups one whose models are copies of each other, or of which one holds the other
    /// and was said once only or is much rarer; gives whether the group is one of its own still.
    fn unite(&mut self, group: u32, signature: &Signature) -> bool {
        for other in self.near(signature, AROUND) {
            if other == group {
                continue;
            }
            let (mine, theirs) = (self.places(group).count(), self.places(other).count());
            let larger = (mine, Reverse(group)) > (theirs, Reverse(other));
            let (from, to) = if larger {
                (other, group)
            } else {
                (group, other)
            };
            let fewer = mine.min(theirs) * FEWER <= mine.max(theirs).max(FEWER);
            let likeness = self.likeness(from, to);
            if likeness.is_some_and(|likeness| likeness.mutual || fewer) {
                self.merge(from, to);
                if !larger {
                    return false;
                }
            }
        }
        true
    }

    /// How like the models of two groups are.
    fn likeness(&self, group: u32, other: u32) -> Option<Likeness> {
        let model = |group: u32| self.groups.get(group as usize).map(|group| &group.model);
        model(group)?.likeness(model(other)?)
    }

    /// Makes a group a part of another.
    pub(super) fn merge(&mut self, from: u32, to: u32) {
        let Some(gone) = self.groups.get_mut(from as usize) else {
            return;
        };
        gone.into = Some(to);
        gone.model = Sketch::default();
        for variant in std::mem::take(&mut gone.variants) {
            self.put(variant, to);
        }
        self.mined.remove(&from);
        self.recent.remove(&from);
    }
}
