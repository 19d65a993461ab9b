//! A draft becomes a ticket: title tidied, category and causes split, turns merged.

use std::collections::{HashMap, VecDeque};

use crate::model::{Category, Section, Speaker, Ticket, Turn};
use crate::text::internal::{begins_note, is_note};
use crate::text::similarity::similarity;

use super::dates;
use super::labels::{Field, LabelTable, split_number, strip_picture};
use super::layout::{Layout, RawTurn, trim_block, unescape_block};
use super::line::{strip_bullet, title_number, title_prefix};
use super::profile::DocumentProfile;
use super::raw::{Draft, RawSection};

/// Replies that no turn equals are compared with at most this many turns.
const MAX_COMPARED: usize = 64;

/// Similarity from which a reply is the same as a turn.
const SAME_REPLY: f32 = 0.85;

/// Characters of a question that stand for a missing title.
const TITLE_CHARS: usize = 60;

/// A ticket with the lines its parts begin on.
#[derive(Debug)]
pub(crate) struct Assembled {
    /// The ticket, unmasked.
    pub(crate) ticket: Ticket,
    /// Line of the title.
    pub(crate) line: u32,
    /// Line of the question.
    pub(crate) question_line: u32,
    /// Lines of the turns.
    pub(crate) turn_lines: Vec<u32>,
    /// Lines of the sections.
    pub(crate) section_lines: Vec<u32>,
    /// Line of the causes.
    pub(crate) causes_line: u32,
}

/// Turns a draft into a ticket.
pub(crate) fn assemble(draft: &Draft, profile: &DocumentProfile, table: &LabelTable) -> Assembled {
    let layout = Layout { table, profile };
    let mut out = Assembled {
        ticket: Ticket::default(),
        line: draft.line,
        question_line: draft.line,
        turn_lines: Vec::new(),
        section_lines: Vec::new(),
        causes_line: draft.line,
    };
    let (mut replies, mut dialogue, mut notes) = (Vec::new(), Vec::new(), Vec::new());
    let (mut product, mut issue_type) = (None, None);
    let has_question = draft.has(Field::Question);
    for section in &draft.sections {
        match section.field {
            None if section.heading.is_empty() && !has_question => {
                question(&mut out, section, table);
            }
            None => other(&mut out, section, table),
            Some(Field::Title) => other(&mut out, section, table),
            Some(Field::Category) => {
                let text = category_text(&mut out, section, table);
                set_category(&mut out.ticket, &text);
            }
            Some(Field::Product) => {
                product = Some(value(section, table));
                beyond(&mut out, section, 1, table);
            }
            Some(Field::IssueType) => {
                issue_type = Some(value(section, table));
                beyond(&mut out, section, 1, table);
            }
            Some(Field::Scenarios) => {
                scenarios(&mut out.ticket, &unescape_block(&section.text, table));
            }
            Some(Field::Date) => match dates::field(&section.text) {
                Some(date) => {
                    out.ticket.date = Some(date);
                    beyond(&mut out, section, 1, table);
                }
                None => other(&mut out, section, table),
            },
            // Sections are found by name: a question after the replies is the question all the same.
            Some(Field::Question)
                if !out.ticket.question.is_empty()
                    && (!replies.is_empty() || !dialogue.is_empty()) =>
            {
                let said = turn(section, Speaker::Customer, table);
                let list = if dialogue.is_empty() {
                    &mut replies
                } else {
                    &mut dialogue
                };
                list.extend(said);
            }
            Some(Field::Question) => question(&mut out, section, table),
            Some(Field::Internal) => notes.extend(turn(section, Speaker::Internal, table)),
            Some(Field::Replies) => replies.extend(layout.replies(section)),
            Some(Field::Dialogue) => dialogue.extend(layout.dialogue(section)),
            Some(Field::Causes) => {
                if out.ticket.causes.is_empty() {
                    out.causes_line = section.line;
                }
                causes(
                    &mut out.ticket.causes,
                    &unescape_block(&section.text, table),
                );
            }
        }
    }
    fallback_category(&mut out.ticket, product, issue_type);
    let mut turns = part_notes(merge(dialogue, replies));
    turns.extend(notes);
    set_turns(&mut out, turns);
    set_title(&mut out, draft, profile, table);
    out
}

