//! Votes, look-alikes, the report and saved views, as scripts ask for them.

use super::answering::person;

#[test]
fn a_colleague_disagrees_and_the_ticket_is_disputed() {
    let person = person();
    let id = person.id("想要注销账号");
    let as_zhou = |args: &[&str]| person.run_with(args, b"", &[("GONGDAN_AGENT", "周")]);
    assert_eq!(as_zhou(&["cause", "vote", &id]).code, 2, "no ballot");
    person.ok(&["cause", "set", &id, "账号注销咨询", "--new"]);
    let own = person.run(&["cause", "vote", &id, "--dissent"]);
    assert_eq!(own.code, 4, "{}", own.err);
    assert_eq!(as_zhou(&["cause", "vote", &id, "--agree"]).code, 0);
    let differs = [
        "cause",
        "vote",
        &id,
        "--dissent",
        "--cause",
        "实名信息有误",
        "--new",
    ];
    assert_eq!(as_zhou(&differs).code, 0);
    let shown = person.object(&["show", &id]);
    assert_eq!(shown["disputed"], true);
    assert_eq!(shown["votes"][0]["author"], "周");
    assert_eq!(shown["votes"][0]["causes"][0], "实名信息有误");
    let queue = person.objects(&["cause", "queue", "--kind", "disputed"]);
    assert_eq!(queue[0]["id"], id.as_str());
    assert!(
        queue[0]["reason"]
            .as_str()
            .unwrap()
            .contains("周：实名信息有误")
    );
    let stats = person.object(&["stats"]);
    assert_eq!(
        (&stats["disputed"], &stats["agreement"][0]["percent"]),
        (&1.into(), &0.0.into())
    );
}

#[test]
fn look_alikes_are_set_and_undone_at_once() {
    let person = person();
    let id = person.id("想要注销账号");
    let done = person.object(&["cause", "set", &id, "账号注销咨询", "--new", "--group"]);
    let entries = done["entries"].as_array().unwrap();
    let tickets = entries.iter().filter(|entry| entry["what"] == "causes");
    assert!(tickets.count() > 1, "{done}");
    person.ok(&["undo"]);
    assert_eq!(person.object(&["show", &id])["cause_state"], "given");
    let both = format!("{id},{}", person.id("申请注销账号"));
    person.ok(&["cause", "set", &both, "账号注销咨询", "--new"]);
    let confirmed = person.object(&["list", "--cause-state", "confirmed", "--count"]);
    assert_eq!(confirmed["count"], 2);
}

#[test]
fn the_report_is_one_file_that_fetches_nothing() {
    let person = person();
    let page = person.ok(&["stats", "--html", "-"]).text();
    assert!(page.starts_with("<!DOCTYPE html>") && page.ends_with("</html>\n"));
    assert!(page.contains("<svg") && page.contains("default-src 'none'"));
    for fetches in ["http:", "https:", "<script", "<link", "<img", "url("] {
        assert!(!page.contains(fetches), "{fetches}");
    }
}

#[test]
fn a_view_is_saved_listed_opened_and_deleted() {
    let person = person();
    person.ok(&["views", "save", "账号", "注销", "--cause-state", "given"]);
    person.ok(&[
        "views",
        "save",
        "未定",
        "--cause-state",
        "placeholder",
        "--team",
    ]);
    let views = person.objects(&["views"]);
    let kinds: Vec<&str> = views.iter().map(|v| v["kind"].as_str().unwrap()).collect();
    let queues = ["queue"; 5];
    assert_eq!(kinds, [&["all"][..], &queues, &["team", "own"]].concat());
    assert_eq!(views[1]["queue"], "placeholder");
    assert_eq!(
        (&views[7]["name"], &views[7]["query"]),
        (&"账号".into(), &"注销".into())
    );
    assert_eq!(views[7]["cause_state"], "given");
    let opened = person.objects(&["views", "open", "账号"]);
    assert!(!opened.is_empty() && opened.iter().all(|row| row["cause_state"] == "given"));
    person.ok(&["views", "rename", "账号", "销户"]);
    assert_eq!(person.run(&["views", "open", "账号"]).code, 2);
    person.ok(&["views", "delete", "销户"]);
    assert_eq!(person.objects(&["views", "list"]).len(), 7);
}
