//! The log under a disk that fails: what was synced is there, whole, once and in order.

use std::ops::ControlFlow;

use super::testing::{Chance, Fault, Faulty, parcel};
use super::*;

const FOUNDING: Founding = Founding {
    id: [7; 16],
    fingerprint_key: [8; 32],
};

fn create(files: &Faulty) -> Log {
    let log = Log::create(Box::new(files.clone()), FOUNDING).unwrap();
    log.with_segments_of(4_000)
}

fn open(files: &Faulty) -> Log {
    let log = Log::open(Box::new(files.clone()), None).unwrap();
    log.with_segments_of(4_000)
}

fn check(files: &Faulty) -> Verified {
    verify(files, &mut |_| ControlFlow::Continue(())).unwrap()
}

/// Everything in it; nothing may be lost or damaged.
fn parcels(log: &Log) -> Vec<Parcel> {
    let mut reader = log.read(1, Packs::Read).unwrap();
    let mut found = Vec::new();
    while let Some(read) = reader.next().unwrap() {
        match read {
            Read::Parcel { parcel, .. } => found.push(parcel),
            Read::Lost(lost) => panic!("{lost:?}"),
        }
    }
    found
}

fn some_parcel(n: u128, chance: &mut Chance) -> Parcel {
    let pack = vec![n as u8 | 1; chance.below(900) as usize + 1];
    let packs: &[&[u8]] = if chance.below(2) == 0 { &[&pack] } else { &[] };
    parcel(n * 10, u128::from(chance.below(3)) + 1, packs)
}

#[test]
fn parcels_come_back_in_order_over_segments_and_reopening() {
    let files = Faulty::new(1);
    let log = create(&files);
    let mut chance = Chance::new(1);
    let sent: Vec<Parcel> = (0..60).map(|n| some_parcel(n, &mut chance)).collect();
    for (n, parcel) in (1..).zip(&sent) {
        assert_eq!(log.append(parcel).unwrap().position, n);
    }
    log.sync().unwrap();
    assert_eq!(parcels(&log), sent);
    let end = log.end();
    let log = open(&files);
    assert_eq!(log.end(), end);
    assert_eq!(log.founding(), FOUNDING);
    assert_eq!(parcels(&log), sent);
    let mut reader = log.read(31, Packs::Read).unwrap();
    let Some(Read::Parcel { place, parcel, .. }) = reader.next().unwrap() else {
        panic!("nothing at 31");
    };
    assert_eq!((place.position, &parcel), (31, &sent[30]));
    let verified = check(&files);
    assert!(verified.is_whole() && verified.segments > 3, "{verified:?}");
    assert_eq!(verified.parcels, 60);
}

/// One run: parcels appended and synced under faults until the end, then opened again.
fn run(seed: u64) {
    let mut chance = Chance::new(seed);
    let files = Faulty::new(seed);
    let log = create(&files);
    for _ in 0..=chance.below(4) {
        let fault = [Fault::Short, Fault::Eio, Fault::Full, Fault::Kill];
        let fault = fault[chance.below(4) as usize];
        files.fail(chance.below(60) + 1, fault);
    }
    let mut appended: Vec<Parcel> = Vec::new();
    let mut acknowledged = 0;
    let mut doubtful: Option<Parcel> = None;
    for n in 0..40 {
        if files.is_dead() {
            break;
        }
        let parcel = some_parcel(n, &mut chance);
        match log.append(&parcel) {
            Ok(place) => {
                appended.push(parcel);
                assert_eq!(place.position, appended.len() as u64);
            }
            Err(LogError::Refused(_)) if !files.is_dead() => {}
            // The end came while it was written: it may be whole.
            Err(LogError::Refused(_)) => doubtful = Some(parcel),
            Err(LogError::Unknown(_)) => {
                let _ = log.recover();
            }
            Err(error) => panic!("seed {seed}: {error}"),
        }
        if chance.below(3) > 0 && log.sync().is_ok() {
            acknowledged = appended.len();
        }
    }
    drop(log);
    let machine = chance.below(2) == 0;
    let left = files.after(machine);
    let log = open(&left);
    let found = parcels(&log);
    assert!(
        found.len() >= acknowledged,
        "seed {seed}: an acknowledged parcel is gone"
    );
    let mut possible = appended.clone();
    possible.extend(doubtful);
    assert!(possible.starts_with(&found), "seed {seed}: other parcels");
    if !machine {
        assert!(
            found.len() >= appended.len(),
            "seed {seed}: the system had it"
        );
    }
    assert!(check(&left).is_whole(), "seed {seed}: {:?}", check(&left));
    // And it goes on from there.
    let more = some_parcel(99, &mut chance);
    log.append(&more).unwrap();
    log.sync().unwrap();
    let again = open(&left.after(true));
    let mut due = found;
    due.push(more);
    assert_eq!(parcels(&again), due, "seed {seed}");
}

