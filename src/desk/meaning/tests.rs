use std::path::Path;

use super::question as question_of;
use crate::api::{BadModel, Desk, DeskError, DeskExt, Found, Row, ask};
use crate::desk::{Authority, Identity, LocalDesk};
use crate::embed::tests::write_tiny;
use crate::model::{Author, MatchSection, Origin, Ticket, TicketFilter};

fn desk(dir: &Path) -> LocalDesk {
    let identity = Identity {
        author: Author {
            uid: 1000,
            name: "林".to_owned(),
            declared: false,
        },
        origin: Origin {
            host: "here".to_owned(),
            session: "1".to_owned(),
        },
        authority: Authority::Owner,
    };
    LocalDesk::open(dir, identity).unwrap()
}

fn near(desk: &dyn Desk, query: &str) -> Found {
    let (query, filter) = (query.to_owned(), TicketFilter::default());
    let limit = 300;
    desk.ask(ask::SearchNear {
        query,
        filter,
        limit,
    })
    .unwrap()
}

fn sections(found: &Found) -> Vec<Option<MatchSection>> {
    let section = |row: &Row| match row {
        Row::Ticket(row) => row.section,
        Row::Passage(row) => row.section,
    };
    found.rows.iter().map(section).collect()
}

#[test]
fn a_model_finds_what_words_do_not_until_it_is_removed_and_after_a_restart() {
    let (data, model) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    write_tiny(model.path());
    let first = desk(data.path());
    first.ask(ask::LoadSample).unwrap();
    first.ask(ask::CatchUp).unwrap();
    let path = model.path().display().to_string();
    first.ask(ask::InstallModel { path }).unwrap();
    first.ask(ask::AwaitModel).unwrap();
    let status = first.ask(ask::Model).unwrap();
    let tickets = first.ask(ask::Status).unwrap().tickets;
    assert_eq!((status.embedded, status.waiting), (tickets, 0));
    drop(first);

    let again = desk(data.path());
    assert_eq!(again.ask(ask::Model).unwrap().embedded, tickets);
    again.ask(ask::CatchUp).unwrap();
    let found = near(&again, "忘记密码");
    let meant = |section: &Option<MatchSection>| *section == Some(MatchSection::Meaning);
    assert!(sections(&found).iter().any(meant), "{:?}", found.sections);
    for row in &found.rows {
        if let Row::Ticket(row) = row {
            let alone = row.section == Some(MatchSection::Meaning);
            assert_eq!(!row.near.is_empty(), alone, "{row:?}");
        }
    }
    // What is typed as strict is strict.
    let strict = near(&again, "\"忘记密码\"");
    assert!(!sections(&strict).iter().any(meant));

    again.ask(ask::RemoveModel).unwrap();
    assert_eq!(again.ask(ask::Model).unwrap().installed, None);
    assert!(!sections(&near(&again, "忘记密码")).iter().any(meant));
}

#[test]
fn a_ticket_is_about_its_question_and_no_number() {
    let about = |title: &str, question: &str| {
        question_of(&Ticket {
            title: title.to_owned(),
            question: question.to_owned(),
            ..Ticket::default()
        })
    };
    assert_eq!(about("打不开 [GD20240011]", "图片打不开"), "图片打不开");
    assert_eq!(about("CDN 403 报错", "域名不通"), "CDN 403 报错\n域名不通");
    assert_eq!(about("证书过期", ""), "证书过期");
}

#[test]
fn what_is_no_model_is_refused_and_the_one_there_is_stays() {
    let (data, model) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    write_tiny(model.path());
    let desk = desk(data.path());
    let install = |path: &Path| {
        let path = path.display().to_string();
        desk.ask(ask::InstallModel { path })
    };
    let installed = install(model.path()).unwrap().installed;
    std::fs::write(
        model.path().join("config.json"),
        r#"{"model_type": "gpt2"}"#,
    )
    .unwrap();
    for (path, wanted) in [
        (model.path(), BadModel::Damaged),
        (data.path(), BadModel::Unreadable),
    ] {
        let error = install(path).unwrap_err();
        assert!(
            matches!(&error, DeskError::BadModel { why, .. } if *why == wanted),
            "{error}"
        );
    }
    assert_eq!(desk.ask(ask::Model).unwrap().installed, installed);
}
