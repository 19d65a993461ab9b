//! Sentences about the desk's values, put together from the interface's words.

use crate::api::{
    ActDone, ArticleView, Behind, CauseChoice, CauseRow, DeskError, Draft, HistoryEntry, LogEntry,
    Progress,
};
use crate::clipboard::{CopyError, Hint, Outcome, Via};
use crate::model::{QueryNote, Relaxed, TicketId};
use crate::tui::line::clean;
use crate::tui::look::Look;
use crate::tui::msg::ChangeKind;
use crate::tui::notices::Weight;
use crate::words::{self, Count, Lang, Msg, Word, names, word};

/// Characters of a reply that the status line names.
const REPLY_NAME: usize = 24;

/// Joins names as the language does.
pub fn list(lang: Lang, names: &[String]) -> String {
    names.join(lang.pick("、", ", "))
}

/// An error of the desk with its hint.
pub fn error(lang: Lang, error: &DeskError) -> String {
    let (message, hint) = words::error(lang, error);
    if hint.is_empty() {
        message
    } else {
        format!("{message} ({hint})")
    }
}

/// A category as people write it.
pub fn category(lang: Lang, product: &str, issue_type: &str) -> String {
    match (product.is_empty(), issue_type.is_empty()) {
        (true, true) => word(lang, Word::Uncategorised).to_owned(),
        (_, true) => product.to_owned(),
        (_, false) => format!("{product}｜{issue_type}"),
    }
}

/// A label and what it says.
pub fn labelled(lang: Lang, label: Word, value: &str) -> String {
    format!("{}{}{value}", word(lang, label), lang.pick("：", ": "))
}

/// How a query was relaxed.
pub fn relaxed(lang: Lang, relaxed: &Relaxed) -> String {
    if relaxed.kind == "dropped" {
        let words = list(lang, &relaxed.dropped);
        words::text(lang, &Msg::RelaxedDropped { words: &words })
    } else {
        let how = names::relaxed(lang, &relaxed.kind);
        words::text(lang, &Msg::Relaxed { how })
    }
}

/// What of a query was not understood.
pub fn note(lang: Lang, note: &QueryNote) -> String {
    format!("{} {}", note.text, names::query_note(lang, &note.kind))
}

/// How far the index is behind.
pub fn indexing(lang: Lang, behind: Behind) -> String {
    let Behind { work, percent } = behind;
    let what = names::job(lang, work.name());
    words::text(lang, &Msg::Indexing { what, percent })
}

/// Background work that goes on.
pub fn progress(lang: Lang, progress: &Progress) -> String {
    let percent = (progress.done.min(progress.total) * 100).checked_div(progress.total);
    let what = names::job(lang, &progress.what);
    let message = match percent {
        Some(percent) => {
            let percent = u8::try_from(percent).unwrap_or(100);
            match progress.what.as_str() {
                "index" | "reindex" => Msg::Indexing { what, percent },
                "insight" => Msg::Analysing { percent },
                _ => Msg::Progress { what, percent },
            }
        }
        None => Msg::ProgressCount {
            what,
            done: Count(usize::try_from(progress.done).unwrap_or(usize::MAX)),
        },
    };
    words::text(lang, &message)
}

/// Who published an article, and when.
pub fn article(look: &Look, article: &ArticleView) -> String {
    let mut parts = vec![word(look.lang, Word::Article).to_owned()];
    if !article.source.is_empty() {
        parts.push(article.source.clone());
    }
    parts.extend(article.date.map(|date| date.to_string()));
    parts.join("  ")
}

/// When something was decided, in the agent's own time zone.
pub fn time(look: &Look, at: jiff::Timestamp) -> String {
    at.to_zoned(look.zone.clone())
        .strftime("%Y-%m-%d %H:%M")
        .to_string()
}

/// A name, and whether it was only declared.
pub fn author(lang: Lang, name: &str, declared: bool) -> String {
    if declared {
        format!("{name} ({})", word(lang, Word::Declared))
    } else {
        name.to_owned()
    }
}

/// Values before and after, as people read them.
pub fn change(lang: Lang, what: &str, before: &[String], after: &[String]) -> String {
    let none = || word(lang, Word::NoCause).to_owned();
    let side = |values: &[String]| match values {
        [] if what == "causes" => none(),
        [] if what == "vote" => word(lang, Word::Withdrawn).to_owned(),
        values => {
            let words = values.iter().map(|value| names::changed(lang, what, value));
            let words: Vec<String> = words.map(str::to_owned).collect();
            list(lang, &words)
        }
    };
    if what == "star" {
        let kept = if after.is_empty() {
            Word::NoFavourite
        } else {
            Word::MadeFavourite
        };
        return word(lang, kept).to_owned();
    }
    if before.is_empty() && what != "causes" {
        let colon = lang.pick("：", ": ");
        return format!("{}{colon}{}", names::log_kind(lang, what), side(after));
    }
    words::text(
        lang,
        &Msg::Change {
            what: names::log_kind(lang, what),
            before: &side(before),
            after: &side(after),
        },
    )
}

