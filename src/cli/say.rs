//! Sentences of the commands, in both languages side by side.

/// A sentence in the language asked for: Chinese first, English beside it.
///
/// Both take the variables in scope, as `format!` does; a missing language does not compile.
macro_rules! say {
    ($lang:expr, $zh:literal, $en:literal $(,)?) => {
        match $lang {
            $crate::words::Lang::Zh => ::std::fmt::format(::std::format_args!($zh)),
            $crate::words::Lang::En => ::std::fmt::format(::std::format_args!($en)),
        }
    };
}

pub(super) use say;
