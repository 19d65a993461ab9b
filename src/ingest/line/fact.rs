//! Facts about a ticket on lines of their own: `- 工单编号：TK-1`, `| 优先级 | 高 |`.

use super::strip_bullet;

/// Words that are facts about a ticket wherever they stand under its title.
const WORDS: [&str; 54] = [
    "工单编号",
    "工单号",
    "工单id",
    "单号",
    "编号",
    "案例编号",
    "序号",
    "id",
    "优先级",
    "紧急程度",
    "严重程度",
    "严重级别",
    "级别",
    "状态",
    "工单状态",
    "处理状态",
    "解决状态",
    "处理人",
    "负责人",
    "受理人",
    "提交人",
    "提单人",
    "回复人",
    "客户等级",
    "客户级别",
    "客户名称",
    "客户类型",
    "标签",
    "关键词",
    "关键字",
    "来源",
    "渠道",
    "工单来源",
    "满意度",
    "评分",
    "耗时",
    "处理时长",
    "影响范围",
    "解决时间",
    "关闭时间",
    "更新时间",
    "完成时间",
    "地域",
    "区域",
    "priority",
    "status",
    "severity",
    "tags",
    "keywords",
    "ticket id",
    "assignee",
    "source",
    "channel",
    "region",
];

/// Bytes of the longest line that can be a fact.
const LONGEST: usize = 400;

/// A name and its value on one line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fact<'t> {
    /// The name.
    pub(crate) name: &'t str,
    /// The value.
    pub(crate) value: &'t str,
    /// Whether a bullet or a table's bars stood around it.
    pub(crate) marked: bool,
    /// Whether the name alone says that it is a fact.
    pub(crate) known: bool,
}

impl Fact<'_> {
    /// Whether it gives a ticket its number, as the first line of one does.
    pub(crate) fn numbers(&self) -> bool {
        self.known
            && WORDS
                .iter()
                .take(8)
                .any(|w| w.eq_ignore_ascii_case(self.name))
    }
}

/// Reads a line as a fact.
pub(crate) fn fact(line: &str) -> Option<Fact<'_>> {
    if line.len() > LONGEST {
        return None;
    }
    let text = line.trim();
    let (name, value, marked) = match cells(text) {
        Some(cells) => match cells.as_slice() {
            [name, value] => (*name, *value, true),
            _ => return None,
        },
        None => {
            let bare = strip_bullet(text);
            let (name, value) = bare.split_once(['：', ':'])?;
            (name.trim(), value.trim(), bare.len() < text.len())
        }
    };
    let plain = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '/' | '_' | '-');
    let count = name.chars().count();
    let fits = (1..=12).contains(&count) || (count <= 20 && name.is_ascii());
    let short = !value.is_empty() && value.chars().count() <= 80 && !value.starts_with("//");
    (fits && short && name.chars().all(plain)).then(|| Fact {
        name,
        value,
        marked,
        known: WORDS.iter().any(|w| w.eq_ignore_ascii_case(name)),
    })
}

/// The cells of a table's row; `None` = no row.
pub(crate) fn cells(line: &str) -> Option<Vec<&str>> {
    let inner = line.trim().strip_prefix('|')?.strip_suffix('|')?;
    let cells: Vec<&str> = inner.split('|').map(str::trim).collect();
    (cells.len() >= 2).then_some(cells)
}

/// Whether a line is a table's frame: its rule, or the names over two columns of facts.
pub(crate) fn is_frame(line: &str) -> bool {
    let Some(cells) = cells(line) else {
        return false;
    };
    let rule = |c: &&str| c.contains('-') && c.chars().all(|c| matches!(c, '-' | ':' | ' '));
    const NAMES: [&str; 8] = ["字段", "项目", "属性", "名称", "项", "key", "field", "item"];
    const VALUES: [&str; 7] = ["内容", "值", "信息", "说明", "value", "content", "详情"];
    let named = |list: &[&str], at: usize| {
        cells
            .get(at)
            .is_some_and(|c| list.iter().any(|w| w.eq_ignore_ascii_case(c)))
    };
    cells.iter().all(rule) || (cells.len() == 2 && named(&NAMES, 0) && named(&VALUES, 1))
}
