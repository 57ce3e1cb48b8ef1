//! The part of the ledger about the keys that tokens are signed with. It sees them sealed only.

use serde::{Deserialize, Serialize};

use super::Ledger;
use crate::{
    activity::Activity,
    directory::OPERATORS,
    sealing::{Place, Sealed},
    store::{Batch, Key, Shelf, StoreError, visit},
};

/// A key as it is stored.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct SigningKeyRecord {
    /// What tokens call it.
    pub(crate) kid: String,
    /// PKCS#8.
    pub(crate) sealed: Sealed,
    pub(crate) created_at: u64,
    /// Since when it signs nothing more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) retired_at: Option<u64>,
}

impl SigningKeyRecord {
    /// What the sealed key belongs to.
    pub(crate) fn place(kid: &str) -> Place {
        Place::new(&[b"lambkin signing key 1", kid.as_bytes()])
    }
}

impl Ledger {
    /// Every key, those that sign nothing more too.
    pub(crate) fn signing_keys(&self) -> Result<Vec<SigningKeyRecord>, StoreError> {
        let mut keys = Vec::new();
        visit(&*self.store, &signing_key(""), |key| {
            keys.push(key);
            Ok(())
        })?;
        Ok(keys)
    }

    /// Writes keys down, and the activity that tells of it, all at once.
    pub(crate) fn put_signing_keys(
        &self,
        keys: &[SigningKeyRecord],
        activity: &Activity,
    ) -> Result<(), StoreError> {
        let writing = self.writing.lock();
        let mut batch = Batch::default();
        for key in keys {
            batch.put(signing_key(&key.kid), key)?;
        }
        activity.record(OPERATORS, &mut batch)?;
        self.store.apply(batch)?;
        drop(writing);
        self.store.flush()
    }

    /// Removes a key that no token needs any more.
    pub(crate) fn remove_signing_key(&self, kid: &str) -> Result<(), StoreError> {
        let mut batch = Batch::default();
        batch.remove(signing_key(kid));
        self.store.apply(batch)
    }
}

pub(super) fn signing_key(kid: &str) -> Key {
    Key::new(Shelf::SigningKey, &[kid.as_bytes()])
}
