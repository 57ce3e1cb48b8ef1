//! `lambkin serve`: turns the command line into the server's options and hands over to the library.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use ipnet::IpNet;
use lambkin_host::{
    Announcement, EgressOptions, HostName, Proxy, ReuseCaps, Roles, SecretKey, ServeOptions, TlsFiles,
};
use tracing_subscriber::EnvFilter;

use super::limit_changes;
use super::problem::Problem;
use super::report::{Report, json_text, write_lines};

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Where to listen; port 0 takes a free one
    #[arg(long, default_value = "127.0.0.1:8080", env = "LAMBKIN_LISTEN", value_name = "ADDRESS")]
    listen: SocketAddr,

    /// Serve management calls here, and on --listen nothing but invocations and what leads to them
    #[arg(long, value_name = "ADDRESS", env = "LAMBKIN_MANAGEMENT_LISTEN")]
    management_listen: Option<SocketAddr>,

    /// What clients are told to call the public address by, behind a proxy; what they used unless given
    #[arg(long, value_name = "HOST[:PORT]", env = "LAMBKIN_PUBLIC_HOST")]
    public_host: Option<HostName>,

    /// The same for the address of --management-listen
    #[arg(long, value_name = "HOST[:PORT]", requires = "management_listen", env = "LAMBKIN_MANAGEMENT_HOST")]
    management_host: Option<HostName>,

    /// Encrypt connections: PEM file with the certificate and its chain. Read again when it changes and on SIGHUP
    #[arg(long, value_name = "FILE", requires = "tls_key", env = "LAMBKIN_TLS_CERT")]
    tls_cert: Option<PathBuf>,

    /// PEM file with the certificate's private key
    #[arg(long, value_name = "FILE", requires = "tls_cert", env = "LAMBKIN_TLS_KEY")]
    tls_key: Option<PathBuf>,

    /// Believe `X-Forwarded-For`, `-Proto`, `-Host` and `Forwarded` of this proxy: an address or a network
    /// (10.0.0.0/8). Can be given several times
    #[arg(long = "trusted-proxy", value_name = "ADDRESS", value_parser = network, value_delimiter = ',', env = "LAMBKIN_TRUSTED_PROXIES")]
    trusted_proxies: Vec<IpNet>,

    /// The data directory; the user's own unless given
    #[arg(long, env = "LAMBKIN_DATA", value_name = "DIR")]
    data: Option<PathBuf>,

    /// Development: well-known tokens and passwords, loopback addresses only
    #[arg(long)]
    dev: bool,

    /// Give the operator another password for one use and print it
    #[arg(long, conflicts_with = "dev")]
    renew_operator: bool,

    /// Whose rules decide where editions of the platform differ
    #[arg(long, value_name = "EDITION", default_value = "guide")]
    roles: Edition,

    /// Seconds after which a session ends that is not refreshed
    #[arg(long, value_name = "SECONDS", default_value_t = 28_800, value_parser = clap::value_parser!(u32).range(1..=2_592_000))]
    session_seconds: u32,

    /// Do not count or cap CPU time: faster, and only for lambdas you trust
    #[arg(long)]
    unmetered: bool,

    /// Threads that serve requests; one per CPU unless given
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    workers: Option<u16>,

    /// Invocations that may run at once
    #[arg(long, value_name = "N", default_value_t = 512, value_parser = clap::value_parser!(u16).range(1..=8192))]
    max_concurrency: u16,

    /// Invocations of one lambda that may run at once
    #[arg(long, value_name = "N", default_value_t = 128, value_parser = clap::value_parser!(u16).range(1..=8192))]
    lambda_concurrency: u16,

    /// Lambdas kept in memory, ready to thaw
    #[arg(long, value_name = "N", default_value_t = 256, value_parser = clap::value_parser!(u16).range(1..))]
    max_loaded: u16,

    #[command(flatten)]
    reuse: ReuseArguments,

    /// Refuse accounts that have used up their invocations of the month (limit `per_month`)
    #[arg(long)]
    enforce_monthly: bool,

    /// Bytes of log kept per function; 0 keeps neither logs nor records of invocations
    #[arg(long, value_name = "BYTES", default_value_t = 4 << 20)]
    log_bytes: u64,

    /// Bytes of logs and records of invocations kept altogether
    #[arg(long, value_name = "BYTES", default_value_t = 4 << 30)]
    total_log_bytes: u64,

    /// Days that logs and records of invocations are kept
    #[arg(long, value_name = "DAYS", default_value_t = 30, value_parser = clap::value_parser!(u16).range(1..=3650))]
    log_days: u16,

    /// A file with a token of at least 32 characters that opens `GET /metrics` and nothing else
    #[arg(long, value_name = "FILE")]
    metrics_token_file: Option<PathBuf>,

    /// Seconds that running invocations get to finish when the server is asked to stop
    #[arg(long, value_name = "SECONDS", default_value_t = 35, value_parser = clap::value_parser!(u16).range(0..=3600))]
    grace: u16,

    /// The key that secrets are sealed with: 64 hexadecimal digits. LAMBKIN_SECRET_KEY holds the key itself instead.
    /// Made at the first start; `secret.key` in the data directory unless given
    #[arg(long, value_name = "FILE")]
    secret_key_file: Option<PathBuf>,

    /// The key before it: seal every secret again with the new one
    #[arg(long, value_name = "FILE")]
    old_secret_key_file: Option<PathBuf>,

    /// Whitelist entries name each domain in full: refuse, and do not heed, `*.example.com`
    #[arg(long)]
    no_wildcards: bool,

    /// Let lambdas call hosts in this network though it is not public: an address or a network (10.0.0.0/8). Their
    /// names have to be on the whitelist all the same. Can be given several times
    #[arg(long, value_name = "NETWORK", value_parser = network, value_delimiter = ',', env = "LAMBKIN_EGRESS_ALLOW_PRIVATE")]
    egress_allow_private: Vec<IpNet>,

    /// A proxy that all calls of lambdas go through: `http://user:password@host:port`. It judges addresses itself
    #[arg(long, value_name = "URL", env = "LAMBKIN_EGRESS_PROXY", hide_env_values = true)]
    egress_proxy: Option<Proxy>,

    /// PEM file with certificates of authorities that lambdas' calls believe besides the public ones
    #[arg(long, value_name = "FILE", env = "LAMBKIN_EGRESS_CA")]
    egress_ca: Option<PathBuf>,

    /// Requests that one lambda may make in a second
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(0..=1_000_000))]
    egress_per_second: u32,

    /// Bytes of answers to lambdas' calls that the server holds at once, for all lambdas together. A call that would
    /// need more fails with ENOBUFS
    #[arg(long, value_name = "BYTES", default_value_t = 512 << 20, value_parser = clap::value_parser!(u64).range(1 << 20..))]
    egress_bytes: u64,

    #[command(flatten)]
    limits: limit_changes::Arguments,
}

