//! One call of a lambda, from the thawed instance to its outcome, and what it leaves behind.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use bytes::Bytes;
use lambkin_abi::{Outbox, Status};
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};

use crate::{
    error::{ErrorCode, RuntimeError},
    freeze::shortened,
    guest::{Guest, micros},
    limits::{Kill, LimitKind},
    logs::{Level, LogBook, LogEntry},
    memory::last_reset,
    operations::Egress,
    reuse::Kept,
    thaw::{Instance, Running, Stopped},
};

/// How a lambda answered.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// It succeeded. The JSON text of its result; `None` when it gave none (an empty body).
    Value(Option<Bytes>),
    /// It failed, or was ended.
    Failure(Failure),
    /// The platform failed it: the engine or the host gave up. For the server's log; callers get a general error.
    Broken(RuntimeError),
}

/// The lambda's own failure, as callers see it (HTTP 901).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Failure {
    /// Stable code, see [`lambkin_abi::error_code`].
    pub error_code: String,
    /// Always text; JSON text when the lambda's value was not a string.
    pub error_msg: String,
    /// The JavaScript stack of an error that brought one, with the author's lines.
    #[serde(default)]
    pub stack: Option<String>,
    /// Set when the host ended the run.
    #[serde(skip)]
    pub kill: Option<Kill>,
}

/// What one invocation used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Usage {
    /// Microseconds to get a fresh instance.
    pub thaw_us: u64,
    /// Microseconds from the call to the reply, waiting included.
    pub run_us: u64,
    /// Microseconds the instance was actually executing.
    pub cpu_us: u64,
    /// Microseconds of `run_us` that were waited while calls to the outside were open.
    pub egress_us: u64,
    /// Fuel burned; 0 where the runtime is not metered. Identical for identical calls.
    pub fuel: u64,
    /// Largest size of the linear memory, in bytes.
    pub memory: u64,
    /// Calls from the lambda to the host.
    pub host_calls: u64,
    /// Bytes of log text.
    pub log_bytes: u64,
    /// Bytes of the result.
    pub output_bytes: u64,
}

/// What a caller gets.
#[derive(Debug)]
pub struct Answer {
    /// How the lambda answered.
    pub outcome: Outcome,
    /// What it had logged by then.
    pub logs: LogBook,
    /// What it had used by then; `cpu_us` is 0 when it answered before it let go of the processor.
    pub usage: Usage,
}

/// An answered invocation.
#[derive(Debug)]
pub struct Reply {
    /// How the lambda answered.
    pub outcome: Outcome,
    /// What it had logged by then.
    pub logs: LogBook,
    /// What it had used by then.
    pub usage: Usage,
    /// What is left to do once the caller has the answer.
    pub rest: Rest,
}

/// An invocation after its reply: the lambda's remaining work, its final log, its memory.
#[must_use = "the rest of an invocation is finished off the reply path, or dropped to cut it short"]
pub struct Rest {
    running: Running,
    usage: Usage,
    ending: Ending,
    /// The event loop is not empty yet.
    alive: bool,
    /// The engine stopped before it had said so by itself: it is not to be called again.
    broken: bool,
}

/// How an invocation answered, for those who count: which of the outcomes, without what was said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// It succeeded.
    Value,
    /// It failed by itself or went over a limit that is not one of time. Its error code.
    Failure(String),
    /// It was ended because its time or its CPU budget was over.
    TimedOut,
    /// The platform failed it.
    Broken,
}

impl Ending {
    /// The ending that an outcome is.
    pub fn of(outcome: &Outcome) -> Self {
        match outcome {
            Outcome::Value(_) => Self::Value,
            Outcome::Broken(_) => Self::Broken,
            Outcome::Failure(Failure { kill: Some(kill), .. })
                if matches!(kill.limit, LimitKind::Wall | LimitKind::Fuel) =>
            {
                Self::TimedOut
            }
            Outcome::Failure(failure) => Self::Failure(failure.error_code.clone()),
        }
    }
}

