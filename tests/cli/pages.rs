//! The pages under `docs/`: what they show of the program is what the program says.

use std::fs;
use std::path::Path;

use super::Person;

/// Begins and ends the part of a page that a command of the program writes.
const BEGIN: &str =
    "<!-- written by `gongdan keys`; GONGDAN_WRITE_DOCS=1 cargo test pages:: writes it anew -->\n";
const END: &str = "<!-- end -->\n";

#[test]
fn the_pages_of_the_keys_have_the_whole_action_table() {
    for (page, lang) in [("docs/keys.md", "en"), ("docs/zh-CN/keys.md", "zh")] {
        let home = Person::new();
        let mut table = String::new();
        for keymap in ["default", "emacs"] {
            let args = ["--lang", lang, "keys", "--keymap", keymap];
            let rows = home.ok(&args).text();
            table.push_str(&format!("\n### `{keymap}`\n\n{rows}\n"));
        }
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(page);
        let text = fs::read_to_string(&path).unwrap();
        let (before, rest) = text.split_once(BEGIN).expect("the page has a table");
        let (shown, after) = rest.split_once(END).expect("the table ends");
        if std::env::var_os("GONGDAN_WRITE_DOCS").is_some() {
            fs::write(&path, format!("{before}{BEGIN}{table}{END}{after}")).unwrap();
        } else {
            assert_eq!(shown, table, "{page} is behind the action table");
        }
    }
}
