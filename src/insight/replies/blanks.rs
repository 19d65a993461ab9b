//! Blanks of the copy that is offered: its values that differ from customer to customer.
//!
//! Only a value of a kind that names a customer's matter becomes a blank, and only where its
//! surroundings agree: rather none than a wrong one. All other text stays as it was sent.

use std::collections::BTreeMap;

use super::align::{Alignment, Token, align, tokenise};
use crate::insight::pattern::patterns;
use crate::insight::slots::Slot;
use crate::insight::value::ValueKind;
use crate::insight::vendor::Vendor;
use crate::model::TicketId;
use crate::text::template::{escape, written};

/// Copies in which a personal value must be the same to be no one's.
const EVERYBODYS: usize = 3;
/// Different dates or amounts that are each customer's own; fewer are an older copy's.
const OWN_FIGURES: usize = 3;
/// Bytes before a word that tell what it names.
const NAMED_BY: usize = 24;

patterns! {
    /// What stands before the name of a customer's thing.
    names_next = r"(?i)(存储空间|空间名称?|空间|bucket|实例|账号|账户|用户名)\s*(?:名称?|id)?\s*[:：为是]?\s*[「『“\x22'（(\[【]?\s*$";
    /// A name that somebody made up.
    made_up = r"^[A-Za-z0-9][A-Za-z0-9._-]{2,}$";
}

/// One copy of a reply.
#[derive(Debug, Clone, Copy)]
pub(super) struct Exemplar<'a> {
    /// The ticket it stands in.
    pub(super) ticket: TicketId,
    /// The text, links repaired.
    pub(super) text: &'a str,
    /// Tickets with a text of this form.
    pub(super) tickets: usize,
}

/// A text with its blanks.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Blanked {
    /// The text in the syntax of templates.
    pub(super) text: String,
    /// Its blanks.
    pub(super) slots: Vec<Slot>,
}

/// Finds the blanks of the first copy by laying the others over it.
pub(super) fn blanks(copies: &[Exemplar<'_>], vendor: &Vendor) -> Blanked {
    let tokens: Vec<Vec<Token<'_>>> = copies.iter().map(|copy| tokenise(copy.text)).collect();
    let Some((basis, others)) = tokens.split_first() else {
        return Blanked::default();
    };
    let alignments: Vec<Alignment> = others.iter().map(|other| align(basis, other)).collect();
    Builder {
        copies,
        basis,
        others,
        alignments,
        vendor,
        names: BTreeMap::new(),
        out: Blanked::default(),
    }
    .build()
}

struct Builder<'a, 't> {
    copies: &'a [Exemplar<'a>],
    basis: &'a [Token<'t>],
    others: &'a [Vec<Token<'t>>],
    alignments: Vec<Alignment>,
    vendor: &'a Vendor,
    /// Values of the copy → the slot they have already.
    names: BTreeMap<(ValueKind, String), String>,
    out: Blanked,
}

impl Builder<'_, '_> {
    fn build(mut self) -> Blanked {
        for at in 0..self.basis.len() {
            let Some(token) = self.basis.get(at) else {
                break;
            };
            self.out.text.push_str(token.lead);
            match self.blank(at) {
                Some((name, kind, seen)) => self.slot(&name, kind, token.text, &seen),
                None => self.out.text.push_str(&escape(token.text)),
            }
        }
        self.out
    }

    /// The name, kind and values of the blank that a token is; `None` = it stays.
    fn blank(&self, at: usize) -> Option<(String, ValueKind, Vec<String>)> {
        let token = self.basis.get(at)?;
        match token.kind {
            Some(kind) => {
                let seen = self.counterparts(at, Some(kind));
                let blank = self.is_customers(kind, token.text, &seen);
                blank.then(|| (kind.slot_name().to_owned(), kind, seen))
            }
            None => {
                let name = self.named_thing(at)?;
                let seen = self.counterparts(at, None);
                let whole = seen.iter().filter(|value| !value.is_empty());
                let made_up = whole.clone().all(|value| made_up().is_match(value));
                (made_up && distinct(&seen) >= 2).then_some((name, ValueKind::Text, seen))
            }
        }
    }

