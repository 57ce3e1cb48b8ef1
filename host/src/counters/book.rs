//! The counts on the disk: of each lambda by the minute, ten minutes to a record, and of each account by the month.

use std::{collections::HashMap, sync::Arc};

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{
    invocation::Outcome,
    store::{Batch, Key, Shelf, Store, StoreError, read, visit},
};

const MINUTE_MS: u64 = 60_000;

/// Minutes that share a record: a busy lambda's is written once a second, so it has to be small.
const BLOCK: u64 = 10;

/// Records removed by one batch of a sweep.
const SWEPT: usize = 1_000;

/// How often each outcome came, in the order of [`Outcome::ALL`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Counts(pub(crate) [u64; Outcome::ALL.len()]);

impl Counts {
    pub(crate) fn of(&self, outcome: Outcome) -> u64 {
        self.0[outcome as usize]
    }

    pub(crate) fn total(&self) -> u64 {
        self.0.iter().sum()
    }

    pub(crate) fn add(&mut self, more: &Self) {
        self.0.iter_mut().zip(more.0).for_each(|(count, more)| *count = count.saturating_add(more));
    }
}

/// A calendar month, UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Month(u32);

impl Month {
    /// The month of a time in milliseconds since the epoch.
    pub(crate) fn of(now: u64) -> Self {
        let seconds = i64::try_from(now / 1_000).unwrap_or(i64::MAX);
        let date = OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH);
        Self(date.year().unsigned_abs() * 12 + u32::from(u8::from(date.month())) - 1)
    }

    /// Months since the year 0.
    pub(crate) fn number(self) -> u32 {
        self.0
    }
}

/// Ten minutes of one lambda. Only minutes in which something happened are there.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Block {
    /// Minutes since the epoch, and what happened.
    minutes: Vec<(u64, Counts)>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct AccountMonth {
    account: String,
    counts: Counts,
}

/// A record in memory that the disk may not have yet.
#[derive(Debug)]
struct Page<T> {
    record: T,
    is_saved: bool,
}

/// The records that are being added to.
pub(super) struct Book {
    store: Arc<dyn Store>,
    blocks: HashMap<(Uuid, u64), Page<Block>>,
    months: HashMap<(Arc<str>, Month), Page<AccountMonth>>,
}

impl std::fmt::Debug for Book {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Book").finish_non_exhaustive()
    }
}

impl Book {
    pub(super) fn new(store: Arc<dyn Store>) -> Self {
        Self { store, blocks: HashMap::new(), months: HashMap::new() }
    }

    pub(super) fn store(&self) -> Arc<dyn Store> {
        Arc::clone(&self.store)
    }

    /// Adds counts; the account's total of this month then.
    pub(super) fn add(
        &mut self,
        account: &Arc<str>,
        lambda: Uuid,
        now: u64,
        counts: Counts,
    ) -> Result<u64, StoreError> {
        let minute = now / MINUTE_MS;
        let page = page(&mut self.blocks, (lambda, minute / BLOCK), || {
            Ok(read(&*self.store, &block_key(lambda, minute / BLOCK))?.unwrap_or_default())
        })?;
        match page.record.minutes.iter_mut().find(|(there, _)| *there == minute) {
            Some((_, there)) => there.add(&counts),
            None => page.record.minutes.push((minute, counts)),
        }
        let month = Month::of(now);
        let page = page_of_month(&mut self.months, &*self.store, account, month)?;
        page.record.counts.add(&counts);
        Ok(page.record.counts.total())
    }

    /// Writes what the disk does not have. Blocks.
    pub(super) fn save(&mut self, now: u64) -> Result<(), StoreError> {
        let mut batch = Batch::default();
        let mut is_empty = true;
        for ((lambda, block), page) in self.blocks.iter().filter(|(_, page)| !page.is_saved) {
            batch.put(block_key(*lambda, *block), &page.record)?;
            is_empty = false;
        }
        for ((account, month), page) in self.months.iter().filter(|(_, page)| !page.is_saved) {
            batch.put(month_key(*month, account), &page.record)?;
            is_empty = false;
        }
        if !is_empty {
            self.store.apply(batch)?;
            self.store.flush()?;
        }
        let (current, month) = (now / MINUTE_MS / BLOCK, Month::of(now));
        self.blocks.retain(|(_, block), page| {
            page.is_saved = true;
            *block == current
        });
        self.months.retain(|(_, at), page| {
            page.is_saved = true;
            *at == month
        });
        Ok(())
    }

