//! A text edited in a program of the agent's own.

use std::io::{self, Write};
use std::process::Command;

use tempfile::NamedTempFile;

/// Runs the editor on the text, in a file that nobody else can read, and gives what it left.
///
/// # Errors
/// When the file cannot be written or read, or the editor cannot be run or does not end well.
pub fn edit(editor: &str, text: &str) -> io::Result<String> {
    let mut file = NamedTempFile::with_suffix(".txt")?;
    file.write_all(text.as_bytes())?;
    // The editor may hold arguments of its own, so a shell reads it; the path is an argument.
    let status = Command::new("/bin/sh")
        .arg("-c")
        .arg(format!("{editor} \"$1\""))
        .arg("sh")
        .arg(file.path())
        .status()?;
    if !status.success() {
        return Err(io::Error::other(format!("{editor}: {status}")));
    }
    std::fs::read_to_string(file.path())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_comes_back_as_the_editor_left_it() {
        let edited = edit("sed -i s/旧/新/", "旧文件").unwrap();
        assert_eq!(edited, "新文件");
        assert!(edit("false", "旧文件").is_err());
    }
}
