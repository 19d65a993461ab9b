//! Processes killed at any moment: what was acknowledged stays, and the next start goes on.
//!
//! `GONGDAN_CRASH_ROUNDS=20 cargo test --locked crash::` kills many times more.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::terminal::Home;

/// Tickets of the killed import.
const TICKETS: usize = 2_000;
/// Of these, one in so many is searched for after a kill.
const SEARCHED: usize = 50;

/// How many times over the tests run.
fn rounds() -> usize {
    let rounds = std::env::var("GONGDAN_CRASH_ROUNDS").ok();
    rounds.and_then(|n| n.parse().ok()).unwrap_or(1)
}

/// Moments spread evenly over a span, no two alike: the n-th multiple of the golden ratio.
fn moment(n: usize, span: Duration) -> Duration {
    let golden = 0.618_033_988_75 * (n + 1) as f64;
    span.mul_f64(golden.fract())
}

/// A document of so many tickets, no two alike.
fn document(tickets: usize, name: &str) -> String {
    let mut text = String::from("# 工单\n");
    for n in 0..tickets {
        let kind = ["证书问题", "访问下载", "配置问题"][n % 3];
        write!(
            text,
            "\n---\n\n## {name}第{n}号域名无法访问\n\n**问题分类**: CDN｜{kind}\n\n\
             ### 详细问题描述\n站点 {name}{n}.example.com 打不开，浏览器提示连接超时\n\n\
             ### 客服解答内容\n1. 您好，请检查 {name}{n}.example.com 的源站防火墙。\n\n\
             ### 根本原因分析\n源站防火墙拦截回源\n",
        )
        .unwrap();
    }
    text
}

