//! Reads what a refused request still sends, so that a client that writes first and reads later gets its answer
//! instead of a broken connection.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    body::Body,
    http::{HeaderMap, header},
};
use bytes::Bytes;
use http_body_util::BodyExt;
use hyper::body::{Body as _, Frame, Incoming, SizeHint};
use parking_lot::Mutex;

/// How much is read at most, and for how long. A module with all of Node in it has 17 MiB.
const AT_MOST: usize = 32 << 20;
const LONGEST: Duration = Duration::from_secs(2);

/// A body that handlers read from and that can be read on when they are done with it.
#[derive(Clone, Debug)]
pub(crate) struct Unread(Arc<Mutex<Shared>>);

#[derive(Debug)]
struct Shared {
    body: Incoming,
    /// The client waits for leave to send (`Expect: 100-continue`). The first read gives it.
    waits: bool,
}

impl Unread {
    /// The body for the handlers, and a second handle on it where there is anything to read.
    pub(crate) fn lend(headers: &HeaderMap, body: Incoming) -> (Body, Option<Self>) {
        if body.is_end_stream() {
            return (Body::new(body), None);
        }
        let waits = headers.contains_key(header::EXPECT);
        let unread = Self(Arc::new(Mutex::new(Shared { body, waits })));
        (Body::new(unread.clone()), Some(unread))
    }

    /// Reads on and throws away. A client that was not asked to send has sent nothing, and is not asked now.
    pub(crate) async fn discard(mut self) {
        if self.0.lock().waits {
            return;
        }
        let mut left = AT_MOST;
        let reading = async {
            while let Some(Ok(frame)) = self.frame().await {
                let read = frame.data_ref().map_or(0, Bytes::len);
                left = left.saturating_sub(read);
                if left == 0 {
                    break;
                }
            }
        };
        let _ = tokio::time::timeout(LONGEST, reading).await;
    }
}

impl hyper::body::Body for Unread {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let mut shared = self.0.lock();
        shared.waits = false;
        Pin::new(&mut shared.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.0.lock().body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.0.lock().body.size_hint()
    }
}
