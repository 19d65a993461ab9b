//! Rough weather: closed pipes, strange encodings, hostile text, full disks, busy stores.

use std::io::{Read, Write};
use std::process::Stdio;
use std::time::{Duration, Instant};

use super::{Person, documents, text};

/// Many tickets, more than a pipe holds.
fn many(count: usize) -> String {
    let mut document = String::from("# 很多工单\n\n---\n\n");
    for n in 0..count {
        document += &documents::ONE.replace("签名提交三次", &format!("第 {n} 号签名提交三次"));
        document += "\n---\n\n";
    }
    document
}

#[test]
fn a_reader_that_leaves_is_no_error() {
    let person = Person::new();
    let file = person.file("很多.md", many(2_000).as_bytes());
    person.ok(&["import", &file]);
    for args in [
        ["list", "--json", "-n", "2000"],
        ["list", "--lang", "en", "-n2000"],
        ["export", "--format", "csv", "--json"],
    ] {
        let mut child = person
            .command(&args)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut one = [0];
        let mut stdout = child.stdout.take().unwrap();
        stdout.read_exact(&mut one).unwrap();
        drop(stdout);
        let ended = child.wait_with_output().unwrap();
        let err = String::from_utf8(ended.stderr).unwrap();
        assert_eq!(ended.status.code(), Some(0), "{args:?}: {err}");
        assert_eq!(err, "", "{args:?}");
    }
}

#[test]
fn a_gbk_document_reads_as_it_was_written() {
    let person = Person::new();
    let (bytes, _, _) = encoding_rs::GBK.encode(documents::TICKETS);
    let file = person.file("gbk.md", &bytes);
    let report = person.object(&["import", &file]);
    assert_eq!(report["new"], 3);
    let warnings = report["warnings"].as_array().unwrap();
    assert!(
        warnings.iter().any(|w| w["kind"] == "encoding_converted"),
        "{report}"
    );
    person.id("证书续期后浏览器仍提示过期");
}

#[test]
fn no_ticket_reaches_the_terminal_with_an_escape_sequence() {
    let person = Person::new();
    let file = person.file("恶意\u{1b}[31m.md", documents::HOSTILE.as_bytes());
    let import = person.ok(&["import", &file]);
    let rows = person.objects(&["list"]);
    let id = rows[0]["id"].as_str().unwrap();
    let mut written = vec![import];
    for args in [
        vec!["list"],
        vec!["list", "--json"],
        vec!["show", id],
        vec!["show", id, "--json"],
        vec!["search", "上传"],
        vec!["search", "上传", "--json"],
        vec!["copy", id, "--print"],
        vec!["categories"],
        vec!["cause", "list"],
        vec!["stats"],
        vec!["log"],
        vec!["export", "--format", "jsonl"],
        vec!["export", "--format", "csv"],
        vec!["export", "--format", "markdown"],
    ] {
        written.push(person.ok(&args));
    }
    written.push(person.run(&["show", "\u{1b}[31mzz"]));
    written.push(person.run(&["cause", "set", id, "没有\u{1b}]0;x\u{7}"]));
    for ran in written {
        let all = ran.text() + &ran.err;
        let obeyed = |c: char| {
            (c.is_control() && !matches!(c, '\n' | '\t' | '\r'))
                || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        };
        assert!(!all.contains(obeyed), "{all:?}");
    }
}

#[test]
fn colours_are_for_terminals_only() {
    let person = Person::with_tickets();
    let vars = [("TERM", "xterm-256color"), ("CLICOLOR_FORCE", "1")];
    let ran = person.run_with(&["search", "证书"], b"", &vars);
    assert!(!ran.text().contains('\u{1b}'));
}

#[test]
fn a_full_disk_is_exit_74() {
    if !std::path::Path::new("/dev/full").exists() {
        return;
    }
    let person = Person::with_tickets();
    let full = std::fs::OpenOptions::new()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let status = person
        .command(&["list"])
        .stdin(Stdio::null())
        .stdout(full)
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert_eq!(status.code(), Some(74));
    let nowhere = text(&person.path("no-such-folder/out.jsonl"));
    assert_eq!(person.run(&["export", "-o", &nowhere]).code, 74);
}

#[test]
fn a_store_in_use_is_exit_three_and_says_so() {
    let person = Person::with_tickets();
    // An import that waits for its input holds the store.
    let mut holder = person
        .command(&["import", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let deadline = Instant::now() + Duration::from_secs(20);
    let busy = loop {
        let ran = person.run(&["list", "--json"]);
        if ran.code != 0 {
            break ran;
        }
        assert!(Instant::now() < deadline, "the store was never held");
    };
    assert_eq!(busy.code, 3, "{}", busy.err);
    assert_eq!(busy.complaint()["error"], "busy");
    drop(holder.stdin.take());
    holder.wait().unwrap();
    person.ok(&["list"]);
}

#[test]
fn chinese_columns_stand_under_each_other() {
    let person = Person::with_tickets();
    let table = person.ok(&["list"]).text();
    let column = |line: &str, what: &str| {
        let at = line.find(what).unwrap();
        unicode_width::UnicodeWidthStr::width(&line[..at])
    };
    let lines: Vec<&str> = table.lines().collect();
    let head = column(lines[0], "分类");
    for line in &lines[1..] {
        let category = if line.contains("CDN｜") {
            "CDN｜"
        } else {
            "账户与财务"
        };
        assert_eq!(column(line, category), head, "{table}");
    }
}

#[test]
fn a_long_document_is_told_of_while_it_is_read_where_there_is_no_terminal() {
    let person = Person::new();
    let mut importing = person
        .command(&["import", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stderr = importing.stderr.take().unwrap();
    let (sender, said) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let mut first = [0; "正在读取".len()];
        stderr.read_exact(&mut first).unwrap();
        sender.send(first).unwrap();
        // What else is said must find a reader.
        std::io::copy(&mut stderr, &mut std::io::sink()).unwrap();
    });
    let mut input = importing.stdin.take().unwrap();
    // No ticket, so that it is quickly done with; a megabyte at a time, until something is said.
    let blank = vec![b'\n'; 1 << 20];
    let deadline = Instant::now() + Duration::from_secs(60);
    let first = loop {
        input.write_all(&blank).unwrap();
        match said.recv_timeout(Duration::from_millis(50)) {
            Ok(first) => break first,
            Err(_) => assert!(Instant::now() < deadline, "nothing was said"),
        }
    };
    drop(input);
    importing.wait().unwrap();
    assert_eq!(String::from_utf8_lossy(&first), "正在读取");
}
