//! Values that many lines share, by number.

use std::collections::HashMap;
use std::hash::Hash;

/// Values in the order they were first met.
#[derive(Debug)]
pub(in crate::store) struct Interned<T> {
    values: Vec<T>,
    numbers: HashMap<T, u32>,
}

impl<T> Default for Interned<T> {
    fn default() -> Self {
        Self {
            values: Vec::new(),
            numbers: HashMap::new(),
        }
    }
}

impl<T: Clone + Eq + Hash> Interned<T> {
    /// A value by number.
    pub(in crate::store) fn get(&self, number: u32) -> Option<&T> {
        self.values.get(number as usize)
    }

    /// The number of a value that was met before.
    pub(in crate::store) fn find<Q>(&self, value: &Q) -> Option<u32>
    where
        T: std::borrow::Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        self.numbers.get(value).copied()
    }

    /// Gives the next number to a value.
    pub(in crate::store) fn push(&mut self, value: T) -> u32 {
        let number = self.values.len() as u32;
        self.numbers.insert(value.clone(), number);
        self.values.push(value);
        number
    }

    /// All values by number.
    pub(in crate::store) fn all(&self) -> &[T] {
        &self.values
    }
}
