//! Which domains and contacts are the vendor's own: those that agents write to many customers.

use std::collections::{BTreeSet, HashMap, HashSet};

use serde::{Deserialize, Serialize};

use super::value::{Value, ValueKind, values};

/// Tickets in whose agents' replies a domain or contact must stand to count as the vendor's.
const ENOUGH: u32 = 3;

/// Sites that are nobody's: standards, tools, authorities.
const PUBLIC: [&str; 17] = [
    "apache.org",
    "apple.com",
    "digicert.com",
    "docker.com",
    "github.com",
    "github.io",
    "google.com",
    "letsencrypt.org",
    "microsoft.com",
    "miit.gov.cn",
    "mozilla.org",
    "nginx.org",
    "npmjs.com",
    "openssl.org",
    "python.org",
    "trustasia.com",
    "w3.org",
];

/// Suffixes under which names are registered one level deeper.
const SECOND_LEVEL: [&str; 7] = ["com", "net", "org", "gov", "edu", "ac", "co"];

/// Counts domains and contacts over the agents' replies of tickets.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Vendor {
    by_name: HashMap<String, u32>,
    /// Tickets by name's number.
    tickets: Vec<u32>,
    allowed: BTreeSet<String>,
    /// Hashes of names that customers wrote. They stay when a ticket goes: that errs on the
    /// side of calling a name a customer's.
    heard: HashSet<u64>,
}

impl Vendor {
    /// Allows contacts that a team names, beside those that are counted.
    pub fn allow(&mut self, contacts: impl IntoIterator<Item = String>) {
        self.allowed = contacts
            .into_iter()
            .map(|c| c.trim().to_lowercase())
            .collect();
    }

    /// Counts what one ticket's agents wrote, and its customer had not; gives the names' numbers.
    pub(super) fn add<'a>(&mut self, names: impl IntoIterator<Item = &'a String>) -> Box<[u32]> {
        let mut out = Vec::new();
        for name in names {
            let next = self.tickets.len() as u32;
            let no = *self.by_name.entry(name.clone()).or_insert(next);
            if no == next {
                self.tickets.push(0);
            }
            if let Some(count) = self.tickets.get_mut(no as usize) {
                *count += 1;
            }
            out.push(no);
        }
        out.into_boxed_slice()
    }

    /// Takes back what [`Self::add`] counted.
    pub(super) fn remove(&mut self, names: &[u32]) {
        for no in names {
            if let Some(count) = self.tickets.get_mut(*no as usize) {
                *count = count.saturating_sub(1);
            }
        }
    }

    /// Remembers what one ticket's customer wrote.
    pub(super) fn heard(&mut self, names: &BTreeSet<String>) {
        self.heard
            .extend(names.iter().map(|name| super::pattern::hash_text(name)));
    }

    /// Whether a customer wrote this domain or contact somewhere.
    pub(super) fn is_customers(&self, kind: ValueKind, value: &str) -> bool {
        name_of(kind, value)
            .is_some_and(|name| self.heard.contains(&super::pattern::hash_text(&name)))
    }

    /// Whether a value of this kind is the vendor's own, so that any customer may read it.
    pub fn owns(&self, kind: ValueKind, value: &str) -> bool {
        name_of(kind, value).is_some_and(|name| {
            let site = matches!(kind, ValueKind::Url | ValueKind::Domain);
            (site && PUBLIC.contains(&name.as_str()))
                || self.allowed.contains(&name)
                || self.allowed.contains(&value.to_lowercase())
                || at(value).is_some_and(|domain| self.allowed.contains(&domain))
                || self.count(&name) >= ENOUGH
        })
    }

    fn count(&self, name: &str) -> u32 {
        self.by_name
            .get(name)
            .and_then(|no| self.tickets.get(*no as usize))
            .copied()
            .unwrap_or(0)
    }
}

