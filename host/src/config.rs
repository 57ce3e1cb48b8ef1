//! What the operator decides when the server starts.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use ipnet::IpNet;
use lambkin_runtime::Limits;

use crate::{
    account_limits::AccountLimits, auth::TokenHash, egress::EgressOptions, host_name::HostName,
    master_key::SecretKey, tls::TlsFiles,
};
pub use crate::{auth::rights::Roles, warm::ReuseCaps};

/// The account of a `--dev` server.
pub const BUILT_IN_ACCOUNT: &str = "123456";

/// The token of a `--dev` server. Well known on purpose: it opens nothing but a loopback address.
pub const DEV_TOKEN: &str = "lambkin-dev-token";

/// The client id of the app of a `--dev` server.
pub const DEV_CLIENT: &str = "dev-client";

/// Its secret.
pub const DEV_CLIENT_SECRET: &str = "dev-secret";

/// Where it may send users back to; any port will do.
pub(crate) const DEV_REDIRECTS: [&str; 3] =
    ["http://127.0.0.1/callback", "http://localhost/callback", "http://[::1]/callback"];

/// The password of every user of a `--dev` server.
pub(crate) const DEV_PASSWORD: &str = "lambkin";

/// Its hash: hashing takes time, and a start should not.
pub(crate) const DEV_PASSWORD_HASH: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$bGFtYmtpbi1kZXYtc2FsdA$BfhGotAcSnCM3n0JjmMSqM67vqWQUqF2/EuJB4BVc4Q";

/// Settings of one server process.
#[derive(Clone, Debug)]
pub struct ServeOptions {
    /// Where to listen; port 0 picks a free one.
    pub listen: SocketAddr,
    /// A listener of its own for management calls. The other one then serves invocations and what leads to them.
    pub management_listen: Option<SocketAddr>,
    /// What clients are told to call the public listener by; what a caller used unless given.
    pub public_host: Option<HostName>,
    /// The same for the management listener.
    pub management_host: Option<HostName>,
    /// Certificate and key; without them connections are not encrypted.
    pub tls: Option<TlsFiles>,
    /// Addresses of proxies whose word about the client (`X-Forwarded-For` and the like) is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// The data directory; created when it does not exist. One server at a time may use it.
    pub data: PathBuf,
    /// Development mode: tokens and passwords are well known, and only loopback addresses are accepted.
    pub dev: bool,
    /// Gives the operator another password for one use (printed once). The way out when theirs is lost.
    pub renew_operator: bool,
    /// Which edition of the platform's rules decides where they differ.
    pub roles: Roles,
    /// Seconds after which a session ends that is not refreshed.
    pub session_seconds: u32,
    /// Whether CPU time is counted and capped by fuel.
    pub metered: bool,
    /// What one invocation may use.
    pub limits: Limits,
    /// Invocations that may exist at once, all lambdas together.
    pub max_concurrency: usize,
    /// Invocations of one lambda that may exist at once, so that one busy lambda leaves room for its neighbours.
    pub lambda_concurrency: usize,
    /// Calls that may wait for a place, all lambdas together; the next one is answered 429.
    pub max_queue: usize,
    /// Calls that may wait for a place with one lambda.
    pub lambda_queue: usize,
    /// Longest wait for a place.
    pub queue_wait: Duration,
    /// Connections that may be open at once; further ones wait in the listen backlog.
    pub max_connections: usize,
    /// Bytes of request bodies that may be held in memory at once.
    pub body_memory: usize,
    /// Time a client has to send its headers, also the longest idle time of a kept-alive connection.
    pub header_timeout: Duration,
    /// Time a client has to send a body.
    pub body_timeout: Duration,
    /// Lambdas kept in memory, ready to thaw; the least recently used one makes room.
    pub max_loaded: usize,
    /// Bytes that the loaded lambdas may take together; the least recently used ones make room here too.
    pub max_loaded_bytes: usize,
    /// How long instances of lambdas that want it are reused.
    pub reuse: ReuseCaps,
    /// What one account may have.
    pub account_limits: AccountLimits,
    /// Where the key comes from that the secrets are sealed with.
    pub secret_key: SecretKey,
    /// The key they were sealed with before, when it is being changed.
    pub old_secret_key: Option<SecretKey>,
    /// Whether whitelists may have entries such as `*.example.com`.
    pub wildcards: bool,
    /// Calls of lambdas to the outside.
    pub egress: EgressOptions,
    /// Bytes of stored log per lambda before the oldest are dropped; 0 keeps neither logs nor records.
    pub log_bytes: u64,
    /// Bytes of records of invocations per lambda, likewise.
    pub record_bytes: u64,
    /// Bytes of logs and records of all lambdas together; those written to least recently go first.
    pub total_log_bytes: u64,
    /// Days that logs, records and counts of invocations are kept.
    pub log_days: u64,
    /// Opens `GET /metrics` and nothing else, for programs that collect them.
    pub(crate) metrics_token: Option<TokenHash>,
    /// Whether an account that has used up its invocations of the month is refused; otherwise it is only reported.
    pub enforce_monthly: bool,
    /// How long invocations in flight may go on after SIGTERM or SIGINT.
    pub grace: Duration,
    /// Threads that serve requests; `None` is one per CPU.
    pub workers: Option<usize>,
}

