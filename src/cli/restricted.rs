//! The restricted mode: for sshd's `ForceCommand`, or as a login shell.
//!
//! Whoever comes in this way reaches the desk and nothing else of the machine: no editor, no
//! file, no keymap of their own, no program found by a search path of their own, no core dump.
//! Roles are the daemon's to check; this only keeps the shell shut.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::process::CommandExt;
use std::process::Command;

use clap::ArgMatches;
use clap::parser::ValueSource;
use rustix::process::{Resource, Rlimit, setrlimit};

use super::failure::Failure;
use super::say::say;
use crate::words::Lang;

/// Where programs are looked for, whatever the session says.
const PATH: &str = "/usr/local/bin:/usr/bin:/bin";

/// The variables that survive: terminal, language, name, and how the session came in.
const KEPT: [&str; 17] = [
    "COLORTERM",
    "GONGDAN_AGENT",
    "GONGDAN_LANG",
    "HOME",
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "LOGNAME",
    "NO_COLOR",
    "SSH_CONNECTION",
    "SSH_ORIGINAL_COMMAND",
    "SSH_TTY",
    "STY",
    "TERM",
    "TMUX",
    "USER",
    "XDG_RUNTIME_DIR",
];

/// The flag that asks for it.
const FLAG: &str = "--restricted";

/// What a command or an option may not do here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rule {
    /// Not at all.
    Never,
    /// Only with `-`: standard input or output.
    StreamOnly,
}

/// Command, option (empty = the command as such), rule. A command that is not named here is
/// free; a test finds options that take a path and are not named.
const RULES: &[(&str, &str, Rule)] = &[
    ("", "data_dir", Rule::Never),
    ("", "standalone", Rule::Never),
    ("add", "from", Rule::StreamOnly),
    ("backup", "", Rule::Never),
    ("export", "output", Rule::Never),
    ("hold-clipboard", "", Rule::Never),
    ("import", "paths", Rule::StreamOnly),
    ("man", "dir", Rule::Never),
    ("restore", "", Rule::Never),
    ("search", "batch", Rule::StreamOnly),
    ("serve", "", Rule::Never),
    ("settings edit", "", Rule::Never),
    ("similar", "batch", Rule::StreamOnly),
    ("stats", "html", Rule::StreamOnly),
    ("stop", "", Rule::Never),
];

/// Whether this process is restricted, and the arguments it is to run with.
pub struct Entry {
    /// The arguments, the program's name first.
    pub args: Vec<OsString>,
    /// Whether the rules hold.
    pub restricted: bool,
}

/// Looks how the process was started. A restricted one drops its privileges of comfort first,
/// and starts itself anew where the environment was not clean.
///
/// # Errors
/// When the session's command cannot be read, or the process cannot be made safe.
pub fn enter(args: Vec<OsString>) -> Result<Entry, Failure> {
    let Some(wanted) = wanted(&args)? else {
        return Ok(Entry {
            args,
            restricted: false,
        });
    };
    let none = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    setrlimit(Resource::Core, none).map_err(Failure::bug)?;
    if !is_clean() {
        return Err(restart(&args));
    }
    let original = std::env::var("SSH_ORIGINAL_COMMAND").ok();
    let words = match original.filter(|command| !command.trim().is_empty()) {
        Some(command) => split(&command)?,
        None => wanted,
    };
    let name = args.into_iter().next().into_iter();
    Ok(Entry {
        args: name.chain(words).collect(),
        restricted: true,
    })
}

/// The arguments of a restricted start, without the program's name; `None` = it is a free one.
///
/// # Errors
/// When a command cannot be read.
fn wanted(args: &[OsString]) -> Result<Option<Vec<OsString>>, Failure> {
    let name = args.first().map(|name| name.as_bytes()).unwrap_or_default();
    let rest = args.get(1..).unwrap_or_default();
    if rest.first().is_some_and(|flag| flag == FLAG) {
        let rest = rest.get(1..).unwrap_or_default();
        // sshd runs a forced command through the login shell: `gongdan --restricted -c …` is
        // how it reaches a program that is the shell itself.
        let words = shell_command(rest)?;
        return Ok(Some(words.unwrap_or_else(|| rest.to_vec())));
    }
    // A login shell's name begins with a dash; a shell that runs one command gets `-c`.
    Ok(match shell_command(rest)? {
        Some(words) => Some(words),
        None if name.starts_with(b"-") => Some(Vec::new()),
        None => None,
    })
}

/// The words of a shell's one command; `None` = it is given none.
fn shell_command(rest: &[OsString]) -> Result<Option<Vec<OsString>>, Failure> {
    match rest {
        [flag, command] if flag == "-c" => split(&command.to_string_lossy()).map(Some),
        _ => Ok(None),
    }
}

/// The words of a command that came over ssh; the program's own name in front is dropped.
fn split(command: &str) -> Result<Vec<OsString>, Failure> {
    let words = shlex::split(command)
        .ok_or_else(|| Failure::usage("the quotes of the command do not match"))?;
    let own = |word: &String| word == "gongdan" || word.ends_with("/gongdan");
    let skip = usize::from(words.first().is_some_and(own));
    let flag = usize::from(words.get(skip).is_some_and(|word| word == FLAG));
    Ok(words
        .into_iter()
        .skip(skip + flag)
        .map(OsString::from)
        .collect())
}

fn is_clean() -> bool {
    std::env::vars_os().all(|(name, value)| {
        if name == "PATH" {
            value == PATH
        } else {
            name.to_str().is_some_and(|name| KEPT.contains(&name))
        }
    }) && std::env::var_os("PATH").is_some()
}

