use proptest::prelude::*;

use super::*;

fn seq(text: &str) -> Sequence {
    text.parse().unwrap()
}

fn over_default(text: &str) -> Result<Keymap, Vec<KeymapError>> {
    let (keymap, errors) = Keymap::builtin(Builtin::Default).merged("keymap.toml", text);
    if errors.is_empty() {
        Ok(keymap)
    } else {
        Err(errors)
    }
}

fn complaints(text: &str) -> Vec<String> {
    let errors = over_default(text).unwrap_err();
    errors.iter().map(ToString::to_string).collect()
}

#[test]
fn wrong_lines_are_all_named_and_the_others_hold() {
    let text = "[list]\n\"X\" = \"copy-replx\"\n\"C-y\" = \"copy-reply\"\n\"Z\" = 1\n";
    let (keymap, errors) = Keymap::builtin(Builtin::Default).merged("keymap.toml", text);
    let lines: Vec<usize> = errors.iter().map(|error| error.line).collect();
    assert_eq!(lines, [2, 4]);
    let found = keymap.lookup(&LIST, &seq("C-y").0);
    assert_eq!(found, Lookup::Action(Action::CopyReply));
}

const LIST: [Context; 2] = [Context::List, Context::Global];
const TREE: [Context; 2] = [Context::Tree, Context::Global];

#[test]
fn both_builtin_keymaps_are_right_and_bind_every_action() {
    for builtin in Builtin::ALL {
        let (_, errors) = Keymap::default().merged(builtin.name(), builtin.source());
        assert!(errors.is_empty(), "{}: {errors:?}", builtin.name());
        let keymap = Keymap::builtin(builtin);
        let bound: Vec<Action> = keymap.bindings().iter().map(|row| row.action).collect();
        for action in Action::ALL {
            assert!(
                bound.contains(action),
                "{}: {}",
                builtin.name(),
                action.name()
            );
        }
    }
}

#[test]
fn the_keys_others_build_on_are_as_the_design_fixes_them() {
    let keymap = Keymap::builtin(Builtin::Default);
    for (keys, action) in [
        ("y", Action::CopyReply),
        ("Y", Action::PickReply),
        (";", Action::ReplyCode),
        ("c", Action::CorrectCategory),
        ("a", Action::Annotate),
        ("u", Action::Undo),
        ("1", Action::AcceptCause1),
        ("3", Action::AcceptCause3),
        ("p", Action::PasteAnswer),
        ("/", Action::Search),
        ("?", Action::Help),
        (":", Action::CommandLine),
        ("C-z", Action::Suspend),
    ] {
        assert_eq!(
            keymap.lookup(&LIST, &seq(keys).0),
            Lookup::Action(action),
            "{keys}"
        );
    }
}

#[test]
fn names_are_unique_and_read_back() {
    for action in Action::ALL {
        assert_eq!(Action::parse(action.name()), Some(*action));
        assert!(!action.zh().is_empty() && !action.en().is_empty());
    }
}

#[test]
fn a_sequence_in_the_making_lists_its_ways_on() {
    let keymap = Keymap::builtin(Builtin::Default);
    let Lookup::Pending(ways) = keymap.lookup(&LIST, &seq("g").0) else {
        panic!("g goes on");
    };
    let first = ways.iter().find(|way| way.chord.to_string() == "g");
    assert_eq!(first.unwrap().next, Next::Action(Action::First));
    assert_eq!(
        keymap.lookup(&LIST, &seq("g g").0),
        Lookup::Action(Action::First)
    );
    assert_eq!(keymap.lookup(&LIST, &seq("g z").0), Lookup::Unbound);
}

#[test]
fn a_pane_takes_a_key_for_itself_and_leaves_the_rest_to_the_main_screen() {
    let keymap = Keymap::builtin(Builtin::Default);
    let space = seq("Space").0;
    assert_eq!(
        keymap.lookup(&TREE, &space),
        Lookup::Action(Action::ToggleNode)
    );
    assert_eq!(keymap.lookup(&LIST, &space), Lookup::Action(Action::Mark));
    let marks = keymap.keys_for(&TREE, Action::Mark);
    assert_eq!(marks, [seq("m m")], "Space is the tree's own");
}

