//! Takes what is to be remembered about an invocation off its hands and writes it down later.
//!
//! A bounded channel leads to one writer thread. When the disk cannot keep up the channel fills, and what does not
//! fit is dropped and counted: replies are never delayed by logs. The writer gathers for [`GATHER`] before it writes,
//! so that a busy server wakes it a few dozen times a second and not for every invocation; that is also how much of
//! the newest a killed process loses. It runs at a lower priority than the threads that answer.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    thread::JoinHandle,
    time::Duration,
};

use lambkin_runtime::LogEntry;
use parking_lot::Mutex;
use tokio::sync::mpsc;
use uuid::Uuid;

use crate::{
    invocation::Invocation,
    journal::{self, Journal, Kind},
    logs::{InvocationLog, LogFiles},
};

/// Records that may wait for the disk.
const WAITING: usize = 8_192;

/// Bytes of log that may wait for the disk.
const WAITING_BYTES: usize = 32 << 20;

/// How long records are gathered before they are written.
const GATHER: Duration = Duration::from_millis(20);

/// How much the writer steps back behind the other threads.
const NICE: i32 = 5;

/// An invocation and what it logged.
#[derive(Debug)]
struct Record {
    invocation: Invocation,
    entries: Vec<LogEntry>,
    bytes: usize,
}

enum Message {
    Record(Box<Record>),
    Forget(Uuid),
    Close,
}

/// The near end of the channel.
#[derive(Debug)]
pub(crate) struct Recorder {
    sender: mpsc::Sender<Message>,
    /// Whether anything is kept at all.
    keeps: bool,
    shared: Arc<Shared>,
    writer: Mutex<Option<JoinHandle<()>>>,
}

#[derive(Debug, Default)]
struct Shared {
    dropped: AtomicU64,
    waiting_bytes: AtomicUsize,
}

impl Recorder {
    /// Starts the writer thread.
    pub(crate) fn start(journal: Arc<Journal>, logs: Arc<LogFiles>, keeps: bool) -> std::io::Result<Self> {
        let (sender, receiver) = mpsc::channel(WAITING);
        let shared = Arc::new(Shared::default());
        let mut writer = Writer { receiver, journal, logs, shared: Arc::clone(&shared), told: 0 };
        let thread = std::thread::Builder::new().name("records".to_owned()).spawn(move || {
            // Linux counts priorities by thread. Where it does not work the writer is merely as important as others.
            let _ = rustix::process::nice(NICE);
            writer.write_all();
        })?;
        Ok(Self { sender, keeps, shared, writer: Mutex::new(Some(thread)) })
    }

    /// Hands over an invocation and its stored log. Never waits.
    pub(crate) fn record(&self, invocation: Invocation, entries: Vec<LogEntry>) {
        if !self.keeps {
            return;
        }
        let bytes = entries.iter().map(|entry| entry.message.get().len() + entry.extras.get().len()).sum();
        let waiting = self.shared.waiting_bytes.fetch_add(bytes, Ordering::Relaxed);
        let fits = bytes == 0 || waiting + bytes <= WAITING_BYTES;
        let message = Message::Record(Box::new(Record { invocation, entries, bytes }));
        if !fits || self.sender.try_send(message).is_err() {
            self.shared.waiting_bytes.fetch_sub(bytes, Ordering::Relaxed);
            self.shared.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Removes what is remembered of a deleted lambda, after everything handed over before. Blocks while the channel
    /// is full.
    pub(crate) fn forget(&self, lambda: Uuid) {
        // An error means that the writer is gone, and then the server is on its way out.
        let _ = self.sender.blocking_send(Message::Forget(lambda));
    }

    /// Records that were dropped since the start.
    pub(crate) fn dropped(&self) -> u64 {
        self.shared.dropped.load(Ordering::Relaxed)
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

/// The far end of the channel.
struct Writer {
    receiver: mpsc::Receiver<Message>,
    journal: Arc<Journal>,
    logs: Arc<LogFiles>,
    shared: Arc<Shared>,
    /// Drops that the log has been told of.
    told: u64,
}

/// What is about to be written about one lambda.
#[derive(Default)]
struct Lines {
    logs: Vec<InvocationLog>,
    invocations: Vec<u8>,
}

impl Writer {
    fn write_all(&mut self) {
        let mut open = true;
        while open && let Some(first) = self.receiver.blocking_recv() {
            if !matches!(first, Message::Close) {
                std::thread::sleep(GATHER);
            }
            open = self.write_some(first);
            let lost = self.shared.dropped.load(Ordering::Relaxed);
            if lost > self.told {
                let dropped = lost - self.told;
                tracing::warn!(
                    dropped,
                    "invocations came faster than the disk takes what is remembered of them"
                );
                self.told = lost;
            }
        }
    }

    /// Writes what is there, one append per lambda and kind. Returns whether there may be more.
    fn write_some(&mut self, first: Message) -> bool {
        let mut lambdas: HashMap<Uuid, Lines> = HashMap::new();
        let mut next = Some(first);
        let mut taken = 0;
        let mut open = true;
        while let Some(message) = next.take() {
            match message {
                Message::Record(record) => self.take(*record, &mut lambdas),
                Message::Forget(lambda) => {
                    lambdas.remove(&lambda);
                    report(lambda, self.journal.forget(lambda));
                }
                Message::Close => open = false,
            }
            taken += 1;
            if open && taken < WAITING {
                next = self.receiver.try_recv().ok();
            }
        }
        for (lambda, lines) in lambdas {
            report(lambda, self.journal.append(Kind::Invocations, lambda, &lines.invocations));
            if !lines.logs.is_empty() {
                report(lambda, self.logs.append(lambda, &lines.logs));
            }
        }
        open
    }

    fn take(&self, record: Record, lambdas: &mut HashMap<Uuid, Lines>) {
        let Record { invocation, entries, bytes } = record;
        self.shared.waiting_bytes.fetch_sub(bytes, Ordering::Relaxed);
        let lines = lambdas.entry(invocation.lambda).or_default();
        report(invocation.lambda, journal::write_line(&mut lines.invocations, &invocation));
        if !entries.is_empty() {
            lines.logs.push(InvocationLog { request_id: invocation.request_id, entries });
        }
    }
}

fn report(lambda: Uuid, outcome: std::io::Result<()>) {
    if let Err(error) = outcome {
        tracing::warn!(%lambda, %error, "what is remembered of a lambda could not be written");
    }
}