/// Starts the program anew in a clean environment. Comes back only when that fails.
fn restart(args: &[OsString]) -> Failure {
    let mut command = Command::new("/proc/self/exe");
    if let Some(name) = args.first() {
        command.arg0(name);
    }
    command.args(args.get(1..).unwrap_or_default());
    command.env_clear().env("PATH", PATH);
    for name in KEPT {
        if let Some(value) = std::env::var_os(name) {
            command.env(name, value);
        }
    }
    Failure::bug(command.exec())
}

/// Holds parsed arguments against the rules.
///
/// # Errors
/// [`Failure::Refused`] with what is not allowed.
pub fn check(matches: &ArgMatches, lang: Lang) -> Result<(), Failure> {
    let mut path = String::new();
    let mut at = matches;
    loop {
        for (command, option, rule) in RULES {
            let global = command.is_empty();
            if (global || *command == path) && breaks(at, option, *rule, global) {
                return Err(refusal(&path, option, lang));
            }
        }
        let Some((name, below)) = at.subcommand() else {
            return Ok(());
        };
        if !path.is_empty() {
            path.push(' ');
        }
        path.push_str(name);
        at = below;
    }
}

fn breaks(at: &ArgMatches, option: &str, rule: Rule, global: bool) -> bool {
    if option.is_empty() {
        return !global && rule == Rule::Never;
    }
    let given = matches!(at.try_contains_id(option), Ok(true))
        && at.value_source(option) == Some(ValueSource::CommandLine);
    match rule {
        Rule::Never => given,
        Rule::StreamOnly => {
            given
                && at
                    .get_raw(option)
                    .is_some_and(|mut values| values.any(|value| value != OsStr::new("-")))
        }
    }
}

fn refusal(path: &str, option: &str, lang: Lang) -> Failure {
    let option = option.replace('_', "-");
    let what = if option.is_empty() {
        path.to_owned()
    } else {
        format!("{path} {option}")
    };
    let what = what.trim();
    Failure::Refused {
        message: say!(
            lang,
            "受限模式下不能用 {what}",
            "{what} is not allowed in the restricted mode"
        ),
        hint: Some(say!(
            lang,
            "文档可由标准输入导入：import -；导出写到标准输出",
            "documents can come from standard input: `import -`; exports go to standard output"
        )),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::super::args::Args;
    use super::*;

    fn refused(line: &str) -> bool {
        let matches = Args::command()
            .try_get_matches_from(line.split(' '))
            .unwrap();
        check(&matches, Lang::En).is_err()
    }

    #[test]
    fn files_editors_and_daemons_are_out_of_reach() {
        for line in [
            "gongdan backup x",
            "gongdan restore x",
            "gongdan export -o x",
            "gongdan stats --html x",
            "gongdan import a.md",
            "gongdan import - a.md",
            "gongdan search --batch x",
            "gongdan settings edit words",
            "gongdan serve",
            "gongdan list --data-dir /tmp/x",
            "gongdan --standalone list",
        ] {
            assert!(refused(line), "{line}");
        }
    }

    #[test]
    fn everything_else_works() {
        for line in [
            "gongdan",
            "gongdan import - --dataset a",
            "gongdan search 证书",
            "gongdan search --batch -",
            "gongdan export --format csv",
            "gongdan stats --html -",
            "gongdan settings get",
            "gongdan cause set abc x",
        ] {
            assert!(!refused(line), "{line}");
        }
    }

    #[test]
    fn every_option_that_takes_a_path_has_a_rule() {
        fn look(command: &clap::Command, path: &str, missing: &mut Vec<String>) {
            let named = |option: &str| {
                RULES.iter().any(|(c, o, _)| {
                    (*c == path && (*o == option || o.is_empty())) || (c.is_empty() && *o == option)
                })
            };
            for arg in command.get_arguments() {
                let values = arg.get_value_names().unwrap_or_default();
                let is_path = |name: &str| ["PATH", "FILE", "DIR"].iter().any(|p| name.contains(p));
                let takes_path = values
                    .iter()
                    .any(|name| is_path(&name.to_ascii_uppercase()));
                if takes_path && !named(arg.get_id().as_str()) {
                    missing.push(format!("{path} {}", arg.get_id()));
                }
            }
            for sub in command.get_subcommands() {
                let path = format!("{path} {}", sub.get_name());
                look(sub, path.trim_start(), missing);
            }
        }
        let mut missing = Vec::new();
        look(&Args::command(), "", &mut missing);
        assert!(missing.is_empty(), "{missing:?}");
    }

    #[test]
    fn a_command_over_ssh_names_subcommands_only() {
        let words = |line: &str| split(line).unwrap();
        assert_eq!(
            words("gongdan search '证书 过期' --json"),
            ["search", "证书 过期", "--json"]
        );
        assert_eq!(words("/usr/bin/gongdan --restricted list"), ["list"]);
        // A shell's work is just words here.
        assert_eq!(words("list; rm -rf x"), ["list;", "rm", "-rf", "x"]);
        assert!(split("search 'x").is_err());
    }

    #[test]
    fn login_shells_and_forced_commands_are_recognised() {
        let os = |words: &[&str]| words.iter().map(OsString::from).collect::<Vec<_>>();
        let wanted = |words: &[&str]| wanted(&os(words)).unwrap();
        assert_eq!(wanted(&["gongdan", "list"]), None);
        assert_eq!(wanted(&["-gongdan"]), Some(vec![]));
        assert_eq!(
            wanted(&["gongdan", "-c", "list -n 3"]),
            Some(os(&["list", "-n", "3"]))
        );
        assert_eq!(wanted(&["gongdan", "--restricted"]), Some(vec![]));
    }
}
