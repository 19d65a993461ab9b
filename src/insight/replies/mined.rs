//! A group of copies made into one reply that can be offered.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::skeleton::{Exemplar, skeleton};
use super::{Replies, Tickets, reply_id};
use crate::insight::case::Texts;
use crate::insight::fit::{Fitted, fit};
use crate::insight::guard::claims;
use crate::insight::heal::{Sibling, broken_links, heal};
use crate::insight::normal::{Class, class, parts, substance};
use crate::insight::pattern::patterns;
use crate::insight::slots::Slot;
use crate::insight::vendor::Vendor;
use crate::model::{Category, ReplyId, TicketId};
use crate::text::template::{Piece, Template};

/// Copies of a group that its skeleton is made of: the commonest forms, the newest of each.
const COPIES: usize = 12;
/// Tickets named as evidence at once; the count is exact.
const EVIDENCE: usize = 200;
/// What is left when values are taken out must say at least this much.
const SUBSTANCE: usize = 8;
/// Share of the basis, in percent, that copies must have in common.
const KEPT: usize = 40;
/// The same where words are left out within a clause: it must be all but whole.
const KEPT_TORN: usize = 85;
/// Characters of a title.
const TITLE: usize = 28;

patterns! {
    /// Somebody is told what to do or where to read.
    instructs = r"(?x)请 | 麻烦 | 可以 | 可[在到用按通] | 需 | 建议 | 参[考见照] | 详见 | 如下 | 步骤 | 点击 | 进入 | 打开 | 登录 | 添加 | 新增 | 填写 | 选择 | 选中 | 勾选 | 设置[为成] | 改[为成] | 即可 | 如果 | 若";
}

/// A reply that several tickets share.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MinedReply {
    /// Its id: of the hash of its skeleton when first seen.
    pub id: ReplyId,
    /// Its beginning, for lists.
    pub title: String,
    /// The text with its slots, fit to send.
    pub text: String,
    /// The same before it was made fit.
    pub raw: String,
    /// Its blanks.
    pub slots: Vec<Slot>,
    /// Tickets it stands in.
    pub tickets: usize,
    /// Forms it stands in.
    pub variants: usize,
    /// Categories of those tickets, most frequent first.
    pub categories: Vec<(Category, usize)>,
    /// Place in time of its newest use.
    pub newest: u64,
    /// Tickets behind it with the position of the turn, newest first, at most 200.
    pub evidence: Vec<(TicketId, usize)>,
    /// Copies whose link was filled from another: the filled ticket, and the source's.
    pub healed: Vec<(TicketId, TicketId)>,
    /// Whether a link of it stays broken.
    pub broken_link: bool,
    /// Whether it answers or asks.
    pub class: Class,
    /// Whether it may be offered: it says enough without anybody's values.
    pub offered: bool,
}

impl MinedReply {
    /// The key by which replies are listed, best first.
    pub(super) fn rank(&self) -> impl Ord + use<> {
        use std::cmp::Reverse;
        (
            Reverse(self.offered),
            Reverse(self.tickets),
            Reverse(self.newest),
            self.id,
        )
    }

    /// The text before it was made fit, with what fitting changes.
    pub fn fitted(&self) -> Fitted {
        fit(&self.raw)
    }
}

/// A copy with its text.
struct Held {
    ticket: TicketId,
    text: String,
    tickets: usize,
}

