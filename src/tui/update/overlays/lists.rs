//! Lists to choose from: conflicts, datasets.

use super::Then;
use crate::desk::Request;
use crate::tui::app::App;
use crate::tui::msg::Deed;
use crate::tui::overlays::Overlay;
use crate::tui::overlays::conflicts::{ConflictList, Verdict};
use crate::tui::overlays::datasets::DatasetList;
use crate::tui::overlays::menu::{Item, Menu};
use crate::tui::update::actions;
use crate::tui::update::moves::{Step, moved};

pub(super) fn in_conflicts(app: &mut App, mut list: ConflictList, step: Step) -> Then {
    let count = list.rows.as_ref().map_or(0, Vec::len);
    match step {
        Step::Move(way) => list.selected = moved(list.selected, way, count, 8),
        Step::Next | Step::Previous | Step::Toggle => list.verdict = list.verdict.other(),
        Step::Confirm => {
            let Some(rows) = list.rows.as_mut().filter(|_| list.selected < count) else {
                return Then::close(vec![]);
            };
            let conflict = rows.remove(list.selected);
            let none_left = rows.is_empty();
            list.selected = list.selected.min(rows.len().saturating_sub(1));
            let request = Request::ResolveConflict {
                record: conflict.record,
                apply: list.verdict == Verdict::Mine,
            };
            let effects = actions::order(app, Deed::Resolve, request);
            return Then {
                overlay: (!none_left).then_some(Overlay::Conflicts(list)),
                effects,
            };
        }
        Step::Cancel | Step::Create | Step::Delete(_) => {}
    }
    Then::stay(Overlay::Conflicts(list))
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
        | Step::Delete(_) => {}
    }
    Then::stay(Overlay::Datasets(list))
}
