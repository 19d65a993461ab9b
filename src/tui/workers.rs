//! Workers: threads that wait for the desk so that the screen does not.
//!
//! Newest wins for questions; never for orders.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded, unbounded};

use super::Copier;
use super::memory::Memory;
use super::msg::{Answered, Ask, Copied, CopyWhat, Lane, Msg, SaveFile, Saved};
use super::saving;
use crate::api::Readiness;
use crate::api::{Answer, Desk, DeskError, Request, ask};

/// How long the end of the program waits for orders given before it.
const ORDERS_PATIENCE: Duration = Duration::from_secs(5);

/// How long nothing is typed before a query's rows are ranked once more, by what it means.
const REST: Duration = Duration::from_millis(120);

/// The threads that ask the desk.
pub struct Workers {
    lanes: Vec<(Lane, Sender<Ask>)>,
    copies: Sender<CopyWhat>,
    saves: Sender<SaveFile>,
    filled: Sender<BTreeMap<String, String>>,
    /// Closed when the last order was carried out.
    ordered: Receiver<()>,
}

impl Workers {
    /// Starts one thread a lane, one that copies, and one that hands on what the desk tells.
    ///
    /// What is filled in is remembered in the file `memory`, if any.
    pub fn start(
        desk: &Arc<dyn Desk>,
        copier: Copier,
        memory: Option<PathBuf>,
        out: &Sender<Msg>,
    ) -> Self {
        let (at_work, ordered) = bounded::<()>(0);
        let lanes = Lane::ALL
            .into_iter()
            .map(|lane| {
                let (sender, questions) = unbounded();
                let (desk, out) = (Arc::clone(desk), out.clone());
                let at_work = matches!(lane, Lane::Orders | Lane::Uses).then(|| at_work.clone());
                thread::spawn(move || {
                    work(lane, desk.as_ref(), &questions, &out);
                    drop(at_work);
                });
                (lane, sender)
            })
            .collect();
        let (copies, wanted) = unbounded();
        let (copy_desk, copy_out) = (Arc::clone(desk), out.clone());
        thread::spawn(move || copy_all(copy_desk.as_ref(), copier, &wanted, &copy_out));
        let (saves, files) = unbounded();
        let (save_desk, save_out) = (Arc::clone(desk), out.clone());
        thread::spawn(move || save_all(save_desk.as_ref(), &files, &save_out));
        let (filled, values) = unbounded();
        let remembering = at_work.clone();
        thread::spawn(move || {
            remember(memory.as_deref(), &values);
            drop(remembering);
        });
        let (pushes, push_out) = (desk.subscribe(), out.clone());
        thread::spawn(move || {
            for push in pushes {
                if push_out.send(Msg::Pushed(push)).is_err() {
                    return;
                }
            }
        });
        Self {
            lanes,
            copies,
            saves,
            filled,
            ordered,
        }
    }

    /// Waits until the orders given so far were carried out: an agent who saves and quits in one
    /// breath has saved.
    pub fn finish(self) {
        drop(self.lanes);
        drop(self.filled);
        // It only ever closes; and a desk that is gone must not keep the program.
        let _ = self.ordered.recv_timeout(ORDERS_PATIENCE);
    }

    /// Hands a question or order to its worker.
    pub fn ask(&self, ask: Ask) {
        let lane = ask.topic.lane();
        if let Some((_, sender)) = self.lanes.iter().find(|(l, _)| *l == lane) {
            // A worker only ends with the program.
            let _ = sender.send(ask);
        }
    }

    /// Hands a file to its worker.
    pub fn save(&self, order: SaveFile) {
        let _ = self.saves.send(order);
    }

    /// Hands what was filled in to its worker.
    pub fn remember(&self, values: BTreeMap<String, String>) {
        let _ = self.filled.send(values);
    }

    /// Hands a copy to its worker.
    pub fn copy(&self, what: CopyWhat) {
        let _ = self.copies.send(what);
    }
}

