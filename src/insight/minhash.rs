//! Near-duplicates without comparing every text with every other: min-hash of shingles, found
//! again by bands, and sampled passages for texts that hold another.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::pattern::mix;

/// Bands of a signature.
pub(super) const BANDS: usize = 8;
/// Hashes of a band: two texts that share 60 % of their shingles meet in one of eight with
/// 86 %, at 70 % with 97 %.
const ROWS: usize = 3;
const HASHES: usize = BANDS * ROWS;
/// Characters of a shingle.
const SHINGLE: usize = 3;
/// Characters of a passage.
const PASSAGE: usize = 10;
/// One passage in this many is kept.
const SAMPLE: u64 = 16;
/// Entries of one band that are looked at: what more share a band is boilerplate.
const LONGEST_CHAIN: usize = 48;
/// End of a chain.
const NONE: u32 = u32::MAX;

/// What stands for a text: 24 hashes, cut to 16 bits, and its sampled passages.
#[derive(Debug, Clone)]
pub(super) struct Signature {
    mins: [u16; HASHES],
    bands: [u32; BANDS],
    passages: Vec<u32>,
}

impl Signature {
    /// Signs a canonical text.
    pub(super) fn of(canonical: &str) -> Self {
        let chars: Vec<char> = canonical.chars().collect();
        let mut mins = [u64::MAX; HASHES];
        for shingle in windows(&chars, SHINGLE) {
            let mut h = shingle;
            for min in &mut mins {
                h = h.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29) ^ shingle;
                *min = (*min).min(mix(h));
            }
        }
        let mut bands = [0; BANDS];
        for (at, (band, rows)) in bands.iter_mut().zip(mins.chunks(ROWS)).enumerate() {
            let joined = rows.iter().fold(at as u64, |h, row| mix(h ^ row));
            *band = (joined >> 32) as u32;
        }
        let mut passages: Vec<u32> = windows(&chars, PASSAGE)
            .filter(|h| h % SAMPLE == 0)
            .map(|h| (h >> 32) as u32)
            .collect();
        passages.sort_unstable();
        passages.dedup();
        Self {
            mins: mins.map(|min| (min >> 48) as u16),
            bands,
            passages,
        }
    }

    /// The estimated share of shingles two texts have in common, 0 to 1.
    fn likeness(&self, mins: &[u16; HASHES]) -> f32 {
        let equal = self.mins.iter().zip(mins).filter(|(a, b)| a == b).count();
        equal as f32 / HASHES as f32
    }
}

/// Hashes of all runs of `n` characters; of a shorter text, of the whole.
fn windows(chars: &[char], n: usize) -> impl Iterator<Item = u64> + '_ {
    let n = n.min(chars.len()).max(1);
    chars.windows(n).map(|window| {
        mix(window.iter().fold(0, |h: u64, c| {
            h.wrapping_mul(0x0100_0000_01b3)
                .wrapping_add(u64::from(u32::from(*c)) + 1)
        }))
    })
}

/// Entries by the bands of their signatures.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Bands {
    /// Bands that are used.
    used: usize,
    /// By entry and band: the entry before it in the band.
    next: Vec<u32>,
    heads: HashMap<u32, u32>,
}

impl Bands {
    fn new(used: usize) -> Self {
        Self {
            used: used.min(BANDS),
            next: Vec::new(),
            heads: HashMap::new(),
        }
    }

    /// Adds the entry that comes next.
    fn add(&mut self, no: u32, signature: &Signature) {
        for band in signature.bands.iter().take(self.used) {
            self.next.push(self.heads.insert(*band, no).unwrap_or(NONE));
        }
    }

    /// The newest entries that share a band with a signature; one that shares several comes
    /// several times.
    fn sharing<'a>(&'a self, signature: &'a Signature) -> impl Iterator<Item = u32> + 'a {
        let bands = signature.bands.iter().take(self.used).enumerate();
        bands.flat_map(move |(at, band)| {
            let before = move |no: &u32| {
                let next = self.next.get(*no as usize * self.used + at);
                next.copied().filter(|no| *no != NONE)
            };
            let newest = self.heads.get(band).copied();
            std::iter::successors(newest, before).take(LONGEST_CHAIN)
        })
    }
}

/// Finds entries like a signature. Entries are numbered in the order they are added.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Index {
    bands: Bands,
    mins: Vec<[u16; HASHES]>,
}

impl Index {
    /// An empty index that uses this many bands of a signature, at most [`BANDS`].
    pub(super) fn new(bands: usize) -> Self {
        Self {
            bands: Bands::new(bands),
            mins: Vec::new(),
        }
    }

