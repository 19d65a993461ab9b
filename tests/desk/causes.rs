//! Second opinions, look-alikes at once, and the figures about them.

use gongdan::api::{
    ActDone, Answer, BadCause, BadVote, Ballot, CastVote, CauseChoice, Desk, DeskError, Page,
    QueueKind, Request, Stats, Target, UndoScope, ask,
};
use gongdan::model::{CauseState, Revision, TicketFilter};

use super::answering::document;
use super::{
    Bench, all, annotate, cause_names, done, import, known, new_cause, rows, show, titled,
};

fn ready(desk: &dyn Desk) {
    import(desk, "team", "a.md", &document());
    analysed(desk);
}

fn analysed(desk: &dyn Desk) {
    desk.call(Request::CatchUp(ask::CatchUp)).unwrap();
    desk.call(Request::Analyse(ask::Analyse)).unwrap();
}

pub fn a_placeholder_is_no_cause(bench: &Bench) {
    let desk = bench.first.as_ref();
    ready(desk);
    let id = titled(desk, "子账号").id;
    let refused = |name: &str| {
        let error = annotate(desk, &[id.as_str()], None, &[new_cause(name)]).unwrap_err();
        match error {
            DeskError::BadCause { why, .. } => why,
            other => panic!("{name}: {other}"),
        }
    };
    assert_eq!(refused("需要根据具体情况分析"), BadCause::Placeholder);
    assert_eq!(refused(&"长".repeat(5_000)), BadCause::TooLong);
    assert_eq!(titled(desk, "子账号").cause_state, CauseState::Placeholder);
}

pub fn the_log_says_what_was_and_is(bench: &Bench) {
    let desk = bench.first.as_ref();
    ready(desk);
    let id = titled(desk, "子账号").id.to_string();
    let category = gongdan::api::Recategorise {
        targets: vec![Target {
            id: id.clone(),
            base_rev: None,
        }],
        category: gongdan::model::Category::parse("CDN｜证书问题"),
        note: String::new(),
    };
    done(desk.call(Request::Recategorise(category))).unwrap();
    annotate(desk, &[&id], None, &[new_cause("未授予登录权限")]).unwrap();
    done(desk.call(Request::Undo(ask::Undo {
        scope: UndoScope::Session,
    })))
    .unwrap();
    let history = show(desk, &id).history;
    assert_eq!(
        history[0].after,
        ["需要根据具体情况进一步分析"],
        "as it was given"
    );
    assert_eq!(history[1].before, history[0].after);
    assert_eq!(history[2].before, ["账户与财务｜账户问题"]);
    done(desk.call(Request::Redo(ask::Redo {
        scope: UndoScope::Session,
    })))
    .unwrap();
    let history = show(desk, &id).history;
    assert!(history[0].redo && !history[0].undo);
    assert!(history[1].undo && !history[1].redo);
}

fn vote(desk: &dyn Desk, id: &str, ballot: Ballot) -> Result<ActDone, DeskError> {
    done(desk.call(Request::Vote(CastVote {
        ids: vec![id.to_owned()],
        ballot,
        note: String::new(),
    })))
}

fn differ(causes: &[CauseChoice]) -> Ballot {
    Ballot::Differ(causes.to_vec())
}

fn disputed(desk: &dyn Desk) -> Vec<(String, Vec<String>)> {
    let request = Request::Queue(ask::Queue {
        kind: Some(QueueKind::Disputed),
        filter: TicketFilter::default(),
        limit: 10,
    });
    match desk.call(request).unwrap() {
        Answer::Queue(page) => page
            .rows
            .into_iter()
            .map(|row| (row.id.to_string(), row.reason_args))
            .collect(),
        other => panic!("{other:?}"),
    }
}

fn stats(desk: &dyn Desk) -> Stats {
    match desk.call(Request::Stats(ask::Stats)).unwrap() {
        Answer::Stats(stats) => *stats,
        other => panic!("{other:?}"),
    }
}

fn lookalikes(desk: &dyn Desk, id: &str) -> Page {
    let request = Request::Lookalikes(ask::Lookalikes {
        id: id.to_owned(),
        limit: 100,
    });
    match desk.call(request).unwrap() {
        Answer::Page(page) => page,
        other => panic!("{other:?}"),
    }
}

