//! What people write: queries, keymaps, configuration, blanks.

use std::collections::BTreeMap;

use gongdan::config::{Env, Overrides, Paths, Settings};
use gongdan::keymap::{Builtin, Keymap};
use gongdan::search::nothing_asked;
use gongdan::text::template::Template;
use proptest::prelude::*;

use super::{changed_text, fuzz, line};

#[test]
fn a_query_is_always_understood_somehow() {
    fuzz(2_000, line(), |query| {
        nothing_asked(&query);
        Ok(())
    });
}

#[test]
fn what_is_wrong_in_a_keymap_is_named_by_a_line_of_it_and_the_rest_holds() {
    fuzz(300, changed_text(), |text| {
        let (keymap, errors) = Keymap::builtin(Builtin::Default).merged("keymap.toml", &text);
        let lines = text.split('\n').count();
        for error in &errors {
            prop_assert!((1..=lines).contains(&error.line), "{error} of {lines}");
        }
        prop_assert!(!keymap.bindings().is_empty());
        Ok(())
    });
}

#[test]
fn a_configuration_that_is_wrong_leaves_the_defaults_and_says_so() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("config.toml");
    fuzz(300, changed_text(), |text| {
        std::fs::write(&file, &text).unwrap();
        let env = Env {
            home: Some(dir.path().to_owned()),
            ..Env::default()
        };
        let mut paths = Paths::new(&env, None).unwrap();
        paths.config.clone_from(&file);
        let (settings, wrong) = Settings::load(&paths, &env, Overrides::default());
        // Whatever is no setting is named; a keymap's text names none.
        if let Ok(table) = toml::from_str::<toml::Table>(&text) {
            prop_assert_eq!(table.is_empty(), wrong.is_empty(), "{:?}", wrong);
        }
        prop_assert!(settings.color);
        Ok(())
    });
}

#[test]
fn a_template_written_and_read_again_is_the_same_and_fills_completely() {
    fuzz(2_000, line(), |text| {
        let template = Template::parse(&text, &[]);
        let again = Template::parse(&template.source(), &[]);
        prop_assert_eq!(again.names(), template.names());
        let names = template.names().into_iter();
        let values: BTreeMap<String, String> = names.map(|name| (name, "值".to_owned())).collect();
        prop_assert!(template.fill(&values).unfilled.is_empty());
        Ok(())
    });
}
