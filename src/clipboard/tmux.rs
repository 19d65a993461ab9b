//! tmux's own way: `load-buffer -w`, which reaches the terminal even with default settings.

use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::{CopyError, Environment};

/// A tmux that takes longer is stuck.
const PATIENCE: Duration = Duration::from_secs(3);

/// How far a text came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// To a terminal that declares a clipboard.
    Terminal,
    /// To tmux's buffer, and probably no further.
    BufferOnly,
}

/// Loads a text into tmux's buffer and sends it on to the terminal of whoever typed last.
pub(super) fn load(environment: &Environment, text: &str) -> Result<Reach, CopyError> {
    // The exit status is 0 even when nothing leaves tmux; its terminal's features tell.
    run(environment, &["load-buffer", "-w", "-"], text)?;
    let features = run(
        environment,
        &["display-message", "-p", "#{client_termfeatures}"],
        "",
    );
    let declared = features.is_ok_and(|features| has_clipboard(&features));
    Ok(if declared {
        Reach::Terminal
    } else {
        Reach::BufferOnly
    })
}

fn has_clipboard(features: &str) -> bool {
    features.trim().split(',').any(|name| name == "clipboard")
}

/// Runs a tmux command on the server this session is in; its output.
fn run(environment: &Environment, args: &[&str], input: &str) -> Result<String, CopyError> {
    let failed = |detail: String| CopyError::Tmux { detail };
    let mut command = Command::new("tmux");
    command.args(args);
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    for (name, value) in [
        ("TMUX", &environment.tmux),
        ("TMUX_PANE", &environment.tmux_pane),
    ] {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    let mut child = command.spawn().map_err(|e| failed(e.to_string()))?;
    let stdin = child.stdin.take();
    let ok = std::thread::scope(|scope| {
        // Beside the waiting, because a pipe holds less than a text may have, and a stuck tmux
        // would block the writer for ever.
        scope.spawn(|| {
            // A tmux that fails early closes its input; what it says then is worth more.
            let _closed = stdin.map(|mut stdin| stdin.write_all(input.as_bytes()));
        });
        wait(&mut child)
    });
    let ok = ok.map_err(|e| failed(e.to_string()))?;
    let said = |pipe: Option<&mut dyn Read>| {
        let mut said = String::new();
        let _broken = pipe.map(|pipe| pipe.read_to_string(&mut said));
        said
    };
    if ok {
        return Ok(said(child.stdout.as_mut().map(|p| p as &mut dyn Read)));
    }
    let detail = said(child.stderr.as_mut().map(|p| p as &mut dyn Read));
    Err(failed(detail.trim().to_owned()))
}

/// Whether a child ended well; one that does not end is killed.
fn wait(child: &mut Child) -> std::io::Result<bool> {
    let begun = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status.success());
        }
        if begun.elapsed() > PATIENCE {
            child.kill()?;
            child.wait()?;
            return Err(std::io::ErrorKind::TimedOut.into());
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}
