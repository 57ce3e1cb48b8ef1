//! The book of lambdas: typed records over the [`Store`], and the rules about who may change what when.
//!
//! Writers take turns (`writing`) for as long as it takes to check and apply, not for the flush: flushes of several
//! writers share one trip to the disk. Every method that changes something returns only when it is on the disk,
//! but for [`Ledger::advance`], which says so. All methods block.

mod activities;
mod deployments;
mod events;
mod schedules;
mod secrets;
mod signing_keys;
mod tally;
mod versions;
mod whitelist;

use std::sync::Arc;

use parking_lot::Mutex;
use uuid::Uuid;

use self::{
    events::{Claim, leave_place, take_place},
    tally::Tallies,
};
pub(crate) use self::{
    schedules::Tick,
    signing_keys::SigningKeyRecord,
    versions::{KEPT, Target},
};
use crate::{
    account_limits::AccountLimits,
    activity::{Action, Activity},
    artifacts::ContentHash,
    difference::unified,
    lambda::{Definition, DeploymentRecord, LambdaRecord, LambdaState, now_ms},
    store::{Batch, Key, Shelf, Store, StoreError, decode, read, visit},
};

/// Why a change was not made.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LedgerError {
    #[error("there is no lambda {0}")]
    Missing(Uuid),
    #[error("another function of this account is named `{0}`")]
    NameTaken(String),
    /// What there are too many of, and how many there may be.
    #[error("this account has {1} {0}, which is the limit; remove one first, or ask the operator for more")]
    TooMany(&'static str, usize),
    #[error(
        "version {given} is not the newest, which is {newest}; read the lambda again and repeat the change"
    )]
    Stale { given: u64, newest: u64 },
    #[error("Can not deploy a lambda during an active deployment")]
    Deploying,
    #[error("lambda {0} is deployed; undeploy it first")]
    StillDeployed(Uuid),
    #[error("lambda {0} is not deployed")]
    NotDeployed(Uuid),
    #[error("domain `{0}` is on the whitelist already")]
    Whitelisted(String),
    #[error("there is no `{0}` on the whitelist")]
    NotWhitelisted(String),
    #[error(
        "the event `{event}` has no place left, an account may have {limit} function(s) of it; delete one, or choose another event"
    )]
    EventFull { event: &'static str, limit: usize },
    #[error("`{other}` has the event `{event}` too, and {clash}; give each function skills of its own")]
    SkillsTaken { event: &'static str, other: String, clash: String },
    #[error("version {0} is not kept; `GET /lambdas/{{id}}/versions` lists those that are")]
    NoVersion(u64),
    #[error("deployment {0} is not kept, or it never was in service")]
    NoDeployment(Uuid),
    #[error("there is no schedule {0}")]
    NoSchedule(Uuid),
    #[error("version {0} is served already")]
    Served(u64),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A source that goes with a definition.
pub(crate) struct Written<'a> {
    pub(crate) definition: Definition,
    /// The text of `definition.source`.
    pub(crate) source: &'a str,
}

/// A lambda, its source and its newest deployment.
#[derive(Debug)]
pub(crate) struct Whole {
    pub(crate) lambda: LambdaRecord,
    pub(crate) source: String,
    pub(crate) last_deployment: Option<DeploymentRecord>,
}

/// What came of a save.
#[derive(Debug)]
pub(crate) enum Saved {
    /// A new version.
    Changed(LambdaRecord),
    /// Nothing differs from what is stored.
    Unchanged(LambdaRecord),
}

/// Typed access to everything that is known about lambdas.
pub(crate) struct Ledger {
    store: Arc<dyn Store>,
    /// Held between looking and applying.
    writing: Mutex<Tallies>,
    limits: AccountLimits,
}

impl std::fmt::Debug for Ledger {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ledger").finish_non_exhaustive()
    }
}

impl Ledger {
    pub(crate) fn open(store: Arc<dyn Store>, limits: AccountLimits) -> Result<Self, StoreError> {
        Ok(Self { store, writing: Mutex::default(), limits })
    }

    pub(crate) fn lambda(&self, account: &str, uuid: Uuid) -> Result<LambdaRecord, LedgerError> {
        let record: Option<LambdaRecord> = read(&*self.store, &lambda_key(uuid))?;
        record.filter(|lambda| lambda.account == account).ok_or(LedgerError::Missing(uuid))
    }

    /// The ids of an account's lambdas.
    pub(crate) fn lambdas_of(&self, account: &str) -> Result<Vec<Uuid>, StoreError> {
        let mut found = Vec::new();
        visit(&*self.store, &name_key(account, ""), |uuid: Uuid| {
            found.push(uuid);
            Ok(())
        })?;
        Ok(found)
    }

    /// Whether there is a lambda of this id, in any account.
    pub(crate) fn exists(&self, uuid: Uuid) -> Result<bool, StoreError> {
        Ok(self.store.get(&lambda_key(uuid))?.is_some())
    }

