//! What goes in again and what comes out.

use gongdan::api::{Answer, Data, Desk, ErrorCode, ExportFormat, Request, ask};

use super::{
    Bench, DOCUMENT, all, annotate, cause_names, done, found, import, local, new_cause, show,
    titled,
};

pub fn a_second_import_changes_nothing(bench: &Bench) {
    let desk = bench.first.as_ref();
    import(desk, "team", "a.md", DOCUMENT);
    let before = all(desk);
    let again = import(desk, "team", "a.md", DOCUMENT);
    assert_eq!((again.new, again.updated, again.unchanged), (0, 0, 3));
    assert_eq!(all(desk), before);
}

pub fn a_changed_ticket_keeps_its_id(bench: &Bench) {
    let desk = bench.first.as_ref();
    import(desk, "team", "a.md", DOCUMENT);
    let before = titled(desk, "回源");
    annotate(
        desk,
        &[before.id.as_str()],
        None,
        &[new_cause("缓存头配置错误")],
    )
    .unwrap();
    let changed = DOCUMENT.replace("去掉后即可恢复", "去掉后五分钟内恢复");
    let report = import(desk, "team", "a.md", &changed);
    assert_eq!((report.new, report.updated, report.unchanged), (0, 1, 2));
    let after = titled(desk, "回源");
    assert_eq!(after.id, before.id);
    assert_eq!(cause_names(&after), ["缓存头配置错误"]);
    assert!(
        show(desk, after.id.as_str()).dialogue[0]
            .text
            .contains("五分钟")
    );
}

pub fn read_all(desk: &dyn Desk, format: ExportFormat) -> String {
    let request = Request::Export(ask::Export {
        format,
        query: String::new(),
    });
    let Answer::Job(job) = desk.call(request).unwrap() else {
        panic!()
    };
    let mut all = Vec::new();
    loop {
        let Answer::Data(Data { bytes, end }) =
            desk.call(Request::ReadData(ask::ReadData { job })).unwrap()
        else {
            panic!()
        };
        all.extend(bytes);
        if end {
            return String::from_utf8(all).unwrap();
        }
    }
}

pub fn an_export_imports_back(bench: &Bench) {
    let desk = bench.first.as_ref();
    import(desk, "team", "a.md", DOCUMENT);
    let id = titled(desk, "子账号").id;
    annotate(desk, &[id.as_str()], None, &[new_cause("未授予登录权限")]).unwrap();
    let export = read_all(desk, ExportFormat::Jsonl);
    let other = local();
    let copy = other.first.as_ref();
    let report = import(copy, "ignored", "export.jsonl", &export);
    assert_eq!((report.tickets, report.new), (3, 3));
    assert_eq!(all(copy), all(desk));
    assert_eq!(
        show(copy, id.as_str()).history,
        show(desk, id.as_str()).history
    );
    assert_eq!(read_all(copy, ExportFormat::Jsonl), export);
    let again = import(copy, "ignored", "export.jsonl", &export);
    assert_eq!((again.new, again.updated, again.unchanged), (0, 0, 3));
    assert_eq!(all(copy), all(desk));
}

pub fn markdown_exports_are_stable(bench: &Bench) {
    let desk = bench.first.as_ref();
    import(desk, "team", "a.md", DOCUMENT);
    let first = read_all(desk, ExportFormat::Markdown);
    let other = local();
    import(other.first.as_ref(), "team", "b.md", &first);
    assert_eq!(
        read_all(other.first.as_ref(), ExportFormat::Markdown),
        first
    );
    let table = read_all(desk, ExportFormat::Csv);
    assert!(table.starts_with('\u{feff}'));
    assert_eq!(table.matches("回源流量突增").count(), 1);
}

pub fn a_removed_dataset_takes_its_tickets(bench: &Bench) {
    let desk = bench.first.as_ref();
    import(desk, "one", "a.md", DOCUMENT);
    let half: String = DOCUMENT
        .split("---")
        .take(2)
        .collect::<Vec<_>>()
        .join("---");
    import(desk, "two", "b.md", &half);
    assert_eq!(all(desk).len(), 3);
    done(desk.call(Request::RemoveDataset(ask::RemoveDataset {
        name: "one".to_owned(),
    })))
    .unwrap();
    let left = all(desk);
    assert_eq!(left.len(), 1);
    assert_eq!(left[0].datasets, ["two"]);
    assert_eq!(found(desk, "回源").total, 0);
    let unknown = desk
        .call(Request::RemoveDataset(ask::RemoveDataset {
            name: "three".to_owned(),
        }))
        .unwrap_err();
    assert_eq!(unknown.code(), ErrorCode::UnknownDataset);
}
