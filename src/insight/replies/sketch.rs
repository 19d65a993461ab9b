//! What a reply says, clause by clause, in little memory: enough to tell whether two texts are
//! copies of one reply or only have sentences in common.

use serde::{Deserialize, Serialize};

use crate::insight::heal::broken_links;
use crate::insight::normal::{capped, parts, substance};
use crate::insight::pattern::{after, hash_text, mix, patterns, weight};
use crate::insight::value::{ValueKind, values};

/// Ends a clause.
const END: u16 = 0;
/// Ends a clause that denies something.
const DENIES: u16 = 1;
/// Comes before the two halves of an address's hash.
const ADDRESS: u16 = 2;
/// Stands in a text that lost a link, and what followed it.
const BROKEN: u16 = 3;
/// The first number of a pair.
const FIRST_PAIR: u16 = 4;
/// Pairs of a text that are kept.
const LONGEST: usize = 500;
/// Substance of a clause that is compared.
const SUBSTANCE: usize = 2;
/// Share of a clause's pairs in common below which all of it is the text's own.
const SAID: f32 = 0.5;
/// Pairs in a row that must be common to count.
const RUN: usize = 3;
/// Pairs of a clause that may do no more than name something.
const NAMING: usize = 10;
/// Pairs that an address counts for.
const ADDRESS_WEIGHT: usize = 6;
/// Share of both texts that may be their own where they are copies.
const OWN: f32 = 0.1;
/// Share of the shorter text that may be its own where the longer one holds it.
const OUTSIDE: f32 = 0.1;
/// Pairs that a longer text must have in common with one it holds.
const HELD: usize = 24;

patterns! {
    /// Words that change nothing, and how long something takes: a reply that says three months
    /// where it said a year is the same reply, renewed.
    fillers = r"麻烦|烦请|辛苦|请|您|你|的|了|呢|哦|哈|啦|吧|一下|(?:\d+|[半一二两三四五六七八九十几]+)\s*个?(?:分钟|小时|工作日|天|周|月|年)(?:左右|以内|之内)?";
    /// Marks between clauses, the number of a step among them.
    between = r"[，,。；;！!？?：:\n\r]+|\d{1,2}[、)）.]";
    denial = r"不好意思|不同|(?P<not>[不未没勿非]|无法)";
}

/// A text's clauses as pairs of characters.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Sketch(Box<[u16]>);

impl Sketch {
    /// Draws a reply, greeting and tail set apart.
    pub(super) fn of(text: &str) -> Self {
        let body = capped(parts(text).body);
        let mut out = Vec::new();
        let mut clause = Clause::default();
        let mut from = 0;
        for value in values(body) {
            clause.read(
                body.get(from..value.range.start).unwrap_or_default(),
                &mut out,
            );
            clause.words.push(' ');
            if value.kind == ValueKind::Url {
                let hash = hash_text(body.get(value.range.clone()).unwrap_or_default());
                out.extend([ADDRESS, (hash >> 16) as u16, hash as u16]);
            }
            from = value.range.end;
        }
        clause.read(after(body, from), &mut out);
        clause.end(&mut out);
        if !broken_links(body).is_empty() {
            out.push(BROKEN);
        }
        Self(out.into_boxed_slice())
    }

    /// How like another text this one is; `None` where they are not copies of one reply.
    pub(super) fn likeness(&self, other: &Self) -> Option<Likeness> {
        let (a, b) = (View::of(self), View::of(other));
        let (mine, theirs) = (a.within(&b), b.within(&a));
        let common = mine.common.min(theirs.common);
        let mutual = mine.own() <= OWN && theirs.own() <= OWN;
        let held = common >= HELD && mine.own().min(theirs.own()) <= OUTSIDE;
        if common == 0 || !(mutual || held) || a.contradicts(&b) {
            return None;
        }
        Some(Likeness {
            common: common_share(&mine, &theirs),
            mutual,
        })
    }

    /// Whether one denies what the other says.
    pub(super) fn contradicts(&self, other: &Self) -> bool {
        View::of(self).contradicts(&View::of(other))
    }

    /// Share of what both say that is common, 0 to 1, whatever else they say; 0 where one denies
    /// what the other says.
    pub(super) fn share(&self, other: &Self) -> f32 {
        let (a, b) = (View::of(self), View::of(other));
        if a.contradicts(&b) {
            return 0.0;
        }
        common_share(&a.within(&b), &b.within(&a))
    }
}

fn common_share(mine: &Within, theirs: &Within) -> f32 {
    (mine.common + theirs.common) as f32 / (mine.whole + theirs.whole).max(1) as f32
}

/// How like two texts are that are copies of one reply.
#[derive(Debug, Clone, Copy)]
pub(super) struct Likeness {
    /// Share of both that is common, 0 to 1.
    pub(super) common: f32,
    /// Whether neither says much that the other does not; else one holds the other.
    pub(super) mutual: bool,
}

/// A clause as it is read.
#[derive(Default)]
struct Clause {
    words: String,
}

impl Clause {
    /// Takes text in up to the next value; clauses that end in it are written.
    fn read(&mut self, text: &str, out: &mut Vec<u16>) {
        let mut from = 0;
        for mark in between().find_iter(text) {
            self.words
                .push_str(text.get(from..mark.start()).unwrap_or_default());
            self.end(out);
            from = mark.end();
        }
        self.words.push_str(after(text, from));
    }

