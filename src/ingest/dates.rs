//! Dates in every form that exports write them.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// Days from 1899-12-30, from which spreadsheets count, to 1970-01-01.
const SERIAL_EPOCH: i64 = 25_569;

/// The first date of a text: `2024-10-08`, `2024/10/8`, `2024年10月8日`.
pub(crate) fn date(text: &str) -> Option<Date> {
    let bytes = text.as_bytes();
    for (at, _) in text.match_indices(['1', '2']) {
        let clear = at == 0 || !bytes.get(at - 1).is_some_and(u8::is_ascii_digit);
        if !clear {
            continue;
        }
        if let Some(date) = text.get(at..).and_then(date_here) {
            return Some(date);
        }
    }
    None
}

/// The date that a field of dates gives, in any form: also 20240506, seconds and milliseconds of
/// the epoch, a spreadsheet's serial number, `Mon, 6 May 2024 …` and `May 6, 2024`.
pub(crate) fn field(text: &str) -> Option<Date> {
    let text = text.trim().trim_matches(['*', '`', '"']);
    date(text)
        .or_else(|| numeric(text))
        .or_else(|| named_month(text))
}

fn numeric(text: &str) -> Option<Date> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(fraction) {
        return None;
    }
    let number: i64 = whole.parse().ok()?;
    match whole.len() {
        5 => since_epoch((number - SERIAL_EPOCH).checked_mul(86_400)?),
        8 => {
            let (year, month, day) = (number / 10_000, number / 100 % 100, number % 100);
            plausible(year, month, day)
        }
        9 | 10 => since_epoch(number),
        12 | 13 => since_epoch(number / 1_000),
        14 => date(&text.get(..8).and_then(numeric)?.to_string()),
        16 => since_epoch(number / 1_000_000),
        _ => None,
    }
}

fn since_epoch(seconds: i64) -> Option<Date> {
    let date = Timestamp::from_second(seconds)
        .ok()?
        .to_zoned(TimeZone::UTC)
        .date();
    (1990..=2100).contains(&date.year()).then_some(date)
}

fn plausible(year: i64, month: i64, day: i64) -> Option<Date> {
    if !(1990..=2100).contains(&year) {
        return None;
    }
    Date::new(
        i16::try_from(year).ok()?,
        i8::try_from(month).ok()?,
        i8::try_from(day).ok()?,
    )
    .ok()
}

/// `6 May 2024`, `May 6, 2024`, `Mon, 6 May 2024 10:00:00 +0800`.
fn named_month(text: &str) -> Option<Date> {
    const MONTHS: [&str; 12] = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ];
    let words: Vec<String> = text
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .take(6)
        .map(str::to_ascii_lowercase)
        .collect();
    let (at, month) = words.iter().enumerate().find_map(|(at, word)| {
        let known = MONTHS.iter().position(|name| word.starts_with(name))?;
        (word.chars().all(|c| c.is_ascii_alphabetic()) && word != "mon").then_some((at, known + 1))
    })?;
    let number = |word: Option<&String>| -> Option<i64> {
        word?
            .trim_end_matches(|c: char| c.is_ascii_alphabetic())
            .parse()
            .ok()
    };
    let before = at.checked_sub(1).and_then(|at| number(words.get(at)));
    let (day, year) = match before {
        Some(day) => (day, number(words.get(at + 1))?),
        None => (number(words.get(at + 1))?, number(words.get(at + 2))?),
    };
    plausible(year, i64::try_from(month).ok()?, day)
}

fn date_here(text: &str) -> Option<Date> {
    let (year, rest) = number(text, 4)?;
    let rest = rest
        .trim_start_matches(' ')
        .strip_prefix(['-', '/', '.', '年'])?;
    let (month, rest) = number(rest.trim_start_matches(' '), 2)?;
    let rest = rest
        .trim_start_matches(' ')
        .strip_prefix(['-', '/', '.', '月'])?;
    let (day, rest) = number(rest.trim_start_matches(' '), 2)?;
    if rest.starts_with(|c: char| c.is_ascii_digit()) || !(1990..=2100).contains(&year) {
        return None;
    }
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

fn number(text: &str, most: usize) -> Option<(i16, &str)> {
    let len = text
        .bytes()
        .take(most)
        .take_while(u8::is_ascii_digit)
        .count();
    Some((text.get(..len)?.parse().ok()?, text.get(len..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_in_every_form() {
        for text in [
            "2024-05-06",
            "2024/5/6 09:30",
            "2024年5月6日",
            "20240506",
            "20240506093000",
            "1714953600",
            "1714953600000",
            "45418",
            "45418.39583",
            "Mon, 6 May 2024 09:30:00 +0800",
            "May 6, 2024",
            "6 May 2024",
            "2024-05-06T09:30:00Z",
        ] {
            assert_eq!(
                field(text).map(|d| d.to_string()).as_deref(),
                Some("2024-05-06"),
                "{text}"
            );
        }
        for text in ["昨天", "12", "99999999", "1.2.3", "", "may be"] {
            assert_eq!(field(text), None, "{text}");
        }
    }
}
