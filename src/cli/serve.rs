//! `gongdan serve`, `status` and `stop`: the process that owns the store for everybody.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;

use super::connect::{TEAM_SOCKET, own_identity};
use super::context::Context;
use super::failure::{Exit, Failure};
use super::say::say;
use crate::daemon::{self, DaemonInfo, Peer, Probe, ServeOptions, SessionFactory, Team};
use crate::desk::{Authority, DeskError, Identity, LocalDesk};
use crate::model::{Author, Origin};

/// How long another daemon or command may take to leave the store.
const PATIENCE: Duration = Duration::from_secs(10);

/// Own the store and serve it to workbenches and commands
#[derive(Debug, clap::Args)]
pub struct ServeArgs {
    /// Go this many minutes after the last client; without it: never
    #[arg(long, value_name = "MINUTES")]
    idle: Option<u64>,
    /// Serve a whole team, under a service user
    #[arg(long)]
    system: bool,
    /// The team's socket
    #[arg(long, value_name = "PATH", requires = "system", default_value = TEAM_SOCKET)]
    socket: PathBuf,
    /// The Unix group that may connect
    #[arg(
        long,
        value_name = "GROUP",
        requires = "system",
        default_value = "gongdan"
    )]
    group: String,
    /// Cut loose from the terminal; a workbench starts its daemon so.
    #[arg(long, hide = true)]
    background: bool,
}

/// Show whether a daemon serves the store
#[derive(Debug, clap::Args)]
pub struct StatusArgs {}

/// Let the daemon finish what it does and go
#[derive(Debug, clap::Args)]
pub struct StopArgs {}

/// What runs, for scripts.
#[derive(Debug, Serialize)]
struct Told {
    state: &'static str,
    daemon: Option<DaemonInfo>,
    pid: Option<u32>,
    detail: Option<String>,
}

/// Serves until stopped.
///
/// # Errors
/// When a daemon runs already, or the directory cannot be served.
pub fn serve(args: &ServeArgs, cx: &mut Context) -> Result<Exit, Failure> {
    if args.background {
        daemon::detach();
    }
    let dir = std::path::absolute(cx.data_dir()).map_err(Failure::output)?;
    let options = ServeOptions {
        dir: dir.clone(),
        runtime_dir: cx.paths.runtime.clone(),
        team: args.system.then(|| Team {
            socket: args.socket.clone(),
            group: Some(args.group.clone()),
        }),
        idle: args.idle.map(|minutes| Duration::from_secs(minutes * 60)),
        patience: PATIENCE,
    };
    let place = dir.display();
    cx.out
        .note(say!(cx.lang, "正在服务 {place}", "serving {place}"));
    daemon::serve(&options, || sessions(&dir)).map_err(DeskError::from)?;
    Ok(Exit::Done)
}

/// Opens the store and makes a session of it for each client.
fn sessions(dir: &std::path::Path) -> Result<SessionFactory, DeskError> {
    let own = own_identity();
    let (host, owner) = (own.origin.host.clone(), own.author.uid);
    let desk = LocalDesk::open(dir, own)?;
    Ok(Box::new(move |peer: &Peer| {
        let author = Author {
            uid: peer.uid,
            name: peer.declared.clone().unwrap_or_else(|| peer.name.clone()),
            declared: peer.declared.is_some(),
        };
        let origin = Origin {
            host: host.clone(),
            session: peer.session.clone(),
        };
        // The service user and root are the store's owners, as they are its admins.
        let authority = if peer.uid == owner || peer.uid == 0 {
            Authority::Owner
        } else {
            Authority::Member
        };
        Arc::new(desk.session(Identity {
            author,
            origin,
            authority,
        }))
    }))
}

/// Tells what runs.
///
/// # Errors
/// When the directory cannot be trusted.
pub fn status(_: &StatusArgs, cx: &mut Context) -> Result<Exit, Failure> {
    let (state, info, pid, detail) =
        match daemon::status(&cx.way().place).map_err(DeskError::from)? {
            Probe::Ready(info) => ("ready", Some(info), None, None),
            Probe::Older(info) => ("older", Some(info), None, None),
            Probe::Newer(info) => ("newer", Some(info), None, None),
            Probe::Unreachable { pid, detail } => ("unreachable", None, pid, Some(detail)),
            Probe::Absent => ("absent", None, None, None),
        };
    if cx.json() {
        let pid = info.as_ref().map(|info| info.pid).or(pid);
        cx.out.object(&Told {
            state,
            daemon: info,
            pid,
            detail,
        })?;
        return Ok(Exit::Done);
    }
    let text = match (&info, state) {
        (Some(info), state) => {
            let (pid, version, clients) = (info.pid, &info.version, info.clients);
            let state = match state {
                "older" => say!(cx.lang, "（协议较旧）", " (older protocol)"),
                "newer" => say!(cx.lang, "（协议较新）", " (newer protocol)"),
                _ => String::new(),
            };
            say!(
                cx.lang,
                "守护进程在运行{state}：进程 {pid}，版本 {version}，{clients} 个客户端",
                "a daemon runs{state}: process {pid}, version {version}, {clients} clients"
            )
        }
        (None, "unreachable") => {
            let detail = detail.unwrap_or_default();
            say!(
                cx.lang,
                "守护进程没有应答：{detail}",
                "the daemon does not answer: {detail}"
            )
        }
        (None, _) => say!(cx.lang, "没有守护进程在运行", "no daemon runs"),
    };
    cx.out.say(text)?;
    Ok(Exit::Done)
}

/// Stops the daemon.
///
/// # Errors
/// When the user may not, or it does not go in time.
pub fn stop(_: &StopArgs, cx: &mut Context) -> Result<Exit, Failure> {
    let stopped = daemon::stop(&cx.way().place, PATIENCE).map_err(DeskError::from)?;
    cx.out.note(if stopped {
        say!(cx.lang, "守护进程已停止", "the daemon has stopped")
    } else {
        say!(cx.lang, "没有守护进程在运行", "no daemon runs")
    });
    Ok(Exit::Done)
}
