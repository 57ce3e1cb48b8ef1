//! `lambkin rollback`: serves an earlier version of a function again.

use serde::Serialize;
use serde_json::{Value, json};
use ureq::http::Method;
use uuid::Uuid;

use super::connection;
use super::name::FunctionId;
use super::problem::Problem;
use super::report::Report;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The function's name or UUID
    #[arg(value_parser = FunctionId::parse, value_name = "NAME|UUID")]
    function: FunctionId,

    /// The version to serve; `lambkin versions` lists those that are kept
    version: u64,

    #[command(flatten)]
    connection: connection::Arguments,
}

#[derive(Serialize)]
struct RolledBack<'a> {
    uuid: Uuid,
    version: u64,
    state: &'a Value,
}

pub(super) fn run(arguments: &Arguments) -> Result<Report, Problem> {
    let connection = arguments.connection.connect()?;
    let uuid = connection.resolve(&arguments.function)?;
    let version = arguments.version;
    let body = json!({ "version": version }).to_string();
    let path = format!("/lambdas/{uuid}/rollback");
    let function = connection.call(Method::POST, &path, Some(body.as_bytes()))?.value()?;
    let rolled_back = RolledBack { uuid, version, state: &function["state"] };
    Report::new(&rolled_back, format!("version {version} of {uuid} is served"))
}
