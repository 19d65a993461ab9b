//! A corpus made by rule: the same tickets for the same number, of the size and shape of real
//! ones.
//!
//! Words are drawn by Zipf's law from a vocabulary of product words, common words and invented
//! ones; replies come from templates; a ticket is about 1.2 kB. Characters of invented words are
//! as unevenly frequent as written ones, so that there are some more different pairs of
//! characters than in as much real text, not many times more.

use gongdan::model::{Category, CauseState, DocNo, TicketId, is_holding};
use gongdan::search::Document;

/// A small generator of numbers that look random (xorshift64*).
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub fn roll(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    pub fn below(&mut self, n: usize) -> usize {
        (self.roll() >> 16) as usize % n.max(1)
    }

    fn unit(&mut self) -> f64 {
        (self.roll() >> 11) as f64 / (1_u64 << 53) as f64
    }
}

const COMMON: &str = "证书 域名 配置 问题 无法 访问 上传 下载 文件 图片 账号 流量 费用 退款 充值 解析 备案 加速 空间 存储 \
对象存储 源站 回源 刷新 缓存 预取 节点 带宽 直播 推流 播放 转码 视频 短信 签名 模板 验证码 主机 系统 密码 登录 权限 密钥 \
控制台 状态 处理中 失败 成功 报错 超时 错误 提示 更新 更换 部署 过期 申请 审核 认证 实名 企业 发票 账单 扣费 欠费 注销 \
删除 恢复 备份 数据 接口 请求 响应 参数 回调 鉴权 防盗链 跨域 浏览器 手机 电脑 网络 端口 防火墙 安全组 镜像 快照 升级 \
https ssl cdn cname dns http api sdk token ak sk referer qshell ip ecs nginx php java python go ios android iphone imgs index \
403 404 502 504 401 612 10 1 2 3 100 2024 1080p";

const REPLIES: [&str; 8] = [
    "您好，请在控制台打开对应的页面，先确认{}的状态，再按文档的步骤重新{}，一般需要十分钟左右生效，如果仍有异常请提供截图与请求编号。",
    "您好，这边已经为您核实，{}目前是正常的，请检查{}是否填写正确，并清除本地缓存后重试。",
    "您好，退款需要提供订单编号与退款原因，{}的部分无法原路退回，{}完成之后一到三个工作日到账。",
    "您好，免费证书申请步骤如下：1.进入证书页面选择{}；2.补全信息；3.按提示完成{}验证；4.部署到域名并打开强制跳转。",
    "您好，该错误一般是{}与{}不一致导致的，建议用命令行工具列举一次，确认区域与空间名称无误。",
    "您好，请稍等，这边看下。",
    "您好，抱歉久等，已经为您处理完成，请您确认。",
    "您好，账号注销需要满足以下条件：没有欠费、没有进行中的{}、资源已经清空，满足后可以在{}自助操作，注销后无法找回。",
];

const CATEGORIES: [(&str, &str); 20] = [
    ("CDN", "证书问题"),
    ("CDN", "配置问题"),
    ("CDN", "访问问题"),
    ("CDN", "刷新预取"),
    ("对象存储", "上传下载"),
    ("对象存储", "访问问题"),
    ("对象存储", "权限配置"),
    ("对象存储", "其他类咨询"),
    ("云主机", "主机"),
    ("云主机", "网络"),
    ("云主机", "镜像快照"),
    ("账户与财务", "计费问题"),
    ("账户与财务", "账户问题"),
    ("账户与财务", "发票"),
    ("短信", "签名模板"),
    ("短信", "发送失败"),
    ("视频直播", "推流播放"),
    ("视频直播", "录制转码"),
    ("域名", "解析"),
    ("域名", "备案"),
];

const CAUSES: [&str; 9] = [
    "证书部署未完成",
    "源站响应超时",
    "防盗链名单未放行",
    "空间权限设置错误",
    "账单延迟出账",
    "需要根据具体情况分析",
    "短信签名未过审",
    "域名解析未生效",
    "本地网络异常",
];

/// The number of a character: few of them make up most of a text.
fn character(dice: &mut Dice) -> u32 {
    (3_000.0 * dice.unit().powi(4)) as u32
}

/// Makes tickets.
pub struct Corpus {
    words: Vec<String>,
    /// Cumulative shares of the words.
    shares: Vec<f64>,
}

