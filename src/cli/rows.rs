//! Rows of tickets and passages for people.

use super::context::Context;
use super::failure::Failure;
use super::output::{Line, Style, Table};
use super::say::say;
use crate::api::{CauseTag, PassageRow, Row, TicketRow};
use crate::model::{CauseState, MatchSection, Relaxed, SectionCount, TicketId};
use crate::words::{self, Lang, Msg, Word, names};

/// Columns by which the second line of a hit is indented.
const INDENT: &str = "        ";

/// Writes rows as a table: lists.
///
/// # Errors
/// When standard output cannot be written.
pub fn table(cx: &mut Context, rows: &[Row]) -> Result<(), Failure> {
    let lang = cx.lang;
    let mut table = match lang {
        Lang::Zh => Table::new(&["编号", "标题", "分类", "根因"], 1),
        Lang::En => Table::new(&["ID", "title", "category", "cause"], 1),
    };
    for row in rows {
        table.row(match row {
            Row::Ticket(ticket) => vec![
                Line::styled(Style::Faint, &ticket.short_id),
                Line::plain(title(ticket, lang)),
                Line::plain(category(ticket)),
                causes(ticket, lang),
            ],
            Row::Passage(passage) => vec![
                Line::styled(Style::Faint, &passage.id),
                Line::plain(passage_title(passage)),
                Line::plain(words::word(lang, Word::Article)),
                Line::plain(""),
            ],
        });
    }
    cx.out.table(table)
}

/// Writes rows with the passage that matched, under the headings of their sections where some
/// match only in part: searches.
///
/// # Errors
/// When standard output cannot be written.
pub fn hits(cx: &mut Context, rows: &[Row], sections: &[SectionCount]) -> Result<(), Failure> {
    let lang = cx.lang;
    let divided = rows.iter().any(|row| {
        matches!(
            section(row),
            Some(MatchSection::Part | MatchSection::Meaning)
        )
    });
    let partial = sections
        .iter()
        .any(|count| count.section == MatchSection::Part);
    let mut last = None;
    for row in rows {
        let own = section(row).filter(|_| divided);
        // One list: what only means the like says so itself.
        let own = own.map(|own| match own {
            MatchSection::Meaning if partial => MatchSection::Part,
            MatchSection::All | MatchSection::Part | MatchSection::Meaning => own,
        });
        if let Some(own) = own.filter(|_| own != last) {
            let count = sections.iter().find(|count| count.section == own);
            cx.out
                .fitted(Line::styled(Style::Faint, heading(own, count, lang)))?;
        }
        last = own;
        match row {
            Row::Ticket(ticket) => {
                let head = Line::styled(Style::Faint, format!("{}  ", ticket.short_id))
                    .marked(
                        Style::Strong,
                        &title(ticket, lang),
                        &ticket.title_highlights,
                    )
                    .with(Style::Faint, format!("  {}  ", category(ticket)))
                    .join(causes(ticket, lang))
                    .with(Style::Faint, missing(&ticket.missing, lang))
                    .with(Style::Faint, near(ticket, lang));
                cx.out.fitted(head)?;
                outdated(cx, &ticket.outdated, ticket.successor)?;
                match ticket.near.is_empty() {
                    true => snippet(cx, &ticket.snippet, &ticket.highlights)?,
                    false => snippet(cx, &ticket.near, &[])?,
                }
            }
            Row::Passage(passage) => {
                let source = [
                    words::word(lang, Word::Article).to_owned(),
                    passage.source.clone(),
                    passage.date.map(|d| d.to_string()).unwrap_or_default(),
                ];
                let source = source.iter().filter(|s| !s.is_empty());
                let source = source.cloned().collect::<Vec<_>>().join(" ");
                let head = Line::styled(Style::Faint, format!("{}  ", passage.id))
                    .with(Style::Strong, passage_title(passage))
                    .with(Style::Faint, format!("  {source}"))
                    .with(Style::Faint, missing(&passage.missing, lang));
                cx.out.fitted(head)?;
                outdated(cx, &passage.outdated, passage.successor)?;
                snippet(cx, &passage.snippet, &passage.highlights)?;
            }
        }
    }
    Ok(())
}

/// Says that something must not be followed any more, where that is so.
///
/// # Errors
/// When standard output cannot be written.
pub fn outdated(cx: &mut Context, why: &str, heir: Option<TicketId>) -> Result<(), Failure> {
    if why.is_empty() {
        return Ok(());
    }
    let heir = heir.map(|id| id.to_string()).unwrap_or_default();
    let said = words::outdated(cx.lang, why, &heir);
    cx.out.line(&Line::plain(INDENT).with(Style::Warn, said))
}

