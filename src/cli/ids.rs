//! Several tickets named at once: `a,b`, or `-` for standard input.

use std::io::Read;
use std::path::PathBuf;

use serde::Deserialize;

use super::failure::Failure;
use crate::api::{Desk, DeskExt, Row, TicketRow, ask};

/// Look-alikes that one act changes at most.
const GROUP: usize = 2_000;

/// A line of another command's `--json`.
#[derive(Deserialize)]
struct Listed {
    id: String,
}

/// The ids that arguments name: separated by commas, or one a line of standard input for `-`,
/// where a line of `--json` is taken too.
///
/// # Errors
/// When standard input cannot be read.
pub fn given<'a>(arguments: impl IntoIterator<Item = &'a String>) -> Result<Vec<String>, Failure> {
    let mut ids = Vec::new();
    for argument in arguments {
        if argument == "-" {
            let mut text = String::new();
            let read = std::io::stdin().lock().read_to_string(&mut text);
            read.map_err(|source| Failure::File {
                path: PathBuf::from("-"),
                source,
            })?;
            ids.extend(text.lines().filter_map(of_line));
        } else {
            let parts = argument.split([',', '，']).map(str::trim);
            ids.extend(parts.filter(|id| !id.is_empty()).map(str::to_owned));
        }
    }
    Ok(ids)
}

fn of_line(line: &str) -> Option<String> {
    match serde_json::from_str::<Listed>(line) {
        Ok(listed) => Some(listed.id),
        Err(_) => line.split_whitespace().next().map(str::to_owned),
    }
}

/// Adds the look-alikes of tickets that are wanted.
///
/// # Errors
/// When a ticket is unknown, or the desk fails.
pub fn with_lookalikes(
    desk: &dyn Desk,
    ids: &[String],
    wanted: fn(&TicketRow) -> bool,
) -> Result<Vec<String>, Failure> {
    let mut all = ids.to_vec();
    for id in ids {
        let request = ask::Lookalikes {
            id: id.clone(),
            limit: GROUP,
        };
        let page = desk.ask(request)?;
        let open = page.rows.iter().skip(1).filter_map(|row| match row {
            Row::Ticket(row) if wanted(row) => Some(row.id.to_string()),
            Row::Ticket(_) | Row::Passage(_) => None,
        });
        all.extend(open);
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_split_and_lines_of_json_are_read() {
        let ids = given(&["ab, cd，ef".to_owned(), "gh".to_owned()]).unwrap();
        assert_eq!(ids, ["ab", "cd", "ef", "gh"]);
        assert_eq!(of_line(r#"{"id":"k7","title":"x"}"#).as_deref(), Some("k7"));
        assert_eq!(of_line("k7q2md  标题").as_deref(), Some("k7q2md"));
        assert_eq!(of_line("  "), None);
    }
}
