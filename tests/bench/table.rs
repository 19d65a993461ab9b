//! Times as lines of a table: how many there are, the middle, the 99th of a hundred, the worst.

use std::time::Duration;

/// Prints the heading of [`print`]'s lines.
pub fn heading(name: &str) {
    println!(
        "\n{name:<34} {:>5} {:>8} {:>8} {:>8}",
        "n", "p50 ms", "p99 ms", "worst"
    );
}

/// Prints times with what they were spent on.
pub fn print(name: &str, mut times: Vec<(Duration, &str)>) {
    times.sort();
    let at = |share: f64| {
        let nth = ((times.len().max(1) - 1) as f64 * share) as usize;
        times.get(nth).map_or(0.0, |t| t.0.as_secs_f64()) * 1e3
    };
    println!(
        "{name:<34} {:>5} {:>8.2} {:>8.2} {:>8.2}",
        times.len(),
        at(0.5),
        at(0.99),
        at(1.0)
    );
    if std::env::var_os("GONGDAN_BENCH_SLOW").is_some() {
        for (time, query) in times.iter().rev().take(10) {
            let query: String = query.chars().take(30).collect();
            println!("    {:>8.2} {query:?}", time.as_secs_f64() * 1e3);
        }
    }
}
