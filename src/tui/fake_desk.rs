//! A desk in memory with forty invented tickets, for tests of the screen.

mod replies;
mod tickets;

use crossbeam_channel::{Receiver, Sender, unbounded};
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::sync::Mutex;

use crate::api::{
    ActDone, AgreementRow, Answer, Attending, CauseChoice, CauseCount, CauseTag, Compose, Coverage,
    Data, DatasetRow, Desk, DeskError, Draft, DraftOf, Found, LogEntry, Offered, Page,
    ProductCauses, ProductCoverage, Push, QueueKind, QueuePage, QueueRow, RepliesThere, ReplyUse,
    ReplyView, Request, Row, SettingRow, Stats, TicketOrArticle, TicketRow, TicketView, ViewEdit,
    ViewRow, ask,
};
use crate::model::{
    ActId, Category, CauseState, JobId, ReplyId, Revision, Sequence, TicketFilter, TreeNode,
};

use replies::{advice, at_hand, slots, standard, suggested};
use tickets::{article, cause_id, found, passage, status, ticket, vocabulary};

pub use replies::{STANDARD, draft, finding};
pub use tickets::{TICKETS, ticket_id};

/// A desk that keeps everything in memory and every request it got.
pub struct FakeDesk {
    tickets: Mutex<Vec<TicketView>>,
    acts: Mutex<Vec<ActDone>>,
    /// What was asked.
    pub asked: Mutex<Vec<Request>>,
    listeners: Mutex<Vec<Sender<Push>>>,
    views: Mutex<Vec<ViewRow>>,
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
        last.ok_or_else(|| DeskError::NothingToUndo { moved_on: vec![] })
    }

    fn show(&self, id: &str) -> Result<Answer, DeskError> {
        if id.contains('.') {
            return Ok(Answer::Shown(TicketOrArticle::Article(Box::new(article()))));
        }
        let tickets = self.tickets.lock().unwrap();
        let ticket = tickets.iter().find(|t| t.row.id.as_str().starts_with(id));
        ticket
            .map(|ticket| Answer::Shown(TicketOrArticle::Ticket(Box::new(ticket.clone()))))
            .ok_or_else(|| DeskError::UnknownId { id: id.to_owned() })
    }
}