fn work(lane: Lane, desk: &dyn Desk, questions: &Receiver<Ask>, out: &Sender<Msg>) {
    let mut held: Option<Ask> = None;
    while let Some(first) = held.take().or_else(|| questions.recv().ok()) {
        let ask = if lane.newest_wins() {
            // The user has moved past the others.
            questions.try_iter().last().unwrap_or(first)
        } else {
            first
        };
        let (ask, next) = gathered(ask, questions);
        held = next;
        let again = meant(&ask.request);
        let begun = Instant::now();
        let result = call(desk, ask.request);
        let reranks = matches!(&result, Ok(Answer::Found(found)) if found.reranks);
        let (topic, generation) = (ask.topic.clone(), ask.generation);
        let answered = Answered {
            topic: ask.topic,
            generation: ask.generation,
            result,
            took: begun.elapsed(),
        };
        if out.send(Msg::Answered(answered)).is_err() {
            return;
        }
        let Some(request) = again.filter(|_| reranks && held.is_none()) else {
            continue;
        };
        match questions.recv_timeout(REST) {
            Ok(next) => held = Some(next),
            Err(RecvTimeoutError::Disconnected) => return,
            Err(RecvTimeoutError::Timeout) => {
                let begun = Instant::now();
                let result = call(desk, request);
                // The rows that are there stay where they cannot be ranked again.
                if result.is_err() {
                    continue;
                }
                let took = begun.elapsed();
                let answered = Answered {
                    topic,
                    generation,
                    result,
                    took,
                };
                if out.send(Msg::Answered(answered)).is_err() {
                    return;
                }
            }
        }
    }
}

/// The question that ranks a query's rows by what it means, too.
fn meant(request: &Request) -> Option<Request> {
    match request {
        Request::Search(search) => Some(Request::SearchNear(ask::SearchNear {
            query: search.query.clone(),
            filter: search.filter.clone(),
            limit: search.limit,
        })),
        _ => None,
    }
}

/// Copies that wait to be counted are counted as one act; what else waits behind them comes next.
fn gathered(mut ask: Ask, questions: &Receiver<Ask>) -> (Ask, Option<Ask>) {
    while let Request::RecordUse(ask::RecordUse { uses }) = &mut ask.request {
        match questions.try_recv() {
            Ok(next) => match next.request {
                Request::RecordUse(ask::RecordUse { uses: more }) => uses.extend(more),
                _ => return (ask, Some(next)),
            },
            Err(_) => break,
        }
    }
    (ask, None)
}

/// Asks the desk; a panic in it is an answer like any other failure.
fn call(desk: &dyn Desk, request: Request) -> Result<Answer, DeskError> {
    catch_unwind(AssertUnwindSafe(|| desk.call(request))).unwrap_or_else(|panic| {
        let detail = panic
            .downcast_ref::<String>()
            .cloned()
            .or_else(|| panic.downcast_ref::<&str>().map(|s| (*s).to_owned()))
            .unwrap_or_default();
        Err(DeskError::bug(detail))
    })
}

fn save_all(desk: &dyn Desk, files: &Receiver<SaveFile>, out: &Sender<Msg>) {
    for order in files {
        let form = order.form;
        let saved = catch_unwind(AssertUnwindSafe(|| saving::save(desk, order)))
            .unwrap_or_else(|_| Saved::Refused(DeskError::bug("")));
        if out.send(Msg::Saved(form, saved)).is_err() {
            return;
        }
    }
}

/// Nobody is told when it fails: what is not remembered is typed again.
fn remember(file: Option<&Path>, filled: &Receiver<BTreeMap<String, String>>) {
    for values in filled {
        if let Some(file) = file {
            let _ = Memory::add_to(file, &values);
        }
    }
}

fn copy_all(desk: &dyn Desk, mut copier: Copier, wanted: &Receiver<CopyWhat>, out: &Sender<Msg>) {
    for what in wanted {
        let form = what.form;
        let copied = copy(desk, &mut copier, what);
        if out.send(Msg::Copied(form, copied)).is_err() {
            return;
        }
    }
}

