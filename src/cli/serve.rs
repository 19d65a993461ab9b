//! `gongdan serve`, `status` and `stop`: the process that owns the store for everybody.

use std::io::IsTerminal;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;

use super::connect::{TEAM_SOCKET, own_identity};
use super::context::Context;
use super::failure::{Exit, Failure};
use super::say::say;
use crate::api::DeskError;
use crate::daemon::{self, DaemonInfo, Peer, Probe, ServeOptions, SessionFactory, Team, Where};
use crate::desk::{Authority, Identity, LocalDesk};
use crate::model::{Author, Origin};
use crate::words::Lang;

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
pub struct StopArgs {
    /// End a team's service without asking
    #[arg(long)]
    yes: bool,
}

/// What runs, for scripts.
#[derive(Debug, Serialize)]
struct Told {
    state: &'static str,
    daemon: Option<DaemonInfo>,
    pid: Option<u32>,
    detail: Option<String>,
    data_dir: Option<PathBuf>,
    socket: Option<PathBuf>,
}

/// Whether something was stopped, for scripts.
#[derive(Debug, Serialize)]
struct Stopped {
    stopped: bool,
    data_dir: Option<PathBuf>,
    socket: Option<PathBuf>,
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
    let place = cx.way().place;
    let (state, info, pid, detail) = match daemon::status(&place).map_err(DeskError::from)? {
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
            data_dir: own_dir(&place),
            socket: daemon::socket(&place),
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
    cx.out.say(where_it_is(cx.lang, &place))?;
    Ok(Exit::Done)
}

/// The data directory, where it is one's own; a team's is the service's affair.
fn own_dir(place: &Where) -> Option<PathBuf> {
    match place {
        Where::Own { dir, .. } => Some(dir.clone()),
        Where::Team { .. } => None,
    }
}

/// Directory and socket in words: somebody may look at another one than they think.
fn where_it_is(lang: Lang, place: &Where) -> String {
    let socket = daemon::socket(place).unwrap_or_default();
    let socket = socket.display();
    match own_dir(place) {
        Some(dir) => {
            let dir = dir.display();
            say!(
                lang,
                "数据目录 {dir}，套接字 {socket}",
                "data directory {dir}, socket {socket}"
            )
        }
        None => say!(
            lang,
            "团队的服务，套接字 {socket}",
            "a team's service, socket {socket}"
        ),
    }
}

/// Stops the daemon.
///
/// # Errors
/// When the user may not, or it does not go in time.
pub fn stop(args: &StopArgs, cx: &mut Context) -> Result<Exit, Failure> {
    let place = cx.way().place;
    if matches!(place, Where::Team { .. }) && !args.yes {
        confirm(cx, &place)?;
    }
    let stopped = daemon::stop(&place, PATIENCE).map_err(DeskError::from)?;
    if cx.json() {
        cx.out.object(&Stopped {
            stopped,
            data_dir: own_dir(&place),
            socket: daemon::socket(&place),
        })?;
        return Ok(Exit::Done);
    }
    let at = where_it_is(cx.lang, &place);
    cx.out.note(if stopped {
        say!(
            cx.lang,
            "守护进程已停止（{at}）",
            "the daemon has stopped ({at})"
        )
    } else {
        say!(
            cx.lang,
            "没有守护进程在运行（{at}）",
            "no daemon runs ({at})"
        )
    });
    Ok(Exit::Done)
}

/// Asks before a team's service ends for everybody; without a terminal the answer is no.
fn confirm(cx: &mut Context, place: &Where) -> Result<(), Failure> {
    let lang = cx.lang;
    let clients = match daemon::status(place).map_err(DeskError::from)? {
        Probe::Ready(info) | Probe::Older(info) | Probe::Newer(info) => info.clients,
        Probe::Unreachable { .. } => 0,
        Probe::Absent => return Ok(()),
    };
    let at = where_it_is(lang, place);
    if cx.json() || !std::io::stdin().is_terminal() {
        return Err(Failure::Refused {
            message: say!(
                lang,
                "停止{at}会断开 {clients} 个客户端，需要确认",
                "stopping {at} cuts off {clients} clients, and must be confirmed"
            ),
            hint: Some(say!(lang, "确认请加 --yes", "confirm with --yes")),
        });
    }
    let question = say!(
        lang,
        "停止{at}？现有 {clients} 个客户端。[y/N]",
        "Stop {at}? It has {clients} clients. [y/N]"
    );
    match cx.out.ask(&question).as_deref() {
        Some("y" | "Y" | "yes" | "是") => Ok(()),
        _ => Err(Failure::Refused {
            message: say!(lang, "没有停止", "not stopped"),
            hint: None,
        }),
    }
}
