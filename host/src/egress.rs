//! The way out of lambdas: HTTP to hosts that their account allows, and to nothing else.
//!
//! ```text
//! lambda -- operation --> Outbound --> whitelist --> rate --> pool of the account --> Connector: resolve, judge the
//!                            \--> record of the invocation      address, connect to that address, TLS
//! ```
//!
//! Invariants: the whitelist is asked for every request and for every hop of a redirect, so a change counts for the
//! next request; an address is judged before it is connected to, and it is that address which is connected to;
//! connections are pooled per account; whatever an invocation holds open is closed when it ends.

mod address;
mod coding;
mod connector;
mod failure;
mod held;
mod identity;
mod outbound;
mod outgoing;
mod proxy;
mod record;
mod request;
mod secret;
mod sibling;

use std::{
    collections::{HashMap, HashSet},
    net::IpAddr,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use hyper_util::{
    client::legacy::Client,
    rt::{TokioExecutor, TokioTimer},
};
use ipnet::IpNet;
use lambkin_runtime::{CompletionError, Egress, LimitRow};
use parking_lot::Mutex;
use rustls::{
    ClientConfig, RootCertStore,
    crypto::ring,
    pki_types::{CertificateDer, pem::PemObject as _},
};
use uuid::Uuid;

pub use self::proxy::Proxy;
use self::{
    connector::{Connector, Network, SystemResolver},
    held::Held,
    identity::Identity,
    outgoing::Outgoing,
};
pub(crate) use self::{
    outbound::Outbound,
    record::{Calls, OutboundCall},
    request::{HOPS, is_ours},
    secret::Vault,
    sibling::{Fields, SiblingAnswer, SiblingCall, Siblings},
};
use crate::{
    domain::Domain,
    error::HostError,
    rates::{Bucket, SECOND},
    snapshot::Snapshot,
    whitelist::{Verdict, Whitelist, judge},
};

/// Idle connections to one host that an account keeps, and for how long.
const IDLE_CONNECTIONS: usize = 32;
const IDLE: Duration = Duration::from_secs(30);

/// Bytes of an answer's head, and its fields.
const ANSWER_HEAD: usize = 64 << 10;
const ANSWER_FIELDS: usize = 200;

/// Bytes of one body that may be under way over HTTP/2 before somebody reads it, and of one connection's.
const STREAM_WINDOW: u32 = 256 << 10;
const CONNECTION_WINDOW: u32 = 2 << 20;

/// What an operator decides about calls of lambdas to the outside.
#[derive(Clone, Debug)]
pub struct EgressOptions {
    /// Networks outside of the public internet that lambdas may be connected to.
    pub allow_private: Vec<IpNet>,
    /// A proxy that all calls go through.
    pub proxy: Option<Proxy>,
    /// A PEM file of authorities that are trusted besides the public ones.
    pub extra_roots: Option<std::path::PathBuf>,
    /// Requests that one lambda may make in a second.
    pub per_second: usize,
    /// Bytes of answers that are held at once for all lambdas.
    pub held: usize,
}

impl Default for EgressOptions {
    fn default() -> Self {
        Self { allow_private: Vec::new(), proxy: None, extra_roots: None, per_second: 20, held: 512 << 20 }
    }
}

/// Most bytes of things.
#[derive(Clone, Copy, Debug)]
struct Caps {
    /// The body of a request.
    request: usize,
    /// The body of an answer, decoded.
    response: usize,
    /// All answers of one invocation.
    invocation: usize,
}

const CAPS: Caps = Caps { request: 6 << 20, response: 16 << 20, invocation: 64 << 20 };

/// What the table of limits says about calls to the outside.
pub(crate) fn limits(options: &EgressOptions) -> Vec<LimitRow> {
    let row = |name, value: usize, unit, meaning| LimitRow { name, value: value as u64, unit, meaning };
    vec![
        row(
            "outbound_per_second",
            options.per_second,
            "requests",
            "requests of one lambda to the outside in a second",
        ),
        row("outbound_request", CAPS.request, "bytes", "body of one request to the outside"),
        row("outbound_response", CAPS.response, "bytes", "body of one answer, decoded"),
        row("outbound_total", CAPS.invocation, "bytes", "bodies of all answers of one invocation"),
        row(
            "outbound_held",
            options.held,
            "bytes",
            "bodies of answers that the server holds at once for all lambdas",
        ),
    ]
}

/// How long the phases of a call may take; the invocation's own limit ends them all.
#[derive(Clone, Copy, Debug)]
struct Times {
    /// Resolving, connecting, TLS.
    connect: Duration,
    /// From the start to the head of the answer, redirects included.
    head: Duration,
    /// Between two pieces of a body.
    idle: Duration,
}

const TIMES: Times =
    Times { connect: Duration::from_secs(10), head: Duration::from_secs(60), idle: Duration::from_secs(60) };

/// Who calls.
#[derive(Clone)]
pub(crate) struct Caller {
    pub(crate) account: Arc<str>,
    pub(crate) lambda: Uuid,
    pub(crate) policy: Policy,
    pub(crate) secrets: Vault,
    /// Who runs the other lambdas of the account, if somebody does.
    pub(crate) siblings: Option<Arc<dyn Siblings>>,
    /// Through how many lambdas the invocation came.
    pub(crate) hops: u32,
}

/// Which hosts may be called.
#[derive(Clone, Debug)]
pub(crate) enum Policy {
    /// Those on an account's whitelist, as it is at that moment.
    Account(Arc<Whitelist>, Arc<str>),
    /// These.
    Names(Arc<HashSet<String>>),
}

impl Policy {
    fn judge(&self, host: &str) -> Verdict {
        match self {
            Self::Account(whitelist, account) => whitelist.allows(account, host),
            Self::Names(names) => judge(names, true, host),
        }
    }
}

type Pool = Client<Connector, Outgoing>;

/// What the calls of all lambdas share.
pub(crate) struct Service {
    network: Arc<Network>,
    accounts: Snapshot<Arc<str>, Pool>,
    turns: Snapshot<Uuid, Bucket>,
    per_second: usize,
    caps: Caps,
    held: Arc<Held>,
    times: Times,
    /// Times in the buckets count from here.
    start: Instant,
}

impl std::fmt::Debug for Service {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Service").finish_non_exhaustive()
    }
}