impl Corpus {
    pub fn new() -> Self {
        let mut words: Vec<String> = COMMON.split_whitespace().map(str::to_owned).collect();
        let mut dice = Dice::new(11);
        // Invented words of two and three characters, and Latin names.
        for n in 0..40_000 {
            let word: String = if n % 12 == 0 {
                (0..3 + dice.below(8))
                    .map(|_| (b'a' + dice.below(26) as u8) as char)
                    .collect()
            } else {
                (0..2 + dice.below(2))
                    .filter_map(|_| char::from_u32(0x4e00 + character(&mut dice) * 6))
                    .collect()
            };
            words.push(word);
        }
        let mut sum = 0.0;
        let shares = (0..words.len())
            .map(|rank| {
                sum += 1.0 / (rank as f64 + 12.0).powf(1.05);
                sum
            })
            .collect();
        Self { words, shares }
    }

    /// A word by its frequency.
    pub fn word(&self, dice: &mut Dice) -> &str {
        let at = dice.unit() * self.shares.last().copied().unwrap_or(1.0);
        let rank = self.shares.partition_point(|share| *share < at);
        &self.words[rank.min(self.words.len() - 1)]
    }

    /// Some text of about `len` characters.
    pub fn text(&self, dice: &mut Dice, len: usize) -> String {
        let mut text = String::new();
        let mut count = 0;
        while count < len {
            let word = self.word(dice);
            text.push_str(word);
            count += word.chars().count();
            if dice.below(6) == 0 {
                text.push('，');
            }
        }
        text
    }

    /// The case of a number.
    pub fn case(&self, number: u32) -> Case {
        let mut dice = Dice::new(u64::from(number) + 1);
        let len = 5 + dice.below(10);
        let title = self.text(&mut dice, len);
        let len = 60 + dice.below(140);
        let mut question = self.text(&mut dice, len);
        if dice.below(4) == 0 {
            question.push_str(&format!(
                " https://img{}.example.com/a/{:x}.png 订单 {}",
                number % 977,
                dice.roll() >> 40,
                dice.roll() >> 30
            ));
        }
        let turns = (0..2 + dice.below(3))
            .map(|_| {
                let reply = REPLIES[dice.below(REPLIES.len())];
                let reply = reply.replacen("{}", self.word(&mut dice), 1);
                let reply = reply.replacen("{}", self.word(&mut dice), 1);
                let len = 20 + dice.below(40);
                (self.text(&mut dice, len), reply)
            })
            .collect();
        let (product, issue_type) = CATEGORIES[dice.below(20) * (1 + dice.below(2)) / 2];
        Case {
            number,
            title,
            question,
            turns,
            product,
            issue_type,
            cause: CAUSES[dice.below(CAUSES.len())],
        }
    }
}

/// A resolved case before it is written down.
pub struct Case {
    number: u32,
    title: String,
    question: String,
    /// What the customer said, and what the agent said to it.
    turns: Vec<(String, String)>,
    product: &'static str,
    issue_type: &'static str,
    cause: &'static str,
}

impl Case {
    /// Its section of a Markdown document.
    pub fn write(&self, out: &mut String) {
        use std::fmt::Write;
        let (product, issue_type) = (self.product, self.issue_type);
        let _ = write!(
            out,
            "## {}\n\n**问题分类**: {product}｜{issue_type}\n\n### 详细问题描述\n{}\n\n### 客服解答内容\n",
            self.title, self.question
        );
        for (customer, agent) in &self.turns {
            let _ = writeln!(out, "**客户**：{customer}\n**客服**：{agent}");
        }
        let _ = write!(out, "\n### 根本原因分析\n{}\n\n---\n\n", self.cause);
    }

    /// What the index is fed of it.
    pub fn document(&self) -> Document {
        let id = TicketId::from_bits(u64::from(self.number) * 7_919_777 % (1 << 50));
        let mut document = Document::ticket(DocNo(self.number), id);
        document.title.clone_from(&self.title);
        document.question.clone_from(&self.question);
        for (customer, agent) in &self.turns {
            let into = if is_holding(agent) {
                &mut document.holding
            } else {
                &mut document.agent
            };
            for (text, line) in [(into, agent), (&mut document.customer, customer)] {
                text.push_str(line);
                text.push('\n');
            }
        }
        document.category = Some(Category {
            product: self.product.to_owned(),
            issue_type: self.issue_type.to_owned(),
        });
        document.state = CauseState::Given;
        document.causes = vec![(None, self.cause.to_owned())];
        document.datasets = vec!["bench".to_owned()];
        document
    }

    /// Bytes of its text, without the marks of the document.
    pub fn raw(&self) -> usize {
        let turns = self.turns.iter().map(|(a, b)| a.len() + b.len());
        self.title.len() + self.question.len() + self.cause.len() + turns.sum::<usize>()
    }
}
