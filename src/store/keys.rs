//! The key prefixes of the one tree, and how each kind of thing is named under its own.
//!
//! | prefix | what | then |
//! |---|---|---|
//! | `m` | cursor, applied sequence | name |
//! | `j` | records | sequence |
//! | `l` | parcels of the log | position |
//! | `p` `z` | packs, the facts of their bodies | number |
//! | `d` | pages of the directory | number |
//! | `o` | pages of origins: sources, fingerprints | number |
//! | `i` | interned categories, datasets, sets | kind, number |
//! | `a` | annotations | kind, ticket |
//! | `v` | votes | ticket, uid |
//! | `k` | revision of each key | key |
//! | `h` | history of each key | key or ticket, sequence |
//! | `w` | verdicts | sequence |
//! | `q` `x` | kept conflicts, settled ones | record id |
//! | `r` | ids of the last records | page |
//! | `t` `b` `u` | acts, their records, acts of each author | |
//! | `c` `s` `g` `e` `n` | causes, settings, views, replies, uses | |
//! | `f` `y` | favourite replies, and the last copies, of each user | uid |

use crate::model::{ActId, CauseId, Key, PackNo, RecordId, ReplyId, Sequence, TicketId};

pub(super) const META: u8 = b'm';
pub(super) const RECORD: u8 = b'j';
pub(super) const PARCEL: u8 = b'l';
pub(super) const PACK: u8 = b'p';
pub(super) const FACTS: u8 = b'z';
pub(super) const DIRECTORY: u8 = b'd';
pub(super) const ORIGINS: u8 = b'o';
pub(super) const INTERNED: u8 = b'i';
pub(super) const VOTE: u8 = b'v';
pub(super) const HISTORY: u8 = b'h';
pub(super) const VERDICT: u8 = b'w';
pub(super) const CONFLICT: u8 = b'q';
pub(super) const SETTLED: u8 = b'x';
pub(super) const RECENT: u8 = b'r';
pub(super) const ACT_RECORD: u8 = b'b';
pub(super) const AUTHOR_ACT: u8 = b'u';
pub(super) const CAUSE: u8 = b'c';
pub(super) const SETTING: u8 = b's';
pub(super) const VIEW: u8 = b'g';
pub(super) const REPLY: u8 = b'e';
pub(super) const USE: u8 = b'n';
pub(super) const STARS: u8 = b'f';
pub(super) const COPIES: u8 = b'y';

fn join(prefix: u8, parts: &[&[u8]]) -> Vec<u8> {
    let mut key = Vec::with_capacity(1 + parts.iter().map(|p| p.len()).sum::<usize>());
    key.push(prefix);
    for part in parts {
        key.extend_from_slice(part);
    }
    key
}

pub(super) fn meta(name: &str) -> Vec<u8> {
    join(META, &[name.as_bytes()])
}

pub(super) fn record(sequence: Sequence) -> Vec<u8> {
    join(RECORD, &[&sequence.0.to_be_bytes()])
}

/// What a parcel became, by its position in the log.
pub(super) fn parcel(position: u64) -> Vec<u8> {
    join(PARCEL, &[&position.to_be_bytes()])
}

/// The facts of a pack's bodies.
pub(super) fn facts(number: PackNo) -> Vec<u8> {
    join(FACTS, &[&number.0.to_be_bytes()])
}

pub(super) fn pack(number: PackNo) -> Vec<u8> {
    join(PACK, &[&number.0.to_be_bytes()])
}

/// A page of the directory, of origins or of recent ids.
pub(super) fn page(prefix: u8, number: u32) -> Vec<u8> {
    join(prefix, &[&number.to_be_bytes()])
}

pub(super) fn interned(kind: u8, number: u32) -> Vec<u8> {
    join(INTERNED, &[&[kind], &number.to_be_bytes()])
}

/// An annotation of a ticket: `c` causes, `k` category, `o` outdated.
pub(super) fn annotation(kind: u8, id: TicketId) -> Vec<u8> {
    join(b'a', &[&[kind], &id.to_bits().to_be_bytes()])
}