fn value(section: &RawSection, table: &LabelTable) -> String {
    let text = unescape_block(section.text.trim(), table);
    let first = text
        .lines()
        .find(|l| !l.trim().is_empty())
        .unwrap_or_default();
    strip_bullet(first.trim())
        .trim_matches(['*', '`', '"', ' ', '\u{3000}'])
        .to_owned()
}

/// What a category's label holds: one line, or product and type on two.
fn category_text(out: &mut Assembled, section: &RawSection, table: &LabelTable) -> String {
    let first = value(section, table);
    let lines: Vec<&str> = section
        .text
        .lines()
        .filter(|l| !l.trim().is_empty())
        .collect();
    let short = |l: &&str| l.chars().count() <= 24;
    let split = category(&first).is_some_and(|c| !c.issue_type.is_empty());
    if let [_, second] = lines.as_slice()
        && !split
        && lines.iter().all(short)
    {
        return format!("{first}｜{}", strip_bullet(second.trim()));
    }
    beyond(out, section, 1, table);
    first
}

/// Keeps the lines under a label that holds one line only.
fn beyond(out: &mut Assembled, section: &RawSection, lines: u32, table: &LabelTable) {
    let (mut left, mut line) = (lines, section.line);
    let mut rest = section.text.as_str();
    while left > 0 {
        let (head, tail) = rest.split_once('\n').unwrap_or((rest, ""));
        left -= u32::from(!head.trim().is_empty());
        rest = tail;
        line += 1;
        if rest.is_empty() {
            return;
        }
    }
    let (skipped, text) = trim_block(rest);
    if !text.is_empty() {
        out.section_lines.push(line + skipped);
        out.ticket.sections.push(Section {
            heading: String::new(),
            text: unescape_block(text, table),
        });
    }
}

fn question(out: &mut Assembled, section: &RawSection, table: &LabelTable) {
    let (skipped, text) = trim_block(&section.text);
    if text.is_empty() {
        return;
    }
    let text = unescape_block(&unquoted(section, text), table);
    let question = &mut out.ticket.question;
    if question.is_empty() {
        out.question_line = section.line + skipped;
        *question = text;
    } else {
        question.push_str("\n\n");
        question.push_str(&text);
    }
}

/// A label inside a quotation leaves the quotation's marks on the lines after it.
fn unquoted(section: &RawSection, text: &str) -> String {
    let mut rest = text
        .lines()
        .skip(1)
        .filter(|l| !l.trim().is_empty())
        .peekable();
    let quoted =
        section.inline && rest.peek().is_some() && rest.all(|l| l.trim_start().starts_with('>'));
    if !quoted {
        return text.to_owned();
    }
    let bare = |l: &str| {
        l.trim_start()
            .trim_start_matches('>')
            .trim_start()
            .to_owned()
    };
    text.lines().map(bare).collect::<Vec<_>>().join("\n")
}

fn other(out: &mut Assembled, section: &RawSection, table: &LabelTable) {
    let (skipped, text) = trim_block(&section.text);
    if text.is_empty() && section.heading.is_empty() {
        return;
    }
    out.section_lines.push(section.line + skipped);
    out.ticket.sections.push(Section {
        heading: section
            .heading
            .strip_prefix('\\')
            .unwrap_or(&section.heading)
            .to_owned(),
        text: unescape_block(text, table),
    });
}

fn turn(section: &RawSection, speaker: Speaker, table: &LabelTable) -> Option<RawTurn> {
    let (skipped, text) = trim_block(&section.text);
    (!text.is_empty()).then(|| RawTurn {
        speaker,
        name: None,
        text: unescape_block(text, table),
        line: section.line + skipped,
        in_summary: false,
    })
}

