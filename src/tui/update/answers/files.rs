//! What became of a file that was to be written.

use crate::config::Existing;
use crate::model::Generation;
use crate::tui::app::App;
use crate::tui::line::clean;
use crate::tui::msg::{Effect, SaveFile, Saved};
use crate::tui::notices::Weight;
use crate::tui::overlays::confirm::Confirm;
use crate::tui::overlays::{Layer, Work};
use crate::tui::say;
use crate::tui::update::layers;
use crate::words::{self, Bytes, Msg};

/// Says what became of a file; one that is there already is asked about.
pub fn saved(app: &mut App, form: Generation, saved: Saved) -> Vec<Effect> {
    let lang = app.look.lang;
    let sent = layers::sent(app, form);
    let is_done = matches!(saved, Saved::Done { .. });
    let (weight, words) = match saved {
        Saved::Done { path, bytes } => {
            let (size, path) = (Bytes(bytes), clean(&path));
            let message = Msg::Exported { size, path: &path };
            (Weight::Good, words::text(lang, &message))
        }
        Saved::Exists(order) => {
            let path = clean(&order.path);
            let question = words::text(lang, &Msg::ReplaceFile { path: &path });
            let work = Work::Save(SaveFile {
                existing: Existing::Replace,
                ..order
            });
            let confirm = Confirm { question, work };
            return layers::push(
                app,
                Layer {
                    back: sent.map(|sent| Box::new(sent.form)),
                    ..Layer::new(Box::new(confirm))
                },
            );
        }
        Saved::Failed { path, why } => {
            let (path, why) = (clean(&path), clean(&why));
            let message = Msg::NotSaved {
                path: &path,
                why: &why,
            };
            (Weight::Bad, words::text(lang, &message))
        }
        Saved::Refused(error) => (Weight::Bad, say::error(lang, &error)),
    };
    app.notices.say(weight, words);
    if let Some(sent) = sent.filter(|_| !is_done) {
        layers::back(app, sent);
    }
    vec![]
}
