//! What an overlay may see of the workbench behind it: everything it needs, and nothing to change.

use super::layout::{Areas, Focus};
use super::look::Look;
use super::memory::Memory;
use super::notices::Notices;
use super::panes::detail::DetailPane;
use super::panes::list::ListPane;
use super::panes::query::QueryLine;
use super::panes::tabs::Tabs;
use super::panes::tree::TreePane;
use crate::api::{Target, TicketView};
use crate::keymap::{Context, Keymap};
use crate::model::{TicketFilter, TicketId};
use crate::words::{self, Count, Msg};
use ratatui::layout::Rect;

/// The workbench behind the overlays, read-only.
#[derive(Clone, Copy)]
pub struct View<'a> {
    /// How things look and are called.
    pub look: &'a Look,
    /// The keys.
    pub keymap: &'a Keymap,
    /// The whole screen.
    pub screen: Rect,
    /// Where the panes stand.
    pub areas: Areas,
    /// Which pane had the keys.
    pub focus: Focus,
    /// The query line.
    pub query: &'a QueryLine,
    /// What else holds of the tickets listed.
    pub filter: &'a TicketFilter,
    /// The category tree.
    pub tree: &'a TreePane,
    /// The views above the list.
    pub tabs: &'a Tabs,
    /// The ticket list.
    pub list: &'a ListPane,
    /// The ticket or article shown.
    pub detail: &'a DetailPane,
    /// What the agent filled into replies before.
    pub memory: &'a Memory,
    /// Commands given, the last one last.
    pub commands: &'a [String],
    /// What was said to the user.
    pub notices: &'a Notices,
    /// Whether files may be written.
    pub may_save: bool,
    /// Whether another program may edit texts.
    pub may_edit_outside: bool,
}

/// The tickets that a change is about, and what a form calls them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// The tickets, with the revisions that were seen.
    pub targets: Vec<Target>,
    /// A ticket's title, or how many tickets.
    pub name: String,
    /// Causes that the one ticket has now.
    pub current: Vec<String>,
}

impl View<'_> {
    /// The contexts in which the keys of the panes are looked up, the innermost first.
    pub fn pane_contexts(&self) -> Vec<Context> {
        self.focus.contexts()
    }

    /// The id of the selected ticket, which gives values for blanks.
    pub fn ticket_at_hand(&self) -> Option<String> {
        let ticket = self.list.current_ticket();
        ticket.map(|ticket| ticket.id.to_string())
    }

    /// A ticket, while it is the one shown.
    pub fn shown_ticket(&self, id: TicketId) -> Option<&TicketView> {
        self.detail.ticket().filter(|ticket| ticket.row.id == id)
    }

    /// The marked tickets, else the selected one; `None` = an article or nothing.
    pub fn subject(&self) -> Option<Subject> {
        let target = |id: &TicketId, revision| Target {
            id: id.to_string(),
            base_rev: Some(revision),
        };
        if !self.list.marked.is_empty() {
            let marked = self.list.marked.iter();
            let n = Count(self.list.marked.len());
            return Some(Subject {
                targets: marked
                    .map(|(id, known)| target(id, known.revision))
                    .collect(),
                name: words::text(self.look.lang, &Msg::ForTickets { n }),
                current: Vec::new(),
            });
        }
        let ticket = self.list.current_ticket()?;
        let causes = ticket.causes.iter();
        Some(Subject {
            targets: vec![target(&ticket.id, ticket.revision)],
            name: ticket.title.clone(),
            current: causes.map(|cause| cause.name.clone()).collect(),
        })
    }
}
