//! Two agents at one store: what one does is seen by the other, whose place stays.

use std::time::Instant;

use super::{goes_to, home, row, workbench};

#[test]
fn an_annotation_appears_on_the_other_screen_which_keeps_its_place() {
    let home = home();
    let (first, second) = (workbench(&home, 120, 36), workbench(&home, 120, 36));
    for terminal in [&first, &second] {
        goes_to(terminal, "存储桶删除失败", "历史版本和碎片");
    }
    first.send("a");
    first.until("[ ] 缓存规则未配置");
    first.send("缓存");
    first.until_that("the cause found", |screen| {
        screen.contains("[ ] 缓存规则未配置") && !screen.contains("[ ] 证书未")
    });
    let before = second.text();
    assert!(!before.contains("根因  缓存规则未配置"), "{before}");
    let begun = Instant::now();
    first.send("\r");
    let after = second.until("根因  缓存规则未配置");
    println!(
        "from Enter in one to the other's screen: {:?}",
        begun.elapsed()
    );
    let title = "存储桶删除失败";
    assert!(
        row(&after).is_some_and(|row| row.contains(title)),
        "{after}"
    );
    // Whoever looks at something else is left where they are, too.
    goes_to(&second, "回源流量突然增加", "带了 no-cache");
    let place = second.text();
    first.send("u");
    first.until("已撤销");
    second.send("j");
    second.until("请在访问管理里");
    second.send("k");
    let after = second.until("带了 no-cache");
    assert_eq!(row(&after), row(&place));
    for terminal in [first, second] {
        terminal.send("q");
        assert!(terminal.ended());
    }
}

#[test]
fn company_is_shown_and_leaves_with_the_process_that_was_killed() {
    let home = home();
    let (first, second) = (workbench(&home, 120, 36), workbench(&home, 120, 36));
    goes_to(&first, "上传大文件超时", "请使用分片上传");
    goes_to(&second, "上传大文件超时", "请使用分片上传");
    first.until("也在看");
    let begun = Instant::now();
    second.send("a");
    first.until("正在标注");
    println!("seen to annotate after {:?}", begun.elapsed());
    let begun = Instant::now();
    second.kill();
    let alone = first.until_that("nobody else", |screen| {
        !screen.contains("正在标注") && !screen.contains("也在看")
    });
    println!("seen to be gone after {:?}", begun.elapsed());
    assert!(row(&alone).unwrap().contains("上传大文件超时"), "{alone}");
    first.send("q");
    assert!(first.ended());
}
