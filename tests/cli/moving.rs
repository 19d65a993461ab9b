//! What leaves and enters the store: exports, backups, settings, datasets.

use std::fs;
use std::time::{Duration, Instant};

use super::{Person, documents, text};

#[test]
fn an_export_imports_back_with_ids_annotations_and_history() {
    let person = Person::with_tickets();
    let id = person.id("子账号无法登录控制台");
    person.ok(&[
        "cause",
        "set",
        &id,
        "子账号未授权",
        "--new",
        "--note",
        "已核实",
    ]);
    let out = text(&person.path("all.jsonl"));
    let written = person.object(&["export", "--format", "jsonl", "-o", &out]);
    assert_eq!(written["path"], out.as_str());

    let other = Person::new();
    other.ok(&["import", &out]);
    let (before, after) = (person.object(&["show", &id]), other.object(&["show", &id]));
    for field in [
        "title",
        "dialogue",
        "causes",
        "cause_state",
        "datasets",
        "question",
    ] {
        assert_eq!(before[field], after[field], "{field}");
    }
    assert_eq!(after["history"][0]["note"], "已核实");
}

#[test]
fn a_second_markdown_export_equals_the_first() {
    let person = Person::with_tickets();
    let first = person.ok(&["export", "--format", "markdown"]).out;
    let other = Person::new();
    let file = other.file("七月.md", &first);
    other.ok(&["import", &file]);
    assert_eq!(other.object(&["list", "--count"])["count"], 3);
    let second = other.ok(&["export", "--format", "markdown"]).text();
    assert_eq!(second, String::from_utf8(first).unwrap());
}

#[test]
fn a_table_opens_in_a_spreadsheet_and_a_query_narrows_it() {
    let person = Person::with_tickets();
    let table = person.ok(&["export", "--format", "csv"]).text();
    assert!(table.starts_with('\u{feff}'));
    let some = person.ok(&["export", "--query", "证书过期"]).text();
    assert!(some.contains("证书续期后浏览器仍提示过期"), "{some}");
}

#[test]
fn the_audit_trail_leaves_as_a_table_of_who_where_before_and_after() {
    let person = Person::with_tickets();
    let id = person.id("子账号无法登录控制台");
    let note = ["--new", "--note", "=已核实"];
    person.ok(&[&["cause", "set", &id, "子账号未授权"], &note[..]].concat());
    person.ok(&["cause", "set", &id, "权限策略冲突", "--new"]);
    let trail = person.ok(&["log", "--csv"]).text();
    let (first, lines) = trail
        .trim_start_matches('\u{feff}')
        .split_once('\n')
        .unwrap();
    let columns: Vec<&str> = first.trim_end().split(',').collect();
    let log = person.objects(&["log", "-n", "1000"]);
    assert_eq!(lines.lines().count(), log.len(), "{trail}");
    // Newest first, as the log tells it; the causes were the newest acts.
    for (line, told) in lines.lines().zip(&log) {
        let cells: Vec<&str> = line.split(',').collect();
        let cell = |name: &str| cells[columns.iter().position(|c| *c == name).unwrap()];
        for name in ["author", "host", "session", "what", "title"] {
            assert_eq!(cell(name), told[name].as_str().unwrap(), "{line}");
        }
        // The table is in UTC, whoever reads it.
        let moment = |text: &str| text.parse::<jiff::Timestamp>().unwrap();
        assert_eq!(moment(cell("at")), moment(told["at"].as_str().unwrap()));
        assert_eq!(cell("uid"), told["uid"].to_string());
        for name in ["before", "after"] {
            let values: Vec<&str> = told[name]
                .as_array()
                .unwrap()
                .iter()
                .map(|value| value.as_str().unwrap())
                .collect();
            assert_eq!(cell(name), values.join("；"), "{line}");
        }
    }
    assert!(lines.contains(",子账号未授权,权限策略冲突,"), "{lines}");
    assert!(lines.contains(",'=已核实,"), "a formula is none: {lines}");
    let own = person.ok(&["log", &id, "--csv"]).text();
    let about = person.objects(&["log", &id, "-n", "1000"]);
    assert_eq!(own.lines().count(), about.len() + 1);
}

#[test]
fn a_backup_restores_into_a_new_place_and_never_over_an_old_one() {
    let person = Person::with_tickets();
    let backup = text(&person.path("store.backup"));
    person.ok(&["backup", &backup]);
    let other = Person::new();
    other.ok(&["restore", &backup]);
    assert_eq!(other.object(&["list", "--count"])["count"], 3);
    assert_eq!(
        other.objects(&["search", "回源流量"])[0]["title"],
        "回源流量突增"
    );

    let ran = person.run(&["restore", &backup, "--json"]);
    assert_eq!(
        (ran.code, &ran.complaint()["error"]),
        (4, &"refused".into())
    );
    let id = person.id("回源流量突增");
    person.ok(&["category", "set", &id, "对象存储｜回源"]);
    let restored = person.object(&["restore", &backup, "--replace"]);
    assert_eq!(person.object(&["show", &id])["product"], "CDN");
    let aside = restored["moved_aside"].as_str().unwrap();
    assert!(fs::read_dir(aside).unwrap().next().is_some());
}

