//! Everything the screen shows, as plain data.

use std::sync::Arc;

use crate::api::{DeskError, Progress, Status};
use crate::keymap::{Chord, Context, Keymap};
use crate::model::{CategoryFilter, Generation, TicketFilter};

use super::company::Company;
use super::layout::Focus;
use super::layout::{Areas, Zoom, layout};
use super::look::Look;
use super::memory::Memory;
use super::notices::Notices;
use super::overlays::Layer;
use super::panes::detail::DetailPane;
use super::panes::list::ListPane;
use super::panes::query::QueryLine;
use super::panes::tabs::Tabs;
use super::panes::tree::TreePane;
use super::view::View;
use ratatui::layout::Rect;

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
    pub overlays: Vec<Layer>,
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

/// A form whose work is on the way: it comes back as it was filled in if nothing becomes of that.
#[derive(Debug)]
pub struct Sent {
    /// The number of the work.
    pub number: Generation,
    /// The form as it was filled in.
    pub form: Layer,
    /// How many overlays stood below it.
    pub place: usize,
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

/// The read-only parts of an app, one by one, so that its overlays can be changed meanwhile.
macro_rules! view_of {
    ($app:ident) => {
        View {
            look: &$app.look,
            keymap: &$app.keymap,
            screen: Rect::new(0, 0, $app.size.0, $app.size.1),
            areas: layout($app.size.0, $app.size.1, $app.focus, $app.zoom),
            focus: $app.focus,
            query: &$app.query,
            filter: &$app.filter,
            tree: &$app.tree,
            tabs: &$app.tabs,
            list: &$app.list,
            detail: &$app.detail,
            memory: &$app.memory,
            commands: &$app.commands,
            notices: &$app.notices,
            may_save: $app.may_save,
            may_edit_outside: $app.editor.is_some(),
        }
    };
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
        match self.overlays.last() {
            Some(layer) => vec![layer.overlay.context()],
            None => self.focus.contexts(),
        }
    }

    /// What overlays may see.
    pub fn view(&self) -> View<'_> {
        view_of!(self)
    }

    /// The overlays, and what they may see.
    pub fn overlays_and_view(&mut self) -> (&mut Vec<Layer>, View<'_>) {
        (&mut self.overlays, view_of!(self))
    }

    /// The name of what is listed: the category chosen, or everything.
    pub fn place(&self) -> Option<&CategoryFilter> {
        self.filter.category.as_ref()
    }
}
