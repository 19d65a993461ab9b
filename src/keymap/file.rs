//! Keymap files: a TOML table for each context, with `keys = "action"` lines.
//!
//! ```toml
//! [list]
//! y = "copy-reply"
//! "g g" = "first"
//! Space = "none"     # only unbinds
//! ```

use std::fmt;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Action, BadChord, Context, Scope, Sequence};

/// The value that unbinds keys.
const UNBIND: &str = "none";

/// One line of a keymap file.
pub(super) struct Line {
    pub(super) context: Context,
    pub(super) keys: Sequence,
    /// `None` = unbind.
    pub(super) action: Option<Action>,
}

/// What is wrong in a keymap file, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeymapError {
    /// The file, as the caller named it.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// What is wrong.
    pub problem: Problem,
}

/// What can be wrong with a line of a keymap file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// The file is no TOML.
    #[error("{0}")]
    Syntax(
        /// What the TOML reader says, on one line.
        String,
    ),
    /// A table that is no context.
    #[error("there is no table [{0}]; tables are {names}", names = context_names())]
    UnknownContext(
        /// Its name.
        String,
    ),
    /// A value that is no action's name.
    #[error("there is no action “{name}”{}", propose(nearest))]
    UnknownAction {
        /// The name.
        name: String,
        /// The names most like it.
        nearest: Vec<&'static str>,
    },
    /// Something else than text where an action's name is expected.
    #[error("the value of “{0}” must be the name of an action, in quotes")]
    NoName(
        /// The keys.
        String,
    ),
    /// Keys that are none.
    #[error(transparent)]
    BadChord(#[from] BadChord),
    /// An action where it makes no sense.
    #[error("“{}” does nothing in [{}]", action.name(), context.name())]
    OutOfPlace {
        /// The action.
        action: Action,
        /// The table.
        context: Context,
    },
    /// A sequence that never comes to its end, because a shorter one acts first.
    #[error("“{keys}” can never be typed: “{shorter}” in line {line} acts first")]
    Hidden {
        /// The sequence.
        keys: Sequence,
        /// The one that hides it.
        shorter: Sequence,
        /// The line of the one that hides it, from 1.
        line: usize,
    },
    /// A sequence that is bound twice, written in different ways.
    #[error("“{keys}” is bound already in line {line}")]
    Twice {
        /// The sequence.
        keys: Sequence,
        /// The line of the other one, from 1.
        line: usize,
    },
}

impl fmt::Display for KeymapError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.problem)
    }
}

impl std::error::Error for KeymapError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.problem)
    }
}

fn context_names() -> String {
    Context::ALL.map(Context::name).join(", ")
}

fn propose(nearest: &[&str]) -> String {
    if nearest.is_empty() {
        String::new()
    } else {
        format!("; do you mean {}?", nearest.join(" or "))
    }
}

/// Reads a keymap file: the lines that are right, and everything that is wrong, both in order.
pub(super) fn read(file: &str, text: &str) -> (Vec<Line>, Vec<KeymapError>) {
    let mut reader = Reader {
        text,
        lines: Vec::new(),
        problems: Vec::new(),
    };
    let (root, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        let at = error.span().map_or(0, |span| span.start);
        let said = error.message().replace('\n', " ");
        reader.complain(at, Problem::Syntax(said));
    }
    let broken: Vec<usize> = reader.problems.iter().map(|(line, _)| *line).collect();
    reader.root(root.get_ref());
    reader.check_hidden();
    let Reader {
        lines,
        mut problems,
        ..
    } = reader;
    // What a line that is no TOML seems to say besides is nothing to go by.
    problems
        .retain(|(line, problem)| matches!(problem, Problem::Syntax(_)) || !broken.contains(line));
    problems.sort_by_key(|(line, _)| *line);
    let wrong = |number: usize| problems.iter().any(|(line, _)| *line == number);
    let right = lines.into_iter().filter(|(number, _)| !wrong(*number));
    let right = right.map(|(_, line)| line).collect();
    let errors = problems.into_iter().map(|(line, problem)| KeymapError {
        file: file.to_owned(),
        line,
        problem,
    });
    (right, errors.collect())
}

struct Reader<'a> {
    text: &'a str,
    /// Lines with their numbers.
    lines: Vec<(usize, Line)>,
    problems: Vec<(usize, Problem)>,
}

impl Reader<'_> {
    fn root(&mut self, root: &DeTable<'_>) {
        for (name, table) in root {
            let context = Context::parse(name.get_ref());
            match (context, table.get_ref()) {
                (Some(context), DeValue::Table(table)) => self.table(context, table),
                _ => {
                    let problem = Problem::UnknownContext(name.get_ref().to_string());
                    self.complain(name.span().start, problem);
                }
            }
        }
    }

    fn table(&mut self, context: Context, table: &DeTable<'_>) {
        for (keys, value) in table {
            match binding(context, keys.get_ref(), value) {
                Ok(line) => {
                    let number = self.line_at(keys.span().start);
                    self.lines.push((number, line));
                }
                Err(problem) => self.complain(keys.span().start, problem),
            }
        }
    }

    /// Complains about sequences of the file that others of it hide or repeat.
    fn check_hidden(&mut self) {
        // The table's order is alphabetical, and "the first one" is a matter of lines.
        self.lines.sort_by_key(|(number, _)| *number);
        let mut found = Vec::new();
        let bound = |(_, line): &&(usize, Line)| line.action.is_some();
        for (n, one) in self.lines.iter().enumerate().filter(|(_, l)| bound(l)) {
            for (m, other) in self.lines.iter().enumerate().filter(|(_, l)| bound(l)) {
                found.extend(clash((n, one), (m, other)));
            }
        }
        self.problems.extend(found);
    }

    fn complain(&mut self, at: usize, problem: Problem) {
        self.problems.push((self.line_at(at), problem));
    }

    fn line_at(&self, at: usize) -> usize {
        let before = self.text.as_bytes().iter().take(at);
        before.filter(|byte| **byte == b'\n').count() + 1
    }
}

fn binding(context: Context, keys: &str, value: &Spanned<DeValue<'_>>) -> Result<Line, Problem> {
    let sequence: Sequence = keys.parse()?;
    let DeValue::String(name) = value.get_ref() else {
        return Err(Problem::NoName(keys.to_owned()));
    };
    let action = match name.as_ref() {
        UNBIND => None,
        name => Some(Action::parse(name).ok_or_else(|| Problem::UnknownAction {
            name: name.to_owned(),
            nearest: Action::nearest(name),
        })?),
    };
    match action {
        Some(action) if !Scope::allows(action.scope(), context) => {
            Err(Problem::OutOfPlace { action, context })
        }
        action => Ok(Line {
            context,
            keys: sequence,
            action,
        }),
    }
}

/// What is wrong with `one` because of `other`; each with its place in the file and its line.
fn clash(one: (usize, &(usize, Line)), other: (usize, &(usize, Line))) -> Option<(usize, Problem)> {
    let (n, (number, line)) = one;
    let (m, (other_number, other)) = other;
    // Of two tables a pane's comes first, which is how it takes a key for itself.
    if n == m || line.context != other.context {
        return None;
    }
    let (keys, shorter) = (&line.keys, &other.keys);
    if keys == shorter {
        return (m < n).then(|| {
            let problem = Problem::Twice {
                keys: keys.clone(),
                line: *other_number,
            };
            (*number, problem)
        });
    }
    keys.0.starts_with(&shorter.0).then(|| {
        let problem = Problem::Hidden {
            keys: keys.clone(),
            shorter: shorter.clone(),
            line: *other_number,
        };
        (*number, problem)
    })
}
