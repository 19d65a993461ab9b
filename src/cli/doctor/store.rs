//! Store and index: whether they open, and whether they agree.

use std::path::Path;

use super::Check;
use crate::api::{DeskError, DeskExt, Health, Status, ask};
use crate::cli::context::Context;
use crate::cli::failure::Failure;
use crate::cli::say::say;
use crate::cli::wait;
use crate::words::{self, Count, Lang, Msg};

/// Ids of unreadable tickets that are named.
const NAMED: usize = 5;

/// Checks directory, store and index.
///
/// # Errors
/// What keeps the store from being opened, or damage in it; the checks tell it too.
pub(super) fn check(cx: &Context, checks: &mut Vec<Check>) -> Result<(), Failure> {
    let lang = cx.lang;
    checks.push(directory(cx.data_dir(), lang));
    let answers = cx.desk().and_then(|desk| {
        let status = desk.ask(ask::Status)?;
        let health = desk.ask(ask::Check)?;
        Ok((status, health))
    });
    match answers {
        Ok((status, health)) => {
            checks.push(holdings(&status, lang));
            checks.push(index(&status, &health, lang));
            conflicts(&health, checks, lang);
            bodies(cx, &health, checks)
        }
        Err(failure) => {
            checks.push(Check::bad(
                "store",
                failure.message(lang),
                failure.hint(lang),
            ));
            Err(failure)
        }
    }
}

fn directory(dir: &Path, lang: Lang) -> Check {
    let path = dir.display();
    let Ok(meta) = std::fs::metadata(dir) else {
        return Check::note(
            "data",
            say!(
                lang,
                "{path}（还不存在，第一次使用时创建）",
                "{path} (not there yet, made at first use)"
            ),
            None,
        );
    };
    if meta.permissions().readonly() {
        return Check::bad(
            "data",
            say!(lang, "{path} 不可写", "{path} cannot be written"),
            None,
        );
    }
    Check::ok("data", path.to_string())
}

fn holdings(status: &Status, lang: Lang) -> Check {
    let holdings = Msg::Holdings {
        tickets: Count(status.tickets),
        articles: Count(status.articles),
        datasets: Count(status.datasets),
    };
    let (holdings, sequence) = (words::text(lang, &holdings), status.sequence);
    let agent = &status.agent;
    Check::ok(
        "store",
        say!(
            lang,
            "{holdings}；序号 {sequence}；身份 {agent}",
            "{holdings}; sequence {sequence}; you are {agent}"
        ),
    )
}

fn index(status: &Status, health: &Health, lang: Lang) -> Check {
    if let Some(behind) = status.behind() {
        return Check::note("index", wait::words(lang, behind), None);
    }
    let (store, index) = (health.store_documents, health.index_documents);
    let (stored, indexed) = (health.store_sequence, health.index_sequence);
    if store == index && stored == indexed {
        return Check::ok(
            "index",
            say!(
                lang,
                "{index} 篇，与数据一致",
                "{index} documents, as the store has them"
            ),
        );
    }
    Check::note(
        "index",
        say!(
            lang,
            "索引 {index} 篇到序号 {indexed}，数据 {store} 篇到序号 {stored}",
            "the index has {index} documents up to sequence {indexed}, the store {store} up to {stored}"
        ),
        Some(say!(
            lang,
            "下次打开时会自动补齐或重建",
            "the next start catches up or rebuilds it"
        )),
    )
}

fn conflicts(health: &Health, checks: &mut Vec<Check>, lang: Lang) {
    let waiting = health.conflicts;
    if waiting > 0 {
        checks.push(Check::note(
            "conflicts",
            say!(
                lang,
                "{waiting} 个冲突待处理",
                "{waiting} wait to be settled"
            ),
            Some("gongdan conflicts".to_owned()),
        ));
    }
}

fn bodies(cx: &Context, health: &Health, checks: &mut Vec<Check>) -> Result<(), Failure> {
    let lost = &health.unreadable;
    if lost.is_empty() {
        return Ok(());
    }
    let count = lost.len();
    let named: Vec<&str> = lost.iter().take(NAMED).map(String::as_str).collect();
    let named = named.join(" ");
    let detail = say!(
        cx.lang,
        "{count} 条工单读不出：{named}",
        "{count} tickets cannot be read: {named}"
    );
    let error = DeskError::Storage {
        path: Some(cx.data_dir().display().to_string()),
        detail: detail.clone(),
    };
    let failure = Failure::from(error);
    checks.push(Check::bad("bodies", detail, failure.hint(cx.lang)));
    Err(failure)
}
