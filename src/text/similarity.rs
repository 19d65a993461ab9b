//! How alike two texts are: character bigrams, bounded however long the texts.

use std::collections::HashMap;

/// Characters of a text that are looked at: a change behind them is a change of detail.
const MAX_CHARS: usize = 8_192;

/// Similarity of two texts from 0 to 1: the shared part of their character bigrams (Dice).
///
/// White space and letter case do not count. Two empty texts are alike. Takes time linear in
/// the first 8,192 characters of each.
pub fn similarity(a: &str, b: &str) -> f32 {
    if a == b {
        return 1.0;
    }
    let (left, right) = (bigrams(a), bigrams(b));
    let (total_left, total_right) = (left.values().sum::<u32>(), right.values().sum::<u32>());
    if total_left + total_right == 0 {
        return 1.0;
    }
    let shared: u32 = left
        .iter()
        .map(|(pair, n)| right.get(pair).map_or(0, |m| *n.min(m)))
        .sum();
    2.0 * shared as f32 / (total_left + total_right) as f32
}

fn bigrams(text: &str) -> HashMap<(char, char), u32> {
    let mut pairs = HashMap::new();
    // A lone character still pairs with the border.
    let mut last = '\0';
    let chars = text.chars().filter(|c| !c.is_whitespace());
    for c in chars.take(MAX_CHARS).flat_map(char::to_lowercase) {
        *pairs.entry((last, c)).or_insert(0) += 1;
        last = c;
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_is_one_and_different_is_near_zero() {
        assert!((similarity("", "") - 1.0).abs() < f32::EPSILON);
        assert!((similarity("证书 部署", "证书部署") - 1.0).abs() < f32::EPSILON);
        assert!(similarity("证书部署异常", "余额如何提现") < 0.1);
        let near = similarity("您好，请登录控制台查看账单", "您好，请登录控制台查看日志");
        assert!(near > 0.7 && near < 1.0, "{near}");
    }

    #[test]
    fn huge_texts_are_compared_at_once() {
        let huge = "证书部署".repeat(2_000_000);
        assert!(similarity(&huge, &huge.replace('证', "域")) < 0.8);
    }
}
