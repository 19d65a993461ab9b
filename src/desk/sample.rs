//! The sample corpus, compiled in: a first look at the workbench without documents of one's own.

/// The dataset it is loaded as.
pub(super) const DATASET: &str = "sample";

macro_rules! files {
    ($($name:literal),* $(,)?) => {
        /// Its files by name.
        pub(super) const FILES: &[(&str, &str)] =
            &[$(($name, include_str!(concat!("../../seeds/", $name)))),*];
    };
}

files![
    "accounts.md",
    "article-cdn-cost.txt",
    "cdn.md",
    "certificates.md",
    "faq.md",
    "hosts.md",
    "live-media.md",
    "more.jsonl",
    "sms-dns.md",
    "snippets-sms-docs.txt",
    "storage.md",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_document_of_the_seeds_is_compiled_in() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/seeds");
        let mut there: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .filter(|name| name != "README.md" && name != "judged.jsonl")
            .collect();
        there.sort();
        let listed: Vec<&str> = FILES.iter().map(|(name, _)| *name).collect();
        assert_eq!(listed, there);
    }
}
