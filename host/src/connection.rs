//! One connection, from its handshake to its end: HTTP/1.1 or HTTP/2, with TLS or without.
//!
//! Every phase has an end: the handshake, the time until the client says what it speaks, the header fields of a
//! request (HTTP/1.1: hyper's timer), its body ([`crate::body`]), an answer nobody takes (`TCP_USER_TIMEOUT`), a
//! connection nobody uses ([`Use`]). HTTP/2 has bounds of its own on what a client may open, reset and announce.

use std::{
    convert::Infallible,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use hyper::{body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    sync::{OwnedSemaphorePermit, watch},
};
use tokio_rustls::TlsAcceptor;

use crate::{aftermath::Tidy, auth::table::Audience, client::Peer, server::Front};

/// Bytes of a request's line and headers, and of a connection's buffer.
const HEADER_BYTES: usize = 64 << 10;

/// Header fields of a request.
const HEADER_FIELDS: usize = 100;

/// A client that takes none of its answer for so long is gone.
const UNREAD_ANSWER: Duration = Duration::from_secs(30);

/// Requests of one HTTP/2 connection that may be under way at once.
const STREAMS: u32 = 128;

/// Resets of requests that were not looked at yet, after which an HTTP/2 connection is ended ("rapid reset").
const RESETS: usize = 32;

/// Bytes an HTTP/2 connection holds of one answer before its client asks for more.
const SEND_BUFFER: usize = 256 << 10;

/// How long an HTTP/2 client may leave a ping unanswered.
const PING: Duration = Duration::from_secs(20);

/// A connection that is told to end and still has answers on their way gets so long to take them.
const FAREWELL: Duration = Duration::from_secs(300);

/// What all connections of a listener share.
pub(crate) struct Line {
    front: Arc<Front>,
    audience: Audience,
    tls: Option<TlsAcceptor>,
    /// Turns true when the server goes down.
    stopping: watch::Receiver<bool>,
    http: auto::Builder<TokioExecutor>,
    /// Longest time a client may keep silent before its request.
    silence: Duration,
}

/// How a connection is used: what decides whether it is idle.
#[derive(Debug, Default)]
struct Use {
    requests: AtomicUsize,
    under_way: AtomicUsize,
}

/// A request that is being answered.
struct UnderWay<'a>(&'a Use);

impl<'a> UnderWay<'a> {
    fn begin(used: &'a Use) -> Self {
        used.requests.fetch_add(1, Ordering::Relaxed);
        used.under_way.fetch_add(1, Ordering::Relaxed);
        Self(used)
    }
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.under_way.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Line {
    pub(crate) fn new(
        front: Arc<Front>,
        audience: Audience,
        tls: Option<TlsAcceptor>,
        stopping: watch::Receiver<bool>,
        silence: Duration,
    ) -> Arc<Self> {
        let mut http = auto::Builder::new(TokioExecutor::new());
        http.http1()
            .timer(TokioTimer::new())
            .header_read_timeout(silence)
            .max_buf_size(HEADER_BYTES)
            .max_headers(HEADER_FIELDS);
        http.http2()
            .timer(TokioTimer::new())
            .max_concurrent_streams(STREAMS)
            .max_pending_accept_reset_streams(RESETS)
            .max_local_error_reset_streams(RESETS)
            .max_header_list_size(HEADER_BYTES as u32)
            .max_send_buf_size(SEND_BUFFER)
            .keep_alive_interval(silence)
            .keep_alive_timeout(PING);
        Arc::new(Self { front, audience, tls, stopping, http, silence })
    }

    /// Serves a connection in a task of its own.
    pub(crate) fn connect(
        self: &Arc<Self>,
        stream: TcpStream,
        from: std::net::IpAddr,
        place: OwnedSemaphorePermit,
    ) {
        // Both only improve matters: without them small answers wait, or a client that stopped reading holds its answer.
        let _ = stream.set_nodelay(true);
        let _ = socket2::SockRef::from(&stream).set_tcp_user_timeout(Some(UNREAD_ANSWER));
        let line = Arc::clone(self);
        tokio::spawn(async move {
            let _place = place;
            let peer = Peer { address: from, encrypted: line.tls.is_some() };
            let Some(tls) = line.tls.clone() else {
                return line.serve(stream, peer).await;
            };
            match tokio::time::timeout(line.silence, tls.accept(stream)).await {
                Ok(Ok(stream)) => line.serve(stream, peer).await,
                Ok(Err(error)) => tracing::debug!(%error, "a TLS handshake failed"),
                Err(_) => tracing::debug!("a TLS handshake took too long"),
            }
        });
    }

    async fn serve(&self, stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static, peer: Peer) {
        let used = Arc::new(Use::default());
        let (front, audience) = (Arc::clone(&self.front), self.audience);
        let service = service_fn({
            let used = Arc::clone(&used);
            move |request: hyper::Request<Incoming>| {
                let (front, used) = (Arc::clone(&front), Arc::clone(&used));
                async move {
                    let _under_way = UnderWay::begin(&used);
                    Ok::<_, Infallible>(front.answer(request, peer, audience).await)
                }
            }
        });
        let connection = self.http.serve_connection(TokioIo::new(stream), service);
        Tidy::new(self.watch_over(connection, &used)).await;
    }

    /// Drives a connection until it ends by itself, is idle for too long, or the server goes down.
    async fn watch_over<C>(&self, connection: C, used: &Use)
    where
        C: hyper_util::server::graceful::GracefulConnection,
        C::Error: std::fmt::Display,
    {
        let mut connection = std::pin::pin!(connection);
        let mut stopping = self.stopping.clone();
        let mut seen = 0;
        loop {
            let looked = tokio::time::sleep(self.silence);
            tokio::select! {
                biased;
                ended = connection.as_mut() => return report(ended),
                _ = stopping.wait_for(|stopping| *stopping) => break,
                () = looked => {}
            }
            let requests = used.requests.load(Ordering::Relaxed);
            if requests == seen && used.under_way.load(Ordering::Relaxed) == 0 {
                break;
            }
            seen = requests;
        }
        connection.as_mut().graceful_shutdown();
        match tokio::time::timeout(FAREWELL, connection).await {
            Ok(ended) => report(ended),
            Err(_) => tracing::debug!("a connection was cut: its client does not take the answer"),
        }
    }
}

/// An error is the client's: it left, was too slow or does not speak HTTP.
fn report<E: std::fmt::Display>(ended: Result<(), E>) {
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended early");
    }
}