fn scenarios(ticket: &mut Ticket, text: &str) {
    for part in text.split([',', '，', '、', ';', '；', '\n']) {
        let part = strip_bullet(part.trim()).trim_matches(['*', '`', ' ', '\u{3000}']);
        if !part.is_empty() && !ticket.scenarios.iter().any(|s| s == part) {
            ticket.scenarios.push(part.to_owned());
        }
    }
}

/// Splits causes at `；`, `;` and lines; bullets and numbers go.
pub(crate) fn causes(list: &mut Vec<String>, text: &str) {
    for part in text.split(['；', ';', '\n']) {
        let mut part = part.trim();
        loop {
            let bare = strip_picture(strip_bullet(part)).trim_start_matches(['>', ' ']);
            let bare = split_number(bare).1.trim();
            let bare = bare
                .strip_prefix("**")
                .and_then(|b| b.strip_suffix("**"))
                .unwrap_or(bare);
            let bare = kind_of_cause(bare).unwrap_or(bare);
            if bare.len() == part.len() {
                break;
            }
            part = bare;
        }
        let only_marks = part.chars().all(|c| !c.is_alphanumeric());
        if !only_marks && !list.iter().any(|c| c == part) {
            list.push(part.to_owned());
        }
    }
}

/// The cause behind `**主要原因**：`.
fn kind_of_cause(text: &str) -> Option<&str> {
    let (kind, rest) = text.strip_prefix("**")?.split_once("**")?;
    let kind = kind.trim_end_matches(['：', ':']);
    let rest = rest.trim_start_matches(['：', ':', ' ']);
    (kind.ends_with("原因") && kind.chars().count() <= 8 && !rest.is_empty()).then_some(rest)
}

/// Gives a ticket the category of a text; a third level and more are scenarios.
pub(crate) fn set_category(ticket: &mut Ticket, text: &str) {
    if ticket.category.is_some() {
        return;
    }
    let Some(mut found) = category(text) else {
        return;
    };
    let levels: Vec<String> = found
        .issue_type
        .split(['｜', '|', '>', '＞', '→', '»', '›'])
        .map(|level| level.trim_matches(['-', ' ', '\u{3000}']).to_owned())
        .filter(|level| !level.is_empty())
        .collect();
    if let [second, rest @ ..] = levels.as_slice() {
        second.clone_into(&mut found.issue_type);
        for level in rest {
            if !ticket.scenarios.contains(level) {
                ticket.scenarios.push(level.clone());
            }
        }
    }
    ticket.category = Some(found);
}

/// Words that stand where nobody chose a category.
const NO_CATEGORY: [&str; 14] = [
    "未分类",
    "无",
    "暂无",
    "待分类",
    "未知",
    "空",
    "-",
    "—",
    "none",
    "n/a",
    "na",
    "null",
    "unknown",
    "uncategorized",
];

/// Whether a category says that there is none.
fn is_placeholder(category: &Category) -> bool {
    let empty = |word: &str| NO_CATEGORY.contains(&word.to_lowercase().as_str());
    let rest = category.issue_type.as_str();
    empty(&category.product)
        && (rest.is_empty() || empty(rest) || matches!(rest, "其他" | "其它" | "other"))
}

/// Reads `产品｜类型`; the clearest separator of the text splits.
pub(crate) fn category(text: &str) -> Option<Category> {
    const SEPARATORS: [&str; 14] = [
        "｜", "|", " -> ", "->", "→", " > ", "＞", ">", "»", "›", " / ", "/", "／", " - ",
    ];
    let text = text.trim().trim_start_matches("分类：");
    let split = SEPARATORS
        .iter()
        .find_map(|s| text.split_once(s))
        .or_else(|| split_at_dash(text));
    let tidy = |part: &str| {
        part.trim_matches(|c: char| c.is_whitespace() || "｜|>/＞／→»›*`[]【】".contains(c))
            .to_owned()
    };
    let (product, issue_type) = match split {
        Some((product, rest)) => (tidy(product), tidy(rest)),
        None => (tidy(text), String::new()),
    };
    let category = Category {
        product,
        issue_type,
    };
    (!category.product.is_empty() && !is_placeholder(&category)).then_some(category)
}

