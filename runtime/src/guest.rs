//! What the host remembers about one instance while it runs: its limits, what it used, what it said.

use std::{
    borrow::Cow,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use lambkin_abi as abi;
use wasmtime::{Memory, ResourceLimiter, StoreContext};

use crate::{
    invoke::{Answer, Outcome, Usage},
    limits::{Kill, LimitKind, Limits},
    logs::{LogBook, LogEntry},
    operations::{Egress, Note, Operations},
};

/// Past the deadline, the interrupt handler gets this long to end the run with a JS stack before it is ended
/// without one. Native code that asks no handler (a sort, a large copy) takes the second way.
pub(crate) const GRACE: Duration = Duration::from_millis(250);

/// Past the fuel budget, likewise: the handler asks every ten thousand steps of the interpreter.
pub(crate) const GRACE_FUEL: u64 = 200_000_000;

/// Text a panicking engine may leave for the server's log.
const LAST_WORDS: usize = 2_048;

/// Characters a secret text has at least that is kept out of the log, and what the log shows instead.
const SHORTEST_MASK: usize = 4;
const MASKED: &str = "***";

/// Texts that an instance may keep out of its log, and their bytes, to serve another invocation. Those of an instance
/// that lives on only become more.
const MOST_MASKS: usize = 256;
const MASK_BYTES: usize = 64 << 10;

/// Bytes a log entry counts besides its text.
const ENTRY_COST: usize = 64;

/// Where the guest's clock and randomness come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum World {
    /// The engine's own start: every look at the clock finds it a millisecond later, because the engine warms its
    /// timers up. As reproducible as a freeze.
    Boot,
    /// A freeze: a fixed instant and a fixed sequence, so that builds are reproducible.
    Frozen,
    /// An invocation.
    Live,
}

/// The instant every top level sees: 2020-01-01T00:00:00Z, in milliseconds.
const FROZEN_NOW: u64 = 1_577_836_800_000;

/// What all instances of a runtime may grow by, beyond their images.
#[derive(Debug)]
pub(crate) struct Budget {
    total: usize,
    taken: AtomicUsize,
}

impl Budget {
    pub(crate) fn new(total: usize) -> Arc<Self> {
        Arc::new(Self { total, taken: AtomicUsize::new(0) })
    }
}

/// One instance's part of a budget, given back when it is dropped.
#[derive(Debug)]
struct Charge {
    budget: Arc<Budget>,
    taken: usize,
}

impl Charge {
    fn take(&mut self, bytes: usize) -> bool {
        let add = |taken: usize| taken.checked_add(bytes).filter(|sum| *sum <= self.budget.total);
        let took = self.budget.taken.fetch_update(Ordering::Relaxed, Ordering::Relaxed, add).is_ok();
        self.taken += if took { bytes } else { 0 };
        took
    }
}

impl Drop for Charge {
    fn drop(&mut self) {
        if self.taken > 0 {
            self.budget.taken.fetch_sub(self.taken, Ordering::Relaxed);
        }
    }
}

/// What to do with the answer the moment it is decided.
pub(crate) type Deliver = Box<dyn FnOnce(Answer) + Send>;

/// State of one instance.
pub(crate) struct Guest {
    pub(crate) limits: Limits,
    pub(crate) world: World,
    pub(crate) logs: LogBook,
    pub(crate) memory: Option<Memory>,
    /// Largest size of the memory so far, in bytes.
    pub(crate) memory_peak: usize,
    /// What the guest asked for in vain: the limit, its value, what it asked for.
    pub(crate) memory_refused: Option<(LimitKind, u64, u64)>,
    charge: Charge,
    pub(crate) host_calls: u64,
    /// The way out, where it was given one.
    pub(crate) egress: Option<Arc<dyn Egress>>,
    /// What it asked for there; made for the first operation.
    pub(crate) operations: Option<Box<Operations>>,
    /// Time that was waited while operations were open.
    pub(crate) outside: Duration,
    /// Texts that the log does not show, as they stand in JSON.
    masks: Vec<String>,
    /// The lambda's answer, once it is decided; nothing after that changes it.
    pub(crate) settled: Option<Outcome>,
    /// Who waits for it.
    pub(crate) deliver: Option<Deliver>,
    /// Where the engine leaves its answers; `None` until it has booted.
    pub(crate) outbox: Option<u32>,
    /// Microseconds it took to make the instance.
    pub(crate) thaw_us: u64,
    /// Set once a limit is spent; the first one counts.
    pub(crate) kill: Option<Kill>,
    /// What a top level did that the build report should mention.
    pub(crate) warnings: Vec<abi::Warning>,
    /// What the engine wrote to its standard error before it stopped.
    pub(crate) last_words: String,
    pub(crate) deadline: Instant,
    /// Log text was refused: said once.
    log_full: bool,
    started: Instant,
    started_unix: Duration,
    random: u64,
}

