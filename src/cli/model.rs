//! `gongdan model`: the embedding model by which tickets are found by what they mean.

use std::path::PathBuf;

use clap::Subcommand;

use super::context::Context;
use super::failure::{Exit, Failure};
use super::say::say;
use crate::api::{DeskExt, ModelStatus, ask};

/// The embedding model: install, watch, remove
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Copy a model of a hub's directory into the store and check it
    Install {
        /// The directory: config.json, tokenizer.json, model.safetensors
        path: PathBuf,
    },
    /// Show which model is installed and how far it has come
    Status {
        /// Return when every ticket is embedded
        #[arg(long)]
        wait: bool,
    },
    /// Remove the model; words alone find again
    Remove,
}

/// Installs, shows or removes the model.
///
/// # Errors
/// When the desk cannot be opened, or the model is refused.
pub fn run(args: &Args, cx: &mut Context) -> Result<Exit, Failure> {
    let desk = cx.desk()?;
    let status = match &args.command {
        Command::Install { path } => {
            // The desk may be another process, with a directory of its own.
            let path = std::path::absolute(path).map_err(Failure::output)?;
            let path = path.display().to_string();
            desk.ask(ask::InstallModel { path })?
        }
        Command::Status { wait } => {
            if *wait {
                desk.ask(ask::AwaitModel)?;
            }
            desk.ask(ask::Model)?
        }
        Command::Remove => desk.ask(ask::RemoveModel)?,
    };
    if cx.json() {
        cx.out.object(&status)?;
    } else {
        cx.out.say(told(cx, &status))?;
    }
    Ok(Exit::Done)
}

fn told(cx: &Context, status: &ModelStatus) -> String {
    let Some(model) = &status.installed else {
        return say!(
            cx.lang,
            "没有安装模型：只按字词查找",
            "no model: words alone find"
        );
    };
    let (name, dimensions) = (&model.name, model.dimensions);
    let (embedded, waiting) = (status.embedded, status.waiting);
    let hash: String = model.hash.chars().take(16).collect();
    let mut text = say!(
        cx.lang,
        "模型 {name}（{dimensions} 维，{hash}）：{embedded} 条工单已有向量，还有 {waiting} 条",
        "model {name} ({dimensions} dimensions, {hash}): {embedded} tickets embedded, {waiting} to go"
    );
    if let Some(failed) = &status.failed {
        text.push_str(&say!(cx.lang, "；已停止：{failed}", "; stopped: {failed}"));
    }
    text
}
