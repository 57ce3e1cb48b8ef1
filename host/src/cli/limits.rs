//! `lambkin limits`: every limit of an invocation and of an account with its value, straight from the code that enforces it.

use std::fmt::Write as _;

use lambkin_host::AccountLimits;
use lambkin_runtime::{LimitRow, Limits, LogLimits, MAX_SOURCE_CHARS};
use serde::Serialize;

use super::problem::Problem;
use super::report::Report;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {}

#[derive(Serialize)]
struct Page {
    limits: Vec<LimitRow>,
}

pub(super) fn run(_arguments: &Arguments) -> Result<Report, Problem> {
    let limits = rows();
    let width = |text: fn(&LimitRow) -> usize| limits.iter().map(text).max().unwrap_or_default();
    let name = width(|row| row.name.len());
    let value = width(|row| row.value.to_string().len());
    let unit = width(|row| row.unit.len());
    let mut text = String::new();
    for row in &limits {
        // Writing into a `String` cannot fail.
        let _ =
            writeln!(text, "{:name$}  {:>value$} {:unit$}  {}", row.name, row.value, row.unit, row.meaning);
    }
    Report::new(&Page { limits }, text)
}

/// The runtime's own table, and the limits that are decided beside it.
fn rows() -> Vec<LimitRow> {
    let row = |name, value: usize, unit, meaning| LimitRow { name, value: value as u64, unit, meaning };
    let stored = LogLimits::default();
    let mut rows = vec![row("source", MAX_SOURCE_CHARS, "characters", "source of one lambda")];
    rows.extend(Limits::default().describe());
    rows.push(row("stored_log_entries", stored.entries, "entries", "log entries stored of one invocation"));
    rows.push(row(
        "stored_log_chars",
        stored.chars,
        "characters",
        "messages and extras stored of one invocation",
    ));
    rows.extend(AccountLimits::default().describe());
    rows
}
