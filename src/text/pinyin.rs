//! Chinese by the letters of its pinyin: full syllables, initials and mixtures, heteronyms
//! included.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::{LazyLock, OnceLock};

use pinyin::ToPinyinMulti;

/// Readings of one character that are looked at; the data lists the common ones first.
const READINGS: usize = 4;

/// The characters that most texts are written in.
const CJK: std::ops::Range<u32> = 0x4e00..0xa000;

/// Letters of the longest syllable, `zhuang`.
const LONGEST: usize = 6;

/// The readings of a character without tones, each once; empty for what is not Chinese.
pub fn readings(c: char) -> Cow<'static, [&'static str]> {
    static COMMON: LazyLock<Vec<OnceLock<Box<[&'static str]>>>> =
        LazyLock::new(|| CJK.map(|_| OnceLock::new()).collect());
    // Asked for every character of many texts: the common ones are looked up once.
    let known = u32::from(c).checked_sub(CJK.start);
    match known.and_then(|at| COMMON.get(at as usize)) {
        Some(known) => Cow::Borrowed(known.get_or_init(|| looked_up(c).into())),
        None => Cow::Owned(looked_up(c)),
    }
}

fn looked_up(c: char) -> Vec<&'static str> {
    let mut found: Vec<&'static str> = Vec::new();
    if let Some(all) = c.to_pinyin_multi() {
        for reading in all {
            let plain = reading.plain();
            if !found.contains(&plain) {
                found.push(plain);
            }
            if found.len() == READINGS {
                break;
            }
        }
    }
    found
}

/// How many characters from the start of `chars` a string of small letters spells, each by a
/// beginning of its pinyin or, where it is a letter or digit, by itself. `None` = it does not.
pub fn spelled(chars: &[char], letters: &str) -> Option<usize> {
    if letters.is_empty() {
        return Some(0);
    }
    let (&first, rest) = chars.split_first()?;
    let mut begin = letters.chars();
    if begin.next() == Some(first)
        && let Some(n) = spelled(rest, begin.as_str())
    {
        return Some(n + 1);
    }
    if first.is_ascii() {
        return None;
    }
    for reading in readings(first).iter() {
        let common = reading
            .bytes()
            .zip(letters.bytes())
            .take_while(|(a, b)| a == b)
            .count();
        for taken in (1..=common).rev() {
            let left = letters.get(taken..)?;
            if let Some(n) = spelled(rest, left) {
                return Some(n + 1);
            }
        }
    }
    None
}

/// Whether a name holds what is typed in small letters, read as pinyin or its initials.
pub fn finds(name: &str, typed: &str) -> bool {
    if typed.is_empty() || !typed.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return false;
    }
    let chars: Vec<char> = name.to_ascii_lowercase().chars().collect();
    (0..chars.len()).any(|at| spelled(chars.get(at..).unwrap_or_default(), typed).is_some())
}

/// Initials of two letters.
pub const DOUBLE: [&str; 3] = ["zh", "ch", "sh"];

/// Whether a stretch of a name is read by the pieces of a cut: by whole syllables or initials, the
/// last by any beginning, letters and digits by themselves.
pub fn reads(name: &str, cut: &[&str]) -> bool {
    let chars: Vec<char> = name.chars().filter(|c| c.is_alphanumeric()).collect();
    let last = cut.len().saturating_sub(1);
    let read = |c: &char, nth: usize, piece: &str| {
        let initial = piece.len() == 1 || DOUBLE.contains(&piece);
        match c.is_ascii() {
            true => piece.len() == 1 && piece.starts_with(*c),
            false if initial || nth == last => readings(*c).iter().any(|r| r.starts_with(piece)),
            false => readings(*c).contains(&piece),
        }
    };
    let mut windows = chars.windows(cut.len().max(1));
    windows.any(|window| {
        let mut pieces = window.iter().zip(cut).enumerate();
        pieces.all(|(nth, (c, piece))| read(c, nth, piece))
    })
}

