//! Who did what when: one record for every change, written in the same batch as the change itself, so that there is
//! neither a change without its record nor a record of something that did not happen.

use std::sync::atomic::{AtomicU64, Ordering};

use serde::{Deserialize, Serialize};

use crate::{
    lambda::now_ms,
    store::{Batch, Key, Shelf, StoreError},
};

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Action {
    Create,
    Update,
    Delete,
    /// Served an earlier version again.
    Rollback,
}

/// The kind of thing it was done to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Subject {
    Whitelist,
    Lambda,
    Account,
    User,
    Password,
    Schedule,
}

/// One thing somebody did.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Activity {
    /// Milliseconds since the epoch.
    pub(crate) at: u64,
    /// The name of who did it.
    pub(crate) by: String,
    pub(crate) action: Action,
    pub(crate) subject: Subject,
    /// What people call the thing: a function's name, a domain, the key of a secret. Never a secret's value.
    pub(crate) name: String,
    /// Its id, where it has one besides its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) id: Option<String>,
    /// The version it has since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) version: Option<u64>,
    /// What changed, for people: a unified difference of two sources.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) difference: Option<String>,
}

impl Activity {
    pub(crate) fn new(by: &str, action: Action, subject: Subject, name: &str) -> Self {
        Self {
            at: now_ms(),
            by: by.to_owned(),
            action,
            subject,
            name: name.to_owned(),
            id: None,
            version: None,
            difference: None,
        }
    }

    /// Adds itself to the batch of the change it tells of.
    pub(crate) fn record(&self, account: &str, batch: &mut Batch) -> Result<(), StoreError> {
        batch.put(activity_key(account, self.at), self)
    }
}

/// Sorted by time within an account. What comes in one millisecond keeps its order.
fn activity_key(account: &str, at: u64) -> Key {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let next = NEXT.fetch_add(1, Ordering::Relaxed);
    // Random behind it: the counter begins anew with every process, and clocks go backwards.
    let random = uuid::Uuid::new_v4();
    let random = &random.as_bytes()[..4];
    Key::new(Shelf::Activity, &[account.as_bytes(), b"\0", &at.to_be_bytes(), &next.to_be_bytes(), random])
}
