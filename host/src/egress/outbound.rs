//! The way out of one invocation: its requests, the bodies that are still to be read, and what is remembered of both.

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use axum::http::{HeaderName, HeaderValue, Response, StatusCode, header};
use bytes::Bytes;
use http_body_util::BodyExt as _;
use hyper::body::{Body as _, Incoming};
use lambkin_runtime::{Completion, CompletionError, Egress, Level, Note, Operation, OperationKind, Pending};
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use tokio::time::timeout;

use super::{
    ANSWER_HEAD, Caller, Pool, Service, Times, coding::Decoder, failure, held::Share, identity::Identity,
    outgoing::Outgoing, record::Calls, request::Request, secret, sibling,
};
use crate::{lambda::now_ms, secrets::Bound, whitelist::Verdict};

/// What the original's proxy says to a call that is not allowed.
const DENIED: &str = "You do not have access to the page or resource you are trying to reach\n";

/// Lines the platform writes into one invocation's log about its calls.
const NOTES: usize = 20;

/// Certificates whose connections one invocation keeps.
const IDENTITIES: usize = 4;

/// The way out of one invocation.
pub(crate) struct Outbound {
    service: Arc<Service>,
    caller: Caller,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    bodies: HashMap<u32, Body>,
    last_body: u32,
    calls: Calls,
    /// Bytes of all bodies that were read.
    received: usize,
    notes: usize,
    identified: Vec<(Arc<Identity>, Arc<Pool>)>,
}

/// A body that is still to be read.
struct Body {
    source: Source,
    /// Its call, in the record.
    call: Option<usize>,
    began: Instant,
}

enum Source {
    Memory(Bytes),
    Stream { incoming: Incoming, decoder: Decoder, received: usize, share: Share },
}

/// The head of an answer, as js-engine/js/operations.js has it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Head<'a> {
    status: u16,
    status_text: &'a str,
    http_version: &'a str,
    headers: Vec<(&'a str, String)>,
    url: &'a str,
    redirected: bool,
    body: u32,
}

/// What is asked of a body.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wanted {
    body: u32,
    #[serde(default)]
    at_least: usize,
}

impl std::fmt::Debug for Outbound {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Outbound").finish_non_exhaustive()
    }
}

impl Egress for Outbound {
    fn start(self: Arc<Self>, operation: Operation) -> Pending {
        match operation.kind {
            OperationKind::Request => Box::pin(async move {
                let mut aside = Aside::default();
                let answered = self.request(operation, &mut aside).await;
                let Aside { mut notes, masks } = aside;
                let answer = answered.unwrap_or_else(|error| self.failed(&error, &mut notes));
                answer.with_masks(masks).with_notes(self.heard(notes))
            }),
            OperationKind::Read => Box::pin(async move {
                let mut notes = Vec::new();
                let read = self.read(&operation.head).await;
                read.unwrap_or_else(|error| self.failed(&error, &mut notes)).with_notes(self.heard(notes))
            }),
            OperationKind::Discard => Box::pin(async move {
                if let Ok(wanted) = serde_json::from_slice::<Wanted>(&operation.head) {
                    self.state.lock().bodies.remove(&wanted.body);
                }
                Completion::json(&())
            }),
            OperationKind::Invoke => Box::pin(async move {
                let mut notes = Vec::new();
                let answered = sibling::carry_out(&self.caller, &operation.head, now_ms()).await;
                answered.unwrap_or_else(|error| self.failed(&error, &mut notes)).with_notes(self.heard(notes))
            }),
            OperationKind::ReadSecret | OperationKind::UpdateSecret => {
                Box::pin(async move { secret::carry_out(&self.caller, operation).await })
            }
        }
    }
}

impl Outbound {
    pub(crate) fn new(service: Arc<Service>, caller: Caller) -> Self {
        Self { service, caller, state: Mutex::default() }
    }

    /// What is remembered of its calls.
    pub(crate) fn calls(&self) -> Calls {
        self.state.lock().calls.clone()
    }

