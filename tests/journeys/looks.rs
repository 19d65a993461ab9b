//! Languages and colours.

use super::{goes_to, home, workbench};
use crate::terminal::Terminal;

#[test]
fn the_workbench_speaks_english_when_asked() {
    let home = home();
    let terminal = Terminal::open(&home, 120, 36, &["--lang", "en"]);
    terminal.until("证书续期后仍提示过期");
    let screen = terminal.until("Tickets");
    for word in ["Search", "Products", "Detail"] {
        assert!(screen.contains(word), "{word}: {screen}");
    }
    for word in ["搜索", "产品", "详情", "复制"] {
        assert!(!screen.contains(word), "{word}: {screen}");
    }
    terminal.send("?");
    terminal.until("Help: keys");
    terminal.send("\x1b");
    terminal.until_that("the help closed", |screen| !screen.contains("Help: keys"));
    terminal.send("q");
    assert!(terminal.ended());
}

/// The parameters of all sequences that set colours and attributes.
fn graphics(bytes: &[u8]) -> Vec<Vec<u32>> {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let mut all = Vec::new();
    for piece in text.split("\x1b[").skip(1) {
        let end = piece.find(|c: char| !c.is_ascii_digit() && c != ';' && c != ':');
        let Some((parameters, 'm')) =
            end.map(|end| (&piece[..end], piece[end..].chars().next().unwrap()))
        else {
            continue;
        };
        let numbers = parameters.split([';', ':']).map(|n| n.parse().unwrap_or(0));
        all.push(numbers.collect());
    }
    all
}

/// Whether a sequence asks for a colour; 39 and 49 ask for the terminal's own.
fn colours(parameters: &[u32]) -> bool {
    let colour = |n: u32| matches!(n, 30..=38 | 40..=48 | 90..=107);
    parameters.first().is_some_and(|first| colour(*first))
        || (parameters.len() > 1 && parameters.iter().any(|n| colour(*n)))
}

#[test]
fn without_colour_none_is_sent_and_the_cursor_is_still_seen() {
    let home = home();
    let terminal = Terminal::open_with(&home, 120, 36, &[], &[("NO_COLOR", "1")]);
    terminal.until("证书续期后仍提示过期");
    goes_to(&terminal, "上传大文件超时", "请使用分片上传");
    terminal.send("?");
    terminal.until("帮助：按键");
    terminal.send("\x1b");
    terminal.until_that("the help closed", |screen| !screen.contains("帮助：按键"));
    let sent = graphics(&terminal.written());
    let coloured: Vec<_> = sent.iter().filter(|sgr| colours(sgr)).collect();
    assert!(coloured.is_empty(), "{coloured:?}");
    let seen = terminal.with_screen(|screen| {
        (0..36).any(|y| {
            let of = |x| screen.cell(y, x).unwrap();
            (0..118).any(|x| of(x).contents() == "上" && (of(x).inverse() || of(x).bold()))
        })
    });
    assert!(seen, "the selected row stands out");
    terminal.send("q");
    assert!(terminal.ended());
}

#[test]
fn with_colour_some_is_sent() {
    let home = home();
    let terminal = workbench(&home, 120, 36);
    terminal.until("复制最佳回复");
    let sent = graphics(&terminal.written());
    assert!(sent.iter().any(|sgr| colours(sgr)));
    terminal.send("q");
    assert!(terminal.ended());
}