    /// A lambda with everything that is shown of it, all as of one moment.
    pub(crate) fn whole(&self, account: &str, uuid: Uuid) -> Result<Whole, LedgerError> {
        let _writing = self.writing.lock();
        let lambda = self.lambda(account, uuid)?;
        let source = self.source(uuid, &lambda.definition.source)?;
        let last_deployment = self.deployment(uuid, lambda.last_deployment)?;
        Ok(Whole { lambda, source, last_deployment })
    }

    /// Visits every lambda there is.
    pub(crate) fn each_lambda(
        &self,
        each: impl FnMut(LambdaRecord) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        visit(&*self.store, &Key::new(Shelf::Lambda, &[]), each)
    }

    /// Visits the ids of the lambdas of one account, in the order of their names.
    pub(crate) fn each_id(
        &self,
        account: &str,
        mut each: impl FnMut(Uuid) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.each_named(account, |_, uuid| each(uuid))
    }

    /// The names and ids of an account's lambdas, by name.
    pub(crate) fn each_named(
        &self,
        account: &str,
        mut each: impl FnMut(&str, Uuid) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let all = name_key(account, "");
        self.store.scan(&all, &mut |key, bytes| {
            // Names are words, so what is behind the account's part of the key is text.
            let name = key.get(all.as_bytes().len()..).and_then(|name| std::str::from_utf8(name).ok());
            each(name.unwrap_or_default(), decode(key, bytes)?)
        })
    }

    pub(crate) fn source(&self, lambda: Uuid, hash: &ContentHash) -> Result<String, StoreError> {
        let key = source_key(lambda, hash);
        read(&*self.store, &key)?.ok_or_else(|| StoreError::Record {
            key: format!("source {} of lambda {lambda}", hash.as_str()),
            why: "is missing".to_owned(),
        })
    }

    pub(crate) fn deployment(
        &self,
        lambda: Uuid,
        sequence: u64,
    ) -> Result<Option<DeploymentRecord>, StoreError> {
        read(&*self.store, &deployment_key(lambda, sequence))
    }

    /// Visits the deployments kept of one lambda, oldest first.
    pub(crate) fn each_deployment(
        &self,
        lambda: Uuid,
        each: impl FnMut(DeploymentRecord) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        visit(&*self.store, &Key::new(Shelf::Deployment, &[lambda.as_bytes()]), each)
    }

    pub(crate) fn create(
        &self,
        account: &str,
        new: Written<'_>,
        by: &str,
    ) -> Result<LambdaRecord, LedgerError> {
        let mut tallies = self.writing.lock();
        let name = name_key(account, &new.definition.name);
        if read::<Uuid>(&*self.store, &name)?.is_some() {
            return Err(LedgerError::NameTaken(new.definition.name));
        }
        let tally = tallies.of(self, account)?;
        if tally.functions >= self.limits.functions {
            return Err(LedgerError::TooMany("functions", self.limits.functions));
        }
        self.judge_claim(Claim {
            account,
            event_id: new.definition.event_id.as_deref(),
            skills: &new.definition.skills,
            lambda: None,
        })?;
        let now = now_ms();
        let lambda = LambdaRecord {
            uuid: Uuid::new_v4(),
            account: account.to_owned(),
            definition: new.definition,
            version: 1,
            state: LambdaState::Draft,
            created_at: now,
            created_by: by.to_owned(),
            updated_at: now,
            updated_by: by.to_owned(),
            last_deployment: 0,
            productive: None,
        };
        let mut batch = Batch::default();
        batch.put(name, &lambda.uuid)?;
        batch.put(source_key(lambda.uuid, &lambda.definition.source), &new.source)?;
        take_place(&lambda, &mut batch)?;
        batch.put(lambda_key(lambda.uuid), &lambda)?;
        self.keep_newest(&lambda, Some(&versions::current(&lambda)), &mut batch)?;
        Activity::of_lambda(by, Action::Create, &lambda).record(account, &mut batch)?;
        self.store.apply(batch)?;
        tally.functions += 1;
        drop(tallies);
        self.store.flush()?;
        Ok(lambda)
    }

