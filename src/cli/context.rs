//! What every command is given: language, settings, output and the way to the desk.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::connect::{SOCKET_VARIABLE, TEAM_SOCKET, Way};
use super::environment::variable;
use super::failure::Failure;
use super::output::{Form, Output};
use crate::api::Desk;
use crate::config::{Choice, ConfigError, Env, Language, Overrides, Paths, Settings};
use crate::daemon::Where;
use crate::words::Lang;

/// What is known before the arguments are parsed: how to say that they cannot be.
pub struct Early {
    /// The environment, read once.
    pub env: Env,
    /// The person's and the host's settings, as far as they are right.
    pub settings: Settings,
    /// What is wrong in a configuration.
    pub problems: Vec<ConfigError>,
    /// For whom the output is.
    pub form: Form,
}

impl Early {
    /// Reads environment, configuration, and of the arguments what these depend on.
    ///
    /// # Errors
    /// When there is neither `HOME` nor a data directory.
    pub fn read(args: &[OsString]) -> Result<Self, ConfigError> {
        let env = Env::from_vars(|name| std::env::var_os(name));
        let data_dir = option(args, "--data-dir").map(PathBuf::from);
        let paths = Paths::new(&env, data_dir.as_deref())?;
        let language = option(args, "--lang").and_then(|name| Language::parse(name.to_str()?));
        let (settings, problems) = Settings::load(&paths, &env, Overrides { language });
        Ok(Self {
            env,
            settings,
            problems,
            form: form(args),
        })
    }

    /// The language people are spoken to in.
    pub fn lang(&self) -> Lang {
        match self.settings.language {
            Language::Zh => Lang::Zh,
            Language::En => Lang::En,
        }
    }
}

/// For whom the output is, by the arguments.
pub fn form(args: &[OsString]) -> Form {
    if args.iter().any(|arg| arg == "--json") {
        Form::Json
    } else {
        Form::Human
    }
}

/// An option's value, written `--name value` or `--name=value`.
fn option<'a>(args: &'a [OsString], name: &str) -> Option<&'a OsStr> {
    let apart = args.windows(2).find_map(|pair| match pair {
        [option, value] if option == name => Some(value.as_os_str()),
        _ => None,
    });
    let joined = || {
        args.iter().find_map(|arg| {
            let value = arg.to_str()?.strip_prefix(name)?.strip_prefix('=')?;
            Some(OsStr::new(value))
        })
    };
    apart.or_else(joined)
}

/// A restricted session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restricted {
    /// The socket of the service it is for.
    pub socket: PathBuf,
}

/// The surroundings of one command.
pub struct Context {
    /// The language people are spoken to in.
    pub lang: Lang,
    /// Whether colours are wanted, as far as settings and arguments say.
    pub wants_colour: bool,
    /// Where things lie.
    pub paths: Paths,
    /// The person's and the host's settings.
    pub settings: Settings,
    /// What is wrong in a configuration.
    pub problems: Vec<ConfigError>,
    /// Standard output and standard error.
    pub out: Output,
    /// Set where the session is kept from files, editors and keymaps of its own.
    pub restricted: Option<Restricted>,
    /// Whether the desk is opened in this process, whatever runs.
    pub standalone: bool,
    /// Whether somebody named the data directory: a team's daemon has its own.
    pub named_dir: bool,
}

impl Context {
    /// Opens the desk.
    ///
    /// # Errors
    /// When the store is busy, newer than this program, or damaged.
    pub fn desk(&self) -> Result<Arc<dyn Desk>, Failure> {
        Ok(self.way().open()?)
    }

    /// The way to the desk.
    ///
    /// In a restricted session, and on a host that is made for a team's service, it leads to that
    /// service alone: where the service is down, a private store would take what is meant for the
    /// team, and nobody would find it.
    pub fn way(&self) -> Way {
        let place = match self.team_socket() {
            Some(socket) => Where::Team { socket },
            None => Where::Own {
                dir: self.data_dir().to_owned(),
                runtime_dir: self.paths.runtime.clone(),
            },
        };
        Way {
            place,
            dir: self.data_dir().to_owned(),
            standalone: self.standalone,
        }
    }

    /// The team's socket, where no other way is to be taken.
    fn team_socket(&self) -> Option<PathBuf> {
        if let Some(restricted) = &self.restricted {
            return Some(restricted.socket.clone());
        }
        if self.named_dir {
            return None;
        }
        let usual = Path::new(TEAM_SOCKET);
        // The directory can be seen by whoever may not look into it.
        let is_teams_host = || {
            usual
                .parent()
                .is_some_and(|dir| dir.symlink_metadata().is_ok())
        };
        let named = variable(SOCKET_VARIABLE).map(PathBuf::from);
        named.or_else(|| is_teams_host().then(|| usual.to_owned()))
    }

    /// Where store and index lie.
    pub fn data_dir(&self) -> &Path {
        &self.paths.data
    }

    /// Whether the session is kept from files, editors and keymaps of its own.
    pub fn is_restricted(&self) -> bool {
        self.restricted.is_some()
    }

    /// Whether the output is for scripts.
    pub fn json(&self) -> bool {
        self.out.form() == Form::Json
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_option_is_read_in_both_spellings() {
        let args: Vec<OsString> = ["gongdan", "--lang=en", "list", "--data-dir", "/x"]
            .map(OsString::from)
            .to_vec();
        assert_eq!(option(&args, "--lang"), Some(OsStr::new("en")));
        assert_eq!(option(&args, "--data-dir"), Some(OsStr::new("/x")));
        assert_eq!(option(&args, "--json"), None);
    }
}