/// Characters of a token for the metrics: fewer could be guessed.
const METRICS_TOKEN: usize = 32;

impl ServeOptions {
    /// Sets the token that opens `GET /metrics` and nothing else.
    ///
    /// # Errors
    ///
    /// A sentence when it could be guessed.
    pub fn set_metrics_token(&mut self, token: &str) -> Result<(), String> {
        if token.len() < METRICS_TOKEN || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(format!(
                "the token for the metrics must have at least {METRICS_TOKEN} printable characters and no spaces"
            ));
        }
        self.metrics_token = Some(TokenHash::of(token.as_bytes()));
        Ok(())
    }

    /// Options with every default, for an address and a data directory.
    pub fn new(listen: SocketAddr, data: impl Into<PathBuf>) -> Self {
        Self {
            listen,
            management_listen: None,
            public_host: None,
            management_host: None,
            tls: None,
            trusted_proxies: Vec::new(),
            data: data.into(),
            dev: false,
            renew_operator: false,
            roles: Roles::Guide,
            session_seconds: 28_800,
            metered: true,
            limits: Limits::default(),
            max_concurrency: 512,
            lambda_concurrency: 128,
            max_queue: 4_096,
            lambda_queue: 1_024,
            queue_wait: Duration::from_secs(5),
            max_connections: 16_384,
            body_memory: 256 << 20,
            header_timeout: Duration::from_secs(30),
            body_timeout: Duration::from_secs(30),
            max_loaded: 256,
            max_loaded_bytes: 512 << 20,
            reuse: ReuseCaps::default(),
            account_limits: AccountLimits::default(),
            secret_key: SecretKey::File(None),
            old_secret_key: None,
            wildcards: true,
            egress: EgressOptions::default(),
            log_bytes: 4 << 20,
            record_bytes: 2 << 20,
            total_log_bytes: 4 << 30,
            log_days: 30,
            metrics_token: None,
            enforce_monthly: false,
            grace: Duration::from_secs(35),
            workers: None,
        }
    }
}

/// What a server says once it listens: one line of JSON on stdout.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Announcement {
    /// Base URL, with the port that was really taken.
    pub listening: String,
    /// Base URL of the management listener, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub management: Option<String>,
    /// The account of a `--dev` server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// Its well-known token, with all permissions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// Its users.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub users: Vec<DevUser>,
    /// Its app.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub app: Option<DevApp>,
    /// How the operator logs in. Only on the start that made the password: it is kept as a hash.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operator: Option<Login>,
    /// Whether this is a `--dev` server.
    pub dev: bool,
    /// SHA-256 of the engine this server runs, in hex.
    pub engine: String,
    /// The server's version.
    pub version: String,
    /// Things the operator should know.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
}

/// A user of a `--dev` server.
#[derive(Clone, Debug, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DevUser {
    /// What to log in as.
    pub login_name: &'static str,
    /// The well-known password.
    pub password: &'static str,
    /// What the user may do.
    pub permissions: Vec<&'static str>,
}

/// The app of a `--dev` server.
#[derive(Clone, Debug, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DevApp {
    /// What it calls itself when it asks for a token.
    pub client_id: &'static str,
    /// The well-known secret.
    pub client_secret: &'static str,
}

/// A password for one use: it lets its user do nothing but choose another one.
#[derive(Clone, Debug, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Login {
    /// The account to log in to.
    pub account: &'static str,
    /// What to log in as.
    pub login_name: &'static str,
    /// The password.
    pub password: String,
}
