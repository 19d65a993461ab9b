//! Tickets and articles as people and scripts see them.

use super::catalogue::Catalogue;
use super::errors::unknown_id;
use crate::api::{CauseTag, DeskError, PassageRow, Row, TicketRow};
use crate::model::{
    Article, CauseState, DocNo, Relaxed, Speaker, Ticket, TicketFilter, TicketId, Turn,
    is_placeholder,
};
use crate::search::{Aspect, Highlighter, Hit, Hits, Kind, spare, spread};
use crate::store::{Body, Entry};

/// Characters of a snippet: more than the widest screen shows beside the title.
const SNIPPET: usize = 160;
/// Rows of which each core makes its share: reading a body and finding its best passage is most of
/// what a row costs.
const SPREAD: usize = 16;

impl Catalogue {
    /// Rows without a query, ranks from `first` on.
    pub(super) fn plain_rows(&self, docs: &[DocNo], first: usize) -> Result<Vec<Row>, DeskError> {
        let bodies = self.store.bodies(docs)?;
        let mut rows = Vec::with_capacity(docs.len());
        for (doc, body) in docs.iter().zip(bodies) {
            if let Body::Ticket(ticket) = body {
                let mut row = self.ticket_row(*doc, &ticket)?;
                row.rank = first + rows.len();
                rows.push(Row::Ticket(row));
            }
        }
        Ok(rows)
    }

    /// Rows of hits, with what the query matched.
    pub(super) fn hit_rows(&self, light: &Highlighter, hits: &Hits) -> Result<Vec<Row>, DeskError> {
        let cores = spare::threads().max(1);
        let share = hits.hits.len().div_ceil(cores).max(SPREAD / 2);
        let mut parts = hits.hits.chunks(share);
        let done = match hits.hits.len() <= share {
            true => vec![self.lit_rows(light, parts.next().unwrap_or_default())],
            false => spread(parts, |part| self.lit_rows(light, part))?,
        };
        let rows = done.into_iter().collect::<Result<Vec<_>, DeskError>>()?;
        let mut rows: Vec<Row> = rows.into_iter().flatten().collect();
        for (row, rank) in rows.iter_mut().zip(1..) {
            match row {
                Row::Ticket(row) => row.rank = rank,
                Row::Passage(row) => row.rank = rank,
            }
        }
        Ok(rows)
    }

    /// Rows of some hits, not numbered yet.
    fn lit_rows(&self, light: &Highlighter, hits: &[Hit]) -> Result<Vec<Row>, DeskError> {
        let docs: Vec<DocNo> = hits.iter().map(|hit| hit.doc).collect();
        let bodies = self.store.shared_bodies(&docs)?;
        let mut rows = Vec::with_capacity(hits.len());
        for (hit, body) in hits.iter().zip(bodies) {
            let score = Some(hit.score);
            let relaxed = hit.relaxed.clone();
            let section = hit.section;
            let dropped = relaxed.as_ref().map(|relaxed| relaxed.dropped.clone());
            let missing = dropped.unwrap_or_default();
            match (hit.kind, body.as_ref()) {
                (Kind::Ticket, Body::Ticket(ticket)) => {
                    let mut row = self.ticket_row(hit.doc, ticket)?;
                    (row.score, row.relaxed) = (score, relaxed);
                    (row.section, row.missing) = (section, missing);
                    row.title_highlights = light.marks(&row.title);
                    (row.snippet, row.highlights) = ticket_snippet(light, ticket);
                    row.near = hit
                        .near
                        .map_or_else(String::new, |near| nearest(near, ticket));
                    rows.push(Row::Ticket(row));
                }
                (Kind::Article, Body::Article(article)) => {
                    let number = hit.passage.unwrap_or(1) as usize;
                    if let Some(mut row) = self.passage_row(hit.doc, article, number, light) {
                        (row.score, row.relaxed) = (score, relaxed);
                        (row.section, row.missing) = (section, missing);
                        rows.push(Row::Passage(row));
                    }
                }
                // The index is behind: a number never changes its kind, but be safe.
                (Kind::Ticket, Body::Article(_)) | (Kind::Article, Body::Ticket(_)) => {}
            }
        }
        Ok(rows)
    }

