//! `lambkin secret`: what an account keeps sealed. Values come in by stdin and never by the command line, which other
//! users of the machine can see.

use std::io::{self, IsTerminal as _, Read as _};

use serde_json::{Value, json};
use ureq::http::Method;

use super::columns::columns;
use super::connection::{self, Connection, encoded};
use super::problem::Problem;
use super::prompt::secret_line;
use super::report::{EscapeControls as _, Report};

/// More than a value may have, so that the server says what is wrong with it.
const MAX_VALUE: u64 = 256 << 10;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    verb: Verb,

    #[command(flatten)]
    connection: connection::Arguments,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// List the secrets without their values
    List,
    /// Make a secret, or give it another value: what stdin holds, without its last line end
    Set {
        /// Letters, digits, `_` and `-`
        key: String,
        /// The value is JSON and not text
        #[arg(long)]
        parse: bool,
        /// Bind it: requests to this host carry it in --header, and functions cannot read it
        #[arg(long, requires = "header")]
        host: Option<String>,
        #[arg(long, requires = "host", value_name = "NAME")]
        header: Option<String>,
    },
    /// Remove a secret
    Remove { key: String },
    /// Show the value of a secret. That you did is written down
    Read { key: String },
}

pub(super) fn run(arguments: &Arguments) -> Result<Report, Problem> {
    let connection = arguments.connection.connect()?;
    match &arguments.verb {
        Verb::List => {
            let secrets = connection.exchange(Method::GET, "/secrets", None)?;
            let text = columns(&secrets, &["key", "version", "updatedAt", "updatedBy"]);
            Report::new(&json!({ "secrets": secrets }), text)
        }
        Verb::Set { key, parse, host, header } => {
            let mut body = json!({ "key": key, "value": value(*parse)? });
            if let (Some(host), Some(header)) = (host, header) {
                body["host"] = json!(host);
                body["header"] = json!(header);
            }
            let set = set(&connection, key, body)?;
            let text = format!("{key} has version {}", set["version"]);
            Report::new(&set, text)
        }
        Verb::Remove { key } => {
            connection.exchange(Method::DELETE, &format!("/secrets/{}", encoded(key)), None)?;
            Report::new(&json!({ "key": key }), format!("removed {key}"))
        }
        Verb::Read { key } => {
            let path = format!("/secrets/{}/plain", encoded(key));
            let secret = connection.exchange(Method::GET, &path, None)?;
            let text = match &secret["value"] {
                Value::String(text) => text.lines().map(str::escape_controls).collect::<Vec<_>>().join("\n"),
                other => other.to_string(),
            };
            Report::new(&secret, text)
        }
    }
}

/// A new secret, or a new version of the one there is.
fn set(connection: &Connection, key: &str, mut body: Value) -> Result<Value, Problem> {
    let path = format!("/secrets/{}", encoded(key));
    let known = connection.call(Method::GET, &path, None)?;
    if known.status == 404 {
        return connection.exchange(Method::POST, "/secrets", Some(&body));
    }
    body["version"] = known.value()?["version"].clone();
    connection.exchange(Method::PUT, &path, Some(&body))
}

fn value(parse: bool) -> Result<Value, Problem> {
    let text =
        if io::stdin().is_terminal() {
            secret_line("value")?
        } else {
            let mut text = String::new();
            io::stdin().lock().take(MAX_VALUE).read_to_string(&mut text).map_err(|error| {
                Problem::new("file", format!("cannot read the value from stdin: {error}"))
            })?;
            text.strip_suffix('\n').map(str::to_owned).unwrap_or(text)
        };
    if !parse {
        return Ok(Value::String(text));
    }
    // The parser's own words may quote the value.
    serde_json::from_str(&text).map_err(|error| {
        Problem::usage(format!("the value is not JSON (line {}, column {})", error.line(), error.column()))
            .with_hint("leave out --parse to keep it as text")
    })
}
