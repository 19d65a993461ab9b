//! The restricted mode: for sshd's `ForceCommand`, or as a login shell.
//!
//! Whoever comes in this way reaches the desk and nothing else of the machine: no editor, no
//! file, no keymap of their own, no program found by a search path of their own, no core dump.
//! Roles are the daemon's to check; this only keeps the shell shut.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::Command;

use clap::parser::ValueSource;
use clap::{ArgMatches, CommandFactory};
use rustix::process::{Resource, Rlimit, setrlimit};

use super::args::Args;
use super::connect::TEAM_SOCKET;
use super::context::Restricted;
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

/// The flag, where the team's socket is not the usual one: `--restricted=SOCKET`.
const FLAG_WITH_SOCKET: &str = "--restricted=";

/// What a restricted session may do: the command, the options it may give, and those that take
/// nothing but `-`, standard input or output. Names are the parser's, the first row is the
/// global options'.
///
/// What is not named here is refused: a new command or option stays shut until somebody has
/// thought about it. Left out on purpose are `backup`, `restore`, `serve`, `stop`,
/// `settings edit`, `model install`, `hold-clipboard`, `export --output`, `--data-dir` and `--standalone`.
const ALLOWED: &[(&str, &str, &str)] = &[
    ("", "lang json no_color version", ""),
    ("add", "no_mask", "from"),
    ("answer", "text", ""),
    ("categories", "query", ""),
    ("category", "", ""),
    ("category set", "id category given note group base_rev", ""),
    ("cause", "", ""),
    ("cause create", "name group", ""),
    ("cause group", "cause group", ""),
    ("cause list", "all", ""),
    ("cause merge", "cause into", ""),
    (
        "cause queue",
        "kind category cause_state cause dataset limit",
        "",
    ),
    ("cause rename", "cause name", ""),
    ("cause retire", "cause", ""),
    ("cause revive", "cause", ""),
    (
        "cause set",
        "id causes none note new group dry_run base_rev",
        "",
    ),
    ("cause suggest", "id", ""),
    (
        "cause vote",
        "ids agree dissent withdraw cause note new",
        "",
    ),
    ("complete-names", "kind", ""),
    ("completions", "shell", ""),
    ("conflicts", "", ""),
    ("conflicts resolve", "record apply drop merge", ""),
    (
        "copy",
        "id turn reply set for_ticket original anyway method print",
        "",
    ),
    ("dataset", "", ""),
    ("dataset list", "", ""),
    ("dataset remove", "name yes", ""),
    ("doctor", "topic method", ""),
    ("export", "format query", ""),
    (
        "import",
        "dataset articles dry_run masks map no_mask",
        "paths",
    ),
    ("keys", "keymap", ""),
    (
        "list",
        "category cause_state cause dataset limit offset count",
        "",
    ),
    ("log", "id limit csv", ""),
    ("man", "", ""),
    ("mask", "query check yes", ""),
    ("model", "", ""),
    ("model remove", "", ""),
    ("model status", "wait", ""),
    ("outdated", "id reason successor revive base_rev", ""),
    ("redo", "", ""),
    ("replies", "query category all favourites recent", ""),
    ("reply", "", ""),
    ("reply keep", "reply", ""),
    ("reply merge", "reply others", ""),
    ("reply new", "name text code", ""),
    ("reply offers", "", ""),
    ("reply outdated", "reply reason successor", ""),
    ("reply part", "reply", ""),
    ("reply retire", "reply", ""),
    ("reply revive", "reply", ""),
    ("reply set", "reply name code text base_rev", ""),
    ("reply show", "reply", ""),
    ("reply star", "reply", ""),
    ("reply take", "reply", ""),
    ("reply unstar", "reply", ""),
    (
        "search",
        "query category cause_state cause dataset limit",
        "batch",
    ),
    ("settings", "", ""),
    ("settings get", "name", ""),
    ("settings set", "name value default base_rev", ""),
    ("show", "ids", ""),
    ("similar", "like limit", "batch"),
    ("stats", "", "html"),
    ("status", "", ""),
    ("undo", "", ""),
    ("views", "", ""),
    ("views delete", "name team", ""),
    ("views list", "", ""),
    ("views move", "name place team", ""),
    ("views open", "name team limit", ""),
    ("views rename", "name to team", ""),
    (
        "views save",
        "name query category cause_state cause dataset team",
        "",
    ),
];

/// Values that an allowed option may not have: command, option, value.
const REFUSED_VALUES: &[(&str, &str, &str)] =
    &[("copy", "method", "file"), ("doctor", "method", "file")];

/// Whether this process is restricted, and the arguments it is to run with.
pub struct Entry {
    /// The arguments, the program's name first.
    pub args: Vec<OsString>,
    /// Set where the rules hold.
    pub restricted: Option<Restricted>,
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
            restricted: None,
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
    let socket = args.get(1).and_then(named_socket);
    let socket = socket.unwrap_or_else(|| PathBuf::from(TEAM_SOCKET));
    let name = args.into_iter().next().into_iter();
    Ok(Entry {
        args: name.chain(words).collect(),
        restricted: Some(Restricted { socket }),
    })
}

