//! The Chinese help.
//!
//! The English stands as comments on commands and options (`cli/args.rs` and the command's own
//! file), where the parser takes it from. Here is the Chinese of each, by the command's path and
//! the option's name; a test finds what is missing and what is too much.

use clap::{Arg, ArgAction, Command};

use crate::words::Lang;

/// The page's order, with the heading of the usage line in Chinese.
const TEMPLATE: &str = "{about-with-newline}\n用法：{usage}\n\n{all-args}{after-help}";

/// Where the help flag stands: after the other options of every command.
const GLOBAL_LAST: usize = 910;

/// Command path, or path and option → what it is.
const CHINESE: &[(&str, &str)] = &[
    ("", "云服务客服的历史工单工作台。不带命令即打开工作台。"),
    (".data_dir", "数据目录 [环境变量 GONGDAN_DATA_DIR]"),
    (".lang", "界面语言：zh 或 en [环境变量 GONGDAN_LANG]"),
    (".json", "供脚本使用：每行一个 JSON 对象"),
    (".no_color", "不用颜色"),
    (".version", "显示版本；加 --json 时还有 JSON 约定的版本"),
    ("import", "导入工单文档和参考文章"),
    (
        "import.paths",
        "文件、文件夹，或 - 表示标准输入：Markdown、文本、表格、JSON、网页、邮件",
    ),
    ("import.dataset", "数据集名称；默认取第一个路径的名字"),
    ("import.articles", "像程序文档或文件列表的也作为文章导入"),
    ("import.dry_run", "只报告，不保存"),
    ("import.masks", "列出将脱敏的位置"),
    ("import.map", "指明表格的各列：标题=A列,答复=C列"),
    ("import.no_mask", "不脱敏：电话、密钥等原样保存"),
    ("add", "从标准输入添加一条已解决的工单"),
    ("add.from", "- 表示标准输入"),
    ("add.no_mask", "不脱敏：电话、密钥等原样保存"),
    ("list", "列出工单"),
    (
        "list.category",
        "只看这个产品，或其下的问题类型；- 表示未分类",
    ),
    ("list.cause_state", "只看根因处于这种状态的工单"),
    ("list.cause", "只看有这个根因的工单（名称或编号）"),
    ("list.dataset", "只看这个数据集"),
    ("list.limit", "最多多少条"),
    ("list.offset", "跳过多少条"),
    ("list.count", "只显示条数"),
    ("search", "搜索工单和文章"),
    (
        "search.query",
        "词、\"短语\"、-排除词、类: 型: 因: 态: 集: 日期: 问: 答: id:",
    ),
    (
        "search.category",
        "只看这个产品，或其下的问题类型；- 表示未分类",
    ),
    ("search.cause_state", "只看根因处于这种状态的工单"),
    ("search.cause", "只看有这个根因的工单（名称或编号）"),
    ("search.dataset", "只看这个数据集"),
    ("search.limit", "最多多少条"),
    (
        "search.batch",
        "从文件或标准输入每行读一个查询；结果带 query_no",
    ),
    ("similar", "查找与某工单或某段文字相似的工单"),
    (
        "similar.like",
        "工单编号（任何唯一前缀）；- 表示从标准输入读文字",
    ),
    ("similar.limit", "最多多少条"),
    (
        "similar.batch",
        "从文件或标准输入每行读一段文字；结果带 query_no",
    ),
    ("show", "显示工单或文章全文"),
    ("show.ids", "编号的任何唯一前缀；ID.N 是文章的第 N 段"),
    ("categories", "列出产品和问题类型及条数"),
    ("categories.query", "只统计此查询的结果"),
    ("cause", "根因：标注工单，管理词表"),
    ("cause set", "标注工单的根因"),
    (
        "cause set.id",
        "工单编号（任何唯一前缀）；多个用逗号分开，- 表示从标准输入读",
    ),
    (
        "cause set.group",
        "连同尚无人确认的相似工单：一次修改，一次撤销",
    ),
    ("cause vote", "对别人确认的根因表示同意或不同意"),
    (
        "cause vote.ids",
        "工单编号（任何唯一前缀）；- 表示从标准输入读",
    ),
    ("cause vote.agree", "根因是对的"),
    ("cause vote.dissent", "根因不对"),
    ("cause vote.withdraw", "收回自己的意见"),
    ("cause vote.cause", "您认为对的根因；可以多次给出"),
    ("cause vote.note", "理由"),
    ("cause vote.new", "词表中没有的名称就新建"),
    ("cause set.causes", "词表中的名称或编号"),
    ("cause set.none", "确认这条工单没有根因"),
    ("cause set.note", "理由"),
    ("cause set.new", "词表中没有的名称就新建"),
    ("cause set.dry_run", "只显示会改什么，不改"),
    (
        "cause set.base_rev",
        "所依据的版本；已有更新的版本则成为冲突",
    ),
    ("cause suggest", "为工单建议根因，并列出依据的工单"),
    ("cause suggest.id", "工单编号（任何唯一前缀）"),
    ("cause queue", "列出等待标注的工单，最有把握的在前"),
    ("cause queue.kind", "为何等待；默认除「我的」以外全部"),
    (
        "cause queue.category",
        "只看这个产品，或其下的问题类型：产品 或 产品｜类型",
    ),
    ("cause queue.cause_state", "只看根因处于这种状态的工单"),
    ("cause queue.cause", "只看有这个根因的工单（名称或编号）"),
    ("cause queue.dataset", "只看这个数据集"),
    ("cause queue.limit", "最多多少条"),
    ("cause list", "列出词表"),
    ("cause list.all", "也列出停用的和已并入的"),
    ("cause create", "在词表中新增根因"),
    ("cause create.name", "名称"),
    ("cause create.group", "上级"),
    ("cause rename", "根因改名；工单随之改变"),
    ("cause rename.cause", "名称或编号"),
    ("cause rename.name", "新名称"),
    ("cause merge", "把一个根因并入另一个；工单随之改变"),
    ("cause merge.cause", "名称或编号"),
    ("cause merge.into", "并入哪个根因"),
    ("cause group", "把根因移到另一个上级"),
    ("cause group.cause", "名称或编号"),
    ("cause group.group", "上级；不写表示没有"),
    ("cause retire", "停用根因"),
    ("cause retire.cause", "名称或编号"),
    ("cause revive", "恢复停用的根因"),
    ("cause revive.cause", "名称或编号"),
    ("category", "更正工单的分类"),
    ("category set", "更正工单的分类"),
    (
        "category set.id",
        "工单编号（任何唯一前缀）；多个用逗号分开，- 表示从标准输入读",
    ),
    ("category set.group", "连同相似的工单：一次修改，一次撤销"),
    ("category set.category", "产品 或 产品｜类型"),
    ("category set.given", "恢复文档给出的分类"),
    ("category set.note", "理由"),
    (
        "category set.base_rev",
        "所依据的版本；已有更新的版本则成为冲突",
    ),
    ("outdated", "标明工单或文章为何不能再参照"),
    ("outdated.id", "工单或文章编号（任何唯一前缀）"),
    ("outdated.reason", "原因"),
    ("outdated.successor", "改看哪条工单或哪篇文章"),
    ("outdated.revive", "恢复，仍可参照"),
    (
        "outdated.base_rev",
        "所依据的版本；已有更新的版本则成为冲突",
    ),
    ("answer", "为客户的一段话给出分类、回复、根因和相似工单"),
    ("answer.text", "客户的话；- 或不写表示从标准输入读"),
    ("replies", "列出标准回复"),
    ("replies.query", "回复中的词"),
    ("replies.category", "只看用于这个产品，或其下的问题类型的"),
    (
        "replies.all",
        "也列出从不推荐的及原因：等待性回复、停用、过时、已并入、内容太少",
    ),
    ("replies.favourites", "只列出我的收藏，新的在前"),
    ("replies.recent", "只列出我最近复制的，新的在前"),
    ("reply star", "收藏标准回复"),
    ("reply star.reply", "编号或短代码"),
    ("reply unstar", "取消收藏"),
    ("reply unstar.reply", "编号或短代码"),
    ("reply", "标准回复：新写、修改、停用"),
    ("reply new", "新写一条标准回复"),
    ("reply new.name", "名称"),
    (
        "reply new.text",
        "文字，空位写成 {{名称}}；- 表示从标准输入读",
    ),
    ("reply new.code", "短代码"),
    ("reply set", "给标准回复命名、定代码或改文字"),
    ("reply set.reply", "编号或短代码"),
    ("reply set.name", "名称"),
    ("reply set.code", "短代码；空表示去掉"),
    (
        "reply set.text",
        "文字，空位写成 {{名称}}；- 表示从标准输入读",
    ),
    (
        "reply set.base_rev",
        "所依据的版本；已有更新的版本则成为冲突",
    ),
    ("reply retire", "停用标准回复"),
    ("reply retire.reply", "编号或短代码"),
    ("reply revive", "恢复停用的标准回复"),
    ("reply revive.reply", "编号"),
    ("reply outdated", "标明标准回复为何不能再发"),
    ("reply outdated.reply", "编号或短代码"),
    ("reply outdated.reason", "原因；不写则取消标明"),
    ("reply outdated.successor", "改用哪条回复，写编号或短代码"),
    (
        "reply merge",
        "把几条标准回复并入一条；其编号和代码随之指向它",
    ),
    ("reply merge.reply", "留下的那条，写编号或短代码"),
    ("reply merge.others", "并入的各条，写编号或短代码"),
    ("reply part", "把并入的标准回复再分开"),
    ("reply part.reply", "编号或短代码"),
    ("reply offers", "列出工单中说法有变的标准回复，及变了什么"),
    ("reply take", "采用工单中的新说法"),
    ("reply take.reply", "编号或短代码"),
    ("reply keep", "保留现有文字，直到工单中的说法再变"),
    ("reply keep.reply", "编号或短代码"),
    ("reply show", "显示一条标准回复、用过它的工单和改动记录"),
    ("reply show.reply", "编号或短代码"),
    ("copy", "把回复复制到剪贴板"),
    ("copy.id", "工单或标准回复的编号（任何唯一前缀），或短代码"),
    ("copy.reply", "为这条工单推荐的第几条回复"),
    ("copy.set", "填空位，可重复"),
    ("copy.for_ticket", "发给哪条工单的客户"),
    ("copy.original", "原文，不补换行和链接"),
    ("copy.anyway", "有需留意之处也复制；会记录"),
    (
        "copy.turn",
        "第几条客服回复，从 1 起；默认是最合适的实质回复",
    ),
    ("copy.method", "经哪种方式；默认按配置"),
    ("copy.print", "只显示文字，不复制"),
    ("hold-clipboard", "把标准输入的文字留在系统剪贴板"),
    ("undo", "撤销自己上一次改动"),
    ("redo", "重做刚撤销的改动"),
    ("log", "显示改动记录，最新的在前"),
    ("log.id", "只看这条工单（编号的任何唯一前缀）"),
    ("log.limit", "最多多少条"),
    ("log.csv", "全部审计记录，输出为 CSV 表格"),
    ("conflicts", "显示或处理被人抢先的改动"),
    ("conflicts resolve", "处理一个冲突"),
    (
        "conflicts resolve.record",
        "留存的记录（编号的任何唯一前缀）",
    ),
    ("conflicts resolve.apply", "现在应用留存的改动"),
    ("conflicts resolve.drop", "放弃留存的改动"),
    ("conflicts resolve.merge", "两种改动都保留"),
    (
        "stats.html",
        "把带图表的报告写成一个 HTML 文件；- 表示写到标准输出",
    ),
    ("stats", "显示全库统计"),
    ("dataset", "列出或移除数据集"),
    ("dataset list", "列出数据集及条数"),
    ("dataset remove", "移除数据集；不能撤销"),
    ("dataset remove.name", "名称"),
    ("dataset remove.yes", "不再询问"),
    ("export", "导出工单"),
    ("export.format", "格式"),
    ("export.query", "只导出此查询的结果"),
    ("export.output", "写到文件；不写则到标准输出"),
    ("export.force", "替换已有的文件"),
    ("stats.force", "替换已有的文件"),
    ("mask", "查找库里应脱敏的内容并脱敏"),
    ("mask.query", "只在此查询的结果里"),
    ("mask.check", "只说会脱敏什么"),
    ("mask.yes", "不再询问；不能撤销"),
    ("backup", "备份全库，使用中也可以"),
    ("backup.file", "写到哪个文件"),
    (".standalone", "在本进程内打开库，不用守护进程"),
    ("serve.background", "脱离终端；工作台就是这样启动它的"),
    ("serve", "掌管库，供工作台和命令共用"),
    (
        "serve.idle",
        "最后一个客户端离开多少分钟后退出；不写则不退出",
    ),
    ("serve.system", "以服务用户身份供整个团队使用"),
    ("serve.socket", "团队的套接字"),
    ("serve.group", "可以连接的 Unix 组"),
    ("status", "显示是否有守护进程在服务"),
    ("stop", "让守护进程做完手头的事后退出"),
    ("stop.yes", "停止团队的服务时不再询问"),
    ("verify", "检查日志的每一个字节"),
    ("salvage", "把损坏的库里读得出的部分复制到新目录"),
    ("salvage.to", "新的数据目录"),
    ("restore", "用备份恢复全库"),
    ("restore.file", "备份文件"),
    ("restore.replace", "已有数据时移到数据目录旁边"),
    ("model", "语义模型：安装、查看、移除"),
    ("model install", "把模型库的目录复制到库里并检查"),
    (
        "model install.path",
        "目录：config.json、tokenizer.json、model.safetensors",
    ),
    ("model status", "显示装了哪个模型、进展如何"),
    ("model status.wait", "等所有工单都有向量后再返回"),
    ("model remove", "移除模型，只按字词查找"),
    ("views", "视图：以名称保存的查询，即工作台的标签"),
    ("views list", "按标签的顺序列出视图"),
    ("views save", "以名称保存查询；同名的视图被替换"),
    ("views save.name", "名称"),
    ("views save.query", "查询；不写表示选项所允许的全部"),
    (
        "views save.category",
        "只要此产品，或其类型：产品 或 产品｜类型",
    ),
    ("views save.cause_state", "只要根因处于此状态的工单"),
    ("views save.cause", "只要有此根因的工单，名称或编号"),
    ("views save.dataset", "只要此数据集的工单"),
    ("views save.team", "给整个团队"),
    ("views open", "列出视图中的工单"),
    ("views open.name", "名称"),
    ("views open.team", "团队的，您也有同名视图时"),
    ("views open.limit", "最多多少条"),
    ("views rename", "给视图改名"),
    ("views rename.name", "名称"),
    ("views rename.to", "新名称"),
    ("views rename.team", "团队的"),
    ("views move", "移动视图在标签中的位置"),
    ("views move.name", "名称"),
    ("views move.place", "在个人或团队视图中的位置，从 1 起"),
    ("views move.team", "团队的"),
    ("views delete", "删除视图；工单不变"),
    ("views delete.name", "名称"),
    ("views delete.team", "团队的"),
    ("settings", "团队设置"),
    ("settings get", "显示一项或全部设置"),
    ("settings get.name", "哪一项"),
    ("settings set", "更改一项设置"),
    ("settings set.name", "哪一项"),
    ("settings set.value", "JSON；- 表示从标准输入读"),
    ("settings set.default", "恢复默认值"),
    (
        "settings set.base_rev",
        "所依据的版本；已有更新的版本则成为冲突",
    ),
    ("settings edit", "用 $VISUAL 或 $EDITOR 更改设置"),
    ("settings edit.name", "哪一项；不写则全部"),
    ("doctor", "检查数据、终端和剪贴板"),
    (
        "doctor.topic",
        "clipboard：只看通往剪贴板的路；ssh：打印配置跳板机的脚本；report：供报告问题的一段，不含客户文字",
    ),
    ("doctor.method", "只试这一条通往剪贴板的路"),
    ("keys", "显示工作台的按键表"),
    ("keys.keymap", "哪套按键"),
    ("man", "输出手册页，或为软件包写出全部手册页"),
    (
        "man.page",
        "命令名，或 query、config、keymap；不写则是程序本身的一页",
    ),
    ("man.dir", "把两种语言的全部手册页写到这个目录下"),
    ("completions", "输出 shell 的补全脚本"),
    ("complete-names", "逐行列出库中的名称，供补全脚本使用"),
    ("complete-names.kind", "哪种名称"),
    ("completions.shell", "哪种 shell"),
];

