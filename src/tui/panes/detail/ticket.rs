//! A ticket set into lines: what is decided on first (category, causes, suggestions), then question
//! and dialogue, and where it came from.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::api::{
    CauseTag, Doing, HistoryEntry, Present, QueueRow, SuggestedCause, TicketView, VoteView,
};
use crate::model::{Relaxed, Speaker, TicketId, Turn, is_holding, is_placeholder};
use crate::text::phrases;
use crate::tui::flow::Flow;
use crate::tui::line::clean;
use crate::tui::look::Look;
use crate::tui::measure as text;
use crate::tui::say;
use crate::tui::say::{evidence, percent};
use crate::words::{self, Count, Msg, Word, names, word};

/// Columns of the speaker's label, with the blank behind it, at least.
const LABEL: usize = 6;
/// The same at most: a longer label takes a line of its own.
const LABEL_MOST: usize = 10;

/// What becomes of holding replies (请稍等 and the like) that follow each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Holding {
    /// One line stands for all of them.
    #[default]
    Folded,
    /// Each stands there, dimmed.
    Shown,
}

impl Holding {
    /// The other way.
    pub fn other(self) -> Self {
        match self {
            Self::Folded => Self::Shown,
            Self::Shown => Self::Folded,
        }
    }
}

/// What stands beside a ticket's own text.
pub struct Beside<'a> {
    /// How the query was relaxed to find it.
    pub relaxed: Option<&'a Relaxed>,
    /// Why it waits for an agent.
    pub waits: Option<&'a QueueRow>,
    /// Other agents who are at it.
    pub others: Vec<&'a Present>,
    /// Root causes that may hold.
    pub suggestions: &'a [SuggestedCause],
    /// What becomes of holding replies.
    pub holding: Holding,
}

/// Where parts of a ticket stand.
#[derive(Debug, Default)]
pub struct Places {
    /// The first line of each turn.
    pub turns: Vec<usize>,
    /// The line of what each digit accepts.
    pub offers: Vec<usize>,
}

/// Sets a ticket.
pub fn set(flow: &mut Flow<'_>, look: &Look, ticket: &TicketView, beside: &Beside<'_>) -> Places {
    let mut offers = Vec::new();
    if let Some(relaxed) = beside.relaxed {
        let words = format!("~ {}", say::relaxed(look.lang, relaxed));
        flow.text(&words, look.theme.warn);
    }
    if let Some(row) = beside.waits {
        offers.extend(waits(flow, look, row));
    }
    others(flow, look, &beside.others);
    outdated(flow, look, &ticket.row.outdated, ticket.row.successor);
    head(flow, look, ticket);
    causes(flow, look, ticket);
    opinions(flow, look, &ticket.votes);
    // A proposed category takes the first digit.
    let causes = suggestions(flow, look, beside.suggestions);
    offers.extend(causes.into_iter().skip(offers.len()));
    question(flow, look, ticket);
    let turns = dialogue(flow, look, &ticket.dialogue, beside.holding);
    for section in &ticket.sections {
        heading(flow, look, &section.heading);
        flow.text(&section.text, look.theme.text);
    }
    related(flow, look, ticket);
    sources(flow, look, ticket);
    history(flow, look, &ticket.history);
    Places { turns, offers }
}

/// Says that something must not be followed any more, where that is so.
pub fn outdated(flow: &mut Flow<'_>, look: &Look, why: &str, heir: Option<TicketId>) {
    if !why.is_empty() {
        let heir = heir.map(|id| id.to_string()).unwrap_or_default();
        flow.text(&words::outdated(look.lang, why, &heir), look.theme.warn);
    }
}

/// Sets a heading after a blank line.
pub fn heading(flow: &mut Flow<'_>, look: &Look, words: &str) {
    flow.blank();
    flow.text(words, look.theme.heading);
}

