//! Answers and news of the desk.

use super::{actions, opening, overlays, queues};
use crate::clipboard::Outcome;
use crate::desk::api::{
    ActDone, Attended, Draft, JobState, LogEntry, Page, Progress, Settlement, Status,
};
use crate::desk::{Answer, DeskError, ErrorCode, Push, Request};
use crate::model::Generation;
use crate::tui::app::{App, Look, Weight};
use crate::tui::line::clean;
use crate::tui::msg::{
    Answered, Ask, Copied, CopyWhat, Deed, Effect, Existing, SaveFile, Saved, Topic,
};
use crate::tui::overlays::Overlay;
use crate::tui::overlays::confirm::Confirm;
use crate::tui::overlays::conflicts::ConflictList;
use crate::tui::overlays::guard::Guard;
use crate::tui::overlays::page::Page as TextPage;
use crate::tui::overlays::pager::Para;
use crate::tui::panes::detail::Shown;
use crate::tui::panes::list::{Hits, Source};
use crate::tui::say;
use crate::words::{self, Bytes, Count, Msg, Word, names, word};

/// Asks who is where.
pub fn ask_company(app: &mut App) -> Effect {
    Effect::Ask(Ask {
        topic: Topic::Present,
        generation: app.next_generation(),
        request: Request::Present,
    })
}

/// Asks what the store holds.
pub fn ask_status(app: &mut App) -> Effect {
    Effect::Ask(Ask {
        topic: Topic::Status,
        generation: app.next_generation(),
        request: Request::Status,
    })
}

/// Everything shown is asked for again; nobody loses their place.
pub fn everything_is_stale(app: &mut App) {
    app.list.refresh();
    app.tree.stale = true;
    app.detail.stale = true;
}

/// Takes an answer. One to a question that the user has moved past is dropped.
pub fn answered(app: &mut App, answered: Answered) -> Vec<Effect> {
    let Answered {
        topic,
        generation,
        result,
        took,
    } = answered;
    match topic {
        Topic::Rows { offset } if generation == app.list.generation => {
            rows(app, offset, result, took.as_millis());
        }
        Topic::Tree if generation == app.tree.generation => tree(app, result),
        Topic::Detail if generation == app.detail.generation => return detail(app, result),
        Topic::Suggest if generation == app.detail.suggesting => suggestions(app, result),
        Topic::Rows { .. } | Topic::Tree | Topic::Detail | Topic::Suggest => {}
        Topic::Status => {
            if let Ok(Answer::Status(status)) = result {
                take_status(app, status);
            }
        }
        Topic::Attend => attending(app, result),
        Topic::Present => {
            if let Ok(Answer::Present(all)) = result {
                app.company.replace(all);
                app.detail.text.forget();
            }
        }
        Topic::StatusPage
        | Topic::Settings
        | Topic::Offers
        | Topic::Lookalikes
        | Topic::StandardReplies
        | Topic::Advice
        | Topic::Vocabulary
        | Topic::Log
        | Topic::Datasets
        | Topic::Stats
        | Topic::Conflicts => side(app, generation, result),
        Topic::Act(deed) => return done(app, deed, result),
    }
    vec![]
}

/// A ticket of a queue that somebody else works on makes way for the next.
fn attending(app: &mut App, result: Result<Answer, DeskError>) {
    if let Ok(Answer::Attending(attending)) = result {
        let held = app.company.came(attending);
        app.detail.text.forget();
        if held && matches!(app.list.source, Source::Queue(_)) {
            app.list.refresh();
        }
    }
}

/// Others came or went. A queue is handed out anew: what they left is there again.
fn company(app: &mut App, changed: Vec<Attended>) {
    app.company.change(changed);
    app.detail.text.forget();
    if matches!(app.list.source, Source::Queue(_)) {
        app.list.refresh();
    }
}

fn take_status(app: &mut App, status: Status) {
    let before = app.status.as_ref().is_some_and(|known| known.sample);
    if status.sample && !before {
        let words = word(app.look.lang, Word::SampleShown).to_owned();
        app.notices.say(Weight::Plain, words);
    }
    app.status = Some(status);
}

fn failed(app: &mut App, error: &DeskError) {
    let words = say::error(app.look.lang, error);
    app.notices.say(Weight::Bad, words);
}

