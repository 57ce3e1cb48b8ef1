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
    /// The operator's account and token.
    operator: (String, String),
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
        let operator = (home, operator);
        server.token = found(&server, &operator, ACCOUNT);
        server.account = ACCOUNT.to_owned();
        Self { server, user: USER.0, password: USER.1, operator }
    }

    /// Makes another account on the server and does something there as its user.
    pub fn elsewhere<T>(&mut self, account: &str, act: impl FnOnce(&Server) -> T) -> T {
        let token = found(&self.server, &self.operator, account);
        let token = std::mem::replace(&mut self.server.token, token);
        let home = std::mem::replace(&mut self.server.account, account.to_owned());
        let done = act(&self.server);
        (self.server.token, self.server.account) = (token, home);
        done
    }
}

/// Makes an account; the token of its user.
fn found(server: &Server, (home, operator): &(String, String), account: &str) -> String {
    let wanted = json!({ "id": account, "loginName": USER.0 });
    let made = server.call_as(operator, "POST", &format!("/api/account/{home}/accounts"), &wanted);
    let one_time = made.expect(201).json()["oneTimePassword"].as_str().expect("a text").to_owned();
    settle(server, account, USER.0, &one_time, USER.1)
}

/// Logs in with a password for one use, replaces it, logs in again; the token.
fn settle(server: &Server, account: &str, name: &str, one_time: &str, password: &str) -> String {
    let newcomer = server.log_in(account, name, one_time);
    let change = json!({ "oldPassword": one_time, "password": password });
    server.call_as(&newcomer, "PUT", &format!("/api/account/{account}/password"), &change).expect(204);
    server.log_in(account, name, password)
}
