//! Words that find each other.

use std::collections::HashMap;

use crate::text::fold::fold;

/// The built-in groups, one a line. Members need not mean the same; they stand for each other in
/// what customers write.
const BUILT_IN: &str = "
退款 退费 退钱 退订 refund
充值 续费 缴费
提现 原路退回
发票 开票 专票 普票 invoice
欠费 欠款 余额不足
扣费 扣款 计费 收费
账单 对账单 消费明细 bill
费用 价格 资费 多少钱
证书 ssl https tls
sll ssl
免费证书 限免证书
注销 销户 删号 注销账号
账号 帐号 账户 帐户 account
密码 口令 password
登录 登陆 login
实名认证 实名 企业认证 个人认证
解冻 解封 恢复使用
冻结 封禁 停用 封停
备案 icp
域名 domain
解析 dns
cname 别名记录
对象存储 kodo oss 云存储
空间 存储桶 bucket
密钥 ak sk accesskey secretkey
上传凭证 上传token uptoken
云主机 云服务器 ecs vps qvm 主机
融合cdn cdn 加速
回源 源站
刷新 清缓存 缓存刷新 purge
预取 预热
防盗链 盗链 referer
跨域 cors
外链 外部链接 访问链接
图床 图片外链
直播 推流 live
点播 视频点播 vod
转码 编码转换 transcode
短信 sms 验证码
签名 短信签名
模板 短信模板
失败 不成功 报错 出错 error
超时 timeout
打不开 无法访问 访问不了 不能访问
慢 卡顿 很慢 缓慢
删除 移除 清空 delete
下载 download
上传 upload
手机号 手机号码 电话号码
邮箱 邮件 email
工单 ticket
过期 到期 失效 expired
更换 更新 替换
绑定 添加域名
权限 授权 permission
子账号 子账户 iam
流量包 资源包
带宽 bandwidth
白名单 黑名单
接口 api
盗刷 被刷 刷流量 流量异常 流量突增
限流 限频 频率限制
推流 推送
抵扣 抵扣券 扣减
国外 海外 境外
找回 取回
";

/// Most members of a group that a query takes in.
const TAKEN: usize = 6;

/// A table of words and the words that stand for them.
pub struct Synonyms {
    groups: Vec<Vec<String>>,
    of: HashMap<String, Vec<usize>>,
}

impl Synonyms {
    /// The built-in groups and a team's own.
    pub fn new(team: &[Vec<String>]) -> Self {
        let mut all = Self {
            groups: Vec::new(),
            of: HashMap::new(),
        };
        for line in BUILT_IN.lines() {
            all.add(line.split_whitespace().map(fold).collect());
        }
        for group in team {
            all.add(group.iter().map(|word| fold(word.trim())).collect());
        }
        all
    }

    fn add(&mut self, mut group: Vec<String>) {
        group.retain(|word| !word.is_empty());
        for word in &group {
            let at = self.of.entry(word.clone()).or_default();
            at.push(self.groups.len());
        }
        self.groups.push(group);
    }

    /// All words of the table, folded.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.groups.iter().flatten().map(String::as_str)
    }

    /// The words that stand for a folded word, without itself.
    pub fn of(&self, word: &str) -> Vec<&str> {
        let mut found: Vec<&str> = Vec::new();
        for group in self.of.get(word).into_iter().flatten() {
            for other in self.groups.get(*group).into_iter().flatten() {
                if other != word && !found.contains(&other.as_str()) && found.len() < TAKEN {
                    found.push(other);
                }
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_of_the_team_join_the_built_in_ones() {
        let table = Synonyms::new(&[vec!["退款".into(), "退单".into()]]);
        let of = table.of("退款");
        assert!(of.contains(&"退费") && of.contains(&"退单"));
        assert!(!of.contains(&"退款"));
        assert!(table.of("无此词").is_empty());
    }
}
