//! What came of requests whose callers gave them an id, so that a repeat is answered and not run again.
//!
//! The published clients repeat a request up to four times with the same `X-Request-ID`. The first run's answer is
//! given to all of them, also while it is still running. A request is the same when account, caller, target, id and
//! input are: an id that somebody uses for a whole chain of calls does not mix them up.
//!
//! Requests without an id of their caller's making never come here. The memory is bounded: an answer that does not
//! fit is forgotten but not that there was one, and a repeat is then refused rather than run. Only when an account
//! sends more ids within the window than there is room for do its oldest go; one that is running never goes.

use std::{
    collections::{HashMap, VecDeque},
    future::Future,
    hash::{BuildHasher, Hash, RandomState},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use axum::{
    body::Body,
    http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode},
    response::IntoResponse,
};
use bytes::Bytes;
use http_body_util::BodyExt;
use parking_lot::Mutex;
use serde::Deserialize;
use serde_json::value::RawValue;
use tokio::sync::watch;

use crate::reply::{Cause, Refusal};

/// Marks an answer that was given before.
const REPLAYED: HeaderName = HeaderName::from_static("x-lambkin-replayed");

const SHARDS: usize = 64;

/// How long and how much is remembered.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Room {
    pub(crate) window: Duration,
    /// Requests in one shard, which is what one account has.
    pub(crate) ids: usize,
    /// Requests in all shards.
    pub(crate) all_ids: usize,
    /// Bytes of all answers.
    pub(crate) bytes: usize,
    /// Bytes of one answer.
    pub(crate) answer: usize,
}

/// All requests that are remembered.
#[derive(Debug)]
pub(crate) struct Replay {
    /// By account, so that a busy one cannot push out what its neighbours rely on.
    shards: Box<[Mutex<Shard>]>,
    hashers: [RandomState; 2],
    room: Room,
    ids: AtomicUsize,
    bytes: AtomicUsize,
}

/// Which request it is: two independent hashes with keys that nobody outside knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct RequestKey {
    shard: usize,
    hashes: [u64; 2],
}

#[derive(Debug, Default)]
struct Shard {
    requests: HashMap<[u64; 2], State>,
    /// Oldest first.
    order: VecDeque<(Instant, [u64; 2])>,
}

#[derive(Debug)]
enum State {
    Running(Announced),
    Answered(Arc<Given>),
    /// It ran, and the answer did not fit.
    Forgotten,
}

/// An answer as it can be given again.
#[derive(Debug)]
struct Given {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
    cause: Option<Cause>,
}

type Announced = watch::Receiver<Option<Arc<Given>>>;

/// The first request's right to run.
struct Turn {
    replay: Arc<Replay>,
    key: RequestKey,
    announce: watch::Sender<Option<Arc<Given>>>,
    ended: bool,
}

enum Claim {
    First(Turn, Announced),
    Repeat(Announced),
    Answered(Arc<Given>),
    Forgotten,
}

impl Replay {
    pub(crate) fn new(room: Room) -> Self {
        let shards = (0..SHARDS).map(|_| Mutex::default()).collect();
        let hashers = [RandomState::new(), RandomState::new()];
        Self { shards, hashers, room, ids: AtomicUsize::new(0), bytes: AtomicUsize::new(0) }
    }

    /// The request of a caller in an account about a target, with this id and input.
    pub(crate) fn key(
        &self,
        account: &str,
        caller: &str,
        target: (&str, &str),
        id: &str,
        input: &[u8],
    ) -> RequestKey {
        let content = Content::of(input);
        let hash = |hasher: &RandomState| hasher.hash_one((account, caller, target, id, &content));
        let shard = usize::try_from(self.hashers[0].hash_one(account) % SHARDS as u64).unwrap_or(0);
        RequestKey { shard, hashes: self.hashers.each_ref().map(hash) }
    }

    /// Runs a request, or answers it with what came of it before. The run is a task of its own: the caller of the
    /// first request may hang up and come back.
    pub(crate) async fn once(
        self: &Arc<Self>,
        key: RequestKey,
        run: impl Future<Output = Result<Response<Body>, Refusal>> + Send + 'static,
    ) -> Result<Response<Body>, Refusal> {
        let (mut announced, is_first) = match self.claim(key, Instant::now()) {
            Claim::First(turn, announced) => {
                tokio::spawn(turn.take(run));
                (announced, true)
            }
            Claim::Repeat(announced) => (announced, false),
            Claim::Answered(given) => return Ok(given.again(false)),
            Claim::Forgotten => return Err(Refusal::ran_before()),
        };
        let given = announced.wait_for(Option::is_some).await.ok().and_then(|given| given.clone());
        let given = given.ok_or_else(|| Refusal::internal_after_run("a request ended in a panic"))?;
        Ok(given.again(is_first))
    }

    fn claim(self: &Arc<Self>, key: RequestKey, now: Instant) -> Claim {
        let mut shard = self.shards[key.shard].lock();
        self.make_room(&mut shard, now, false);
        match shard.requests.get(&key.hashes) {
            Some(State::Running(announced)) => return Claim::Repeat(announced.clone()),
            Some(State::Answered(given)) => return Claim::Answered(Arc::clone(given)),
            Some(State::Forgotten) => return Claim::Forgotten,
            None => {}
        }
        self.make_room(&mut shard, now, true);
        let (announce, announced) = watch::channel(None);
        shard.requests.insert(key.hashes, State::Running(announced.clone()));
        shard.order.push_back((now, key.hashes));
        self.ids.fetch_add(1, Ordering::Relaxed);
        Claim::First(Turn { replay: Arc::clone(self), key, announce, ended: false }, announced)
    }

