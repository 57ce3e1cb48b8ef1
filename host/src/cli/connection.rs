//! A server of Lambkin as its clients see it: where it is, who calls, and the few calls the command makes.

use std::fs;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;
use ureq::http::{Method, Request, Uri};
use ureq::tls::{PemItem, RootCerts, TlsConfig, parse_pem};
use uuid::Uuid;

use super::name::{FunctionId, FunctionName};
use super::problem::Problem;
use super::sessions::Sessions;

/// Longer than an invocation may take and wait together: when this strikes, the server is gone.
const CALL_TIMEOUT: Duration = Duration::from_secs(60);
/// Larger answers are refused instead of filling the memory.
const MAX_ANSWER: u64 = 64 << 20;

/// Where to call and as whom. What is not given is that of the session with the server, or else of a
/// `lambkin serve --dev` on this machine.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Connection")]
pub(super) struct Arguments {
    /// The server's base URL
    #[arg(
        long,
        global = true,
        env = "LAMBKIN_SERVER",
        default_value = "http://127.0.0.1:8080",
        value_name = "URL"
    )]
    server: String,

    /// Trust the certificates of this PEM file, in place of those that everybody trusts
    #[arg(long, global = true, env = "LAMBKIN_CA_FILE", value_name = "FILE")]
    ca_file: Option<PathBuf>,

    /// The account to work in; the one you are logged in to unless given
    #[arg(long, global = true, env = "LAMBKIN_ACCOUNT", value_name = "ID")]
    account: Option<String>,

    /// The token to call with; that of `lambkin login` unless given
    #[arg(long, global = true, env = "LAMBKIN_TOKEN", hide_env_values = true, value_name = "TOKEN")]
    token: Option<String>,
}

/// A server that can be called.
#[derive(Clone, Debug)]
pub(super) struct Connection {
    agent: ureq::Agent,
    server: String,
    account: String,
    /// Nobody logs in with a token.
    token: Option<String>,
}

/// What the server said, before anyone judged it.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: Vec<u8>,
}

/// The error body of every call.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ErrorBody {
    #[serde(default)]
    error_code: String,
    #[serde(default)]
    error_msg: String,
}

impl Arguments {
    /// Checks the settings and prepares to call; nothing is sent yet.
    ///
    /// # Errors
    /// When a setting cannot be part of a request.
    pub(super) fn connect(&self) -> Result<Connection, Problem> {
        let connection = self.anonymous()?;
        let (mut account, mut token) = (self.account.clone(), self.token.clone());
        if account.is_none() || token.is_none() {
            let sessions = Sessions::open()?;
            if let Some(session) = sessions.with(&connection.server) {
                // A token of somebody else's says nothing about the session's account.
                account = account.or_else(|| token.is_none().then(|| session.account.clone()));
                token = token.or_else(|| Some(session.token.clone()));
            }
        }
        let token = token.unwrap_or_else(|| lambkin_host::DEV_TOKEN.to_owned());
        if token.is_empty() || !token.chars().all(|character| character.is_ascii_graphic()) {
            return Err(Problem::usage("the token holds characters that no token has")
                .with_hint("`lambkin login` gets one; LAMBKIN_TOKEN and --token take one"));
        }
        let connection = connection.with_token(&token);
        match account {
            Some(account) => connection.in_account(&account),
            None => Ok(connection),
        }
    }

    /// The same for somebody who is not logged in.
    ///
    /// # Errors
    /// When a setting cannot be part of a request.
    pub(super) fn anonymous(&self) -> Result<Connection, Problem> {
        let server = self.server.trim_end_matches('/').to_owned();
        let uri: Option<Uri> = server.parse().ok();
        let host = match &uri {
            Some(uri) if matches!(uri.scheme_str(), Some("http" | "https")) => uri.host(),
            _ => None,
        };
        let Some(host) = host else {
            return Err(Problem::usage(format!("`{}` is not the URL of a server", self.server))
                .with_hint("a server is named like http://127.0.0.1:8080"));
        };
        let mut config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(CALL_TIMEOUT))
            .user_agent(concat!("lambkin/", env!("CARGO_PKG_VERSION")));
        if is_loopback(host) {
            // A proxy cannot reach this machine's own servers, whatever the environment says.
            config = config.proxy(None);
        }
        if let Some(file) = &self.ca_file {
            config = config.tls_config(TlsConfig::builder().root_certs(roots(file)?).build());
        }
        let account = lambkin_host::BUILT_IN_ACCOUNT.to_owned();
        let connection = Connection { agent: config.build().into(), server, account, token: None };
        match &self.account {
            Some(account) => connection.in_account(account),
            None => Ok(connection),
        }
    }
}

