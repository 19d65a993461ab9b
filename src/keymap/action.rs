//! The action table: everything a user can trigger, named and documented once.

use super::Scope;

/// Defines [`Action`] from one table, so that name, words and place cannot drift apart.
macro_rules! actions {
    ($($topic:ident {
        $( $(#[$doc:meta])* $action:ident in $scope:ident => $name:literal, $zh:literal, $en:literal; )+
    })+) => {
        /// Something a user can trigger.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Action {
            $($( $(#[$doc])* $action, )+)+
        }

        impl Action {
            /// All actions, by topic, in the order help lists them.
            pub const ALL: &[Self] = &[$($( Self::$action, )+)+];

            /// The name that keymap files and the command line use.
            pub fn name(self) -> &'static str {
                match self { $($( Self::$action => $name, )+)+ }
            }

            /// What it does, in Chinese, on one line.
            pub fn zh(self) -> &'static str {
                match self { $($( Self::$action => $zh, )+)+ }
            }

            /// What it does, in English, on one line.
            pub fn en(self) -> &'static str {
                match self { $($( Self::$action => $en, )+)+ }
            }

            /// Where it makes sense.
            pub fn scope(self) -> Scope {
                match self { $($( Self::$action => Scope::$scope, )+)+ }
            }

            /// What it is about.
            pub fn topic(self) -> Topic {
                match self { $($( Self::$action => Topic::$topic, )+)+ }
            }
        }
    };
}

/// What actions are about: the headings of the help.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Topic {
    /// Moving selection and focus.
    Move,
    /// The category tree.
    Tree,
    /// Searching and filtering.
    Search,
    /// Reading a ticket.
    Read,
    /// Replies and the clipboard.
    Reply,
    /// Root causes and categories.
    Annotate,
    /// What the store holds.
    Store,
    /// The program itself.
    Program,
    /// Overlays and text fields.
    Overlay,
}

