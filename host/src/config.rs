//! What the operator decides when the server starts.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use ipnet::IpNet;
use lambkin_runtime::Limits;

use crate::account_limits::AccountLimits;

/// The one account that exists until accounts are a resource of their own.
pub const BUILT_IN_ACCOUNT: &str = "123456";

/// The token of a `--dev` server. Well known on purpose: it opens nothing but a loopback address.
pub const DEV_TOKEN: &str = "lambkin-dev-token";

/// Settings of one server process.
#[derive(Clone, Debug)]
pub struct ServeOptions {
    /// Where to listen; port 0 picks a free one.
    pub listen: SocketAddr,
    /// Addresses of proxies whose word about the client (`X-Forwarded-For` and the like) is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// The data directory; created when it does not exist. One server at a time may use it.
    pub data: PathBuf,
    /// Development mode: the token is [`DEV_TOKEN`], and only loopback addresses are accepted.
    pub dev: bool,
    /// Replaces the stored token by a fresh one (printed once). The way out when the first one was lost.
    pub renew_token: bool,
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
    /// What one account may have.
    pub account_limits: AccountLimits,
    /// Whether whitelists may have entries such as `*.example.com`.
    pub wildcards: bool,
    /// Bytes of stored log per lambda before the oldest are dropped.
    pub log_bytes: u64,
    /// How long invocations in flight may go on after SIGTERM or SIGINT.
    pub grace: Duration,
    /// Threads that serve requests; `None` is one per CPU.
    pub workers: Option<usize>,
}

impl ServeOptions {
    /// Options with every default, for an address and a data directory.
    pub fn new(listen: SocketAddr, data: impl Into<PathBuf>) -> Self {
        Self {
            listen,
            trusted_proxies: Vec::new(),
            data: data.into(),
            dev: false,
            renew_token: false,
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
            account_limits: AccountLimits::default(),
            wildcards: true,
            log_bytes: 4 << 20,
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
    /// The built-in account.
    pub account: String,
    /// The token to call it with. Present with `--dev` and on the start that created it; afterwards only its
    /// hash is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
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
