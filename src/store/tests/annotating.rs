//! Causes, categories, votes, vocabulary, conflicts, undo.

use super::kit::{Kit, accepted, body, causes, create};
use crate::model::{
    ActId, Category, CauseState, Change, Key, Op, Record, ReplyChange, ReplyId, Setting, Stance,
    TicketFilter, TicketId, View,
};
use crate::store::{Refusal, StoreError, Verdict, cause_id};

fn with_ticket() -> (Kit, TicketId) {
    let mut kit = Kit::new();
    let ids = kit.import("一", &[body("甲", "CDN｜证书", &["证书过期"])]);
    let (key, op) = create("回源失败");
    assert_eq!(kit.commit(key, Some(0), op), accepted(1));
    (kit, ids[0])
}

/// The records that take an act back.
fn undo(kit: &mut Kit, act: &crate::store::Act) -> Vec<Record> {
    let mut records = Vec::new();
    for (_, record) in act.records.iter().rev() {
        let base = kit.store.revision(&record.key).unwrap().0;
        let op = record.op.inverted().unwrap();
        let mut inverse = kit.record(record.key.clone(), Some(base), op);
        inverse.undoes = Some(act.id);
        if let Some(first) = records.first() {
            let first: &Record = first;
            inverse.act = first.act;
        }
        records.push(inverse);
    }
    records
}

#[test]
fn causes_are_added_and_removed_and_fall_back_when_taken_back() {
    let (mut kit, id) = with_ticket();
    let op = causes(&["回源失败"], &[], false);
    assert_eq!(kit.commit(Key::Cause(id), Some(0), op.clone()), accepted(1));
    assert_eq!(kit.cause_names(id), ["证书过期", "回源失败"]);
    let fold = kit.store.causes(id).unwrap().unwrap();
    assert!(fold.confirmed && fold.author.name == "lin");
    let inverse = op.inverted().unwrap();
    assert_eq!(kit.commit(Key::Cause(id), Some(1), inverse), accepted(2));
    assert_eq!(kit.cause_names(id), ["证书过期"]);
    let entry = kit.store.directory().entry(kit.doc(id)).unwrap();
    assert_eq!((entry.state, entry.revision.0), (CauseState::Given, 2));
}

#[test]
fn a_late_record_is_kept_whole_and_can_be_applied_later() {
    let (mut kit, id) = with_ticket();
    kit.commit(Key::Cause(id), Some(0), causes(&["回源失败"], &[], false));
    let late = kit.record(Key::Cause(id), Some(0), causes(&[], &["证书过期"], false));
    assert_eq!(kit.one(late.clone()).verdict, Verdict::Conflict);
    let mut kit = kit.reopen();
    let kept = kit.store.conflicts().unwrap();
    assert_eq!(kept.len(), 1);
    assert_eq!(kept[0].record, late);
    let theirs = kit
        .store
        .record_at(kept[0].theirs.unwrap())
        .unwrap()
        .unwrap();
    assert_eq!(theirs.record.key, Key::Cause(id));
    assert_eq!(kit.cause_names(id), ["证书过期", "回源失败"]);

    let verdict = kit.commit(Key::Conflict(late.id), None, Op::Resolve { apply: true });
    assert_eq!(verdict, accepted(2));
    assert_eq!(kit.cause_names(id), ["回源失败"]);
    assert_eq!(kit.store.conflicts().unwrap(), []);
    let again = kit.commit(Key::Conflict(late.id), None, Op::Resolve { apply: true });
    assert_eq!(again, Verdict::Refused(Refusal::UnknownConflict));
}

