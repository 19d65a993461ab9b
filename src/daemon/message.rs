//! What client and daemon say to each other, and how it is cut into header and payload.
//!
//! [`Hello`] and [`Welcome`] are read by programs of other versions: fields are only ever added,
//! and unknown ones ignored. Everything after them belongs to one protocol number.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::api::{Answer, Data, DeskError, Push, Request, ask};

use crate::model::ActId;

use super::wire::{self, Frame, MAX_FROM_CLIENT, MAX_FROM_DAEMON, WireError};

/// The protocol of this program. It changes with every change of the desk's vocabulary that an
/// older program could not read.
pub const PROTOCOL: u32 = 6;

/// The version of this program.
pub(super) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The first frame of a client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Hello {
    /// The client's protocol number.
    pub(super) protocol: u32,
    /// The client's program version.
    pub(super) version: String,
    /// What the connection is for.
    pub(super) want: Want,
    /// The client's session: the scope of its undo, kept over reconnections.
    #[serde(default)]
    pub(super) session: String,
    /// The agent's name, where a Unix account is shared.
    #[serde(default)]
    pub(super) declared: Option<String>,
}

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Want {
    /// Requests and pushes.
    Session,
    /// Only the answer to the greeting.
    Probe,
    /// The daemon is to finish what it does and go.
    Stop,
}

/// The daemon's answer to the first frame.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Welcome {
    /// What became of the wish.
    pub(super) verdict: Verdict,
    /// Who the daemon is.
    #[serde(flatten)]
    pub(super) info: DaemonInfo,
    /// What this user may do; empty where nothing.
    #[serde(default)]
    pub(super) role: String,
}

/// What became of a client's wish.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Verdict {
    /// Granted.
    Fine,
    /// The protocols differ.
    Protocol,
    /// The user may not; [`Welcome::role`] is the role that would do.
    Refused,
    /// There are too many connections.
    Full,
}

/// What a daemon tells of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DaemonInfo {
    /// Its protocol number.
    pub protocol: u32,
    /// Its program version.
    pub version: String,
    /// Its process.
    pub pid: u32,
    /// Since when it serves.
    #[serde(default)]
    pub since: Option<Timestamp>,
    /// Sessions it has now.
    #[serde(default)]
    pub clients: usize,
}

/// What a client says after the greeting.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum ToDaemon {
    /// A question or an order. → [`ToClient::Answer`] or [`ToClient::Failed`] of the same number
    Call {
        /// Its number.
        n: u64,
        /// The act it makes, where it is an order: a repetition carries the same one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        act: Option<ActId>,
        /// What is asked.
        request: Request,
    },
    /// Pushes are wanted from now on. → [`ToClient::Answer`] of the same number, before the first
    Subscribe {
        /// Its number.
        n: u64,
    },
}

/// What the daemon says after the greeting.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum ToClient {
    /// The answer to a call.
    Answer {
        /// The call's number.
        n: u64,
        /// What was found or done.
        answer: Answer,
    },
    /// A call was refused or failed.
    Failed {
        /// The call's number.
        n: u64,
        /// Why.
        error: DeskError,
    },
    /// Something happened.
    Push(Push),
}

/// The bytes that ride behind the header instead of inside it.
fn bulk_of_request(message: &mut ToDaemon) -> Option<&mut Vec<u8>> {
    match message {
        ToDaemon::Call {
            request: Request::ImportData(ask::ImportData { bytes, .. }),
            ..
        } => Some(bytes),
        ToDaemon::Call { .. } | ToDaemon::Subscribe { .. } => None,
    }
}

fn bulk_of_answer(message: &mut ToClient) -> Option<&mut Vec<u8>> {
    match message {
        ToClient::Answer {
            answer: Answer::Data(Data { bytes, .. }),
            ..
        } => Some(bytes),
        ToClient::Answer { .. } | ToClient::Failed { .. } | ToClient::Push(_) => None,
    }
}

impl ToDaemon {
    /// The frame of a message.
    pub(super) fn encode(mut self) -> Result<Vec<u8>, WireError> {
        let bulk = bulk_of_request(&mut self).map(std::mem::take);
        wire::encode(&self, &bulk.unwrap_or_default(), MAX_FROM_CLIENT)
    }

    /// Reads a frame back.
    pub(super) fn decode(frame: Frame) -> Result<Self, WireError> {
        let mut message = serde_json::from_slice(&frame.header).map_err(WireError::rubbish)?;
        restore(bulk_of_request(&mut message), frame.payload)?;
        Ok(message)
    }
}