    /// What a made-up word is the name of, told by the words before it.
    fn named_thing(&self, at: usize) -> Option<String> {
        let token = self.basis.get(at).filter(|t| made_up().is_match(t.text))?;
        let before: String = self
            .basis
            .get(at.saturating_sub(NAMED_BY)..at)?
            .iter()
            .map(|token| token.text)
            .chain([token.lead])
            .collect();
        let thing = names_next()
            .captures(&before)?
            .get(1)?
            .as_str()
            .to_lowercase();
        Some(match thing.as_str() {
            "实例" => "实例名".to_owned(),
            "账号" | "账户" | "用户名" => "账号".to_owned(),
            _ => "空间名".to_owned(),
        })
    }

    /// By copy, what stands in the place of a token; empty = nothing that could be compared.
    fn counterparts(&self, at: usize, kind: Option<ValueKind>) -> Vec<String> {
        let own = self.basis.get(at).map_or("", |token| token.text);
        let mut seen = vec![own.to_owned()];
        for (alignment, other) in self.alignments.iter().zip(self.others) {
            let place = alignment.get(at).copied().flatten();
            let place = place.or_else(|| between(alignment, at));
            let theirs = place.and_then(|place| other.get(place));
            let theirs = theirs.filter(|theirs| theirs.kind == kind);
            seen.push(theirs.map_or_else(String::new, |token| token.text.to_owned()));
        }
        seen
    }

    /// Whether a value is one customer's and not the reply's.
    fn is_customers(&self, kind: ValueKind, value: &str, seen: &[String]) -> bool {
        if crate::insight::guard::is_example(value) {
            return false;
        }
        // What the vendor owns differs only where each customer has a name below it.
        if self.vendor.owns(kind, value) {
            return kind.is_personal() && distinct(seen) >= OWN_FIGURES;
        }
        match kind {
            ValueKind::Amount => distinct(seen) >= OWN_FIGURES,
            ValueKind::Date => distinct(seen) >= OWN_FIGURES || timed(value) && distinct(seen) >= 2,
            ValueKind::Url => self.vendor.is_customers(kind, value),
            ValueKind::Mark | ValueKind::Text => false,
            _ if distinct(seen) >= 2 || self.vendor.is_customers(kind, value) => true,
            _ => self.copies_with(value, seen) < EVERYBODYS,
        }
    }

    fn copies_with(&self, value: &str, seen: &[String]) -> usize {
        let with = seen.iter().zip(self.copies);
        with.filter(|(theirs, _)| *theirs == value)
            .map(|(_, copy)| copy.tickets)
            .sum()
    }

    /// Writes a blank, the same one where the same value stands again.
    fn slot(&mut self, base: &str, kind: ValueKind, value: &str, seen: &[String]) {
        // A backslash right before the braces would make them literal.
        if self.out.text.ends_with('\\') {
            self.out.text.push(' ');
        }
        let key = (kind, value.to_owned());
        if let Some(name) = self.names.get(&key) {
            self.out.text.push_str(&written(name));
            return;
        }
        let same = |slot: &&Slot| slot.name.trim_end_matches(|c: char| c.is_ascii_digit()) == base;
        let name = match self.out.slots.iter().filter(same).count() {
            0 => base.to_owned(),
            n => format!("{base}{}", n + 1),
        };
        let mut values: Vec<(String, TicketId)> = Vec::new();
        for (value, copy) in seen.iter().zip(self.copies) {
            if !value.is_empty() && !values.iter().any(|(known, _)| known == value) {
                values.push((value.clone(), copy.ticket));
            }
        }
        self.out.text.push_str(&written(&name));
        self.out.slots.push(Slot {
            name: name.clone(),
            kind,
            values,
        });
        self.names.insert(key, name);
    }
}

