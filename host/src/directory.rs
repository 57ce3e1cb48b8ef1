//! The book of accounts and the people in them, over the same [`Store`] as the ledger.
//!
//! Nothing of it is kept in memory: a user is read when a token is seen for the first time, and what came of it is
//! remembered by [`crate::auth`], bounded. Writers take turns for as long as it takes to check and apply; a method
//! that changes something returns when it is on the disk. All methods block.

mod accounts;
pub(crate) mod api_keys;
pub(crate) mod apps;
mod first_start;
pub(crate) mod grants;
mod profiles;
pub(crate) mod records;
mod sessions;
mod users;

use std::{fmt, sync::Arc};

use parking_lot::Mutex;

pub(crate) use self::{
    first_start::Introduction,
    users::{Grant, NewUser, UserChange},
};
use crate::store::{Batch, Store, StoreError};

/// The account of those who run the server. It has no lambdas; its users manage the other accounts.
pub(crate) const OPERATORS: &str = "operators";

/// Why a change was not made.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DirectoryError {
    #[error("there is no {0} `{1}` in this account")]
    Missing(&'static str, String),
    #[error("{0} `{1}` exists already; choose another name")]
    Taken(&'static str, String),
    /// A rule that the caller's wish breaks.
    #[error("{0}")]
    Conflict(String),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Typed access to accounts, profiles, users and what they have logged in with.
pub(crate) struct Directory {
    store: Arc<dyn Store>,
    /// Held between looking and applying.
    writing: Mutex<()>,
}

impl fmt::Debug for Directory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Directory").finish_non_exhaustive()
    }
}

impl Directory {
    pub(crate) fn new(store: Arc<dyn Store>) -> Self {
        Self { store, writing: Mutex::new(()) }
    }

    /// Writes a batch and waits for the disk, outside the writers' turn.
    fn commit(&self, batch: Batch) -> Result<(), StoreError> {
        self.store.apply(batch)?;
        self.store.flush()
    }
}

#[cfg(test)]
mod crash_tests;
