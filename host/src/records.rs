//! Takes what is to be remembered about an invocation off its hands and writes it down later.
//!
//! A bounded channel leads to one writer thread. When the disk cannot keep up the channel fills, and what does not
//! fit is dropped and counted: replies are never delayed by logs.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread::JoinHandle,
};

use lambkin_runtime::LogEntry;
use parking_lot::Mutex;
use tokio::sync::mpsc;
use uuid::Uuid;

use crate::logs::{InvocationLog, LogFiles};

/// Records that may wait for the disk. One holds at most about 6,000 characters of log.
const WAITING: usize = 1_024;

enum Message {
    Record(Uuid, InvocationLog),
    Forget(Uuid),
    Close,
}

/// The near end of the channel.
#[derive(Debug)]
pub(crate) struct Recorder {
    sender: mpsc::Sender<Message>,
    dropped: Arc<AtomicU64>,
    writer: Mutex<Option<JoinHandle<()>>>,
}

impl Recorder {
    /// Starts the writer thread.
    pub(crate) fn start(files: Arc<LogFiles>) -> std::io::Result<Self> {
        let (sender, receiver) = mpsc::channel(WAITING);
        let dropped = Arc::new(AtomicU64::new(0));
        let counter = Arc::clone(&dropped);
        let writer = std::thread::Builder::new()
            .name("records".to_owned())
            .spawn(move || write_all(receiver, &files, &counter))?;
        Ok(Self { sender, dropped, writer: Mutex::new(Some(writer)) })
    }

    /// Hands over the stored log of an invocation. Never waits.
    pub(crate) fn record(&self, lambda: Uuid, request_id: String, entries: Vec<LogEntry>) {
        if entries.is_empty() {
            return;
        }
        let message = Message::Record(lambda, InvocationLog { request_id, entries });
        if self.sender.try_send(message).is_err() {
            self.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Removes what a deleted lambda logged, after everything handed over before. Blocks while the channel is full.
    pub(crate) fn forget(&self, lambda: Uuid) {
        // An error means that the writer is gone, and then the server is on its way out.
        let _ = self.sender.blocking_send(Message::Forget(lambda));
    }

    /// Records that were dropped since the start.
    pub(crate) fn dropped(&self) -> u64 {
        self.dropped.load(Ordering::Relaxed)
    }

    /// Writes what was handed over and ends the writer. Blocks.
    pub(crate) fn close(&self) {
        let Some(writer) = self.writer.lock().take() else { return };
        let _ = self.sender.blocking_send(Message::Close);
        if writer.join().is_err() {
            tracing::error!("the log writer ended in a panic");
        }
    }
}

fn write_all(mut receiver: mpsc::Receiver<Message>, files: &LogFiles, dropped: &AtomicU64) {
    let mut told = 0;
    let mut open = true;
    while open && let Some(first) = receiver.blocking_recv() {
        open = write_some(first, &mut receiver, files);
        let lost = dropped.load(Ordering::Relaxed);
        if lost > told {
            tracing::warn!(dropped = lost - told, "logs came faster than the disk takes them");
            told = lost;
        }
    }
}

/// Writes what is there, one append per lambda. Returns whether there may be more.
fn write_some(first: Message, receiver: &mut mpsc::Receiver<Message>, files: &LogFiles) -> bool {
    let mut logs: HashMap<Uuid, Vec<InvocationLog>> = HashMap::new();
    let mut next = Some(first);
    let mut taken = 0;
    let mut open = true;
    while let Some(message) = next.take() {
        match message {
            Message::Record(lambda, log) => logs.entry(lambda).or_default().push(log),
            Message::Forget(lambda) => {
                logs.remove(&lambda);
                report(lambda, files.forget(lambda));
            }
            Message::Close => open = false,
        }
        taken += 1;
        if open && taken < WAITING {
            next = receiver.try_recv().ok();
        }
    }
    for (lambda, logs) in logs {
        report(lambda, files.append(lambda, &logs));
    }
    open
}

fn report(lambda: Uuid, outcome: std::io::Result<()>) {
    if let Err(error) = outcome {
        tracing::warn!(%lambda, %error, "the log of a lambda could not be written");
    }
}
