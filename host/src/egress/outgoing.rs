//! The body of a request as it leaves: bytes that are all there. Node sends what a program writes piece by piece in chunks,
//! without a length; so does this, because some servers look at which of the two it is.

use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::{Body, Frame, SizeHint};

pub(crate) struct Outgoing {
    bytes: Full<Bytes>,
    chunked: bool,
}

impl Outgoing {
    pub(crate) fn new(bytes: Bytes, chunked: bool) -> Self {
        Self { bytes: Full::new(bytes), chunked }
    }
}

impl Body for Outgoing {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Pin::new(&mut self.bytes).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.bytes.is_end_stream()
    }

    /// A body whose size is not known is what the client sends in chunks.
    fn size_hint(&self) -> SizeHint {
        if self.chunked { SizeHint::default() } else { self.bytes.size_hint() }
    }
}
