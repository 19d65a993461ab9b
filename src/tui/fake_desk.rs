//! A desk in memory with forty invented tickets, for tests of the screen.

use std::collections::BTreeMap;
use std::sync::Mutex;

use crossbeam_channel::{Receiver, Sender, unbounded};
use jiff::Timestamp;

use crate::desk::api::{
    ActDone, AdviceView, AdvisedReply, AgreementRow, ArticleView, AtHandRow, Attending,
    CauseChoice, CauseCount, CauseRow, CauseTag, Compose, Coverage, DatasetRow, Draft,
    DraftFinding, DraftOf, Found, LikelyCategory, LogEntry, Offered, Page, PassageRow,
    ProductCauses, ProductCoverage, QueueKind, QueuePage, QueueRow, ReplyRow, ReplyUse, ReplyView,
    Row, SettingRow, SlotRow, Stats, Status, SuggestedCause, TicketRow, TicketView, ViewEdit,
    ViewRow,
};
use crate::desk::{Answer, Desk, DeskError, ErrorCode, Push, Request};
use crate::model::{
    ActId, ArticleId, Category, Cause, CauseId, CauseState, CauseStatus, JobId, Passage, ReplyId,
    Revision, Sequence, Source, Speaker, TicketFilter, TicketId, TreeNode, Turn,
};

