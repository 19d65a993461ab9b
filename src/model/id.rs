//! Newtype ids: what is counted, what is named, and what must not be mixed up.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Characters of a ticket's or article's id: 50 bits, so that a million ids collide about
/// once in two thousand stores, and a taken id takes the next salt.
const ID_LEN: usize = 10;

/// Lower-case base32 without `i`, `l`, `o` and `u`, which are misread or spell words.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// An id that is not ten characters of the id alphabet.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text} is not an id: ten characters of 0-9 and a-z without i, l, o, u are wanted")]
pub struct IdError {
    /// What was given.
    pub text: String,
}

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name([u8; ID_LEN]);

        impl $name {
            /// Makes an id of the first 50 bits of a hash.
            pub fn from_hash(hash: &[u8; 32]) -> Self {
                let mut bits = u64::from_be_bytes([
                    hash[0], hash[1], hash[2], hash[3], hash[4], hash[5], hash[6], hash[7],
                ]);
                let mut out = [0; ID_LEN];
                for slot in &mut out {
                    *slot = ALPHABET[(bits >> 59) as usize];
                    bits <<= 5;
                }
                Self(out)
            }

            /// Packs the id into the low 50 bits of a number that sorts as the text does.
            pub fn to_bits(self) -> u64 {
                self.0.iter().fold(0, |bits, c| {
                    let value = ALPHABET.iter().position(|a| a == c).unwrap_or(0);
                    (bits << 5) | value as u64
                })
            }

            /// Unpacks what [`Self::to_bits`] packed.
            pub fn from_bits(bits: u64) -> Self {
                let mut out = [0; ID_LEN];
                for (at, slot) in out.iter_mut().enumerate() {
                    *slot = ALPHABET[(bits >> (5 * (ID_LEN - 1 - at)) & 31) as usize];
                }
                Self(out)
            }

            /// The id as text.
            pub fn as_str(&self) -> &str {
                // The bytes are always of the alphabet, which is ASCII.
                std::str::from_utf8(&self.0).unwrap_or_default()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.as_str())
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                let error = || IdError { text: text.to_owned() };
                let bytes: [u8; ID_LEN] = text.as_bytes().try_into().ok().ok_or_else(error)?;
                if bytes.iter().all(|b| ALPHABET.contains(b)) {
                    Ok(Self(bytes))
                } else {
                    Err(error())
                }
            }
        }

        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.serialize_str(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(d)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

text_id! {
    /// A ticket's id, given once: of the hash of its text as first stored.
    TicketId
}
text_id! {
    /// An article's id, given once like a ticket's. A passage is named `ID.N`, N from 1.
    ArticleId
}
text_id! {
    /// A root cause's id in the vocabulary: of the hash of its first name.
    CauseId
}
text_id! {
    /// A standard reply's id: of the hash of its skeleton when it was first seen.
    ReplyId
}

macro_rules! number {
    ($(#[$doc:meta])* $name:ident($inner:ty)) => {
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize,
            Deserialize,
        )]
        pub struct $name(pub $inner);

        impl $name {
            /// The number after this one.
            #[must_use]
            pub fn next(self) -> Self {
                Self(self.0 + 1)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

number! {
    /// The dense number of a ticket or article in one store, given at its first fold.
    DocNo(u32)
}
number! {
    /// The number of a pack of up to sixteen bodies.
    PackNo(u32)
}
number! {
    /// Count of accepted changes of one key; 0 = never changed.
    Revision(u32)
}
number! {
    /// A record's position in the journal, from 1.
    Sequence(u64)
}
number! {
    /// The number of a question; a late answer carries an old one.
    Generation(u64)
}
number! {
    /// The number of a piece of long work within one desk.
    JobId(u64)
}

macro_rules! random_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub u128);

        impl $name {
            /// A new id, never given before.
            pub fn random() -> Self {
                Self(u128::from_be_bytes(random()))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{:032x}", self.0)
            }
        }

        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(d)?;
                u128::from_str_radix(&text, 16).map(Self).map_err(serde::de::Error::custom)
            }
        }
    };
}

random_id! {
    /// A record's id, made by its author's side: a retry carries the same one.
    RecordId
}
random_id! {
    /// The id shared by the records that are done and undone together. Whoever gives the order
    /// makes it, so that the order is known again when it is given twice.
    ActId
}

impl ActId {
    /// The id of the act's record of this number, from 0: the same whenever the act is made.
    pub fn record(self, number: u32) -> RecordId {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&self.0.to_be_bytes());
        hasher.update(&number.to_be_bytes());
        let mut id = [0; 16];
        hasher.finalize_xof().fill(&mut id);
        RecordId(u128::from_be_bytes(id))
    }
}

/// Random bytes of the system's generator: the one source of ids and keys.
///
/// A system without a generator ends the process: an id or a key that somebody can guess is worse
/// than none, and no caller could do better.
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    if getrandom::fill(&mut bytes).is_err() {
        std::process::abort();
    }
    bytes
}

/// Keyed hash of a ticket's raw title, question and dialogue, before masking.
///
/// It recognises the same text at the next import without keeping what was masked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Fingerprint(pub u64);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_survives_packing_and_sorts_as_its_text() {
        let ids: Vec<TicketId> = (0..200u8)
            .map(|n| TicketId::from_hash(&[n.wrapping_mul(37); 32]))
            .collect();
        for a in &ids {
            assert_eq!(TicketId::from_bits(a.to_bits()), *a);
            assert_eq!(a.as_str().parse::<TicketId>().unwrap(), *a);
            for b in &ids {
                assert_eq!(a.to_bits().cmp(&b.to_bits()), a.as_str().cmp(b.as_str()));
            }
        }
    }

    #[test]
    fn an_act_names_its_records_alike_whenever_it_is_made() {
        let act = ActId::random();
        assert_eq!(act.record(1), act.record(1));
        let ids = [act.record(0), act.record(1), ActId::random().record(0)];
        assert!(ids[0] != ids[1] && ids[0] != ids[2]);
        assert_ne!(random::<20>()[12..], [0; 8]);
    }

    #[test]
    fn what_is_no_id_is_refused() {
        assert!("short".parse::<TicketId>().is_err());
        assert!("abcdefghil".parse::<TicketId>().is_err());
        assert!("证书证书证".parse::<TicketId>().is_err());
    }
}
