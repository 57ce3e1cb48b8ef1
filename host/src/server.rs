//! The listeners, the front that every request passes, and the way down.
//!
//! Without a management listener the one listener serves everything. With one, the public listener routes the calls
//! that [`crate::auth::table`] gives everybody and knows no others. What every response needs (a request id, the log of
//! its cause) happens in [`Front`], once, instead of in layers around each route.

use std::{
    net::{SocketAddr, TcpListener as StdListener},
    sync::Arc,
    time::Duration,
};

use axum::{
    Router,
    body::Body,
    http::{HeaderName, HeaderValue, Request, Response, Version, header},
    response::IntoResponse,
};
use hyper::body::Incoming;
use socket2::{Domain, Protocol, Socket, Type};
use tokio::{
    net::TcpListener,
    signal::unix::{Signal, SignalKind, signal},
    sync::{Semaphore, watch},
};
use tower_service::Service as _;
use uuid::Uuid;

use crate::{
    api,
    auth::table::Audience,
    client::{ClientAddress, Peer, identify},
    config::{Announcement, ServeOptions},
    connection::Line,
    error::HostError,
    host::{Host, Opened, cpus},
    housekeeping,
    lambda::now_ms,
    loopback::names_this_machine,
    reply::{Cause, Refusal},
    tls::Tls,
    unread::Unread,
};

/// The id a caller gives a request, or gets for it.
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Marks a request whose id is its caller's own.
#[derive(Clone, Copy, Debug)]
pub(crate) struct GivenId;

/// Longest request id that is taken over.
const MAX_REQUEST_ID: usize = 128;

/// How long connections get to end once nothing runs any more. Longer than what a refused request still sends is
/// read for, so that its answer goes out.
const LAST_BYTES: Duration = Duration::from_secs(5);

/// Connections to the management listener that may be open at once.
const MANAGEMENT_CONNECTIONS: usize = 256;

/// Connections that may wait to be taken. The system may allow fewer (`net.core.somaxconn`).
const BACKLOG: i32 = 4_096;

/// Pause after the system refused a new connection, for example because no file descriptor is left.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// How often what has expired is removed from the disk.
const SWEEP: Duration = Duration::from_secs(3_600);

/// How often the TLS certificate's files are looked at.
const CERTIFICATE_ROUND: Duration = Duration::from_secs(5);

/// Files and sockets a server needs besides connections.
const OTHER_FILES: u64 = 256;

/// Runs a server until it is told to stop. Blocks. `announce` is called once, when it listens.
pub fn serve(mut options: ServeOptions, announce: impl FnOnce(&Announcement)) -> Result<(), HostError> {
    let exposed = [Some(options.listen), options.management_listen];
    let exposed = exposed.into_iter().flatten().find(|address| !address.ip().is_loopback());
    if let Some(exposed) = exposed.filter(|_| options.dev) {
        return Err(HostError::new(format!(
            "`--dev` serves with a well-known token and must not be reachable from outside, but {exposed} is not a loopback address"
        ))
        .with_hint("listen on 127.0.0.1, or start without --dev"));
    }
    // First of all: only memory touched from here on is affected.
    if let Err(error) = lambkin_runtime::disable_huge_pages() {
        tracing::debug!(%error, "huge pages stay on; the server will use more memory");
    }
    let connections = allowed_connections(options.max_connections);
    // Taken before the slow part, so that a port in use is known at once.
    let listeners = Listeners {
        public: bind(options.listen, "--listen")?,
        management: options.management_listen.map(|at| bind(at, "--management-listen")).transpose()?,
    };
    // From here on the addresses are those that were really taken.
    options.listen = taken(&listeners.public)?;
    options.management_listen = listeners.management.as_ref().map(taken).transpose()?;
    let tls = options.tls.as_ref().map(Tls::open).transpose()?.map(Arc::new);
    let workers = options.workers.unwrap_or_else(cpus).max(1);
    let opened = Host::open(options)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(workers)
        .thread_name("serve")
        .enable_all()
        .build()
        .map_err(|error| HostError::while_doing("the server's threads cannot be started", error))?;
    let host = Arc::clone(&opened.host);
    let outcome = runtime.block_on(run(listeners, tls, opened, connections, announce));
    // What still runs now had its grace.
    runtime.shutdown_timeout(LAST_BYTES);
    host.close();
    let flushed = host.ledger.flush();
    outcome?;
    flushed.map_err(|error| HostError::while_doing("the last writes are not on the disk", error))
}

/// The sockets connections come in by.
struct Listeners {
    public: StdListener,
    management: Option<StdListener>,
}