fn head(flow: &mut Flow<'_>, look: &Look, ticket: &TicketView) {
    let theme = &look.theme;
    let row = &ticket.row;
    let category = say::category(look.lang, &row.product, &row.issue_type);
    let mut spans = vec![
        Span::styled(format!("#{} ", row.short_id), theme.dim),
        Span::styled(clean(&category), theme.category),
    ];
    if let Some(date) = row.date {
        spans.push(Span::styled(format!("  {date}"), theme.dim));
    }
    if row.misfiled {
        spans.push(Span::styled(
            format!("  {}", word(look.lang, Word::Misfiled)),
            theme.warn,
        ));
    }
    flow.line(Line::from(spans));
    let corrected = ticket
        .category_given
        .as_ref()
        .filter(|given| given.product != row.product || given.issue_type != row.issue_type);
    if let Some(given) = corrected {
        flow.text(
            &say::labelled(look.lang, Word::CategoryGiven, &given.to_string()),
            theme.dim,
        );
    }
    if !row.title.trim().is_empty() {
        flow.text(&row.title, theme.text.patch(Style::new().bold()));
    }
    if !row.scenarios.is_empty() {
        flow.text(
            &say::labelled(
                look.lang,
                Word::Scenarios,
                &say::list(look.lang, &row.scenarios),
            ),
            theme.dim,
        );
    }
}

fn question(flow: &mut Flow<'_>, look: &Look, ticket: &TicketView) {
    let asked = ticket.question.trim();
    let first = ticket.dialogue.first();
    // Many documents give the question again as the first turn of the dialogue.
    let repeated =
        first.is_some_and(|turn| turn.speaker == Speaker::Customer && turn.text.trim() == asked);
    if !asked.is_empty() && !repeated {
        heading(flow, look, word(look.lang, Word::Question));
        flow.text(&ticket.question, look.theme.text);
    }
}

fn dialogue(flow: &mut Flow<'_>, look: &Look, dialogue: &[Turn], holding: Holding) -> Vec<usize> {
    heading(flow, look, word(look.lang, Word::Dialogue));
    if dialogue.is_empty() {
        flow.text(word(look.lang, Word::NoReplies), look.theme.dim);
    }
    let mut turns = Vec::with_capacity(dialogue.len());
    let mut agents = 0;
    let labelled: Vec<(&Turn, String)> = dialogue
        .iter()
        .map(|turn| {
            if turn.speaker == Speaker::Agent {
                agents += 1;
            }
            (turn, label(look, turn, agents))
        })
        .collect();
    // One indent for all, so that what was said stands in one column.
    let widths = labelled.iter().map(|(_, label)| text::width(label) + 1);
    let indent = widths.filter(|width| *width <= LABEL_MOST).max();
    let indent = indent.unwrap_or(LABEL).max(LABEL);
    let runs = labelled.chunk_by(|(one, _), (next, _)| holds(one) && holds(next));
    for run in runs {
        // One alone takes no more room than the line that would stand for it.
        if holding == Holding::Folded && run.len() > 1 {
            turns.push(flow.lines.len());
            folded(flow, look, run.len(), indent);
            continue;
        }
        for (turn, label) in run {
            turns.push(flow.lines.len());
            one_turn(flow, look, turn, (label, indent));
        }
    }
    turns
}

/// Whether a turn answers nothing. An internal note among the agent's words is no such turn.
fn holds(turn: &Turn) -> bool {
    turn.speaker == Speaker::Agent && phrases::is_holding(&turn.text)
}

/// Sets the line that stands for holding replies.
fn folded(flow: &mut Flow<'_>, look: &Look, count: usize, indent: usize) {
    let words = words::text(look.lang, &Msg::FoldedHolding { n: Count(count) });
    flow.labelled(
        look.glyphs.cut,
        look.theme.dim,
        indent,
        &words,
        look.theme.dim,
    );
}

/// Who speaks: the role, an agent's turns numbered, and a name where the text gives one.
fn label(look: &Look, turn: &Turn, number: usize) -> String {
    let role = match turn.speaker {
        Speaker::Customer => word(look.lang, Word::Customer).to_owned(),
        Speaker::Agent => format!("{}{number}", word(look.lang, Word::Agent)),
        Speaker::Other => word(look.lang, Word::OtherSpeaker).to_owned(),
        Speaker::Internal => word(look.lang, Word::InternalNote).to_owned(),
    };
    match turn.name.as_deref().filter(|name| !name.is_empty()) {
        Some(name) => format!("{role} {name}"),
        None => role,
    }
}

