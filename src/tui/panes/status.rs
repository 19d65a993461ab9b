//! The status line: the keys that matter now, and what was said last.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::keymap::{Action, Context, Mods};
use crate::tui::app::App;
use crate::tui::hint::Hint;
use crate::tui::layout::Focus;
use crate::tui::line::{clean, cut, put};
use crate::tui::look::Look;
use crate::tui::measure as text;
use crate::tui::notices::Weight;
use crate::words::{self, Count, Msg, Word, word};

/// Keys shown for each place, the most wanted first.
fn wanted(app: &App) -> Vec<Hint> {
    if let Some(layer) = app.overlays.last() {
        return layer.overlay.footer();
    }
    let actions: &[Action] = match app.focus {
        Focus::Query => {
            return vec![
                Hint::new(Action::Confirm, Word::ToList),
                Action::MoveDown.into(),
            ];
        }
        Focus::Tree => &[
            Action::SelectCategory,
            Action::ToggleNode,
            Action::FocusNext,
            Action::Search,
            Action::Help,
        ],
        Focus::List => &[
            Action::CopyReply,
            Action::Annotate,
            Action::Search,
            Action::Help,
            Action::CorrectCategory,
            Action::Similar,
            Action::Mark,
            Action::Undo,
            Action::NextView,
            Action::Quit,
        ],
        Focus::Detail => &[
            Action::CopyReply,
            Action::PickReply,
            Action::Annotate,
            Action::Back,
            Action::Help,
            Action::NextTurn,
            Action::NextHit,
        ],
    };
    actions.iter().copied().map(Hint::from).collect()
}

/// What an action is called in the interface's language.
pub fn action_words(look: &Look, action: Action) -> &'static str {
    look.lang.pick(action.zh(), action.en())
}

/// The easiest keys of an action, as people read them.
pub fn keys_of(app: &App, contexts: &[Context], action: Action) -> Option<String> {
    let mut keys = app.keymap.keys_for(contexts, action);
    // A key that needs no second one held is easier to read and to strike.
    keys.sort_by_key(|keys| keys.0.iter().any(|chord| chord.mods() != Mods::NONE));
    keys.first().map(ToString::to_string)
}

/// Draws the status line.
pub fn render(app: &App, area: Rect, buffer: &mut Buffer) {
    let theme = &app.look.theme;
    let width = usize::from(area.width);
    let said = said(app, width);
    let said_width = said.as_ref().map_or(0, |(words, _)| text::width(words) + 2);
    let mut room = width.saturating_sub(said_width + 1);
    let mut spans = vec![Span::raw(" ")];
    let contexts = app.contexts();
    for hint in wanted(app) {
        let Some(keys) = keys_of(app, &contexts, hint.action) else {
            continue;
        };
        let what = hint.words(app.look.lang);
        let columns = text::width(&keys) + text::width(what) + 3;
        if columns > room + 2 {
            break;
        }
        room = room.saturating_sub(columns);
        spans.push(Span::styled(keys, theme.key));
        spans.push(Span::styled(format!(" {what}  "), theme.dim));
    }
    put(buffer, area, 0, &Line::from(spans));
    if let Some((words, style)) = said {
        let x = width.saturating_sub(text::width(&words) + 1);
        let right = Rect {
            x: area.x + u16::try_from(x).unwrap_or(0),
            width: area.width - u16::try_from(x).unwrap_or(0),
            ..area
        };
        put(buffer, right, 0, &Line::from(Span::styled(words, style)));
    }
}

/// What stands at the right: keys struck so far, else the last notice, else marks or a hint.
fn said(app: &App, width: usize) -> Option<(String, Style)> {
    let theme = &app.look.theme;
    let (words, style) = if let Some(notice) = &app.notices.current {
        let style = match notice.weight {
            Weight::Good => theme.good,
            Weight::Plain => theme.text,
            Weight::Warn => theme.warn,
            Weight::Bad => theme.bad,
        };
        (clean(&notice.text), style)
    } else if !app.list.marked.is_empty() {
        let n = Count(app.list.marked.len());
        (words::text(app.look.lang, &Msg::Marked { n }), theme.marked)
    } else if app.status.as_ref().is_some_and(|status| status.sample) {
        let sample = word(app.look.lang, Word::SampleShown);
        // Only where it takes no key's place.
        return (width >= 100).then(|| (sample.to_owned(), theme.dim));
    } else {
        return None;
    };
    Some((
        cut(&words, width.saturating_sub(2), &app.look.glyphs),
        style,
    ))
}
