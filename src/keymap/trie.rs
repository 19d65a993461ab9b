//! Key sequences as a tree, so that a sequence in the making lists its ways on.

use std::collections::BTreeMap;

use super::{Action, Chord, Sequence};

/// Sequences of one context. No sequence is the beginning of another.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Trie {
    next: BTreeMap<Chord, Node>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Node {
    Action(Action),
    More(Trie),
}

/// What a sequence leads to.
pub(super) enum Found<'a> {
    Action(Action),
    More(&'a Trie),
    Nothing,
}

/// A way on from a sequence in the making: a line of the which-key popup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Continuation {
    /// The next key.
    pub chord: Chord,
    /// What it leads to.
    pub next: Next,
}

/// What a key leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// An action.
    Action(Action),
    /// This many actions, behind more keys.
    More(usize),
}

impl Trie {
    /// What a sequence leads to.
    pub(super) fn find(&self, keys: &[Chord]) -> Found<'_> {
        let Some((first, rest)) = keys.split_first() else {
            return Found::More(self);
        };
        match self.next.get(first) {
            Some(Node::Action(action)) if rest.is_empty() => Found::Action(*action),
            Some(Node::More(trie)) => trie.find(rest),
            Some(Node::Action(_)) | None => Found::Nothing,
        }
    }

    /// Binds a sequence in the place of whatever hides it or is hidden by it.
    pub(super) fn insert(&mut self, keys: &Sequence, action: Action) {
        self.put(&keys.0, action);
    }

    fn put(&mut self, keys: &[Chord], action: Action) {
        match keys {
            [] => {}
            [last] => {
                self.next.insert(*last, Node::Action(action));
            }
            [first, rest @ ..] => {
                let node = self
                    .next
                    .entry(*first)
                    .or_insert_with(|| Node::More(Self::default()));
                if let Node::Action(_) = node {
                    *node = Node::More(Self::default());
                }
                if let Node::More(trie) = node {
                    trie.put(rest, action);
                }
            }
        }
    }

    /// Unbinds a sequence and all that begin with it.
    pub(super) fn remove(&mut self, keys: &Sequence) {
        self.cut(&keys.0);
    }

    fn cut(&mut self, keys: &[Chord]) {
        match keys {
            [] => {}
            [last] => {
                self.next.remove(last);
            }
            [first, rest @ ..] => {
                let Some(Node::More(trie)) = self.next.get_mut(first) else {
                    return;
                };
                trie.cut(rest);
                if trie.next.is_empty() {
                    self.next.remove(first);
                }
            }
        }
    }

    /// The ways on from here, in the order of their chords.
    pub(super) fn continuations(&self) -> impl Iterator<Item = Continuation> {
        self.next.iter().map(|(chord, node)| Continuation {
            chord: *chord,
            next: match node {
                Node::Action(action) => Next::Action(*action),
                Node::More(trie) => Next::More(trie.count()),
            },
        })
    }

    fn count(&self) -> usize {
        self.next
            .values()
            .map(|node| match node {
                Node::Action(_) => 1,
                Node::More(trie) => trie.count(),
            })
            .sum()
    }

    /// Visits every sequence with its action, in the order of the chords.
    pub(super) fn walk(&self, visit: &mut dyn FnMut(&[Chord], Action)) {
        self.walk_from(&mut Vec::new(), visit);
    }

    fn walk_from(&self, keys: &mut Vec<Chord>, visit: &mut dyn FnMut(&[Chord], Action)) {
        for (chord, node) in &self.next {
            keys.push(*chord);
            match node {
                Node::Action(action) => visit(keys, *action),
                Node::More(trie) => trie.walk_from(keys, visit),
            }
            keys.pop();
        }
    }
}