pub(super) fn vote(id: TicketId, uid: u32) -> Vec<u8> {
    join(VOTE, &[&id.to_bits().to_be_bytes(), &uid.to_be_bytes()])
}

pub(super) fn votes(id: TicketId) -> Vec<u8> {
    join(VOTE, &[&id.to_bits().to_be_bytes()])
}

pub(super) fn head(key: &Key) -> Vec<u8> {
    join(b'k', &[key.to_string().as_bytes()])
}

/// Before the sequences of a ticket's history, or of another key's; `None` = none is kept.
pub(super) fn history(key: &Key) -> Option<Vec<u8>> {
    match key {
        Key::Cause(id) | Key::Category(id) | Key::Vote(id, _) | Key::Outdated(id) => {
            Some(ticket_history(*id))
        }
        Key::Reply(_) | Key::Vocab(_) | Key::View(_) | Key::Setting(_) | Key::Conflict(_) => {
            // A zero ends the key, so that none is the beginning of another.
            Some(join(HISTORY, &[b"k", key.to_string().as_bytes(), &[0]]))
        }
        Key::Use(_) | Key::Star(..) | Key::Dataset(_) => None,
    }
}

pub(super) fn ticket_history(id: TicketId) -> Vec<u8> {
    join(HISTORY, &[b"t", &id.to_bits().to_be_bytes()])
}

pub(super) fn verdict(sequence: Sequence) -> Vec<u8> {
    join(VERDICT, &[&sequence.0.to_be_bytes()])
}

pub(super) fn conflict(id: RecordId) -> Vec<u8> {
    join(CONFLICT, &[&id.0.to_be_bytes()])
}

/// What [`conflict`] held until it was settled.
pub(super) fn settled(id: RecordId) -> Vec<u8> {
    join(SETTLED, &[&id.0.to_be_bytes()])
}

pub(super) fn act(id: ActId) -> Vec<u8> {
    join(b't', &[&id.0.to_be_bytes()])
}

pub(super) fn act_records(id: ActId) -> Vec<u8> {
    join(ACT_RECORD, &[&id.0.to_be_bytes()])
}

/// The acts of an author, by the number that tells agents of one account apart.
pub(super) fn author_acts(author: u32) -> Vec<u8> {
    join(AUTHOR_ACT, &[&author.to_be_bytes()])
}

/// A key followed by a sequence, for lists that are read in order.
pub(super) fn at(mut key: Vec<u8>, sequence: Sequence) -> Vec<u8> {
    key.extend_from_slice(&sequence.0.to_be_bytes());
    key
}

pub(super) fn cause(id: CauseId) -> Vec<u8> {
    join(CAUSE, &[&id.to_bits().to_be_bytes()])
}

pub(super) fn setting(name: &str) -> Vec<u8> {
    join(SETTING, &[name.as_bytes()])
}

pub(super) fn view(name: &str) -> Vec<u8> {
    join(VIEW, &[name.as_bytes()])
}

pub(super) fn reply(id: ReplyId) -> Vec<u8> {
    join(REPLY, &[&id.to_bits().to_be_bytes()])
}

pub(super) fn uses(id: ReplyId) -> Vec<u8> {
    join(USE, &[&id.to_bits().to_be_bytes()])
}

/// A user's favourites, or their last copies.
pub(super) fn of_user(prefix: u8, uid: u32) -> Vec<u8> {
    join(prefix, &[&uid.to_be_bytes()])
}

/// The last eight bytes of a key as a sequence.
pub(super) fn sequence_at_end(key: &[u8]) -> Option<Sequence> {
    let (_, end) = key.split_last_chunk::<8>()?;
    Some(Sequence(u64::from_be_bytes(*end)))
}

/// The eight bytes after `skip` as a number.
pub(super) fn number_at(key: &[u8], skip: usize) -> Option<u64> {
    Some(u64::from_be_bytes(*key.get(skip..)?.first_chunk::<8>()?))
}

/// The last four bytes of a key as a number.
pub(super) fn u32_at_end(key: &[u8]) -> Option<u32> {
    let (_, end) = key.split_last_chunk::<4>()?;
    Some(u32::from_be_bytes(*end))
}
