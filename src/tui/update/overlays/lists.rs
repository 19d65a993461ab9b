//! Lists to choose from: conflicts, datasets.

use super::Then;
use crate::desk::Request;
use crate::model::RecordId;
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
            return match list.take() {
                Some((record, taken)) => settle(app, list, record, taken),
                None => Then::close(vec![]),
            };
        }
        Step::Cancel | Step::Create | Step::Delete(_) | Step::Reply(_) => {}
    }
    Then::stay(Overlay::Conflicts(list))
}

/// Settles a conflict that was taken out of the list, which stays for the others.
fn settle(app: &mut App, list: ConflictList, record: RecordId, taken: ConflictList) -> Then {
    let how = taken.how;
    let request = Request::ResolveConflict { record, how };
    let order = actions::numbered(app, Deed::Resolve, request);
    let others = list.rows.as_ref().is_some_and(|rows| !rows.is_empty());
    Then {
        overlay: others.then_some(Overlay::Conflicts(list)),
        ..Then::send(Overlay::Conflicts(taken), order)
    }
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
