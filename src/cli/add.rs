//! `gongdan add -`: one solved case by paste.

use super::context::Context;
use super::failure::{Exit, Failure};
use super::import::{self, Content, Document};
use super::say::say;
use super::similar::standard_input;
use super::time;
use crate::api::ImportOptions;
use crate::words::Lang;

/// The dataset of cases added one by one.
const DATASET: &str = "added";

/// Add one solved case from standard input
#[derive(Debug, clap::Args)]
pub struct Args {
    /// - for standard input
    #[arg(value_name = "-", value_parser = ["-"])]
    from: String,
    /// Store telephone numbers, keys and the like as they are
    #[arg(long)]
    no_mask: bool,
}

/// Adds one case.
///
/// It is read once without storing anything: what holds no ticket would become an article.
///
/// # Errors
/// When the text is not one ticket, or the desk fails.
pub fn run(args: &Args, cx: &mut Context) -> Result<Exit, Failure> {
    let text = standard_input()?;
    let options = |dry_run| ImportOptions {
        dataset: Some(DATASET.to_owned()),
        articles: false,
        dry_run,
        no_mask: args.no_mask,
        list_masks: false,
        columns: Vec::new(),
    };
    let desk = cx.desk()?;
    let tried = import::feed(cx, &desk, options(true), document(&text))?;
    if tried.report.tickets != 1 {
        return Err(not_one(tried.report.tickets, cx.lang));
    }
    let fed = import::feed(cx, &desk, options(false), document(&text))?;
    import::tell(cx, &fed)
}

/// Every case has a name of its own, or the next would be taken for a newer version of it.
fn document(text: &str) -> Vec<Document> {
    let now = time::compact(jiff::Timestamp::now());
    vec![Document {
        name: format!("{now}.md"),
        content: Content::Bytes(text.as_bytes().to_vec()),
    }]
}

fn not_one(found: usize, lang: Lang) -> Failure {
    let hint = if found == 0 {
        say!(
            lang,
            "写成：# 标题、**问题分类**: 产品｜类型、### 问题描述、### 客服解答、### 根本原因",
            "write it as: # title, **问题分类**: PRODUCT｜TYPE, ### 问题描述, ### 客服解答, ### 根本原因"
        )
    } else {
        say!(
            lang,
            "多条请用 gongdan import -",
            "for several use `gongdan import -`"
        )
    };
    Failure::Usage {
        message: say!(
            lang,
            "要一条工单，读到 {found} 条",
            "one ticket is wanted, {found} were read"
        ),
        hint: Some(hint),
    }
}
