//! What an account decides for itself about how it is served. Read from memory on every call, kept in the store.

use std::{collections::HashMap, sync::Arc};

use arc_swap::ArcSwap;
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    activity::{Action, Activity, Subject},
    store::{Batch, Key, Shelf, Store, StoreError, visit},
};

/// What a lambda's own failure is answered with; clients of the platform depend on it.
const LAMBDA_FAILED: u16 = 901;

/// The one other status there is: 901 is in no registry, and some proxies do not let it through.
const UNPROCESSABLE: u16 = 422;

/// The settings of one account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Settings)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct AccountSettings {
    /// The status of a lambda's own failure: 901 or 422.
    pub(crate) lambda_failure_status: u16,
}

impl Default for AccountSettings {
    fn default() -> Self {
        Self { lambda_failure_status: LAMBDA_FAILED }
    }
}

impl AccountSettings {
    /// What is wrong with them, naming the field and the rule.
    pub(crate) fn check(&self) -> Result<(), String> {
        match self.lambda_failure_status {
            LAMBDA_FAILED | UNPROCESSABLE => Ok(()),
            other => {
                Err(format!("`lambdaFailureStatus` must be {LAMBDA_FAILED} or {UNPROCESSABLE}, not {other}"))
            }
        }
    }
}

impl AccountSettings {
    /// Which of them differ, by their names on the wire.
    fn differ(&self, other: &Self) -> Vec<String> {
        let status = self.lambda_failure_status != other.lambda_failure_status;
        status.then(|| "lambdaFailureStatus".to_owned()).into_iter().collect()
    }
}

#[derive(Serialize, Deserialize)]
struct Record {
    account: String,
    settings: AccountSettings,
}

/// The settings of all accounts that have chosen any.
pub(crate) struct Settings {
    store: Arc<dyn Store>,
    accounts: ArcSwap<HashMap<String, AccountSettings>>,
    writing: Mutex<()>,
}

impl std::fmt::Debug for Settings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Settings").finish_non_exhaustive()
    }
}

impl Settings {
    pub(crate) fn open(store: Arc<dyn Store>) -> Result<Self, StoreError> {
        let mut accounts = HashMap::new();
        visit(&*store, &key(""), |record: Record| {
            accounts.insert(record.account, record.settings);
            Ok(())
        })?;
        Ok(Self { store, accounts: ArcSwap::from_pointee(accounts), writing: Mutex::new(()) })
    }

    pub(crate) fn of(&self, account: &str) -> AccountSettings {
        self.accounts.load().get(account).copied().unwrap_or_default()
    }

    /// The status of a lambda's own failure.
    pub(crate) fn failure_status(&self, account: &str) -> u16 {
        self.of(account).lambda_failure_status
    }

    /// Changes them, on the disk first. Blocks.
    pub(crate) fn change(
        &self,
        account: &str,
        settings: AccountSettings,
        by: &str,
    ) -> Result<(), StoreError> {
        let _writing = self.writing.lock();
        let changed = self.of(account).differ(&settings);
        if changed.is_empty() {
            return Ok(());
        }
        let mut batch = Batch::default();
        batch.put(key(account), &Record { account: account.to_owned(), settings })?;
        let activity = Activity::new(by, Action::Update, Subject::Account, account);
        Activity { changed, ..activity }.record(account, &mut batch)?;
        self.store.apply(batch)?;
        self.store.flush()?;
        let mut accounts = HashMap::clone(&self.accounts.load());
        accounts.insert(account.to_owned(), settings);
        self.accounts.store(Arc::new(accounts));
        Ok(())
    }
}

fn key(account: &str) -> Key {
    Key::new(Shelf::Server, &[b"settings\0", account.as_bytes()])
}