/// Product, issue type, title, question, reply, cause.
const CASES: [[&str; 6]; 8] = [
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

/// A desk that keeps everything in memory and every request it got.
pub struct FakeDesk {
    tickets: Mutex<Vec<TicketView>>,
    acts: Mutex<Vec<ActDone>>,
    /// What was asked.
    pub asked: Mutex<Vec<Request>>,
    listeners: Mutex<Vec<Sender<Push>>>,
    views: Mutex<Vec<ViewRow>>,
}

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

fn cause_id(name: &str) -> CauseId {
    CauseId::from_hash(&[name.len() as u8; 32])
}

impl FakeDesk {
    /// A desk with its forty tickets.
    pub fn new() -> Self {
        Self {
            tickets: Mutex::new((0..TICKETS).map(ticket).collect()),
            acts: Mutex::default(),
            asked: Mutex::default(),
            listeners: Mutex::default(),
            views: Mutex::default(),
        }
    }

    /// Changes the views as the desk does, with one owner.
    fn edit_view(&self, edit: &ViewEdit) {
        let mut views = self.views.lock().unwrap();
        let at = views.iter().position(|row| row.called() == *edit.name());
        match (edit, at) {
            (
                ViewEdit::Save {
                    name,
                    query,
                    filter,
                },
                _,
            ) => {
                let row = ViewRow {
                    name: name.name.clone(),
                    team: name.team,
                    query: query.clone(),
                    filter: filter.clone(),
                };
                match at {
                    Some(at) => views[at] = row,
                    None => views.push(row),
                }
            }
            (ViewEdit::Rename { to, .. }, Some(at)) => views[at].name.clone_from(to),
            (ViewEdit::Move { to, .. }, Some(at)) => {
                let row = views.remove(at);
                let to = (*to).min(views.len());
                views.insert(to, row);
            }
            (ViewEdit::Drop { .. }, Some(at)) => {
                views.remove(at);
            }
            (_, None) => {}
        }
    }

    /// One ticket as a row.
    pub fn row(&self, number: usize) -> TicketRow {
        ticket(number).row
    }

    fn rows(&self, filter: &TicketFilter, holds: &str) -> Vec<TicketRow> {
        let tickets = self.tickets.lock().unwrap();
        let mut rows: Vec<TicketRow> = tickets
            .iter()
            .filter(|ticket| {
                let row = &ticket.row;
                filter
                    .category
                    .as_ref()
                    .is_none_or(|node| node.holds(&row.product, &row.issue_type))
                    && filter
                        .cause_state
                        .is_none_or(|state| state == row.cause_state)
                    && (row.title.contains(holds) || ticket.question.contains(holds))
            })
            .map(|ticket| ticket.row.clone())
            .collect();
        for (row, rank) in rows.iter_mut().zip(1..) {
            row.rank = rank;
            row.title_highlights = found(&row.title, holds);
            row.highlights = found(&row.snippet, holds);
        }
        rows
    }

    fn tree(&self, holds: &str) -> Vec<TreeNode> {
        let mut counts: BTreeMap<(String, String), usize> = BTreeMap::new();
        for row in self.rows(&TicketFilter::default(), holds) {
            *counts.entry((row.product, row.issue_type)).or_default() += 1;
        }
        let mut nodes: Vec<TreeNode> = Vec::new();
        for ((product, issue_type), count) in counts {
            match nodes
                .iter_mut()
                .find(|n| n.product == product && n.issue_type.is_none())
            {
                Some(node) => node.count += count,
                None => nodes.push(TreeNode {
                    product: product.clone(),
                    issue_type: None,
                    count,
                }),
            }
            nodes.push(TreeNode {
                product,
                issue_type: Some(issue_type),
                count,
            });
        }
        nodes
    }

    fn annotate(&self, ids: &[String], causes: &[String]) -> ActDone {
        let mut tickets = self.tickets.lock().unwrap();
        let mut entries = Vec::new();
        for ticket in tickets
            .iter_mut()
            .filter(|t| ids.contains(&t.row.id.to_string()))
        {
            let before = ticket.row.causes.iter().map(|c| c.name.clone()).collect();
            entries.push(entry(
                &format!("cause/{}", ticket.row.id),
                &ticket.row.title,
                before,
                causes.to_vec(),
            ));
            ticket.row.revision = ticket.row.revision.next();
            ticket.row.cause_state = CauseState::Confirmed;
            ticket.row.causes = causes
                .iter()
                .map(|name| CauseTag {
                    id: Some(cause_id(name)),
                    name: name.clone(),
                    by: "小王".into(),
                })
                .collect();
        }
        let act = act(entries);
        self.acts.lock().unwrap().push(act.clone());
        act
    }

    fn undo(&self) -> Result<ActDone, DeskError> {
        let last = self.acts.lock().unwrap().pop();
        last.ok_or_else(|| DeskError::new(ErrorCode::NothingToUndo))
    }

    fn show(&self, id: &str) -> Result<Answer, DeskError> {
        if id.contains('.') {
            return Ok(Answer::Article(Box::new(article())));
        }
        let tickets = self.tickets.lock().unwrap();
        let ticket = tickets.iter().find(|t| t.row.id.as_str().starts_with(id));
        ticket
            .map(|ticket| Answer::Ticket(Box::new(ticket.clone())))
            .ok_or_else(|| DeskError::new(ErrorCode::UnknownId).with("id", id))
    }
}

impl Desk for FakeDesk {
    fn call(&self, request: Request) -> Result<Answer, DeskError> {
        self.asked.lock().unwrap().push(request.clone());
        Ok(match request {
            Request::Status => Answer::Status(status()),
            Request::Tree { query, .. } => Answer::Tree(self.tree(&query)),
            Request::List {
                filter,
                offset,
                limit,
            } => {
                let rows = self.rows(&filter, "");
                let total = rows.len();
                let rows = rows
                    .into_iter()
                    .skip(offset)
                    .take(limit)
                    .map(Row::Ticket)
                    .collect();
                Answer::Page(Page { rows, total })
            }
            Request::Search {
                query,
                filter,
                limit,
            } => {
                let mut rows: Vec<Row> = self
                    .rows(&filter, &query)
                    .into_iter()
                    .map(Row::Ticket)
                    .collect();
                rows.push(Row::Passage(passage(&query)));
                rows.truncate(limit);
                let total = rows.len();
                Answer::Found(Found {
                    rows,
                    total,
                    ..Default::default()
                })
            }
            Request::Similar { .. } => {
                let rows = self.rows(&TicketFilter::default(), "证书");
                let total = rows.len();
                Answer::Found(Found {
                    rows: rows.into_iter().map(Row::Ticket).collect(),
                    total,
                    ..Default::default()
                })
            }
            Request::Rows { ids } => {
                let rows = self.rows(&TicketFilter::default(), "").into_iter();
                let rows: Vec<Row> = rows
                    .filter(|row| ids.contains(&row.id))
                    .map(Row::Ticket)
                    .collect();
                let total = rows.len();
                Answer::Page(Page { rows, total })
            }
            Request::Show { id } => self.show(&id)?,
            Request::Vocabulary => Answer::Vocabulary(vocabulary()),
            Request::Annotate(order) => {
                let ids: Vec<String> = order.targets.into_iter().map(|t| t.id).collect();
                let causes: Vec<String> = order
                    .causes
                    .into_iter()
                    .map(|cause| match cause {
                        CauseChoice::Known(name) | CauseChoice::New(name) => name,
                    })
                    .collect();
                Answer::Done(self.annotate(&ids, &causes))
            }
            Request::Vote(vote) => {
                let mut done = entry("vote/x", "", Vec::new(), vec![format!("{:?}", vote.ballot)]);
                done.what = "vote".into();
                Answer::Done(act(vec![done]))
            }
            Request::MarkOutdated { id, reason, .. } => {
                let mut done = entry(&format!("outdated/{id}"), "", Vec::new(), vec![reason]);
                done.what = "outdated".into();
                Answer::Done(act(vec![done]))
            }
            Request::Lookalikes { .. } => {
                let rows = self.rows(&TicketFilter::default(), "更换证书");
                let total = rows.len();
                let rows = rows.into_iter().map(Row::Ticket).collect();
                Answer::Page(Page { rows, total })
            }
            Request::Undo(_) => Answer::Done(self.undo()?),
            Request::Log { .. } => {
                let acts = self.acts.lock().unwrap();
                Answer::Log(acts.iter().flat_map(|act| act.entries.clone()).collect())
            }
            Request::Conflicts => Answer::Conflicts(Vec::new()),
            Request::Compose(compose) => Answer::Draft(Box::new(self.compose(&compose)?)),
            Request::StandardReply { .. } => Answer::StandardReply(Box::new(ReplyView {
                row: standard(),
                asked: None,
                found_in: Vec::new(),
                history: Vec::new(),
            })),
            Request::AtHand { .. } => Answer::AtHand(vec![at_hand(true), at_hand(false)]),
            Request::RecordUse { .. } => Answer::Done(act(Vec::new())),
            Request::Star { starred, .. } => {
                let after = if starred {
                    vec!["favourite".into()]
                } else {
                    Vec::new()
                };
                let mut done = entry("star/x/0", "", Vec::new(), after);
                done.what = "star".into();
                Answer::Done(act(vec![done]))
            }
            Request::EditReply(edit) => {
                let mut done = entry("reply/x", "", Vec::new(), vec![format!("{edit:?}")]);
                done.what = "reply".into();
                Answer::Done(act(vec![done]))
            }
            Request::Datasets => Answer::Datasets(vec![DatasetRow {
                name: "示例".into(),
                tickets: TICKETS,
                articles: 1,
                only_here: TICKETS,
            }]),
            Request::Settings => Answer::Settings(vec![SettingRow {
                name: "words".into(),
                value: "[\"对象存储\"]".into(),
                revision: Revision(3),
            }]),
            Request::Suggest { .. } => Answer::Suggestions(vec![
                suggested("TTL 未过期", 0.82),
                suggested("证书下发超时", 0.4),
            ]),
            Request::Attend { .. } => Answer::Attending(Attending {
                session: "own".into(),
                held_by: None,
            }),
            Request::Present => Answer::Present(Vec::new()),
            Request::Queue { kind, filter, .. } => Answer::Queue(queue(kind, &filter)),
            Request::Offers { .. } => Answer::Offers(vec![Offered {
                number: 2,
                reply: Some(ReplyId::from_hash(&[3; 32])),
                turn: None,
                title: "重新提交配置".into(),
                code: "zs".into(),
                text: STANDARD.into(),
                slots: slots(),
                score: 0.7,
                tickets: 4,
                favourite: false,
            }]),
            Request::Answer { .. } => Answer::Advice(Box::new(advice())),
            Request::Replies(_) => Answer::Replies(vec![standard()]),
            Request::Export { .. } => Answer::Job(JobId(1)),
            Request::ReadData { .. } => Answer::Data {
                bytes: b"id\nabc".to_vec(),
                end: true,
            },
            Request::EditVocabulary(edit) => {
                let mut done = entry("vocab/x", "", Vec::new(), vec![format!("{edit:?}")]);
                done.what = "vocabulary".into();
                Answer::Done(act(vec![done]))
            }
            Request::Views => Answer::Views(self.views.lock().unwrap().clone()),
            Request::EditView(edit) => {
                self.edit_view(&edit);
                let mut done = entry("view/x", "", Vec::new(), vec![edit.name().name.clone()]);
                done.what = "view".into();
                Answer::Done(act(vec![done]))
            }
            Request::SetSetting { setting, .. } => {
                let key = format!("settings/{}", setting.name());
                Answer::Done(act(vec![entry(&key, "", Vec::new(), Vec::new())]))
            }
            Request::RemoveDataset { name } => {
                let key = format!("dataset/{name}");
                Answer::Done(act(vec![entry(&key, "", Vec::new(), Vec::new())]))
            }
            Request::Stats => Answer::Stats(Box::new(self.stats())),
            _ => return Err(DeskError::new(ErrorCode::Bug).with("detail", "not faked")),
        })
    }

    fn subscribe(&self) -> Receiver<Push> {
        let (sender, receiver) = unbounded();
        self.listeners.lock().unwrap().push(sender);
        receiver
    }
}

impl FakeDesk {
    /// A turn as it was said, with a line's end restored; a changed text as it is.
    fn compose(&self, compose: &Compose) -> Result<Draft, DeskError> {
        match &compose.of {
            DraftOf::Changed { text, .. } => Ok(draft(text)),
            DraftOf::Offer { .. } | DraftOf::Standard { .. } => Ok(draft(STANDARD)),
            DraftOf::Turn { id, turn } => {
                let Answer::Ticket(ticket) = self.show(id)? else {
                    return Err(DeskError::new(ErrorCode::NoReply));
                };
                let said = ticket.dialogue.last().map_or("", |turn| &turn.text);
                let text = said.replace('；', "；\n");
                let slot = finding(&text, "10 分钟", "date", "时间");
                Ok(Draft {
                    standard: false,
                    ticket: Some(ticket.row.id),
                    turn: Some(turn.unwrap_or(2)),
                    turns: 2,
                    original: said.to_owned(),
                    findings: vec![slot],
                    ..draft(&text)
                })
            }
        }
    }

    fn stats(&self) -> Stats {
        Stats {
            tickets: TICKETS,
            articles: 1,
            passages: 2,
            categories: self.tree(""),
            cause_states: vec![("placeholder".into(), 5), ("given".into(), 35)],
            causes_given: counts(&[("证书下发超时", 15), ("缓存未刷新", 10)]),
            causes_now: counts(&[("证书下发超时", 9), ("TTL 未过期", 6)]),
            by_day: vec![("2026-01-30".into(), 3), ("2026-01-31".into(), 9)],
            by_agent: vec![("小王".into(), 12)],
            copies: 7,
            replies: vec![ReplyUse {
                id: ReplyId::from_hash(&[3; 32]),
                title: "重新提交配置".into(),
                uses: 7,
                last: None,
            }],
            coverage: Some(Coverage {
                tickets: TICKETS,
                covered: 30,
                percent: 75.0,
                products: vec![ProductCoverage {
                    product: "CDN".into(),
                    tickets: 10,
                    covered: 9,
                }],
            }),
            agreement: vec![
                AgreementRow {
                    cause: None,
                    tickets: 4,
                    percent: 75.0,
                    kappa: Some(0.5),
                },
                AgreementRow {
                    cause: Some("证书下发超时".into()),
                    tickets: 3,
                    percent: 66.7,
                    kappa: None,
                },
            ],
            disputed: 1,
            causes_by_product: vec![ProductCauses {
                product: "CDN".into(),
                tickets: 10,
                causes: counts(&[("证书下发超时", 9), ("缓存未刷新", 1)]),
            }],
            store_bytes: 1_234_567,
            index_bytes: 345_678,
        }
    }
}

fn counts(rows: &[(&str, usize)]) -> Vec<CauseCount> {
    let count = |(cause, tickets): &(&str, usize)| CauseCount {
        cause: (*cause).into(),
        tickets: *tickets,
    };
    rows.iter().map(count).collect()
}

/// Where a word stands in a text, in characters.
fn found(text: &str, word: &str) -> Vec<(usize, usize)> {
    let Some((before, _)) = text.split_once(word).filter(|_| !word.is_empty()) else {
        return Vec::new();
    };
    let from = before.chars().count();
    vec![(from, from + word.chars().count())]
}

fn ticket(number: usize) -> TicketView {
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

fn passage(word: &str) -> PassageRow {
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
    }
}

fn article() -> ArticleView {
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

fn vocabulary() -> Vec<CauseRow> {
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

fn status() -> Status {
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

/// The text of the standard reply.
pub const STANDARD: &str = "您好，请在控制台对 {{域名}} 重新提交一次配置，约 {{分钟}} 分钟生效。";

fn slots() -> Vec<SlotRow> {
    [
        ("域名", &["www.example.com", "cdn.example.com"][..]),
        ("分钟", &["10"]),
    ]
    .map(|(name, values)| SlotRow {
        name: name.into(),
        values: values.iter().map(|&value| value.into()).collect(),
        own: 1,
        personal: false,
    })
    .to_vec()
}

fn standard() -> ReplyRow {
    ReplyRow {
        id: ReplyId::from_hash(&[3; 32]),
        title: "重新提交配置".into(),
        code: "zs".into(),
        text: STANDARD.into(),
        slots: slots(),
        tickets: 4,
        variants: 2,
        holding: false,
        healed: false,
        curated: true,
        categories: Vec::new(),
        offered: true,
        broken_link: false,
        healed_from: Vec::new(),
        evidence: vec![ticket_id(0)],
        uses: 0,
        favourite: false,
        outdated: String::new(),
        successor: None,
        retired: false,
        mined_text: None,
        mined_before: String::new(),
        withheld: String::new(),
        merged: Vec::new(),
        merged_into: None,
        newest_ticket: Some(ticket_id(0)),
        newest_date: None,
        last_copied: None,
        revision: Revision(0),
    }
}

/// A favourite, and a turn copied before.
fn at_hand(favourite: bool) -> AtHandRow {
    let row = standard();
    AtHandRow {
        id: row.id,
        title: if favourite {
            row.title
        } else {
            "请稍后重试".into()
        },
        code: if favourite { row.code } else { String::new() },
        text: if favourite {
            row.text
        } else {
            "请稍后重试。".into()
        },
        slots: if favourite { row.slots } else { Vec::new() },
        favourite,
        copied: None,
        ticket: (!favourite).then(|| ticket_id(1)),
        turn: (!favourite).then_some(2),
        outdated: String::new(),
        retired: false,
    }
}

/// A draft of a text in which nothing was found.
pub fn draft(text: &str) -> Draft {
    Draft {
        reply: ReplyId::from_hash(&[3; 32]),
        standard: true,
        ticket: None,
        turn: None,
        turns: 0,
        title: "重新提交配置".into(),
        text: text.into(),
        template: text.into(),
        original: text.into(),
        slots: Vec::new(),
        unfilled: Vec::new(),
        findings: Vec::new(),
        healed: Vec::new(),
        broken_links: Vec::new(),
        pictures: 0,
        fitted: false,
        lent: false,
        retired: false,
        holding: false,
        marks: Vec::new(),
        outdated: String::new(),
        successor: None,
        merged_from: None,
    }
}

/// A place of a text that the guard found.
pub fn finding(text: &str, value: &str, kind: &str, slot: &str) -> DraftFinding {
    let before = text.split(value).next().unwrap();
    let start = before.chars().count();
    let end = start + value.chars().count();
    DraftFinding {
        start,
        end,
        value: value.into(),
        kind: kind.into(),
        hidden_start: start,
        hidden_end: end,
        mask: "***".into(),
        slot: slot.into(),
    }
}

fn suggested(cause: &str, score: f32) -> SuggestedCause {
    SuggestedCause {
        cause: cause.into(),
        score,
        evidence: vec![ticket_id(8), ticket_id(16)],
        cause_id: cause_id(cause),
    }
}

fn advice() -> AdviceView {
    AdviceView {
        category: vec![LikelyCategory {
            product: "CDN".into(),
            issue_type: "证书问题".into(),
            score: 0.75,
            evidence: vec![ticket_id(8)],
        }],
        replies: vec![
            AdvisedReply {
                id: ReplyId::from_hash(&[4; 32]),
                title: "等待证书下发".into(),
                text: "您好，证书下发约需十分钟，请稍后刷新页面。".into(),
                slots: Vec::new(),
                score: 0.9,
                tickets: 6,
                code: String::new(),
                evidence: Vec::new(),
            },
            AdvisedReply {
                id: ReplyId::from_hash(&[3; 32]),
                title: "重新提交配置".into(),
                text: STANDARD.into(),
                slots: slots(),
                score: 0.6,
                tickets: 4,
                code: "zs".into(),
                evidence: Vec::new(),
            },
        ],
        tickets: vec![ticket(0).row],
        causes: vec![suggested("证书下发超时", 0.66)],
        passages: vec![passage("证书")],
        analysing: None,
    }
}

fn queue(kind: Option<QueueKind>, filter: &TicketFilter) -> QueuePage {
    let kind = kind.unwrap_or(QueueKind::Suspect);
    let row = |number: usize| {
        let view = ticket(number);
        QueueRow {
            id: view.row.id,
            title: view.row.title,
            kind,
            reason_kind: "no_word_in_common".into(),
            reason_args: vec!["证书下发超时".into(), "「缓存」".into()],
            score: 0.9,
            product: view.row.product,
            issue_type: view.row.issue_type,
            causes: vec!["证书下发超时".into()],
            revision: Revision(0),
            proposed: (kind == QueueKind::Misfiled).then(|| Category {
                product: "CDN".into(),
                issue_type: "缓存刷新".into(),
            }),
            held_by: None,
        }
    };
    let mut rows = vec![row(1), row(9), row(18)];
    let tree = rows.iter().map(|row| TreeNode {
        product: row.product.clone(),
        issue_type: None,
        count: 1,
    });
    let tree = tree.collect();
    if let Some(category) = &filter.category {
        rows.retain(|row| category.holds(&row.product, &row.issue_type));
    }
    QueuePage {
        total: rows.len(),
        rows,
        tree,
    }
}

/// A change as the log shows it.
pub fn entry(key: &str, title: &str, before: Vec<String>, after: Vec<String>) -> LogEntry {
    LogEntry {
        sequence: Sequence(2),
        act: ActId(1),
        undoes: None,
        redo: false,
        at: Timestamp::UNIX_EPOCH,
        author: "小王".into(),
        uid: 1000,
        declared: false,
        host: "jump".into(),
        session: "s1".into(),
        key: key.to_owned(),
        what: "causes".into(),
        title: title.to_owned(),
        before,
        after,
        note: String::new(),
        accepted: true,
    }
}

/// An act that did these changes.
pub fn act(entries: Vec<LogEntry>) -> ActDone {
    ActDone {
        act: ActId(1),
        entries,
        unchanged: Vec::new(),
        conflicts: Vec::new(),
        moved_on: Vec::new(),
    }
}