    pub(super) fn ticket_row(&self, doc: DocNo, ticket: &Ticket) -> Result<TicketRow, DeskError> {
        let directory = self.store.directory();
        let entry = directory
            .entry(doc)
            .ok_or_else(|| unknown_id(&doc.to_string()))?;
        let category = directory.category_of(doc).cloned();
        let datasets: Vec<String> = directory
            .datasets_of(doc)
            .into_iter()
            .map(str::to_owned)
            .collect();
        let ids = directory.causes_of(doc).to_vec();
        let short = directory.short_len(entry.id);
        drop(directory);
        let flags = self.insights.flags();
        let (outdated, successor) = self.outdated_of(&entry)?;
        let (product, issue_type) =
            category.map_or_else(Default::default, |c| (c.product, c.issue_type));
        Ok(TicketRow {
            rank: 0,
            id: entry.id,
            short_id: entry.id.as_str().chars().take(short).collect(),
            title: ticket.title.clone(),
            title_highlights: Vec::new(),
            product,
            issue_type,
            scenarios: ticket.scenarios.clone(),
            dataset: datasets.first().cloned(),
            datasets,
            causes: self.cause_tags(&entry, &ids, ticket)?,
            cause_state: entry.state,
            suspect: flags.suspect(entry.id),
            disputed: entry.disputed,
            misfiled: flags.misfiled(entry.id),
            outdated,
            successor,
            date: ticket.date,
            revision: entry.revision,
            score: None,
            snippet: beginning(ticket),
            highlights: Vec::new(),
            relaxed: None,
            section: None,
            missing: Vec::new(),
            near: String::new(),
        })
    }

    fn cause_tags(
        &self,
        entry: &Entry,
        ids: &[crate::model::CauseId],
        ticket: &Ticket,
    ) -> Result<Vec<CauseTag>, DeskError> {
        let by = match entry.state {
            CauseState::None => return Ok(Vec::new()),
            CauseState::Placeholder => {
                let given = ticket.causes.iter().filter(|name| is_placeholder(name));
                return Ok(given
                    .map(|name| CauseTag {
                        id: None,
                        name: name.clone(),
                        by: "given".to_owned(),
                    })
                    .collect());
            }
            CauseState::Given => "given".to_owned(),
            CauseState::Confirmed => self
                .store
                .causes(entry.id)?
                .map(|fold| fold.author.name)
                .unwrap_or_default(),
        };
        let vocabulary = self.store.vocabulary();
        let tags = ids
            .iter()
            .filter_map(|id| vocabulary.get(vocabulary.resolve(*id)));
        Ok(tags
            .map(|cause| CauseTag {
                id: Some(cause.id),
                name: cause.name.clone(),
                by: by.clone(),
            })
            .collect())
    }

    pub(super) fn passage_row(
        &self,
        doc: DocNo,
        article: &Article,
        number: usize,
        light: &Highlighter,
    ) -> Option<PassageRow> {
        let entry = self.store.directory().entry(doc)?;
        let passage = article.passages.get(number.checked_sub(1)?)?;
        let (snippet, highlights) = light.snippet(&[&passage.text, &passage.heading], SNIPPET);
        // A mark that cannot be read does not hide the passage.
        let (outdated, successor) = self.outdated_of(&entry).unwrap_or_default();
        Some(PassageRow {
            rank: 0,
            id: format!("{}.{number}", entry.id),
            article: article.title.clone(),
            heading: passage.heading.clone(),
            source: self.publisher(doc, article),
            outdated,
            successor,
            date: article.date,
            score: None,
            snippet,
            highlights,
            relaxed: None,
            section: None,
            missing: Vec::new(),
        })
    }

    /// Who published an article; the file's name where the text does not say.
    pub(super) fn publisher(&self, doc: DocNo, article: &Article) -> String {
        article.source.clone().unwrap_or_else(|| {
            let sources = self.store.sources(doc).unwrap_or_default();
            sources
                .into_iter()
                .next()
                .map(|source| source.file)
                .unwrap_or_default()
        })
    }