/// How long instances are reused of functions that want it.
#[derive(Debug, clap::Args)]
struct ReuseArguments {
    /// Instances that wait for the next invocation of their function, all functions together; 0 reuses none
    #[arg(long, value_name = "N", default_value_t = 64, value_parser = clap::value_parser!(u16).range(0..=4096))]
    reuse_instances: u16,

    /// Invocations that one instance serves
    #[arg(long, value_name = "N", default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(1..))]
    reuse_invocations: u32,

    /// Seconds after which an instance serves no more
    #[arg(long, value_name = "SECONDS", default_value_t = 900, value_parser = clap::value_parser!(u32).range(1..))]
    reuse_age: u32,

    /// Seconds an instance waits for work
    #[arg(long, value_name = "SECONDS", default_value_t = 300, value_parser = clap::value_parser!(u32).range(1..))]
    reuse_idle: u32,
}

/// An edition of the platform's rules.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Edition {
    /// The matrix of the 2019 guide
    Guide,
    /// Nobody reads a secret in plain, and FaaS-Invocation reads lambdas
    Later,
}

pub(super) fn run(arguments: Arguments, json: bool) -> Result<Report, Problem> {
    write_log_to_stderr(json);
    let data = match &arguments.data {
        Some(data) => data.clone(),
        None => default_data(arguments.dev)?,
    };
    let mut options = ServeOptions::new(arguments.listen, data);
    options.management_listen = arguments.management_listen;
    options.public_host = arguments.public_host;
    options.management_host = arguments.management_host;
    options.tls =
        arguments.tls_cert.zip(arguments.tls_key).map(|(certificate, key)| TlsFiles { certificate, key });
    options.trusted_proxies = arguments.trusted_proxies;
    options.dev = arguments.dev;
    options.renew_operator = arguments.renew_operator;
    options.roles = match arguments.roles {
        Edition::Guide => Roles::Guide,
        Edition::Later => Roles::Later,
    };
    options.session_seconds = arguments.session_seconds;
    options.metered = !arguments.unmetered;
    options.workers = arguments.workers.map(usize::from);
    options.max_concurrency = arguments.max_concurrency.into();
    options.lambda_concurrency = arguments.lambda_concurrency.into();
    options.max_loaded = arguments.max_loaded.into();
    options.reuse = ReuseCaps {
        instances: arguments.reuse.reuse_instances.into(),
        invocations: arguments.reuse.reuse_invocations,
        age: Duration::from_secs(arguments.reuse.reuse_age.into()),
        idle: Duration::from_secs(arguments.reuse.reuse_idle.into()),
        ..ReuseCaps::default()
    };
    if let Some(file) = &arguments.metrics_token_file {
        let text = std::fs::read_to_string(file).map_err(|error| {
            Problem::usage(format!("the token in `{}` cannot be read: {error}", file.display()))
                .with_hint("name a file that the server may read: --metrics-token-file FILE")
        })?;
        options.set_metrics_token(text.trim()).map_err(Problem::usage)?;
    }
    options.enforce_monthly = arguments.enforce_monthly;
    options.log_bytes = arguments.log_bytes;
    options.total_log_bytes = arguments.total_log_bytes;
    options.log_days = arguments.log_days.into();
    options.grace = Duration::from_secs(arguments.grace.into());
    options.secret_key = match secret_key(arguments.secret_key_file, "LAMBKIN_SECRET_KEY")? {
        Some(key) => key,
        None => SecretKey::File(None),
    };
    options.old_secret_key = secret_key(arguments.old_secret_key_file, "LAMBKIN_OLD_SECRET_KEY")?;
    options.wildcards = !arguments.no_wildcards;
    options.egress = EgressOptions {
        allow_private: arguments.egress_allow_private,
        proxy: arguments.egress_proxy,
        extra_roots: arguments.egress_ca,
        per_second: arguments.egress_per_second as usize,
        held: usize::try_from(arguments.egress_bytes).unwrap_or(usize::MAX),
    };
    (options.limits, options.account_limits) = arguments.limits.apply()?;
    lambkin_host::serve(options, announce).map_err(|error| {
        let problem = Problem::new("serve", error.message);
        match error.hint {
            Some(hint) => problem.with_hint(hint),
            None => problem,
        }
    })?;
    Ok(Report::silent())
}

