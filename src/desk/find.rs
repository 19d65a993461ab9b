//! Browsing, searching and counting.

use super::catalogue::Catalogue;
use super::meaning::question;
use super::rows::mark_relaxed;
use crate::api::{CauseRow, DatasetRow, DeskError, Found, Page, SettingRow, SimilarTo};
use crate::model::{CauseStatus, DocNo, Key, Setting, TicketFilter, TicketId, TreeNode};
use crate::search::{Answered, Highlighter, Hits, Search, SearchError, nothing_asked, spare};
use crate::store::Body;

impl Catalogue {
    pub(super) fn tree(
        &self,
        query: &str,
        filter: &TicketFilter,
    ) -> Result<Vec<TreeNode>, DeskError> {
        let _asked = spare::Asked::begin();
        if query.trim().is_empty() || nothing_asked(query).is_some() {
            Ok(self.store.directory().tree(filter))
        } else {
            let counts = self.indexing.search.counts(query, filter)?;
            self.indexing.answered();
            Ok(counts)
        }
    }

    pub(super) fn list(
        &self,
        filter: &TicketFilter,
        offset: usize,
        limit: usize,
    ) -> Result<Page, DeskError> {
        self.check_filter(filter)?;
        let directory = self.store.directory();
        let docs: Vec<_> = directory.list(filter).skip(offset).take(limit).collect();
        let total = directory.count(filter);
        drop(directory);
        Ok(Page {
            rows: self.plain_rows(&docs, offset + 1)?,
            total,
        })
    }

    pub(super) fn rows_of(&self, ids: &[TicketId]) -> Result<Page, DeskError> {
        let rows = self.plain_rows(&self.shown(ids), 1)?;
        let total = rows.len();
        Ok(Page { rows, total })
    }

    /// The numbers of those tickets that are there.
    pub(super) fn shown(&self, ids: &[TicketId]) -> Vec<DocNo> {
        let directory = self.store.directory();
        let shown = |id: &TicketId| {
            let doc = directory.by_id(*id)?;
            directory.entry(doc).filter(|entry| !entry.removed)?;
            Some(doc)
        };
        ids.iter().filter_map(shown).collect()
    }

    pub(super) fn search(
        &self,
        query: &str,
        filter: &TicketFilter,
        limit: usize,
    ) -> Result<Found, DeskError> {
        let mut found = self.answered(query, filter, limit, Search::find)?;
        found.reranks = self.meaning.is_ready();
        Ok(found)
    }

    /// As [`Self::search`], and by what the query means.
    pub(super) fn search_near(
        &self,
        query: &str,
        filter: &TicketFilter,
        limit: usize,
    ) -> Result<Found, DeskError> {
        let asked = spare::Asked::begin();
        let Some(meant) = self.meaning.meant(query) else {
            drop(asked);
            return self.search(query, filter, limit);
        };
        self.answered(query, filter, limit, |search, query, filter, limit| {
            meant.among(&self.store, filter, |near| {
                search.find_near(query, filter, limit, near)
            })
        })
    }

    fn answered(
        &self,
        query: &str,
        filter: &TicketFilter,
        limit: usize,
        find: impl FnOnce(&Search, &str, &TicketFilter, usize) -> Result<Hits, SearchError>,
    ) -> Result<Found, DeskError> {
        self.check_filter(filter)?;
        // A query that is only begun leaves everything in its place.
        if let Some(notes) = nothing_asked(query) {
            let page = self.list(filter, 0, limit)?;
            return Ok(Found {
                rows: page.rows,
                total: page.total,
                notes,
                ..Found::default()
            });
        }
        let _asked = spare::Asked::begin();
        let hits = find(&self.indexing.search, query, filter, limit)?;
        self.found(&self.indexing.search.highlighter(query), hits)
    }

