//! Faults of a person's files, told in their language.

use crate::config::{ConfigError, Problem as Setting, SETTINGS};
use crate::keymap::{Context, KeymapError, Problem as Binding};
use crate::words::{self, Fault, Lang, fault};

/// What is wrong with a configuration, and where.
pub fn config(lang: Lang, error: &ConfigError) -> String {
    match error {
        ConfigError::NoHome => fault(lang, "", Fault::NoHome),
        ConfigError::Missing { path } => fault(lang, &path.display().to_string(), Fault::Missing),
        ConfigError::Unreadable { path, source } => {
            let why = source.to_string();
            let why = words::system(lang, &why);
            fault(lang, &path.display().to_string(), Fault::Unreadable { why })
        }
        ConfigError::Wrong {
            path,
            line,
            problem,
        } => setting(lang, &format!("{}:{line}", path.display()), problem),
        ConfigError::Variable {
            variable,
            value,
            allowed,
        } => {
            let allowed = listed(lang, allowed);
            let allowed = &allowed;
            fault(lang, variable, Fault::Variable { value, allowed })
        }
    }
}

fn setting(lang: Lang, place: &str, problem: &Setting) -> String {
    let values;
    let what = match problem {
        Setting::Syntax(said) => Fault::Syntax { said },
        Setting::UnknownSetting { name, nearest } => {
            values = listed(lang, &SETTINGS);
            Fault::UnknownSetting {
                name,
                nearest: nearest.unwrap_or_default(),
                all: &values,
            }
        }
        Setting::BadValue { name, allowed } if allowed.is_empty() => Fault::NoText { name },
        Setting::BadValue { name, allowed } => {
            values = listed(lang, allowed);
            Fault::BadValue {
                name,
                allowed: &values,
            }
        }
    };
    fault(lang, place, what)
}

/// What is wrong in a keymap, and where.
pub fn keymap(lang: Lang, error: &KeymapError) -> String {
    let (one, other);
    let what = match &error.problem {
        Binding::Syntax(said) => Fault::Syntax { said },
        Binding::UnknownContext(name) => {
            one = listed(lang, &Context::ALL.map(Context::name));
            Fault::UnknownContext { name, all: &one }
        }
        Binding::UnknownAction { name, nearest } => {
            one = nearest.join(lang.pick(" 或 ", " or "));
            Fault::UnknownAction {
                name,
                nearest: &one,
            }
        }
        Binding::NoName(keys) => Fault::NoAction { keys },
        Binding::BadChord(chord) => Fault::BadKeys { text: &chord.text },
        Binding::OutOfPlace { action, context } => Fault::OutOfPlace {
            action: action.name(),
            context: context.name(),
        },
        Binding::Hidden {
            keys,
            shorter,
            line,
        } => {
            (one, other) = (keys.to_string(), shorter.to_string());
            Fault::Hidden {
                keys: &one,
                shorter: &other,
                line: *line,
            }
        }
        Binding::Twice { keys, line } => {
            one = keys.to_string();
            Fault::Twice {
                keys: &one,
                line: *line,
            }
        }
    };
    fault(lang, &format!("{}:{}", error.file, error.line), what)
}

fn listed(lang: Lang, values: &[&str]) -> String {
    values.join(lang.pick("、", ", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keymap::{Builtin, Keymap};

    #[test]
    fn a_wrong_keymap_is_told_in_both_languages_with_file_and_line() {
        let text = "[list]\ny = \"copy-replly\"\n";
        let keymap = Keymap::builtin(Builtin::default());
        let (_, errors) = keymap.merged("/k.toml", text);
        let zh = super::keymap(Lang::Zh, &errors[0]);
        assert_eq!(
            zh,
            "/k.toml:2：没有操作「copy-replly」，是不是 copy-reply 或 pick-reply 或 new-reply？"
        );
        let en = super::keymap(Lang::En, &errors[0]);
        assert_eq!(
            en,
            "/k.toml:2: there is no action “copy-replly”; do you mean copy-reply or pick-reply or new-reply?"
        );
    }
}
