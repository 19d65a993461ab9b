//! Stand-ins until `base` is merged.

/// Sanitise.
pub fn sanitise(text: &str) -> String {
    text.chars()
        .filter(|c| *c == '\n' || *c == '\t' || !c.is_control())
        .collect()
}
/// Env.
#[derive(Debug, Clone, Default)]
pub struct Env;
impl Env {
    /// A variable.
    pub fn get(&self, name: &str) -> Option<String> {
        std::env::var(name).ok()
    }
}
/// Data dir.
pub fn data_dir(env: &Env) -> std::path::PathBuf {
    env.get("HOME")
        .map(std::path::PathBuf::from)
        .unwrap_or_default()
        .join(".local/share/gongdan")
}
