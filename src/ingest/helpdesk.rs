//! The shapes in which helpdesks export JSON: wrapped lists, comments by author, custom fields.
//!
//! Zendesk, Freshdesk, Zammad, Chatwoot, Jira Service Management and chat exports are brought to
//! one shape, whose fields the label table names; anything else passes as it is.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::labels::{Field, LabelTable, squeeze};
use crate::text::internal::names_notes;

/// Keys that a list of tickets is wrapped in.
const WRAPPERS: [&str; 24] = [
    "tickets",
    "ticket",
    "data",
    "list",
    "results",
    "result",
    "items",
    "records",
    "rows",
    "issues",
    "conversations",
    "helpdesk_ticket",
    "helpdesk_tickets",
    "payload",
    "response",
    "content",
    "entries",
    "hits",
    "value",
    "工单",
    "工单列表",
    "数据",
    "列表",
    "记录",
];

/// Levels of wrapping that are looked through.
const DEPTH: u8 = 5;

/// Keys that hold what was said, by message.
const THREADS: [&str; 9] = [
    "comments",
    "conversations",
    "conversation",
    "articles",
    "messages",
    "replies",
    "thread",
    "threads",
    "notes",
];

/// Keys that say nothing about a case.
const NOISE: [&str; 33] = [
    "url",
    "self",
    "expand",
    "raw_subject",
    "html_description",
    "structured_description",
    "via",
    "requester",
    "requester_id",
    "customer",
    "customer_id",
    "reporter",
    "contact",
    "meta",
    "submitter_id",
    "assignee_id",
    "organization_id",
    "group_id",
    "owner_id",
    "user_id",
    "creator_id",
    "article_count",
    "next_page",
    "count",
    "updated_at",
    "updated",
    "spam",
    "is_public",
    "has_incidents",
    "attachments",
    "sharing_agreement_ids",
    "follower_ids",
    "email_cc_ids",
];

/// The key under which a text's first bracket may wrap a list: what is cut off so that it streams.
pub(crate) fn wrapped_list(text: &str) -> Option<usize> {
    let inner = text.trim_start().strip_prefix('{')?.trim_start();
    let (key, rest) = inner.strip_prefix('"')?.split_once('"')?;
    let rest = rest.trim_start().strip_prefix(':')?.trim_start();
    let list = rest.strip_prefix('[')?.trim_start();
    (WRAPPERS.contains(&key) && list.starts_with('{')).then(|| text.len() - rest.len())
}

/// The tickets in a value: itself, or those it wraps.
pub(crate) fn tickets(value: Value, table: &LabelTable) -> Vec<Value> {
    let mut out = Vec::new();
    unwrap(value, table, DEPTH, &mut out);
    out.into_iter().map(|value| normal(value, table)).collect()
}

fn unwrap(value: Value, table: &LabelTable, depth: u8, out: &mut Vec<Value>) {
    let Value::Object(mut fields) = value else {
        match value {
            Value::Array(items) if depth > 0 => {
                for item in items {
                    unwrap(item, table, depth - 1, out);
                }
            }
            other => out.push(other),
        }
        return;
    };
    if depth == 0 || is_ticket(&fields, table) {
        out.push(Value::Object(fields));
        return;
    }
    let key = WRAPPERS.iter().find(|key| {
        fields.get(**key).is_some_and(|value| match value {
            Value::Array(items) => items.iter().any(Value::is_object),
            Value::Object(_) => true,
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
        })
    });
    if let Some(wrapped) = key.and_then(|key| fields.remove(*key)) {
        unwrap(wrapped, table, depth - 1, out);
        return;
    }
    // Tickets by their ids.
    let keyed = !fields.is_empty()
        && fields.values().all(|value| {
            value
                .as_object()
                .is_some_and(|inner| is_ticket(inner, table))
        });
    if keyed {
        out.extend(fields.into_iter().map(|(_, value)| value));
    } else {
        out.push(Value::Object(fields));
    }
}

/// Whether an object holds what only a ticket has.
fn is_ticket(fields: &Map<String, Value>, table: &LabelTable) -> bool {
    if fields
        .get("fields")
        .and_then(Value::as_object)
        .is_some_and(|inner| inner.contains_key("summary"))
    {
        return true;
    }
    // A list called conversations holds tickets where these hold messages of their own.
    let wraps = |value: &Value| {
        value.as_array().is_some_and(|items| {
            items.iter().filter_map(Value::as_object).any(|inner| {
                inner.keys().any(|key| {
                    THREADS.contains(&key.as_str())
                        || table.field(key).is_some_and(|n| n.field == Field::Title)
                })
            })
        })
    };
    fields.iter().any(|(key, value)| {
        table.field(key).is_some_and(|named| {
            (named.field.is_content() || named.field == Field::Title)
                && !value.is_null()
                && !wraps(value)
        })
    })
}

