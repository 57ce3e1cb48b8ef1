//! Reads request bodies: bounded in size, in time and in the memory all of them take together.
//!
//! Memory is reserved for what has arrived, not for what was announced: an announcement costs a client nothing, and
//! a few silent ones would lock everybody out.

use axum::{body::Body, http::HeaderMap, http::header::CONTENT_LENGTH};
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use serde::de::DeserializeOwned;
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
    let at_most = announced.and_then(|length| usize::try_from(length).ok()).unwrap_or(cap);
    let reading = tokio::time::timeout(host.options.body_timeout, collect(host, body, at_most, cap));
    // In this order: a body that is here already is taken, one that is on its way is not waited for.
    tokio::select! {
        biased;
        taken = reading => taken.unwrap_or_else(|_| Err(Refusal::body_too_slow())),
        () = host.admission.closing() => Err(Refusal::shutting_down()),
    }
}

/// A body as JSON. What is wrong with it is the caller's to know: the message names the field.
pub(crate) fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Refusal> {
    serde_json::from_slice(bytes)
        .map_err(|error| Refusal::bad_input(format!("the body is not what this call takes: {error}")))
}

/// Reads a body that should have at most `at_most` bytes and must have at most `cap`.
async fn collect(host: &Host, mut body: Body, at_most: usize, cap: usize) -> Result<Taken, Refusal> {
    let mut memory = Share { host, cap, bytes: 0, permit: None };
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
        if whole.is_empty() && joined.is_empty() {
            memory.grow_to(length)?;
            whole = data;
            continue;
        }
        if length > joined.capacity() {
            // Doubled, so that few copies are made, but not past the end that is known.
            let room = (length * 2).min(at_most).max(length);
            memory.grow_to(room)?;
            joined.reserve(room - joined.len());
        }
        joined.extend_from_slice(&std::mem::take(&mut whole));
        joined.extend_from_slice(&data);
    }
    let bytes = if joined.is_empty() { whole } else { joined.freeze() };
    Ok(Taken { bytes, memory: memory.permit })
}

/// What one body has reserved of the memory for bodies.
struct Share<'a> {
    host: &'a Host,
    cap: usize,
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
        let granted = self.host.body_memory(more, self.cap);
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