/// Makes the reply of a group; `None` where fewer than two tickets share it.
pub(super) fn make(
    replies: &Replies,
    group: u32,
    texts: &dyn Texts,
    vendor: &Vendor,
    tickets: &dyn Tickets,
) -> Option<MinedReply> {
    let mut places: Vec<(u32, u32)> = replies.places(group).collect();
    places.sort_by_key(|(no, turn)| (std::cmp::Reverse((tickets.order(*no), *no)), *turn));
    places.dedup_by_key(|(no, _)| *no);
    if places.len() < 2 {
        return None;
    }
    let mut held = copies(replies, group, texts, tickets);
    let healed = heal_all(&mut held);
    let basis = held.first()?;
    let shape = parts(&basis.text);
    let (greeting, tail) = (shape.greeting.to_owned(), shape.tail.to_owned());
    let bodies: Vec<Exemplar<'_>> = held
        .iter()
        .map(|copy| Exemplar {
            ticket: copy.ticket,
            body: parts(&copy.text).body,
            tickets: copy.tickets,
        })
        .collect();
    let common = skeleton(&bodies, vendor);
    let body = begun(&common.text);
    let raw = format!("{greeting}{body}{tail}");
    let said = literal(&common.text);
    let class = class(&said);
    let broken_link = !broken_links(&raw).is_empty();
    let offered = matches!(class, Class::Answer | Class::Asking)
        && common.kept >= if common.torn == 0 { KEPT } else { KEPT_TORN }
        && (substance(&said) >= SUBSTANCE || said.contains("://"))
        && crate::insight::pattern::weight(&said) > 5 * common.slots.len()
        && !reports(&said, &common.slots);
    let variants = replies.groups.get(group as usize)?;
    let first = replies.variants.get(*variants.variants.first()? as usize)?;
    Some(MinedReply {
        id: reply_id(first.key),
        title: title(&fit(body).text),
        text: fit(&raw).text,
        raw,
        slots: common.slots,
        tickets: places.len(),
        variants: live(replies, group).count(),
        categories: categories(&places, tickets),
        newest: places.first().map_or(0, |(no, _)| tickets.order(*no)),
        evidence: places
            .iter()
            .take(EVIDENCE)
            .map(|(no, turn)| (tickets.id(*no), *turn as usize))
            .collect(),
        healed,
        broken_link,
        class,
        offered,
    })
}

/// Whether a text tells one customer what became of their matter: values, and nothing to do or
/// to read. However many tickets have its wording, it is no answer for another.
fn reports(said: &str, slots: &[Slot]) -> bool {
    let told = slots.len() >= 2 || (!slots.is_empty() && claims(said));
    told && !said.contains("://") && !instructs().is_match(said)
}

/// A reply that answers nothing, of all turns of one form; `None` where its text is gone.
pub(super) fn held(
    id: ReplyId,
    places: &[(u32, u32)],
    texts: &dyn Texts,
    tickets: &dyn Tickets,
) -> Option<MinedReply> {
    let mut places = places.to_vec();
    places.sort_by_key(|(no, turn)| (std::cmp::Reverse((tickets.order(*no), *no)), *turn));
    places.dedup_by_key(|(no, _)| *no);
    let mut named = places
        .iter()
        .map(|(no, turn)| (tickets.id(*no), *turn as usize));
    let (newest, turn) = named.next()?;
    let raw = texts.turn(newest, turn)?;
    let text = fit(&raw).text;
    Some(MinedReply {
        id,
        title: one_line(&text),
        text,
        raw,
        slots: Vec::new(),
        tickets: places.len(),
        variants: 1,
        categories: categories(&places, tickets),
        newest: places.first().map_or(0, |(no, _)| tickets.order(*no)),
        evidence: std::iter::once((newest, turn))
            .chain(named.take(EVIDENCE - 1))
            .collect(),
        healed: Vec::new(),
        broken_link: false,
        class: Class::Holding,
        offered: false,
    })
}

/// The beginning of a text on one line.
fn one_line(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().take(TITLE).collect()
}

/// Variants of a group that still stand in a ticket, with the number of their tickets.
fn live(replies: &Replies, group: u32) -> impl Iterator<Item = (&super::Variant, usize)> {
    replies
        .groups
        .get(group as usize)
        .into_iter()
        .flat_map(|group| &group.variants)
        .filter_map(|no| replies.variants.get(*no as usize))
        .map(|variant| {
            let mut nos: Vec<u32> = variant.places.iter().map(|(no, _)| *no).collect();
            nos.sort_unstable();
            nos.dedup();
            (variant, nos.len())
        })
        .filter(|(_, tickets)| *tickets > 0)
}

