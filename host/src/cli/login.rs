//! `lambkin login`: begins a session that the other verbs use, and with `--logout` ends it.

use serde::Serialize;
use serde_json::{Value, json};
use ureq::http::Method;

use super::connection::{self, Connection, unexpected};
use super::problem::Problem;
use super::prompt::secret_line;
use super::report::Report;
use super::sessions::{Session, Sessions};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "The password is asked for, or read as the first line of stdin. A password for one use has to be \
                        replaced: the new one is asked for, or read as the second line."
)]
pub(super) struct Arguments {
    /// The login name
    #[arg(required_unless_present = "logout")]
    user: Option<String>,

    /// End the session with this server
    #[arg(long, conflicts_with = "user")]
    logout: bool,

    #[command(flatten)]
    connection: connection::Arguments,
}

/// What a session is, without what opens it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LoggedIn<'a> {
    server: &'a str,
    account: &'a str,
    login_name: &'a str,
    permissions: &'a Value,
}

#[derive(Serialize)]
struct LoggedOut<'a> {
    server: &'a str,
}

pub(super) fn run(arguments: &Arguments) -> Result<Report, Problem> {
    let mut sessions = Sessions::open()?;
    if arguments.logout {
        return log_out(arguments, &mut sessions);
    }
    // Nobody is logged in yet: the call carries no token, and the account is not that of an older session.
    let connection = arguments.connection.anonymous()?;
    let user = arguments.user.as_deref().unwrap_or_default();
    let password = secret_line("password")?;
    let mut begun = begin(&connection, user, &password)?;
    if begun["config"]["mustChangePassword"] == true {
        let token = begun["bearer"].as_str().ok_or_else(|| unexpected("a session"))?;
        let fresh = secret_line("new password")?;
        let change = json!({ "oldPassword": password, "password": fresh });
        connection.with_token(token).exchange(Method::PUT, "/password", Some(&change))?;
        begun = begin(&connection, user, &fresh)?;
    }
    let token = begun["bearer"].as_str().ok_or_else(|| unexpected("a session"))?;
    let (server, account) = (connection.server(), connection.account());
    let session =
        Session { account: account.to_owned(), login_name: user.to_owned(), token: token.to_owned() };
    sessions.keep(server, session)?;
    let permissions = &begun["config"]["userPrivileges"];
    let logged_in = LoggedIn { server, account, login_name: user, permissions };
    Report::new(&logged_in, format!("logged in to {server} as {user}, account {account}"))
}

fn begin(connection: &Connection, user: &str, password: &str) -> Result<Value, Problem> {
    let body = json!({ "username": user, "password": password });
    let answer = connection.call(Method::POST, "/login?v=1.3", Some(body.to_string().as_bytes()))?;
    if answer.status == 401 {
        return Err(answer.plain_refusal());
    }
    answer.value()
}

fn log_out(arguments: &Arguments, sessions: &mut Sessions) -> Result<Report, Problem> {
    let connection = arguments.connection.anonymous()?;
    let server = connection.server();
    let Some(session) = sessions.with(server).cloned() else {
        return Err(Problem::new("session", format!("there is no session with {server}")));
    };
    let connection = connection.in_account(&session.account)?.with_token(&session.token);
    // Forgotten here whatever the server says: it may be gone.
    sessions.forget(connection.server())?;
    let answer = connection.call(Method::POST, "/logout", None)?;
    // 401: the session has ended by itself.
    if !answer.is_success() && answer.status != 401 {
        return Err(answer.refusal());
    }
    let server = connection.server();
    Report::new(&LoggedOut { server }, format!("logged out of {server}"))
}
