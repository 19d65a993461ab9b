//! `gongdan search`: the best hits of a query, or of many.

use super::batch;
use super::context::Context;
use super::failure::{Exit, Failure};
use super::filter::Filter;
use super::rows;
use super::say::say;
use super::wait;
use crate::desk::api::Found;
use crate::desk::{Answer, Desk, Request};
use crate::model::{QueryNote, TicketFilter};
use crate::words::{self, Lang, Word, names};

/// Search tickets and articles
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Words, "phrases", -without, 类: 型: 因: 态: 集: 问: 答: id:
    #[arg(required_unless_present = "batch", allow_hyphen_values = true)]
    query: Vec<String>,
    #[command(flatten)]
    filter: Filter,
    /// Rows at most
    #[arg(short = 'n', long, value_name = "N", default_value_t = 20)]
    limit: usize,
    /// One query a line, from a file or standard input; rows carry query_no
    #[arg(long, value_name = "FILE|-", conflicts_with = "query")]
    batch: Option<String>,
}

/// Searches.
///
/// # Errors
/// When the desk cannot be opened or the filter names something unknown.
pub fn run(args: &Args, cx: &mut Context) -> Result<Exit, Failure> {
    refuse_unknown_options(&args.query, cx.lang)?;
    let queries = args
        .batch
        .as_deref()
        .map(|from| batch::read(from, cx.lang))
        .transpose()?;
    let desk = cx.desk()?;
    wait::for_index(&*desk, cx)?;
    let filter = args.filter.resolve(&*desk, cx.lang)?;
    let ask = |query: String| search(&*desk, query, &filter, args.limit);
    match queries {
        Some(queries) => batch::answer(cx, queries, ask),
        None => one(cx, &ask(args.query.join(" "))?),
    }
}

/// `--jsn` is a slip, not a word that must not occur.
fn refuse_unknown_options(words: &[String], lang: Lang) -> Result<(), Failure> {
    match words.iter().find(|word| word.starts_with("--")) {
        None => Ok(()),
        Some(option) => Err(Failure::Usage {
            message: say!(lang, "没有选项 {option}", "there is no option {option}"),
            hint: Some(say!(
                lang,
                "见 gongdan search --help",
                "see `gongdan search --help`"
            )),
        }),
    }
}

fn search(
    desk: &dyn Desk,
    query: String,
    filter: &TicketFilter,
    limit: usize,
) -> Result<Found, Failure> {
    let filter = filter.clone();
    let request = Request::Search {
        query,
        filter,
        limit,
    };
    let Answer::Found(found) = desk.call(request)? else {
        return Err(Failure::unexpected());
    };
    Ok(found)
}

/// Writes the hits of one query.
///
/// # Errors
/// When standard output cannot be written.
pub fn one(cx: &mut Context, found: &Found) -> Result<Exit, Failure> {
    let exit = if found.rows.is_empty() {
        Exit::Nothing
    } else {
        Exit::Done
    };
    if cx.json() {
        for row in &found.rows {
            cx.out.object(row)?;
        }
        return Ok(exit);
    }
    for note in &found.notes {
        cx.out.note(not_understood(note, cx.lang));
    }
    if let Some(relaxed) = &found.relaxed {
        cx.out.note(rows::relaxed(relaxed, cx.lang));
    }
    rows::hits(cx, &found.rows)?;
    let (shown, total) = (found.rows.len(), found.total);
    let plus = if found.more { "+" } else { "" };
    if shown == 0 {
        cx.out.note(words::word(cx.lang, Word::NothingFound));
    } else if shown < total {
        cx.out.note(say!(
            cx.lang,
            "显示 {shown} 条，共 {total}{plus} 条（-n 调整）",
            "{shown} of {total}{plus} shown (-n shows more)"
        ));
    }
    Ok(exit)
}

fn not_understood(note: &QueryNote, lang: Lang) -> String {
    let (what, text) = (names::query_note(lang, &note.kind), &note.text);
    say!(lang, "「{text}」：{what}", "“{text}”: {what}")
}
