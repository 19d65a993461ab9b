//! What a colleague changed while an agent was looking at it.

use gongdan::api::{Answer, Desk, Request, SettingRow, Settlement, UndoScope, ask};
use gongdan::model::Setting;

use super::conflicts::{open, settle};
use super::{Bench, DOCUMENT, done, import, show, titled};

fn words(desk: &dyn Desk) -> SettingRow {
    let Answer::Settings(rows) = desk.call(Request::Settings(ask::Settings)).unwrap() else {
        panic!()
    };
    rows.into_iter().find(|row| row.name == "words").unwrap()
}

pub fn a_setting_changed_meanwhile_is_a_conflict(bench: &Bench) {
    let (mine, theirs) = (bench.first.as_ref(), bench.second.as_ref());
    let seen = words(mine).revision;
    let set = |desk: &dyn Desk, value: &str| {
        done(desk.call(Request::SetSetting(ask::SetSetting {
            setting: Setting::Words,
            value: Some(value.to_owned()),
            base_rev: Some(seen),
        })))
        .unwrap()
    };
    set(theirs, "[\"云舟盘\"]");
    let conflict = set(mine, "[\"星河库\"]").conflicts.remove(0);
    assert_eq!(conflict.mine.after, ["[\"星河库\"]"]);
    assert_eq!(conflict.now, ["[\"云舟盘\"]"]);
    assert_eq!(words(mine).value, "[\"云舟盘\"]");
    settle(mine, &conflict, Settlement::Mine);
    assert_eq!(words(mine).value, "[\"星河库\"]");
    // Back to the colleague's value, not to the one first seen.
    done(mine.call(Request::Undo(ask::Undo {
        scope: UndoScope::Session,
    })))
    .unwrap();
    assert_eq!(words(mine).value, "[\"云舟盘\"]");
    assert_eq!(open(mine), [conflict.record]);
}

pub fn a_mark_made_meanwhile_is_a_conflict(bench: &Bench) {
    let (mine, theirs) = (bench.first.as_ref(), bench.second.as_ref());
    import(mine, "team", "a.md", DOCUMENT);
    let id = titled(mine, "证书").id.to_string();
    let seen = show(mine, &id).outdated_revision;
    let mark = |desk: &dyn Desk, reason: &str| {
        done(desk.call(Request::MarkOutdated(ask::MarkOutdated {
            id: id.clone(),
            reason: reason.to_owned(),
            successor: None,
            base_rev: Some(seen),
        })))
        .unwrap()
    };
    mark(theirs, "证书已改为自动续期");
    assert_eq!(mark(mine, "控制台改版").conflicts.len(), 1);
    let now = show(mine, &id);
    assert_eq!(now.row.outdated, "证书已改为自动续期");
    assert_ne!(now.outdated_revision, seen);
}
