//! SQLite's full-text index of trigrams over the same tickets.

use std::path::Path;

use rusqlite::{Connection, params};

/// A database with one table.
pub struct Trigrams(Connection);

impl Trigrams {
    /// Fills a database in one transaction, as one would, and merges what that left.
    pub fn make(path: &Path, texts: &[String]) -> Self {
        let mut database = Connection::open(path).expect("a database");
        database
            .execute_batch("CREATE VIRTUAL TABLE tickets USING fts5(body, tokenize = 'trigram')")
            .expect("a table");
        let transaction = database.transaction().expect("a transaction");
        {
            let mut insert = transaction
                .prepare("INSERT INTO tickets (rowid, body) VALUES (?1, ?2)")
                .expect("a statement");
            for (number, text) in (0_i64..).zip(texts) {
                insert.execute(params![number, text]).expect("a row");
            }
        }
        transaction.commit().expect("a commit");
        database
            .execute_batch("INSERT INTO tickets (tickets) VALUES ('optimize')")
            .expect("a merge");
        Self(database)
    }

    /// The best rows with all of some words, with a line around a match; how many.
    pub fn find(&self, words: &[String], limit: usize) -> usize {
        let quoted: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
        let mut select = self
            .0
            .prepare(
                "SELECT rowid, snippet(tickets, 0, '<', '>', '', 40) FROM tickets \
                 WHERE tickets MATCH ?1 ORDER BY rank LIMIT ?2",
            )
            .expect("a statement");
        let rows = select
            .query_map(params![quoted.join(" "), limit as i64], |row| {
                Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?))
            })
            .expect("an answer");
        rows.filter(Result::is_ok).count()
    }
}
