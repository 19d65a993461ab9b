//! Everything the screen shows, as plain data.

use std::sync::Arc;

use crate::desk::DeskError;
use crate::desk::api::{Progress, Status};
use crate::keymap::{Chord, Context, Keymap};
use crate::model::{CategoryFilter, Generation, TicketFilter};
use crate::words::Lang;

use super::company::Company;
use super::layout::{Areas, Zoom, layout};
use super::memory::Memory;
use super::overlays::Overlay;
use super::panes::detail::DetailPane;
use super::panes::list::ListPane;
use super::panes::query::QueryLine;
use super::panes::tabs::Tabs;
use super::panes::tree::TreePane;
use super::theme::{Glyphs, Theme};

/// The workbench's state. [`update`](super::update::update) alone changes it.
pub struct App {
    /// How things look and are called.
    pub look: Look,
    /// The keys.
    pub keymap: Arc<Keymap>,
    /// Columns and rows of the screen.
    pub size: (u16, u16),
    /// Which pane has the keys.
    pub focus: Focus,
    /// Whether the detail fills the screen.
    pub zoom: Zoom,
    /// How it stands with the desk.
    pub link: Link,
    /// The query line.
    pub query: QueryLine,
    /// What else must hold of the tickets listed.
    pub filter: TicketFilter,
    /// The category tree.
    pub tree: TreePane,
    /// The views above the list.
    pub tabs: Tabs,
    /// The ticket list.
    pub list: ListPane,
    /// The ticket or article shown.
    pub detail: DetailPane,
    /// Chords of a sequence in the making.
    pub pending: Vec<Chord>,
    /// What is drawn above the panes; the last has the keys.
    pub overlays: Vec<Overlay>,
    /// Forms that were closed because their orders are on the way.
    pub sending: Vec<Sent>,
    /// What the status line says.
    pub notices: Notices,
    /// Whether files may be written; not in the restricted mode.
    pub may_save: bool,
    /// The program that edits texts; `None` = no other program may be started.
    pub editor: Option<String>,
    /// What the agent filled into replies before.
    pub memory: Memory,
    /// What the desk said of itself last.
    pub status: Option<Status>,
    /// Background work of the desk that goes on.
    pub progress: Option<Progress>,
    /// Who else is where.
    pub company: Company,
    /// Commands given, the last one last.
    pub commands: Vec<String>,
    /// Whether the whole screen must be drawn again, and how often it was.
    pub repaints: u64,
    /// Whether the workbench ends.
    pub over: bool,
    /// The last number given to a question.
    generation: Generation,
}

/// A form whose order is on the way: it comes back as it was filled in if nothing becomes of that.
#[derive(Debug)]
pub struct Sent {
    /// The order.
    pub order: Generation,
    /// The form as it was filled in.
    pub form: Overlay,
    /// How many overlays stood below it.
    pub place: usize,
}

/// How things look and are called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// The language of the interface.
    pub lang: Lang,
    /// Colours.
    pub theme: Theme,
    /// What frames are drawn with.
    pub glyphs: Glyphs,
    /// Where the agent is, for the times of day.
    pub zone: jiff::tz::TimeZone,
}

/// Which pane has the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Focus {
    /// The query line.
    Query,
    /// The category tree.
    Tree,
    /// The ticket list.
    List,
    /// The ticket or article shown.
    Detail,
}

/// How it stands with the desk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Link {
    /// It is being opened.
    Connecting,
    /// It answers.
    Up,
    /// It cannot be reached.
    Failed(DeskError),
}

/// What was said to the user: the last one in the status line, all in the message list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Notices {
    /// What the status line says now.
    pub current: Option<Notice>,
    /// All of this session, the oldest first, at most [`Notices::KEPT`].
    pub all: Vec<Notice>,
}

/// Something said to the user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// How much it matters.
    pub weight: Weight,
    /// What is said.
    pub text: String,
}

/// How much a notice matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// Something went well.
    Good,
    /// Something to know.
    Plain,
    /// Something to look at.
    Warn,
    /// Something failed.
    Bad,
}

impl Notices {
    /// Notices kept for the message list.
    pub const KEPT: usize = 500;

    /// Says something.
    pub fn say(&mut self, weight: Weight, text: String) {
        let notice = Notice { weight, text };
        if self.all.len() == Self::KEPT {
            self.all.remove(0);
        }
        self.all.push(notice.clone());
        self.current = Some(notice);
    }
}

impl App {
    /// An app that has not yet heard of its desk.
    pub fn new(look: Look, keymap: Arc<Keymap>) -> Self {
        Self {
            look,
            keymap,
            size: (80, 24),
            focus: Focus::List,
            zoom: Zoom::Panes,
            link: Link::Connecting,
            query: QueryLine::default(),
            filter: TicketFilter::default(),
            tree: TreePane::default(),
            tabs: Tabs::default(),
            list: ListPane::default(),
            detail: DetailPane::default(),
            pending: Vec::new(),
            overlays: Vec::new(),
            sending: Vec::new(),
            notices: Notices::default(),
            may_save: true,
            editor: None,
            memory: Memory::default(),
            status: None,
            progress: None,
            company: Company::default(),
            commands: Vec::new(),
            repaints: 0,
            over: false,
            generation: Generation::default(),
        }
    }

    /// Where everything stands.
    pub fn areas(&self) -> Areas {
        layout(self.size.0, self.size.1, self.focus, self.zoom)
    }

    /// The number of the last question.
    pub fn generation(&self) -> Generation {
        self.generation
    }

    /// The number of the next question.
    pub fn next_generation(&mut self) -> Generation {
        self.generation = self.generation.next();
        self.generation
    }

    /// The contexts in which keys are looked up now, the innermost first.
    pub fn contexts(&self) -> Vec<Context> {
        if let Some(overlay) = self.overlays.last() {
            return vec![overlay.context()];
        }
        match self.focus {
            Focus::Query => vec![Context::Field],
            Focus::Tree => vec![Context::Tree, Context::Global],
            Focus::List => vec![Context::List, Context::Global],
            Focus::Detail => vec![Context::Detail, Context::Global],
        }
    }

    /// The name of what is listed: the category chosen, or everything.
    pub fn place(&self) -> Option<&CategoryFilter> {
        self.filter.category.as_ref()
    }
}