actions! {
    Move {
        /// Moves the selection, or the text of the detail pane, one line down.
        MoveDown in Anywhere => "move-down", "下移", "Move down";
        /// Moves the selection, or the text of the detail pane, one line up.
        MoveUp in Anywhere => "move-up", "上移", "Move up";
        /// Moves half a page down.
        HalfPageDown in Anywhere => "half-page-down", "下翻半页", "Half a page down";
        /// Moves half a page up.
        HalfPageUp in Anywhere => "half-page-up", "上翻半页", "Half a page up";
        /// Moves a page down.
        PageDown in Anywhere => "page-down", "下翻一页", "Page down";
        /// Moves a page up.
        PageUp in Anywhere => "page-up", "上翻一页", "Page up";
        /// Moves to the first row or line.
        First in Anywhere => "first", "到开头", "To the first";
        /// Moves to the last row or line.
        Last in Anywhere => "last", "到末尾", "To the last";
        /// Gives the keys to the next pane.
        FocusNext in Panes => "focus-next", "下一窗格", "Next pane";
        /// Gives the keys to the previous pane.
        FocusPrev in Panes => "focus-prev", "上一窗格", "Previous pane";
        /// Gives the keys to the category tree.
        FocusTree in Panes => "focus-tree", "到产品窗格", "To the products";
        /// Gives the keys to the ticket list.
        FocusList in Panes => "focus-list", "到工单窗格", "To the tickets";
        /// Gives the keys to the detail pane.
        FocusDetail in Panes => "focus-detail", "到详情窗格", "To the detail";
        /// Goes one step back: out of the full-screen detail, to the list, out of a filter.
        Back in Panes => "back", "返回", "Back";
    }
    Tree {
        /// Shows the issue types of a product area.
        Expand in Tree => "expand", "展开", "Expand";
        /// Hides the issue types of a product area.
        Collapse in Tree => "collapse", "收起", "Collapse";
        /// Shows or hides the issue types of a product area.
        ToggleNode in Tree => "toggle-node", "展开或收起", "Expand or collapse";
        /// Lists only the tickets under the selected node.
        SelectCategory in Tree => "select-category", "只看此类", "Only this category";
    }
    Search {
        /// Gives the keys to the query line.
        Search in Panes => "search", "搜索", "Search";
        /// Empties the query.
        ClearSearch in Panes => "clear-search", "清除搜索", "Clear the search";
        /// Shows tickets like the selected one.
        Similar in Panes => "similar", "相似工单", "Similar tickets";
        /// Shows only tickets with the next state of root causes.
        FilterState in Panes => "filter-state", "按根因状态筛选", "Filter by cause state";
        /// Takes all filters away.
        ClearFilters in Panes => "clear-filters", "清除筛选", "Clear the filters";
        /// Moves the detail pane to the next match of the query.
        NextHit in Panes => "next-hit", "下一处匹配", "Next match";
        /// Moves the detail pane to the previous match of the query.
        PrevHit in Panes => "prev-hit", "上一处匹配", "Previous match";
        /// Shows the next saved view.
        NextView in Panes => "next-view", "下一视图", "Next view";
        /// Shows the previous saved view.
        PrevView in Panes => "prev-view", "上一视图", "Previous view";
        /// Saves query and filters under a name, as a tab.
        SaveView in Panes => "save-view", "保存为视图", "Save as a view";
        /// Shows the saved views, to open, rename, order or delete them.
        Views in Panes => "views", "视图", "Views";
    }
    Read {
        /// Shows the selected ticket over the whole screen, or as before.
        Open in Panes => "open", "全屏查看", "Open in full";
        /// Selects the next ticket, wherever the focus is.
        NextTicket in Panes => "next-ticket", "下一工单", "Next ticket";
        /// Selects the previous ticket, wherever the focus is.
        PrevTicket in Panes => "prev-ticket", "上一工单", "Previous ticket";
        /// Scrolls the detail pane down, wherever the focus is.
        ScrollDown in Panes => "scroll-down", "详情下滚", "Scroll the detail down";
        /// Scrolls the detail pane up, wherever the focus is.
        ScrollUp in Panes => "scroll-up", "详情上滚", "Scroll the detail up";
        /// Moves the detail pane to the next turn of the dialogue.
        NextTurn in Panes => "next-turn", "下一轮对话", "Next turn";
        /// Moves the detail pane to the previous turn of the dialogue.
        PrevTurn in Panes => "prev-turn", "上一轮对话", "Previous turn";
        /// Shows the holding replies that the detail pane folds, or folds them again.
        FoldHolding in Panes => "fold-holding", "展开或收起应答", "Unfold or fold holding replies";
        /// Shows what agents decided on the selected ticket.
        History in Panes => "history", "此工单的历史", "History of the ticket";
    }
    Reply {
        /// Copies the best standard reply of the selected ticket.
        CopyReply in Panes => "copy-reply", "复制最佳回复", "Copy the best reply";
        /// Shows the replies of the selected ticket; a digit copies one.
        PickReply in Panes => "pick-reply", "选择回复", "Pick a reply";
        /// Copies a reply as it was written: no line breaks restored, no links filled.
        CopyOriginal in Anywhere => "copy-original", "复制原文", "Copy the original";
        /// Takes the short code of a standard reply and copies it.
        ReplyCode in Panes => "reply-code", "按短码取回复", "Reply by short code";
        /// Shows favourites and what was copied lately; a digit copies one.
        AtHand in Panes => "at-hand", "收藏与最近复制", "Favourites, last copies";
        /// Writes a new standard reply.
        NewReply in Panes => "new-reply", "新建标准回复", "New standard reply";
        /// Makes a reply a favourite, or no more.
        Favourite in Overlays => "favourite", "收藏或取消", "Favourite or not";
        /// Makes a standard reply of what an agent said in a ticket.
        Promote in Overlays => "promote", "提升为标准回复", "Make it a standard reply";
        /// Shows what can be done with a reply.
        ReplyMenu in Overlays => "reply-menu", "更多操作", "More";
        /// Hides what the guard found, or shows it again.
        MaskFinding in Overlays => "mask-finding", "遮盖", "Mask";
        /// Hides all that the guard found.
        MaskAll in Overlays => "mask-all", "全部遮盖", "Mask all";
        /// Makes a blank of what the guard found, or takes it back.
        MakeSlot in Overlays => "make-slot", "改为空位", "Make a slot";
        /// Edits the text for this copy only.
        EditText in Overlays => "edit-text", "编辑", "Edit";
        /// Takes a customer's message and shows what answers it.
        PasteAnswer in Panes => "paste-answer", "粘贴并找答案", "Paste and answer";
    }
    Annotate {
        /// Sets the root causes of the selected or marked tickets.
        Annotate in Panes => "annotate", "标注根因", "Annotate causes";
        /// Shows the look-alikes of the selected ticket, to annotate them all at once.
        AnnotateGroup in Panes => "annotate-group", "相似工单一并标注", "Annotate look-alikes";
        /// Agrees with the causes another agent confirmed.
        VoteAgree in Panes => "vote-agree", "同意此根因", "Agree with the causes";
        /// Disagrees with the causes another agent confirmed.
        VoteDissent in Panes => "vote-dissent", "不同意此根因", "Disagree with the causes";
        /// Corrects the category of the selected or marked tickets.
        CorrectCategory in Panes => "correct-category", "改分类", "Correct the category";
        /// Marks the ticket or article shown as outdated, or takes the mark away.
        MarkOutdated in Panes => "mark-outdated", "标为过时", "Mark as outdated";
        /// Accepts the first suggested cause and moves on.
        AcceptCause1 in Panes => "accept-cause-1", "采纳建议 1", "Accept suggestion 1";
        /// Accepts the second suggested cause and moves on.
        AcceptCause2 in Panes => "accept-cause-2", "采纳建议 2", "Accept suggestion 2";
        /// Accepts the third suggested cause and moves on.
        AcceptCause3 in Panes => "accept-cause-3", "采纳建议 3", "Accept suggestion 3";
        /// Takes back the last act of this session.
        Undo in Panes => "undo", "撤销", "Undo";
        /// Does again what the last undo took back.
        Redo in Panes => "redo", "重做", "Redo";
        /// Marks the selected ticket for bulk work, or unmarks it.
        Mark in Panes => "mark", "标记", "Mark";
        /// Marks all tickets of the list.
        MarkAll in Panes => "mark-all", "全部标记", "Mark all";
        /// Takes all marks away.
        UnmarkAll in Panes => "unmark-all", "取消全部标记", "Unmark all";
    }
    Store {
        /// Shows the latest changes of all agents.
        Log in Panes => "log", "变更记录", "Log of changes";
        /// Shows changes that came too late, to keep or drop them.
        Conflicts in Panes => "conflicts", "冲突", "Conflicts";
        /// Shows the list of root causes.
        Vocabulary in Panes => "vocabulary", "根因词表", "Vocabulary of causes";
        /// Shows the datasets.
        Datasets in Panes => "datasets", "数据集", "Datasets";
        /// Shows figures over the whole store.
        Statistics in Panes => "statistics", "统计", "Statistics";
        /// Writes the listed tickets to a file.
        Export in Panes => "export", "导出当前列表", "Export the list";
        /// Shows the team's settings.
        Settings in Panes => "settings", "团队设置", "Team settings";
    }
    Program {
        /// Shows all keys.
        Help in Panes => "help", "帮助", "Help";
        /// Takes a command by its name.
        CommandLine in Panes => "command-line", "命令行", "Command line";
        /// Shows versions, directories, index and clipboard.
        Status in Panes => "status", "运行状态", "Status";
        /// Takes the next theme.
        Theme in Panes => "theme", "换主题", "Next theme";
        /// Draws the whole screen again.
        Redraw in Anywhere => "redraw", "重绘", "Redraw";
        /// Gives the terminal back to the shell until it is resumed.
        Suspend in Anywhere => "suspend", "挂起", "Suspend";
        /// Leaves the workbench.
        Quit in Panes => "quit", "退出", "Quit";
    }
    Overlay {
        /// Takes what is selected or typed.
        Confirm in Overlays => "confirm", "确定", "Confirm";
        /// Closes the overlay, or leaves the field.
        Cancel in Overlays => "cancel", "关闭", "Close";
        /// Chooses the row under the cursor, or unchooses it.
        ToggleChoice in Overlays => "toggle-choice", "选中或取消", "Choose or unchoose";
        /// Adds what is typed as a new entry, on purpose.
        CreateChoice in Overlays => "create-choice", "新建此项", "Create this entry";
        /// Saves what is edited.
        Save in Fields => "save", "保存", "Save";
        /// Edits the text in the program that EDITOR names.
        EditOutside in Fields => "edit-outside", "用 $EDITOR 编辑", "Edit with $EDITOR";
        /// Goes to the next field; completes on the command line.
        NextField in Overlays => "next-field", "下一栏，补全", "Next field, complete";
        /// Goes to the previous field.
        PrevField in Overlays => "prev-field", "上一栏", "Previous field";
        /// Deletes the word before the cursor.
        DeleteWord in Fields => "delete-word", "删除前一词", "Delete a word";
        /// Empties the field up to the cursor.
        DeleteToStart in Fields => "delete-to-start", "删除到行首", "Delete to the start";
    }
}

