//! The thin binary: arguments → [`gongdan::cli::run`] → exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(gongdan::cli::run(std::env::args_os()))
}
