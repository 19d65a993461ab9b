//! A group of copies made into one reply that can be offered.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::blanks::{Exemplar, blanks};
use super::choose::{Copy, choose};
use super::{Replies, Tickets, reply_id};
use crate::insight::case::Texts;
use crate::insight::damage::{begins_late, damages, ends_short, with_scheme};
use crate::insight::fit::{Fitted, fit};
use crate::insight::guard::claims;
use crate::insight::heal::{Sibling, broken_links, heal};
use crate::insight::normal::{Class, class, parts, substance};
use crate::insight::pattern::patterns;
use crate::insight::situation::{general_substance, of_one_matter_only};
use crate::insight::slots::Slot;
use crate::insight::url::urls;
use crate::insight::value::ValueKind;
use crate::insight::vendor::Vendor;
use crate::model::{Category, ReplyId, TicketId};
use crate::text::template::{Piece, Template};

/// Copies of a group that its skeleton is made of: the commonest forms, the newest of each.
const COPIES: usize = 24;
/// Forms that it is made of beside them: the longest ones.
const FULLEST: usize = 16;
/// Tickets named as evidence at once; the count is exact.
const EVIDENCE: usize = 200;
/// What is left when values are taken out must say at least this much.
const SUBSTANCE: usize = 8;
/// The same beside a link that is broken.
const LINKED: usize = 5;
/// What holds for other customers, too, must say at least this much, unless it is told often.
const GENERAL: usize = 9;
/// Tickets that make a report of one matter a standard report.
const OFTEN: usize = 3;
/// Share of the text, in percent, that other copies must say, too.
const SHARED: usize = 55;
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

impl Held {
    fn as_copy(&self) -> Copy<'_> {
        Copy {
            text: &self.text,
            tickets: self.tickets,
        }
    }

    fn as_exemplar(&self) -> Exemplar<'_> {
        Exemplar {
            ticket: self.ticket,
            text: &self.text,
            tickets: self.tickets,
        }
    }
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
    let repaired = repair_all(&mut held, replies, vendor, tickets);
    let bodies: Vec<Copy<'_>> = held.iter().map(Held::as_copy).collect();
    let choice = choose(&bodies)?;
    held.swap(0, choice.at);
    let basis = held.first()?;
    let exemplars: Vec<Exemplar<'_>> = held.iter().map(Held::as_exemplar).collect();
    let blanked = blanks(&exemplars, vendor);
    let raw = blanked.text;
    let healed = repaired
        .into_iter()
        .filter(|(filled, _)| *filled == basis.ticket);
    let healed = healed.collect();
    let said = literal(&raw);
    let class = class(&said);
    let broken_link = !damages(&raw).is_empty() || ends_short(&raw);
    let linked = said.contains("://") || !broken_links(&raw).is_empty();
    let told_often = places.len() >= OFTEN;
    let offered = matches!(class, Class::Answer | Class::Asking)
        && choice.shared >= SHARED
        && (substance(&said) >= if linked { LINKED } else { SUBSTANCE } || said.contains("://"))
        && crate::insight::pattern::weight(&said) > 5 * blanked.slots.len()
        && !begins_late(&raw)
        && (told_often || linked || class == Class::Asking || general_substance(&said) >= GENERAL)
        && !reports(&said, &blanked.slots);
    let variants = replies.groups.get(group as usize)?;
    let first = replies.variants.get(*variants.variants.first()? as usize)?;
    Some(MinedReply {
        id: reply_id(first.key),
        title: title(parts(&fit(&raw).text).body),
        text: fit(&raw).text,
        raw,
        slots: blanked.slots,
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
    // The commonest forms, and the fullest ones: many may lack what few have.
    let mut rest = forms.split_off(forms.len().min(COPIES));
    rest.sort_by_key(|(variant, count)| (std::cmp::Reverse(variant.size), Reverse(*count)));
    forms.extend(rest.into_iter().take(FULLEST));
    let per_form = (COPIES / forms.len().max(1)).max(1);
    let mut out: Vec<Held> = Vec::new();
    for (variant, count) in forms {
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
    // The newest first: of equals it is chosen.
    out
}

/// Repairs broken links from the other copies, then from what any reply says; gives the repaired
/// ticket and the source's.
fn repair_all(
    held: &mut [Held],
    replies: &Replies,
    vendor: &Vendor,
    tickets: &dyn Tickets,
) -> Vec<(TicketId, TicketId)> {
    let whole: Vec<(TicketId, String)> = held
        .iter()
        .map(|copy| (copy.ticket, copy.text.clone()))
        .collect();
    let siblings: Vec<Sibling<'_>> = whole
        .iter()
        .map(|(source, text)| Sibling {
            source: *source,
            text,
        })
        .collect();
    let elsewhere = |masked: &str, before: &str| {
        let (url, no) = replies.links.whole(masked, before, vendor)?;
        Some((url.to_owned(), tickets.id(no)))
    };
    let mut out = Vec::new();
    for copy in held.iter_mut() {
        if let Some(whole) = with_scheme(&copy.text).filter(|text| begins_with_own(text, vendor)) {
            copy.text = whole;
        }
        if broken_links(&copy.text).is_empty() {
            continue;
        }
        let healed = heal(&copy.text, &siblings, &elsewhere);
        out.extend(healed.links.iter().map(|link| (copy.ticket, link.source)));
        copy.text = healed.text;
    }
    out
}

/// Whether a text begins with an address of the vendor's own.
fn begins_with_own(text: &str, vendor: &Vendor) -> bool {
    let first = urls(text).into_iter().next();
    first.filter(|url| url.range.start == 0).is_some_and(|url| {
        let address = text.get(url.range).unwrap_or_default();
        vendor.owns(ValueKind::Url, address)
    })
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

/// What a reply is called in lists: its first clause that an agent would say to name it.
fn title(text: &str) -> String {
    let ends = |c: char| "，,。；;！!？?：:\n".contains(c);
    let mut out = String::new();
    for clause in text.split_inclusive(ends) {
        let clause = clause.trim_start_matches(|c: char| {
            c.is_ascii_digit() || c.is_whitespace() || "、.．)）".contains(c)
        });
        let clause = clause.split("http").next().unwrap_or_default();
        let alone = out.is_empty() && of_one_matter_only(clause);
        if !alone && !clause.trim().is_empty() {
            out.push_str(clause);
        }
        if substance(&out) >= 5 && !unfinished(out.trim_end_matches(ends)) {
            break;
        }
    }
    let line = out.split_whitespace().collect::<Vec<_>>().join(" ");
    let line = line.trim_end_matches(ends);
    let line = if line.is_empty() {
        one_line(text)
    } else {
        line.to_owned()
    };
    match line.char_indices().nth(TITLE) {
        Some((at, _)) => format!("{}…", line.get(..at).unwrap_or_default()),
        None => line,
    }
}

/// Whether a clause is only the beginning of what it says.
fn unfinished(clause: &str) -> bool {
    [
        "是", "的话", "时", "在", "如下", "为", "由于", "因为", "如果", "需要", "可以",
    ]
    .iter()
    .any(|word| clause.ends_with(word))
}
