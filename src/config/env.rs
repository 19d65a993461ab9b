//! The part of the environment that settings and paths depend on.

use std::ffi::OsString;
use std::path::PathBuf;

use super::{Choice, ConfigError, Language};

/// What the environment says, read once by whoever starts the program.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Env {
    /// `HOME`.
    pub home: Option<PathBuf>,
    /// `XDG_DATA_HOME`.
    pub data_home: Option<PathBuf>,
    /// `XDG_CONFIG_HOME`.
    pub config_home: Option<PathBuf>,
    /// `XDG_STATE_HOME`.
    pub state_home: Option<PathBuf>,
    /// `XDG_CACHE_HOME`.
    pub cache_home: Option<PathBuf>,
    /// `XDG_RUNTIME_DIR`.
    pub runtime_dir: Option<PathBuf>,
    /// `GONGDAN_DATA_DIR`.
    pub data_dir: Option<PathBuf>,
    /// `GONGDAN_HOST_CONFIG`: the host's layer, where it is not in `/etc/gongdan`.
    pub host_config: Option<PathBuf>,
    /// `GONGDAN_LANG`.
    pub lang: Option<String>,
    /// Whether `NO_COLOR` is set.
    pub no_color: bool,
    /// Whether this is a session over SSH.
    pub ssh: bool,
}

impl Env {
    /// Takes what it needs from variables; empty ones count as unset.
    pub fn from_vars(get: impl Fn(&str) -> Option<OsString>) -> Self {
        let var = |name: &str| get(name).filter(|value| !value.is_empty());
        let path = |name: &str| var(name).map(PathBuf::from);
        // The base-directory specification has relative paths ignored.
        let base = |name: &str| path(name).filter(|path| path.is_absolute());
        Self {
            home: base("HOME"),
            data_home: base("XDG_DATA_HOME"),
            config_home: base("XDG_CONFIG_HOME"),
            state_home: base("XDG_STATE_HOME"),
            cache_home: base("XDG_CACHE_HOME"),
            runtime_dir: base("XDG_RUNTIME_DIR"),
            data_dir: path("GONGDAN_DATA_DIR"),
            host_config: path("GONGDAN_HOST_CONFIG"),
            lang: var("GONGDAN_LANG").map(|lang| lang.to_string_lossy().into_owned()),
            no_color: var("NO_COLOR").is_some(),
            ssh: ["SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY"]
                .into_iter()
                .any(|name| var(name).is_some()),
        }
    }

    /// The language that `GONGDAN_LANG` names.
    pub(super) fn language(&self) -> Result<Option<Language>, ConfigError> {
        let Some(name) = &self.lang else {
            return Ok(None);
        };
        let language = Language::parse(name).ok_or_else(|| ConfigError::Variable {
            variable: "GONGDAN_LANG",
            value: name.clone(),
            allowed: Language::names(),
        })?;
        Ok(Some(language))
    }
}
