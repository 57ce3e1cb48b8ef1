//! What the check of a source found, as one sentence.

use lambkin_runtime::{Finding, Severity};

/// The first error with its place, and how many more there are.
pub(crate) fn sentence(findings: &[Finding]) -> String {
    let errors: Vec<&Finding> =
        findings.iter().filter(|finding| finding.severity == Severity::Error).collect();
    let Some(first) = errors.first() else {
        return "the source is not an acceptable lambda".to_owned();
    };
    let more = match errors.len() - 1 {
        0 => String::new(),
        1 => " (and 1 more)".to_owned(),
        n => format!(" (and {n} more)"),
    };
    format!("{}:{}: {}{more}", first.line, first.column, first.message)
}
