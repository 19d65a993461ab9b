//! What was changed, and by whom.

use super::reply_catalogue::is_code;
use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::catalogue::Catalogue;
use super::insights::Insights;
use super::jobs::Jobs;
use crate::api::{DeskError, HistoryEntry, LogEntry};
use crate::model::{
    ActId, CauseId, Key, Op, OutdatedMark, Record, ReplyChange, ReplyId, Sequence, Stance,
    TicketId, View, is_placeholder,
};
use crate::store::Store;
use crate::store::{Logged, Verdict};

/// Names before and after, by the place of a record.
pub(super) type CausesByRecord = HashMap<Sequence, (Vec<String>, Vec<String>)>;

/// What a ticket's causes were.
pub(super) struct CauseStates {
    /// By revision.
    pub(super) seen: Vec<BTreeSet<CauseId>>,
    /// Before and after, by the place of a record.
    pub(super) around: HashMap<Sequence, (BTreeSet<CauseId>, BTreeSet<CauseId>)>,
}

/// What a log has read already: each ticket is read once.
#[derive(Default)]
pub(super) struct Known {
    titles: HashMap<TicketId, String>,
    causes: HashMap<TicketId, CausesByRecord>,
    replies: HashMap<ReplyId, String>,
    /// Whether an act takes another back.
    undoing: HashMap<ActId, bool>,
}

impl Known {
    fn title(&mut self, history: &History, id: TicketId) -> String {
        let title = self.titles.entry(id);
        title
            .or_insert_with(|| history.catalogue.title_of(id).unwrap_or_default())
            .clone()
    }

    fn reply(&mut self, history: &History, id: ReplyId) -> String {
        let title = self.replies.entry(id);
        title.or_insert_with(|| history.reply_title(id)).clone()
    }

    /// Whether a record does again what was taken back.
    fn redoes(&mut self, history: &History, record: &Record) -> Result<bool, DeskError> {
        let Some(undone) = record.undoes else {
            return Ok(false);
        };
        match self.undoing.entry(undone) {
            Entry::Occupied(known) => Ok(*known.get()),
            Entry::Vacant(place) => {
                let act = history.store.act(undone)?;
                Ok(*place.insert(act.iter().any(|logged| logged.record.undoes.is_some())))
            }
        }
    }

    fn causes(
        &mut self,
        history: &History,
        logged: &Logged,
    ) -> Result<(Vec<String>, Vec<String>), DeskError> {
        let Key::Cause(id) = logged.record.key else {
            return Ok(Default::default());
        };
        let around = match self.causes.entry(id) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => place.insert(history.causes_by_record(id)?),
        };
        Ok(around.get(&logged.sequence).cloned().unwrap_or_default())
    }
}

/// What an entry shows: the kind of change, values before and after, and a note.
struct Told {
    what: &'static str,
    before: Vec<String>,
    after: Vec<String>,
    note: String,
}

/// What was changed, by whom and when.
pub(super) struct History {
    pub(super) store: Arc<Store>,
    pub(super) insights: Arc<Insights>,
    pub(super) jobs: Arc<Jobs>,
    pub(super) catalogue: Arc<Catalogue>,
}

impl History {
    pub(super) fn log(&self, id: Option<&str>, limit: usize) -> Result<Vec<LogEntry>, DeskError> {
        let logged = match id {
            Some(text) => {
                let mut all = match self.catalogue.resolve_any(text) {
                    Ok(id) => self.store.history(id)?,
                    Err(error) => match self.kept_reply(text) {
                        Some(reply) => self.store.history_of(&Key::Reply(reply))?,
                        None => return Err(error),
                    },
                };
                all.reverse();
                all.truncate(limit);
                all
            }
            None => self.store.log(None, limit)?,
        };
        let mut known = Known::default();
        logged
            .iter()
            .map(|logged| self.log_entry(logged, &mut known))
            .collect()
    }

