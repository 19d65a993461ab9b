//! Documents of every format: whatever they hold, reading ends, and what comes out is clean.

use gongdan::ingest::{Item, Options, Reader};
use gongdan::text::sanitize;
use proptest::prelude::*;

use super::{changed, fuzz, line};

/// Everything read of a document that comes in pieces of this size.
fn read(name: &str, bytes: &[u8], piece: usize) -> Vec<Item> {
    let options = Options {
        articles: true,
        ..Options::default()
    };
    let mut items = Vec::new();
    let mut reader = Reader::new(name, &options);
    for piece in bytes.chunks(piece.max(1)) {
        reader.feed(piece, &mut |item| items.push(item));
    }
    reader.finish(&mut |item| items.push(item));
    items
}

/// What a person would see of an item.
fn texts(item: &Item) -> Vec<&str> {
    match item {
        Item::Ticket(parsed) => {
            let ticket = &parsed.ticket;
            let turns = ticket.dialogue.iter().map(|turn| turn.text.as_str());
            [ticket.title.as_str(), ticket.question.as_str()]
                .into_iter()
                .chain(turns)
                .collect()
        }
        Item::Article(parsed) => vec![parsed.article.title.as_str()],
    }
}

#[test]
fn what_is_read_is_clean_and_does_not_depend_on_how_it_came() {
    fuzz(400, (changed(), 1..700usize), |((name, bytes), piece)| {
        let whole = read(name, &bytes, usize::MAX);
        for text in whole.iter().flat_map(texts) {
            prop_assert_eq!(&*sanitize::clean(text), text);
        }
        prop_assert_eq!(read(name, &bytes, piece), whole);
        Ok(())
    });
}

#[test]
fn cleaning_twice_is_cleaning_once() {
    fuzz(2_000, line(), |text| {
        let once = sanitize::clean(&text).into_owned();
        prop_assert_eq!(&*sanitize::clean(&once), &once);
        let acts = |c: char| matches!(c, '\x1b' | '\u{9b}' | '\u{202e}' | '\u{200b}' | '\0');
        prop_assert!(!once.contains(acts), "{once:?}");
        let line = sanitize::one_line(&text);
        prop_assert!(!line.contains('\n'));
        Ok(())
    });
}
