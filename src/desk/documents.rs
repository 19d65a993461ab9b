//! What the index is fed of a ticket or article.

use crate::model::{CauseState, DocNo, Speaker, Ticket, is_holding};
use crate::search::{Document, Kind};
use crate::store::{Body, Store};

/// The index's document of a body; `None` when it is not shown any more.
pub(super) fn document(store: &Store, doc: DocNo, body: Body) -> Option<Document> {
    let directory = store.directory();
    let entry = directory.entry(doc).filter(|entry| !entry.removed)?;
    let mut document = Document::ticket(doc, entry.id);
    document.datasets = directory
        .datasets_of(doc)
        .into_iter()
        .map(str::to_owned)
        .collect();
    match body {
        Body::Article(article) => {
            document.kind = Kind::Article;
            document.title = article.title;
            document.passages = article.passages;
        }
        Body::Ticket(ticket) => {
            document.category = directory.category_of(doc).cloned();
            document.state = entry.state;
            if entry.state != CauseState::Placeholder {
                let vocabulary = store.vocabulary();
                document.causes = directory
                    .causes_of(doc)
                    .iter()
                    .filter_map(|id| vocabulary.get(vocabulary.resolve(*id)))
                    .map(|cause| (Some(cause.id), cause.name.clone()))
                    .collect();
            }
            drop(directory);
            fill(&mut document, ticket);
        }
    }
    Some(document)
}

fn fill(document: &mut Document, ticket: Ticket) {
    let mut sections = String::new();
    for section in &ticket.sections {
        push_line(&mut sections, &section.heading);
        push_line(&mut sections, &section.text);
    }
    for turn in &ticket.dialogue {
        let into = match turn.speaker {
            Speaker::Customer => &mut document.customer,
            Speaker::Agent if is_holding(&turn.text) => &mut document.holding,
            Speaker::Agent => &mut document.agent,
            Speaker::Other | Speaker::Internal => &mut sections,
        };
        push_line(into, &turn.text);
    }
    document.sections = sections;
    document.title = ticket.title;
    document.question = ticket.question;
    document.scenarios = ticket.scenarios;
    document.date = ticket.date;
}

fn push_line(text: &mut String, line: &str) {
    if !text.is_empty() {
        text.push('\n');
    }
    text.push_str(line);
}