    pub(super) fn log_entry(
        &self,
        logged: &Logged,
        known: &mut Known,
    ) -> Result<LogEntry, DeskError> {
        let record = &logged.record;
        let told = self.told(logged, known)?;
        Ok(LogEntry {
            sequence: logged.sequence,
            act: record.act,
            undoes: record.undoes,
            redo: known.redoes(self, record)?,
            at: record.at,
            author: record.author.name.clone(),
            uid: record.author.uid,
            declared: record.author.declared,
            host: record.origin.host.clone(),
            session: record.origin.session.clone(),
            key: record.key.to_string(),
            what: told.what.to_owned(),
            title: self.subject(&record.key, known),
            before: told.before,
            after: told.after,
            note: told.note,
            accepted: matches!(logged.verdict, Verdict::Accepted { .. }),
        })
    }

    fn told(&self, logged: &Logged, known: &mut Known) -> Result<Told, DeskError> {
        let told = |what, before: Vec<String>, after: Vec<String>, note: &str| Told {
            what,
            before,
            after,
            note: note.to_owned(),
        };
        let text = |text: &str| {
            if text.is_empty() {
                Vec::new()
            } else {
                vec![text.to_owned()]
            }
        };
        Ok(match &logged.record.op {
            Op::Causes {
                note, confirmed, ..
            } => {
                let (mut before, mut after) = known.causes(self, logged)?;
                // A ticket on which nobody decided stands as it was given: that may be 需要分析.
                let given = |names: &mut Vec<String>, confirmed: bool| {
                    if names.is_empty() && !confirmed {
                        *names = self.given_placeholders(&logged.record.key);
                    }
                };
                given(&mut before, confirmed.from);
                given(&mut after, confirmed.to);
                told("causes", before, after, note)
            }
            Op::Category { category, note } => {
                let given = match &logged.record.key {
                    Key::Category(id) => self
                        .catalogue
                        .ticket(*id)
                        .ok()
                        .and_then(|ticket| ticket.category),
                    _ => None,
                };
                // Without a correction it is the one given.
                let name = |corrected: &Option<crate::model::Category>| {
                    let category = corrected.as_ref().or(given.as_ref());
                    category.iter().map(ToString::to_string).collect()
                };
                told("category", name(&category.from), name(&category.to), note)
            }
            Op::Vote { stance, note } => told(
                "vote",
                self.stance(&stance.from),
                self.stance(&stance.to),
                note,
            ),
            Op::CauseCreate { name, .. } => told("vocabulary", vec![], text(name), ""),
            Op::CauseDrop { name, .. } => told("vocabulary", text(name), vec![], ""),
            Op::CauseRename(c) | Op::CauseGroup(c) => {
                told("vocabulary", text(&c.from), text(&c.to), "")
            }
            Op::CauseMerge(change) => {
                let name = |id: &Option<CauseId>| {
                    self.catalogue
                        .cause_names(&id.iter().copied().collect::<Vec<_>>())
                };
                let own = match &logged.record.key {
                    Key::Vocab(id) => self.store.vocabulary().get(*id).map(|c| c.name.clone()),
                    _ => None,
                };
                let own: Vec<String> = own.into_iter().collect();
                let side = |id: &Option<CauseId>| {
                    if id.is_some() { name(id) } else { own.clone() }
                };
                told("vocabulary", side(&change.from), side(&change.to), "")
            }
            Op::CauseRetire(change) => {
                let word = |retired: bool| text(if retired { "retired" } else { "active" });
                told("vocabulary", word(change.from), word(change.to), "")
            }
            Op::Reply(ReplyChange {
                name,
                code,
                text: body,
                outdated,
                retired,
                merged,
                ..
            }) => {
                let changes = [name, code, body, outdated].into_iter().flatten();
                let (mut before, mut after) = (Vec::new(), Vec::new());
                for change in changes {
                    before.extend(text(&change.from));
                    after.extend(text(&change.to));
                }
                if let Some(change) = retired {
                    let word = |retired: bool| text(if retired { "retired" } else { "active" });
                    before.extend(word(change.from));
                    after.extend(word(change.to));
                }
                if let Some(change) = merged {
                    let id = |id: &Option<ReplyId>| id.iter().map(ToString::to_string).collect();
                    let (was, now): (Vec<String>, Vec<String>) = (id(&change.from), id(&change.to));
                    before.extend(was);
                    after.extend(now);
                }
                told("reply", before, after, "")
            }
            Op::Outdated(change) => {
                let said = |mark: &Option<OutdatedMark>| mark.iter().flat_map(words_of).collect();
                told("outdated", said(&change.from), said(&change.to), "")
            }
            Op::View(change) => told(
                "view",
                view_words(&logged.record.key, &change.from),
                view_words(&logged.record.key, &change.to),
                "",
            ),
            Op::Setting(change) => {
                let value = |v: &Option<String>| v.iter().cloned().collect();
                told("setting", value(&change.from), value(&change.to), "")
            }
            Op::Use {
                count, overridden, ..
            } => told("use", overridden.clone(), vec![count.to_string()], ""),
            Op::Star(change) => {
                let word = |starred: bool| text(if starred { "favourite" } else { "" });
                told("star", word(change.from), word(change.to), "")
            }
            Op::Import(batch) => {
                let count = batch.entries.len() + batch.again.len();
                told("import", vec![], vec![count.to_string()], "")
            }
            Op::RemoveDataset => told("remove_dataset", vec![], vec![], ""),
            Op::Resolve { apply } => told(
                "resolve",
                vec![],
                text(if *apply { "applied" } else { "settled" }),
                "",
            ),
            Op::Reopen => told("resolve", text("settled"), text("open"), ""),
        })
    }