fn votes(desk: &dyn Desk, id: &str) -> Vec<(String, String, Vec<String>, bool)> {
    let votes = show(desk, id).votes.into_iter();
    votes
        .map(|vote| (vote.author, vote.stance, vote.causes, vote.settled))
        .collect()
}

fn said(
    who: &str,
    stance: &str,
    causes: &[&str],
    settled: bool,
) -> (String, String, Vec<String>, bool) {
    let causes = causes.iter().map(|&cause| cause.to_owned()).collect();
    (who.to_owned(), stance.to_owned(), causes, settled)
}

pub fn a_second_opinion_is_kept(bench: &Bench) {
    let (lin, zhou) = (bench.first.as_ref(), bench.second.as_ref());
    ready(lin);
    let id = titled(lin, "想要注销账号").id.to_string();
    annotate(lin, &[&id], None, &[new_cause("账号注销咨询")]).unwrap();
    // The same causes from a colleague are an opinion, not another decision.
    annotate(zhou, &[&id], None, &[known("账号注销咨询")]).unwrap();
    let view = show(lin, &id);
    assert_eq!(
        (view.row.causes[0].by.as_str(), view.row.revision),
        ("林", Revision(1))
    );
    assert_eq!(
        votes(lin, &id),
        [said("周", "agree", &["账号注销咨询"], false)]
    );
    assert!(!view.row.disputed);
    assert_eq!(view.history[0].what, "vote");
    assert_eq!(view.history[0].after, ["agree"]);
    vote(zhou, &id, differ(&[new_cause("实名信息有误")])).unwrap();
    assert!(show(lin, &id).row.disputed);
    let told = ["林", "账号注销咨询", "周", "实名信息有误"].map(str::to_owned);
    assert_eq!(disputed(lin), [(id.clone(), told.to_vec())]);
    // An import of the same leaves it as it is.
    import(lin, "team", "a.md", &document());
    assert!(titled(lin, "想要注销账号").disputed);
    assert_eq!(votes(lin, &id).len(), 1);
    // A decision over a colleague's keeps that beside it too.
    let other = titled(lin, "申请注销账号").id.to_string();
    annotate(lin, &[&other], None, &[known("账号注销咨询")]).unwrap();
    annotate(zhou, &[&other], None, &[known("实名信息有误")]).unwrap();
    assert_eq!(
        votes(lin, &other),
        [said("林", "differ", &["账号注销咨询"], false)]
    );
    assert!(titled(lin, "申请注销账号").disputed);
    done(zhou.call(Request::Undo(ask::Undo {
        scope: UndoScope::Session,
    })))
    .unwrap();
    let view = show(lin, &other);
    assert_eq!(
        view.row.causes[0].by, "林",
        "the first decision stands again"
    );
    assert!(!view.row.disputed && view.votes.is_empty());
}

pub fn a_new_decision_settles_a_dispute(bench: &Bench) {
    let (lin, zhou) = (bench.first.as_ref(), bench.second.as_ref());
    ready(lin);
    let id = titled(lin, "想要注销账号").id.to_string();
    annotate(lin, &[&id], None, &[new_cause("账号注销咨询")]).unwrap();
    vote(zhou, &id, differ(&[])).unwrap();
    let told = ["林", "账号注销咨询", "周", ""].map(str::to_owned);
    assert_eq!(disputed(lin), [(id.clone(), told.to_vec())]);
    // Deciding the same again, knowing that they differ.
    annotate(lin, &[&id], None, &[known("账号注销咨询")]).unwrap();
    assert!(disputed(lin).is_empty());
    assert_eq!(votes(lin, &id), [said("周", "differ", &[], true)]);
    vote(zhou, &id, differ(&[])).unwrap();
    assert_eq!(disputed(lin).len(), 1, "said again, it is open again");
}

