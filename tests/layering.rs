//! The architecture, checked: who may use whom, and which library belongs to which module.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use regex::Regex;

const ALL: &str = "everything";

/// Module → modules it may use. The table in `src/lib.rs` says the same, in the same order.
const MAY_USE: [(&str, &[&str]); 17] = [
    ("text", &[]),
    ("model", &["text"]),
    ("api", &["model"]),
    ("words", &["api", "model"]),
    ("ingest", &["model", "text"]),
    ("insight", &["model", "text"]),
    ("config", &["model", "text"]),
    ("keymap", &["model", "text"]),
    ("clipboard", &["model", "text"]),
    ("journal", &["model"]),
    ("store", &["model", "journal"]),
    ("embed", &[]),
    ("search", &["model", "text", "embed"]),
    (
        "desk",
        &[
            "api", "model", "text", "ingest", "insight", "journal", "store", "search", "embed",
        ],
    ),
    ("daemon", &["api", "model", "desk", "config"]),
    (
        "tui",
        &[
            "api",
            "model",
            "text",
            "words",
            "keymap",
            "config",
            "clipboard",
        ],
    ),
    ("cli", &[ALL]),
];

/// Library → the modules that may name it.
const OWNED: [(&str, &[&str]); 10] = [
    ("sled", &["store"]),
    ("tantivy", &["search"]),
    ("jieba_rs", &["search"]),
    ("safetensors", &["embed"]),
    ("rten_gemm", &["embed"]),
    ("spm_precompiled", &["embed"]),
    ("ratatui", &["tui"]),
    ("crossterm", &["tui"]),
    ("clap", &["cli"]),
    ("arboard", &["clipboard"]),
];

