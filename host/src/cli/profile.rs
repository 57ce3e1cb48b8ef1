//! `lambkin profile`: named sets of permissions that users are given.

use serde_json::{Value, json};
use ureq::http::Method;

use super::columns::columns;
use super::connection::{self, Connection, encoded, unexpected};
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
    /// List the profiles
    List,
    /// Make a profile
    Create {
        /// What people call it
        name: String,
        /// FaaS-Admin, FaaS-Developer, FaaS-Invocation or LPA. Can be given several times
        #[arg(long = "permission", value_name = "PERMISSION", required = true)]
        permissions: Vec<String>,
    },
    /// Change a profile, and with it what its users may do
    Change {
        /// Its name or id
        profile: String,
        /// Call it something else
        #[arg(long)]
        name: Option<String>,
        /// What it allows, in the place of what it allowed. Can be given several times
        #[arg(long = "permission", value_name = "PERMISSION", required_unless_present = "name")]
        permissions: Option<Vec<String>>,
    },
    /// Remove a profile that no user has
    Remove {
        /// Its name or id
        profile: String,
    },
}

const COLUMNS: &[&str] = &["name", "permissions", "profileId"];

pub(super) fn run(arguments: &Arguments) -> Result<Report, Problem> {
    let connection = arguments.connection.connect()?;
    match &arguments.verb {
        Verb::List => {
            let profiles = connection.exchange(Method::GET, "/profiles", None)?;
            let text = columns(&profiles, COLUMNS);
            Report::new(&json!({ "profiles": profiles }), text)
        }
        Verb::Create { name, permissions } => {
            let body = json!({ "name": name, "permissions": permissions });
            described(&connection.exchange(Method::POST, "/profiles", Some(&body))?)
        }
        Verb::Change { profile, name, permissions } => {
            let id = resolve(&connection, profile)?;
            let body = json!({ "name": name, "permissions": permissions });
            described(&connection.exchange(Method::PUT, &format!("/profiles/{id}"), Some(&body))?)
        }
        Verb::Remove { profile } => {
            let id = resolve(&connection, profile)?;
            connection.exchange(Method::DELETE, &format!("/profiles/{id}"), None)?;
            Report::new(&json!({ "profileId": id }), format!("removed profile {profile}"))
        }
    }
}

fn described(profile: &Value) -> Result<Report, Problem> {
    Report::new(profile, columns(&json!([profile]), COLUMNS))
}

/// The id of a profile that is named either way, ready for a path.
fn resolve(connection: &Connection, profile: &str) -> Result<String, Problem> {
    let profiles = connection.exchange(Method::GET, "/profiles", None)?;
    let profiles = profiles.as_array().ok_or_else(|| unexpected("a list of profiles"))?;
    let is_meant = |known: &&Value| {
        known["profileId"] == profile
            || known["name"].as_str().is_some_and(|name| name.to_lowercase() == profile.to_lowercase())
    };
    let found = profiles.iter().find(is_meant).and_then(|found| found["profileId"].as_str());
    found.map(encoded).ok_or_else(|| {
        Problem::new(
            "profile",
            format!("there is no profile `{profile}` in account {}", connection.account()),
        )
        .with_hint("`lambkin profile list` lists them")
    })
}
