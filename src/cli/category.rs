//! `gongdan category`: correcting where a ticket is filed.

use clap::Subcommand;

use super::acts;
use super::context::Context;
use super::failure::{Exit, Failure};
use super::{ids, wait};
use crate::api::{DeskError, Recategorise, Target};
use crate::model::{Category, Revision};

/// Correct the category of a ticket
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Set the category of tickets
    Set {
        /// The ticket, by any unique prefix of its id; several with commas, - reads them from standard input
        id: String,
        /// 产品 or 产品｜类型
        #[arg(value_name = "产品｜类型", required_unless_present = "given")]
        category: Option<String>,
        /// Go back to the category the document gave
        #[arg(long, conflicts_with = "category")]
        given: bool,
        /// Why
        #[arg(
            long,
            value_name = "TEXT",
            default_value = "",
            hide_default_value = true
        )]
        note: String,
        /// The ticket's look-alikes too: one change, one undo
        #[arg(long, conflicts_with = "base_rev")]
        group: bool,
        /// The revision the decision was made against; a newer one makes it a conflict
        #[arg(long, value_name = "N")]
        base_rev: Option<u32>,
    },
}

/// Corrects a category.
///
/// # Errors
/// When the desk cannot be opened or refuses.
pub fn run(args: &Args, cx: &mut Context) -> Result<Exit, Failure> {
    let Command::Set {
        id,
        category,
        given: _,
        note,
        group,
        base_rev,
    } = &args.command;
    let category = match category {
        None => None,
        Some(text) => Some(Category::parse(text).ok_or_else(|| DeskError::BadCategory {
            text: text.to_owned(),
        })?),
    };
    let desk = cx.desk()?;
    let mut ids = ids::given([id])?;
    if *group {
        wait::for_insight(&*desk, cx)?;
        ids = ids::with_lookalikes(&*desk, &ids, |_| true)?;
    }
    let base_rev = base_rev.map(Revision);
    let request = Recategorise {
        targets: ids.into_iter().map(|id| Target { id, base_rev }).collect(),
        category,
        note: note.clone(),
    };
    acts::perform(cx, &*desk, request)
}
