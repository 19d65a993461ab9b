//! What a team sets for all its agents: kept as records, because it changes the shared store.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The labels a ticket document is read by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LabelKind {
    /// Title given as a field instead of a heading.
    Title,
    /// Category.
    Category,
    /// Products and scenarios it fits.
    Scenarios,
    /// The customer's question.
    Question,
    /// The agent's replies.
    Replies,
    /// The full conversation.
    Dialogue,
    /// Root causes.
    Causes,
    /// Date.
    Date,
    /// Speaker: the customer.
    Customer,
    /// Speaker: the agent.
    Agent,
}

/// Everything a team can set. The default is what an empty store has.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct TeamSettings {
    /// More synonyms of labels, beside the built-in table.
    pub labels: BTreeMap<LabelKind, Vec<String>>,
    /// Product words that segmentation keeps whole.
    pub words: Vec<String>,
    /// Groups of words that find each other.
    pub synonyms: Vec<Vec<String>>,
    /// Contacts that masking leaves alone: the vendor's own hotline and support address.
    pub allow_contacts: Vec<String>,
    /// Optional classes that are masked too: `public_ip`, `mac`, `plate`, `address`, `company`,
    /// `order`.
    pub mask_classes: Vec<String>,
    /// Unix group or user (`@group`, `name`) → role.
    pub roles: BTreeMap<String, String>,
}

/// The name of one team setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Setting {
    /// [`TeamSettings::labels`].
    Labels,
    /// [`TeamSettings::words`].
    Words,
    /// [`TeamSettings::synonyms`].
    Synonyms,
    /// [`TeamSettings::allow_contacts`].
    AllowContacts,
    /// [`TeamSettings::mask_classes`].
    MaskClasses,
    /// [`TeamSettings::roles`].
    Roles,
}

/// A value that a setting cannot take.
#[derive(Debug, thiserror::Error)]
#[error("the value of {name} cannot be read")]
pub struct SettingError {
    /// The setting.
    pub name: &'static str,
    /// What is wrong with the value, with line and column.
    #[source]
    pub source: serde_json::Error,
}

impl Setting {
    /// All settings, in the order they are listed.
    pub const ALL: [Self; 6] = [
        Self::Labels,
        Self::Words,
        Self::Synonyms,
        Self::AllowContacts,
        Self::MaskClasses,
        Self::Roles,
    ];

    /// The name that commands and record keys use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Labels => "labels",
            Self::Words => "words",
            Self::Synonyms => "synonyms",
            Self::AllowContacts => "allow_contacts",
            Self::MaskClasses => "mask_classes",
            Self::Roles => "roles",
        }
    }

    /// Reads [`Self::name`] back.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|setting| setting.name() == name)
    }
}

/// What [`TeamSettings::mask_classes`] can name.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum OptionalClass {
    PublicIp,
    Mac,
    Plate,
    Address,
    Company,
    Order,
}

/// What [`TeamSettings::roles`] can give, by the names it is written with.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum RoleName {
    Reader,
    Agent,
    Curator,
    Admin,
}

impl TeamSettings {
    /// Whether an agent may set this value: one of the setting's shape, and a role that exists.
    ///
    /// [`Self::set`] alone takes any role's name: a store may hold what another version wrote.
    ///
    /// # Errors
    /// When the value cannot be taken, with line and column.
    pub fn check(setting: Setting, value: Option<&str>) -> Result<(), SettingError> {
        Self::default().set(setting, value)?;
        if let (Setting::Roles, Some(value)) = (setting, value) {
            serde_json::from_str::<BTreeMap<String, RoleName>>(value).map_err(|source| {
                SettingError {
                    name: setting.name(),
                    source,
                }
            })?;
        }
        if let (Setting::MaskClasses, Some(value)) = (setting, value) {
            serde_json::from_str::<Vec<OptionalClass>>(value).map_err(|source| SettingError {
                name: setting.name(),
                source,
            })?;
        }
        Ok(())
    }

    /// One setting's value as JSON text.
    pub fn get(&self, setting: Setting) -> String {
        let value = match setting {
            Setting::Labels => serde_json::to_string(&self.labels),
            Setting::Words => serde_json::to_string(&self.words),
            Setting::Synonyms => serde_json::to_string(&self.synonyms),
            Setting::AllowContacts => serde_json::to_string(&self.allow_contacts),
            Setting::MaskClasses => serde_json::to_string(&self.mask_classes),
            Setting::Roles => serde_json::to_string(&self.roles),
        };
        // Strings, lists and string-keyed maps always serialise.
        value.unwrap_or_default()
    }

    /// Sets one setting from JSON text; `None` sets its default.
    ///
    /// # Errors
    /// When the text is not JSON of the setting's shape; nothing is changed then.
    pub fn set(&mut self, setting: Setting, value: Option<&str>) -> Result<(), SettingError> {
        fn read<T: Default + for<'de> Deserialize<'de>>(
            setting: Setting,
            value: Option<&str>,
        ) -> Result<T, SettingError> {
            value
                .map_or_else(|| Ok(T::default()), serde_json::from_str)
                .map_err(|source| SettingError {
                    name: setting.name(),
                    source,
                })
        }
        match setting {
            Setting::Labels => self.labels = read(setting, value)?,
            Setting::Words => self.words = read(setting, value)?,
            Setting::Synonyms => self.synonyms = read(setting, value)?,
            Setting::AllowContacts => self.allow_contacts = read(setting, value)?,
            Setting::MaskClasses => self.mask_classes = read(setting, value)?,
            Setting::Roles => self.roles = read(setting, value)?,
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_of_the_wrong_shape_changes_nothing() {
        let mut settings = TeamSettings {
            words: vec!["对象存储".into()],
            ..Default::default()
        };
        assert!(settings.set(Setting::Words, Some("{\"a\":1}")).is_err());
        assert_eq!(settings.get(Setting::Words), "[\"对象存储\"]");
        settings.set(Setting::Words, None).unwrap();
        assert!(settings.words.is_empty());
    }

    #[test]
    fn only_optional_classes_of_masks_can_be_asked_for() {
        let check = |value: &str| TeamSettings::check(Setting::MaskClasses, Some(value));
        for class in crate::text::contacts::ContactClass::ALL {
            let value = format!("[\"{}\"]", class.name());
            assert_eq!(check(&value).is_ok(), class.is_optional(), "{value}");
        }
    }

    #[test]
    fn a_role_that_does_not_exist_cannot_be_given() {
        let refused = TeamSettings::check(Setting::Roles, Some("{\n\"lin\":\"reder\"}"));
        assert_eq!(refused.unwrap_err().source.line(), 2);
        assert!(TeamSettings::check(Setting::Roles, Some("{\"lin\":\"reader\"}")).is_ok());
        assert!(TeamSettings::check(Setting::Words, Some("[\"reder\"]")).is_ok());
    }
}
