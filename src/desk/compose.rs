//! Texts on their way to the clipboard: what can be said to a ticket, made fit, filled, guarded.

use std::collections::BTreeMap;

use super::insights::turn_of;
use super::replies::Replies;
use super::reply_catalogue::{Known, ReplyCatalogue, beginning, slot_row, with_ticket};
use crate::api::{
    Compose, DeskError, Draft, DraftFinding, DraftOf, HealedFrom, Offered, RepliesThere, SlotRow,
};
use crate::insight::damage::{damages, ends_short};
use crate::insight::fit::fit;
use crate::insight::guard::{Finding, findings, hidden, with_notes};
use crate::insight::heal::{Healed, Sibling, broken_links, heal};
use crate::insight::value::names_value;
use crate::insight::vendor::Vendor;
use crate::insight::{Insight, MinedReply, Offer, id_of};
use crate::model::{ReplyId, Speaker, Ticket, TicketId};
use crate::text::sanitize::for_clipboard;
use crate::text::template::Template;

/// How well a ticket's own turn fits, beside replies of others.
const OWN: f32 = 0.6;
/// Characters of a lost end that are shown.
const LAST: usize = 10;
/// Replies that only agents keep, offered for one ticket at most.
const KEPT: usize = 3;

/// A text before its slots are filled.
struct Source {
    reply: ReplyId,
    standard: bool,
    turn: Option<usize>,
    /// Whether it was said to the customer of the ticket at hand; another one gets it now.
    said_to_another: bool,
    title: String,
    original: String,
    template: String,
    declared: Vec<String>,
    slots: Vec<SlotRow>,
    /// Whether `{{名称}}` in it are slots; in what a ticket's agent said they are not.
    templated: bool,
    healed: Vec<HealedFrom>,
    pictures: usize,
    fitted: bool,
    outdated: String,
    successor: Option<String>,
    merged_from: Option<ReplyId>,
    lent: bool,
    retired: bool,
}

impl Replies {
    pub(super) fn offers(&self, id: &str) -> Result<Vec<Offered>, DeskError> {
        let insight = self.insights.read()?;
        let id = self.catalogue.resolve_ticket(id)?;
        let ticket = self.catalogue.ticket(id)?;
        let (kept, uses) = (self.store.replies(), self.catalogue.uses());
        let shelf = ReplyCatalogue::new(&insight, &kept, &uses);
        let outdated = self.store.outdated(id)?.is_some();
        let similar = self.advice.alike(id, &ticket)?;
        let mut offers = insight.offers(id, &ticket, &similar, &|mined| shelf.offers(mined));
        // What an outdated ticket says is never offered, nor a copy of an outdated reply.
        offers.retain(|offer| match offer {
            Offer::Turn(at) => {
                let said = ticket.dialogue.get(*at).map_or("", |turn| &turn.text);
                !outdated && shelf.stale(said).is_none()
            }
            Offer::Standard(..) => true,
        });
        let mut out: Vec<Offered> = Vec::new();
        let asked = format!("{}\n{}", ticket.title, ticket.question);
        let around: Vec<(TicketId, f32)> = std::iter::once((id, OWN))
            .chain(similar.iter().copied())
            .collect();
        let kept_only = shelf.kept_for(&asked, &around);
        let kept_only = kept_only.into_iter().take(KEPT);
        for ranked in kept_only {
            let at = offers.iter().position(|offer| match offer {
                Offer::Standard(_, score) => *score < ranked.score,
                Offer::Turn(_) => OWN < ranked.score + f32::EPSILON,
            });
            let at = at.unwrap_or(offers.len());
            offers.insert(at, Offer::Standard(ranked.id, ranked.score));
        }
        let mut met: Vec<ReplyId> = Vec::new();
        for offer in offers {
            let offered = match offer {
                // What was said in this ticket scores 1; others must fit well by themselves.
                Offer::Standard(_, score) if !super::advice::fits(score) => None,
                Offer::Standard(reply, score) => {
                    let known = shelf.get(reply).filter(Known::offered);
                    // Two that were merged are one.
                    let known = known.filter(|known| {
                        known.id().is_some_and(|id| {
                            !met.contains(&id) && {
                                met.push(id);
                                true
                            }
                        })
                    });
                    known.map(|known| standard(known, score, &ticket, insight.vendor()))
                }
                Offer::Turn(at) => Some(self.own_turn(&shelf, id, &ticket, at)),
            };
            out.extend(offered);
        }
        for (at, offered) in out.iter_mut().enumerate() {
            offered.number = at + 1;
        }
        Ok(out)
    }