fn one_turn(flow: &mut Flow<'_>, look: &Look, turn: &Turn, (label, indent): (&str, usize)) {
    let theme = &look.theme;
    let style = match turn.speaker {
        Speaker::Customer => theme.customer,
        Speaker::Agent => theme.agent,
        Speaker::Other | Speaker::Internal => theme.dim,
    };
    let holding = turn.speaker == Speaker::Agent && is_holding(&turn.text);
    let dimmed = holding || turn.speaker == Speaker::Internal;
    let text_style = if dimmed { theme.dim } else { theme.text };
    flow.labelled(label, style, indent, &turn.text, text_style);
}

/// Sets the root causes on lines of their own beside their label, with what is doubtful about them.
fn causes(flow: &mut Flow<'_>, look: &Look, ticket: &TicketView) {
    let theme = &look.theme;
    let row = &ticket.row;
    let label = word(look.lang, Word::Causes);
    let indent = text::width(label) + 2;
    let mut lines: Vec<(String, Style)> = row
        .causes
        .iter()
        .map(|cause| cause_line(look, cause))
        .collect();
    if row.causes.is_empty() {
        lines.push((word(look.lang, Word::NoCause).to_owned(), theme.dim));
    }
    let last = lines.len() - 1;
    for (at, line) in lines.into_iter().enumerate() {
        let label = if at == 0 { label } else { "" };
        let mut pieces = vec![line];
        for (holds, what, style) in [
            (row.suspect, Word::Suspect, theme.warn),
            (row.disputed, Word::Disputed, theme.bad),
        ] {
            if at == last && holds {
                pieces.push((format!("  {}", word(look.lang, what)), style));
            }
        }
        flow.pieces_beside(label, theme.heading, indent, &pieces);
    }
    let now: Vec<&str> = row.causes.iter().map(|cause| cause.name.as_str()).collect();
    if !ticket.causes_given.is_empty() && ticket.causes_given != now {
        flow.text(
            &say::labelled(
                look.lang,
                Word::CausesGiven,
                &say::list(look.lang, &ticket.causes_given),
            ),
            theme.dim,
        );
    }
}

/// What other agents think of the causes.
fn opinions(flow: &mut Flow<'_>, look: &Look, votes: &[VoteView]) {
    if votes.is_empty() {
        return;
    }
    for vote in votes {
        let who = say::author(look.lang, &vote.author, vote.declared);
        let mut words = format!(
            "{who}  {}  {}",
            words::opinion(look.lang, &vote.stance, &vote.causes),
            say::time(look, vote.at),
        );
        if !vote.note.is_empty() {
            words.push_str(&format!(
                "  {}",
                say::labelled(look.lang, Word::Note, &vote.note)
            ));
        }
        if vote.settled {
            words.push_str(&format!("  ({})", word(look.lang, Word::Settled)));
        }
        let (mark, style) = match vote.stance.as_str() {
            "differ" if vote.settled => ("x", look.theme.dim),
            "differ" => ("x", look.theme.bad),
            _ => ("+", look.theme.good),
        };
        flow.labelled(mark, style, 2, &words, style);
    }
}

/// Who else is at the ticket, by what they do there.
fn others(flow: &mut Flow<'_>, look: &Look, others: &[&Present]) {
    let kinds = [
        (Doing::Annotates, Word::AlsoAnnotates),
        (Doing::Works, Word::AlsoWorks),
        (Doing::Reads, Word::AlsoReads),
    ];
    for (doing, words) in kinds {
        let mut names: Vec<String> = others
            .iter()
            .filter(|one| one.doing == doing)
            .map(|one| say::author(look.lang, &one.name, one.declared))
            .collect();
        names.dedup();
        if !names.is_empty() {
            let words = word(look.lang, words);
            let names = say::list(look.lang, &names);
            flow.text(&format!("@ {names} {words}"), look.theme.warn);
        }
    }
}

