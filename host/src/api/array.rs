//! JSON arrays, and other text, of any length in bounded memory: written piece by piece by a thread that may block, as fast as the
//! client reads.

use std::{
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use axum::{
    body::Body,
    http::{HeaderValue, Response, header::CONTENT_TYPE},
};
use bytes::Bytes;
use hyper::body::Frame;
use serde::Serialize;
use tokio::sync::mpsc;

use crate::{host::Host, reply::Refusal, store::StoreError};

/// Bytes gathered before they are sent.
const PIECE: usize = 64 << 10;

/// Pieces that may wait for the client.
const WAITING: usize = 2;

/// Where a producer puts the elements of an array.
pub(crate) struct Elements {
    text: Text,
    count: usize,
}

/// Where a producer puts text.
pub(crate) struct Text {
    text: Vec<u8>,
    sender: mpsc::Sender<Piece>,
}

enum Piece {
    Bytes(Bytes),
    Failed(Refusal),
}

impl Elements {
    /// Adds an element. Blocks while the client is slow; an error means that it is gone.
    pub(crate) fn push(&mut self, element: &impl Serialize) -> Result<(), StoreError> {
        self.text.text.push(if self.count == 0 { b'[' } else { b',' });
        self.count += 1;
        serde_json::to_writer(&mut self.text.text, element)
            .map_err(|error| StoreError::Backend(error.to_string()))?;
        self.text.push(b"")
    }

    fn end(mut self) -> Result<(), StoreError> {
        self.text.push(if self.count == 0 { b"[]" } else { b"]" })?;
        self.text.send()
    }
}

impl Text {
    /// Adds some text, under the same conditions.
    pub(crate) fn push(&mut self, text: &[u8]) -> Result<(), StoreError> {
        self.text.extend_from_slice(text);
        if self.text.len() >= PIECE { self.send() } else { Ok(()) }
    }

    fn send(&mut self) -> Result<(), StoreError> {
        let piece = Piece::Bytes(std::mem::take(&mut self.text).into());
        self.sender.blocking_send(piece).map_err(|_| StoreError::Backend("the client is gone".to_owned()))
    }
}

/// Replies with an array. Trouble before the first piece is a proper refusal; later it breaks the connection off.
pub(crate) async fn array(
    host: &Arc<Host>,
    produce: impl FnOnce(&Arc<Host>, &mut Elements) -> Result<(), Refusal> + Send + 'static,
) -> Result<Response<Body>, Refusal> {
    let produce = |host: &Arc<Host>, text: Text| {
        let mut elements = Elements { text, count: 0 };
        produce(host, &mut elements)?;
        Ok(elements.end()?)
    };
    let mut response = stream(host, produce).await?;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Ok(response)
}

/// Replies with text of some other kind, in the same way.
pub(crate) async fn text(
    host: &Arc<Host>,
    produce: impl FnOnce(&Arc<Host>, &mut Text) -> Result<(), Refusal> + Send + 'static,
) -> Result<Response<Body>, Refusal> {
    let produce = |host: &Arc<Host>, mut text: Text| {
        produce(host, &mut text)?;
        Ok(text.send()?)
    };
    stream(host, produce).await
}

async fn stream(
    host: &Arc<Host>,
    produce: impl FnOnce(&Arc<Host>, Text) -> Result<(), Refusal> + Send + 'static,
) -> Result<Response<Body>, Refusal> {
    // A list occupies a thread for as long as its client reads, so few are open at a time.
    let open = host.open_list()?;
    let (sender, mut receiver) = mpsc::channel(WAITING);
    let host = Arc::clone(host);
    tokio::task::spawn_blocking(move || {
        let _open = open;
        let text = Text { text: Vec::new(), sender: sender.clone() };
        if let Err(refusal) = produce(&host, text) {
            let _ = sender.blocking_send(Piece::Failed(refusal));
        }
    });
    let first = match receiver.recv().await {
        Some(Piece::Bytes(first)) => first,
        Some(Piece::Failed(refusal)) => return Err(refusal),
        None => return Err(Refusal::internal("a list ended in a panic")),
    };
    Ok(Response::new(Body::new(Pieces { first: Some(first), rest: receiver })))
}

struct Pieces {
    first: Option<Bytes>,
    rest: mpsc::Receiver<Piece>,
}

impl hyper::body::Body for Pieces {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if let Some(first) = self.first.take() {
            return Poll::Ready(Some(Ok(Frame::data(first))));
        }
        Poll::Ready(match ready!(self.rest.poll_recv(cx)) {
            Some(Piece::Bytes(bytes)) => Some(Ok(Frame::data(bytes))),
            Some(Piece::Failed(refusal)) => {
                tracing::error!(?refusal, "a list broke off");
                Some(Err(io::Error::other("the list broke off")))
            }
            None => None,
        })
    }
}
