//! Settings with a few named values.

/// A setting that takes one of a few names.
pub trait Choice: Copy + Default + Sized + 'static {
    /// All values, in the order they are listed.
    const ALL: &'static [Self];

    /// The name that files and the command line use.
    fn name(self) -> &'static str;

    /// Reads [`Self::name`] back.
    fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|one| one.name() == name)
    }

    /// All names.
    fn names() -> Vec<&'static str> {
        Self::ALL.iter().map(|one| one.name()).collect()
    }
}

macro_rules! choices {
    ($( $(#[$doc:meta])* $choice:ident { $( $(#[$value_doc:meta])* $value:ident => $name:literal; )+ } )+) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
            pub enum $choice { $( $(#[$value_doc])* $value, )+ }

            impl Choice for $choice {
                const ALL: &'static [Self] = &[$( Self::$value, )+];

                fn name(self) -> &'static str {
                    match self { $( Self::$value => $name, )+ }
                }
            }
        )+
    };
}

choices! {
    /// Language of the interface.
    Language {
        /// Chinese.
        #[default]
        Zh => "zh";
        /// English.
        En => "en";
    }
    /// Colours and borders.
    Theme {
        /// For dark terminals.
        #[default]
        Dark => "dark";
        /// For light terminals.
        Light => "light";
        /// Without colours.
        Plain => "plain";
        /// Without colours and with ASCII borders.
        Ascii => "ascii";
    }
    /// Keymaps that are compiled in.
    Keys {
        /// Like vim's.
        #[default]
        Default => "default";
        /// Like Emacs's.
        Emacs => "emacs";
    }
    /// Ways to the clipboard.
    Clipboard {
        /// The best there is.
        #[default]
        Auto => "auto";
        /// tmux's own command.
        Tmux => "tmux";
        /// The escape sequence OSC 52.
        Osc52 => "osc52";
        /// OSC 52 through GNU screen.
        Screen => "screen";
        /// The desktop's clipboard.
        Local => "local";
        /// A file.
        File => "file";
        /// Text on the screen, to be selected by mouse.
        Print => "print";
    }
    /// Whether the mouse is taken from the terminal.
    Mouse {
        /// Except over SSH.
        #[default]
        Auto => "auto";
        /// Always.
        On => "on";
        /// Never.
        Off => "off";
    }
}
