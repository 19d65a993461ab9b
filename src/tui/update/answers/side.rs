//! Answers that an overlay waits for.

use super::failed;
use crate::desk::api::{LogEntry, Status};
use crate::desk::{Answer, DeskError};
use crate::keymap::Action;
use crate::model::Generation;
use crate::tui::app::{App, Look, Weight};
use crate::tui::msg::Effect;
use crate::tui::overlays::Overlay;
use crate::tui::overlays::pager::Para;
use crate::tui::say;
use crate::tui::update::overlays;
use crate::words::{self, Count, Msg, Word, names, word};

/// An answer that an overlay waits for.
pub(super) fn side(
    app: &mut App,
    generation: Generation,
    result: Result<Answer, DeskError>,
) -> Vec<Effect> {
    let answer = match result {
        Ok(answer) => answer,
        Err(error) => {
            without_answer(app, generation);
            failed(app, &error);
            return vec![];
        }
    };
    let look = app.look.clone();
    let spoken: Vec<Para> = spoken(app);
    let Some(overlay) = app
        .overlays
        .iter_mut()
        .find(|overlay| question(overlay).is_some_and(|asked| asked.number == generation))
    else {
        return vec![];
    };
    fill(overlay, answer, &look, spoken);
    confirmed(app)
}

/// Does what Enter asked for of a short code that was typed faster than the replies came.
fn confirmed(app: &mut App) -> Vec<Effect> {
    match app.overlays.last() {
        Some(Overlay::Code(form)) if form.confirmed && form.replies.is_some() => {
            overlays::act(app, Action::Confirm)
        }
        _ => vec![],
    }
}

/// An overlay that gets no answer closes, unless there is something in it.
fn without_answer(app: &mut App, generation: Generation) {
    app.overlays.retain(|overlay| {
        let asked = question(overlay);
        asked.is_none_or(|asked| asked.number != generation || asked.filled)
    });
}

/// The question whose answer an overlay shows.
struct Question {
    number: Generation,
    /// Whether there is something in the overlay without the answer, shown or typed.
    filled: bool,
}

fn question(overlay: &Overlay) -> Option<Question> {
    let (number, filled) = match overlay {
        Overlay::Annotate(form) => (form.generation, form.is_filled()),
        Overlay::Group(form) => (form.generation, form.rows.is_some()),
        Overlay::Conflicts(list) => (list.generation, list.rows.is_some()),
        Overlay::Datasets(list) => (list.generation, list.rows.is_some()),
        Overlay::Vocabulary(list) => (list.generation, list.causes.is_some()),
        Overlay::Settings(list) => (list.generation, list.rows.is_some()),
        // It holds the ticket's own turns.
        Overlay::Replies(list) => (list.generation, true),
        Overlay::Advice(advice) => (advice.generation, advice.view.is_some()),
        // It goes on being typed until the replies are there, with which last copies come.
        Overlay::Code(form) => (form.generation, true),
        Overlay::AtHand(list) => (list.generation, true),
        Overlay::Reading(reading) => (reading.generation, false),
        Overlay::Stats(view) => (view.generation, false),
        Overlay::Pager(pager) => (pager.generation, false),
        Overlay::Help(_)
        | Overlay::Views(_)
        | Overlay::ViewForm(_)
        | Overlay::Command(_)
        | Overlay::Category(_)
        | Overlay::Confirm(_)
        | Overlay::Slots(_)
        | Overlay::Guard(_)
        | Overlay::ReplyForm(_)
        | Overlay::Outdate(_)
        | Overlay::Menu(_)
        | Overlay::CauseEdit(_)
        | Overlay::Editor(_)
        | Overlay::Export(_)
        | Overlay::Paste(_)
        | Overlay::Page(_) => return None,
    };
    Some(Question { number, filled })
}

