//! `gongdan man`: the manual pages, made from the tables that the help and the keymaps read.
//!
//! Pages of commands come from the command line's own definition; the pages of the query
//! language, the configuration file and keymap files from `words::guide`, `config` and `keymap`.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Command;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};

use super::context::Context;
use super::failure::{Exit, Failure};
use super::help;
use super::say::say;
use crate::config::{Choice, Clipboard, Keys, Language, Mouse, Theme};
use crate::keymap::{Action, Builtin, Keymap, Topic};
use crate::words::Lang;
use crate::words::guide::{CONFIG, GuideRow, QUERY};

/// Print a manual page, or write all of them
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A command, or query, config or keymap; none prints the page of the program
    #[arg(value_name = "PAGE", conflicts_with = "dir")]
    page: Vec<String>,
    /// Write every page in both languages under this directory, as a package installs them
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
}

/// The pages that are no command's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Topical {
    Query,
    Config,
    Keymap,
}

impl Topical {
    const ALL: [Self; 3] = [Self::Query, Self::Config, Self::Keymap];

    /// What `gongdan man` calls it.
    fn name(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::Config => "config",
            Self::Keymap => "keymap",
        }
    }

    /// What the manual calls it, and in which section it stands.
    fn title(self) -> (&'static str, &'static str) {
        match self {
            Self::Query => ("gongdan-query", "7"),
            Self::Config => ("gongdan.toml", "5"),
            Self::Keymap => ("gongdan-keymap", "5"),
        }
    }

    fn about(self, lang: Lang) -> &'static str {
        match self {
            Self::Query => lang.pick("搜索语法", "the query language"),
            Self::Config => lang.pick(
                "个人与主机的配置文件",
                "configuration of a person or a host",
            ),
            Self::Keymap => lang.pick("按键与按键文件", "keys and keymap files"),
        }
    }
}

/// Prints a page as roff, or writes all pages.
///
/// # Errors
/// When there is no such page, or the directory or standard output cannot be written.
pub fn run(args: &Args, whole: &Command, cx: &mut Context) -> Result<Exit, Failure> {
    if let Some(dir) = &args.dir {
        let written = write_all(whole, dir)?;
        let dir = dir.display();
        cx.out.say(say!(
            cx.lang,
            "已写出 {written} 页到 {dir}",
            "{written} pages written under {dir}"
        ))?;
        return Ok(Exit::Done);
    }
    let page = page(whole, &args.page, cx.lang).ok_or_else(|| no_page(&args.page, cx.lang))?;
    cx.out.document(&page)?;
    Ok(Exit::Done)
}

fn no_page(names: &[String], lang: Lang) -> Failure {
    let asked = names.join(" ");
    Failure::Usage {
        message: say!(lang, "没有「{asked}」这一页", "there is no page “{asked}”"),
        hint: Some(say!(
            lang,
            "可以是命令名，或 query、config、keymap",
            "give a command, or query, config or keymap"
        )),
    }
}

/// The page of this name in roff; `None` = there is none.
fn page(whole: &Command, names: &[String], lang: Lang) -> Option<Vec<u8>> {
    if let [name] = names
        && let Some(topical) = Topical::ALL.into_iter().find(|t| t.name() == name)
    {
        return Some(topical_page(topical, lang));
    }
    let mut command = root(whole, lang);
    for name in names {
        command = command.find_subcommand(name)?.clone();
    }
    Some(command_page(command, lang))
}

/// The command line, every command called by its full name.
fn root(whole: &Command, lang: Lang) -> Command {
    let mut root = help::localised(whole.clone(), lang);
    root.build();
    root
}

/// Writes `man1`, `man5`, `man7` and the same under `zh_CN`; returns how many pages.
fn write_all(whole: &Command, dir: &Path) -> Result<usize, Failure> {
    let mut written = 0;
    for (lang, base) in [(Lang::En, dir.to_owned()), (Lang::Zh, dir.join("zh_CN"))] {
        let mut commands = Vec::new();
        visible(&root(whole, lang), &mut commands);
        for command in commands {
            let name = command
                .get_display_name()
                .unwrap_or_else(|| command.get_name());
            write(&base, name, "1", &command_page(command.clone(), lang))?;
            written += 1;
        }
        for topical in Topical::ALL {
            let (name, section) = topical.title();
            write(&base, name, section, &topical_page(topical, lang))?;
            written += 1;
        }
    }
    Ok(written)
}

fn visible(command: &Command, found: &mut Vec<Command>) {
    if command.is_hide_set() {
        return;
    }
    found.push(command.clone());
    for sub in command.get_subcommands() {
        visible(sub, found);
    }
}

fn write(base: &Path, name: &str, section: &str, page: &[u8]) -> Result<(), Failure> {
    let dir = base.join(format!("man{section}"));
    let path = dir.join(format!("{name}.{section}"));
    fs::create_dir_all(&dir)
        .and_then(|()| fs::write(path, page))
        .map_err(|source| Failure::File { path: dir, source })
}

/// What the header and the foot of every page say.
fn man(command: Command, section: &str, lang: Lang) -> Man {
    Man::new(command)
        .section(section)
        .source(format!("gongdan {}", env!("CARGO_PKG_VERSION")))
        .manual(lang.pick("工单手册", "Gongdan manual"))
}

fn command_page(command: Command, lang: Lang) -> Vec<u8> {
    let mut page = Vec::new();
    // Writing to memory does not fail.
    let _ = man(command, "1", lang).render(&mut page);
    headings(page, lang)
}

