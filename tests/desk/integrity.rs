//! Index and store agree, whatever happens to either: imports, corrections, undos, crashes, and an
//! index that is damaged, gone, or older than the store.
//!
//! `GONGDAN_INTEGRITY_CASES=200 cargo test --locked integrity::` tries many times more.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use gongdan::api::{
    Annotate, Answer, Desk, ErrorCode, IndexWork, Recategorise, Request, Target, TicketView,
    UndoScope, ask,
};
use gongdan::desk::LocalDesk;
use gongdan::model::{Category, CauseState, Setting, TicketFilter, TicketId};
use proptest::prelude::*;
use tempfile::TempDir;

use super::{all, identity, import, new_cause, show};

/// What customers and agents say; no one holds another.
const WORDS: [&str; 8] = [
    "证书过期",
    "余额提现",
    "安全组",
    "回源超时",
    "qshell",
    "612",
    "cdn.example.com",
    "一直在排队",
];
const CAUSES: [&str; 3] = ["防火墙拦截", "额度用尽", "需要根据具体情况分析"];
const PRODUCTS: [&str; 3] = ["加速产品", "存储产品", "主机产品"];
const DATASETS: [&str; 2] = ["甲集", "乙集"];
const STATES: [CauseState; 4] = [
    CauseState::None,
    CauseState::Placeholder,
    CauseState::Given,
    CauseState::Confirmed,
];

/// Words of a ticket's question and of its reply, its cause and product.
type Made = (u8, Vec<usize>, Vec<usize>, usize, usize);

#[derive(Debug, Clone)]
enum Step {
    /// Tickets of a dataset; those with a number it had before are updated.
    Import(usize, Vec<Made>),
    Remove(usize),
    Annotate(usize, usize),
    Recategorise(usize, usize),
    Undo,
    /// Team words change: the index is built anew behind the scenes.
    Words(bool),
    /// Searches while the index is at work: it must answer, with what it has.
    Ask(usize),
    /// The process ends well, and another begins.
    Reopen,
    /// The process is killed: what is on the disk is all there is.
    Crash,
    /// One of the index's files is harmed in one of several ways while nobody has it open.
    Harm(usize, usize),
    /// The index is thrown away.
    Lose,
    /// The index is set aside, to come back later.
    Keep,
    /// The index set aside comes back: it is older than the store.
    Restore,
}

fn step() -> impl Strategy<Value = Step> {
    let words = || prop::collection::vec(0..WORDS.len(), 0..3);
    let made = (
        0..6_u8,
        words(),
        words(),
        0..CAUSES.len(),
        0..PRODUCTS.len(),
    );
    prop_oneof![
        4 => (0..DATASETS.len(), prop::collection::vec(made, 1..6)).prop_map(|(d, m)| Step::Import(d, m)),
        1 => (0..DATASETS.len()).prop_map(Step::Remove),
        3 => (any::<usize>(), 0..2_usize).prop_map(|(t, c)| Step::Annotate(t, c)),
        2 => (any::<usize>(), 0..PRODUCTS.len()).prop_map(|(t, p)| Step::Recategorise(t, p)),
        2 => Just(Step::Undo),
        1 => any::<bool>().prop_map(Step::Words),
        2 => (0..WORDS.len()).prop_map(Step::Ask),
        1 => Just(Step::Reopen),
        2 => Just(Step::Crash),
        1 => (any::<usize>(), 0..HARMS.len()).prop_map(|(f, h)| Step::Harm(f, h)),
        1 => Just(Step::Lose),
        1 => Just(Step::Keep),
        1 => Just(Step::Restore),
    ]
}

/// What becomes of a file's bytes; `None` = the file is gone.
type Harm = fn(Vec<u8>) -> Option<Vec<u8>>;

const HARMS: [Harm; 4] = [
    |mut bytes| {
        bytes.truncate(bytes.len() / 2);
        Some(bytes)
    },
    |mut bytes| {
        let middle = bytes.len() / 2;
        if let Some(byte) = bytes.get_mut(middle) {
            *byte ^= 1;
        }
        Some(bytes)
    },
    |bytes| Some(vec![0x5a; bytes.len()]),
    |_| None,
];

/// A desk with all it stands on.
struct World {
    dir: TempDir,
    desk: Option<LocalDesk>,
    kept: Option<TempDir>,
    session: usize,
}

impl World {
    fn new() -> Self {
        let mut world = Self {
            dir: tempfile::tempdir().unwrap(),
            desk: None,
            kept: None,
            session: 0,
        };
        world.open();
        world
    }

    fn open(&mut self) {
        self.session += 1;
        let identity = identity("林", &self.session.to_string());
        self.desk = Some(LocalDesk::open(self.dir.path(), identity).unwrap());
    }

    fn close(&mut self) {
        self.desk = None;
    }

    fn desk(&self) -> &LocalDesk {
        self.desk.as_ref().unwrap()
    }

    fn index(&self) -> PathBuf {
        self.dir.path().join("index")
    }

