//! Recognising what the store holds already, and storing the rest batch by batch.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::super::actor::Actor;
use super::super::errors::refused;
use super::super::export::ExportLine;
use super::super::sample;
use super::exported;
use crate::api::DeskError;
use crate::desk::import::Imports;
use crate::desk::writer::ActBuilder;
use crate::ingest::Item;
use crate::model::{Fingerprint, ImportBatch, ImportEntry, Key, Op, Source, TicketId};
use crate::store::{Body, Matcher, PACK_BODIES, Verdict};
use crate::text::similarity::similarity;

/// Tickets acknowledged at once.
const BATCH: usize = 1_600;
/// How alike bodies under one title must be to be one ticket.
const ALIKE: f32 = 0.6;

/// Similarity from which what begins on a ticket's line is that ticket, read otherwise: markup,
/// and turns that it gained or lost, weigh less than another case's text.
const READ_BETTER: f32 = 0.4;

/// What one dataset gets of a pack's worth of bodies.
#[derive(Default)]
struct Group {
    bodies: Vec<Body>,
    entries: Vec<ImportEntry>,
    again: Vec<(TicketId, Source)>,
}

/// Counts of an import.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Counts {
    pub(super) tickets: usize,
    pub(super) new: usize,
    pub(super) updated: usize,
    pub(super) unchanged: usize,
    pub(super) articles: usize,
    pub(super) passages: usize,
    pub(super) sample_removed: bool,
}

/// The storing stage of one import.
pub(super) struct Merge<'a> {
    imports: &'a Imports,
    who: &'a Actor,
    dataset: String,
    dry_run: bool,
    matcher: Matcher,
    counts: Counts,
    bodies: Vec<Body>,
    entries: Vec<ImportEntry>,
    again: Vec<(TicketId, Source)>,
    /// Full packs that wait for the next acknowledgement.
    batch: ActBuilder<'a>,
    waiting: usize,
    /// Ids of an export that are other ids here.
    renamed: HashMap<TicketId, TicketId>,
    /// Ids met in this import: a twin adds a source and changes nothing.
    met: HashSet<TicketId>,
    sample_pending: bool,
}

impl<'a> Merge<'a> {
    pub(super) fn new(
        imports: &'a Imports,
        who: &'a Actor,
        dataset: String,
        dry_run: bool,
    ) -> Result<Self, DeskError> {
        let shown = imports.store.directory().datasets();
        let sample_pending =
            dataset != sample::DATASET && shown.iter().any(|d| d.name == sample::DATASET);
        Ok(Self {
            imports,
            who,
            dry_run,
            matcher: imports.store.matcher()?,
            dataset,
            counts: Counts::default(),
            bodies: Vec::new(),
            entries: Vec::new(),
            again: Vec::new(),
            batch: ActBuilder::apart(who),
            waiting: 0,
            renamed: HashMap::new(),
            met: HashSet::new(),
            sample_pending,
        })
    }

    pub(super) fn counts(&self) -> Counts {
        self.counts
    }

