//! The contract with scripts: fields, exit codes, errors as objects.

use super::Person;

#[test]
fn every_row_has_every_field_of_the_contract() {
    let person = Person::with_tickets();
    for row in person.objects(&["list"]) {
        for field in [
            "kind",
            "rank",
            "id",
            "title",
            "product",
            "issue_type",
            "scenarios",
            "datasets",
            "dataset",
            "causes",
            "cause_state",
            "suspect",
            "disputed",
            "misfiled",
            "score",
            "snippet",
            "highlights",
        ] {
            assert!(row.get(field).is_some(), "{field} is missing: {row}");
        }
        assert_eq!(row["kind"], "ticket");
    }
    let id = person.id("回源流量突增");
    let shown = person.object(&["show", &id]);
    for field in [
        "kind",
        "question",
        "dialogue",
        "causes_given",
        "category_given",
        "sections",
        "sources",
        "related_passages",
        "history",
    ] {
        assert!(shown.get(field).is_some(), "{field} is missing: {shown}");
    }
    for turn in shown["dialogue"].as_array().unwrap() {
        for field in ["speaker", "name", "text", "in_summary"] {
            assert!(turn.get(field).is_some(), "{field} is missing: {turn}");
        }
    }
    let hit = &person.objects(&["search", "回源流量"])[0];
    let snippet: Vec<char> = hit["snippet"].as_str().unwrap().chars().collect();
    for range in hit["highlights"].as_array().unwrap() {
        let (from, to) = (range[0].as_u64().unwrap(), range[1].as_u64().unwrap());
        assert!(from < to && to as usize <= snippet.len(), "{hit}");
    }
}

#[test]
fn the_version_names_the_schema() {
    let person = Person::new();
    let version = person.object(&["--version"]);
    assert_eq!(version["schema"], 1);
    assert!(version["features"].is_array(), "{version}");
    let commit = version["commit"].as_str();
    assert!(commit.is_none_or(|commit| commit.len() >= 12), "{version}");
    let line = person.ok(&["--version"]).text();
    assert_eq!(
        line.trim(),
        format!("gongdan {}", env!("CARGO_PKG_VERSION"))
    );
}

#[test]
fn a_usage_error_is_exit_two_and_an_object_when_json_is_asked_for() {
    let person = Person::new();
    for args in [
        vec!["lst"],
        vec!["show"],
        vec!["list", "--cause-state", "odd"],
        vec!["list", "-n", "many"],
        vec!["import"],
        vec!["import", "x.md", "--masks"],
        vec!["cause"],
        vec!["search", "证书", "--jsn"],
        vec!["list", "--category", "｜证书"],
    ] {
        let ran = person.run(&args);
        assert_eq!(ran.code, 2, "{args:?}: {}", ran.err);
        assert!(ran.out.is_empty());
        let mut args = args.clone();
        args.push("--json");
        let ran = person.run(&args);
        assert_eq!(ran.code, 2, "{args:?}");
        let complaint = ran.complaint();
        assert_eq!(complaint["error"], "usage", "{args:?}");
        assert!(complaint["message"].is_string() && complaint.get("hint").is_some());
    }
}

#[test]
fn errors_are_objects_on_standard_error_with_json() {
    let person = Person::with_tickets();
    let ran = person.run(&["show", "zzzzzz", "--json"]);
    assert!(ran.out.is_empty());
    assert_eq!(ran.complaint()["error"], "unknown_id");
    let ran = person.run(&["undo", "--json"]);
    assert_eq!(
        (ran.code, &ran.complaint()["error"]),
        (4, &"nothing_to_undo".into())
    );
    let ran = person.run(&["dataset", "remove", "没有", "--yes", "--json"]);
    assert_eq!(
        (ran.code, &ran.complaint()["error"]),
        (2, &"unknown_dataset".into())
    );
}

#[test]
fn the_interface_speaks_chinese_unless_english_is_asked_for() {
    let person = Person::new();
    assert!(person.ok(&["--help"]).text().contains("用法"));
    assert!(
        person
            .ok(&["list", "--help", "--lang", "en"])
            .text()
            .contains("Usage")
    );
    let vars = [("GONGDAN_LANG", "en"), ("LANG", "zh_CN.UTF-8")];
    let ran = person.run_with(&["show", "zzzzzz"], b"", &vars);
    assert!(ran.err.is_ascii(), "{}", ran.err);
    // Many servers say en_US to Chinese agents.
    let ran = person.run_with(&["show", "zzzzzz"], b"", &[("LANG", "en_US.UTF-8")]);
    assert!(ran.err.contains("没有"), "{}", ran.err);
    person.file("home/.config/gongdan/config.toml", b"language = \"en\"\n");
    assert!(person.run(&["show", "zzzzzz"]).err.is_ascii());
}

#[test]
fn a_wrong_configuration_is_named_and_the_command_goes_on() {
    let person = Person::new();
    person.file(
        "home/.config/gongdan/config.toml",
        b"# mine\nlangage = \"en\"\n",
    );
    let ran = person.run(&["list"]);
    assert_eq!(ran.code, 0);
    assert!(ran.err.contains("config.toml:2"), "{}", ran.err);
    let checks = person.objects(&["doctor"]);
    let config = checks.iter().find(|c| c["check"] == "config").unwrap();
    assert_eq!(config["state"], "bad");
}

#[test]
fn no_other_command_loads_the_sample() {
    let person = Person::new();
    for args in [["list"], ["categories"], ["stats"], ["doctor"], ["log"]] {
        person.ok(&args);
    }
    assert_eq!(person.objects(&["dataset", "list"]).len(), 0);
}

