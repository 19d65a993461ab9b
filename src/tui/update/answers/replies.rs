//! Standard replies that were asked for, to do something with them.

use super::{failed, unexpected};
use crate::desk::{Answer, DeskError};
use crate::tui::app::App;
use crate::tui::overlays::Overlay;
use crate::tui::overlays::menu::{Item, Menu, ReplyItem};
use crate::tui::overlays::reply_form::ReplyForm;

/// Opens the menu of what can be done with a reply.
pub(super) fn menu(app: &mut App, result: Result<Answer, DeskError>) {
    let row = match result {
        Ok(Answer::StandardReply(view)) => view.row,
        Ok(_) => return unexpected(app),
        Err(error) => return failed(app, &error),
    };
    let items = ReplyItem::of(&row).into_iter();
    app.overlays.push(Overlay::Menu(Menu {
        title: row.title.clone(),
        items: items
            .map(|item| Item::Reply(item, Box::new(row.clone())))
            .collect(),
        selected: 0,
    }));
}

/// Opens the form for a standard reply made of what an agent said.
pub(super) fn promotion(app: &mut App, result: Result<Answer, DeskError>) {
    match result {
        Ok(Answer::Draft(draft)) => {
            let form = ReplyForm::promoted(&draft, &app.look);
            app.overlays.push(Overlay::ReplyForm(Box::new(form)));
        }
        Ok(_) => unexpected(app),
        Err(error) => failed(app, &error),
    }
}
