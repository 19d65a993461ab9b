//! What should be looked at before a reply is sent: each place made visible, and masked, made a
//! blank or left as it is.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::reply_form::ReplyForm;
use super::{Next, Outcome, Overlay, Work, frame};
use crate::api::{Compose, Draft, DraftFinding, DraftOf};
use crate::keymap::Action;
use crate::tui::flow::Flow;
use crate::tui::hint::Hint;
use crate::tui::line::{clean, cut, put};
use crate::tui::look::Look;
use crate::tui::msg::CopyWhat;
use crate::tui::say;
use crate::tui::step::{ReplyStep, Step, moved};
use crate::tui::view::View;
use crate::words::{self, Count, Msg, Word, word};

/// The overlay's state. The text itself stays as it came; what is done to places lies beside it,
/// so that each can be taken back.
#[derive(Debug)]
pub struct Guard {
    /// What was to be copied.
    pub compose: Compose,
    /// The text and what was found in it.
    pub draft: Draft,
    /// The finding under the cursor.
    pub at: usize,
    fixes: Vec<Option<Fix>>,
}

/// What is done to a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fix {
    /// A mark stands in its place.
    Mask,
    /// A blank stands in its place, to be filled before the copy.
    Slot,
}

/// A piece of the text as it will be copied.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    /// What was found and is left, by number.
    Open(usize, String),
    /// What stands in the place of something hidden.
    Mask(usize, String),
    /// A blank, by name.
    Slot(usize, String),
}

impl Guard {
    /// Nothing is done to any finding yet.
    pub fn new(compose: Compose, draft: Draft) -> Self {
        let fixes = vec![None; draft.findings.len()];
        Self {
            compose,
            draft,
            at: 0,
            fixes,
        }
    }

    /// Does something to the finding under the cursor, or takes it back, and goes to the next
    /// one that is left. A blank takes the place of a value wherever it stands.
    fn fix(&mut self, fix: Fix) {
        let Some(now) = self.fixes.get(self.at).copied() else {
            return;
        };
        let next = (now != Some(fix)).then_some(fix);
        let value = self.value(self.at).to_owned();
        let everywhere = fix == Fix::Slot || now == Some(Fix::Slot);
        for (at, found) in self.draft.findings.iter().enumerate() {
            if at == self.at || everywhere && found.value == value {
                self.fixes[at] = next;
            }
        }
        if next.is_some()
            && let Some(open) = self.open_ones().into_iter().find(|at| *at > self.at)
        {
            self.at = open;
        }
    }

    /// Masks all that is left.
    fn mask_all(&mut self) {
        for fix in &mut self.fixes {
            fix.get_or_insert(Fix::Mask);
        }
    }

    /// Whether something was done to the text.
    fn is_changed(&self) -> bool {
        self.fixes.iter().any(Option::is_some)
    }

    /// How much of what was found is left.
    fn open(&self) -> usize {
        self.open_ones().len()
    }

    /// The text as it stands now: `{{名称}}` are slots, `\{{` is `{{`.
    fn source(&self) -> String {
        use crate::text::template::{escape, written};
        let piece = |piece: Piece| match piece {
            Piece::Text(text) | Piece::Open(_, text) | Piece::Mask(_, text) => escape(&text),
            Piece::Slot(_, name) => written(&name),
        };
        self.pieces().into_iter().map(piece).collect()
    }

    /// The copy that Enter makes: whatever is left is copied anyway.
    fn copy(&self) -> CopyWhat {
        let anyway = self.open() > 0
            || !self.draft.outdated.is_empty()
            || self.draft.retired
            || !self.is_changed();
        let compose = if self.is_changed() {
            self.changed(self.source())
        } else {
            self.compose.clone()
        };
        CopyWhat {
            anyway,
            ..CopyWhat::from(compose)
        }
    }

    /// The copy with another text.
    fn changed(&self, text: String) -> Compose {
        Compose {
            of: DraftOf::Changed {
                text,
                of: Box::new(self.compose.of.clone()),
            },
            ..self.compose.clone()
        }
    }

