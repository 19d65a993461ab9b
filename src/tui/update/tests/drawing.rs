//! What is drawn, at any size and of any text.

use super::selected;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use proptest::prelude::{any, prop_assert, proptest};
use proptest::{collection, sample};
use ratatui::layout::Rect;

use crate::api::Answer;
use crate::tui::msg::{Answered, Effect, Msg, Topic};
use crate::tui::stage::{Stage, app, key, screen};
use crate::tui::update::update;

#[test]
fn a_screen_made_smaller_and_larger_again_keeps_its_selection() {
    let mut stage = Stage::new(120, 36);
    stage.press("G");
    let before = selected(&stage);
    for (columns, rows) in [(40, 10), (10, 3), (80, 24), (120, 36)] {
        stage.tell(Msg::Resize(columns, rows));
    }
    assert_eq!(selected(&stage), before);
    assert!(stage.screen().contains("40/40"));
}

#[test]
fn a_ticket_without_title_and_text_is_no_blank_row() {
    let mut stage = Stage::new(120, 36);
    if let Some(crate::api::Row::Ticket(row)) = stage.app.list.rows.first_mut() {
        row.title.clear();
        row.snippet.clear();
    }
    assert!(stage.screen().contains("（无标题）"), "{}", stage.screen());
}

#[test]
fn in_english_too_a_blank_stands_between_who_speaks_and_what_is_said() {
    let mut stage = Stage::new(120, 36);
    stage.app.look.lang = crate::words::Lang::En;
    stage.press("j");
    let screen = stage.screen();
    assert!(screen.contains("Agent1   您好"), "{screen}");
    assert!(!screen.contains("Agent1您好"), "{screen}");
}

#[test]
fn nothing_a_ticket_holds_reaches_the_screen_as_a_control() {
    let mut stage = Stage::new(120, 36);
    if let Some(crate::api::Row::Ticket(row)) = stage.app.list.rows.first_mut() {
        row.title = "\u{1b}]52;c;AAAA\u{7}标题\u{202e}\u{200b}".into();
    }
    let shown = stage.screen();
    assert!(shown.contains("标题"));
    assert!(!shown.contains("]52;c") && !shown.contains('\u{202e}'));
}

const KEYS: [&str; 53] = [
    "j",
    "k",
    "g",
    "G",
    "l",
    "h",
    "Tab",
    "S-Tab",
    "Esc",
    "/",
    "s",
    "f",
    "F",
    "n",
    "N",
    "Enter",
    "J",
    "K",
    "}",
    "{",
    "H",
    "'",
    "O",
    "o",
    "M",
    "P",
    ".",
    "e",
    "F2",
    "C-s",
    "y",
    "Y",
    ";",
    "p",
    "a",
    "c",
    "1",
    "u",
    "Space",
    "m",
    "x",
    ":",
    "?",
    "证",
    "C-d",
    "C-u",
    "C-w",
    "C-o",
    "C-t",
    "Backspace",
    "Down",
    "Up",
    ",",
];

proptest! {
    #[test]
    fn no_sequence_of_keys_on_any_screen_panics(
        keys in collection::vec(sample::select(KEYS.to_vec()), 0..40),
        sizes in collection::vec((1u16..220, 1u16..60), 1..4),
    ) {
        let mut stage = Stage::new(120, 36);
        for (at, name) in keys.iter().enumerate() {
            if at % 8 == 0 {
                let (columns, rows) = sizes[at / 8 % sizes.len()];
                stage.tell(Msg::Resize(columns, rows));
            }
            stage.press(name);
            stage.screen();
        }
        for (columns, rows) in [(1, 1), (40, 10), (39, 10), (40, 9), (3, 60)] {
            stage.tell(Msg::Resize(columns, rows));
            stage.screen();
        }
    }

    #[test]
    fn a_box_over_chinese_text_keeps_its_borders(
        x in 0u16..60, y in 0u16..20, columns in 4u16..40, rows in 3u16..10, shift in any::<bool>(),
    ) {
        let app = app(100, 30);
        let mut buffer = ratatui::buffer::Buffer::empty(Rect::new(0, 0, 100, 30));
        for line in 0..30 {
            let text = format!("{}{}", if shift { "a" } else { "" }, "证书配置问题".repeat(9));
            buffer.set_stringn(0, line, text, 100, ratatui::style::Style::new());
        }
        let area = Rect::new(x, y, columns, rows);
        crate::tui::overlays::frame::open(&app.look, area, "题", &mut buffer);
        let lines = crate::tui::stage::lines(&buffer);
        for line in &lines[usize::from(y) + 1..usize::from(y + rows) - 1] {
            let borders: Vec<usize> = line.columns.iter().filter(|(_, s)| s == "│").map(|(x, _)| *x).collect();
            prop_assert!(borders == [usize::from(x), usize::from(x + columns) - 1], "{borders:?}");
        }
    }
}

