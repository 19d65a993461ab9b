//! How fast and how well standard replies are found, on tickets made by rule.
//!
//! `cargo bench --bench insight`; `GONGDAN_BENCH_TICKETS=1000000` sets the size (5,000 and 50,000
//! else). Prints the time of mining, of one more ticket, of a suggestion and of a message's
//! answer, the memory, and of what is offered: how much of it is a standard reply, how many of
//! the standard replies are there, and how many holding replies were taken for answers.
//!
//! Times are those of the clock: on a busy machine they measure its load.

#![allow(
    clippy::expect_used,
    clippy::print_stdout,
    clippy::string_slice,
    dead_code,
    reason = "a bench prints its figures and fails by panicking; the generator is shared"
)]

mod corpus;
mod family;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::{BufReader, BufWriter, Seek, Write};
use std::time::Instant;

use family::{Family, Truth};
use gongdan::insight::{Case, Insight, MinedReply, Pairs};
use gongdan::model::{CauseId, TicketId};

/// A ticket's turns are made again when they are asked for, as a store reads them.
struct Shop<'a> {
    family: &'a Family,
    numbers: HashMap<TicketId, u32>,
}

impl Shop<'_> {
    fn turn(&self, id: TicketId, turn: usize) -> Option<String> {
        let made = self.family.ticket(*self.numbers.get(&id)?);
        made.ticket
            .dialogue
            .into_iter()
            .nth(turn)
            .map(|turn| turn.text)
    }

    fn truth(&self, id: TicketId, turn: usize) -> Option<Truth> {
        self.family
            .ticket(*self.numbers.get(&id)?)
            .truth
            .get(turn)
            .copied()
    }
}

fn main() {
    let wanted = std::env::var("GONGDAN_BENCH_TICKETS").ok();
    let sizes: Vec<u32> = match wanted.and_then(|text| text.parse().ok()) {
        Some(size) => vec![size],
        None => vec![5_000, 50_000],
    };
    for size in sizes {
        run(size);
    }
}

fn add(insight: &mut Insight, shop: &mut Shop<'_>, number: u32) -> TicketId {
    let made = shop.family.ticket(number);
    shop.numbers.insert(made.id, number);
    let category = made.ticket.category.as_ref();
    let causes: Vec<CauseId> = category
        .filter(|_| number.is_multiple_of(3))
        .map(|category| cause(&category.issue_type))
        .into_iter()
        .collect();
    insight.add(&Case {
        id: made.id,
        ticket: &made.ticket,
        category,
        causes: &causes,
        confirmed: false,
        outdated: false,
        order: u64::from(number),
    });
    made.id
}

fn cause(name: &str) -> CauseId {
    CauseId::from_hash(blake3::hash(name.as_bytes()).as_bytes())
}

/// The issue types serve as causes: every third ticket is given its own.
fn vocabulary(family: &Family) -> Vec<(CauseId, Vec<String>)> {
    let categories = (0..5_000).filter_map(|number| family.ticket(number).ticket.category);
    let names: BTreeSet<String> = categories.map(|category| category.issue_type).collect();
    names
        .into_iter()
        .map(|name| (cause(&name), vec![format!("{name}配置不当")]))
        .collect()
}

fn run(size: u32) {
    let family = Family::new(usize::MAX);
    let mut shop = Shop {
        family: &family,
        numbers: HashMap::new(),
    };
    let mut insight = Insight::new(std::sync::Arc::new(Pairs));
    insight.set_vocabulary(&vocabulary(&family));
    // The bench's own list of tickets is not insight's.
    shop.numbers.reserve(size as usize + 20);
    shop.numbers
        .extend((0..size).map(|number| (family.ticket(number).id, number)));
    let before = memory("VmRSS:");
    let begun = Instant::now();
    for number in 0..size {
        add(&mut insight, &mut shop, number);
    }
    let taken = begun.elapsed();
    insight.finish(&|id, turn| shop.turn(id, turn));
    println!(
        "\n{size} tickets: mined in {:.2?} ({:.2?} of it taking them in), {} MB, at most {} MB",
        begun.elapsed(),
        taken,
        memory("VmRSS:").saturating_sub(before) >> 20,
        memory("VmHWM:").saturating_sub(before) >> 20
    );
    let mut more = Vec::new();
    for number in size..size + 20 {
        let begun = Instant::now();
        add(&mut insight, &mut shop, number);
        insight.finish(&|id, turn| shop.turn(id, turn));
        more.push(begun.elapsed());
    }
    more.sort();
    println!("one more: {:.2?}, worst {:.2?}", more[10], more[19]);
    let mut answers = Vec::new();
    for number in 0..50 {
        let made = family.ticket(size + 100 + number);
        let begun = Instant::now();
        let advice = insight.answer(&made.ticket.question, &[], &|reply| reply.offered);
        answers.push((begun.elapsed(), advice.replies.len()));
    }
    answers.sort();
    println!(
        "a message answered from memory: {:.2?}, worst {:.2?}",
        answers[25].0, answers[49].0
    );
    let ids: Vec<TicketId> = shop.numbers.keys().copied().take(50).collect();
    let mut suggested = Vec::new();
    for id in ids {
        let made = family.ticket(shop.numbers[&id]);
        let begun = Instant::now();
        let causes = insight.suggest(id, &made.ticket, &[]);
        suggested.push((begun.elapsed(), causes.len()));
    }
    suggested.sort();
    println!(
        "causes suggested for a ticket: {:.2?}, worst {:.2?}",
        suggested[suggested.len() / 2].0,
        suggested[suggested.len() - 1].0
    );
    let begun = Instant::now();
    let suspects = insight.suspects().len();
    println!("suspects: {suspects} named in {:.2?}", begun.elapsed());
    quality(&insight, &shop, size);
    kept(insight, before);
}