fn snippet(cx: &mut Context, text: &str, ranges: &[(usize, usize)]) -> Result<(), Failure> {
    if text.is_empty() {
        return Ok(());
    }
    cx.out
        .fitted(Line::plain(INDENT).marked(Style::Plain, text, ranges))
}

/// The title, or a word for its absence.
pub fn title(ticket: &TicketRow, lang: Lang) -> String {
    if ticket.title.is_empty() {
        words::word(lang, Word::Untitled).to_owned()
    } else {
        ticket.title.clone()
    }
}

/// `产品｜类型` of a row; empty where there is none.
pub fn category(ticket: &TicketRow) -> String {
    if ticket.issue_type.is_empty() {
        ticket.product.clone()
    } else {
        format!("{}｜{}", ticket.product, ticket.issue_type)
    }
}

/// The causes of a row with what is known of them.
pub fn causes(ticket: &TicketRow, lang: Lang) -> Line {
    let joined = joined(&ticket.causes);
    let doubt = ticket.suspect || ticket.disputed || ticket.misfiled || !ticket.outdated.is_empty();
    let line = match ticket.cause_state {
        CauseState::None | CauseState::Placeholder => Line::styled(
            Style::Faint,
            names::cause_state(lang, ticket.cause_state.name()),
        ),
        CauseState::Given => Line::plain(joined),
        CauseState::Confirmed if joined.is_empty() => {
            Line::plain(say!(lang, "✓ 确认无根因", "✓ confirmed: none"))
        }
        CauseState::Confirmed => Line::plain(format!("✓ {joined}")),
    };
    if !doubt {
        return line;
    }
    line.with(Style::Warn, doubts(ticket, lang))
}

fn doubts(ticket: &TicketRow, lang: Lang) -> String {
    let badges = [
        (ticket.suspect, Word::Suspect),
        (ticket.disputed, Word::Disputed),
        (ticket.misfiled, Word::Misfiled),
        (!ticket.outdated.is_empty(), Word::Outdated),
    ];
    let worn = badges.iter().filter(|(worn, _)| *worn);
    worn.map(|(_, badge)| format!(" {}", words::word(lang, *badge)))
        .collect()
}

fn joined(causes: &[CauseTag]) -> String {
    let names: Vec<&str> = causes.iter().map(|cause| cause.name.as_str()).collect();
    names.join("；")
}

/// Article and heading of a passage.
pub fn passage_title(passage: &PassageRow) -> String {
    if passage.heading.is_empty() {
        passage.article.clone()
    } else {
        format!("{} › {}", passage.article, passage.heading)
    }
}

fn section(row: &Row) -> Option<MatchSection> {
    match row {
        Row::Ticket(ticket) => ticket.section,
        Row::Passage(passage) => passage.section,
    }
}

fn heading(section: MatchSection, count: Option<&SectionCount>, lang: Lang) -> String {
    let number = count.map_or(0, |count| count.count);
    let plus = match count {
        Some(count) if count.more => "+",
        Some(_) | None => "",
    };
    match section {
        MatchSection::All => say!(
            lang,
            "全部匹配 {number}{plus} 条",
            "All words: {number}{plus}"
        ),
        MatchSection::Part => say!(
            lang,
            "部分匹配 {number}{plus} 条",
            "Some of the words: {number}{plus}"
        ),
        MatchSection::Meaning => say!(lang, "近义 {number}{plus} 条", "Near: {number}{plus}"),
    }
}

/// What a row does not have of the query; nothing where it has all of it.
fn missing(words: &[String], lang: Lang) -> String {
    match words {
        [] => String::new(),
        words => {
            let list = words.join(" ");
            say!(lang, "  缺 {list}", "  without {list}")
        }
    }
}

/// Marks a row that was found by meaning.
fn near(ticket: &TicketRow, lang: Lang) -> &'static str {
    match ticket.near.is_empty() {
        true => "",
        false => lang.pick("  近义", "  near"),
    }
}

/// How a query was relaxed, in words.
pub fn relaxed(relaxed: &Relaxed, lang: Lang) -> String {
    let dropped = relaxed.dropped.join(" ");
    let how = names::relaxed(lang, &relaxed.kind);
    words::text(
        lang,
        &if relaxed.dropped.is_empty() {
            Msg::Relaxed { how }
        } else {
            Msg::RelaxedDropped { words: &dropped }
        },
    )
}
