//! Where keys hold: the contexts of a keymap, and the contexts an action makes sense in.

/// A table of a keymap: where its keys hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Context {
    /// Any pane of the main screen.
    Global,
    /// The category tree.
    Tree,
    /// The ticket list.
    List,
    /// The detail pane.
    Detail,
    /// An overlay in which nothing is typed.
    Overlay,
    /// Any field in which text is typed.
    Field,
}

/// The contexts an action makes sense in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Any pane of the main screen.
    Panes,
    /// The category tree only.
    Tree,
    /// Panes, overlays and fields: moving, redrawing.
    Anywhere,
    /// Overlays and fields.
    Overlays,
    /// Fields only.
    Fields,
}

impl Context {
    /// All contexts, in the order key tables list them.
    pub const ALL: [Self; 6] = [
        Self::Global,
        Self::Tree,
        Self::List,
        Self::Detail,
        Self::Overlay,
        Self::Field,
    ];

    /// The name of its table in a keymap file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Global => "global",
            Self::Tree => "tree",
            Self::List => "list",
            Self::Detail => "detail",
            Self::Overlay => "overlay",
            Self::Field => "field",
        }
    }

    /// Reads [`Self::name`] back.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|context| context.name() == name)
    }

    /// Its name on a Chinese screen.
    pub fn zh(self) -> &'static str {
        match self {
            Self::Global => "任何窗格",
            Self::Tree => "产品",
            Self::List => "工单",
            Self::Detail => "详情",
            Self::Overlay => "浮层",
            Self::Field => "输入框",
        }
    }

    /// Its name on an English screen.
    pub fn en(self) -> &'static str {
        match self {
            Self::Global => "Any pane",
            Self::Tree => "Products",
            Self::List => "Tickets",
            Self::Detail => "Detail",
            Self::Overlay => "Overlay",
            Self::Field => "Text field",
        }
    }

    /// Position in [`Self::ALL`].
    pub(super) fn index(self) -> usize {
        self as usize
    }

    /// Whether it is the main screen or a pane of it.
    fn is_pane(self) -> bool {
        match self {
            Self::Global | Self::Tree | Self::List | Self::Detail => true,
            Self::Overlay | Self::Field => false,
        }
    }
}

impl Scope {
    /// Whether an action of this scope may be bound in a context.
    pub fn allows(self, context: Context) -> bool {
        match self {
            Self::Panes => context.is_pane(),
            Self::Tree => context == Context::Tree,
            Self::Anywhere => true,
            Self::Overlays => !context.is_pane(),
            Self::Fields => context == Context::Field,
        }
    }
}
