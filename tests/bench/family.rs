//! Tickets of the family made by rule, with the truth about them: which turn is a copy of which
//! standard reply, which holds, and which is one customer's only.
//!
//! Every customer, domain and number is invented. Copies differ as real ones do: greetings and
//! tails, a word for another, values of their own, lost line breaks, pictures, links that
//! redaction broke.

use gongdan::model::{Category, Speaker, Ticket, TicketId, Turn};

use crate::corpus::Dice;

/// What a turn is a copy of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Truth {
    /// The standard reply of this number.
    Standard(usize),
    /// It answers nothing.
    Holding,
    /// One customer's only.
    OneOff,
    /// The customer's words.
    Customer,
}

/// A ticket and the truth about its turns.
pub struct Made {
    pub id: TicketId,
    pub ticket: Ticket,
    pub truth: Vec<Truth>,
}

/// Standard replies as their authors wrote them. `{域名}` and the like differ from copy to copy,
/// `[甲|乙]` is one of several wordings, `~` is a line break that is mostly lost.
const WRITTEN: [(&str, &str, &str, &str); 28] = [
    (
        "CDN",
        "证书问题",
        "证书更换后还是旧的",
        "更换证书的步骤：~1.打开证书中心上传新证书~2.在域名列表里找到{域名}点右侧的编辑~3.[选择|选中]刚上传的证书保存~4.等待十五分钟左右全网生效",
    ),
    (
        "CDN",
        "证书问题",
        "证书链不完整怎么办",
        "提示不受信任一般是证书链缺了中间证书，请把服务器证书和中间证书按先后顺序粘贴到同一个文件后重新上传，可参考{文档}",
    ),
    (
        "CDN",
        "缓存刷新",
        "刷新后还是旧内容",
        "缓存刷新分为文件刷新与目录刷新，目录刷新每天有限额，请到刷新预取页提交{域名}对应的目录，[五分钟|十分钟]后用无痕窗口再看，入口{控制台}",
    ),
    (
        "CDN",
        "缓存刷新",
        "缓存时间怎么设置",
        "缓存时间按后缀设置即可：~1.进入域名管理点配置~2.在缓存配置里新增规则~3.静态文件建议三十天，动态接口填零秒~4.保存后等规则下发",
    ),
    (
        "CDN",
        "回源配置",
        "回源一直报错",
        "回源失败请先在本地绑定源站地址访问一次，若源站返回正常，再核对回源协议和端口是否与源站一致，回源主机头要填{域名}",
    ),
    (
        "CDN",
        "流量费用",
        "流量突然变高",
        "流量突增多数是被盗刷，建议[开启|打开]防盗链白名单并限制单个地址的访问频率，同时在费用中心设置用量封顶，超过以后会自动停用加速",
    ),
    (
        "对象存储",
        "上传下载",
        "上传大文件失败",
        "超过一百兆的文件请用分片上传，每片建议四兆，断点续传的示例在{文档}，命令行工具加上线程参数会更快",
    ),
    (
        "对象存储",
        "上传下载",
        "命令行登录报错",
        "命令行工具提示签名不符时，请重新执行一遍账户设置命令，注意密钥前后不要带空格；如果在公司网络，需要放行{控制台}的四四三端口",
    ),
    (
        "对象存储",
        "权限设置",
        "图片打不开提示拒绝",
        "私有空间的文件必须带签名才能打开，签名过期后要重新生成，如果希望永久访问，可以把空间改成公开读，路径是空间设置里的访问控制",
    ),
    (
        "对象存储",
        "权限设置",
        "网页跨域报错",
        "跨域报错需要在空间设置的跨域规则里新增一条，来源填写网页地址如{域名}，方法勾选读取与写入，保存五分钟后清缓存再试",
    ),
    (
        "对象存储",
        "生命周期",
        "文件自动删了",
        "文件被自动清理是因为空间配置了生命周期规则，请在规则列表查看前缀与天数，不需要的话停用规则，已经清理的文件无法恢复",
    ),
    (
        "云主机",
        "远程登录",
        "忘记主机口令",
        "主机口令可以自行重置：~1.登录控制台进入实例列表~2.选中实例{实例}点更多里的重置口令~3.输入新口令并确认~4.重启实例后用新口令登录",
    ),
    (
        "云主机",
        "远程登录",
        "远程连不上",
        "无法远程连接请依次检查安全组是否放行端口、系统防火墙是否拦截、实例带宽是否跑满，也可以先用网页终端登录实例{实例}查看",
    ),
    (
        "云主机",
        "磁盘扩容",
        "系统盘不够用了",
        "磁盘扩容分两步，先在控制台把容量调大，再登录系统扩展分区和文件系统，具体命令参见{文档}，扩容前务必做一份快照",
    ),
    (
        "云主机",
        "快照镜像",
        "如何迁移实例",
        "迁移实例可以先制作自定义镜像，再把镜像复制到目标地域，用该镜像新建实例，注意数据盘要单独做快照，镜像制作期间会有短暂卡顿",
    ),
    (
        "短信",
        "签名模板",
        "签名没有通过",
        "签名不通过的常见原因是资质与签名主体不一致，请上传营业执照以及授权书，签名内容要用全称或备案过的简称，重新提交后两小时内审核",
    ),
    (
        "短信",
        "发送失败",
        "验证码收不到",
        "收不到验证码请核对号码是否停机或在黑名单，同一号码一分钟限一条、一天限十条，可以在发送记录里按号码查失败原因码，对照表见{文档}",
    ),
    (
        "域名",
        "备案",
        "备案被驳回",
        "备案驳回原因在邮件里有写明，常见为网站名称含有地域词、负责人照片幕布不合规，修改以后再次提交即可，初审一般一个工作日",
    ),
    (
        "域名",
        "解析",
        "解析不生效",
        "解析不生效先看域名服务器是否已经改成我们提供的两个地址，再用命令查询记录，修改服务器最长四十八小时生效，记录值请填{域名}",
    ),
    (
        "域名",
        "转入转出",
        "域名怎么转出",
        "域名转出需要先关闭隐私保护与转移锁，然后获取转移码，把转移码交给新的注册商，注册满六十天才能转出，过程大约五到七天",
    ),
    (
        "直播",
        "推流播放",
        "推流经常断",
        "推流中断建议检查上行带宽，码率不要高于上行的七成，关键帧间隔设为两秒，并在推流软件中打开自动重连，播放端延迟可以改用低延迟协议",
    ),
    (
        "直播",
        "录制转码",
        "录制文件在哪",
        "录制文件默认存到您绑定的空间，目录按日期命名，需要在直播空间里开启录制模板，录制结束后大约三分钟生成文件，超过七天自动清理",
    ),
    (
        "账户与财务",
        "发票",
        "怎么开发票",
        "开票流程如下：~1.进入费用中心的发票管理~2.核对抬头与税号~3.勾选要开的账单提交~4.电子发票当天发到邮箱{邮箱}，纸质发票三个工作日寄出",
    ),
    (
        "账户与财务",
        "退款",
        "余额能退吗",
        "现金余额支持原路退回，代金券与赠送金额不退，请在费用中心点提现并填写原因，审核通过以后三到五个工作日到账，超过一年的付款只能退到对公账户",
    ),
    (
        "账户与财务",
        "账单",
        "账单明细哪里看",
        "账单明细可以在费用中心按月导出，资源包抵扣的部分会单独列出，按量计费的用量延迟一天出账，入口{控制台}",
    ),
    (
        "账户与财务",
        "实名认证",
        "企业认证怎么改",
        "企业认证信息变更需要先提交新的营业执照与法人证件，待审核通过后原来的主体自动解绑，期间不影响已开通的服务，变更次数每年限两次",
    ),
    (
        "账户与财务",
        "子账号",
        "子账号没有权限",
        "子账号看不到资源是因为没有授权，请主账号在访问控制里新建策略并绑定给子账号，策略语法见{文档}，授权后重新登录生效",
    ),
    (
        "账户与财务",
        "注销",
        "怎么注销",
        "注销之前请确认余额已经提现、资源全部释放、没有未完成的备案，然后在账号设置最底部点击注销，七天冷静期后数据清空且不能恢复",
    ),
];

