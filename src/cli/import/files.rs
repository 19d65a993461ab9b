//! Which documents the named paths mean.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

/// The name of what comes from standard input.
const STDIN: &str = "stdin";

/// One document to import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// The name the desk knows it by: relative to the named folder.
    pub name: String,
    /// Where its bytes are.
    pub content: Content,
}

/// Where a document's bytes are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// In a file.
    File(PathBuf),
    /// On standard input.
    Stdin,
    /// Here.
    Bytes(Vec<u8>),
}

/// A path that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// The path as named or met.
    pub file: String,
    /// Why, as the system says it.
    pub why: String,
}

/// What the named paths mean.
#[derive(Debug, Default)]
pub struct Gathered {
    /// The documents, in the order named, folders sorted.
    pub documents: Vec<Document>,
    /// What could not be read.
    pub unreadable: Vec<Unreadable>,
    /// Files of a folder that are of no kind that is read, by the end of their names.
    pub unread: BTreeMap<String, usize>,
    /// The dataset's name by default; `None` leaves it to the desk.
    pub dataset: Option<String>,
}

/// Finds the documents that paths mean.
pub fn gather(paths: &[String]) -> Gathered {
    let mut gathered = Gathered::default();
    for path in paths {
        gathered.add(path);
    }
    tell_apart(&mut gathered.documents);
    gathered.dataset = paths.first().and_then(|path| dataset(path));
    gathered
}

impl Gathered {
    fn add(&mut self, named: &str) {
        if named == "-" {
            self.documents.push(Document {
                name: STDIN.to_owned(),
                content: Content::Stdin,
            });
            return;
        }
        let path = Path::new(named);
        match std::fs::metadata(path) {
            Err(error) => self.unreadable.push(Unreadable {
                file: named.to_owned(),
                why: error.to_string(),
            }),
            Ok(meta) if meta.is_dir() => self.add_folder(path),
            Ok(_) => self.documents.push(Document {
                name: file_name(path),
                content: Content::File(path.to_owned()),
            }),
        }
    }

    fn add_folder(&mut self, folder: &Path) {
        // A link may lead anywhere: only what lies in the folder that was named is read.
        let root = folder.canonicalize().ok();
        let outside = |entry: &DirEntry| {
            let real = entry.path().canonicalize().ok();
            matches!((&real, &root), (Some(real), Some(root)) if !real.starts_with(root))
        };
        let mut walk = WalkDir::new(folder)
            .follow_links(true)
            .sort_by_file_name()
            .into_iter();
        while let Some(entry) = walk.next() {
            match entry {
                Ok(entry) if entry.path_is_symlink() && entry.depth() > 0 && outside(&entry) => {
                    if entry.file_type().is_dir() {
                        walk.skip_current_dir();
                    }
                    if entry.file_type().is_dir() || is_document(entry.path()) {
                        self.unreadable.push(Unreadable {
                            file: entry.path().to_string_lossy().into_owned(),
                            why: "a link that leads out of the folder".to_owned(),
                        });
                    }
                }
                Ok(entry) if entry.file_type().is_file() && is_document(entry.path()) => {
                    let path = entry.path();
                    let relative = path.strip_prefix(folder).unwrap_or(path);
                    self.documents.push(Document {
                        name: relative.to_string_lossy().into_owned(),
                        content: Content::File(path.to_owned()),
                    });
                }
                Ok(entry) if entry.file_type().is_file() && !is_hidden(entry.path()) => {
                    let end = entry.path().extension().map_or_else(String::new, |end| {
                        format!(".{}", end.to_string_lossy().to_lowercase())
                    });
                    *self.unread.entry(end).or_default() += 1;
                }
                Ok(_) => {}
                Err(error) => self.unreadable.push(Unreadable {
                    file: error
                        .path()
                        .unwrap_or(folder)
                        .to_string_lossy()
                        .into_owned(),
                    why: error
                        .io_error()
                        .map_or_else(|| error.to_string(), ToString::to_string),
                }),
            }
        }
    }
}

/// Whether a file of a folder is read; one that is named itself is, whatever its name.
fn is_document(path: &Path) -> bool {
    path.extension()
        .and_then(|extension| extension.to_str())
        .is_some_and(crate::ingest::reads_extension)
        && !is_hidden(path)
}

/// Whether a file is the system's or an editor's, which nobody means: `.DS_Store`, `~$x.xlsx`.
fn is_hidden(path: &Path) -> bool {
    path.file_name()
        .is_some_and(|name| name.to_string_lossy().starts_with(['.', '~']))
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .unwrap_or(path.as_os_str())
        .to_string_lossy()
        .into_owned()
}

