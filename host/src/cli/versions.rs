//! `lambkin versions`: what is kept of a function, and how two versions of it differ.

use std::fmt::Write as _;

use serde::Serialize;
use serde_json::Value;
use ureq::http::Method;
use uuid::Uuid;

use super::connection;
use super::name::FunctionId;
use super::problem::Problem;
use super::report::{EscapeControls as _, Report};

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The function's name or UUID
    #[arg(value_parser = FunctionId::parse, value_name = "NAME|UUID")]
    function: FunctionId,

    /// Show how this version became the newest one
    #[arg(long, value_name = "VERSION")]
    diff: Option<u64>,

    /// Compare with this version instead of the newest one
    #[arg(long, value_name = "VERSION", requires = "diff")]
    to: Option<u64>,

    #[command(flatten)]
    connection: connection::Arguments,
}

#[derive(Serialize)]
struct Page<'a> {
    uuid: Uuid,
    versions: &'a Value,
}

pub(super) fn run(arguments: &Arguments) -> Result<Report, Problem> {
    let connection = arguments.connection.connect()?;
    let uuid = connection.resolve(&arguments.function)?;
    if let Some(from) = arguments.diff {
        let to = arguments.to.map_or_else(String::new, |to| format!("?to={to}"));
        let path = format!("/lambdas/{uuid}/versions/{from}/diff{to}");
        let compared = connection.call(Method::GET, &path, None)?.value()?;
        let text = compared["diff"].as_str().unwrap_or_default();
        let text = text.lines().fold(String::new(), |all, line| all + &line.escape_controls() + "\n");
        return Report::new(&compared, text);
    }
    let versions = connection.call(Method::GET, &format!("/lambdas/{uuid}/versions"), None)?.value()?;
    Report::new(&Page { uuid, versions: &versions }, lines(&versions))
}

/// One line per version; a star marks the one that is served.
fn lines(versions: &Value) -> String {
    let mut text = String::new();
    for version in versions.as_array().into_iter().flatten() {
        let word = |key: &str| version[key].as_str().unwrap_or_default().escape_controls();
        let served = if version["productive"] == true { '*' } else { ' ' };
        // Writing into a `String` cannot fail.
        let _ =
            writeln!(text, "{served} {}  {}  {}", version["version"], word("createdAt"), word("createdBy"));
    }
    text
}
