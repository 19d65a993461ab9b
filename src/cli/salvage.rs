//! `gongdan salvage`: what can be read of a damaged data directory, as a new one.

use std::ops::ControlFlow;
use std::path::PathBuf;

use serde::Serialize;

use super::context::Context;
use super::failure::{Exit, Failure};
use super::say::say;
use crate::api::DeskError;
use crate::store;

/// Copy what can be read of a damaged store to a new directory
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The new data directory
    #[arg(long, value_name = "DIR")]
    to: PathBuf,
}

/// What came over, for scripts.
#[derive(Serialize)]
struct Report {
    data_dir: PathBuf,
    parcels: u64,
    from_store: u64,
    lost_parcels: Vec<u64>,
    lost_tickets: Vec<LostTicket>,
}

/// A ticket whose text is gone.
#[derive(Serialize)]
struct LostTicket {
    id: String,
    file: String,
    line: u32,
}

/// Reads around the damage. The damaged directory stays as it is.
///
/// # Errors
/// When something is at the new place, when nothing can be read, or the disk fails.
pub fn run(args: &Args, cx: &mut Context) -> Result<Exit, Failure> {
    let go_on = &mut |_, _| ControlFlow::Continue(());
    let found = store::salvage(cx.data_dir(), &args.to, go_on).map_err(DeskError::from)?;
    let partly = !found.lost.is_empty() || !found.lost_tickets.is_empty();
    let exit = if partly { Exit::Partly } else { Exit::Done };
    if cx.json() {
        let lost = found.lost_tickets.iter();
        let lost = lost.map(|(id, file, line)| LostTicket {
            id: id.to_string(),
            file: file.clone(),
            line: *line,
        });
        cx.out.object(&Report {
            data_dir: args.to.clone(),
            parcels: found.parcels,
            from_store: found.from_store,
            lost_parcels: found.lost.clone(),
            lost_tickets: lost.collect(),
        })?;
        return Ok(exit);
    }
    let (parcels, to) = (found.parcels, args.to.display());
    cx.out.say(say!(
        cx.lang,
        "已救出 {parcels} 批到 {to}",
        "{parcels} parcels brought over to {to}"
    ))?;
    for position in &found.lost {
        cx.out.say(say!(
            cx.lang,
            "丢失：第 {position} 批",
            "lost: parcel {position}"
        ))?;
    }
    for (id, file, line) in &found.lost_tickets {
        cx.out.say(say!(
            cx.lang,
            "正文丢失：#{id}（{file}:{line}）",
            "text lost: #{id} ({file}:{line})"
        ))?;
    }
    Ok(exit)
}