pub fn an_opinion_is_taken_back(bench: &Bench) {
    let (lin, zhou) = (bench.first.as_ref(), bench.second.as_ref());
    ready(lin);
    let id = titled(lin, "想要注销账号").id.to_string();
    annotate(lin, &[&id], None, &[new_cause("账号注销咨询")]).unwrap();
    vote(zhou, &id, Ballot::Agree).unwrap();
    assert_eq!(vote(zhou, &id, Ballot::Agree).unwrap().unchanged.len(), 1);
    vote(zhou, &id, differ(&[])).unwrap();
    assert!(show(lin, &id).row.disputed);
    done(zhou.call(Request::Undo(ask::Undo {
        scope: UndoScope::Session,
    })))
    .unwrap();
    assert_eq!(
        votes(lin, &id),
        [said("周", "agree", &["账号注销咨询"], false)]
    );
    vote(zhou, &id, Ballot::Withdraw).unwrap();
    assert!(votes(lin, &id).is_empty());
    done(zhou.call(Request::Undo(ask::Undo {
        scope: UndoScope::Session,
    })))
    .unwrap();
    assert_eq!(votes(lin, &id).len(), 1);
    // Naming the causes that hold is agreeing.
    vote(zhou, &id, differ(&[known("账号注销咨询")])).unwrap();
    assert!(!show(lin, &id).row.disputed);
}

/// Why a vote was refused.
fn voteless(error: &DeskError) -> BadVote {
    match error {
        DeskError::BadVote { why, .. } => *why,
        other => panic!("{other}"),
    }
}

pub fn an_opinion_needs_a_decision(bench: &Bench) {
    let (lin, zhou) = (bench.first.as_ref(), bench.second.as_ref());
    ready(lin);
    let open = titled(lin, "子账号看不到账单").id.to_string();
    for ballot in [Ballot::Agree, differ(&[])] {
        let error = vote(zhou, &open, ballot).unwrap_err();
        assert_eq!(voteless(&error), BadVote::Undecided);
    }
    // Agreeing with what the document gives decides it.
    let given = titled(lin, "想要注销账号").id.to_string();
    vote(zhou, &given, Ballot::Agree).unwrap();
    let row = show(lin, &given).row;
    assert_eq!(
        (row.cause_state, row.causes[0].by.as_str()),
        (CauseState::Confirmed, "周")
    );
    let error = vote(zhou, &given, differ(&[])).unwrap_err();
    assert_eq!(voteless(&error), BadVote::OwnDecision);
}

pub fn look_alikes_are_one_act(bench: &Bench) {
    let (lin, zhou) = (bench.first.as_ref(), bench.second.as_ref());
    ready(lin);
    let id = titled(lin, "想要注销账号").id;
    let page = lookalikes(lin, id.as_str());
    let found = rows(page.rows);
    assert_eq!(found[0].id, id, "itself first");
    let titles: Vec<&str> = found.iter().map(|row| row.title.as_str()).collect();
    assert!(titles.contains(&"申请注销账号"), "{titles:?}");
    assert!(
        titles.iter().all(|title| title.contains("注销")),
        "{titles:?}"
    );
    let before = all(lin);
    let ids: Vec<&str> = found.iter().map(|row| row.id.as_str()).collect();
    let act = annotate(lin, &ids, None, &[new_cause("账号注销咨询")]).unwrap();
    assert!(act.entries.iter().all(|entry| entry.act == act.act));
    for row in &found {
        assert_eq!(
            cause_names(&show(zhou, row.id.as_str()).row),
            ["账号注销咨询"]
        );
    }
    done(lin.call(Request::Undo(ask::Undo {
        scope: UndoScope::Session,
    })))
    .unwrap();
    let causes = |rows: &[super::TicketRow]| -> Vec<_> {
        rows.iter()
            .map(|row| (row.id, row.causes.clone()))
            .collect()
    };
    assert_eq!(causes(&all(lin)), causes(&before), "one undo for all");
}