impl std::fmt::Debug for Guest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Guest").field("world", &self.world).field("kill", &self.kill).finish_non_exhaustive()
    }
}

impl Guest {
    pub(crate) fn new(limits: Limits, world: World, budget: &Arc<Budget>) -> Self {
        let started = Instant::now();
        Self {
            world,
            logs: LogBook::default(),
            memory: None,
            memory_peak: 0,
            memory_refused: None,
            charge: Charge { budget: Arc::clone(budget), taken: 0 },
            host_calls: 0,
            egress: None,
            operations: None,
            outside: Duration::ZERO,
            masks: Vec::new(),
            settled: None,
            deliver: None,
            outbox: None,
            thaw_us: 0,
            kill: None,
            warnings: Vec::new(),
            last_words: String::new(),
            deadline: started + limits.wall,
            log_full: false,
            started,
            started_unix: SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default(),
            random: 0,
            limits,
        }
    }

    /// A new invocation of the same instance, whose memory has this size. What it grew by stays charged, and what
    /// the lambda may still know stays out of the log.
    pub(crate) fn again(&mut self, limits: Limits, memory: usize) {
        let fresh = Self::new(limits, self.world, &self.charge.budget);
        let before = std::mem::replace(self, fresh);
        self.memory = before.memory;
        self.memory_peak = memory;
        self.outbox = before.outbox;
        self.charge = before.charge;
        self.masks = before.masks;
    }

    /// Starts the wall clock.
    pub(crate) fn start(&mut self) {
        self.started = Instant::now();
        self.started_unix = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        self.deadline = self.started + self.limits.wall;
    }

    /// Time since the wall clock was started.
    pub(crate) fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    /// Time since the Unix epoch as the guest sees it: never goes back within an invocation.
    pub(crate) fn now(&self) -> Duration {
        match self.world {
            World::Boot => Duration::from_millis(FROZEN_NOW + self.host_calls),
            World::Frozen => Duration::from_millis(FROZEN_NOW),
            World::Live => self.started_unix + self.started.elapsed(),
        }
    }

    /// Fills `bytes` with randomness: the system's, or a fixed sequence while freezing.
    pub(crate) fn fill_random(&mut self, bytes: &mut [u8]) -> bool {
        match self.world {
            World::Live => {
                let wanted = bytes.len();
                rustix::rand::getrandom(bytes, rustix::rand::GetRandomFlags::empty())
                    .is_ok_and(|got| got == wanted)
            }
            World::Boot | World::Frozen => {
                for byte in bytes {
                    self.random = self.random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                    *byte = (self.random >> 56) as u8;
                }
                true
            }
        }
    }

    /// Counts a call from the guest; false when it was one too many.
    pub(crate) fn count_call(&mut self) -> bool {
        self.host_calls += 1;
        if self.host_calls > self.limits.host_calls {
            self.ended_by(LimitKind::HostCalls, self.limits.host_calls, self.host_calls);
            return false;
        }
        true
    }

    /// Notes the limit that ends the run. The first one counts.
    pub(crate) fn ended_by(&mut self, limit: LimitKind, value: u64, used: u64) {
        self.kill.get_or_insert(Kill { limit, value, used, js_stack: None });
    }

    /// Whether a failure is really the memory cap's: the interpreter reports a refused allocation as an error of
    /// the lambda's own. Notes the limit if so.
    pub(crate) fn starved(&mut self, message: &str) -> bool {
        match self.memory_refused {
            Some((limit, value, asked)) if Self::is_starvation(message) => {
                self.ended_by(limit, value, asked);
                true
            }
            _ => false,
        }
    }

    /// Whether an error's text is the interpreter's for a refused allocation. Where there is no room for an error
    /// object either, it throws `null`.
    pub(crate) fn is_starvation(message: &str) -> bool {
        message.contains("out of memory") || message == "null"
    }

    /// What was used so far; fuel is the store's to say.
    pub(crate) fn usage(&self, outcome: &Outcome) -> Usage {
        Usage {
            thaw_us: self.thaw_us,
            run_us: micros(self.elapsed()),
            cpu_us: 0,
            egress_us: micros(self.outside),
            fuel: 0,
            memory: self.memory_peak as u64,
            host_calls: self.host_calls,
            log_bytes: self.logs.bytes() as u64,
            output_bytes: match outcome {
                Outcome::Value(Some(json)) => json.len() as u64,
                _ => 0,
            },
        }
    }