fn rows(app: &mut App, offset: usize, result: Result<Answer, DeskError>, millis: u128) {
    match result {
        Ok(Answer::Queue(page)) => {
            let page = queues::handed(page);
            let rows = queues::rows(&page);
            app.list.hits = Some(Hits {
                total: page.total,
                millis,
                ..Hits::default()
            });
            let count = rows.len();
            app.list.queue = page.rows;
            app.list.replace(0, rows, count);
        }
        Ok(Answer::Page(Page { rows, total })) => {
            app.list.queue.clear();
            app.list.hits = None;
            app.list.replace(offset, rows, total);
        }
        Ok(Answer::Found(found)) => {
            app.list.queue.clear();
            app.list.hits = Some(Hits {
                total: found.total,
                more: found.more,
                relaxed: found.relaxed,
                notes: found.notes,
                indexing: found.indexing,
                millis,
            });
            let count = found.rows.len();
            app.list.replace(0, found.rows, count);
        }
        Ok(_) => unexpected(app),
        Err(error) => {
            app.list.asked = None;
            app.list.hits = None;
            app.list.replace(0, Vec::new(), 0);
            failed(app, &error);
        }
    }
    // What matched may be another thing now.
    app.detail.text.forget();
}

fn unexpected(app: &mut App) {
    failed(app, &DeskError::new(ErrorCode::Bug));
}

fn tree(app: &mut App, result: Result<Answer, DeskError>) {
    match result {
        Ok(Answer::Tree(nodes)) => {
            let height = usize::from(app.areas().tree.height);
            app.tree.replace(nodes, height);
        }
        Ok(_) => unexpected(app),
        Err(error) => failed(app, &error),
    }
}

fn detail(app: &mut App, result: Result<Answer, DeskError>) -> Vec<Effect> {
    let shown = match result {
        Ok(Answer::Ticket(ticket)) => Shown::Ticket(ticket),
        Ok(Answer::Article(article)) => Shown::Article(article),
        Ok(_) => Shown::Failed(DeskError::new(ErrorCode::Bug)),
        Err(error) => Shown::Failed(error),
    };
    let id = app.detail.wanted.clone();
    let ticket = match &shown {
        Shown::Ticket(ticket) => Some(ticket.row.id.to_string()),
        Shown::Nothing | Shown::Article(_) | Shown::Failed(_) => None,
    };
    app.detail.replace(id, shown);
    let Some(id) = ticket else {
        return vec![];
    };
    let generation = app.next_generation();
    app.detail.suggesting = generation;
    vec![actions::ask(
        generation,
        Topic::Suggest,
        Request::Suggest { id },
    )]
}

/// Takes root causes for the ticket shown; while they cannot be told, there are none.
fn suggestions(app: &mut App, result: Result<Answer, DeskError>) {
    let suggested = match result {
        Ok(Answer::Suggestions(suggested)) => suggested,
        Ok(_) | Err(_) => Vec::new(),
    };
    app.detail.suggested_for.clone_from(&app.detail.shown_id);
    app.detail.suggestions = suggested;
    app.detail.text.forget();
}

/// An answer that an overlay waits for.
fn side(app: &mut App, generation: Generation, result: Result<Answer, DeskError>) {
    let answer = match result {
        Ok(answer) => answer,
        Err(error) => {
            without_answer(app, generation);
            return failed(app, &error);
        }
    };
    let look = app.look.clone();
    let spoken: Vec<Para> = spoken(app);
    let Some(overlay) = app
        .overlays
        .iter_mut()
        .find(|overlay| waits_for(overlay) == Some(generation))
    else {
        return;
    };
    fill(overlay, answer, &look, spoken);
}

/// An overlay that gets no answer closes; a reply picker still holds the ticket's own turns,
/// and tickets like a message can be told before anything else is.
fn without_answer(app: &mut App, generation: Generation) {
    let at = app
        .overlays
        .iter()
        .position(|overlay| waits_for(overlay) == Some(generation));
    let Some(overlay) = at.map(|at| app.overlays.remove(at)) else {
        return;
    };
    if let Overlay::Advice(advice) = overlay {
        actions::similar_to_text(app, &advice.text);
    } else if let Overlay::Replies(list) = overlay {
        app.overlays.push(Overlay::Replies(list));
    }
}