/// What there is to record about an invocation.
#[derive(Debug)]
pub struct Finished {
    /// How it answered.
    pub ending: Ending,
    /// Everything it logged.
    pub logs: LogBook,
    /// Everything it used.
    pub usage: Usage,
    /// Set when the host ended it, before or after the reply.
    pub kill: Option<Kill>,
    /// Pages of memory that had to be restored: those the invocation, or an earlier one in its slot, wrote.
    pub dirty_pages: u64,
    /// Microseconds to restore the memory and free the rest.
    pub drop_us: u64,
}

impl std::fmt::Debug for Rest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rest").field("usage", &self.usage).field("alive", &self.alive).finish_non_exhaustive()
    }
}

impl Outcome {
    /// Reads an answer the engine left; `None` for one that is too long or is none.
    pub(crate) fn read(status: Status, text: &[u8], limit: usize) -> Option<Self> {
        match status {
            _ if text.len() > limit => None,
            Status::Done if text.is_empty() => Some(Self::Value(None)),
            Status::Done => Some(Self::Value(Some(Bytes::copy_from_slice(text)))),
            Status::Failed => serde_json::from_slice(text).ok().map(Self::Failure),
            _ => None,
        }
    }
}

impl Instance {
    /// Gives the lambda a way out. Without one its calls fail, saying so.
    #[must_use]
    pub fn with_egress(mut self, egress: Arc<dyn Egress>) -> Self {
        self.running.store.data_mut().egress = Some(egress);
        self
    }

    /// Calls the lambda with `input`, an envelope that passed [`crate::Envelope::check`].
    ///
    /// Returns when the lambda has answered and lets go of the processor; what it still does afterwards is up to
    /// [`Rest::finish`]. Dropping the future ends the invocation; nothing of it survives.
    pub async fn invoke(self, input: Bytes) -> Reply {
        let answer = Arc::new(Mutex::new(None));
        let slot = Arc::clone(&answer);
        let rest = self.invoke_with(input, move |given| *slot.lock() = Some(given)).await;
        let given = answer.lock().take();
        let Answer { outcome, logs, usage } = given.unwrap_or_else(|| Answer {
            outcome: Outcome::Broken(RuntimeError::new(
                ErrorCode::Internal,
                "an invocation ended without an answer",
            )),
            logs: LogBook::default(),
            usage: Usage::default(),
        });
        Reply { outcome, logs, usage, rest }
    }

    /// The same, but hands the answer to `deliver` the moment it is decided, even while the lambda goes on computing.
    /// `deliver` runs on the thread the lambda runs on and must not block; it is called exactly once unless the
    /// future is dropped.
    pub async fn invoke_with(self, input: Bytes, deliver: impl FnOnce(Answer) + Send + 'static) -> Rest {
        let Self { mut running } = self;
        running.begun = running.begun.saturating_add(1);
        let guest = running.store.data_mut();
        guest.start();
        guest.deliver = Some(Box::new(deliver));
        let (outcome, alive, broken) = match settle(&mut running, &input).await {
            Ok((outcome, alive)) => (outcome, alive, false),
            Err(stopped) => (failed(&mut running, stopped), false, true),
        };
        drop(input);

        let fuel = running.fuel();
        let cpu_us = micros(running.cpu);
        let guest = running.store.data_mut();
        let usage = Usage { fuel, cpu_us, ..guest.usage(&outcome) };
        let ending = Ending::of(&outcome);
        if let Some(deliver) = guest.deliver.take() {
            deliver(Answer { outcome, logs: guest.logs.clone(), usage });
        }
        Rest { running, usage, ending, alive, broken }
    }
}

impl Rest {
    /// Runs what the lambda left in its event loop, within its limits, then gives its memory back.
    pub async fn finish(mut self) -> Finished {
        self.run_out().await;
        self.end()
    }

