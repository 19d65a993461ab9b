use std::path::Path;

use proptest::prelude::*;

use super::*;

/// A person with a home of their own and a host's layer beside it.
struct Person {
    dir: tempfile::TempDir,
    env: Env,
}

impl Person {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let env = Env {
            home: Some(dir.path().join("home")),
            host_config: Some(dir.path().join("etc.toml")),
            ..Env::default()
        };
        Self { dir, env }
    }

    fn paths(&self) -> Paths {
        Paths::new(&self.env, None).unwrap()
    }

    fn writes(self, text: &str) -> Self {
        let path = self.paths().config;
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
        self
    }

    fn host_says(self, text: &str) -> Self {
        std::fs::write(self.dir.path().join("etc.toml"), text).unwrap();
        self
    }

    /// The settings, of a person who wrote nothing wrong.
    fn settings(&self) -> Result<Settings, Vec<ConfigError>> {
        match Settings::load(&self.paths(), &self.env, Overrides::default()) {
            (settings, wrong) if wrong.is_empty() => Ok(settings),
            (_, wrong) => Err(wrong),
        }
    }

    fn complaint(&self) -> String {
        let home = self.paths().config.parent().unwrap().display().to_string();
        let said = self.settings().unwrap_err()[0].to_string();
        said.replace(&home, "~")
    }
}

#[test]
fn without_any_file_the_defaults_hold_and_the_language_is_chinese() {
    let settings = Person::new().settings().unwrap();
    assert_eq!(settings.language, Language::Zh);
    assert_eq!(settings.theme, Theme::Dark);
    assert_eq!(settings.keys, Keys::Default);
    assert_eq!(settings.clipboard, Clipboard::Auto);
    assert!(settings.mouse && settings.color);
    assert_eq!(settings.keymap.read().unwrap(), None);
}

#[test]
fn a_persons_file_comes_over_the_hosts() {
    let person = Person::new()
        .host_says("language = \"en\"\ntheme = \"light\"\n")
        .writes("theme = \"ascii\"\nkeys = \"emacs\"\nclipboard = \"tmux\"\n");
    let settings = person.settings().unwrap();
    assert_eq!(settings.language, Language::En);
    assert_eq!(settings.theme, Theme::Ascii);
    assert_eq!(settings.keys, Keys::Emacs);
    assert_eq!(settings.clipboard, Clipboard::Tmux);
}

#[test]
fn the_command_line_comes_over_the_variable_over_the_files() {
    let mut person = Person::new().writes("language = \"en\"");
    person.env.lang = Some("zh".into());
    assert_eq!(person.settings().unwrap().language, Language::Zh);
    let over = Overrides {
        language: Some(Language::En),
    };
    let (settings, wrong) = Settings::load(&person.paths(), &person.env, over);
    assert_eq!((settings.language, wrong.len()), (Language::En, 0));
    person.env.lang = Some("de".into());
    assert_eq!(person.complaint(), "GONGDAN_LANG is “de”; it can be zh, en");
}

#[test]
fn lang_is_not_read() {
    let env = Env::from_vars(|name| (name == "LANG").then(|| "en_US.UTF-8".into()));
    assert_eq!(env, Env::default());
}

#[test]
fn the_mouse_is_left_alone_over_ssh_unless_asked_for() {
    let mut person = Person::new();
    person.env.ssh = true;
    assert!(!person.settings().unwrap().mouse);
    assert!(person.writes("mouse = \"on\"").settings().unwrap().mouse);
}

#[test]
fn a_wrong_line_is_named_with_what_is_wrong() {
    for (text, said) in [
        (
            "\nlangauge = \"zh\"",
            "~/config.toml:2: there is no setting “langauge”; do you mean language?",
        ),
        (
            "x = 1",
            "~/config.toml:1: there is no setting “x”; settings are language, theme, keys, keymap, clipboard, mouse",
        ),
        (
            "# c\n\ntheme = \"blue\"",
            "~/config.toml:3: theme can be dark, light, plain, ascii",
        ),
        (
            "mouse = true",
            "~/config.toml:1: mouse can be auto, on, off",
        ),
        (
            "keymap = 1",
            "~/config.toml:1: keymap must be a text in quotes",
        ),
    ] {
        assert_eq!(Person::new().writes(text).complaint(), said);
    }
    let said = Person::new()
        .writes("keys = \"emacs\"\ntheme =\n")
        .complaint();
    assert!(said.starts_with("~/config.toml:2: "), "{said}");
}

#[test]
fn every_wrong_line_is_named_and_the_others_hold() {
    let text = "lang = \"en\"\ntheme = \"light\"\nmouse = true\nkeys =\nclipboard = \"tmux\"\n";
    let person = Person::new().writes(text);
    let (settings, wrong) = Settings::load(&person.paths(), &person.env, Overrides::default());
    let lines: Vec<usize> = wrong
        .iter()
        .map(|error| match error {
            ConfigError::Wrong { line, .. } => *line,
            other => panic!("{other}"),
        })
        .collect();
    assert_eq!(lines, [1, 3, 4]);
    assert_eq!(settings.theme, Theme::Light);
    assert_eq!(settings.clipboard, Clipboard::Tmux);
}

#[test]
fn a_named_keymap_must_be_there_and_a_usual_one_need_not() {
    let person = Person::new().writes("keymap = \"mine.toml\"");
    let keymap = person.settings().unwrap().keymap;
    assert!(
        keymap
            .read()
            .unwrap_err()
            .to_string()
            .contains("gongdan/mine.toml")
    );
    std::fs::write(person.paths().config.with_file_name("mine.toml"), "[list]").unwrap();
    let (name, text) = keymap.read().unwrap().unwrap();
    assert!(name.ends_with("gongdan/mine.toml"));
    assert_eq!(text, "[list]");
}

#[test]
fn the_data_directory_is_the_named_one_else_the_variables_else_xdgs() {
    let vars = |name: &str| {
        let value = match name {
            "HOME" => "/home/li",
            "XDG_DATA_HOME" => "/data/li",
            "XDG_CONFIG_HOME" => "relative",
            "GONGDAN_DATA_DIR" => "/srv/gongdan",
            _ => return None,
        };
        Some(value.into())
    };
    let mut env = Env::from_vars(vars);
    let data = |env: &Env, named: Option<&str>| Paths::new(env, named.map(Path::new)).unwrap().data;
    assert_eq!(data(&env, Some("here")), Path::new("here"));
    assert_eq!(data(&env, None), Path::new("/srv/gongdan"));
    env.data_dir = None;
    assert_eq!(data(&env, None), Path::new("/data/li/gongdan"));
    env.data_home = None;
    let paths = Paths::new(&env, None).unwrap();
    assert_eq!(paths.data, Path::new("/home/li/.local/share/gongdan"));
    assert_eq!(
        paths.config,
        Path::new("/home/li/.config/gongdan/config.toml")
    );
    assert_eq!(paths.host_config, Path::new("/etc/gongdan/config.toml"));
}

#[test]
fn without_a_home_a_data_directory_must_be_named_and_is_enough() {
    let env = Env::default();
    assert!(matches!(Paths::new(&env, None), Err(ConfigError::NoHome)));
    let paths = Paths::new(&env, Some(Path::new("/srv/g"))).unwrap();
    assert_eq!(paths.config, Path::new("/srv/g/config.toml"));
}

proptest! {
    #[test]
    fn no_file_makes_the_reader_panic(text in "\\PC*|([a-z]{1,9} = \"[a-z]{0,6}\"\n){0,6}") {
        let _ = Person::new().writes(&text).settings();
    }
}
