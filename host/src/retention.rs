//! How long what is remembered of invocations stays: so many days, within so many bytes, and no longer than the lambda.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use uuid::Uuid;

use crate::{
    counters::Counters,
    journal::Journal,
    lambda::now_ms,
    ledger::Ledger,
    ticker::{Stop, Ticker},
};

const DAY_MS: u64 = 24 * 60 * 60 * 1_000;

/// How often old lines are looked for.
const SWEEP: Duration = Duration::from_secs(60 * 60);

/// How often the space is looked at.
const LOOK: Duration = Duration::from_secs(1);

/// Removes what is too old or too much.
#[derive(Debug)]
pub(crate) struct Retention {
    pub(crate) journal: Arc<Journal>,
    pub(crate) counters: Arc<Counters>,
    pub(crate) ledger: Arc<Ledger>,
    /// Days that lines and counts are kept.
    pub(crate) days: u64,
}

impl Retention {
    /// Sweeps at once and every hour, and makes room when it is needed.
    pub(crate) fn start(self) -> std::io::Result<Ticker> {
        let mut swept: Option<Instant> = None;
        Ticker::start("retention", LOOK, move |stop| {
            // With many files this takes long; a server that stops leaves it to the next one.
            if stop.is_asked() {
                return;
            }
            if swept.is_none_or(|at| at.elapsed() >= SWEEP) {
                self.sweep(now_ms(), stop);
                swept = Some(Instant::now());
            }
            if let Err(error) = self.journal.make_room() {
                tracing::warn!(%error, "old logs could not be removed to make room");
            }
        })
    }

    /// Removes what is too old at `now`, and what belongs to lambdas that are gone.
    fn sweep(&self, now: u64, stop: &Stop) {
        let oldest = now.saturating_sub(self.days.saturating_mul(DAY_MS));
        // What cannot be read is kept: a damaged record is no proof that a lambda is gone.
        let wanted = |lambda: Uuid| self.ledger.exists(lambda).unwrap_or(true);
        let stopping = || stop.is_asked();
        let swept = self.journal.sweep(oldest, &wanted, &stopping).and_then(|()| self.journal.measure());
        if stopping() {
            return;
        }
        if let Err(error) = swept {
            tracing::warn!(%error, "old logs could not be removed");
        }
        if let Err(error) = self.counters.sweep(oldest) {
            tracing::warn!(%error, "old counts could not be removed");
        }
    }
}