fn copy(desk: &dyn Desk, copier: &mut Copier, what: CopyWhat) -> Copied {
    let CopyWhat {
        compose, anyway, ..
    } = what;
    let draft = match call(desk, Request::Compose(compose.clone())) {
        Ok(Answer::Draft(draft)) => draft,
        Ok(_) => return Copied::Refused(DeskError::bug("")),
        Err(error) => return Copied::Refused(error),
    };
    let overridden = match draft.readiness(anyway) {
        Readiness::Unfilled => return Copied::Blanks { compose, draft },
        Readiness::Guarded => return Copied::Guarded { compose, draft },
        Readiness::Ready { overridden } => overridden,
    };
    // The sequence is written by the loop, between two frames.
    let mut sequence = Vec::new();
    let outcome = copier
        .clipboard
        .copy(copier.method, &draft.text, &mut sequence);
    Copied::Done {
        outcome,
        draft,
        sequence,
        overridden,
        values: compose.values,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::{Found, Push, Used};
    use crate::model::{Generation, ReplyId, TicketFilter};
    use crate::tui::fake_desk::FakeDesk;
    use crate::tui::msg::{ChangeKind, Topic};

    fn ask(topic: Topic, generation: u64) -> Ask {
        Ask {
            topic,
            generation: Generation(generation),
            request: Request::Status(ask::Status),
        }
    }

    fn answered(topics: &[Topic], lane: Lane) -> Vec<u64> {
        let (questions, waiting) = unbounded();
        let (out, answers) = unbounded();
        for (n, topic) in topics.iter().enumerate() {
            questions.send(ask(topic.clone(), n as u64)).unwrap();
        }
        drop(questions);
        work(lane, &FakeDesk::new(), &waiting, &out);
        drop(out);
        answers
            .into_iter()
            .filter_map(|msg| match msg {
                Msg::Answered(answered) => Some(answered.generation.0),
                _ => None,
            })
            .collect()
    }

    #[test]
    fn of_waiting_questions_only_the_newest_is_asked() {
        assert_eq!(
            answered(&[Topic::Tree, Topic::Tree, Topic::Tree], Lane::Tree),
            [2]
        );
    }

    /// A desk with a model: it says so, and tells which question it was asked.
    struct WithModel;

    impl Desk for WithModel {
        fn call(&self, request: Request) -> Result<Answer, DeskError> {
            Ok(Answer::Found(Found {
                reranks: matches!(request, Request::Search(_)),
                ..Found::default()
            }))
        }

        fn subscribe(&self) -> Receiver<Push> {
            crossbeam_channel::never()
        }
    }

    fn search(text: &str, generation: u64) -> Ask {
        let request = Request::Search(ask::Search {
            query: text.to_owned(),
            filter: TicketFilter::default(),
            limit: 10,
        });
        Ask {
            request,
            ..ask(Topic::Rows { offset: 0 }, generation)
        }
    }

    #[test]
    fn rows_are_ranked_once_more_when_nothing_more_is_typed() {
        let (questions, waiting) = unbounded();
        let (out, answers) = unbounded();
        let worker = thread::spawn(move || work(Lane::Rows, &WithModel, &waiting, &out));
        questions.send(search("跨域", 1)).unwrap();
        let next = || match answers.recv_timeout(Duration::from_secs(30)) {
            Ok(Msg::Answered(answered)) => match answered.result {
                Ok(Answer::Found(found)) => (answered.generation.0, found.reranks),
                other => panic!("rows, not {other:?}"),
            },
            other => panic!("an answer, not {other:?}"),
        };
        assert_eq!((next(), next()), ((1, true), (1, false)));
        questions.send(search("跨域 报错", 2)).unwrap();
        assert_eq!((next(), next()), ((2, true), (2, false)));
        drop(questions);
        worker.join().unwrap();
    }

    #[test]
    fn copies_that_wait_are_counted_as_one_act_and_none_is_lost() {
        let (questions, waiting) = unbounded();
        let (out, answers) = unbounded();
        let used = |n: u8| Used {
            reply: ReplyId::from_hash(&[n; 32]),
            count: 1,
            overridden: Vec::new(),
            turn: None,
        };
        let count = |n| {
            Request::RecordUse(ask::RecordUse {
                uses: vec![used(n)],
            })
        };
        let at_hand = Request::AtHand(ask::AtHand { ticket: None });
        for request in [count(1), count(2), at_hand.clone(), count(3)] {
            let generation = Generation(0);
            let topic = Topic::Used;
            questions
                .send(Ask {
                    topic,
                    generation,
                    request,
                })
                .unwrap();
        }
        drop(questions);
        let desk = FakeDesk::new();
        work(Lane::Uses, &desk, &waiting, &out);
        drop(out);
        assert_eq!(answers.len(), 3);
        let asked = desk.asked.lock().unwrap();
        let both = vec![used(1), used(2)];
        assert_eq!(
            *asked,
            [
                Request::RecordUse(ask::RecordUse { uses: both }),
                at_hand,
                count(3)
            ]
        );
    }

    #[test]
    fn no_order_is_ever_skipped() {
        let topics = vec![Topic::Act(ChangeKind::Annotate); 5];
        assert_eq!(answered(&topics, Lane::Orders), [0, 1, 2, 3, 4]);
    }
}