#[test]
fn the_ways_of_pane_and_screen_are_listed_together() {
    let keymap = over_default("[list]\n\"g a\" = \"annotate\"").unwrap();
    let Lookup::Pending(ways) = keymap.lookup(&LIST, &seq("g").0) else {
        panic!("g goes on");
    };
    let chords: Vec<String> = ways.iter().map(|way| way.chord.to_string()).collect();
    assert!(chords.contains(&"a".to_owned()) && chords.contains(&"g".to_owned()));
}

#[test]
fn keys_of_a_chinese_input_method_act_as_their_ascii_twins() {
    for (typed, meant) in [
        ('；', ";"),
        ('／', "/"),
        ('、', "/"),
        ('？', "?"),
        ('：', ":"),
        ('１', "1"),
        ('ｙ', "y"),
        ('\u{3000}', "Space"),
        ('】', "]"),
    ] {
        let chord = Chord::plain(Key::Char(typed));
        assert_eq!(chord, meant.parse().unwrap(), "{typed}");
    }
}

#[test]
fn however_a_terminal_reports_a_key_it_is_one_chord() {
    let shift = Mods {
        shift: true,
        ..Mods::NONE
    };
    let ctrl_shift = Mods {
        ctrl: true,
        shift: true,
        ..Mods::NONE
    };
    assert_eq!(Chord::new(Key::Char('Y'), shift), "Y".parse().unwrap());
    assert_eq!(Chord::new(Key::Char('y'), shift), "Y".parse().unwrap());
    assert_eq!(
        Chord::new(Key::Char('D'), ctrl_shift),
        "C-d".parse().unwrap()
    );
    assert_eq!(
        Chord::new(Key::Char('\r'), Mods::NONE),
        "Enter".parse().unwrap()
    );
    assert_eq!(Chord::new(Key::Tab, shift), "S-Tab".parse().unwrap());
}

#[test]
fn a_users_file_is_laid_over_the_default() {
    let keymap =
        over_default("[global]\ng = \"datasets\"\n\"y y\" = \"copy-reply\"\nq = \"none\"").unwrap();
    assert_eq!(
        keymap.lookup(&LIST, &seq("g").0),
        Lookup::Action(Action::Datasets)
    );
    assert!(matches!(
        keymap.lookup(&LIST, &seq("y").0),
        Lookup::Pending(_)
    ));
    assert_eq!(keymap.lookup(&LIST, &seq("q").0), Lookup::Unbound);
    assert_eq!(
        keymap.lookup(&LIST, &seq("j").0),
        Lookup::Action(Action::MoveDown)
    );
}

#[test]
fn an_unknown_action_is_named_with_the_nearest_ones() {
    assert_eq!(
        complaints("# mine\n[list]\ny = \"copy-replay\"\n"),
        [
            "keymap.toml:3: there is no action “copy-replay”; do you mean copy-reply or pick-reply or new-reply?"
        ]
    );
}

#[test]
fn everything_wrong_is_told_at_once_with_lines() {
    let said = complaints(
        "[global]\n\"C-\" = \"quit\"\nx = 3\n\n[popup]\nq = \"quit\"\n\n[field]\ny = \"quit\"\n",
    );
    assert_eq!(said.len(), 4);
    assert!(
        said[0].starts_with("keymap.toml:2: “C-” is no key"),
        "{}",
        said[0]
    );
    assert_eq!(
        said[1],
        "keymap.toml:3: the value of “x” must be the name of an action, in quotes"
    );
    assert!(said[2].starts_with("keymap.toml:5: there is no table [popup]; tables are global,"));
    assert_eq!(said[3], "keymap.toml:9: “quit” does nothing in [field]");
}

