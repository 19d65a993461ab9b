//! The thin binary: arguments → [`gongdan::cli::run`] → exit code.

fn main() {}
