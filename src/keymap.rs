//! Keys and what they do: the action table, chords, key sequences, keymaps.
//!
//! One table ([`Action`]) names and documents everything a user can trigger; keymap parser,
//! footer, help, command line and README read it. A [`Keymap`] maps key sequences to actions, by
//! [`Context`]. It knows no terminal: whoever reads keys makes [`Chord`]s of them.
//!
//! A new action goes into `keymap/action.rs`, its key into `keymaps/default.toml` (and
//! `keymaps/emacs.toml`).
//!
//! # Files
//!
//! Each may use those on the lines above its own.
//!
//! ```text
//! action chord context file parse trie
//! ```

mod action;
mod chord;
mod context;
mod file;
mod parse;
mod trie;

pub use action::{Action, Topic};
pub use chord::{Chord, Key, Mods, Sequence};
pub use context::{Context, Scope};
pub use file::{KeymapError, Problem};
pub use parse::BadChord;
pub use trie::{Continuation, Next};

use trie::{Found, Trie};

/// Key sequences and their actions, by context.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Keymap {
    tries: [Trie; Context::ALL.len()],
}

/// The keymaps that are compiled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Builtin {
    /// Keys like vim's.
    #[default]
    Default,
    /// Keys like Emacs's; letters still act where no text is typed.
    Emacs,
}

/// What a key sequence means so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lookup {
    /// It is bound to this action.
    Action(Action),
    /// It may go on in these ways, in the order of their chords.
    Pending(Vec<Continuation>),
    /// Nothing begins so.
    Unbound,
}

/// One line of a key table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    /// Where it holds.
    pub context: Context,
    /// The keys.
    pub keys: Sequence,
    /// What they do.
    pub action: Action,
}

impl Builtin {
    /// All keymaps that are compiled in.
    pub const ALL: [Self; 2] = [Self::Default, Self::Emacs];

    /// The name that settings use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::Emacs => "emacs",
        }
    }

    /// Reads [`Self::name`] back.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|keymap| keymap.name() == name)
    }

    /// Its file, as it stands in the repository.
    pub fn source(self) -> &'static str {
        match self {
            Self::Default => include_str!("../keymaps/default.toml"),
            Self::Emacs => include_str!("../keymaps/emacs.toml"),
        }
    }
}

impl Keymap {
    /// A keymap that is compiled in.
    pub fn builtin(builtin: Builtin) -> Self {
        // A test reads both, and finds nothing wrong in them.
        let (keymap, _) = Self::default().merged(builtin.name(), builtin.source());
        keymap
    }

    /// This keymap with a file's bindings laid over it; `name` is what errors call the file.
    ///
    /// A binding of the file takes the place of an equal sequence, of longer ones that it would
    /// hide and of shorter ones that would hide it. The action `none` only unbinds. Beside it
    /// comes everything that is wrong with the file, with lines: those are left out.
    pub fn merged(mut self, name: &str, text: &str) -> (Self, Vec<KeymapError>) {
        let (lines, errors) = file::read(name, text);
        for line in lines {
            let trie = &mut self.tries[line.context.index()];
            trie.remove(&line.keys);
            if let Some(action) = line.action {
                trie.insert(&line.keys, action);
            }
        }
        (self, errors)
    }

    /// Looks a sequence up in several contexts, the innermost first.
    ///
    /// The first context in which the sequence means anything decides; where it is pending
    /// there, the ways on in the others are listed too.
    pub fn lookup(&self, contexts: &[Context], keys: &[Chord]) -> Lookup {
        let mut ways: Vec<Continuation> = Vec::new();
        for context in contexts {
            match self.tries[context.index()].find(keys) {
                Found::Action(action) if ways.is_empty() => return Lookup::Action(action),
                Found::More(node) => {
                    for way in node.continuations() {
                        if ways.iter().all(|known| known.chord != way.chord) {
                            ways.push(way);
                        }
                    }
                }
                Found::Action(_) | Found::Nothing => {}
            }
        }
        if ways.is_empty() {
            return Lookup::Unbound;
        }
        ways.sort_by_key(|way| way.chord);
        Lookup::Pending(ways)
    }

    /// All bindings, by context and then by keys.
    pub fn bindings(&self) -> Vec<Binding> {
        let mut rows = Vec::new();
        for context in Context::ALL {
            self.tries[context.index()].walk(&mut |keys, action| {
                rows.push(Binding {
                    context,
                    keys: Sequence(keys.to_vec()),
                    action,
                });
            });
        }
        rows
    }

    /// The keys of an action in any of these contexts, the shortest sequence first.
    ///
    /// Keys that an inner context gives to another action are left out.
    pub fn keys_for(&self, contexts: &[Context], action: Action) -> Vec<Sequence> {
        let mut keys: Vec<Sequence> = self
            .bindings()
            .into_iter()
            .filter(|row| row.action == action && contexts.contains(&row.context))
            .map(|row| row.keys)
            .filter(|keys| self.lookup(contexts, &keys.0) == Lookup::Action(action))
            .collect();
        keys.sort_by_key(|keys| (keys.0.len(), keys.to_string().chars().count()));
        keys.dedup();
        keys
    }
}

#[cfg(test)]
mod tests;
