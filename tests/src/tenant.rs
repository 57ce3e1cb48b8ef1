//! An account as an operator makes it: on a server without `--dev`, with one user who may do everything in it.

use serde_json::{Value, json};

use crate::{Server, Start};

/// The account's id.
const ACCOUNT: &str = "42";

/// Its user's name and password.
const USER: (&str, &str) = ("ada", "a password of hers alone");

/// A server and the one account on it; calls through [`Tenant::server`] are its user's.
#[derive(Debug)]
pub struct Tenant {
    /// The server.
    pub server: Server,
    /// The login name of the account's user.
    pub user: &'static str,
    /// Their password.
    pub password: &'static str,
}

impl Tenant {
    /// Starts a server, takes the operator's password for one use, makes the account and lets its user in.
    pub fn start(start: Start) -> Self {
        let mut server = start.without_dev().server();
        let login = server.announcement["operator"].clone();
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        let home = text(&login["account"]);
        let operator = settle(
            &server,
            &home,
            &text(&login["loginName"]),
            &text(&login["password"]),
            "the operator's own password",
        );
        let wanted = json!({ "id": ACCOUNT, "loginName": USER.0 });
        let accounts = format!("/api/account/{home}/accounts");
        let made = server.call_as(&operator, "POST", &accounts, &wanted).expect(201).json();
        server.token = settle(&server, ACCOUNT, USER.0, &text(&made["oneTimePassword"]), USER.1);
        server.account = ACCOUNT.to_owned();
        Self { server, user: USER.0, password: USER.1 }
    }
}

/// Logs in with a password for one use, replaces it, logs in again; the token.
fn settle(server: &Server, account: &str, name: &str, one_time: &str, password: &str) -> String {
    let newcomer = server.log_in(account, name, one_time);
    let change = json!({ "oldPassword": one_time, "password": password });
    server.call_as(&newcomer, "PUT", &format!("/api/account/{account}/password"), &change).expect(204);
    server.log_in(account, name, password)
}
