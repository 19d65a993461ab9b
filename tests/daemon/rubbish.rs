//! Frames on the socket: whatever a client sends, the daemon goes on serving the others.

use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::time::Duration;

use gongdan::daemon::PROTOCOL;
use proptest::collection::vec;
use proptest::prelude::*;

use super::{Daemon, agent, connect, temp};
use crate::fuzz::{Change, change, fuzz};

/// A frame: two lengths, a header, a payload.
fn frame(header: &str, payload: &[u8]) -> Vec<u8> {
    let length = |n: usize| u32::try_from(n).unwrap().to_be_bytes();
    let mut bytes = length(4 + header.len() + payload.len()).to_vec();
    bytes.extend(length(header.len()));
    bytes.extend(header.as_bytes());
    bytes.extend(payload);
    bytes
}

fn conversation() -> impl Strategy<Value = Vec<u8>> {
    let hello =
        format!(r#"{{"protocol":{PROTOCOL},"version":"0","want":"session","session":"s"}}"#);
    let ask = r#"{"call":{"n":1,"request":"status"}}"#;
    let whole = [frame(&hello, b""), frame(ask, b"payload")].concat();
    vec(change(), 0..8).prop_map(move |changes: Vec<Change>| {
        let mut bytes = whole.clone();
        for change in &changes {
            change.apply(&mut bytes);
        }
        bytes
    })
}

#[test]
fn whatever_a_client_sends_the_daemon_serves_the_next_one() {
    let dir = temp();
    let daemon = Daemon::start(dir.path());
    fuzz(60, conversation(), |bytes| {
        let mut stream = UnixStream::connect(&daemon.socket).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_millis(20)))
            .unwrap();
        // The daemon may hang up at any byte.
        let _ = stream.write_all(&bytes);
        let _ = stream.shutdown(std::net::Shutdown::Write);
        let _ = stream.read(&mut [0; 4096]);
        prop_assert!(!agent(&connect(dir.path())).is_empty());
        Ok(())
    });
}
