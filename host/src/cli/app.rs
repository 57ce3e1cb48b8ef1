//! `lambkin app`: the programs that get tokens in an account.

use serde_json::{Value, json};
use ureq::http::Method;

use super::columns::columns;
use super::connection::{self, encoded};
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
    /// List the apps
    List,
    /// Install an app; its secret is shown once
    Create {
        /// What users read when they are asked whether it may act for them
        name: String,
        /// Where users are sent back to, to the letter. Can be given several times
        #[arg(long = "redirect-uri", value_name = "URI")]
        redirect_uris: Vec<String>,
        /// authorization_code, refresh_token or client_credentials. Can be given several times; those that make sense
        /// unless given
        #[arg(long = "grant", value_name = "TYPE")]
        grants: Option<Vec<String>>,
        /// What its tokens are good for; faas.lambda.invoke unless given
        #[arg(long)]
        scope: Option<String>,
        /// The app cannot keep a secret: it proves itself by PKCE
        #[arg(long)]
        public: bool,
    },
    /// Remove an app; its tokens are void
    Remove {
        /// Its client id
        id: String,
    },
    /// Give an app another secret; the old one is void
    Rotate {
        /// Its client id
        id: String,
    },
}

pub(super) fn run(arguments: &Arguments) -> Result<Report, Problem> {
    let connection = arguments.connection.connect()?;
    match &arguments.verb {
        Verb::List => {
            let apps = connection.exchange(Method::GET, "/app-installations", None)?;
            let text = columns(&apps, &["client_id", "client_name", "grant_types", "scope"]);
            Report::new(&json!({ "apps": apps }), text)
        }
        Verb::Create { name, redirect_uris, grants, scope, public } => {
            let mut body = json!({ "client_name": name, "redirect_uris": redirect_uris });
            if let Some(grants) = grants {
                body["grant_types"] = json!(grants);
            }
            if let Some(scope) = scope {
                body["scope"] = json!(scope);
            }
            if *public {
                body["token_endpoint_auth_method"] = json!("none");
            }
            described(&connection.exchange(Method::POST, "/app-installations", Some(&body))?)
        }
        Verb::Remove { id } => {
            connection.exchange(Method::DELETE, &format!("/app-installations/{}", encoded(id)), None)?;
            Report::new(&json!({ "client_id": id }), format!("removed app {id}"))
        }
        Verb::Rotate { id } => {
            let path = format!("/app-installations/{}/secret", encoded(id));
            described(&connection.exchange(Method::POST, &path, None)?)
        }
    }
}

/// The two words an app needs.
fn described(app: &Value) -> Result<Report, Problem> {
    let word = |key: &str| app[key].as_str().unwrap_or_default().escape_controls();
    let text = match app["client_secret"].is_string() {
        true => format!("client_id: {}\nclient_secret: {}", word("client_id"), word("client_secret")),
        false => format!("client_id: {}", word("client_id")),
    };
    Report::new(app, text)
}