/// A network, or an address as a network of one.
fn network(text: &str) -> Result<IpNet, String> {
    let address = || text.parse::<std::net::IpAddr>().map(IpNet::from);
    text.parse()
        .or_else(|_| address())
        .map_err(|_| "this is no address and no network like 10.0.0.0/8".to_owned())
}

/// A key of the secrets from a file or the environment. Not read by the parser of the command line, whose help and
/// errors would show it.
fn secret_key(file: Option<PathBuf>, variable: &str) -> Result<Option<SecretKey>, Problem> {
    let text = std::env::var(variable).ok().filter(|text| !text.is_empty());
    match (file, text) {
        (Some(_), Some(_)) => {
            Err(Problem::usage(format!("the secret key is given twice: as a file and in {variable}"))
                .with_hint("leave out one of them"))
        }
        (Some(file), None) => Ok(Some(SecretKey::File(Some(file)))),
        (None, Some(text)) => Ok(Some(SecretKey::Text(text.into()))),
        (None, None) => Ok(None),
    }
}

/// One line of JSON, whatever `--json` says: whoever starts a server on port 0 reads the port from it.
fn announce(announcement: &Announcement) {
    if let Ok(line) = json_text(announcement) {
        // A closed stdout is no reason to stop serving.
        let _ = write_lines(io::stdout(), &line);
    }
}

/// The server's own log. `LAMBKIN_LOG` chooses what is written, in the syntax of `RUST_LOG`.
fn write_log_to_stderr(json: bool) {
    use io::IsTerminal as _;
    let filter = EnvFilter::try_from_env("LAMBKIN_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none());
    // A log that is set up already stays.
    let _ = if json { log.json().try_init() } else { log.try_init() };
}

/// `$XDG_DATA_HOME/lambkin/server`, or `…/dev`: the well-known token must not open what a real server keeps.
fn default_data(dev: bool) -> Result<PathBuf, Problem> {
    let variable = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let folder = variable("XDG_DATA_HOME").or_else(|| variable("HOME").map(|home| home.join(".local/share")));
    folder.map(|folder| folder.join("lambkin").join(if dev { "dev" } else { "server" })).ok_or_else(|| {
        Problem::usage("there is no folder for the data").with_hint("name one with --data DIR")
    })
}
