//! Names of root causes and their groups, as agents type them.

use super::errors::bad_cause;
use crate::api::{BadCause, DeskError};
use crate::model::{CauseStatus, is_placeholder};
use crate::store::Vocabulary;

/// Names offered in the place of an unknown one.
const NEAREST: usize = 3;

/// Characters of a cause's or a group's name at most.
const LONGEST_NAME: usize = 100;

/// A name that a cause can have: one line, not too long, and more than 需要具体分析.
pub(super) fn cause_name(text: &str) -> Result<String, DeskError> {
    let name = group_name(text)?;
    if name.is_empty() {
        return Err(bad_cause(&name, BadCause::Empty));
    }
    if is_placeholder(&name) {
        return Err(bad_cause(&name, BadCause::Placeholder));
    }
    Ok(name)
}

/// A name that a group of causes can have; empty = none.
pub(super) fn group_name(text: &str) -> Result<String, DeskError> {
    let name = crate::text::sanitize::one_line(text).trim().to_owned();
    if name.chars().nth(LONGEST_NAME).is_some() {
        let head: String = name.chars().take(LONGEST_NAME / 5).collect();
        let name = format!("{head}…");
        return Err(bad_cause(&name, BadCause::TooLong));
    }
    Ok(name)
}

/// An unknown cause with the nearest names of the vocabulary.
pub(super) fn unknown_cause(vocabulary: &Vocabulary, name: &str) -> DeskError {
    let mut near: Vec<(f64, &str)> = vocabulary
        .entries()
        .filter(|cause| cause.status == CauseStatus::Active)
        .map(|cause| (likeness(name, &cause.name), cause.name.as_str()))
        .collect();
    near.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    let nearest = near.into_iter().take(NEAREST);
    DeskError::UnknownCause {
        name: name.to_owned(),
        candidates: nearest.map(|(_, name)| name.to_owned()).collect(),
    }
}

/// How alike two names are, 0 to 1: shared pairs of characters, or a typing slip.
fn likeness(a: &str, b: &str) -> f64 {
    let (a, b) = (a.to_lowercase(), b.to_lowercase());
    let contained = if b.contains(&a) || a.contains(&b) {
        0.5
    } else {
        0.0
    };
    strsim::sorensen_dice(&a, &b)
        .max(strsim::normalized_levenshtein(&a, &b))
        .max(contained)
}