impl ToClient {
    /// The frame of a message.
    pub(super) fn encode(mut self) -> Result<Vec<u8>, WireError> {
        let bulk = bulk_of_answer(&mut self).map(std::mem::take);
        wire::encode(&self, &bulk.unwrap_or_default(), MAX_FROM_DAEMON)
    }

    /// Reads a frame back.
    pub(super) fn decode(frame: Frame) -> Result<Self, WireError> {
        let mut message = serde_json::from_slice(&frame.header).map_err(WireError::rubbish)?;
        restore(bulk_of_answer(&mut message), frame.payload)?;
        Ok(message)
    }
}

/// Puts the payload where it belongs.
fn restore(place: Option<&mut Vec<u8>>, payload: Vec<u8>) -> Result<(), WireError> {
    match place {
        Some(bytes) => *bytes = payload,
        None if payload.is_empty() => {}
        None => return Err(WireError::rubbish("bytes behind a message that has none")),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::{JobId, TicketFilter, TicketId};

    fn frame(bytes: &[u8]) -> Frame {
        wire::read(&mut &*bytes, MAX_FROM_DAEMON).unwrap().unwrap()
    }

    fn requests() -> impl Strategy<Value = Request> {
        prop_oneof![
            Just(Request::Status(ask::Status)),
            ".*".prop_map(|id| Request::Show(ask::Show { id })),
            (".*", any::<usize>()).prop_map(|(query, limit)| Request::Search(ask::Search {
                query,
                filter: TicketFilter::default(),
                limit
            })),
            (
                any::<u64>(),
                ".*",
                prop::collection::vec(any::<u8>(), 0..3000),
                any::<bool>()
            )
                .prop_map(|(job, file, bytes, end)| Request::ImportData(
                    ask::ImportData {
                        job: JobId(job),
                        file,
                        bytes,
                        end
                    }
                )),
        ]
    }

    fn replies() -> impl Strategy<Value = ToClient> {
        prop_oneof![
            any::<u64>().prop_map(|n| ToClient::Answer {
                n,
                answer: Answer::Taken(())
            }),
            (
                any::<u64>(),
                prop::collection::vec(any::<u8>(), 0..3000),
                any::<bool>()
            )
                .prop_map(|(n, bytes, end)| ToClient::Answer {
                    n,
                    answer: Answer::Data(Data { bytes, end })
                }),
            (any::<u64>(), ".*").prop_map(|(n, id)| ToClient::Failed {
                n,
                error: DeskError::UnknownId { id }
            }),
            any::<[u8; 32]>()
                .prop_map(|hash| ToClient::Push(Push::Changed(vec![TicketId::from_hash(&hash)]))),
        ]
    }

    proptest! {
        #[test]
        fn a_request_arrives_as_it_was_asked(
            n in any::<u64>(),
            act in prop::option::of(any::<u128>().prop_map(ActId)),
            request in requests(),
        ) {
            let message = ToDaemon::Call { n, act, request };
            let bytes = message.clone().encode().unwrap();
            prop_assert_eq!(ToDaemon::decode(frame(&bytes)).unwrap(), message);
        }

        #[test]
        fn a_reply_arrives_as_it_was_given(message in replies()) {
            let bytes = message.clone().encode().unwrap();
            prop_assert_eq!(ToClient::decode(frame(&bytes)).unwrap(), message);
        }
    }

    #[test]
    fn bulk_bytes_are_not_blown_up_by_text() {
        let message = ToClient::Answer {
            n: 1,
            answer: Answer::Data(Data {
                bytes: vec![0xff; 1 << 20],
                end: false,
            }),
        };
        assert!(message.encode().unwrap().len() < (1 << 20) + 200);
    }

    #[test]
    fn bytes_behind_a_message_that_has_none_are_rubbish() {
        let bytes = wire::encode(&ToDaemon::Subscribe { n: 1 }, b"extra", 4096).unwrap();
        assert!(ToDaemon::decode(frame(&bytes)).is_err());
    }

    #[test]
    fn a_greeting_of_a_later_program_is_still_read() {
        let later = br#"{"protocol":9,"version":"9.0","want":"probe","colour":"blue"}"#;
        let hello: Hello = serde_json::from_slice(later).unwrap();
        assert_eq!((hello.protocol, hello.want), (9, Want::Probe));
    }
}
