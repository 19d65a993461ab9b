//! Stores and backups of the formats that had no log.

use std::io::Write;
use std::path::Path;

use super::kit::{Kit, body, causes};
use super::random::digest;
use crate::journal::{Packs, Read};
use crate::model::{Key, Op, PackNo, Record};
use crate::store::engine::Engine;
use crate::store::{Store, keys};

/// A store's records, naming packs by number as they did, and its packs.
fn contents(store: &Store) -> (Vec<Record>, Vec<Vec<u8>>) {
    let mut reader = store.log.read(1, Packs::Read).unwrap();
    let (mut records, mut packs) = (Vec::new(), Vec::new());
    while let Some(Read::Parcel { parcel, .. }) = reader.next().unwrap() {
        for entry in parcel.entries {
            let mut record = entry.record;
            if let Op::Import(batch) = &mut record.op {
                batch.pack = PackNo(batch.pack.0 + packs.len() as u32);
            }
            records.push(record);
        }
        packs.extend(
            parcel
                .packs
                .iter()
                .map(|pack| pack.bytes.whole().unwrap().to_vec()),
        );
    }
    (records, packs)
}

/// A data directory as format 2 had it.
fn write_format_2(dir: &Path, of: &Store) {
    let (records, packs) = contents(of);
    let path = dir.join("sled");
    let db = sled::open(&path).unwrap();
    for (sequence, record) in (1u64..).zip(&records) {
        let mut text = vec![0];
        text.extend(serde_json::to_vec(record).unwrap());
        for (chunk, bytes) in (0u16..).zip(text.chunks(300)) {
            let mut key = vec![b'j'];
            key.extend(sequence.to_be_bytes());
            key.extend(chunk.to_be_bytes());
            db.insert(key, bytes).unwrap();
        }
    }
    drop(db);
    let engine = Engine::open(&path).unwrap();
    for (number, pack) in (0..).map(PackNo).zip(packs) {
        engine.write([(keys::pack(number), Some(pack))]).unwrap();
    }
    let kept = [
        (keys::meta("id"), of.id().to_vec()),
        (keys::meta("key"), of.fingerprint_key().to_vec()),
        (keys::meta("applied"), 3u64.to_be_bytes().to_vec()),
    ];
    for (key, value) in kept {
        engine.write([(key, Some(value))]).unwrap();
    }
    engine.sync().unwrap();
    std::fs::write(dir.join("format"), "2\n").unwrap();
}

fn history() -> Kit {
    let mut kit = Kit::new();
    let bodies: Vec<_> = (0..400)
        .map(|n| body(&format!("{n}"), "CDN", &["甲"]))
        .collect();
    let ids = kit.import("一", &bodies);
    for round in 0..300 {
        let op = causes(&[], &["甲"], round > 0);
        kit.commit(Key::Cause(ids[round % 7]), Some((round / 7) as u32), op);
    }
    kit.import("二", &[body("晚", "CDN", &[])]);
    kit
}

/// Everything that is the same whatever parcels a history is cut into.
fn tickets(store: &Store) -> Vec<crate::store::Body> {
    let docs: Vec<_> = (0..store.directory().len() as u32)
        .map(crate::model::DocNo)
        .collect();
    store.bodies(&docs).unwrap()
}

#[test]
fn a_store_without_a_log_is_moved_to_one_with_it_and_kept_beside_it() {
    let kit = history();
    let dir = tempfile::tempdir().unwrap();
    write_format_2(dir.path(), &kit.store);
    for _ in 0..2 {
        let moved = Store::open(dir.path()).unwrap();
        assert_eq!(moved.id(), kit.store.id(), "so the index stays");
        assert_eq!(moved.fingerprint_key(), kit.store.fingerprint_key());
        assert_eq!(moved.applied(), kit.store.applied());
        assert_eq!(tickets(&moved), tickets(&kit.store));
        assert_eq!(digest(&moved), digest(&kit.store));
    }
    assert!(dir.path().join("sled.format-2/db").exists());
    let format = std::fs::read_to_string(dir.path().join("format")).unwrap();
    assert_eq!(format, "3\n");
}

#[test]
fn a_move_that_was_cut_off_anywhere_is_taken_up_again() {
    let kit = history();
    let dir = tempfile::tempdir().unwrap();
    write_format_2(dir.path(), &kit.store);
    let within = |name: &str| dir.path().join(name);
    // While the log was built.
    std::fs::create_dir(within("log.new")).unwrap();
    std::fs::write(within("log.new/00000000000000000001.segment"), "half").unwrap();
    drop(Store::open(dir.path()).unwrap());
    // Once it was in its place, and the database moved, but not the format written.
    std::fs::write(within("format"), "2\n").unwrap();
    std::fs::remove_dir_all(within("sled")).unwrap();
    let moved = Store::open(dir.path()).unwrap();
    assert_eq!(digest(&moved), digest(&kit.store));
}

#[test]
fn a_backup_of_the_first_kind_restores() {
    let kit = history();
    let (records, packs) = contents(&kit.store);
    let mut backup = b"GONGDAN BACKUP 1\n".to_vec();
    let mut stream = zstd::Encoder::new(&mut backup, 3).unwrap();
    let mut hasher = blake3::Hasher::new();
    let mut put = |kind: u8, bytes: &[u8], hashed: bool| {
        let mut frame = vec![kind];
        frame.extend((bytes.len() as u32).to_le_bytes());
        frame.extend(bytes);
        if hashed {
            hasher.update(&frame);
        }
        stream.write_all(&frame).unwrap();
        *hasher.finalize().as_bytes()
    };
    put(b'k', &kit.store.fingerprint_key(), true);
    for (number, pack) in (0u32..).zip(&packs) {
        put(
            b'p',
            &[&number.to_be_bytes(), pack.as_slice()].concat(),
            true,
        );
    }
    let mut hash = [0; 32];
    for record in &records {
        hash = put(b'r', &serde_json::to_vec(record).unwrap(), true);
    }
    put(b'e', &hash, false);
    stream.finish().unwrap();
    let dir = tempfile::tempdir().unwrap();
    let go_on = &mut |_: u64, _: u64| std::ops::ControlFlow::Continue(());
    Store::restore(dir.path(), &mut backup.as_slice(), go_on).unwrap();
    let restored = Store::open(dir.path()).unwrap();
    assert_eq!(digest(&restored), digest(&kit.store));
    assert_eq!(tickets(&restored), tickets(&kit.store));
}

/// The digest of a fixed log by the rules of level 1. Whoever changes it raises the level.
#[test]
fn the_rules_of_level_1_give_the_digest_they_always_gave() {
    let kit = history();
    let state = kit.store.writer().cursor.state;
    let state: String = state.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(
        state,
        "088a58bd5c53d893f85b4f176d48dcf3d712c6c06446c254b8a29d4737a35c77"
    );
}
