//! `lambkin schedule`: when functions run by themselves.

use serde_json::{Value, json};
use ureq::http::Method;

use super::columns::columns;
use super::connection::{self, encoded};
use super::name::FunctionId;
use super::problem::Problem;
use super::report::Report;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    verb: Verb,

    #[command(flatten)]
    connection: connection::Arguments,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// List the schedules
    List,
    /// Run a deployed function by itself
    Add {
        /// The function's name or UUID
        #[arg(value_parser = FunctionId::parse, value_name = "NAME|UUID")]
        function: FunctionId,
        /// Five fields, in UTC: '*/5 * * * *'
        cron: String,
        /// What each run is called with, as JSON
        #[arg(long, value_name = "JSON", value_parser = json_value)]
        payload: Option<Value>,
    },
    /// Remove a schedule
    Remove {
        /// Its id
        id: String,
    },
}

const COLUMNS: &[&str] =
    &["uuid", "cronExpression", "isActive", "nextExecution", "lastExecution", "lambdaUUID"];

pub(super) fn run(arguments: &Arguments) -> Result<Report, Problem> {
    let connection = arguments.connection.connect()?;
    match &arguments.verb {
        Verb::List => {
            let schedules = connection.exchange(Method::GET, "/schedules", None)?;
            let text = columns(&schedules, COLUMNS);
            Report::new(&json!({ "schedules": schedules }), text)
        }
        Verb::Add { function, cron, payload } => {
            let uuid = connection.resolve(function)?;
            let mut body =
                json!({ "uuid": "", "lambdaUUID": uuid, "cronExpression": cron, "isActive": true });
            if let Some(payload) = payload {
                body["invocationBody"] = json!({ "headers": [], "payload": payload });
            }
            let added = connection.exchange(Method::POST, "/schedules", Some(&body))?;
            let text = columns(&json!([added]), COLUMNS);
            Report::new(&added, text)
        }
        Verb::Remove { id } => {
            connection.exchange(Method::DELETE, &format!("/schedules/{}", encoded(id)), None)?;
            Report::new(&json!({ "uuid": id }), format!("removed schedule {id}"))
        }
    }
}

fn json_value(text: &str) -> Result<Value, String> {
    serde_json::from_str(text).map_err(|error| format!("this is not JSON: {error}"))
}
