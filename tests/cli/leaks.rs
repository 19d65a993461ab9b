//! Nothing lost, nothing leaked: what is typed or imported is masked, what is there is not
//! overwritten.

use serde_json::Value;

use super::Person;

/// One ticket with a number that masking finds.
const LEAKY: &str = "# 工单\n\n---\n\n## 换绑手机收不到短信\n\n**问题分类**: 账户与财务｜账户问题\n\n### 详细问题描述\n\
    我的号码幺三八〇〇幺三八〇〇〇收不到\n\n### 客服解答内容\n1. 您好，已为您核实，请十分钟后重试。\n\n---\n";

const NUMBER: &str = "幺三八〇〇幺三八〇〇〇";

impl Person {
    fn everything(&self) -> String {
        self.ok(&["export"]).text()
    }
}

#[test]
fn what_an_older_import_let_through_is_found_and_masked_on_request() {
    let person = Person::new();
    let file = person.file("a.md", LEAKY.as_bytes());
    person.ok(&["import", &file, "--no-mask", "--json"]);
    assert!(person.everything().contains(NUMBER));
    let id = person.id("换绑手机收不到短信");
    person.ok(&["cause", "set", &id, "短信延迟", "--new"]);
    let found = person.objects(&["mask", "--check"]);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["id"].as_str(), Some(id.as_str()));
    assert_eq!(found[0]["classes"]["phone"], 1);
    assert!(!found[0].to_string().contains(NUMBER), "a report quotes it");
    assert!(person.everything().contains(NUMBER), "checking changed it");
    // Nobody is there to confirm.
    let refused = person.run(&["mask"]);
    assert_eq!(refused.code, 4, "{}", refused.err);
    assert!(person.everything().contains(NUMBER));
    assert!(person.objects(&["mask", "--check", "证书"]).is_empty());
    person.ok(&["mask", "--yes"]);
    let left = person.everything();
    assert!(
        !left.contains(NUMBER) && left.contains("[REDACTED_PHONE]"),
        "{left}"
    );
    assert_eq!(person.id("换绑手机收不到短信"), id, "it is the same ticket");
    assert!(left.contains("短信延迟"), "its annotation is kept");
    assert!(person.objects(&["mask", "--check"]).is_empty());
}

#[test]
fn every_way_in_masks_alike() {
    let person = Person::new();
    let file = person.file("a.md", LEAKY.as_bytes());
    person.ok(&["import", &file, "--no-mask", "--json"]);
    let export = person.file("a.jsonl", person.everything().as_bytes());
    let other = Person::new();
    other.ok(&["import", &export, "--json"]);
    assert!(!other.everything().contains(NUMBER), "our own export");

    let id = other.id("换绑手机收不到短信");
    let said = format!("客户说打{NUMBER}");
    other.ok(&["cause", "set", &id, "短信延迟", "--new", "--note", &said]);
    other.ok(&["outdated", &id, "--reason", &said]);
    other.ok(&["reply", "new", "回电", &said]);
    let added = LEAKY.replace("换绑手机", "另一个号码");
    let add = other.fed(&["add", "-"], added.as_bytes());
    assert_eq!(add.code, 0, "{}", add.err);
    let everything = other.everything()
        + &other.ok(&["log", "--json"]).text()
        + &other.ok(&["replies", "--all", "--json"]).text();
    assert!(everything.contains("另一个号码"));
    assert!(!everything.contains(NUMBER), "{everything}");
}

#[test]
fn further_classes_are_masked_where_a_team_asks_for_them() {
    let person = Person::new();
    let doc = LEAKY.replace(NUMBER, "在服务器 203.0.113.77 上");
    let file = person.file("a.md", doc.as_bytes());
    person.ok(&["import", &file, "--json"]);
    assert!(person.everything().contains("203.0.113.77"));
    person.ok(&["settings", "set", "mask_classes", "[\"public_ip\"]"]);
    let wrong = person.run(&["settings", "set", "mask_classes", "[\"phone\"]"]);
    assert_eq!(wrong.code, 2, "{}", wrong.err);
    person.ok(&["mask", "--yes"]);
    assert!(!person.everything().contains("203.0.113.77"));
}

#[test]
fn an_export_overwrites_only_by_force_and_never_in_the_data_directory() {
    let person = Person::with_tickets();
    let kept = person.file("kept.txt", b"mine");
    for args in [&["export", "-o"][..], &["stats", "--html"]] {
        let run = |path: &str, force: bool| {
            let mut args = args.to_vec();
            args.push(path);
            args.extend(force.then_some("--force"));
            person.run(&args)
        };
        std::fs::write(&kept, "mine").unwrap();
        let refused = run(&kept, false);
        assert_eq!(refused.code, 4, "{}", refused.err);
        assert!(refused.err.contains("--force"), "{}", refused.err);
        assert_eq!(std::fs::read(&kept).unwrap(), b"mine");
        assert_eq!(run(&kept, true).code, 0);
        assert_ne!(std::fs::read(&kept).unwrap(), b"mine");
        let inside = person.path("data/new.txt");
        let inside = inside.to_str().unwrap();
        assert_eq!(run(inside, true).code, 4);
        assert!(!std::path::Path::new(inside).exists());
    }
}

#[test]
fn one_value_that_cannot_be_read_costs_no_ticket() {
    let person = Person::new();
    let lines = "{\"title\":\"回源\\ud800失败\",\"question\":\"回源一直失败\",\"replies\":[\"您好，请检查源站。\"],\"score\":1e400}\n\
        {\"title\":\"证书过期\",\"question\":\"证书过期了\",\"replies\":[\"您好，请重新申请。\"]}\n";
    let array = format!(
        "[{}]",
        lines.trim().replace('\n', ",").replace("回源", "刷新")
    );
    let (lines, array) = (
        person.file("a.jsonl", lines.as_bytes()),
        person.file("b.json", array.as_bytes()),
    );
    person.ok(&["import", &lines, &array, "--json"]);
    let titles: Vec<Value> = person.objects(&["list"]);
    let titles: Vec<&str> = titles
        .iter()
        .map(|row| row["title"].as_str().unwrap())
        .collect();
    assert!(
        titles.iter().any(|title| title.starts_with("回源")),
        "{titles:?}"
    );
    assert!(
        titles.iter().any(|title| title.starts_with("刷新")),
        "{titles:?}"
    );
}
