//! Values that an agent filled in before, by the name of the blank.
//!
//! They are the agent's own, kept in a file that nobody else can read, and few. A form names
//! them for what they are, for a value of one customer must not slip into another's reply.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};
use tempfile::NamedTempFile;

/// Blanks remembered.
const NAMES: usize = 40;

/// Values remembered of each.
const VALUES: usize = 5;

/// Characters of the longest value that is remembered.
const LONGEST: usize = 120;

/// Values by the name of the blank, those used last first.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Memory {
    /// The name used last stands last.
    names: Vec<(String, Vec<String>)>,
}

impl Memory {
    /// Values filled in for a blank of this name, the newest first.
    pub fn values(&self, name: &str) -> &[String] {
        let known = self.names.iter().find(|(known, _)| known == name);
        known.map_or(&[], |(_, values)| values.as_slice())
    }

    /// Remembers what was filled in, and forgets what was used longest ago.
    pub fn remember(&mut self, filled: &BTreeMap<String, String>) {
        for (name, value) in filled {
            if value.is_empty() || value.chars().count() > LONGEST {
                continue;
            }
            let at = self.names.iter().position(|(known, _)| known == name);
            let known = at.map(|at| self.names.remove(at));
            let mut values = known.map_or_else(Vec::new, |(_, values)| values);
            values.retain(|known| known != value);
            values.insert(0, value.clone());
            values.truncate(VALUES);
            self.names.push((name.clone(), values));
        }
        let over = self.names.len().saturating_sub(NAMES);
        self.names.drain(..over);
    }

    /// Reads a memory; one that is missing or damaged is empty, for nobody would miss it.
    pub fn load(path: &Path) -> Self {
        std::fs::read(path)
            .ok()
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .unwrap_or_default()
    }

    /// Adds what was filled in to the file, which another workbench may have written meanwhile.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn add_to(path: &Path, filled: &BTreeMap<String, String>) -> io::Result<()> {
        let mut memory = Self::load(path);
        memory.remember(filled);
        let parent = path.parent().unwrap_or(Path::new("."));
        std::fs::create_dir_all(parent)?;
        // Temporary files have mode 0600.
        let mut file = NamedTempFile::new_in(parent)?;
        file.write_all(&serde_json::to_vec(&memory)?)?;
        file.persist(path).map_err(|error| error.error)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn filled(name: &str, value: &str) -> BTreeMap<String, String> {
        BTreeMap::from([(name.to_owned(), value.to_owned())])
    }

    #[test]
    fn the_newest_values_come_first_and_the_oldest_are_forgotten() {
        let mut memory = Memory::default();
        for value in ["a", "b", "c", "d", "e", "f", "b", ""] {
            memory.remember(&filled("域名", value));
        }
        assert_eq!(memory.values("域名"), ["b", "f", "e", "d", "c"]);
        for n in 0..NAMES {
            memory.remember(&filled(&format!("空位{n}"), "x"));
        }
        assert!(memory.values("域名").is_empty());
        memory.remember(&filled("长", &"长".repeat(LONGEST + 1)));
        assert!(memory.values("长").is_empty());
    }

    #[test]
    fn what_two_workbenches_remember_is_kept_for_its_owner_alone() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("gongdan/slots.json");
        Memory::add_to(&path, &filled("域名", "a.fig.test")).unwrap();
        Memory::add_to(&path, &filled("域名", "b.fig.test")).unwrap();
        assert_eq!(
            Memory::load(&path).values("域名"),
            ["b.fig.test", "a.fig.test"]
        );
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        std::fs::write(&path, "{{").unwrap();
        assert_eq!(Memory::load(&path), Memory::default());
    }
}