/// Beginnings, fixes and endings of replies that are put together by rule.
const SUBJECTS: [&str; 12] = [
    "日志投递",
    "负载均衡监听",
    "数据库备份",
    "消息队列主题",
    "容器集群节点",
    "人脸核验接口",
    "视频审核任务",
    "弹性公网地址",
    "共享带宽包",
    "监控告警规则",
    "对等连接路由",
    "函数触发器",
];
const FIXES: [&str; 8] = [
    "状态异常通常由配额用尽引起，请到配额管理申请提升，并删除不再使用的旧资源",
    "创建时选错地域以后不支持直接修改，只能在正确的地域重新建立再切换过去",
    "报参数缺失是版本太旧的缘故，升级开发包到最新的大版本，再检查必填字段",
    "计费方式可以从按量改成包月，改动当天生效，原先的按量费用会在次日结清",
    "误删之后二十四小时内能从回收站找回，超过时限就只能用自己的备份重建",
    "没有数据多半因为采集代理停止运行，重装代理并放行出方向即可恢复采集",
    "延迟偏高要看两端是不是跨地域，跨地域时建议开通专线或者换用就近接入点",
    "名称支持中英文与下划线，长度不超过六十四位，保存之后暂时不能改名",
];
const STEPS: [&str; 12] = [
    "先在左侧菜单展开高级选项，把只读开关关掉以后再保存",
    "用接口调试页发一次请求，把返回的请求编号附在工单里",
    "主账号扫码确认之后权限才会放开，子账号自己点不动",
    "导出一份当前清单留底，出错时按清单逐条导回就行",
    "改动会排进夜间窗口，凌晨两点到四点之间分批切换",
    "白名单里要同时写上内网段和办公出口，漏一个都会拦截",
    "客户端时钟差超过五分钟会被拒绝，校准时间再重连",
    "试用期内不收钱，期满之前七天有短信和站内信提醒",
    "超出配额的那部分排队执行，队列长度在总览页右上角",
    "跨部门共用时给每个项目打标签，月底按标签分摊成本",
    "旧版控制台没有这个入口，右上角切换到新版就能看到",
    "批量操作一次最多五十条，多了请拆开或者写脚本循环",
];

