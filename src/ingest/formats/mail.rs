//! E-mail: one message, or a mailbox; a thread is a ticket.

use std::collections::HashMap;
use std::io::Cursor;

use mail_parser::mailbox::mbox::MessageIterator;
use mail_parser::{Message, MessageParser};

use super::{Format, Found, Reading};
use crate::ingest::assemble::Assembled;
use crate::ingest::dates;
use crate::ingest::markup;
use crate::model::{Speaker, Ticket, Turn};
use crate::text::sanitize;

/// `.eml` and mbox.
pub(super) struct Mail;

/// Headers that a message begins with.
const HEADERS: [&str; 12] = [
    "received:",
    "return-path:",
    "delivered-to:",
    "message-id:",
    "mime-version:",
    "from:",
    "date:",
    "subject:",
    "to:",
    "x-",
    "reply-to:",
    "dkim-signature:",
];

/// Words before a subject that say it is an answer.
const ANSWERS: [&str; 12] = [
    "re:",
    "re：",
    "回复:",
    "回复：",
    "答复:",
    "答复：",
    "转发:",
    "转发：",
    "fw:",
    "fwd:",
    "fw：",
    "aw:",
];

/// Beginnings of the lines under which an older message is quoted.
const QUOTES: [&str; 6] = [
    "-----original message-----",
    "-----原始邮件-----",
    "------------------ 原始邮件",
    "------------------ original",
    "________________________________",
    "发件人：",
];

impl Format for Mail {
    fn extensions(&self) -> &'static [&'static str] {
        &["eml", "mbox"]
    }

    fn recognises(&self, name: &str, head: &[u8]) -> bool {
        if name.ends_with(".eml") || name.ends_with(".mbox") {
            return true;
        }
        let text = String::from_utf8_lossy(head).to_lowercase();
        let mut lines = text.lines();
        let first = lines.next().unwrap_or_default();
        let headers = lines.filter(|line| HEADERS.iter().any(|h| line.starts_with(h)));
        let count = headers.count();
        (first.starts_with("from ") && first.contains('@') && count >= 2)
            || (HEADERS.iter().any(|h| first.starts_with(h)) && count >= 3)
    }

    fn read(
        &self,
        bytes: &[u8],
        _reading: &Reading<'_>,
        sink: &mut dyn FnMut(Found),
    ) -> Result<(), &'static str> {
        let raw: Vec<Vec<u8>> = if bytes.starts_with(b"From ") {
            MessageIterator::new(Cursor::new(bytes))
                .filter_map(Result::ok)
                .map(mail_parser::mailbox::mbox::Message::unwrap_contents)
                .collect()
        } else {
            vec![bytes.to_vec()]
        };
        let mut threads: Vec<Thread> = Vec::new();
        let mut by_subject: HashMap<String, usize> = HashMap::new();
        for raw in &raw {
            let Some(message) = MessageParser::default().parse(raw) else {
                continue;
            };
            let letter = Letter::of(&message);
            let subject = bare_subject(&letter.subject).to_lowercase();
            let known = by_subject.get(&subject).filter(|_| !subject.is_empty());
            match known.and_then(|at| threads.get_mut(*at)) {
                Some(thread) => thread.letters.push(letter),
                None => {
                    by_subject.insert(subject, threads.len());
                    threads.push(Thread {
                        letters: vec![letter],
                    });
                }
            }
        }
        if threads.is_empty() {
            return Err("e-mail");
        }
        for (thread, line) in threads.into_iter().zip(1..) {
            sink(Found::Ticket(line, Box::new(Ok(thread.ticket(line)))));
        }
        Ok(())
    }
}

struct Letter {
    subject: String,
    from: String,
    name: String,
    at: i64,
    date: String,
    text: String,
}

impl Letter {
    fn of(message: &Message<'_>) -> Self {
        let sender = message.from().and_then(mail_parser::Address::first);
        let plain = message.body_text(0).map(std::borrow::Cow::into_owned);
        let html = message
            .body_html(0)
            .map(|html| markup::text(&html).into_owned());
        let text = plain.filter(|text| !text.trim().is_empty()).or(html);
        Self {
            subject: message.subject().unwrap_or_default().to_owned(),
            from: sender
                .and_then(mail_parser::Addr::address)
                .unwrap_or_default()
                .to_lowercase(),
            name: sender
                .and_then(mail_parser::Addr::name)
                .unwrap_or_default()
                .to_owned(),
            at: message
                .date()
                .map_or(0, mail_parser::DateTime::to_timestamp),
            date: message
                .date()
                .map(mail_parser::DateTime::to_rfc3339)
                .unwrap_or_default(),
            text: own_words(&text.unwrap_or_default().replace("\r\n", "\n")),
        }
    }
}

struct Thread {
    letters: Vec<Letter>,
}

impl Thread {
    fn ticket(mut self, line: u32) -> Assembled {
        self.letters.sort_by_key(|letter| letter.at);
        let asker = self
            .letters
            .first()
            .map(|letter| letter.from.clone())
            .unwrap_or_default();
        let mut ticket = Ticket::default();
        for letter in self.letters {
            let text = sanitize::clean(&letter.text).trim().to_owned();
            if ticket.title.is_empty() {
                ticket.title = sanitize::one_line(bare_subject(&letter.subject)).into_owned();
                ticket.date = dates::field(&letter.date);
            }
            let customer = letter.from == asker;
            if customer && ticket.question.is_empty() {
                ticket.question = text;
                continue;
            }
            let name = Some(letter.name).filter(|name| !customer && !name.is_empty());
            ticket.dialogue.push(Turn {
                speaker: if customer {
                    Speaker::Customer
                } else {
                    Speaker::Agent
                },
                name,
                text,
                in_summary: false,
            });
        }
        ticket.dialogue.retain(|turn| !turn.text.is_empty());
        let turn_lines = vec![line; ticket.dialogue.len()];
        Assembled {
            ticket,
            line,
            question_line: line,
            turn_lines,
            section_lines: Vec::new(),
            causes_line: line,
        }
    }
}

fn bare_subject(subject: &str) -> &str {
    let mut bare = subject.trim();
    'outer: loop {
        for mark in ANSWERS {
            let head: String = bare.chars().take(mark.chars().count()).collect();
            if head.to_lowercase() == mark {
                bare = bare.get(head.len()..).unwrap_or_default().trim_start();
                continue 'outer;
            }
        }
        return bare;
    }
}

/// What a message says itself, without what it quotes.
fn own_words(text: &str) -> String {
    let mut out: Vec<&str> = Vec::new();
    for line in text.split('\n') {
        let bare = line.trim().to_lowercase();
        let quotes = QUOTES.iter().any(|mark| bare.starts_with(mark))
            || (bare.starts_with("on ") && bare.ends_with("wrote:"))
            || (bare.starts_with('在') && bare.ends_with("写道："));
        if quotes && !out.iter().all(|line| line.trim().is_empty()) {
            break;
        }
        if bare.starts_with('>') {
            continue;
        }
        out.push(line.trim_end());
    }
    out.join("\n").trim().to_owned()
}
