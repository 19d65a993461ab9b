//! What became of a copy.

use std::collections::BTreeMap;

use crate::api::{Draft, Request, ask};
use crate::clipboard::Outcome;
use crate::model::Generation;
use crate::tui::app::App;
use crate::tui::msg::{Copied, Effect, Topic};
use crate::tui::notices::Weight;
use crate::tui::overlays::guard::Guard;
use crate::tui::overlays::page::Page;
use crate::tui::overlays::slots::SlotForm;
use crate::tui::overlays::{Layer, as_kind};
use crate::tui::say;
use crate::tui::update::{layers, notify, orders};
use crate::words::{self, Msg, Word, word};

/// Takes what became of a copy: blanks are filled and warnings shown first.
pub fn copied(app: &mut App, form: Option<Generation>, copied: Copied) -> Vec<Effect> {
    let sent = form.and_then(|form| layers::sent(app, form));
    match copied {
        Copied::Refused(error) => {
            notify::failed(app, &error);
            if let Some(sent) = sent {
                layers::back(app, sent);
            }
            vec![]
        }
        Copied::Blanks { compose, draft } => {
            let Draft {
                title,
                template,
                slots,
                ..
            } = *draft;
            let form = SlotForm::new(compose, title, &template, slots, &app.memory);
            layers::open(app, form)
        }
        Copied::Guarded { compose, draft } => {
            let guard = Guard::new(compose, *draft);
            let layer = Layer {
                back: sent.and_then(|sent| behind(sent.form)),
                ..Layer::new(Box::new(guard))
            };
            layers::push(app, layer)
        }
        Copied::Done {
            outcome,
            draft,
            sequence,
            overridden,
            values,
        } => {
            let mut effects = remember(app, values);
            effects.extend(done(app, &outcome, *draft, sequence, overridden));
            effects
        }
    }
}

/// The form to go back to from a warning. An earlier warning was looked at; behind it is what it
/// warned about.
fn behind(form: Layer) -> Option<Box<Layer>> {
    let is_guard = |layer: &Layer| as_kind::<Guard>(layer.overlay.as_ref()).is_some();
    if is_guard(&form) {
        return form.back;
    }
    let back = form.back.filter(|layer| !is_guard(layer));
    Some(Box::new(Layer { back, ..form }))
}

/// Remembers what was filled in.
fn remember(app: &mut App, values: BTreeMap<String, String>) -> Vec<Effect> {
    app.memory.remember(&values);
    if values.is_empty() {
        vec![]
    } else {
        vec![Effect::Remember(values)]
    }
}

/// Says honestly what became of it, and has it counted.
fn done(
    app: &mut App,
    outcome: &Outcome,
    draft: Draft,
    sequence: Vec<u8>,
    overridden: Vec<String>,
) -> Vec<Effect> {
    let lang = app.look.lang;
    let (mut weight, mut words) = say::copied(lang, outcome);
    let mut add = |more: String, matters: Weight| {
        words = format!("{words}  {more}");
        if weight != Weight::Bad && matters == Weight::Warn {
            weight = Weight::Warn;
        }
    };
    if draft.holding {
        add(format!("({})", word(lang, Word::Holding)), Weight::Warn);
    }
    if !draft.marks.is_empty() {
        let marks = say::list(lang, &draft.marks);
        let left = words::text(lang, &Msg::MarksLeft { marks: &marks });
        add(left, Weight::Warn);
    }
    for note in say::provenance(lang, &draft) {
        add(note, Weight::Plain);
    }
    app.notices.say(weight, words);
    let mut effects = Vec::new();
    if !matches!(outcome, Outcome::Failed { .. }) {
        let used = draft.used(overridden);
        let generation = app.next_generation();
        let request = Request::RecordUse(ask::RecordUse { uses: vec![used] });
        effects.push(orders::ask(generation, Topic::Used, request));
    }
    if matches!(outcome, Outcome::Show) {
        let text = draft.text;
        effects.extend(layers::open(app, Page { text, top: 0 }));
    }
    if !sequence.is_empty() {
        effects.push(Effect::Emit(sequence));
    }
    effects
}