/// Splits `域名-续费`: a dash between two Chinese words, not the one of `Anti-DDoS`.
fn split_at_dash(text: &str) -> Option<(&str, &str)> {
    let wide = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    text.char_indices()
        .filter(|(_, c)| matches!(c, '-' | '—' | '–' | '·' | '－'))
        .map(|(at, c)| (at, at + c.len_utf8()))
        .filter_map(|(at, end)| Some((text.get(..at)?, text.get(end..)?)))
        .find(|(a, b)| a.ends_with(wide) && b.starts_with(wide))
}

/// Product and type given as fields of their own.
pub(crate) fn fallback_category(
    ticket: &mut Ticket,
    product: Option<String>,
    issue_type: Option<String>,
) {
    let given = ticket.category.take();
    ticket.category = match (given, product.as_deref().and_then(category)) {
        (Some(mut given), product) => {
            if given.issue_type.is_empty() {
                match (product, issue_type) {
                    (Some(product), None) if product.product != given.product => {
                        given = Category {
                            product: product.product,
                            issue_type: given.product,
                        };
                    }
                    (_, Some(t)) => given.issue_type = t,
                    (Some(_) | None, None) => {}
                }
            }
            Some(given)
        }
        (None, Some(mut product)) => {
            if let Some(t) = issue_type.filter(|_| product.issue_type.is_empty()) {
                product.issue_type = t;
            }
            Some(product)
        }
        (None, None) => issue_type.as_deref().and_then(category),
    };
}

/// Merges a conversation with the replies given beside it.
fn merge(mut dialogue: Vec<RawTurn>, replies: Vec<RawTurn>) -> Vec<RawTurn> {
    if dialogue.is_empty() {
        return replies;
    }
    if replies.is_empty() {
        return dialogue;
    }
    let mut places: HashMap<(Speaker, String), VecDeque<usize>> = HashMap::new();
    for (at, turn) in dialogue.iter().enumerate() {
        places
            .entry((turn.speaker, bare(&turn.text)))
            .or_default()
            .push_back(at);
    }
    let mut extra: Vec<(usize, RawTurn)> = Vec::new();
    let mut after = 0;
    for mut reply in replies {
        let exact = places
            .get_mut(&(reply.speaker, bare(&reply.text)))
            .and_then(VecDeque::pop_front);
        match exact.or_else(|| look_alike(&dialogue, &reply, after)) {
            Some(at) => {
                if let Some(turn) = dialogue.get_mut(at) {
                    turn.in_summary = true;
                }
                after = at + 1;
            }
            None => {
                reply.in_summary = true;
                // A reply before any that is known says what the conversation came to.
                let place = if after == 0 { dialogue.len() } else { after };
                extra.push((place, reply));
            }
        }
    }
    let mut out = Vec::with_capacity(dialogue.len() + extra.len());
    extra.sort_by_key(|(place, _)| *place);
    let mut extra = extra.into_iter().peekable();
    for (at, turn) in dialogue.into_iter().enumerate() {
        while let Some((_, reply)) = extra.next_if(|(place, _)| *place <= at) {
            out.push(reply);
        }
        out.push(turn);
    }
    out.extend(extra.map(|(_, reply)| reply));
    out
}

