//! The tickets of the fake, and what stands beside them.

use crate::api::{ArticleView, CauseRow, CauseTag, PassageRow, Status, TicketRow, TicketView};
use crate::model::{
    ArticleId, Cause, CauseId, CauseState, CauseStatus, Passage, Revision, Sequence, Source,
    Speaker, TicketId, Turn,
};

/// Product, issue type, title, question, reply, cause.
pub(super) const CASES: [[&str; 6]; 8] = [
    [
        "CDN",
        "证书问题",
        "更换证书后一直显示处理中",
        "昨天在控制台更换了 www.example.com 的证书，到现在还是处理中，页面提示“配置未生效”。",
        "您好，证书下发到全部节点约需 10 分钟；超过一小时仍在处理，请重新提交一次配置。",
        "证书下发超时",
    ],
    [
        "CDN",
        "缓存刷新",
        "刷新目录后仍返回旧文件",
        "刷新了目录 https://static.example.com/img/ ，访问到的还是旧图。",
        "目录刷新只对以该前缀缓存的地址生效，请确认地址末尾带斜杠，并清除浏览器缓存。",
        "浏览器本地缓存",
    ],
    [
        "对象存储",
        "权限配置",
        "上传文件提示没有权限",
        "用子账号上传时返回 403 AccessDenied，主账号正常。",
        "子账号缺少该空间的写权限，请在访问控制里授予上传权限后重试。",
        "子账号权限不足",
    ],
    [
        "对象存储",
        "下载速度",
        "海外下载速度很慢",
        "新加坡的同事下载速度只有 50 KB/s。",
        "空间位于华东，跨境线路较慢，建议开启全球加速或绑定海外节点。",
        "跨境链路延迟",
    ],
    [
        "短信",
        "签名审核",
        "短信签名审核被驳回",
        "签名“示例科技”提交两次都被驳回，原因写的是材料不符。",
        "请上传与签名主体一致的营业执照，并在说明里写明用途。",
        "审核材料不符",
    ],
    [
        "云主机",
        "远程登录",
        "忘记密码无法远程登录",
        "Linux 主机密码忘了，控制台重置后还是登录不上。",
        "重置密码后需要重启主机才会生效，请在控制台选择重启。",
        "重置密码后未重启",
    ],
    [
        "账号",
        "账号注销",
        "怎样注销账号",
        "公司不再使用，想注销账号 user@example.com。",
        "注销前请确认余额为零、没有运行中的资源，再到账号设置提交注销申请。",
        "需要根据具体情况分析",
    ],
    [
        "域名解析",
        "解析不生效",
        "修改解析记录后不生效",
        "把 A 记录改到了新地址，过了两个小时 ping 到的还是旧地址。",
        "本地运营商缓存了旧记录，请等待 TTL 过期，或换用公共 DNS 验证。",
        "TTL 未过期",
    ],
];

/// Tickets in the fake desk.
pub const TICKETS: usize = 40;

/// The id of the ticket with this number.
pub fn ticket_id(number: usize) -> TicketId {
    let mut hash = [0; 32];
    hash[..8].copy_from_slice(
        &(number as u64)
            .wrapping_mul(0x9e37_79b9_7f4a_7c15)
            .to_be_bytes(),
    );
    TicketId::from_hash(&hash)
}

pub(super) fn cause_id(name: &str) -> CauseId {
    CauseId::from_hash(&[name.len() as u8; 32])
}

/// Where a word stands in a text, in characters.
pub(super) fn found(text: &str, word: &str) -> Vec<(usize, usize)> {
    let Some((before, _)) = text.split_once(word).filter(|_| !word.is_empty()) else {
        return Vec::new();
    };
    let from = before.chars().count();
    vec![(from, from + word.chars().count())]
}

