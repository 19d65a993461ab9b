//! `gongdan similar`: tickets like a ticket or a text.

use std::io::Read;

use super::batch;
use super::context::Context;
use super::failure::{Exit, Failure};
use super::search::one;
use super::wait;
use crate::api::{Desk, DeskExt, Found, SimilarTo, ask};

/// Find tickets like a ticket or a text
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A ticket, by any unique prefix of its id; - reads a text from standard input
    #[arg(value_name = "ID|-", required_unless_present = "batch")]
    like: Option<String>,
    /// Rows at most
    #[arg(short = 'n', long, value_name = "N", default_value_t = 20)]
    limit: usize,
    /// One text a line, from a file or standard input; rows carry query_no
    #[arg(long, value_name = "FILE|-", conflicts_with = "like")]
    batch: Option<String>,
}

/// Finds tickets like another.
///
/// # Errors
/// When the desk cannot be opened, or the ticket is unknown.
pub fn run(args: &Args, cx: &mut Context) -> Result<Exit, Failure> {
    let queries = args.batch.as_deref().map(batch::read).transpose()?;
    let to = match args.like.as_deref() {
        Some("-") => SimilarTo::Text(standard_input()?),
        Some(id) => SimilarTo::Id(id.to_owned()),
        None => SimilarTo::Text(String::new()),
    };
    let desk = cx.desk()?;
    wait::for_index(&*desk, cx)?;
    match queries {
        Some(queries) => batch::answer(cx, queries, |text| {
            similar(&*desk, SimilarTo::Text(text), args.limit)
        }),
        None => one(cx, &similar(&*desk, to, args.limit)?),
    }
}

fn similar(desk: &dyn Desk, to: SimilarTo, limit: usize) -> Result<Found, Failure> {
    let found = desk.ask(ask::Similar { to, limit })?;
    Ok(found)
}

/// Standard input as text; a broken byte costs that character.
///
/// # Errors
/// When it cannot be read.
pub fn standard_input() -> Result<String, Failure> {
    let mut bytes = Vec::new();
    std::io::stdin()
        .lock()
        .read_to_end(&mut bytes)
        .map_err(|source| Failure::File {
            path: "-".into(),
            source,
        })?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
