//! Wrong command lines in our words: the parser's own are English only, and not JSON.

use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::failure::Failure;
use super::say::say;
use crate::words::Lang;

/// A usage error as a failure.
pub fn failure(error: &clap::Error, lang: Lang) -> Failure {
    let (message, hint) = (message(error, lang), hint(error, lang));
    Failure::Usage { message, hint }
}

fn message(error: &clap::Error, lang: Lang) -> String {
    let arg = value(error, ContextKind::InvalidArg);
    let given = value(error, ContextKind::InvalidValue);
    match error.kind() {
        ErrorKind::UnknownArgument => say!(lang, "没有选项 {arg}", "there is no option {arg}"),
        ErrorKind::InvalidSubcommand => {
            let name = value(error, ContextKind::InvalidSubcommand);
            say!(lang, "没有命令 {name}", "there is no command {name}")
        }
        ErrorKind::MissingRequiredArgument => say!(lang, "缺少 {arg}", "{arg} is missing"),
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            say!(lang, "缺少子命令", "a subcommand is missing")
        }
        ErrorKind::InvalidValue if given.is_empty() => {
            say!(lang, "{arg} 缺少值", "{arg} needs a value")
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            say!(lang, "{arg} 不能是「{given}」", "{arg} cannot be “{given}”")
        }
        ErrorKind::ArgumentConflict => {
            let other = value(error, ContextKind::PriorArg);
            say!(
                lang,
                "{arg} 不能与 {other} 同时使用",
                "{arg} cannot be used with {other}"
            )
        }
        // Rare kinds in the parser's words, without its "error: " and its usage lines.
        _ => {
            let text = error.to_string();
            let first = text.lines().next().unwrap_or_default();
            first.trim_start_matches("error: ").to_owned()
        }
    }
}

fn hint(error: &clap::Error, lang: Lang) -> Option<String> {
    let like = [
        ContextKind::SuggestedArg,
        ContextKind::SuggestedSubcommand,
        ContextKind::SuggestedValue,
        ContextKind::ValidValue,
        ContextKind::ValidSubcommand,
    ];
    let found = like
        .into_iter()
        .map(|kind| value(error, kind))
        .find(|text| !text.is_empty());
    Some(match found {
        Some(like) => say!(lang, "可以是：{like}", "it may be: {like}"),
        None => say!(
            lang,
            "见 gongdan --help 或 gongdan 命令 --help",
            "see `gongdan --help` or `gongdan COMMAND --help`"
        ),
    })
}

fn value(error: &clap::Error, kind: ContextKind) -> String {
    match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join("  "),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::super::args::Args;
    use super::*;

    fn said(lang: Lang, args: &[&str]) -> (String, String) {
        let args = std::iter::once("gongdan").chain(args.iter().copied());
        let failure = failure(&Args::try_parse_from(args).unwrap_err(), lang);
        assert_eq!(failure.code(), 2);
        (failure.message(lang), failure.hint(lang).unwrap())
    }

    #[test]
    fn a_wrong_command_line_is_explained_in_the_language_of_the_user() {
        let (message, hint) = said(Lang::Zh, &["lst"]);
        assert_eq!(message, "没有命令 lst");
        assert!(hint.contains("list"), "{hint}");
        let (message, _) = said(Lang::En, &["show"]);
        assert!(
            message.contains("ID") && message.contains("missing"),
            "{message}"
        );
        let (message, hint) = said(Lang::Zh, &["list", "--cause-state", "odd"]);
        assert!(message.contains("odd"), "{message}");
        assert!(hint.contains("placeholder"), "{hint}");
        let (message, _) = said(Lang::Zh, &["list", "--cuont"]);
        assert_eq!(message, "没有选项 --cuont");
        let (message, _) = said(Lang::En, &["cause"]);
        assert_eq!(message, "a subcommand is missing");
        let (message, _) = said(Lang::Zh, &["list", "-n"]);
        assert!(message.contains("缺少值"), "{message}");
    }
}
