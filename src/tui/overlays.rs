//! What is drawn above the panes: a stack, of which the last has the keys.
//!
//! Each file holds one overlay whole: its state, what keys and answers do to it, how it is drawn,
//! and its tests. An overlay sees what is behind it through a [`View`] and says what it wants by an
//! [`Outcome`]; it never changes the workbench itself. To add one, write its file and open it by
//! `Command::Open` or from the action that shows it (`update/actions.rs`).

pub mod advice;
pub mod annotate;
pub mod at_hand;
pub mod category;
pub mod cause_edit;
pub mod code;
pub mod command;
pub mod confirm;
pub mod conflicts;
pub mod copying;
pub mod datasets;
pub mod editor;
pub mod export;
pub mod frame;
pub mod group;
pub mod guard;
pub mod help;
pub mod menu;
pub mod outcome;
pub mod outdate;
pub mod page;
pub mod pager;
pub mod paste;
pub mod reading;
pub mod replies;
pub mod reply_form;
pub mod reply_menu;
pub mod settings;
pub mod slots;
pub mod stats;
pub mod view_form;
pub mod views;
pub mod vocabulary;
pub mod which_key;

use std::any::Any;
use std::fmt::Debug;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use tui_input::Input;

use super::field;
use super::hint::Hint;
use super::msg::Topic;
use super::notices::Weight;
use super::step::Step;
use super::view::View;
use crate::api::{Answer, Request};
use crate::keymap::{Action, Context};
use crate::model::Generation;

pub use outcome::{Command, Handed, Next, Outcome, Work};

/// Something drawn above the panes.
pub trait Overlay: Any + Debug {
    /// Where its keys are looked up: in a field, characters are typed.
    fn context(&self) -> Context {
        Context::Overlay
    }

    /// The keys shown in the status line, the most wanted first, by what they do here.
    fn footer(&self) -> Vec<Hint>;

    /// The field of one line that is typed in.
    fn field(&mut self) -> Option<&mut Input> {
        None
    }

    /// Called when the text of the field has changed: its rows are others now.
    fn typed(&mut self) {}