    /// Lets those go whose time is over, and for another one the oldest where there is no room.
    fn make_room(&self, shard: &mut Shard, now: Instant, for_another: bool) {
        let mut looked_at = shard.order.len();
        while let Some(&(at, hashes)) = shard.order.front() {
            let is_full = for_another
                && (shard.order.len() >= self.room.ids
                    || self.ids.load(Ordering::Relaxed) >= self.room.all_ids);
            if looked_at == 0 || (!is_full && now.duration_since(at) < self.room.window) {
                return;
            }
            looked_at -= 1;
            shard.order.pop_front();
            match shard.requests.get(&hashes) {
                Some(State::Running(_)) => {
                    shard.order.push_back((at, hashes));
                    continue;
                }
                Some(State::Answered(given)) => self.give_back(given.cost()),
                Some(State::Forgotten) => {}
                // It was refused before it ran, and may have come again: not this entry's to remove.
                None => continue,
            }
            shard.requests.remove(&hashes);
            self.ids.fetch_sub(1, Ordering::Relaxed);
        }
    }

    /// Whether so many bytes fit; they are taken then.
    fn reserve(&self, bytes: usize) -> bool {
        let add = |taken: usize| taken.checked_add(bytes).filter(|sum| *sum <= self.room.bytes);
        bytes <= self.room.answer
            && self.bytes.fetch_update(Ordering::Relaxed, Ordering::Relaxed, add).is_ok()
    }

    fn give_back(&self, bytes: usize) {
        self.bytes.fetch_sub(bytes, Ordering::Relaxed);
    }

    /// Ends a turn: `None` is a request that did not run, which is as if it had never come.
    fn end(&self, key: RequestKey, state: Option<State>) {
        let mut shard = self.shards[key.shard].lock();
        match state {
            Some(state) => {
                shard.requests.insert(key.hashes, state);
            }
            None => {
                shard.requests.remove(&key.hashes);
                // Its place in the order is near the end.
                if let Some(at) = shard.order.iter().rposition(|(_, hashes)| *hashes == key.hashes) {
                    shard.order.remove(at);
                }
                self.ids.fetch_sub(1, Ordering::Relaxed);
            }
        }
    }
}

impl Turn {
    async fn take(mut self, run: impl Future<Output = Result<Response<Body>, Refusal>> + Send) {
        let (response, ran) = match run.await {
            Ok(response) => (response, true),
            Err(refusal) => {
                let ran = refusal.may_have_run();
                (refusal.into_response(), ran)
            }
        };
        let given = Arc::new(Given::of(response).await);
        let state = match ran {
            true if self.replay.reserve(given.cost()) => Some(State::Answered(Arc::clone(&given))),
            true => Some(State::Forgotten),
            false => None,
        };
        self.ended = true;
        self.replay.end(self.key, state);
        // An error means that nobody waits any more.
        let _ = self.announce.send(Some(given));
    }
}

impl Drop for Turn {
    /// A run that broke off may have run.
    fn drop(&mut self) {
        if !self.ended {
            self.replay.end(self.key, Some(State::Forgotten));
        }
    }
}

impl Given {
    async fn of(response: Response<Body>) -> Self {
        let (mut head, body) = response.into_parts();
        // Bodies of invocations are in memory; one buffer is moved, not copied.
        let body = body.collect().await.map(|body| body.to_bytes()).unwrap_or_default();
        Self { status: head.status, cause: head.extensions.remove::<Cause>(), headers: head.headers, body }
    }

    /// Bytes it counts, with what a few header fields take.
    fn cost(&self) -> usize {
        self.body.len() + 512
    }

    fn again(&self, is_first: bool) -> Response<Body> {
        let mut response = Response::new(Body::from(self.body.clone()));
        *response.status_mut() = self.status;
        response.headers_mut().clone_from(&self.headers);
        if !is_first {
            response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
        } else if let Some(cause) = &self.cause {
            response.extensions_mut().insert(cause.clone());
        }
        response
    }
}

/// What of an input makes it the same: not its time stamp, which a client may set anew for each attempt.
#[derive(Hash)]
enum Content<'a> {
    Envelope(Option<&'a str>, Option<&'a str>),
    Other(&'a [u8]),
}

impl<'a> Content<'a> {
    fn of(input: &'a [u8]) -> Self {
        #[derive(Deserialize)]
        struct Parts<'a> {
            #[serde(borrow, default)]
            headers: Option<&'a RawValue>,
            #[serde(borrow, default)]
            payload: Option<&'a RawValue>,
        }
        match serde_json::from_slice::<Parts<'_>>(input) {
            Ok(Parts { headers, payload }) => {
                Self::Envelope(headers.map(RawValue::get), payload.map(RawValue::get))
            }
            Err(_) => Self::Other(input),
        }
    }
}

#[cfg(test)]
#[path = "replay/tests.rs"]
mod tests;