/// Documents of one name get their paths: a re-import goes by the name.
fn tell_apart(documents: &mut [Document]) {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for document in documents.iter() {
        *seen.entry(document.name.clone()).or_default() += 1;
    }
    for document in documents {
        if seen.get(&document.name).is_some_and(|count| *count > 1)
            && let Content::File(path) = &document.content
        {
            document.name = path.to_string_lossy().into_owned();
        }
    }
}

/// The name of the first path, without extension.
///
/// An export of ours names its datasets itself, so a `.jsonl` file names none.
fn dataset(path: &str) -> Option<String> {
    if path == "-" {
        return Some(STDIN.to_owned());
    }
    let path = Path::new(path);
    let is_jsonl = path
        .extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("jsonl"));
    if is_jsonl {
        return None;
    }
    if path.is_dir() {
        // `.` and `..` have no name of their own.
        let full = path.canonicalize().ok();
        return Some(file_name(full.as_deref().unwrap_or(path)));
    }
    path.file_stem()
        .map(|stem| stem.to_string_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn names(gathered: &Gathered) -> Vec<&str> {
        gathered.documents.iter().map(|d| d.name.as_str()).collect()
    }

    #[test]
    fn a_link_out_of_the_folder_is_not_followed_and_one_within_is() {
        let dir = tempfile::tempdir().unwrap();
        let (inside, outside) = (dir.path().join("in"), dir.path().join("out"));
        fs::create_dir_all(inside.join("a")).unwrap();
        fs::create_dir_all(&outside).unwrap();
        fs::write(inside.join("a/x.md"), "x").unwrap();
        fs::write(outside.join("secret.md"), "x").unwrap();
        std::os::unix::fs::symlink(inside.join("a"), inside.join("b")).unwrap();
        std::os::unix::fs::symlink(&outside, inside.join("c")).unwrap();
        std::os::unix::fs::symlink(outside.join("secret.md"), inside.join("d.md")).unwrap();
        let gathered = gather(&[inside.display().to_string()]);
        assert_eq!(names(&gathered), ["a/x.md", "b/x.md"]);
        assert_eq!(gathered.unreadable.len(), 2, "{:?}", gathered.unreadable);
    }

    #[test]
    fn a_folder_is_read_recursively_by_extension_and_sorted() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().join("周报");
        fs::create_dir_all(root.join("b")).unwrap();
        for file in [
            "z.md",
            "b/a.TXT",
            "a.markdown",
            "c.jsonl",
            "notes.pdf",
            "b/x.rs",
        ] {
            fs::write(root.join(file), "x").unwrap();
        }
        let gathered = gather(&[root.to_string_lossy().into_owned()]);
        assert_eq!(
            names(&gathered),
            ["a.markdown", "b/a.TXT", "c.jsonl", "z.md"]
        );
        assert_eq!(gathered.dataset.as_deref(), Some("周报"));
    }

    #[test]
    fn a_named_file_is_read_whatever_its_extension() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("tickets.export.log");
        fs::write(&file, "x").unwrap();
        let gathered = gather(&[file.to_string_lossy().into_owned()]);
        assert_eq!(names(&gathered), ["tickets.export.log"]);
        assert_eq!(gathered.dataset.as_deref(), Some("tickets.export"));
    }

    #[test]
    fn what_is_not_there_is_named_and_the_rest_goes_on() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("a.md");
        fs::write(&file, "x").unwrap();
        let missing = dir.path().join("none.md").to_string_lossy().into_owned();
        let gathered = gather(&[missing.clone(), file.to_string_lossy().into_owned()]);
        assert_eq!(names(&gathered), ["a.md"]);
        assert_eq!(gathered.unreadable[0].file, missing);
    }

    #[test]
    fn two_files_of_one_name_are_told_apart_by_their_paths() {
        let dir = tempfile::tempdir().unwrap();
        let mut paths = Vec::new();
        for folder in ["a", "b"] {
            fs::create_dir(dir.path().join(folder)).unwrap();
            let file = dir.path().join(folder).join("same.md");
            fs::write(&file, "x").unwrap();
            paths.push(file.to_string_lossy().into_owned());
        }
        assert_eq!(names(&gather(&paths)), paths);
    }

    #[test]
    fn an_export_of_ours_names_its_own_datasets() {
        assert_eq!(dataset("all.jsonl"), None);
        assert_eq!(dataset("-").as_deref(), Some("stdin"));
    }
}
