//! Lists to choose from: conflicts, datasets.

use super::Then;
use crate::desk::Request;
use crate::tui::app::App;
use crate::tui::msg::Deed;
use crate::tui::overlays::Overlay;
use crate::tui::overlays::conflicts::{ConflictList, ways};
use crate::tui::overlays::datasets::DatasetList;
use crate::tui::overlays::menu::{Item, Menu};
use crate::tui::update::actions;
use crate::tui::update::moves::{Step, moved};

pub(super) fn in_conflicts(app: &mut App, mut list: ConflictList, step: Step) -> Then {
    let count = list.rows.as_ref().map_or(0, Vec::len);
    match step {
        Step::Move(way) => list.selected = moved(list.selected, way, count, 8),
        Step::Next | Step::Previous | Step::Toggle => turn(&mut list, step),
        Step::Confirm => {
            let Some(rows) = list.rows.as_mut().filter(|_| list.selected < count) else {
                return Then::close(vec![]);
            };
            let conflict = rows.remove(list.selected);
            let none_left = rows.is_empty();
            list.selected = list.selected.min(rows.len().saturating_sub(1));
            let request = Request::ResolveConflict {
                record: conflict.record,
                how: list.how,
            };
            let effects = actions::order(app, Deed::Resolve, request);
            return Then {
                overlay: (!none_left).then_some(Overlay::Conflicts(list)),
                effects,
            };
        }
        Step::Cancel | Step::Create | Step::Delete(_) | Step::Reply(_) => {}
    }
    Then::stay(Overlay::Conflicts(list))
}

/// Goes on to another way of settling the conflict under the cursor.
fn turn(list: &mut ConflictList, step: Step) {
    let conflict = list.rows.as_ref().and_then(|rows| rows.get(list.selected));
    let ways = conflict.map(ways).unwrap_or_default();
    let at = ways.iter().position(|way| *way == list.how).unwrap_or(0);
    let on = if step == Step::Previous {
        ways.len().saturating_sub(1)
    } else {
        1
    };
    if let Some(way) = ways.get((at + on) % ways.len().max(1)) {
        list.how = *way;
    }
}

/// The datasets: Enter shows what can be done with one.
pub(super) fn in_datasets(app: &mut App, mut list: DatasetList, step: Step) -> Then {
    let count = list.rows.as_ref().map_or(0, Vec::len);
    match step {
        Step::Move(way) => list.selected = moved(list.selected, way, count, 10),
        Step::Confirm => {
            let row = list.rows.as_ref().and_then(|rows| rows.get(list.selected));
            if let Some(row) = row {
                app.overlays.push(Overlay::Menu(Menu {
                    title: row.name.clone(),
                    items: vec![
                        Item::OnlyDataset(row.clone()),
                        Item::RemoveDataset(row.clone()),
                    ],
                    selected: 0,
                }));
            }
        }
        Step::Cancel
        | Step::Toggle
        | Step::Create
        | Step::Next
        | Step::Previous
        | Step::Delete(_)
        | Step::Reply(_) => {}
    }
    Then::stay(Overlay::Datasets(list))
}
