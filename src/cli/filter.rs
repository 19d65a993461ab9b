//! The options that narrow a list or a search.

use clap::builder::PossibleValuesParser;

use super::failure::Failure;
use super::say::say;
use crate::api::{Desk, DeskError, DeskExt, ask};
use crate::model::{CategoryFilter, CauseId, CauseState, TicketFilter};
use crate::words::Lang;

/// What must hold of a ticket.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Filter {
    /// Only this product area, or issue type of it: 产品 or 产品｜类型
    #[arg(long, value_name = "产品[｜类型]")]
    pub category: Option<String>,
    /// Only tickets whose root cause is in this state
    #[arg(long, value_name = "STATE", value_parser = states())]
    pub cause_state: Option<String>,
    /// Only tickets with this root cause, by name or id
    #[arg(long, value_name = "CAUSE")]
    pub cause: Option<String>,
    /// Only tickets of this dataset
    #[arg(long, value_name = "NAME")]
    pub dataset: Option<String>,
}

fn states() -> PossibleValuesParser {
    PossibleValuesParser::new(CauseState::ALL.map(CauseState::name))
}

impl Filter {
    /// The filter as the desk takes it.
    ///
    /// # Errors
    /// A category without a product, or a cause that the vocabulary does not have.
    pub fn resolve(&self, desk: &dyn Desk, lang: Lang) -> Result<TicketFilter, Failure> {
        let category = self
            .category
            .as_deref()
            .map(|text| category(text, lang))
            .transpose()?;
        let cause = self
            .cause
            .as_deref()
            .map(|name| cause(desk, name))
            .transpose()?;
        Ok(TicketFilter {
            category,
            cause_state: self.cause_state.as_deref().and_then(CauseState::parse),
            cause,
            dataset: self.dataset.clone(),
        })
    }
}

/// A node of the category tree; `-` alone means tickets without a category.
///
/// # Errors
/// When there is no product.
pub fn category(text: &str, lang: Lang) -> Result<CategoryFilter, Failure> {
    if text == "-" {
        return Ok(CategoryFilter {
            product: String::new(),
            issue_type: None,
        });
    }
    CategoryFilter::parse(text).ok_or_else(|| Failure::Usage {
        message: say!(
            lang,
            "类别「{text}」没有产品",
            "the category “{text}” has no product"
        ),
        hint: Some(say!(
            lang,
            "写成 产品 或 产品｜类型；未分类写 -",
            "write PRODUCT or PRODUCT｜TYPE; `-` means tickets without one"
        )),
    })
}

fn cause(desk: &dyn Desk, name: &str) -> Result<CauseId, Failure> {
    let rows = desk.ask(ask::Vocabulary)?;
    rows.iter()
        .map(|row| &row.cause)
        .find(|cause| {
            cause.name == name
                || cause.id.as_str() == name
                || cause.aliases.iter().any(|alias| alias == name)
        })
        .map(|cause| cause.id)
        .ok_or_else(|| {
            DeskError::UnknownCause {
                name: name.to_owned(),
                candidates: vec![],
            }
            .into()
        })
}
