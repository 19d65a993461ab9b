//! Finding Chinese names by typed pinyin: full syllables, initials, or a mixture.

use pinyin::ToPinyinMulti;

/// Whether a name holds what is typed, read as pinyin: `zscs` and `zhengshu` find 证书超时.
///
/// `typed` is in lower case.
pub fn matches(name: &str, typed: &str) -> bool {
    if typed.is_empty() || !typed.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return false;
    }
    let readings: Vec<Vec<String>> = name.chars().map(readings).collect();
    (0..readings.len()).any(|at| reads(readings.get(at..).unwrap_or_default(), typed))
}

/// The ways to read a character; an ASCII letter or digit reads as itself.
fn readings(c: char) -> Vec<String> {
    if c.is_ascii_alphanumeric() {
        return vec![c.to_ascii_lowercase().to_string()];
    }
    c.to_pinyin_multi()
        .into_iter()
        .flatten()
        .map(|pinyin| pinyin.plain().replace('ü', "v"))
        .collect()
}

/// Whether characters from the first on read as typed, each by some beginning of its reading.
fn reads(characters: &[Vec<String>], typed: &str) -> bool {
    let Some((first, rest)) = characters.split_first() else {
        return false;
    };
    first.iter().any(|reading| {
        let common = reading
            .bytes()
            .zip(typed.bytes())
            .take_while(|(a, b)| a == b)
            .count();
        // The longest beginning first: most people type whole syllables or initials.
        (1..=common).rev().any(|taken| {
            let left = typed.get(taken..).unwrap_or_default();
            left.is_empty() || reads(rest, left)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_syllables_initials_and_mixtures_find_a_name() {
        for typed in ["zhengshu", "zs", "zsgq", "zhengsgq", "guoqi"] {
            assert!(matches("证书过期", typed), "{typed}");
        }
        assert!(matches("CDN证书", "cdnzs"));
        assert!(!matches("证书过期", "yuming"));
        assert!(!matches("证书过期", "证书"));
    }

    #[test]
    fn a_character_with_several_readings_is_found_by_each() {
        assert!(matches("重启", "chongqi"));
        assert!(matches("权重", "qz"));
    }
}
