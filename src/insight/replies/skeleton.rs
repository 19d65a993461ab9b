//! What copies of a reply have in common: their skeleton, with blanks where they differ.

use std::collections::BTreeMap;

use super::align::{Alignment, Token, align, tokenise};
use crate::insight::pattern::weight;
use crate::insight::slots::Slot;
use crate::insight::value::ValueKind;
use crate::insight::vendor::Vendor;
use crate::model::TicketId;
use crate::text::template::{escape, written};

/// Characters of the longest difference that becomes a blank.
const LONGEST_VALUE: usize = 24;
/// Copies in which a personal value must be the same to be no one's.
const EVERYBODYS: usize = 3;

/// One copy of a reply.
#[derive(Debug, Clone)]
pub(super) struct Exemplar<'a> {
    /// The ticket it stands in.
    pub(super) ticket: TicketId,
    /// The text without greeting and tail, links healed.
    pub(super) body: &'a str,
    /// Tickets with a text of this form.
    pub(super) tickets: usize,
}

/// What the copies have in common.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Skeleton {
    /// The text in the syntax of templates.
    pub(super) text: String,
    /// Its blanks.
    pub(super) slots: Vec<Slot>,
    /// Share of the basis that was kept, in percent.
    pub(super) kept: usize,
    /// Places where words were left out in the middle of a clause.
    pub(super) torn: usize,
}

/// Lays copies over each other. The first is the basis.
pub(super) fn skeleton(copies: &[Exemplar<'_>], vendor: &Vendor) -> Skeleton {
    let tokens: Vec<Vec<Token<'_>>> = copies.iter().map(|copy| tokenise(copy.body)).collect();
    let Some((basis, others)) = tokens.split_first() else {
        return Skeleton::default();
    };
    let alignments: Vec<Alignment> = others.iter().map(|other| align(basis, other)).collect();
    Builder {
        copies,
        basis,
        others,
        alignments,
        vendor,
        names: BTreeMap::new(),
        out: Skeleton::default(),
    }
    .build()
}

struct Builder<'a, 't> {
    copies: &'a [Exemplar<'a>],
    basis: &'a [Token<'t>],
    others: &'a [Vec<Token<'t>>],
    alignments: Vec<Alignment>,
    vendor: &'a Vendor,
    /// Values over the copies → the slot they have already.
    names: BTreeMap<(ValueKind, Vec<String>), String>,
    out: Skeleton,
}

impl Builder<'_, '_> {
    fn build(mut self) -> Skeleton {
        let total: usize = self.copies.iter().map(|copy| copy.tickets).sum();
        let common: Vec<bool> = (0..self.basis.len())
            .map(|at| self.support(at) * 2 > total || self.copies.len() == 1)
            .collect();
        let mut at = 0;
        let mut kept = 0;
        while let Some(token) = self.basis.get(at) {
            if common.get(at).copied().unwrap_or(false) {
                self.common(at);
                kept += weight(token.text);
                at += 1;
                continue;
            }
            let end = (at..self.basis.len())
                .find(|i| common[*i])
                .unwrap_or(self.basis.len());
            kept += self.differing(at, end, total);
            at = end;
        }
        let whole: usize = self.basis.iter().map(|token| weight(token.text)).sum();
        self.out.kept = (kept * 100).checked_div(whole).unwrap_or(0);
        self.out
    }

    /// Tickets whose copy has this token of the basis.
    fn support(&self, at: usize) -> usize {
        let own = self.copies.first().map_or(0, |copy| copy.tickets);
        let others = self.alignments.iter().zip(self.copies.iter().skip(1));
        own + others
            .filter(|(alignment, _)| alignment.get(at).is_some_and(Option::is_some))
            .map(|(_, copy)| copy.tickets)
            .sum::<usize>()
    }

    /// A token that most copies have: itself, or a blank where it is a value that differs.
    fn common(&mut self, at: usize) {
        let Some(token) = self.basis.get(at) else {
            return;
        };
        self.out.text.push_str(token.lead);
        let Some(kind) = token.kind.filter(|kind| *kind != ValueKind::Mark) else {
            self.out.text.push_str(&escape(token.text));
            return;
        };
        let mut seen = vec![token.text.to_owned()];
        for (alignment, other) in self.alignments.iter().zip(self.others) {
            let theirs = alignment
                .get(at)
                .copied()
                .flatten()
                .and_then(|i| other.get(i));
            seen.push(theirs.map_or_else(String::new, |token| token.text.to_owned()));
        }
        if self.is_constant(kind, token.text, &seen) {
            self.out.text.push_str(&escape(token.text));
        } else {
            self.slot(kind, seen);
        }
    }

