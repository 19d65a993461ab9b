//! What is drawn above the panes: a stack, of which the last has the keys.
//!
//! Each file holds an overlay's state and how it is drawn; what keys do in it stands in
//! `update/overlays.rs`.

pub mod advice;
pub mod annotate;
pub mod at_hand;
pub mod category;
pub mod cause_edit;
pub mod code;
pub mod command;
pub mod confirm;
pub mod conflicts;
pub mod datasets;
pub mod editor;
pub mod export;
pub mod frame;
pub mod group;
pub mod guard;
pub mod help;
pub mod menu;
pub mod outdate;
pub mod page;
pub mod pager;
pub mod paste;
pub mod reading;
pub mod replies;
pub mod reply_form;
pub mod settings;
pub mod slots;
pub mod stats;
pub mod views;
pub mod vocabulary;
pub mod which_key;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::keymap::{Action, Context};
use crate::tui::app::App;

/// Something drawn above the panes.
#[derive(Debug)]
pub enum Overlay {
    /// All keys.
    Help(help::Help),
    /// A command typed by name.
    Command(command::Command),
    /// Root causes to be set.
    Annotate(annotate::AnnotateForm),
    /// Look-alikes to be annotated at once.
    Group(group::GroupForm),
    /// A category to be chosen.
    Category(category::CategoryForm),
    /// Replies to pick from.
    Replies(replies::Replies),
    /// A question before something large is done.
    Confirm(confirm::Confirm),
    /// Changes that came too late.
    Conflicts(conflicts::ConflictList),
    /// Datasets.
    Datasets(datasets::DatasetList),
    /// What can be done with one thing.
    Menu(menu::Menu),
    /// The vocabulary.
    Vocabulary(vocabulary::VocabularyList),
    /// A change of one cause.
    CauseEdit(cause_edit::CauseEdit),
    /// Team settings.
    Settings(settings::SettingList),
    /// A team setting being edited.
    Editor(Box<editor::Editor>),
    /// A file to be written.
    Export(export::ExportForm),
    /// What is likely about a customer's message.
    Advice(advice::Advice),
    /// The blanks of a reply.
    Slots(slots::SlotForm),
    /// A warning before a copy.
    Guard(Box<guard::Guard>),
    /// Favourites and what was copied lately.
    AtHand(at_hand::AtHandList),
    /// A reply being written.
    ReplyForm(Box<reply_form::ReplyForm>),
    /// Why a reply must not be sent any more.
    Outdate(outdate::OutdateForm),
    /// A standard reply by its short code.
    Code(code::CodeForm),
    /// The saved views.
    Views(views::ViewList),
    /// The name of a view.
    ViewForm(views::ViewForm),
    /// Figures.
    Stats(stats::StatsView),
    /// Running text.
    Pager(pager::Pager),
    /// A ticket or article read on the way.
    Reading(Box<reading::Reading>),
    /// A customer's message.
    Paste(paste::PasteForm),
    /// A text over the whole screen, to be selected by mouse.
    Page(page::Page),
}

impl Overlay {
    /// Takes back what was sent from here and refused, where it is a list that stayed open; what it
    /// does not take comes out again.
    pub fn take_back(&mut self, sent: Self) -> Option<Self> {
        match (self, sent) {
            (Self::Vocabulary(list), Self::Vocabulary(sent)) if list.input.value().is_empty() => {
                (list.input, list.selected) = (sent.input, sent.selected);
                None
            }
            (Self::Conflicts(list), Self::Conflicts(sent)) => {
                list.take_back(sent);
                None
            }
            (_, sent) => Some(sent),
        }
    }

    /// Where its keys are looked up.
    pub fn context(&self) -> Context {
        match self {
            Self::Help(_)
            | Self::Command(_)
            | Self::Annotate(_)
            | Self::Category(_)
            | Self::Vocabulary(_)
            | Self::CauseEdit(_)
            | Self::Editor(_)
            | Self::Export(_)
            | Self::Slots(_)
            | Self::Code(_)
            | Self::ReplyForm(_)
            | Self::Outdate(_)
            | Self::ViewForm(_)
            | Self::Paste(_) => Context::Field,
            Self::Replies(_)
            | Self::Group(_)
            | Self::Menu(_)
            | Self::Advice(_)
            | Self::Guard(_)
            | Self::AtHand(_)
            | Self::Reading(_)
            | Self::Settings(_)
            | Self::Confirm(_)
            | Self::Conflicts(_)
            | Self::Datasets(_)
            | Self::Views(_)
            | Self::Stats(_)
            | Self::Pager(_)
            | Self::Page(_) => Context::Overlay,
        }
    }