fn bind(address: SocketAddr, option: &str) -> Result<StdListener, HostError> {
    let refused = |error: std::io::Error| {
        let doing = format!("cannot listen on {}", address);
        let hint = match error.kind() {
            std::io::ErrorKind::AddrInUse => {
                "another program has this port; choose another one, or 0 for a free one"
            }
            _ => {
                return HostError::while_doing(doing, error)
                    .with_hint(format!("choose another address: {option} ADDRESS:PORT"));
            }
        };
        HostError::while_doing(doing, error).with_hint(hint)
    };
    // By hand, because the standard library fixes the backlog at 128.
    let listen = || {
        let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
        // As the standard library does: a restart must not wait for connections of the last server to expire.
        socket.set_reuse_address(true)?;
        socket.bind(&address.into())?;
        socket.listen(BACKLOG)?;
        socket.set_nonblocking(true)?;
        Ok(socket.into())
    };
    listen().map_err(refused)
}

fn taken(listener: &StdListener) -> Result<SocketAddr, HostError> {
    listener.local_addr().map_err(|error| HostError::while_doing("the listener cannot be used", error))
}

/// Raises the soft limit on open files to the hard one; what is left after our own files is for connections.
fn allowed_connections(wanted: usize) -> usize {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit { current: limit.maximum, maximum: limit.maximum };
    let current = if setrlimit(Resource::Nofile, raised).is_ok() { limit.maximum } else { limit.current };
    let files = current
        .map_or(usize::MAX, |files| usize::try_from(files.saturating_sub(OTHER_FILES)).unwrap_or(wanted));
    wanted.min(files).max(1)
}

async fn run(
    listeners: Listeners,
    tls: Option<Arc<Tls>>,
    opened: Opened,
    connections: usize,
    announce: impl FnOnce(&Announcement),
) -> Result<(), HostError> {
    let Opened { host, unfinished, introduction } = opened;
    let open = |listener| {
        TcpListener::from_std(listener)
            .map_err(|error| HostError::while_doing("the listener cannot be used", error))
    };
    let public = open(listeners.public)?;
    let management = listeners.management.map(open).transpose()?;
    let mut stop = Stop::new()?;
    let renewing = renew(tls.clone())?;
    host.resume(unfinished);
    sweep(Arc::clone(&host));
    tokio::spawn(housekeeping::run(Arc::clone(&host)));
    let front = Arc::new(Front {
        public: api::router(Arc::clone(&host), Audience::Public),
        operator: api::router(Arc::clone(&host), Audience::Operator),
        host: Arc::clone(&host),
    });
    let (down, stopping) = watch::channel(false);
    let places = Arc::new(Semaphore::new(connections));
    let line = |audience| {
        let tls = tls.as_ref().map(|tls| tls.acceptor());
        Line::new(Arc::clone(&front), audience, tls, stopping.clone(), host.options.header_timeout)
    };
    let audience = if management.is_some() { Audience::Public } else { Audience::Operator };
    let public = accept(public, line(audience), Arc::clone(&places));
    let management = management.map(|listener| {
        // Places of its own: a crowd on the public listener must not lock the operator out.
        accept(listener, line(Audience::Operator), Arc::new(Semaphore::new(MANAGEMENT_CONNECTIONS)))
    });
    let accepting = async {
        tokio::select! {
            () = public => {}
            () = async { match management { Some(accepting) => accepting.await, None => std::future::pending().await } } => {}
            () = renewing => {}
        }
    };
    let mut accepting = Box::pin(accepting);
    for warning in host.runtime.warnings() {
        tracing::warn!("{warning}");
    }
    if host.options.dev {
        tracing::warn!(
            "development mode: token and passwords are well known, and whoever can reach {} can use them",
            host.options.listen
        );
    }
    let scheme = if tls.is_some() { "https" } else { "http" };
    let url = |address: SocketAddr| format!("{scheme}://{address}");
    announce(&Announcement {
        listening: url(host.options.listen),
        management: host.options.management_listen.map(url),
        account: introduction.account,
        token: introduction.token,
        users: introduction.users,
        app: introduction.app,
        operator: introduction.operator,
        dev: host.options.dev,
        engine: host.runtime.engine_hash().to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        warnings: host.runtime.warnings().to_vec(),
    });
    tokio::select! {
        () = &mut accepting => {}
        () = stop.asked() => {}
    }
    tracing::info!("stopping: new invocations are refused, those in flight may end");
    host.drain();
    // The listener stays open meanwhile, so that callers get a 503 and not a refused connection.
    tokio::select! {
        () = &mut accepting => {}
        () = host.admission.drained() => {}
        () = tokio::time::sleep(host.options.grace) => tracing::warn!("the grace period is over; what still runs is ended"),
        () = stop.asked() => tracing::warn!("asked twice to stop; what still runs is ended"),
    }
    drop(accepting);
    down.send_replace(true);
    // Every connection holds on to the channel until it has ended.
    drop((stopping, front));
    let _ = tokio::time::timeout(LAST_BYTES, down.closed()).await;
    Ok(())
}

