//! A short menu of what can be done with one thing: a digit or Enter does it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::frame;
use crate::desk::api::{CauseRow, DatasetRow, ReplyRow, ViewRow};
use crate::tui::app::App;
use crate::words::{Word, word};

/// The menu's state.
#[derive(Debug)]
pub struct Menu {
    /// What it is about.
    pub title: String,
    /// What can be done.
    pub items: Vec<Item>,
    /// The row under the cursor.
    pub selected: usize,
}

/// Something that can be done.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    /// Lists the tickets of a dataset only.
    OnlyDataset(DatasetRow),
    /// Removes a dataset.
    RemoveDataset(DatasetRow),
    /// Lists the tickets with a cause only.
    OnlyCause(CauseRow),
    /// Gives a cause another name.
    RenameCause(CauseRow),
    /// Makes a cause another one.
    MergeCause(CauseRow),
    /// Moves a cause under another upper level.
    GroupCause(CauseRow),
    /// Stops offering a cause.
    RetireCause(CauseRow),
    /// Offers a retired cause again.
    ReviveCause(CauseRow),
    /// Does something with a standard reply.
    Reply(ReplyItem, Box<ReplyRow>),
    /// Does something with a saved view.
    View(ViewRow, ViewDeed),
}

/// What can be done with a standard reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReplyItem {
    /// Copies it.
    Copy,
    /// Copies it as it was written.
    Original,
    /// Makes it a favourite.
    Star,
    /// Makes it a favourite no more.
    Unstar,
    /// Changes it.
    Edit,
    /// Takes the text that the tickets have now.
    Follow,
    /// Stays with the text as it is kept.
    Keep,
    /// Merges another into it.
    Merge,
    /// Parts the one that was merged last.
    Part,
    /// Says why it must not be sent any more.
    Outdate,
    /// Takes it out of use.
    Retire,
    /// Brings it back.
    Revive,
    /// Shows its changes.
    History,
    /// Lists the tickets behind it.
    Tickets,
}

impl ReplyItem {
    /// What can be done with a reply as it is now.
    pub fn of(row: &ReplyRow) -> Vec<Self> {
        let only = |item: Self, holds: bool| holds.then_some(item);
        [
            only(Self::Copy, !row.retired),
            only(Self::Original, !row.retired && !row.curated),
            only(Self::Star, !row.favourite),
            only(Self::Unstar, row.favourite),
            only(Self::Edit, true),
            only(Self::Follow, row.mined_text.is_some()),
            only(Self::Keep, row.mined_text.is_some()),
            only(Self::Outdate, true),
            only(Self::Retire, !row.retired),
            only(Self::Revive, row.retired),
            only(Self::History, row.curated),
            only(Self::Tickets, !row.evidence.is_empty()),
            only(Self::Merge, !row.retired && row.merged_into.is_none()),
            only(Self::Part, !row.merged.is_empty()),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    fn words(self) -> Word {
        match self {
            Self::Copy => Word::CopyReply,
            Self::Original => Word::CopyOriginal,
            Self::Star => Word::StarReply,
            Self::Unstar => Word::UnstarReply,
            Self::Edit => Word::EditReply,
            Self::Follow => Word::FollowReply,
            Self::Keep => Word::KeepReply,
            Self::Merge => Word::MergeReply,
            Self::Part => Word::PartReply,
            Self::Outdate => Word::Outdate,
            Self::Retire => Word::RetireReply,
            Self::Revive => Word::ReviveReply,
            Self::History => Word::ReplyHistory,
            Self::Tickets => Word::ReplyTickets,
        }
    }
}

/// What can be done with a saved view.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ViewDeed {
    /// Shows it.
    Open,
    /// Gives it another name.
    Rename,
    /// Moves it one place forward.
    Forward,
    /// Moves it one place back.
    Back,
    /// Deletes it.
    Drop,
}

impl ViewDeed {
    /// All of them, as the menu lists them.
    pub const ALL: [Self; 5] = [
        Self::Open,
        Self::Rename,
        Self::Forward,
        Self::Back,
        Self::Drop,
    ];

    fn words(self) -> Word {
        match self {
            Self::Open => Word::OpenView,
            Self::Rename => Word::RenameView,
            Self::Forward => Word::MoveViewUp,
            Self::Back => Word::MoveViewDown,
            Self::Drop => Word::DropView,
        }
    }
}

impl Item {
    fn words(&self) -> Word {
        match self {
            Self::OnlyDataset(_) => Word::OnlyDataset,
            Self::RemoveDataset(_) => Word::RemoveDataset,
            Self::OnlyCause(_) => Word::OnlyCause,
            Self::RenameCause(_) => Word::RenameCause,
            Self::MergeCause(_) => Word::MergeCause,
            Self::GroupCause(_) => Word::GroupCause,
            Self::RetireCause(_) => Word::RetireCause,
            Self::ReviveCause(_) => Word::ReviveCause,
            Self::Reply(item, _) => item.words(),
            Self::View(_, deed) => deed.words(),
        }
    }
}

/// Draws the menu.
pub fn render(app: &App, menu: &Menu, screen: Rect, buffer: &mut Buffer) -> Option<(u16, u16)> {
    let rows = u16::try_from(menu.items.len()).unwrap_or(u16::MAX);
    let area = frame::middle(screen, 56, rows.saturating_add(2));
    let inner = frame::open(app, area, &menu.title, buffer);
    let count = menu.items.len();
    frame::rows(app, inner, count, menu.selected, buffer, |at| {
        let words = menu
            .items
            .get(at)
            .map_or("", |item| word(app.look.lang, item.words()));
        Line::from(vec![
            Span::styled(format!(" {} ", at + 1), app.look.theme.key),
            Span::styled(words, app.look.theme.text),
        ])
    });
    None
}