    /// The body of a ticket by id.
    pub(super) fn ticket(&self, id: TicketId) -> Result<Ticket, DeskError> {
        let doc = self
            .store
            .directory()
            .by_id(id)
            .ok_or_else(|| unknown_id(id.as_str()))?;
        match self.store.body(doc)? {
            Body::Ticket(ticket) => Ok(ticket),
            Body::Article(_) => Err(unknown_id(id.as_str())),
        }
    }

    /// The title of a ticket or an article; `None` = it is gone.
    pub(super) fn title_of(&self, id: TicketId) -> Option<String> {
        let doc = self.store.directory().by_id(id)?;
        Some(match self.store.body(doc).ok()? {
            Body::Ticket(ticket) => ticket.title,
            Body::Article(article) => article.title,
        })
    }

    /// Names of some causes today, by id.
    pub(super) fn cause_names(&self, ids: &[crate::model::CauseId]) -> Vec<String> {
        let vocabulary = self.store.vocabulary();
        ids.iter()
            .map(|id| {
                vocabulary
                    .get(vocabulary.resolve(*id))
                    .map_or_else(|| id.to_string(), |cause| cause.name.clone())
            })
            .collect()
    }

    /// How many tickets each dataset filter would let through is the directory's to say; this
    /// tells whether a filter names a dataset that is there at all.
    pub(super) fn check_filter(&self, filter: &TicketFilter) -> Result<(), DeskError> {
        let Some(name) = &filter.dataset else {
            return Ok(());
        };
        let known = self
            .store
            .directory()
            .datasets()
            .iter()
            .any(|d| d.name == *name);
        if known {
            Ok(())
        } else {
            Err(DeskError::UnknownDataset {
                name: name.to_owned(),
            })
        }
    }
}

/// The best passage of a ticket and what matched in it.
fn ticket_snippet(light: &Highlighter, ticket: &Ticket) -> (String, Vec<(usize, usize)>) {
    let mut texts: Vec<&str> = vec![&ticket.question];
    texts.extend(ticket.dialogue.iter().map(|turn| turn.text.as_str()));
    texts.extend(ticket.sections.iter().map(|section| section.text.as_str()));
    texts.retain(|text| !text.is_empty());
    light.snippet(&texts, SNIPPET)
}

/// The beginning of a ticket's question, or of what was said first, on one line.
fn beginning(ticket: &Ticket) -> String {
    let text = if ticket.question.is_empty() {
        ticket
            .dialogue
            .first()
            .map_or("", |turn| turn.text.as_str())
    } else {
        &ticket.question
    };
    let words = text.split_whitespace();
    let mut line = String::new();
    for word in words {
        if line.chars().count() >= SNIPPET {
            break;
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    match line.char_indices().nth(SNIPPET) {
        Some((end, _)) => line.get(..end).unwrap_or(&line).to_owned(),
        None => line,
    }
}

/// Rows that a relaxed search found say so.
pub(super) fn mark_relaxed(rows: &mut [Row], relaxed: Option<&Relaxed>) {
    let Some(relaxed) = relaxed else { return };
    for row in rows {
        let slot = match row {
            Row::Ticket(row) => &mut row.relaxed,
            Row::Passage(row) => &mut row.relaxed,
        };
        slot.get_or_insert_with(|| relaxed.clone());
    }
}

/// The sentence by which a ticket is told where words did not find it: the first of its question,
/// or of what the customer said then.
fn nearest(aspect: Aspect, ticket: &Ticket) -> String {
    let customer = |turn: &&Turn| turn.speaker == Speaker::Customer;
    let said = ticket.dialogue.iter().find(customer);
    let said = said.map_or("", |turn| turn.text.as_str());
    let text = match aspect {
        Aspect::Question if !ticket.question.trim().is_empty() => &ticket.question,
        Aspect::Question => &ticket.title,
        Aspect::Conversation if !said.is_empty() => said,
        Aspect::Conversation => &ticket.question,
    };
    let ends = ['。', '？', '！', '?', '!', '\n'];
    let mut sentences = text.split_inclusive(ends).map(str::trim);
    let sentence = sentences.find(|sentence| !sentence.is_empty());
    sentence.unwrap_or_default().chars().take(SNIPPET).collect()
}
