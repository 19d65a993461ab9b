//! Marked stretches of a text.

/// Ranges in characters, end exclusive.
pub type Ranges = Vec<(usize, usize)>;

/// Ranges in order, those that touch made one.
pub fn merged(mut ranges: Ranges) -> Ranges {
    ranges.sort_unstable();
    let mut out: Ranges = Vec::new();
    for (from, to) in ranges {
        match out.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(to),
            _ => out.push((from, to)),
        }
    }
    out
}
