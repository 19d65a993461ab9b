//! `gongdan search`: the best hits of a query, or of many.

use std::ffi::OsString;

use super::batch;
use super::context::Context;
use super::failure::{Exit, Failure};
use super::filter::Filter;
use super::rows;
use super::say::say;
use super::wait;
use crate::api::{Desk, DeskExt, Found, ask};
use crate::model::{QueryNote, TicketFilter};
use crate::words::{self, Lang, Word, names};

/// Search tickets and articles
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Words, "phrases", -without, 类: 型: 因: 态: 集: 日期: 问: 答: id:
    #[arg(required_unless_present = "batch")]
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
    let queries = args.batch.as_deref().map(batch::read).transpose()?;
    let desk = cx.desk()?;
    wait::for_index(&*desk, cx)?;
    let filter = args.filter.resolve(&*desk, cx.lang)?;
    let ask = |query: String| search(&*desk, query, &filter, args.limit);
    match queries {
        Some(queries) => batch::answer(cx, queries, ask),
        None => one(cx, &ask(args.query.join(" "))?),
    }
}

/// The arguments with a blank before each word to leave out, such as `-证书` or `-CDN`.
///
/// The parser would take it for an option, and where it is told not to, takes real options for
/// words. A blank changes no query.
pub fn shielded(args: Vec<OsString>) -> Vec<OsString> {
    let Some(at) = args.iter().position(|arg| arg == "search") else {
        return args;
    };
    let shield = |(n, arg): (usize, OsString)| match arg.to_str() {
        Some(text) if n > at && leaves_out(text) => format!(" {text}").into(),
        _ => arg,
    };
    args.into_iter().enumerate().map(shield).collect()
}

/// Whether an argument is a word to leave out: a hyphen and what no option begins with.
fn leaves_out(arg: &str) -> bool {
    let mut chars = arg.chars();
    chars.next() == Some('-') && chars.next().is_some_and(|c| !"-hnV".contains(c))
}

fn search(
    desk: &dyn Desk,
    query: String,
    filter: &TicketFilter,
    limit: usize,
) -> Result<Found, Failure> {
    let filter = filter.clone();
    let request = ask::SearchNear {
        query,
        filter,
        limit,
    };
    let found = desk.ask(request)?;
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
    rows::hits(cx, &found.rows, &found.sections)?;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_to_leave_out_is_no_option_and_an_option_no_word() {
        let args = [
            "gongdan", "search", "证书", "-过期", "-CDN", "-n", "5", "--json", "-",
        ];
        let shielded: Vec<OsString> = shielded(args.map(OsString::from).to_vec());
        let wanted = [
            "gongdan", "search", "证书", " -过期", " -CDN", "-n", "5", "--json", "-",
        ];
        assert_eq!(shielded, wanted.map(OsString::from));
    }
}
