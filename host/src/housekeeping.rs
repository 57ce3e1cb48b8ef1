//! What is done by the clock: counts of secret reads go to the disk, activities that are too old go away, and so do
//! instances that wait for work no more.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use crate::{activity::KEPT_DAYS, host::Host, lambda::now_ms};

const COUNTS: Duration = Duration::from_secs(10);
const SWEEP: Duration = Duration::from_secs(60 * 60);
const DAY_MS: u64 = 24 * 60 * 60 * 1_000;

/// Works until the server ends.
pub(crate) async fn run(host: Arc<Host>) {
    let mut swept: Option<Instant> = None;
    let mut ticks = tokio::time::interval(COUNTS);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let sweep = swept.is_none_or(|at| at.elapsed() >= SWEEP);
        if sweep {
            swept = Some(Instant::now());
        }
        let host = Arc::clone(&host);
        let done = tokio::task::spawn_blocking(move || {
            host.warm.sweep();
            host.secrets.write_counts()?;
            if sweep {
                let forgotten = host.ledger.forget_activities(now_ms().saturating_sub(KEPT_DAYS * DAY_MS))?;
                tracing::debug!(forgotten, "old activities are forgotten");
            }
            Ok::<(), crate::store::StoreError>(())
        });
        match done.await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::error!(%error, "the housekeeping of the storage failed"),
            Err(panic) => tracing::error!(%panic, "the housekeeping of the storage broke off"),
        }
    }
}