/// Removes what has expired from the disk, now and every hour.
fn sweep(host: Arc<Host>) {
    tokio::spawn(async move {
        loop {
            let swept = host
                .blocking(|host| {
                    host.keys.sweep(now_ms())?;
                    host.directory.sweep_grants(now_ms())?;
                    Ok(host.directory.sweep_sessions(now_ms())?)
                })
                .await;
            match swept {
                Ok(0) => {}
                Ok(swept) => tracing::debug!(swept, "expired sessions were removed"),
                Err(refusal) => tracing::warn!(?refusal, "expired sessions could not be removed"),
            }
            tokio::time::sleep(SWEEP).await;
        }
    });
}

/// SIGTERM and SIGINT.
struct Stop {
    terminate: Signal,
    interrupt: Signal,
}

impl Stop {
    fn new() -> Result<Self, HostError> {
        let listen =
            |kind| signal(kind).map_err(|error| HostError::while_doing("signals cannot be received", error));
        Ok(Self { terminate: listen(SignalKind::terminate())?, interrupt: listen(SignalKind::interrupt())? })
    }

    async fn asked(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

/// Reads the TLS certificate again when its files change or the operator says so (SIGHUP). Never ends.
fn renew(tls: Option<Arc<Tls>>) -> Result<impl Future<Output = ()>, HostError> {
    let mut told = signal(SignalKind::hangup())
        .map_err(|error| HostError::while_doing("signals cannot be received", error))?;
    Ok(async move {
        let mut round = tokio::time::interval(CERTIFICATE_ROUND);
        loop {
            let is_told = tokio::select! {
                _ = told.recv() => true,
                _ = round.tick() => false,
            };
            let Some(tls) = tls.clone() else { continue };
            let _ =
                tokio::task::spawn_blocking(move || if is_told { tls.reload() } else { tls.refresh() }).await;
        }
    })
}

/// Takes connections for ever, as many at a time as are allowed.
async fn accept(listener: TcpListener, line: Arc<Line>, places: Arc<Semaphore>) {
    while let Ok(place) = Arc::clone(&places).acquire_owned().await {
        match listener.accept().await {
            Ok((stream, from)) => line.connect(stream, from.ip(), place),
            Err(error) => {
                tracing::warn!(%error, "a connection could not be taken");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

/// What every request passes.
pub(crate) struct Front {
    public: Router,
    operator: Router,
    host: Arc<Host>,
}

impl Front {
    pub(crate) async fn answer(
        &self,
        request: Request<Incoming>,
        peer: Peer,
        audience: Audience,
    ) -> Response<Body> {
        let version = request.version();
        let (head, body) = request.into_parts();
        let (body, unread) = Unread::lend(&head.headers, body);
        let mut request = Request::from_parts(head, body);
        identify(&mut request, peer, &self.host.options.trusted_proxies);
        let client = request.extensions().get().map(|ClientAddress(address)| *address);
        let id = request_id(&mut request);
        let mut response = self.route(request, audience).await;
        if let Some(unread) = unread.filter(|_| !response.status().is_success()) {
            unread.discard().await;
        }
        if let Some(Cause(cause)) = response.extensions_mut().remove::<Cause>() {
            tracing::error!(request = id.to_str().unwrap_or_default(), ?client, cause, "a call failed");
        }
        response.headers_mut().insert(REQUEST_ID, id);
        if self.host.is_draining() && version < Version::HTTP_2 {
            // The next call of this client is for another server.
            response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        response
    }

    async fn route(&self, mut request: Request<Body>, audience: Audience) -> Response<Body> {
        if self.host.options.dev && !names_this_machine(request.uri(), request.headers()) {
            return Refusal::foreign_name().into_response();
        }
        request.extensions_mut().insert(audience);
        let router = match audience {
            Audience::Public => &self.public,
            Audience::Operator => &self.operator,
        };
        // Infallible, as is every service of a router.
        match router.clone().call(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        }
    }
}

/// The caller's id where it is fit for logs, otherwise a new one; either way the request carries it from here on.
fn request_id(request: &mut Request<Body>) -> HeaderValue {
    let given = request.headers().get(&REQUEST_ID);
    if let Some(given) = given.filter(|id| is_fit(id.as_bytes())).cloned() {
        request.extensions_mut().insert(GivenId);
        return given;
    }
    let mut text = Uuid::encode_buffer();
    let text = Uuid::new_v4().hyphenated().encode_lower(&mut text);
    let id = HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static("none"));
    request.headers_mut().insert(REQUEST_ID, id.clone());
    id
}

fn is_fit(id: &[u8]) -> bool {
    (1..=MAX_REQUEST_ID).contains(&id.len()) && id.iter().all(u8::is_ascii_graphic)
}