    fn value(&self, at: usize) -> &str {
        let found = self.draft.findings.get(at);
        found.map_or("", |found| found.value.as_str())
    }

    fn open_ones(&self) -> Vec<usize> {
        let open = self.pieces().into_iter().filter_map(|piece| match piece {
            Piece::Open(at, _) => Some(at),
            Piece::Text(_) | Piece::Mask(..) | Piece::Slot(..) => None,
        });
        open.collect()
    }

    /// What masks hide, joined where they overlap: first and last character, and which.
    fn hidden(&self) -> Vec<(usize, usize, usize)> {
        let fixed = self.draft.findings.iter().zip(&self.fixes).enumerate();
        let masked = fixed.filter(|(_, (_, fix))| **fix == Some(Fix::Mask));
        let mut ranges: Vec<(usize, usize, usize)> = masked
            .map(|(at, (found, _))| (found.hidden_start, found.hidden_end, at))
            .collect();
        ranges.sort_unstable();
        let mut joined: Vec<(usize, usize, usize)> = Vec::new();
        for (start, end, at) in ranges {
            match joined.last_mut() {
                Some(last) if start < last.1 => last.1 = last.1.max(end),
                _ => joined.push((start, end, at)),
            }
        }
        joined
    }

    fn pieces(&self) -> Vec<Piece> {
        let hidden = self.hidden();
        let covered = |found: &DraftFinding| {
            let covers =
                |range: &(usize, usize, usize)| found.start < range.1 && range.0 < found.end;
            hidden.iter().any(covers)
        };
        let shown = self.draft.findings.iter().enumerate();
        let shown = shown.filter(|(_, found)| !covered(found));
        let mut places: Vec<(usize, usize, Piece)> = shown
            .map(|(at, found)| {
                let piece = match self.fixes.get(at).copied().flatten() {
                    Some(Fix::Slot) => Piece::Slot(at, found.slot.clone()),
                    Some(Fix::Mask) | None => Piece::Open(at, found.value.clone()),
                };
                (found.start, found.end, piece)
            })
            .collect();
        places.extend(hidden.iter().map(|(start, end, at)| {
            let mask = self.draft.findings.get(*at);
            let mask = mask.map_or_else(String::new, |found| found.mask.clone());
            (*start, *end, Piece::Mask(*at, mask))
        }));
        places.sort_by_key(|(start, _, _)| *start);
        let mut out = Vec::new();
        let mut rest = self.draft.text.chars();
        let mut now = 0;
        for (start, end, piece) in places {
            let before: String = rest.by_ref().take(start.saturating_sub(now)).collect();
            rest.by_ref().take(end - start).for_each(drop);
            out.extend([Piece::Text(before), piece]);
            now = end;
        }
        out.push(Piece::Text(rest.collect()));
        out
    }
}

impl Overlay for Guard {
    fn footer(&self) -> Vec<Hint> {
        let copy = if self.copy().anyway {
            Word::DoCopyAnyway
        } else {
            Word::DoCopy
        };
        vec![
            Hint::new(Action::Confirm, copy),
            Action::MaskFinding.into(),
            Action::MakeSlot.into(),
            Action::EditText.into(),
            Action::MaskAll.into(),
            Hint::new(Action::NextField, Word::DoNextFinding),
            Action::Cancel.into(),
        ]
    }

    /// Enter copies, whatever is left.
    fn step(&mut self, step: Step, view: &View<'_>) -> Outcome {
        let count = self.draft.findings.len();
        match step {
            Step::Confirm => return Outcome::submit(Work::Copy(self.copy())),
            Step::Move(way) => self.at = moved(self.at, way, count, count),
            Step::Next | Step::Toggle => self.at = (self.at + 1) % count.max(1),
            Step::Previous => self.at = (self.at + count.max(1) - 1) % count.max(1),
            Step::Reply(ReplyStep::Mask) => self.fix(Fix::Mask),
            Step::Reply(ReplyStep::MaskAll) => self.mask_all(),
            Step::Reply(ReplyStep::Slot) => self.fix(Fix::Slot),
            Step::Reply(ReplyStep::Edit) => {
                let compose = self.changed(String::new());
                let form = ReplyForm::once(compose, &self.source(), view.look);
                return Outcome::new(Next::GiveWay(Box::new(form)));
            }
            Step::Reply(ReplyStep::Original) => {
                let what = CopyWhat::from(self.compose.clone()).original();
                return Outcome::submit(Work::Copy(what));
            }
            Step::Reply(ReplyStep::Favourite | ReplyStep::Promote | ReplyStep::Menu)
            | Step::Cancel
            | Step::Create
            | Step::Delete(_) => {}
        }
        Outcome::stay()
    }