/// The copies that a skeleton is made of, the basis first.
fn copies(replies: &Replies, group: u32, texts: &dyn Texts, tickets: &dyn Tickets) -> Vec<Held> {
    let mut forms: Vec<(&super::Variant, usize)> = live(replies, group).collect();
    forms.sort_by_key(|(variant, count)| (std::cmp::Reverse(*count), variant.key));
    let per_form = (COPIES / forms.len().max(1)).max(1);
    let mut out: Vec<Held> = Vec::new();
    for (variant, count) in forms.into_iter().take(COPIES) {
        let mut places = variant.places.clone();
        places.sort_by_key(|(no, _)| std::cmp::Reverse((tickets.order(*no), *no)));
        places.dedup_by_key(|(no, _)| *no);
        let taken = places.len().min(per_form);
        for (at, (no, turn)) in places.into_iter().take(per_form).enumerate() {
            let id = tickets.id(no);
            if let Some(text) = texts.turn(id, turn as usize) {
                // The first copy of a form speaks for those that are not looked at.
                let tickets = if at == 0 { count + 1 - taken } else { 1 };
                out.push(Held {
                    ticket: id,
                    text,
                    tickets,
                });
            }
        }
    }
    // The longest of equals is the basis: what others lack is then weighed, not overlooked.
    let best = (0..out.len()).max_by_key(|at| {
        out.get(*at).map(|copy| {
            let whole = broken_links(&copy.text).is_empty();
            (whole, copy.tickets, copy.text.len(), std::cmp::Reverse(*at))
        })
    });
    if let Some(best) = best {
        let basis = out.remove(best);
        out.insert(0, basis);
    }
    out
}

/// Fills broken links from the other copies; the filled ticket and the source's.
fn heal_all(held: &mut [Held]) -> Vec<(TicketId, TicketId)> {
    let whole: Vec<(TicketId, String)> = held
        .iter()
        .filter(|copy| broken_links(&copy.text).is_empty())
        .map(|copy| (copy.ticket, copy.text.clone()))
        .collect();
    let siblings: Vec<Sibling<'_>> = whole
        .iter()
        .map(|(source, text)| Sibling {
            source: *source,
            text,
        })
        .collect();
    let mut out = Vec::new();
    for copy in held.iter_mut() {
        if broken_links(&copy.text).is_empty() {
            continue;
        }
        let healed = heal(&copy.text, &siblings);
        out.extend(healed.links.iter().map(|link| (copy.ticket, link.source)));
        copy.text = healed.text;
    }
    out
}

/// A template's text without its blanks.
fn literal(template: &str) -> String {
    Template::parse(template, &[])
        .pieces
        .into_iter()
        .map(|piece| match piece {
            Piece::Text(text) => text,
            Piece::Slot(_) => " ".to_owned(),
        })
        .collect()
}

fn categories(places: &[(u32, u32)], tickets: &dyn Tickets) -> Vec<(Category, usize)> {
    let mut counts: BTreeMap<&Category, usize> = BTreeMap::new();
    for (no, _) in places {
        if let Some(category) = tickets.category(*no) {
            *counts.entry(category).or_default() += 1;
        }
    }
    let mut out: Vec<(Category, usize)> = counts
        .into_iter()
        .map(|(category, count)| (category.clone(), count))
        .collect();
    out.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    out
}

/// A text without what is left of the sentence that only one copy began with.
fn begun(text: &str) -> &str {
    let mut text = text.trim();
    loop {
        let next = ["即可", "就可以了", "，", "。", "、", "；", ",", "的话"]
            .iter()
            .find_map(|word| text.strip_prefix(word));
        match next {
            Some(rest) => text = rest.trim_start(),
            None => return text,
        }
    }
}

/// The beginning of a text: its first clauses, until they say something.
fn title(text: &str) -> String {
    let ends = |c: char| "，,。；;！!？?：:\n".contains(c);
    let mut out = String::new();
    for clause in text.split_inclusive(ends) {
        out.push_str(clause);
        if substance(&out) >= 5 {
            break;
        }
    }
    let at = out.find("http").filter(|at| *at > 0).unwrap_or(out.len());
    let out: String = out
        .get(..at)
        .unwrap_or_default()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    let out = out.trim_end_matches(ends);
    match out.char_indices().nth(TITLE) {
        Some((at, _)) => format!("{}…", out.get(..at).unwrap_or_default()),
        None => out.to_owned(),
    }
}