impl Service {
    pub(crate) fn new(options: &EgressOptions) -> Result<Self, HostError> {
        let roots = Arc::new(roots(options.extra_roots.as_deref())?);
        let network = Network {
            resolver: Arc::new(SystemResolver::default()),
            private: options.allow_private.clone(),
            tls: Arc::new(tls(&roots)?),
            roots,
            proxy: options.proxy.clone(),
            connect_timeout: TIMES.connect,
        };
        Ok(Self { held: Held::new(options.held), ..Self::over(network, options.per_second) })
    }

    fn over(network: Network, per_second: usize) -> Self {
        Self {
            network: Arc::new(network),
            accounts: Snapshot::new(),
            turns: Snapshot::new(),
            per_second,
            caps: CAPS,
            held: Held::new(EgressOptions::default().held),
            times: TIMES,
            start: Instant::now(),
        }
    }

    /// The connections of an account.
    fn client(&self, account: &str) -> Arc<Pool> {
        self.accounts.get_or_insert(account, |account| account.into(), || pool(Arc::clone(&self.network)))
    }

    /// Connections that show a certificate of the lambda's.
    fn identified(&self, identity: &Identity) -> Result<Pool, CompletionError> {
        let tls = Arc::new(identity.config(&self.network.roots)?);
        Ok(pool(Arc::new(Network { tls, ..(*self.network).clone() })))
    }

    /// Takes a request out of a lambda's allowance; how long to wait for it, otherwise.
    fn take_turn(&self, lambda: Uuid) -> Result<(), Duration> {
        let now = u64::try_from(self.start.elapsed().as_nanos()).unwrap_or(u64::MAX);
        let cost = SECOND.checked_div(self.per_second as u64).unwrap_or(u64::MAX);
        let bucket = self.turns.get_or_insert(&lambda, |lambda| *lambda, Bucket::default);
        bucket.take(now, cost).map_err(Duration::from_nanos)
    }
}

fn pool(network: Arc<Network>) -> Pool {
    Client::builder(TokioExecutor::new())
        .pool_idle_timeout(IDLE)
        .pool_max_idle_per_host(IDLE_CONNECTIONS)
        .pool_timer(TokioTimer::new())
        .timer(TokioTimer::new())
        .http1_max_buf_size(ANSWER_HEAD)
        .http1_max_headers(ANSWER_FIELDS)
        .http2_max_header_list_size(ANSWER_HEAD as u32)
        .http2_initial_stream_window_size(STREAM_WINDOW)
        .http2_initial_connection_window_size(CONNECTION_WINDOW)
        .build(Connector(network))
}

/// Which authorities are believed.
fn roots(extra: Option<&Path>) -> Result<RootCertStore, HostError> {
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    if let Some(file) = extra {
        let unfit = |error: &dyn std::fmt::Display| {
            HostError::while_doing(format!("the certificates in `{}` cannot be used", file.display()), error)
                .with_hint("name a PEM file with certificates of authorities: --egress-ca FILE")
        };
        let mut found = 0;
        for certificate in CertificateDer::pem_file_iter(file).map_err(|error| unfit(&error))? {
            let certificate = certificate.map_err(|error| unfit(&error))?;
            roots.add(certificate).map_err(|error| unfit(&error))?;
            found += 1;
        }
        if found == 0 {
            return Err(unfit(&"there are none in it"));
        }
    }
    Ok(roots)
}

fn tls(roots: &Arc<RootCertStore>) -> Result<ClientConfig, HostError> {
    let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| HostError::while_doing("TLS cannot be set up", error))?
        .with_root_certificates(Arc::clone(roots))
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

/// A way out for one run on a developer's machine: to the hosts that were named, also when they are on this machine or
/// in its network, and to these secrets, JSON texts by their keys.
///
/// # Errors
///
/// A sentence when a name is none, or the system refuses.
pub fn local_egress(hosts: &[String], secrets: HashMap<String, String>) -> Result<Arc<dyn Egress>, String> {
    let names: Result<HashSet<String>, String> = hosts
        .iter()
        .map(|host| {
            Domain::parse(host, true)
                .map(|name| name.as_str().to_owned())
                .map_err(|error| format!("`{host}`: {error}"))
        })
        .collect();
    let everywhere = [IpAddr::from([0; 4]), IpAddr::from([0; 16])].map(|zero| IpNet::new(zero, 0));
    let allow_private = everywhere.into_iter().filter_map(Result::ok).collect();
    let options = EgressOptions { allow_private, ..EgressOptions::default() };
    let service = Service::new(&options).map_err(|error| error.message)?;
    let account: Arc<str> = "local".into();
    let caller = Caller {
        account,
        lambda: Uuid::nil(),
        policy: Policy::Names(Arc::new(names?)),
        secrets: Vault::Local(Arc::new(Mutex::new(secrets))),
        siblings: None,
        hops: 0,
    };
    Ok(Arc::new(Outbound::new(Arc::new(service), caller)))
}

#[cfg(test)]
mod tests;
