//! Imports and the removal of datasets.

use super::{Fold, Outcome, Refusal, Row};
use crate::journal::BodyFacts;
use crate::model::{ActId, Category, CauseId, DocNo, Fingerprint, ImportBatch, PackNo, TicketId};
use crate::store::directory::{Interned, date_number};
use crate::store::origins::{self, Origin, Place};
use crate::store::{StoreError, keys};

impl Fold<'_> {
    pub(super) fn import(
        &mut self,
        dataset: &str,
        act: ActId,
        batch: &ImportBatch,
        touched: &mut Vec<DocNo>,
    ) -> Result<Outcome, StoreError> {
        let (pack, facts) = if batch.entries.is_empty() {
            (PackNo::default(), &[][..])
        } else {
            match self.named_pack(batch.pack) {
                Some((number, pack)) if pack.facts.len() == batch.entries.len() => {
                    (number, pack.facts.as_slice())
                }
                Some(_) | None => return Ok(Err(Refusal::BadPack)),
            }
        };
        let again = batch.again.iter().map(|(_, source)| source);
        let sources = batch.entries.iter().map(|entry| &entry.source).chain(again);
        if sources.clone().any(|source| source.dataset != dataset) {
            return Ok(Err(Refusal::BadRecord));
        }
        let number = self.dataset_number(dataset)?;
        let import = self.import_number(act)?;
        for (slot, (entry, facts)) in batch.entries.iter().zip(facts).enumerate() {
            let place = Place::new(number, &entry.source);
            let mut row = Row {
                id: entry.id.to_bits(),
                pack: pack.0,
                date: date_number(facts.date),
                ..Row::default()
            };
            row.set_slot(slot);
            row.set_article(facts.is_article);
            row.category = match &facts.category {
                Some(category) => self.category_number(category)?,
                None => 0,
            };
            self.give_causes(facts, &mut row)?;
            let doc = match self.directory.by_id(entry.id) {
                None => self.add(row, import, entry.fingerprint, facts, place)?,
                Some(doc) => self.update(doc, row, entry.fingerprint, facts, place)?,
            };
            touched.push(doc);
        }
        for (id, source) in &batch.again {
            let place = Place::new(number, source);
            if let Some(doc) = self.meet_again(*id, place)? {
                touched.push(doc);
            }
        }
        Ok(Ok(()))
    }

    pub(super) fn remove_dataset(
        &mut self,
        dataset: &str,
        touched: &mut Vec<DocNo>,
    ) -> Result<Outcome, StoreError> {
        let Some(number) = self.directory.datasets.find(dataset) else {
            return Ok(Err(Refusal::UnknownDataset));
        };
        let sets = self.directory.sets.all();
        let within: Vec<bool> = sets.iter().map(|set| set.contains(&number)).collect();
        for doc in (0..self.directory.len() as u32).map(DocNo) {
            let Some(mut row) = self.directory.row(doc) else {
                continue;
            };
            if !within.get(row.set as usize).copied().unwrap_or(false) {
                continue;
            }
            let origin = self.origin(doc)?;
            origin.places.retain(|place| place.dataset != number);
            let set = self.set_of(doc)?;
            row.set_removed(set == 0);
            row.set = set;
            self.put_row(doc, row);
            touched.push(doc);
        }
        if touched.is_empty() {
            return Ok(Err(Refusal::UnknownDataset));
        }
        Ok(Ok(()))
    }

    fn add(
        &mut self,
        mut row: Row,
        import: u32,
        fingerprint: Fingerprint,
        facts: &BodyFacts,
        place: Place,
    ) -> Result<DocNo, StoreError> {
        row.set = self.set_number(vec![place.dataset])?;
        let doc = self.directory.push(row, import);
        self.pages
            .insert(doc.0 / crate::store::directory::PAGE as u32);
        *self.origin(doc)? = Origin {
            fingerprint: fingerprint.0,
            title: facts.title,
            revision: 0,
            places: vec![place],
        };
        Ok(doc)
    }

    fn update(
        &mut self,
        doc: DocNo,
        mut row: Row,
        fingerprint: Fingerprint,
        facts: &BodyFacts,
        place: Place,
    ) -> Result<DocNo, StoreError> {
        let origin = self.origin(doc)?;
        origin.fingerprint = fingerprint.0;
        origin.title = facts.title;
        origin.revision += 1;
        origin.stood_at(place);
        row.set = self.set_of(doc)?;
        self.annotate(TicketId::from_bits(row.id), facts, &mut row)?;
        self.put_row(doc, row);
        Ok(doc)
    }

    /// Notes one more source of what is known; `None` = it is not known.
    fn meet_again(&mut self, id: TicketId, place: Place) -> Result<Option<DocNo>, StoreError> {
        let Some(doc) = self.directory.by_id(id) else {
            return Ok(None);
        };
        self.origin(doc)?.stood_at(place);
        let set = self.set_of(doc)?;
        let Some(mut row) = self.directory.row(doc) else {
            return Ok(None);
        };
        // One that was removed comes back as it was: its line was kept.
        row.set_removed(false);
        row.set = set;
        self.put_row(doc, row);
        Ok(Some(doc))
    }

    /// The number of the import that an act is.
    fn import_number(&mut self, act: ActId) -> Result<u32, StoreError> {
        if let Some(known) = self.recent.import(act) {
            return Ok(known);
        }
        let (number, bytes) = self.recent.push_import(act)?;
        self.put(keys::meta("imports"), bytes);
        Ok(number)
    }

    /// What recognises a number, to be read or changed. A new number's is empty.
    fn origin(&mut self, doc: DocNo) -> Result<&mut Origin, StoreError> {
        let damaged = || StoreError::damaged("the sources of a ticket");
        let page = doc.0 / origins::PAGE;
        if !self.origins.contains_key(&page) {
            let lines = match self.engine.get(&keys::page(keys::ORIGINS, page))? {
                Some(bytes) => origins::decode(&bytes).ok_or_else(damaged)?,
                None => Vec::new(),
            };
            self.origins.insert(page, lines);
        }
        let lines = self.origins.get_mut(&page).ok_or_else(damaged)?;
        let at = (doc.0 % origins::PAGE) as usize;
        if lines.len() <= at {
            lines.resize_with(at + 1, Origin::default);
        }
        lines.get_mut(at).ok_or_else(damaged)
    }

    /// The number of the set of datasets that a number's sources name.
    fn set_of(&mut self, doc: DocNo) -> Result<u32, StoreError> {
        let places = &self.origin(doc)?.places;
        let mut set: Vec<u32> = places.iter().map(|place| place.dataset).collect();
        set.sort_unstable();
        set.dedup();
        self.set_number(set)
    }

    fn dataset_number(&mut self, name: &str) -> Result<u32, StoreError> {
        if let Some(number) = self.directory.datasets.find(name) {
            return Ok(number);
        }
        let number = self.directory.datasets.push(name.to_owned());
        self.put_json(keys::interned(b'd', number), &name)?;
        Ok(number)
    }

    fn set_number(&mut self, set: Vec<u32>) -> Result<u32, StoreError> {
        let (number, new) = intern(&mut self.directory.sets, &set);
        if new {
            self.put_json(keys::interned(b's', number), &set)?;
        }
        Ok(number)
    }

    /// The number of a list of causes.
    pub(super) fn cause_list(&mut self, causes: &Vec<CauseId>) -> Result<u32, StoreError> {
        let (number, new) = intern(&mut self.directory.cause_lists, causes);
        if new {
            self.put_json(keys::interned(b'z', number), causes)?;
        }
        Ok(number)
    }

    /// The number of a category as lines hold it.
    pub(super) fn category_number(&mut self, category: &Category) -> Result<u32, StoreError> {
        let (number, new) = intern(&mut self.directory.categories, category);
        if new {
            self.put_json(keys::interned(b'c', number), category)?;
        }
        Ok(number + 1)
    }
}

/// The number of a value, and whether it was given just now.
fn intern<T: Clone + Eq + std::hash::Hash>(values: &mut Interned<T>, value: &T) -> (u32, bool) {
    match values.find(value) {
        Some(number) => (number, false),
        None => (values.push(value.clone()), true),
    }
}
