//! Work that comes round by the clock on a thread of its own, and once more when the server stops.

use std::{sync::Arc, thread::JoinHandle, time::Duration};

use parking_lot::{Condvar, Mutex};

/// A thread that does something again and again.
#[derive(Debug)]
pub(crate) struct Ticker {
    stop: Stop,
    thread: Mutex<Option<JoinHandle<()>>>,
}

/// Whether such work is to end.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stop(Arc<(Mutex<bool>, Condvar)>);

impl Stop {
    /// The server is on its way out.
    pub(crate) fn is_asked(&self) -> bool {
        *self.0.0.lock()
    }
}

impl Ticker {
    /// Does `work` at once, after every `period`, and a last time when it is closed. What takes long asks now and then
    /// whether it is to stop, so that nobody waits for it.
    pub(crate) fn start(
        name: &str,
        period: Duration,
        mut work: impl FnMut(&Stop) + Send + 'static,
    ) -> std::io::Result<Self> {
        let stop = Stop::default();
        let told = stop.clone();
        let thread = std::thread::Builder::new().name(name.to_owned()).spawn(move || {
            loop {
                work(&told);
                let mut stopped = told.0.0.lock();
                if !*stopped {
                    let _ = told.0.1.wait_for(&mut stopped, period);
                }
                if *stopped {
                    break;
                }
            }
            work(&told);
        })?;
        Ok(Self { stop, thread: Mutex::new(Some(thread)) })
    }

    /// Ends it, after a last time. Blocks.
    pub(crate) fn close(&self) {
        let Some(thread) = self.thread.lock().take() else { return };
        *self.stop.0.0.lock() = true;
        self.stop.0.1.notify_all();
        if thread.join().is_err() {
            tracing::error!("work that comes round by the clock ended in a panic");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn it_works_at_once_and_a_last_time() {
        let count = Arc::new(AtomicUsize::new(0));
        let work = Arc::clone(&count);
        let (sender, receiver) = std::sync::mpsc::channel();
        let ticker = Ticker::start("test", Duration::from_secs(3_600), move |stop| {
            let last = usize::from(stop.is_asked());
            work.fetch_add(1 + 10 * last, Ordering::SeqCst);
            let _ = sender.send(());
        })
        .unwrap();
        receiver.recv().unwrap();
        ticker.close();
        ticker.close();
        assert_eq!(count.load(Ordering::SeqCst), 12, "once, and once more knowing that it is the last time");
    }
}