    /// Puts what the host has to say about an operation into the log. It may quote what a server answered.
    pub(crate) fn note(&mut self, note: &Note) {
        if self.has_log_room(note.text.len()) {
            let text = self.masked(note.text.as_bytes());
            let entry = LogEntry::platform(note.level, &text, self.now());
            self.logs.push(entry);
        }
    }

    /// Whether what the log does not show is little enough to be looked for in another invocation's log too.
    pub(crate) fn has_few_masks(&self) -> bool {
        let bytes: usize = self.masks.iter().map(String::len).sum();
        self.masks.len() <= MOST_MASKS && bytes <= MASK_BYTES
    }

    /// Bytes its memory has grown by.
    pub(crate) fn grown(&self) -> usize {
        self.charge.taken
    }

    /// Keeps texts out of the log from now on.
    pub(crate) fn mask(&mut self, texts: Vec<String>) {
        for text in texts {
            // As it stands within quotes; short ones would hide what has nothing to do with them.
            let quoted = serde_json::to_string(&text).unwrap_or_default();
            let inner = quoted.trim_start_matches('"').strip_suffix('"').unwrap_or_default();
            if text.chars().count() >= SHORTEST_MASK && !self.masks.iter().any(|known| known == inner) {
                self.masks.push(inner.to_owned());
            }
        }
        // One may be part of another.
        self.masks.sort_by_key(|mask| std::cmp::Reverse(mask.len()));
    }

    /// JSON of the guest's with what is not to be shown hidden.
    pub(crate) fn masked<'a>(&self, json: &'a [u8]) -> Cow<'a, str> {
        let mut text = String::from_utf8_lossy(json);
        for mask in &self.masks {
            if text.contains(mask.as_str()) {
                text = text.replace(mask.as_str(), MASKED).into();
            }
        }
        text
    }

    /// Whether an entry of so many bytes of text fits the log; if not, the log says so, once.
    pub(crate) fn has_log_room(&mut self, text: usize) -> bool {
        // An entry costs memory of its own, or empty ones would be free.
        let taken = self.logs.bytes() + ENTRY_COST * self.logs.all().len();
        if taken + ENTRY_COST + text <= self.limits.log_bytes {
            return true;
        }
        if !self.log_full {
            self.log_full = true;
            let said = format!(
                "the log is full: one invocation may log {} bytes; what follows was not kept",
                self.limits.log_bytes
            );
            self.logs.push(LogEntry::platform(crate::logs::Level::Error, &said, self.now()));
        }
        false
    }

    /// Keeps what the engine says on its standard error.
    pub(crate) fn hear(&mut self, text: &str) {
        let room = LAST_WORDS.saturating_sub(self.last_words.len());
        self.last_words.extend(text.chars().take(room));
    }
}

impl ResourceLimiter for Guest {
    fn memory_growing(&mut self, current: usize, desired: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        // The initial size is the image's, which is not the guest's doing.
        if current == 0 {
            return Ok(true);
        }
        if desired > self.limits.memory {
            self.memory_refused = Some((LimitKind::Memory, self.limits.memory as u64, desired as u64));
            return Ok(false);
        }
        let more = desired - current;
        if !self.charge.take(more) {
            self.memory_refused =
                Some((LimitKind::ServerMemory, self.charge.budget.total as u64, more as u64));
            return Ok(false);
        }
        self.memory_peak = self.memory_peak.max(desired);
        Ok(true)
    }

    fn table_growing(&mut self, current: usize, _: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        // Only the engine's own table exists, and it never grows.
        Ok(current == 0)
    }
}

/// Whole microseconds, as usage is reported.
pub(crate) fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

/// Fuel burned so far out of `budget`; `None` where the engine is not metered.
pub(crate) fn fuel_used(store: &StoreContext<'_, Guest>, budget: u64) -> Option<u64> {
    store.get_fuel().ok().map(|left| budget.saturating_add(GRACE_FUEL).saturating_sub(left))
}

impl LogEntry {
    /// An entry in which the platform itself speaks.
    pub(crate) fn platform(level: crate::logs::Level, said: &str, now: Duration) -> Self {
        use serde_json::value::{RawValue, to_raw_value};
        let null = || RawValue::NULL.to_owned();
        Self {
            level,
            message: to_raw_value(said).unwrap_or_else(|_| null()),
            extras: to_raw_value::<[(); 0]>(&[]).unwrap_or_else(|_| null()),
            timestamp: u64::try_from(now.as_millis()).unwrap_or(u64::MAX),
        }
    }
}
