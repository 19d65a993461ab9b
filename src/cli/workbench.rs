//! `gongdan` alone: the workbench.

use std::io::{self, IsTerminal};
use std::sync::Arc;

use super::connect::Way;
use super::context::Context;
use super::copy;
use super::failure::{Exit, Failure};
use super::faults;
use super::say::say;
use crate::api::{Desk, DeskError, DeskExt, ask};
use crate::config::Choice;
use crate::keymap::{Builtin, Keymap};
use crate::tui::{self, TuiError, TuiOptions};
use crate::words::{self, Msg};

/// Opens the workbench; into a store without any dataset it loads the sample corpus first.
///
/// # Errors
/// When there is no terminal, or the desk cannot be opened.
pub fn run(cx: &mut Context) -> Result<Exit, Failure> {
    if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
        return Err(Failure::Usage {
            message: say!(cx.lang, "工作台需要终端", "the workbench needs a terminal"),
            hint: Some(say!(
                cx.lang,
                "脚本请用命令，见 gongdan --help",
                "scripts use the commands: see `gongdan --help`"
            )),
        });
    }
    let (keymap, wrong_keys) = keymap(cx);
    let wrong = cx.problems.iter();
    let mut wrong: Vec<String> = wrong.map(|error| faults::config(cx.lang, error)).collect();
    wrong.extend(wrong_keys);
    let problem = wrong.join(cx.lang.pick("；", "; "));
    let options = TuiOptions {
        lang: cx.lang,
        theme: cx.settings.theme,
        color: cx.wants_colour,
        keymap,
        clipboard: copy::workbench_clipboard(&cx.paths),
        method: copy::method(cx),
        mouse: cx.settings.mouse,
        probe: copy::environment_of_a_terminal().takes_sequences(),
        restricted: cx.is_restricted(),
        editor: (!cx.is_restricted()).then(super::settings::editor),
        memory: (!cx.is_restricted()).then(|| cx.paths.state.join("slots.json")),
        notice: (!problem.is_empty())
            .then(|| words::text(cx.lang, &Msg::BadFile { problem: &problem })),
    };
    let way = cx.way();
    tui::run(options, Box::new(move || open(&way))).map_err(ended)?;
    Ok(Exit::Done)
}

/// The person's keys over those compiled in, and what is wrong in their file.
fn keymap(cx: &Context) -> (Keymap, Vec<String>) {
    let builtin = Builtin::parse(cx.settings.keys.name()).unwrap_or_default();
    let keymap = Keymap::builtin(builtin);
    if cx.is_restricted() {
        return (keymap, Vec::new());
    }
    match cx.settings.keymap.read() {
        Ok(None) => (keymap, Vec::new()),
        Ok(Some((name, text))) => {
            let (merged, errors) = keymap.merged(&name, &text);
            let errors = errors.iter().map(|error| faults::keymap(cx.lang, error));
            (merged, errors.collect())
        }
        Err(error) => (keymap, vec![faults::config(cx.lang, &error)]),
    }
}

/// Opens the desk, on the workbench's thread.
fn open(way: &Way) -> Result<Arc<dyn Desk>, DeskError> {
    let desk = way.open_shared()?;
    load_sample(way, &*desk)?;
    Ok(desk)
}

/// Loads the sample into a store without any dataset; no other command ever does. A team's store
/// is for the team to fill: not every agent may, and the sample would be in everybody's way.
///
/// The workbench says so as long as the sample is shown.
fn load_sample(way: &Way, desk: &dyn Desk) -> Result<(), DeskError> {
    let own = way.standalone || way.is_own();
    if own && desk.ask(ask::Status)?.datasets == 0 {
        desk.ask(ask::LoadSample)?;
    }
    Ok(())
}

fn ended(error: TuiError) -> Failure {
    match error {
        TuiError::Desk(error) => error.into(),
        TuiError::Terminal(source) => Failure::File {
            path: "/dev/tty".into(),
            source,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::connect::own_identity;
    use crate::daemon::Where;
    use crate::desk::LocalDesk;

    #[test]
    fn a_teams_empty_store_is_left_to_the_team_and_ones_own_gets_the_sample() {
        let dir = tempfile::tempdir().unwrap();
        let desk = LocalDesk::open(dir.path(), own_identity()).unwrap();
        let datasets = |place: Where| {
            let way = Way {
                place,
                dir: dir.path().to_owned(),
                standalone: false,
            };
            load_sample(&way, &desk).unwrap();
            desk.ask(ask::Status).unwrap().datasets
        };
        let socket = dir.path().join("desk.sock");
        assert_eq!(datasets(Where::Team { socket }), 0);
        let own = Where::Own {
            dir: dir.path().to_owned(),
            runtime_dir: None,
        };
        assert_eq!(datasets(own), 1);
    }
}
