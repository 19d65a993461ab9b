//! `gongdan settings`: what a team sets for all its agents.

use std::io::Write;
use std::path::Path;
use std::process::Command as Process;

use clap::Subcommand;
use serde::Serialize;
use serde_json::Value;

use super::acts;
use super::context::Context;
use super::environment::variable;
use super::failure::{Exit, Failure};
use super::output::{Line, Style};
use super::say::say;
use super::similar::standard_input;
use crate::api::{Desk, DeskExt, SettingRow, ask};
use crate::model::{Revision, Setting, TeamSettings};
use crate::words::{Lang, names};

/// Team settings
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Print a setting, or all of them
    Get {
        /// Which
        #[arg(value_parser = setting_names())]
        name: Option<String>,
    },
    /// Change a setting
    Set {
        /// Which
        #[arg(value_parser = setting_names())]
        name: String,
        /// JSON; - reads it from standard input
        #[arg(value_name = "JSON|-", required_unless_present = "default")]
        value: Option<String>,
        /// Go back to the default
        #[arg(long, conflicts_with = "value")]
        default: bool,
        /// The revision the change was made against; a newer one makes it a conflict
        #[arg(long, value_name = "N")]
        base_rev: Option<u32>,
    },
    /// Change settings in $VISUAL or $EDITOR
    Edit {
        /// Which; all of them without it
        #[arg(value_parser = setting_names())]
        name: Option<String>,
    },
}

fn setting_names() -> clap::builder::PossibleValuesParser {
    clap::builder::PossibleValuesParser::new(Setting::ALL.map(Setting::name))
}

/// A setting for scripts: its value as JSON, not as text that holds JSON.
#[derive(Serialize)]
struct Entry<'a> {
    name: &'a str,
    value: Value,
    revision: Revision,
}

/// Prints or changes team settings.
///
/// # Errors
/// When the desk cannot be opened, or a value cannot be read.
pub fn run(args: &Args, cx: &mut Context) -> Result<Exit, Failure> {
    let desk = cx.desk()?;
    match &args.command {
        Command::Get { name } => get(cx, &*desk, name.as_deref()),
        Command::Set {
            name,
            value,
            base_rev,
            ..
        } => {
            let value = match value.as_deref() {
                Some("-") => Some(standard_input()?),
                value => value.map(str::to_owned),
            };
            set(cx, &*desk, named(name)?, value, base_rev.map(Revision))
        }
        Command::Edit { name } => edit(cx, &*desk, name.as_deref()),
    }
}

fn named(name: &str) -> Result<Setting, Failure> {
    Setting::parse(name).ok_or_else(|| Failure::bug(format_args!("no setting {name}")))
}

fn settings(desk: &dyn Desk, only: Option<&str>) -> Result<Vec<SettingRow>, Failure> {
    let mut rows = desk.ask(ask::Settings)?;
    rows.retain(|row| only.is_none_or(|name| row.name == name));
    Ok(rows)
}

fn get(cx: &mut Context, desk: &dyn Desk, only: Option<&str>) -> Result<Exit, Failure> {
    for row in settings(desk, only)? {
        let value: Value = serde_json::from_str(&row.value).map_err(Failure::bug)?;
        if cx.json() {
            cx.out.object(&Entry {
                name: &row.name,
                value,
                revision: row.revision,
            })?;
            continue;
        }
        let word = names::setting(cx.lang, &row.name);
        let head = Line::styled(Style::Strong, &row.name).with(Style::Faint, format!("  {word}"));
        cx.out.line(&head)?;
        let text = serde_json::to_string_pretty(&value).map_err(Failure::bug)?;
        cx.out.text(&text, 2)?;
    }
    Ok(Exit::Done)
}

fn set(
    cx: &mut Context,
    desk: &dyn Desk,
    setting: Setting,
    value: Option<String>,
    base_rev: Option<Revision>,
) -> Result<Exit, Failure> {
    TeamSettings::check(setting, value.as_deref())
        .map_err(|error| wrong(setting.name(), &error.source, cx.lang))?;
    let request = ask::SetSetting {
        setting,
        value,
        base_rev,
    };
    acts::perform(cx, desk, request)
}

/// A value that cannot be read, with the line that is wrong.
fn wrong(name: &str, error: &serde_json::Error, lang: Lang) -> Failure {
    let (line, column) = (error.line(), error.column());
    Failure::Usage {
        message: say!(
            lang,
            "{name} 第 {line} 行第 {column} 列：{error}",
            "{name}, line {line}, column {column}: {error}"
        ),
        hint: Some(say!(
            lang,
            "值是 JSON；gongdan settings get {name} 显示现在的值",
            "the value is JSON; `gongdan settings get {name}` shows the one there is"
        )),
    }
}

