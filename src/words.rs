//! The interface's words in Chinese and English.
//!
//! Whatever a person reads on a screen or from a command is here, in both languages side by
//! side; one that lacks a language does not compile. [`Word`] holds what never changes, [`Msg`]
//! sentences with values, [`error`] and [`warning`] what the desk and the import report by code,
//! [`names`] what JSON calls by short English names.
//!
//! It is not the documentation of actions: that stands in the action table of `keymap`.
//!
//! # Files
//!
//! Each may use those on the lines above its own.
//!
//! ```text
//! faults guide message names refusals system word
//! reasons unreached warnings
//! errors
//! ```

mod errors;
mod faults;
pub mod guide;
mod message;
pub mod names;
mod reasons;
mod refusals;
mod system;
mod unreached;
mod warnings;
mod word;

pub use errors::error;
pub use faults::{Fault, fault};
pub use message::Msg;
pub use reasons::{findings, opinion, reason, uncopied};
pub use system::system;
pub use warnings::warning;
pub use word::Word;

use std::fmt;

/// The language of the interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Lang {
    /// Chinese.
    #[default]
    Zh,
    /// English.
    En,
}

impl Lang {
    /// The Chinese or the English of two texts.
    pub fn pick<T>(self, zh: T, en: T) -> T {
        match self {
            Self::Zh => zh,
            Self::En => en,
        }
    }
}

/// A fixed word or sentence.
pub fn word(lang: Lang, word: Word) -> &'static str {
    lang.pick(word.zh(), word.en())
}

/// A sentence with its values.
pub fn text(lang: Lang, message: &Msg<'_>) -> String {
    match lang {
        Lang::Zh => message.zh(),
        Lang::En => message.en(),
    }
}

/// Values by name, as errors and warnings carry them; an absent one is empty.
pub type Values<'a> = &'a dyn Fn(&str) -> String;

/// A number of things, shown in groups of three digits: `1 204`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count(
    /// How many.
    pub usize,
);

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.0.to_string();
        let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
        for (n, digit) in digits.chars().enumerate() {
            if n > 0 && (digits.len() - n).is_multiple_of(3) {
                grouped.push(' ');
            }
            grouped.push(digit);
        }
        f.pad(&grouped)
    }
}

/// A number of bytes, shown in the unit that fits: `3.4 MB`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bytes(
    /// How many.
    pub u64,
);

impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const UNITS: [&str; 4] = ["kB", "MB", "GB", "TB"];
        /// The smallest tenths that would show as 1000.0 of a unit.
        const FULL: u64 = 10_000;
        if self.0 < 1000 {
            return write!(f, "{} B", self.0);
        }
        let mut tenths = self.0 / 100;
        let mut unit = UNITS.iter();
        let mut name = unit.next();
        while tenths >= FULL {
            let Some(next) = unit.next() else { break };
            tenths /= 1000;
            name = Some(next);
        }
        write!(f, "{}.{} {}", tenths / 10, tenths % 10, name.unwrap_or(&""))
    }
}

/// That something must not be followed any more, why, and what took its place; an empty `heir`
/// is none.
pub fn outdated(lang: Lang, why: &str, heir: &str) -> String {
    if heir.is_empty() {
        text(lang, &Msg::OutdatedWhy { why })
    } else {
        text(lang, &Msg::OutdatedHeir { why, heir })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_shown_in_groups_of_three() {
        for (n, shown) in [
            (0, "0"),
            (37, "37"),
            (391, "391"),
            (1204, "1 204"),
            (1_000_000, "1 000 000"),
        ] {
            assert_eq!(Count(n).to_string(), shown);
        }
        assert_eq!(format!("{:>7}", Count(1204)), "  1 204");
    }

    #[test]
    fn bytes_are_shown_in_the_unit_that_fits() {
        for (n, shown) in [
            (999, "999 B"),
            (1000, "1.0 kB"),
            (74_994, "74.9 kB"),
            (999_999, "999.9 kB"),
            (3_400_000, "3.4 MB"),
            (u64::MAX, "18446744.0 TB"),
        ] {
            assert_eq!(Bytes(n).to_string(), shown);
        }
    }

    #[test]
    fn a_message_says_the_same_values_in_both_languages() {
        let message = Msg::Hits {
            n: Count(1204),
            ms: 4,
        };
        assert_eq!(text(Lang::Zh, &message), "1 204 条 · 4 ms");
        assert_eq!(text(Lang::En, &message), "1 204 found · 4 ms");
    }

    #[test]
    fn no_word_is_empty_in_either_language() {
        for one in Word::ALL {
            assert!(!word(Lang::Zh, *one).is_empty());
            assert!(!word(Lang::En, *one).is_empty());
        }
    }
}
