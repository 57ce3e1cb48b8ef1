//! `lambkin user`: who may log in to an account, and with which permissions.

use serde_json::{Value, json};
use ureq::http::Method;

use super::columns::columns;
use super::connection::{self, Connection, encoded, unexpected};
use super::problem::Problem;
use super::report::{EscapeControls as _, Report};

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    verb: Verb,

    #[command(flatten)]
    connection: connection::Arguments,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// List the users
    List,
    /// Make a user with a password for one use
    Create {
        /// What to log in as
        login: String,
        /// FaaS-Admin, FaaS-Developer, FaaS-Invocation or LPA. Can be given several times
        #[arg(long = "permission", value_name = "PERMISSION", required_unless_present = "profiles")]
        permissions: Vec<String>,
        /// A profile by its name. Can be given several times
        #[arg(long = "profile", value_name = "PROFILE", conflicts_with = "permissions")]
        profiles: Vec<String>,
        #[arg(long, value_name = "NAME")]
        full_name: Option<String>,
        #[arg(long, value_name = "ADDRESS")]
        email: Option<String>,
    },
    /// Remove a user; their sessions end
    Remove {
        /// Login name or id
        user: String,
    },
    /// Give a user another password for one use; their sessions end
    Password {
        /// Login name or id
        user: String,
    },
    /// Give a user other profiles in the place of those they have
    Profile {
        /// Login name or id
        user: String,
        /// Names of profiles; `lambkin profile list` lists them
        #[arg(required = true, value_name = "PROFILE")]
        profiles: Vec<String>,
    },
}

pub(super) fn run(arguments: &Arguments) -> Result<Report, Problem> {
    let connection = arguments.connection.connect()?;
    match &arguments.verb {
        Verb::List => {
            let users = connection.exchange(Method::GET, "/users", None)?;
            let text = columns(&users, &["loginName", "profiles", "permissions", "userId"]);
            Report::new(&json!({ "users": users }), text)
        }
        Verb::Create { login, permissions, profiles, full_name, email } => {
            let mut body = json!({ "loginName": login, "fullName": full_name, "email": email });
            if profiles.is_empty() {
                body["permissions"] = json!(permissions);
            } else {
                body["profiles"] = json!(profiles);
            }
            let made = connection.exchange(Method::POST, "/users", Some(&body))?;
            with_password(&made, "made user")
        }
        Verb::Remove { user } => {
            let id = resolve(&connection, user)?;
            connection.exchange(Method::DELETE, &format!("/users/{id}"), None)?;
            Report::new(&json!({ "userId": id }), format!("removed user {user}"))
        }
        Verb::Password { user } => {
            let id = resolve(&connection, user)?;
            let made = connection.exchange(Method::POST, &format!("/users/{id}/password"), None)?;
            with_password(&made, "another password for user")
        }
        Verb::Profile { user, profiles } => {
            let id = resolve(&connection, user)?;
            let body = json!({ "profiles": profiles });
            let changed = connection.exchange(Method::PUT, &format!("/users/{id}"), Some(&body))?;
            let text = columns(&json!([changed]), &["loginName", "profiles", "permissions", "userId"]);
            Report::new(&changed, text)
        }
    }
}

fn with_password(made: &Value, what: &str) -> Result<Report, Problem> {
    let word = |key: &str| made[key].as_str().unwrap_or_default().escape_controls();
    let text = format!("{what} {}\npassword for one use: {}", word("loginName"), word("oneTimePassword"));
    Report::new(made, text)
}

/// The id of a user who is named either way, ready for a path.
fn resolve(connection: &Connection, user: &str) -> Result<String, Problem> {
    let users = connection.exchange(Method::GET, "/users", None)?;
    let users = users.as_array().ok_or_else(|| unexpected("a list of users"))?;
    let is_meant = |known: &&Value| {
        known["userId"] == user
            || known["loginName"].as_str().is_some_and(|name| name.eq_ignore_ascii_case(user))
    };
    let found = users.iter().find(is_meant).and_then(|found| found["userId"].as_str());
    found.map(encoded).ok_or_else(|| {
        Problem::new("user", format!("there is no user `{user}` in account {}", connection.account()))
            .with_hint("`lambkin user list` lists them")
    })
}
