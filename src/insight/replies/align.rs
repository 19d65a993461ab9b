//! Two copies of a reply laid over each other, piece by piece.

use crate::insight::normal::capped;
use crate::insight::pattern::is_han;
use crate::insight::value::{ValueKind, values};

/// Cells of the table that aligns two copies; beyond it only beginning and end are aligned.
const MOST_CELLS: usize = 4_000_000;

/// A piece of a text that is compared as a whole.
pub(super) struct Token<'a> {
    /// White space before it.
    pub(super) lead: &'a str,
    /// The piece.
    pub(super) text: &'a str,
    /// What it is, of a value.
    pub(super) kind: Option<ValueKind>,
}

impl Token<'_> {
    fn matches(&self, other: &Self) -> bool {
        match (self.kind, other.kind) {
            (Some(a), Some(b)) => a == b,
            (None, None) => self.text == other.text,
            (Some(_), None) | (None, Some(_)) => false,
        }
    }
}

/// For each token of the basis, which token of another copy it is.
pub(super) type Alignment = Vec<Option<usize>>;

/// Takes a text apart: values whole, ideographs and marks one by one, other runs whole.
pub(super) fn tokenise(text: &str) -> Vec<Token<'_>> {
    let text = capped(text);
    let values = values(text);
    let mut values = values.iter().peekable();
    let mut out = Vec::new();
    let (mut at, mut lead) = (0, 0);
    while let Some(c) = crate::insight::pattern::after(text, at).chars().next() {
        let (end, kind) = match values.next_if(|value| value.range.start <= at) {
            Some(value) => (value.range.end.max(at + c.len_utf8()), Some(value.kind)),
            None if c.is_whitespace() => {
                at += c.len_utf8();
                continue;
            }
            None => (
                run_end(
                    text,
                    at,
                    c,
                    values.peek().map_or(text.len(), |v| v.range.start),
                ),
                None,
            ),
        };
        out.push(Token {
            lead: text.get(lead..at).unwrap_or_default(),
            text: text.get(at..end).unwrap_or_default(),
            kind,
        });
        at = end;
        lead = end;
    }
    out
}

fn run_end(text: &str, at: usize, c: char, limit: usize) -> usize {
    if c == '{' {
        // Braces stay together, so that they are escaped together.
        let rest = text.get(at..limit).unwrap_or_default();
        return at + rest.len() - rest.trim_start_matches('{').len();
    }
    if is_han(c) || !c.is_ascii_alphanumeric() {
        return at + c.len_utf8();
    }
    let rest = text.get(at..limit).unwrap_or_default();
    at + rest.len()
        - rest
            .trim_start_matches(|c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
            .len()
}

/// Aligns a copy with the basis by their longest common subsequence; single characters that
/// agree by chance within different text are taken apart again.
pub(super) fn align(basis: &[Token<'_>], other: &[Token<'_>]) -> Alignment {
    let mut out: Alignment = vec![None; basis.len()];
    let head = basis
        .iter()
        .zip(other)
        .take_while(|(a, b)| a.matches(b))
        .count();
    let tail = basis
        .iter()
        .skip(head)
        .rev()
        .zip(other.iter().skip(head).rev())
        .take_while(|(a, b)| a.matches(b))
        .count();
    for (at, slot) in out.iter_mut().enumerate() {
        if at < head {
            *slot = Some(at);
        } else if at >= basis.len() - tail {
            *slot = Some(at + other.len() - basis.len());
        }
    }
    let (a, b) = (
        &basis[head..basis.len() - tail],
        &other[head..other.len() - tail],
    );
    if !a.is_empty() && !b.is_empty() && a.len() * b.len() <= MOST_CELLS {
        middle(a, b, head, &mut out);
    }
    drop_chance(basis, &mut out);
    out
}

fn middle(a: &[Token<'_>], b: &[Token<'_>], offset: usize, out: &mut Alignment) {
    let width = b.len() + 1;
    let mut lengths = vec![0u16; (a.len() + 1) * width];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            lengths[i * width + j] = if a[i].matches(&b[j]) {
                lengths[(i + 1) * width + j + 1] + 1
            } else {
                lengths[(i + 1) * width + j].max(lengths[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    while i < a.len() && j < b.len() {
        if a[i].matches(&b[j]) {
            out[offset + i] = Some(offset + j);
            i += 1;
            j += 1;
        } else if lengths[(i + 1) * width + j] >= lengths[i * width + j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
}

/// Takes apart short runs that agree by chance between long differences.
fn drop_chance(basis: &[Token<'_>], out: &mut Alignment) {
    let runs = runs(out);
    for (at, run) in runs.iter().enumerate() {
        let left = match at.checked_sub(1).and_then(|before| runs.get(before)) {
            Some(before) => run.start - before.end + run.other - (before.other + before.len()),
            None => run.start + run.other,
        };
        let right = match runs.get(at + 1) {
            Some(next) => next.start - run.end + next.other - (run.other + run.len()),
            None => basis.len() - run.end,
        };
        let value = basis[run.start..run.end]
            .iter()
            .any(|token| token.kind.is_some());
        let long = run.len() >= 3 && run.len() * 4 >= left + right;
        if left > 0 && right > 0 && !value && !long {
            out[run.start..run.end].fill(None);
        }
    }
}

/// Tokens of the basis that stand in the other copy in one piece.
struct Run {
    start: usize,
    end: usize,
    /// Where it begins in the other copy.
    other: usize,
}

impl Run {
    fn len(&self) -> usize {
        self.end - self.start
    }
}

fn runs(alignment: &Alignment) -> Vec<Run> {
    let mut out: Vec<Run> = Vec::new();
    for (at, other) in alignment.iter().enumerate() {
        let Some(other) = *other else { continue };
        match out.last_mut() {
            Some(run) if run.end == at && run.other + run.len() == other => run.end += 1,
            Some(_) | None => out.push(Run {
                start: at,
                end: at + 1,
                other,
            }),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn aligned_pieces_match_and_keep_their_order(a in "[证书域名ab1， ]{0,30}", b in "[证书域名ab1， ]{0,30}") {
            let (left, right) = (tokenise(&a), tokenise(&b));
            let pairs: Vec<(usize, usize)> = align(&left, &right)
                .into_iter()
                .enumerate()
                .filter_map(|(at, other)| Some((at, other?)))
                .collect();
            for (at, other) in &pairs {
                prop_assert!(left[*at].matches(&right[*other]));
            }
            prop_assert!(pairs.windows(2).all(|pair| pair[0].1 < pair[1].1));
        }

        #[test]
        fn pieces_joined_are_the_text(text in "[证书a1， \\n]{0,30}") {
            let joined: String = tokenise(&text).iter().map(|t| format!("{}{}", t.lead, t.text)).collect();
            prop_assert_eq!(joined, text.trim_end());
        }
    }
}