#[test]
fn a_conflict_stays_where_its_settlement_was_not_done() {
    let (mut kit, id) = with_ticket();
    kit.commit(Key::Cause(id), Some(0), causes(&["回源失败"], &[], false));
    let late = kit.record(Key::Cause(id), Some(0), causes(&["回源失败"], &[], false));
    kit.one(late.clone());
    let mut settle = |add: &str| {
        let made = kit.record(Key::Cause(id), Some(1), causes(&[add], &[], true));
        let resolve = Op::Resolve { apply: false };
        let mut resolve = kit.record(Key::Conflict(late.id), None, resolve);
        resolve.act = made.act;
        let folded = kit.store.commit(vec![made, resolve]).unwrap();
        let open = kit.store.conflicts().unwrap().len();
        let verdicts: Vec<Verdict> = folded.into_iter().map(|folded| folded.verdict).collect();
        (verdicts, open)
    };
    let refused = [Refusal::UnknownCause, Refusal::NotDone].map(Verdict::Refused);
    assert_eq!(settle("没有这个根因"), (refused.to_vec(), 1));
    // The one before it is of another act.
    assert_eq!(settle("证书过期"), (vec![accepted(2), accepted(0)], 0));
}

#[test]
fn a_settled_conflict_is_kept_again_when_that_is_taken_back() {
    let (mut kit, id) = with_ticket();
    kit.commit(Key::Cause(id), Some(0), causes(&["回源失败"], &[], false));
    let late = kit.record(Key::Cause(id), Some(0), causes(&[], &["证书过期"], false));
    kit.one(late.clone());
    let kept = kit.store.conflicts().unwrap();
    let settle = Op::Resolve { apply: false };
    kit.commit(Key::Conflict(late.id), None, settle);
    assert!(kit.store.is_settled(late.id).unwrap());
    let act = kit.store.last_act(1000, None, None).unwrap().unwrap();
    let records: Vec<Record> = undo(&mut kit, &act).into_iter().collect();
    kit.store.commit(records).unwrap();
    let kit = kit.reopen();
    assert_eq!(kit.store.conflicts().unwrap(), kept);
    assert!(!kit.store.is_settled(late.id).unwrap());
}

#[test]
fn a_retry_is_folded_once_even_after_reopening() {
    let (mut kit, id) = with_ticket();
    let record = kit.record(Key::Cause(id), Some(0), causes(&["回源失败"], &[], false));
    assert_eq!(kit.one(record.clone()).verdict, accepted(1));
    assert_eq!(kit.one(record.clone()).verdict, Verdict::Repeated);
    let kit = kit.reopen();
    assert_eq!(kit.one(record.clone()).verdict, Verdict::Repeated);
    let known = kit.store.record(record.id).unwrap().unwrap();
    assert_eq!(known.verdict, accepted(1));
    assert_eq!(
        kit.store.directory().entry(kit.doc(id)).unwrap().revision.0,
        1
    );
}

#[test]
fn a_corrected_category_moves_the_ticket_and_back() {
    let (mut kit, id) = with_ticket();
    let op = Op::Category {
        category: Change {
            from: None,
            to: Category::parse("账号｜注销"),
        },
        note: "分错了".into(),
    };
    assert_eq!(
        kit.commit(Key::Category(id), Some(0), op.clone()),
        accepted(1)
    );
    let tree = kit.store.directory().tree(&TicketFilter::default());
    assert_eq!(tree[0].product, "账号");
    assert_eq!(kit.store.category(id).unwrap().unwrap().note, "分错了");
    kit.commit(Key::Category(id), Some(1), op.inverted().unwrap());
    let mut kit = kit.reopen();
    let tree = kit.store.directory().tree(&TicketFilter::default());
    assert_eq!((tree.len(), tree[0].product.as_str()), (2, "CDN"));
    // An unknown ticket is refused, not kept.
    let nobody = TicketId::from_hash(&[3; 32]);
    let refused = Verdict::Refused(Refusal::UnknownTicket);
    assert_eq!(kit.commit(Key::Category(nobody), None, op), refused);
}

