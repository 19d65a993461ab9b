//! Themes: what each kind of text looks like, and what frames are drawn with.

use ratatui::style::{Color, Modifier, Style};

/// The colours of the workbench.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ThemeName {
    /// For dark terminals.
    #[default]
    Dark,
    /// For light terminals.
    Light,
    /// Without any colour: `NO_COLOR`, or a terminal that has none.
    Plain,
}

/// What each kind of text looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Theme {
    /// Which one it is.
    pub name: ThemeName,
    /// Plain text.
    pub text: Style,
    /// What matters less.
    pub dim: Style,
    /// Frames and rules.
    pub border: Style,
    /// Frame of what has the keys: an overlay.
    pub border_focus: Style,
    /// Title of a pane.
    pub title: Style,
    /// Title of the pane that has the keys.
    pub title_focus: Style,
    /// The row under the cursor, in the pane that has the keys.
    pub selected: Style,
    /// The row under the cursor in another pane.
    pub selected_dim: Style,
    /// A marked row.
    pub marked: Style,
    /// What the query matched.
    pub hit: Style,
    /// Product areas and issue types.
    pub category: Style,
    /// The customer's name in a dialogue.
    pub customer: Style,
    /// The agent's name in a dialogue.
    pub agent: Style,
    /// Headings in the detail pane and in overlays.
    pub heading: Style,
    /// A confirmed cause, a success.
    pub good: Style,
    /// A suspect cause, a warning.
    pub warn: Style,
    /// A failure, a conflict.
    pub bad: Style,
    /// Keys in the status line and in help.
    pub key: Style,
    /// Articles among tickets.
    pub article: Style,
    /// Inside of an overlay.
    pub overlay: Style,
}

impl ThemeName {
    /// The theme after this one.
    #[must_use]
    pub fn next(self) -> Self {
        match self {
            Self::Dark => Self::Light,
            Self::Light => Self::Plain,
            Self::Plain => Self::Dark,
        }
    }

    /// The name that settings use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Dark => "dark",
            Self::Light => "light",
            Self::Plain => "plain",
        }
    }
}

/// The colours in which the dark and the light theme differ.
struct Palette {
    dim: Color,
    border: Color,
    accent: Color,
    selection: Color,
    selection_dim: Color,
    /// Text on either selection: the terminal's own may be as dark or as light as they are.
    on_selection: Color,
    hit: Color,
    category: Color,
    customer: Color,
    good: Color,
    warn: Color,
    bad: Color,
    article: Color,
}

const DARK: Palette = Palette {
    dim: Color::Indexed(245),
    border: Color::Indexed(240),
    accent: Color::Indexed(110),
    selection: Color::Indexed(24),
    selection_dim: Color::Indexed(237),
    on_selection: Color::Indexed(255),
    hit: Color::Indexed(221),
    category: Color::Indexed(109),
    customer: Color::Indexed(180),
    good: Color::Indexed(114),
    warn: Color::Indexed(215),
    bad: Color::Indexed(203),
    article: Color::Indexed(140),
};

const LIGHT: Palette = Palette {
    dim: Color::Indexed(243),
    border: Color::Indexed(249),
    accent: Color::Indexed(25),
    selection: Color::Indexed(153),
    selection_dim: Color::Indexed(254),
    on_selection: Color::Indexed(16),
    hit: Color::Indexed(160),
    category: Color::Indexed(30),
    customer: Color::Indexed(94),
    good: Color::Indexed(28),
    warn: Color::Indexed(130),
    bad: Color::Indexed(160),
    article: Color::Indexed(91),
};

impl Theme {
    /// The theme of this name.
    pub fn of(name: ThemeName) -> Self {
        match name {
            ThemeName::Dark => Self::coloured(name, &DARK),
            ThemeName::Light => Self::coloured(name, &LIGHT),
            ThemeName::Plain => Self::plain(),
        }
    }

    fn coloured(name: ThemeName, palette: &Palette) -> Self {
        let text = Style::new();
        let bold = text.add_modifier(Modifier::BOLD);
        Self {
            name,
            text,
            dim: text.fg(palette.dim),
            border: text.fg(palette.border),
            border_focus: bold.fg(palette.accent),
            title: text.fg(palette.dim),
            title_focus: bold.fg(palette.accent),
            selected: bold.fg(palette.on_selection).bg(palette.selection),
            selected_dim: text.fg(palette.on_selection).bg(palette.selection_dim),
            marked: text.fg(palette.warn),
            hit: bold.fg(palette.hit),
            category: text.fg(palette.category),
            customer: bold.fg(palette.customer),
            agent: bold.fg(palette.accent),
            heading: bold.fg(palette.accent),
            good: text.fg(palette.good),
            warn: text.fg(palette.warn),
            bad: bold.fg(palette.bad),
            key: bold.fg(palette.accent),
            article: text.fg(palette.article),
            overlay: text,
        }
    }

    fn plain() -> Self {
        let text = Style::new();
        let bold = text.add_modifier(Modifier::BOLD);
        let underlined = text.add_modifier(Modifier::UNDERLINED);
        Self {
            name: ThemeName::Plain,
            text,
            dim: text.add_modifier(Modifier::DIM),
            border: text,
            border_focus: bold,
            title: text,
            title_focus: bold.add_modifier(Modifier::REVERSED),
            selected: text.add_modifier(Modifier::REVERSED),
            selected_dim: underlined,
            marked: bold,
            hit: underlined.add_modifier(Modifier::BOLD),
            category: text,
            customer: bold,
            agent: bold,
            heading: bold,
            good: text,
            warn: bold,
            bad: bold,
            key: bold,
            article: text,
            overlay: text,
        }
    }
}

/// What frames, marks and cut-off ends are drawn with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Glyphs {
    /// Horizontal rule.
    pub horizontal: &'static str,
    /// Vertical rule.
    pub vertical: &'static str,
    /// Corners: top left, top right, bottom left, bottom right.
    pub corners: [&'static str; 4],
    /// Tees: from the left, from the right, from above, from below.
    pub tees: [&'static str; 4],
    /// Stands for what was cut off.
    pub cut: &'static str,
    /// Between parts of a line.
    pub dot: &'static str,
    /// A bar of a chart.
    pub bar: &'static str,
    /// The part of a scroll bar that moves.
    pub thumb: &'static str,
    /// Between the steps of a path.
    pub step: &'static str,
    /// Stands for a line's end that came into a text.
    pub line_end: &'static str,
    /// Whether ambiguous characters are two columns wide.
    pub ambiguous_wide: bool,
}

impl Glyphs {
    /// Box-drawing characters.
    pub const UNICODE: Self = Self {
        horizontal: "─",
        vertical: "│",
        corners: ["┌", "┐", "└", "┘"],
        tees: ["├", "┤", "┬", "┴"],
        cut: "…",
        dot: "·",
        bar: "█",
        thumb: "┃",
        step: "›",
        line_end: "↵",
        ambiguous_wide: false,
    };

    /// ASCII only, for terminals that draw box characters two columns wide or not at all.
    pub const ASCII: Self = Self {
        horizontal: "-",
        vertical: "|",
        corners: ["+", "+", "+", "+"],
        tees: ["+", "+", "+", "+"],
        cut: "~",
        dot: "-",
        bar: "#",
        thumb: "#",
        step: ">",
        line_end: "$",
        ambiguous_wide: false,
    };

    /// [`Self::ASCII`], with ambiguous characters of texts replaced as well.
    pub const AMBIGUOUS_WIDE: Self = Self {
        ambiguous_wide: true,
        ..Self::ASCII
    };
}