#[test]
fn what_is_acknowledged_survives_every_failure_of_the_disk_and_nothing_comes_twice() {
    for seed in 0..2_000 {
        run(seed);
    }
}

#[test]
fn a_kill_at_every_operation_leaves_a_prefix_with_everything_acknowledged() {
    let work = |files: &Faulty| {
        let log = create(files);
        let mut chance = Chance::new(5);
        let mut acknowledged = 0;
        for n in 0..25 {
            if log.append(&some_parcel(n, &mut chance)).is_err() || log.sync().is_err() {
                break;
            }
            acknowledged += 1;
        }
        acknowledged
    };
    let whole = Faulty::new(0);
    assert_eq!(work(&whole), 25);
    for at in 5..=whole.operations() {
        let files = Faulty::new(at);
        files.fail(at, Fault::Kill);
        let acknowledged = work(&files);
        for machine in [false, true] {
            let found = parcels(&open(&files.after(machine))).len();
            assert!(
                (acknowledged..=acknowledged + 1).contains(&found),
                "at {at}"
            );
        }
    }
}

#[test]
fn a_tail_that_was_cut_off_is_kept_and_named() {
    let files = Faulty::new(1);
    let log = create(&files);
    for n in 0..3 {
        log.append(&parcel(n * 10, 1, &[b"pack"])).unwrap();
        log.sync().unwrap();
    }
    drop(log);
    let name = segment::name(1);
    let bits = files.bytes(&name).len() * 8;
    files.flip(&name, bits - 9);
    let log = open(&files);
    assert_eq!(log.end().0, 2);
    assert_eq!(log.torn(), ["torn-3"]);
    let kept = files.bytes("torn-3");
    assert!(kept.ends_with(b"pa\xe3k") || kept.len() > 4);
    drop(log);
    assert_eq!(open(&files).torn(), ["torn-3"], "until it is dismissed");
}

#[test]
fn a_bad_frame_in_the_middle_loses_that_parcel_and_no_other() {
    let sent: Vec<Parcel> = (0..5).map(|n| parcel(n * 10, 2, &[b"a pack"])).collect();
    let whole = Faulty::new(1);
    let log = create(&whole);
    let mut places = Vec::new();
    for parcel in &sent {
        places.push(log.append(parcel).unwrap());
        log.sync().unwrap();
    }
    let frame = places[2].offset as usize..places[3].offset as usize;
    for bit in (frame.start * 8..frame.end * 8).step_by(7) {
        let files = whole.after(false);
        files.flip(&segment::name(1), bit);
        let verified = check(&files);
        assert!(!verified.is_whole(), "bit {bit} is silent");
        let log = open(&files);
        assert_eq!(log.end().0, 5);
        assert!(log.torn().is_empty());
        let mut reader = log.read(1, Packs::Read).unwrap();
        let mut found = Vec::new();
        while let Some(read) = reader.next().unwrap() {
            if let Read::Parcel { place, parcel, .. } = read
                && sent.contains(&parcel)
            {
                found.push(place.position);
            }
        }
        assert_eq!(found, [1, 2, 4, 5], "bit {bit}");
    }
}

#[test]
fn no_flipped_bit_of_a_log_is_silent() {
    let whole = Faulty::new(1);
    let log = create(&whole);
    let mut chance = Chance::new(3);
    for n in 0..40 {
        log.append(&some_parcel(n, &mut chance)).unwrap();
        log.sync().unwrap();
    }
    let names: Vec<String> = whole.list().unwrap();
    for _ in 0..200 {
        let files = whole.after(false);
        let name = &names[chance.below(names.len() as u64) as usize];
        let bits = files.bytes(name).len() as u64 * 8;
        files.flip(name, chance.below(bits) as usize);
        assert!(!check(&files).is_whole(), "{name}");
    }
}
