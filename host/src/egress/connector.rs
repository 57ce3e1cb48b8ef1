//! How a connection for a lambda is made: resolve, judge the addresses, connect to one that was judged, encrypt.
//!
//! The name is resolved once and the connection goes to an address of that answer, so there is no second answer that
//! could lead elsewhere. hyper-util's pool asks for a connection through [`Connector`]; those it keeps were judged when
//! they were made.

use std::{
    future::Future,
    io,
    net::SocketAddr,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use axum::http::Uri;
use hyper_util::{
    client::legacy::connect::{Connected, Connection},
    rt::TokioIo,
};
use ipnet::IpNet;
use rustls::{ClientConfig, RootCertStore, pki_types::ServerName};
use tokio::{
    net::{TcpStream, lookup_host},
    sync::Semaphore,
    time::timeout,
};
use tokio_rustls::{TlsConnector, client::TlsStream};
use tower_service::Service;

use super::{address, proxy::Proxy};

/// Names that are resolved at once: each takes a thread for as long as it lasts.
const LOOKUPS: usize = 64;

/// Addresses of one name that are tried.
const ATTEMPTS: usize = 4;

/// Why there is no connection.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConnectError {
    /// The name leads nowhere.
    #[error("getaddrinfo ENOTFOUND {host}")]
    NotFound { host: String },
    /// It leads to addresses that lambdas may not be connected to.
    #[error("`{host}` is the address {address}, which is not part of the public internet")]
    Closed { host: String, address: std::net::IpAddr },
    /// Nobody answered in time.
    #[error("connect ETIMEDOUT {target}")]
    TimedOut { target: String },
    /// The system refused.
    #[error("connect {error} {target}")]
    Io { target: String, error: io::Error },
    /// The other side cannot prove who it is, or speaks no TLS.
    #[error("{error}")]
    Tls { host: String, error: io::Error },
    /// The operator's proxy refused.
    #[error("the proxy of this server answered {status} to a connection to {target}")]
    Proxy { target: String, status: String },
}

/// Where names lead. Replaced in tests.
pub(crate) trait Resolve: Send + Sync {
    /// The addresses of a name.
    fn resolve(
        &self,
        host: String,
        port: u16,
    ) -> Pin<Box<dyn Future<Output = io::Result<Vec<SocketAddr>>> + Send>>;
}

/// The system's own resolver.
#[derive(Debug)]
pub(crate) struct SystemResolver(Arc<Semaphore>);

impl Default for SystemResolver {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(LOOKUPS)))
    }
}

impl Resolve for SystemResolver {
    fn resolve(
        &self,
        host: String,
        port: u16,
    ) -> Pin<Box<dyn Future<Output = io::Result<Vec<SocketAddr>>> + Send>> {
        let turns = Arc::clone(&self.0);
        Box::pin(async move {
            let _turn = turns.acquire().await.map_err(io::Error::other)?;
            Ok(lookup_host((host.as_str(), port)).await?.collect())
        })
    }
}

/// What all connections have in common.
#[derive(Clone)]
pub(crate) struct Network {
    pub(crate) resolver: Arc<dyn Resolve>,
    pub(crate) private: Vec<IpNet>,
    pub(crate) tls: Arc<ClientConfig>,
    /// Authorities that are believed unless somebody names others.
    pub(crate) roots: Arc<RootCertStore>,
    pub(crate) proxy: Option<Proxy>,
    pub(crate) connect_timeout: Duration,
}

/// Makes connections for hyper-util's pool.
#[derive(Clone)]
pub(crate) struct Connector(pub(crate) Arc<Network>);

impl Service<Uri> for Connector {
    type Response = Link;
    type Error = ConnectError;
    type Future = Pin<Box<dyn Future<Output = Result<Link, ConnectError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), ConnectError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let network = Arc::clone(&self.0);
        Box::pin(async move {
            let host = uri.host().unwrap_or_default().trim_matches(['[', ']']).to_owned();
            let is_tls = uri.scheme_str() == Some("https");
            let port = uri.port_u16().unwrap_or(if is_tls { 443 } else { 80 });
            let target = format!("{host}:{port}");
            let connected = timeout(network.connect_timeout, network.link(host, port, is_tls)).await;
            connected.unwrap_or(Err(ConnectError::TimedOut { target }))
        })
    }
}

impl Network {
    async fn link(&self, host: String, port: u16, is_tls: bool) -> Result<Link, ConnectError> {
        let stream = match &self.proxy {
            Some(proxy) => proxy.tunnel(&host, port).await?,
            None => self.connect(&host, port).await?,
        };
        // Requests are small and answers are waited for.
        let _ = stream.set_nodelay(true);
        if !is_tls {
            return Ok(Link::Plain(TokioIo::new(stream)));
        }
        let name = ServerName::try_from(host.clone())
            .map_err(|error| ConnectError::Tls { host: host.clone(), error: io::Error::other(error) })?;
        let connecting = TlsConnector::from(Arc::clone(&self.tls)).connect(name, stream);
        let stream = connecting.await.map_err(|error| ConnectError::Tls { host, error })?;
        Ok(Link::Tls(Box::new(TokioIo::new(stream))))
    }

    async fn connect(&self, host: &str, port: u16) -> Result<TcpStream, ConnectError> {
        let resolved = self.resolver.resolve(host.to_owned(), port).await;
        let resolved = resolved.map_err(|_| ConnectError::NotFound { host: host.to_owned() })?;
        let Some(first) = resolved.first().map(SocketAddr::ip) else {
            return Err(ConnectError::NotFound { host: host.to_owned() });
        };
        let mut failed = ConnectError::Closed { host: host.to_owned(), address: first };
        let open = resolved.into_iter().filter(|at| address::is_open(at.ip(), &self.private));
        for at in open.take(ATTEMPTS) {
            match TcpStream::connect(at).await {
                Ok(stream) => return Ok(stream),
                Err(error) => failed = ConnectError::Io { target: at.to_string(), error },
            }
        }
        Err(failed)
    }
}

/// A connection, encrypted or not.
pub(crate) enum Link {
    Plain(TokioIo<TcpStream>),
    Tls(Box<TokioIo<TlsStream<TcpStream>>>),
}

impl Connection for Link {
    fn connected(&self) -> Connected {
        match self {
            Self::Tls(stream) if stream.inner().get_ref().1.alpn_protocol() == Some(b"h2") => {
                Connected::new().negotiated_h2()
            }
            _ => Connected::new(),
        }
    }
}

impl hyper::rt::Read for Link {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: hyper::rt::ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_read(cx, buffer),
            Self::Tls(stream) => Pin::new(stream).poll_read(cx, buffer),
        }
    }
}

impl hyper::rt::Write for Link {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_write(cx, bytes),
            Self::Tls(stream) => Pin::new(stream).poll_write(cx, bytes),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_flush(cx),
            Self::Tls(stream) => Pin::new(stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_shutdown(cx),
            Self::Tls(stream) => Pin::new(stream).poll_shutdown(cx),
        }
    }
}