    /// Saves a new definition over version `given` of a lambda.
    pub(crate) fn save(
        &self,
        account: &str,
        uuid: Uuid,
        given: u64,
        new: Written<'_>,
        by: &str,
    ) -> Result<Saved, LedgerError> {
        let stale = |newest| LedgerError::Stale { given, newest };
        let before = self.lambda(account, uuid)?;
        if before.version != given {
            return Err(stale(before.version));
        }
        // Takes its time, so it is made before it is our turn. It holds as long as the version does.
        let difference = self.difference(&before, &new)?;
        let writing = self.writing.lock();
        let mut lambda = self.settled(account, uuid)?;
        if lambda.version != given {
            return Err(stale(lambda.version));
        }
        if lambda.definition == new.definition {
            // Who saved it the first time may still be waiting for the disk.
            drop(writing);
            self.store.flush()?;
            return Ok(Saved::Unchanged(lambda));
        }
        self.judge_claim(Claim {
            account,
            event_id: new.definition.event_id.as_deref(),
            skills: &new.definition.skills,
            lambda: Some(uuid),
        })?;
        let old = std::mem::replace(&mut lambda.definition, new.definition);
        lambda.version += 1;
        lambda.state = lambda.state.after_save();
        lambda.updated_at = now_ms();
        by.clone_into(&mut lambda.updated_by);
        let mut batch = Batch::default();
        if old.source != lambda.definition.source {
            batch.put(source_key(uuid, &lambda.definition.source), &new.source)?;
        }
        self.keep_newest(&lambda, Some(&versions::current(&lambda)), &mut batch)?;
        batch.put(lambda_key(uuid), &lambda)?;
        let mut activity = Activity::of_lambda(by, Action::Update, &lambda);
        activity.changed = lambda.definition.changed_since(&old);
        activity.difference = difference;
        activity.record(account, &mut batch)?;
        self.store.apply(batch)?;
        drop(writing);
        self.store.flush()?;
        Ok(Saved::Changed(lambda))
    }

    /// How the source changes, where it does.
    fn difference(&self, before: &LambdaRecord, new: &Written<'_>) -> Result<Option<String>, StoreError> {
        if before.definition.source == new.definition.source {
            return Ok(None);
        }
        let old = read::<String>(&*self.store, &source_key(before.uuid, &before.definition.source))?;
        // Replaced since it was looked up: then the save that follows is stale, or there is nothing to compare.
        Ok(old.map(|old| unified(&old, new.source, before.version, before.version + 1)))
    }

    pub(crate) fn delete(&self, account: &str, uuid: Uuid, by: &str) -> Result<(), LedgerError> {
        let mut tallies = self.writing.lock();
        let tally = tallies.of(self, account)?;
        let lambda = self.settled(account, uuid)?;
        if lambda.productive.is_some() {
            return Err(LedgerError::StillDeployed(uuid));
        }
        let mut batch = Batch::default();
        batch.remove(source_key(uuid, &lambda.definition.source));
        self.each_deployment(uuid, |deployment| {
            batch.remove(source_key(uuid, &deployment.source));
            batch.remove(deployment_key(uuid, deployment.sequence));
            Ok(())
        })?;
        self.remove_versions(uuid, &mut batch)?;
        self.remove_schedules_of(account, uuid, &mut batch)?;
        batch.remove(name_key(account, &lambda.definition.name));
        leave_place(&lambda, &mut batch);
        batch.remove(lambda_key(uuid));
        Activity::of_lambda(by, Action::Delete, &lambda).record(account, &mut batch)?;
        self.store.apply(batch)?;
        tally.functions = tally.functions.saturating_sub(1);
        drop(tallies);
        Ok(self.store.flush()?)
    }

    /// Everything applied so far is on the disk when this returns.
    pub(crate) fn flush(&self) -> Result<(), StoreError> {
        self.store.flush()
    }

    /// Whether changes can still be written down.
    pub(crate) fn healthy(&self) -> bool {
        self.store.healthy()
    }

    fn put_lambda(&self, lambda: &LambdaRecord) -> Result<(), StoreError> {
        let mut batch = Batch::default();
        batch.put(lambda_key(lambda.uuid), lambda)?;
        self.store.apply(batch)
    }

    /// A lambda that nothing is being done to.
    fn settled(&self, account: &str, uuid: Uuid) -> Result<LambdaRecord, LedgerError> {
        let lambda = self.lambda(account, uuid)?;
        let last = self.deployment(uuid, lambda.last_deployment)?;
        let deploying = last.is_some_and(|deployment| deployment.state.is_running());
        if deploying || lambda.state == LambdaState::MarkedUndeployed {
            return Err(LedgerError::Deploying);
        }
        Ok(lambda)
    }
}

fn lambda_key(lambda: Uuid) -> Key {
    Key::new(Shelf::Lambda, &[lambda.as_bytes()])
}

fn source_key(lambda: Uuid, hash: &ContentHash) -> Key {
    Key::new(Shelf::Source, &[lambda.as_bytes(), hash.as_str().as_bytes()])
}

fn deployment_key(lambda: Uuid, sequence: u64) -> Key {
    Key::new(Shelf::Deployment, &[lambda.as_bytes(), &sequence.to_be_bytes()])
}

fn name_key(account: &str, name: &str) -> Key {
    Key::new(Shelf::Name, &[account.as_bytes(), b"\0", name.as_bytes()])
}

#[cfg(test)]
mod crash_tests;
#[cfg(test)]
mod tests;
