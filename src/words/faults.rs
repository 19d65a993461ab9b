//! What is wrong with a person's files of settings and keys.

use super::Lang;

/// Something wrong in a configuration, a keymap, or a variable of the environment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault<'a> {
    /// There is no home and no data directory.
    NoHome,
    /// A file that a configuration names is not there.
    Missing,
    /// A file cannot be read.
    Unreadable {
        /// Why.
        why: &'a str,
    },
    /// A variable has a value it cannot have.
    Variable {
        /// Its value.
        value: &'a str,
        /// The values it can have.
        allowed: &'a str,
    },
    /// The file is no TOML.
    Syntax {
        /// What the reader says.
        said: &'a str,
    },
    /// No setting has this name.
    UnknownSetting {
        /// The name.
        name: &'a str,
        /// The one most like it; may be empty.
        nearest: &'a str,
        /// All there are.
        all: &'a str,
    },
    /// A setting must be a text.
    NoText {
        /// The setting.
        name: &'a str,
    },
    /// A setting has a value it cannot have.
    BadValue {
        /// The setting.
        name: &'a str,
        /// The values it can have.
        allowed: &'a str,
    },
    /// A table of a keymap that is no context.
    UnknownContext {
        /// Its name.
        name: &'a str,
        /// All there are.
        all: &'a str,
    },
    /// No action has this name.
    UnknownAction {
        /// The name.
        name: &'a str,
        /// Those most like it; may be empty.
        nearest: &'a str,
    },
    /// Something else than the name of an action.
    NoAction {
        /// The keys.
        keys: &'a str,
    },
    /// Keys that are none.
    BadKeys {
        /// The text.
        text: &'a str,
    },
    /// An action where it does nothing.
    OutOfPlace {
        /// Its name.
        action: &'a str,
        /// The table.
        context: &'a str,
    },
    /// A sequence that never comes to its end.
    Hidden {
        /// The sequence.
        keys: &'a str,
        /// The one that acts first.
        shorter: &'a str,
        /// The line of that, from 1.
        line: usize,
    },
    /// A sequence that is bound twice.
    Twice {
        /// The sequence.
        keys: &'a str,
        /// The line of the other, from 1.
        line: usize,
    },
}

/// A sentence for a fault, after the place where it is: a file, a file and line, or a variable;
/// an empty place is none.
pub fn fault(lang: Lang, place: &str, fault: Fault<'_>) -> String {
    let (colon, said) = match lang {
        Lang::Zh => ("：", zh(fault)),
        Lang::En => (": ", en(fault)),
    };
    if place.is_empty() {
        said
    } else {
        format!("{place}{colon}{said}")
    }
}

fn zh(fault: Fault<'_>) -> String {
    match fault {
        Fault::NoHome => "没有设置 HOME，也没有指定数据目录".to_owned(),
        Fault::Missing => "没有这个文件".to_owned(),
        Fault::Unreadable { why } => format!("无法读取（{why}）"),
        Fault::Variable { value, allowed } => format!("不能是「{value}」，可以是 {allowed}"),
        Fault::Syntax { said } => format!("不是正确的 TOML（{said}）"),
        Fault::UnknownSetting {
            name,
            nearest: "",
            all,
        } => {
            format!("没有设置项「{name}」；设置项有 {all}")
        }
        Fault::UnknownSetting { name, nearest, .. } => {
            format!("没有设置项「{name}」，是不是 {nearest}？")
        }
        Fault::NoText { name } => format!("{name} 的值要写成带引号的文字"),
        Fault::BadValue { name, allowed } => format!("{name} 可以是 {allowed}"),
        Fault::UnknownContext { name, all } => format!("没有表 [{name}]；表有 {all}"),
        Fault::UnknownAction { name, nearest: "" } => format!("没有操作「{name}」"),
        Fault::UnknownAction { name, nearest } => format!("没有操作「{name}」，是不是 {nearest}？"),
        Fault::NoAction { keys } => format!("「{keys}」的值要写成带引号的操作名"),
        Fault::BadKeys { text } => format!(
            "「{text}」不是按键：写 d、C-d、A-x、S-Tab、F1、Enter、Esc、Space，几个键之间空一格"
        ),
        Fault::OutOfPlace { action, context } => {
            format!("操作「{action}」在 [{context}] 里不起作用")
        }
        Fault::Hidden {
            keys,
            shorter,
            line,
        } => {
            format!("「{keys}」永远按不出来：第 {line} 行的「{shorter}」会先起作用")
        }
        Fault::Twice { keys, line } => format!("「{keys}」在第 {line} 行已经绑定"),
    }
}

fn en(fault: Fault<'_>) -> String {
    match fault {
        Fault::NoHome => "HOME is not set, and no data directory was given".to_owned(),
        Fault::Missing => "there is no such file".to_owned(),
        Fault::Unreadable { why } => format!("cannot be read ({why})"),
        Fault::Variable { value, allowed } => format!("cannot be “{value}”; it can be {allowed}"),
        Fault::Syntax { said } => format!("this is no TOML ({said})"),
        Fault::UnknownSetting {
            name,
            nearest: "",
            all,
        } => {
            format!("there is no setting “{name}”; settings are {all}")
        }
        Fault::UnknownSetting { name, nearest, .. } => {
            format!("there is no setting “{name}”; do you mean {nearest}?")
        }
        Fault::NoText { name } => format!("{name} must be a text in quotes"),
        Fault::BadValue { name, allowed } => format!("{name} can be {allowed}"),
        Fault::UnknownContext { name, all } => {
            format!("there is no table [{name}]; tables are {all}")
        }
        Fault::UnknownAction { name, nearest: "" } => format!("there is no action “{name}”"),
        Fault::UnknownAction { name, nearest } => {
            format!("there is no action “{name}”; do you mean {nearest}?")
        }
        Fault::NoAction { keys } => {
            format!("the value of “{keys}” must be the name of an action, in quotes")
        }
        Fault::BadKeys { text } => format!(
            "“{text}” is no key: write d, C-d, A-x, S-Tab, F1, Enter, Esc, Space, and a blank between keys"
        ),
        Fault::OutOfPlace { action, context } => format!("“{action}” does nothing in [{context}]"),
        Fault::Hidden {
            keys,
            shorter,
            line,
        } => {
            format!("“{keys}” can never be typed: “{shorter}” in line {line} acts first")
        }
        Fault::Twice { keys, line } => format!("“{keys}” is bound already in line {line}"),
    }
}