/// Sentences that replies of four have in common: any two share two or three.
const QUARTERS: [[&str; 3]; 4] = [
    [
        "新购的套餐要先在概览页激活，未激活的不会计入可用额度",
        "老套餐到期前可以续订，续订之后额度自动顺延一个周期",
        "加油包只能叠加在同一个地域的套餐上，用不完不会结转",
    ],
    [
        "激活入口在左上角头像的资产清单，点开以后选择对应批次",
        "续订入口在到期提醒的弹窗里，错过了从续费管理进去",
        "叠加顺序按到期时间排，先到期的先扣，详情页能看流水",
    ],
    [
        "子用户没有这个菜单，需要管理员授予资产只读以上的角色",
        "跨主体的套餐不能互转，只能等它自然到期以后另行采购",
        "企业用户还要上传盖章的采购说明，个人用户跳过这一步",
    ],
    [
        "统计有两小时的延迟，页面数字和实际扣减不一致属正常现象",
        "当月的抵扣明细次月三号之后才能导出，之前只能在线查看",
        "用超之后按标准价计费，可以设置余额告警避免突然停服",
    ],
];
/// Replies that deny each other.
const OPPOSITES: [(&str, &str); 4] = [
    (
        "当前套餐支持变更地域，变更期间数据会自动同步过去，大约需要两个小时",
        "当前套餐不支持变更地域，变更期间数据不会自动同步过去，大约需要两个小时",
    ),
    (
        "测试环境的回调地址可以填写内网网段，平台会从专线回调过来",
        "测试环境的回调地址不可以填写内网网段，平台不会从专线回调过来",
    ),
    (
        "历史版本在关闭多版本之后仍会保留并继续收取容量费用",
        "历史版本在关闭多版本之后不会保留也不再收取容量费用",
    ),
    (
        "跨国链路开启加速以后需要重新做域名校验才能使用旧证书",
        "跨国链路开启加速以后无需重新做域名校验就能使用旧证书",
    ),
];
/// What an agent says to one customer only, put together: about what, what was seen, what then.
const ABOUT: [&str; 12] = [
    "看到您{日}号提交的另一个工单里",
    "刚查了下{域名}这边",
    "您截图里第{日}行的提示",
    "您说的那位姓周的同事",
    "贵司北京办公室那条线路",
    "您名下{日}台测试机",
    "上周三您反馈的卡顿",
    "您电话里提到的合同",
    "{域名}前天晚上那次抖动",
    "您群里问的压测报告",
    "您那边的小程序",
    "去年双十一的那批数据",
];
const SEEN: [&str; 12] = [
    "和这次是同一个起因",
    "没有查到报错记录",
    "是浏览器自己给出的",
    "我们已经联系上了",
    "流量翻了一倍多",
    "可以先不动它",
    "下个版本会改掉",
    "进度已经转给商务",
    "弄好以后说一声就行",
    "抬头也核对过一遍",
    "排期在月底那一周",
    "和运营商那边对过账",
];