/// Brings one helpdesk's ticket to the shape that the label table reads.
fn normal(value: Value, table: &LabelTable) -> Value {
    let Value::Object(mut fields) = value else {
        return value;
    };
    if let Some(Value::Object(inner)) = fields.remove("fields") {
        jira(&mut fields, inner);
    }
    let thread = THREADS
        .iter()
        .filter(|key| {
            fields
                .get(**key)
                .and_then(messages)
                .is_some_and(|items| items.iter().any(Value::is_object))
        })
        .copied()
        .collect::<Vec<_>>();
    let helpdesk = [
        "requester_id",
        "requester",
        "custom_fields",
        "articles",
        "comments",
        "meta",
        "reporter",
    ]
    .iter()
    .any(|key| fields.contains_key(*key));
    if thread.is_empty() && !helpdesk {
        return Value::Object(fields);
    }
    let mut asker = asker(&fields);
    let mut said: Vec<Value> = Vec::new();
    for key in thread {
        let Some(value) = fields.remove(key) else {
            continue;
        };
        for message in messages(&value).into_iter().flatten() {
            said.push(turn(message, &mut asker, key));
        }
    }
    if !said.is_empty() {
        fields.insert("messages".to_owned(), Value::Array(said));
    }
    facts(&mut fields, table);
    Value::Object(fields)
}

