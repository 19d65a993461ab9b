//! Saved views: tabs that take the query line and give it back.

use crossterm::event::{KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::Position;

use super::TICKETS;
use crate::api::Request;
use crate::model::CauseState;
use crate::tui::msg::Msg;
use crate::tui::panes::tabs::{self, Tab};
use crate::tui::stage::Stage;

fn names(stage: &Stage) -> Vec<String> {
    let rows = stage.app.tabs.rows.iter();
    rows.map(|row| row.name.clone()).collect()
}

/// Searches for a word and saves that under a name.
fn save(stage: &mut Stage, query: &str, name: &str) {
    stage.press("/");
    stage.write(query);
    stage.press("Esc w");
    stage.write(name);
    stage.press("Enter");
}

fn saved(stage: &Stage) -> Option<String> {
    match tabs::current(&stage.app) {
        Some(Tab::Saved(view)) => Some(view.name),
        Some(Tab::All | Tab::Queue(_)) | None => None,
    }
}

#[test]
fn a_search_saved_as_a_view_is_a_tab_from_then_on() {
    for (columns, rows) in [(200, 50), (120, 36), (80, 24), (40, 10)] {
        let mut stage = Stage::new(columns, rows);
        save(&mut stage, "证书", "处理中");
        let found = stage.app.list.total;
        assert_eq!(saved(&stage).as_deref(), Some("处理中"));
        assert!(stage.screen().contains("[处理中]"), "{}", stage.screen());
        // Next comes everything, without the query.
        stage.press("]");
        assert_eq!(tabs::current(&stage.app), Some(Tab::All));
        assert_eq!(
            (stage.app.query.text(), stage.app.list.total),
            ("", TICKETS)
        );
        stage.press("[");
        assert_eq!(
            (stage.app.query.text(), stage.app.list.total),
            ("证书", found)
        );
        stage.press("Esc");
        assert_eq!(stage.app.query.text(), "");
    }
}

#[test]
fn a_click_on_a_tab_opens_it() {
    for (columns, rows) in [(200, 50), (120, 36), (80, 24), (40, 10)] {
        let mut stage = Stage::new(columns, rows);
        save(&mut stage, "证书", "处理中");
        let area = stage.app.areas().tabs;
        if area.is_empty() {
            continue;
        }
        let mut opened = Vec::new();
        // Every place of the row: whatever is drawn there is what opens.
        for x in area.left()..area.right() {
            let under = tabs::at(&stage.app, area, Position::new(x, area.y));
            stage.tell(Msg::Mouse(MouseEvent {
                kind: MouseEventKind::Down(MouseButton::Left),
                column: x,
                row: area.y,
                modifiers: KeyModifiers::NONE,
            }));
            let Some(under) = under else { continue };
            assert_eq!(tabs::current(&stage.app).as_ref(), Some(&under));
            if !opened.contains(&under) {
                opened.push(under);
            }
        }
        assert!(opened.len() > 1, "{columns}: {opened:?}");
    }
}

#[test]
fn a_view_keeps_its_filters_and_gives_back_those_before_it() {
    let mut stage = Stage::new(120, 36);
    stage.press("f");
    let state = stage.app.filter.cause_state;
    assert_eq!(state, Some(CauseState::Placeholder));
    stage.press("w");
    stage.write("一");
    stage.press("Enter");
    stage.press("] f f");
    let other = stage.app.filter.cause_state;
    assert_ne!(other, state);
    stage.press("[");
    assert_eq!(stage.app.filter.cause_state, state);
    // Shown changed, it says so.
    stage.press("f");
    assert!(stage.screen().contains("[一*]"), "{}", stage.screen());
    stage.press("]");
    assert_eq!(stage.app.filter.cause_state, other);
}

#[test]
fn views_are_renamed_ordered_and_deleted_from_their_list() {
    let mut stage = Stage::new(120, 36);
    for name in ["甲", "乙"] {
        save(&mut stage, "证书", name);
        stage.press("]");
    }
    stage.press("g v j Enter");
    // 2 names it anew, 3 moves it forward, 5 deletes it.
    stage.press("2 C-u");
    stage.write("丙");
    stage.press("Enter");
    assert_eq!(names(&stage), ["甲", "丙"]);
    stage.press("Enter 3");
    assert_eq!(names(&stage), ["丙", "甲"]);
    // The cursor went with it.
    stage.press("Enter 5");
    assert_eq!(names(&stage), ["甲"]);
    stage.press("Enter 1");
    assert_eq!(saved(&stage).as_deref(), Some("甲"));
    let edits = stage.asked(|request| matches!(request, Request::EditView(_)));
    assert_eq!(edits.len(), 5);
}

#[test]
fn a_queue_is_whole_and_gives_the_search_back_when_it_is_left() {
    for back in ["[", "Esc"] {
        let mut stage = Stage::new(120, 36);
        stage.press("/");
        stage.write("证书");
        stage.press("Enter");
        let found = stage.app.list.total;
        stage.press("]");
        assert!(matches!(tabs::current(&stage.app), Some(Tab::Queue(_))));
        assert_eq!(stage.app.query.text(), "", "it is not searched");
        stage.press("] ]");
        stage.press(if back == "[" { "[ [ [" } else { back });
        assert_eq!(tabs::current(&stage.app), Some(Tab::All));
        let shown = (stage.app.query.text(), stage.app.list.total);
        assert_eq!(shown, ("证书", found), "{back}");
    }
}

#[test]
fn a_category_narrows_a_queue_without_leaving_it() {
    let mut stage = Stage::new(120, 36);
    stage.press("] ]");
    let queue = tabs::current(&stage.app);
    let all = stage.app.list.total;
    let areas = stage.app.tree.rows().len();
    stage.press("F2 j Enter");
    assert_eq!(tabs::current(&stage.app), queue);
    assert!(stage.app.filter.category.is_some());
    assert!((1..all).contains(&stage.app.list.total));
    assert_eq!(stage.app.tree.rows().len(), areas, "the tree stays whole");
    stage.press("Tab Esc");
    assert_eq!(tabs::current(&stage.app), queue);
    assert_eq!(stage.app.list.total, all);
    stage.press("Esc");
    assert_eq!(tabs::current(&stage.app), Some(Tab::All));
}

#[test]
fn tickets_like_another_cannot_be_saved_and_the_first_tab_is_next() {
    let mut stage = Stage::new(120, 36);
    stage.press("s w");
    assert!(stage.app.overlays.is_empty());
    assert_eq!(stage.notice(), "只有搜索和筛选能存为视图");
    stage.tell(Msg::Resize(40, 10));
    assert_eq!(tabs::current(&stage.app), None);
}