#[test]
fn the_first_screen_before_any_answer_can_be_drawn_at_every_size() {
    for columns in [1, 39, 40, 69, 70, 109, 110, 200] {
        for rows in [1, 9, 10, 50] {
            screen(&app(columns, rows));
        }
    }
}

#[test]
fn an_empty_store_says_how_tickets_come_in() {
    let mut stage = Stage::new(120, 36);
    (stage.app.list.total, stage.app.list.loaded) = (0, true);
    assert!(stage.screen().contains("这里没有工单"));
    if let Some(status) = &mut stage.app.status {
        status.tickets = 0;
    }
    assert!(
        stage.screen().contains("gongdan import"),
        "{}",
        stage.screen()
    );
}

#[test]
fn every_overlay_names_what_enter_does_there() {
    let says = [
        ("a", "Enter 标注"),
        ("A", "Enter 全部标注"),
        ("c", "Enter 改分类"),
        ("Y", "Enter 复制"),
        ("; z s Enter", "Enter 下一处"),
        ("; z s Enter Down", "Enter 取值"),
        ("p", "Enter 找答案"),
    ];
    for (keys, says) in says {
        let mut stage = Stage::new(200, 50);
        stage.press(keys);
        let screen = stage.screen();
        let footer = screen.lines().last().unwrap_or_default();
        assert!(footer.contains(says), "{keys}: {footer}");
        assert!(!footer.contains("确定"), "{keys}: {footer}");
    }
}

#[test]
fn an_answer_of_the_wrong_kind_is_not_swallowed() {
    let mut stage = Stage::new(120, 36);
    let effects = update(&mut stage.app, Msg::Key(key("Y")));
    let ask = effects.into_iter().find_map(|effect| match effect {
        Effect::Ask(ask) if ask.topic == Topic::Offers => Some(ask),
        _ => None,
    });
    let ask = ask.expect("the replies were asked for");
    let wrong = Answered {
        topic: ask.topic,
        generation: ask.generation,
        result: Ok(Answer::Vocabulary(Vec::new())),
        took: std::time::Duration::ZERO,
    };
    stage.tell(Msg::Answered(wrong));
    assert!(!stage.notice().is_empty(), "{}", stage.screen());
}

#[test]
fn what_is_decided_stands_beside_the_dialogue_that_is_read_for_it() {
    for (columns, rows) in [(200, 50), (120, 36), (80, 24)] {
        for keys in ["a", "c", "Y", "A"] {
            let mut stage = Stage::new(columns, rows);
            stage.press(keys);
            let screen = stage.screen();
            let read = ["昨天在控制台更换了", "您好，请稍等，正在为您查看"];
            for words in read {
                assert!(screen.contains(words), "{keys} at {columns}: {screen}");
            }
        }
    }
}

#[test]
fn help_finds_syntax_and_marks_and_goes_to_its_end() {
    let mut stage = Stage::new(80, 24);
    stage.press("? G");
    let end = stage.screen();
    assert!(end.contains("@ 别人也在看"), "{end}");
    let strike = |stage: &mut Stage, code| {
        stage.tell(Msg::Key(KeyEvent::new(code, KeyModifiers::NONE)));
    };
    strike(&mut stage, KeyCode::Home);
    assert_ne!(stage.screen(), end);
    strike(&mut stage, KeyCode::End);
    assert_eq!(stage.screen(), end);
    stage.write("类:");
    assert!(stage.screen().contains("产品和类型"), "{}", stage.screen());
}
