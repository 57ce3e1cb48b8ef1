//! The part of the ledger about secrets. It sees them sealed only.

use super::{
    Ledger, LedgerError,
    signing_keys::{SigningKeyRecord, signing_key},
};
use crate::{
    activity::{Action, Activity, Subject},
    sealing::{Place, SealError, Sealed},
    secrets::{SecretError, SecretRecord, place_of},
    store::{Batch, Key, Shelf, StoreError, read, visit},
};

impl Ledger {
    pub(crate) fn secret(&self, account: &str, key: &str) -> Result<Option<SecretRecord>, StoreError> {
        let record: Option<SecretRecord> = read(&*self.store, &secret_key(account, key))?;
        // Sealed for the place its record names; a record in another account's place must not open there.
        Ok(record.filter(|record| record.account == account && record.key == key))
    }

    /// Visits the secrets of an account in the order of their keys.
    pub(crate) fn each_secret(
        &self,
        account: &str,
        each: impl FnMut(SecretRecord) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        visit(&*self.store, &secret_key(account, ""), each)
    }

    /// Visits the secrets of all accounts.
    pub(crate) fn each_secret_of_all(
        &self,
        each: impl FnMut(SecretRecord) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        visit(&*self.store, &Key::new(Shelf::Secret, &[]), each)
    }

    /// How many secrets an account has.
    pub(crate) fn count_secrets(&self, account: &str) -> Result<usize, StoreError> {
        let mut count = 0;
        self.store.scan(&secret_key(account, ""), &mut |_, _| {
            count += 1;
            Ok(())
        })?;
        Ok(count)
    }

    pub(crate) fn create_secret(&self, record: &SecretRecord) -> Result<(), SecretError> {
        let writing = self.writing.lock();
        if self.secret(&record.account, &record.key)?.is_some() {
            return Err(SecretError::Taken(record.key.clone()));
        }
        if self.count_secrets(&record.account)? >= self.limits.secrets {
            return Err(SecretError::TooMany(self.limits.secrets));
        }
        self.put_secret(record, Action::Create)?;
        drop(writing);
        Ok(self.store.flush()?)
    }

    /// Writes the version that follows the stored one.
    pub(crate) fn replace_secret(&self, record: &SecretRecord) -> Result<(), SecretError> {
        let writing = self.writing.lock();
        let before = self.secret(&record.account, &record.key)?;
        let newest = before.ok_or_else(|| SecretError::NotFound(record.key.clone()))?.version;
        let given = record.version.saturating_sub(1);
        if given != newest {
            return Err(SecretError::Stale { key: record.key.clone(), given, newest });
        }
        self.put_secret(record, Action::Update)?;
        drop(writing);
        Ok(self.store.flush()?)
    }

    pub(crate) fn delete_secret(&self, account: &str, key: &str, by: &str) -> Result<(), SecretError> {
        let writing = self.writing.lock();
        if self.secret(account, key)?.is_none() {
            return Err(SecretError::NotFound(key.chars().filter(|c| !c.is_control()).take(100).collect()));
        }
        let mut batch = Batch::default();
        batch.remove(secret_key(account, key));
        Activity::new(by, Action::Delete, Subject::Secret, key).record(account, &mut batch)?;
        self.store.apply(batch)?;
        drop(writing);
        Ok(self.store.flush()?)
    }

    /// The text by which the right key is known.
    pub(crate) fn key_check(&self) -> Result<Option<Sealed>, StoreError> {
        read(&*self.store, &check_key())
    }

    pub(crate) fn set_key_check(&self, check: &Sealed) -> Result<(), StoreError> {
        let mut batch = Batch::default();
        batch.put(check_key(), check)?;
        self.store.apply(batch)?;
        self.store.flush()
    }

    /// Replaces everything that is sealed, and the check value, in one batch; how many secrets there are.
    pub(crate) fn seal_again(
        &self,
        check: &Sealed,
        mut reseal: impl FnMut(&Place, &Sealed) -> Result<Sealed, SealError>,
    ) -> Result<usize, LedgerError> {
        let _writing = self.writing.lock();
        let (mut batch, mut count) = (Batch::default(), 0);
        self.each_secret_of_all(|mut record| {
            let place = place_of(&record.account, &record.key, record.version, record.binding.as_ref());
            let sealed = reseal(&place, &record.sealed).map_err(|why| StoreError::Record {
                key: format!("secret `{}` of account {}", record.key, record.account),
                why: why.to_string(),
            })?;
            record.sealed = sealed;
            count += 1;
            batch.put(secret_key(&record.account, &record.key), &record)
        })?;
        for mut key in self.signing_keys()? {
            let place = SigningKeyRecord::place(&key.kid);
            key.sealed = reseal(&place, &key.sealed).map_err(|why| StoreError::Record {
                key: format!("signing key {}", key.kid),
                why: why.to_string(),
            })?;
            batch.put(signing_key(&key.kid), &key)?;
        }
        batch.put(check_key(), check)?;
        self.store.apply(batch)?;
        self.store.flush()?;
        Ok(count)
    }

    fn put_secret(&self, record: &SecretRecord, action: Action) -> Result<(), StoreError> {
        let mut batch = Batch::default();
        batch.put(secret_key(&record.account, &record.key), record)?;
        let mut activity = Activity::new(&record.updated_by, action, Subject::Secret, &record.key);
        activity.version = Some(record.version);
        activity.record(&record.account, &mut batch)?;
        self.store.apply(batch)
    }
}

fn check_key() -> Key {
    Key::new(Shelf::Server, &[b"secret key check"])
}

fn secret_key(account: &str, key: &str) -> Key {
    Key::new(Shelf::Secret, &[account.as_bytes(), b"\0", key.as_bytes()])
}
