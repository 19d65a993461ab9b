//! How a copy with a broken link finds the copies that kept theirs.

use crate::insight::heal::broken_links;
use crate::insight::normal::{canonical, parts, substance};
use crate::insight::pattern::{before, hash_text, weight};
use crate::insight::url::urls;

/// Substance of the words before a link that two copies are recognised by.
const LEAD: usize = 4;

/// What copies with a broken link are recognised by: everything they say before the link.
#[derive(Debug)]
pub(super) struct Leads {
    /// Whether a link of the text is broken.
    pub(super) broken: bool,
    /// Of the words before the link.
    pub(super) hashes: Vec<u64>,
}

impl Leads {
    /// The words before the first broken link, or before each link of a whole text.
    pub(super) fn of(text: &str) -> Self {
        let body = parts(text).body;
        let broken = broken_links(body);
        let ends: Vec<usize> = match broken.first() {
            Some(first) => vec![first.start],
            None => urls(body)
                .into_iter()
                .map(|url| url.range.start)
                .take(4)
                .collect(),
        };
        let hashes = ends
            .into_iter()
            .map(|end| before(body, end))
            .filter(|lead| substance(lead) >= LEAD && specific(lead))
            .map(|lead| hash_text(&canonical(lead)))
            .collect();
        Self {
            broken: !broken.is_empty(),
            hashes,
        }
    }
}

/// Whether the words before a link say which link it is: 具体可以参考官方文档 does not.
fn specific(lead: &str) -> bool {
    let mut rest = lead.to_owned();
    for word in [
        "可以", "参考", "官方", "文档", "具体", "详细", "查看", "链接", "如下", "详见", "以下",
        "这个", "地址", "说明", "建议", "您", "请", "看", "下",
    ] {
        rest = rest.replace(word, "");
    }
    weight(&rest) >= 6
}
