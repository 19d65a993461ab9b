//! Search by meaning with a real model, where `GONGDAN_TEST_MODEL` names its directory
//! (`tests/model/fetch` prints one).

use super::Person;

const TICKETS: &str = "\
## 1. 页面一直转圈
### 问题描述
点开以后画面空白，等了半天没有反应。
### 客服解答
请换一个浏览器再试。

## 2. 图片打不开
### 问题描述
上传到存储桶的照片，用链接访问时看不到。
### 客服解答
请检查对象的读权限。

## 3. 发票什么时候寄到
### 问题描述
上个月申请的纸质发票一直没有收到。
### 客服解答
发票已寄出，请查收快递。
";

#[test]
fn a_real_model_finds_what_is_said_in_other_words() {
    let Some(model) = std::env::var_os("GONGDAN_TEST_MODEL") else {
        eprintln!("skipped: GONGDAN_TEST_MODEL names no model");
        return;
    };
    let person = Person::new();
    let file = person.file("题.md", TICKETS.as_bytes());
    person.ok(&["import", &file, "--json"]);
    let model = model.to_string_lossy().into_owned();
    person.ok(&["model", "install", &model]);
    let status = person.object(&["model", "status", "--wait"]);
    assert_eq!(status["embedded"], 3, "{status}");
    let rows = person.objects(&["search", "网站加载缓慢"]);
    let first = rows.first().unwrap();
    assert_eq!(first["title"], "页面一直转圈", "{rows:?}");
    assert_eq!(first["section"], "meaning", "{first}");
    assert!(
        first["near"].as_str().unwrap().contains("画面空白"),
        "{first}"
    );
    person.ok(&["model", "remove"]);
    let ran = person.run(&["search", "网站加载缓慢", "--json"]);
    assert!(!ran.text().contains("meaning"), "{}", ran.text());
}

#[test]
fn what_is_no_model_is_refused_by_name() {
    let person = Person::with_tickets();
    let dir = person.path("nothing");
    std::fs::create_dir(&dir).unwrap();
    let refused = person.run(&["model", "install", &dir.to_string_lossy()]);
    assert_eq!(refused.code, 4);
    assert!(refused.err.contains("nothing"), "{}", refused.err);
    let status = person.object(&["model", "status"]);
    assert!(status["installed"].is_null(), "{status}");
}
