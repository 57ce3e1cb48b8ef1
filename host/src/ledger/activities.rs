//! The part of the ledger about activities: read newest first, noted where they stand alone, forgotten when old.

use super::Ledger;
use crate::{
    activity::{Activity, ActivityId, activities_of},
    store::{Batch, Key, Shelf, StoreError, decode},
};

/// Activities removed in one batch.
const FORGOTTEN_AT_ONCE: usize = 1_000;

impl Ledger {
    /// Visits the activities of an account, newest first, those before `before` if it is given, until it is told to
    /// stop with `false`.
    pub(crate) fn each_activity(
        &self,
        account: &str,
        before: Option<&ActivityId>,
        mut each: impl FnMut(ActivityId, Activity) -> Result<bool, StoreError>,
    ) -> Result<(), StoreError> {
        let all = activities_of(account);
        let before = before.map(|id| id.key(account));
        self.store.scan_back(&all, before.as_ref(), &mut |key, bytes| {
            let Some(id) = ActivityId::of(key) else { return Ok(true) };
            each(id, decode(key, bytes)?)
        })
    }

    /// Writes down what somebody did, before they get it.
    pub(crate) fn note(&self, account: &str, activity: &Activity) -> Result<(), StoreError> {
        let mut batch = Batch::default();
        activity.record(account, &mut batch)?;
        self.store.apply(batch)?;
        self.store.flush()
    }

    /// Writes an activity in the place it has already. Not flushed.
    pub(crate) fn renote(&self, place: Key, activity: &Activity) -> Result<(), StoreError> {
        let mut batch = Batch::default();
        batch.put(place, activity)?;
        self.store.apply(batch)
    }

    /// Forgets what was done before a time, in milliseconds since the epoch; how much it was.
    pub(crate) fn forget_activities(&self, before: u64) -> Result<usize, StoreError> {
        let mut old = Vec::new();
        self.store.scan(&Key::new(Shelf::Activity, &[]), &mut |key, _| {
            if ActivityId::of(key).is_some_and(|id| id.at() < before) {
                old.push(key.to_vec());
            }
            Ok(())
        })?;
        for keys in old.chunks(FORGOTTEN_AT_ONCE) {
            let mut batch = Batch::default();
            for key in keys {
                batch.remove(Key::from_bytes(key));
            }
            self.store.apply(batch)?;
        }
        if !old.is_empty() {
            self.store.flush()?;
        }
        Ok(old.len())
    }
}
