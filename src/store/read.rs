//! Asking for bodies, sources, and what agents decided.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};

use super::directory::{Interned, decode};
use super::engine::Engine;
use super::fold::Head;
use super::origins::Origin;
use super::tables::{Tables, from_json};
use super::{
    AtHand, Backing, Body, CategoryFold, CausesFold, Directory, Matcher, Store, StoreError, Uses,
    Vote, keys, origins, packs,
};
use crate::model::{
    Category, Cause, CauseId, DocNo, Fingerprint, Key, OutdatedMark, PackNo, ReplyId, Revision,
    Source, StandardReply, TeamSettings, TicketId, View,
};

/// A saved view with its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedView {
    /// Its name.
    pub name: String,
    /// What it shows.
    pub view: View,
    /// Count of its changes.
    pub revision: Revision,
}

/// Bodies asked for at once that are looked at, not read through.
const LOOKED_AT: usize = 128;

/// Packs from which decoding is spread over the cores.
const SPREAD: usize = 8;

/// A body, the place it was at, and whether it is worth keeping.
type Unpacked = ((PackNo, u8), Arc<Body>, bool);

fn unpack(
    backing: &Backing,
    wanted: &[(PackNo, packs::Slots)],
) -> Result<Vec<Unpacked>, StoreError> {
    let mut all = Vec::new();
    for (number, slots) in wanted {
        let bytes = backing.engine.get(&keys::pack(*number))?;
        let bytes =
            bytes.ok_or_else(|| StoreError::damaged(format!("pack {number} is missing")))?;
        let (bodies, keep) = packs::decode(*number, &bytes, *slots)?;
        let place = |(slot, body)| ((*number, slot), Arc::new(body), keep);
        all.extend(bodies.into_iter().map(place));
    }
    Ok(all)
}

impl NamedView {
    /// What people call it.
    pub fn title(&self) -> &str {
        self.view.title(&self.name)
    }
}

impl Store {
    /// The body of a ticket or article, removed ones included.
    ///
    /// # Errors
    /// When there is no such number, or its pack is damaged.
    pub fn body(&self, doc: DocNo) -> Result<Body, StoreError> {
        let mut bodies = self.bodies(&[doc])?;
        bodies.pop().ok_or_else(|| unknown(doc))
    }

    /// Bodies in the order asked for; each pack is decoded once, and only what is asked of it.
    ///
    /// # Errors
    /// As [`Self::body`].
    pub fn bodies(&self, docs: &[DocNo]) -> Result<Vec<Body>, StoreError> {
        self.owned(docs, |place| self.cache.get(place))
    }

    /// The same, for the one who follows what is stored: what an import still has in memory is
    /// handed over.
    ///
    /// # Errors
    /// As [`Self::body`].
    pub fn followed_bodies(&self, docs: &[DocNo]) -> Result<Vec<Body>, StoreError> {
        let fresh = |place| self.fresh.take(place);
        self.owned(docs, |place| fresh(place).or_else(|| self.cache.get(place)))
    }

    fn owned(
        &self,
        docs: &[DocNo],
        kept: impl Fn((PackNo, u8)) -> Option<Arc<Body>>,
    ) -> Result<Vec<Body>, StoreError> {
        let shared = self.found(docs, kept, |wanted| self.unpacked(wanted))?;
        Ok(shared.into_iter().map(Arc::unwrap_or_clone).collect())
    }

    /// The same, shared with whoever looks at them too, and read by this thread alone: for callers
    /// who are one of several.
    ///
    /// # Errors
    /// As [`Self::body`].
    pub fn shared_bodies(&self, docs: &[DocNo]) -> Result<Vec<Arc<Body>>, StoreError> {
        let kept = |place| self.cache.get(place);
        self.found(docs, kept, |wanted| {
            self.with(|backing| unpack(backing, wanted))
        })
    }

