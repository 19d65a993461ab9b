//! One ticket or article in full, with what belongs beside it.

use std::sync::Arc;

use super::catalogue::Catalogue;
use super::compose::best_turn;
use super::errors::unknown_id;
use super::history::History;
use super::indexing::Indexing;
use super::insights::Insights;
use super::reply_catalogue::ReplyCatalogue;
use crate::api::{ArticleView, DeskError, PassageRow, TicketOrArticle, TicketView};
use crate::model::{Article, ArticleId, DocNo, Key, Revision, Ticket};
use crate::store::Body;
use crate::store::Store;

/// Passages shown beside a ticket.
const RELATED: usize = 3;

/// One ticket or article in full.
pub(super) struct Details {
    pub(super) store: Arc<Store>,
    pub(super) indexing: Arc<Indexing>,
    pub(super) insights: Arc<Insights>,
    pub(super) catalogue: Arc<Catalogue>,
    pub(super) history: Arc<History>,
}

impl Details {
    pub(super) fn show(&self, id: &str) -> Result<TicketOrArticle, DeskError> {
        // An article's passage is asked for as `ARTICLE.N`.
        let (id, passage) = match id.split_once('.') {
            Some((article, number)) => (
                article,
                Some(number.parse::<usize>().ok().ok_or_else(|| unknown_id(id))?),
            ),
            None => (id, None),
        };
        let doc = self.catalogue.resolve(id)?;
        match self.store.body(doc)? {
            Body::Ticket(ticket) => self
                .ticket_view(doc, ticket)
                .map(|view| TicketOrArticle::Ticket(Box::new(view))),
            Body::Article(article) => {
                if passage.is_some_and(|number| number == 0 || number > article.passages.len()) {
                    return Err(unknown_id(id));
                }
                self.article_view(doc, article, passage)
                    .map(|v| TicketOrArticle::Article(Box::new(v)))
            }
        }
    }

    fn ticket_view(&self, doc: DocNo, ticket: Ticket) -> Result<TicketView, DeskError> {
        let row = self.catalogue.ticket_row(doc, &ticket)?;
        let category = self.store.category(row.id)?;
        let best = {
            let (insight, kept) = (self.insights.at_hand(), self.store.replies());
            let shelf = insight.as_deref();
            let shelf = shelf.map(|insight| ReplyCatalogue::new(insight, &kept, &[]));
            best_turn(shelf.as_ref(), row.id, &ticket)
        };
        let best_turn = best.and_then(|best| ticket.agent_turns().position(|(at, _)| at == best));
        Ok(TicketView {
            best_turn: best_turn.map(|at| at + 1),
            category_revision: category.map_or(Revision(0), |fold| fold.revision),
            outdated_revision: self.store.revision(&Key::Outdated(row.id))?,
            related_passages: self.related_passages(&ticket)?,
            history: self.history.ticket_history(row.id)?,
            votes: self.catalogue.vote_views(row.id)?,
            sources: self.store.sources(doc)?,
            row,
            question: ticket.question,
            dialogue: ticket.dialogue,
            causes_given: ticket.causes,
            category_given: ticket.category,
            sections: ticket.sections,
        })
    }

    /// Passages of articles about the same; none while the index is not ready.
    fn related_passages(&self, ticket: &Ticket) -> Result<Vec<PassageRow>, DeskError> {
        if self.store.directory().article_count() == 0 {
            return Ok(Vec::new());
        }
        let text = format!("{}\n{}", ticket.title, ticket.question);
        let search = &self.indexing.search;
        // Some may be outdated: ask for more than are wanted.
        let hits = search.passages_like(&text, RELATED * 4)?;
        let light = search.likeness(&ticket.title);
        let mut rows = Vec::new();
        for hit in &hits.hits {
            if rows.len() == RELATED {
                break;
            }
            if let Body::Article(article) = self.store.body(hit.doc)? {
                let number = hit.passage.unwrap_or(1) as usize;
                let row = self
                    .catalogue
                    .passage_row(hit.doc, &article, number, &light);
                // What is outdated is found by search, and never offered.
                if let Some(mut row) = row.filter(|row| row.outdated.is_empty()) {
                    (row.rank, row.score) = (rows.len() + 1, Some(hit.score));
                    rows.push(row);
                }
            }
        }
        Ok(rows)
    }

    fn article_view(
        &self,
        doc: DocNo,
        article: Article,
        passage: Option<usize>,
    ) -> Result<ArticleView, DeskError> {
        let source = self.catalogue.publisher(doc, &article);
        let directory = self.store.directory();
        let entry = directory
            .entry(doc)
            .ok_or_else(|| unknown_id(&doc.to_string()))?;
        let datasets = directory
            .datasets_of(doc)
            .into_iter()
            .map(str::to_owned)
            .collect();
        drop(directory);
        let (outdated, successor) = self.catalogue.outdated_of(&entry)?;
        Ok(ArticleView {
            id: ArticleId::from_bits(entry.id.to_bits()),
            title: article.title,
            source,
            date: article.date,
            datasets,
            passages: article.passages,
            sources: self.store.sources(doc)?,
            passage,
            outdated,
            successor,
            outdated_revision: self.store.revision(&Key::Outdated(entry.id))?,
        })
    }
}
