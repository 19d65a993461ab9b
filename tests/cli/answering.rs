//! Standard replies, advice, suggestions and queues, as scripts and people ask for them.

use super::Person;
use crate::desk::answering::document;

pub fn person() -> Person {
    let person = Person::new();
    let file = person.file("a.md", document().as_bytes());
    person.ok(&["import", &file, "--json"]);
    person
}

fn keys(value: &serde_json::Value) -> Vec<&str> {
    value
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect()
}

fn has(value: &serde_json::Value, names: &[&str]) {
    let keys = keys(value);
    for name in names {
        assert!(keys.contains(name), "{name} is missing: {value}");
    }
}

#[test]
fn replies_carry_the_fields_scripts_rely_on() {
    let person = person();
    let rows = person.objects(&["replies"]);
    assert!(!rows.is_empty());
    for row in &rows {
        has(
            row,
            &[
                "id",
                "title",
                "code",
                "text",
                "slots",
                "tickets",
                "variants",
                "holding",
                "healed",
                "curated",
                "categories",
            ],
        );
        assert_eq!(row["holding"], false);
    }
    let steps = person.object(&["replies", "修改证书"]);
    assert_eq!(steps["tickets"], 3);
    has(&steps["slots"][0], &["name", "values"]);
    let account = person.objects(&["replies", "--category", "账户与财务"]);
    assert!(account.iter().all(|row| row["id"] != steps["id"]));
    let told = person.ok(&["replies", "修改证书"]).text();
    assert!(
        told.contains("见于 3 条工单") && told.contains("\n  2.打开"),
        "{told}"
    );
    let told = person.ok(&["replies", "--lang", "en"]).text();
    assert!(told.contains("tickets"), "{told}");
}

#[test]
fn a_message_on_standard_input_is_answered() {
    let person = person();
    let text = "你好，我要更换证书，域名是 new.kiwi.test，怎么操作";
    let advice = person.object(&["answer", text]);
    has(
        &advice,
        &["category", "replies", "tickets", "causes", "passages"],
    );
    has(&advice["category"][0], &["product", "issue_type", "score"]);
    has(
        &advice["replies"][0],
        &["id", "title", "text", "slots", "score", "tickets"],
    );
    assert_eq!(advice["replies"][0]["tickets"], 3);
    let piped = person.fed(&["answer", "-", "--json"], text.as_bytes());
    assert_eq!(piped.objects()[0]["replies"], advice["replies"]);
    let told = person.ok(&["answer", text]).text();
    assert!(told.contains("分类\n") && told.contains("回复\n"), "{told}");
    assert_eq!(person.run(&["answer", " "]).code, 2);
}

#[test]
fn an_unfilled_slot_stops_the_copy() {
    let person = person();
    let reply = person.object(&["replies", "修改证书"]);
    let id = reply["id"].as_str().unwrap();
    let slot = reply["slots"][0]["name"].as_str().unwrap();
    let refused = person.run(&["copy", id, "--json"]);
    assert_eq!(refused.code, 4, "{}", refused.err);
    assert!(
        refused.complaint()["hint"]
            .as_str()
            .unwrap()
            .starts_with("--set")
    );
    let value = format!("{slot}=my.fig.test");
    let copied = person.object(&["copy", id, "--set", &value]);
    assert!(copied["text"].as_str().unwrap().contains("my.fig.test"));
    assert_eq!(person.object(&["replies", "修改证书"])["uses"], 1);
    // What is offered for a ticket is copied by its number.
    let ticket = person.id("证书更换步骤咨询");
    let offered = person.object(&["copy", &ticket, "--reply", "1", "--set", &value]);
    assert_eq!(offered["reply"], id);
    assert_eq!(person.run(&["copy", &ticket, "--reply", "99"]).code, 1);
    assert_eq!(person.run(&["copy", "zzzzzzzz"]).code, 1);
    assert_eq!(person.run(&["copy", id, "--set", "没有等号"]).code, 2);
    // A slot that the reply does not have is named, with those it has.
    let unknown = person.run(&["copy", id, "--set", &value, "--set", "没有=x"]);
    assert_eq!(unknown.code, 2);
    assert!(
        unknown.err.contains("「没有」") && unknown.err.contains(slot),
        "{}",
        unknown.err
    );
}

#[test]
fn a_copy_that_failed_is_no_use() {
    let person = person();
    let reply = person.object(&["replies", "修改证书"]);
    let id = reply["id"].as_str().unwrap();
    let value = format!(
        "{}=my.fig.test",
        reply["slots"][0]["name"].as_str().unwrap()
    );
    // There is no tmux here to take it.
    let failed = person.run(&["copy", id, "--set", &value, "--method", "tmux"]);
    assert_eq!(failed.code, 4, "{}", failed.err);
    assert_eq!(person.object(&["replies", "修改证书"])["uses"], 0);
    person.ok(&["copy", id, "--set", &value]);
    assert_eq!(person.object(&["replies", "修改证书"])["uses"], 1);
}

