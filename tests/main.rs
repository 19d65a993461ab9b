//! All integration tests in one binary.

#[cfg(test)]
mod clipboard;
#[cfg(test)]
mod words;