#[test]
fn a_sequence_hidden_by_a_shorter_one_is_an_error() {
    assert_eq!(
        complaints("[global]\n\"x y\" = \"quit\"\nx = \"help\"\n"),
        ["keymap.toml:2: “x y” can never be typed: “x” in line 3 acts first"]
    );
    // A pane may have the shorter one for itself.
    let keymap = over_default("[global]\n\"x y\" = \"quit\"\n[list]\nx = \"help\"\n").unwrap();
    assert_eq!(
        keymap.lookup(&LIST, &seq("x").0),
        Lookup::Action(Action::Help)
    );
    assert_eq!(
        keymap.lookup(&TREE, &seq("x y").0),
        Lookup::Action(Action::Quit)
    );
}

#[test]
fn one_key_written_in_two_ways_is_an_error() {
    assert_eq!(
        complaints("[global]\n\";\" = \"quit\"\n\"；\" = \"help\"\n"),
        ["keymap.toml:3: “;” is bound already in line 2"]
    );
}

#[test]
fn a_file_that_is_no_toml_is_refused_with_its_line() {
    let said = complaints("[global]\nj = \n");
    assert!(said[0].starts_with("keymap.toml:2: "), "{}", said[0]);
}

#[test]
fn keys_that_share_a_control_code_are_one_chord() {
    for (one, other) in [
        ("C-/", "C-_"),
        ("C-7", "C-/"),
        ("C-i", "Tab"),
        ("C-m", "Enter"),
        ("C-[", "Esc"),
        ("C-@", "C-Space"),
        ("C-A-I", "A-Tab"),
    ] {
        assert_eq!(seq(one), seq(other));
    }
}

fn any_chord() -> impl Strategy<Value = Chord> {
    let key = prop_oneof![
        any::<char>().prop_map(Key::Char),
        (33u8..127).prop_map(|c| Key::Char(c.into())),
        (1u8..=24).prop_map(Key::F),
        prop::sample::select(vec![
            Key::Char(' '),
            Key::Enter,
            Key::Esc,
            Key::Tab,
            Key::Backspace,
            Key::Delete,
            Key::Insert,
            Key::Home,
            Key::End,
            Key::PageUp,
            Key::PageDown,
            Key::Up,
            Key::Down,
            Key::Left,
            Key::Right,
        ]),
    ];
    (key, any::<(bool, bool, bool)>())
        .prop_map(|(key, (ctrl, alt, shift))| Chord::new(key, Mods { ctrl, alt, shift }))
}

proptest! {
    #[test]
    fn a_shown_sequence_reads_back(chords in prop::collection::vec(any_chord(), 1..4)) {
        // Nobody types control characters or foreign blanks as characters.
        prop_assume!(chords.iter().all(|chord| match chord.key() {
            Key::Char(c) => c == ' ' || !(c.is_control() || c.is_whitespace()),
            _ => true,
        }));
        let sequence = Sequence(chords);
        prop_assert_eq!(sequence.to_string().parse(), Ok(sequence));
    }

    #[test]
    fn no_file_makes_the_reader_panic(text in "\\PC*|(\\[[a-z]{0,6}\\]\n|[a-zC-]{0,4} = \"[a-z-]{0,9}\"\n){0,9}") {
        let _ = over_default(&text);
    }

    #[test]
    fn the_last_binding_of_a_key_always_wins(
        lines in prop::collection::vec(prop::collection::vec("[a-c]", 1..4), 1..12)
    ) {
        let mut keymap = Keymap::default();
        for keys in lines {
            let keys = keys.join(" ");
            let text = format!("[list]\n\"{keys}\" = \"help\"");
            keymap = keymap.merged("t", &text).0;
            prop_assert_eq!(keymap.lookup(&LIST, &seq(&keys).0), Lookup::Action(Action::Help));
            // No sequence is ever the beginning of another.
            let all = keymap.bindings();
            for one in &all {
                for other in &all {
                    prop_assert!(one == other || !one.keys.0.starts_with(&other.keys.0));
                }
            }
        }
    }
}