#[test]
fn a_differing_vote_disputes_until_the_causes_agree() {
    let (mut kit, id) = with_ticket();
    let vote = Op::Vote {
        stance: Change {
            from: None,
            to: Some(Stance::Differ(vec![cause_id("回源失败")])),
        },
        note: String::new(),
    };
    let disputed = |kit: &Kit| kit.store.directory().entry(kit.doc(id)).unwrap().disputed;
    kit.commit(Key::Vote(id, 1001), None, vote);
    assert!(!disputed(&kit), "nobody has decided yet");
    kit.commit(Key::Cause(id), Some(0), causes(&[], &[], false));
    assert!(disputed(&kit));
    let mut kit = kit.reopen();
    assert!(disputed(&kit));
    assert_eq!(kit.store.votes(id).unwrap().len(), 1);
    kit.commit(
        Key::Cause(id),
        Some(1),
        causes(&["回源失败"], &["证书过期"], true),
    );
    assert!(!disputed(&kit));
}

#[test]
fn tickets_follow_a_renamed_and_a_merged_cause() {
    let (mut kit, id) = with_ticket();
    let (old, new) = (cause_id("证书过期"), cause_id("回源失败"));
    let rename = Op::CauseRename(Change {
        from: "证书过期".into(),
        to: "证书已过期".into(),
    });
    assert_eq!(kit.commit(Key::Vocab(old), Some(0), rename), accepted(1));
    assert_eq!(kit.cause_names(id), ["证书已过期"]);
    assert_eq!(kit.store.vocabulary().find("证书过期").unwrap().id, old);
    let merge = Op::CauseMerge(Change {
        from: None,
        to: Some(new),
    });
    let record = kit.record(Key::Vocab(old), Some(1), merge.clone());
    assert_eq!(kit.one(record).touched, [kit.doc(id)]);
    assert_eq!(kit.cause_names(id), ["回源失败"]);
    assert_eq!(kit.store.directory().docs_with_cause(new), [kit.doc(id)]);
    assert_eq!(kit.store.directory().cause_counts()[&new].given, 1);
    // A later document that uses the old name is the new cause's, too.
    kit.import("二", &[body("乙", "CDN", &["证书过期"])]);
    assert_eq!(kit.store.directory().docs_with_cause(new).len(), 2);
    // Back again, and a ring is refused.
    let ring = Op::CauseMerge(Change {
        from: None,
        to: Some(old),
    });
    assert_eq!(
        kit.commit(Key::Vocab(new), Some(1), ring),
        Verdict::Refused(Refusal::InUse)
    );
    kit.commit(Key::Vocab(old), Some(2), merge.inverted().unwrap());
    assert_eq!(kit.cause_names(id), ["证书已过期"]);
}

#[test]
fn a_cause_is_dropped_only_when_nothing_uses_it() {
    let (mut kit, id) = with_ticket();
    let (key, op) = create("临时");
    kit.commit(key.clone(), Some(0), op.clone());
    kit.commit(Key::Cause(id), Some(0), causes(&["临时"], &[], false));
    let drop = op.inverted().unwrap();
    let in_use = Verdict::Refused(Refusal::InUse);
    assert_eq!(kit.commit(key.clone(), Some(1), drop.clone()), in_use);
    kit.commit(Key::Cause(id), Some(1), causes(&[], &["临时"], true));
    assert_eq!(kit.commit(key, Some(1), drop), accepted(2));
    assert!(kit.store.vocabulary().find("临时").is_none());
    assert_eq!(
        kit.commit(Key::Cause(id), None, causes(&["临时"], &[], true)),
        Verdict::Refused(Refusal::UnknownCause)
    );
}