    /// The ticket of a number, if there are any.
    fn target(&self, nth: usize) -> Option<Vec<Target>> {
        let rows = all(self.desk());
        let row = (!rows.is_empty()).then(|| &rows[nth % rows.len()])?;
        Some(vec![Target {
            id: row.id.to_string(),
            base_rev: None,
        }])
    }

    fn take(&mut self, step: Step) {
        match step {
            Step::Import(dataset, made) => {
                let name = DATASETS[dataset];
                import(self.desk(), name, "a.md", &document(name, &made));
            }
            Step::Remove(dataset) => {
                let name = DATASETS[dataset].to_owned();
                let removed = self
                    .desk()
                    .call(Request::RemoveDataset(ask::RemoveDataset { name }));
                done_or(removed, ErrorCode::UnknownDataset);
            }
            Step::Annotate(nth, cause) => {
                if let Some(targets) = self.target(nth) {
                    let annotate = Annotate {
                        targets,
                        causes: vec![new_cause(CAUSES[cause])],
                        note: String::new(),
                    };
                    self.desk().call(Request::Annotate(annotate)).unwrap();
                }
            }
            Step::Recategorise(nth, product) => {
                if let Some(targets) = self.target(nth) {
                    let change = Recategorise {
                        targets,
                        category: Some(Category {
                            product: PRODUCTS[product].to_owned(),
                            issue_type: "咨询".to_owned(),
                        }),
                        note: String::new(),
                    };
                    self.desk().call(Request::Recategorise(change)).unwrap();
                }
            }
            Step::Undo => {
                let undone = self.desk().call(Request::Undo(ask::Undo {
                    scope: UndoScope::Author,
                }));
                done_or(undone, ErrorCode::NothingToUndo);
            }
            Step::Words(some) => {
                let value = if some { "[\"余额提现\"]" } else { "[]" };
                let set = Request::SetSetting(ask::SetSetting {
                    base_rev: None,
                    setting: Setting::Words,
                    value: Some(value.to_owned()),
                });
                self.desk().call(set).unwrap();
            }
            Step::Ask(word) => {
                search(self.desk(), WORDS[word]);
            }
            Step::Reopen => {
                self.close();
                self.open();
            }
            Step::Crash => {
                let left = tempfile::tempdir().unwrap();
                copy(self.dir.path(), left.path());
                self.close();
                self.dir = left;
                self.open();
            }
            Step::Harm(file, harm) => {
                self.close();
                harm_one(&self.index(), file, HARMS[harm]);
                self.open();
            }
            Step::Lose => {
                self.close();
                lose(&self.index());
                self.open();
            }
            Step::Keep => {
                self.close();
                let kept = tempfile::tempdir().unwrap();
                copy(&self.index(), kept.path());
                self.kept = Some(kept);
                self.open();
            }
            Step::Restore => {
                if let Some(kept) = self.kept.take() {
                    self.close();
                    lose(&self.index());
                    copy(kept.path(), &self.index());
                    self.open();
                }
            }
        }
    }

    /// Everything the index says against a plain scan of the store.
    fn check(&self) {
        let desk = self.desk();
        desk.call(Request::CatchUp(ask::CatchUp)).unwrap();
        let tickets: Vec<TicketView> = all(desk)
            .iter()
            .map(|row| show(desk, row.id.as_str()))
            .collect();
        for word in WORDS {
            agree(desk, &format!("\"{word}\""), &tickets, |ticket| {
                text(ticket).contains(word)
            });
        }
        for product in PRODUCTS {
            agree(desk, &format!("类:{product}"), &tickets, |ticket| {
                ticket.row.product == product
            });
        }
        for state in STATES {
            agree(desk, &format!("态:{}", state.name()), &tickets, |ticket| {
                ticket.row.cause_state == state
            });
        }
        for dataset in DATASETS {
            agree(desk, &format!("集:{dataset}"), &tickets, |ticket| {
                ticket.row.datasets.iter().any(|name| name == dataset)
            });
        }
        for cause in &CAUSES[..2] {
            agree(desk, &format!("因:{cause}"), &tickets, |ticket| {
                ticket.row.cause_state != CauseState::Placeholder
                    && ticket.row.causes.iter().any(|tag| tag.name == *cause)
            });
        }
    }
}

/// Removes an index. A merge that was under way when its desk closed is not waited for, and writes
/// on for a moment.
fn lose(index: &Path) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while index.exists() {
        let removed = fs::remove_dir_all(index);
        assert!(Instant::now() < deadline, "{removed:?}");
    }
}

fn done_or(answer: Result<Answer, gongdan::api::DeskError>, code: ErrorCode) {
    if let Err(error) = answer {
        assert_eq!(error.code(), code, "{error}");
    }
}

/// A query finds as asked exactly what holds. Where nothing does, a fact nobody has is not
/// understood and stands for its words.
fn agree(
    desk: &LocalDesk,
    query: &str,
    tickets: &[TicketView],
    holds: impl Fn(&TicketView) -> bool,
) {
    let holding = tickets.iter().filter(|ticket| holds(ticket));
    let expected: BTreeSet<TicketId> = holding.map(|ticket| ticket.row.id).collect();
    let (found, understood) = answer(desk, query);
    if understood || !expected.is_empty() {
        assert_eq!(found, expected, "{query}");
    }
}

