//! What was said about one customer's matter and holds for nobody else: how far it is, what was
//! found or done.

use super::normal::{capped, substance};
use super::pattern::patterns;

patterns! {
    /// A clause about how far this customer's matter is, or what was found or done in it.
    of_one_matter = r"(?x)耐心等|稍等|稍候|进展|处理中|跟进 | 反馈(?:给|到)?(?:内部|后台|技术|研发|商务|同事|相关)
      | 还在(?:确认|排查|处理|内部|审核) | 内部(?:还在|确认|处理|排查) | (?:确认|排查|核实|审核|定位)中(?:$|[，,。]) | 同步(?:给)?您 | 尽快
      | 已经?(?:为|帮|给|替)您 | (?:为|帮|给|替)您(?:这边)?(?:手动|重新|加急)?(?:处理|操作|催|确认|提交|反馈|升级|回滚|过户|找回|刷新|下发|取消|开通|关闭)
      | (?:这边|我们|后台)(?:再|先|帮忙)?(?:看|查|确认|核实|处理|操作|回滚|恢复|重启)(?:了|下|到|一下|您) | 这边看您
      | 经(?:查询|确认|排查|核实|查) | 查询?到您 | 看到您 | 看下来 | 预计(?:今|明|下|还) | 最[晚迟] | 答复 | 非工作时间 | 不在线 | 已记录 | (?:目前|当前)(?:正)?(?:处于|在) | 正在(?:为|帮|给|处理|排查) | 无法加急";
}

/// Whether a clause speaks of one customer's matter only.
pub(super) fn of_one_matter_only(clause: &str) -> bool {
    of_one_matter().is_match(clause)
}

/// How much a text says that holds for other customers, too.
pub(super) fn general_substance(text: &str) -> usize {
    let clauses = capped(text).split(|c: char| "，,。；;！!？?\n".contains(c));
    clauses
        .filter(|clause| !of_one_matter_only(clause))
        .map(substance)
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_about_one_matter_says_nothing_to_others() {
        for text in [
            "这边看您的任务还在队列里，已帮您催促，有进展第一时间同步您",
            "具体原因内部还在确认，有进展及时同步",
            "专员当前不在线，已记录，最晚明天上午答复",
        ] {
            assert!(
                general_substance(text) < 8,
                "{text}: {}",
                general_substance(text)
            );
        }
        assert!(general_substance("私有空间的文件要带签名访问，签名可用命令行生成") > 12);
    }
}
