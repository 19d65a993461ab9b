//! The way to the clipboard: which it is, and whether a text that takes it arrives.
//!
//! Nothing acknowledges a copy, so only the agent can say: they paste a marker back.

use std::io::{self, IsTerminal};

use super::Check;
use super::ask;
use crate::cli::context::Context;
use crate::cli::copy;
use crate::cli::failure::Failure;
use crate::cli::say::say;
use crate::clipboard::{
    CopyError, Environment, LIMIT, LastResort, Method, Multiplexer, Outcome, Outer, Plan, Step,
};
use crate::config::Choice;
use crate::model::random;
use crate::words::{self, Bytes, Lang, Word, names};

/// Bytes of a usual reply.
const USUAL_REPLY: usize = 2_000;

/// The ways that can be tried by name.
pub(super) const WAYS: [&str; 4] = ["tmux", "osc52", "screen", "local"];

/// The ways a copy would take.
///
/// Nothing is copied: only what is known beforehand is told.
pub(super) fn checks(cx: &Context) -> Vec<Check> {
    let lang = cx.lang;
    let method = copy::method(cx);
    let name = method.name();
    let plan = match copy::plan(cx, USUAL_REPLY) {
        Ok(plan) => plan,
        Err(refused) => {
            let why = copy::uncopied(lang, &refused.error);
            let hint = say!(
                lang,
                "配置 clipboard = \"{name}\" 在这里行不通",
                "the configured clipboard = \"{name}\" cannot work here"
            );
            return vec![Check::bad("clipboard", why, Some(hint))];
        }
    };
    let ways: Vec<String> = plan.steps.iter().map(|step| way(*step, lang)).collect();
    let ways = ways.join(" → ");
    let limit = Bytes(LIMIT as u64);
    let detail = say!(
        lang,
        "{name}：{ways}（经终端最多 {limit}）",
        "{name}: {ways} (terminals take {limit})"
    );
    let first = plan.steps.first().copied();
    match first.and_then(|step| caveat(step, lang)) {
        Some(hint) => vec![Check::note("clipboard", detail, Some(hint))],
        None => vec![Check::ok("clipboard", detail)],
    }
}

fn way(step: Step, lang: Lang) -> String {
    let name = match step {
        Step::Show => "page",
        Step::Tmux | Step::Local | Step::Osc52 { .. } | Step::File => step.via().name(),
    };
    names::via(lang, name).to_owned()
}

/// What to know about a way before relying on it.
fn caveat(step: Step, lang: Lang) -> Option<String> {
    match step {
        Step::Tmux | Step::Local => None,
        Step::Osc52 {
            outer: Outer::Tmux | Outer::Either,
        } => Some(words::word(lang, Word::HintTmuxOuter).to_owned()),
        Step::Osc52 {
            outer: Outer::None | Outer::Screen,
        } => Some(words::word(lang, Word::SentUnconfirmed).to_owned()),
        Step::File | Step::Show => Some(say!(
            lang,
            "这里没有可用的剪贴板：文字会显示出来或存成文件",
            "no clipboard can be reached from here: the text is shown or written to a file"
        )),
    }
}

/// Whether somebody is there to paste.
pub(super) fn somebody_pastes(cx: &Context) -> bool {
    !cx.json() && io::stdin().is_terminal() && io::stdout().is_terminal()
}

/// Copies a marker by each way that applies here, or by the one asked for, has it pasted back,
/// and says which way works and what to set.
///
/// # Errors
/// When standard output cannot be written.
pub(super) fn trial(cx: &mut Context, asked: Option<Method>) -> Result<(), Failure> {
    let known = copy::environment_of_a_terminal();
    let answered = ask::multiplexer(&known);
    tell_answer(cx, answered)?;
    let environment = Environment {
        answered,
        ..known.clone()
    };
    let chosen = asked.unwrap_or_else(|| copy::method(cx));
    let rungs = match rungs(chosen, &environment) {
        Ok(rungs) => rungs,
        Err(error) => return cx.out.say(copy::uncopied(cx.lang, &error)),
    };
    let mut works = None;
    let count = rungs.len();
    for (n, step) in (1..).zip(&rungs) {
        let place = format!("{n}/{count}");
        if arrives(cx, &environment, *step, &place)? && works.is_none() {
            works = Some(*step);
        }
    }
    let advice = match works {
        Some(step) => settings(cx, step, &known),
        None => remedy(cx.lang, rungs.last().copied()),
    };
    cx.out.say(advice)
}

fn tell_answer(cx: &mut Context, answered: Option<Multiplexer>) -> Result<(), Failure> {
    let name = match answered {
        None => return Ok(()),
        Some(Multiplexer::Tmux) => "tmux",
        Some(Multiplexer::Screen) => "GNU screen",
    };
    let said = say!(
        cx.lang,
        "终端应答：外层是 {name}",
        "the terminal answers that it is {name}"
    );
    cx.out.say(said)
}

/// The rungs of the ladder that a marker can take; why there is none.
fn rungs(method: Method, environment: &Environment) -> Result<Vec<Step>, CopyError> {
    let plan = Plan::new(method, environment, USUAL_REPLY, LastResort::Show);
    let plan = plan.map_err(|refused| refused.error)?;
    let sends = |step: &Step| match step {
        Step::Tmux | Step::Local | Step::Osc52 { .. } => true,
        Step::File | Step::Show => false,
    };
    Ok(plan.steps.into_iter().filter(sends).collect())
}