/// The certificates of a PEM file.
fn roots(file: &Path) -> Result<RootCerts, Problem> {
    let shown = file.display();
    let hint = "a PEM file with certificates begins with -----BEGIN CERTIFICATE-----";
    let pem = fs::read(file).map_err(|error| Problem::usage(format!("`{shown}` cannot be read: {error}")))?;
    let mut found = Vec::new();
    for item in parse_pem(&pem) {
        match item {
            Ok(PemItem::Certificate(certificate)) => found.push(certificate),
            Ok(_) => {}
            Err(error) => {
                return Err(Problem::usage(format!("`{shown}` is not PEM: {error}")).with_hint(hint));
            }
        }
    }
    if found.is_empty() {
        return Err(Problem::usage(format!("`{shown}` holds no certificate")).with_hint(hint));
    }
    Ok(RootCerts::Specific(Arc::new(found)))
}

impl Connection {
    /// The same server and caller in another account.
    ///
    /// # Errors
    /// When no account has such an id.
    pub(super) fn in_account(&self, account: &str) -> Result<Self, Problem> {
        let part = |character: char| character.is_ascii_alphanumeric() || matches!(character, '-' | '_');
        if account.is_empty() || !account.chars().all(part) {
            return Err(Problem::usage(format!("`{account}` is not the id of an account")));
        }
        Ok(Self { account: account.to_owned(), ..self.clone() })
    }

    /// The same server and account for another caller.
    pub(super) fn with_token(&self, token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..self.clone() }
    }

    /// The server's base URL.
    pub(super) fn server(&self) -> &str {
        &self.server
    }

    /// The account that is worked in.
    pub(super) fn account(&self) -> &str {
        &self.account
    }

    /// A granted call with JSON in both directions; an answer without a body is `null`.
    ///
    /// # Errors
    /// When no answer arrived, or what the server gave as its reason for saying no.
    pub(super) fn exchange(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Value, Problem> {
        let body = body.map(ToString::to_string);
        let answer = self.call(method, path, body.as_deref().map(str::as_bytes))?;
        if answer.is_success() && answer.body.is_empty() { Ok(Value::Null) } else { answer.value() }
    }

    /// Calls `/api/account/{account}{path}` with a JSON body, or none.
    ///
    /// # Errors
    /// When no answer arrived. An answer that says no is still an answer.
    pub(super) fn call(&self, method: Method, path: &str, body: Option<&[u8]>) -> Result<Answer, Problem> {
        self.send(method, path, "application/json", body.unwrap_or_default())
    }

    /// The same with a body of another kind.
    ///
    /// # Errors
    /// When no answer arrived.
    pub(super) fn send(
        &self,
        method: Method,
        path: &str,
        kind: &'static str,
        body: &[u8],
    ) -> Result<Answer, Problem> {
        let uri = format!("{}/api/account/{}{path}", self.server, self.account);
        let mut request = Request::builder().method(method).uri(uri).header("accept", "application/json");
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        if !body.is_empty() {
            request = request.header("content-type", kind);
        }
        // A `GET` with no body at all, not with an empty one: some proxies refuse the latter.
        let sent = if body.is_empty() {
            self.agent
                .run(request.body(()).map_err(|error| Problem::internal("cannot form a request", error))?)
        } else {
            self.agent
                .run(request.body(body).map_err(|error| Problem::internal("cannot form a request", error))?)
        };
        let answer = sent.map_err(|error| self.unreachable(&error))?;
        let status = answer.status().as_u16();
        let body = answer.into_body().into_with_config().limit(MAX_ANSWER).read_to_vec();
        let body = body.map_err(|error| self.unreachable(&error))?;
        Ok(Answer { status, body })
    }

    /// The UUID of a function that is named either way.
    ///
    /// # Errors
    /// When the account has no function of that name.
    pub(super) fn resolve(&self, id: &FunctionId) -> Result<Uuid, Problem> {
        let name = match id {
            FunctionId::Uuid(uuid) => return Ok(*uuid),
            FunctionId::Name(name) => name,
        };
        let found = self.find(name)?.ok_or_else(|| {
            Problem::new(
                "com.liveperson.faas.es.missinglambda",
                format!("there is no function `{name}` in account {}", self.account),
            )
            .with_hint("`lambkin deploy FILE --name NAME` makes one")
        })?;
        uuid_of(&found)
    }

    /// The function of a name, as the server describes it; `None` when the account has none.
    ///
    /// # Errors
    /// When the server does not answer as it should.
    pub(super) fn find(&self, name: &FunctionName) -> Result<Option<Value>, Problem> {
        // The server's filter looks for a part of the name; the exact one is chosen here.
        let listed = self.call(Method::GET, &format!("/lambdas?name={name}"), None)?.value()?;
        let Value::Array(functions) = listed else { return Err(unexpected("a list of functions")) };
        Ok(functions.into_iter().find(|function| function["name"] == name.as_str()))
    }

    /// The function with this UUID, as the server describes it.
    ///
    /// # Errors
    /// When there is none.
    pub(super) fn function(&self, uuid: Uuid) -> Result<Value, Problem> {
        // An array of one: that is how the platform answers.
        match self.call(Method::GET, &format!("/lambdas/{uuid}"), None)?.value()? {
            Value::Array(mut functions) if functions.len() == 1 => Ok(functions.remove(0)),
            _ => Err(unexpected("one function")),
        }
    }

    /// The URL a function is invoked under.
    pub(super) fn invocation_url(&self, uuid: Uuid) -> String {
        format!("{}/api/account/{}/lambdas/{uuid}/invoke?v=1", self.server, self.account)
    }

    fn unreachable(&self, cause: &ureq::Error) -> Problem {
        let cause = match cause {
            ureq::Error::Io(error) => error.to_string().to_lowercase(),
            other => other.to_string(),
        };
        Problem::new("unreachable", format!("cannot reach the server at {}: {cause}", self.server)).with_hint(
            "start one with `lambkin serve --dev`, or name another with --server or LAMBKIN_SERVER",
        )
    }
}

