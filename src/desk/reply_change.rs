//! Changes of standard replies as operations of a record: made, done and shown.

use crate::model::{Change, Op, ReplyId, Revision, StandardReply};

/// The operation that makes one reply of another; `None` when nothing changes.
pub(super) fn change(before: StandardReply, after: StandardReply) -> Option<Op> {
    if before == after {
        return None;
    }
    Some(Op::Reply {
        name: changed(before.name, after.name),
        code: changed(before.code, after.code),
        text: changed(before.text, after.text),
        outdated: changed(before.outdated, after.outdated),
        successor: changed(before.successor, after.successor),
        retired: changed(before.retired, after.retired),
        merged: changed(before.merged, after.merged),
        basis: changed(before.basis, after.basis),
    })
}

/// Does to a reply what an operation does; one of another kind does nothing.
pub(super) fn put(reply: &mut StandardReply, op: &Op) {
    let Op::Reply {
        name,
        code,
        text,
        outdated,
        successor,
        retired,
        merged,
        basis,
    } = op
    else {
        return;
    };
    set(&mut reply.name, name.as_ref());
    set(&mut reply.code, code.as_ref());
    set(&mut reply.text, text.as_ref());
    set(&mut reply.outdated, outdated.as_ref());
    set(&mut reply.successor, successor.as_ref());
    set(&mut reply.retired, retired.as_ref());
    set(&mut reply.merged, merged.as_ref());
    set(&mut reply.basis, basis.as_ref());
}

fn set<T: Clone>(field: &mut T, change: Option<&Change<T>>) {
    if let Some(change) = change {
        field.clone_from(&change.to);
    }
}

/// What a reply holds of the parts that an operation changes, as the log shows them.
pub(super) fn values_of(reply: &StandardReply, op: &Op) -> Vec<String> {
    let Op::Reply {
        name,
        code,
        text,
        outdated,
        ..
    } = op
    else {
        return Vec::new();
    };
    let parts = [
        (name, &reply.name),
        (code, &reply.code),
        (text, &reply.text),
        (outdated, &reply.outdated),
    ];
    let touched = parts.into_iter().filter(|(change, _)| change.is_some());
    let values = touched.map(|(_, value)| value.clone());
    values.filter(|value| !value.is_empty()).collect()
}

/// A reply before its first change.
pub(super) fn blank(id: ReplyId) -> StandardReply {
    StandardReply {
        id,
        name: String::new(),
        code: String::new(),
        text: String::new(),
        outdated: String::new(),
        successor: None,
        retired: false,
        merged: None,
        basis: String::new(),
        revision: Revision(0),
    }
}

fn changed<T: PartialEq>(from: T, to: T) -> Option<Change<T>> {
    (from != to).then_some(Change { from, to })
}