/// The question whose answer an overlay shows.
fn waits_for(overlay: &Overlay) -> Option<Generation> {
    match overlay {
        Overlay::Annotate(form) => Some(form.generation),
        Overlay::Group(form) => Some(form.generation),
        Overlay::Conflicts(list) => Some(list.generation),
        Overlay::Datasets(list) => Some(list.generation),
        Overlay::Vocabulary(list) => Some(list.generation),
        Overlay::Settings(list) => Some(list.generation),
        Overlay::Replies(list) => Some(list.generation),
        Overlay::Advice(advice) => Some(advice.generation),
        Overlay::Code(form) => Some(form.generation),
        Overlay::Stats(view) => Some(view.generation),
        Overlay::Pager(pager) => Some(pager.generation),
        Overlay::Help(_)
        | Overlay::Command(_)
        | Overlay::Category(_)
        | Overlay::Confirm(_)
        | Overlay::Slots(_)
        | Overlay::Guard(_)
        | Overlay::Menu(_)
        | Overlay::CauseEdit(_)
        | Overlay::Editor(_)
        | Overlay::Export(_)
        | Overlay::Paste(_)
        | Overlay::Page(_) => None,
    }
}

fn fill(overlay: &mut Overlay, answer: Answer, look: &Look, spoken: Vec<Para>) {
    match (overlay, answer) {
        (Overlay::Annotate(form), Answer::Vocabulary(rows)) => form.vocabulary = Some(rows),
        (Overlay::Group(form), Answer::Page(page)) => form.take(page),
        (Overlay::Conflicts(list), Answer::Conflicts(rows)) => list.rows = Some(rows),
        (Overlay::Datasets(list), Answer::Datasets(rows)) => list.rows = Some(rows),
        (Overlay::Replies(list), Answer::Offers(offers)) => list.offers = offers,
        (Overlay::Advice(advice), Answer::Advice(view)) => advice.view = Some(view),
        (Overlay::Code(form), Answer::Replies(replies)) => form.replies = Some(replies),
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
    let index = match status.indexing {
        Some(percent) => words::text(lang, &Msg::Indexing { percent }),
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

/// A change was done, or was not.
fn done(app: &mut App, deed: Deed, result: Result<Answer, DeskError>) -> Vec<Effect> {
    let lang = app.look.lang;
    let act = match result {
        Ok(Answer::Done(act)) => act,
        Ok(_) => {
            unexpected(app);
            return vec![];
        }
        Err(error) if error.code == ErrorCode::NothingToUndo => {
            let what = match deed {
                Deed::Redo => Word::NothingToRedo,
                Deed::Annotate
                | Deed::Vote
                | Deed::Recategorise
                | Deed::Undo
                | Deed::Resolve
                | Deed::Vocabulary
                | Deed::Setting
                | Deed::RemoveDataset => Word::NothingToUndo,
            };
            app.notices.say(Weight::Plain, word(lang, what).to_owned());
            return vec![];
        }
        Err(error) => {
            failed(app, &error);
            return vec![];
        }
    };
    tell(app, deed, &act);
    if matches!(deed, Deed::Annotate | Deed::Recategorise) && act.conflicts.is_empty() {
        app.list.marked.clear();
    }
    if deed == Deed::Setting {
        app.overlays
            .retain(|overlay| !matches!(overlay, Overlay::Editor(_)));
    }
    if deed == Deed::RemoveDataset {
        app.filter.dataset = None;
    }
    everything_is_stale(app);
    if !act.conflicts.is_empty() {
        let generation = app.next_generation();
        app.overlays.push(Overlay::Conflicts(ConflictList {
            rows: Some(act.conflicts),
            generation,
            selected: 0,
            how: Settlement::Mine,
        }));
    }
    opening::refresh_overlays(app)
}

fn tell(app: &mut App, deed: Deed, act: &ActDone) {
    let lang = app.look.lang;
    let mut parts: Vec<String> = say::done(lang, deed, act).into_iter().collect();
    let mut weight = Weight::Good;
    if !act.moved_on.is_empty() {
        weight = Weight::Warn;
        let (n, which) = (Count(act.moved_on.len()), say::list(lang, &act.moved_on));
        parts.push(words::text(lang, &Msg::MovedOn { n, which: &which }));
    }
    if !act.conflicts.is_empty() {
        weight = Weight::Warn;
        let n = Count(act.conflicts.len());
        parts.push(words::text(lang, &Msg::Conflicted { n }));
    }
    if parts.is_empty() {
        weight = Weight::Plain;
        parts.push(word(lang, Word::Unchanged).to_owned());
    }
    app.notices.say(weight, parts.join(lang.pick("；", "; ")));
}

/// Takes what the desk tells without being asked.
pub fn pushed(app: &mut App, push: Push) -> Vec<Effect> {
    match push {
        Push::Changed(_) => {
            everything_is_stale(app);
            vec![]
        }
        Push::Reload => {
            everything_is_stale(app);
            let mut effects = opening::refresh_overlays(app);
            effects.push(ask_status(app));
            effects
        }
        Push::Resync => {
            everything_is_stale(app);
            let words = word(app.look.lang, Word::Resynced).to_owned();
            app.notices.say(Weight::Plain, words);
            // The desk may be another one, which knows of nobody.
            app.company.told = None;
            vec![ask_status(app), ask_company(app)]
        }
        Push::Present(changed) => {
            company(app, changed);
            vec![]
        }
        Push::Progress(progress) => progressed(app, progress),
    }
}

fn progressed(app: &mut App, progress: Progress) -> Vec<Effect> {
    match progress.state {
        JobState::Running => {
            app.progress = Some(progress);
            vec![]
        }
        JobState::Done | JobState::Cancelled | JobState::Failed => {
            app.progress = None;
            ended(app, &progress);
            everything_is_stale(app);
            vec![ask_status(app)]
        }
    }
}

/// Says how a job ended. The desk's own work says so only when it failed: it must not take the
/// place of what the agent's last act did.
fn ended(app: &mut App, progress: &Progress) {
    let what = names::job(app.look.lang, &progress.what);
    let (weight, message) = match (progress.state, progress.job) {
        (JobState::Failed, _) => (Weight::Bad, Msg::JobFailed { what }),
        (_, None) => return,
        (JobState::Cancelled, Some(_)) => (Weight::Plain, Msg::JobCancelled { what }),
        (JobState::Running | JobState::Done, Some(_)) => (Weight::Good, Msg::JobDone { what }),
    };
    let words = words::text(app.look.lang, &message);
    app.notices.say(weight, words);
}

/// Says what became of a file; one that is there already is asked about.
pub fn saved(app: &mut App, saved: Saved) -> Vec<Effect> {
    let lang = app.look.lang;
    let (weight, words) = match saved {
        Saved::Done { path, bytes } => {
            let (size, path) = (Bytes(bytes), clean(&path));
            let message = Msg::Exported { size, path: &path };
            (Weight::Good, words::text(lang, &message))
        }
        Saved::Exists(order) => {
            let path = clean(&order.path);
            let question = words::text(lang, &Msg::ReplaceFile { path: &path });
            let then = Effect::Save(SaveFile {
                existing: Existing::Replace,
                ..order
            });
            app.overlays
                .push(Overlay::Confirm(Confirm { question, then }));
            return vec![];
        }
        Saved::Failed { path, why } => {
            let (path, why) = (clean(&path), clean(&why));
            let message = Msg::NotSaved {
                path: &path,
                why: &why,
            };
            (Weight::Bad, words::text(lang, &message))
        }
        Saved::Refused(error) => {
            failed(app, &error);
            return vec![];
        }
    };
    app.notices.say(weight, words);
    vec![]
}

/// Says honestly what became of a copy.
pub fn copied(app: &mut App, copied: Copied) -> Vec<Effect> {
    match copied {
        Copied::Refused(error) => failed(app, &error),
        Copied::Blanks { of, draft } => {
            let Draft {
                title,
                template,
                slots,
                ..
            } = *draft;
            return overlays::standard(app, of, &title, &template, &slots);
        }
        Copied::Guarded { compose, draft } => {
            let anyway = CopyWhat::Standard {
                compose,
                anyway: true,
            };
            app.overlays.push(Overlay::Guard(Guard { draft, anyway }));
        }
        Copied::Done {
            outcome,
            text,
            sequence,
            marks,
            holding,
        } => {
            let lang = app.look.lang;
            let (mut weight, mut words) = say::copied(lang, &outcome);
            if matches!(outcome, Outcome::Show) {
                app.overlays.push(Overlay::Page(TextPage { text, top: 0 }));
            }
            if holding {
                weight = Weight::Warn;
                words = format!("{words}  ({})", word(lang, Word::Holding));
            }
            if !marks.is_empty() {
                weight = Weight::Warn;
                let marks = say::list(lang, &marks);
                words = format!(
                    "{words}  {}",
                    words::text(lang, &Msg::MarksLeft { marks: &marks })
                );
            }
            app.notices.say(weight, words);
            if !sequence.is_empty() {
                return vec![Effect::Emit(sequence)];
            }
        }
    }
    vec![]
}