    /// Takes one ticket or article.
    pub(super) fn add(&mut self, file: &str, item: Item) -> Result<(), DeskError> {
        let (body, line, ordinal, fingerprint) = match item {
            Item::Ticket(parsed) => {
                self.counts.tickets += 1;
                (
                    Body::Ticket(parsed.ticket),
                    parsed.line,
                    parsed.ordinal,
                    parsed.fingerprint,
                )
            }
            Item::Article(parsed) => {
                self.counts.articles += 1;
                self.counts.passages += parsed.article.passages.len();
                (
                    Body::Article(parsed.article),
                    parsed.line,
                    parsed.ordinal,
                    parsed.fingerprint,
                )
            }
        };
        let is_ticket = matches!(body, Body::Ticket(_));
        let source = Source {
            dataset: self.dataset.clone(),
            file: file.to_owned(),
            line,
            ordinal,
        };
        let change = match self.known(&body, fingerprint, &source)? {
            None => Standing::New(self.new_id(&body)),
            Some(id) => self.compare(id, &body, &source)?,
        };
        let count = |n: &mut usize| *n += usize::from(is_ticket);
        match change {
            Standing::New(id) => {
                count(&mut self.counts.new);
                self.keep(id, body, fingerprint, source)
            }
            Standing::Updated(id) => {
                count(&mut self.counts.updated);
                self.keep(id, body, fingerprint, source)
            }
            Standing::Again(id) => {
                count(&mut self.counts.unchanged);
                self.met.insert(id);
                self.matcher.add(id, fingerprint, &source, title(&body));
                self.again.push((id, source));
                self.waiting += 1;
                if self.again.len() >= BATCH {
                    self.flush()
                } else {
                    Ok(())
                }
            }
            Standing::Unchanged(id) => {
                count(&mut self.counts.unchanged);
                self.met.insert(id);
                Ok(())
            }
        }
    }

    /// The stored one that this is, by the rules of re-import in their order.
    fn known(
        &self,
        body: &Body,
        fingerprint: Fingerprint,
        source: &Source,
    ) -> Result<Option<TicketId>, DeskError> {
        if let Some(id) = self.matcher.by_fingerprint(fingerprint) {
            return Ok(Some(id));
        }
        if let Some(id) = self.matcher.by_place(source, title(body))
            && !self.met.contains(&id)
        {
            return Ok(Some(id));
        }
        let titled = self.matcher.by_title(&self.dataset, title(body));
        let titled = titled.filter(|_| !title(body).is_empty());
        // What is read better now still begins where it began.
        let placed = self.matcher.by_line(source);
        for (id, least) in [(titled, ALIKE), (placed, READ_BETTER)] {
            // Two of one import with one title are two.
            if let Some(id) = id.filter(|id| !self.met.contains(id))
                && similarity(&text(&self.stored(id)?), &text(body)) >= least
            {
                return Ok(Some(id));
            }
        }
        Ok(None)
    }

    /// How a recognised one differs from what is stored.
    fn compare(&self, id: TicketId, body: &Body, source: &Source) -> Result<Standing, DeskError> {
        let (doc, removed) = {
            let directory = self.imports.store.directory();
            let doc = directory.by_id(id);
            let entry = doc.and_then(|doc| directory.entry(doc));
            (doc, entry.is_some_and(|entry| entry.removed))
        };
        let sources = doc
            .map(|doc| self.imports.store.sources(doc))
            .transpose()?
            .unwrap_or_default();
        let here = sources.iter().any(|known| same_place(known, source));
        if self.met.contains(&id) {
            // A twin within this import: the first one's causes and category stand.
            return Ok(if here {
                Standing::Unchanged(id)
            } else {
                Standing::Again(id)
            });
        }
        if removed {
            return Ok(Standing::Updated(id));
        }
        // Only its first source changes a ticket, so that twins do not change it back and forth.
        // Within one file the first one met does: a text that moved in it stands at its old
        // places too.
        let speaks = sources
            .first()
            .is_none_or(|first| same_place(first, source))
            || sources.iter().all(|known| same_file(known, source));
        if speaks && self.stored(id)? != *body {
            return Ok(Standing::Updated(id));
        }
        Ok(if here {
            Standing::Unchanged(id)
        } else {
            Standing::Again(id)
        })
    }

    fn stored(&self, id: TicketId) -> Result<Body, DeskError> {
        let doc = self.imports.store.directory().by_id(id);
        let doc = doc.ok_or_else(|| super::super::errors::unknown_id(id.as_str()))?;
        Ok(self.imports.store.body(doc)?)
    }

