//! Replies and conversations: one section's text becomes turns.

use crate::model::Speaker;

use super::labels::LabelTable;
use super::line::{Shape, SpeakerLine, shape, speaker};
use super::marker::{Marker, marker};
use super::profile::DocumentProfile;
use super::raw::RawSection;

/// A turn with the line it begins on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RawTurn {
    /// Who spoke.
    pub(crate) speaker: Speaker,
    /// The name beside the role.
    pub(crate) name: Option<String>,
    /// What was said, escapes taken off.
    pub(crate) text: String,
    /// Line of its first character, from 1.
    pub(crate) line: u32,
    /// Whether a repeated conversation also gave it as a reply.
    pub(crate) in_summary: bool,
}

/// How the Markdown export begins a note.
const EXPORTED_NOTE: &str = "**内部备注";

/// What a section is read with.
pub(crate) struct Layout<'a> {
    /// The labels and speakers.
    pub(crate) table: &'a LabelTable,
    /// The document's profile.
    pub(crate) profile: &'a DocumentProfile,
}

impl Layout<'_> {
    /// Reads a section of replies: whoever is not named is the agent.
    pub(crate) fn replies(&self, section: &RawSection) -> Vec<RawTurn> {
        let lines = numbered_lines(section);
        if let Some(turns) = self.conversation(&lines, Speaker::Agent) {
            return turns;
        }
        // `回复 2` as a label of its own holds exactly one reply.
        if section.numbered {
            let texts: Vec<String> = lines.iter().map(|(_, l)| unescape(l, self.table)).collect();
            let mut turns = vec![agent(texts.join("\n"), section.line)];
            trim_turns(&mut turns);
            return turns;
        }
        if let Some(turns) = self.list(&lines) {
            return turns;
        }
        self.paragraphs(&lines)
    }

    /// Reads a conversation; without speakers it reads as replies do.
    pub(crate) fn dialogue(&self, section: &RawSection) -> Vec<RawTurn> {
        let lines = numbered_lines(section);
        self.conversation(&lines, Speaker::Other)
            .unwrap_or_else(|| self.replies(section))
    }

    /// Turns by speaker; `None` when this is no conversation.
    fn conversation(&self, lines: &[(u32, &str)], unnamed: Speaker) -> Option<Vec<RawTurn>> {
        let first = lines.iter().position(|(_, l)| !l.trim().is_empty())?;
        let head = lines.get(first)?.1;
        let said = |mark: &SpeakerLine<'_>| mark.speaker != Speaker::Internal;
        // A note among the replies makes no conversation of them; our own export writes one bold.
        let begins = speaker(head, self.table)
            .is_some_and(|mark| said(&mark) || head.starts_with(EXPORTED_NOTE));
        if !begins {
            let marks = lines
                .iter()
                .filter_map(|(_, l)| speaker(l, self.table))
                .filter(said);
            let (mut count, mut strong) = (0, false);
            for mark in marks.take(2) {
                count += 1;
                strong |= mark.strong;
            }
            if count < 2 && !strong {
                return None;
            }
        }
        let mut turns: Vec<RawTurn> = Vec::new();
        let mut quoted = false;
        for (line, text) in lines {
            if let Some(mark) = speaker(text, self.table) {
                quoted = text.trim_start().starts_with('>');
                turns.push(RawTurn {
                    speaker: mark.speaker,
                    name: mark.name,
                    text: mark.text.trim_end().to_owned(),
                    line: *line,
                    in_summary: false,
                });
                continue;
            }
            match turns.last_mut() {
                Some(turn) => {
                    // A turn in a quotation goes on in it.
                    let text = text
                        .strip_prefix('>')
                        .filter(|_| quoted)
                        .map_or(*text, |bare| bare.strip_prefix(' ').unwrap_or(bare));
                    turn.text.push('\n');
                    turn.text.push_str(&unescape(text, self.table));
                }
                None if text.trim().is_empty() => {}
                None => turns.push(RawTurn {
                    speaker: unnamed,
                    name: None,
                    text: unescape(text, self.table),
                    line: *line,
                    in_summary: false,
                }),
            }
        }
        trim_turns(&mut turns);
        Some(turns)
    }

    /// Items of a list that is this document's way of listing replies.
    fn list(&self, lines: &[(u32, &str)]) -> Option<Vec<RawTurn>> {
        let first = lines.iter().position(|(_, l)| !l.trim().is_empty())?;
        let (kind, number, _) = marker(lines.get(first)?.1)?;
        if number.is_some_and(|n| n != 1) || !self.profile.lists_with(kind) {
            return None;
        }
        let starts = item_starts(lines, first, kind);
        let mut turns = Vec::with_capacity(starts.len());
        for (at, start) in starts.iter().enumerate() {
            let end = starts.get(at + 1).copied().unwrap_or(lines.len());
            let (line, head) = lines.get(*start)?;
            let (_, _, rest) = marker(head)?;
            let mut text = rest.trim_end().to_owned();
            let body = lines.get(start + 1..end).unwrap_or_default();
            let indent = common_indent(body);
            for (_, more) in body {
                text.push('\n');
                text.push_str(&unescape(
                    more.get(indent.min(more.len() - more.trim_start().len())..)
                        .unwrap_or(more),
                    self.table,
                ));
            }
            turns.push(agent(text, *line));
        }
        trim_turns(&mut turns);
        Some(turns)
    }

    /// Paragraphs between blank lines; where a document has none, every line is a reply.
    fn paragraphs(&self, lines: &[(u32, &str)]) -> Vec<RawTurn> {
        let quoted = lines
            .iter()
            .filter(|(_, l)| !l.trim().is_empty())
            .all(|(_, l)| l.trim_start().starts_with('>'));
        let mut turns: Vec<RawTurn> = Vec::new();
        let (mut open, mut fence) = (false, false);
        for (line, text) in lines {
            let text = if quoted {
                text.trim_start().trim_start_matches('>').trim_start()
            } else {
                text
            };
            let blank = text.trim().is_empty();
            if shape(text, self.table) == Shape::Fence {
                fence = !fence;
            }
            let goes_on = open
                && (fence || self.profile.blank_lines || continues(turns.last(), text))
                || !open && !blank && is_step(turns.last(), text);
            match turns.last_mut() {
                _ if blank && !fence => open = false,
                Some(turn) if goes_on => {
                    turn.text.push_str(if open { "\n" } else { "\n\n" });
                    open = true;
                    turn.text.push_str(&unescape(text, self.table));
                }
                _ => {
                    turns.push(agent(unescape(text, self.table), *line));
                    open = true;
                }
            }
        }
        trim_turns(&mut turns);
        turns
    }
}

