//! The lists of one segment, read block by block.

use tantivy::postings::{BlockSegmentPostings, SegmentPostings, TermInfo};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, SegmentReader};

use super::Known;

/// Counts of a block of a field that has none.
const ONCE: [u32; 128] = [1; 128];

/// Documents of a block that are passed one by one before it is halved.
const NEAR: usize = 8;

/// A segment with its place among the others.
#[derive(Clone, Copy)]
pub struct Segment<'a> {
    /// The segment.
    pub reader: &'a SegmentReader,
    /// Its number.
    pub ord: usize,
}

impl Segment<'_> {
    /// One above its last document.
    pub fn max_doc(&self) -> u32 {
        self.reader.max_doc()
    }

    fn blocks(
        &self,
        field: Field,
        info: &TermInfo,
        option: IndexRecordOption,
    ) -> tantivy::Result<BlockSegmentPostings> {
        let inverted = self.reader.inverted_index(field)?;
        Ok(inverted.read_block_postings_from_terminfo(info, option)?)
    }

    /// Calls `each` with the documents of a term, a block at a time.
    pub fn each_block(&self, term: &Known, mut each: impl FnMut(&[DocId])) -> tantivy::Result<()> {
        let Some(info) = term.info(self.ord) else {
            return Ok(());
        };
        let mut blocks = self.blocks(term.field, info, IndexRecordOption::Basic)?;
        while !blocks.docs().is_empty() {
            each(blocks.docs());
            blocks.advance();
        }
        Ok(())
    }

    /// The same with how often each document has the term.
    pub fn each_count(
        &self,
        term: &Known,
        mut each: impl FnMut(&[DocId], &[u32]),
    ) -> tantivy::Result<()> {
        let Some(info) = term.info(self.ord) else {
            return Ok(());
        };
        let mut blocks = self.blocks(term.field, info, IndexRecordOption::WithFreqs)?;
        while !blocks.docs().is_empty() {
            // A field without counts has each term once.
            let counts = match blocks.freqs() {
                [] => &ONCE,
                counts => counts,
            };
            each(blocks.docs(), counts);
            blocks.advance();
        }
        Ok(())
    }

    /// A cursor over the documents of a term; `None` = there are none.
    pub fn cursor(
        &self,
        term: &Known,
        option: IndexRecordOption,
    ) -> tantivy::Result<Option<Cursor>> {
        let Some(info) = term.info(self.ord) else {
            return Ok(None);
        };
        Ok(Some(Cursor {
            blocks: self.blocks(term.field, info, option)?,
            at: 0,
        }))
    }

    /// The documents of a term with their positions.
    pub fn positions(&self, term: &Known) -> tantivy::Result<Option<SegmentPostings>> {
        let Some(info) = term.info(self.ord) else {
            return Ok(None);
        };
        let inverted = self.reader.inverted_index(term.field)?;
        let option = IndexRecordOption::WithFreqsAndPositions;
        Ok(Some(inverted.read_postings_from_terminfo(info, option)?))
    }
}

/// Walks forward through the documents of a term.
pub struct Cursor {
    blocks: BlockSegmentPostings,
    at: usize,
}

impl Cursor {
    /// How often a document has the term; `None` = it has not. Documents are asked for in
    /// ascending order.
    pub fn count(&mut self, doc: DocId) -> Option<u32> {
        if self.blocks.docs().last().is_none_or(|last| *last < doc) {
            self.at = self.blocks.seek(doc);
        }
        let rest = self.blocks.docs().get(self.at..)?;
        let near = rest.iter().take(NEAR).take_while(|here| **here < doc);
        self.at += match near.count() {
            NEAR => rest.partition_point(|here| *here < doc),
            near => near,
        };
        let here = self.blocks.docs().get(self.at)?;
        (*here == doc).then(|| self.blocks.freqs().get(self.at).copied().unwrap_or(1))
    }
}
