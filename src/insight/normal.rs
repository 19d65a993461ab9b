//! What of a reply says something: greeting and tail set apart, idle phrases counted out, and
//! one spelling for texts that differ only in values.

use serde::{Deserialize, Serialize};

use super::fact::{is_asked, is_stated};
use super::pattern::{after, before, hash_text, patterns, weight};
use super::value::{ValueKind, values};

/// Characters of a reply that are looked at: longer ones are logs, not answers.
const LONGEST: usize = 6_000;

/// A reply taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parts<'a> {
    /// 您好 and the like, with its punctuation.
    pub greeting: &'a str,
    /// What is said.
    pub body: &'a str,
    /// Thanks and wishes at the end.
    pub tail: &'a str,
}

/// What a reply is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// Answers nothing: asks to wait, says it is done, is polite.
    Holding,
    /// Says too little to stand alone.
    Scrap,
    /// Asks the customer for something.
    Asking,
    /// Answers.
    Answer,
}

patterns! {
    greeting = r"(?xi)^(?:
        (?: 尊敬的(?:客户|用户) | 您好 | 你好 | 亲亲? | 老师好? | hello | hi | 嗨
          | (?:非常|十分|很|实在)?(?:抱歉|不好意思) | (?:抱歉)?让?您?久等了?
          | 感谢您?的?(?:反馈|咨询|耐心等待|等待|支持|理解) )
        [，,。.！!~～、：:；;\s]*
    )+";
    tail = r"(?xi)(?:[，,。.！!~～；;\s]*
        (?: (?:如果?|若)?您?(?:还|后续)?有?(?:其他|任何|什么|其它)?(?:问题|疑问|需要)?(?:可以|请|欢迎)?(?:随时|再|继续)(?:联系|反馈|咨询|回复|提交工单)(?:我们|客服|工单)?
          | (?:非常)?感谢您?的?(?:支持|理解|配合|耐心等待)?(?:与|和)?(?:支持|理解|配合)? | 谢谢您? | 辛苦了? | 祝您?(?:生活愉快|工作顺利|业务顺利) | 还?请?您?知悉 )
        (?:[，,。.！!~～；;\s]|\[图片\])*
    )+$";
    idle = r"(?xi)
        尊敬的(?:客户|用户) | 您好 | 你好 | 亲亲? | (?:非常|十分|很)?抱歉 | 不好意思 | 让?您?久等了? | 感谢您?的?(?:耐心|支持|理解|配合|反馈)*(?:等待)?
      | 还?请?您?(?:耐心)?(?:稍等|稍候|稍后|等候|等待|等一下|等下)(?:一?下|片刻|一会儿?)? | 还?麻烦您? | 辛苦您?
      | (?:这边|我们|后台|技术|研发|同事|相关(?:同事|人员|同学))?(?:先|再|正在|正)?(?:帮您|为您|给您|帮忙|手动|人工|重新|同步)*(?:看|查|确认|核实|处理|跟进|排查|催|同步|反馈|介入|联系|沟通|操作|分析|定位|下发|加急|转接?|提交|过户|找回)(?:一?下|看|中|处理|过)*(?:了|完成|好|成功|完毕)*
      | 已经?(?:全部|帮您|为您|给您|重新|手动|电话)*(?:处理|操作|完成|配置|下发|修复|恢复|解决|反馈|提交|同步|更新|刷新|生效|开通|关闭|退款|转交|升级|沟通|联系|签发|部署|调整|重启|加急)?(?:完成|好|成功|完毕|过)?了?
      | (?:处理|操作|完成|配置|部署|下发|生效|恢复|签发|修复)(?:完成|好|成功|完毕|正常|中)?了?
      | 正在 | 预计(?:还)?(?:需要?|要)?(?:[0-9０-９~-]+|半|一|几)?个?(?:分钟|min|小时|天|工作日)?(?:左右)?(?:完成|内|后)? | (?:[0-9~-]+|[半一二两三四五六七八九十几]+)个?(?:分钟|min|小时)(?:左右|之?后|内)?
      | (?:再|可以|现在|重新|刷新)*(?:确认|看|试|访问|登录|创建|提交)(?:一?下|看看|看|试试|试)*
      | 好的 | 嗯+ | 是的 | 对的 | 可以[的了]? | 没关系 | 没事 | 不客气 | ok | 收到 | 谢谢 | 祝您(?:生活愉快|工作顺利)
      | (?:一?有|如有)?(?:进展|结果|消息|最新)(?:会|再)?(?:第一时间)?(?:回复|通知|联系|同步)您? | 第一时间 | 尽快 | 后续 | 现在 | 目前 | 今天 | 明天 | 今日 | 明日 | 最迟 | 正常 | 回复 | 通知
      | 您的? | 我们 | 这边 | 那边 | 这个 | 这里 | 已经? | 一下 | 哈 | 呢 | 吧 | 啦 | 了 | 的 | 哦 | 下 | 先 | 再 | 会 | 还 | 请 | 在 | 是 | 有点? | 就 | 和 | 都 | 到 | 着
      | 刚[才刚]? | 我 | 耐心 | (?:有)?消息 | 告[诉知]您? | (?:转[给交接]?|给|由)?负责的?(?:同事|同学|人员|工程师) | 安排 | 专人 | (?:帮您|给您|为您)?记录(?:下来|一?下) | 核[查对] | (?:高级|二线|值班)?工程师 | 请?保持电话畅通 | 内部 | 讨论 | 晚点 | 明早 | 诉求 | 重新推 | 添麻烦 | 弄
      | 马上 | 给您带来(?:的)?不便 | (?:刚才)?电话(?:未接通|无人接听|没有?接通|没打通|未打通) | 方便(?:的时候|时)? | 回电 | 留意 | 关注 | 二线 | 升级至? | 答复 | 关闭 | 随时 | 联系 | 帮您 | 为您 | 给您
      | 工单 | 订单 | 域名 | 证书 | 配置 | 问题 | 任务 | 数据";
    asking = r"(?x)(?:麻烦|请|需要|烦请|辛苦|方便)您?(?:这边)?(?:再|先)?(?:提供|给|粘贴|截图|截个图|发|补充|填写|告知|说明|描述|回复|上传)
      | (?:吗|呢|么|什么|多少|哪个)[？?。\s]*(?:\[图片\])*$ | [？?]\s*(?:\[图片\])*$";
    explains = r"建议|导致|由于|因为|不支持|是.{0,16}(?:错误|不对|不一致|过期)|可以(?:在|到|使用|通过)";
    picture = r"(?:\[|【)(?:图片|image|图像|截图)(?:\]|】)";
}