/// The names that a ticket's agents wrote: registered domains, phones, mail addresses.
pub(super) fn names<'a>(replies: impl IntoIterator<Item = &'a str>) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    for text in replies {
        let text = super::normal::capped(text);
        for Value { range, kind } in values(text) {
            let value = text.get(range).unwrap_or_default();
            out.extend(name_of(kind, value));
        }
    }
    out
}

/// The names that a ticket's customer wrote: as of agents, and the domains of mail addresses.
pub(super) fn customers_names<'a>(texts: impl IntoIterator<Item = &'a str>) -> BTreeSet<String> {
    let mut out = names(texts);
    let domains: Vec<String> = out.iter().filter_map(|name| at(name)).collect();
    out.extend(domains);
    out
}

/// The registered domain of a mail address.
fn at(address: &str) -> Option<String> {
    let (_, domain) = address.rsplit_once('@')?;
    registered(domain)
}

/// Under which name a value is counted; `None` = such values are never the vendor's.
fn name_of(kind: ValueKind, value: &str) -> Option<String> {
    match kind {
        ValueKind::Url => registered(host(value)),
        ValueKind::Domain => registered(value),
        // Everybody has an address at the same mail hosts.
        ValueKind::Email | ValueKind::Phone | ValueKind::Encoded => Some(value.to_lowercase()),
        ValueKind::Ip
        | ValueKind::InstanceId
        | ValueKind::OrderId
        | ValueKind::AccountId
        | ValueKind::Date
        | ValueKind::Amount
        | ValueKind::Mark
        | ValueKind::Text => None,
    }
}

/// The host of a web address.
pub(super) fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split(['/', '?', '#', ':', '['])
        .next()
        .unwrap_or_default()
}

/// The registered part of a domain name, in small letters.
pub(super) fn registered(domain: &str) -> Option<String> {
    let domain = domain.trim_matches('.').to_lowercase();
    let labels: Vec<&str> = domain.split('.').collect();
    let deep = labels.len() >= 3
        && labels
            .get(labels.len() - 2)
            .is_some_and(|label| SECOND_LEVEL.contains(label));
    let keep = if deep { 3 } else { 2 };
    (labels.len() >= 2).then(|| {
        labels
            .get(labels.len().saturating_sub(keep)..)
            .unwrap_or_default()
            .join(".")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_in_three_tickets_replies_is_the_vendors() {
        let mut vendor = Vendor::default();
        let reply = "请见https://console.cloud.example/list";
        for _ in 0..2 {
            vendor.add(&names([reply, reply]));
        }
        assert!(!vendor.owns(ValueKind::Domain, "doc.cloud.example"));
        let last = vendor.add(&names([reply]));
        assert!(vendor.owns(ValueKind::Domain, "doc.cloud.example"));
        vendor.remove(&last);
        assert!(!vendor.owns(ValueKind::Url, "https://doc.cloud.example/x"));
    }

    #[test]
    fn a_mail_address_is_the_vendors_only_by_itself() {
        let mut vendor = Vendor::default();
        let reply = "请在 mail.qq.example 查收，或写信到 help@cloud.example";
        for _ in 0..3 {
            vendor.add(&names([reply]));
        }
        assert!(vendor.owns(ValueKind::Domain, "mail.qq.example"));
        assert!(vendor.owns(ValueKind::Email, "Help@cloud.example"));
        assert!(!vendor.owns(ValueKind::Email, "zhangsan@qq.example"));
        assert!(!vendor.owns(ValueKind::Email, "boss@cloud.example"));
        vendor.allow(["cloud.example".to_owned()]);
        assert!(vendor.owns(ValueKind::Email, "boss@cloud.example"));
    }

    #[test]
    fn names_are_registered_below_two_part_suffixes() {
        assert_eq!(
            registered("a.b.shop.com.cn").as_deref(),
            Some("shop.com.cn")
        );
        assert_eq!(
            registered("WWW.Shop.example").as_deref(),
            Some("shop.example")
        );
        assert_eq!(registered("localhost"), None);
    }
}
