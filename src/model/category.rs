//! The category of a ticket: product area ｜ issue type.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Separators between product area and issue type that documents use.
const SEPARATORS: [char; 6] = ['｜', '|', '>', '/', '＞', '／'];

/// A product area and, where known, an issue type in it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Category {
    /// Product area, such as `CDN`.
    pub product: String,
    /// Issue type within it, such as `证书问题`; empty where the text gives none.
    #[serde(default)]
    pub issue_type: String,
}

impl Category {
    /// Reads `产品｜类型` with any of the separators; `None` when there is no product.
    ///
    /// Only the first separator splits, so that a type may contain one.
    pub fn parse(text: &str) -> Option<Self> {
        let (product, issue_type) = text
            .split_once(SEPARATORS)
            .map_or((text, ""), |(product, rest)| (product, rest));
        let product = product.trim();
        if product.is_empty() {
            return None;
        }
        let issue_type =
            issue_type.trim_matches(|c: char| c.is_whitespace() || SEPARATORS.contains(&c));
        Some(Self {
            product: product.to_owned(),
            issue_type: issue_type.to_owned(),
        })
    }
}

impl fmt::Display for Category {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.issue_type.is_empty() {
            f.write_str(&self.product)
        } else {
            write!(f, "{}｜{}", self.product, self.issue_type)
        }
    }
}

/// A node of the category tree: a whole product area, or one issue type of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct CategoryFilter {
    /// Product area; empty = tickets without a category.
    pub product: String,
    /// Issue type; `None` = all of the product area.
    pub issue_type: Option<String>,
}

impl CategoryFilter {
    /// Reads `产品` or `产品｜类型`.
    pub fn parse(text: &str) -> Option<Self> {
        let category = Category::parse(text)?;
        let issue_type = Some(category.issue_type).filter(|t| !t.is_empty());
        Some(Self {
            product: category.product,
            issue_type,
        })
    }

    /// Whether a category lies under this node.
    pub fn holds(&self, product: &str, issue_type: &str) -> bool {
        self.product == product && self.issue_type.as_deref().is_none_or(|t| t == issue_type)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_separator_splits_product_from_type() {
        for text in [
            "CDN｜证书问题",
            "CDN | 证书问题",
            "CDN > 证书问题",
            "CDN/证书问题",
        ] {
            let category = Category::parse(text).unwrap();
            assert_eq!(
                (category.product.as_str(), category.issue_type.as_str()),
                ("CDN", "证书问题")
            );
        }
        assert_eq!(Category::parse("CDN").unwrap().to_string(), "CDN");
        assert_eq!(Category::parse(" ｜类型"), None);
    }
}