    /// Whether a value belongs to the reply and not to one customer.
    fn is_constant(&self, kind: ValueKind, value: &str, seen: &[String]) -> bool {
        let known: Vec<&String> = seen.iter().filter(|value| !value.is_empty()).collect();
        let same: usize = seen
            .iter()
            .zip(self.copies)
            .filter(|(theirs, _)| *theirs == value)
            .map(|(_, copy)| copy.tickets)
            .sum();
        let all_same = known.iter().all(|theirs| *theirs == value);
        let personal = kind.is_personal() || kind == ValueKind::Url || kind == ValueKind::Date;
        let owned = self.vendor.owns(kind, value);
        if owned || !personal {
            // One copy with an old address does not make the address a blank.
            let total: usize = self.copies.iter().map(|copy| copy.tickets).sum();
            all_same || (kind == ValueKind::Url && same * 3 >= total * 2)
        } else {
            let link = kind == ValueKind::Url && same > 1;
            let customers = self.vendor.is_customers(kind, value);
            all_same && !customers && (same >= EVERYBODYS || link)
        }
    }

    /// A run that few copies have: a blank, the basis' own wording, or nothing.
    fn differing(&mut self, from: usize, to: usize, total: usize) -> usize {
        let own = self.text_of(self.basis, from, to);
        let mut seen = vec![own.clone()];
        let mut present = self.copies.first().map_or(0, |copy| copy.tickets);
        for (at, other) in self.others.iter().enumerate() {
            let theirs = self.counterpart(at, other, from, to);
            if !theirs.is_empty() {
                present += self.copies.get(at + 1).map_or(0, |copy| copy.tickets);
            }
            seen.push(theirs);
        }
        let lead = self.basis.get(from).map_or("", |token| token.lead);
        let short = seen
            .iter()
            .all(|value| value.chars().count() <= LONGEST_VALUE);
        if present * 2 <= total || !short {
            self.out.torn += usize::from(self.tears(from, to));
            return 0;
        }
        self.out.text.push_str(lead);
        let coded = seen
            .iter()
            .any(|value| value.contains(|c: char| c.is_ascii_alphanumeric()));
        let distinct = distinct(&seen);
        if weight(&own) > 0 && (coded || distinct >= 3) && !own.contains(['。', '；', '\n']) {
            self.slot(kind_of(&seen), seen);
        } else {
            // Another wording, not another value: 请 for 麻烦.
            self.out.text.push_str(&escape(&own));
        }
        weight(&own)
    }

    /// Whether leaving a run out joins two halves of clauses: it does not begin the text,
    /// and no mark stands before and at its end.
    fn tears(&self, from: usize, to: usize) -> bool {
        let ends = |at: usize| {
            let token = self.basis.get(at);
            token.is_some_and(|token| {
                token.kind.is_some() || token.text.chars().all(|c| !c.is_alphanumeric())
            })
        };
        let next_line = self
            .basis
            .get(to)
            .is_some_and(|token| token.lead.contains('\n'));
        from > 0
            && !(ends(from - 1)
                && (to >= self.basis.len() || ends(to - 1) || ends(to) || next_line))
    }

