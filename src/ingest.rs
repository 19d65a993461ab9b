//! Placeholder of a room: ingest.
