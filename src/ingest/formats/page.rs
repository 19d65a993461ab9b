//! Pages saved from a ticket system.

use super::{Format, Found, Reading};
use crate::ingest::decode::Decode;
use crate::ingest::markup;

/// HTML pages.
pub(super) struct Page;

impl Format for Page {
    fn extensions(&self) -> &'static [&'static str] {
        &["html", "htm"]
    }

    fn recognises(&self, name: &str, head: &[u8]) -> bool {
        let named = name.ends_with(".html") || name.ends_with(".htm");
        let text = String::from_utf8_lossy(head);
        markup::is_page(&text) || (named && markup::holds_markup(&text))
    }

    fn read(
        &self,
        bytes: &[u8],
        _reading: &Reading<'_>,
        sink: &mut dyn FnMut(Found),
    ) -> Result<(), &'static str> {
        let mut text = String::new();
        let mut decode = Decode::new();
        decode.feed(bytes, &mut text);
        decode.finish(&mut text);
        sink(Found::Document(markup::page(&text)));
        Ok(())
    }
}