    fn render(&self, view: &View<'_>, screen: Rect, buffer: &mut Buffer) -> Option<(u16, u16)> {
        let look = view.look;
        let title = word(look.lang, Word::GuardTitle);
        let width = frame::inner_columns(screen, 90);
        let around = warnings(look, self, width).len() + 2;
        let lines = frame::lines_of(look, &self.draft.text, width) + around;
        let area = frame::middle(screen, 90, frame::rows_for(lines, 30));
        let inner = frame::open(look, area, title, buffer);
        if inner.height < 2 {
            return None;
        }
        let inset = Rect {
            x: inner.x + 1,
            width: inner.width.saturating_sub(2),
            ..inner
        };
        let above = warnings(look, self, inset.width.into());
        // The text is what matters on a small screen.
        let kept = above.len().min(usize::from(inset.height) / 2);
        for (line, y) in above.iter().take(kept).zip(0..) {
            put(buffer, inset, y, line);
        }
        let rest = frame::below(inset, u16::try_from(kept).unwrap_or(0));
        let text = Rect {
            height: rest.height.saturating_sub(1),
            ..rest
        };
        draw_text(look, self, text, buffer);
        let left = match (self.open(), self.draft.findings.is_empty()) {
            (0, true) => word(look.lang, Word::CopyAnyway).to_owned(),
            (0, false) => word(look.lang, Word::CopyNow).to_owned(),
            (n, _) => words::text(look.lang, &Msg::StillOpen { n: Count(n) }),
        };
        let left = cut(&left, inset.width.into(), &look.glyphs);
        let last = frame::below(inset, inset.height - 1);
        put(
            buffer,
            last,
            0,
            &Line::from(Span::styled(left, look.theme.dim)),
        );
        None
    }
}

fn warnings(look: &Look, guard: &Guard, width: usize) -> Vec<Line<'static>> {
    let theme = &look.theme;
    let draft = &guard.draft;
    let mut flow = Flow::new(width, look.glyphs);
    if let Some(found) = draft.findings.get(guard.at) {
        let found = [(found.kind.as_str(), found.value.as_str())].into_iter();
        let what = words::findings(look.lang, found);
        let (at, of) = (guard.at + 1, draft.findings.len());
        let what = Msg::FindingOf {
            at,
            of,
            what: &what,
        };
        flow.text(&words::text(look.lang, &what), theme.warn);
    }
    if !draft.outdated.is_empty() {
        let heir = draft.successor.as_deref().unwrap_or_default();
        flow.text(
            &words::outdated(look.lang, &draft.outdated, heir),
            theme.bad,
        );
    }
    if draft.retired {
        flow.text(word(look.lang, Word::Retired), theme.bad);
    }
    if !draft.broken_links.is_empty() {
        let links = say::list(look.lang, &draft.broken_links);
        let words = say::labelled(look.lang, Word::BrokenLinks, &links);
        flow.text(&words, theme.warn);
    }
    for note in say::provenance(look.lang, draft) {
        flow.text(&note, theme.dim);
    }
    flow.blank();
    flow.lines
}