/// The messages of a thread: a list, or a list in an object of its own.
fn messages(value: &Value) -> Option<&Vec<Value>> {
    match value {
        Value::Array(items) => Some(items),
        Value::Object(inner) => THREADS
            .iter()
            .find_map(|key| inner.get(*key).and_then(Value::as_array)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    }
}

fn jira(fields: &mut Map<String, Value>, inner: Map<String, Value>) {
    for (key, value) in inner {
        let value = match key.as_str() {
            "comment" => {
                fields.insert("comments".to_owned(), value);
                continue;
            }
            "issuetype" => {
                fields.insert("issue_type".to_owned(), named(&value));
                continue;
            }
            "components" => {
                let first = value.as_array().and_then(|items| items.first()).map(named);
                fields.insert("product".to_owned(), first.unwrap_or(Value::Null));
                continue;
            }
            "description" => Value::String(said(&value)),
            _ => value,
        };
        fields.insert(key, value);
    }
}

fn named(value: &Value) -> Value {
    ["name", "value", "displayName", "title", "label"]
        .iter()
        .find_map(|key| value.get(*key))
        .cloned()
        .unwrap_or_else(|| value.clone())
}

/// Who asked, by any id the ticket gives.
fn asker(fields: &Map<String, Value>) -> HashSet<String> {
    let mut ids = HashSet::new();
    for key in ["requester_id", "customer_id", "contact_id"] {
        ids.extend(fields.get(key).and_then(id));
    }
    let people = ["requester", "customer", "reporter", "contact"];
    let people = people.iter().filter_map(|key| fields.get(*key));
    let sender = fields.get("meta").and_then(|meta| meta.get("sender"));
    for person in people.chain(sender) {
        match person {
            Value::Object(inner) => {
                for key in PERSON {
                    ids.extend(inner.get(key).and_then(id));
                }
            }
            other => ids.extend(id(other)),
        }
    }
    if ids.is_empty() {
        ids.extend(fields.get("user_id").and_then(id));
    }
    ids
}

/// Keys that tell people apart.
const PERSON: [&str; 6] = ["id", "accountId", "key", "email", "emailAddress", "name"];

fn id(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.trim().is_empty() => Some(text.trim().to_lowercase()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Bool(_) | Value::String(_) | Value::Array(_) | Value::Object(_) => {
            None
        }
    }
}

/// One message in the shape of a turn.
fn turn(message: &Value, asker: &mut HashSet<String>, key: &str) -> Value {
    let Value::Object(fields) = message else {
        return message.clone();
    };
    let text = [
        "body_text",
        "plain_body",
        "text",
        "body",
        "content",
        "message",
        "内容",
        "消息",
        "文本",
        "回复",
        "comment",
        "description",
        "html_body",
        "value",
        "reply",
    ]
    .iter()
    .filter_map(|key| fields.get(*key))
    .map(said)
    .find(|text| !text.trim().is_empty())
    .unwrap_or_default();
    let authors: Vec<String> = [
        "author_id",
        "user_id",
        "sender_id",
        "created_by_id",
        "from_id",
    ]
    .iter()
    .filter_map(|key| fields.get(*key).and_then(id))
    .chain(["author", "sender", "from", "user"].iter().flat_map(|key| {
        let inner = fields.get(*key).and_then(Value::as_object);
        PERSON
            .iter()
            .filter_map(move |name| inner?.get(*name).and_then(id))
    }))
    .collect();
    let role = role(fields).or_else(|| {
        if authors.is_empty() {
            return None;
        }
        if asker.is_empty() {
            // Whoever speaks first has asked.
            asker.extend(authors.iter().cloned());
        }
        let asked = authors.iter().any(|author| asker.contains(author));
        Some(if asked { "客户" } else { "客服" })
    });
    let mut out = Map::new();
    let person = ["author", "sender", "from", "user"]
        .iter()
        .find_map(|key| fields.get(*key).and_then(Value::as_object));
    let name = person.and_then(|inner| {
        ["displayName", "name"]
            .iter()
            .find_map(|key| inner.get(*key).and_then(Value::as_str))
    });
    if let Some(name) = name.filter(|_| role != Some("客户")) {
        out.insert("name".to_owned(), json!(name));
    }
    match role {
        Some(role) => drop(out.insert("speaker".to_owned(), json!(role))),
        None => {
            for key in [
                "speaker",
                "role",
                "from",
                "sender",
                "author",
                "name",
                "角色",
                "发言人",
                "说话人",
                "姓名",
                "昵称",
            ] {
                if let Some(value) = fields.get(key) {
                    out.insert(key.to_owned(), value.clone());
                }
            }
        }
    }
    if is_internal(fields) || (key == "notes" && !fields.contains_key("private")) {
        out.insert("internal".to_owned(), Value::Bool(true));
    }
    out.insert("text".to_owned(), Value::String(text));
    Value::Object(out)
}

/// Who a message says it is from, where a flag or a type says so.
fn role(fields: &Map<String, Value>) -> Option<&'static str> {
    match fields.get("message_type") {
        Some(Value::Number(number)) => {
            return Some(match number.as_u64() {
                Some(0) => "客户",
                Some(1) => "客服",
                _ => "系统",
            });
        }
        Some(Value::String(word)) => {
            match word.as_str() {
                "incoming" => return Some("客户"),
                "outgoing" => return Some("客服"),
                "activity" | "template" => return Some("系统"),
                _ => {}
            };
        }
        _ => {}
    }
    if let Some(incoming) = fields.get("incoming").and_then(Value::as_bool) {
        return Some(if incoming { "客户" } else { "客服" });
    }
    let words = [
        "sender_type",
        "author_type",
        "user_type",
        "sender",
        "author",
        "from",
    ];
    words.iter().find_map(|key| {
        let value = fields.get(*key)?;
        let word = match value {
            Value::String(word) => word,
            Value::Object(inner) => ["type", "role", "accountType"]
                .iter()
                .find_map(|key| inner.get(*key).and_then(Value::as_str))?,
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) => return None,
        };
        match squeeze(word).as_str() {
            "customer" | "contact" | "enduser" | "requester" | "visitor" | "lead" | "client" => {
                Some("客户")
            }
            "agent" | "admin" | "operator" | "support" | "staff" | "agentbot" => Some("客服"),
            "system" | "bot" => Some("系统"),
            _ => None,
        }
    })
}

/// The text of a message: a string, or the document that Jira writes.
fn said(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Object(_) | Value::Array(_) => {
            let mut out = String::new();
            document(value, DOCUMENT_DEPTH, &mut out);
            out.trim().to_owned()
        }
        Value::Null => String::new(),
        Value::Bool(_) | Value::Number(_) => value.to_string(),
    }
}

/// Levels of Jira's documents that are read.
const DOCUMENT_DEPTH: u8 = 40;