/// Whether a line goes on with the reply above where no blank line says so.
fn continues(last: Option<&RawTurn>, text: &str) -> bool {
    let open = last.is_some_and(|t| t.text.ends_with(['：', ':', '，', ',', '、', '（', '(']));
    let step = marker(text).is_some_and(|(_, n, _)| n != Some(1)) || text.starts_with([' ', '\t']);
    open || step
}

/// Whether a paragraph is a step of the list that the reply above has announced.
fn is_step(last: Option<&RawTurn>, text: &str) -> bool {
    let (Some(last), Some((kind, number, _))) = (last, marker(text)) else {
        return false;
    };
    let line = last.text.lines().next_back().unwrap_or_default();
    let announced = last
        .text
        .lines()
        .any(|l| l.trim_end().ends_with(['：', ':']));
    match number {
        Some(1) | None if line.trim_end().ends_with(['：', ':']) => true,
        Some(1) => false,
        Some(n) => {
            let before = last.text.lines().filter_map(marker).rfind(|m| m.0 == kind);
            announced && before.is_some_and(|m| m.1 == Some(n - 1))
        }
        None => announced && marker(line).is_some_and(|m| m.0 == kind),
    }
}

fn agent(text: String, line: u32) -> RawTurn {
    RawTurn {
        speaker: Speaker::Agent,
        name: None,
        text,
        line,
        in_summary: false,
    }
}

