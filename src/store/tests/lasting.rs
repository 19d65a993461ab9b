//! Locks, crashes, replays, backups.

use std::ops::ControlFlow;

use super::kit::{Kit, body, causes, create};
use super::random::digest;
use crate::model::{Key, TicketFilter};
use crate::store::{Store, StoreError};

fn go_on(_: u64, _: u64) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

#[test]
fn a_second_opener_is_told_that_the_store_is_busy() {
    let kit = Kit::new();
    match Store::open(kit.path()).err() {
        Some(StoreError::Busy { path }) => assert_eq!(path, kit.path()),
        other => panic!("{other:?}"),
    }
    // And not any more once it is free.
    drop(kit.reopen());
}

/// What the log holds and the database does not is folded at the next start.
#[test]
fn parcels_that_a_crash_left_unfolded_are_folded_at_the_next_start() {
    let mut kit = Kit::new();
    let ids = kit.import("一", &[body("甲", "CDN", &["证书过期"])]);
    let early = tempfile::tempdir().unwrap();
    kit.store.checkpoint().unwrap();
    copy(&kit.path().join("sled"), early.path());
    let op = causes(&[], &["证书过期"], false);
    kit.commit(Key::Cause(ids[0]), Some(0), op);
    let more = kit.import("一", &[body("乙", "CDN", &[])]);
    let (applied, state) = (kit.store.applied(), digest(&kit.store));
    let mut kit = kit.with_closed(|dir| {
        std::fs::remove_dir_all(dir.join("sled")).unwrap();
        std::fs::create_dir(dir.join("sled")).unwrap();
        copy(early.path(), &dir.join("sled"));
    });
    assert_eq!(kit.store.applied(), applied);
    assert_eq!(digest(&kit.store), state);
    assert!(kit.cause_names(ids[0]).is_empty());
    assert!(kit.store.body(kit.doc(more[0])).is_ok());
    kit.import("一", &[body("丙", "CDN", &[])]);
}

#[test]
fn a_database_that_is_lost_or_damaged_is_moved_aside_and_folded_anew() {
    for damage in [0, 1, 2] {
        let mut kit = Kit::new();
        let bodies: Vec<_> = (0..40)
            .map(|n| body(&format!("{n}"), "CDN", &["甲"]))
            .collect();
        let ids = kit.import("一", &bodies);
        kit.commit(Key::Cause(ids[3]), Some(0), causes(&[], &["甲"], false));
        let (state, id) = (digest(&kit.store), kit.store.id());
        let kit = kit.with_closed(|dir| match damage {
            0 => std::fs::remove_dir_all(dir.join("sled")).unwrap(),
            1 => std::fs::write(dir.join("sled/conf"), "no configuration").unwrap(),
            _ => {
                // As another start of the machine finds it.
                std::fs::write(dir.join("unsynced"), "another start").unwrap();
            }
        });
        assert_eq!(digest(&kit.store), state, "{damage}");
        assert_eq!(kit.store.id(), id);
        assert!(damage == 0 || kit.path().join("sled.aside-1").exists());
        assert_eq!(kit.store.body(kit.doc(ids[7])).unwrap(), bodies[7]);
    }
}

#[test]
fn the_end_of_the_log_is_written_back_from_the_store() {
    let mut kit = Kit::new();
    let ids = kit.import("一", &[body("甲", "CDN", &["证书过期"])]);
    let op = causes(&[], &["证书过期"], false);
    kit.commit(Key::Cause(ids[0]), Some(0), op);
    kit.import("一", &[body("乙", "CDN", &[])]);
    let state = digest(&kit.store);
    let segment = "log/00000000000000000001.segment";
    let kit = kit.with_closed(|dir| {
        let bytes = std::fs::read(dir.join(segment)).unwrap();
        std::fs::write(dir.join(segment), &bytes[..bytes.len() / 2]).unwrap();
    });
    assert_eq!(digest(&kit.store), state);
    // And the log has it all again.
    let kit = kit.with_closed(|dir| std::fs::remove_dir_all(dir.join("sled")).unwrap());
    assert_eq!(digest(&kit.store), state);
}

#[test]
fn a_log_of_other_parcels_is_damage_and_nothing_is_moved() {
    let mut kit = Kit::new();
    let ids = kit.import("一", &[body("甲", "CDN", &["证书过期"])]);
    let other = tempfile::tempdir().unwrap();
    copy(&kit.path().join("log"), other.path());
    let op = causes(&[], &["证书过期"], false);
    kit.commit(Key::Cause(ids[0]), Some(0), op);
    let (key, op) = create("配置错误");
    // The same log went on elsewhere.
    let fork = tempfile::tempdir().unwrap();
    std::fs::create_dir(fork.path().join("log")).unwrap();
    copy(other.path(), &fork.path().join("log"));
    std::fs::write(fork.path().join("format"), "3\n").unwrap();
    let forked = Store::open(fork.path()).unwrap();
    forked.commit(vec![kit.record(key, None, op)]).unwrap();
    drop(forked);
    let dir = kit.close();
    std::fs::remove_dir_all(dir.path().join("log")).unwrap();
    std::fs::create_dir(dir.path().join("log")).unwrap();
    copy(&fork.path().join("log"), &dir.path().join("log"));
    let error = Store::open(dir.path()).err();
    assert!(
        matches!(error, Some(StoreError::Ahead { store: 2, log: 2 })),
        "{error:?}"
    );
    assert!(dir.path().join("sled/db").exists());
}

