//! How bytes cross the border: the inbox the host writes to before a call, and the outbox it reads after one.

use std::cell::{Cell, RefCell};
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use lambkin_abi::{Outbox, Status};

use crate::host;

/// Calls up to this size use a buffer that is part of the image, so that they allocate nothing.
const ORDINARY: usize = 64 << 10;

thread_local! {
    /// The first field serves ordinary calls, the second exists during a larger one.
    static INBOX: RefCell<(Vec<u8>, Vec<u8>)> = const { RefCell::new((Vec::new(), Vec::new())) };
    static REPLY: Cell<Option<Status>> = const { Cell::new(None) };
    /// What the outbox points at.
    static PUBLISHED: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// The three words of [`Outbox`]. Atomic only to be a `static` without `unsafe`; there is one thread.
static OUTBOX: [AtomicU32; Outbox::SIZE / 4] = [const { AtomicU32::new(0) }; Outbox::SIZE / 4];

/// Sets the ordinary buffer up.
pub fn prepare() {
    INBOX.with_borrow_mut(|inbox| inbox.0 = vec![0; ORDINARY + 1]);
}

/// Where the host writes the next call's `len` bytes.
pub fn inbox(len: usize) -> *mut u8 {
    INBOX.with_borrow_mut(|(ordinary, large)| {
        if len <= ORDINARY {
            return ordinary.as_mut_ptr();
        }
        *large = vec![0; len + 1];
        large.as_mut_ptr()
    })
}

/// Reads the `len` bytes the host wrote; `read` gets them with the NUL that QuickJS' parsers want behind them.
pub fn receive<R>(len: usize, read: impl FnOnce(&[u8]) -> R) -> R {
    INBOX.with_borrow_mut(|(ordinary, large)| {
        let buffer = if len <= ORDINARY { ordinary } else { large };
        buffer[len] = 0;
        read(&buffer[..=len])
    })
}

/// Forgets what was received: frees a large buffer and, with `wipe`, leaves no trace of an ordinary one in the image.
pub fn discard(len: usize, wipe: bool) {
    INBOX.with_borrow_mut(|(ordinary, large)| {
        if len > ORDINARY {
            *large = Vec::new();
        } else if wipe {
            ordinary[..=len].fill(0);
        }
    });
}

/// The address of the outbox.
pub fn outbox() -> *const u8 {
    OUTBOX.as_ptr().cast()
}

/// Publishes an answer. It stays where it is until it is reclaimed. One that was published before is never freed: there
/// are few, they go with the instance, and an invocation that freed what its image brought along would write to pages it
/// needs for nothing else.
pub fn publish(answer: Vec<u8>) {
    OUTBOX[0].store(answer.as_ptr() as u32, Relaxed);
    OUTBOX[1].store(answer.len() as u32, Relaxed);
    std::mem::forget(PUBLISHED.replace(answer));
}

/// Publishes a text.
pub fn publish_string(answer: String) {
    publish(answer.into_bytes());
}

/// Tells the host how long nothing can run.
pub fn publish_wait(microseconds: f64) {
    OUTBOX[2].store(microseconds.min(f64::from(Outbox::NO_TIMER - 1)).max(1.0) as u32, Relaxed);
}

/// Tells the host that only operations are waited for.
pub fn publish_wait_for_operations() {
    OUTBOX[2].store(Outbox::NO_TIMER, Relaxed);
}

/// Tells the host to let operations get on and to come straight back.
pub fn publish_pause() {
    OUTBOX[2].store(0, Relaxed);
}

/// Tells the host whether the event loop has anything left to run after the reply.
pub fn publish_more(more: bool) {
    OUTBOX[2].store(more.into(), Relaxed);
}

/// Empties the outbox and frees what was published last.
pub fn reclaim() {
    clear();
    PUBLISHED.set(Vec::new());
}

/// Empties the outbox.
pub fn clear() {
    for word in &OUTBOX {
        word.store(0, Relaxed);
    }
}

/// Marks the reply as ready. The host is told at once, because the lambda may compute for long before the event loop
/// gets to hand it over.
pub fn reply(status: Status) {
    REPLY.set(Some(status));
    host::settled(status);
}

/// The reply that became ready since the last call, if any.
pub fn take_reply() -> Option<Status> {
    REPLY.take()
}
