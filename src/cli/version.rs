//! `gongdan --version`.

use serde::Serialize;

use super::context::Context;
use super::failure::{Exit, Failure};

/// The version of the JSON contract: fields are only ever added within it.
const SCHEMA: u32 = 1;

/// Features of the build that can be left out, those that are in.
const FEATURES: &[&str] = if cfg!(feature = "semantic") {
    &["semantic"]
} else {
    &[]
};

/// What `--version --json` tells.
#[derive(Debug, Serialize)]
pub(super) struct Version {
    name: &'static str,
    version: &'static str,
    /// The commit the program was built from; `None` = built outside a checkout.
    commit: Option<&'static str>,
    target: String,
    features: &'static [&'static str],
    schema: u32,
}

impl Version {
    /// This program's.
    pub(super) fn this() -> Self {
        let commit = env!("GONGDAN_COMMIT");
        Self {
            name: "gongdan",
            version: env!("CARGO_PKG_VERSION"),
            commit: (!commit.is_empty()).then_some(commit),
            target: format!("{}-{}", std::env::consts::ARCH, std::env::consts::OS),
            features: FEATURES,
            schema: SCHEMA,
        }
    }

    /// Name, version and commit on one line.
    pub(super) fn line(&self) -> String {
        match self.commit {
            Some(commit) => format!("{} {} ({commit})", self.name, self.version),
            None => format!("{} {}", self.name, self.version),
        }
    }
}

/// Prints the version.
///
/// # Errors
/// When standard output cannot be written.
pub fn run(cx: &mut Context) -> Result<Exit, Failure> {
    let version = Version::this();
    if cx.json() {
        cx.out.object(&version)?;
    } else {
        cx.out
            .say(format!("{} {}", version.name, version.version))?;
    }
    Ok(Exit::Done)
}