    fn end(&mut self, out: &mut Vec<u16>) {
        let words = std::mem::take(&mut self.words);
        if out.len() >= LONGEST || weight(&words) < 2 || substance(&words) < SUBSTANCE {
            return;
        }
        let bare = fillers().replace_all(&words, "").to_lowercase();
        let chars: Vec<char> = bare.chars().collect();
        let pairs = chars
            .windows(2)
            .filter(|pair| pair.iter().all(|c| c.is_alphanumeric()));
        let before = out.len();
        out.extend(pairs.map(|pair| hash_pair(pair[0], pair[1])));
        if out.len() > before {
            let denials = denial().captures_iter(&words);
            let odd = denials.filter(|found| found.name("not").is_some()).count() % 2 == 1;
            out.push(if odd { DENIES } else { END });
        }
    }
}

fn hash_pair(a: char, b: char) -> u16 {
    let hash = mix((u64::from(u32::from(a)) << 32) | u64::from(u32::from(b)));
    ((hash >> 48) as u16).max(FIRST_PAIR)
}

/// A sketch taken apart again.
#[derive(Default)]
struct View<'a> {
    /// Pairs of each clause, and whether it denies.
    clauses: Vec<(&'a [u16], bool)>,
    addresses: Vec<[u16; 2]>,
    broken: bool,
    /// All pairs, sorted.
    pairs: Vec<u16>,
}

/// Pairs of one text beside another.
struct Within {
    /// Of clauses that the other says, too.
    common: usize,
    whole: usize,
}

impl Within {
    /// The share that only this text has.
    fn own(&self) -> f32 {
        1.0 - self.common as f32 / self.whole.max(1) as f32
    }
}

impl<'a> View<'a> {
    fn of(sketch: &'a Sketch) -> Self {
        let mut out = Self::default();
        let mut rest = &*sketch.0;
        while let [first, behind @ ..] = rest {
            match (*first, behind) {
                (BROKEN, _) => {
                    out.broken = true;
                    rest = behind;
                }
                (ADDRESS, [a, b, behind @ ..]) => {
                    out.addresses.push([*a, *b]);
                    rest = behind;
                }
                _ => {
                    let end = rest.iter().position(|pair| *pair <= DENIES);
                    let (clause, behind) = rest.split_at(end.unwrap_or(rest.len()));
                    out.clauses.push((clause, behind.first() == Some(&DENIES)));
                    rest = behind.get(1..).unwrap_or_default();
                }
            }
        }
        out.pairs = out
            .clauses
            .iter()
            .flat_map(|(clause, _)| *clause)
            .copied()
            .collect();
        out.pairs.sort_unstable();
        out
    }

    /// How much of this text the other says, too.
    fn within(&self, other: &View<'_>) -> Within {
        let mut out = Within {
            common: 0,
            whole: 0,
        };
        for (clause, _) in &self.clauses {
            let said = in_runs(clause, |pair| other.pairs.binary_search(&pair).is_ok());
            if said as f32 >= SAID * clause.len() as f32 {
                out.whole += clause.len();
                out.common += said;
            } else if !other
                .clauses
                .iter()
                .any(|(theirs, _)| frames(clause, theirs))
            {
                out.whole += clause.len();
            }
        }
        for address in &self.addresses {
            // A copy that lost links may have lost this one.
            if other.addresses.contains(address) {
                out.whole += ADDRESS_WEIGHT;
                out.common += ADDRESS_WEIGHT;
            } else if !other.broken && !self.broken {
                out.whole += ADDRESS_WEIGHT;
            }
        }
        out
    }

    /// Whether a clause of one denies what the other says in the same words.
    fn contradicts(&self, other: &View<'_>) -> bool {
        self.clauses.iter().any(|(mine, denies)| {
            let differs = |(theirs, denied): &(&[u16], bool)| {
                denied != denies
                    && mine.len().abs_diff(theirs.len()) <= 3
                    && mine.len().min(theirs.len()) >= 4
                    && shared(mine, theirs) * 5 >= mine.len().min(theirs.len()) * 4
            };
            let repeats = |(theirs, denied): &(&[u16], bool)| {
                denied == denies && shared(mine, theirs) * 5 >= mine.len() * 4
            };
            other.clauses.iter().any(differs) && !other.clauses.iter().any(repeats)
        })
    }
}

/// Pairs that are common and stand together: single words of a subject stand in any text on it.
fn in_runs(clause: &[u16], common: impl Fn(u16) -> bool) -> usize {
    let runs = clause.chunk_by(|a, b| common(*a) == common(*b));
    runs.filter(|run| run.len() >= RUN.min(clause.len()))
        .filter(|run| run.first().is_some_and(|pair| common(*pair)))
        .map(<[u16]>::len)
        .sum()
}

/// Whether two short clauses begin or end alike: they differ in a name then, 关于证书 and
/// 关于账单, and neither says for itself what the reply is about.
fn frames(mine: &[u16], theirs: &[u16]) -> bool {
    mine.len().max(theirs.len()) <= NAMING
        && (mine.first() == theirs.first() || mine.last() == theirs.last())
}

/// Pairs of a clause that stand in another.
fn shared(mine: &[u16], theirs: &[u16]) -> usize {
    mine.iter().filter(|pair| theirs.contains(pair)).count()
}