/// The arguments of a restricted start, without the program's name; `None` = it is a free one.
///
/// # Errors
/// When a command cannot be read.
fn wanted(args: &[OsString]) -> Result<Option<Vec<OsString>>, Failure> {
    let name = args.first().map(|name| name.as_bytes()).unwrap_or_default();
    let rest = args.get(1..).unwrap_or_default();
    let asks = |flag: &OsString| flag == FLAG || named_socket(flag).is_some();
    if rest.first().is_some_and(asks) {
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

/// The socket of `--restricted=SOCKET`: whoever starts the session says it, never the session's
/// own command.
fn named_socket(flag: &OsString) -> Option<PathBuf> {
    let socket = flag.as_bytes().strip_prefix(FLAG_WITH_SOCKET.as_bytes())?;
    Some(PathBuf::from(OsStr::from_bytes(socket)))
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

/// Holds parsed arguments against what is allowed.
///
/// # Errors
/// [`Failure::Refused`] with what is not allowed.
pub fn check(matches: &ArgMatches, lang: Lang) -> Result<(), Failure> {
    let root = Args::command();
    let (mut command, mut at) = (&root, matches);
    let mut path = String::new();
    loop {
        let row = ALLOWED.iter().find(|(name, ..)| *name == path);
        let Some((_, free, stream)) = row else {
            return Err(refusal(&path, "", lang));
        };
        for arg in command.get_arguments() {
            let option = arg.get_id().as_str();
            if !may_give(at, option, free, stream) || has_refused_value(at, &path, option) {
                return Err(refusal(&path, option, lang));
            }
        }
        let Some((name, below)) = at.subcommand() else {
            return Ok(());
        };
        // A global option may stand behind any command.
        for arg in root.get_arguments().filter(|arg| arg.is_global_set()) {
            let option = arg.get_id().as_str();
            if !may_give(below, option, ALLOWED.first().map_or("", |row| row.1), "") {
                return Err(refusal("", option, lang));
            }
        }
        if !path.is_empty() {
            path.push(' ');
        }
        path.push_str(name);
        let Some(found) = command.find_subcommand(name) else {
            return Err(refusal(&path, "", lang));
        };
        (command, at) = (found, below);
    }
}

/// Whether an option is not given, or may be as it is.
fn may_give(at: &ArgMatches, option: &str, free: &str, stream: &str) -> bool {
    let named = |list: &str| list.split(' ').any(|name| name == option);
    !is_given(at, option)
        || named(free)
        || (named(stream) && values(at, option).all(|value| value == "-"))
}

fn has_refused_value(at: &ArgMatches, path: &str, option: &str) -> bool {
    REFUSED_VALUES.iter().any(|(command, name, refused)| {
        *command == path
            && *name == option
            && is_given(at, option)
            && values(at, option).any(|value| value == *refused)
    })
}

fn is_given(at: &ArgMatches, option: &str) -> bool {
    matches!(at.try_contains_id(option), Ok(true))
        && at.value_source(option) == Some(ValueSource::CommandLine)
}

fn values<'a>(at: &'a ArgMatches, option: &str) -> impl Iterator<Item = &'a OsStr> {
    at.get_raw(option).into_iter().flatten()
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
            "gongdan copy abc --method file",
            "gongdan copy abc --method=file",
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
            "gongdan copy abc --method osc52",
            "gongdan list --lang en --json",
        ] {
            assert!(!refused(line), "{line}");
        }
    }

    #[test]
    fn a_command_that_nobody_named_is_refused() {
        let missing = |path: &str| ALLOWED.iter().all(|(name, ..)| *name != path);
        for (command, line) in [
            ("backup", "gongdan backup x"),
            ("stop", "gongdan stop"),
            ("hold-clipboard", "gongdan hold-clipboard"),
        ] {
            assert!(missing(command) && refused(line), "{line}");
        }
    }

    #[test]
    fn what_is_allowed_exists_and_no_path_is_free() {
        for (path, free, stream) in ALLOWED {
            let root = Args::command();
            let words = path.split(' ').filter(|word| !word.is_empty());
            let command = words.fold(&root, |at, word| {
                at.find_subcommand(word)
                    .unwrap_or_else(|| panic!("no command {path}"))
            });
            let named = free.split(' ').map(|name| (name, false));
            let named = named.chain(stream.split(' ').map(|name| (name, true)));
            for (name, stream) in named.filter(|(name, _)| !name.is_empty()) {
                let arg = command.get_arguments().find(|arg| arg.get_id() == name);
                let arg = arg.unwrap_or_else(|| panic!("no option {path} {name}"));
                let values = arg.get_value_names().unwrap_or_default();
                let is_path = |name: &str| ["PATH", "FILE", "DIR"].iter().any(|p| name.contains(p));
                let is_path = values.iter().any(|v| is_path(&v.to_ascii_uppercase()));
                assert!(stream || !is_path, "{path} {name} reaches files");
            }
        }
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
