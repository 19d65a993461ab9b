//! Days as a query names them: one, a month, a year, or from one to another.

use jiff::civil::Date;

/// The days from one to another, both among them.
#[derive(Debug, Clone, PartialEq)]
pub struct Days {
    /// The first, as [`day_number`] has it; 0 = however early.
    pub first: u64,
    /// The last; [`u64::MAX`] = however late.
    pub last: u64,
    /// As typed.
    pub written: String,
}

/// A day as the index keeps it: the number yyyymmdd.
pub fn day_number(date: Date) -> u64 {
    let [month, day] = [date.month(), date.day()].map(|part| u64::from(part.unsigned_abs()));
    u64::from(date.year().unsigned_abs()) * 10_000 + month * 100 + day
}

impl Days {
    /// Reads `2024`, `2024-05`, `2024-05-06`, also with `/`, `.` or 年月日, and `FROM..TO`, of which one
    /// side may be left out.
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let (first, last) = match split(text) {
            Some((from, to)) if !(from.is_empty() && to.is_empty()) => (
                if from.is_empty() { 0 } else { span(from)?.0 },
                if to.is_empty() { u64::MAX } else { span(to)?.1 },
            ),
            Some(_) => return None,
            None => span(text)?,
        };
        (first <= last).then(|| Self {
            first,
            last,
            written: text.to_owned(),
        })
    }
}

fn split(text: &str) -> Option<(&str, &str)> {
    ["..", "…", "~", "～", "至"]
        .iter()
        .find_map(|between| text.split_once(between))
        .map(|(from, to)| (from.trim(), to.trim()))
}

/// The first and last day of a year, a month or a day.
fn span(text: &str) -> Option<(u64, u64)> {
    let text = text.trim_end_matches(['日', '号', '月', '年']);
    let parts: Vec<&str> = text
        .split(['-', '/', '.', '年', '月'])
        .map(str::trim)
        .collect();
    let number = |part: &str| {
        let fine = (1..=4).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        fine.then(|| part.parse::<i16>().ok()).flatten()
    };
    let (first, last) = match parts.as_slice() {
        [year] => {
            let year = number(year)?;
            (day(year, 1, 1)?, day(year, 12, 31)?)
        }
        [year, month] => {
            let first = day(number(year)?, number(month)?, 1)?;
            (first, first.last_of_month())
        }
        [year, month, one] => {
            let first = day(number(year)?, number(month)?, number(one)?)?;
            (first, first)
        }
        _ => return None,
    };
    Some((day_number(first), day_number(last)))
}

/// A day of a year of four digits.
fn day(year: i16, month: i16, day: i16) -> Option<Date> {
    let [month, day] = [month, day].map(i8::try_from);
    let date = Date::new(year, month.ok()?, day.ok()?).ok()?;
    (date.year() >= 1000).then_some(date)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_months_years_and_what_lies_between() {
        for (text, first, last) in [
            ("2024-05-06", 20240506, 20240506),
            ("2024/5/6", 20240506, 20240506),
            ("2024年5月6日", 20240506, 20240506),
            ("2024-02", 20240201, 20240229),
            ("2023年2月", 20230201, 20230228),
            ("2024", 20240101, 20241231),
            ("2024-05..2024-06", 20240501, 20240630),
            ("2024-05..", 20240501, u64::MAX),
            ("..2024-05-06", 0, 20240506),
            ("2023~2024", 20230101, 20241231),
        ] {
            let days = Days::read(text).unwrap();
            assert_eq!((days.first, days.last), (first, last), "{text}");
        }
        for text in [
            "",
            "..",
            "证书",
            "2024-13",
            "2024-02-30",
            "5",
            "24-05",
            "2024-06..2024-05",
        ] {
            assert_eq!(Days::read(text), None, "{text}");
        }
    }
}