const GREETINGS: [&str; 9] = [
    "您好，",
    "您好，",
    "您好，",
    "你好，",
    "您好！",
    "亲，您好，",
    "尊敬的客户您好，",
    "抱歉让您久等了，",
    "",
];
const TAILS: [&str; 8] = [
    "",
    "",
    "",
    "。",
    "，如有其他疑问请随时联系我们",
    "，感谢您的支持与理解",
    "[图片]",
    "。祝您工作顺利",
];
const HOLDING: [&str; 36] = [
    "请稍等，这边看下",
    "您好，这边正在核实，请您稍等片刻",
    "已经帮您处理好了，您刷新看看",
    "收到，我先确认一下",
    "好的，稍等",
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
    "可以的",
    "是的，没错",
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
];
const MARKS: [&str; 12] = [
    "[REDACTED_URL]",
    "[REDACTED_PATH]",
    "[SANITIZED_URL]",
    "[URL已脱敏]",
    "[已脱敏]",
    "〔隐藏〕",
    "<REDACTED>",
    "【已隐藏】",
    "[MASKED]",
    "***",
    "[REDACTED]",
    "{{REDACTED}}",
];
const LABELS: [&str; 14] = [
    "apple", "pear", "plum", "lemon", "mango", "grape", "melon", "peach", "olive", "berry",
    "quince", "guava", "lychee", "papaya",
];

/// Makes tickets of the family.
pub struct Family {
    replies: Vec<(String, String, String, String)>,
}

impl Family {
    /// As many different standard replies as there are, at most `most`.
    pub fn new(most: usize) -> Self {
        let owned = |(a, b, c, d): &(&str, &str, &str, &str)| {
            (
                (*a).to_owned(),
                (*b).to_owned(),
                (*c).to_owned(),
                (*d).to_owned(),
            )
        };
        let mut replies: Vec<_> = WRITTEN.iter().map(owned).collect();
        for (at, fix) in FIXES.iter().enumerate() {
            for (no, subject) in SUBJECTS.iter().enumerate() {
                // Any two share the fix or the step, never both: they must stay apart.
                let step = STEPS[(at + no) % STEPS.len()];
                replies.push((
                    subject.to_string(),
                    "使用咨询".to_owned(),
                    format!(
                        "{subject}{}",
                        [
                            "异常",
                            "怎么改",
                            "报错",
                            "计费",
                            "误删",
                            "没数据",
                            "太慢",
                            "命名"
                        ][at]
                    ),
                    format!("关于{{产品}}，{fix}；{step}"),
                ));
            }
        }
        for at in 0..81 {
            // Every fourth of all: any two of them share three of four sentences, or fewer.
            let places = [at % 3, at / 3 % 3, at / 9 % 3, at / 27];
            if at % 4 != 0 {
                continue;
            }
            let said: Vec<&str> = QUARTERS.iter().zip(places).map(|(q, at)| q[at]).collect();
            replies.push((
                "资源包".to_owned(),
                "使用咨询".to_owned(),
                format!("套餐第{at}种情况"),
                said.join("；"),
            ));
        }
        for (no, (yes, not)) in OPPOSITES.iter().enumerate() {
            for text in [yes, not] {
                replies.push((
                    "专有网络".to_owned(),
                    "能力咨询".to_owned(),
                    format!("第{no}项是否可以"),
                    (*text).to_owned(),
                ));
            }
        }
        replies.truncate(most);
        Self { replies }
    }