    /// What another copy has in place of a run of the basis.
    fn counterpart(&self, at: usize, other: &[Token<'_>], from: usize, to: usize) -> String {
        let Some(alignment) = self.alignments.get(at) else {
            return String::new();
        };
        let start = match from.checked_sub(1) {
            None => Some(0),
            Some(left) => alignment.get(left).copied().flatten().map(|i| i + 1),
        };
        let end = if to >= self.basis.len() {
            Some(other.len())
        } else {
            alignment.get(to).copied().flatten()
        };
        match (start, end) {
            (Some(start), Some(end)) if start <= end => self.text_of(other, start, end),
            (None | Some(_), None | Some(_)) => String::new(),
        }
    }

    fn text_of(&self, tokens: &[Token<'_>], from: usize, to: usize) -> String {
        let mut text = String::new();
        for (at, token) in tokens.get(from..to).unwrap_or_default().iter().enumerate() {
            if at > 0 {
                text.push_str(token.lead);
            }
            text.push_str(token.text);
        }
        text
    }

    /// Writes a blank, the same one where the same values stand again.
    fn slot(&mut self, kind: ValueKind, seen: Vec<String>) {
        // A backslash right before the braces would make them literal.
        if self.out.text.ends_with('\\') {
            self.out.text.push(' ');
        }
        if let Some(name) = self.names.get(&(kind, seen.clone())) {
            self.out.text.push_str(&written(name));
            return;
        }
        let known = self
            .out
            .slots
            .iter()
            .filter(|slot| slot.kind == kind)
            .count();
        let name = match known {
            0 => kind.slot_name().to_owned(),
            n => format!("{}{}", kind.slot_name(), n + 1),
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
        self.names.insert((kind, seen), name);
    }
}

fn distinct(values: &[String]) -> usize {
    let mut known: Vec<&String> = values.iter().filter(|value| !value.is_empty()).collect();
    known.sort();
    known.dedup();
    known.len()
}

/// The kind that all values have; a text where they differ.
fn kind_of(values: &[String]) -> ValueKind {
    let mut kinds = values
        .iter()
        .filter(|value| !value.is_empty())
        .map(|value| ValueKind::of_value(value));
    let first = kinds.next().unwrap_or(ValueKind::Text);
    if kinds.all(|kind| kind == first) && first != ValueKind::Mark {
        first
    } else {
        ValueKind::Text
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::text::template::Template;

    fn ticket(n: u8) -> TicketId {
        TicketId::from_hash(&[n.wrapping_mul(41); 32])
    }

    fn of(bodies: &[&str]) -> Skeleton {
        let copies: Vec<Exemplar<'_>> = bodies
            .iter()
            .enumerate()
            .map(|(n, body)| Exemplar {
                ticket: ticket(n as u8),
                body,
                tickets: 1,
            })
            .collect();
        skeleton(&copies, &Vendor::default())
    }

    #[test]
    fn differing_values_become_slots_with_their_origin() {
        let skeleton = of(&[
            "请把域名a.shop.example解析到控制台给的地址，再为a.shop.example申请证书",
            "请把域名b.other.example解析到控制台给的地址，再为b.other.example申请证书",
        ]);
        assert_eq!(
            skeleton.text,
            "请把域名{{域名}}解析到控制台给的地址，再为{{域名}}申请证书"
        );
        assert_eq!(skeleton.slots.len(), 1);
        assert_eq!(
            skeleton.slots[0].values,
            [
                ("a.shop.example".to_owned(), ticket(0)),
                ("b.other.example".to_owned(), ticket(1))
            ]
        );
    }

    #[test]
    fn a_customers_value_is_a_slot_even_when_two_copies_share_it() {
        let skeleton = of(&[
            "域名a.shop.example已找回，请重新添加",
            "域名a.shop.example已找回，请重新添加",
        ]);
        assert_eq!(skeleton.text, "域名{{域名}}已找回，请重新添加");
    }

    #[test]
    fn what_only_one_copy_says_is_left_out() {
        let common = "在域名管理中点击配置，开启免费证书并确认，一小时内完成签发与部署";
        let skeleton = of(&[
            common,
            &format!("您上次问的到期提醒已经另外说明过。{common}"),
            common,
        ]);
        assert_eq!(skeleton.text, common);
    }

    #[test]
    fn another_wording_is_no_slot() {
        let skeleton = of(&[
            "请在控制台的安全设置里重新绑定手机号码，绑定后立即生效",
            "麻烦在控制台的安全设置里重新绑定手机号码，绑定后立即生效",
        ]);
        assert!(skeleton.slots.is_empty(), "{}", skeleton.text);
    }

    proptest! {
        #[test]
        fn a_skeleton_filled_with_a_copys_values_is_that_copy(
            body in "([证书域名。，]{1,4}|a\\.shop\\.test|b\\.shop\\.test|13812345678|\\{\\{|\\}\\}|[a-z]{1,3}| |\\n){0,12}",
            other in "(c|d)\\.shop\\.test",
        ) {
            let second = body.replace("a.shop.test", &other);
            let skeleton = of(&[&body, &second]);
            let values = skeleton
                .slots
                .iter()
                .filter_map(|slot| Some((slot.name.clone(), slot.values.first()?.0.clone())))
                .collect();
            let filled = Template::parse(&skeleton.text, &[]).fill(&values);
            prop_assert_eq!(filled.text, body.trim_end());
            prop_assert!(filled.unfilled.is_empty());
        }
    }
}
