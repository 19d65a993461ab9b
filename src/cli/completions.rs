//! `gongdan completions`: a script that completes commands, options, and names of the store.

use clap::{Command, ValueEnum};
use clap_complete::Shell;

use super::context::Context;
use super::failure::{Exit, Failure};
use super::help;
use crate::api::{DeskExt, ask};
use crate::model::{Category, CauseStatus, TicketFilter};

/// Completes names in bash.
///
/// A name comes from an imported document, so the shell must never read it as text of its own:
/// no `compgen -W`, which expands its list, and no candidate that is not quoted. Inside an open
/// quotation mark only names that need no quoting are offered.
const BASH: &str = r#"
_gongdan_names() {
    local kind="" cur="${COMP_WORDS[COMP_CWORD]}" before="${COMP_WORDS[COMP_CWORD-1]}"
    # Bash cuts `--category=x` into three words.
    if [ "$cur" = "=" ]; then
        cur=""
    elif [ "$before" = "=" ] && [ "$COMP_CWORD" -ge 2 ]; then
        before="${COMP_WORDS[COMP_CWORD-2]}"
    fi
    case "$before" in
        --dataset|remove) kind=datasets ;;
        --category) kind=categories ;;
        --cause|rename|merge|group|retire|revive) kind=causes ;;
    esac
    if [ -z "$kind" ]; then
        _gongdan "$@"
        return
    fi
    local name quoted
    COMPREPLY=()
    while IFS= read -r name; do
        printf -v quoted '%q' "$name"
        case "$cur" in
            [\"\']*)
                if [ "$name" = "$quoted" ] && [[ "$name" == "${cur:1}"* ]]; then
                    COMPREPLY+=("$name")
                fi ;;
            *)
                if [[ "$name" == "$cur"* || "$quoted" == "$cur"* ]]; then
                    COMPREPLY+=("$quoted")
                fi ;;
        esac
    done < <(gongdan complete-names "$kind" 2>/dev/null)
}
complete -F _gongdan_names -o bashdefault -o default gongdan
"#;

/// Completes names in zsh: the functions that the options' completions call.
const ZSH: &str = r#"
_gongdan_names() {
    local -a names
    names=("${(@f)$(gongdan complete-names $1 2>/dev/null)}")
    compadd -a -- names
}
_gongdan_datasets() { _gongdan_names datasets }
_gongdan_categories() { _gongdan_names categories }
_gongdan_causes() { _gongdan_names causes }
"#;

/// Completes names in fish.
const FISH: &str = r#"
complete -c gongdan -l dataset -x -a '(gongdan complete-names datasets 2>/dev/null)'
complete -c gongdan -l category -x -a '(gongdan complete-names categories 2>/dev/null)'
complete -c gongdan -l cause -x -a '(gongdan complete-names causes 2>/dev/null)'
complete -c gongdan -n '__fish_seen_subcommand_from dataset; and __fish_seen_subcommand_from remove' -x -a '(gongdan complete-names datasets 2>/dev/null)'
"#;

/// Print a completion script for a shell
#[derive(Debug, clap::Args)]
pub struct Args {
    /// For which shell
    #[arg(value_enum)]
    shell: ShellName,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum ShellName {
    Bash,
    Zsh,
    Fish,
}

/// Print names of the store, one a line, for completion scripts
#[derive(Debug, clap::Args)]
pub struct NamesArgs {
    /// Names of what
    #[arg(value_enum)]
    kind: Kind,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Kind {
    Datasets,
    Categories,
    Causes,
}

/// Prints the script for the whole command line, whose definition `root` is.
///
/// # Errors
/// When standard output cannot be written.
pub fn run(args: &Args, root: Command, cx: &mut Context) -> Result<Exit, Failure> {
    let script = match args.shell {
        ShellName::Bash => generated(Shell::Bash, root, cx) + BASH,
        ShellName::Zsh => zsh(&generated(Shell::Zsh, root, cx)),
        ShellName::Fish => generated(Shell::Fish, root, cx) + FISH,
    };
    cx.out.verbatim(&script)?;
    Ok(Exit::Done)
}

fn generated(shell: Shell, root: Command, cx: &Context) -> String {
    let mut script = Vec::new();
    let mut command = help::localised(root, cx.lang);
    clap_complete::generate(shell, &mut command, "gongdan", &mut script);
    String::from_utf8_lossy(&script).into_owned()
}

/// The options that take names get our functions, which follow the script's first line.
fn zsh(script: &str) -> String {
    let mut out = String::new();
    for (number, line) in script.lines().enumerate() {
        let function = [
            ("--dataset=", "_gongdan_datasets"),
            ("--category=", "_gongdan_categories"),
            ("--cause=", "_gongdan_causes"),
        ]
        .iter()
        .find(|(option, _)| line.contains(option));
        match function {
            Some((_, function)) => out += &line.replace("_default'", &format!("{function}'")),
            None => out += line,
        }
        out.push('\n');
        if number == 0 {
            out += ZSH;
        }
    }
    out
}

/// Prints names.
///
/// A completion creates no store where there is none.
///
/// # Errors
/// When the desk cannot be opened.
pub fn names(args: &NamesArgs, cx: &mut Context) -> Result<Exit, Failure> {
    if !cx.data_dir().exists() {
        return Ok(Exit::Done);
    }
    for name in asked(args.kind, cx)? {
        cx.out.say(name)?;
    }
    Ok(Exit::Done)
}

fn asked(kind: Kind, cx: &Context) -> Result<Vec<String>, Failure> {
    let desk = cx.desk()?;
    Ok(match kind {
        Kind::Datasets => {
            let rows = desk.ask(ask::Datasets)?;
            rows.into_iter().map(|row| row.name).collect()
        }
        Kind::Categories => desk
            .ask(ask::Tree {
                query: String::new(),
                filter: TicketFilter::default(),
            })?
            .into_iter()
            .filter(|node| !node.product.is_empty())
            .map(|node| {
                let category = Category {
                    product: node.product,
                    issue_type: node.issue_type.unwrap_or_default(),
                };
                category.to_string()
            })
            .collect(),
        Kind::Causes => desk
            .ask(ask::Vocabulary)?
            .into_iter()
            .filter(|row| row.cause.status == CauseStatus::Active)
            .map(|row| row.cause.name)
            .collect(),
    })
}