    pub(super) fn similar(&self, to: &SimilarTo, limit: usize) -> Result<Found, DeskError> {
        let _asked = spare::Asked::begin();
        let (text, about, doc) = match to {
            SimilarTo::Text(text) => (text.clone(), text.clone(), None),
            SimilarTo::Id(prefix) => {
                let id = self.resolve_ticket(prefix)?;
                let ticket = self.ticket(id)?;
                let doc = self.store.directory().by_id(id);
                (ticket.text(), question(&ticket), doc)
            }
        };
        let hits = self.like(&text, &about, doc, limit)?;
        self.found(&self.indexing.search.likeness(&text), hits)
    }

    /// Tickets and passages like a text, led on by what those that ask the same were answered; and
    /// like what the text is about, by meaning.
    pub(super) fn like(
        &self,
        text: &str,
        about: &str,
        exclude: Option<DocNo>,
        limit: usize,
    ) -> Result<Hits, DeskError> {
        let answered = |doc| match self.store.body(doc) {
            Ok(Body::Ticket(ticket)) => Some(ticket.answers()),
            // Without its answer a ticket leads nowhere; that is no reason to find nothing.
            Ok(Body::Article(_)) | Err(_) => None,
        };
        self.alike(text, about, &answered, exclude, limit)
    }

    /// Tickets and passages like a text by its words, and like what it is about by meaning.
    pub(super) fn alike(
        &self,
        text: &str,
        about: &str,
        answered: Answered<'_>,
        exclude: Option<DocNo>,
        limit: usize,
    ) -> Result<Hits, DeskError> {
        let search = &self.indexing.search;
        let Some(meant) = self.meaning.meant(about) else {
            return Ok(search.similar(text, answered, exclude, limit)?);
        };
        let everything = TicketFilter::default();
        let hits = meant.among(&self.store, &everything, |near| {
            search.similar_near(text, answered, exclude, limit, near)
        });
        Ok(hits?)
    }

    fn found(&self, light: &Highlighter, hits: Hits) -> Result<Found, DeskError> {
        let mut rows = self.hit_rows(light, &hits)?;
        mark_relaxed(&mut rows, hits.relaxed.as_ref());
        self.indexing.answered();
        let behind = self.indexing.far_behind();
        Ok(Found {
            rows,
            total: hits.total,
            more: hits.more,
            sections: hits.sections,
            relaxed: hits.relaxed,
            notes: hits.notes,
            indexing: behind.map(|behind| behind.percent),
            index_work: behind.map(|behind| behind.work),
            reranks: false,
        })
    }

    pub(super) fn catch_up(&self) -> Result<(), DeskError> {
        self.indexing.catch_up()
    }

    /// The vocabulary, most used first, then by name.
    pub(super) fn vocabulary(&self) -> Vec<CauseRow> {
        let counts = self.store.directory().cause_counts();
        let vocabulary = self.store.vocabulary();
        let mut rows: Vec<CauseRow> = vocabulary
            .entries()
            .map(|cause| {
                let count = counts.get(&cause.id).copied().unwrap_or_default();
                CauseRow {
                    cause: cause.clone(),
                    given: count.given,
                    confirmed: count.confirmed,
                    into: match cause.status {
                        CauseStatus::Merged(_) => Some(vocabulary.resolve(cause.id)),
                        CauseStatus::Active | CauseStatus::Retired => None,
                    },
                }
            })
            .collect();
        rows.sort_by(|a, b| {
            let used = |row: &CauseRow| row.given + row.confirmed;
            used(b)
                .cmp(&used(a))
                .then_with(|| a.cause.name.cmp(&b.cause.name))
        });
        rows
    }

    pub(super) fn datasets(&self) -> Vec<DatasetRow> {
        let datasets = self.store.directory().datasets();
        datasets
            .into_iter()
            .map(|dataset| DatasetRow {
                name: dataset.name,
                tickets: dataset.tickets,
                articles: dataset.articles,
                only_here: dataset.only_here,
            })
            .collect()
    }

    pub(super) fn settings(&self) -> Result<Vec<SettingRow>, DeskError> {
        let settings = self.store.settings();
        let row = |setting: Setting| {
            Ok(SettingRow {
                name: setting.name().to_owned(),
                value: settings.get(setting),
                revision: self.store.revision(&Key::Setting(setting))?,
            })
        };
        Setting::ALL.into_iter().map(row).collect()
    }
}
