//! How many functions an account has, and how many of them are deployed: counted from the account's own records when
//! it first matters, kept up to date by every change from then on.

use std::collections::HashMap;

use super::{Ledger, LedgerError, lambda_key};
use crate::{
    lambda::LambdaRecord,
    store::{StoreError, read},
};

/// What the ledger has counted so far; its lock is what writers take turns with.
#[derive(Debug, Default)]
pub(super) struct Tallies(HashMap<Box<str>, Tally>);

/// The counts of one account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) functions: usize,
    /// Served, or on their way to be.
    pub(super) deployed: usize,
}

/// How much of its limits an account has used.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Used {
    tally: Tally,
    domains: usize,
    schedules: usize,
    secrets: usize,
}

impl Used {
    /// The use of a limit of [`crate::account_limits::AccountLimits`] by its name, where it is one on what is kept.
    pub(crate) fn of(&self, limit: &str) -> Option<usize> {
        match limit {
            "functions" => Some(self.tally.functions),
            "deployed" => Some(self.tally.deployed),
            "domains" => Some(self.domains),
            "schedules" => Some(self.schedules),
            "secrets" => Some(self.secrets),
            _ => None,
        }
    }
}

impl Ledger {
    /// How much of its limits an account has used.
    pub(crate) fn used(&self, account: &str) -> Result<Used, StoreError> {
        let tally = *self.writing.lock().of(self, account)?;
        Ok(Used {
            tally,
            domains: self.whitelisted(account)?.len(),
            schedules: self.schedules(account)?.len(),
            secrets: self.count_secrets(account)?,
        })
    }
}

impl Tallies {
    /// The counts of an account, to read and to change along with its records.
    pub(super) fn of(&mut self, ledger: &Ledger, account: &str) -> Result<&mut Tally, StoreError> {
        if !self.0.contains_key(account) {
            self.0.insert(account.into(), count(ledger, account)?);
        }
        Ok(self.0.entry(account.into()).or_default())
    }

    /// A deployment of this lambda begins: one more is deployed, unless it is already.
    pub(super) fn begin(&mut self, ledger: &Ledger, lambda: &LambdaRecord) -> Result<(), LedgerError> {
        let limit = ledger.limits.deployed;
        let tally = self.of(ledger, &lambda.account)?;
        if lambda.productive.is_none() {
            if tally.deployed >= limit {
                return Err(LedgerError::TooMany("deployed functions", limit));
            }
            tally.deployed += 1;
        }
        Ok(())
    }

    /// A lambda is not deployed any more, or its deployment has failed.
    pub(super) fn end(&mut self, ledger: &Ledger, account: &str) -> Result<(), StoreError> {
        let tally = self.of(ledger, account)?;
        tally.deployed = tally.deployed.saturating_sub(1);
        Ok(())
    }
}

fn count(ledger: &Ledger, account: &str) -> Result<Tally, StoreError> {
    let mut tally = Tally::default();
    ledger.each_id(account, |uuid| {
        tally.functions += 1;
        if let Some(lambda) = read::<LambdaRecord>(&*ledger.store, &lambda_key(uuid))? {
            let last = ledger.deployment(uuid, lambda.last_deployment)?;
            let running = last.is_some_and(|deployment| deployment.state.is_running());
            tally.deployed += usize::from(running || lambda.productive.is_some());
        }
        Ok(())
    })?;
    Ok(tally)
}
