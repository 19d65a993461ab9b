//! Imports: one at a time, cut short, moved about, and what a stranger's export may change.

use gongdan::api::{
    Answer, Desk, DeskError, ErrorCode, ExportFormat, ImportOptions, ImportReport, Request, ask,
};
use gongdan::desk::{Authority, LocalDesk};
use gongdan::model::{JobId, TicketFilter};

use super::transfer::read_all;
use super::{Bench, DOCUMENT, all, annotate, identity, import, new_cause, titled};

fn options(dry_run: bool) -> ImportOptions {
    ImportOptions {
        dataset: Some("team".to_owned()),
        articles: false,
        dry_run,
        no_mask: false,
        list_masks: false,
        columns: Vec::new(),
    }
}

fn open(desk: &dyn Desk, dry_run: bool) -> Result<JobId, DeskError> {
    match desk.call(Request::ImportOpen(options(dry_run)))? {
        Answer::Job(job) => Ok(job),
        other => panic!("{other:?}"),
    }
}

fn data(desk: &dyn Desk, job: JobId, text: &str) -> Result<Answer, DeskError> {
    desk.call(Request::ImportData(ask::ImportData {
        job,
        file: "a.md".to_owned(),
        bytes: text.as_bytes().to_vec(),
        end: true,
    }))
}

fn close(desk: &dyn Desk, job: JobId) -> ImportReport {
    match desk
        .call(Request::ImportClose(ask::ImportClose { job }))
        .unwrap()
    {
        Answer::Imported(report) => report,
        other => panic!("{other:?}"),
    }
}

pub fn two_imports_never_store_a_ticket_twice(bench: &Bench) {
    let (first, second) = (bench.first.as_ref(), bench.second.as_ref());
    let job = open(first, false).unwrap();
    data(first, job, DOCUMENT).unwrap();
    assert_eq!(
        open(second, false).unwrap_err().code(),
        ErrorCode::Importing
    );
    // What stores nothing is in nobody's way.
    let dry = open(second, true).unwrap();
    data(second, dry, DOCUMENT).unwrap();
    assert_eq!(close(second, dry).tickets, 3);
    assert_eq!(close(first, job).new, 3);
    assert_eq!(import(second, "team", "a.md", DOCUMENT).unchanged, 3);
    assert_eq!(all(first).len(), 3);
}

pub fn a_cancelled_import_makes_room_for_the_next(bench: &Bench) {
    let desk = bench.first.as_ref();
    let job = open(desk, false).unwrap();
    desk.call(Request::Cancel(ask::Cancel { job })).unwrap();
    // What was on its way is no fault.
    data(desk, job, DOCUMENT).unwrap();
    assert!(close(desk, job).cancelled);
    assert_eq!(import(desk, "team", "a.md", DOCUMENT).new, 3);
}

pub fn a_ticket_that_moved_in_its_file_still_takes_corrections(bench: &Bench) {
    let desk = bench.first.as_ref();
    let mark = "## 证书续期";
    let moved = DOCUMENT.replace(
        mark,
        "## 新的一条\n\n### 详细问题描述\n如何开通加速\n\n### 客服解答内容\n1. 在控制台添加域名即可。\n\n---\n\n## 证书续期",
    );
    import(desk, "team", "a.md", DOCUMENT);
    assert_eq!(import(desk, "team", "a.md", &moved).new, 1);
    let corrected = moved.replace("缓存规则未配置", "回源规则未配置");
    assert_eq!(import(desk, "team", "a.md", &corrected).updated, 1);
    let causes = titled(desk, "回源").causes;
    assert!(causes.iter().any(|cause| cause.name == "回源规则未配置"));
}

pub fn any_number_of_rows_may_be_asked_for(bench: &Bench) {
    let desk = bench.first.as_ref();
    import(desk, "team", "a.md", DOCUMENT);
    desk.call(Request::CatchUp(ask::CatchUp)).unwrap();
    let wanted = Request::Search(ask::Search {
        query: "证书".to_owned(),
        filter: TicketFilter::default(),
        limit: usize::MAX,
    });
    let Answer::Found(found) = desk.call(wanted).unwrap() else {
        panic!()
    };
    assert!(!found.rows.is_empty());
}

/// A member's session at a desk whose store belongs to another.
fn member(desk: &LocalDesk) -> LocalDesk {
    let mut member = identity("周", "b");
    member.authority = Authority::Member;
    desk.session(member)
}

#[test]
fn an_export_changes_no_settings_and_no_ones_history_for_a_member_of_a_team() {
    let home = tempfile::tempdir().unwrap();
    let owner = LocalDesk::open(home.path(), identity("林", "a")).unwrap();
    import(&owner, "team", "a.md", DOCUMENT);
    let ticket = titled(&owner, "回源");
    let causes = [new_cause("缓存头配置错误")];
    annotate(&owner, &[ticket.id.as_str()], None, &causes).unwrap();
    owner
        .call(Request::SetSetting(ask::SetSetting {
            setting: gongdan::model::Setting::Roles,
            value: Some(r#"{"周":"admin"}"#.to_owned()),
            base_rev: None,
        }))
        .unwrap();
    let export = read_all(&owner, ExportFormat::Jsonl);

    let away = tempfile::tempdir().unwrap();
    let team = LocalDesk::open(away.path(), identity("何", "c")).unwrap();
    let report = import(&member(&team), "team", "a.jsonl", &export);
    let refused = |kind: &&_| **kind == "record_refused";
    let kinds: Vec<&str> = report.warnings.iter().map(|w| w.kind.as_str()).collect();
    assert_eq!(kinds.iter().filter(refused).count(), 1, "{kinds:?}");
    let settings = match team.call(Request::Settings(ask::Settings)).unwrap() {
        Answer::Settings(rows) => rows,
        other => panic!("{other:?}"),
    };
    let roles = settings.iter().find(|row| row.name == "roles").unwrap();
    assert!(!roles.value.contains("admin"), "{}", roles.value);
    let Answer::Log(log) = team
        .call(Request::Log(ask::Log {
            id: Some(ticket.id.to_string()),
            limit: 10,
        }))
        .unwrap()
    else {
        panic!()
    };
    let authors: Vec<&str> = log.iter().map(|entry| entry.author.as_str()).collect();
    assert_eq!(authors, ["周"], "who brings it along has done it");
}

#[test]
fn the_text_of_an_exports_records_passes_the_sanitiser() {
    let home = tempfile::tempdir().unwrap();
    let owner = LocalDesk::open(home.path(), identity("林", "a")).unwrap();
    import(&owner, "team", "a.md", DOCUMENT);
    let ticket = titled(&owner, "回源");
    let causes = [new_cause("缓存头配置错误")];
    annotate(&owner, &[ticket.id.as_str()], None, &causes).unwrap();
    let export = read_all(&owner, ExportFormat::Jsonl);
    let hostile = export.replace("缓存头配置错误", "缓存头\\u001b]52;c;eA==\\u0007配置错误");
    assert_ne!(hostile, export);

    let away = tempfile::tempdir().unwrap();
    let other = LocalDesk::open(away.path(), identity("何", "c")).unwrap();
    import(&other, "team", "a.jsonl", &hostile);
    let row = titled(&other, "回源");
    assert!(row.causes.iter().any(|c| c.name.contains("配置错误")));
    assert!(row.causes.iter().all(|c| !c.name.contains('\u{1b}')));
}