/// Sends a marker one way; whether it was pasted back.
fn arrives(
    cx: &mut Context,
    environment: &Environment,
    step: Step,
    place: &str,
) -> Result<bool, Failure> {
    let lang = cx.lang;
    let via = way(step, lang);
    let marker = Marker::new();
    let method = Method::parse(step.via().name()).unwrap_or_default();
    if let Outcome::Failed { error, .. } = copy::copy_in(cx, environment, method, &marker.text()) {
        let error = copy::uncopied(lang, &error);
        cx.out.say(say!(
            lang,
            "✗ {place} {via}：{error}",
            "✗ {place} {via}: {error}"
        ))?;
        return Ok(false);
    }
    cx.out.say(say!(
        lang,
        "· {place} {via}：已发出一个标记",
        "· {place} {via}: a marker was sent"
    ))?;
    let question = say!(
        lang,
        "  请在这里粘贴，再按 Enter；粘贴不出来就直接按 Enter：",
        "  paste here, then press Enter; if nothing can be pasted, just press Enter:"
    );
    let pasted = cx.out.ask(&question).unwrap_or_default();
    let verdict = marker.verdict(&pasted);
    cx.out.say(match verdict {
        Verdict::Whole => say!(lang, "✓ {via}：收到了", "✓ {via}: it arrived"),
        Verdict::Garbled => say!(
            lang,
            "✗ {via}：收到了，但中文变成了乱码：请把终端和本机的编码设为 UTF-8",
            "✗ {via}: it arrived with its Chinese garbled: set terminal and locale to UTF-8"
        ),
        Verdict::Missing => say!(
            lang,
            "✗ {via}：粘贴出来的不是这个标记",
            "✗ {via}: what was pasted is not this marker"
        ),
    })?;
    Ok(verdict == Verdict::Whole)
}

/// A text that no clipboard holds by chance: another one for each way.
struct Marker {
    code: String,
}

/// What became of a marker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Whole,
    Garbled,
    Missing,
}

impl Marker {
    fn new() -> Self {
        Self {
            code: format!("{:08x}", u32::from_be_bytes(random())),
        }
    }

    fn text(&self) -> String {
        format!("工单-{}", self.code)
    }

    /// Looks for the marker in a line; a terminal may have put something around it.
    fn verdict(&self, pasted: &str) -> Verdict {
        if pasted.contains(&self.text()) {
            Verdict::Whole
        } else if pasted.contains(&self.code) {
            Verdict::Garbled
        } else {
            Verdict::Missing
        }
    }
}

/// What to set so that copies take a way that works; `known` is what every command knows,
/// without the terminal's answer.
fn settings(cx: &Context, works: Step, known: &Environment) -> String {
    let lang = cx.lang;
    let by_itself = rungs(Method::Auto, known).is_ok_and(|rungs| rungs.first() == Some(&works));
    let name = if by_itself {
        Method::Auto.name()
    } else {
        works.via().name()
    };
    if cx.settings.clipboard.name() == name {
        return say!(
            lang,
            "结论：现在的设置 clipboard = \"{name}\" 可用，不用改",
            "So: clipboard = \"{name}\", as it is set now, works; nothing to change"
        );
    }
    if cx.is_restricted() {
        let path = cx.paths.host_config.display();
        return say!(
            lang,
            "结论：请管理员在 {path} 里写上 clipboard = \"{name}\"",
            "So: ask the administrator for clipboard = \"{name}\" in {path}"
        );
    }
    let path = cx.paths.config.display();
    say!(
        lang,
        "结论：在 {path} 里写上 clipboard = \"{name}\"",
        "So: write clipboard = \"{name}\" into {path}"
    )
}

/// What to do where no marker arrived; `last` is the way that was tried last.
fn remedy(lang: Lang, last: Option<Step>) -> String {
    let do_this = match last {
        Some(Step::Tmux) => words::word(lang, Word::HintTmuxTerminal),
        Some(Step::Osc52 {
            outer: Outer::Tmux | Outer::Either,
        }) => words::word(lang, Word::HintTmuxOuter),
        Some(
            Step::Osc52 {
                outer: Outer::None | Outer::Screen,
            }
            | Step::Local
            | Step::File
            | Step::Show,
        )
        | None => lang.pick(
            "在终端的设置里允许程序写剪贴板（OSC 52）",
            "allow programs to write the clipboard (OSC 52) in the terminal's settings",
        ),
    };
    say!(
        lang,
        "结论：没有一条路走通。{do_this}，再试一次；或者设 clipboard = \"print\"，用鼠标选取",
        "So: no way works. {do_this}, then try again; or set clipboard = \"print\" and select by mouse"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_marker_is_found_in_what_was_pasted_and_no_other_is_taken_for_it() {
        let marker = Marker::new();
        let pasted = format!("\u{1b}[200~{}\u{1b}[201~", marker.text());
        assert_eq!(marker.verdict(&pasted), Verdict::Whole);
        let garbled = format!("å·¥å-{}", marker.code);
        assert_eq!(marker.verdict(&garbled), Verdict::Garbled);
        assert_eq!(marker.verdict(&Marker::new().text()), Verdict::Missing);
        assert_eq!(marker.verdict(""), Verdict::Missing);
    }
}
