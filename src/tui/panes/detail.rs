//! The detail pane: one ticket or article in full, set once and scrolled.

pub mod article;
pub mod ticket;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use crate::api::{ArticleView, DeskError, Row, SuggestedCause, TicketView};
use crate::model::Generation;
use crate::tui::app::App;
use crate::tui::flow::Flow;
use crate::tui::line::{covered, put};
use crate::tui::look::Look;
use crate::tui::say;
use crate::tui::scroll::{self, Part};
use crate::words::{Word, word};

/// The detail pane's state.
#[derive(Debug, Default)]
pub struct DetailPane {
    /// The row whose ticket or article is wanted.
    pub wanted: Option<String>,
    /// What came last.
    pub shown: Shown,
    /// Which row that belongs to.
    pub shown_id: Option<String>,
    /// A ticket that came, and its row: it is shown once what may be decided on it has come, too,
    /// so that nothing moves under the eye.
    pub coming: Option<(Option<String>, Box<TicketView>)>,
    /// The newest question.
    pub generation: Generation,
    /// Root causes that may hold for the ticket shown.
    pub suggestions: Vec<SuggestedCause>,
    /// The ticket they are for.
    pub suggested_for: Option<String>,
    /// The newest question for them.
    pub suggesting: Generation,
    /// Whether they are to be asked for.
    pub suggests: bool,
    /// Whether it is out of date.
    pub stale: bool,
    /// Its lines, set for one width.
    pub text: Laid,
    /// The first line drawn.
    pub top: usize,
    /// What becomes of holding replies that follow each other.
    pub holding: ticket::Holding,
}

/// What the pane shows.
#[derive(Debug, Default)]
pub enum Shown {
    /// Nothing yet.
    #[default]
    Nothing,
    /// A ticket.
    Ticket(Box<TicketView>),
    /// An article.
    Article(Box<ArticleView>),
    /// Why there is nothing.
    Failed(DeskError),
}

/// Lines, and what they were set for.
#[derive(Debug, Default)]
pub struct Laid {
    /// The lines.
    pub lines: Vec<Line<'static>>,
    /// First line of each turn or passage.
    pub turns: Vec<usize>,
    /// The line of what each digit accepts.
    pub offers: Vec<usize>,
    /// Lines on which something matched.
    pub hits: Vec<usize>,
    /// The line to begin at: the passage asked for.
    pub begin: usize,
    /// What they were set for; `None` = they must be set again.
    set_for: Option<(usize, Look)>,
}

impl Laid {
    /// The lines must be set again.
    pub fn forget(&mut self) {
        self.set_for = None;
    }
}

impl DetailPane {
    /// Takes what came, of a row.
    pub fn replace(&mut self, id: Option<String>, shown: Shown) {
        let same = self.shown_id == id;
        self.coming = None;
        self.suggests = matches!(shown, Shown::Ticket(_));
        self.shown = shown;
        self.shown_id = id;
        self.text.forget();
        if !same {
            self.top = 0;
        }
    }

    /// Takes the ticket of another row, which waits for what may be decided on it.
    pub fn expect(&mut self, id: Option<String>, ticket: Box<TicketView>) {
        self.coming = Some((id, ticket));
        self.suggests = true;
    }

    /// Takes what may be decided on the ticket that came, and shows both.
    pub fn decide(&mut self, suggestions: Vec<SuggestedCause>) {
        if let Some((id, ticket)) = self.coming.take() {
            self.replace(id, Shown::Ticket(ticket));
            self.suggests = false;
        }
        self.suggested_for.clone_from(&self.shown_id);
        self.suggestions = suggestions;
        self.text.forget();
    }

    /// Brings what a digit accepts into sight, in a pane of so many lines; whether it was there.
    pub fn shows_offer(&mut self, digit: usize, height: usize) -> bool {
        let Some(line) = self.text.offers.get(digit).copied() else {
            return false;
        };
        let in_sight = (self.top..self.top + height).contains(&line);
        if !in_sight {
            // With the line above it, which says what it is.
            self.top = line.saturating_sub(1);
        }
        in_sight
    }

