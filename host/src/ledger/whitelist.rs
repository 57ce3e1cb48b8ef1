//! The part of the ledger about whitelists: one record per account, so that a change is one write.

use serde::{Deserialize, Serialize};

use super::{Ledger, LedgerError};
use crate::{
    activity::{Action, Activity, Subject},
    domain::Domain,
    store::{Batch, Key, Shelf, StoreError, read, visit},
    whitelist::WhitelistEntry,
};

/// Everything an account has whitelisted.
#[derive(Debug, Serialize, Deserialize)]
struct WhitelistRecord {
    account: String,
    /// The id of the next entry.
    next: u64,
    entries: Vec<WhitelistEntry>,
}

impl Ledger {
    /// The entries of an account, oldest first.
    pub(crate) fn whitelisted(&self, account: &str) -> Result<Vec<WhitelistEntry>, StoreError> {
        Ok(self.whitelist_record(account)?.entries)
    }

    /// Visits the whitelist of every account that has one.
    pub(crate) fn each_whitelist(
        &self,
        mut each: impl FnMut(&str, Vec<WhitelistEntry>),
    ) -> Result<(), StoreError> {
        visit(&*self.store, &Key::new(Shelf::Whitelist, &[]), |record: WhitelistRecord| {
            each(&record.account, record.entries);
            Ok(())
        })
    }

    /// Puts a domain on a whitelist.
    pub(crate) fn whitelist(
        &self,
        account: &str,
        domain: Domain,
        name: String,
        by: &str,
    ) -> Result<WhitelistEntry, LedgerError> {
        let writing = self.writing.lock();
        let mut record = self.whitelist_record(account)?;
        if record.entries.iter().any(|entry| entry.domain == domain) {
            return Err(LedgerError::Whitelisted(domain.as_str().to_owned()));
        }
        if record.entries.len() >= self.limits.domains {
            return Err(LedgerError::TooMany("whitelisted domains", self.limits.domains));
        }
        let entry = WhitelistEntry { id: record.next, domain, name };
        record.next += 1;
        record.entries.push(entry.clone());
        let note = Activity::new(by, Action::Create, Subject::Whitelist, entry.domain.as_str());
        let mut batch = Batch::default();
        batch.put(whitelist_key(account), &record)?;
        note.record(account, &mut batch)?;
        self.store.apply(batch)?;
        drop(writing);
        self.store.flush()?;
        Ok(entry)
    }

    /// Takes a domain, named by its id or by itself, off a whitelist.
    pub(crate) fn unlist(&self, account: &str, which: &str, by: &str) -> Result<(), LedgerError> {
        let writing = self.writing.lock();
        let mut record = self.whitelist_record(account)?;
        let id = which.parse::<u64>().ok();
        let named = |entry: &WhitelistEntry| Some(entry.id) == id || entry.domain.as_str() == which;
        let at = record.entries.iter().position(named);
        let at = at.ok_or_else(|| LedgerError::NotWhitelisted(which.to_owned()))?;
        let entry = record.entries.remove(at);
        let note = Activity::new(by, Action::Delete, Subject::Whitelist, entry.domain.as_str());
        let mut batch = Batch::default();
        batch.put(whitelist_key(account), &record)?;
        note.record(account, &mut batch)?;
        self.store.apply(batch)?;
        drop(writing);
        Ok(self.store.flush()?)
    }

    fn whitelist_record(&self, account: &str) -> Result<WhitelistRecord, StoreError> {
        let record = read(&*self.store, &whitelist_key(account))?;
        Ok(record.unwrap_or_else(|| WhitelistRecord {
            account: account.to_owned(),
            next: 1,
            entries: Vec::new(),
        }))
    }
}

fn whitelist_key(account: &str) -> Key {
    Key::new(Shelf::Whitelist, &[account.as_bytes()])
}