#[test]
fn undo_walks_back_and_redo_forward_until_something_new() {
    let (mut kit, id) = with_ticket();
    kit.commit(Key::Cause(id), Some(0), causes(&["回源失败"], &[], false));
    kit.commit(Key::Cause(id), Some(1), causes(&[], &["证书过期"], true));
    assert_eq!(kit.cause_names(id), ["回源失败"]);

    let step = |kit: &mut Kit, act: &crate::store::Act| {
        let records = undo(kit, act);
        for folded in kit.store.commit(records).unwrap() {
            assert!(matches!(folded.verdict, Verdict::Accepted { .. }));
        }
    };
    let last = kit.store.last_act(1000, Some("s"), None).unwrap().unwrap();
    step(&mut kit, &last);
    assert_eq!(kit.cause_names(id), ["回源失败", "证书过期"]);
    let mut kit = kit.reopen();
    let last = kit.store.last_act(1000, Some("s"), None).unwrap().unwrap();
    step(&mut kit, &last);
    assert_eq!(kit.cause_names(id), ["证书过期"]);
    for wanted in [&["证书过期", "回源失败"][..], &["回源失败"]] {
        let redo = kit.store.last_undo(1000, None).unwrap().unwrap();
        step(&mut kit, &redo);
        assert_eq!(kit.cause_names(id), wanted);
    }
    assert_eq!(kit.store.last_undo(1000, None).unwrap(), None);
    let last = kit.store.last_act(1000, None, None).unwrap().unwrap();
    step(&mut kit, &last);
    kit.commit(Key::Cause(id), None, causes(&[], &["证书过期"], true));
    assert_eq!(kit.store.last_undo(1000, None).unwrap(), None);
    // Others have nothing to undo, nor has another session.
    assert_eq!(kit.store.last_act(1001, None, None).unwrap(), None);
    assert_eq!(kit.store.last_act(1000, Some("other"), None).unwrap(), None);
}

#[test]
fn an_act_of_several_tickets_is_taken_back_as_one() {
    let mut kit = Kit::new();
    let bodies: Vec<_> = (0..5)
        .map(|n| body(&format!("{n}"), "CDN", &["甲"]))
        .collect();
    let ids = kit.import("一", &bodies);
    let mut records = Vec::new();
    for id in &ids {
        let mut record = kit.record(Key::Cause(*id), Some(0), causes(&[], &["甲"], false));
        record.act = ActId(99);
        records.push(record);
    }
    kit.store.commit(records.clone()).unwrap();
    let act = kit.store.last_act(1000, None, None).unwrap().unwrap();
    assert_eq!(act.id, ActId(99));
    let in_order: Vec<Record> = act.records.into_iter().map(|(_, record)| record).collect();
    assert_eq!(in_order, records);
}

#[test]
fn settings_views_replies_and_uses_survive_reopening() {
    let (mut kit, _) = with_ticket();
    let words = Op::Setting(Change {
        from: None,
        to: Some("[\"回源\"]".into()),
    });
    assert_eq!(
        kit.commit(Key::Setting(Setting::Words), Some(0), words),
        accepted(1)
    );
    let rubbish = Op::Setting(Change {
        from: None,
        to: Some("{".into()),
    });
    assert_eq!(
        kit.commit(Key::Setting(Setting::Words), Some(1), rubbish),
        Verdict::Refused(Refusal::BadSetting)
    );
    let view = Op::View(Change {
        from: None,
        to: Some(View {
            query: "类:CDN".into(),
            ..View::default()
        }),
    });
    kit.commit(Key::View("我的".into()), Some(0), view.clone());
    // Nobody's record changes another person's view, whatever it says of its owner.
    for name in ["~1/我的", "~/我的", "~x"] {
        assert_eq!(
            kit.commit(Key::View(name.into()), Some(0), view.clone()),
            Verdict::Refused(Refusal::BadRecord),
            "{name}"
        );
    }
    let id = ReplyId::from_hash(&[5; 32]);
    let text = |from: &str, to: &str| {
        Op::Reply(ReplyChange {
            text: Some(Change {
                from: from.into(),
                to: to.into(),
            }),
            ..ReplyChange::default()
        })
    };
    kit.commit(Key::Reply(id), Some(0), text("", "您好，{{域名}} 已恢复"));
    let uses = Op::Use {
        count: 2,
        overridden: Vec::new(),
        turn: None,
    };
    kit.commit(Key::Use(id), None, uses.clone());
    kit.commit(Key::Use(id), None, uses);
    let mut kit = kit.reopen();
    assert_eq!(kit.store.settings().words, ["回源"]);
    assert_eq!(kit.store.views()[0].view.query, "类:CDN");
    assert_eq!(kit.store.replies()[0].text, "您好，{{域名}} 已恢复");
    assert_eq!(kit.store.uses(id).count, 4);
    kit.commit(Key::Reply(id), Some(1), text("您好，{{域名}} 已恢复", ""));
    assert_eq!(kit.store.replies(), []);
}