    /// The ticket shown, if it is one.
    pub fn ticket(&self) -> Option<&TicketView> {
        match &self.shown {
            Shown::Ticket(ticket) => Some(ticket),
            Shown::Nothing | Shown::Article(_) | Shown::Failed(_) => None,
        }
    }
}

/// Sets the lines again where content, width or look changed.
pub fn lay(app: &mut App) {
    let width = usize::from(app.areas().detail.width).saturating_sub(2);
    let wanted = (width, app.look.clone());
    if width == 0 || app.detail.text.set_for.as_ref() == Some(&wanted) {
        return;
    }
    let terms = terms(app);
    let look = &app.look;
    let mut flow = Flow::new(width, look.glyphs).highlighting(&terms, look.theme.hit);
    let mut laid = Laid::default();
    match &app.detail.shown {
        Shown::Nothing => {}
        Shown::Ticket(ticket) => {
            let beside = beside(app, ticket);
            let places = ticket::set(&mut flow, look, ticket, &beside);
            (laid.turns, laid.offers) = (places.turns, places.offers);
        }
        Shown::Article(article) => {
            (laid.turns, laid.begin) = article::set(&mut flow, look, article);
        }
        Shown::Failed(error) => flow.text(&say::error(look.lang, error), look.theme.bad),
    }
    if flow.is_cut() {
        flow.text(word(look.lang, Word::CutShort), look.theme.warn);
    }
    laid.lines = flow.lines;
    laid.hits = flow.hits;
    let first_time = app.detail.text.lines.is_empty() || app.detail.top == 0;
    laid.set_for = Some(wanted);
    if first_time {
        app.detail.top = laid.begin;
    }
    app.detail.text = laid;
}

/// What stands beside the ticket's own text.
fn beside<'a>(app: &'a App, ticket: &TicketView) -> ticket::Beside<'a> {
    let id = ticket.row.id;
    let held = app
        .list
        .current_ticket()
        .filter(|row| row.id == id)
        .and_then(|row| row.relaxed.as_ref());
    let for_it = app.detail.suggested_for.as_deref() == Some(id.as_str());
    let suggestions: &[SuggestedCause] = if for_it { &app.detail.suggestions } else { &[] };
    ticket::Beside {
        relaxed: held,
        waits: app.list.queue.rows.iter().find(|row| row.id == id),
        others: app.company.others(id).collect(),
        suggestions,
        holding: app.detail.holding,
    }
}

/// What the query matched in the row shown: the same words are made visible in the text.
fn terms(app: &App) -> Vec<String> {
    let row = app
        .list
        .rows
        .iter()
        .find(|row| Some(super::list::row_id(row)) == app.detail.shown_id);
    let mut terms = match row {
        Some(Row::Ticket(ticket)) => {
            let mut terms = covered(&ticket.title, &ticket.title_highlights);
            terms.extend(covered(&ticket.snippet, &ticket.highlights));
            terms
        }
        Some(Row::Passage(passage)) => covered(&passage.snippet, &passage.highlights),
        None => Vec::new(),
    };
    for term in &mut terms {
        term.make_ascii_lowercase();
    }
    terms.sort();
    terms.dedup();
    terms
}

/// Draws the lines that are seen.
pub fn render(app: &App, area: Rect, buffer: &mut Buffer) {
    let inner = Rect {
        x: area.x + 1,
        width: area.width.saturating_sub(2),
        ..area
    };
    let seen = app.detail.text.lines.iter().skip(app.detail.top);
    for (line, y) in seen.zip(0..inner.height) {
        put(buffer, inner, y, line);
    }
    scroll::bar(&app.look, area, part(app), buffer);
}

/// Which lines of the text are seen.
pub fn part(app: &App) -> Part {
    Part {
        top: app.detail.top,
        height: app.areas().detail.height.into(),
        lines: app.detail.text.lines.len(),
    }
}
