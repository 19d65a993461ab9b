//! A day of an agent: import, browse, search, annotate, undo, copy.

use super::{Person, documents};

#[test]
fn an_import_reports_what_it_met_and_where_to_look() {
    let person = Person::new();
    let file = person.file("七月.md", documents::TICKETS.as_bytes());
    let report = person.object(&["import", &file]);
    assert_eq!(report["files"], 1);
    assert_eq!((&report["tickets"], &report["new"]), (&3.into(), &3.into()));
    assert_eq!(report["dataset"], "七月");
    let warnings = report["warnings"].as_array().unwrap();
    let mismatch = warnings
        .iter()
        .find(|w| w["kind"] == "declared_count_mismatch")
        .unwrap();
    assert_eq!(mismatch["file"], "七月.md");
    let message = mismatch["message"].as_str().unwrap();
    assert!(message.contains('5') && message.contains('3'), "{message}");

    let again = person.object(&["import", &file]);
    assert_eq!((&again["new"], &again["unchanged"]), (&0.into(), &3.into()));
}

#[test]
fn what_was_imported_is_listed_counted_and_narrowed() {
    let person = Person::with_tickets();
    assert_eq!(person.objects(&["list"]).len(), 3);
    assert_eq!(person.object(&["list", "--count"])["count"], 3);
    assert_eq!(person.ok(&["list", "--count"]).text(), "3\n");
    assert_eq!(person.objects(&["list", "--category", "CDN"]).len(), 2);
    let one = person.object(&["list", "--category", "CDN｜证书问题"]);
    assert_eq!(one["title"], "证书续期后浏览器仍提示过期");
    let state = person.object(&["list", "--cause-state", "placeholder"]);
    assert_eq!(state["title"], "子账号无法登录控制台");
    assert_eq!(
        person.objects(&["list", "-n", "1", "--offset", "2"]).len(),
        1
    );
    let tree = person.objects(&["categories"]);
    let cdn = tree.iter().find(|n| n["product"] == "CDN").unwrap();
    assert_eq!((&cdn["count"], &cdn["issue_type"]), (&2.into(), &().into()));
}

#[test]
fn a_ticket_is_found_and_shown_in_full() {
    let person = Person::with_tickets();
    let rows = person.objects(&["search", "证书 过期"]);
    assert_eq!(rows[0]["title"], "证书续期后浏览器仍提示过期");
    let short = rows[0]["short_id"].as_str().unwrap();
    let shown = person.object(&["show", short]);
    assert_eq!(shown["kind"], "ticket");
    assert_eq!(shown["id"], rows[0]["id"]);
    let dialogue = shown["dialogue"].as_array().unwrap();
    let agent: Vec<_> = dialogue
        .iter()
        .filter(|t| t["speaker"] == "agent")
        .collect();
    assert_eq!(agent.len(), 2);
    assert_eq!(shown["causes_given"][0], "证书未重新绑定");
    assert_eq!(shown["sources"][0]["file"], "七月.md");
    let page = person.ok(&["show", short]).text();
    assert!(page.contains("重新绑定新证书"), "{page}");
}

#[test]
fn nothing_found_is_exit_one() {
    let person = Person::with_tickets();
    assert_eq!(person.run(&["search", "zzqqxxjjvv"]).code, 1);
    assert_eq!(person.run(&["show", "zzzzzz"]).code, 1);
    let empty = Person::new();
    assert_eq!(empty.run(&["search", "证书"]).code, 1);
    assert_eq!(empty.run(&["list", "--json"]).code, 0);
}