#[test]
fn a_snapshot_that_was_never_finished_does_no_harm() {
    for torn in [&b""[..], b"half of a snapshot"] {
        let mut kit = Kit::new();
        let ids = kit.import("一", &[body("甲", "CDN", &[])]);
        let left = kit.path().join("sled/snap.00000000FFFFFFFF.generating");
        std::fs::write(left, torn).unwrap();
        let kit = kit.reopen();
        assert_eq!(
            kit.store.body(kit.doc(ids[0])).unwrap(),
            body("甲", "CDN", &[])
        );
    }
}

#[test]
fn a_pack_that_no_record_names_does_no_harm() {
    let mut kit = Kit::new();
    for _ in 0..9 {
        kit.store.put_pack(vec![body("孤", "", &[])]).unwrap();
    }
    let ids = kit.import("一", &[body("甲", "CDN", &[])]);
    let kit = kit.reopen();
    assert_eq!(
        kit.store.body(kit.doc(ids[0])).unwrap(),
        body("甲", "CDN", &[])
    );
    assert_eq!(kit.store.directory().count(&TicketFilter::default()), 1);
}

#[test]
fn what_is_acknowledged_is_there_when_the_process_is_killed() {
    let mut kit = Kit::new();
    let mut ids = Vec::new();
    for round in 0..20 {
        let bodies: Vec<_> = (0..40)
            .map(|n| body(&format!("{round}-{n}"), "CDN", &["甲"]))
            .collect();
        ids.extend(kit.import("一", &bodies));
        let late = ids[ids.len() - 1];
        kit.commit(Key::Cause(late), Some(0), causes(&[], &["甲"], false));
        // The files as a killed process would leave them: nothing was closed.
        let left = tempfile::tempdir().unwrap();
        copy(kit.path(), left.path());
        let found = Store::open(left.path()).unwrap();
        assert_eq!(found.applied(), kit.store.applied());
        assert_eq!(digest(&found), digest(&kit.store));
        for id in &ids {
            let doc = found.directory().by_id(*id).unwrap();
            assert!(found.body(doc).is_ok());
        }
    }
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let old = entry.unwrap().path();
        let new = to.join(old.file_name().unwrap());
        if old.is_dir() {
            std::fs::create_dir(&new).unwrap();
            copy(&old, &new);
        } else {
            std::fs::copy(&old, &new).unwrap();
        }
    }
}