    fn own_turn(
        &self,
        shelf: &ReplyCatalogue<'_>,
        id: TicketId,
        ticket: &Ticket,
        at: usize,
    ) -> Offered {
        let source = self.turn_source(Some(shelf), (id, ticket), at, false);
        Offered {
            number: 0,
            reply: None,
            turn: source.turn,
            title: source.title,
            code: String::new(),
            text: source.template,
            slots: Vec::new(),
            score: 1.0,
            tickets: 1,
            favourite: false,
        }
    }

    pub(super) fn compose(&self, wanted: &Compose) -> Result<Draft, DeskError> {
        let (mut source, ticket) = self.source(&wanted.of, wanted)?;
        let insight = self.insights.at_hand();
        // Until mining has learnt the vendor's own addresses, they are looked at like others.
        let unknown = Vendor::default();
        let vendor = insight.as_deref().map_or(&unknown, Insight::vendor);
        if let DraftOf::Changed { text, .. } = &wanted.of {
            source.change(text, ticket.as_ref().map(|(_, ticket)| ticket), vendor);
        }
        let ticket = ticket.as_ref().map(|(id, ticket)| (*id, ticket));
        let receiver = match receiver_of(&wanted.of) {
            Some(id) => Some(self.ticket_of(id)?),
            None => None,
        };
        Ok(drafted(source, wanted, ticket, receiver.as_ref(), vendor))
    }

    /// What a text is made of, and the ticket at hand.
    fn source(
        &self,
        of: &DraftOf,
        wanted: &Compose,
    ) -> Result<(Source, Option<(TicketId, Ticket)>), DeskError> {
        match of {
            DraftOf::Changed { of, .. } => self.source(of, wanted),
            DraftOf::Turn { id, turn, .. } => {
                let id = self.catalogue.resolve_ticket(id)?;
                let ticket = self.catalogue.ticket(id)?;
                let (insight, kept) = (self.insights.at_hand(), self.store.replies());
                let shelf = insight.as_deref();
                let shelf = shelf.map(|insight| ReplyCatalogue::new(insight, &kept, &[]));
                let at = match turn {
                    Some(_) => Some(self.agent_turn(id, &ticket, *turn)?),
                    None => best_turn(shelf.as_ref(), id, &ticket),
                };
                let Some(at) = at else {
                    drop(shelf);
                    drop(insight);
                    return self.instead(id, ticket, wanted);
                };
                let source = self.turn_source(shelf.as_ref(), (id, &ticket), at, wanted.original);
                Ok((source, Some((id, ticket))))
            }
            DraftOf::Offer { id, number } => {
                let offers = self.offers(id)?;
                let id = self.catalogue.resolve_ticket(id)?;
                let ticket = self.catalogue.ticket(id)?;
                let offer = number.checked_sub(1).and_then(|at| offers.get(at));
                let offer =
                    offer.ok_or_else(|| self.no_reply(id, RepliesThere::Turns(offers.len())))?;
                let insight = self.insights.read()?;
                let source = match (offer.reply, offer.turn) {
                    (Some(reply), _) => {
                        self.standard_source(&insight, reply.as_str(), wanted, Some(&ticket))?
                    }
                    (None, turn) => {
                        let at = self.agent_turn(id, &ticket, turn)?;
                        let kept = self.store.replies();
                        let shelf = ReplyCatalogue::new(&insight, &kept, &[]);
                        self.turn_source(Some(&shelf), (id, &ticket), at, wanted.original)
                    }
                };
                Ok((source, Some((id, ticket))))
            }
            DraftOf::Standard { reply, ticket } => {
                let insight = self.insights.read()?;
                let ticket = match ticket {
                    Some(id) => {
                        let id = self.catalogue.resolve_ticket(id)?;
                        Some((id, self.catalogue.ticket(id)?))
                    }
                    None => None,
                };
                let at_hand = ticket.as_ref().map(|(_, ticket)| ticket);
                let source = self.standard_source(&insight, reply, wanted, at_hand)?;
                Ok((source, ticket))
            }
        }
    }

    /// The ticket that the beginning of an id names.
    pub(super) fn ticket_of(&self, id: &str) -> Result<Ticket, DeskError> {
        self.catalogue.ticket(self.catalogue.resolve_ticket(id)?)
    }

    /// The place in the dialogue of the Nth agent turn.
    fn agent_turn(
        &self,
        id: TicketId,
        ticket: &Ticket,
        number: Option<usize>,
    ) -> Result<usize, DeskError> {
        let at = number.and_then(|number| number.checked_sub(1));
        let found = at.and_then(|at| ticket.agent_turns().nth(at));
        let turns = ticket.agent_turns().count();
        found
            .map(|(at, _)| at)
            .ok_or_else(|| self.no_reply(id, RepliesThere::Turns(turns)))
    }