#[test]
fn a_cause_is_set_logged_undone_and_done_again() {
    let person = Person::with_tickets();
    let id = person.id("子账号无法登录控制台");
    let set = ["cause", "set", &id, "证书未重新绑定", "--note", "试一下"];
    person.ok(&set);
    let shown = person.object(&["show", &id]);
    assert_eq!(shown["cause_state"], "confirmed");
    assert_eq!(shown["causes"][0]["name"], "证书未重新绑定");
    assert_eq!(shown["history"][0]["note"], "试一下");
    let at = shown["history"][0]["at"].as_str().unwrap();
    assert!(
        !at.ends_with('Z') && at.parse::<jiff::Timestamp>().is_ok(),
        "{at}"
    );

    person.ok(&["undo"]);
    assert_eq!(person.object(&["show", &id])["cause_state"], "placeholder");
    person.ok(&["redo"]);
    assert_eq!(person.object(&["show", &id])["cause_state"], "confirmed");
    let log = person.objects(&["log", &id]);
    assert_eq!(log.len(), 3, "{log:?}");
}

#[test]
fn an_unknown_cause_is_refused_with_the_nearest_unless_it_is_meant() {
    let person = Person::with_tickets();
    let id = person.id("子账号无法登录控制台");
    let ran = person.run(&["cause", "set", &id, "证书没有重新绑定", "--json"]);
    assert_eq!(ran.code, 4);
    let complaint = ran.complaint();
    assert_eq!(complaint["error"], "unknown_cause");
    let hint = complaint["hint"].as_str().unwrap();
    assert!(hint.contains("证书未重新绑定"), "{hint}");

    person.ok(&["cause", "set", &id, "子账号未授权", "--new"]);
    let names: Vec<_> = person
        .objects(&["cause", "list"])
        .iter()
        .map(|row| row["name"].as_str().unwrap().to_owned())
        .collect();
    assert!(names.contains(&"子账号未授权".to_owned()), "{names:?}");
    assert_eq!(
        person.objects(&["list", "--cause", "子账号未授权"]).len(),
        1
    );
}

#[test]
fn a_decision_on_an_old_revision_is_a_conflict_that_can_be_settled() {
    let person = Person::with_tickets();
    let id = person.id("子账号无法登录控制台");
    person.ok(&["cause", "set", &id, "证书未重新绑定"]);
    let late = ["cause", "set", &id, "缓存规则未配置", "--base-rev", "0"];
    assert_eq!(person.run(&late).code, 5);
    let conflict = person.object(&["conflicts"]);
    let record = conflict["record"].as_str().unwrap();
    person.ok(&["conflicts", "resolve", record, "--apply"]);
    let shown = person.object(&["show", &id]);
    assert!(
        shown["causes"]
            .as_array()
            .unwrap()
            .iter()
            .any(|c| c["name"] == "缓存规则未配置")
    );
    assert_eq!(person.objects(&["conflicts"]).len(), 0);
}

#[test]
fn a_category_is_corrected_and_given_back() {
    let person = Person::with_tickets();
    let id = person.id("回源流量突增");
    person.ok(&["category", "set", &id, "CDN｜回源问题"]);
    assert_eq!(person.object(&["show", &id])["issue_type"], "回源问题");
    assert_eq!(
        person
            .objects(&["list", "--category", "CDN｜回源问题"])
            .len(),
        1
    );
    person.ok(&["category", "set", &id, "--given"]);
    assert_eq!(person.object(&["show", &id])["issue_type"], "计费问题");
    assert_eq!(person.run(&["category", "set", &id, "｜回源"]).code, 2);
}

#[test]
fn the_vocabulary_is_renamed_merged_and_retired() {
    let person = Person::with_tickets();
    person.ok(&["cause", "rename", "证书未重新绑定", "证书续期后未绑定"]);
    assert_eq!(
        person
            .objects(&["list", "--cause", "证书续期后未绑定"])
            .len(),
        1
    );
    person.ok(&["cause", "merge", "缓存规则未配置", "源站响应头禁止缓存"]);
    person.ok(&["cause", "group", "源站响应头禁止缓存", "缓存"]);
    let rows = person.objects(&["cause", "list"]);
    let kept = rows
        .iter()
        .find(|r| r["name"] == "源站响应头禁止缓存")
        .unwrap();
    assert_eq!(
        (&kept["group"], &kept["status"]),
        (&"缓存".into(), &"active".into())
    );
    person.ok(&["cause", "retire", "证书续期后未绑定"]);
    let active = person.objects(&["cause", "list"]).len();
    assert!(person.objects(&["cause", "list", "--all"]).len() > active);
    person.ok(&["cause", "revive", "证书续期后未绑定"]);
    assert_eq!(person.objects(&["cause", "list"]).len(), active + 1);
}