/// The command line with its help in the language asked for.
pub fn localised(command: Command, lang: Lang) -> Command {
    match lang {
        Lang::En => command,
        Lang::Zh => chinese(command.arg(help_flag()), ""),
    }
}

/// The parser's own flag has English help only.
fn help_flag() -> Arg {
    Arg::new("help")
        .short('h')
        .long("help")
        .action(ArgAction::Help)
        .global(true)
        .display_order(GLOBAL_LAST)
        .help("显示帮助")
}

fn chinese(command: Command, path: &str) -> Command {
    let about = lookup(path);
    let command = command
        .disable_help_flag(true)
        .help_template(TEMPLATE)
        .subcommand_help_heading("命令")
        .subcommand_value_name("命令");
    let command = match about {
        Some(about) => command.about(about),
        None => command,
    };
    let command = command.mut_args(|arg| chinese_arg(arg, path));
    command.mut_subcommands(|sub| {
        let path = format!("{path} {}", sub.get_name());
        chinese(sub, path.trim_start())
    })
}

fn chinese_arg(arg: Arg, path: &str) -> Arg {
    let heading = if arg.is_positional() {
        "参数"
    } else {
        "选项"
    };
    let Some(help) = lookup(&format!("{path}.{}", arg.get_id())) else {
        return arg.help_heading(heading);
    };
    let help = format!("{help}{}", choices(&arg));
    let takes_values = arg.get_action().takes_values();
    let arg = arg.help(help).help_heading(heading);
    if takes_values {
        arg.hide_possible_values(true).hide_default_value(true)
    } else {
        arg
    }
}