#[test]
fn a_restore_that_is_stopped_leaves_nothing() {
    let mut kit = Kit::new();
    kit.import("一", &[body("甲", "CDN", &["证书过期"])]);
    let mut bytes = Vec::new();
    kit.store.backup(&mut bytes, &mut go_on).unwrap();
    let dir = tempfile::tempdir().unwrap();
    for stop_at in 1..=2 {
        let mut steps = 0;
        let mut stop = |_: u64, _: u64| {
            steps += 1;
            if steps == stop_at {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        };
        let stopped = Store::restore(dir.path(), &mut bytes.as_slice(), &mut stop);
        assert!(matches!(stopped, Err(StoreError::Cancelled)), "{stop_at}");
        assert_eq!(
            std::fs::read_dir(dir.path()).unwrap().count(),
            1,
            "only the lock"
        );
    }
    Store::restore(dir.path(), &mut bytes.as_slice(), &mut go_on).unwrap();
}

#[test]
fn a_reader_may_ask_on_while_a_commit_waits_for_it() {
    let mut kit = Kit::new();
    let ids = kit.import("一", &[body("甲", "CDN", &["证书过期"])]);
    let record = kit.record(
        Key::Cause(ids[0]),
        Some(0),
        causes(&[], &["证书过期"], false),
    );
    let store = &kit.store;
    let applied = store.applied();
    let before = store.log.end();
    std::thread::scope(|scope| {
        let directory = store.directory();
        let commit = scope.spawn(|| store.commit(vec![record]).unwrap());
        while store.log.end() == before {
            std::thread::yield_now();
        }
        for _ in 0..1000 {
            let doc = directory.by_id(ids[0]).unwrap();
            assert!(store.body(doc).is_ok());
            assert_eq!(store.vocabulary().len(), 1);
        }
        assert_eq!(store.applied(), applied, "the commit waits for the reader");
        drop(directory);
        assert_eq!(commit.join().unwrap()[0].verdict, super::kit::accepted(1));
    });
}

#[test]
fn settling_goes_on_serving() {
    let mut kit = Kit::new();
    let ids = kit.import("一", &[body("甲", "CDN", &["证书过期"])]);
    let many: Vec<_> = (0..super::super::BULK as usize * crate::store::PACK_BODIES)
        .map(|n| body(&format!("多 {n}"), "CDN", &[]))
        .collect();
    kit.import("一", &many);
    kit.store.settle().unwrap();
    assert!(kit.store.body(kit.doc(ids[0])).is_ok());
    let op = causes(&[], &["证书过期"], false);
    assert_eq!(
        kit.commit(Key::Cause(ids[0]), Some(0), op),
        super::kit::accepted(1)
    );
    let kit = kit.reopen();
    assert!(kit.cause_names(ids[0]).is_empty());
}

#[test]
fn a_backup_restores_to_the_same_state() {
    let mut kit = Kit::new();
    let bodies: Vec<_> = (0..50)
        .map(|n| body(&format!("{n}"), "CDN", &["甲"]))
        .collect();
    let ids = kit.import("一", &bodies);
    kit.commit(Key::Cause(ids[3]), Some(0), causes(&[], &["甲"], false));
    kit.commit(Key::Cause(ids[3]), Some(0), causes(&[], &[], false));
    let mut bytes = Vec::new();
    assert_eq!(
        kit.store.backup(&mut bytes, &mut go_on).unwrap(),
        kit.store.applied()
    );
    let dir = tempfile::tempdir().unwrap();
    Store::restore(dir.path(), &mut bytes.as_slice(), &mut go_on).unwrap();
    let copy = Store::open(dir.path()).unwrap();
    assert_eq!(digest(&copy), digest(&kit.store));
    assert_eq!(copy.fingerprint_key(), kit.store.fingerprint_key());
    assert_ne!(copy.id(), kit.store.id());
    assert_eq!(copy.conflicts().unwrap(), kit.store.conflicts().unwrap());
    drop(copy);
    let full = Store::restore(dir.path(), &mut bytes.as_slice(), &mut go_on);
    assert!(matches!(full, Err(StoreError::NotEmpty { .. })));
}

#[test]
fn a_cut_off_or_damaged_backup_is_refused_and_leaves_nothing() {
    let mut kit = Kit::new();
    let bodies: Vec<_> = (0..50)
        .map(|n| body(&format!("{n}"), "CDN", &["甲"]))
        .collect();
    kit.import("一", &bodies);
    let mut bytes = Vec::new();
    kit.store.backup(&mut bytes, &mut go_on).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let refused = |bytes: &[u8]| {
        let result = Store::restore(dir.path(), &mut &*bytes, &mut go_on);
        assert!(
            matches!(result, Err(StoreError::BadBackup { .. })),
            "{result:?}"
        );
        let left: Vec<_> = std::fs::read_dir(dir.path()).unwrap().collect();
        assert_eq!(left.len(), 1, "only the lock: {left:?}");
    };
    for cut in [0, 5, 17, 18, bytes.len() / 2, bytes.len() - 1] {
        refused(&bytes[..cut]);
    }
    for place in [3, 40, bytes.len() / 2, bytes.len() - 3] {
        let mut damaged = bytes.clone();
        damaged[place] ^= 0x55;
        refused(&damaged);
    }
    Store::restore(dir.path(), &mut bytes.as_slice(), &mut go_on).unwrap();
}

#[test]
fn damage_in_the_middle_of_the_log_is_found_and_salvaged_from_the_store() {
    let mut kit = Kit::new();
    let mut ids = Vec::new();
    for n in 0..6 {
        ids.extend(kit.import("一", &[body(&format!("第{n}"), "CDN", &["甲"])]));
    }
    let state = digest(&kit.store);
    let dir = kit.close();
    assert!(
        crate::store::verify(dir.path(), &mut go_on)
            .unwrap()
            .is_whole()
    );
    let path = dir.path().join("log/00000000000000000001.segment");
    let mut bytes = std::fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 4;
    std::fs::write(&path, bytes).unwrap();
    assert!(
        !crate::store::verify(dir.path(), &mut go_on)
            .unwrap()
            .is_whole()
    );
    let to = tempfile::tempdir().unwrap();
    let found = crate::store::salvage(dir.path(), to.path(), &mut go_on).unwrap();
    assert!(
        found.lost.is_empty() && found.lost_tickets.is_empty(),
        "{found:?}"
    );
    assert_eq!((found.parcels, found.from_store), (6, 1));
    assert_eq!(digest(&Store::open(to.path()).unwrap()), state);
    // Without the database one parcel is gone, and said to be.
    std::fs::remove_dir_all(dir.path().join("sled")).unwrap();
    let to = tempfile::tempdir().unwrap();
    let found = crate::store::salvage(dir.path(), to.path(), &mut go_on).unwrap();
    assert_eq!(found.lost.len() + found.lost_tickets.len(), 1, "{found:?}");
    assert_eq!(Store::open(to.path()).unwrap().directory().len(), 5);
}