    /// How many standard replies there are.
    pub fn standards(&self) -> usize {
        self.replies.len()
    }

    /// The ticket of a number.
    pub fn ticket(&self, number: u32) -> Made {
        let mut dice = Dice::new(u64::from(number) + 77);
        // Few replies make up most of the answers.
        let at = dice
            .below(self.replies.len())
            .min(dice.below(self.replies.len()));
        let (product, issue, title, reply) = &self.replies[at];
        let domain = domain(&mut dice);
        let mut ticket = Ticket {
            title: title.clone(),
            category: Category::parse(&format!("{product}｜{issue}")),
            question: format!(
                "{title}，我们的站点是{domain}，{}麻烦看一下",
                ["比较着急，", "", "昨天开始的，"][dice.below(3)]
            ),
            ..Ticket::default()
        };
        let mut truth = Vec::new();
        let mut say = |speaker, text: String, what| {
            ticket.dialogue.push(Turn {
                speaker,
                name: None,
                text,
                in_summary: false,
            });
            truth.push(what);
        };
        if dice.below(2) == 0 {
            let held = HOLDING[dice.below(HOLDING.len())];
            say(Speaker::Agent, held.to_owned(), Truth::Holding);
        }
        match dice.below(20) {
            0..3 => say(Speaker::Agent, one_off(&mut dice, &domain), Truth::OneOff),
            3 => {}
            _ => say(
                Speaker::Agent,
                copy(reply, &domain, &mut dice),
                Truth::Standard(at),
            ),
        }
        if dice.below(3) == 0 {
            say(Speaker::Customer, "好的我试试".to_owned(), Truth::Customer);
            let held = HOLDING[dice.below(HOLDING.len())];
            say(Speaker::Agent, held.to_owned(), Truth::Holding);
        }
        let mut hash = [0; 32];
        for (at, slot) in hash.iter_mut().enumerate().take(8) {
            *slot = (dice.roll() >> (at * 4)) as u8;
        }
        hash[8..12].copy_from_slice(&number.to_be_bytes());
        Made {
            id: TicketId::from_hash(&hash),
            ticket,
            truth,
        }
    }
}

fn domain(dice: &mut Dice) -> String {
    let host = ["www", "cdn", "static", "img"][dice.below(4)];
    let label = LABELS[dice.below(LABELS.len())];
    format!(
        "{host}.{label}{}.{}",
        dice.below(9_000) + 100,
        ["com", "cn", "net", "com.cn"][dice.below(4)]
    )
}

/// A copy of a standard reply as another agent wrote it.
fn copy(reply: &str, domain: &str, dice: &mut Dice) -> String {
    let mut text = String::new();
    let mut rest = reply;
    while let Some(at) = rest.find(['{', '[', '~']) {
        text.push_str(&rest[..at]);
        let c = rest[at..].chars().next().unwrap_or_default();
        if c == '~' {
            if dice.below(4) == 0 {
                text.push('\n');
            }
            rest = &rest[at + 1..];
            continue;
        }
        let end = at + rest[at..].find(['}', ']']).unwrap_or(0);
        let name = &rest[at + 1..end];
        text.push_str(&if c == '[' {
            let choices: Vec<&str> = name.split('|').collect();
            choices[dice.below(choices.len())].to_owned()
        } else {
            value(name, domain, dice)
        });
        rest = &rest[end + 1..];
    }
    text.push_str(rest);
    if dice.below(4) == 0 {
        text = text.replace("请", "麻烦");
    }
    if dice.below(8) == 0 {
        text = text.replace("可以", "能够").replace("，", ", ");
    }
    let greeting = GREETINGS[dice.below(GREETINGS.len())];
    let tail = TAILS[dice.below(TAILS.len())];
    // Some agents say something to this customer as well, or leave the end out.
    let (before, behind) = match dice.below(10) {
        0 => (aside(domain, dice) + "，", String::new()),
        1 => (String::new(), format!("。另外{}", aside(domain, dice))),
        2 => {
            shorten(&mut text);
            (String::new(), String::new())
        }
        _ => (String::new(), String::new()),
    };
    format!("{greeting}{before}{text}{behind}{tail}")
}

