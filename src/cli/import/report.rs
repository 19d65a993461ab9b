//! The report of an import.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use super::feed::Fed;
use super::files::Unreadable;
use crate::api::{ImportFile, ImportReport, ImportWarning, MaskCount, MaskPlace};
use crate::cli::context::Context;
use crate::cli::failure::{Exit, Failure};
use crate::cli::output::{Line, Style};
use crate::cli::say::say;
use crate::words::{self, Count, Lang, Msg, names};

/// Warnings of one kind and file that are listed one by one; `--json` has them all.
const LISTED: usize = 5;

/// The report for scripts.
#[derive(Serialize)]
struct Report<'a> {
    dataset: &'a str,
    files: usize,
    failed: usize,
    tickets: usize,
    new: usize,
    updated: usize,
    unchanged: usize,
    articles: usize,
    passages: usize,
    seconds: f64,
    warnings: Vec<Warning<'a>>,
    masked: &'a [MaskCount],
    places: &'a [MaskPlace],
    proposed_contacts: &'a [String],
    sample_removed: bool,
    cancelled: bool,
    dry_run: bool,
    by_file: &'a [ImportFile],
}

#[derive(Serialize)]
struct Warning<'a> {
    file: &'a str,
    line: Option<u32>,
    kind: &'a str,
    message: String,
}

/// Tells what an import did; the exit code says whether everything was read.
///
/// # Errors
/// When standard output cannot be written.
pub fn tell(cx: &mut Context, fed: &Fed, dry_run: bool) -> Result<Exit, Failure> {
    let failed = fed.report.failed + fed.unreadable.len();
    if cx.json() {
        let report = for_scripts(fed, failed, dry_run, cx.lang);
        cx.out.object(&report)?;
    } else {
        for_people(cx, fed, failed, dry_run)?;
    }
    let partly = failed > 0 || fed.report.cancelled;
    Ok(if partly { Exit::Partly } else { Exit::Done })
}

fn for_scripts(fed: &Fed, failed: usize, dry_run: bool, lang: Lang) -> Report<'_> {
    let report = &fed.report;
    Report {
        dataset: &report.dataset,
        files: report.files,
        failed,
        tickets: report.tickets,
        new: report.new,
        updated: report.updated,
        unchanged: report.unchanged,
        articles: report.articles,
        passages: report.passages,
        seconds: report.seconds,
        warnings: warnings(fed, lang),
        masked: &report.masked,
        places: &report.places,
        proposed_contacts: &report.proposed_contacts,
        sample_removed: report.sample_removed,
        cancelled: report.cancelled,
        dry_run,
        by_file: &report.by_file,
    }
}

/// What never reached the desk first, then the desk's warnings in their order.
fn warnings(fed: &Fed, lang: Lang) -> Vec<Warning<'_>> {
    let unreadable = fed.unreadable.iter().map(|file| Warning {
        file: &file.file,
        line: None,
        kind: "unreadable_file",
        message: unreadable(file, lang),
    });
    let told = fed.report.warnings.iter().map(|warning| Warning {
        file: &warning.file,
        line: warning.line,
        kind: &warning.kind,
        message: message(warning, lang),
    });
    unreadable.chain(told).collect()
}

fn unreadable(file: &Unreadable, lang: Lang) -> String {
    let why = words::system(lang, &file.why);
    say!(lang, "无法读取：{why}", "cannot be read: {why}")
}

fn message(warning: &ImportWarning, lang: Lang) -> String {
    words::warning(lang, &warning.kind, &|name| {
        warning.values.get(name).cloned().unwrap_or_default()
    })
}

fn for_people(cx: &mut Context, fed: &Fed, failed: usize, dry_run: bool) -> Result<(), Failure> {
    let (report, lang) = (&fed.report, cx.lang);
    list_warnings(cx, &warnings(fed, lang))?;
    for place in &report.places {
        let (file, line) = (&place.file, place.line);
        let class = names::mask_class(lang, &place.class);
        let side = names::side(lang, &place.side);
        cx.out.say(say!(
            lang,
            "{file}:{line}  {class}（{side}）",
            "{file}:{line}  {class} ({side})"
        ))?;
    }
    masked(cx, report, dry_run)?;
    if report.sample_removed {
        let dataset = &report.dataset;
        let msg = Msg::SampleRemoved { dataset };
        cx.out.say(words::text(lang, &msg))?;
    }
    summary(cx, report, failed, dry_run)?;
    unread(cx, &fed.unread)
}

/// What a folder held beside documents, by kind: `.png 2、.docx 1`.
fn unread(cx: &mut Context, kinds: &BTreeMap<String, usize>) -> Result<(), Failure> {
    if kinds.is_empty() {
        return Ok(());
    }
    let lang = cx.lang;
    let count: usize = kinds.values().sum();
    let mut kinds: Vec<(&String, &usize)> = kinds.iter().collect();
    kinds.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
    let kinds: Vec<String> = kinds
        .into_iter()
        .map(|(end, count)| {
            let end = if end.is_empty() {
                lang.pick("无扩展名", "no extension")
            } else {
                end
            };
            format!("{end} {count}")
        })
        .collect();
    let kinds = kinds.join(lang.pick("、", ", "));
    let text = say!(
        lang,
        "未读 {count} 个文件：{kinds}",
        "{count} files not read: {kinds}"
    );
    cx.out.line(&Line::styled(Style::Faint, text))
}