    /// Adds an entry and gives its number.
    pub(super) fn add(&mut self, signature: &Signature) -> u32 {
        let no = self.mins.len() as u32;
        self.mins.push(signature.mins);
        self.bands.add(no, signature);
        no
    }

    /// The entry most like a signature and how alike they are, when at least `least`.
    pub(super) fn nearest(&self, signature: &Signature, least: f32) -> Option<(u32, f32)> {
        let mut best: Option<(u32, f32)> = None;
        for no in self.bands.sharing(signature) {
            let Some(mins) = self.mins.get(no as usize) else {
                continue;
            };
            let likeness = signature.likeness(mins);
            // The oldest of equals, so that the order of bands does not matter.
            let better = best.is_none_or(|(b, l)| likeness > l || (likeness == l && no < b));
            if likeness >= least && better {
                best = Some((no, likeness));
            }
        }
        best
    }
}

/// Finds entries that may be near a signature or hold its text, for whoever compares the texts
/// themselves. Entries are numbered in the order they are added.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Candidates {
    entries: u32,
    bands: Bands,
    passage_heads: HashMap<u32, u32>,
    /// Entry, next node.
    passage_nodes: Vec<(u32, u32)>,
}

impl Candidates {
    /// None yet.
    pub(super) fn new() -> Self {
        Self {
            entries: 0,
            bands: Bands::new(BANDS),
            passage_heads: HashMap::new(),
            passage_nodes: Vec::new(),
        }
    }

    /// Adds an entry and gives its number.
    pub(super) fn add(&mut self, signature: &Signature) -> u32 {
        let no = self.entries;
        self.entries += 1;
        self.bands.add(no, signature);
        for passage in &signature.passages {
            let node = self.passage_nodes.len() as u32;
            let before = self.passage_heads.insert(*passage, node).unwrap_or(NONE);
            self.passage_nodes.push((no, before));
        }
        no
    }

    /// Entries that share bands or passages with a signature, those that share most first.
    pub(super) fn of(&self, signature: &Signature, most: usize) -> Vec<u32> {
        let mut shared: HashMap<u32, u16> = HashMap::new();
        let passages = signature.passages.iter().flat_map(|it| self.holding(*it));
        for no in self.bands.sharing(signature).chain(passages) {
            *shared.entry(no).or_default() += 1;
        }
        let mut out: Vec<(u32, u16)> = shared.into_iter().collect();
        out.sort_unstable_by_key(|(no, shared)| (std::cmp::Reverse(*shared), *no));
        out.truncate(most);
        out.into_iter().map(|(no, _)| no).collect()
    }

    /// The newest entries that hold a passage.
    fn holding(&self, passage: u32) -> impl Iterator<Item = u32> + '_ {
        let node = |at: u32| self.passage_nodes.get(at as usize).copied();
        let newest = self.passage_heads.get(&passage).copied().and_then(node);
        let nodes = std::iter::successors(newest, move |(_, before)| node(*before));
        nodes.take(LONGEST_CHAIN).map(|(no, _)| no)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STEPS: &str = "打开控制台的证书页面点击购买证书选择品牌与种类填写联系人后提交等待签发完成再到域名管理里绑定";

    #[test]
    fn texts_with_few_changes_meet_and_others_do_not() {
        let mut index = Index::new(BANDS);
        let other = index.add(&Signature::of(
            "发票在财务中心申请审核通过以后可以下载电子发票也可以选择邮寄纸质发票",
        ));
        let steps = index.add(&Signature::of(STEPS));
        let changed = Signature::of(&STEPS.replace("联系人", "邮箱"));
        let (found, likeness) = index.nearest(&changed, 0.4).unwrap();
        assert_eq!(found, steps);
        assert!(likeness > 0.6);
        assert_ne!(found, other);
        assert_eq!(
            index.nearest(
                &Signature::of("请问主机的系统盘可以扩容到多大需要重启吗"),
                0.4
            ),
            None
        );
    }

    #[test]
    fn a_text_within_a_longer_one_is_found() {
        let mut index = Candidates::new();
        let long = format!(
            "{}{}{}",
            "前面先说明一些情况并且给出背景",
            STEPS.repeat(2),
            "最后提醒注意有效期与续期的方式"
        );
        let no = index.add(&Signature::of(&long));
        assert_eq!(index.of(&Signature::of(&STEPS.repeat(2)), 9), [no]);
        assert!(index.of(&Signature::of("完全不同的话"), 9).is_empty());
    }
}
