//! What a guest asks of the world outside: operations that it starts, that end while it is not running, and whose
//! answers wait here until it fetches them. What they do is the business of whoever runs the lambda ([`Egress`]); this
//! crate does no input or output of its own.

use std::{
    collections::{HashMap, VecDeque},
    fmt,
    future::{Future, poll_fn},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use bytes::Bytes;
use futures_util::{
    StreamExt,
    future::{AbortHandle, Abortable},
    stream::FuturesUnordered,
};
pub use lambkin_abi::OperationKind;
use lambkin_abi::{Completion as Wire, op_refused};
use serde::Serialize;

use crate::logs::Level;

/// Operations of one invocation that may be open at once.
const MOST_OPEN: usize = 256;

/// Bytes of one request, head and body together.
pub(crate) const MOST_REQUEST: usize = 16 << 20;

/// The way out of a lambda. One value serves one invocation; what it holds open is closed when it is dropped.
pub trait Egress: Send + Sync + 'static {
    /// Starts an operation. It gets on only while its future is polled, and is given up when that is dropped.
    fn start(self: Arc<Self>, operation: Operation) -> Pending;
}

/// An operation on its way.
pub type Pending = Pin<Box<dyn Future<Output = Completion> + Send>>;

/// What a guest asks for.
#[derive(Clone, Debug)]
pub struct Operation {
    /// What it is.
    pub kind: OperationKind,
    /// Its particulars, JSON. Written by the guest: nothing in it can be trusted.
    pub head: Bytes,
    /// What is to be sent along.
    pub body: Bytes,
}

/// What became of an operation.
#[derive(Clone, Debug)]
pub struct Completion {
    /// The answer.
    pub answer: Answer,
    /// What the lambda's log is to say about it.
    pub notes: Vec<Note>,
    /// Texts that the lambda's log must not show from now on.
    pub masks: Vec<String>,
}

/// How an operation is answered.
#[derive(Clone, Debug)]
pub enum Answer {
    /// With a JSON value.
    Json(Vec<u8>),
    /// With bytes; `is_last` when no more are coming.
    Bytes {
        /// The bytes.
        bytes: Bytes,
        /// Whether they are the last.
        is_last: bool,
    },
    /// With an error, JSON as [`CompletionError`] writes it.
    Failed(Vec<u8>),
}

/// An error as the guest's code will see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CompletionError {
    /// As in Node: `ENOTFOUND`, `ECONNREFUSED` and their like.
    pub code: &'static str,
    /// A sentence.
    pub message: String,
    /// What the operating system was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub syscall: Option<&'static str>,
    /// The host that was to be reached.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hostname: Option<String>,
}

/// A line for the lambda's log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// How loud.
    pub level: Level,
    /// What.
    pub text: String,
}

impl Completion {
    /// An answer that is a JSON value.
    pub fn json(value: &impl Serialize) -> Self {
        match serde_json::to_vec(value) {
            Ok(json) => Self { answer: Answer::Json(json), notes: Vec::new(), masks: Vec::new() },
            Err(error) => Self::failed(&CompletionError::new("EIO", error.to_string())),
        }
    }

    /// An answer that is bytes.
    pub fn bytes(bytes: Bytes, is_last: bool) -> Self {
        Self { answer: Answer::Bytes { bytes, is_last }, notes: Vec::new(), masks: Vec::new() }
    }

    /// An error.
    pub fn failed(error: &CompletionError) -> Self {
        let json = serde_json::to_vec(error).unwrap_or_else(|_| b"{}".to_vec());
        Self { answer: Answer::Failed(json), notes: Vec::new(), masks: Vec::new() }
    }

    /// The same, with lines for the log.
    #[must_use]
    pub fn with_notes(mut self, notes: Vec<Note>) -> Self {
        self.notes = notes;
        self
    }

    /// The same, with texts that the log must not show.
    #[must_use]
    pub fn with_masks(mut self, masks: Vec<String>) -> Self {
        self.masks = masks;
        self
    }