/// Possible values and default, which the parser would add in English.
fn choices(arg: &Arg) -> String {
    let mut text = String::new();
    if arg.get_action().takes_values() {
        let values: Vec<String> = arg
            .get_possible_values()
            .iter()
            .map(|value| value.get_name().to_owned())
            .collect();
        if values.len() > 1 {
            text += &format!(" [可选 {}]", values.join("、"));
        }
    }
    let defaults: Vec<_> = arg
        .get_default_values()
        .iter()
        .map(|value| value.to_string_lossy())
        .filter(|value| !value.is_empty())
        .collect();
    if !defaults.is_empty() {
        text += &format!(" [默认 {}]", defaults.join("、"));
    }
    text
}

fn lookup(key: &str) -> Option<&'static str> {
    let found = CHINESE.iter().find(|(known, _)| *known == key);
    found.map(|(_, text)| *text)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use clap::CommandFactory;

    use super::super::args::Args;
    use super::*;

    fn keys(command: &Command, path: &str, found: &mut BTreeSet<String>) {
        found.insert(path.to_owned());
        for arg in command.get_arguments() {
            found.insert(format!("{path}.{}", arg.get_id()));
        }
        for sub in command.get_subcommands() {
            let path = format!("{path} {}", sub.get_name());
            keys(sub, path.trim_start(), found);
        }
    }

    #[test]
    fn every_command_and_option_has_chinese_help_and_nothing_else_does() {
        let mut there = BTreeSet::new();
        keys(&Args::command(), "", &mut there);
        let told: BTreeSet<String> = CHINESE.iter().map(|(key, _)| (*key).to_owned()).collect();
        let missing: Vec<_> = there.difference(&told).collect();
        let stale: Vec<_> = told.difference(&there).collect();
        assert!(missing.is_empty(), "without Chinese help: {missing:?}");
        assert!(stale.is_empty(), "of nothing: {stale:?}");
        assert_eq!(told.len(), CHINESE.len(), "something is told twice");
    }

    #[test]
    fn the_help_page_is_chinese_unless_asked_for_in_english() {
        let page = |lang| {
            let mut command = localised(Args::command(), lang);
            let sub = command.find_subcommand_mut("list").unwrap();
            sub.render_help().to_string()
        };
        let chinese = page(Lang::Zh);
        assert!(
            chinese.contains("用法：") && chinese.contains("最多多少条 [默认 50]"),
            "{chinese}"
        );
        assert!(!chinese.contains("Options"), "{chinese}");
        assert!(page(Lang::En).contains("Rows at most"));
    }

    #[test]
    fn the_command_line_is_well_formed_in_both_languages() {
        for lang in [Lang::Zh, Lang::En] {
            localised(Args::command(), lang).debug_assert();
        }
    }
}