/// A decision on a ticket.
pub fn history(look: &Look, entry: &HistoryEntry) -> String {
    let lang = look.lang;
    let undo = match (entry.undo, entry.redo) {
        (_, true) => format!("{} ", word(lang, Word::RedoMark)),
        (true, false) => format!("{} ", word(lang, Word::UndoMark)),
        (false, false) => String::new(),
    };
    let mut words = format!(
        "{} {}  {undo}{}",
        time(look, entry.at),
        author(lang, &entry.author, entry.declared),
        change(lang, &entry.what, &entry.before, &entry.after),
    );
    if !entry.note.is_empty() {
        words.push_str(&format!("  {}", labelled(lang, Word::Note, &entry.note)));
    }
    words
}

/// A change of the log, on one line.
pub fn log_entry(lang: Lang, entry: &LogEntry) -> String {
    let change = change(lang, &entry.what, &entry.before, &entry.after);
    let subject = match entry.what.as_str() {
        "setting" => names::setting(lang, &entry.title),
        _ => &entry.title,
    };
    if subject.is_empty() {
        format!("{} {change}", entry.key)
    } else {
        format!(
            "{}{change}",
            lang.pick("「{}」", "“{}” ").replace("{}", subject)
        )
    }
}

/// What an act did, or an undo took back: one sentence for the status line.
pub fn done(lang: Lang, kind: ChangeKind, done: &ActDone) -> Option<String> {
    let first = done.entries.first()?;
    let after = list(lang, &first.after);
    let after = if after.is_empty() {
        word(lang, Word::NoCause).to_owned()
    } else {
        after
    };
    let id: String = first
        .key
        .split_once('/')
        .map_or("", |(_, id)| id)
        .chars()
        .take(6)
        .collect();
    let n = Count(done.entries.len());
    let many = done.entries.len() > 1;
    let what = || {
        let rest = done.entries.len() - 1;
        let one = log_entry(lang, first);
        if rest > 0 {
            format!("{one} (+{rest})")
        } else {
            one
        }
    };
    let message = match kind {
        ChangeKind::Annotate if many => Msg::AnnotatedMany { n, causes: &after },
        ChangeKind::Annotate => Msg::Annotated {
            id: &id,
            causes: &after,
        },
        ChangeKind::Recategorise if many => Msg::RecategorisedMany {
            n,
            category: &after,
        },
        ChangeKind::Recategorise => Msg::Recategorised {
            id: &id,
            category: &after,
        },
        ChangeKind::Undo | ChangeKind::Redo => {
            return Some(taken_back(lang, kind, done, &what()));
        }
        ChangeKind::Resolve => return Some(what()),
        ChangeKind::Reply => {
            // The whole text would fill the line; what it was is in its history.
            let short = |values: &[String]| {
                let one = values.first().map_or("", String::as_str);
                let one = crate::tui::line::clean(one);
                let cut: String = one.chars().take(REPLY_NAME).collect();
                if cut.is_empty() { vec![] } else { vec![cut] }
            };
            let (before, after) = (short(&first.before), short(&first.after));
            return Some(change(lang, &first.what, &before, &after));
        }
        ChangeKind::Vocabulary
        | ChangeKind::Vote
        | ChangeKind::Outdate
        | ChangeKind::Star
        | ChangeKind::View => {
            let (before, after) = (&first.before, &first.after);
            return Some(change(lang, &first.what, before, after));
        }
        ChangeKind::Setting => {
            let name = first.key.split_once('/').map_or("", |(_, name)| name);
            let name = names::setting(lang, name);
            return Some(words::text(lang, &Msg::SettingSaved { name }));
        }
        ChangeKind::RemoveDataset => {
            let name = first.key.split_once('/').map_or("", |(_, name)| name);
            return Some(words::text(lang, &Msg::DatasetRemoved { name }));
        }
    };
    Some(words::text(lang, &message))
}

/// What an undo or a redo was about; an act on several tickets says how many they were.
fn taken_back(lang: Lang, kind: ChangeKind, done: &ActDone, what: &str) -> String {
    let redone = kind == ChangeKind::Redo;
    let n = done.tickets().len();
    // A cause that was made for them may stand before the tickets.
    let first = done.entries.iter().find(|entry| entry.ticket().is_some());
    let of_first = first
        .map(|entry| log_entry(lang, entry))
        .unwrap_or_default();
    let (n, many, first) = (Count(n), n > 1, of_first.as_str());
    let message = match (many, redone) {
        (true, true) => Msg::RedoneMany { n, what: first },
        (true, false) => Msg::UndoneMany { n, what: first },
        (false, true) => Msg::Redone { what },
        (false, false) => Msg::Undone { what },
    };
    words::text(lang, &message)
}

