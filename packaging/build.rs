//! Tells the program which commit it was built from.

use std::process::Command;

fn main() {
    println!("cargo::rerun-if-env-changed=GONGDAN_COMMIT");
    // What a packager names comes first: a source archive has no repository.
    let named = std::env::var("GONGDAN_COMMIT").ok();
    let commit = named.or_else(asked_of_git).unwrap_or_default();
    println!("cargo::rustc-env=GONGDAN_COMMIT={commit}");
}

/// The checked-out commit; `None` = this is no checkout, or git is not there.
fn asked_of_git() -> Option<String> {
    // A new commit moves the log of HEAD; a checkout without one is asked at each build.
    let log = git(&["rev-parse", "--git-path", "logs/HEAD"])?;
    println!("cargo::rerun-if-changed={log}");
    git(&["rev-parse", "--short=12", "HEAD"])
}

fn git(args: &[&str]) -> Option<String> {
    let output = Command::new("git").args(args).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}
