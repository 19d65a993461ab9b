//! Variables of the environment.

/// A variable of the environment that only one command needs; an empty one counts as unset.
pub fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