/// The one place of another copy that stands between the neighbours of a place that has no
/// counterpart: another word in the same surroundings.
fn between(alignment: &Alignment, at: usize) -> Option<usize> {
    let before = alignment.get(at.checked_sub(1)?).copied().flatten()?;
    let after = match alignment.get(at + 1) {
        Some(after) => (*after)?,
        None => return None,
    };
    (after == before + 2).then_some(before + 1)
}

/// Whether a date has a time of day: no rule begins at 09:23.
fn timed(date: &str) -> bool {
    date.contains([':', '：'])
}

fn distinct(values: &[String]) -> usize {
    let mut known: Vec<&String> = values.iter().filter(|value| !value.is_empty()).collect();
    known.sort();
    known.dedup();
    known.len()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::text::template::Template;

    fn of(texts: &[&str]) -> Blanked {
        let copies: Vec<Exemplar<'_>> = texts
            .iter()
            .enumerate()
            .map(|(at, text)| Exemplar {
                ticket: TicketId::from_hash(&[at as u8; 32]),
                text,
                tickets: 1,
            })
            .collect();
        blanks(&copies, &Vendor::default())
    }

    #[test]
    fn a_customers_value_becomes_a_slot_that_repeats() {
        let blanked = of(&[
            "请把a.shop.example解析到别名，生效后访问a.shop.example确认",
            "请把b.shop.example解析到别名，生效后访问b.shop.example确认",
        ]);
        assert_eq!(
            blanked.text,
            "请把{{域名}}解析到别名，生效后访问{{域名}}确认"
        );
        assert_eq!(blanked.slots[0].values.len(), 2);
    }

    #[test]
    fn a_customers_value_is_a_slot_even_when_two_copies_share_it() {
        let text = "域名a.shop.example已找回，请重新添加";
        assert_eq!(of(&[text, text]).text, "域名{{域名}}已找回，请重新添加");
    }

    #[test]
    fn a_space_is_named_for_what_it_holds() {
        let blanked = of(&[
            "空间 lemon-photos 的文件数恢复正常后，重新提交迁移任务即可",
            "空间 pear-backup2 的文件数恢复正常后，重新提交迁移任务即可",
        ]);
        assert!(
            blanked.text.starts_with("空间 {{空间名}} 的"),
            "{}",
            blanked.text
        );
    }

    #[test]
    fn wording_steps_and_facts_are_no_slots() {
        for pair in [
            [
                "请在控制台的安全设置里重新绑定手机号码，绑定后立即生效",
                "麻烦在控制台的安全设置里重新绑定手机号码，绑定后立即生效",
            ],
            ["1、打开告警页；2、新增规则", "一、打开告警页；二、新增规则"],
            [
                "免费证书的有效期为一年，到期前重新申请",
                "免费证书的有效期为三个月，到期前重新申请",
            ],
            [
                "说明见https://docs.cloud.test/cli 的第二节",
                "说明见[URL已脱敏] 的第二节",
            ],
            ["提交后等待15分钟再看", "提交后等待30分钟再看"],
            ["流量包 0.26元 每GB", "流量包 0.29元 每GB"],
        ] {
            let blanked = of(&pair);
            assert_eq!(blanked.text, pair[0]);
            assert!(blanked.slots.is_empty());
        }
    }

    proptest! {
        #[test]
        fn a_text_filled_with_its_own_values_is_that_text(
            body in "([证书域名。，]{1,4}|a\\.shop\\.test|b\\.shop\\.test|13812345678|\\{\\{|\\}\\}|[a-z]{1,3}| |\\n){0,12}",
            other in "(c|d)\\.shop\\.test",
        ) {
            let second = body.replace("a.shop.test", &other);
            let blanked = of(&[&body, &second]);
            let values = blanked
                .slots
                .iter()
                .filter_map(|slot| Some((slot.name.clone(), slot.values.first()?.0.clone())))
                .collect();
            let filled = Template::parse(&blanked.text, &[]).fill(&values);
            prop_assert_eq!(filled.text, body.trim_end());
            prop_assert!(filled.unfilled.is_empty());
        }
    }
}
