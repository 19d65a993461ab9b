//! The fields of the index, and what each is for.

use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, Schema, TextFieldIndexing, TextOptions,
};

use super::stream::TOKENIZER;
use crate::text::fold::fold;

/// Version of the schema: another one cannot be read.
pub const SCHEMA_VERSION: u32 = 6;

/// Stands between product and type in a term of both.
pub const TYPE_MARK: char = '\u{1f}';

/// Marks a term of two neighbouring initials in the pinyin field.
pub const PINYIN_GRAM: char = '^';

/// Stands between two neighbouring syllables in a term of the pinyin field.
pub const PINYIN_PAIR: char = '\'';

/// The fields.
#[derive(Debug, Clone, Copy)]
pub struct Fields {
    /// Document number.
    pub doc: Field,
    /// 0 = ticket, else the passage of an article, from 1.
    pub place: Field,
    /// The id, for prefixes of it.
    pub id: Field,
    /// Category: `p:` product, `t:` type, `c:` both, folded.
    pub category: Field,
    /// Category as a column, for counts: product and type as they are written.
    pub column: Field,
    /// State of the causes.
    pub state: Field,
    /// Datasets.
    pub dataset: Field,
    /// Its date as the number yyyymmdd; absent where it has none.
    pub date: Field,
    /// Causes: their words, and `i:` with the id.
    pub cause: Field,
    /// Everything that carries a ticket up, with positions: title, the customer's words, the
    /// agent's words without holding replies, labels.
    pub all: Field,
    /// The positions in `all` at which the customer's words, the agent's and the labels begin.
    pub bounds: Field,
    /// Title, for its weight.
    pub title: Field,
    /// Holding replies and sections no label names.
    pub rest: Field,
    /// First letters of the Latin words of title, labels and causes; single Chinese characters of
    /// these and of the question.
    pub edge: Field,
    /// Pairs of initials, syllables and pairs of these, of title, causes and reply names.
    pub pinyin: Field,
}

impl Fields {
    /// The schema and its fields.
    pub fn build() -> (Schema, Self) {
        let mut builder = Schema::builder();
        let text = |option: IndexRecordOption| {
            TextOptions::default().set_indexing_options(
                TextFieldIndexing::default()
                    .set_tokenizer(TOKENIZER)
                    .set_index_option(option),
            )
        };
        let bare = |option: IndexRecordOption| {
            TextOptions::default().set_indexing_options(
                TextFieldIndexing::default()
                    .set_tokenizer(TOKENIZER)
                    .set_fieldnorms(false)
                    .set_index_option(option),
            )
        };
        let fields = Self {
            doc: builder.add_u64_field("doc", FAST | INDEXED),
            place: builder.add_u64_field("place", FAST | INDEXED),
            id: builder.add_text_field("id", bare(IndexRecordOption::Basic)),
            category: builder.add_text_field("category", bare(IndexRecordOption::Basic)),
            column: builder.add_text_field("column", TextOptions::default().set_fast("raw")),
            state: builder.add_text_field("state", bare(IndexRecordOption::Basic)),
            dataset: builder.add_text_field("dataset", bare(IndexRecordOption::Basic)),
            date: builder.add_u64_field("date", FAST),
            cause: builder.add_text_field("cause", text(IndexRecordOption::WithFreqs)),
            all: builder.add_text_field("all", text(IndexRecordOption::WithFreqsAndPositions)),
            bounds: builder.add_u64_field("bounds", FAST),
            title: builder.add_text_field("title", text(IndexRecordOption::WithFreqs)),
            rest: builder.add_text_field("rest", text(IndexRecordOption::WithFreqsAndPositions)),
            edge: builder.add_text_field("edge", bare(IndexRecordOption::Basic)),
            pinyin: builder
                .add_text_field("pinyin", bare(IndexRecordOption::WithFreqsAndPositions)),
        };
        (builder.build(), fields)
    }
}

/// A product or type as a term holds it.
pub fn fold_category(text: &str) -> String {
    fold(text.trim())
}
