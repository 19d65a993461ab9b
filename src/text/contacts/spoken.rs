//! Phone numbers in Chinese numerals: 一三八…, 幺三八…, 壹叁捌…, also mixed with digits.

use super::beside::is_announced;
use super::numbers::{PHONE_WORDS, digit};
use super::{Contact, ContactClass};

/// Characters before a land-line number in which a word has to say what it is.
const NEARBY: usize = 12;

/// The value of a Chinese numeral as it is read out digit by digit.
fn numeral(c: char) -> Option<u8> {
    Some(match c {
        '零' | '〇' | '○' => 0,
        '一' | '幺' | '壹' | '①' => 1,
        '二' | '贰' | '②' => 2,
        '三' | '叁' | '③' => 3,
        '四' | '肆' | '④' => 4,
        '五' | '伍' | '⑤' => 5,
        '六' | '陆' | '⑥' => 6,
        '七' | '柒' | '⑦' => 7,
        '八' | '捌' | '⑧' => 8,
        '九' | '玖' | '⑨' => 9,
        _ => return None,
    })
}

/// A run of numerals and digits that single blanks or dashes may part.
#[derive(Default)]
struct Run {
    start: usize,
    end: usize,
    digits: Vec<u8>,
    /// Whether any of it is a Chinese numeral.
    spoken: bool,
}

/// Finds the spoken numbers of a text.
pub(super) fn find(text: &str, found: &mut Vec<Contact>) {
    let mut run = Run::default();
    for (at, c) in text.char_indices() {
        let spoken = numeral(c);
        let Some(value) = spoken.or_else(|| digit(c)) else {
            if !matches!(c, ' ' | '-' | '－') || run.end != at {
                close(text, &mut run, found);
            }
            continue;
        };
        if run.digits.is_empty() {
            run.start = at;
        }
        run.digits.push(value);
        run.end = at + c.len_utf8();
        run.spoken |= spoken.is_some();
    }
    close(text, &mut run, found);
}

fn close(text: &str, run: &mut Run, found: &mut Vec<Contact>) {
    let run = std::mem::take(run);
    let mobile = matches!(run.digits.as_slice(), [1, 3..=9, ..]) && run.digits.len() == 11;
    let landline = || {
        let length = run.digits.len();
        let area = matches!(run.digits.as_slice(), [0, 1..=9, ..]) && (10..=12).contains(&length);
        let hotline = matches!(run.digits.as_slice(), [4 | 8, 0, 0, ..]) && length == 10;
        (area || hotline) && is_announced(text, run.start, NEARBY, &PHONE_WORDS)
    };
    if run.spoken && (mobile || landline()) {
        found.push(Contact {
            range: run.start..run.end,
            class: ContactClass::Phone,
        });
    }
}
