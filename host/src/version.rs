//! What a lambda was at each save, and how two of them differ.

use std::{fmt::Write as _, time::Duration};

use serde::{Deserialize, Serialize};
use similar::TextDiff;
use uuid::Uuid;

use crate::lambda::{Definition, Setting};

/// A difference that takes longer to find is shown coarser.
const DIFFERENCE_TIME: Duration = Duration::from_millis(200);

/// A saved version. Never changed once it is written.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct VersionRecord {
    pub(crate) lambda: Uuid,
    pub(crate) version: u64,
    /// Without the sample payload, which is of no use for going back.
    pub(crate) definition: Definition,
    pub(crate) saved_at: u64,
    pub(crate) saved_by: String,
}

/// One side of a comparison.
#[derive(Clone, Debug)]
pub(crate) struct Compared {
    pub(crate) version: u64,
    pub(crate) source: String,
    pub(crate) environment: Vec<Setting>,
}

/// How one version became another, as a unified difference of the sources and of the environments; empty when
/// both are the same.
pub(crate) fn difference(from: &Compared, to: &Compared) -> String {
    let environment = |side: &Compared| {
        side.environment.iter().fold(String::new(), |mut text, Setting { key, value }| {
            // Writing into a `String` cannot fail. Escaped, so that a value with line breaks stays one line.
            let _ = writeln!(text, "{key}={}", value.escape_debug());
            text
        })
    };
    let mut text = unified("index.js", (from.version, &from.source), (to.version, &to.source));
    let environments = (environment(from), environment(to));
    text += &unified("environment", (from.version, &environments.0), (to.version, &environments.1));
    text
}

/// A unified difference of two texts; empty when they are the same.
pub(crate) fn unified(name: &str, from: (u64, &str), to: (u64, &str)) -> String {
    if from.1 == to.1 {
        return String::new();
    }
    let headers = (format!("{name} (version {})", from.0), format!("{name} (version {})", to.0));
    let difference = TextDiff::configure().timeout(DIFFERENCE_TIME).diff_lines(from.1, to.1);
    difference.unified_diff().header(&headers.0, &headers.1).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compared(version: u64, source: &str, environment: &[(&str, &str)]) -> Compared {
        let pair = |&(key, value): &(&str, &str)| Setting { key: key.into(), value: value.into() };
        Compared { version, source: source.into(), environment: environment.iter().map(pair).collect() }
    }

    #[test]
    fn sources_and_environments_are_compared() {
        let one = compared(1, "a\nb\n", &[("K", "1\n2")]);
        assert_eq!(difference(&one, &compared(2, "a\nb\n", &[("K", "1\n2")])), "");
        assert_eq!(
            difference(&one, &compared(2, "a\nc\n", &[])),
            "--- index.js (version 1)\n+++ index.js (version 2)\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n\
             --- environment (version 1)\n+++ environment (version 2)\n@@ -1 +0,0 @@\n-K=1\\n2\n"
        );
    }

    #[test]
    fn texts_without_a_line_in_common_are_compared_in_bounded_time() {
        let text = |odd: usize| (0..25_000).map(|n| format!("{}\n", n * 2 + odd)).collect::<String>();
        let start = std::time::Instant::now();
        assert!(unified("x", (1, &text(0)), (2, &text(1))).len() > 100_000);
        assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
    }
}
