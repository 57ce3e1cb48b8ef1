//! How many invocations an account may start: so many a second, and, where the operator wants it, so many a month.
//!
//! A token bucket per account, found without a lock and kept in one atomic: the time at which the bucket is full again.
//! An account may save up for one second. The crates that offer this bring keyed maps and clocks of their own along
//! for what is one line here.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use crate::{counters::Counters, lambda::now_ms, snapshot::Snapshot};

/// What the operator allows every account.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Allowance {
    /// Invocations a second.
    pub(crate) per_second: usize,
    /// Invocations a month, where that is enforced.
    pub(crate) per_month: Option<usize>,
}

/// Why an account may not invoke now.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Spent {
    #[error("this account has started {limit} invocations within a second, which is its limit")]
    Second { limit: usize, wait: Duration },
    #[error("this account has used up its {limit} invocations of this month")]
    Month { limit: usize },
}

/// The buckets of all accounts.
#[derive(Debug)]
pub(crate) struct Rates {
    allowance: Allowance,
    accounts: Snapshot<Arc<str>, Bucket>,
    counters: Arc<Counters>,
    /// Times in the buckets count from here.
    start: Instant,
}

impl Rates {
    pub(crate) fn new(allowance: Allowance, counters: Arc<Counters>) -> Self {
        Self { allowance, accounts: Snapshot::new(), counters, start: Instant::now() }
    }

    /// Takes so many invocations out of an account's bucket, all or none of them.
    pub(crate) fn take(&self, account: &str, invocations: usize) -> Result<(), Spent> {
        if let Some(limit) = self.allowance.per_month
            && self.counters.used_this_month(account, now_ms()) >= limit as u64
        {
            return Err(Spent::Month { limit });
        }
        let now = self.start.elapsed();
        let known = self
            .accounts
            .with(account, |bucket| bucket.map(|bucket| self.take_from(bucket, invocations, now)));
        known.unwrap_or_else(|| {
            let bucket = self.accounts.get_or_insert(account, |account| account.into(), Bucket::default);
            self.take_from(&bucket, invocations, now)
        })
    }

    fn take_from(&self, bucket: &Bucket, invocations: usize, now: Duration) -> Result<(), Spent> {
        let limit = self.allowance.per_second;
        // More at once than a full bucket holds can never be had; a full bucket is what it costs.
        let cost = match limit {
            0 => u64::MAX,
            limit => SECOND.saturating_mul(invocations.min(limit) as u64) / limit as u64,
        };
        bucket
            .take(u64::try_from(now.as_nanos()).unwrap_or(u64::MAX), cost)
            .map_err(|wait| Spent::Second { limit, wait: Duration::from_nanos(wait) })
    }
}

/// In nanoseconds: what a bucket holds.
pub(crate) const SECOND: u64 = 1_000_000_000;

/// When the bucket is full again, in nanoseconds.
#[derive(Debug, Default)]
pub(crate) struct Bucket(AtomicU64);

impl Bucket {
    /// Takes what takes `cost` nanoseconds to fill in again; how long to wait for it, otherwise.
    pub(crate) fn take(&self, now: u64, cost: u64) -> Result<(), u64> {
        let after = |full: u64| full.max(now).saturating_add(cost);
        let room = now.saturating_add(SECOND);
        let take = |full: u64| Some(after(full)).filter(|after| *after <= room);
        let taken = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take);
        taken.map(drop).map_err(|full| after(full) - room)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{invocation::Outcome, store::SledStore};

    fn rates(per_second: usize, per_month: Option<usize>) -> (tempfile::TempDir, Rates) {
        let dir = tempfile::tempdir().unwrap();
        let store = Arc::new(SledStore::open(&dir.path().join("database")).unwrap());
        let counters = Arc::new(Counters::open(store, now_ms()).unwrap());
        let allowance = Allowance { per_second, per_month };
        (dir, Rates::new(allowance, counters))
    }

    #[test]
    fn every_account_has_a_bucket_of_its_own() {
        let (_dir, rates) = rates(2, None);
        rates.take("a", 1).unwrap();
        rates.take("a", 1).unwrap();
        let Err(Spent::Second { limit: 2, wait }) = rates.take("a", 1) else { panic!("a third") };
        assert!(wait > Duration::ZERO && wait <= Duration::from_millis(500), "{wait:?}");
        rates.take("b", 2).unwrap();
        assert!(rates.take("b", 1).is_err());
        rates.take("c", 9).unwrap();
    }

    #[test]
    fn a_month_is_over_when_it_is_used_up() {
        let (_dir, rates) = rates(100, Some(2));
        let account: Arc<str> = "a".into();
        for _ in 0..2 {
            rates.take("a", 1).unwrap();
            rates.counters.count(&account, uuid::Uuid::from_u128(1), Outcome::Succeeded);
        }
        rates.counters.collect(now_ms()).unwrap();
        assert_eq!(rates.take("a", 1), Err(Spent::Month { limit: 2 }));
        rates.take("b", 1).unwrap();
    }
}