#[test]
fn history_and_log_tell_who_did_what() {
    let (mut kit, id) = with_ticket();
    kit.commit(Key::Cause(id), Some(0), causes(&["回源失败"], &[], false));
    kit.commit(Key::Cause(id), Some(0), causes(&[], &[], false));
    let mark = crate::model::OutdatedMark {
        reason: "三个月了".into(),
        successor: None,
    };
    kit.commit(
        Key::Outdated(id),
        Some(0),
        Op::Outdated(Change {
            from: None,
            to: Some(mark.clone()),
        }),
    );
    assert_eq!(kit.store.outdated(id).unwrap(), Some(mark));
    let history = kit.store.history(id).unwrap();
    let verdicts: Vec<_> = history.iter().map(|h| h.verdict.clone()).collect();
    assert_eq!(verdicts, [accepted(1), Verdict::Conflict, accepted(1)]);
    let log = kit.store.log(None, 2).unwrap();
    assert_eq!(log.len(), 2);
    assert_eq!(log[0].sequence, kit.store.applied());
    let older = kit.store.log(Some(log[1].sequence), 100).unwrap();
    assert_eq!(older.len() as u64, kit.store.applied().0 - 2);
    assert_eq!(older.last().unwrap().sequence.0, 1);
    assert_eq!(
        kit.store.changed_since(log[1].sequence).unwrap(),
        [kit.doc(id)]
    );
    let key = Key::Vocab(cause_id("回源失败"));
    assert_eq!(kit.store.history_of(&key).unwrap().len(), 1);
}

#[test]
fn a_record_that_makes_no_sense_is_refused() {
    let (mut kit, id) = with_ticket();
    let refused = Verdict::Refused(Refusal::BadRecord);
    assert_eq!(
        kit.commit(Key::Category(id), None, causes(&[], &[], false)),
        refused
    );
}

#[test]
fn a_record_of_a_newer_version_never_enters_the_log() {
    let (mut kit, id) = with_ticket();
    let before = (kit.store.log.end(), kit.store.applied());
    let mut newer = kit.record(Key::Cause(id), None, causes(&[], &[], false));
    newer.v = Record::VERSION + 1;
    assert!(matches!(
        kit.store.commit(vec![newer]),
        Err(StoreError::NewerRules { found: 2, known: 1 })
    ));
    assert_eq!((kit.store.log.end(), kit.store.applied()), before);
}

#[test]
fn an_undo_that_ends_in_conflict_took_nothing_back() {
    let (mut kit, id) = with_ticket();
    kit.commit(Key::Cause(id), Some(0), causes(&[], &[], false));
    let act = kit.store.last_act(1000, None, None).unwrap().unwrap().id;
    let inverse = causes(&[], &[], true);
    let mut undo = kit.record(Key::Cause(id), Some(0), inverse);
    undo.undoes = Some(act);
    assert_eq!(kit.one(undo).verdict, Verdict::Conflict);
    let last = kit.store.last_act(1000, None, None).unwrap().unwrap();
    assert_eq!(last.id, act, "it is there to be undone still");
}
