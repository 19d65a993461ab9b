//! Words that say how something is asked, not what about.

/// Words a query does not insist on. They still count a little for the order.
const STOP: &str = "
的 了 吗 呢 吧 啊 呀 哦 嗯 么 我 你 您 他 她 它 我们 你们 他们 咱们 这 那 哪 这个 那个 哪个 这些 那些 这边 那边
哪里 哪儿 这里 那里 是 是的 是不是 在 有 有没有 没 和 与 或 及 而 也 都 还 还是 又 再 就 才 只 把 被 给 让 对 从 到 向 为
于 以 之 其 等 个 些 一 一下 一个 一些 一直 一样 怎么 怎样 怎么办 如何 怎么样 什么 为什么 为何 为啥 啥 多少 几 哪些 谁
请 请问 请教 麻烦 帮 帮忙 帮我 谢谢 多谢 感谢 您好 你好 好 好的 嗨 可以 能 能否 能不能 可不可以 可否 是否 会 想 要 想要 需要
应该 现在 目前 今天 昨天 刚刚 刚才 已 已经 然后 所以 因为 但是 但 如果 的话 时候 之后 以后 之前 里 中 上 下 里面
进行 出现 情况 问题 咨询 弄 搞 看 看看 看下 看一下 说 知道 很 太 非常 不 去 来 用 过 着 得 地 并 且 那么 这样 那样
the a an is are was to of in on for and or how what why do does i my me it can please
";

/// Whether a folded word says only how something is asked.
pub fn is_stop(word: &str) -> bool {
    use std::collections::HashSet;
    use std::sync::OnceLock;
    static SET: OnceLock<HashSet<&'static str>> = OnceLock::new();
    SET.get_or_init(|| STOP.split_whitespace().collect())
        .contains(word)
}

#[cfg(test)]
mod tests {
    use super::is_stop;

    #[test]
    fn question_words_stop_and_things_do_not() {
        assert!(is_stop("怎么") && is_stop("请问") && is_stop("的"));
        assert!(!is_stop("证书") && !is_stop("退款") && !is_stop("cdn"));
    }
}