pub(super) fn ticket(number: usize) -> TicketView {
    let [product, issue_type, title, question, reply, cause] = CASES[number % CASES.len()];
    let id = ticket_id(number);
    let placeholder = cause.starts_with("需要");
    let row = TicketRow {
        rank: number + 1,
        id,
        short_id: id.as_str().chars().take(6).collect(),
        title: match number / CASES.len() {
            0 => title.to_owned(),
            n => format!("{title}（第 {} 例）", n + 1),
        },
        title_highlights: Vec::new(),
        product: product.to_owned(),
        issue_type: issue_type.to_owned(),
        scenarios: vec![product.to_owned()],
        datasets: vec!["示例".into()],
        dataset: Some("示例".into()),
        causes: vec![CauseTag {
            id: (!placeholder).then(|| cause_id(cause)),
            name: cause.to_owned(),
            by: "given".into(),
        }],
        cause_state: if placeholder {
            CauseState::Placeholder
        } else {
            CauseState::Given
        },
        suspect: number == 3,
        disputed: number == 5,
        misfiled: number == 7,
        outdated: String::new(),
        successor: None,
        date: None,
        revision: Revision(0),
        score: None,
        snippet: question.to_owned(),
        highlights: Vec::new(),
        relaxed: None,
        section: None,
        missing: Vec::new(),
        near: String::new(),
    };
    let turn = |speaker, text: &str| Turn {
        speaker,
        name: None,
        text: text.to_owned(),
        in_summary: false,
    };
    TicketView {
        question: question.to_owned(),
        dialogue: vec![
            turn(Speaker::Customer, question),
            turn(Speaker::Agent, "您好，请稍等，正在为您查看。"),
            turn(Speaker::Agent, reply),
        ],
        best_turn: Some(2),
        causes_given: vec![cause.to_owned()],
        category_given: None,
        category_revision: Revision(0),
        outdated_revision: Revision(0),
        sections: Vec::new(),
        sources: vec![Source {
            dataset: "示例".into(),
            file: "tickets.md".into(),
            line: 12 + 30 * number as u32,
            ordinal: number as u32 + 1,
        }],
        related_passages: vec![passage("证书")],
        history: Vec::new(),
        votes: Vec::new(),
        row,
    }
}

pub(super) fn passage(word: &str) -> PassageRow {
    let snippet = "证书上传后需要在域名配置中启用，约十分钟生效。";
    PassageRow {
        rank: 99,
        id: format!("{}.1", ArticleId::from_hash(&[7; 32])),
        article: "HTTPS 配置指南".into(),
        heading: "启用证书".into(),
        source: "docs.example.com".into(),
        outdated: String::new(),
        successor: None,
        date: None,
        score: None,
        snippet: snippet.into(),
        highlights: found(snippet, word),
        relaxed: None,
        section: None,
        missing: Vec::new(),
    }
}

pub(super) fn article() -> ArticleView {
    ArticleView {
        id: ArticleId::from_hash(&[7; 32]),
        title: "HTTPS 配置指南".into(),
        source: "docs.example.com".into(),
        outdated: String::new(),
        successor: None,
        outdated_revision: Revision(0),
        date: None,
        datasets: vec!["示例".into()],
        passages: vec![
            Passage {
                heading: "启用证书".into(),
                text: "证书上传后需要在域名配置中启用，约十分钟生效。".into(),
            },
            Passage {
                heading: "续期".into(),
                text: "免费证书到期前 30 天可以续期。".into(),
            },
        ],
        sources: Vec::new(),
        passage: Some(1),
    }
}

pub(super) fn vocabulary() -> Vec<CauseRow> {
    CASES
        .iter()
        .map(|case| case[5])
        .filter(|name| !name.starts_with("需要"))
        .map(|name| CauseRow {
            cause: Cause {
                id: cause_id(name),
                name: name.to_owned(),
                group: String::new(),
                aliases: Vec::new(),
                status: CauseStatus::Active,
                revision: Revision(0),
            },
            given: 5,
            confirmed: 0,
            into: None,
        })
        .collect()
}

pub(super) fn status() -> Status {
    Status {
        version: "0.1.0".into(),
        data_dir: "~/.local/share/gongdan".into(),
        sequence: Sequence(1),
        tickets: TICKETS,
        articles: 1,
        datasets: 1,
        sample: false,
        indexing: None,
        index_work: None,
        agent: "小王".into(),
        clients: 1,
    }
}