fn document(value: &Value, depth: u8, out: &mut String) {
    if depth == 0 {
        return;
    }
    match value {
        Value::Array(items) => {
            for item in items {
                document(item, depth - 1, out);
            }
        }
        Value::Object(node) => {
            if let Some(text) = node.get("text").and_then(Value::as_str) {
                out.push_str(text);
            }
            let kind = node.get("type").and_then(Value::as_str).unwrap_or_default();
            if kind == "listItem" {
                out.push_str("- ");
            }
            if let Some(content) = node.get("content") {
                document(content, depth - 1, out);
            }
            let ends = matches!(kind, "paragraph" | "heading" | "codeBlock" | "hardBreak");
            if ends && !out.ends_with('\n') {
                out.push('\n');
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Tags, own fields and ids beside a ticket: named, or left away where they say nothing.
fn facts(fields: &mut Map<String, Value>, table: &LabelTable) {
    for key in NOISE {
        if table.field(key).is_none() {
            fields.remove(key);
        }
    }
    if let Some(text) = fields.remove("description_text") {
        fields.insert("description".to_owned(), text);
    }
    // A kind that every helpdesk gives says nothing about the product.
    let plain = ["question", "incident", "problem", "task"];
    if fields
        .get("type")
        .and_then(Value::as_str)
        .is_some_and(|kind| plain.contains(&kind.to_lowercase().as_str()))
    {
        fields.remove("type");
    }
    for key in [
        "custom_fields",
        "custom_attributes",
        "additional_attributes",
    ] {
        if let Some(own) = fields.remove(key) {
            own_fields(fields, own, table);
        }
    }
    let keys: Vec<String> = fields.keys().cloned().collect();
    for key in keys {
        let known = table.field(&key).is_some() || THREADS.contains(&key.as_str());
        let Some(value) = fields.get(&key).filter(|_| !known) else {
            continue;
        };
        let short = match value {
            Value::Object(_) => {
                let name = named(value);
                (!name.is_object()).then_some(name)
            }
            Value::Array(items) => {
                let names: Vec<Value> =
                    items.iter().map(named).filter(|n| !n.is_object()).collect();
                (!names.is_empty()).then_some(Value::Array(names))
            }
            other => Some(other.clone()),
        };
        match short {
            Some(value) => drop(fields.insert(key, value)),
            None => drop(fields.remove(&key)),
        }
    }
}

fn own_fields(fields: &mut Map<String, Value>, own: Value, table: &LabelTable) {
    let pairs: Vec<(String, Value)> = match own {
        Value::Array(items) => items
            .into_iter()
            .filter_map(|item| {
                let key = ["name", "title", "key", "id"]
                    .iter()
                    .find_map(|k| item.get(*k))?;
                let key = id(key)?;
                Some((key, item.get("value")?.clone()))
            })
            .collect(),
        Value::Object(inner) => inner.into_iter().collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => return,
    };
    let mut category = fields
        .iter()
        .any(|(key, _)| table.field(key).is_some_and(|n| n.field == Field::Category));
    for (key, value) in pairs.into_iter().filter(|(_, value)| !value.is_null()) {
        let path = value
            .as_str()
            .is_some_and(|text| text.contains(['｜', '|']) || text.contains("::"));
        if path && !category {
            category = true;
            let text = value.as_str().unwrap_or_default().replace("::", "｜");
            fields.insert("category".to_owned(), Value::String(text));
            continue;
        }
        let bare = key.strip_prefix("cf_").unwrap_or(&key).to_owned();
        if fields.get(&bare).is_none_or(Value::is_null) {
            fields.insert(bare, value);
        }
    }
}

/// Whether the fields of a message say that no customer saw it.
pub(crate) fn is_internal(fields: &Map<String, Value>) -> bool {
    let truth = |value: &Value| match value {
        Value::Bool(flag) => Some(*flag),
        Value::Number(number) => Some(number.as_f64() != Some(0.0)),
        Value::String(word) => match word.to_lowercase().trim() {
            "true" | "yes" | "1" | "是" => Some(true),
            "false" | "no" | "0" | "否" => Some(false),
            _ => None,
        },
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    };
    fields.iter().any(|(key, value)| {
        let key: String = squeeze(key);
        match key.as_str() {
            "private" | "isprivate" | "internal" | "isinternal" | "internalnote" | "isnote"
            | "staffonly" | "agentonly" | "hidden" | "内部" | "是否内部" | "仅内部可见"
            | "私密" => truth(value) == Some(true),
            "public" | "ispublic" | "jsdpublic" | "visibletocustomer" | "customervisible"
            | "公开" | "是否公开" | "客户可见" => truth(value) == Some(false),
            "role" | "speaker" | "type" | "kind" | "visibility" | "messagetype" | "from"
            | "sender" | "sendertype" | "authortype" | "channel" | "角色" | "发言人" | "类型"
            | "可见性" => value.as_str().is_some_and(|word| {
                names_notes(word)
                    || matches!(
                        squeeze(word).as_str(),
                        "note" | "notes" | "private" | "agentnote" | "adminnote" | "备注"
                    )
            }),
            _ => false,
        }
    })
}
