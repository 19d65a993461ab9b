//! What something costs: time of the clock, time of the processors, memory.

use std::time::Instant;

use crate::table;

/// Ticks of the kernel's clock a second, as `/proc` counts them.
const TICKS: f64 = 100.0;

/// Time that passes.
pub struct Clock {
    since: Instant,
    used: f64,
}

/// Time that passed, and what all processors spent on this process meanwhile, in seconds.
#[derive(Clone, Copy)]
pub struct Spent {
    pub clock: f64,
    pub processors: f64,
}

impl Clock {
    pub fn start() -> Self {
        Self {
            since: Instant::now(),
            used: processors(),
        }
    }

    pub fn stop(&self) -> Spent {
        Spent {
            clock: self.since.elapsed().as_secs_f64(),
            processors: processors() - self.used,
        }
    }
}

/// Seconds of processor time of this process.
fn processors() -> f64 {
    processors_of("self")
}

/// Seconds of processor time of a process.
pub fn processors_of(process: impl std::fmt::Display) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    // The name in parentheses may hold blanks; the numbers stand behind it.
    let numbers = stat.rsplit(')').next().unwrap_or_default();
    let ticks: f64 = numbers
        .split_whitespace()
        .skip(11)
        .take(2)
        .filter_map(|n| n.parse::<f64>().ok())
        .sum();
    ticks / TICKS
}

/// A line of `/proc/self/status` in MB: `RssAnon` = memory of its own now, `VmHWM` = the most it
/// ever had, mapped files included.
pub fn memory(line: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let found = status.lines().find_map(|l| l.strip_prefix(line));
    let kilobytes = found.and_then(|l| l.split_whitespace().next()?.parse::<u64>().ok());
    kilobytes.unwrap_or(0) / 1_000
}

/// Asks every query once and prints how long answers took; the first 20 are asked before to warm
/// up. `GONGDAN_BENCH_SLOW=1` names the slowest.
pub fn measure(name: &str, queries: &[String], mut ask: impl FnMut(&str)) {
    for query in queries.iter().take(20) {
        ask(query);
    }
    let times = queries
        .iter()
        .map(|query| {
            let start = Instant::now();
            ask(query);
            (start.elapsed(), query.as_str())
        })
        .collect();
    table::print(name, times);
}