/// Sets greeting and tail of a reply apart.
pub fn parts(text: &str) -> Parts<'_> {
    let text = text.trim();
    let start = greeting().find(text).map_or(0, |found| found.end());
    let end = tail()
        .find(after(text, start))
        .map_or(text.len(), |found| start + found.start());
    Parts {
        greeting: before(text, start),
        body: before(text, end).get(start..).unwrap_or_default(),
        tail: after(text, end),
    }
}

/// What a reply is good for.
pub fn class(text: &str) -> Class {
    let text = capped(text);
    if super::record::is_record(text) {
        return Class::Holding;
    }
    // A broken link was an answer once: another copy may heal it.
    let link = !super::url::urls(text).is_empty() || !super::heal::broken_links(text).is_empty();
    let said = substance(text);
    // A note between agents, stored as a reply before they were told apart.
    if crate::text::internal::is_note(text) {
        return Class::Holding;
    }
    if !link && (said < 6 || (said < 12 && crate::model::is_holding(text))) {
        match parts(text).body {
            body if is_asked(body) => Class::Asking,
            body if is_stated(body) => Class::Scrap,
            _ => Class::Holding,
        }
    } else if !link && said < 60 && asking().is_match(text) && !explains().is_match(text) {
        Class::Asking
    } else if !link && said < 8 {
        Class::Scrap
    } else {
        Class::Answer
    }
}

/// How much a text says: letters and ideographs beyond idle phrases and values.
pub(super) fn substance(text: &str) -> usize {
    let mut bare = String::with_capacity(text.len());
    let mut from = 0;
    for value in values(text) {
        bare.push_str(text.get(from..value.range.start).unwrap_or_default());
        bare.push(' ');
        from = value.range.end;
    }
    bare.push_str(after(text, from));
    let bare = picture().replace_all(&bare, " ");
    weight(&idle().replace_all(&bare, ""))
}

/// The part of a text that is looked at.
pub(super) fn capped(text: &str) -> &str {
    text.char_indices()
        .nth(LONGEST)
        .map_or(text, |(at, _)| before(text, at))
}

/// One spelling for texts that differ in white space, punctuation, case and values only.
///
/// A value becomes one character of the private use area; a web address three, two of which
/// depend on the address, so that short texts that point to different pages stay apart.
pub(super) fn canonical(body: &str) -> String {
    let body = capped(body);
    let mut out = String::with_capacity(body.len());
    let mut from = 0;
    for value in values(body) {
        fold(
            &mut out,
            body.get(from..value.range.start).unwrap_or_default(),
        );
        out.push(value_char(value.kind));
        if value.kind == ValueKind::Url {
            let hash = hash_text(body.get(value.range.clone()).unwrap_or_default());
            out.extend([private(hash & 0xfff), private((hash >> 12) & 0xfff)]);
        }
        from = value.range.end;
    }
    fold(&mut out, after(body, from));
    out
}