    /// The same, but keeps the instance for another invocation if it is fit for one: only after a success, with an
    /// empty event loop, no limit reached and no error that nobody handled.
    pub async fn finish_and_keep(mut self) -> (Finished, Option<Kept>) {
        let is_idle = self.run_out().await;
        let usage = self.usage();
        if !is_idle || self.ending != Ending::Value || !self.running.renew().await {
            return (self.end(), None);
        }
        let logs = std::mem::take(&mut self.running.store.data_mut().logs);
        let finished = Finished { ending: self.ending, logs, usage, kill: None, dirty_pages: 0, drop_us: 0 };
        (finished, Some(Kept::new(self.running)))
    }

    /// Runs the event loop to its end; whether it came there by itself.
    async fn run_out(&mut self) -> bool {
        let running = &mut self.running;
        let mut is_idle = !self.alive && !self.broken;
        while self.alive {
            self.alive = match running.status(|code| &code.resume, ()).await {
                Ok(Status::Waiting) => wait(running).await.is_ok(),
                Ok(Status::Done | Status::Failed) => true,
                Ok(Status::Interrupted) => {
                    note_stack(running);
                    false
                }
                Ok(Status::Idle) => {
                    is_idle = true;
                    false
                }
                Ok(Status::Refused) | Err(Stopped::Killed) => false,
                Err(Stopped::Broken(why)) => {
                    tracing::error!(%why, "the engine stopped after the reply");
                    false
                }
            };
            if !self.alive
                && let Some(kill) = running.store.data().kill.clone()
            {
                log_kill(running.store.data_mut(), &kill);
            }
        }
        is_idle
    }

    /// What was used, the run after the reply included.
    fn usage(&self) -> Usage {
        let Self { running, usage, .. } = self;
        Usage {
            cpu_us: micros(running.cpu),
            fuel: running.fuel(),
            thaw_us: usage.thaw_us,
            run_us: usage.run_us,
            output_bytes: usage.output_bytes,
            ..running.store.data().usage(&Outcome::Value(None))
        }
    }

    /// Gives the memory back.
    fn end(self) -> Finished {
        let usage = self.usage();
        let Self { running, ending, .. } = self;
        let started = Instant::now();
        // Takes the log and the report out, then drops store and memory.
        let guest = running.end();
        Finished {
            ending,
            logs: guest.logs,
            usage,
            kill: guest.kill,
            dirty_pages: last_reset().dirty_pages as u64,
            drop_us: micros(started.elapsed()),
        }
    }
}

/// Runs the event loop until the lambda has answered; whether there is more to run comes with it.
async fn settle(running: &mut Running, input: &[u8]) -> Result<(Outcome, bool), Stopped> {
    let seed: u64 = rand::random();
    let mut turn = match running.inbox(input).await {
        Ok(_) => running.status(|code| &code.invoke, (input.len() as u32, seed)).await,
        Err(stopped) => Err(stopped),
    };
    loop {
        turn = match turn {
            Ok(Status::Waiting) => match wait(running).await {
                Ok(()) => running.status(|code| &code.resume, ()).await,
                Err(stopped) => Err(stopped),
            },
            Ok(status) => return answer(running, status),
            Err(stopped) => return Err(stopped),
        }
    }
}

/// Reads the lambda's answer out of the engine.
fn answer(running: &mut Running, status: Status) -> Result<(Outcome, bool), Stopped> {
    if status == Status::Interrupted {
        note_stack(running);
        return Err(Stopped::Killed);
    }
    let limit = running.store.data().limits.output;
    let (outbox, text) = running.outbox()?;
    let (len, alive) = (text.len() as u64, outbox.wait_us != 0);
    if let Some(settled) = &running.store.data().settled {
        return Ok((settled.clone(), alive));
    }
    match Outcome::read(status, text, limit) {
        Some(Outcome::Failure(failure)) if running.store.data_mut().starved(&failure.error_msg) => {
            Err(Stopped::Killed)
        }
        Some(outcome) => Ok((outcome, alive)),
        None if len > limit as u64 => {
            running.store.data_mut().ended_by(LimitKind::Output, limit as u64, len);
            Err(Stopped::Killed)
        }
        None => Err(Stopped::Broken(format!("the engine's answer ({status:?}, {len} bytes) cannot be read"))),
    }
}