/// What is said to one customer only.
fn aside(domain: &str, dice: &mut Dice) -> String {
    let about = ABOUT[dice.below(ABOUT.len())].replace("{域名}", domain);
    let about = about.replace("{日}", &(1 + dice.below(28)).to_string());
    format!("{about}{}", SEEN[dice.below(SEEN.len())])
}

/// Leaves the last clause of a long text out.
fn shorten(text: &mut String) {
    let last = text.rfind(['，', '；', '\n']);
    if let Some(last) = last.filter(|at| at * 4 > text.len() * 3) {
        text.truncate(last);
    }
}

fn value(name: &str, domain: &str, dice: &mut Dice) -> String {
    match name {
        "域名" => domain.to_owned(),
        "产品" => SUBJECTS[dice.below(SUBJECTS.len())].to_owned(),
        "实例" => format!("ins-{:08x}", dice.roll() >> 32),
        "邮箱" => format!(
            "finance{}@{}.com",
            dice.below(900),
            LABELS[dice.below(LABELS.len())]
        ),
        "控制台" => link("https://console.cloudworks.example/", "overview", dice),
        _ => link("https://docs.cloudworks.example/", "guide/faq", dice),
    }
}

fn link(base: &str, path: &str, dice: &mut Dice) -> String {
    if dice.below(5) == 0 {
        format!("{base}{}", MARKS[dice.below(MARKS.len())])
    } else {
        format!("{base}{path}")
    }
}

/// A reply full of one customer's data.
fn one_off(dice: &mut Dice, domain: &str) -> String {
    let order = 10_000_000_000_u64 + (dice.roll() >> 30);
    let day = 1 + dice.below(28);
    match dice.below(6) {
        0 => format!(
            "您好，看到您{domain}在{day}号的带宽峰值是{}兆，和源站{}.{}.{}.{}的日志对得上，属于正常访问",
            dice.below(900),
            11 + dice.below(80),
            dice.below(250),
            dice.below(250),
            1 + dice.below(250)
        ),
        1 => format!(
            "订单{order}的款项已于{day}日退到尾号{}的卡里，另外一笔{}元因为跨年不能原路退回",
            1000 + dice.below(8999),
            dice.below(5000)
        ),
        2 => format!(
            "您好，{domain}的记录值是{:x}，和我们后台查到的{:x}不一样，是您那边的解析商改写了大小写",
            dice.roll(),
            dice.roll()
        ),
        3 => format!(
            "刚和您电话{}{:08}沟通过，{domain}这个站先不动，等您老板{day}号回来再定",
            138 + dice.below(50),
            dice.below(99_999_999)
        ),
        4 => format!(
            "您反馈的ins-{:08x}这台是{day}号夜里宿主机故障迁移的，重启时间{}点{}分，已按协议补偿{}小时",
            dice.roll() >> 32,
            dice.below(24),
            dice.below(60),
            dice.below(48)
        ),
        _ => format!(
            "账号{}名下{}个空间里只有{domain}对应的那个开了回收站，其余的在{day}号被您同事小{}删掉了",
            130_000_000 + dice.below(9_999_999),
            2 + dice.below(20),
            ["王", "李", "赵", "周"][dice.below(4)]
        ),
    }
}