    /// Takes one line of an export: bodies keep their ids, records their authors and times.
    pub(super) fn add_exported(&mut self, line: ExportLine) -> Result<(), DeskError> {
        match line {
            ExportLine::Header { .. } => Ok(()),
            ExportLine::Ticket {
                id,
                sources,
                ticket,
            } => {
                self.counts.tickets += 1;
                self.exported(id, Body::Ticket(ticket), sources)
            }
            ExportLine::Article {
                id,
                sources,
                article,
            } => {
                self.counts.articles += 1;
                self.counts.passages += article.passages.len();
                self.exported(id, Body::Article(article), sources)
            }
            ExportLine::Record { record } => {
                let mut record = *record;
                record.key = self.renamed_key(record.key);
                if let Op::Outdated(change) = &mut record.op {
                    for mark in [&mut change.from, &mut change.to].into_iter().flatten() {
                        mark.successor = mark.successor.map(|id| self.renamed_id(id));
                    }
                }
                // A record is about tickets that stand before it.
                self.pack()?;
                if !self.dry_run {
                    self.batch.records.push(record);
                    self.waiting += 1;
                }
                if self.waiting >= BATCH {
                    self.flush()
                } else {
                    Ok(())
                }
            }
        }
    }

    fn exported(
        &mut self,
        id: TicketId,
        body: Body,
        sources: Vec<Source>,
    ) -> Result<(), DeskError> {
        let print = exported::print(&self.imports.store.fingerprint_key(), &body);
        let is_ticket = usize::from(matches!(body, Body::Ticket(_)));
        let mut sources = sources.into_iter();
        let Some(source) = sources.next() else {
            return Ok(());
        };
        let known = if self.matcher.holds(id) {
            Some(id)
        } else {
            self.matcher
                .by_fingerprint(print)
                .filter(|known| !self.met.contains(known))
        };
        let standing = match known {
            None => Standing::New(id),
            Some(known) => {
                self.renamed.insert(id, known);
                self.compare(known, &body, &source)?
            }
        };
        let kept = match standing {
            Standing::New(id) => {
                self.counts.new += is_ticket;
                self.keep(id, body, print, source)?;
                id
            }
            Standing::Updated(id) => {
                self.counts.updated += is_ticket;
                self.keep(id, body, print, source)?;
                id
            }
            Standing::Again(id) => {
                self.counts.unchanged += is_ticket;
                self.met.insert(id);
                self.again.push((id, source));
                id
            }
            Standing::Unchanged(id) => {
                self.counts.unchanged += is_ticket;
                self.met.insert(id);
                id
            }
        };
        for source in sources {
            self.again.push((kept, source));
        }
        Ok(())
    }

    /// The id that a ticket or article of the document has in this store.
    fn renamed_id(&self, id: TicketId) -> TicketId {
        self.renamed.get(&id).copied().unwrap_or(id)
    }

    fn renamed_key(&self, key: Key) -> Key {
        let now = |id: TicketId| self.renamed_id(id);
        match key {
            Key::Cause(id) => Key::Cause(now(id)),
            Key::Category(id) => Key::Category(now(id)),
            Key::Vote(id, uid) => Key::Vote(now(id), uid),
            Key::Outdated(id) => Key::Outdated(now(id)),
            Key::Reply(_)
            | Key::Vocab(_)
            | Key::View(_)
            | Key::Setting(_)
            | Key::Use(_)
            | Key::Star(..)
            | Key::Dataset(_)
            | Key::Conflict(_) => key,
        }
    }

    fn new_id(&self, body: &Body) -> TicketId {
        self.imports.store.new_id(pieces(body), Some(&self.matcher))
    }

    fn keep(
        &mut self,
        id: TicketId,
        body: Body,
        fingerprint: Fingerprint,
        source: Source,
    ) -> Result<(), DeskError> {
        self.matcher.add(id, fingerprint, &source, title(&body));
        self.met.insert(id);
        self.bodies.push(body);
        self.entries.push(ImportEntry {
            id,
            fingerprint,
            source,
        });
        self.waiting += 1;
        if self.bodies.len() == PACK_BODIES {
            self.pack()?;
        }
        // Large texts must not pile up in memory until there are enough of them.
        if self.waiting >= BATCH || self.imports.store.has_enough_packs() {
            self.flush()
        } else {
            Ok(())
        }
    }

