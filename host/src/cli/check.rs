//! `lambkin check`: the verdict of the save button, without a server and without running anything.

use std::path::PathBuf;

use lambkin_runtime::Finding;
use serde::Serialize;

use super::problem::Problem;
use super::report::Report;
use super::subject::{Content, Subject};

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// A source, or a function's folder
    file: PathBuf,
}

/// What `--json` shows of an accepted source; a refused one shows an error and the same findings.
#[derive(Serialize)]
struct Verdict<'a> {
    file: &'a str,
    findings: &'a [Finding],
}

pub(super) fn run(arguments: &Arguments) -> Result<Report, Problem> {
    let subject = Subject::read(&arguments.file)?;
    let Content::Source(source) = &subject.content else {
        return Err(Problem::new("file", format!("`{}` is not a source", subject.name))
            .with_hint("`lambkin inspect` judges a built module"));
    };
    let checked =
        lambkin_runtime::check(source).map_err(|findings| Problem::refused(&subject.name, findings))?;
    let findings = checked.warnings();
    let text = match findings.len() {
        0 => format!("{}: ok", subject.name),
        1 => format!("{}: ok, 1 warning", subject.name),
        number => format!("{}: ok, {number} warnings", subject.name),
    };
    Ok(Report::new(&Verdict { file: &subject.name, findings }, text)?.with_notes(subject.warnings(&checked)))
}
