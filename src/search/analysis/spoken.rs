//! Words by the letters of their pinyin: how product words and common ones are found in texts
//! whose pinyin is not indexed.

use std::collections::HashMap;

use crate::text::fold::{fold, is_cjk};
use crate::text::pinyin::readings;

/// Words that are asked for beside product words and synonyms.
const COMMON: &str = "
失败 过期 到期 续费 忘记 找回 无法 不能 打开 访问 显示 提示 报错 错误 配置 设置 修改 更换 更新 申请 审核 驳回 通过 验证 绑定 解绑
添加 删除 恢复 关闭 开通 停用 注册 购买 支付 付款 到账 余额 价格 收费 计费 排队 处理 等待 太慢 缓存 下载 上传 播放 文件 图片 视频
音频 页面 网站 链接 地址 端口 密码 权限 日志 流量 带宽 封顶 上限 限制 监控 告警 工单 客服 电话 短信 邮件 手机 电脑 服务器 主机
";

/// Characters of a word at most.
const LONGEST: usize = 8;

/// Spellings of one word that are kept: heteronyms multiply.
const SPELLINGS: usize = 8;

/// Initials fewer than these stand for too many words.
const INITIALS: usize = 3;

/// Words that one spelling stands for at most.
const WORDS: usize = 6;

/// Words by their spellings.
pub struct Spoken {
    full: HashMap<String, Vec<String>>,
    initials: HashMap<String, Vec<String>>,
}

impl Spoken {
    /// Spells the Chinese ones of some words.
    pub fn new<'a>(words: impl Iterator<Item = &'a str>) -> Self {
        let mut spoken = Self {
            full: HashMap::new(),
            initials: HashMap::new(),
        };
        for word in words.chain(COMMON.split_whitespace()) {
            spoken.add(&fold(word.trim()));
        }
        spoken
    }

    fn add(&mut self, word: &str) {
        let letters = word.chars().count();
        if !(2..=LONGEST).contains(&letters) || !word.chars().all(is_cjk) {
            return;
        }
        let mut full = vec![String::new()];
        for c in word.chars() {
            let readings = readings(c);
            full = full
                .iter()
                .flat_map(|begun| {
                    readings
                        .iter()
                        .map(move |reading| format!("{begun}{reading}"))
                })
                .take(SPELLINGS)
                .collect();
        }
        for spelling in full {
            remember(&mut self.full, spelling, word);
        }
        if letters >= INITIALS {
            let first = |c| {
                readings(c)
                    .first()
                    .and_then(|reading| reading.chars().next())
            };
            let initials: String = word.chars().filter_map(first).collect();
            remember(&mut self.initials, initials, word);
        }
    }

    /// What letters spell: each way is a word, or two words in full.
    pub fn of(&self, letters: &str) -> Vec<Vec<&str>> {
        let mut ways: Vec<Vec<&str>> = Vec::new();
        for table in [&self.full, &self.initials] {
            let known = table.get(letters).into_iter().flatten();
            ways.extend(known.map(|word| vec![word.as_str()]));
        }
        if ways.is_empty() {
            ways.extend(
                (2..letters.len().saturating_sub(1))
                    .filter_map(|at| letters.split_at_checked(at))
                    .filter_map(|(a, b)| {
                        let (a, b) = (self.full.get(a)?, self.full.get(b)?);
                        Some(vec![a.first()?.as_str(), b.first()?.as_str()])
                    }),
            );
        }
        ways.truncate(WORDS);
        ways
    }
}

fn remember(table: &mut HashMap<String, Vec<String>>, spelling: String, word: &str) {
    let words = table.entry(spelling).or_default();
    if !words.iter().any(|known| known == word) {
        words.push(word.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spoken() -> Spoken {
        Spoken::new(["安全组", "重置密码", "银行转账", "CDN流量"].into_iter())
    }

    #[test]
    fn words_are_known_by_full_pinyin_and_by_initials() {
        let spoken = spoken();
        assert_eq!(spoken.of("anquanzu"), [["安全组"]]);
        assert_eq!(spoken.of("aqz"), [["安全组"]]);
        assert!(spoken.of("sb").is_empty(), "two letters say too little");
    }

    #[test]
    fn heteronyms_are_spelled_each_way() {
        let spoken = spoken();
        assert_eq!(spoken.of("chongzhimima"), [["重置密码"]]);
        assert_eq!(spoken.of("zhongzhimima"), [["重置密码"]]);
        assert_eq!(spoken.of("yinhangzhuanzhang"), [["银行转账"]]);
    }

    #[test]
    fn two_words_may_be_written_as_one() {
        assert_eq!(spoken().of("mimaguoqi"), [["密码", "过期"]]);
    }
}