    /// Puts the gathered bodies into a pack and notes its record.
    fn pack(&mut self) -> Result<(), DeskError> {
        if self.bodies.is_empty() && self.again.is_empty() {
            return Ok(());
        }
        let bodies = std::mem::take(&mut self.bodies);
        let entries = std::mem::take(&mut self.entries);
        let again = std::mem::take(&mut self.again);
        if self.dry_run {
            return Ok(());
        }
        // An export of ours names the dataset of each body; a record is of one dataset.
        let mut groups: BTreeMap<String, Group> = BTreeMap::new();
        for (body, entry) in bodies.into_iter().zip(entries) {
            let group = groups.entry(entry.source.dataset.clone()).or_default();
            group.bodies.push(body);
            group.entries.push(entry);
        }
        for (id, source) in again {
            let group = groups.entry(source.dataset.clone()).or_default();
            group.again.push((id, source));
        }
        for (dataset, group) in groups {
            let pack = if group.bodies.is_empty() {
                crate::model::PackNo::default()
            } else {
                self.imports.store.put_pack(group.bodies)?
            };
            let op = Op::Import(ImportBatch {
                pack,
                entries: group.entries,
                again: group.again,
            });
            self.batch.add(Key::Dataset(dataset), None, op);
        }
        Ok(())
    }

    /// Acknowledges everything taken so far.
    pub(super) fn flush(&mut self) -> Result<(), DeskError> {
        self.pack()?;
        self.waiting = 0;
        if self.dry_run {
            return Ok(());
        }
        // However many records it takes, an import is one: the list shows it in document order.
        let records = self.batch.take();
        if records.is_empty() {
            return Ok(());
        }
        let imports: Vec<bool> = records
            .iter()
            .map(|record| matches!(record.op, Op::Import(_)))
            .collect();
        let writing = self.imports.writer.write();
        for (fold, import) in writing.commit(records)?.iter().zip(imports) {
            // An export's record may be about a ticket it left out: nothing is lost by that.
            if let (Verdict::Refused(refusal), true) = (&fold.verdict, import) {
                return Err(refused(*refusal, &self.dataset));
            }
        }
        if std::mem::take(&mut self.sample_pending) {
            let mut removal = ActBuilder::apart(self.who);
            removal.add(
                Key::Dataset(sample::DATASET.to_owned()),
                None,
                Op::RemoveDataset,
            );
            writing.commit(removal.records)?;
            self.counts.sample_removed = true;
        }
        Ok(())
    }
}

/// What an import makes of one ticket or article.
enum Standing {
    New(TicketId),
    Updated(TicketId),
    /// As stored, met at another place.
    Again(TicketId),
    Unchanged(TicketId),
}

fn same_file(a: &Source, b: &Source) -> bool {
    a.dataset == b.dataset && a.file == b.file
}

fn same_place(a: &Source, b: &Source) -> bool {
    same_file(a, b) && a.ordinal == b.ordinal
}

fn title(body: &Body) -> &str {
    match body {
        Body::Ticket(ticket) => &ticket.title,
        Body::Article(article) => &article.title,
    }
}

/// The text that makes an id, and by which bodies are compared.
fn text(body: &Body) -> String {
    pieces(body).collect()
}

/// What that is made of.
fn pieces(body: &Body) -> Box<dyn Iterator<Item = &str> + '_> {
    match body {
        Body::Ticket(ticket) => Box::new(ticket.pieces()),
        Body::Article(article) => {
            let passages = article.passages.iter();
            let passages = passages.flat_map(|p| ["\n", &p.heading, "\n", &p.text]);
            Box::new(std::iter::once(article.title.as_str()).chain(passages))
        }
    }
}
