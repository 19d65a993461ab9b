//! How things look and are called: language, colours, glyphs, time zone.

use super::theme::{Glyphs, Theme};
use crate::words::Lang;

/// How things look and are called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// The language of the interface.
    pub lang: Lang,
    /// Colours.
    pub theme: Theme,
    /// What frames are drawn with.
    pub glyphs: Glyphs,
    /// Where the agent is, for the times of day.
    pub zone: jiff::tz::TimeZone,
}
