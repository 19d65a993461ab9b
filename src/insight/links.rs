//! The addresses that agents sent whole, by which masked ones are recognised wherever they
//! stand: by the path that is left of them, and by the words before them.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::heal::{TELLING_PATH, fits, path_left};
use super::pattern::{before, hash_text, patterns, weight};
use super::url::urls;
use super::value::ValueKind;
use super::vendor::Vendor;

/// Addresses remembered at most; later ones are not learnt.
const MOST: usize = 50_000;
/// Bytes of the longest address that is remembered.
const LONGEST: usize = 240;
/// Characters before a link by which it is recognised.
const LEAD: usize = 9;
/// Fewer of them say nothing.
const LEAST_LEAD: usize = 5;
/// Share, in percent, of the uses of all addresses that fit from which one is meant.
const CERTAIN: u32 = 80;
/// Addresses that are looked at for one key.
const LOOKED_AT: usize = 64;

patterns! {
    /// Words before a link that say nothing about which one it is.
    vague = r"可以|参考|官方|文档|具体|详细|查看|链接|如下|详见|以下|这个|地址|说明|建议|您好|您|请|看|下|的|是|到|在|这";
}

/// One whole address.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Entry {
    url: Box<str>,
    /// How often agents sent it; 0 = not any more.
    uses: u32,
    /// The ticket that it was last seen in.
    source: u32,
}

/// One use of an address in a ticket.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) struct LinkUse {
    entry: u32,
    /// Hash of the words before it; 0 = they say nothing.
    lead: u64,
}

/// Whole addresses by path and by the words before them.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Links {
    entries: Vec<Entry>,
    by_url: HashMap<u64, u32>,
    by_path: HashMap<u64, Vec<u32>>,
    by_lead: HashMap<u64, Vec<(u32, u32)>>,
}

impl Links {
    /// Learns the whole addresses of a reply; gives what [`Self::remove`] takes back.
    pub(super) fn add(&mut self, no: u32, said: &str) -> Vec<LinkUse> {
        let mut out = Vec::new();
        for url in urls(said).into_iter().filter(|url| url.mark.is_none()) {
            let address = said.get(url.range.clone()).unwrap_or_default();
            let Some(entry) = self.learn(no, address) else {
                continue;
            };
            let lead = lead(before(said, url.range.start)).unwrap_or(0);
            if lead != 0 {
                let known = self.by_lead.entry(lead).or_default();
                let at = known.iter().position(|(known, _)| *known == entry);
                if let Some((_, uses)) = at.and_then(|at| known.get_mut(at)) {
                    *uses += 1;
                } else if known.len() < LOOKED_AT {
                    known.push((entry, 1));
                }
            }
            out.push(LinkUse { entry, lead });
        }
        out
    }

    /// Takes back what [`Self::add`] learnt of a ticket.
    pub(super) fn remove(&mut self, uses: &[LinkUse]) {
        for LinkUse { entry, lead } in uses {
            if let Some(entry) = self.entries.get_mut(*entry as usize) {
                entry.uses = entry.uses.saturating_sub(1);
            }
            if let Some(known) = self.by_lead.get_mut(lead) {
                for (_, uses) in known.iter_mut().filter(|(known, _)| known == entry) {
                    *uses = uses.saturating_sub(1);
                }
                known.retain(|(_, uses)| *uses > 0);
                if known.is_empty() {
                    self.by_lead.remove(lead);
                }
            }
        }
    }

    /// The vendor's address that a masked one was, with a ticket that has it whole: the only one
    /// of that path, or the only one that stands behind these words. `None` = it is not certain.
    pub(super) fn whole(
        &self,
        masked: &str,
        words_before: &str,
        vendor: &Vendor,
    ) -> Option<(&str, u32)> {
        let by_path = self.by_path(masked, vendor);
        let found = by_path.or_else(|| {
            let known = self.by_lead.get(&lead(words_before)?)?;
            self.certain(known.iter().copied(), masked, vendor)
        });
        found.map(|entry| (entry.url.as_ref(), entry.source))
    }

    fn by_path(&self, masked: &str, vendor: &Vendor) -> Option<&Entry> {
        if path_left(masked) < TELLING_PATH {
            return None;
        }
        let known = self.by_path.get(&path_hash(masked)?)?;
        let uses = |no: &u32| Some((*no, self.entries.get(*no as usize)?.uses));
        self.certain(known.iter().filter_map(uses), masked, vendor)
    }

