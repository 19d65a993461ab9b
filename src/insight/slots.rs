//! Blanks in a reply, and where values for them come from.

use serde::{Deserialize, Serialize};

use super::value::{ValueKind, values};
use super::vendor::Vendor;
use crate::model::{Speaker, Ticket, TicketId};

/// A blank of a standard reply with the values seen in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slot {
    /// Its name, as it stands between the braces.
    pub name: String,
    /// What kind of value goes in.
    pub kind: ValueKind,
    /// Values seen, each once, newest first, with the ticket each came from.
    pub values: Vec<(String, TicketId)>,
}

/// Values for a slot from a ticket: what its customer wrote first, then its agents; the
/// vendor's own addresses left out.
pub fn candidates(kind: ValueKind, ticket: &Ticket, vendor: &Vendor) -> Vec<String> {
    let said = |speaker: Speaker| {
        ticket
            .dialogue
            .iter()
            .filter(move |turn| turn.speaker == speaker)
            .map(|turn| turn.text.as_str())
    };
    let texts = [ticket.title.as_str(), ticket.question.as_str()]
        .into_iter()
        .chain(said(Speaker::Customer))
        .chain(said(Speaker::Agent));
    let mut out: Vec<String> = Vec::new();
    for text in texts {
        for value in values(text).into_iter().filter(|value| value.kind == kind) {
            let value = text.get(value.range).unwrap_or_default();
            if !vendor.owns(kind, value) && !out.iter().any(|known| known == value) {
                out.push(value.to_owned());
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn candidates_are_the_customers_values_and_not_the_vendors() {
        let ticket = Ticket {
            question: "域名 a.shop.example 和 b.shop.example 打不开".into(),
            ..Ticket::default()
        };
        let mut vendor = Vendor::default();
        assert_eq!(
            candidates(ValueKind::Domain, &ticket, &vendor),
            ["a.shop.example", "b.shop.example"]
        );
        vendor.allow(["shop.example".to_owned()]);
        assert!(candidates(ValueKind::Domain, &ticket, &vendor).is_empty());
    }
}
