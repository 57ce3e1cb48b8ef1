//! How often lambdas were invoked and how that ended: the numbers behind the reports and the metrics.
//!
//! An invocation adds one to an atomic of its lambda, after its reply. Once a second [`Counters::collect`] adds what
//! came together to the records of the current ten minutes and of the month, and puts those on the disk: a killed
//! process loses the last second, a server that is stopped nothing.

mod book;

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicU64, Ordering},
};

use parking_lot::Mutex;
use uuid::Uuid;

use self::book::Book;
pub(crate) use self::book::{Counts, Month};
use crate::{
    invocation::Outcome,
    snapshot::Snapshot,
    store::{Store, StoreError},
};

/// Outcomes of one lambda since they were last collected.
#[derive(Debug)]
struct Tally {
    account: Arc<str>,
    lambda: Uuid,
    counts: [AtomicU64; Outcome::ALL.len()],
    /// Is on the list of those to be collected.
    listed: AtomicBool,
}

/// All counters.
#[derive(Debug)]
pub(crate) struct Counters {
    tallies: Snapshot<Uuid, Tally>,
    /// Lambdas that were invoked since the last collection: a busy one comes here once a second.
    listed: Mutex<Vec<Arc<Tally>>>,
    /// Since the server started, for the metrics.
    since_start: [AtomicU64; Outcome::ALL.len()],
    /// Invocations of each account in its newest month, as of the last collection: (month, count) in one number.
    months: Snapshot<Arc<str>, AtomicU64>,
    book: Mutex<Book>,
}

impl Counters {
    /// Takes up the numbers of the current month.
    pub(crate) fn open(store: Arc<dyn Store>, now: u64) -> Result<Self, StoreError> {
        let counters = Self {
            tallies: Snapshot::new(),
            listed: Mutex::default(),
            since_start: Default::default(),
            months: Snapshot::new(),
            book: Mutex::new(Book::new(store)),
        };
        let current = Month::of(now);
        counters
            .book
            .lock()
            .each_month(current, |account, counts| counters.note_month(account, current, counts.total()))?;
        Ok(counters)
    }

    /// Counts an invocation. Never waits for the disk.
    pub(crate) fn count(&self, account: &Arc<str>, lambda: Uuid, outcome: Outcome) {
        let index = outcome as usize;
        self.since_start[index].fetch_add(1, Ordering::Relaxed);
        // Counted first and looked at the list second, while `collect` does it the other way round.
        let add = |tally: &Tally| {
            tally.counts[index].fetch_add(1, Ordering::SeqCst);
            tally.listed.load(Ordering::SeqCst)
        };
        let added = self.tallies.with(&lambda, |tally| tally.map(add));
        if added == Some(true) {
            return;
        }
        let fresh = || Tally {
            account: Arc::clone(account),
            lambda,
            counts: Default::default(),
            listed: AtomicBool::new(false),
        };
        let tally = self.tallies.get_or_insert(&lambda, |lambda| *lambda, fresh);
        if added.is_none() {
            add(&tally);
        }
        if !tally.listed.swap(true, Ordering::SeqCst) {
            self.listed.lock().push(tally);
        }
    }

    /// Adds what came together to the records and puts those on the disk. What the disk refuses is tried again.
    pub(crate) fn collect(&self, now: u64) -> Result<(), StoreError> {
        // The book first: whoever collects meanwhile finds nothing and returns when this is on the disk.
        let mut book = self.book.lock();
        let listed = std::mem::take(&mut *self.listed.lock());
        for tally in listed {
            tally.listed.store(false, Ordering::SeqCst);
            let counts = Counts(tally.counts.each_ref().map(|count| count.swap(0, Ordering::SeqCst)));
            let month = Month::of(now);
            let total = book.add(&tally.account, tally.lambda, now, counts)?;
            self.note_month(&tally.account, month, total);
        }
        book.save(now)
    }

    /// What was counted of a lambda between two times, in milliseconds since the epoch: each minute's start and its
    /// counts, oldest first.
    pub(crate) fn minutes(
        &self,
        lambda: Uuid,
        from: u64,
        to: u64,
        now: u64,
    ) -> Result<Vec<(u64, Counts)>, StoreError> {
        self.collect(now)?;
        self.book.lock().minutes(lambda, from, to)
    }

    /// What was counted of an account in the month of `now`.
    pub(crate) fn month(&self, account: &str, now: u64) -> Result<Counts, StoreError> {
        self.collect(now)?;
        self.book.lock().month(account, Month::of(now))
    }

    /// Invocations of an account in the month of `now`, as of the last second. From memory.
    pub(crate) fn used_this_month(&self, account: &str, now: u64) -> u64 {
        let month = u64::from(Month::of(now).number());
        let noted = self.months.with(account, |noted| noted.map_or(0, |noted| noted.load(Ordering::Relaxed)));
        if noted >> MONTH_SHIFT == month { noted & (u64::MAX >> (64 - MONTH_SHIFT)) } else { 0 }
    }

    /// Invocations since the server started.
    pub(crate) fn since_start(&self, outcome: Outcome) -> u64 {
        self.since_start[outcome as usize].load(Ordering::Relaxed)
    }

    /// Removes what was counted of a lambda that is gone. Its part of the month stays.
    pub(crate) fn forget(&self, lambda: Uuid, now: u64) -> Result<(), StoreError> {
        self.collect(now)?;
        self.tallies.remove(&lambda);
        self.book.lock().forget(lambda)
    }

    /// Removes what was counted before `oldest` (milliseconds since the epoch).
    pub(crate) fn sweep(&self, oldest: u64) -> Result<(), StoreError> {
        let store = self.book.lock().store();
        book::sweep(&*store, oldest)
    }

    fn note_month(&self, account: &str, month: Month, total: u64) {
        let noted = self.months.get_or_insert(account, |account| account.into(), AtomicU64::default);
        noted.store(u64::from(month.number()) << MONTH_SHIFT | total, Ordering::Relaxed);
    }
}

/// Bits of the count beside a month in one number.
const MONTH_SHIFT: u32 = 40;

#[cfg(test)]
#[path = "counters/tests.rs"]
mod tests;
