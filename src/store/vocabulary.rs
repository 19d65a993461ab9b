//! The vocabulary of root causes, found by id, name or earlier name.

use std::collections::{BTreeMap, HashMap};

use crate::model::{Cause, CauseId, CauseStatus};

/// Merges followed at most, so that a ring of them ends.
const MERGES: usize = 32;

/// All root causes, by id and by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Vocabulary {
    causes: BTreeMap<CauseId, Cause>,
    /// Normalised name or alias → entry. A name beats an alias.
    names: HashMap<String, CauseId>,
}

impl Vocabulary {
    /// Every entry by id, retired and merged ones included.
    pub fn entries(&self) -> impl Iterator<Item = &Cause> {
        self.causes.values()
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.causes.len()
    }

    /// Whether there is no entry.
    pub fn is_empty(&self) -> bool {
        self.causes.is_empty()
    }

    /// The entry of an id as it is, merged or not.
    pub fn get(&self, id: CauseId) -> Option<&Cause> {
        self.causes.get(&id)
    }

    /// The entry that takes a cause's place today, after merges.
    pub fn resolve(&self, id: CauseId) -> CauseId {
        let mut at = id;
        for _ in 0..MERGES {
            match self.causes.get(&at).map(|cause| cause.status) {
                Some(CauseStatus::Merged(into)) => at = into,
                Some(CauseStatus::Active | CauseStatus::Retired) | None => break,
            }
        }
        at
    }

    /// Finds an entry by name, earlier name or id, whatever its case, spaces and width; merges
    /// are followed.
    pub fn find(&self, text: &str) -> Option<&Cause> {
        let by_name = self.names.get(&normalised(text)).copied();
        let id = by_name.or_else(|| text.trim().parse().ok())?;
        self.causes.get(&self.resolve(id))
    }

    /// The entry that has this very name today, whatever its case, spaces and width.
    pub(super) fn named(&self, name: &str) -> Option<&Cause> {
        let id = self.names.get(&normalised(name))?;
        let cause = self.causes.get(id)?;
        (normalised(&cause.name) == normalised(name)).then_some(cause)
    }

    /// The entry that a name or alias stands for, merges not followed: so that parting a merge
    /// gives documents their cause back.
    pub(super) fn called(&self, name: &str) -> Option<CauseId> {
        self.names.get(&normalised(name)).copied()
    }

    /// Puts an entry in, in the place of its former self.
    pub(super) fn put(&mut self, cause: Cause) {
        self.causes.insert(cause.id, cause);
        self.rename();
    }

    /// Puts an entry in whose id and names are all new.
    pub(super) fn put_new(&mut self, cause: Cause) {
        self.names.insert(normalised(&cause.name), cause.id);
        self.causes.insert(cause.id, cause);
    }

    /// Takes in many entries.
    pub(super) fn put_all(&mut self, causes: Vec<Cause>) {
        self.causes
            .extend(causes.into_iter().map(|cause| (cause.id, cause)));
        self.rename();
    }

    /// Takes an entry out.
    pub(super) fn drop(&mut self, id: CauseId) {
        self.causes.remove(&id);
        self.rename();
    }

    fn rename(&mut self) {
        self.names.clear();
        for cause in self.causes.values() {
            for alias in &cause.aliases {
                self.names.entry(normalised(alias)).or_insert(cause.id);
            }
        }
        // Names after aliases, and those in use last, so that they win.
        for in_use in [false, true] {
            for cause in self.causes.values() {
                if in_use == (cause.status == CauseStatus::Active) {
                    self.names.insert(normalised(&cause.name), cause.id);
                }
            }
        }
    }
}

/// The id of a cause that is first called so.
pub fn cause_id(name: &str) -> CauseId {
    CauseId::from_hash(blake3::hash(normalised(name).as_bytes()).as_bytes())
}

/// A name without case, spaces and full width.
pub(super) fn normalised(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| match c {
            // Full-width forms lie at a fixed distance from ASCII.
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
            other => other,
        })
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Revision;

    fn cause(name: &str, aliases: &[&str], status: CauseStatus) -> Cause {
        Cause {
            id: cause_id(name),
            name: name.to_owned(),
            group: String::new(),
            aliases: aliases.iter().map(|a| (*a).to_owned()).collect(),
            status,
            revision: Revision(0),
        }
    }

    #[test]
    fn a_cause_is_found_whatever_case_space_and_width() {
        let mut vocabulary = Vocabulary::default();
        vocabulary.put_new(cause("CNAME 未生效", &[], CauseStatus::Active));
        let id = cause_id("CNAME 未生效");
        for text in ["cname未生效", "ＣＮＡＭＥ　未生效", id.as_str()] {
            assert_eq!(vocabulary.find(text).map(|c| c.id), Some(id));
        }
        assert_eq!(vocabulary.find("别的"), None);
    }

    #[test]
    fn a_merged_cause_leads_to_its_heir_and_a_ring_ends() {
        let mut vocabulary = Vocabulary::default();
        vocabulary.put(cause("甲", &["旧甲"], CauseStatus::Merged(cause_id("乙"))));
        vocabulary.put(cause("乙", &[], CauseStatus::Active));
        assert_eq!(vocabulary.find("旧甲").map(|c| c.name.as_str()), Some("乙"));
        vocabulary.put(cause("乙", &[], CauseStatus::Merged(cause_id("甲"))));
        assert!(vocabulary.find("甲").is_some());
    }
}
