//! `lambkin whitelist`: the domains that the functions of an account may call.

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
    /// List the domains, oldest first
    List,
    /// Let functions call a domain from now on
    Add {
        /// A name such as api.example.com or *.example.com
        domain: String,
    },
    /// Refuse a domain from now on
    Remove {
        /// The domain, or its id
        domain: String,
    },
}

pub(super) fn run(arguments: &Arguments) -> Result<Report, Problem> {
    let connection = arguments.connection.connect()?;
    match &arguments.verb {
        Verb::List => {
            let domains = connection.exchange(Method::GET, "/proxy-settings", None)?;
            let text = columns(&domains, &["domain", "id"]);
            Report::new(&json!({ "whitelist": domains }), text)
        }
        Verb::Add { domain } => {
            let body = json!({ "domain": domain, "id": -1 });
            let added = connection.exchange(Method::POST, "/proxy-settings", Some(&body))?;
            let text = columns(&json!([added]), &["domain", "id"]);
            Report::new(&added, text)
        }
        Verb::Remove { domain } => {
            connection.exchange(Method::DELETE, &format!("/proxy-settings/{}", encoded(domain)), None)?;
            Report::new(&json!({ "domain": domain }), format!("removed {domain}"))
        }
    }
}