    /// Makes a request and follows where it is led, as far as that is wanted and allowed.
    async fn request(&self, operation: Operation, aside: &mut Aside) -> Result<Completion, CompletionError> {
        let mut request = Request::read(&operation.head, operation.body)?;
        if request.body.len() > self.service.caps.request {
            let message = format!(
                "the request's body has {} bytes, and the limit is {}",
                request.body.len(),
                self.service.caps.request
            );
            return Err(CompletionError::new("ERR_BODY_TOO_LARGE", message));
        }
        let limit = self.time_for_head(&request);
        let late = |_| {
            let message = format!("no answer after {} ms", limit.as_millis());
            CompletionError::new("ESOCKETTIMEDOUT", message)
        };
        let mut redirected = false;
        let walk = async {
            loop {
                let call = self.state.lock().calls.begin(
                    request.method.as_str(),
                    &request.target(),
                    request.body.len(),
                );
                let began = Instant::now();
                let answered = self.hop(&request, aside).await;
                let us = u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX);
                self.state.lock().calls.update(call, |call| {
                    call.us = us;
                    call.status = answered.as_ref().ok().map(Hop::status);
                    call.error = answered.as_ref().err().map(|error| error.code.to_owned());
                });
                let response = match answered? {
                    Hop::Refused { status, text } => {
                        return Ok(self.refused(&request, redirected, status, text));
                    }
                    Hop::Answered(response) => response,
                };
                let status = response.status().as_u16();
                let location = response.headers().get(header::LOCATION);
                if matches!(status, 301 | 302 | 303 | 307 | 308)
                    && let Some(location) = location
                    && let Some(next) = request.redirected(status, location)?
                {
                    request = next;
                    redirected = true;
                    continue;
                }
                return self.answer(&request, redirected, response, call, began);
            }
        };
        timeout(limit, walk).await.map_err(late)?
    }

    fn time_for_head(&self, request: &Request) -> Duration {
        let Times { head, .. } = self.service.times;
        request.timeout.map_or(head, |ms| Duration::from_millis(ms).min(head))
    }

    /// One request to one host, if it may be made.
    async fn hop(&self, request: &Request, aside: &mut Aside) -> Result<Hop, CompletionError> {
        let (method, target) = (&request.method, request.target());
        let verdict = match request.name() {
            Some(name) => self.caller.policy.judge(name),
            None => Verdict::Denied { near_miss: None },
        };
        if let Verdict::Denied { near_miss } = verdict {
            let host = request.url.host_str().unwrap_or_default();
            let why = match (request.name(), near_miss) {
                (None, _) => "addresses cannot be allowed; call the host by its name".to_owned(),
                (Some(_), Some(near)) => {
                    format!("the whitelist has `{near}`, which is another domain: add `{host}` to it")
                }
                (Some(_), None) => format!("add `{host}` to the whitelist of the account"),
            };
            aside.notes.push(warning(format!("{method} {target} was denied: {why}")));
            return Ok(Hop::Refused { status: StatusCode::FORBIDDEN, text: DENIED.to_owned() });
        }
        if let Err(wait) = self.service.take_turn(self.caller.lambda) {
            let limit = self.service.per_second;
            let text = format!(
                "a lambda may make {limit} requests a second; the next one is free in {} ms\n",
                wait.as_millis() + 1
            );
            aside.notes.push(warning(format!("{method} {target} was not made: {}", text.trim_end())));
            return Ok(Hop::Refused { status: StatusCode::TOO_MANY_REQUESTS, text });
        }
        let client = match &request.identity {
            Some(identity) => self.identified(identity)?,
            None => self.service.client(&self.caller.account),
        };
        let mut leaving = request.leaving(self.caller.hops + 1)?;
        self.add_secrets(request, &mut leaving, aside).await?;
        match client.request(leaving).await {
            Ok(response) => Ok(Hop::Answered(response)),
            Err(error) => match failure::closed(&error) {
                Some(address) => {
                    let host = request.url.host_str().unwrap_or_default();
                    aside.notes.push(warning(format!(
                        "{method} {target} was denied: `{host}` leads to {address}, which is not part of the public internet; the operator can open it with `--egress-allow-private {address}`"
                    )));
                    Ok(Hop::Refused { status: StatusCode::FORBIDDEN, text: DENIED.to_owned() })
                }
                None => Err(failure::of_request(&error, request.url.host_str().unwrap_or_default())),
            },
        }
    }

    /// Puts in what is bound to the host, over whatever the lambda has put there. Each hop of a redirect gets what is
    /// bound to its own host.
    async fn add_secrets(
        &self,
        request: &Request,
        leaving: &mut axum::http::Request<Outgoing>,
        aside: &mut Aside,
    ) -> Result<(), CompletionError> {
        let host = request.name().unwrap_or_default();
        let keys = secret::bound_keys(&self.caller, host);
        if keys.is_empty() {
            return Ok(());
        }
        if let Some(why) = request.exposed(self.service.network.proxy.is_some()) {
            let (keys, target) = (keys.join("`, `"), request.target());
            aside.notes.push(warning(format!("the secret `{keys}` was not sent to {target}: {why}")));
            return Ok(());
        }
        for Bound { header, value } in secret::bound_to(&self.caller, host, keys).await? {
            // Judged when it was bound.
            let text = value.text().unwrap_or_default();
            if let (Ok(name), Ok(mut field)) =
                (HeaderName::from_bytes(header.as_bytes()), HeaderValue::from_str(&text))
            {
                field.set_sensitive(true);
                leaving.headers_mut().insert(name, field);
                aside.masks.push(text.as_str().to_owned());
            }
        }
        Ok(())
    }

    /// The connections of this invocation that show a certificate; they are closed when it ends.
    fn identified(&self, identity: &Arc<Identity>) -> Result<Arc<Pool>, CompletionError> {
        let mut state = self.state.lock();
        if let Some((_, pool)) = state.identified.iter().find(|(known, _)| known == identity) {
            return Ok(Arc::clone(pool));
        }
        if state.identified.len() == IDENTITIES {
            state.identified.remove(0);
        }
        let pool = Arc::new(self.service.identified(identity)?);
        state.identified.push((Arc::clone(identity), Arc::clone(&pool)));
        Ok(pool)
    }

    /// An answer of the platform's own.
    fn refused(&self, request: &Request, redirected: bool, status: StatusCode, text: String) -> Completion {
        let body = Body { source: Source::Memory(text.into()), call: None, began: Instant::now() };
        Completion::json(&Head {
            status: status.as_u16(),
            status_text: status.canonical_reason().unwrap_or_default(),
            http_version: "1.1",
            headers: vec![("content-type", "text/plain".to_owned())],
            url: request.url.as_str(),
            redirected,
            body: self.state.lock().keep(body),
        })
    }

    /// Hands the head of an answer over and keeps its body.
    fn answer(
        &self,
        request: &Request,
        redirected: bool,
        response: Response<Incoming>,
        call: Option<usize>,
        began: Instant,
    ) -> Result<Completion, CompletionError> {
        let (head, incoming) = response.into_parts();
        // The client's own bound is on what it buffers, which is more.
        let size: usize = head.headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
        if size > ANSWER_HEAD {
            return Err(CompletionError::new("HPE_HEADER_OVERFLOW", "Parse Error: Header overflow"));
        }
        let coding = head.headers.get(header::CONTENT_ENCODING).and_then(|value| value.to_str().ok());
        let coding = coding.filter(|_| request.decode);
        let decoder = Decoder::new(coding, self.service.caps.response).ok_or_else(|| {
            let coding: String = coding.unwrap_or_default().escape_default().take(40).collect();
            CompletionError::new(
                "ERR_CONTENT_DECODING",
                format!("the coding `{coding}` of the answer is not known"),
            )
        })?;
        let has_body = request.method != axum::http::Method::HEAD && !incoming.is_end_stream();
        let source = Source::Stream { incoming, decoder, received: 0, share: self.service.held.share() };
        let body = if has_body { self.state.lock().keep(Body { source, call, began }) } else { 0 };
        let latin1 = |bytes: &[u8]| bytes.iter().map(|byte| char::from(*byte)).collect();
        let reason = head.extensions.get::<hyper::ext::ReasonPhrase>();
        let reason = reason.map(|reason| String::from_utf8_lossy(reason.as_bytes()));
        let headers = head.headers.iter().map(|(name, value)| (name.as_str(), latin1(value.as_bytes())));
        Ok(Completion::json(&Head {
            status: head.status.as_u16(),
            status_text: reason.as_deref().or(head.status.canonical_reason()).unwrap_or_default(),
            http_version: if head.version == axum::http::Version::HTTP_2 { "2.0" } else { "1.1" },
            headers: headers.collect(),
            url: request.url.as_str(),
            redirected,
            body,
        }))
    }

    /// The next bytes of a body.
    async fn read(&self, head: &[u8]) -> Result<Completion, CompletionError> {
        let gone =
            || CompletionError::new("ERR_STREAM_PREMATURE_CLOSE", "the body was read or given up already");
        let wanted: Wanted = serde_json::from_slice(head).map_err(|_| gone())?;
        // Taken out while it is read: when this future is dropped the connection goes with it.
        let mut body = self.state.lock().bodies.remove(&wanted.body).ok_or_else(gone)?;
        let (bytes, is_last) = match &mut body.source {
            Source::Memory(bytes) => (std::mem::take(bytes), true),
            Source::Stream { incoming, decoder, received, share } => {
                let before = *received;
                let is_last = self.fill(incoming, decoder, received, share, wanted.at_least).await?;
                // They go to the lambda with this answer.
                share.hold(0)?;
                let (bytes, more) = (Bytes::from(decoder.take()), (*received - before) as u64);
                let us = u64::try_from(body.began.elapsed().as_micros()).unwrap_or(u64::MAX);
                let mut state = self.state.lock();
                state.calls.update(body.call, |call| {
                    call.received += more;
                    call.us = us;
                });
                state.received += bytes.len();
                (bytes, is_last)
            }
        };
        let mut state = self.state.lock();
        if state.received > self.service.caps.invocation {
            let message = format!(
                "the answers of this invocation have more than {} bytes, which is the limit",
                self.service.caps.invocation
            );
            return Err(CompletionError::new("ERR_BODY_TOO_LARGE", message));
        }
        if !is_last {
            state.bodies.insert(wanted.body, body);
        }
        Ok(Completion::bytes(bytes, is_last))
    }

    /// Reads until there are so many bytes; whether no more are coming.
    async fn fill(
        &self,
        incoming: &mut Incoming,
        decoder: &mut Decoder,
        received: &mut usize,
        share: &mut Share,
        at_least: usize,
    ) -> Result<bool, CompletionError> {
        let caps = self.service.caps;
        let idle = self.service.times.idle;
        loop {
            let frame = timeout(idle, incoming.frame()).await.map_err(|_| {
                let message = format!("the answer stopped for {} ms", idle.as_millis());
                CompletionError::new("ESOCKETTIMEDOUT", message)
            })?;
            let is_over = match frame {
                Some(frame) => {
                    let frame = frame.map_err(|error| failure::of_body(&error))?;
                    if let Some(chunk) = frame.data_ref() {
                        *received += chunk.len();
                        decoder.write(chunk).map_err(|_| decoding(decoder, caps.response))?;
                        share.hold(decoder.ready())?;
                    }
                    incoming.is_end_stream()
                }
                None => true,
            };
            if is_over {
                decoder.finish().map_err(|_| decoding(decoder, caps.response))?;
                return Ok(true);
            }
            if decoder.ready() >= at_least.max(1) {
                return Ok(false);
            }
        }
    }

    fn failed(&self, error: &CompletionError, notes: &mut Vec<Note>) -> Completion {
        notes.push(warning(format!("a call failed: {} ({})", error.message, error.code)));
        Completion::failed(error)
    }

    /// Those of the lines that still fit the log.
    fn heard(&self, mut notes: Vec<Note>) -> Vec<Note> {
        let mut state = self.state.lock();
        notes.truncate(NOTES.saturating_sub(state.notes));
        state.notes += notes.len();
        notes
    }
}

/// What goes with the answer of a request besides it: lines for the log, and texts that the log must not show.
#[derive(Default)]
struct Aside {
    notes: Vec<Note>,
    masks: Vec<String>,
}

enum Hop {
    Answered(Response<Incoming>),
    /// By the platform itself.
    Refused {
        status: StatusCode,
        text: String,
    },
}

impl Hop {
    fn status(&self) -> u16 {
        match self {
            Self::Answered(response) => response.status().as_u16(),
            Self::Refused { status, .. } => status.as_u16(),
        }
    }
}

impl State {
    fn keep(&mut self, body: Body) -> u32 {
        self.last_body = self.last_body.wrapping_add(1).max(1);
        self.bodies.insert(self.last_body, body);
        self.last_body
    }
}

fn decoding(decoder: &mut Decoder, cap: usize) -> CompletionError {
    if decoder.is_full() {
        let message = format!("the answer's body has more than {cap} bytes, which is the limit");
        return CompletionError::new("ERR_BODY_TOO_LARGE", message);
    }
    CompletionError::new("ERR_CONTENT_DECODING", "the answer's body is not what its `content-encoding` says")
}

fn warning(text: String) -> Note {
    Note { level: Level::Warn, text }
}
