//! Notes between agents: shown and found, never an answer, and no copy of one goes by itself.

use super::Person;

const LINES: &str = r#"{"title":"发票换开慢","category":"财务｜发票","messages":[{"role":"customer","content":"发票换开五天没动静"},{"role":"agent","content":"您好，换开一般三个工作日完成，请您在发票中心查看进度并留意邮件。"},{"role":"agent","content":"该客户在催缴名单，先压着别换开，主管批了再处理，千万别告诉对方原因。","private":true}],"root_cause":"人工审核"}
{"title":"导出一直排队","category":"数据库｜导出","dialogue":[{"speaker":"客户","text":"导出任务排队两小时"},{"speaker":"客服","text":"内部：后台给低套餐限了并发，引导升级，不要告诉客户具体的限速阈值。","public":false}],"root_cause":"限流"}
"#;

#[test]
fn a_note_is_shown_and_found_and_never_an_answer() {
    let person = Person::new();
    let file = person.file("a.jsonl", LINES.as_bytes());
    person.ok(&["import", &file]);
    let found = person.objects(&["search", "催缴名单"]);
    let id = found[0]["id"].as_str().unwrap().to_owned();
    let shown = person.object(&["show", &id]);
    assert_eq!(shown["dialogue"][2]["speaker"], "internal");
    let told = person.ok(&["show", &id]).text();
    assert!(told.contains("内部备注\n"), "{told}");
    let copied = person.ok(&["copy", &id, "--print"]).text();
    assert!(
        copied.contains("发票中心") && !copied.contains("催缴"),
        "{copied}"
    );
    assert_eq!(person.run(&["copy", &id, "--turn", "2", "--print"]).code, 1);
    let replies = person.ok(&["replies", "--json"]).text();
    assert!(
        !replies.contains("催缴") && !replies.contains("限速"),
        "{replies}"
    );
    let answered = person.ok(&["answer", "导出任务排队", "--json"]).text();
    let answered: serde_json::Value = serde_json::from_str(&answered).unwrap();
    assert!(!answered["replies"].to_string().contains("限速"));
}
