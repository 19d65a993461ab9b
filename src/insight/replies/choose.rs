//! Which copy of a group is offered: a text that an agent sent, the most complete one that has
//! no mark and says little that no other copy says.

use std::cmp::Reverse;
use std::collections::HashSet;

use crate::insight::damage::{damages, ends_short};
use crate::insight::pattern::{hash_text, patterns, weight};
use crate::insight::situation::of_one_matter_only;
use crate::insight::value::values;

/// Share of a clause's pairs, in percent, by which another copy says it, too.
const SAID: usize = 75;
/// A clause is of the reply where more copies than a quarter of the root of their number say it:
/// two of sixty, five of four hundred. So rare additions do not gain as the tickets grow.
const OF_ROOT: usize = 4;
/// A copy without a mark is preferred where it says at least this share, in percent, of the best.
const AS_GOOD: usize = 75;

patterns! {
    /// Marks between clauses.
    between = r"[，,：:]+";
    /// Marks between sentences, the number of a step among them.
    ends = r"[。；;！!？?\n\r]+|\d{1,2}[、)）.]";
}

/// One copy of a reply.
pub(super) struct Copy<'a> {
    pub(super) text: &'a str,
    /// Tickets with a text of this form.
    pub(super) tickets: usize,
}

/// The copy that is offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Choice {
    /// Which.
    pub(super) at: usize,
    /// Share of what it says that other copies say, too, in percent.
    pub(super) shared: usize,
}

/// A copy taken apart.
struct Said {
    clauses: Vec<Clause>,
    pairs: HashSet<u64>,
    tickets: usize,
    marks: usize,
    /// Whether its end is lost: what it lacks says nothing against those that have more.
    short: bool,
}

struct Clause {
    pairs: Vec<u64>,
    weight: usize,
    /// Whether it speaks of one customer's matter: then most copies must say it.
    of_one_matter: bool,
}

