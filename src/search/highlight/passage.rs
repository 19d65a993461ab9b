//! The best passage of a text on one line.

use std::collections::HashMap;

use super::ranges::{Ranges, merged};

/// Characters before the first match that a snippet shows.
const LEAD: usize = 8;

/// Marks of a text among which the best passage is sought.
const WINDOWS: usize = 64;

/// Where the stretch of a text with the most different matches begins, and how many it has.
pub fn window(line: &str, marks: &Ranges, width: usize) -> (usize, usize) {
    let chars: Vec<char> = line.chars().collect();
    let mut known: HashMap<&[char], usize> = HashMap::new();
    let words: Vec<usize> = marks
        .iter()
        .map(|(start, end)| {
            let number = known.len();
            let word = chars.get(*start..*end).unwrap_or_default();
            *known.entry(word).or_insert(number)
        })
        .collect();
    let mut best = (0, 0);
    // In which window a word was met last: the one that counts it.
    let mut met = vec![usize::MAX; known.len()];
    for (first, (from, _)) in marks.iter().enumerate().take(WINDOWS) {
        let mut marked = 0;
        for ((start, end), word) in marks.iter().zip(&words).skip(first) {
            if end.saturating_sub(*from) + LEAD > width {
                break;
            }
            if let Some(met) = met.get_mut(*word)
                && *met != first
            {
                *met = first;
                marked += 10 * (end - start);
            }
            marked += 1;
        }
        if marked > best.1 {
            best = (*from, marked);
        }
    }
    best
}

/// A stretch of a line with the ranges in it, blanks of several made one.
pub fn cut(line: &str, marks: &Ranges, start: usize, width: usize) -> (String, Ranges) {
    let total = line.chars().count();
    let from = start.saturating_sub(LEAD).min(total.saturating_sub(width));
    let mut passage = String::new();
    let mut count = 0;
    let mut place = Vec::with_capacity(total.min(from + width) - from + 1);
    if from > 0 {
        passage.push('…');
        count += 1;
    }
    let mut blank = true;
    let mut taken = from;
    for c in line.chars().skip(from) {
        if count >= width {
            break;
        }
        place.push(count);
        taken += 1;
        if c == ' ' && blank {
            continue;
        }
        blank = c == ' ';
        passage.push(c);
        count += 1;
    }
    place.push(count);
    if taken < total {
        passage.push('…');
    }
    let ranges = marks
        .iter()
        .filter(|(a, b)| *b > from && *a < taken)
        .filter_map(|(a, b)| {
            let a = place.get(a.max(&from) - from)?;
            let b = place.get(b.min(&taken) - from)?;
            (a < b).then_some((*a, *b))
        })
        .collect();
    (passage, merged(ranges))
}