impl Answer {
    /// Whether the call was granted.
    pub(super) const fn is_success(&self) -> bool {
        self.status >= 200 && self.status < 300
    }

    /// The JSON of a granted call.
    ///
    /// # Errors
    /// What the server gave as its reason, or that the answer is not JSON.
    pub(super) fn value(&self) -> Result<Value, Problem> {
        if !self.is_success() {
            return Err(self.refusal());
        }
        serde_json::from_slice(&self.body).map_err(|_| unexpected("JSON"))
    }

    /// The reason in the answer of a call that was not granted, and what may help.
    pub(super) fn refusal(&self) -> Problem {
        let problem = self.plain_refusal();
        match self.status {
            401 => problem
                .with_hint("`lambkin login` begins a session; or name a token with --token or LAMBKIN_TOKEN"),
            403 => problem.with_hint(
                "log in as somebody who may do this, or name their token with --token or LAMBKIN_TOKEN",
            ),
            429 | 503 => problem.with_hint("the server is busy; try again in a moment"),
            _ => problem,
        }
    }

    /// The reason alone.
    pub(super) fn plain_refusal(&self) -> Problem {
        let status = self.status;
        let body: Option<ErrorBody> = serde_json::from_slice(&self.body).ok();
        match body {
            Some(body) if !body.error_msg.is_empty() => {
                Problem::new(body.error_code, format!("the server refused ({status}): {}", body.error_msg))
            }
            _ => Problem::new(format!("http-{status}"), format!("the server refused with status {status}")),
        }
    }
}

/// The `uuid` of a described function.
pub(super) fn uuid_of(function: &Value) -> Result<Uuid, Problem> {
    function["uuid"]
        .as_str()
        .and_then(|text| text.parse().ok())
        .ok_or_else(|| unexpected("a function with a uuid"))
}

/// A text as one segment of a path or one value of a query.
pub(super) fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20")
}

/// The server answered, but not what the contract says.
pub(super) fn unexpected(wanted: &str) -> Problem {
    Problem::new("unexpected-answer", format!("the server did not answer with {wanted}"))
        .with_hint("make sure that the URL is the one of a lambkin server of this version")
}

fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || address.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arguments(server: &str, account: &str, token: &str) -> Arguments {
        Arguments {
            server: server.to_owned(),
            account: Some(account.to_owned()),
            token: Some(token.to_owned()),
            ca_file: None,
        }
    }

    #[test]
    fn settings_are_judged_before_anything_is_sent() {
        assert!(arguments("http://127.0.0.1:1/", "1", "t").connect().is_ok());
        for (server, account, token) in [
            ("127.0.0.1:1", "1", "t"),
            ("ftp://h", "1", "t"),
            ("", "1", "t"),
            ("http://h", "", "t"),
            ("http://h", "1/2", "t"),
            ("http://h", "1", ""),
            ("http://h", "1", "a\r\nb: c"),
        ] {
            assert!(arguments(server, account, token).connect().is_err(), "{server} {account} {token:?}");
        }
    }

    #[test]
    fn what_goes_into_a_path_stays_in_its_segment() {
        assert_eq!(encoded("../a b?c#d%+"), "..%2Fa%20b%3Fc%23d%25%2B");
        assert_eq!(encoded("*.example.com"), "*.example.com");
    }

    #[test]
    fn loopback_is_recognised_in_every_form() {
        for host in ["localhost", "LOCALHOST", "127.0.0.1", "127.9.9.9", "[::1]"] {
            assert!(is_loopback(host), "{host}");
        }
        for host in ["example.com", "10.0.0.1", "[::2]", "127.0.0.1.example.com"] {
            assert!(!is_loopback(host), "{host}");
        }
    }

    #[test]
    fn a_refusal_carries_the_servers_own_words() {
        let body = br#"{"errorCode": "com.liveperson.faas.es.general", "errorMsg": "slow down"}"#.to_vec();
        let refusal = format!("{:?}", Answer { status: 429, body }.refusal());
        assert!(
            refusal.contains("com.liveperson.faas.es.general") && refusal.contains("slow down"),
            "{refusal}"
        );
        let refusal = format!("{:?}", Answer { status: 502, body: b"<html>".to_vec() }.refusal());
        assert!(refusal.contains("http-502"), "{refusal}");
    }
}
