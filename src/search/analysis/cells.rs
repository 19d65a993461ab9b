//! Cells: a folded text cut into runs of Chinese and chunks of Latin and digits.

use crate::text::fold::is_cjk;

/// A stretch of one script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Chunk<'a> {
    /// Neighbouring Chinese characters, one cell each.
    Chinese {
        /// The characters.
        text: &'a str,
        /// Position of the first, in characters of the text.
        start: usize,
        /// Cell of the first.
        cell: u32,
    },
    /// Parts joined by connectors without a gap, such as a domain.
    Latin {
        /// The whole, connectors included; of an address without its scheme.
        text: &'a str,
        /// Its parts.
        cells: Vec<Cell<'a>>,
    },
}

/// A Latin word or number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell<'a> {
    /// The text.
    pub text: &'a str,
    /// Position in characters of the text.
    pub start: usize,
    /// Position in cells.
    pub cell: u32,
}

/// What joins parts into a chunk when it stands between two of them.
fn connects(c: char) -> bool {
    matches!(
        c,
        '.' | '-' | '_' | '/' | ':' | '@' | '%' | '+' | '#' | '&' | '=' | '?' | '~'
    )
}

/// Letters and digits of scripts that separate words.
fn is_latin(c: char) -> bool {
    c.is_alphanumeric() && !is_cjk(c)
}

/// Cuts a folded text.
pub fn cells(text: &str) -> Vec<Chunk<'_>> {
    Cutter {
        text,
        chars: text.char_indices().enumerate().peekable(),
        cell: 0,
    }
    .run()
}

type Chars<'a> = std::iter::Peekable<std::iter::Enumerate<std::str::CharIndices<'a>>>;

struct Cutter<'a> {
    text: &'a str,
    chars: Chars<'a>,
    cell: u32,
}

impl<'a> Cutter<'a> {
    fn run(mut self) -> Vec<Chunk<'a>> {
        let mut chunks: Vec<Chunk<'a>> = Vec::new();
        let mut gap = false;
        while let Some(&(start, (at, c))) = self.chars.peek() {
            if is_cjk(c) {
                if gap && matches!(chunks.last(), Some(Chunk::Chinese { .. })) {
                    // Chinese on both sides of a comma is not one phrase.
                    self.cell += 1;
                }
                let cell = self.cell;
                let text = self.take(at, is_cjk, |cutter| cutter.cell += 1);
                chunks.push(Chunk::Chinese { text, start, cell });
                gap = false;
            } else if is_latin(c) {
                chunks.push(self.latin(at));
                gap = false;
            } else {
                self.chars.next();
                gap = true;
            }
        }
        chunks
    }

    /// Takes characters while `holds`, calling `each` for every one.
    fn take(
        &mut self,
        from: usize,
        holds: impl Fn(char) -> bool,
        mut each: impl FnMut(&mut Self),
    ) -> &'a str {
        let mut end = from;
        while let Some(&(_, (at, c))) = self.chars.peek() {
            if !holds(c) {
                break;
            }
            end = at + c.len_utf8();
            self.chars.next();
            each(self);
        }
        self.text.get(from..end).unwrap_or_default()
    }

    fn latin(&mut self, from: usize) -> Chunk<'a> {
        let mut cells = Vec::new();
        let mut end = from;
        while let Some(&(start, (at, _))) = self.chars.peek() {
            let text = self.take(at, is_latin, |_| {});
            end = at + text.len();
            cells.push(Cell {
                text,
                start,
                cell: self.cell,
            });
            self.cell += 1;
            // Connectors belong to the chunk only when another part follows them.
            let mut ahead = self.chars.clone();
            while ahead.next_if(|(_, (_, c))| connects(*c)).is_some() {}
            if self.chars.peek().is_none_or(|(_, (_, c))| !connects(*c))
                || ahead.peek().is_none_or(|(_, (_, c))| !is_latin(*c))
            {
                break;
            }
            self.chars = ahead;
        }
        let text = self.text.get(from..end).unwrap_or_default();
        let text = bare_address(text, &mut cells);
        Chunk::Latin { text, cells }
    }
}

/// An address without its scheme and `www`, which say nothing: a link is not about `https`, and
/// words that begin with `http` would be hidden among links. Something always stays.
fn bare_address<'a>(text: &'a str, cells: &mut Vec<Cell<'a>>) -> &'a str {
    let mut bare = text;
    for (end, mark) in [("://", "://"), (".", "www.")] {
        let first = cells.first().map_or("", |cell| cell.text);
        let Some((lead, rest)) = bare.split_once(end) else {
            continue;
        };
        if cells.len() > 1
            && lead == first
            && bare
                .get(..first.len() + end.len())
                .is_some_and(|lead| lead.ends_with(mark))
        {
            cells.remove(0);
            bare = rest.trim_start_matches(connects);
        }
    }
    bare
}

/// The runs of letters and of digits of a part that mixes both; empty for one that does not.
pub fn pieces(part: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut from = 0;
    let mut before: Option<bool> = None;
    for (at, c) in part.char_indices() {
        let digit = c.is_ascii_digit();
        if before.is_some_and(|b| b != digit) {
            found.extend(part.get(from..at));
            from = at;
        }
        before = Some(digit);
    }
    // A hash changes at every other character; its pieces say nothing.
    if found.is_empty() || found.len() > 3 {
        return Vec::new();
    }
    found.extend(part.get(from..));
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shape(text: &str) -> Vec<String> {
        cells(text)
            .into_iter()
            .map(|chunk| match chunk {
                Chunk::Chinese { text, start, cell } => format!("{text}:{start}@{cell}"),
                Chunk::Latin { text, cells } => format!("{text}[{}]", cells.len()),
            })
            .collect()
    }

    #[test]
    fn scripts_are_parted_and_chunks_kept() {
        assert_eq!(
            shape("访问www.example.com,报错。重试"),
            ["访问:0@0", "example.com[2]", "报错:18@5", "重试:21@8"]
        );
        assert_eq!(shape("see example.com."), ["see[1]", "example.com[2]"]);
    }

    #[test]
    fn the_scheme_of_an_address_is_no_part_of_it() {
        let parts = |text| match cells(text).pop() {
            Some(Chunk::Latin { cells, .. }) => cells.into_iter().map(|cell| cell.text).collect(),
            Some(Chunk::Chinese { .. }) | None => Vec::new(),
        };
        assert_eq!(parts("https://www.example.com/a"), ["example", "com", "a"]);
        assert_eq!(parts("https://"), ["https"]);
        assert_eq!(parts("www"), ["www"]);
    }

    #[test]
    fn letters_and_digits_of_a_part_are_pieces() {
        assert_eq!(pieces("http403"), ["http", "403"]);
        assert!(pieces("https").is_empty());
        assert!(pieces("a1b2c3d4").is_empty());
    }

    proptest! {
        #[test]
        fn cells_ascend_and_lie_in_the_text(text in "[一-丅a-c0-2.,/ ，é]{0,40}") {
            let count = text.chars().count();
            let mut last = None;
            for chunk in cells(&text) {
                let places = match chunk {
                    Chunk::Chinese { text, start, cell } => {
                        vec![(start, cell, text.chars().count())]
                    }
                    Chunk::Latin { cells, .. } => cells
                        .iter()
                        .map(|c| (c.start, c.cell, c.text.chars().count()))
                        .collect(),
                };
                for (start, cell, len) in places {
                    prop_assert!(start + len <= count);
                    prop_assert!(last.is_none_or(|l| l < cell));
                    last = Some(cell);
                }
            }
        }
    }
}