    /// The first standard reply that fits a ticket whose own agents answered nothing.
    fn instead(
        &self,
        id: TicketId,
        ticket: Ticket,
        wanted: &Compose,
    ) -> Result<(Source, Option<(TicketId, Ticket)>), DeskError> {
        let offers = self.offers(id.as_str())?;
        let Some(reply) = offers.into_iter().find_map(|offer| offer.reply) else {
            let turns = ticket.agent_turns().count();
            return Err(self.no_reply(id, RepliesThere::Holding(turns)));
        };
        let insight = self.insights.read()?;
        let source = self.standard_source(&insight, reply.as_str(), wanted, Some(&ticket))?;
        let lent = true;
        Ok((Source { lent, ..source }, Some((id, ticket))))
    }

    fn no_reply(&self, id: TicketId, has: RepliesThere) -> DeskError {
        let short = self.store.directory().short_len(id);
        let id: String = id.as_str().chars().take(short).collect();
        DeskError::NoReply { id, has }
    }

    fn standard_source(
        &self,
        insight: &Insight,
        reply: &str,
        wanted: &Compose,
        ticket: Option<&Ticket>,
    ) -> Result<Source, DeskError> {
        let kept = self.store.replies();
        let shelf = ReplyCatalogue::new(insight, &kept, &[]);
        let (named, known) = (shelf.named(reply)?, shelf.find(reply)?);
        let id = known.id().unwrap_or(ReplyId::from_bits(0));
        let raw = known
            .mined
            .filter(|_| known.kept.is_none() && wanted.original);
        let fitted = known.mined.map(crate::insight::MinedReply::fitted);
        let fitted = fitted.filter(|_| known.kept.is_none() && !wanted.original);
        let template = raw.map_or_else(|| known.text(), |mined| &mined.raw);
        let healed = known.mined.filter(|_| known.kept.is_none());
        let healed = healed.map(|mined| mined.healed.as_slice());
        Ok(Source {
            reply: id,
            standard: true,
            turn: None,
            said_to_another: false,
            title: known.title(),
            original: known
                .mined
                .map_or_else(|| known.text().to_owned(), |mined| mined.raw.clone()),
            template: template.to_owned(),
            declared: known.declared(),
            slots: with_ticket(known.slots(insight.vendor()), ticket, insight.vendor()),
            templated: true,
            healed: healed
                .unwrap_or_default()
                .iter()
                .map(|(_, source)| HealedFrom {
                    text: String::new(),
                    source: *source,
                })
                .collect(),
            pictures: fitted
                .as_ref()
                .map_or(0, crate::insight::fit::Fitted::pictures),
            fitted: fitted.is_some_and(|fitted| !fitted.edits.is_empty()),
            outdated: known.kept.map_or_else(String::new, |k| k.outdated.clone()),
            successor: known
                .kept
                .and_then(|kept| kept.successor)
                .map(|id| id.to_string()),
            merged_from: named.id().filter(|named| *named != id),
            lent: false,
            retired: known.kept.is_some_and(|kept| kept.retired),
        })
    }

    /// What a copy of a ticket's own turn holds: links filled, line breaks restored.
    pub(super) fn turn_text(
        &self,
        shelf: &ReplyCatalogue<'_>,
        of: (TicketId, &Ticket),
        at: usize,
    ) -> String {
        self.turn_source(Some(shelf), of, at, false).template
    }

