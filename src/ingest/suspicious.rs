//! What is neither tickets nor reference text: program documentation, source code, listings.

/// Lines looked at.
const LINES: usize = 2_000;

/// What a text without tickets looks like, when it looks like none of ours.
pub(crate) fn looks_like(file_name: &str, text: &str) -> Option<&'static str> {
    let base = file_name
        .rsplit(['/', '\\'])
        .next()
        .unwrap_or(file_name)
        .to_lowercase();
    if let Some(name) = by_name(&base) {
        return Some(name);
    }
    let lines: Vec<&str> = text
        .lines()
        .map(str::trim_end)
        .filter(|l| !l.trim().is_empty())
        .take(LINES)
        .collect();
    if lines.is_empty() {
        return None;
    }
    let share = |test: &dyn Fn(&str) -> bool| {
        lines.iter().filter(|l| test(l)).count() as f32 / lines.len() as f32
    };
    let enough = lines.len() >= 4;
    if enough && share(&is_code) >= 0.3 {
        return Some("source code");
    }
    if enough && share(&is_listing) >= 0.4 {
        return Some("listing");
    }
    if enough && share(&is_log) >= 0.4 {
        return Some("log");
    }
    if enough && share(&is_setting) >= 0.5 {
        return Some("configuration");
    }
    if enough && is_data(&lines) {
        return Some("data");
    }
    (manual_signs(&lines) >= 3).then_some("program documentation")
}

fn by_name(base: &str) -> Option<&'static str> {
    const DOCS: [&str; 9] = [
        "readme",
        "changelog",
        "license",
        "licence",
        "contributing",
        "makefile",
        "dockerfile",
        "code_of_conduct",
        "install",
    ];
    const CODE: [&str; 32] = [
        "rs", "py", "go", "js", "ts", "jsx", "tsx", "java", "c", "h", "cpp", "cc", "hpp", "cs",
        "rb", "php", "sh", "bash", "sql", "html", "css", "xml", "yaml", "yml", "toml", "ini",
        "conf", "lock", "log", "kt", "swift", "lua",
    ];
    let (stem, extension) = base.rsplit_once('.').unwrap_or((base, ""));
    if DOCS
        .iter()
        .any(|d| stem == *d || base == *d || stem.starts_with(&format!("{d}.")))
    {
        return Some("program documentation");
    }
    if matches!(extension, "csv" | "tsv" | "json") {
        return Some("data");
    }
    CODE.contains(&extension).then_some("source code")
}

fn is_code(line: &str) -> bool {
    const STARTS: [&str; 34] = [
        "import ",
        "from ",
        "def ",
        "class ",
        "func ",
        "fn ",
        "pub ",
        "let ",
        "const ",
        "var ",
        "return",
        "#include",
        "#define",
        "package ",
        "public ",
        "private ",
        "static ",
        "if (",
        "for (",
        "while (",
        "else",
        "} else",
        "export ",
        "async ",
        "await ",
        "//",
        "/*",
        "* @",
        "use ",
        "mod ",
        "#!/",
        "<?php",
        "<!DOCTYPE",
        "SELECT ",
    ];
    let text = line.trim();
    text.ends_with(['{', '}', ';'])
        || text.ends_with("};")
        || text.ends_with("):")
        || text.ends_with("=> {")
        || STARTS.iter().any(|s| text.starts_with(s))
        || (text.starts_with('<') && text.ends_with('>'))
}

fn is_listing(line: &str) -> bool {
    let text = line.trim();
    let mode = text.len() > 10
        && text.starts_with(['-', 'd', 'l'])
        && text
            .bytes()
            .skip(1)
            .take(9)
            .all(|b| b"rwx-sStT".contains(&b));
    let tree = text.starts_with(['├', '└', '│']);
    let path = !text.contains(' ')
        && text.contains('/')
        && !text.contains("://")
        && text.is_ascii()
        && text.contains('.');
    let bare_url = text.starts_with("http") && !text.contains(' ') && text.is_ascii();
    mode || tree || path || bare_url || text.starts_with("total ")
}

fn is_log(line: &str) -> bool {
    let text = line.trim_start_matches('[');
    let stamped = text.bytes().take(4).all(|b| b.is_ascii_digit())
        && text
            .as_bytes()
            .get(4)
            .is_some_and(|b| *b == b'-' || *b == b'/')
        && text.contains(':');
    const LEVELS: [&str; 7] = ["INFO", "WARN", "ERROR", "DEBUG", "TRACE", "FATAL", "NOTICE"];
    stamped && (LEVELS.iter().any(|l| line.contains(l)) || line.is_ascii())
        || LEVELS.iter().any(|l| text.starts_with(l))
}

fn is_setting(line: &str) -> bool {
    let text = line.trim();
    let (Some((key, _)), true) = (text.split_once(['=', ':']), text.is_ascii()) else {
        return text.starts_with('[') && text.ends_with(']') && text.is_ascii();
    };
    !key.is_empty()
        && key
            .trim()
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"_.-\"'".contains(&b))
}

/// Whether most lines hold the same number of separators, and several.
fn is_data(lines: &[&str]) -> bool {
    [',', '\t'].iter().any(|mark| {
        let first = lines.first().map_or(0, |l| l.matches(*mark).count());
        let same = lines
            .iter()
            .filter(|l| l.matches(*mark).count() == first)
            .count();
        first >= 2 && same * 10 >= lines.len() * 9
    })
}

/// Counts the signs of a program's manual.
fn manual_signs(lines: &[&str]) -> usize {
    const SIGNS: [&str; 36] = [
        "## installation",
        "## install",
        "## usage",
        "## license",
        "## contributing",
        "## getting started",
        "## quick start",
        "## quickstart",
        "## api",
        "## features",
        "## requirements",
        "## build",
        "## changelog",
        "## configuration",
        "## examples",
        "## 安装",
        "## 使用方法",
        "## 快速开始",
        "## 许可",
        "## 贡献",
        "## 特性",
        "## 依赖",
        "npm install",
        "pip install",
        "cargo install",
        "cargo build",
        "go get ",
        "git clone",
        "docker run",
        "apt-get install",
        "apt install",
        "brew install",
        "[![",
        "--help",
        "usage:",
        "make install",
    ];
    let text = lines.join("\n").to_lowercase();
    let fences = lines
        .iter()
        .filter(|l| l.trim_start().starts_with("```"))
        .count();
    SIGNS.iter().filter(|s| text.contains(*s)).count() + usize::from(fences >= 4)
}