#[test]
fn the_copied_reply_is_the_last_that_answers_something() {
    let person = Person::with_tickets();
    let id = person.id("证书续期后浏览器仍提示过期");
    let reply = "您好，续期后需要在域名管理里重新绑定新证书，绑定后十分钟左右生效。\n";
    assert_eq!(person.ok(&["copy", &id, "--print"]).text(), reply);
    let first = person.ok(&["copy", &id, "--print", "--turn", "1"]).text();
    assert!(first.contains("请稍等"), "{first}");
    assert_eq!(person.run(&["copy", &id, "--turn", "9"]).code, 1);
    // Without a terminal, tmux or display, the text lands in a file and is said to.
    let copied = person.object(&["copy", &id]);
    let path = copied["path"].as_str().unwrap();
    assert_eq!(copied["outcome"], "saved");
    assert_eq!(std::fs::read_to_string(path).unwrap(), reply.trim_end());
    assert_eq!(person.run(&["copy", &id, "--method", "tmux"]).code, 4);
}

#[test]
fn like_a_ticket_or_a_text() {
    let person = Person::with_tickets();
    let id = person.id("证书续期后浏览器仍提示过期");
    for row in person.run(&["similar", &id, "--json"]).objects() {
        assert_ne!(row["id"], id.as_str(), "a ticket is not like itself");
    }
    let ran = person.fed(
        &["similar", "-", "--json"],
        "续了证书还是提示过期怎么办".as_bytes(),
    );
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(ran.objects()[0]["id"], id.as_str());
}

#[test]
fn a_batch_answers_each_line_under_its_number() {
    let person = Person::with_tickets();
    let input = "证书过期\n\n{\"query_no\":9,\"text\":\"回源\\n流量\"}\n";
    let ran = person.fed(&["search", "--batch", "-", "--json"], input.as_bytes());
    assert_eq!(ran.code, 0, "{}", ran.err);
    let rows = ran.objects();
    let first = rows.iter().find(|row| row["query_no"] == 1).unwrap();
    assert_eq!(first["title"], "证书续期后浏览器仍提示过期");
    let ninth = rows.iter().find(|row| row["query_no"] == 9).unwrap();
    assert_eq!(ninth["title"], "回源流量突增");
    assert_eq!(ninth["rank"], 1);
    assert!(rows.iter().all(|row| row["query_no"] != 2));

    let file = person.file("queries.txt", "回源流量变大\n".as_bytes());
    let rows = person.objects(&["similar", "--batch", &file]);
    assert_eq!(rows[0]["title"], "回源流量突增");
}

#[test]
fn one_pasted_case_is_added_and_a_second_is_another_ticket() {
    let person = Person::new();
    let ran = person.fed(&["add", "-", "--json"], documents::ONE.as_bytes());
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(ran.objects()[0]["new"], 1);
    let other = documents::ONE.replace("签名审核一直不过", "模板变量被拦截");
    assert_eq!(person.fed(&["add", "-"], other.as_bytes()).code, 0);
    assert_eq!(person.objects(&["list", "--dataset", "added"]).len(), 2);
    let ran = person.fed(&["add", "-", "--json"], "只是一句闲话".as_bytes());
    assert_eq!(ran.code, 2);
    assert!(ran.complaint()["message"].as_str().unwrap().contains('0'));
    assert_eq!(person.object(&["list", "--count"])["count"], 2);
}
