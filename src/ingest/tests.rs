//! Documents of the family, and broken ones.

mod broken;
mod family;
mod formats;
mod masks;
mod notes;
mod roundtrip;

use super::{FileReport, Item, Options, ParsedArticle, ParsedTicket, Reader};
use crate::model::{Speaker, Ticket};

/// What a document gave.
struct Read {
    tickets: Vec<ParsedTicket>,
    articles: Vec<ParsedArticle>,
    report: FileReport,
}

impl Read {
    fn ticket(&self, at: usize) -> &Ticket {
        &self.tickets[at].ticket
    }

    fn titles(&self) -> Vec<&str> {
        self.tickets
            .iter()
            .map(|t| t.ticket.title.as_str())
            .collect()
    }

    fn kinds(&self) -> Vec<&str> {
        self.report.warnings.iter().map(|w| w.kind.name()).collect()
    }

    fn value(&self, kind: &str, key: &str) -> Option<&str> {
        let warning = self
            .report
            .warnings
            .iter()
            .find(|w| w.kind.name() == kind)?;
        warning.values.get(key).map(String::as_str)
    }
}

fn read_as(name: &str, bytes: &[u8], options: &Options, piece: usize) -> Read {
    let (mut tickets, mut articles) = (Vec::new(), Vec::new());
    let mut sink = |item| match item {
        Item::Ticket(ticket) => tickets.push(*ticket),
        Item::Article(article) => articles.push(*article),
    };
    let mut reader = Reader::new(name, options);
    for part in bytes.chunks(piece) {
        reader.feed(part, &mut sink);
    }
    let report = reader.finish(&mut sink);
    Read {
        tickets,
        articles,
        report,
    }
}

/// Reads a document in pieces that cut characters apart.
fn read(text: &str) -> Read {
    read_as("cases.md", text.as_bytes(), &Options::default(), 7)
}

/// `C:`, `A:` or `O:` and the text of each turn.
fn said(ticket: &Ticket) -> Vec<String> {
    let who = |speaker| match speaker {
        Speaker::Customer => 'C',
        Speaker::Agent => 'A',
        Speaker::Other => 'O',
        Speaker::Internal => 'I',
    };
    ticket
        .dialogue
        .iter()
        .map(|t| format!("{}:{}", who(t.speaker), t.text))
        .collect()
}
