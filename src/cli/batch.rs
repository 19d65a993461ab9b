//! Many queries at once, for scripts: `--batch FILE|-`.

use std::io::Read;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::context::Context;
use super::failure::{Exit, Failure};
use crate::api::{Found, Row};

/// One query of a batch.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Query {
    /// Its number: the line's, or the one given.
    pub query_no: u64,
    /// The query or text.
    pub text: String,
}

/// A row and the query it answers.
#[derive(Serialize)]
struct Numbered<'a> {
    query_no: u64,
    #[serde(flatten)]
    row: &'a Row,
}

/// Reads the queries of a file, or of standard input for `-`.
///
/// # Errors
/// When the file cannot be read.
pub fn read(from: &str) -> Result<Vec<Query>, Failure> {
    let mut bytes = Vec::new();
    let read = if from == "-" {
        std::io::stdin().lock().read_to_end(&mut bytes)
    } else {
        std::fs::File::open(from).and_then(|mut file| file.read_to_end(&mut bytes))
    };
    read.map_err(|source| Failure::File {
        path: Path::new(from).to_owned(),
        source,
    })?;
    Ok(parse(&String::from_utf8_lossy(&bytes)))
}

/// Reads one query a line, numbered from 1; a line that is a [`Query`] object brings its own number.
///
/// A line that begins with `{` and is no such object is text: customers paste code. An empty line
/// is a query that finds nothing: the numbers stay those of the lines.
fn parse(text: &str) -> Vec<Query> {
    let text = text.trim_start_matches('\u{feff}');
    (1..)
        .zip(text.lines())
        .map(|(number, line)| query(number, line))
        .collect()
}

fn query(number: u64, line: &str) -> Query {
    serde_json::from_str(line).unwrap_or_else(|_not_an_object| Query {
        query_no: number,
        text: line.to_owned(),
    })
}

/// Answers the queries in order and writes their rows as JSON, each with its `query_no`.
///
/// # Errors
/// When the desk fails, or standard output cannot be written.
pub fn answer(
    cx: &mut Context,
    queries: Vec<Query>,
    ask: impl Fn(String) -> Result<Found, Failure>,
) -> Result<Exit, Failure> {
    for query in queries {
        let query_no = query.query_no;
        if query.text.trim().is_empty() {
            continue;
        }
        for row in &ask(query.text)?.rows {
            cx.out.object(&Numbered { query_no, row })?;
        }
        // A script that asks and listens line by line must not wait for a full buffer.
        cx.out.flush()?;
    }
    Ok(Exit::Done)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(text: &str) -> Vec<(u64, String)> {
        let queries = parse(text);
        queries.into_iter().map(|q| (q.query_no, q.text)).collect()
    }

    #[test]
    fn lines_are_numbered_and_objects_bring_their_own_number() {
        assert_eq!(
            numbers("证书过期\n\n{\"query_no\":7,\"text\":\"第一行\\n第二行\"}\r\nCDN 回源"),
            [
                (1, "证书过期".to_owned()),
                (2, String::new()),
                (7, "第一行\n第二行".to_owned()),
                (4, "CDN 回源".to_owned()),
            ]
        );
    }

    #[test]
    fn a_line_that_begins_like_an_object_and_is_none_is_text() {
        let code = r#"{"Code": "AccessDenied"}"#;
        assert_eq!(
            numbers(&format!("好\n{code}\n{{{{域名}}}} 打不开\n证书")),
            [
                (1, "好".to_owned()),
                (2, code.to_owned()),
                (3, "{{域名}} 打不开".to_owned()),
                (4, "证书".to_owned()),
            ]
        );
    }
}