/// Lines on which items begin: numbers count up from 1, and a list inside an item keeps its own.
fn item_starts(lines: &[(u32, &str)], first: usize, kind: Marker) -> Vec<usize> {
    let marked: Vec<(usize, Option<u32>)> = lines
        .iter()
        .enumerate()
        .skip(first)
        .filter_map(|(at, (_, l))| marker(l).filter(|m| m.0 == kind).map(|m| (at, m.1)))
        .collect();
    if kind == Marker::Bullet {
        return marked.into_iter().map(|(at, _)| at).collect();
    }
    // Markdown numbers a list whose items all say 1.
    if marked.len() >= 2 && marked.iter().all(|(_, number)| *number == Some(1)) {
        return marked.into_iter().map(|(at, _)| at).collect();
    }
    // How often each number still comes: a nested list takes a number only while another remains.
    let mut left: std::collections::HashMap<u32, u32> = std::collections::HashMap::new();
    for (_, number) in &marked {
        *left.entry(number.unwrap_or(0)).or_insert(0) += 1;
    }
    let (mut starts, mut expected, mut nested) = (Vec::new(), 1, None);
    for (at, number) in marked {
        let Some(number) = number else { continue };
        if let Some(n) = left.get_mut(&number) {
            *n -= 1;
        }
        let comes_again = left.get(&number).is_some_and(|n| *n > 0);
        if number == expected && !(nested == Some(number) && comes_again) {
            starts.push(at);
            expected += 1;
            nested = None;
        } else if number == 1 {
            nested = Some(2);
        } else if nested == Some(number) {
            nested = Some(number + 1);
        }
    }
    starts
}

fn common_indent(lines: &[(u32, &str)]) -> usize {
    lines
        .iter()
        .filter(|(_, l)| !l.trim().is_empty())
        .map(|(_, l)| l.len() - l.trim_start_matches([' ', '\t']).len())
        .min()
        .unwrap_or(0)
        .min(4)
}

fn numbered_lines(section: &RawSection) -> Vec<(u32, &str)> {
    (section.line..).zip(section.text.split('\n')).collect()
}

/// Trims the texts, keeps their lines true, drops what is empty.
pub(crate) fn trim_turns(turns: &mut Vec<RawTurn>) {
    for turn in turns.iter_mut() {
        let (skipped, text) = trim_block(&turn.text);
        turn.line += skipped;
        if text.len() != turn.text.len() {
            turn.text = text.to_owned();
        }
    }
    turns.retain(|turn| !turn.text.is_empty());
}

/// Trims a block, and counts the lines that went from its front.
pub(crate) fn trim_block(text: &str) -> (u32, &str) {
    let bare = text.trim_start();
    let gone = text.get(..text.len() - bare.len()).unwrap_or_default();
    let lines = gone.bytes().filter(|b| *b == b'\n').count();
    (u32::try_from(lines).unwrap_or(u32::MAX), bare.trim_end())
}

/// Whether a line would be taken for structure, had it no backslash before it.
pub(crate) fn is_structural(line: &str, table: &LabelTable) -> bool {
    let text = line.trim_start();
    let Some(first) = text.chars().next() else {
        return false;
    };
    let marked = matches!(
        first,
        '#' | '-' | '*' | '_' | '=' | '`' | '~' | '|' | '>' | '【' | '—' | '─' | '－' | '━' | '＝'
    );
    marked
        || !matches!(shape(text, table), Shape::Text | Shape::Blank)
        || speaker(text, table).is_some()
}

/// Takes the escape off a line: a backslash before what would be structure.
pub(crate) fn unescape(line: &str, table: &LabelTable) -> String {
    let text = line.trim_start();
    if let Some(rest) = text.strip_prefix('\\')
        && is_structural(rest.trim_start_matches('\\'), table)
    {
        let indent = line.get(..line.len() - text.len()).unwrap_or_default();
        return format!("{indent}{rest}");
    }
    line.to_owned()
}

/// Puts an escape on a line that would be taken for structure; [`unescape`] takes it off.
pub(crate) fn escape(line: &str, table: &LabelTable) -> String {
    let text = line.trim_start();
    if is_structural(text.trim_start_matches('\\'), table) {
        let indent = line.get(..line.len() - text.len()).unwrap_or_default();
        return format!("{indent}\\{text}");
    }
    line.to_owned()
}

/// Takes the escapes off every line of a block.
pub(crate) fn unescape_block(text: &str, table: &LabelTable) -> String {
    if !text.contains('\\') {
        return text.to_owned();
    }
    text.split('\n')
        .map(|l| unescape(l, table))
        .collect::<Vec<_>>()
        .join("\n")
}