impl Desk for FakeDesk {
    fn call(&self, request: Request) -> Result<Answer, DeskError> {
        self.asked.lock().unwrap().push(request.clone());
        Ok(match request {
            Request::Status(ask::Status) => Answer::Status(status()),
            Request::Tree(ask::Tree { query, .. }) => Answer::Tree(self.tree(&query)),
            Request::List(ask::List {
                filter,
                offset,
                limit,
            }) => {
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
            Request::Search(ask::Search {
                query,
                filter,
                limit,
            }) => {
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
            Request::Similar(_) => {
                let rows = self.rows(&TicketFilter::default(), "证书");
                let total = rows.len();
                Answer::Found(Found {
                    rows: rows.into_iter().map(Row::Ticket).collect(),
                    total,
                    ..Default::default()
                })
            }
            Request::Rows(ask::Rows { ids }) => {
                let rows = self.rows(&TicketFilter::default(), "").into_iter();
                let rows: Vec<Row> = rows
                    .filter(|row| ids.contains(&row.id))
                    .map(Row::Ticket)
                    .collect();
                let total = rows.len();
                Answer::Page(Page { rows, total })
            }
            Request::Show(ask::Show { id }) => self.show(&id)?,
            Request::Vocabulary(ask::Vocabulary) => Answer::Vocabulary(vocabulary()),
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
            Request::Recategorise(order) => {
                let to = order.category.iter().map(ToString::to_string).collect();
                let mut done = entry("category/x", "", Vec::new(), to);
                done.what = "category".into();
                Answer::Done(act(vec![done]))
            }
            Request::Vote(vote) => {
                let mut done = entry("vote/x", "", Vec::new(), vec![format!("{:?}", vote.ballot)]);
                done.what = "vote".into();
                Answer::Done(act(vec![done]))
            }
            Request::MarkOutdated(ask::MarkOutdated { id, reason, .. }) => {
                let mut done = entry(&format!("outdated/{id}"), "", Vec::new(), vec![reason]);
                done.what = "outdated".into();
                Answer::Done(act(vec![done]))
            }
            Request::Lookalikes(_) => {
                let rows = self.rows(&TicketFilter::default(), "更换证书");
                let total = rows.len();
                let rows = rows.into_iter().map(Row::Ticket).collect();
                Answer::Page(Page { rows, total })
            }
            Request::Undo(_) => Answer::Done(self.undo()?),
            Request::Log(_) => {
                let acts = self.acts.lock().unwrap();
                Answer::Log(acts.iter().flat_map(|act| act.entries.clone()).collect())
            }
            Request::ResolveConflict(_) => Answer::Done(act(Vec::new())),
            Request::Conflicts(ask::Conflicts) => Answer::Conflicts(Vec::new()),
            Request::Compose(compose) => Answer::Draft(Box::new(self.compose(&compose)?)),
            Request::StandardReply(_) => Answer::StandardReply(Box::new(ReplyView {
                row: standard(),
                asked: None,
                found_in: Vec::new(),
                history: Vec::new(),
            })),
            Request::AtHand(_) => Answer::AtHand(vec![at_hand(true), at_hand(false)]),
            Request::RecordUse(_) => Answer::Done(act(Vec::new())),
            Request::Star(ask::Star { starred, .. }) => {
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
            Request::Datasets(ask::Datasets) => Answer::Datasets(vec![DatasetRow {
                name: "示例".into(),
                tickets: TICKETS,
                articles: 1,
                only_here: TICKETS,
            }]),
            Request::Settings(ask::Settings) => Answer::Settings(vec![SettingRow {
                name: "words".into(),
                value: "[\"对象存储\"]".into(),
                revision: Revision(3),
            }]),
            Request::Suggest(_) => Answer::Suggestions(vec![
                suggested("TTL 未过期", 0.82),
                suggested("证书下发超时", 0.4),
            ]),
            Request::Attend(_) => Answer::Attending(Some(Attending {
                session: "own".into(),
                held_by: None,
            })),
            Request::Present(ask::Present) => Answer::Present(Vec::new()),
            Request::Queue(ask::Queue { kind, filter, .. }) => Answer::Queue(queue(kind, &filter)),
            Request::Offers(_) => Answer::Offers(vec![Offered {
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
            Request::Advise(_) => Answer::Advice(Box::new(advice())),
            Request::Replies(_) => Answer::Replies(vec![standard()]),
            Request::Export(_) => Answer::Job(JobId(1)),
            Request::ReadData(_) => Answer::Data(Data {
                bytes: b"id\nabc".to_vec(),
                end: true,
            }),
            Request::EditVocabulary(edit) => {
                let mut done = entry("vocab/x", "", Vec::new(), vec![format!("{edit:?}")]);
                done.what = "vocabulary".into();
                Answer::Done(act(vec![done]))
            }
            Request::Views(ask::Views) => Answer::Views(self.views.lock().unwrap().clone()),
            Request::EditView(edit) => {
                self.edit_view(&edit);
                let mut done = entry("view/x", "", Vec::new(), vec![edit.name().name.clone()]);
                done.what = "view".into();
                Answer::Done(act(vec![done]))
            }
            Request::SetSetting(ask::SetSetting { setting, .. }) => {
                let key = format!("settings/{}", setting.name());
                Answer::Done(act(vec![entry(&key, "", Vec::new(), Vec::new())]))
            }
            Request::RemoveDataset(ask::RemoveDataset { name }) => {
                let key = format!("dataset/{name}");
                Answer::Done(act(vec![entry(&key, "", Vec::new(), Vec::new())]))
            }
            Request::Stats(ask::Stats) => Answer::Stats(Box::new(self.stats())),
            _ => return Err(DeskError::bug("not faked")),
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
            DraftOf::Turn { id, turn, .. } => {
                let Answer::Shown(TicketOrArticle::Ticket(ticket)) = self.show(id)? else {
                    return Err(DeskError::NoReply {
                        id: id.clone(),
                        has: RepliesThere::Turns(0),
                    });
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