fn fold(out: &mut String, text: &str) {
    let text = picture().replace_all(text, "");
    out.extend(
        text.chars()
            .filter(|c| c.is_alphanumeric())
            .flat_map(char::to_lowercase),
    );
}

fn value_char(kind: ValueKind) -> char {
    let at = ValueKind::ALL.iter().position(|k| *k == kind).unwrap_or(0);
    private(0x1000 + at as u64)
}

/// A character of the private use area; below 0x1900 they all exist.
fn private(n: u64) -> char {
    u32::try_from(0xe000 + n)
        .ok()
        .and_then(char::from_u32)
        .unwrap_or('\u{e000}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn greeting_and_tail_stand_apart() {
        let parts =
            parts("您好，不好意思久等了，请在控制台重置口令。如有其他问题请随时联系我们，谢谢！");
        assert_eq!(parts.body, "请在控制台重置口令");
        assert!(parts.greeting.starts_with("您好"));
        assert!(parts.tail.contains("谢谢"));
    }

    #[test]
    fn what_answers_nothing_is_holding() {
        for text in [
            "您好，请稍等，这边看下",
            "您好，这个已处理完毕，您再核对一下。",
            "我们人工介入处理中，麻烦您等一下",
            "配置正在下发，预计要20分钟左右，请稍候",
            "好的",
            "嗯嗯，不客气",
            "您好，可以了，您再试试看哈",
        ] {
            assert_eq!(class(text), Class::Holding, "{text}");
        }
    }

    #[test]
    fn holding_is_a_class_and_not_a_list() {
        let said = [
            "您好，这边正在核实，请您稍等片刻",
            "已经帮您处理好了，您刷新看看",
            "收到，我先确认一下",
            "技术同事在排查中，有进展第一时间同步您",
            "正在为您加急，麻烦耐心等待",
            "您好，已经反馈给后台了",
            "嗯嗯，已经弄好了哈",
            "这个已经恢复了，您再试试呢",
            "不好意思久等了，还在催",
            "已经提交给研发同学，请留意后续通知",
            "现在可以了，您再看下",
            "您好，刚刚已操作完成，烦请确认",
            "稍后给您回电",
            "收到您的反馈，这边跟进下",
            "没问题的，马上给您弄",
            "您好，问题已修复，辛苦再验证一下",
            "已为您刷新，请等十分钟",
            "好的好的，明白了",
            "电话未接通，方便时请回复工单",
            "您好，已催促处理，预计今天下班前有结果",
            "我们后台人工介入看下",
            "不客气，应该的",
            "您稍等一会儿，我转给负责的同事",
            "这边已经帮您完成了部署",
            "已同步给相关人员",
            "请您耐心等候，有消息马上告诉您",
            "处理中，请关注工单动态",
            "刚才已经重新下发了，您五分钟后再看看",
            "已开通，请查收",
            "您好，在的，请讲",
            "这边确认后回复您哦",
            "已经升级到二线工程师处理了",
            "您好，配额已调整，请再次创建",
            "这个问题我们记录下来了，会尽快安排",
            "抱歉给您添麻烦了，我们这就核查",
        ];
        let taken: Vec<&str> = said
            .into_iter()
            .filter(|t| class(t) >= Class::Asking)
            .collect();
        assert_eq!(taken, Vec::<&str>::new(), "taken for answers");
        let answers = [
            "缓存需要在刷新预取页提交目录刷新",
            "私有空间的文件必须带签名才能打开",
            "重启实例后新口令才会生效",
            "请先删除旧的解析记录再添加",
            "代金券不支持提现",
            "退款三到五个工作日原路退回",
        ];
        let lost: Vec<&str> = answers
            .into_iter()
            .filter(|t| class(t) != Class::Answer)
            .collect();
        assert_eq!(lost, Vec::<&str>::new(), "lost answers");
    }

    #[test]
    fn answers_and_questions_are_told_apart() {
        assert_eq!(class("您好，麻烦提供下出错的请求头和响应头"), Class::Asking);
        assert_eq!(
            class("您好，存储空间的跨域规则可在空间设置里添加，五分钟后生效"),
            Class::Answer
        );
        assert_eq!(
            class("入口：https://console.cloud.example/bills"),
            Class::Answer
        );
    }

    #[test]
    fn canonical_text_forgets_values_and_spelling() {
        let a = canonical("域名 a.shop.example 的 CNAME，已生效。[图片]");
        assert_eq!(a, canonical("域名b.other.example的cname已生效"));
        assert_ne!(
            canonical("见https://doc.cloud.example/1"),
            canonical("见https://doc.cloud.example/2")
        );
    }
}
