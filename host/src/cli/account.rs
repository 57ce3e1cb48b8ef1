//! `lambkin account`: the tenants of a server, for its operator.

use serde_json::json;
use ureq::http::Method;

use super::columns::columns;
use super::connection;
use super::problem::Problem;
use super::report::{EscapeControls as _, Report};

/// The account of those who run a server; accounts are managed from there.
const OPERATORS: &str = "operators";

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    verb: Verb,

    #[command(flatten)]
    connection: connection::Arguments,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// List the accounts
    List,
    /// Make an account and its first user, who may do everything in it
    Create {
        /// Letters and digits; stands in every URL
        id: String,
        /// What people call it; the id unless given
        #[arg(long)]
        name: Option<String>,
        /// Login name of the first user
        #[arg(long, value_name = "LOGIN")]
        user: String,
    },
}

pub(super) fn run(arguments: &Arguments) -> Result<Report, Problem> {
    let connection = arguments.connection.connect()?.in_account(OPERATORS)?;
    match &arguments.verb {
        Verb::List => {
            let accounts = connection.exchange(Method::GET, "/accounts", None)?;
            let text = columns(&accounts, &["id", "name", "createdAt", "createdBy"]);
            Report::new(&json!({ "accounts": accounts }), text)
        }
        Verb::Create { id, name, user } => {
            let body = json!({ "id": id, "name": name, "loginName": user });
            let made = connection.exchange(Method::POST, "/accounts", Some(&body))?;
            let word = |key: &str| made[key].as_str().unwrap_or_default().escape_controls();
            let text = format!(
                "made account {} with user {}\npassword for one use: {}",
                word("id"),
                word("loginName"),
                word("oneTimePassword")
            );
            Report::new(&made, text)
        }
    }
}
