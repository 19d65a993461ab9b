//! Stand-ins until `ingest` is merged.

/// Sanitise.
pub fn sanitise(text: &str) -> String {
    text.chars()
        .filter(|c| *c == '\n' || *c == '\t' || !c.is_control())
        .collect()
}
