//! `gongdan keys`: the key table of the workbench, as the README has it.

use serde::Serialize;

use super::context::Context;
use super::failure::{Exit, Failure};
use crate::keymap::{Action, Builtin, Keymap};
use crate::words::Lang;

/// Print the keys of the workbench
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Which keymap
    #[arg(long, default_value = "default", value_parser = Builtin::ALL.map(Builtin::name))]
    keymap: String,
}

/// An action and its keys.
#[derive(Serialize)]
struct Row {
    action: &'static str,
    keys: Vec<String>,
    description: &'static str,
}

/// Prints the table: Markdown for people, objects for scripts.
///
/// # Errors
/// When standard output cannot be written.
pub fn run(args: &Args, cx: &mut Context) -> Result<Exit, Failure> {
    let builtin = Builtin::parse(&args.keymap).unwrap_or_default();
    let rows = rows(&Keymap::builtin(builtin), cx.lang);
    if cx.json() {
        for row in &rows {
            cx.out.object(row)?;
        }
        return Ok(Exit::Done);
    }
    cx.out.say(match cx.lang {
        Lang::Zh => "| 按键 | 作用 | 命令 |",
        Lang::En => "| keys | what they do | command |",
    })?;
    cx.out.say("|---|---|---|")?;
    for row in &rows {
        let keys: Vec<String> = row.keys.iter().map(|keys| code(keys)).collect();
        let (keys, description, action) = (keys.join(" "), row.description, row.action);
        cx.out
            .say(format!("| {keys} | {description} | `:{action}` |"))?;
    }
    Ok(Exit::Done)
}

/// Keys as Markdown code within a table; a bar would end the cell.
fn code(keys: &str) -> String {
    format!("`{}`", keys.replace('|', "\\|"))
}

fn rows(keymap: &Keymap, lang: Lang) -> Vec<Row> {
    let bindings = keymap.bindings();
    Action::ALL
        .iter()
        .map(|action| {
            let mut keys: Vec<String> = bindings
                .iter()
                .filter(|binding| binding.action == *action)
                .map(|binding| binding.keys.to_string())
                .collect();
            // In several contexts the same keys: each is told once.
            keys.sort_by(|a, b| a.len().cmp(&b.len()).then_with(|| a.cmp(b)));
            keys.dedup();
            Row {
                action: action.name(),
                keys,
                description: match lang {
                    Lang::Zh => action.zh(),
                    Lang::En => action.en(),
                },
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_several_contexts_are_told_once() {
        for builtin in Builtin::ALL {
            for row in rows(&Keymap::builtin(builtin), Lang::Zh) {
                let mut once = row.keys.clone();
                once.sort();
                once.dedup();
                assert_eq!(once.len(), row.keys.len(), "{}: {:?}", row.action, row.keys);
            }
        }
    }
}
