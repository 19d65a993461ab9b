//! Words and sentences without values.

macro_rules! words {
    ($( $(#[$doc:meta])* $word:ident => $zh:literal, $en:literal; )+) => {
        /// A word or sentence without values.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Word {
            $( $(#[$doc])* $word, )+
        }

        impl Word {
            /// All of them.
            pub const ALL: &[Self] = &[$( Self::$word, )+];

            pub(super) fn zh(self) -> &'static str {
                match self { $( Self::$word => $zh, )+ }
            }

            pub(super) fn en(self) -> &'static str {
                match self { $( Self::$word => $en, )+ }
            }
        }
    };
}

words! {
    // The frame.
    /// Label of the query line.
    Query => "搜索", "Search";
    /// What an empty query line shows.
    QueryHint => "输入关键词、拼音或 类:CDN 态:placeholder", "words, pinyin, or cat:CDN state:placeholder";
    /// Title of the category tree.
    PaneTree => "产品", "Products";
    /// Title of the ticket list.
    PaneList => "工单", "Tickets";
    /// Title of the detail pane.
    PaneDetail => "详情", "Detail";
    /// The root of the category tree.
    AllTickets => "全部", "All";
    /// The node for tickets without a category, and an issue type that is missing.
    Uncategorised => "未分类", "Uncategorised";
    /// A ticket without a title.
    Untitled => "（无标题）", "(untitled)";
    /// Mark of a passage of an article among tickets.
    Article => "文章", "Article";
    /// In the place of rows that have not arrived.
    Loading => "加载中…", "Loading…";
    /// A reply was made a favourite.
    MadeFavourite => "加入收藏", "made a favourite";
    /// A reply is a favourite no more.
    NoFavourite => "取消收藏", "no favourite any more";
    /// Instead of the hits, while those shown are of an older query.
    Searching => "搜索中…", "searching…";
    /// The screen cannot hold even one pane.
    TooSmall => "窗口太小", "Window too small";
    /// The store holds nothing at all.
    EmptyStore => "还没有工单。用 gongdan import 文件 导入。", "No tickets yet. Import some with: gongdan import FILE";
    /// Only the sample corpus is there.
    SampleShown => "示例数据：导入自己的工单后自动移除", "Sample data: goes away with your first import";
    /// A category or filter without tickets.
    NoTickets => "这里没有工单", "No tickets here";
    /// A search found nothing, relaxed as far as it goes.
    NothingFound => "没有找到", "Nothing found";
    /// Nothing is selected for the detail pane.
    NothingSelected => "未选中工单", "No ticket selected";
    /// The store is being opened.
    Opening => "正在打开数据…", "Opening the store…";
    /// There is no desk to ask.
    NoDesk => "数据不可用", "No data";
    /// A text too long to be shown in full.
    CutShort => "正文过长，其余未显示；可用 gongdan show 查看", "Too long to show in full; see gongdan show";
    /// Mark of an undo in a history.
    UndoMark => "撤销", "undo";
    /// Before a decision that does again what was taken back.
    RedoMark => "重做", "redo";
    /// Title: what was said in this session.
    MessagesTitle => "消息", "Messages";
    /// More was listed than there is room for.
    More => "更多…", "more…";

    // The detail pane.
    /// Heading: the customer's question.
    Question => "问题", "Question";
    /// Heading: the dialogue.
    Dialogue => "对话", "Dialogue";
    /// Speaker: the customer.
    Customer => "客户", "Customer";
    /// Speaker: the agent.
    Agent => "客服", "Agent";
    /// Speaker: anybody else.
    OtherSpeaker => "其他", "Other";
    /// Speaker: agents among themselves.
    InternalNote => "内部备注", "Internal note";
    /// Heading: root causes.
    Causes => "根因", "Causes";
    /// Heading: what other agents think of the causes.
    Opinions => "其他意见", "Other opinions";
    /// An opinion that was taken back.
    Withdrawn => "收回", "taken back";
    /// Title: what an agent holds against confirmed causes.
    DissentTitle => "不同意：您认为的根因", "Disagree: the causes you hold";
    /// Dissent: no cause is named.
    NotThese => "只是不同意，不另提根因", "only not these, none named";
    /// Title: look-alikes annotated at once.
    GroupTitle => "相似工单一并标注", "Annotate look-alikes";
    /// Below the look-alikes.
    GroupHint => "Space 去掉或选上　数字 换根因　Tab 其他根因　Enter 全部采用，一次撤销", "Space leaves one out   digits: another cause   Tab: any cause   Enter takes all, one undo";
    /// No cause is chosen for the look-alikes.
    GroupNoCause => "先选根因：数字或 Tab", "Choose a cause first: a digit or Tab";
    /// A ticket has no look-alikes.
    GroupOfOne => "没有与它相似的工单，请用 a 单独标注", "No other ticket is like this one: annotate it alone with a";
    /// What the causes become.
    BecomesCause => "改为", "Becomes";
    /// Behind an opinion: somebody decided anew since.
    Settled => "已裁定", "settled";
    /// Heading: root causes as the document gave them.
    CausesGiven => "原始根因", "Causes as given";
    /// Heading: the category.
    Category => "分类", "Category";
    /// Heading: the category as the document gave it.
    CategoryGiven => "原始分类", "Category as given";
    /// Heading: products and scenarios.
    Scenarios => "适用场景", "Scenarios";
    /// Heading: suggested causes.
    SuggestedCauses => "建议根因", "Suggested causes";
    /// Heading: standard replies.
    Replies => "回复", "Replies";
    /// Heading: decisions of agents.
    History => "历史", "History";
    /// Heading: where a ticket came from.
    Sources => "来源", "Sources";
    /// Heading: passages of articles about the same.
    RelatedPassages => "相关资料", "Related passages";
    /// Heading: date of the case.
    Date => "日期", "Date";
    /// Heading: datasets.
    Datasets => "数据集", "Datasets";
    /// A holding reply.
    Holding => "过渡语", "holding";
    /// A cause that came with the document.
    ByDocument => "原文", "as given";
    /// A name that the agent declared and the system did not prove.
    Declared => "自报", "declared";
    /// No causes at all.
    NoCause => "无根因", "no cause";
    /// Badge: probably wrong.
    Suspect => "存疑", "suspect";
    /// Badge: agents differ.
    Disputed => "有分歧", "disputed";
    /// Badge: category probably wrong.
    Misfiled => "误分类", "misfiled";

    // Overlays.
    /// Title: keys.
    HelpTitle => "帮助：按键", "Help: keys";
    /// Help: the marks before a row of the list.
    MarksBefore => "列表左侧：> 光标  * 已标记  ~ 近似命中", "Left of a row: > cursor  * marked  ~ near hit";
    /// Help: the marks behind a row of the list.
    MarksBehind => "列表右侧：- 待标注  + 原文根因  # 已确认  ? 存疑  ^ 误分类  ! 有分歧", "Right: - placeholder  + given  # confirmed  ? suspect  ^ misfiled  ! disputed";
    /// Help: the mark of a ticket at which others are.
    MarksOthers => "最右一列：@ 别人也在看或在标注", "Last column: @ others read or annotate it";
    /// Others who read the ticket shown.
    AlsoReads => "也在看", "also here";
    /// Others who come to the ticket in a queue.
    AlsoWorks => "在处理", "works on it";
    /// Others who have the annotation form open.
    AlsoAnnotates => "正在标注", "annotates it";
    /// Title: which-key.
    WhichKeyTitle => "接着按", "Then";
    /// Title: command line.
    CommandTitle => "命令", "Command";
    /// Title: annotation.
    AnnotateTitle => "标注根因", "Annotate causes";
    /// Title: category correction.
    CategoryTitle => "改分类", "Correct the category";
    /// Title: reply picker.
    RepliesTitle => "选择回复", "Pick a reply";
    /// Title: short codes.
    CodeTitle => "短码", "Short code";
    /// Title: history of a ticket.
    HistoryTitle => "工单历史", "History of the ticket";
    /// Title: log.
    LogTitle => "变更记录", "Log of changes";
    /// Title: conflicts.
    ConflictsTitle => "冲突", "Conflicts";
    /// Title: similar tickets.
    SimilarTitle => "相似工单", "Similar tickets";
    /// Title: vocabulary.
    VocabularyTitle => "根因词表", "Vocabulary of causes";
    /// Title: datasets.
    DatasetsTitle => "数据集", "Datasets";
    /// Title: saved views.
    ViewsTitle => "视图", "Views";
    /// Title: a view is saved.
    SaveViewTitle => "保存为视图", "Save as a view";
    /// Title: a view gets another name.
    RenameViewTitle => "视图改名", "Rename the view";
    /// No views are saved.
    NoViews => "还没有保存的视图；搜索后按保存视图的键", "No views saved yet: search, then save the view";
    /// Below the name of a view that is saved.
    ViewHint => "Tab 在个人与团队之间切换", "Tab: own or the team's";
    /// Only a query with its filters can be saved.
    NothingToSave => "只有搜索和筛选能存为视图", "Only a search with its filters can be saved";
    /// Menu: a view is shown.
    OpenView => "打开", "Open";
    /// Menu: a view's name.
    RenameView => "改名", "Rename";
    /// Menu: a view's place.
    MoveViewUp => "前移", "Move forward";
    /// Menu: a view's place.
    MoveViewDown => "后移", "Move back";
    /// Menu: a view goes.
    DropView => "删除（可撤销）", "Delete (can be undone)";
    /// Title: statistics.
    StatisticsTitle => "统计", "Statistics";
    /// Title: settings.
    SettingsTitle => "团队设置", "Team settings";
    /// Title: status.
    StatusTitle => "运行状态", "Status";
    /// Title: paste and answer.
    AnswerTitle => "粘贴客户消息", "Paste the customer's message";
    /// Title: export.
    ExportTitle => "导出到文件", "Export to a file";
    /// A form of export.
    FormatJsonl => "JSONL：可无损导回", "JSONL: imports back lossless";
    /// A form of export.
    FormatCsv => "CSV：电子表格", "CSV: for spreadsheets";
    /// A form of export.
    FormatMarkdown => "Markdown：工单文档", "Markdown: ticket documents";
    /// A form of export.
    FormatXlsx => "XLSX：工作簿", "XLSX: a workbook";
    /// Below the export form.
    ExportHint => "Tab 换格式；文件仅本人可读", "Tab takes the next form; only you can read the file";
    /// Menu: a dataset's tickets.
    OnlyDataset => "只看此数据集", "Only this dataset";
    /// Menu: a dataset goes.
    RemoveDataset => "移除此数据集…", "Remove this dataset…";
    /// Menu: a cause's tickets.
    OnlyCause => "查看有此根因的工单", "Show the tickets with this cause";
    /// Menu: a cause's name.
    RenameCause => "改名", "Rename";
    /// Menu: a cause becomes another.
    MergeCause => "合并到另一根因", "Merge into another cause";
    /// Menu: a cause's upper level.
    GroupCause => "改上级", "Move under another level";
    /// Menu: a cause is no longer offered.
    RetireCause => "停用", "Retire";
    /// Menu: a cause is offered again.
    ReviveCause => "重新启用", "Offer again";
    /// Field: a name.
    Name => "名称", "Name";
    /// Field: the upper level of a cause.
    UpperLevel => "上级", "Level";
    /// A cause under no upper level.
    NoUpperLevel => "（无上级）", "(no upper level)";
    /// The vocabulary holds nothing.
    NoCausesYet => "词表为空；输入名称新建，「上级/名称」带上级", "No causes yet: type a name, or LEVEL/NAME";
    /// Below the editor of a setting.
    EditorHint => "JSON；每项一行", "JSON, one entry a line";
    /// Leaving an editor without saving.
    Unsaved => "有未保存的修改；再按一次放弃", "Not saved; once more to leave anyway";
    /// Title: what is likely about a message.
    AdviceTitle => "可能的答案", "What answers it";
    /// Below what is likely about a message.
    AdviceHint => "数字复制回复；Enter 复制、查看或列出；Tab 换一组；空格列出全部相似工单", "A digit copies a reply; Enter copies, reads or lists; Tab: next group; Space lists all tickets like it";
    /// Heading: replies kept for all.
    StandardReplies => "标准回复", "Standard replies";
    /// Mark of a standard reply among a ticket's own.
    Standard => "标准", "standard";
    /// A message's own words name the category.
    NamedByMessage => "来信自己提到", "the message says so";
    /// No standard reply fits.
    NoAdvice => "没有可直接使用的回复，请看下面的相似工单", "No reply that can be used as it is; see the tickets like it";
    /// The category a misfiled ticket may belong to.
    ProposedCategory => "建议分类", "Proposed category";
    /// Title: the blanks of a reply.
    SlotsTitle => "填写回复", "Fill in the reply";
    /// A blank has no value.
    SlotLeft => "还有空没填", "A blank is left";
    /// Title: a warning before a copy.
    GuardTitle => "发送前请核对", "Check before sending";
    /// What should be looked at in a reply.
    LookAt => "可能是别的客户的内容", "Perhaps another customer's";
    /// Links that redaction broke.
    BrokenLinks => "链接不完整", "Broken links";
    /// Why a reply must not be sent any more.
    Outdated => "已过时", "Outdated";
    /// What Enter does in a warning about more than places in the text.
    CopyAnyway => "按 Enter 仍然复制（将记录）", "Enter copies anyway, on record";
    /// What Enter does once everything found was dealt with.
    CopyNow => "都已处理：按 Enter 复制", "All dealt with: Enter copies";
    /// Line breaks were restored and the like.
    MadeFit => "已整理换行", "line breaks restored";
    /// Title: favourites and last copies.
    AtHandTitle => "收藏与最近复制", "Favourites and last copies";
    /// There are neither favourites nor copies.
    NothingAtHand => "还没有收藏，也没有复制过", "No favourites and no copies yet";
    /// Heading and mark of a favourite.
    Favourites => "收藏", "Favourites";
    /// Heading: copied lately.
    LastCopies => "最近复制", "Copied lately";
    /// A reply that agents took out of use.
    Retired => "已停用", "Retired";
    /// Only a standard reply can be a favourite.
    PromoteFirst => "这是工单里的原话：先按 P 提升为标准回复", "Said in one ticket: press P to make it a standard reply first";
    /// Title: a text edited for one copy.
    EditOnceTitle => "编辑后复制（只用这一次）", "Edit for this copy only";
    /// Title: a new standard reply.
    NewReplyTitle => "新建标准回复", "New standard reply";
    /// Title: a standard reply made of what was said.
    PromoteTitle => "提升为标准回复", "Make it a standard reply";
    /// Title: a standard reply being changed.
    EditReplyTitle => "编辑标准回复", "Edit the standard reply";
    /// Label: the name of a reply.
    ReplyName => "名称", "Name";
    /// Label: the text of a reply.
    ReplyText => "正文", "Text";
    /// Heading: what was changed of the original.
    DiffTitle => "与原文对照", "Against the original";
    /// Label: values that become slots.
    ReplySlots => "空位", "Slots";
    /// Below a form for a reply.
    ReplyFormHint => "空位写成 {{名称}}；字面的 {{ 写成 \\{{", "Slots: {{名称}}; a literal {{ is \\{{";
    /// A restricted session starts no other program.
    NotInRestricted => "受限会话不能启动编辑器", "A restricted session starts no editor";
    /// A reply needs a text.
    NoText => "正文为空", "There is no text";
    /// Menu: copies a reply.
    CopyReply => "复制", "Copy";
    /// Menu: copies a reply as it was written.
    CopyOriginal => "复制原文", "Copy the original";
    /// Menu: makes a reply a favourite.
    StarReply => "收藏", "Make it a favourite";
    /// Menu: makes a reply a favourite no more.
    UnstarReply => "取消收藏", "Favourite no more";
    /// Menu: changes a reply.
    EditReply => "编辑名称、短码、正文", "Edit name, code and text";
    /// Menu: takes the text that the tickets have now.
    FollowReply => "工单中的写法变了：对照并采用", "The tickets say something else: compare, take";
    /// Menu: stays with the text as it is kept, whatever the tickets say.
    KeepReply => "工单中的写法变了：保留现在的正文", "The tickets say something else: keep the text";
    /// Menu: merges another reply into this one.
    MergeReply => "把另一条并入这条", "Merge another into it";
    /// Menu: parts the reply that was merged last.
    PartReply => "拆出最后并入的一条", "Part the one merged last";
    /// Title: the reply that is merged into another.
    MergeReplyTitle => "把哪一条并入", "Merge which one";
    /// Menu: says why a reply must not be sent any more.
    Outdate => "标为过时", "Mark as outdated";
    /// Menu: takes a reply out of use.
    RetireReply => "停用", "Retire";
    /// Menu: brings a reply back.
    ReviveReply => "恢复使用", "Bring back";
    /// Menu: the changes of a reply.
    ReplyHistory => "历史", "History";
    /// Menu: the tickets behind a reply.
    ReplyTickets => "看出处工单", "The tickets behind it";
    /// Label: why a reply is outdated.
    Reason => "原因", "Reason";
    /// Label: the reply that takes its place.
    Successor => "改用（短码或编号）", "Take instead (code or ID)";
    /// Below the form for an outdated reply.
    OutdateHint => "原因为空即取消过时", "Without a reason it may be sent again";
    /// Heading: values remembered from earlier copies.
    Remembered => "我用过的", "used before";
    /// Heading: values of the ticket or message at hand.
    FromThisTicket => "本单", "this ticket";
    /// Heading: values that other tickets have there.
    SeenElsewhere => "别的工单", "other tickets";
    /// Title: something went wrong.
    ErrorTitle => "出错了", "Error";
    /// Title: a question.
    ConfirmTitle => "请确认", "Please confirm";
    /// Title: text to be selected by mouse.
    PageTitle => "用鼠标选中复制，按任意键返回", "Select with the mouse to copy; any key goes back";

    // Fields and hints inside overlays.
    /// Field: filter.
    Filter => "筛选", "Filter";
    /// Field: note.
    Note => "备注", "Note";
    /// Field: path.
    Path => "路径", "Path";
    /// Field: product area.
    Product => "产品", "Product";
    /// Field: issue type.
    IssueType => "类型", "Type";
    /// A typed cause is not in the vocabulary.
    NewCauseHint => "词表中没有；确要新建请用「新建此项」", "Not in the vocabulary; create it on purpose";
    /// What is typed, as a new cause.
    NewCause => "新建根因", "New cause";
    /// What is typed, as a new category.
    NewCategory => "新分类", "New category";
    /// A short-code field.
    CodeHint => "输入短码", "Type a short code";
    /// An empty log or history.
    NoHistory => "还没有变更", "No changes yet";
    /// No conflicts.
    NoConflicts => "没有冲突", "No conflicts";
    /// No replies to pick from.
    NoReplies => "此工单没有可用的回复", "The ticket has no usable reply";
    /// Conflict: one's own change.
    Mine => "我的", "Mine";
    /// Conflict: the change that was faster.
    Theirs => "对方的", "Theirs";
    /// Conflict: what both give together.
    Merged => "合并后", "Merged";
    /// Conflict: make both hold.
    Merge => "合并", "Merge";
    /// Conflict: apply mine.
    KeepMine => "用我的", "Keep mine";
    /// Conflict: leave theirs.
    TakeTheirs => "用对方的", "Take theirs";
    /// Answer: yes.
    Yes => "是", "Yes";
    /// Answer: no.
    No => "否", "No";

    // Outcomes.
    /// Nothing to undo.
    NothingToUndo => "没有可撤销的", "Nothing to undo";
    /// Nothing to redo.
    NothingToRedo => "没有可重做的", "Nothing to redo";
    /// An annotation changed nothing.
    Unchanged => "没有变化", "Nothing changed";
    /// What a digit accepts was not on the screen, and is now.
    ShownFirst => "先看清再采纳：再按一次就采纳", "Look first: the same key again accepts it";
    /// The ticket has no suggestion with this number.
    NoSuggestion => "没有这一条建议", "There is no such suggestion";
    /// No match of the query in the text.
    NoMatch => "正文中没有匹配", "No match in the text";
    /// Marks were taken away.
    Unmarked => "已取消全部标记", "All marks taken away";
    /// Pushes were lost.
    Resynced => "已重新同步", "Synchronised again";
    /// The desk has gone and is sought.
    Reconnecting => "连接中断，正在重连…", "Connection lost, reconnecting…";
    /// The desk is back.
    Reconnected => "已重新连接", "Connected again";
    /// Cancelled by the agent.
    Cancelled => "已取消", "Cancelled";
    /// The pasted text was empty.
    NothingPasted => "没有粘贴内容", "Nothing was pasted";

    // The clipboard.
    /// A sent text has no acknowledgement.
    SentUnconfirmed => "此终端不回执，请粘贴核对", "this terminal does not confirm; check by pasting";
    /// What to do in an outer tmux that keeps OSC 52 to itself.
    HintTmuxOuter => "若未复制：在外层 tmux 运行 tmux set -s set-clipboard on", "if it did not arrive: tmux set -s set-clipboard on, in the outer tmux";
    /// tmux took it, but its terminal has no clipboard feature.
    HintTmuxTerminal => "仅在 tmux 缓冲区：外层终端未声明 clipboard 能力，可用 prefix ] 粘贴", "only in tmux's buffer: its terminal declares no clipboard; prefix ] pastes";
    /// Nothing takes it.
    NoClipboard => "此终端无法写剪贴板", "This terminal has no clipboard";

    // Status overlay.
    /// Label: version.
    Version => "版本", "Version";
    /// Label: data directory.
    DataDir => "数据目录", "Data directory";
    /// Label: index.
    Index => "索引", "Index";
    /// The index is up to date.
    IndexReady => "最新", "up to date";
    /// Label: sequence.
    Sequence => "日志序号", "Journal sequence";
    /// Label: who works here.
    You => "当前客服", "Agent";
    /// Label: connected sessions.
    Sessions => "会话", "Sessions";
    /// Label: clipboard.
    Clipboard => "剪贴板", "Clipboard";
    /// Label: terminal.
    Terminal => "终端", "Terminal";
    /// Label: keymap.
    Keys => "按键", "Keys";
    /// Label: theme.
    Theme => "主题", "Theme";
    /// Label: language.
    Language => "语言", "Language";
    /// Label: configuration files.
    ConfigFiles => "配置文件", "Configuration";

    // Statistics.
    /// Heading: figures of everything.
    Whole => "总览", "Overview";
    /// Heading: tickets by product area and issue type.
    ByProduct => "产品与类型", "Products and types";
    /// Heading: share of tickets with a reusable answer.
    Coverage => "有可复用回复的工单", "Tickets with a reusable answer";
    /// In the place of figures that need an analysis.
    NotAnalysed => "分析完成后显示", "shown when the analysis is done";
    /// Heading: copies of each standard reply.
    RepliesByUse => "标准回复的使用", "Use of standard replies";
    /// Heading: how far agents agree.
    Agreement => "根因意见一致率（Fleiss κ）", "Agreement on causes (Fleiss’ κ)";
    /// Heading: what goes wrong most in each product area.
    TopCauses => "各产品的主要根因", "Top causes by product";
    /// Label: tickets.
    Tickets => "工单", "Tickets";
    /// Label: articles.
    Articles => "文章", "Articles";
    /// Label: passages.
    Passages => "段落", "Passages";
    /// Label: causes before annotation.
    CausesBefore => "原始根因分布", "Causes as given";
    /// Label: causes now.
    CausesNow => "当前根因分布", "Causes now";
    /// Label: annotations by day.
    ByDay => "每日标注", "Annotations by day";
    /// Label: annotations by agent.
    ByAgent => "各客服标注", "Annotations by agent";
    /// Label: copies of replies.
    Copies => "复制次数", "Copies";
    /// Label: bytes of the store.
    StoreSize => "数据大小", "Store size";
    /// Label: bytes of the index.
    IndexSize => "索引大小", "Index size";

    // What keys do where they are shown.
    /// Key: decides the causes chosen.
    DoAnnotate => "标注", "annotate";
    /// Key: holds the causes chosen against those confirmed.
    DoDissent => "提出异议", "disagree";
    /// Key: takes what is chosen.
    DoChoose => "采用", "take";
    /// Key: ticks a row, or unticks it.
    DoTick => "选或不选", "tick";
    /// Key: goes to the note.
    DoNote => "备注", "note";
    /// Key: goes to the causes.
    DoCauses => "根因", "causes";
    /// Key: makes an entry of what is typed.
    DoNew => "新建", "new";
    /// Key: annotates all look-alikes that are ticked.
    DoAnnotateAll => "全部标注", "annotate all";
    /// Key: chooses another cause.
    DoOtherCause => "换根因", "other cause";
    /// Key: runs the command.
    DoRun => "执行", "run";
    /// Key: completes what is typed.
    DoComplete => "补全", "complete";
    /// Key: goes to the next way of settling a conflict.
    DoNextWay => "换处理方式", "next way";
    /// Key: lists replies out of use too, or no more.
    DoAll => "全部或在用", "all or in use";
    /// Key: merges.
    DoMerge => "合并", "merge";
    /// Key: corrects the category.
    DoRecategorise => "改分类", "set category";
    /// Key: edits the entry.
    DoEdit => "编辑", "edit";
    /// Key: shows what can be done with the entry.
    DoMenu => "操作…", "do…";
    /// Key: saves the new name.
    DoRename => "改名", "rename";
    /// Key: moves the cause under another level.
    DoRegroup => "改上级", "move";
    /// Key: takes a value for the blank.
    DoTakeValue => "取值", "take value";
    /// Key: goes to the next blank.
    DoNextBlank => "下一处", "next blank";
    /// Key: copies.
    DoCopy => "复制", "copy";
    /// Key: copies in spite of a warning.
    DoCopyAnyway => "照样复制", "copy anyway";
    /// Key: goes to the next field.
    DoNextField => "下一栏", "next field";
    /// Key: marks as outdated.
    DoOutdate => "标为过时", "mark outdated";
    /// Key: lets what was outdated be used again.
    DoInUse => "取消过时", "no longer outdated";
    /// Key: saves.
    DoSave => "保存", "save";
    /// Key: makes the view one's own or the team's.
    DoTeam => "个人或团队", "own or team";
    /// Key: lists tickets.
    DoList => "列出工单", "list tickets";
    /// Key: shows the ticket or passage.
    DoRead => "查看", "read";
    /// Key: goes to the next group of rows.
    DoNextGroup => "下一组", "next group";
    /// Key: lists tickets like the message.
    DoListAlike => "列出相似", "list similar";
    /// Key: goes to the next place that was found.
    DoNextFinding => "下一处", "next";
    /// Key: writes the file.
    DoExport => "导出", "export";
    /// Key: takes the next form of file.
    DoNextFormat => "换格式", "next format";
    /// Key: asks what is likely about the message.
    DoAdvise => "找答案", "find answers";
    /// Key: replaces the file.
    DoReplace => "覆盖", "replace";
    /// Key: removes the dataset.
    DoRemove => "移除", "remove";
    /// Key: does what was asked about.
    DoYes => "照做", "do it";
    /// Key: goes back without doing it.
    DoBack => "返回", "back";
    /// Key: goes to the list.
    ToList => "到列表", "to the list";
    /// No cause is chosen yet.
    ChooseCause => "还没选根因：输入、下移或用 C-t 选", "No cause chosen: type, go down, or tick one with C-t";
    /// Label of what a form annotates with.
    AnnotatesAs => "标注为", "Causes";
    /// Help: fields of the query language.
    SyntaxFields => "搜索：类:CDN 产品和类型  因:超时 根因  态:待标注 状态  集:名称 数据集", "Search: cat:CDN category  cause:timeout  state:placeholder  dataset:name";
    /// Help: parts of a ticket that are searched.
    SyntaxParts => "搜索：问:… 只查提问  答:… 只查回复  题:… 只查标题  id:前缀  日期:2024-05", "Search: ask:… the question  answer:… the replies  题:… the title  id:prefix  date:2024-05";
    /// Help: how words of a query are joined.
    SyntaxJoins => "搜索：空格 都要有  OR 任一  -词 不要  \"…\" 连在一起  ( ) 分组", "Search: blank = all  OR = any  -word = without  \"…\" = together  ( ) groups";
}
