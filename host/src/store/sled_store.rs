//! [`Store`] on sled 0.34.
//!
//! One tree holds all shelves, so one sled batch is one transaction. sled's own periodic flush is off: nothing is
//! acknowledged before [`Store::flush`] returned, and a flush that nobody waits for only costs disk time.

use std::{panic::AssertUnwindSafe, path::Path};

use super::{Batch, Key, Store, StoreError, Visit};
use crate::error::HostError;

/// sled's page cache. Its default of 1 GiB is for databases that live in memory; ours is read at start-up and on
/// management calls only.
const CACHE_BYTES: u64 = 16 << 20;

/// The database of a data directory.
#[derive(Debug)]
pub(crate) struct SledStore {
    db: sled::Db,
}

impl SledStore {
    /// Opens or creates the database in a folder that this process has locked already.
    pub(crate) fn open(folder: &Path) -> Result<Self, HostError> {
        let config = sled::Config::new().path(folder).cache_capacity(CACHE_BYTES).flush_every_ms(None);
        // sled answers some kinds of damage with a panic; the operator gets a sentence either way.
        let opened = std::panic::catch_unwind(AssertUnwindSafe(|| config.open()));
        let damaged = |cause: String| {
            HostError::new(format!("the database in `{}` cannot be opened: {cause}", folder.display()))
                .with_hint("restore the data directory from a backup, or start with another one")
        };
        match opened {
            Ok(Ok(db)) => Ok(Self { db }),
            Ok(Err(error)) => Err(damaged(error.to_string())),
            Err(_) => Err(damaged("its files are damaged".to_owned())),
        }
    }
}

impl From<sled::Error> for StoreError {
    fn from(error: sled::Error) -> Self {
        Self::Backend(error.to_string())
    }
}

impl Store for SledStore {
    fn get(&self, key: &Key) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.db.get(key.as_bytes())?.map(|bytes| bytes.to_vec()))
    }

    fn scan(&self, prefix: &Key, visit: &mut Visit<'_>) -> Result<(), StoreError> {
        for pair in self.db.scan_prefix(prefix.as_bytes()) {
            let (key, value) = pair?;
            visit(&key, &value)?;
        }
        Ok(())
    }

    fn apply(&self, batch: Batch) -> Result<(), StoreError> {
        let mut writes = sled::Batch::default();
        for (key, value) in batch.writes {
            match value {
                Some(bytes) => writes.insert(key.0, bytes),
                None => writes.remove(key.0),
            }
        }
        Ok(self.db.apply_batch(writes)?)
    }

    fn flush(&self) -> Result<(), StoreError> {
        self.db.flush()?;
        Ok(())
    }
}
