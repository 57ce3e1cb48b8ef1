//! `lambkin activity`: who did what when.

use serde_json::json;
use ureq::http::Method;

use super::columns::columns;
use super::connection::{self, encoded};
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
    /// List what was done, newest first
    List {
        /// Only what this user did
        #[arg(long)]
        user: Option<String>,
        /// Only this: create, update, delete, deploy, rollback, undeploy or read
        #[arg(long)]
        action: Option<String>,
        /// Only to things of this kind, such as lambda, secret or user
        #[arg(long)]
        subject: Option<String>,
        /// Only to things with this in their name
        #[arg(long)]
        name: Option<String>,
        /// So many
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=500))]
        limit: Option<u16>,
        /// Go on after the entry with this id
        #[arg(long, value_name = "ID")]
        before: Option<String>,
    },
}

pub(super) fn run(arguments: &Arguments) -> Result<Report, Problem> {
    let connection = arguments.connection.connect()?;
    let Verb::List { user, action, subject, name, limit, before } = &arguments.verb;
    let limit = limit.map(|limit| limit.to_string());
    let wanted = [
        ("user", user),
        ("action", action),
        ("subject", subject),
        ("name", name),
        ("limit", &limit),
        ("before", before),
    ];
    let query: Vec<_> = wanted
        .into_iter()
        .filter_map(|(key, value)| Some(format!("{key}={}", encoded(value.as_deref()?))))
        .collect();
    let activities = connection.exchange(Method::GET, &format!("/activities?{}", query.join("&")), None)?;
    let text = columns(&activities, &["timestamp", "user", "action", "subject", "name"]);
    Report::new(&json!({ "activities": activities }), text)
}
