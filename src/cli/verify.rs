//! `gongdan verify`: every byte of the log, checked; also while it is in use.

use std::ops::ControlFlow;

use serde::Serialize;

use super::context::Context;
use super::failure::{Exit, Failure};
use super::say::say;
use crate::api::DeskError;
use crate::journal::Verified;
use crate::store;

/// Check every byte of the log of all changes
#[derive(Debug, clap::Args)]
pub struct Args {}

/// What was found, for scripts.
#[derive(Serialize)]
struct Report {
    whole: bool,
    segments: u64,
    parcels: u64,
    records: u64,
    packs: u64,
    erased_packs: u64,
    lost: Vec<Damage>,
    damaged_packs: Vec<u64>,
    broken_chain: Vec<u64>,
    damaged_headers: Vec<u64>,
}

/// A place that cannot be read.
#[derive(Serialize)]
struct Damage {
    first: u64,
    last: u64,
    segment: u64,
    offset: u64,
}

/// Checks the log. Nothing is written, so a read-only directory will do.
///
/// # Errors
/// When something in it is damaged, or it cannot be read.
pub fn run(_: &Args, cx: &mut Context) -> Result<Exit, Failure> {
    let dir = cx.data_dir().to_owned();
    let found = store::verify(&dir, &mut |_, _| ControlFlow::Continue(()));
    let found = found.map_err(DeskError::from)?;
    if cx.json() {
        cx.out.object(&report(&found))?;
    } else {
        let Verified {
            segments,
            parcels,
            records,
            ..
        } = &found;
        cx.out.say(say!(
            cx.lang,
            "日志：{segments} 段，{parcels} 批，{records} 条记录",
            "log: {segments} segments, {parcels} parcels, {records} records"
        ))?;
    }
    if found.is_whole() {
        return Ok(Exit::Done);
    }
    let detail = damages(&found).join("; ");
    Err(DeskError::Storage {
        path: Some(dir.display().to_string()),
        detail,
    }
    .into())
}

fn report(found: &Verified) -> Report {
    let damage = |lost: &crate::journal::Lost| Damage {
        first: lost.first,
        last: lost.last,
        segment: lost.segment,
        offset: lost.offset,
    };
    Report {
        whole: found.is_whole(),
        segments: found.segments,
        parcels: found.parcels,
        records: found.records,
        packs: found.packs,
        erased_packs: found.erased,
        lost: found.lost.iter().map(damage).collect(),
        damaged_packs: found.damaged_packs.clone(),
        broken_chain: found.broken_chain.clone(),
        damaged_headers: found.damaged_headers.clone(),
    }
}

/// Each damage with its place.
fn damages(found: &Verified) -> Vec<String> {
    let mut all = Vec::new();
    for lost in &found.lost {
        let (first, last) = (lost.first, lost.last);
        let (segment, offset) = (lost.segment, lost.offset);
        all.push(if first > last {
            format!("bytes of no parcel in segment {segment} at {offset}")
        } else {
            format!("parcels {first}-{last} lost in segment {segment} at {offset}")
        });
    }
    for position in &found.damaged_packs {
        all.push(format!("bodies of parcel {position} damaged"));
    }
    for position in &found.broken_chain {
        all.push(format!("chain broken at parcel {position}"));
    }
    for first in &found.damaged_headers {
        all.push(format!("header of segment {first} damaged"));
    }
    all
}