fn fill(overlay: &mut Overlay, answer: Answer, look: &Look, spoken: Vec<Para>) {
    match (overlay, answer) {
        (Overlay::Annotate(form), Answer::Vocabulary(rows)) => form.vocabulary = Some(rows),
        (Overlay::Group(form), Answer::Page(page)) => form.take(page),
        (Overlay::Conflicts(list), Answer::Conflicts(rows)) => list.rows = Some(rows),
        (Overlay::Datasets(list), Answer::Datasets(rows)) => list.rows = Some(rows),
        (Overlay::Replies(list), Answer::Offers(offers)) => list.offers = offers,
        (Overlay::Advice(advice), Answer::Advice(view)) => advice.take(view),
        (Overlay::Code(form), Answer::Replies(replies)) => form.replies = Some(replies),
        (Overlay::AtHand(list), Answer::AtHand(rows)) => {
            list.selected = list.selected.min(rows.len().saturating_sub(1));
            list.rows = Some(rows);
        }
        (Overlay::Reading(reading), answer) => reading.take(answer),
        (Overlay::Stats(view), Answer::Stats(stats)) => view.stats = Some(stats),
        (Overlay::Pager(pager), Answer::Log(entries)) => pager.text = Some(log(look, &entries)),
        (Overlay::Vocabulary(list), Answer::Vocabulary(rows)) => list.causes = Some(rows),
        (Overlay::Settings(list), Answer::Settings(rows)) => list.rows = Some(rows),
        (Overlay::Pager(pager), Answer::Status(status)) => {
            let mut text = status_page(look, &status);
            text.extend(spoken);
            pager.text = Some(text);
        }
        // An answer of another kind than was asked for shows nothing.
        (_, _) => {}
    }
}

fn log(look: &Look, entries: &[LogEntry]) -> Vec<Para> {
    let mut text = Vec::new();
    for entry in entries {
        let who = say::author(look.lang, &entry.author, entry.declared);
        let undo = match entry.undoes {
            Some(_) if entry.redo => format!("  {}", word(look.lang, Word::RedoMark)),
            Some(_) => format!("  {}", word(look.lang, Word::UndoMark)),
            None => String::new(),
        };
        text.push(Para::Dim(format!(
            "{}  {who}  {}{undo}",
            say::time(look, entry.at),
            entry.host,
        )));
        let words = format!("  {}", say::log_entry(look.lang, entry));
        if entry.accepted {
            text.push(Para::Text(words));
        } else {
            let mark = word(look.lang, Word::ConflictsTitle);
            text.push(Para::Warn(format!("{words}  ({mark})")));
        }
        if !entry.note.is_empty() {
            let note = say::labelled(look.lang, Word::Note, &entry.note);
            text.push(Para::Dim(format!("  {note}")));
        }
    }
    text
}

fn status_page(look: &Look, status: &Status) -> Vec<Para> {
    let lang = look.lang;
    let index = match status.behind() {
        Some(behind) => say::indexing(lang, behind),
        None => word(lang, Word::IndexReady).to_owned(),
    };
    let holdings = Msg::Holdings {
        tickets: Count(status.tickets),
        articles: Count(status.articles),
        datasets: Count(status.datasets),
    };
    let theme = names::theme(lang, look.theme.name.name()).to_owned();
    let mut text = vec![Para::Text(words::text(lang, &holdings))];
    if status.sample {
        text.push(Para::Dim(word(lang, Word::SampleShown).to_owned()));
    }
    text.extend(
        [
            (Word::Version, status.version.clone()),
            (Word::DataDir, status.data_dir.clone()),
            (Word::Index, index),
            (Word::Sequence, status.sequence.to_string()),
            (Word::You, status.agent.clone()),
            (Word::Sessions, status.clients.to_string()),
            (Word::Theme, theme),
        ]
        .map(|(label, value)| Para::Text(say::labelled(lang, label, &value))),
    );
    text
}

/// What was said in this session, the newest first.
fn spoken(app: &App) -> Vec<Para> {
    let mut text = Vec::new();
    if !app.notices.all.is_empty() {
        let title = word(app.look.lang, Word::MessagesTitle);
        text.push(Para::Heading(title.to_owned()));
    }
    text.extend(
        app.notices
            .all
            .iter()
            .rev()
            .map(|notice| match notice.weight {
                Weight::Good | Weight::Plain => Para::Text(notice.text.clone()),
                Weight::Warn | Weight::Bad => Para::Warn(notice.text.clone()),
            }),
    );
    text
}