    fn certain(
        &self,
        known: impl Iterator<Item = (u32, u32)>,
        masked: &str,
        vendor: &Vendor,
    ) -> Option<&Entry> {
        let fitting = known.filter_map(|(no, uses)| Some((self.entries.get(no as usize)?, uses)));
        let fitting: Vec<(&Entry, u32)> = fitting
            .filter(|(entry, uses)| {
                *uses > 0
                    && entry.uses > 0
                    && fits(masked, &entry.url)
                    && vendor.owns(ValueKind::Url, &entry.url)
            })
            .collect();
        // The same page by http and by https is one.
        let page = |entry: &Entry| entry.url.split_once("://").map(|(_, page)| page.to_owned());
        let best = fitting
            .iter()
            .max_by_key(|(entry, uses)| (*uses, &entry.url))?;
        let meant = fitting.iter().filter(|(e, _)| page(e) == page(best.0));
        let meant: u32 = meant.map(|(_, uses)| uses).sum();
        let all: u32 = fitting.iter().map(|(_, uses)| uses).sum();
        (meant * 100 >= all * CERTAIN).then_some(best.0)
    }

    fn learn(&mut self, no: u32, address: &str) -> Option<u32> {
        let key = hash_text(address);
        let next = self.entries.len() as u32;
        if let Some(known) = self.by_url.get(&key) {
            let entry = self.entries.get_mut(*known as usize)?;
            entry.uses += 1;
            entry.source = no;
            return Some(*known);
        }
        if self.entries.len() >= MOST || address.len() > LONGEST {
            return None;
        }
        self.entries.push(Entry {
            url: address.into(),
            uses: 1,
            source: no,
        });
        self.by_url.insert(key, next);
        if let Some(path) = path_hash(address) {
            let known = self.by_path.entry(path).or_default();
            if known.len() < LOOKED_AT {
                known.push(next);
            }
        }
        Some(next)
    }
}

/// Hash of what stands behind the host.
fn path_hash(address: &str) -> Option<u64> {
    let (_, rest) = address.split_once("://")?;
    let (_, path) = rest.split_once('/')?;
    let path = path.trim_end_matches('/');
    (!path.is_empty()).then(|| hash_text(path))
}

/// Hash of the words before a link, where they say which one it is.
fn lead(head: &str) -> Option<u64> {
    let mut last: Vec<char> = head
        .chars()
        .rev()
        .filter(|c| c.is_alphanumeric())
        .take(LEAD)
        .collect();
    last.reverse();
    let words: String = last.into_iter().collect::<String>().to_lowercase();
    (weight(&vague().replace_all(&words, "")) >= LEAST_LEAD).then(|| hash_text(&words).max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vendor() -> Vendor {
        let mut vendor = Vendor::default();
        vendor.allow(["cloud.test".to_owned()]);
        vendor
    }

    #[test]
    fn a_masked_host_is_told_by_its_path() {
        let mut links = Links::default();
        links.add(3, "入口https://console.cloud.test/cdn/statistics/top。");
        let found = links.whole("http://c***.cloud.test/cdn/statistics/top", "", &vendor());
        assert_eq!(
            found,
            Some(("https://console.cloud.test/cdn/statistics/top", 3))
        );
        assert_eq!(
            links.whole("http://d***.cloud.test/cdn/statistics/top", "", &vendor()),
            None
        );
        assert_eq!(
            links.whole("http://c***.cloud.test/cdn", "", &vendor()),
            None
        );
    }

    #[test]
    fn a_masked_path_is_told_by_the_words_before_it_where_they_mean_one_page() {
        let mut links = Links::default();
        let uses = links.add(1, "批量下载命令说明见https://docs.cloud.test/cli/get");
        let masked = "https://docs.cloud.test/[URL已脱敏]";
        let before = "您好，批量下载命令说明见";
        let found = links.whole(masked, before, &vendor());
        assert_eq!(
            found.map(|(url, _)| url),
            Some("https://docs.cloud.test/cli/get")
        );
        assert_eq!(links.whole(masked, "具体请参考文档", &vendor()), None);
        links.add(2, "批量下载命令说明见https://docs.cloud.test/cli/other");
        assert_eq!(links.whole(masked, before, &vendor()), None);
        links.remove(&uses);
        let found = links.whole(masked, before, &vendor());
        assert_eq!(
            found.map(|(url, _)| url),
            Some("https://docs.cloud.test/cli/other")
        );
    }

    #[test]
    fn a_customers_page_fills_nothing() {
        let mut links = Links::default();
        links.add(1, "您看https://www.shop.example/pages/index");
        assert_eq!(
            links.whole("https://w***.shop.example/pages/index", "", &vendor()),
            None
        );
    }
}