/// The tickets that match as asked.
fn search(desk: &LocalDesk, query: &str) -> BTreeSet<TicketId> {
    answer(desk, query).0
}

/// The tickets that match as asked, and whether all of the query was understood.
fn answer(desk: &LocalDesk, query: &str) -> (BTreeSet<TicketId>, bool) {
    let request = Request::Search(ask::Search {
        query: query.to_owned(),
        filter: TicketFilter::default(),
        limit: 200,
    });
    let Answer::Found(found) = desk.call(request).unwrap() else {
        panic!("an answer to {query}");
    };
    let rows = super::rows(found.rows).into_iter();
    let as_asked = rows.filter(|row| row.relaxed.is_none());
    (as_asked.map(|row| row.id).collect(), found.notes.is_empty())
}

/// All that is said in a ticket.
fn text(ticket: &TicketView) -> String {
    let mut text = format!("{}\n{}", ticket.row.title, ticket.question);
    for turn in &ticket.dialogue {
        write!(text, "\n{}", turn.text).unwrap();
    }
    text
}

fn document(dataset: &str, made: &[Made]) -> String {
    let mut text = String::from("# 工单\n");
    for (number, asked, told, cause, product) in made {
        let say = |words: &[usize]| {
            let words = words.iter().map(|word| WORDS[*word]);
            words.collect::<Vec<_>>().join("，")
        };
        write!(
            text,
            "\n---\n\n## {dataset}的第{number}件\n\n**问题分类**: {}｜咨询\n\n\
             ### 详细问题描述\n第{number}次来问：{}\n\n\
             ### 客服解答内容\n1. 请稍等，这边看下\n2. 请按第{number}号办法处理{}\n\n\
             ### 根本原因分析\n{}\n",
            PRODUCTS[*product],
            say(asked),
            say(told),
            CAUSES[*cause],
        )
        .unwrap();
    }
    text
}

/// Copies a folder with all below it.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().flatten() {
        let path = entry.path();
        // What a running process takes away meanwhile was not there when it was killed.
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => copy(&path, &to.join(entry.file_name())),
            Ok(kind) if kind.is_file() => drop(fs::copy(&path, to.join(entry.file_name()))),
            Ok(_) | Err(_) => {}
        }
    }
}

/// Harms one of the files below a folder.
fn harm_one(dir: &Path, nth: usize, harm: Harm) {
    let mut files = Vec::new();
    let mut folders = vec![dir.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.push(path);
            }
        }
    }
    files.sort();
    if let Some(file) = (!files.is_empty()).then(|| &files[nth % files.len()]) {
        match harm(fs::read(file).unwrap()) {
            Some(bytes) => fs::write(file, bytes).unwrap(),
            None => fs::remove_file(file).unwrap(),
        }
    }
}

fn cases() -> u32 {
    let cases = std::env::var("GONGDAN_INTEGRITY_CASES").ok();
    cases.and_then(|n| n.parse().ok()).unwrap_or(6)
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 60, ..ProptestConfig::with_cases(cases()) })]

    #[test]
    fn search_finds_what_a_plain_scan_of_the_store_does(
        steps in prop::collection::vec(step(), 4..16),
    ) {
        let mut world = World::new();
        for step in steps {
            world.take(step);
        }
        world.check();
        // And the next process finds the same.
        world.take(Step::Reopen);
        world.check();
    }
}

#[test]
fn while_a_lost_index_is_built_anew_browsing_serves_and_its_progress_is_told() {
    let mut world = World::new();
    let made: Vec<Made> = (0..250)
        .map(|n| (n, vec![n as usize % 8], vec![], 0, 0))
        .collect();
    for name in ["甲集", "乙集", "丙集", "丁集"] {
        import(world.desk(), name, "a.md", &document(name, &made));
    }
    world.desk().call(Request::CatchUp(ask::CatchUp)).unwrap();
    world.close();
    lose(&world.index());
    world.open();
    let desk = world.desk();
    let heard = desk.subscribe();
    let page = super::list(desk, TicketFilter::default());
    assert_eq!(page.total, 1_000, "browsing does not wait for the index");
    let Answer::Found(found) = desk
        .call(Request::Search(ask::Search {
            query: "安全组".to_owned(),
            filter: TicketFilter::default(),
            limit: 10,
        }))
        .unwrap()
    else {
        panic!("an answer");
    };
    let told = found.indexing.is_some() && found.index_work == Some(IndexWork::Reindex);
    let complete = found.total == 4 * 31;
    assert!(told || complete, "{:?} {}", found.indexing, found.total);
    desk.call(Request::CatchUp(ask::CatchUp)).unwrap();
    let progress = heard.try_iter().filter_map(|push| match push {
        gongdan::api::Push::Progress(p) if p.what == IndexWork::Reindex.name() => Some(p.done),
        _ => None,
    });
    assert!(progress.max().is_some(), "its progress is told");
    assert_eq!(search(desk, "\"安全组\"").len(), 4 * 31);
}