impl Action {
    /// Reads [`Self::name`] back.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|action| action.name() == name)
    }

    /// The names most like a misspelt one, the nearest first; at most three.
    pub fn nearest(name: &str) -> Vec<&'static str> {
        /// Below this similarity a proposal would puzzle more than help.
        const LIKE: f64 = 0.5;
        let mut names: Vec<(f64, &'static str)> = Self::ALL
            .iter()
            .map(|action| {
                let like = strsim::normalized_damerau_levenshtein(name, action.name());
                (like, action.name())
            })
            .filter(|(like, _)| *like >= LIKE)
            .collect();
        names.sort_by(|a, b| b.0.total_cmp(&a.0));
        names.into_iter().take(3).map(|(_, name)| name).collect()
    }
}

impl Topic {
    /// Its heading in Chinese.
    pub fn zh(self) -> &'static str {
        match self {
            Self::Move => "移动",
            Self::Tree => "产品树",
            Self::Search => "搜索与筛选",
            Self::Read => "查看",
            Self::Reply => "回复",
            Self::Annotate => "标注",
            Self::Store => "数据",
            Self::Program => "程序",
            Self::Overlay => "浮层与输入框",
        }
    }

    /// Its heading in English.
    pub fn en(self) -> &'static str {
        match self {
            Self::Move => "Moving",
            Self::Tree => "Product tree",
            Self::Search => "Searching and filtering",
            Self::Read => "Reading",
            Self::Reply => "Replies",
            Self::Annotate => "Annotating",
            Self::Store => "Data",
            Self::Program => "Program",
            Self::Overlay => "Overlays and fields",
        }
    }
}
