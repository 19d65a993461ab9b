//! Moments as people and scripts read them.

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// A moment of a log, in local time to the minute.
pub fn short(at: Timestamp) -> String {
    at.to_zoned(TimeZone::system())
        .strftime("%Y-%m-%d %H:%M")
        .to_string()
}

/// An RFC 3339 moment with the local offset; `None` when the text is no moment.
pub fn localised(text: &str) -> Option<String> {
    let at: Timestamp = text.parse().ok()?;
    let zoned = at.to_zoned(TimeZone::system());
    Some(zoned.strftime("%Y-%m-%dT%H:%M:%S%.f%:z").to_string())
}

/// A moment as part of a file name.
pub fn compact(at: Timestamp) -> String {
    at.to_zoned(TimeZone::system())
        .strftime("%Y%m%dT%H%M%S%.3f")
        .to_string()
        .replace('.', "-")
}
