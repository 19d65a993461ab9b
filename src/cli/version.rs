//! `gongdan --version`.

use serde::Serialize;

use super::context::Context;
use super::failure::{Exit, Failure};

/// The version of the JSON contract: fields are only ever added within it.
const SCHEMA: u32 = 1;

#[derive(Serialize)]
struct Version {
    name: &'static str,
    version: &'static str,
    schema: u32,
}

/// Prints the version.
///
/// # Errors
/// When standard output cannot be written.
pub fn run(cx: &mut Context) -> Result<Exit, Failure> {
    let version = env!("CARGO_PKG_VERSION");
    if cx.json() {
        cx.out.object(&Version {
            name: "gongdan",
            version,
            schema: SCHEMA,
        })?;
    } else {
        cx.out.say(format!("gongdan {version}"))?;
    }
    Ok(Exit::Done)
}