fn edit(cx: &mut Context, desk: &dyn Desk, only: Option<&str>) -> Result<Exit, Failure> {
    let before = settings(desk, only)?;
    let draft = draft(&before)?;
    let edited = in_editor(cx, &draft)?;
    let changes = changes(&before, &edited, cx.lang)?;
    if changes.is_empty() {
        cx.out.note(say!(cx.lang, "没有改动", "nothing changed"));
    }
    let mut exit = Exit::Done;
    for (setting, value) in changes {
        let seen = before.iter().find(|row| row.name == setting.name());
        let base_rev = seen.map(|row| row.revision);
        if set(cx, desk, setting, Some(value), base_rev)? == Exit::Conflict {
            exit = Exit::Conflict;
        }
    }
    Ok(exit)
}

/// The settings as one JSON object, indented.
fn draft(rows: &[SettingRow]) -> Result<String, Failure> {
    let mut object = serde_json::Map::new();
    for row in rows {
        let value = serde_json::from_str(&row.value).map_err(Failure::bug)?;
        object.insert(row.name.clone(), value);
    }
    serde_json::to_string_pretty(&object).map_err(Failure::bug)
}

/// What an edited draft changes.
fn changes(
    before: &[SettingRow],
    edited: &str,
    lang: Lang,
) -> Result<Vec<(Setting, String)>, Failure> {
    let draft = say!(lang, "草稿", "draft");
    // Shapes are checked on the whole text, so that the line is the editor's line.
    let typed: TeamSettings =
        serde_json::from_str(edited).map_err(|error| wrong(&draft, &error, lang))?;
    let object: serde_json::Map<String, Value> =
        serde_json::from_str(edited).map_err(|error| wrong(&draft, &error, lang))?;
    if let Some(name) = object.keys().find(|name| Setting::parse(name).is_none()) {
        return Err(Failure::usage(say!(
            lang,
            "没有设置 {name}",
            "there is no setting {name}"
        )));
    }
    let mut changed = Vec::new();
    for row in before {
        let setting = named(&row.name)?;
        // A setting that was deleted from the draft goes back to its default.
        let value = typed.get(setting);
        let same = serde_json::from_str::<Value>(&row.value).ok()
            == serde_json::from_str::<Value>(&value).ok();
        if !same {
            changed.push((setting, value));
        }
    }
    Ok(changed)
}

/// The program that the person edits texts with.
pub fn editor() -> String {
    let named = ["VISUAL", "EDITOR"].iter().find_map(|name| variable(name));
    named.unwrap_or_else(|| "vi".to_owned())
}

fn in_editor(cx: &mut Context, text: &str) -> Result<String, Failure> {
    let editor = editor();
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| Failure::File { path, source }
    };
    let mut file = tempfile::Builder::new()
        .prefix("gongdan-settings-")
        .suffix(".json")
        .tempfile()
        .map_err(failed(Path::new("settings.json")))?;
    let path = file.path().to_owned();
    writeln!(file, "{text}").map_err(failed(&path))?;
    // The editor may hold arguments of its own, so a shell reads it; the path is an argument.
    let status = Process::new("sh")
        .arg("-c")
        .arg(format!("{editor} \"$1\""))
        .arg("sh")
        .arg(&path)
        .status()
        .map_err(failed(Path::new("sh")))?;
    if !status.success() {
        return Err(Failure::Refused {
            message: say!(
                cx.lang,
                "编辑器 {editor} 未正常结束，没有改动",
                "the editor {editor} failed: nothing changed"
            ),
            hint: None,
        });
    }
    std::fs::read_to_string(&path).map_err(failed(&path))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows() -> Vec<SettingRow> {
        let team = TeamSettings {
            words: vec!["对象存储".into()],
            ..Default::default()
        };
        Setting::ALL
            .map(|setting| SettingRow {
                name: setting.name().to_owned(),
                value: team.get(setting),
                revision: Revision(0),
            })
            .to_vec()
    }

    #[test]
    fn an_untouched_draft_changes_nothing() {
        let draft = draft(&rows()).unwrap();
        assert_eq!(changes(&rows(), &draft, Lang::En).unwrap(), []);
    }

    #[test]
    fn an_edited_draft_changes_what_was_edited() {
        let draft = draft(&rows()).unwrap().replace("对象存储", "回源");
        let changed = changes(&rows(), &draft, Lang::En).unwrap();
        assert_eq!(changed, [(Setting::Words, "[\"回源\"]".to_owned())]);
    }

    #[test]
    fn a_wrong_draft_is_refused_with_the_line() {
        let failure = changes(&rows(), "{\n  \"words\": 3\n}", Lang::En).unwrap_err();
        assert!(failure.message(Lang::En).contains("line 2"), "{failure:?}");
        let failure = changes(&rows(), "{\"wrods\": []}", Lang::En).unwrap_err();
        assert!(failure.message(Lang::En).contains("wrods"), "{failure:?}");
    }
}
