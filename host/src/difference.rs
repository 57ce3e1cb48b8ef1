//! The difference of two sources as people read it: unified, with three lines around each change.

use std::time::Duration;

use similar::TextDiff;

/// Bytes of a difference that are kept.
const MAX: usize = 32 << 10;

/// Time spent on looking for the smallest difference; after it a larger one will do.
const PATIENCE: Duration = Duration::from_millis(100);

/// What was changed between two sources, named by their versions. Cut where it gets long, and says so.
pub(crate) fn unified(old: &str, new: &str, old_version: u64, new_version: u64) -> String {
    let difference = TextDiff::configure().timeout(PATIENCE).diff_lines(old, new);
    let headers = (format!("version {old_version}"), format!("version {new_version}"));
    let mut text = difference.unified_diff().context_radius(3).header(&headers.0, &headers.1).to_string();
    if text.len() > MAX {
        let end = (0..=MAX).rev().find(|&at| text.is_char_boundary(at)).unwrap_or_default();
        let left_out = text.len() - end;
        text.truncate(end);
        text.push_str(&format!("\n\\ {left_out} more bytes are left out\n"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_reads_like_a_patch() {
        let text = unified("a\nb\nc\n", "a\nB\nc\n", 1, 2);
        assert_eq!(text, "--- version 1\n+++ version 2\n@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n");
        assert_eq!(unified("a", "a", 1, 2), "");
    }

    #[test]
    fn a_long_difference_is_cut_at_a_character() {
        let (old, new) = ("ä\n".repeat(20_000), "ö\n".repeat(20_000));
        let text = unified(&old, &new, 1, 2);
        assert!(text.len() < MAX + 100, "{}", text.len());
        assert!(text.ends_with("more bytes are left out\n"));
    }

    #[test]
    fn sources_that_have_nothing_in_common_take_no_longer() {
        let old: String = (0..50_000_u64).map(|n| format!("{}\n", n * 7_919 % 50_021)).collect();
        let new: String = (0..50_000_u64).map(|n| format!("{}\n", n * 104_729 % 50_023)).collect();
        let begun = std::time::Instant::now();
        unified(&old, &new, 1, 2);
        assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
    }
}
