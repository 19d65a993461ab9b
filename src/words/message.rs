//! Sentences with values.

use super::{Bytes, Count};

macro_rules! messages {
    ($( $(#[$doc:meta])* $message:ident { $( $(#[$field_doc:meta])* $field:ident: $type:ty ),+ } => $zh:literal, $en:literal; )+) => {
        /// A sentence with values.
        ///
        /// English wordings need no plural, so that a value of one reads right too.
        #[derive(Debug, Clone, Copy, PartialEq)]
        pub enum Msg<'a> {
            $( $(#[$doc])* $message { $( $(#[$field_doc])* $field: $type ),+ }, )+
        }

        impl Msg<'_> {
            pub(super) fn zh(&self) -> String {
                match self { $( Self::$message { $($field),+ } => format!($zh), )+ }
            }

            pub(super) fn en(&self) -> String {
                match self { $( Self::$message { $($field),+ } => format!($en), )+ }
            }
        }
    };
}

messages! {
    // The query line.
    /// How many were found, and how fast.
    Hits {
        /// Tickets and passages.
        n: Count,
        /// Milliseconds.
        ms: u128
    } => "{n} 条 · {ms} ms", "{n} found · {ms} ms";
    /// At least how many were found.
    HitsMore {
        /// Tickets and passages counted.
        n: Count,
        /// Milliseconds.
        ms: u128
    } => "{n}+ 条 · {ms} ms", "{n}+ found · {ms} ms";
    /// How many were found as asked, and how many near it.
    HitsNear {
        /// Tickets and passages as asked.
        n: Count,
        /// Rows by relaxing the query.
        near: Count,
        /// Milliseconds.
        ms: u128
    } => "{n} 条 + {near} 条近似 (~) · {ms} ms", "{n} found + {near} near (~) · {ms} ms";
    /// Tickets that speak for something.
    Evidence {
        /// How many.
        n: Count,
        /// The first of them.
        which: &'a str
    } => "依据 {n} 条：{which}", "{n} tickets: {which}";
    /// What a ticket has in common with a message.
    Shared {
        /// Words, parted by spaces.
        which: &'a str
    } => "都提到：{which}", "both say: {which}";
    /// In the place of replies, until the first analysis is over.
    RepliesAnalysed {
        /// How much is done.
        percent: u64
    } => "工单分析中 {percent} %，回复随后补上", "Analysing the tickets, {percent} %; replies follow";
    /// A standard reply stands in for what the ticket's agents said.
    Lent {
        /// Its name or beginning.
        title: &'a str
    } => "本工单只有过渡语，这是标准回复「{title}」", "This ticket only has holding replies: this is the standard reply \"{title}\"";
    /// A standard reply that another one stands for.
    MergedInto {
        /// The other one's id.
        id: &'a str
    } => "已并入 {id}", "merged into {id}";
    /// Where a standard reply was seen.
    SeenIn {
        /// Tickets.
        n: Count
    } => "{n} 条工单用过", "seen in {n} tickets";
    /// How many tickets are listed.
    Listed {
        /// Tickets.
        n: Count
    } => "{n} 条", "{n} tickets";
    /// Position in the list.
    Position {
        /// From 1.
        at: Count,
        /// In all.
        of: Count
    } => "{at}/{of}", "{at}/{of}";
    /// Words of the query were left out to find something.
    RelaxedDropped {
        /// The words, joined.
        words: &'a str
    } => "没有完全匹配；少了「{words}」", "No exact match; without “{words}”";
    /// Read as pinyin or something near to find something.
    Relaxed {
        /// How: a name of `names::relaxed`.
        how: &'a str
    } => "没有完全匹配；按{how}", "No exact match; by {how}";
    /// The tree or list shows part of the tickets.
    Filtered {
        /// By what.
        by: &'a str
    } => "筛选：{by}", "Filter: {by}";

    // Background work.
    /// The index catches up or is built anew.
    Indexing {
        /// Which: a name of `names::job`.
        what: &'a str,
        /// Percent.
        percent: u8
    } => "正在{what} {percent} %", "{what} {percent} %";
    /// Derived facts are worked out.
    Analysing {
        /// Percent.
        percent: u8
    } => "分析中 {percent} %", "Analysing {percent} %";
    /// A job goes on, with a known end.
    Progress {
        /// Which: a name of `names::job`.
        what: &'a str,
        /// Percent.
        percent: u8
    } => "{what} {percent} %", "{what} {percent} %";
    /// A job goes on, with no known end.
    ProgressCount {
        /// Which: a name of `names::job`.
        what: &'a str,
        /// Done so far.
        done: Count
    } => "{what} {done}", "{what} {done}";
    /// A job came to its end.
    JobDone {
        /// Which.
        what: &'a str
    } => "{what}完成", "{what} done";
    /// A job was cancelled.
    JobCancelled {
        /// Which.
        what: &'a str
    } => "{what}已取消", "{what} cancelled";
    /// A job failed.
    JobFailed {
        /// Which.
        what: &'a str
    } => "{what}失败", "{what} failed";

    /// Something must not be followed any more.
    OutdatedWhy {
        /// The reason.
        why: &'a str
    } => "已过时：{why}", "Outdated: {why}";
    /// Something must not be followed any more, and what took its place.
    OutdatedHeir {
        /// The reason.
        why: &'a str,
        /// The id of the successor.
        heir: &'a str
    } => "已过时：{why}；改用 #{heir}", "Outdated: {why}; take #{heir} instead";

    // Annotating.
    /// A ticket was annotated.
    Annotated {
        /// Its short id.
        id: &'a str,
        /// The causes, joined.
        causes: &'a str
    } => "#{id} 根因：{causes}", "#{id} causes: {causes}";
    /// Several tickets were annotated as one act.
    AnnotatedMany {
        /// How many.
        n: Count,
        /// The causes, joined.
        causes: &'a str
    } => "{n} 条工单的根因：{causes}", "{n} tickets, causes: {causes}";
    /// A category was corrected.
    Recategorised {
        /// Short id.
        id: &'a str,
        /// The category.
        category: &'a str
    } => "#{id} 分类：{category}", "#{id} category: {category}";
    /// Several categories were corrected as one act.
    RecategorisedMany {
        /// How many.
        n: Count,
        /// The category.
        category: &'a str
    } => "{n} 条工单的分类：{category}", "{n} tickets, category: {category}";
    /// Replies that answer nothing, in the place of them.
    FoldedHolding {
        /// How many.
        n: Count
    } => "{n} 条应答", "holding replies: {n}";
    /// An act was taken back.
    Undone {
        /// What it was.
        what: &'a str
    } => "已撤销：{what}", "Undone: {what}";
    /// An act on several tickets was taken back.
    UndoneMany {
        /// How many tickets.
        n: Count,
        /// What it was of the first.
        what: &'a str
    } => "已撤销 {n} 张工单：{what} 等", "Undone, {n} tickets: {what} and others";
    /// An act was done again.
    Redone {
        /// What it was.
        what: &'a str
    } => "已重做：{what}", "Redone: {what}";
    /// An act on several tickets was done again.
    RedoneMany {
        /// How many tickets.
        n: Count,
        /// What it was of the first.
        what: &'a str
    } => "已重做 {n} 张工单：{what} 等", "Redone, {n} tickets: {what} and others";
    /// An undo left some alone.
    MovedOn {
        /// How many.
        n: Count,
        /// Which, joined.
        which: &'a str
    } => "{n} 处此后又改过，未撤销：{which}", "{n} changed since and left alone: {which}";
    /// Changes came too late.
    Conflicted {
        /// How many.
        n: Count
    } => "{n} 处被别人抢先修改，已留作冲突", "{n} changed by somebody faster, kept as conflict";
    /// One change, before and after.
    Change {
        /// What: a name of `names::log_kind`.
        what: &'a str,
        /// Values before, joined.
        before: &'a str,
        /// Values after, joined.
        after: &'a str
    } => "{what}：{before} → {after}", "{what}: {before} → {after}";
    /// How far agents agree, with kappa.
    Agreement {
        /// Tickets with two opinions or more.
        n: Count,
        /// Pairs that agree, in percent.
        percent: f64,
        /// Fleiss' kappa.
        kappa: f64
    } => "{percent} % · κ {kappa:.2} · {n} 条", "{percent} % · κ {kappa:.2} · {n} tickets";
    /// How far agents agree, where kappa says nothing.
    AgreementPercent {
        /// Tickets with two opinions or more.
        n: Count,
        /// Pairs that agree, in percent.
        percent: f64
    } => "{percent} % · {n} 条", "{percent} % · {n} tickets";
    /// Tickets are marked.
    Marked {
        /// How many.
        n: Count
    } => "已标记 {n}", "{n} marked";
    /// A cause with its use, in the vocabulary.
    CauseUse {
        /// Tickets that carry it as given.
        given: Count,
        /// Tickets for which an agent confirmed it.
        confirmed: Count
    } => "原文 {given} · 确认 {confirmed}", "given {given} · confirmed {confirmed}";
    /// Where an overlay applies.
    ForTickets {
        /// How many tickets.
        n: Count
    } => "用于 {n} 条工单", "for {n} tickets";
    /// Somebody else changed the ticket on the screen.
    ChangedElsewhere {
        /// Short id.
        id: &'a str
    } => "#{id} 刚被修改", "#{id} was just changed";

    // Replies and the clipboard.
    /// The text is in the agent's clipboard, for certain.
    Copied {
        /// Which way: a name of `names::via`.
        via: &'a str
    } => "已复制（经 {via}）", "Copied (by {via})";
    /// The text was sent on its way; nothing confirms that it arrived.
    Sent {
        /// Which way: a name of `names::via`.
        via: &'a str,
        /// What to know or do.
        hint: &'a str
    } => "已发送（经 {via}）；{hint}", "Sent (by {via}); {hint}";
    /// The text was written to a file.
    SavedTo {
        /// The file.
        path: &'a str
    } => "已存到文件 {path}", "Saved to {path}";
    /// A way to the clipboard failed.
    CopyFailed {
        /// Which way.
        via: &'a str,
        /// Why.
        why: &'a str
    } => "复制失败（经 {via}）：{why}", "Not copied (by {via}): {why}";
    /// Which turn of how many was copied.
    TurnCopied {
        /// From 1.
        turn: usize,
        /// In all.
        of: usize
    } => "第 {turn}/{of} 条回复", "reply {turn} of {of}";
    /// The copied text holds redaction marks.
    MarksLeft {
        /// The marks, joined.
        marks: &'a str
    } => "注意：含脱敏标记 {marks}", "mind the redaction marks {marks}";

    /// A link that redaction broke was filled.
    LinkFilled {
        /// The tickets whose copies had it, joined.
        from: &'a str
    } => "残缺链接已按 {from} 补全", "link filled from {from}";
    /// Pictures stood in the original.
    PicturesLeftOut {
        /// How many.
        n: Count
    } => "原文此处有图（{n} 处）", "the original has pictures ({n})";
    /// Which of what the guard found is under the cursor.
    FindingOf {
        /// From 1.
        at: usize,
        /// In all.
        of: usize,
        /// What it is.
        what: &'a str
    } => "{at}/{of}  {what}", "{at}/{of}  {what}";
    /// What is left to look at before a copy.
    StillOpen {
        /// How many.
        n: Count
    } => "还有 {n} 处未处理：按 Enter 仍然复制（将记录）", "{n} left: Enter copies anyway, on record";

    // Import, export, datasets.
    /// What an import did.
    Imported {
        /// Files read.
        files: Count,
        /// Tickets that were new.
        new: Count,
        /// Tickets that had changed.
        updated: Count,
        /// Tickets met again as they were.
        unchanged: Count,
        /// Articles.
        articles: Count
    } => "{files} 个文件：新增 {new}，更新 {updated}，未变 {unchanged}，文章 {articles}", "{files} files: {new} new, {updated} updated, {unchanged} unchanged, {articles} articles";
    /// The first real import took the sample's place.
    SampleRemoved {
        /// The dataset imported into.
        dataset: &'a str
    } => "已导入数据集 {dataset}，示例数据已移除", "Imported into {dataset}; the sample data is gone";
    /// What was written.
    Exported {
        /// Size.
        size: Bytes,
        /// The file.
        path: &'a str
    } => "已导出 {size} 到 {path}", "Exported {size} to {path}";
    /// An export has begun.
    Exporting {
        /// The file.
        path: &'a str
    } => "正在导出到 {path}…", "Exporting to {path}…";
    /// A question before a file is written over.
    ReplaceFile {
        /// The file.
        path: &'a str
    } => "文件 {path} 已存在，要覆盖吗？", "{path} is there already: replace it?";
    /// A file could not be written.
    NotSaved {
        /// The file.
        path: &'a str,
        /// What the system said.
        why: &'a str
    } => "未能写入 {path}：{why}", "{path} was not written: {why}";
    /// A question before one cause becomes another.
    MergeCauses {
        /// The cause that goes.
        name: &'a str,
        /// The cause that takes its place.
        into: &'a str,
        /// Tickets that follow.
        n: Count
    } => "把「{name}」合并到「{into}」？{n} 处标注随之改变；可撤销", "Merge “{name}” into “{into}”? {n} uses follow; this can be undone";
    /// A team setting was changed.
    SettingSaved {
        /// Which: a name of `names::setting`.
        name: &'a str
    } => "已保存设置：{name}", "Setting saved: {name}";
    /// Where a text is wrong.
    WrongAt {
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
        /// What.
        why: &'a str
    } => "第 {line} 行第 {column} 列：{why}", "line {line}, column {column}: {why}";
    /// A question before a dataset goes.
    RemoveDataset {
        /// Its name.
        name: &'a str,
        /// Tickets that are in no other dataset.
        n: Count
    } => "移除数据集 {name}？其中 {n} 条工单将消失；此操作不能撤销", "Remove dataset {name}? {n} tickets go with it; this cannot be undone";
    /// A dataset is gone.
    DatasetRemoved {
        /// Its name.
        name: &'a str
    } => "已移除数据集 {name}", "Removed dataset {name}";
    /// A dataset as a row.
    DatasetCounts {
        /// Tickets.
        tickets: Count,
        /// Articles.
        articles: Count
    } => "工单 {tickets} · 文章 {articles}", "{tickets} tickets · {articles} articles";

    // The program.
    /// The screen needs more room.
    NeedsRoom {
        /// Columns.
        columns: u16,
        /// Lines.
        lines: u16
    } => "需要至少 {columns}×{lines}", "at least {columns}×{lines} needed";
    /// No command or action has this name.
    UnknownCommand {
        /// The name.
        name: &'a str
    } => "没有这个命令：{name}", "No such command: {name}";
    /// No command has this name, but some are like it.
    UnknownCommandLike {
        /// The name.
        name: &'a str,
        /// The nearest, joined.
        like: &'a str
    } => "没有这个命令：{name}；是否指 {like}？", "No such command: {name}; do you mean {like}?";
    /// Keys that mean nothing.
    Unbound {
        /// The keys.
        keys: &'a str
    } => "按键 {keys} 没有绑定", "{keys} is not bound";
    /// An action that does nothing here.
    NotHere {
        /// The action.
        action: &'a str
    } => "此处不能用：{action}", "Not here: {action}";
    /// A keymap or configuration file is wrong, and the defaults hold.
    BadFile {
        /// File, line and what is wrong.
        problem: &'a str
    } => "{problem}；其余照用", "{problem}; the rest holds";
    /// Another theme is on.
    ThemeNow {
        /// Its name: a name of `names::theme`.
        name: &'a str
    } => "主题：{name}", "Theme: {name}";
    /// A person's and the program's version line.
    VersionLine {
        /// Version.
        version: &'a str
    } => "工单 Gongdan {version}", "Gongdan {version}";
    /// What the store holds.
    Holdings {
        /// Tickets.
        tickets: Count,
        /// Articles.
        articles: Count,
        /// Datasets.
        datasets: Count
    } => "{tickets} 条工单，{articles} 篇文章，{datasets} 个数据集", "{tickets} tickets, {articles} articles, {datasets} datasets";
    /// Key of one suggestion and what it does, such as in the status line.
    KeyHint {
        /// The keys.
        keys: &'a str,
        /// What they do.
        what: &'a str
    } => "{keys} {what}", "{keys} {what}";
}
