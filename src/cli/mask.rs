//! `gongdan mask`: personal and secret values that older imports let through, found and masked.
//!
//! A ticket is masked by importing its own export again: what the import recognises it replaces
//! under the same id, with its annotations. The text before stays in the log and in backups, as
//! every text does, until it is erased there; the question before says so.

use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::sync::Arc;

use serde::Serialize;

use super::context::Context;
use super::failure::{Exit, Failure};
use super::import::{self, Content, Document};
use super::say::say;
use super::{download, wait};
use crate::api::{Desk, ExportFormat, ImportOptions, ImportReport, ask};
use crate::words::names;

/// Find and mask personal and secret values in what is stored
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Only in the hits of this query
    #[arg(default_value = "", hide_default_value = true)]
    query: String,
    /// Only tell what would be masked
    #[arg(long)]
    check: bool,
    /// Mask without asking
    #[arg(long)]
    yes: bool,
}

/// What was found in one ticket or article, for scripts; never a value.
#[derive(Debug, Serialize)]
struct Found {
    id: String,
    title: String,
    classes: BTreeMap<String, usize>,
}

/// Tells what is found; masks it unless that is all that was asked for.
///
/// # Errors
/// When the desk fails, or masking is not confirmed.
pub fn run(args: &Args, cx: &mut Context) -> Result<Exit, Failure> {
    let desk = cx.desk()?;
    if !args.query.is_empty() {
        wait::for_index(&*desk, cx)?;
    }
    let lines = exported(&*desk, &args.query)?;
    let tried = again(cx, &desk, lines.concat(), Try::Dry)?;
    let (found, hits) = found(&lines, &tried);
    tell(cx, &found)?;
    if args.check || found.is_empty() {
        return Ok(Exit::Done);
    }
    if !args.yes {
        confirm(cx, found.len())?;
    }
    let done = again(cx, &desk, hits, Try::Real)?;
    let count = done.updated;
    cx.out.note(say!(
        cx.lang,
        "已脱敏 {count} 条工单",
        "masked in {count} tickets"
    ));
    Ok(Exit::Done)
}

/// Whether an import only tells what it would do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Try {
    Dry,
    Real,
}

/// The lines of an export that hold bodies, after its first; line ends included.
fn exported(desk: &dyn Desk, query: &str) -> Result<Vec<Vec<u8>>, Failure> {
    let request = ask::Export {
        format: ExportFormat::Jsonl,
        query: query.to_owned(),
    };
    let job = download::begin(desk, request)?;
    let mut bytes = Vec::new();
    download::each(desk, job, |part| {
        bytes.extend_from_slice(part);
        Ok(())
    })?;
    let is_record = |line: &&[u8]| line.starts_with(br#"{"kind":"record""#);
    let lines = bytes.split_inclusive(|byte| *byte == b'\n');
    Ok(lines
        .filter(|line| !is_record(line))
        .map(<[u8]>::to_vec)
        .collect())
}

/// Imports lines of an export again.
fn again(
    cx: &mut Context,
    desk: &Arc<dyn Desk>,
    bytes: Vec<u8>,
    wanted: Try,
) -> Result<ImportReport, Failure> {
    let options = ImportOptions {
        dataset: None,
        articles: false,
        dry_run: wanted == Try::Dry,
        no_mask: false,
        list_masks: true,
        columns: Vec::new(),
    };
    let document = Document {
        name: "mask.jsonl".to_owned(),
        content: Content::Bytes(bytes),
    };
    Ok(import::feed(cx, desk, options, vec![document])?.report)
}

/// What was found in each body, and an export of those bodies alone.
fn found(lines: &[Vec<u8>], tried: &ImportReport) -> (Vec<Found>, Vec<u8>) {
    let mut classes: BTreeMap<u32, BTreeMap<String, usize>> = BTreeMap::new();
    for place in &tried.places {
        let line = classes.entry(place.line).or_default();
        *line.entry(place.class.clone()).or_default() += 1;
    }
    let mut hits = lines.first().cloned().unwrap_or_default();
    let mut found = Vec::new();
    for (number, line) in (1u32..).zip(lines) {
        let Some(classes) = classes.remove(&number) else {
            continue;
        };
        hits.extend_from_slice(line);
        let body: serde_json::Value = serde_json::from_slice(line).unwrap_or_default();
        let text = |path: &str| body.pointer(path).and_then(serde_json::Value::as_str);
        let title = text("/ticket/title").or_else(|| text("/article/title"));
        found.push(Found {
            id: text("/id").unwrap_or_default().to_owned(),
            title: title.unwrap_or_default().to_owned(),
            classes,
        });
    }
    (found, hits)
}

fn tell(cx: &mut Context, found: &[Found]) -> Result<(), Failure> {
    if cx.json() {
        return found.iter().try_for_each(|found| cx.out.object(found));
    }
    for Found { id, classes, .. } in found {
        let classes: Vec<String> = classes
            .iter()
            .map(|(class, count)| format!("{} {count}", names::mask_class(cx.lang, class)))
            .collect();
        let classes = classes.join(cx.lang.pick("、", ", "));
        cx.out.say(format!("#{id}  {classes}"))?;
    }
    let count = found.len();
    cx.out.note(say!(
        cx.lang,
        "{count} 条里有应脱敏的内容",
        "{count} tickets or articles hold what should be masked"
    ));
    Ok(())
}

/// Asks; without a terminal to ask on, the answer is no.
fn confirm(cx: &mut Context, count: usize) -> Result<(), Failure> {
    let lang = cx.lang;
    if cx.json() || !std::io::stdin().is_terminal() {
        return Err(Failure::Refused {
            message: say!(
                lang,
                "脱敏不能撤销，需要确认",
                "masking cannot be undone, and must be confirmed"
            ),
            hint: Some(say!(lang, "确认请加 --yes", "confirm with --yes")),
        });
    }
    let question = say!(
        lang,
        "脱敏这 {count} 条？不能撤销；原文仍留在日志和备份里，直到在那里擦除。[y/N]",
        "Mask these {count}? This cannot be undone; the old text stays in the log and in backups until it is erased there. [y/N]"
    );
    match cx.out.ask(&question).as_deref() {
        Some("y" | "Y" | "yes" | "是") => Ok(()),
        _ => Err(Failure::Refused {
            message: say!(lang, "没有脱敏", "not masked"),
            hint: None,
        }),
    }
}