/// Writes what was found to a file and reads it back, as a process that ends and the next do.
fn kept(insight: Insight, before: usize) {
    let mut file = tempfile::tempfile().expect("a scratch file");
    let begun = Instant::now();
    let mut to = BufWriter::new(&file);
    insight.write(&mut to).expect("written");
    to.flush().expect("written");
    drop(to);
    let (written, tickets) = (begun.elapsed(), insight.len());
    drop(insight);
    file.rewind().expect("a file");
    let size = file.metadata().expect("a file").len();
    let begun = Instant::now();
    let again = Insight::read(std::sync::Arc::new(Pairs), BufReader::new(file)).expect("read");
    assert_eq!(again.len(), tickets);
    println!(
        "kept in {} MB: written in {written:.2?}, read in {:.2?}; memory at most {} MB",
        size >> 20,
        begun.elapsed(),
        memory("VmHWM:").saturating_sub(before) >> 20
    );
}

fn quality(insight: &Insight, shop: &Shop<'_>, size: u32) {
    let mut tickets: BTreeMap<usize, usize> = BTreeMap::new();
    for number in 0..size.min(50_000) {
        for truth in shop.family.ticket(number).truth {
            if let Truth::Standard(at) = truth {
                *tickets.entry(at).or_default() += 1;
            }
        }
    }
    let repeated: BTreeSet<usize> = tickets
        .iter()
        .filter(|(_, n)| **n > 1)
        .map(|(at, _)| *at)
        .collect();
    let mut found: BTreeMap<usize, usize> = BTreeMap::new();
    let (mut right, mut offered, mut personal) = (0, 0, 0);
    let show = std::env::var_os("GONGDAN_BENCH_WRONG").is_some();
    for reply in insight
        .replies()
        .all()
        .into_iter()
        .filter(|reply| reply.offered)
    {
        offered += 1;
        personal += usize::from(names_somebody(reply));
        match of(reply, shop) {
            Some(Truth::Standard(at)) => {
                right += 1;
                *found.entry(at).or_default() += 1;
            }
            other if show => {
                println!("WRONG {other:?} {} {}", reply.tickets, reply.text);
                for (id, turn) in reply.evidence.iter().take(12) {
                    let text = shop.turn(*id, *turn).unwrap_or_default();
                    println!("  OF {:?} {text}", shop.truth(*id, *turn));
                }
            }
            _ => {}
        }
        if show && names_somebody(reply) {
            println!("PERSONAL {} {}", reply.tickets, reply.text);
        }
    }
    let missing: Vec<usize> = repeated
        .iter()
        .copied()
        .filter(|at| !found.contains_key(at))
        .collect();
    println!(
        "offered {offered}, of them standard replies {right} ({:.1} %), with somebody's values {personal}",
        100.0 * right as f64 / offered.max(1) as f64
    );
    println!(
        "standard replies that repeat {}, found {} ({:.1} %), in {:.2} pieces each",
        repeated.len(),
        repeated.len() - missing.len(),
        100.0 * (repeated.len() - missing.len()) as f64 / repeated.len().max(1) as f64,
        right as f64 / found.len().max(1) as f64
    );
    if show {
        for at in &missing {
            println!("MISSING {at} in {:?} tickets", tickets.get(at));
        }
        for (at, n) in found.iter().filter(|(_, n)| **n > 1) {
            println!("PIECES {at} {n}");
        }
    }
    println!("turns by class: {:?}", insight.replies().counts());
}

/// What a mined reply is a copy of, when nine in ten of its turns are.
fn of(reply: &MinedReply, shop: &Shop<'_>) -> Option<Truth> {
    let mut counts: BTreeMap<Truth, usize> = BTreeMap::new();
    for (id, turn) in &reply.evidence {
        if let Some(truth) = shop.truth(*id, *turn) {
            *counts.entry(truth).or_default() += 1;
        }
    }
    let (truth, most) = counts.into_iter().max_by_key(|(_, n)| *n)?;
    (most * 10 >= reply.evidence.len() * 9).then_some(truth)
}

/// Whether a text has a value that only one customer has.
fn names_somebody(reply: &MinedReply) -> bool {
    let vendors = |c: char| !c.is_ascii_alphanumeric() && c != '.' && c != '-' && c != '@';
    reply.text.split(vendors).any(|word| {
        let digits = word.bytes().filter(u8::is_ascii_digit).count();
        digits >= 6 || word.contains('@') || (digits >= 3 && word.contains('.'))
    })
}

/// Bytes of memory in use (`VmRSS:`), or at most until now (`VmHWM:`).
fn memory(what: &str) -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with(what));
    let kilo = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<usize>().ok());
    kilo.unwrap_or_default() << 10
}
