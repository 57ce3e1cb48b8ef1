//! How many bytes of answers the server holds for all lambdas together. Each answer has a cap of its own; that a thousand
//! lambdas read large ones at once must not take all of the server's memory either.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use lambkin_runtime::CompletionError;

/// The bytes of all answers that wait to be handed over, and how many there may be.
#[derive(Debug)]
pub(super) struct Held {
    bytes: AtomicUsize,
    most: usize,
}

/// What one answer has of them; given back when it is dropped.
#[derive(Debug)]
pub(super) struct Share {
    of: Arc<Held>,
    bytes: usize,
}

impl Held {
    pub(super) fn new(most: usize) -> Arc<Self> {
        Arc::new(Self { bytes: AtomicUsize::new(0), most })
    }

    #[cfg(test)]
    pub(super) fn bytes(&self) -> usize {
        self.bytes.load(Ordering::Relaxed)
    }

    /// The share of an answer of which nothing has come.
    pub(super) fn share(self: &Arc<Self>) -> Share {
        Share { of: Arc::clone(self), bytes: 0 }
    }
}

impl Share {
    /// The answer has so many bytes now. They are there already: what is too much is one chunk of an answer, and whoever
    /// is told so drops it.
    pub(super) fn hold(&mut self, bytes: usize) -> Result<(), CompletionError> {
        let before = std::mem::replace(&mut self.bytes, bytes);
        if bytes <= before {
            self.of.bytes.fetch_sub(before - bytes, Ordering::Relaxed);
            return Ok(());
        }
        let more = bytes - before;
        let all = self.of.bytes.fetch_add(more, Ordering::Relaxed).saturating_add(more);
        if all <= self.of.most {
            return Ok(());
        }
        let message = format!(
            "no buffer space available: the server holds {all} bytes of answers for all lambdas, and the limit is {}; call again later, read smaller answers, or have the operator raise `--egress-bytes`",
            self.of.most
        );
        Err(CompletionError::new("ENOBUFS", message))
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        self.of.bytes.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_counted_together_and_given_back() {
        let held = Held::new(100);
        let (mut one, mut other) = (held.share(), held.share());
        assert!(one.hold(60).is_ok() && other.hold(40).is_ok());
        assert_eq!(other.hold(41).unwrap_err().code, "ENOBUFS");
        assert!(one.hold(0).is_ok() && other.hold(100).is_ok());
        drop(other);
        assert!(one.hold(100).is_ok());
        drop(one);
        assert_eq!(held.bytes(), 0);
    }
}
