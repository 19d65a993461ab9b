use super::*;

fn remote(term: &str) -> Environment {
    Environment {
        term: term.into(),
        tty: true,
        ..Environment::default()
    }
}

fn ladder(environment: &Environment, size: usize) -> Vec<Step> {
    let plan = Plan::new(Method::Auto, environment, size, LastResort::Show);
    plan.unwrap().steps
}

fn osc52(outer: Outer) -> Step {
    Step::Osc52 { outer }
}

#[test]
fn the_ladder_is_climbed_as_the_surroundings_allow() {
    let plain = remote("xterm-256color");
    let in_tmux = Environment {
        tmux: Some("/run/tmux,1,0".into()),
        ..remote("tmux-256color")
    };
    let in_screen = Environment {
        sty: Some("1.pts".into()),
        ..remote("screen")
    };
    let desktop = Environment {
        display: true,
        ..plain.clone()
    };
    let tmux_on_desktop = Environment {
        display: true,
        ..in_tmux.clone()
    };
    let piped = Environment {
        tty: false,
        ..plain.clone()
    };
    let answered = |term: &str, answered| Environment {
        answered: Some(answered),
        ..remote(term)
    };
    let show = Step::Show;
    let none = osc52(Outer::None);
    for (environment, steps) in [
        (&plain, vec![none, show]),
        (&in_tmux, vec![Step::Tmux, osc52(Outer::Tmux), show]),
        (&in_screen, vec![osc52(Outer::Screen), show]),
        (&desktop, vec![Step::Local, none, show]),
        (
            &tmux_on_desktop,
            vec![Step::Tmux, Step::Local, osc52(Outer::Tmux), show],
        ),
        (&piped, vec![show]),
        (&remote("linux"), vec![show]),
        (&remote("dumb"), vec![show]),
        (&remote(""), vec![show]),
        (&remote("tmux-256color"), vec![osc52(Outer::Tmux), show]),
        (&remote("screen-256color"), vec![osc52(Outer::Either), show]),
        (
            &answered("screen", Multiplexer::Tmux),
            vec![osc52(Outer::Tmux), show],
        ),
        (
            &answered("screen", Multiplexer::Screen),
            vec![osc52(Outer::Screen), show],
        ),
    ] {
        assert_eq!(ladder(environment, 100), steps, "{environment:?}");
    }
}

#[test]
fn a_text_too_large_for_terminals_goes_to_the_desktop_or_the_last_resort() {
    let desktop = Environment {
        display: true,
        tmux: Some("t".into()),
        ..remote("xterm")
    };
    assert_eq!(ladder(&desktop, LIMIT + 1), [Step::Local, Step::Show]);
    assert_eq!(ladder(&remote("xterm"), LIMIT + 1), [Step::Show]);
    assert_eq!(ladder(&remote("xterm"), LIMIT).len(), 2);
    let file = Plan::new(Method::Auto, &remote("dumb"), 1, LastResort::File);
    assert_eq!(file.unwrap().steps, [Step::File]);
}

#[test]
fn a_method_asked_for_by_name_is_taken_alone_or_refused() {
    let taken = |method, environment: &Environment, size| {
        Plan::new(method, environment, size, LastResort::Show)
    };
    let plain = remote("xterm");
    for (method, step) in [
        (Method::Osc52, osc52(Outer::None)),
        (Method::Screen, osc52(Outer::Screen)),
        (Method::Local, Step::Local),
        (Method::File, Step::File),
        (Method::Print, Step::Show),
    ] {
        assert_eq!(taken(method, &plain, 9).unwrap().steps, [step]);
    }
    let refused = |method, environment: &Environment, size| {
        taken(method, environment, size)
            .unwrap_err()
            .error
            .to_string()
    };
    assert_eq!(
        refused(Method::Tmux, &plain, 9),
        "this session runs in no tmux"
    );
    assert_eq!(
        refused(Method::Osc52, &plain, LIMIT + 1),
        "the text has 74995 bytes, and terminals take 74994"
    );
    assert_eq!(
        refused(Method::Osc52, &remote("dumb"), 9),
        "there is no terminal that understands OSC 52"
    );
}

#[test]
fn methods_are_named_as_the_command_line_names_them() {
    for method in Method::ALL {
        assert_eq!(Method::parse(method.name()), Some(method));
    }
    assert_eq!(Method::parse("pigeon"), None);
}

#[test]
fn a_multiplexer_is_known_by_its_answer() {
    assert_eq!(
        Multiplexer::from_answer("\x1b[>84;0;0c"),
        Some(Multiplexer::Tmux)
    );
    assert_eq!(
        Multiplexer::from_answer("x\x1b[>83;40900;0c"),
        Some(Multiplexer::Screen)
    );
    assert_eq!(Multiplexer::from_answer("\x1b[>41;354;0c"), None);
    assert_eq!(Multiplexer::from_answer(""), None);
}

struct Desk {
    dir: tempfile::TempDir,
    clipboard: Clipboard,
    terminal: Vec<u8>,
}