    pub(super) fn minutes(&self, lambda: Uuid, from: u64, to: u64) -> Result<Vec<(u64, Counts)>, StoreError> {
        let mut found = Vec::new();
        visit(&*self.store, &Key::new(Shelf::Counter, &[b"l", lambda.as_bytes()]), |block: Block| {
            let times = block.minutes.into_iter().map(|(minute, counts)| (minute * MINUTE_MS, counts));
            found.extend(times.filter(|(at, _)| (from..to).contains(at)));
            Ok(())
        })?;
        found.sort_by_key(|(at, _)| *at);
        Ok(found)
    }

    pub(super) fn month(&self, account: &str, month: Month) -> Result<Counts, StoreError> {
        let record: Option<AccountMonth> = read(&*self.store, &month_key(month, account))?;
        Ok(record.map_or_else(Counts::default, |record| record.counts))
    }

    pub(super) fn each_month(
        &self,
        month: Month,
        mut each: impl FnMut(&str, &Counts),
    ) -> Result<(), StoreError> {
        let prefix = Key::new(Shelf::Counter, &[b"m", &month.0.to_be_bytes()]);
        visit(&*self.store, &prefix, |record: AccountMonth| {
            each(&record.account, &record.counts);
            Ok(())
        })
    }

    pub(super) fn forget(&mut self, lambda: Uuid) -> Result<(), StoreError> {
        self.blocks.retain(|(there, _), _| *there != lambda);
        let mut batch = Batch::default();
        let mut is_empty = true;
        self.store.scan(&Key::new(Shelf::Counter, &[b"l", lambda.as_bytes()]), &mut |key, _| {
            batch.remove(Key::new(Shelf::Counter, &[&key[1..]]));
            is_empty = false;
            Ok(())
        })?;
        if is_empty { Ok(()) } else { self.store.apply(batch) }
    }
}

/// Removes the blocks that end before `oldest`. Not a method of the book: it takes long, and counting goes on.
pub(super) fn sweep(store: &dyn Store, oldest: u64) -> Result<(), StoreError> {
    let first = (oldest / MINUTE_MS / BLOCK).to_be_bytes();
    let mut old = Vec::new();
    store.scan(&Key::new(Shelf::Counter, &[b"l"]), &mut |key, _| {
        // Shelf, kind, lambda, block.
        if key.get(18..).is_some_and(|block| block < &first[..]) {
            old.push(Key::new(Shelf::Counter, &[&key[1..]]));
        }
        Ok(())
    })?;
    while !old.is_empty() {
        let mut batch = Batch::default();
        old.drain(..old.len().min(SWEPT)).for_each(|key| batch.remove(key));
        store.apply(batch)?;
    }
    Ok(())
}

/// A page to be added to.
fn page<K: std::hash::Hash + Eq, T>(
    pages: &mut HashMap<K, Page<T>>,
    key: K,
    read: impl FnOnce() -> Result<T, StoreError>,
) -> Result<&mut Page<T>, StoreError> {
    use std::collections::hash_map::Entry;
    let page = match pages.entry(key) {
        Entry::Occupied(page) => page.into_mut(),
        Entry::Vacant(place) => place.insert(Page { record: read()?, is_saved: true }),
    };
    page.is_saved = false;
    Ok(page)
}

fn page_of_month<'a>(
    months: &'a mut HashMap<(Arc<str>, Month), Page<AccountMonth>>,
    store: &dyn Store,
    account: &Arc<str>,
    month: Month,
) -> Result<&'a mut Page<AccountMonth>, StoreError> {
    page(months, (Arc::clone(account), month), || {
        let fresh = || AccountMonth { account: account.to_string(), counts: Counts::default() };
        Ok(read(store, &month_key(month, account))?.unwrap_or_else(fresh))
    })
}

fn block_key(lambda: Uuid, block: u64) -> Key {
    Key::new(Shelf::Counter, &[b"l", lambda.as_bytes(), &block.to_be_bytes()])
}

fn month_key(month: Month, account: &str) -> Key {
    Key::new(Shelf::Counter, &[b"m", &month.0.to_be_bytes(), account.as_bytes()])
}