/// Why a ticket waits, and the category that is proposed.
/// Says why a ticket waits; returns the line of what is proposed.
fn waits(flow: &mut Flow<'_>, look: &Look, row: &QueueRow) -> Option<usize> {
    let kind = names::queue(look.lang, row.kind.name());
    let why = words::reason(look.lang, &row.reason_kind, &row.reason_args);
    let colon = look.lang.pick("：", ": ");
    flow.text(&format!("{kind}{colon}{why}"), look.theme.warn);
    let category = row.proposed.as_ref()?;
    let line = flow.lines.len();
    let words = say::labelled(look.lang, Word::ProposedCategory, &category.to_string());
    flow.labelled("1", look.theme.key, 2, &words, look.theme.category);
    Some(line)
}

/// Root causes that may hold, each with the digit that accepts it and what speaks for it; returns
/// their lines.
fn suggestions(flow: &mut Flow<'_>, look: &Look, suggestions: &[SuggestedCause]) -> Vec<usize> {
    let mut lines = Vec::with_capacity(suggestions.len());
    if suggestions.is_empty() {
        return lines;
    }
    let label = word(look.lang, Word::SuggestedCauses);
    let indent = text::width(label) + 2;
    for (at, one) in suggestions.iter().enumerate() {
        lines.push(flow.lines.len());
        let begun = if at == 0 { label } else { "" };
        let mut pieces = vec![
            (format!("{} ", at + 1), look.theme.key),
            (clean(&one.cause), look.theme.text),
            (format!("  {}", percent(one.score)), look.theme.text),
        ];
        // What words of the ticket suggest has no other tickets to name.
        let speaks = match one.evidence.as_slice() {
            [] => String::new(),
            tickets => format!("  {}", evidence(look, tickets)),
        };
        let said: usize = pieces.iter().map(|(piece, _)| text::width(piece)).sum();
        if indent + said + text::width(&speaks) <= flow.width() {
            pieces.push((speaks, look.theme.dim));
        }
        flow.pieces_beside(begun, look.theme.heading, indent, &pieces);
    }
    lines
}

/// A cause with who says so.
fn cause_line(look: &Look, cause: &CauseTag) -> (String, Style) {
    let theme = &look.theme;
    let given = cause.by == "given";
    let (state, style) = match (given, is_placeholder(&cause.name)) {
        (true, true) => (
            names::cause_state(look.lang, "placeholder").to_owned(),
            theme.dim,
        ),
        (true, false) => (word(look.lang, Word::ByDocument).to_owned(), theme.text),
        (false, _) => (
            format!(
                "{} {}",
                names::cause_state(look.lang, "confirmed"),
                cause.by
            ),
            theme.good,
        ),
    };
    (format!("{} ({state})", cause.name), style)
}

fn related(flow: &mut Flow<'_>, look: &Look, ticket: &TicketView) {
    if ticket.related_passages.is_empty() {
        return;
    }
    heading(flow, look, word(look.lang, Word::RelatedPassages));
    for passage in &ticket.related_passages {
        let name = if passage.heading.is_empty() {
            passage.article.clone()
        } else {
            format!(
                "{} {} {}",
                passage.article, look.glyphs.step, passage.heading
            )
        };
        flow.labelled("-", look.theme.dim, 2, &name, look.theme.article);
        flow.labelled("", look.theme.dim, 2, &passage.snippet, look.theme.dim);
    }
}

fn sources(flow: &mut Flow<'_>, look: &Look, ticket: &TicketView) {
    heading(flow, look, word(look.lang, Word::Sources));
    for source in &ticket.sources {
        let words = format!("{}  {}:{}", source.dataset, source.file, source.line);
        flow.labelled("-", look.theme.dim, 2, &words, look.theme.dim);
    }
}

fn history(flow: &mut Flow<'_>, look: &Look, history: &[HistoryEntry]) {
    if history.is_empty() {
        return;
    }
    heading(flow, look, word(look.lang, Word::History));
    for entry in history {
        let words = say::history(look, entry);
        flow.labelled("-", look.theme.dim, 2, &words, look.theme.dim);
    }
}
