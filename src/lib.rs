//! Gongdan (工单): a terminal workbench for the resolved tickets of cloud support.
//!
//! # The map of the house
//!
//! ```text
//! documents ─ ingest ─▶ records ─▶ journal ─ fold ─▶ store (sled) ─▶ index (tantivy)
//!                           ▲                              │              │
//! agents: annotate, edit ───┘                              └── desk ◀─────┘   request → answer, push
//!                                                               │
//!                                               in-process or Unix socket
//!                                                               │
//!                                                      tui · cli · scripts
//! ```
//!
//! | module | what it holds | may use |
//! |---|---|---|
//! | [`text`] | width, wrapping, sanitising, patterns: pure functions on text | nothing |
//! | [`model`] | tickets, categories, causes, records: plain data | text |
//! | [`api`] | the desk's requests, answers, errors and pushes: plain data | model |
//! | [`words`] | the interface's words in Chinese and English | api, model |
//! | [`ingest`] | document text → tickets, articles, warnings | model, text |
//! | [`insight`] | replies mined, causes suggested, suspects named | model, text |
//! | [`config`] | paths, a person's and the host's settings | model, text |
//! | [`keymap`] | the action table, chords, key sequences | model, text |
//! | [`clipboard`] | the ladder of ways to the agent's clipboard | model, text |
//! | [`journal`] | the log: checksummed frames of records and bodies, the only truth | model |
//! | [`store`] | sled, a view folded from the log: packs, directory, decisions | model, journal |
//! | [`embed`] | an embedding model: text in, vector out | nothing |
//! | [`search`] | tantivy and jieba: analysis, queries, index | model, text, embed |
//! | [`desk`] | the application behind one door | api, model, text, ingest, insight, journal, store, search, embed |
//! | [`daemon`] | the same door over a Unix socket | api, model, desk, config |
//! | [`tui`] | the workbench on the terminal | api, model, text, words, keymap, config, clipboard |
//! | [`cli`] | one file a subcommand; the only place that prints | everything |
//!
//! The table is the architecture: `tests/layering.rs` reads the sources and fails on any other
//! edge, and on a library used outside the module that owns it (sled: store;
//! tantivy and jieba: search; safetensors and rten: embed; ratatui: tui; clap: cli; arboard: clipboard).
//!
//! # Where to add things
//!
//! | a… | in |
//! |---|---|
//! | key | `keymaps/default.toml`; a new action first in `keymap/action.rs` |
//! | import format | `ingest/formats.rs`: a `Format` in its registry |
//! | label synonym | `ingest/labels.rs`, or a team's own by `gongdan settings edit labels` |
//! | theme | `tui/theme.rs` |
//! | command | a file in `cli/`, named in `cli/args.rs` |
//! | request of the desk | a line in `api/ask.rs` (fields, answer, role, retry, priority), an arm in `desk/local.rs` |
//! | word of the interface | `words.rs` |

/// Threads free what others allocated (the store, the index): in the C library's arenas an import
/// of a million tickets held 1.7 GB, three quarters of it empty.
///
/// Without huge pages: each thread has places of its own, and a daemon with two hundred clients has
/// six hundred threads, which held 500 MB that none of them used.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

pub mod api;
pub mod cli;
pub mod clipboard;
pub mod config;
pub mod daemon;
pub mod desk;
pub mod embed;
pub mod ingest;
pub mod insight;
pub mod journal;
pub mod keymap;
pub mod model;
pub mod search;
pub mod store;
pub mod text;
pub mod tui;
pub mod words;