fn draw_text(look: &Look, guard: &Guard, area: Rect, buffer: &mut Buffer) {
    let theme = &look.theme;
    let style = |at: usize, style: Style| {
        if at == guard.at {
            theme.selected
        } else {
            style
        }
    };
    let pieces: Vec<(String, Style)> = guard
        .pieces()
        .into_iter()
        .map(|piece| match piece {
            Piece::Text(text) => (text, theme.text),
            Piece::Open(at, text) => (text, style(at, theme.hit)),
            Piece::Mask(at, text) => (text, style(at, theme.dim)),
            Piece::Slot(at, name) => (format!("【{}】", clean(&name)), style(at, theme.key)),
        })
        .collect();
    let mut flow = Flow::new(area.width.into(), look.glyphs);
    flow.pieces(&pieces);
    let current = flow
        .lines
        .iter()
        .position(|line| line.spans.iter().any(|span| span.style == theme.selected));
    let seen = frame::window(
        flow.lines.len(),
        current.unwrap_or(0),
        usize::from(area.height),
    );
    for (line, y) in flow.lines.get(seen).unwrap_or_default().iter().zip(0..) {
        put(buffer, area, y, line);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::fake_desk::draft;

    /// A finding of a draft's text; a mask hides the whole of it.
    fn found(text: &str, value: &str, nth: usize) -> DraftFinding {
        let before: Vec<&str> = text.split(value).take(nth + 1).collect();
        let start = before.join(value).chars().count();
        let end = start + value.chars().count();
        DraftFinding {
            start,
            end,
            value: value.into(),
            kind: "domain".into(),
            hidden_start: start,
            hidden_end: end,
            mask: "***".into(),
            slot: "域名".into(),
        }
    }

    fn guard() -> Guard {
        let text = "请把 a.fig.test 解析到 b.fig.test，再打开 a.fig.test，明天会好。";
        let promise = found(text, "明天", 0);
        let promise = DraftFinding {
            hidden_start: promise.start,
            hidden_end: promise.end + 3,
            mask: String::new(),
            kind: "promise".into(),
            ..promise
        };
        let findings = vec![
            found(text, "a.fig.test", 0),
            DraftFinding {
                slot: "域名2".into(),
                ..found(text, "b.fig.test", 0)
            },
            found(text, "a.fig.test", 1),
            promise,
        ];
        let compose = CopyWhat::of(DraftOf::Standard {
            reply: "r".into(),
            ticket: None,
        });
        Guard::new(
            compose.compose,
            Draft {
                findings,
                ..draft(text)
            },
        )
    }

    #[test]
    fn a_blank_takes_the_place_of_a_value_wherever_it_stands() {
        let mut guard = guard();
        guard.fix(Fix::Slot);
        assert_eq!(
            guard.source(),
            "请把 {{域名}} 解析到 b.fig.test，再打开 {{域名}}，明天会好。"
        );
        assert_eq!((guard.at, guard.open()), (1, 2));
        guard.fix(Fix::Mask);
        guard.fix(Fix::Mask);
        assert_eq!(
            guard.source(),
            "请把 {{域名}} 解析到 ***，再打开 {{域名}}，"
        );
        assert_eq!(guard.open(), 0);
        assert!(!guard.copy().anyway);
    }

    #[test]
    fn what_was_done_to_a_place_can_be_taken_back() {
        let mut guard = guard();
        guard.mask_all();
        assert_eq!(guard.source(), "请把 *** 解析到 ***，再打开 ***，");
        guard.at = 1;
        guard.fix(Fix::Mask);
        assert_eq!(guard.source(), "请把 *** 解析到 b.fig.test，再打开 ***，");
        assert!(guard.copy().anyway, "one is left, so it is recorded");
    }

    #[test]
    fn a_text_that_was_not_touched_is_copied_as_it_was_asked_for() {
        let guard = guard();
        assert_eq!(guard.copy().compose, guard.compose);
        assert!(guard.copy().anyway);
    }

    #[test]
    fn literal_braces_stay_literal() {
        let compose = guard().compose;
        let text = "模板写 {{域名}}，发到 c.fig.test";
        let findings = vec![found(text, "c.fig.test", 0)];
        let mut guard = Guard::new(
            compose,
            Draft {
                findings,
                ..draft(text)
            },
        );
        guard.fix(Fix::Mask);
        assert_eq!(guard.source(), "模板写 \\{{域名}}，发到 ***");
    }
}