    /// Does what an action means here.
    fn step(&mut self, step: Step, view: &View<'_>) -> Outcome;

    /// Takes a key that no binding took: a character of the field, unless it means more here.
    fn unbound(&mut self, key: KeyEvent, _view: &View<'_>) -> Outcome {
        edit(self, key)
    }

    /// Takes a key with the action it is bound to. Only a text of several lines needs more than this.
    fn key(&mut self, action: Option<Action>, key: KeyEvent, view: &View<'_>) -> Outcome {
        match action {
            Some(action) => act(self, action, view),
            None => self.unbound(key, view),
        }
    }

    /// Takes a pasted text: into the field; where there is none, it is a customer's message.
    fn paste(&mut self, text: &str, view: &View<'_>) -> Outcome {
        match self.field() {
            Some(input) => {
                field::paste(input, text);
                self.typed();
                Outcome::stay()
            }
            None => advise(Outcome::stay(), text, view),
        }
    }

    /// Takes a click.
    fn click(&mut self, _place: Position, _view: &View<'_>) -> Outcome {
        Outcome::stay()
    }

    /// Takes a text that another program edited.
    fn edited_outside(&mut self, _text: &str, _view: &View<'_>) {}

    /// What it asks the desk when it opens.
    fn question(&self) -> Option<Question> {
        None
    }

    /// All that it asks; most ask one thing.
    fn questions(&self) -> Vec<Question> {
        self.question().into_iter().collect()
    }

    /// Whether its question is asked again when what all share has changed.
    fn asks_again(&self) -> bool {
        false
    }

    /// Whether there is something in it without the answer, so that it stays open when none comes.
    fn is_filled(&self) -> bool {
        false
    }

    /// Takes the answer to its question; one of a wrong kind is a fault, and said to be one.
    fn answer(&mut self, _answer: Answer, _view: &View<'_>) -> Result<Outcome, WrongAnswer> {
        Err(WrongAnswer)
    }

    /// What follows when the work was done that it was closed for.
    fn done(&self, _view: &View<'_>) -> Vec<Command> {
        Vec::new()
    }

    /// Takes what the overlay above hands down when it closes.
    fn take(&mut self, _handed: Handed) {}

    /// Takes back a part of a list that was sent from here and refused; says whether it did.
    fn take_back(&mut self, _sent: &mut dyn Overlay) -> bool {
        false
    }

    /// Whether a decision on the ticket shown is being made here: colleagues are told.
    fn decides(&self) -> bool {
        false
    }

    /// What becomes of the screen behind it.
    fn backdrop(&self) -> Backdrop {
        Backdrop::Dim
    }

    /// Draws it; returns where its text cursor stands.
    fn render(&self, view: &View<'_>, screen: Rect, buffer: &mut Buffer) -> Option<(u16, u16)>;
}

/// What becomes of the screen behind an overlay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backdrop {
    /// All of it steps back.
    Dim,
    /// All but the detail, which is read for what is decided here.
    DimBesideDetail,
    /// It stays as it is.
    Keep,
}

/// What an overlay asks the desk.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// What it is about.
    pub topic: Topic,
    /// The request.
    pub request: Request,
}

/// An answer of another kind than was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WrongAnswer;

/// An open overlay.
#[derive(Debug)]
pub struct Layer {
    /// The overlay.
    pub overlay: Box<dyn Overlay>,
    /// Numbers of the questions that it waits for.
    pub waits: Vec<Generation>,
    /// What it stands in for, which is there again when it is left.
    pub back: Option<Box<Layer>>,
}

impl Layer {
    /// A layer that waits for nothing and stands in for nothing.
    pub fn new(overlay: Box<dyn Overlay>) -> Self {
        Self {
            overlay,
            waits: Vec::new(),
            back: None,
        }
    }
}

/// Draws an open overlay, and dims what is behind it; returns where its text cursor stands.
pub fn render(
    layer: &Layer,
    view: &View<'_>,
    screen: Rect,
    buffer: &mut Buffer,
) -> Option<(u16, u16)> {
    match layer.overlay.backdrop() {
        Backdrop::Dim => frame::dim(view.look, screen, Rect::ZERO, buffer),
        Backdrop::DimBesideDetail => {
            frame::dim(view.look, screen, view.areas.detail, buffer);
        }
        Backdrop::Keep => {}
    }
    layer.overlay.render(view, screen, buffer)
}

/// Does what an action means in an overlay.
pub fn act<O: Overlay + ?Sized>(overlay: &mut O, action: Action, view: &View<'_>) -> Outcome {
    match Step::of(action) {
        Some(Step::Cancel) => Outcome::leave(),
        Some(Step::Delete(what)) => {
            let deleted = overlay.field().map(|input| field::delete(input, what));
            if deleted == Some(true) {
                overlay.typed();
            }
            Outcome::stay()
        }
        Some(step) => overlay.step(step, view),
        None => Outcome::stay(),
    }
}

/// An overlay as what it is, if it is of this kind.
pub fn as_kind<O: Overlay>(overlay: &dyn Overlay) -> Option<&O> {
    (overlay as &dyn Any).downcast_ref()
}

/// The same, to change it.
pub fn as_kind_mut<O: Overlay>(overlay: &mut dyn Overlay) -> Option<&mut O> {
    (overlay as &mut dyn Any).downcast_mut()
}

/// Opens what is likely about a pasted message, or says that there is none.
pub fn advise(outcome: Outcome, pasted: &str, view: &View<'_>) -> Outcome {
    match advice::open(pasted) {
        Ok(advice) => outcome.open(advice),
        Err(what) => outcome.say(view.look.lang, Weight::Plain, what),
    }
}

/// Edits the field by a key.
pub fn edit<O: Overlay + ?Sized>(overlay: &mut O, key: KeyEvent) -> Outcome {
    if overlay.field().is_some_and(|input| field::edit(input, key)) {
        overlay.typed();
    }
    Outcome::stay()
}

/// The row that a digit picks, from 0: `1` is the first.
pub fn row_of(key: KeyEvent) -> Option<usize> {
    match key.code {
        KeyCode::Char(c) if key.modifiers == KeyModifiers::NONE => {
            usize::try_from(c.to_digit(10)?).ok()?.checked_sub(1)
        }
        _ => None,
    }
}
