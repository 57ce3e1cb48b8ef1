//! API keys: what programs of a user log in with instead of a password. The platform's have four parts; two name the
//! key and two prove it.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Directory, DirectoryError};
use crate::{
    activity::{Action, Activity, Subject},
    auth::TokenHash,
    store::{Batch, Key, Shelf, StoreError, read, visit},
};

/// Keys one user may have.
const MOST: usize = 10;

/// A key as it is stored.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ApiKeyRecord {
    pub(crate) account: String,
    pub(crate) user: Uuid,
    pub(crate) app_key: String,
    /// SHA-256 in hex, as are the next two.
    pub(crate) secret: String,
    pub(crate) access_token: String,
    pub(crate) access_token_secret: String,
    /// What people call it.
    pub(crate) name: String,
    pub(crate) created_at: u64,
    pub(crate) created_by: String,
}

impl ApiKeyRecord {
    /// Whether these are its parts, in a time that does not tell which of them is wrong.
    pub(crate) fn is_proved_by(&self, secret: &str, access_token: &str, access_token_secret: &str) -> bool {
        let is = |given: &str, stored: &str| TokenHash::of(given.as_bytes()).is(stored);
        is(secret, &self.secret)
            & is(access_token, &self.access_token)
            & is(access_token_secret, &self.access_token_secret)
    }
}

impl Directory {
    pub(crate) fn api_key(&self, account: &str, app_key: &str) -> Result<Option<ApiKeyRecord>, StoreError> {
        read(&*self.store, &api_key_key(account, app_key))
    }

    /// The keys of a user.
    pub(crate) fn api_keys(&self, account: &str, user: Uuid) -> Result<Vec<ApiKeyRecord>, StoreError> {
        let mut keys = Vec::new();
        visit(&*self.store, &api_key_key(account, ""), |key: ApiKeyRecord| {
            if key.user == user {
                keys.push(key);
            }
            Ok(())
        })?;
        Ok(keys)
    }

    /// Gives a user a key.
    pub(crate) fn create_api_key(&self, key: &ApiKeyRecord) -> Result<(), DirectoryError> {
        let writing = self.writing.lock();
        let missing = || DirectoryError::Missing("user", key.user.to_string());
        let user = self.user(&key.account, key.user)?.ok_or_else(missing)?;
        if self.api_keys(&key.account, key.user)?.len() >= MOST {
            return Err(DirectoryError::Conflict(format!(
                "a user may have {MOST} API keys; delete one first"
            )));
        }
        let mut batch = Batch::default();
        batch.put(api_key_key(&key.account, &key.app_key), key)?;
        let activity = activity(Action::Create, &key.created_by, &user.login_name, &key.app_key);
        activity.record(&key.account, &mut batch)?;
        self.store.apply(batch)?;
        drop(writing);
        self.store.flush()?;
        Ok(())
    }

    /// Removes a key. What was logged in with it leads to nobody from then on.
    pub(crate) fn delete_api_key(
        &self,
        account: &str,
        user: Uuid,
        app_key: &str,
        by: &str,
    ) -> Result<(), DirectoryError> {
        let writing = self.writing.lock();
        let shown = || app_key.chars().filter(|c| !c.is_control()).take(64).collect();
        let missing = || DirectoryError::Missing("API key", shown());
        let key = self.api_key(account, app_key)?.filter(|key| key.user == user).ok_or_else(missing)?;
        let user = self.user(account, user)?.ok_or_else(missing)?;
        let mut batch = Batch::default();
        batch.remove(api_key_key(account, &key.app_key));
        activity(Action::Delete, by, &user.login_name, &key.app_key).record(account, &mut batch)?;
        self.store.apply(batch)?;
        drop(writing);
        self.store.flush()?;
        Ok(())
    }

    /// Removes every key of a user who is being removed.
    pub(super) fn remove_api_keys(
        &self,
        account: &str,
        user: Uuid,
        batch: &mut Batch,
    ) -> Result<(), StoreError> {
        for key in self.api_keys(account, user)? {
            batch.remove(api_key_key(account, &key.app_key));
        }
        Ok(())
    }
}

fn activity(action: Action, by: &str, login_name: &str, app_key: &str) -> Activity {
    Activity { id: Some(app_key.to_owned()), ..Activity::new(by, action, Subject::ApiKey, login_name) }
}

fn api_key_key(account: &str, app_key: &str) -> Key {
    Key::new(Shelf::User, &[b"k", account.as_bytes(), b"\0", app_key.as_bytes()])
}