impl Desk {
    fn at(environment: Environment, last: LastResort) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let clipboard = Clipboard::new(environment, last, &dir.path().join("state"), None);
        Self {
            dir,
            clipboard,
            terminal: Vec::new(),
        }
    }

    fn copies(&mut self, method: Method, text: &str) -> Outcome {
        self.clipboard.copy(method, text, &mut self.terminal)
    }
}

#[test]
fn a_plain_terminal_is_sent_the_sequence_and_nothing_is_claimed() {
    let mut desk = Desk::at(remote("xterm"), LastResort::Show);
    let outcome = desk.copies(Method::Auto, "您好");
    assert!(matches!(
        outcome,
        Outcome::Sent {
            via: Via::Osc52,
            hint: Hint::Unconfirmed
        }
    ));
    assert_eq!(desk.terminal, b"\x1b]52;c;5oKo5aW9\x07");
}

#[test]
fn what_could_act_where_it_is_pasted_is_not_copied() {
    let mut desk = Desk::at(remote("dumb"), LastResort::File);
    let outcome = desk.copies(Method::File, "ls\u{1b}[201~\u{202e}\nrm x\n\n");
    let Outcome::Saved { path } = outcome else {
        panic!("a file was asked for");
    };
    assert_eq!(std::fs::read_to_string(path).unwrap(), "ls\nrm x");
}

#[test]
fn a_terminal_that_looks_like_an_outer_tmux_gets_a_hint() {
    let mut desk = Desk::at(remote("tmux-256color"), LastResort::Show);
    let outcome = desk.copies(Method::Auto, "您好");
    assert!(matches!(
        outcome,
        Outcome::Sent {
            hint: Hint::OuterTmux,
            ..
        }
    ));
}

#[test]
fn without_any_clipboard_the_text_is_shown_and_no_byte_is_sent() {
    let mut desk = Desk::at(remote("linux"), LastResort::Show);
    assert!(matches!(desk.copies(Method::Auto, "您好"), Outcome::Show));
    assert_eq!(desk.terminal, b"");
}

#[test]
fn a_file_is_readable_by_its_owner_only_and_holds_the_last_copy() {
    use std::os::unix::fs::PermissionsExt;
    let mut desk = Desk::at(remote("dumb"), LastResort::File);
    desk.copies(Method::Auto, "第一条");
    let Outcome::Saved { path } = desk.copies(Method::Auto, "第二条") else {
        panic!("a file is the last resort");
    };
    assert!(path.starts_with(desk.dir.path()));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "第二条");
    let mode = std::fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn a_dead_tmux_gives_way_to_the_next_rung() {
    let gone = Environment {
        tmux: Some("/nonexistent/tmux,1,0".into()),
        ..remote("tmux-256color")
    };
    let mut desk = Desk::at(gone, LastResort::Show);
    let outcome = desk.copies(Method::Auto, "您好");
    assert!(
        matches!(
            outcome,
            Outcome::Sent {
                via: Via::Osc52,
                ..
            }
        ),
        "{outcome:?}"
    );
    let outcome = desk.copies(Method::Tmux, "您好");
    assert!(
        matches!(
            outcome,
            Outcome::Failed {
                via: Via::Tmux,
                error: CopyError::Tmux { .. }
            }
        ),
        "{outcome:?}"
    );
}

#[test]
fn a_terminal_that_has_gone_is_a_failure_and_not_a_copy() {
    struct Gone;
    impl Write for Gone {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::BrokenPipe.into())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let mut desk = Desk::at(remote("xterm"), LastResort::Show);
    let outcome = desk.clipboard.copy(Method::Osc52, "您好", &mut Gone);
    assert!(matches!(
        outcome,
        Outcome::Failed {
            error: CopyError::Write(_),
            ..
        }
    ));
}

#[test]
fn a_holder_that_finds_no_display_says_so() {
    let holder = Holder {
        program: "/bin/sh".into(),
        args: vec!["-c".into(), "cat >/dev/null; echo no display here".into()],
    };
    let dir = tempfile::tempdir().unwrap();
    let mut clipboard = Clipboard::new(remote("xterm"), LastResort::Show, dir.path(), Some(holder));
    let Outcome::Failed { error, .. } = clipboard.copy(Method::Local, "您好", &mut Vec::new())
    else {
        panic!("there is no display");
    };
    assert!(error.to_string().ends_with("no display here"), "{error}");
}

#[test]
fn a_holder_that_has_the_text_is_a_copy_for_certain() {
    let dir = tempfile::tempdir().unwrap();
    let kept = dir.path().join("kept");
    let script = format!("cat >'{}'; echo ready", kept.display());
    let holder = Holder {
        program: "/bin/sh".into(),
        args: vec!["-c".into(), script.into()],
    };
    let mut clipboard = Clipboard::new(remote("xterm"), LastResort::Show, dir.path(), Some(holder));
    let outcome = clipboard.copy(Method::Local, "您好", &mut Vec::new());
    assert!(matches!(outcome, Outcome::Copied { via: Via::Local }));
    assert_eq!(std::fs::read_to_string(kept).unwrap(), "您好");
}
