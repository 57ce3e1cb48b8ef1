//! `lambkin templates`: what `lambkin new` can start from.

use std::fmt::Write as _;

use lambkin_templates::TEMPLATES;
use serde::Serialize;

use super::problem::Problem;
use super::report::Report;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {}

#[derive(Serialize)]
struct Page {
    templates: Vec<Row>,
}

/// A template without its code: that is what `lambkin new` writes.
#[derive(Serialize)]
struct Row {
    id: &'static str,
    name: &'static str,
    event: &'static str,
    description: &'static str,
}

pub(super) fn run(_arguments: &Arguments) -> Result<Report, Problem> {
    let row = |t: &lambkin_templates::Template| Row {
        id: t.id,
        name: t.name,
        event: t.event,
        description: t.description,
    };
    let templates: Vec<Row> = TEMPLATES.iter().map(row).collect();
    let width = templates.iter().map(|row| row.id.len()).max().unwrap_or_default();
    let mut text = String::new();
    for row in &templates {
        // Writing into a `String` cannot fail.
        let _ = writeln!(text, "{:width$}  {}  ({})", row.id, row.description, row.event);
    }
    Report::new(&Page { templates }, text)
}
