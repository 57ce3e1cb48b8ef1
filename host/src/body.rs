//! Reads request bodies: bounded in size, in time and in the memory all of them take together.

use axum::{body::Body, http::HeaderMap, http::header::CONTENT_LENGTH};
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use tokio::sync::OwnedSemaphorePermit;

use crate::{host::Host, reply::Refusal};

/// Bodies up to this size do not count against the memory for bodies: a connection's buffer is as large.
const SMALL: usize = 64 << 10;

/// A body, and its share of the memory for bodies.
#[derive(Debug)]
pub(crate) struct Taken {
    pub(crate) bytes: Bytes,
    pub(crate) memory: Option<OwnedSemaphorePermit>,
}

/// Reads a whole body of at most `cap` bytes.
pub(crate) async fn read(host: &Host, headers: &HeaderMap, body: Body, cap: usize) -> Result<Taken, Refusal> {
    let announced = announced(headers);
    if announced.is_some_and(|length| length > cap as u64) {
        return Err(Refusal::too_large(cap));
    }
    // A body without a length reserves as it grows.
    let expected = announced.and_then(|length| usize::try_from(length).ok()).unwrap_or(0);
    let reading = collect(host, body, expected, cap);
    tokio::time::timeout(host.options.body_timeout, reading)
        .await
        .unwrap_or_else(|_| Err(Refusal::body_too_slow()))
}

async fn collect(host: &Host, mut body: Body, expected: usize, cap: usize) -> Result<Taken, Refusal> {
    let mut memory = Share { host, bytes: 0, permit: None };
    memory.grow_to(expected)?;
    // The usual body is one frame, which is handed on as it is.
    let mut whole = Bytes::new();
    let mut joined = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Refusal::bad_input("the body ended early or is not valid HTTP"))?;
        let Ok(data) = frame.into_data() else { continue };
        let length = whole.len() + joined.len() + data.len();
        if length > cap {
            return Err(Refusal::too_large(cap));
        }
        memory.grow_to(length)?;
        if whole.is_empty() && joined.is_empty() {
            whole = data;
        } else {
            if joined.is_empty() {
                joined.reserve(expected.max(length));
                joined.extend_from_slice(&std::mem::take(&mut whole));
            }
            joined.extend_from_slice(&data);
        }
    }
    let bytes = if joined.is_empty() { whole } else { joined.freeze() };
    Ok(Taken { bytes, memory: memory.permit })
}

/// What one body has reserved of the memory for bodies.
struct Share<'a> {
    host: &'a Host,
    bytes: usize,
    permit: Option<OwnedSemaphorePermit>,
}

impl Share<'_> {
    fn grow_to(&mut self, bytes: usize) -> Result<(), Refusal> {
        if bytes <= SMALL || bytes <= self.bytes {
            return Ok(());
        }
        // In steps, so that a body that arrives in small pieces does not ask for each of them.
        let more = (bytes - self.bytes).max(SMALL);
        let granted = self.host.body_memory(more);
        let granted = granted.ok_or_else(|| Refusal::full("too many large bodies are on their way"))?;
        match &mut self.permit {
            Some(permit) => permit.merge(granted),
            None => self.permit = Some(granted),
        }
        self.bytes += more;
        Ok(())
    }
}

fn announced(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}
