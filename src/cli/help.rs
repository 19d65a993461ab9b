//! The Chinese help.
use crate::words::Lang;
/// Localised.
pub fn localised(command: clap::Command, _: Lang) -> clap::Command {
    command
}
