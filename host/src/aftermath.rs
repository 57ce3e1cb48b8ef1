//! Work that goes on without whoever started it, begun on the spot.
//!
//! An invocation has to outlive a caller that hangs up, and what it leaves behind (its memory to restore, its log to
//! record) has to wait until its answer is sent. A task of its own would do both and cost a switch to it and one
//! back, by which time other calls have pushed its memory out of the processor's caches. Nearly every invocation is
//! over in one go, so its future is polled where it is made; only what does not end there becomes a task. What is
//! left for after the answer is done right behind the connection's writing of it, on the same thread, before that
//! thread turns to another connection.

use std::{
    cell::{Cell, RefCell},
    future::Future,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    task::{Context, Poll, Waker},
};

/// Something that goes on by itself.
pub(crate) type Work = Pin<Box<dyn Future<Output = ()> + Send>>;

thread_local! {
    /// Whether this thread is polling a [`Tidy`] connection, which will do what is left behind.
    static TIDY: Cell<bool> = const { Cell::new(false) };
    /// What the connection that is being polled leaves behind.
    static LEFT: RefCell<Vec<Work>> = const { RefCell::new(Vec::new()) };
}

/// Does as much of the work as can be done now. What is not done then is the caller's to [`leave`] or to [`detach`].
pub(crate) fn begin(mut work: Work) -> Option<Work> {
    // Nobody has to be woken: whoever takes the work on polls it again.
    let mut cx = Context::from_waker(Waker::noop());
    match catch_unwind(AssertUnwindSafe(|| work.as_mut().poll(&mut cx))) {
        Ok(Poll::Pending) => Some(work),
        Ok(Poll::Ready(())) => None,
        // As in a task: the panic ends the work and nothing else. Its message is on stderr.
        Err(_) => None,
    }
}

/// Goes on with the work as soon as the connection that is being polled has written what it has to write.
pub(crate) fn leave(work: Work) {
    if TIDY.get() {
        LEFT.with_borrow_mut(|left| left.push(work));
    } else {
        detach(work);
    }
}

/// Makes a task of the work.
pub(crate) fn detach(work: Work) {
    tokio::spawn(work);
}

/// A connection behind which is tidied up every time it has been polled.
pub(crate) struct Tidy<C>(Pin<Box<C>>);

impl<C> Tidy<C> {
    pub(crate) fn new(connection: C) -> Self {
        Self(Box::pin(connection))
    }
}

impl<C: Future> Future for Tidy<C> {
    type Output = C::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<C::Output> {
        // Also when the poll panics: what was left behind is done, and the thread is as it was.
        let _broom = Broom::new();
        self.0.as_mut().poll(cx)
    }
}

struct Broom;

impl Broom {
    fn new() -> Self {
        TIDY.set(true);
        Self
    }
}

impl Drop for Broom {
    fn drop(&mut self) {
        TIDY.set(false);
        while let Some(work) = LEFT.with_borrow_mut(Vec::pop) {
            if let Some(unfinished) = begin(work) {
                detach(unfinished);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    };

    use super::*;

    /// Work of two halves with a pause in between.
    fn halves(done: &Arc<AtomicU32>) -> Work {
        let done = Arc::clone(done);
        Box::pin(async move {
            done.fetch_add(1, Ordering::Relaxed);
            tokio::task::yield_now().await;
            done.fetch_add(1, Ordering::Relaxed);
        })
    }

    #[tokio::test]
    async fn what_is_left_is_done_after_the_connection_was_polled() {
        let done = Arc::new(AtomicU32::new(0));
        let seen = Arc::clone(&done);
        let connection = Tidy::new(async {
            leave(begin(halves(&done)).unwrap());
            done.load(Ordering::Relaxed)
        });
        assert_eq!(connection.await, 1, "the second half waits for the connection");
        assert_eq!(seen.load(Ordering::Relaxed), 2, "and has no task of its own");
    }

    #[tokio::test]
    async fn work_that_waits_becomes_a_task() {
        let (say, heard) = tokio::sync::oneshot::channel();
        let (start, started) = tokio::sync::oneshot::channel::<()>();
        let connection = Tidy::new(async move {
            leave(Box::pin(async move {
                let _ = started.await;
                let _ = say.send(());
            }));
        });
        connection.await;
        start.send(()).unwrap();
        heard.await.unwrap();
    }

    #[tokio::test]
    async fn a_panic_ends_its_own_work_only() {
        let done = Arc::new(AtomicU32::new(0));
        let seen = Arc::clone(&done);
        assert!(begin(Box::pin(async { panic!("on purpose") })).is_none());
        let connection = Tidy::new(async move {
            leave(begin(halves(&done)).unwrap());
            panic!("on purpose");
        });
        assert!(tokio::spawn(connection).await.unwrap_err().is_panic());
        assert_eq!(seen.load(Ordering::Relaxed), 2);
        // Outside of a connection it is a task at once.
        leave(halves(&seen));
        tokio::task::yield_now().await;
        assert!(!TIDY.get());
    }
}
