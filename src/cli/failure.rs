//! Why a command failed: exit code, message and hint.

use std::io;
use std::path::PathBuf;

use super::faults;
use super::say::say;
use crate::api::{DeskError, ErrorCode};
use crate::config::ConfigError;
use crate::words::{self, Lang};

/// How a command ended that did not fail. The numbers are the contract with scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Done; an empty list is done too.
    Done,
    /// `search`, `similar` or `show` found nothing.
    Nothing,
    /// Somebody was faster; the change is kept as a conflict.
    Conflict,
    /// Some files failed, the rest is done.
    Partly,
}

impl Exit {
    /// The exit code.
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Nothing => 1,
            Self::Conflict => 5,
            Self::Partly => 6,
        }
    }
}

/// Why a command did not come to its end.
#[derive(Debug)]
pub enum Failure {
    /// The desk refused or failed.
    Desk(DeskError),
    /// The command line asks for something that makes no sense.
    Usage {
        /// What is wrong.
        message: String,
        /// What to do about it.
        hint: Option<String>,
    },
    /// The person's or the host's configuration cannot be used.
    Config(ConfigError),
    /// A guard said no.
    Refused {
        /// Why.
        message: String,
        /// What to do about it.
        hint: Option<String>,
    },
    /// A file could not be read or written.
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Standard output could not be written.
    Output(io::Error),
    /// Nobody reads standard output any more.
    ClosedPipe,
}

impl From<DeskError> for Failure {
    fn from(error: DeskError) -> Self {
        Self::Desk(error)
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Self::Config(error)
    }
}

impl Failure {
    /// A usage error without a hint.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::Usage {
            message: message.into(),
            hint: None,
        }
    }

    /// A failure to write standard output.
    pub fn output(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::ClosedPipe,
            _ => Self::Output(error),
        }
    }

    /// A fault of the program.
    pub fn bug(detail: impl std::fmt::Display) -> Self {
        Self::Desk(DeskError::bug(detail))
    }

    /// The exit code.
    pub fn code(&self) -> u8 {
        match self {
            Self::Desk(error) => desk_code(error.code()),
            Self::Usage { .. } | Self::Config(_) => 2,
            Self::Refused { .. } => 4,
            Self::File { .. } | Self::Output(_) => 74,
            Self::ClosedPipe => 0,
        }
    }

    /// The name scripts know the failure by.
    pub fn name(&self) -> String {
        match self {
            Self::Desk(error) => error.code().name().to_owned(),
            Self::Usage { .. } | Self::Config(_) => "usage".to_owned(),
            Self::Refused { .. } => "refused".to_owned(),
            Self::File { .. } => "file".to_owned(),
            Self::Output(_) | Self::ClosedPipe => "output".to_owned(),
        }
    }

    /// What happened, in words.
    pub fn message(&self, lang: Lang) -> String {
        match self {
            Self::Desk(error) => words::error(lang, error).0,
            Self::Usage { message, .. } | Self::Refused { message, .. } => message.clone(),
            Self::Config(error) => faults::config(lang, error),
            Self::File { path, source } => {
                let (path, said) = (path.display(), source.to_string());
                let why = words::system(lang, &said);
                say!(lang, "{path}：{why}", "{path}: {why}")
            }
            Self::Output(error) => {
                say!(
                    lang,
                    "无法写到标准输出：{error}",
                    "cannot write to standard output: {error}"
                )
            }
            Self::ClosedPipe => String::new(),
        }
    }

    /// What to do about it, in words.
    pub fn hint(&self, lang: Lang) -> Option<String> {
        match self {
            Self::Desk(error) => Some(words::error(lang, error).1).filter(|hint| !hint.is_empty()),
            Self::Usage { hint, .. } | Self::Refused { hint, .. } => hint.clone(),
            Self::Config(_) | Self::File { .. } | Self::Output(_) | Self::ClosedPipe => None,
        }
    }
}

/// The one table of what a desk's refusal means to a script.
fn desk_code(code: ErrorCode) -> u8 {
    match code {
        ErrorCode::UnknownId | ErrorCode::NoReply | ErrorCode::UnknownReply => 1,
        ErrorCode::AmbiguousId
        | ErrorCode::BadCategory
        | ErrorCode::UnknownDataset
        | ErrorCode::UnknownConflict
        | ErrorCode::UnknownView
        | ErrorCode::TooLong
        | ErrorCode::BadSetting => 2,
        ErrorCode::Busy
        | ErrorCode::Importing
        | ErrorCode::Unreachable
        | ErrorCode::InsightNotReady => 3,
        ErrorCode::UnknownCause
        | ErrorCode::BadCause
        | ErrorCode::BadVote
        | ErrorCode::BadReply
        | ErrorCode::BadOutdated
        | ErrorCode::BadView
        | ErrorCode::BadModel
        | ErrorCode::NothingToUndo
        | ErrorCode::NoMerge
        | ErrorCode::Refused => 4,
        ErrorCode::Cancelled => 6,
        ErrorCode::UnknownJob | ErrorCode::Bug => 70,
        ErrorCode::NewerFormat | ErrorCode::Storage => 74,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exit_codes_are_those_of_the_contract() {
        let code = desk_code;
        assert_eq!(code(ErrorCode::UnknownId), 1);
        assert_eq!(code(ErrorCode::AmbiguousId), 2);
        assert_eq!(code(ErrorCode::Busy), 3);
        assert_eq!(code(ErrorCode::UnknownCause), 4);
        assert_eq!(code(ErrorCode::Bug), 70);
        assert_eq!(code(ErrorCode::Storage), 74);
        assert_eq!(Failure::usage("x").code(), 2);
        assert_eq!(Failure::ClosedPipe.code(), 0);
        assert_eq!((Exit::Done.code(), Exit::Nothing.code()), (0, 1));
        assert_eq!((Exit::Conflict.code(), Exit::Partly.code()), (5, 6));
    }

    #[test]
    fn an_unknown_cause_names_the_nearest_three() {
        let error = DeskError::UnknownCause {
            name: "证书过起".to_owned(),
            candidates: ["证书过期", "证书部署异常", "证书链不完整"]
                .map(str::to_owned)
                .to_vec(),
        };
        let failure = Failure::from(error);
        assert!(failure.message(Lang::Zh).contains("证书过起"));
        assert!(
            failure
                .hint(Lang::Zh)
                .unwrap()
                .contains("证书过期、证书部署异常、证书链不完整")
        );
        assert_eq!(failure.name(), "unknown_cause");
    }
}
