//! Draws the README's picture: the real screen of the real program on the sample corpus.
//!
//! `cargo test --locked -- --ignored draws_the_picture` writes `tests/picture/workbench.svg`.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use crate::terminal::{Home, Terminal};

const CELL: (f32, f32) = (8.4, 18.0);
const PADDING: f32 = 12.0;
const BACKGROUND: &str = "#1d1f21";
const FOREGROUND: &str = "#d8dad8";
const PALETTE: [&str; 16] = [
    "#1d1f21", "#cc6666", "#b5bd68", "#f0c674", "#81a2be", "#b294bb", "#8abeb7", "#c5c8c6",
    "#666666", "#d54e53", "#b9ca4a", "#e7c547", "#7aa6da", "#c397d8", "#70c0b1", "#ffffff",
];

#[test]
#[ignore = "writes the picture of the README"]
fn draws_the_picture() {
    let home = Home::new();
    let terminal = Terminal::open(&home, 132, 34, &[]);
    terminal.until("CDN");
    terminal.send("/");
    terminal.send("证书 过期");
    // The counts come before the rows, and the rows before the ticket.
    let found = |line: &str| line.contains("> ") && line.contains("过期");
    terminal.until_that("the best row under the cursor", |screen| {
        screen.lines().skip(1).any(found)
    });
    terminal.send("\r");
    terminal.until("客服");
    let svg = terminal.with_screen(draw);
    terminal.send("\x1b");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/picture/workbench.svg");
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, svg).unwrap();
    terminal.kill();
}

/// A screen as a scalable picture.
fn draw(screen: &vt100::Screen) -> String {
    let (rows, columns) = screen.size();
    let (rows, columns) = (rows.get(), columns.get());
    let mut out = String::new();
    for row in 0..rows {
        for column in 0..columns {
            let Some(cell) = screen.cell(row, column) else {
                continue;
            };
            if cell.is_wide_continuation() {
                continue;
            }
            let x = PADDING + f32::from(column) * CELL.0;
            let y = PADDING + f32::from(row) * CELL.1;
            let width = if cell.is_wide() { 2.0 * CELL.0 } else { CELL.0 };
            let (mut ink, mut paper) = (colour(cell.fgcolor()), colour(cell.bgcolor()));
            if cell.inverse() {
                (ink, paper) = (
                    Some(paper.unwrap_or_else(|| BACKGROUND.to_owned())),
                    Some(ink.unwrap_or_else(|| FOREGROUND.to_owned())),
                );
            }
            if let Some(paper) = paper {
                let (w, h) = (width + 0.4, CELL.1 + 0.4);
                let _ = write!(
                    out,
                    r#"<rect x="{x:.1}" y="{y:.1}" width="{w:.1}" height="{h:.1}" fill="{paper}"/>"#
                );
            }
            let text = cell.contents();
            if text.trim().is_empty() {
                continue;
            }
            let ink = ink.unwrap_or_else(|| FOREGROUND.to_owned());
            let weight = if cell.bold() {
                r#" font-weight="bold""#
            } else {
                ""
            };
            let faint = if cell.dim() { r#" opacity="0.6""# } else { "" };
            let escaped = text
                .replace('&', "&amp;")
                .replace('<', "&lt;")
                .replace('>', "&gt;");
            let y = y + 13.5;
            let _ = write!(
                out,
                r#"<text x="{x:.1}" y="{y:.1}" textLength="{width:.1}" lengthAdjust="spacingAndGlyphs" fill="{ink}"{weight}{faint}>{escaped}</text>"#
            );
        }
        out.push('\n');
    }
    let width = f32::from(columns) * CELL.0 + 2.0 * PADDING;
    let height = f32::from(rows) * CELL.1 + 2.0 * PADDING;
    format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0}" height="{height:.0}" viewBox="0 0 {width:.0} {height:.0}"><rect width="100%" height="100%" rx="8" fill="{BACKGROUND}"/><g font-family="'Noto Sans Mono CJK SC','Sarasa Mono SC','DejaVu Sans Mono',monospace" font-size="14">
{out}</g></svg>
"#
    )
}

fn colour(colour: vt100::Color) -> Option<String> {
    match colour {
        vt100::Color::Default => None,
        vt100::Color::Idx(index) => Some(indexed(index)),
        vt100::Color::Rgb(r, g, b) => Some(format!("#{r:02x}{g:02x}{b:02x}")),
    }
}

fn indexed(index: u8) -> String {
    let level = |n: u8| if n == 0 { 0 } else { 55 + 40 * n };
    match index {
        0..16 => PALETTE[usize::from(index)].to_owned(),
        16..232 => {
            let n = index - 16;
            format!(
                "#{:02x}{:02x}{:02x}",
                level(n / 36),
                level(n / 6 % 6),
                level(n % 6)
            )
        }
        232.. => format!("#{0:02x}{0:02x}{0:02x}", 8 + 10 * (index - 232)),
    }
}
