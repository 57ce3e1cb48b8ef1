//! `lambkin limits`: every limit of an invocation and of an account with its value, straight from the code that enforces it.

use std::{fmt::Write as _, net::SocketAddr};

use lambkin_host::{ServeOptions, limit_table};
use lambkin_runtime::LimitRow;
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
    // Where a server would listen and keep its data limits nothing.
    let limits = limit_table(&ServeOptions::new(SocketAddr::from(([127, 0, 0, 1], 0)), ""));
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