    fn found(
        &self,
        docs: &[DocNo],
        kept: impl Fn((PackNo, u8)) -> Option<Arc<Body>>,
        read: impl FnOnce(&[(PackNo, packs::Slots)]) -> Result<Vec<Unpacked>, StoreError>,
    ) -> Result<Vec<Arc<Body>>, StoreError> {
        let places: Vec<(PackNo, u8)> = {
            let directory = self.directory();
            let place = |doc: &DocNo| {
                let row = directory.row(*doc).ok_or_else(|| unknown(*doc))?;
                Ok((PackNo(row.pack), row.slot()))
            };
            docs.iter().map(place).collect::<Result<_, StoreError>>()?
        };
        let mut found: HashMap<(PackNo, u8), Arc<Body>> = HashMap::new();
        let mut wanted: BTreeMap<PackNo, packs::Slots> = BTreeMap::new();
        for place in &places {
            match kept(*place) {
                Some(body) => {
                    found.insert(*place, body);
                }
                None => wanted.entry(place.0).or_default().add(place.1),
            }
        }
        let wanted: Vec<_> = wanted.into_iter().collect();
        for (place, body, keep) in read(&wanted)? {
            // What reads through the store must not drive out what is looked at.
            if keep && docs.len() <= LOOKED_AT {
                self.cache.put(place, Arc::clone(&body));
            }
            found.insert(place, body);
        }
        let body = |(doc, place): (&DocNo, &(PackNo, u8))| {
            let body = found.get(place).ok_or_else(|| unknown(*doc))?;
            Ok(Arc::clone(body))
        };
        docs.iter().zip(&places).map(body).collect()
    }