fn begins(mut command: Command) -> Child {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Lets a process run for a while, then kills it. Whether it had come to its good end before.
fn killed_after(mut child: Child, time: Duration) -> bool {
    let end = Instant::now() + time;
    while Instant::now() < end {
        if let Some(status) = child.try_wait().unwrap() {
            assert!(status.success(), "{status}");
            return true;
        }
        // Nothing is waited for: the moment is the experiment.
        std::thread::sleep(Duration::from_millis(1));
    }
    // SIGKILL: nothing of the program runs after it.
    child.kill().unwrap();
    child.wait().unwrap().success()
}

/// Everything the store holds, as text that does not depend on when it came.
fn contents(home: &Home) -> BTreeSet<String> {
    let output = home.run(&["export", "--format", "markdown"]);
    assert!(output.status.success(), "{output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    let tickets = text.split("\n## ").skip(1);
    tickets.map(|ticket| ticket.trim().to_owned()).collect()
}

/// Ids and titles of all tickets.
fn listed(home: &Home) -> BTreeSet<(String, String)> {
    let rows = home.objects(&["list", "-n", "100000"]);
    let text = |row: &serde_json::Value, field: &str| row[field].as_str().unwrap().to_owned();
    rows.iter()
        .map(|row| (text(row, "id"), text(row, "title")))
        .collect()
}

/// Searches some of what is listed by its title, then asks whether store and index agree.
fn agrees(home: &Home) {
    let listed = listed(home);
    let some: Vec<_> = listed.iter().step_by(SEARCHED).collect();
    let queries: String = some
        .iter()
        .map(|(_, title)| format!("\"{title}\"\n"))
        .collect();
    let mut search = home.command(&["search", "--batch", "-", "-n", "3", "--json"]);
    let mut search = search
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = search.stdin.take().unwrap();
    input.write_all(queries.as_bytes()).unwrap();
    drop(input);
    let output = search.wait_with_output().unwrap();
    assert!(output.status.success() || some.is_empty(), "{output:?}");
    let found: BTreeSet<(u64, String)> = String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .map(|row| {
            let query = row["query_no"].as_u64().unwrap();
            (query, row["id"].as_str().unwrap().to_owned())
        })
        .collect();
    for (n, (id, title)) in (1..).zip(&some) {
        assert!(found.contains(&(n, id.clone())), "{title} is not found");
    }
    for check in home.objects(&["doctor"]) {
        if ["store", "index", "bodies"].contains(&check["check"].as_str().unwrap()) {
            assert_eq!(check["state"], "ok", "{check}");
        }
    }
}

#[test]
fn a_killed_import_keeps_what_was_there_and_is_completed_by_running_it_again() {
    let text = document(TICKETS, "b");
    let before = document(20, "a");
    let undisturbed = Home::new();
    let import = |home: &Home| {
        let file = home.file("b.md", &text);
        home.command(&["import", &file, "--dataset", "d"])
    };
    let first = |home: &Home| {
        let file = home.file("a.md", &before);
        home.objects(&["import", &file, "--dataset", "d"]);
        listed(home)
    };
    first(&undisturbed);
    let begun = Instant::now();
    assert!(import(&undisturbed).output().unwrap().status.success());
    let span = begun.elapsed();
    let wanted = (listed(&undisturbed), contents(&undisturbed));

    let mut n = 0;
    let mut unfinished = 0;
    for _ in 0..2 * rounds() {
        let home = Home::new();
        let acknowledged = first(&home);
        // One import after the other into the same store, none of which ends.
        for _ in 0..4 {
            let finished = killed_after(begins(import(&home)), moment(n, span));
            n += 1;
            unfinished += usize::from(!finished);
            let there = listed(&home);
            assert!(there.is_superset(&acknowledged), "kill {n}");
            assert!(there.is_subset(&wanted.0), "kill {n}: a ticket of nobody's");
            assert!(!finished || there == wanted.0, "kill {n}: {}", there.len());
            agrees(&home);
        }
        assert!(import(&home).output().unwrap().status.success());
        assert_eq!(listed(&home).len(), wanted.0.len());
        assert!((listed(&home), contents(&home)) == wanted, "not the same");
        agrees(&home);
    }
    println!("{unfinished} of {n} imports killed before their end ({span:?} each)");
    assert!(unfinished > 0, "no import was killed before its end");
}

#[test]
fn no_acknowledged_annotation_is_lost_by_a_kill() {
    let home = Home::new();
    let file = home.file("a.md", &document(40, "a"));
    home.objects(&["import", &file, "--dataset", "d"]);
    let ids: Vec<String> = listed(&home).into_iter().map(|(id, _)| id).collect();
    let set = |id: &str, cause: &str| home.command(&["cause", "set", id, cause, "--new", "--json"]);
    let begun = Instant::now();
    assert!(set(&ids[0], "原因0").output().unwrap().status.success());
    let span = begun.elapsed();

    // What each ticket was last known to have, and what it may have beside that.
    let mut known: Vec<Option<String>> = vec![None; ids.len()];
    known[0] = Some("原因0".to_owned());
    let mut killed = 0;
    for round in 0..12 * rounds() {
        let at = |step: usize| (round * 3 + step) % ids.len();
        for step in 0..2 {
            let cause = format!("原因{round}之{step}");
            assert!(
                set(&ids[at(step)], &cause)
                    .output()
                    .unwrap()
                    .status
                    .success()
            );
            known[at(step)] = Some(cause);
        }
        let (last, cause) = (at(2), format!("原因{round}被杀"));
        let acknowledged = killed_after(begins(set(&ids[last], &cause)), moment(round, span));
        killed += usize::from(!acknowledged);
        for row in home.objects(&["list", "-n", "100"]) {
            let id = row["id"].as_str().unwrap();
            let n = ids.iter().position(|known| known == id).unwrap();
            let causes: Vec<&str> = row["causes"]
                .as_array()
                .unwrap()
                .iter()
                .map(|cause| cause["name"].as_str().unwrap())
                .collect();
            let done = n == last && causes == [cause.as_str()];
            if done {
                // Acknowledged or not, it is whole.
                known[n] = Some(cause.clone());
            }
            assert!(done || !(acknowledged && n == last), "{id} lost {cause}");
            if let Some(cause) = &known[n] {
                assert_eq!(causes, [cause.as_str()], "{id} after kill {round}");
            }
        }
    }
    agrees(&home);
    println!("{killed} annotations killed before their end ({span:?} each)");
    assert!(killed > 0, "no annotation was killed before its end");
}
