//! Phrases that say nothing: placeholder causes and holding replies.

/// Whether a given cause says nothing, whatever its wording.
pub fn is_placeholder(_text: &str) -> bool {
    false
}

/// Whether a reply answers nothing: 请稍等, 已经处理完成 and the like.
pub fn is_holding(_text: &str) -> bool {
    false
}