    /// The actions shown in the status line.
    pub fn footer(&self) -> &'static [Action] {
        match self {
            Self::Annotate(_) => &[
                Action::Confirm,
                Action::ToggleChoice,
                Action::NextField,
                Action::CreateChoice,
                Action::Cancel,
            ],
            Self::Group(_) => &[
                Action::Confirm,
                Action::ToggleChoice,
                Action::NextField,
                Action::MoveDown,
                Action::Cancel,
            ],
            Self::Command(_) => &[Action::Confirm, Action::NextField, Action::Cancel],
            Self::Conflicts(_) => &[
                Action::Confirm,
                Action::NextField,
                Action::MoveDown,
                Action::Cancel,
            ],
            Self::Replies(_) => &[
                Action::Confirm,
                Action::CopyOriginal,
                Action::Promote,
                Action::Favourite,
                Action::ReplyMenu,
                Action::Cancel,
            ],
            Self::AtHand(_) => &[
                Action::Confirm,
                Action::Favourite,
                Action::ReplyMenu,
                Action::Cancel,
            ],
            Self::Code(_) => &[
                Action::Confirm,
                Action::ReplyMenu,
                Action::CreateChoice,
                Action::ToggleChoice,
                Action::Cancel,
            ],
            Self::Category(_)
            | Self::Menu(_)
            | Self::Settings(_)
            | Self::CauseEdit(_)
            | Self::Views(_)
            | Self::Datasets(_) => &[Action::Confirm, Action::MoveDown, Action::Cancel],
            Self::Vocabulary(_) => &[
                Action::Confirm,
                Action::MoveDown,
                Action::CreateChoice,
                Action::Cancel,
            ],
            Self::Slots(_) => &[
                Action::Confirm,
                Action::MoveDown,
                Action::NextField,
                Action::Cancel,
            ],
            Self::Outdate(_) | Self::ViewForm(_) => {
                &[Action::Confirm, Action::NextField, Action::Cancel]
            }
            Self::Advice(_) => &[
                Action::Confirm,
                Action::MoveDown,
                Action::NextField,
                Action::CopyOriginal,
                Action::ReplyMenu,
                Action::Cancel,
            ],
            Self::Guard(_) => &[
                Action::Confirm,
                Action::MaskFinding,
                Action::MakeSlot,
                Action::EditText,
                Action::MaskAll,
                Action::NextField,
                Action::Cancel,
            ],
            Self::ReplyForm(_) => &[
                Action::Save,
                Action::NextField,
                Action::EditOutside,
                Action::Cancel,
            ],
            Self::Editor(_) => &[Action::Save, Action::Cancel],
            Self::Export(_) => &[Action::Confirm, Action::NextField, Action::Cancel],
            Self::Confirm(_) | Self::Paste(_) => &[Action::Confirm, Action::Cancel],
            Self::Help(_) | Self::Stats(_) | Self::Pager(_) | Self::Reading(_) => {
                &[Action::Cancel, Action::MoveDown, Action::PageDown]
            }
            Self::Page(_) => &[Action::Cancel],
        }
    }
}

/// Draws an overlay; returns where its text cursor stands.
pub fn render(
    app: &App,
    overlay: &Overlay,
    screen: Rect,
    buffer: &mut Buffer,
) -> Option<(u16, u16)> {
    match overlay {
        Overlay::Help(help) => help::render(app, help, screen, buffer),
        Overlay::Command(command) => command::render(app, command, screen, buffer),
        Overlay::Annotate(form) => annotate::render(app, form, screen, buffer),
        Overlay::Group(form) => group::render(app, form, screen, buffer),
        Overlay::Category(form) => category::render(app, form, screen, buffer),
        Overlay::Replies(replies) => replies::render(app, replies, screen, buffer),
        Overlay::Confirm(confirm) => confirm::render(app, confirm, screen, buffer),
        Overlay::Conflicts(list) => conflicts::render(app, list, screen, buffer),
        Overlay::Datasets(list) => datasets::render(app, list, screen, buffer),
        Overlay::Menu(menu) => menu::render(app, menu, screen, buffer),
        Overlay::Vocabulary(list) => vocabulary::render(app, list, screen, buffer),
        Overlay::CauseEdit(form) => cause_edit::render(app, form, screen, buffer),
        Overlay::Settings(list) => settings::render(app, list, screen, buffer),
        Overlay::Editor(editor) => editor::render(app, editor, screen, buffer),
        Overlay::Export(form) => export::render(app, form, screen, buffer),
        Overlay::Advice(advice) => advice::render(app, advice, screen, buffer),
        Overlay::Slots(form) => slots::render(app, form, screen, buffer),
        Overlay::Guard(guard) => guard::render(app, guard, screen, buffer),
        Overlay::AtHand(list) => at_hand::render(app, list, screen, buffer),
        Overlay::ReplyForm(form) => reply_form::render(app, form, screen, buffer),
        Overlay::Outdate(form) => outdate::render(app, form, screen, buffer),
        Overlay::Code(form) => code::render(app, form, screen, buffer),
        Overlay::Views(list) => views::render(app, list, screen, buffer),
        Overlay::ViewForm(form) => views::render_form(app, form, screen, buffer),
        Overlay::Stats(stats) => stats::render(app, stats, screen, buffer),
        Overlay::Pager(pager) => pager::render(app, pager, screen, buffer),
        Overlay::Reading(reading) => reading::render(app, reading, screen, buffer),
        Overlay::Paste(form) => paste::render(app, form, screen, buffer),
        Overlay::Page(page) => page::render(app, page, screen, buffer),
    }
}