/// What was done to a text so that it can be sent, and what it lacks.
pub fn provenance(lang: Lang, draft: &Draft) -> Vec<String> {
    let mut notes = Vec::new();
    if draft.lent {
        let title = clean(&draft.title);
        notes.push(words::text(lang, &Msg::Lent { title: &title }));
    }
    let mut sources: Vec<String> = draft
        .healed
        .iter()
        .map(|healed| format!("#{}", healed.source.as_str().get(..6).unwrap_or_default()))
        .collect();
    sources.dedup();
    if !sources.is_empty() {
        let from = sources.join(" ");
        notes.push(words::text(lang, &Msg::LinkFilled { from: &from }));
    }
    if draft.pictures > 0 {
        let n = Count(draft.pictures);
        notes.push(words::text(lang, &Msg::PicturesLeftOut { n }));
    }
    if draft.fitted {
        notes.push(word(lang, Word::MadeFit).to_owned());
    }
    notes
}

/// What became of a copy, and how much it matters.
pub fn copied(lang: Lang, outcome: &Outcome) -> (Weight, String) {
    let via = |via: Via| names::via(lang, via.name());
    match outcome {
        Outcome::Copied { via: way } => {
            let message = Msg::Copied { via: via(*way) };
            (Weight::Good, words::text(lang, &message))
        }
        Outcome::Sent { via: way, hint } => {
            let hint = match hint {
                Hint::Unconfirmed => Word::SentUnconfirmed,
                Hint::OuterTmux => Word::HintTmuxOuter,
                Hint::TmuxBufferOnly => Word::HintTmuxTerminal,
            };
            let message = Msg::Sent {
                via: via(*way),
                hint: word(lang, hint),
            };
            (Weight::Plain, words::text(lang, &message))
        }
        Outcome::Saved { path } => {
            let path = path.display().to_string();
            let message = Msg::SavedTo { path: &path };
            (Weight::Plain, words::text(lang, &message))
        }
        Outcome::Show => (Weight::Plain, word(lang, Word::NoClipboard).to_owned()),
        Outcome::Failed {
            error: error @ CopyError::TooLarge { .. },
            ..
        } => (Weight::Warn, uncopied(lang, error)),
        Outcome::Failed { via: way, error } => {
            let why = uncopied(lang, error);
            let message = Msg::CopyFailed {
                via: via(*way),
                why: &why,
            };
            (Weight::Bad, words::text(lang, &message))
        }
    }
}

fn uncopied(lang: Lang, error: &CopyError) -> String {
    words::uncopied(lang, error.name(), &|name| error.value(name))
}

/// Causes by name, or that there are none.
pub fn cause_names(lang: Lang, causes: &[CauseChoice]) -> String {
    let names: Vec<String> = causes
        .iter()
        .map(|cause| match cause {
            CauseChoice::Known(name) | CauseChoice::New(name) => clean(name),
        })
        .collect();
    if names.is_empty() {
        word(lang, Word::NoCause).to_owned()
    } else {
        list(lang, &names)
    }
}

/// The beginning of ids, as evidence that can be looked up.
pub fn evidence(look: &Look, ids: &[TicketId]) -> String {
    let names: Vec<String> = ids
        .iter()
        .take(3)
        .map(|id| format!("#{}", id.as_str().get(..6).unwrap_or_default()))
        .collect();
    let (n, which) = (Count(ids.len()), names.join(" "));
    words::text(look.lang, &Msg::Evidence { n, which: &which })
}

/// A share as percent.
pub fn percent(score: f32) -> String {
    format!("{:.0} %", score * 100.0)
}

/// A product area by name, or that there is none.
pub fn product(lang: Lang, product: &str) -> String {
    if product.is_empty() {
        word(lang, Word::Uncategorised).to_owned()
    } else {
        clean(product)
    }
}

/// An issue type by name, or that there is none.
pub fn issue_type(lang: Lang, issue_type: &str) -> String {
    if issue_type.is_empty() {
        word(lang, Word::Uncategorised).to_owned()
    } else {
        clean(issue_type)
    }
}

/// A cause under its upper level.
pub fn cause(row: &CauseRow) -> String {
    if row.cause.group.is_empty() {
        clean(&row.cause.name)
    } else {
        format!("{} / {}", clean(&row.cause.group), clean(&row.cause.name))
    }
}