/// Waits until the engine's next timer is due or an operation has ended. No frame of the guest is on any stack
/// meanwhile.
async fn wait(running: &mut Running) -> Result<(), Stopped> {
    let (outbox, _) = running.outbox()?;
    let guest = running.store.data_mut();
    let deadline = guest.deadline;
    let due = match outbox.wait_us {
        0 => Instant::now(),
        Outbox::NO_TIMER => deadline,
        us => Instant::now() + Duration::from_micros(us.into()),
    };
    match guest.operations.as_deref_mut().filter(|operations| operations.are_open()) {
        Some(operations) if outbox.wait_us == 0 => {
            operations.get_on().await;
            // Whoever shares the thread gets a turn, connections of these very operations among them.
            tokio::task::yield_now().await;
        }
        Some(operations) => {
            let began = Instant::now();
            let arrived = tokio::time::timeout_at(due.min(deadline).into(), operations.arrive()).await;
            guest.outside += began.elapsed();
            if arrived.is_ok() {
                return Ok(());
            }
        }
        None => tokio::time::sleep_until(due.min(deadline).into()).await,
    }
    if due < deadline {
        return Ok(());
    }
    let guest = running.store.data_mut();
    let (value, used) = (micros(guest.limits.wall) / 1_000, micros(guest.elapsed()) / 1_000);
    guest.ended_by(LimitKind::Wall, value, used);
    Err(Stopped::Killed)
}

/// Keeps the JS stack the interrupted engine left in its outbox.
fn note_stack(running: &mut Running) {
    let stack = match running.outbox() {
        Ok((_, text)) => shortened(String::from_utf8_lossy(text).trim_end().to_owned()),
        Err(_) => return,
    };
    if let Some(kill) = &mut running.store.data_mut().kill
        && !stack.is_empty()
    {
        kill.js_stack = Some(stack);
    }
}

/// The outcome of a run that was ended.
fn failed(running: &mut Running, stopped: Stopped) -> Outcome {
    let guest = running.store.data_mut();
    // The first call of the callback wins, whatever happened to the lambda afterwards.
    if let Some(settled) = guest.settled.clone() {
        match (&guest.kill, &stopped) {
            (Some(kill), _) => log_kill(guest, &kill.clone()),
            (None, why) => tracing::error!(?why, "the engine stopped after the answer"),
        }
        return settled;
    }
    match (guest.kill.clone(), stopped) {
        (Some(kill), Stopped::Killed) => {
            log_kill(guest, &kill);
            let mut error_msg = format!("The lambda was stopped: {}.", kill.sentence());
            if let Some(stack) = &kill.js_stack {
                error_msg.push('\n');
                error_msg.push_str(stack);
            }
            Outcome::Failure(Failure {
                error_code: kill.error_code().to_owned(),
                error_msg,
                stack: None,
                kill: Some(kill),
            })
        }
        (_, Stopped::Broken(why)) => Outcome::Broken(RuntimeError::new(ErrorCode::Internal, why)),
        (None, Stopped::Killed) => {
            Outcome::Broken(RuntimeError::new(ErrorCode::Internal, "the run was ended without a reason"))
        }
    }
}

/// Leaves the report of a kill in the lambda's own log.
fn log_kill(guest: &mut Guest, kill: &Kill) {
    let said = format!("The lambda was stopped: {}.", kill.sentence());
    let mut entry = LogEntry::platform(Level::Error, &said, guest.now());
    if let Ok(extras) = serde_json::value::to_raw_value(&[kill]) {
        entry.extras = extras;
    }
    // Past the cap on log text too: it is the one line that explains the end.
    guest.logs.push(entry);
}