#[test]
fn a_store_that_a_daemon_serves_is_not_replaced() {
    let person = Person::with_tickets();
    let backup = text(&person.path("store.backup"));
    person.ok(&["backup", &backup]);
    let mut daemon = person.command(&["serve"]).spawn().unwrap();
    let deadline = Instant::now() + Duration::from_secs(30);
    while person.object(&["status"])["state"] != "ready" {
        assert!(Instant::now() < deadline, "no daemon");
    }
    let ran = person.run(&["restore", &backup, "--replace", "--json"]);
    assert_eq!((ran.code, &ran.complaint()["error"]), (3, &"busy".into()));
    person.ok(&["stop"]);
    daemon.wait().unwrap();
    person.ok(&["restore", &backup, "--replace"]);
}

#[test]
fn a_broken_backup_changes_nothing() {
    let person = Person::with_tickets();
    let backup = person.path("store.backup");
    person.ok(&["backup", &text(&backup)]);
    let whole = fs::read(&backup).unwrap();
    let half = person.file("half.backup", &whole[..whole.len() / 2]);
    assert_eq!(person.run(&["restore", &half, "--replace"]).code, 74);
    assert_eq!(person.object(&["list", "--count"])["count"], 3);
    let missing = person.run(&["restore", "no-such-file", "--json"]);
    assert_eq!(
        (missing.code, &missing.complaint()["error"]),
        (74, &"file".into())
    );
}

#[test]
fn a_dataset_goes_only_when_somebody_says_yes() {
    let person = Person::with_tickets();
    let rows = person.objects(&["dataset", "list"]);
    assert_eq!(
        (&rows[0]["name"], &rows[0]["tickets"]),
        (&"七月".into(), &3.into())
    );
    let ran = person.run(&["dataset", "remove", "七月", "--json"]);
    assert_eq!(ran.code, 4);
    assert!(ran.complaint()["hint"].as_str().unwrap().contains("--yes"));
    assert_eq!(person.object(&["list", "--count"])["count"], 3);
    person.ok(&["dataset", "remove", "七月", "--yes"]);
    assert_eq!(person.object(&["list", "--count"])["count"], 0);
}

#[test]
fn a_setting_is_set_read_edited_and_refused_with_its_line() {
    let person = Person::new();
    person.ok(&["settings", "set", "words", "[\"回源\"]"]);
    let words = person.object(&["settings", "get", "words"]);
    assert_eq!(words["value"][0], "回源");
    assert_eq!(person.objects(&["settings", "get"]).len(), 6);
    assert_eq!(person.run(&["settings", "set", "words", "{\"a\":"]).code, 2);
    assert_eq!(person.run(&["settings", "set", "wrods", "[]"]).code, 2);

    let editor = [("EDITOR", "sed -i s/回源/源站/")];
    let ran = person.run_with(&["settings", "edit", "words"], b"", &editor);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let words = person.object(&["settings", "get", "words"]);
    assert_eq!(words["value"][0], "源站");

    let editor = [("EDITOR", "sed -i 's/\"源站\"/3/'")];
    let ran = person.run_with(&["settings", "edit", "--lang", "en"], b"", &editor);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("line"), "{}", ran.err);
    person.ok(&["settings", "set", "words", "--default"]);
    let words = person.object(&["settings", "get", "words"]);
    assert_eq!(words["value"].as_array().unwrap().len(), 0);
}

#[test]
fn a_file_that_cannot_be_read_is_named_and_the_rest_goes_on() {
    let person = Person::new();
    let good = person.file("好.md", documents::TICKETS.as_bytes());
    let mut noise = vec![0u8; 4096];
    noise.extend(b"\x7fELF\x02\x01");
    let binary = person.file("程序.bin", &noise);
    let ran = person.run(&["import", "没有.md", &binary, &good, "--json"]);
    assert_eq!(ran.code, 6, "{}", ran.err);
    let report = &ran.objects()[0];
    assert_eq!((&report["new"], &report["failed"]), (&3.into(), &2.into()));
    let kind = |kind: &str| {
        let warnings = report["warnings"].as_array().unwrap();
        warnings.iter().find(|w| w["kind"] == kind).unwrap()["file"].clone()
    };
    assert_eq!(kind("unreadable_file"), "没有.md");
    assert_eq!(kind("binary_file"), "程序.bin");
}

#[test]
fn a_folder_and_standard_input_are_imported() {
    let person = Person::new();
    person.file("周报/a.md", documents::TICKETS.as_bytes());
    person.file("周报/b/one.txt", documents::ONE.as_bytes());
    person.file("周报/ignored.rs", b"fn main() {}");
    let report = person.object(&["import", "周报"]);
    assert_eq!((&report["files"], &report["new"]), (&2.into(), &4.into()));
    assert_eq!(report["dataset"], "周报");

    let other = Person::new();
    let ran = other.fed(
        &["import", "-", "--dataset", "粘贴"],
        documents::TICKETS.as_bytes(),
    );
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(other.objects(&["list", "--dataset", "粘贴"]).len(), 3);
}

#[test]
fn a_dry_run_stores_nothing_and_lists_what_would_be_masked() {
    let person = Person::new();
    let with_phone = documents::ONE.replace("三次", "三次，电话 13912345678，");
    let file = person.file("一.md", with_phone.as_bytes());
    let report = person.object(&["import", &file, "--dry-run", "--masks"]);
    assert_eq!(report["places"][0]["class"], "phone");
    assert!(!report.to_string().contains("13912345678"));
    assert_eq!(person.object(&["list", "--count"])["count"], 0);
    person.ok(&["import", &file]);
    let rows = person.objects(&["list"]);
    let shown = person.object(&["show", rows[0]["id"].as_str().unwrap()]);
    assert!(
        shown["question"]
            .as_str()
            .unwrap()
            .contains("[REDACTED_PHONE]")
    );
}