    fn wire(&self, id: u32) -> (Wire, &[u8]) {
        let (form, bytes): (u32, &[u8]) = match &self.answer {
            Answer::Json(json) => (Wire::JSON, json),
            Answer::Failed(json) => (Wire::FAILED, json),
            Answer::Bytes { bytes, is_last: false } => (Wire::BYTES, bytes),
            Answer::Bytes { bytes, is_last: true } => (Wire::LAST_BYTES, bytes),
        };
        (Wire { id, form, len: u32::try_from(bytes.len()).unwrap_or(u32::MAX) }, bytes)
    }
}

impl CompletionError {
    /// An error with a code and a sentence.
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), syscall: None, hostname: None }
    }
}

/// The operations of one invocation.
#[derive(Default)]
pub(crate) struct Operations {
    last_id: u32,
    open: FuturesUnordered<Abortable<Numbered>>,
    handles: HashMap<u32, AbortHandle>,
    ended: VecDeque<(u32, Completion)>,
    /// What `op_next` told of last.
    current: Option<Completion>,
}

struct Numbered {
    id: u32,
    pending: Pending,
}

impl Future for Numbered {
    type Output = (u32, Completion);

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let id = self.id;
        self.pending.as_mut().poll(cx).map(|completion| (id, completion))
    }
}

impl fmt::Debug for Operations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Operations").field("open", &self.open.len()).finish_non_exhaustive()
    }
}

impl Operations {
    /// Starts one; its id, or the wire's number for why not.
    pub(crate) fn start(&mut self, egress: &Arc<dyn Egress>, operation: Operation) -> i32 {
        if self.handles.len() + self.ended.len() >= MOST_OPEN {
            return op_refused::TOO_MANY;
        }
        self.last_id = self.last_id % (i32::MAX as u32) + 1;
        let id = self.last_id;
        let (handle, registration) = AbortHandle::new_pair();
        let pending = Arc::clone(egress).start(operation);
        self.open.push(Abortable::new(Numbered { id, pending }, registration));
        self.handles.insert(id, handle);
        id as i32
    }

    /// Nobody wants the answer any more.
    pub(crate) fn cancel(&mut self, id: u32) {
        if let Some(handle) = self.handles.remove(&id) {
            handle.abort();
        }
        self.ended.retain(|(ended, _)| *ended != id);
    }

    /// The next that has ended, lines for the log and texts it must not show; its bytes are for [`Operations::take`].
    pub(crate) fn next(&mut self) -> Option<(Wire, Vec<Note>, Vec<String>)> {
        let (id, mut completion) = self.ended.pop_front()?;
        let notes = std::mem::take(&mut completion.notes);
        let masks = std::mem::take(&mut completion.masks);
        let (wire, _) = completion.wire(id);
        self.current = Some(completion);
        Some((wire, notes, masks))
    }

    /// The answer of the one that was told of last.
    pub(crate) fn take(&mut self) -> Option<Completion> {
        self.current.take()
    }

    /// Whether anything is on its way.
    pub(crate) fn are_open(&self) -> bool {
        !self.handles.is_empty() || !self.ended.is_empty()
    }

    /// Lets all get on as far as they can now.
    pub(crate) async fn get_on(&mut self) {
        poll_fn(|cx| {
            self.collect(cx);
            Poll::Ready(())
        })
        .await;
    }

    /// Waits until one has ended; those that end at the same time come with it.
    pub(crate) async fn arrive(&mut self) {
        poll_fn(|cx| {
            self.collect(cx);
            if self.ended.is_empty() { Poll::Pending } else { Poll::Ready(()) }
        })
        .await;
    }

    fn collect(&mut self, cx: &mut Context<'_>) {
        while let Poll::Ready(Some(ended)) = self.open.poll_next_unpin(cx) {
            // One that was cancelled has no answer.
            if let Ok((id, completion)) = ended
                && self.handles.remove(&id).is_some()
            {
                self.ended.push_back((id, completion));
            }
        }
    }
}

/// The bytes of an answer.
pub(crate) fn bytes_of(completion: &Completion) -> &[u8] {
    completion.wire(0).1
}
