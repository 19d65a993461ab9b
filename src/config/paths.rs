//! Where things lie: the XDG base directories, and what comes before them.

use std::path::{Path, PathBuf};

use super::{ConfigError, Env};

/// The directory that is ours in each base directory.
const OURS: &str = "gongdan";

/// The host's configuration, unless the environment names another.
const HOST_CONFIG: &str = "/etc/gongdan/config.toml";

/// Where things lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paths {
    /// Store, index, lock and socket.
    pub data: PathBuf,
    /// One person's configuration.
    pub config: PathBuf,
    /// The host's configuration.
    pub host_config: PathBuf,
    /// One person's keymap.
    pub keymap: PathBuf,
    /// What outlives a session but nobody misses: histories, logs, copies that had to be files.
    pub state: PathBuf,
    /// What can be made again.
    pub cache: PathBuf,
    /// Gone at the last logout: a socket that cannot lie in the data directory.
    pub runtime: Option<PathBuf>,
    home: Option<PathBuf>,
}

impl Paths {
    /// The paths of a person; `data_dir` is the command line's.
    ///
    /// # Errors
    /// When there is no `HOME` and something would have to lie in it.
    pub fn new(env: &Env, data_dir: Option<&Path>) -> Result<Self, ConfigError> {
        let base = |given: &Option<PathBuf>, under: &str| -> Result<PathBuf, ConfigError> {
            let base = match (given, &env.home) {
                (Some(base), _) => base.clone(),
                (None, Some(home)) => home.join(under),
                (None, None) => return Err(ConfigError::NoHome),
            };
            Ok(base.join(OURS))
        };
        let data = match data_dir.map(Path::to_path_buf).or(env.data_dir.clone()) {
            Some(named) => named,
            None => base(&env.data_home, ".local/share")?,
        };
        // A service user may have no home; its data directory then holds the rest.
        let or_data = |found: Result<PathBuf, ConfigError>| found.unwrap_or_else(|_| data.clone());
        let config = or_data(base(&env.config_home, ".config"));
        Ok(Self {
            config: config.join("config.toml"),
            keymap: config.join("keymap.toml"),
            host_config: env.host_config.clone().unwrap_or(HOST_CONFIG.into()),
            state: or_data(base(&env.state_home, ".local/state")),
            cache: or_data(base(&env.cache_home, ".cache")),
            runtime: env.runtime_dir.as_ref().map(|dir| dir.join(OURS)),
            home: env.home.clone(),
            data,
        })
    }

    /// A path as a configuration writes it: `~/` is the home, a relative one lies beside the
    /// person's configuration.
    pub(super) fn resolve(&self, path: &Path) -> PathBuf {
        match (path.strip_prefix("~"), &self.home) {
            (Ok(rest), Some(home)) => home.join(rest),
            _ => self.config.with_file_name("").join(path),
        }
    }
}