#[test]
fn a_healthy_store_is_told_to_be_so() {
    let person = Person::with_tickets();
    let checks = person.objects(&["doctor"]);
    for wanted in [
        "version",
        "store",
        "index",
        "clipboard",
        "terminal",
        "locale",
    ] {
        assert!(
            checks.iter().any(|c| c["check"] == wanted),
            "{wanted}: {checks:?}"
        );
    }
    assert!(checks.iter().all(|c| c["state"] != "bad"), "{checks:?}");
    let clipboard = person.objects(&["doctor", "clipboard"]);
    assert!(clipboard.iter().all(|c| c["check"] == "clipboard"));
}

#[test]
fn a_block_for_a_bug_report_holds_nothing_of_a_customer() {
    let person = Person::with_tickets();
    let block = person.ok(&["doctor", "report"]).text();
    assert!(block.starts_with("```\ngongdan "), "{block}");
    assert!(
        block.contains("tickets") && block.contains("index"),
        "{block}"
    );
    assert!(block.is_ascii(), "{block}");
    let home = person.path("home").display().to_string();
    assert!(!block.contains(&home), "{block}");
}

#[test]
fn figures_count_what_is_there() {
    let person = Person::with_tickets();
    let stats = person.object(&["stats"]);
    assert_eq!(stats["tickets"], 3);
    assert!(stats["store_bytes"].as_u64().unwrap() > 0);
    let page = person.ok(&["stats"]).text();
    assert!(page.contains("证书未重新绑定"), "{page}");
}

#[test]
fn the_key_table_names_every_action_once() {
    let person = Person::new();
    let rows = person.objects(&["keys"]);
    let mut names: Vec<_> = rows.iter().map(|r| r["action"].to_string()).collect();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), rows.len());
    assert!(person.ok(&["keys"]).text().starts_with("| 按键 |"));
}

#[test]
fn where_the_service_of_a_team_is_down_no_private_store_is_opened() {
    let person = Person::new();
    let socket = person.path("run/desk.sock");
    let run = |args: &[&str]| {
        let mut command = person.command(args);
        command
            .env_remove("GONGDAN_DATA_DIR")
            .env("GONGDAN_SOCKET", &socket);
        let output = command.stdin(std::process::Stdio::null()).output().unwrap();
        let err = String::from_utf8(output.stderr).unwrap();
        (output.status.code().unwrap(), output.stdout, err)
    };
    for dir_is_there in [false, true] {
        if dir_is_there {
            std::fs::create_dir(socket.parent().unwrap()).unwrap();
        }
        for args in [
            &["list"][..],
            &["replies"],
            &["stats"],
            &["settings", "get"],
        ] {
            let (code, _, err) = run(args);
            assert_eq!(code, 3, "{args:?}: {err}");
            assert!(err.contains("团队的服务没有运行"), "{err}");
            assert!(err.contains("请联系管理员"), "{err}");
        }
        let (code, out, err) = run(&["status", "--json"]);
        let status: serde_json::Value = serde_json::from_slice(&out).unwrap();
        assert_eq!((code, &status["state"]), (0, &"absent".into()), "{err}");
        assert_eq!(status["socket"], socket.to_str().unwrap());
    }
    assert!(
        !person.path("home/.local").exists(),
        "a store nobody asked for"
    );
}

#[test]
fn status_and_stop_name_directory_and_socket() {
    let person = Person::with_tickets();
    let data = person.path("data");
    let status = person.object(&["status"]);
    assert_eq!(status["data_dir"], data.to_str().unwrap());
    assert_eq!(status["socket"], data.join("desk.sock").to_str().unwrap());
    let text = person.ok(&["status"]).text();
    assert!(text.contains(data.to_str().unwrap()), "{text}");
    let stopped = person.object(&["stop"]);
    assert_eq!(stopped["stopped"], false);
    assert_eq!(stopped["data_dir"], data.to_str().unwrap());
}

#[test]
fn a_directory_of_somebody_else_is_not_written_and_not_called_a_failed_disk() {
    use std::os::unix::fs::chown;
    let person = Person::with_tickets();
    if chown(person.path("data"), Some(65534), None).is_err() {
        eprintln!("skipped: only root can give a directory away");
        return;
    }
    for args in [&["list"][..], &["list", "--standalone"], &["stats"]] {
        let ran = person.run(args);
        assert_eq!(ran.code, 3, "{args:?}: {}", ran.err);
        assert!(ran.err.contains("不是您的"), "{}", ran.err);
    }
    let backup = person.file("a.backup", b"");
    let restored = person.run(&["restore", &backup, "--replace"]);
    assert_eq!(restored.code, 3, "{}", restored.err);
}

#[test]
fn completion_scripts_know_commands_and_the_names_of_the_store() {
    let person = Person::with_tickets();
    for shell in ["bash", "zsh", "fish"] {
        let script = person.ok(&["completions", shell]).text();
        assert!(
            script.contains("cause-state") && script.contains("complete-names"),
            "{shell}"
        );
    }
    assert_eq!(person.ok(&["complete-names", "datasets"]).text(), "七月\n");
    let categories = person.ok(&["complete-names", "categories"]).text();
    assert!(categories.contains("CDN｜证书问题\n"), "{categories}");
    let causes = person.ok(&["complete-names", "causes"]).text();
    assert!(causes.contains("证书未重新绑定"), "{causes}");
    let empty = Person::new();
    empty.ok(&["complete-names", "datasets"]);
    assert!(!empty.path("data").exists(), "a completion made a store");
}

#[test]
fn the_first_query_of_a_process_is_cut_into_words_and_not_into_pairs() {
    let person = Person::with_tickets();
    let rows = person.objects(&["search", "证书续期 长颈鹿"]);
    assert_eq!(rows[0]["relaxed"]["dropped"], serde_json::json!(["长颈鹿"]));
}