    /// A ticket's own turn; without what the tickets tell no link of it can be filled.
    fn turn_source(
        &self,
        shelf: Option<&ReplyCatalogue<'_>>,
        (id, ticket): (TicketId, &Ticket),
        at: usize,
        original: bool,
    ) -> Source {
        let said = ticket.dialogue.get(at).map_or("", |turn| &turn.text);
        let (text, healed) = match shelf.filter(|_| !original) {
            Some(shelf) => {
                let healed = self.healed(shelf.insight(), id, at, said);
                let from = healed.links.iter().map(|link| HealedFrom {
                    text: healed
                        .text
                        .get(link.range.clone())
                        .unwrap_or_default()
                        .to_owned(),
                    source: link.source,
                });
                (healed.text.clone(), from.collect())
            }
            None => (said.to_owned(), Vec::new()),
        };
        let fitted = (!original).then(|| fit(&text));
        // A mark that cannot be read keeps nobody from the text.
        let mark = self.store.outdated(id).ok().flatten();
        let turn = ticket.agent_turns().position(|(place, _)| place == at);
        // A copy of what must not be sent any more must not be sent either.
        let stale = shelf.and_then(|shelf| shelf.stale(said));
        let (outdated, successor, retired) = match (mark, stale) {
            (Some(mark), _) => (mark.reason, mark.successor.map(|id| id.to_string()), false),
            (None, Some(kept)) => {
                let successor = kept.successor.map(|id| id.to_string());
                (kept.outdated.clone(), successor, kept.retired)
            }
            (None, None) => Default::default(),
        };
        Source {
            reply: id_of(said),
            standard: false,
            turn: turn.map(|turn| turn + 1),
            said_to_another: true,
            title: beginning(said),
            original: for_clipboard(said).into_owned(),
            pictures: fitted
                .as_ref()
                .map_or(0, crate::insight::fit::Fitted::pictures),
            fitted: fitted.as_ref().is_some_and(|f| !f.edits.is_empty()),
            template: fitted.map_or(text, |fitted| fitted.text),
            declared: Vec::new(),
            slots: Vec::new(),
            templated: false,
            healed,
            outdated,
            successor,
            merged_from: None,
            lent: false,
            retired,
        }
    }

    fn healed(&self, insight: &Insight, id: TicketId, at: usize, said: &str) -> Healed {
        let texts = if broken_links(said).is_empty() {
            Vec::new()
        } else {
            insight.siblings(id, at, &turn_of(&self.store))
        };
        let siblings: Vec<Sibling<'_>> = texts
            .iter()
            .map(|(source, text)| Sibling {
                source: *source,
                text,
            })
            .collect();
        heal(said, &siblings, &|masked, before| {
            insight.whole_link(masked, before)
        })
    }
}

/// The place in the dialogue of the turn that is copied where none is named.
pub(super) fn best_turn(
    shelf: Option<&ReplyCatalogue<'_>>,
    id: TicketId,
    ticket: &Ticket,
) -> Option<usize> {
    let shared = shelf.map_or_else(Vec::new, |shelf| {
        let offers = |mined: &MinedReply| shelf.offers(mined);
        shelf.insight().turns_shared(id, &offers)
    });
    crate::insight::best_turn(ticket, &shared)
}

/// A standard reply as an offer for a ticket.
fn standard(known: Known<'_>, score: f32, ticket: &Ticket, vendor: &Vendor) -> Offered {
    Offered {
        number: 0,
        reply: known.id(),
        turn: None,
        title: known.title(),
        code: known.code().to_owned(),
        text: known.text().to_owned(),
        slots: with_ticket(known.slots(vendor), Some(ticket), vendor),
        score,
        favourite: false,
        tickets: known.mined.map_or(0, |mined| mined.tickets),
    }
}

/// Redaction marks of a text, each once.
fn marks(text: &str) -> Vec<String> {
    let mut marks: Vec<String> = Vec::new();
    for range in crate::text::redaction::marks(text) {
        let mark = text.get(range).unwrap_or_default();
        if !marks.iter().any(|known| known == mark) {
            marks.push(mark.to_owned());
        }
    }
    marks
}

impl Source {
    /// Takes the agent's own text for the reply's.
    fn change(&mut self, text: &str, ticket: Option<&Ticket>, vendor: &Vendor) {
        let known = std::mem::take(&mut self.slots);
        let slots = Template::parse(text, &self.declared).names().into_iter();
        let slots = slots.map(|name| {
            let slot = known.iter().find(|slot| slot.name == name);
            let values = slot.map_or_else(Vec::new, |slot| slot.values.clone());
            let own = slot.map_or(0, |slot| slot.own);
            let personal = slot.is_some_and(|slot| slot.personal);
            let row = slot_row(name, values);
            SlotRow {
                own,
                personal: row.personal || personal,
                ..row
            }
        });
        self.slots = with_ticket(slots.collect(), ticket, vendor);
        text.clone_into(&mut self.template);
        self.templated = true;
    }
}

/// The ticket whose customer gets a turn of another one.
fn receiver_of(of: &DraftOf) -> Option<&str> {
    match of {
        DraftOf::Changed { of, .. } => receiver_of(of),
        DraftOf::Turn { receiver, .. } => receiver.as_deref(),
        DraftOf::Offer { .. } | DraftOf::Standard { .. } => None,
    }
}