#[test]
fn the_guard_stops_a_copy_until_it_is_overridden() {
    let person = person();
    let text = "您好，已经为您处理，明天会回复您，详情发到 13912345678。";
    person.ok(&["reply", "new", "处理进度", text, "--code", "jd"]);
    let refused = person.run(&["copy", "jd", "--json"]);
    assert_eq!(refused.code, 4);
    let message = refused.complaint()["message"].as_str().unwrap().to_owned();
    assert!(
        message.contains("脱敏残留 [REDACTED_PHONE]") && message.contains("承诺"),
        "{message}"
    );
    let copied = person.object(&["copy", "jd", "--anyway"]);
    // A reply passes the masks as it is written.
    let masked = text.replace("13912345678", "[REDACTED_PHONE]");
    assert_eq!(copied["text"], masked.as_str());
    let log = person.objects(&["log"]);
    let kinds = log[0]["before"].to_string();
    assert_eq!(log[0]["what"], "use");
    assert!(
        kinds.contains("leftover") && kinds.contains("promise"),
        "{kinds}"
    );
    // And in the trail that leaves the house.
    let trail = person.ok(&["log", "--csv"]).text();
    let copy = trail.lines().nth(1).unwrap();
    assert!(
        copy.contains("leftover") && copy.contains(",use,"),
        "{copy}"
    );
}

#[test]
fn a_tickets_own_turn_that_names_somebody_is_not_copied_unseen() {
    let person = Person::new();
    let said = "您好，已经按您的要求处理，结果发到 13912345678，另一位客户的账号也是这样改的。";
    let text = format!(
        "## 账号改绑\n\n**问题分类**：账户与财务｜账户问题\n\n### 问题描述\n\n怎么改绑\n\n### 客服解答\n\n**客户**：怎么改绑\n**客服**：{said}\n\n### 根本原因分析\n\n账号改绑咨询\n"
    );
    let file = person.file("a.md", text.as_bytes());
    person.ok(&["import", &file, "--no-mask", "--json"]);
    let id = person.object(&["list"])["id"].as_str().unwrap().to_owned();
    let refused = person.run(&["copy", &id, "--json"]);
    assert_eq!(refused.code, 4, "{}", refused.err);
    let message = refused.complaint()["message"].as_str().unwrap().to_owned();
    assert!(message.contains("13912345678"), "{message}");
    let copied = person.object(&["copy", &id, "--anyway"]);
    assert_eq!(copied["text"], said);
    let log = person.objects(&["log"]);
    assert!(log[0]["before"].to_string().contains("phone"), "{}", log[0]);
    // Printing sends nothing: it is read where it was said.
    assert!(person.ok(&["copy", &id, "--print"]).text().contains(said));
}

#[test]
fn a_reply_is_curated_from_the_command_line() {
    let person = person();
    let id = person.object(&["replies", "修改证书"])["id"]
        .as_str()
        .unwrap()
        .to_owned();
    person.ok(&["reply", "set", &id, "--name", "换证书", "--code", "hzs"]);
    let kept = person.object(&["replies", "换证书"]);
    assert_eq!(
        (&kept["code"], &kept["curated"]),
        (&"hzs".into(), &true.into())
    );
    person.ok(&["reply", "outdated", "hzs", "已改为自动续期"]);
    assert!(person.objects(&["replies", "换证书"]).is_empty());
    let refused = person.run(&["copy", "hzs", "--set", "域名=a.fig.test"]);
    assert!(
        refused.code == 4 && refused.err.contains("自动续期"),
        "{}",
        refused.err
    );
    assert_eq!(person.objects(&["replies", "换证书", "--all"]).len(), 1);
    person.ok(&["undo"]);
    assert_eq!(person.objects(&["replies", "换证书"]).len(), 1);
    person.ok(&["reply", "retire", "hzs"]);
    assert!(person.objects(&["replies", "换证书"]).is_empty());
    assert_eq!(person.run(&["reply", "set", &id]).code, 2);
}

#[test]
fn the_queue_says_why_and_the_most_certain_comes_first() {
    let person = person();
    let rows = person.objects(&["cause", "queue", "--kind", "suspect"]);
    assert_eq!(rows.len(), 2);
    for row in &rows {
        let mut found = keys(row);
        found.sort_unstable();
        let wanted = "id kind reason reason_args reason_kind score title";
        assert_eq!(found, wanted.split(' ').collect::<Vec<_>>());
        assert!(row["title"].as_str().unwrap().contains("注销账号"));
        assert!(row["reason"].as_str().unwrap().contains("证书未重新绑定"));
    }
    let english = person.ok(&["cause", "queue", "--kind", "suspect", "--lang", "en"]);
    assert!(english.text().contains("given"), "{}", english.text());
    let waiting = person.objects(&["cause", "queue", "--kind", "placeholder"]);
    assert_eq!(waiting[0]["title"], "子账号看不到账单");
    assert!(
        person
            .objects(&["cause", "queue", "--kind", "disputed"])
            .is_empty()
    );
    assert!(
        person
            .objects(&["cause", "queue", "--kind", "mine"])
            .is_empty()
    );
    let all = person.objects(&["cause", "queue"]);
    let scores: Vec<f64> = all
        .iter()
        .map(|row| row["score"].as_f64().unwrap())
        .collect();
    assert!(scores.is_sorted_by(|a, b| a >= b), "{scores:?}");
}

#[test]
fn a_cause_is_suggested_with_the_tickets_that_speak_for_it() {
    let person = person();
    let (first, second) = (person.id("想要注销账号"), person.id("申请注销账号"));
    person.ok(&["cause", "set", &first, "账号注销咨询", "--new"]);
    let found = person.objects(&["cause", "suggest", &second]);
    assert_eq!(found[0]["cause"], "账号注销咨询");
    assert_eq!(found[0]["evidence"][0], first.as_str());
    assert!(found[0]["score"].as_f64().unwrap() > 0.3);
    let told = person.ok(&["cause", "suggest", &second]).text();
    assert!(told.starts_with("1 "), "{told}");
    assert_eq!(person.run(&["cause", "suggest", "zzzzzz"]).code, 1);
}