/// Chooses among copies, the newest of equals first; `None` = there are none.
pub(super) fn choose(copies: &[Copy<'_>]) -> Option<Choice> {
    let said: Vec<Said> = copies.iter().map(Said::of).collect();
    let whole: usize = said.iter().filter(|s| !s.short).map(|s| s.tickets).sum();
    let needed = whole.isqrt().div_ceil(OF_ROOT).max(2);
    let figures: Vec<(usize, usize, usize)> = (0..said.len())
        .map(|at| figures(&said, at, needed))
        .collect();
    // What only one copy says is somebody's own: it weighs more than what is left out.
    let score = |at: usize| {
        figures
            .get(at)
            .map_or(0, |(shared, own, _)| *shared as i64 * 2 - *own as i64 * 3)
    };
    let best = (0..said.len()).map(score).max()?;
    let good = |at: &usize| {
        let shared = |at: usize| figures.get(at).map_or(0, |f| f.0);
        let most = (0..said.len())
            .filter(|at| score(*at) == best)
            .map(shared)
            .max();
        shared(*at) * 100 >= most.unwrap_or(0) * AS_GOOD
    };
    let clean = |at: &usize| said.get(*at).is_some_and(|s| s.marks == 0 && !s.short);
    let clean_ones: Vec<usize> = (0..said.len()).filter(|at| clean(at) && good(at)).collect();
    let among = if clean_ones.is_empty() {
        (0..said.len()).collect()
    } else {
        clean_ones
    };
    let at = among.into_iter().max_by_key(|at| {
        let marks = said.get(*at).map_or(0, |s| s.marks);
        let tickets = said.get(*at).map_or(0, |s| s.tickets);
        (score(*at), Reverse(marks), tickets, Reverse(*at))
    })?;
    let (shared, own, _) = figures.get(at).copied()?;
    Some(Choice {
        at,
        shared: (shared * 100).checked_div(shared + own).unwrap_or(0),
    })
}

/// What of a copy others say, too, and what is its own.
fn figures(said: &[Said], at: usize, needed: usize) -> (usize, usize, usize) {
    let (mut shared, mut own) = (0, 0);
    let Some(this) = said.get(at) else {
        return (0, 0, 0);
    };
    let all: usize = said.iter().map(|other| other.tickets).sum();
    for clause in &this.clauses {
        let says = |other: &&Said| clause.said_in(&other.pairs);
        let support: usize = said.iter().filter(says).map(|other| other.tickets).sum();
        let of_reply = if clause.of_one_matter {
            support * 2 > all
        } else {
            support >= needed
        };
        if of_reply {
            shared += clause.weight;
        } else {
            own += clause.weight;
        }
    }
    (shared, own, this.clauses.len())
}

impl Said {
    fn of(copy: &Copy<'_>) -> Self {
        let clauses = clauses(copy.text);
        let pairs = clauses.iter().flat_map(|clause| clause.pairs.clone());
        Self {
            pairs: pairs.collect(),
            clauses,
            tickets: copy.tickets,
            marks: damages(copy.text).len(),
            short: ends_short(copy.text),
        }
    }
}

impl Clause {
    fn said_in(&self, pairs: &HashSet<u64>) -> bool {
        let common = self.pairs.iter().filter(|pair| pairs.contains(pair));
        common.count() * 100 >= self.pairs.len() * SAID
    }
}

/// The clauses of a text, values left out: they differ from customer to customer.
fn clauses(text: &str) -> Vec<Clause> {
    let text = crate::insight::normal::capped(text);
    let mut bare = String::with_capacity(text.len());
    let mut from = 0;
    for value in values(text) {
        bare.push_str(text.get(from..value.range.start).unwrap_or_default());
        bare.push('\u{e000}');
        from = value.range.end;
    }
    bare.push_str(text.get(from..).unwrap_or_default());
    let mut clauses = Vec::new();
    for sentence in ends().split(&bare) {
        // What leads to what was done for one customer, and what follows from it, is theirs, too:
        // 验证一直没有通过，已为您取消任务，请换一种方式.
        let of_one_matter = between().split(sentence).any(of_one_matter_only);
        clauses.extend(between().split(sentence).map(|clause| Clause {
            pairs: pairs(clause),
            weight: weight(clause),
            of_one_matter,
        }));
    }
    clauses.retain(|clause| !clause.pairs.is_empty());
    clauses
}

fn pairs(clause: &str) -> Vec<u64> {
    let chars: Vec<char> = clause
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect();
    chars
        .windows(2)
        .map(|pair| hash_text(&pair.iter().collect::<String>()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen<'a>(copies: &[(&'a str, usize)]) -> &'a str {
        let held: Vec<Copy<'_>> = copies
            .iter()
            .map(|(text, tickets)| Copy {
                text,
                tickets: *tickets,
            })
            .collect();
        copies[choose(&held).unwrap().at].0
    }

    const SHORT: &str = "重置口令的步骤如下：1、打开登录页；2、点击忘记口令；3、按提示收取验证码";
    const FULL: &str = "重置口令的步骤如下：1、打开登录页；2、点击忘记口令；3、按提示收取验证码；4、重启主机后新口令生效。";

    #[test]
    fn the_fullest_copy_that_two_tickets_have_is_chosen() {
        assert_eq!(chosen(&[(SHORT, 9), (FULL, 2)]), FULL);
    }

    #[test]
    fn what_only_one_customer_was_told_is_not() {
        let own = format!("{FULL}您上次问的发票已经在昨天寄出，请注意查收快递。");
        assert_eq!(chosen(&[(SHORT, 3), (FULL, 3), (&own, 1)]), FULL);
    }

    #[test]
    fn what_leads_to_one_customers_matter_is_not_of_the_reply() {
        let led = format!("登录记录一直校验不过，口令已为您清空，辛苦您{FULL}");
        assert_eq!(chosen(&[(SHORT, 5), (FULL, 4), (&led, 2)]), FULL);
    }

    #[test]
    fn a_copy_without_a_mark_goes_before_one_with_it() {
        let masked =
            "打开https://console.cloud.test/[REDACTED_PATH] 后在左侧找到告警，新增一条规则并保存";
        let plain = "打开https://console.cloud.test/alarm 后在左侧找到告警，新增一条规则并保存";
        assert_eq!(chosen(&[(masked, 8), (plain, 1)]), plain);
        // A stub says too little to take its place.
        assert_eq!(chosen(&[(masked, 8), ("打开控制台", 2)]), masked);
    }
}