/// The renderer's own headings, which are English, in the language of the page.
fn headings(page: Vec<u8>, lang: Lang) -> Vec<u8> {
    if lang == Lang::En {
        return page;
    }
    let text = String::from_utf8_lossy(&page);
    let mut out = String::with_capacity(text.len());
    for line in text.lines() {
        out += match line {
            ".SH NAME" => ".SH 名称",
            ".SH SYNOPSIS" => ".SH 用法",
            ".SH DESCRIPTION" => ".SH 说明",
            ".SH OPTIONS" => ".SH 选项",
            ".SH SUBCOMMANDS" => ".SH 命令",
            ".SH VERSION" => ".SH 版本",
            other => other,
        };
        out.push('\n');
    }
    out.into_bytes()
}

fn topical_page(topical: Topical, lang: Lang) -> Vec<u8> {
    let (name, section) = topical.title();
    let command = Command::new(name).about(topical.about(lang).to_owned());
    let man = man(command, section, lang);
    let mut page = Vec::new();
    // Writing to memory does not fail.
    let _ = man.render_title(&mut page);
    let _ = man.render_name_section(&mut page);
    let mut body = Roff::new();
    match topical {
        Topical::Query => rows(
            &mut body,
            lang.pick("语法", "SYNTAX"),
            QUERY,
            lang,
            |_| None,
        ),
        Topical::Config => config(&mut body, lang),
        Topical::Keymap => keymap(&mut body, lang),
    }
    let _ = body.to_writer(&mut page);
    headings(page, lang)
}

fn rows(
    body: &mut Roff,
    heading: &str,
    table: &[GuideRow],
    lang: Lang,
    more: impl Fn(&GuideRow) -> Option<String>,
) {
    body.control("SH", [heading]);
    for row in table {
        let mut meaning = row.meaning(lang).to_owned();
        if let Some(more) = more(row) {
            meaning = format!("{meaning} [{more}]");
        }
        entry(body, row.written, &meaning);
    }
}

fn entry(body: &mut Roff, term: &str, meaning: &str) {
    body.control("TP", []);
    body.text([bold(term)]);
    body.text([roman(meaning)]);
}

fn config(body: &mut Roff, lang: Lang) {
    body.control("SH", [lang.pick("文件", "FILES")]);
    entry(
        body,
        "/etc/gongdan/config.toml",
        lang.pick("整台主机的", "the whole host's"),
    );
    entry(
        body,
        "~/.config/gongdan/config.toml",
        lang.pick("个人的，优先", "a person's own, which comes over it"),
    );
    rows(body, lang.pick("设置", "SETTINGS"), CONFIG, lang, |row| {
        let names = match row.written {
            "language" => Language::names(),
            "theme" => Theme::names(),
            "keys" => Keys::names(),
            "clipboard" => Clipboard::names(),
            "mouse" => Mouse::names(),
            _ => return None,
        };
        Some(names.join(", "))
    });
}

fn keymap(body: &mut Roff, lang: Lang) {
    body.control("SH", [lang.pick("文件", "FILES")]);
    entry(
        body,
        "~/.config/gongdan/keymap.toml",
        lang.pick(
            "自己的按键，叠加在内置的上面；写错之处按行指出",
            "your own keys, laid over those compiled in; what is wrong is named by line",
        ),
    );
    let bindings = Keymap::builtin(Builtin::default()).bindings();
    let mut last: Option<Topic> = None;
    for action in Action::ALL {
        if last != Some(action.topic()) {
            last = Some(action.topic());
            let topic = action.topic();
            body.control("SH", [lang.pick(topic.zh(), topic.en())]);
        }
        let mut keys: Vec<String> = bindings
            .iter()
            .filter(|binding| binding.action == *action)
            .map(|binding| binding.keys.to_string())
            .collect();
        keys.sort();
        keys.dedup();
        let meaning = lang.pick(action.zh(), action.en());
        let term = format!("{}  {}", action.name(), keys.join("  "));
        entry(body, term.trim_end(), meaning);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::SETTINGS;

    fn definition() -> Command {
        <crate::cli::args::Args as clap::CommandFactory>::command()
    }

    fn text(names: &[&str], lang: Lang) -> String {
        let names: Vec<String> = names.iter().map(ToString::to_string).collect();
        String::from_utf8(page(&definition(), &names, lang).unwrap()).unwrap()
    }

    #[test]
    fn every_setting_of_the_configuration_stands_in_its_page() {
        let told: Vec<&str> = CONFIG.iter().map(|row| row.written).collect();
        assert_eq!(told, SETTINGS);
        assert!(text(&["config"], Lang::En).contains("zh, en"));
    }

    #[test]
    fn a_commands_page_has_its_options_in_the_language_asked_for() {
        let chinese = text(&["cause", "set"], Lang::Zh);
        assert!(
            chinese.contains(".SH 选项") && chinese.contains("标注工单的根因"),
            "{chinese}"
        );
        assert!(!chinese.contains(".SH OPTIONS"), "{chinese}");
        assert!(text(&["cause", "set"], Lang::En).contains(".SH OPTIONS"));
        assert_eq!(page(&definition(), &["nothing".to_owned()], Lang::En), None);
    }

    #[test]
    fn a_package_gets_a_page_for_each_command_in_both_languages() {
        let dir = tempfile::tempdir().unwrap();
        let written = write_all(&definition(), dir.path()).unwrap();
        for page in [
            "man1/gongdan.1",
            "man1/gongdan-import.1",
            "man1/gongdan-cause-set.1",
            "man5/gongdan.toml.5",
            "man5/gongdan-keymap.5",
            "man7/gongdan-query.7",
        ] {
            for base in [dir.path().to_owned(), dir.path().join("zh_CN")] {
                assert!(base.join(page).exists(), "{page}");
            }
        }
        assert!(!dir.path().join("man1/gongdan-hold-clipboard.1").exists());
        assert!(written > 60, "{written}");
    }
}
