//! Where tickets and articles stood and what recognises them: pages of their own, because only
//! an import and the detail pane want them.

use super::codec::{Reader, put, put_bytes};
use crate::model::Source;

/// Lines of a page.
pub(super) const PAGE: u32 = 64;

/// What recognises one ticket or article.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Origin {
    pub(super) fingerprint: u64,
    pub(super) title: u64,
    /// Times its body was replaced.
    pub(super) revision: u32,
    /// Datasets are numbers here.
    pub(super) places: Vec<Place>,
}

/// A source without the dataset's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) dataset: u32,
    pub(super) file: String,
    pub(super) line: u32,
    pub(super) ordinal: u32,
}

impl Place {
    pub(super) fn new(dataset: u32, source: &Source) -> Self {
        Self {
            dataset,
            file: source.file.clone(),
            line: source.line,
            ordinal: source.ordinal,
        }
    }
}

impl Origin {
    /// Adds a place, or moves the one of the same ordinal of the same file.
    ///
    /// A text that moved in its file keeps its old place beside the new one: from here it looks
    /// like a twin, and dropping places would make importing the same file twice no longer the
    /// same as once.
    pub(super) fn stood_at(&mut self, place: Place) {
        let same = self.places.iter_mut().find(|known| {
            known.dataset == place.dataset
                && known.ordinal == place.ordinal
                && known.file == place.file
        });
        match same {
            Some(known) => known.line = place.line,
            None => self.places.push(place),
        }
    }
}

/// A page as bytes; each file name stands once.
pub(super) fn encode(page: &[Origin]) -> Vec<u8> {
    let mut files: Vec<&str> = Vec::new();
    let mut lines = Vec::new();
    for origin in page {
        lines.extend_from_slice(&origin.fingerprint.to_le_bytes());
        lines.extend_from_slice(&origin.title.to_le_bytes());
        put(&mut lines, origin.revision.into());
        put(&mut lines, origin.places.len() as u64);
        for place in &origin.places {
            // Mostly the last one met.
            let known = files.iter().rposition(|file| *file == place.file);
            let file = known.unwrap_or_else(|| {
                files.push(&place.file);
                files.len() - 1
            });
            put(&mut lines, place.dataset.into());
            put(&mut lines, file as u64);
            put(&mut lines, place.line.into());
            put(&mut lines, place.ordinal.into());
        }
    }
    let mut out = Vec::with_capacity(lines.len() + 64);
    put(&mut out, files.len() as u64);
    for file in files {
        put_bytes(&mut out, file.as_bytes());
    }
    out.extend_from_slice(&lines);
    out
}

/// Reads [`encode`]'s bytes; `None` when they are damaged.
pub(super) fn decode(bytes: &[u8]) -> Option<Vec<Origin>> {
    let mut reader = Reader(bytes);
    let count = reader.take()?;
    let mut files = Vec::new();
    for _ in 0..count {
        files.push(reader.take_text()?);
    }
    let mut page = Vec::with_capacity(PAGE as usize);
    while !reader.0.is_empty() {
        let mut origin = Origin {
            fingerprint: eight(&mut reader)?,
            title: eight(&mut reader)?,
            revision: reader.take_u32()?,
            places: Vec::new(),
        };
        for _ in 0..reader.take()? {
            origin.places.push(Place {
                dataset: reader.take_u32()?,
                file: files.get(usize::try_from(reader.take()?).ok()?)?.clone(),
                line: reader.take_u32()?,
                ordinal: reader.take_u32()?,
            });
        }
        page.push(origin);
    }
    Some(page)
}

fn eight(reader: &mut Reader<'_>) -> Option<u64> {
    let (bytes, rest) = reader.0.split_first_chunk::<8>()?;
    reader.0 = rest;
    Some(u64::from_le_bytes(*bytes))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn place(dataset: u32, file: &str, ordinal: u32) -> Place {
        Place {
            dataset,
            file: file.into(),
            line: ordinal,
            ordinal,
        }
    }

    #[test]
    fn meeting_a_text_twice_at_one_place_is_one_place() {
        let mut origin = Origin::default();
        for place in [
            place(0, "a.md", 1),
            place(1, "a.md", 1),
            place(0, "a.md", 1),
        ] {
            origin.stood_at(place);
        }
        assert_eq!(origin.places, [place(0, "a.md", 1), place(1, "a.md", 1)]);
    }

    proptest! {
        #[test]
        fn a_page_reads_back(
            lines in proptest::collection::vec(
                (any::<u64>(), any::<u32>(), proptest::collection::vec((0..3u32, "[a-c]", any::<u32>()), 0..4)),
                0..64,
            )
        ) {
            let page: Vec<Origin> = lines
                .into_iter()
                .map(|(fingerprint, revision, places)| Origin {
                    fingerprint,
                    title: fingerprint ^ 1,
                    revision,
                    places: places.into_iter().map(|(n, file, at)| place(n, &file, at)).collect(),
                })
                .collect();
            prop_assert_eq!(decode(&encode(&page)), Some(page));
        }

        #[test]
        fn rubbish_is_no_panic(bytes: Vec<u8>) {
            let _ = decode(&bytes);
            let _ = crate::store::directory::decode(&bytes);
        }
    }
}