pub fn an_agent_is_never_in_their_own_way(bench: &Bench) {
    let (lin, zhou) = (bench.first.as_ref(), bench.second.as_ref());
    ready(lin);
    let id = titled(lin, "想要注销账号").id.to_string();
    // Twice against the row first seen, faster than the list came back.
    let again = |desk: &dyn Desk, cause: &str, base| {
        let target = Target {
            id: id.clone(),
            base_rev: Some(Revision(base)),
        };
        super::annotate_targets(desk, vec![target], &[new_cause(cause)])
    };
    again(lin, "账号注销咨询", 0).unwrap();
    let second = again(lin, "实名信息有误", 0).unwrap();
    assert!(second.conflicts.is_empty(), "{second:?}");
    assert_eq!(cause_names(&show(lin, &id).row), ["实名信息有误"]);
    // A colleague who saw the same row is still too late.
    assert_eq!(again(zhou, "账号注销咨询", 0).unwrap().conflicts.len(), 1);
    again(zhou, "账号注销咨询", 2).unwrap();
    assert_eq!(again(lin, "实名信息有误", 2).unwrap().conflicts.len(), 1);
}

pub fn figures_tell_agreement_and_coverage(bench: &Bench) {
    let (lin, zhou) = (bench.first.as_ref(), bench.second.as_ref());
    ready(lin);
    let (one, two) = (titled(lin, "想要注销账号"), titled(lin, "申请注销账号"));
    let both = [one.id.as_str(), two.id.as_str()];
    annotate(lin, &both, None, &[new_cause("账号注销咨询")]).unwrap();
    vote(zhou, both[0], Ballot::Agree).unwrap();
    vote(zhou, both[1], differ(&[new_cause("实名信息有误")])).unwrap();
    analysed(lin);
    let stats = stats(lin);
    assert_eq!(stats.disputed, 1);
    let whole = &stats.agreement[0];
    assert_eq!((whole.cause.as_deref(), whole.tickets), (None, 2));
    assert!((whole.percent - 50.0).abs() < 1e-9);
    // Observed .5; one cause three times of four, the other once: chance .5625 + .0625.
    assert!((whole.kappa.unwrap() - (0.5 - 0.625) / (1.0 - 0.625)).abs() < 1e-9);
    let cause = |name: &str| {
        stats
            .agreement
            .iter()
            .find(|row| row.cause.as_deref() == Some(name))
    };
    assert!((cause("账号注销咨询").unwrap().percent - 50.0).abs() < 1e-9);
    assert!(cause("实名信息有误").unwrap().percent.abs() < 1e-9);
    let coverage = stats.coverage.unwrap();
    assert_eq!(coverage.tickets, stats.tickets);
    assert!(
        coverage.covered > 0 && coverage.covered < coverage.tickets,
        "{coverage:?}"
    );
    let of_products: usize = coverage.products.iter().map(|row| row.covered).sum();
    assert_eq!(of_products, coverage.covered);
    let account = stats
        .causes_by_product
        .iter()
        .find(|row| row.product == one.product);
    assert_eq!(account.unwrap().causes[0].cause, "账号注销咨询");
    assert_eq!(
        stats
            .by_agent
            .iter()
            .find(|(who, _)| who == "林")
            .unwrap()
            .1,
        2
    );
}

pub fn placeholders_never_vote(bench: &Bench) {
    let desk = bench.first.as_ref();
    let unsaid = document().replace("账号注销咨询", "需要根据具体情况分析");
    import(desk, "team", "a.md", &unsaid);
    analysed(desk);
    let tickets = all(desk);
    let silent = |id: &str| {
        let known = tickets.iter().find(|row| row.id.as_str() == id);
        known.is_some_and(|row| row.cause_state == CauseState::Placeholder)
    };
    assert!(tickets.iter().any(|row| silent(row.id.as_str())));
    let mut voters = 0;
    for row in &tickets {
        let id = row.id.to_string();
        let Answer::Suggestions(suggested) =
            desk.call(Request::Suggest(ask::Suggest { id })).unwrap()
        else {
            panic!()
        };
        for one in &suggested {
            assert!(!gongdan::model::is_placeholder(&one.cause), "{one:?}");
            voters += one.evidence.len();
            let silent: Vec<_> = one
                .evidence
                .iter()
                .filter(|id| silent(id.as_str()))
                .collect();
            assert!(silent.is_empty(), "{one:?}");
        }
    }
    assert!(voters > 0);
}
