//! A key with its modifiers, and sequences of them.

use std::fmt;

/// A key, whatever the terminal library calls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Key {
    /// A character; the space bar is `' '`.
    Char(char),
    /// Enter.
    Enter,
    /// Escape.
    Esc,
    /// Tab.
    Tab,
    /// Backspace.
    Backspace,
    /// Delete.
    Delete,
    /// Insert.
    Insert,
    /// Home.
    Home,
    /// End.
    End,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
    /// Arrow up.
    Up,
    /// Arrow down.
    Down,
    /// Arrow left.
    Left,
    /// Arrow right.
    Right,
    /// A function key, from 1.
    F(u8),
}

/// Modifiers held while a key is struck.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Mods {
    /// Control.
    pub ctrl: bool,
    /// Alt, also called Meta.
    pub alt: bool,
    /// Shift.
    pub shift: bool,
}

/// A key with its modifiers, such as `C-d`, in one form whatever the terminal reported.
///
/// Shift is part of a character. With Control, keys that share a control code are one key, as
/// terminals cannot tell them apart: either case of a letter, `C-i` and Tab, `C-/` and `C-_`. Full-width characters of a Chinese input method stand for their
/// ASCII twins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Chord {
    key: Key,
    mods: Mods,
}

/// Keys struck one after the other, such as `g g`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Sequence(
    /// The chords in order; never empty.
    pub Vec<Chord>,
);

impl Mods {
    /// No modifier.
    pub const NONE: Self = Self {
        ctrl: false,
        alt: false,
        shift: false,
    };
}

impl Chord {
    /// A chord in its one form.
    pub fn new(key: Key, mut mods: Mods) -> Self {
        let key = match key {
            Key::Char('\t') => Key::Tab,
            Key::Char('\r' | '\n') => Key::Enter,
            Key::Char(c) if mods.ctrl => {
                mods.shift = false;
                let (key, ctrl) = control_twin(ascii_twin(c).to_ascii_lowercase());
                mods.ctrl = ctrl;
                key
            }
            Key::Char(c) => {
                let c = ascii_twin(c);
                let upper = std::mem::take(&mut mods.shift);
                Key::Char(if upper { c.to_ascii_uppercase() } else { c })
            }
            other => other,
        };
        Self { key, mods }
    }

    /// A chord without modifiers.
    pub fn plain(key: Key) -> Self {
        Self::new(key, Mods::NONE)
    }

    /// The key.
    pub fn key(self) -> Key {
        self.key
    }

    /// The modifiers.
    pub fn mods(self) -> Mods {
        self.mods
    }

    /// The digit it stands for, when it is one without modifiers.
    pub fn digit(self) -> Option<u8> {
        match (self.key, self.mods) {
            (Key::Char(c), Mods::NONE) => c.to_digit(10).and_then(|d| u8::try_from(d).ok()),
            _ => None,
        }
    }
}

/// The ASCII character on the key that gives `c` while a Chinese input method is on; else `c`.
///
/// Full-width forms have their twins at a fixed distance. The rest follows the key caps of
/// common Chinese input methods; `、` is `/` rather than `\`, because `/` is the key that acts.
pub fn ascii_twin(c: char) -> char {
    const FULL_WIDTH: u32 = 0xFEE0;
    match c {
        '！'..='～' => char::from_u32(u32::from(c) - FULL_WIDTH).unwrap_or(c),
        '\u{3000}' => ' ',
        '、' => '/',
        '。' => '.',
        '“' | '”' => '"',
        '‘' | '’' => '\'',
        '《' => '<',
        '》' => '>',
        '【' | '「' => '[',
        '】' | '」' => ']',
        '『' => '{',
        '』' => '}',
        '·' => '`',
        '￥' | '¥' => '$',
        '…' => '^',
        '—' => '_',
        other => other,
    }
}

/// The key that a terminal reports for Control and `c`, and whether with Control: several share
/// one control code.
fn control_twin(c: char) -> (Key, bool) {
    match c {
        'i' => (Key::Tab, false),
        'm' => (Key::Enter, false),
        '[' | '3' => (Key::Esc, false),
        '@' | '2' => (Key::Char(' '), true),
        '4' => (Key::Char('\\'), true),
        '5' => (Key::Char(']'), true),
        '6' => (Key::Char('^'), true),
        '/' | '7' => (Key::Char('_'), true),
        other => (Key::Char(other), true),
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Char(' ') => f.write_str("Space"),
            Self::Char(c) => write!(f, "{c}"),
            Self::Enter => f.write_str("Enter"),
            Self::Esc => f.write_str("Esc"),
            Self::Tab => f.write_str("Tab"),
            Self::Backspace => f.write_str("Backspace"),
            Self::Delete => f.write_str("Del"),
            Self::Insert => f.write_str("Ins"),
            Self::Home => f.write_str("Home"),
            Self::End => f.write_str("End"),
            Self::PageUp => f.write_str("PgUp"),
            Self::PageDown => f.write_str("PgDn"),
            Self::Up => f.write_str("Up"),
            Self::Down => f.write_str("Down"),
            Self::Left => f.write_str("Left"),
            Self::Right => f.write_str("Right"),
            Self::F(n) => write!(f, "F{n}"),
        }
    }
}

impl fmt::Display for Chord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (held, name) in [
            (self.mods.ctrl, "C-"),
            (self.mods.alt, "A-"),
            (self.mods.shift, "S-"),
        ] {
            if held {
                f.write_str(name)?;
            }
        }
        self.key.fmt(f)
    }
}

impl fmt::Display for Sequence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, chord) in self.0.iter().enumerate() {
            if n > 0 {
                f.write_str(" ")?;
            }
            chord.fmt(f)?;
        }
        Ok(())
    }
}