    /// What a standard reply is called; empty = it is not known any more.
    fn reply_title(&self, id: ReplyId) -> String {
        let kept = self.store.replies();
        let own = kept.iter().find(|kept| kept.id == id);
        if let Some(own) = own.filter(|own| !own.name.is_empty()) {
            return own.name.clone();
        }
        let insight = self.insights.at_hand();
        let mined = insight.as_deref().and_then(|all| all.replies().get(id));
        match (mined, own) {
            (Some(mined), _) => mined.title.clone(),
            (None, own) => super::reply_catalogue::beginning(own.map_or("", |own| &own.text)),
        }
    }

    /// The placeholders that a ticket was given for its causes.
    fn given_placeholders(&self, key: &Key) -> Vec<String> {
        let given = match key {
            Key::Cause(id) => self.catalogue.ticket(*id).map(|ticket| ticket.causes),
            _ => Ok(Vec::new()),
        };
        let mut given = given.unwrap_or_default();
        given.retain(|name| is_placeholder(name));
        given
    }

    /// What people call what a record is about; empty = nothing but its key.
    fn subject(&self, key: &Key, known: &mut Known) -> String {
        match key {
            Key::Cause(id) | Key::Category(id) | Key::Vote(id, _) | Key::Outdated(id) => {
                known.title(self, *id)
            }
            Key::Reply(id) | Key::Use(id) | Key::Star(id, _) => known.reply(self, *id),
            Key::Dataset(name) => name.clone(),
            Key::Setting(setting) => setting.name().to_owned(),
            // What is told of these names them.
            Key::Vocab(_) | Key::View(_) | Key::Conflict(_) => String::new(),
        }
    }

    fn stance(&self, stance: &Option<Stance>) -> Vec<String> {
        match stance {
            None => Vec::new(),
            Some(Stance::Agree) => vec!["agree".to_owned()],
            Some(Stance::Differ(causes)) if causes.is_empty() => vec!["differ".to_owned()],
            Some(Stance::Differ(causes)) => self.catalogue.cause_names(causes),
        }
    }

    /// The names of a ticket's causes before and after each record about them.
    pub(super) fn causes_by_record(&self, id: TicketId) -> Result<CausesByRecord, DeskError> {
        let names = |set: BTreeSet<CauseId>| {
            self.catalogue
                .cause_names(&set.into_iter().collect::<Vec<_>>())
        };
        let sets = self.catalogue.cause_states(id)?.around.into_iter();
        let named = sets.map(|(at, (before, after))| (at, (names(before), names(after))));
        Ok(named.collect())
    }

    /// What agents decided on a ticket, newest first.
    pub(super) fn ticket_history(&self, id: TicketId) -> Result<Vec<HistoryEntry>, DeskError> {
        self.decided(&self.store.history(id)?)
    }