    /// Bodies out of their packs: on all cores where there are some to decode, and nobody else who
    /// needs the cores for the same.
    fn unpacked(&self, wanted: &[(PackNo, packs::Slots)]) -> Result<Vec<Unpacked>, StoreError> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let others = self.unpacking.fetch_add(1, Ordering::Relaxed);
        let unpacked = if wanted.len() < SPREAD || cores == 1 || others > 0 {
            self.with(|backing| unpack(backing, wanted))
        } else {
            self.unpacked_by(cores, wanted)
        };
        self.unpacking.fetch_sub(1, Ordering::Relaxed);
        unpacked
    }

    fn unpacked_by(
        &self,
        cores: usize,
        wanted: &[(PackNo, packs::Slots)],
    ) -> Result<Vec<Unpacked>, StoreError> {
        self.with(|backing| {
            std::thread::scope(|scope| {
                let parts: Vec<_> = wanted
                    .chunks(wanted.len().div_ceil(cores))
                    .map(|part| scope.spawn(|| unpack(backing, part)))
                    .collect();
                let mut all = Vec::new();
                for part in parts {
                    all.extend(part.join().unwrap_or(Err(StoreError::Failed))?);
                }
                Ok(all)
            })
        })
    }

    /// Where a ticket or article stood, in the order it was met.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn sources(&self, doc: DocNo) -> Result<Vec<Source>, StoreError> {
        let places = self.origin(doc)?.places.into_iter();
        let directory = self.directory();
        let source = |place: origins::Place| {
            Some(Source {
                dataset: directory.datasets.get(place.dataset)?.clone(),
                file: place.file,
                line: place.line,
                ordinal: place.ordinal,
            })
        };
        Ok(places.filter_map(source).collect())
    }

    /// How often the body of a ticket or article was replaced by a later import.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn body_revision(&self, doc: DocNo) -> Result<Revision, StoreError> {
        Ok(Revision(self.origin(doc)?.revision))
    }

    /// The agents' decision on a ticket's causes; `None` = there never was one. The causes that
    /// hold, given ones included, are [`Directory::causes_of`].
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn causes(&self, id: TicketId) -> Result<Option<CausesFold>, StoreError> {
        self.json(&keys::annotation(b'c', id), "an annotation")
    }

    /// The agents' decision on a ticket's category; `None` = there never was one.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn category(&self, id: TicketId) -> Result<Option<CategoryFold>, StoreError> {
        self.json(&keys::annotation(b'k', id), "a category")
    }

    /// The opinions on a ticket's causes, by user id.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn votes(&self, id: TicketId) -> Result<Vec<Vote>, StoreError> {
        self.with(|backing| {
            let votes = backing.engine.scan(&keys::votes(id));
            votes.map(|item| from_json(&item?.1, "a vote")).collect()
        })
    }

    /// All opinions, by ticket.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn all_votes(&self) -> Result<Vec<(TicketId, Vote)>, StoreError> {
        self.with(|backing| {
            let votes = backing.engine.scan(&[keys::VOTE]);
            votes
                .map(|item| {
                    let (key, bytes) = item?;
                    let id = keys::number_at(&key, 1);
                    let id = id.ok_or_else(|| StoreError::damaged("a vote"))?;
                    Ok((TicketId::from_bits(id), from_json(&bytes, "a vote")?))
                })
                .collect()
        })
    }

    /// Why a ticket or article is outdated; `None` = it is not.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn outdated(&self, id: TicketId) -> Result<Option<OutdatedMark>, StoreError> {
        self.json(&keys::annotation(b'o', id), "an outdated mark")
    }

    /// Revision of any key of a record; 0 = never changed.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn revision(&self, key: &Key) -> Result<Revision, StoreError> {
        let head = self.with(|backing| backing.engine.get(&keys::head(key)))?;
        let Some(bytes) = head else {
            return Ok(Revision(0));
        };
        let head = Head::decode(&bytes);
        Ok(head
            .ok_or_else(|| StoreError::damaged("a key's revision"))?
            .revision)
    }

    /// The team's settings.
    pub fn settings(&self) -> Arc<TeamSettings> {
        self.tables(|tables| Arc::clone(&tables.settings))
    }

    /// The saved views by name.
    pub fn views(&self) -> Vec<NamedView> {
        self.tables(|tables| {
            let views = tables.views.iter();
            let named = |(name, (view, revision)): (&String, &(View, Revision))| NamedView {
                name: name.clone(),
                view: view.clone(),
                revision: *revision,
            };
            views.map(named).collect()
        })
    }

    /// The curated standard replies by id, retired ones included.
    pub fn replies(&self) -> Vec<StandardReply> {
        self.tables(|tables| tables.replies.values().cloned().collect())
    }

    /// How often a standard reply was copied, curated or not.
    pub fn uses(&self, reply: ReplyId) -> Uses {
        self.tables(|tables| tables.uses.get(&reply).copied().unwrap_or_default())
    }

    /// The uses of all replies ever copied.
    pub fn all_uses(&self) -> Vec<(ReplyId, Uses)> {
        self.tables(|tables| tables.uses.iter().map(|(id, uses)| (*id, *uses)).collect())
    }

    /// Favourites and last copies of a user.
    pub fn at_hand(&self, uid: u32) -> AtHand {
        self.tables(|tables| tables.at_hand.get(&uid).cloned().unwrap_or_default())
    }

    /// What recognises the stored tickets and articles at an import: some 100 bytes each.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn matcher(&self) -> Result<Matcher, StoreError> {
        let mut matcher = Matcher::default();
        let pages: Vec<_> = self.with(|backing| {
            let pages = backing.engine.scan(&[keys::ORIGINS]);
            pages.collect::<Result<_, _>>()
        })?;
        let directory = self.directory();
        for (key, bytes) in pages {
            let page = keys::u32_at_end(&key).zip(origins::decode(&bytes));
            let Some((number, page)) = page else {
                return Err(StoreError::damaged("the sources of a ticket"));
            };
            for (doc, origin) in (number * origins::PAGE..).map(DocNo).zip(page) {
                // A commit after the pages were read may not be missed, nor be taken in half.
                let Some(row) = directory.row(doc) else {
                    continue;
                };
                let id = TicketId::from_bits(row.id);
                matcher.print(id, Fingerprint(origin.fingerprint));
                for place in origin.places {
                    if let Some(dataset) = directory.datasets.get(place.dataset) {
                        matcher.line(id, dataset, &place.file, place.line);
                        matcher.place(id, dataset, &place.file, place.ordinal, origin.title);
                    }
                }
            }
        }
        Ok(matcher)
    }

    /// A new id of a text given in pieces; a taken one takes the next salt. What an import is about
    /// to add is looked up in its matcher.
    pub fn new_id<'a>(
        &self,
        seed: impl IntoIterator<Item = &'a str>,
        matcher: Option<&Matcher>,
    ) -> TicketId {
        let directory = self.directory();
        let mut hasher = blake3::Hasher::new();
        for piece in seed {
            hasher.update(piece.as_bytes());
        }
        let mut salt = 0u32;
        loop {
            let id = TicketId::from_hash(hasher.finalize().as_bytes());
            let about_to_be = matcher.is_some_and(|matcher| matcher.holds(id));
            if directory.by_id(id).is_none() && !about_to_be {
                return id;
            }
            hasher.update(&salt.to_le_bytes());
            salt += 1;
        }
    }

    fn origin(&self, doc: DocNo) -> Result<Origin, StoreError> {
        let damaged = || StoreError::damaged("the sources of a ticket");
        let page = keys::page(keys::ORIGINS, doc.0 / origins::PAGE);
        let bytes = self.with(|backing| backing.engine.get(&page))?;
        let mut page = origins::decode(&bytes.ok_or_else(damaged)?).ok_or_else(damaged)?;
        let at = (doc.0 % origins::PAGE) as usize;
        if at < page.len() {
            Ok(page.swap_remove(at))
        } else {
            Err(damaged())
        }
    }

    fn json<T: serde::de::DeserializeOwned>(
        &self,
        key: &[u8],
        what: &str,
    ) -> Result<Option<T>, StoreError> {
        let bytes = self.with(|backing| backing.engine.get(key))?;
        bytes.map(|bytes| from_json(&bytes, what)).transpose()
    }

    fn tables<T>(&self, read: impl FnOnce(&Tables) -> T) -> T {
        read(&self.tables.read().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Directory {
    /// Reads it from the disk.
    pub(super) fn read(engine: &Engine) -> Result<Self, StoreError> {
        let mut directory = Self::new();
        interned::<Category>(engine, b'c', &mut directory.categories)?;
        interned::<String>(engine, b'd', &mut directory.datasets)?;
        interned::<Vec<u32>>(engine, b's', &mut directory.sets)?;
        interned::<Vec<CauseId>>(engine, b'z', &mut directory.cause_lists)?;
        let vocabulary = Arc::make_mut(&mut directory.vocabulary);
        let mut causes = Vec::new();
        for item in engine.scan(&[keys::CAUSE]) {
            causes.push(from_json::<Cause>(&item?.1, "a cause")?);
        }
        vocabulary.put_all(causes);
        for item in engine.scan(&[keys::DIRECTORY]) {
            let page = decode(&item?.1);
            directory.load(&page.ok_or_else(|| StoreError::damaged("a page of the directory"))?);
        }
        directory.loaded();
        Ok(directory)
    }
}

fn interned<T>(engine: &Engine, kind: u8, into: &mut Interned<T>) -> Result<(), StoreError>
where
    T: Clone + Eq + std::hash::Hash + serde::de::DeserializeOwned,
{
    for item in engine.scan(&[keys::INTERNED, kind]) {
        into.push(from_json(&item?.1, "a name of the directory")?);
    }
    Ok(())
}

fn unknown(doc: DocNo) -> StoreError {
    StoreError::damaged(format!("there is no body of number {doc}"))
}