fn bare(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// A turn that says nearly the same, at or after the last one matched.
fn look_alike(dialogue: &[RawTurn], reply: &RawTurn, after: usize) -> Option<usize> {
    dialogue
        .iter()
        .enumerate()
        .skip(after)
        .take(MAX_COMPARED)
        .filter(|(_, t)| !t.in_summary && t.speaker == reply.speaker)
        .find(|(_, t)| {
            holds(&t.text, &reply.text) || similarity(&t.text, &reply.text) >= SAME_REPLY
        })
        .map(|(at, _)| at)
}

/// Whether a turn says all of a reply: a summary leaves greetings and asides away.
fn holds(turn: &str, reply: &str) -> bool {
    let bare = |text: &str| -> String { text.chars().filter(|c| c.is_alphanumeric()).collect() };
    let reply = bare(reply);
    reply.chars().count() >= 5 && bare(turn).contains(&reply)
}

/// Makes turns of their own of the notes within what agents said.
fn part_notes(turns: Vec<RawTurn>) -> Vec<RawTurn> {
    let mut out: Vec<RawTurn> = Vec::with_capacity(turns.len());
    for mut turn in turns {
        let at = (turn.speaker != Speaker::Customer).then(|| note_start(&turn.text));
        let Some(at) = at.flatten() else {
            out.push(turn);
            continue;
        };
        let (before, note) = turn.text.split_at(at);
        let lines = u32::try_from(before.matches('\n').count()).unwrap_or(u32::MAX);
        let note = RawTurn {
            speaker: Speaker::Internal,
            text: note.to_owned(),
            line: turn.line.saturating_add(lines),
            in_summary: false,
            name: turn.name.clone(),
        };
        turn.text = before.trim_end().to_owned();
        if !turn.text.is_empty() {
            out.push(turn);
        }
        out.push(note);
    }
    out
}

/// Where a note begins in what somebody said: it lasts to the end.
pub(crate) fn note_start(text: &str) -> Option<usize> {
    if is_note(text) {
        return Some(0);
    }
    let mut at = 0;
    for line in text.split('\n') {
        if begins_note(line) {
            return Some(at);
        }
        at += line.len() + 1;
    }
    None
}

fn set_turns(out: &mut Assembled, turns: Vec<RawTurn>) {
    for turn in turns {
        out.turn_lines.push(turn.line);
        out.ticket.dialogue.push(Turn {
            speaker: turn.speaker,
            name: turn.name,
            text: turn.text,
            in_summary: turn.in_summary,
        });
    }
}

fn set_title(out: &mut Assembled, draft: &Draft, profile: &DocumentProfile, table: &LabelTable) {
    let raw = draft.title.as_deref();
    let title = raw.map(|t| tidy_title(t, profile.numbered_titles));
    out.ticket.title = title.unwrap_or_default();
    // Questions and answers without headings: the question is its own title.
    if raw.is_none() && !out.ticket.question.is_empty() && profile.level.is_none() {
        let section = draft.sections.iter().find(|s| !s.text.trim().is_empty());
        let short = section
            .filter(|s| s.field.is_none() && s.heading.is_empty() && draft.has(Field::Question));
        let source = short.map_or_else(
            || out.ticket.question.clone(),
            |s| unescape_block(&s.text, table),
        );
        out.ticket.title = first_words(&source);
    }
}

/// The first line of a text, cut to a title's length.
pub(crate) fn first_words(text: &str) -> String {
    let line = text
        .lines()
        .map(str::trim)
        .find(|l| !l.is_empty())
        .unwrap_or_default();
    let mut title: String = line.chars().take(TITLE_CHARS).collect();
    if title.len() < line.len() {
        title.push('…');
    }
    title
}

/// Strips the numbering of a title and keeps its text.
pub(crate) fn tidy_title(raw: &str, numbered: bool) -> String {
    let text = raw.trim();
    if let Some(literal) = text.strip_prefix('\\') {
        return literal.to_owned();
    }
    let bare = text
        .strip_prefix("**")
        .and_then(|t| t.strip_suffix("**"))
        .unwrap_or(text)
        .trim();
    let mut rest = bare;
    if title_number(rest).is_some() {
        rest = strip_picture(rest);
    }
    if numbered {
        rest = split_number(rest).1;
    }
    if let Some((_, after)) = title_number(rest) {
        rest = after;
    } else if let Some(after) = title_prefix(rest) {
        rest = after;
    }
    let rest = rest.trim();
    if rest.is_empty() {
        bare.to_owned()
    } else {
        rest.to_owned()
    }
}