fn drafted(
    source: Source,
    wanted: &Compose,
    ticket: Option<(TicketId, &Ticket)>,
    receiver: Option<&Ticket>,
    vendor: &Vendor,
) -> Draft {
    let (text, unfilled) = if source.templated {
        filled(&source, &wanted.values)
    } else {
        (source.template.clone(), Vec::new())
    };
    let text = for_clipboard(&text).into_owned();
    // A turn was said to the customer of its own ticket: whoever gets it now is somebody else.
    let receiver = match receiver {
        Some(receiver) => Some(receiver),
        None => ticket
            .map(|(_, ticket)| ticket)
            .filter(|_| !source.said_to_another),
    };
    let own = |value: &str| {
        wanted
            .values
            .values()
            .any(|given| names_value(given, value))
            || receiver.is_some_and(|ticket| wrote(ticket, value))
    };
    let notes: Vec<&str> = ticket.map_or_else(Vec::new, |(_, ticket)| ticket.notes().collect());
    let found = with_notes(&text, &notes, findings(&text, vendor, &own));
    let taken = Template::parse(&source.template, &source.declared).names();
    let changed = matches!(wanted.of, DraftOf::Changed { .. });
    let broken = unfit(&text, changed);
    Draft {
        reply: source.reply,
        standard: source.standard,
        ticket: ticket.map(|(id, _)| id),
        turn: source.turn,
        turns: ticket.map_or(0, |(_, ticket)| ticket.agent_turns().count()),
        title: source.title,
        original: source.original,
        template: source.template,
        slots: source.slots,
        unfilled,
        findings: places(&text, &found, taken),
        healed: source.healed,
        broken_links: broken,
        pictures: source.pictures,
        fitted: source.fitted,
        holding: crate::model::is_holding(&text),
        marks: marks(&text),
        outdated: source.outdated,
        successor: source.successor,
        merged_from: source.merged_from,
        lent: source.lent,
        retired: source.retired,
        text,
    }
}

/// Places of a text that must be mended before it is sent. In what an agent changed, `***` is
/// the mask that the agent put there.
fn unfit(text: &str, changed: bool) -> Vec<String> {
    let places = if changed {
        broken_links(text)
    } else {
        damages(text)
    };
    let said = |range: std::ops::Range<usize>| text.get(range).unwrap_or_default().to_owned();
    let mut out: Vec<String> = places.into_iter().map(said).collect();
    if out.is_empty() && !changed && ends_short(text) {
        let from = text.char_indices().rev().nth(LAST - 1);
        let last = text.get(from.map_or(0, |(at, _)| at)..);
        out.push(format!("{}…", last.unwrap_or_default().trim()));
    }
    out
}

/// Findings as they are shown: what a mask hides, and the name of a slot for each value.
fn places(text: &str, found: &[Finding], mut taken: Vec<String>) -> Vec<DraftFinding> {
    let mut named: BTreeMap<String, String> = BTreeMap::new();
    let place = |finding: &Finding| {
        let value = text.get(finding.range.clone()).unwrap_or_default();
        let (hidden, mask) = hidden(text, finding);
        let slot = named.entry(value.to_owned()).or_insert_with(|| {
            let base = finding.kind.slot().slot_name();
            let numbered = (2..).map(|n| format!("{base}{n}"));
            let mut names = std::iter::once(base.to_owned()).chain(numbered);
            let free = names.find(|name| !taken.contains(name)).unwrap_or_default();
            taken.push(free.clone());
            free
        });
        DraftFinding {
            start: characters(text, finding.range.start),
            end: characters(text, finding.range.end),
            value: value.to_owned(),
            kind: serde_json::to_value(finding.kind)
                .ok()
                .and_then(|kind| kind.as_str().map(str::to_owned))
                .unwrap_or_default(),
            hidden_start: characters(text, hidden.start),
            hidden_end: characters(text, hidden.end),
            mask: mask.to_owned(),
            slot: slot.clone(),
        }
    };
    found.iter().map(place).collect()
}

fn filled(source: &Source, values: &BTreeMap<String, String>) -> (String, Vec<String>) {
    let filled = Template::parse(&source.template, &source.declared).fill(values);
    (filled.text, filled.unfilled)
}

/// Whether a ticket's customer wrote a value: it may be said back to them.
fn wrote(ticket: &Ticket, value: &str) -> bool {
    let turns = ticket
        .dialogue
        .iter()
        .filter(|turn| turn.speaker == Speaker::Customer);
    [ticket.title.as_str(), ticket.question.as_str()]
        .into_iter()
        .chain(turns.map(|turn| turn.text.as_str()))
        .any(|text| names_value(text, value))
}

fn characters(text: &str, byte: usize) -> usize {
    text.get(..byte).map_or(0, |head| head.chars().count())
}