    /// What agents changed of a standard reply, newest first.
    pub(super) fn reply_history(&self, id: ReplyId) -> Result<Vec<HistoryEntry>, DeskError> {
        self.decided(&self.store.history_of(&Key::Reply(id))?)
    }

    fn decided(&self, history: &[Logged]) -> Result<Vec<HistoryEntry>, DeskError> {
        let mut entries = Vec::new();
        let mut known = Known::default();
        for logged in history.iter().rev() {
            if !matches!(logged.verdict, Verdict::Accepted { .. }) {
                continue;
            }
            let told = self.told(logged, &mut known)?;
            let redo = known.redoes(self, &logged.record)?;
            entries.push(HistoryEntry {
                at: logged.record.at,
                author: logged.record.author.name.clone(),
                declared: logged.record.author.declared,
                what: told.what.to_owned(),
                before: told.before,
                after: told.after,
                note: told.note,
                undo: logged.record.undoes.is_some() && !redo,
                redo,
            });
        }
        Ok(entries)
    }
}

impl History {
    /// A reply that agents keep, by short code or the beginning of its id; `None` = none, or
    /// several.
    fn kept_reply(&self, text: &str) -> Option<ReplyId> {
        let text = text.trim().trim_start_matches('#');
        let kept = self.store.replies();
        if let Some(coded) = kept.iter().find(|kept| is_code(kept, text)) {
            return Some(coded.id);
        }
        let begins = |kept: &&crate::model::StandardReply| kept.id.as_str().starts_with(text);
        let mut begins = kept.iter().filter(begins);
        match (begins.next(), begins.next()) {
            (Some(one), None) => Some(one.id),
            _ => None,
        }
    }
}

impl Catalogue {
    /// A ticket's causes before and after each record about them, by replaying its history; of a
    /// record kept as a conflict, those its author saw, and what the author made of them.
    pub(super) fn cause_states(&self, id: TicketId) -> Result<CauseStates, DeskError> {
        let given = self.ticket(id).map(|ticket| ticket.causes);
        let given: BTreeSet<CauseId> = given
            .unwrap_or_default()
            .iter()
            .filter(|name| !is_placeholder(name))
            .map(|name| crate::store::cause_id(name))
            .collect();
        let mut seen = vec![given];
        let mut around = HashMap::new();
        for logged in self.store.history_of(&Key::Cause(id))? {
            let Some(record) = self.about_causes(&logged)? else {
                continue;
            };
            let Op::Causes { add, remove, .. } = &record.op else {
                continue;
            };
            let newest = seen.len() - 1;
            let accepted = matches!(logged.verdict, Verdict::Accepted { .. });
            let base = record.base_rev.filter(|_| !accepted);
            let base = base.map_or(newest, |base| (base.0 as usize).min(newest));
            let before = seen.get(base).cloned().unwrap_or_default();
            let mut after = before.clone();
            after.extend(add.iter().copied());
            after.retain(|cause| !remove.contains(cause));
            if accepted {
                seen.push(after.clone());
            }
            around.insert(logged.sequence, (before, after));
        }
        Ok(CauseStates { seen, around })
    }

    /// The record that changes causes: itself, or the kept one that a settlement applied.
    fn about_causes(&self, logged: &Logged) -> Result<Option<Record>, DeskError> {
        Ok(match (&logged.record.key, &logged.record.op) {
            (Key::Cause(_), _) => Some(logged.record.clone()),
            (Key::Conflict(kept), Op::Resolve { apply: true }) => {
                self.store.record(*kept)?.map(|kept| kept.record)
            }
            (_, _) => None,
        })
    }
}

/// The reason of an outdated mark, and what took the place.
fn words_of(mark: &OutdatedMark) -> impl Iterator<Item = String> + use<> {
    let successor = mark.successor.map(|id| format!("#{id}"));
    std::iter::once(mark.reason.clone()).chain(successor)
}

/// What a view is called, and what it shows.
fn view_words(key: &Key, view: &Option<View>) -> Vec<String> {
    let (Key::View(name), Some(view)) = (key, view) else {
        return Vec::new();
    };
    let title = view.title(name).to_owned();
    let query = Some(view.query.clone()).filter(|query| !query.is_empty());
    std::iter::once(title).chain(query).collect()
}
