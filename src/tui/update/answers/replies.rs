//! Standard replies that were asked for, to do something with them.

use crate::api::{Answer, DeskError};
use crate::tui::app::App;
use crate::tui::msg::Effect;
use crate::tui::overlays::reply_form::ReplyForm;
use crate::tui::overlays::reply_menu;
use crate::tui::update::{layers, notify};

/// Opens the menu of what can be done with a reply.
pub(super) fn menu(app: &mut App, result: Result<Answer, DeskError>) -> Vec<Effect> {
    match result {
        Ok(Answer::StandardReply(view)) => {
            let menu = reply_menu::of(&view.row, &app.view());
            return layers::open(app, menu);
        }
        Ok(_) => notify::unexpected(app),
        Err(error) => notify::failed(app, &error),
    }
    vec![]
}

/// Opens the form for a standard reply made of what an agent said.
pub(super) fn promotion(app: &mut App, result: Result<Answer, DeskError>) -> Vec<Effect> {
    match result {
        Ok(Answer::Draft(draft)) => {
            let form = ReplyForm::promoted(&draft, &app.look);
            return layers::open(app, form);
        }
        Ok(_) => notify::unexpected(app),
        Err(error) => notify::failed(app, &error),
    }
    vec![]
}