/// Warnings by file, in the order of the files.
fn list_warnings(cx: &mut Context, warnings: &[Warning<'_>]) -> Result<(), Failure> {
    let mut order: Vec<&str> = Vec::new();
    let mut by_file: HashMap<&str, Vec<&Warning<'_>>> = HashMap::new();
    for warning in warnings {
        let of_file = by_file.entry(warning.file).or_default();
        if of_file.is_empty() {
            order.push(warning.file);
        }
        of_file.push(warning);
    }
    for file in order {
        cx.out.line(&Line::styled(Style::Strong, file))?;
        warnings_of_file(cx, by_file.get(file).map_or(&[], Vec::as_slice))?;
    }
    Ok(())
}

fn warnings_of_file(cx: &mut Context, warnings: &[&Warning<'_>]) -> Result<(), Failure> {
    let mut met: BTreeMap<&str, usize> = BTreeMap::new();
    for warning in warnings {
        let count = met.entry(warning.kind).or_default();
        *count += 1;
        if *count <= LISTED {
            one_warning(cx, warning)?;
        }
    }
    for (kind, count) in met {
        let more = count.saturating_sub(LISTED);
        if more > 0 {
            let text = say!(
                cx.lang,
                "  … 另有 {more} 处 {kind}",
                "  … and {more} more {kind}"
            );
            cx.out.line(&Line::styled(Style::Faint, text))?;
        }
    }
    Ok(())
}

fn one_warning(cx: &mut Context, warning: &Warning<'_>) -> Result<(), Failure> {
    let line = warning
        .line
        .map_or_else(|| "  ".to_owned(), |line| format!("  {line}: "));
    let line = Line::styled(Style::Faint, line)
        .and(&warning.message)
        .with(Style::Faint, format!("  [{}]", warning.kind));
    cx.out.line(&line)
}

fn masked(cx: &mut Context, report: &ImportReport, dry_run: bool) -> Result<(), Failure> {
    let lang = cx.lang;
    if !report.masked.is_empty() {
        let counts: Vec<String> = report
            .masked
            .iter()
            .map(|mask| {
                let class = names::mask_class(lang, &mask.class);
                let side = names::side(lang, &mask.side);
                let count = mask.count;
                say!(
                    lang,
                    "{class} {count}（{side}）",
                    "{count} {class} ({side})"
                )
            })
            .collect();
        let counts = counts.join(lang.pick("，", ", "));
        cx.out.say(if dry_run {
            say!(lang, "将脱敏：{counts}", "would be masked: {counts}")
        } else {
            say!(lang, "已脱敏：{counts}", "masked: {counts}")
        })?;
    }
    if !report.proposed_contacts.is_empty() {
        let contacts = report.proposed_contacts.join(lang.pick("、", ", "));
        cx.out.say(say!(
            lang,
            "这些联系方式出现在三条以上客服回复中，可能是贵方公开的：{contacts}",
            "these contacts stand in three or more agents' replies and may be your own: {contacts}"
        ))?;
        cx.out.say(say!(
            lang,
            "不再脱敏：gongdan settings edit allow_contacts，然后重新导入",
            "to keep them: gongdan settings edit allow_contacts, then import again"
        ))?;
    }
    Ok(())
}

fn summary(
    cx: &mut Context,
    report: &ImportReport,
    failed: usize,
    dry_run: bool,
) -> Result<(), Failure> {
    let lang = cx.lang;
    let imported = words::text(
        lang,
        &Msg::Imported {
            files: Count(report.files),
            new: Count(report.new),
            updated: Count(report.updated),
            unchanged: Count(report.unchanged),
            articles: Count(report.articles),
        },
    );
    let (dataset, seconds) = (&report.dataset, format!("{:.1}", report.seconds));
    let line = if report.files == 0 {
        say!(lang, "没有可导入的文件", "there was nothing to import")
    } else if dry_run {
        say!(
            lang,
            "试运行，没有保存：{imported}",
            "dry run, nothing stored: {imported}"
        )
    } else {
        say!(
            lang,
            "{imported}（数据集 {dataset}，{seconds} 秒）",
            "{imported} (dataset {dataset}, {seconds} s)"
        )
    };
    cx.out.line(&Line::styled(Style::Strong, line))?;
    if report.cancelled {
        cx.out.say(say!(
            lang,
            "已取消；以上已保存，再运行一次即可继续",
            "cancelled; the above is stored, running it again goes on from there"
        ))?;
    }
    if failed > 0 {
        let text = say!(lang, "{failed} 个文件失败", "{failed} files failed");
        cx.out.line(&Line::styled(Style::Warn, text))?;
    }
    Ok(())
}
