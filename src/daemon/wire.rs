//! Frames on the socket: how long, a JSON header, bytes behind it.
//!
//! A frame is `u32` length of the rest, `u32` length of the header (both big-endian), the header,
//! and the payload up to the end. This file knows nothing of what a header says.

use std::io::{self, Read};

use serde::Serialize;

/// Bytes of a client's frame at most: a chunk of 1 MiB, or a very long list of targets.
pub(super) const MAX_FROM_CLIENT: usize = 8 << 20;

/// Bytes of the daemon's frame at most: a ticket of 20 MB grows when it is escaped.
pub(super) const MAX_FROM_DAEMON: usize = 256 << 20;

/// Bytes of a first frame at most, in both directions.
pub(super) const MAX_HELLO: usize = 64 << 10;

/// Bytes of the two lengths.
const PREFIX: usize = 8;

/// One frame as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Frame {
    /// JSON.
    pub(super) header: Vec<u8>,
    /// Raw bytes.
    pub(super) payload: Vec<u8>,
}

/// Why no frame could be read or made.
#[derive(Debug, thiserror::Error)]
pub(super) enum WireError {
    /// The connection failed.
    #[error("the connection failed: {0}")]
    Io(#[from] io::Error),
    /// The connection ended inside a frame.
    #[error("the connection ended inside a frame")]
    Cut,
    /// The frame is longer than allowed.
    #[error("a frame of {length} bytes, where {max} are allowed")]
    TooLong {
        /// Its length.
        length: usize,
        /// What is allowed.
        max: usize,
    },
    /// What came is not a frame, or not one that makes sense here.
    #[error("not understood: {detail}")]
    Rubbish {
        /// What is wrong.
        detail: String,
    },
}

impl WireError {
    pub(super) fn rubbish(detail: impl std::fmt::Display) -> Self {
        Self::Rubbish {
            detail: detail.to_string(),
        }
    }
}

/// Makes the bytes of a frame.
///
/// # Errors
/// [`WireError::TooLong`], before anything is sent.
pub(super) fn encode(
    header: &impl Serialize,
    payload: &[u8],
    max: usize,
) -> Result<Vec<u8>, WireError> {
    let mut bytes = vec![0; PREFIX];
    serde_json::to_writer(&mut bytes, header).map_err(WireError::rubbish)?;
    let header = bytes.len() - PREFIX;
    bytes.extend_from_slice(payload);
    let length = bytes.len() - 4;
    let too_long = WireError::TooLong { length, max };
    if length > max {
        return Err(too_long);
    }
    let (Ok(whole), Ok(header)) = (u32::try_from(length), u32::try_from(header)) else {
        return Err(too_long);
    };
    bytes[..4].copy_from_slice(&whole.to_be_bytes());
    bytes[4..PREFIX].copy_from_slice(&header.to_be_bytes());
    Ok(bytes)
}

/// Reads one frame; `None` where the connection ended between two.
///
/// # Errors
/// Anything after which the connection is of no more use.
pub(super) fn read(reader: &mut impl Read, max: usize) -> Result<Option<Frame>, WireError> {
    let Some(length) = read_length(reader)? else {
        return Ok(None);
    };
    if length > max {
        return Err(WireError::TooLong { length, max });
    }
    // The buffer grows with what comes, so that a length alone costs no memory.
    let mut bytes = Vec::with_capacity(length.min(64 << 10));
    reader
        .by_ref()
        .take(length as u64)
        .read_to_end(&mut bytes)?;
    if bytes.len() < length {
        return Err(WireError::Cut);
    }
    let Some((prefix, rest)) = bytes.split_first_chunk::<4>() else {
        return Err(WireError::rubbish("a frame without a header"));
    };
    let header = u32::from_be_bytes(*prefix) as usize;
    if header > rest.len() {
        return Err(WireError::rubbish("a header longer than its frame"));
    }
    let payload = bytes.split_off(4 + header);
    bytes.drain(..4);
    Ok(Some(Frame {
        header: bytes,
        payload,
    }))
}

/// The first four bytes of a frame; `None` where there is none.
fn read_length(reader: &mut impl Read) -> Result<Option<usize>, WireError> {
    let mut bytes = [0; 4];
    let mut have = 0;
    while have < bytes.len() {
        match reader.read(&mut bytes[have..]) {
            Ok(0) if have == 0 => return Ok(None),
            Ok(0) => return Err(WireError::Cut),
            Ok(read) => have += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(Some(u32::from_be_bytes(bytes) as usize))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Gives its bytes in pieces of any size, as a socket does.
    struct Dribble<'a> {
        bytes: &'a [u8],
        step: usize,
    }

    impl Read for Dribble<'_> {
        fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
            let take = self.step.min(out.len()).min(self.bytes.len());
            let (now, later) = self.bytes.split_at(take);
            out[..take].copy_from_slice(now);
            self.bytes = later;
            Ok(take)
        }
    }

    proptest! {
        #[test]
        fn frames_come_out_as_they_went_in(
            frames in prop::collection::vec((".*", prop::collection::vec(any::<u8>(), 0..2000)), 0..6),
            step in 1usize..700,
        ) {
            let mut bytes = Vec::new();
            for (header, payload) in &frames {
                bytes.extend(encode(header, payload, MAX_FROM_CLIENT).unwrap());
            }
            let mut reader = Dribble { bytes: &bytes, step };
            for (header, payload) in &frames {
                let frame = read(&mut reader, MAX_FROM_CLIENT).unwrap().unwrap();
                prop_assert_eq!(&serde_json::from_slice::<String>(&frame.header).unwrap(), header);
                prop_assert_eq!(&frame.payload, payload);
            }
            prop_assert!(read(&mut reader, MAX_FROM_CLIENT).unwrap().is_none());
        }

        #[test]
        fn no_bytes_make_reading_fail_otherwise_than_by_an_error(
            bytes in prop::collection::vec(any::<u8>(), 0..200),
        ) {
            let mut reader = bytes.as_slice();
            while let Ok(Some(_)) = read(&mut reader, 4096) {}
        }

        #[test]
        fn a_frame_cut_anywhere_is_never_taken_for_a_whole_one(cut in 1usize..40) {
            let whole = encode(&"证书", b"0123456789abcdefghijklmnopq", 4096).unwrap();
            let kept = &whole[..whole.len() - cut.min(whole.len() - 1)];
            prop_assert!(matches!(read(&mut &*kept, 4096), Err(WireError::Cut)));
        }
    }

    #[test]
    fn a_length_over_the_bound_is_refused_before_anything_is_kept() {
        let mut bytes = u32::MAX.to_be_bytes().to_vec();
        bytes.extend([0; 16]);
        let refused = read(&mut bytes.as_slice(), MAX_FROM_CLIENT);
        assert!(matches!(refused, Err(WireError::TooLong { .. })));
        let refused = encode(&"x", &[0; 100], 64);
        assert!(matches!(refused, Err(WireError::TooLong { .. })));
    }
}