/// The ways to cut a string of small letters and digits into beginnings of syllables, at most
/// `limit`, those with the longest pieces first.
pub fn cuts(letters: &str, limit: usize) -> Vec<Vec<&str>> {
    let mut found = Vec::new();
    cut_from(letters, &mut Vec::new(), &mut found, limit);
    found
}

fn cut_from<'a>(
    letters: &'a str,
    before: &mut Vec<&'a str>,
    found: &mut Vec<Vec<&'a str>>,
    limit: usize,
) {
    if found.len() >= limit {
        return;
    }
    if letters.is_empty() {
        found.push(before.clone());
        return;
    }
    for taken in (1..=LONGEST.min(letters.len())).rev() {
        let (Some(piece), Some(rest)) = (letters.get(..taken), letters.get(taken..)) else {
            continue;
        };
        if taken == 1 || beginnings().contains(piece) {
            before.push(piece);
            cut_from(rest, before, found, limit);
            before.pop();
        }
    }
}

/// Whether letters are a whole syllable.
pub fn is_syllable(letters: &str) -> bool {
    static ALL: OnceLock<BTreeSet<&'static str>> = OnceLock::new();
    let all = ALL.get_or_init(|| ('\u{4e00}'..='\u{9fa5}').flat_map(looked_up).collect());
    all.contains(letters)
}

/// All beginnings of two letters and more of all syllables.
fn beginnings() -> &'static BTreeSet<&'static str> {
    static ALL: OnceLock<BTreeSet<&'static str>> = OnceLock::new();
    ALL.get_or_init(|| {
        let mut all = BTreeSet::new();
        for c in '\u{4e00}'..='\u{9fa5}' {
            for reading in readings(c).iter() {
                for end in 2..=reading.len() {
                    all.extend(reading.get(..end));
                }
            }
        }
        all
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spells(text: &str, letters: &str) -> Option<usize> {
        spelled(&text.chars().collect::<Vec<_>>(), letters)
    }

    #[test]
    fn full_pinyin_initials_and_mixtures_spell_chinese() {
        for letters in ["zhengshu", "zs", "zhengs", "zshu", "zhsh"] {
            assert_eq!(spells("证书过期", letters), Some(2), "{letters}");
        }
        assert_eq!(spells("cdn证书", "cdnzs"), Some(5));
        assert_eq!(spells("证书", "zhengshux"), None);
    }

    #[test]
    fn a_heteronym_is_spelled_by_each_reading() {
        assert_eq!(spells("重置", "chongzhi"), Some(2));
        assert_eq!(spells("重置", "zhongzhi"), Some(2));
        assert_eq!(spells("银行", "yinhang"), Some(2));
    }

    #[test]
    fn a_name_is_found_by_letters_that_spell_a_stretch_of_it() {
        assert!(finds("免费证书申请步骤", "zhengshu") && finds("免费证书申请步骤", "zssq"));
        assert!(!finds("免费证书申请步骤", "tuikuan") && !finds("证书", ""));
    }

    #[test]
    fn a_name_is_read_piece_by_piece() {
        assert!(reads("证书问题", &["zheng", "shu"]) && reads("证书问题", &["zheng", "sh"]));
        assert!(reads("cdn证书", &["n", "zh", "shu"]) && reads("证书问题", &["z", "s", "w"]));
        // A piece that is not the last is a whole syllable or an initial.
        assert!(!reads("证书问题", &["zhe", "shu"]) && !reads("证", &["zheng", "shu"]));
    }

    #[test]
    fn letters_are_cut_into_beginnings_of_syllables() {
        let cuts = cuts("zhengshu", 12);
        assert!(cuts.contains(&vec!["zheng", "shu"]));
        assert_eq!(cuts[0], ["zheng", "shu"]);
        assert!(super::cuts("zszx", 12).contains(&vec!["z", "s", "z", "x"]));
    }
}