fn source_root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn rust_files(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

/// Source text by path, with comment lines blanked: prose may name what code may not.
fn sources() -> BTreeMap<PathBuf, String> {
    let mut files = Vec::new();
    rust_files(&source_root(), &mut files);
    files
        .into_iter()
        .map(|path| {
            let text = fs::read_to_string(&path).unwrap();
            let code = text
                .lines()
                .map(|line| {
                    if line.trim_start().starts_with("//") {
                        ""
                    } else {
                        line
                    }
                })
                .collect::<Vec<_>>()
                .join("\n");
            (path.strip_prefix(source_root()).unwrap().to_owned(), code)
        })
        .collect()
}

fn module_of(path: &Path) -> String {
    let first = path
        .components()
        .next()
        .unwrap()
        .as_os_str()
        .to_string_lossy()
        .into_owned();
    first.trim_end_matches(".rs").to_owned()
}

/// The modules of this crate that a file names by `crate::…`, grouped imports included.
fn named_modules(code: &str) -> BTreeSet<String> {
    let single = Regex::new(r"\bcrate::([a-z_]+)").unwrap();
    let group = Regex::new(r"(?s)\bcrate::\{(.*?)\};").unwrap();
    let inner = Regex::new(r"\{[^{}]*\}").unwrap();
    let head = Regex::new(r"(?:^|,)\s*([a-z_]+)").unwrap();
    let mut found: BTreeSet<String> = single
        .captures_iter(code)
        .map(|c| c[1].to_owned())
        .collect();
    for names in group.captures_iter(code) {
        // Inner groups name items, not modules.
        let flat = inner.replace_all(&names[1], "");
        found.extend(head.captures_iter(&flat).map(|c| c[1].to_owned()));
    }
    found
}

#[test]
fn no_module_reaches_where_it_may_not() {
    let mut wrong = Vec::new();
    for (path, code) in sources() {
        let module = module_of(&path);
        let Some((_, allowed)) = MAY_USE.iter().find(|(name, _)| *name == module) else {
            assert!(
                module == "lib" || module == "main",
                "{module} is not in the table"
            );
            continue;
        };
        for used in named_modules(&code) {
            let known = MAY_USE.iter().any(|(name, _)| *name == used);
            let fine = used == module || allowed.contains(&used.as_str()) || allowed == &[ALL];
            if known && !fine {
                wrong.push(format!("{} uses {used}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "forbidden edges:\n{}", wrong.join("\n"));
}

#[test]
fn a_library_is_named_only_in_the_module_that_owns_it() {
    let mut wrong = Vec::new();
    for (path, code) in sources() {
        let module = module_of(&path);
        for (library, owners) in OWNED {
            let used = Regex::new(&format!(r"\b{library}::"))
                .unwrap()
                .is_match(&code);
            if used && !owners.contains(&module.as_str()) {
                wrong.push(format!("{} uses {library}", path.display()));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "libraries outside their module:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn the_map_in_lib_rs_is_this_table() {
    let map = fs::read_to_string(source_root().join("lib.rs")).unwrap();
    let row = Regex::new(r"(?m)^//! \| \[`(\w+)`\] \| [^|]+ \| ([^|]+) \|$").unwrap();
    let told: Vec<(String, String)> = row
        .captures_iter(&map)
        .map(|c| (c[1].to_owned(), c[2].to_owned()))
        .collect();
    let meant: Vec<(String, String)> = MAY_USE
        .iter()
        .map(|(name, used)| {
            let used = if used.is_empty() {
                "nothing".to_owned()
            } else {
                used.join(", ")
            };
            ((*name).to_owned(), used)
        })
        .collect();
    assert_eq!(told, meant);
}

#[test]
fn grouped_imports_are_seen() {
    let code = "use crate::{model::{TicketId, DocNo}, store};\nfn f() { crate::search::x() }";
    let seen: Vec<String> = named_modules(code).into_iter().collect();
    assert_eq!(seen, ["model", "search", "store"]);
}

/// Circles between sibling files that are still there. One that is mended must leave this list,
/// and none may be added.
const KNOWN_CIRCLES: [(&str, &[&str]); 2] = [
    ("store", &["commit", "older", "opening"]),
    ("tui", &["app", "overlays", "panes", "view"]),
];

/// Which children of a module use which of their siblings.
type Uses = BTreeMap<String, BTreeSet<String>>;

/// The child of a module that a file belongs to, and how deep the file lies below the module.
fn child_of(path: &Path) -> Option<(String, String, usize)> {
    let parts: Vec<String> = path
        .iter()
        .map(|part| part.to_string_lossy().trim_end_matches(".rs").to_owned())
        .collect();
    let [module, child, ..] = parts.as_slice() else {
        return None;
    };
    let is_test = parts.iter().any(|part| part == "tests");
    (!is_test).then(|| (module.clone(), child.clone(), parts.len() - 1))
}

/// The first names behind a path such as `super::` or `crate::desk::`, groups included.
fn names_behind(code: &str, prefix: &str) -> BTreeSet<String> {
    let single = Regex::new(&format!(r"(^|[^:\w]){prefix}([a-z_0-9]+)")).unwrap();
    let group = Regex::new(&format!(r"(?s)(^|[^:\w]){prefix}\{{(.*?)\}};")).unwrap();
    let inner = Regex::new(r"\{[^{}]*\}").unwrap();
    let head = Regex::new(r"(?:^|,)\s*([a-z_0-9]+)").unwrap();
    let mut found: BTreeSet<String> = single
        .captures_iter(code)
        .map(|c| c[2].to_owned())
        .collect();
    for names in group.captures_iter(code) {
        let flat = inner.replace_all(&names[2], "");
        found.extend(head.captures_iter(&flat).map(|c| c[1].to_owned()));
    }
    found
}

/// Reads who uses whom among the children of each module: a nested file speaks for its child.
/// Unit tests at the end of a file do not count.
fn sibling_uses(sources: &BTreeMap<PathBuf, String>) -> BTreeMap<String, Uses> {
    let mut modules: BTreeMap<String, Uses> = BTreeMap::new();
    for path in sources.keys() {
        if let Some((module, child, _)) = child_of(path) {
            modules
                .entry(module)
                .or_default()
                .insert(child, BTreeSet::new());
        }
    }
    for (path, code) in sources {
        let Some((module, child, depth)) = child_of(path) else {
            continue;
        };
        let code = code.split("#[cfg(test)]\nmod tests {").next().unwrap();
        let mut names = names_behind(code, &format!("crate::{module}::"));
        names.extend(names_behind(code, &"super::".repeat(depth)));
        let uses = modules.get_mut(&module).unwrap();
        names.retain(|name| *name != child && uses.contains_key(name));
        uses.get_mut(&child).unwrap().extend(names);
    }
    modules
}

/// Everything that a child uses, directly or through others.
fn reached<'a>(uses: &'a Uses, from: &str) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::new();
    let mut open: Vec<&str> = uses[from].iter().map(String::as_str).collect();
    while let Some(next) = open.pop() {
        if found.insert(next) {
            open.extend(uses[next].iter().map(String::as_str));
        }
    }
    found
}

/// Children that use one another, directly or through others.
fn circles(uses: &Uses) -> BTreeSet<Vec<&str>> {
    let reach: BTreeMap<&str, BTreeSet<&str>> = uses
        .keys()
        .map(|child| (child.as_str(), reached(uses, child)))
        .collect();
    reach
        .iter()
        .filter(|(child, found)| found.contains(*child))
        .map(|(child, found)| {
            let back = found.iter().filter(|other| reach[*other].contains(child));
            back.copied().collect()
        })
        .collect()
}

#[test]
fn no_siblings_of_a_module_use_one_another_in_a_circle() {
    let modules = sibling_uses(&sources());
    let found: BTreeSet<(&str, Vec<&str>)> = modules
        .iter()
        .flat_map(|(module, uses)| circles(uses).into_iter().map(|c| (module.as_str(), c)))
        .collect();
    let known: BTreeSet<(&str, Vec<&str>)> = KNOWN_CIRCLES
        .iter()
        .map(|(module, circle)| (*module, circle.to_vec()))
        .collect();
    let new: Vec<_> = found.difference(&known).collect();
    assert!(new.is_empty(), "circles of sibling files: {new:?}");
    let mended: Vec<_> = known.difference(&found).collect();
    assert!(mended.is_empty(), "take these off the list: {mended:?}");
}

#[test]
fn a_planted_edge_between_siblings_is_found() {
    let mut planted = sources();
    let circles_of = |sources: &BTreeMap<PathBuf, String>, module: &str| {
        let modules = sibling_uses(sources);
        circles(&modules[module]).len()
    };
    for (module, file, edge) in [
        // A file, a nested file, and a path inside a function.
        ("daemon", "daemon/wire.rs", "use super::session::serve;\n"),
        (
            "desk",
            "desk/jobs/import.rs",
            "use super::super::import::Merge;\n",
        ),
        (
            "words",
            "words/system.rs",
            "fn f() { crate::words::errors::error() }\n",
        ),
    ] {
        let before = circles_of(&planted, module);
        let code = planted.get_mut(Path::new(file)).unwrap();
        code.insert_str(0, edge);
        assert!(circles_of(&planted, module) > before, "{file}: {edge}");
    }
}

/// Begins the lines of files in a module's documentation.
const FILES: &str =
    "//! # Files\n//!\n//! Each may use those on the lines above its own.\n//!\n//! ```text\n";

/// The children of a module in lines: those that use no other first, each as early as it may stand.
fn floors(uses: &Uses) -> Vec<Vec<&str>> {
    let mut floor: BTreeMap<&str, usize> = BTreeMap::new();
    let reach: BTreeMap<&str, BTreeSet<&str>> = uses
        .keys()
        .map(|child| (child.as_str(), reached(uses, child)))
        .collect();
    while floor.len() < uses.len() {
        for child in uses
            .keys()
            .filter(|child| !floor.contains_key(child.as_str()))
            .collect::<Vec<_>>()
        {
            // Those of a circle stand together.
            let below = reach[child.as_str()]
                .iter()
                .filter(|other| !reach[*other].contains(child.as_str()));
            let below: Option<Vec<usize>> = below.map(|other| floor.get(other).copied()).collect();
            if let Some(below) = below {
                floor.insert(child, below.into_iter().max().map_or(0, |most| most + 1));
            }
        }
    }
    let mut floors = vec![Vec::new(); floor.values().max().map_or(0, |most| most + 1)];
    for (child, at) in floor {
        floors[at].push(child);
    }
    floors
}

/// The lines of files as they stand in the documentation, no wider than the sources.
fn file_lines(uses: &Uses) -> String {
    let mut text = String::new();
    for floor in floors(uses) {
        let mut line = "//!".to_owned();
        for child in floor {
            if line.len() + 1 + child.len() > 99 {
                text.push_str(&format!("{line}\n"));
                line = "//!  ".to_owned();
            }
            line.push_str(&format!(" {child}"));
        }
        text.push_str(&format!("{line}\n"));
    }
    text
}

#[test]
fn the_files_of_a_module_stand_in_its_documentation() {
    let mut behind = Vec::new();
    for (module, uses) in sibling_uses(&sources()) {
        let path = source_root().join(format!("{module}.rs"));
        let (Ok(text), true) = (fs::read_to_string(&path), uses.len() > 3) else {
            continue;
        };
        let header: usize = text
            .split_inclusive('\n')
            .take_while(|line| line.starts_with("//!"))
            .map(str::len)
            .sum();
        let (mut told, rest) = (text[..header].to_owned(), &text[header..]);
        let table = format!("//!\n{FILES}{}//! ```\n", file_lines(&uses));
        if told.ends_with(&table) {
            continue;
        }
        behind.push(module);
        if std::env::var_os("GONGDAN_WRITE_DOCS").is_some() {
            told.truncate(told.find(&format!("//!\n{FILES}")).unwrap_or(told.len()));
            fs::write(&path, format!("{told}{table}{rest}")).unwrap();
        }
    }
    assert!(
        behind.is_empty() || std::env::var_os("GONGDAN_WRITE_DOCS").is_some(),
        "files are not where the documentation of {behind:?} puts them; if they should be, \
         GONGDAN_WRITE_DOCS=1 cargo test --test gongdan layering:: writes it anew"
    );
}
