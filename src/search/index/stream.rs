//! Terms handed to the index ready-made, however they were found.
//!
//! A field's value is a string of entries, each one character for the position, the term, and a
//! NUL. It is written and read without an allocation a term.

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

/// Name under which [`ReadyMade`] is registered.
pub const TOKENIZER: &str = "ready";

/// Positions above the surrogates move up by their count.
const SURROGATES: std::ops::RangeInclusive<u32> = 0xd800..=0xdfff;

/// The last position that can be told; later ones are all there.
const LAST: u32 = 0x10_0000;

/// Appends a term to a field's value.
pub fn push(value: &mut String, term: &str, position: u32) {
    let position = position.min(LAST) + 1;
    let coded = if position < *SURROGATES.start() {
        position
    } else {
        position + 0x800
    };
    value.push(char::from_u32(coded).unwrap_or('\u{1}'));
    if term.contains('\0') {
        value.extend(term.chars().filter(|c| *c != '\0'));
    } else {
        value.push_str(term);
    }
    value.push('\0');
}

/// Reads what [`push`] wrote.
#[derive(Clone)]
pub struct ReadyMade;

/// The terms of one value.
pub struct Entries<'a> {
    rest: &'a str,
    token: Token,
}

impl Tokenizer for ReadyMade {
    type TokenStream<'a> = Entries<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Entries<'a> {
        Entries {
            rest: text,
            token: Token::default(),
        }
    }
}

impl TokenStream for Entries<'_> {
    fn advance(&mut self) -> bool {
        let Some((entry, rest)) = self.rest.split_once('\0') else {
            return false;
        };
        self.rest = rest;
        let mut chars = entry.chars();
        let coded = chars.next().map_or(1, u32::from);
        let position = if coded < *SURROGATES.start() {
            coded
        } else {
            coded - 0x800
        };
        self.token.position = (position - 1) as usize;
        self.token.text.clear();
        self.token.text.push_str(chars.as_str());
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn terms_and_positions_read_back(entries in prop::collection::vec(("[a-z证书]{1,5}", 0u32..200_000), 0..20)) {
            let mut value = String::new();
            for (term, position) in &entries {
                push(&mut value, term, *position);
            }
            let mut tokenizer = ReadyMade;
            let mut stream = tokenizer.token_stream(&value);
            let mut read = Vec::new();
            while stream.advance() {
                read.push((stream.token().text.clone(), stream.token().position as u32));
            }
            prop_assert_eq!(read, entries);
        }
    }
}
