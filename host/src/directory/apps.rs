//! App installations: programs that get tokens in an account, for themselves or for users who agree.

use serde::{Deserialize, Serialize};

use super::{Directory, DirectoryError, OPERATORS};
use crate::{
    activity::{Action, Activity, Subject},
    lambda::now_ms,
    oauth::{GrantTypes, Scope, redirect_uri},
    store::{Batch, Key, Shelf, StoreError, read, visit},
};

/// A program that was let in.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct AppRecord {
    pub(crate) account: String,
    pub(crate) client_id: String,
    /// SHA-256 of its secret, in hex. An app that cannot keep a secret (on a phone, in a browser) has none and
    /// proves itself by PKCE alone.
    pub(crate) secret: Option<String>,
    pub(crate) metadata: AppMetadata,
    /// A disabled app gets no tokens, and those it has open nothing until it is enabled again.
    pub(crate) enabled: bool,
    /// Counts changes from 1; the optimistic lock of updates.
    pub(crate) version: u64,
    /// Counts secrets. The tokens an app got for itself carry the number and are void when it has gone on.
    pub(crate) generation: u64,
    pub(crate) created_at: u64,
    pub(crate) created_by: String,
    pub(crate) updated_at: u64,
    pub(crate) updated_by: String,
}

/// What its maker says about an app.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct AppMetadata {
    pub(crate) name: String,
    pub(crate) grant_types: GrantTypes,
    pub(crate) scope: Scope,
    pub(crate) redirect_uris: Vec<String>,
}

impl AppMetadata {
    /// Which of its parts differ.
    fn changed_since(&self, old: &Self) -> Vec<String> {
        let parts = [
            ("client_name", self.name != old.name),
            ("grant_types", self.grant_types != old.grant_types),
            ("scope", self.scope != old.scope),
            ("redirect_uris", self.redirect_uris != old.redirect_uris),
        ];
        parts.into_iter().filter(|(_, changed)| *changed).map(|(name, _)| name.to_owned()).collect()
    }
}

impl AppRecord {
    /// A new app with the hash of its secret.
    pub(crate) fn new(
        account: &str,
        client_id: String,
        secret: Option<String>,
        metadata: AppMetadata,
        by: &str,
    ) -> Self {
        let now = now_ms();
        Self {
            account: account.to_owned(),
            client_id,
            secret,
            metadata,
            enabled: true,
            version: 1,
            generation: 1,
            created_at: now,
            created_by: by.to_owned(),
            updated_at: now,
            updated_by: by.to_owned(),
        }
    }

    /// Whether it may get tokens in a way, now.
    pub(crate) fn may(&self, way: GrantTypes) -> bool {
        self.enabled && self.metadata.grant_types.has(way)
    }

    /// Whether users may be sent back there.
    pub(crate) fn is_registered(&self, uri: &str) -> bool {
        self.metadata.redirect_uris.iter().any(|registered| redirect_uri::matches(registered, uri))
    }

    fn activity(&self, action: Action, by: &str) -> Activity {
        let mut activity = Activity::new(by, action, Subject::App, &self.metadata.name);
        activity.id = Some(self.client_id.clone());
        activity.version = Some(self.version);
        activity
    }
}

impl Directory {
    pub(crate) fn app(&self, account: &str, client_id: &str) -> Result<Option<AppRecord>, StoreError> {
        read(&*self.store, &app_key(account, client_id))
    }

    /// An app that may come in: neither it nor its account is disabled.
    pub(crate) fn app_admitted(
        &self,
        account: &str,
        client_id: &str,
    ) -> Result<Option<AppRecord>, StoreError> {
        let open = self.account(account)?.is_some_and(|account| account.enabled);
        Ok(self.app(account, client_id)?.filter(|app| open && app.enabled))
    }

    /// Every app of an account.
    pub(crate) fn apps(&self, account: &str) -> Result<Vec<AppRecord>, StoreError> {
        let mut apps = Vec::new();
        visit(&*self.store, &app_key(account, ""), |app| {
            apps.push(app);
            Ok(())
        })?;
        Ok(apps)
    }

    /// How many apps an account has.
    pub(crate) fn count_apps(&self, account: &str) -> Result<usize, StoreError> {
        let mut count = 0;
        self.store.scan(&app_key(account, ""), &mut |_, _| {
            count += 1;
            Ok(())
        })?;
        Ok(count)
    }

    /// Installs an app, unless the account has as many as it may.
    pub(crate) fn create_app(&self, app: &AppRecord, most: usize) -> Result<(), DirectoryError> {
        let writing = self.writing.lock();
        // Tokens of its users would be the operator's, who does not work in accounts.
        if app.account == OPERATORS {
            return Err(DirectoryError::Conflict("the operators' account has no apps".to_owned()));
        }
        if self.account(&app.account)?.is_none() {
            return Err(DirectoryError::Missing("account", app.account.clone()));
        }
        if self.app(&app.account, &app.client_id)?.is_some() {
            return Err(DirectoryError::Taken("app", app.client_id.clone()));
        }
        if self.count_apps(&app.account)? >= most {
            return Err(DirectoryError::Conflict(format!(
                "this account has {most} apps, which is the limit; remove one first, or ask the operator for more"
            )));
        }
        let mut batch = Batch::default();
        batch.put(app_key(&app.account, &app.client_id), app)?;
        app.activity(Action::Create, &app.created_by).record(&app.account, &mut batch)?;
        self.store.apply(batch)?;
        drop(writing);
        self.store.flush()?;
        Ok(())
    }

    /// Changes an app, if it still is the version that the caller saw.
    pub(crate) fn change_app<E: From<DirectoryError> + From<StoreError>>(
        &self,
        account: &str,
        client_id: &str,
        seen: Option<u64>,
        by: &str,
        change: impl FnOnce(&mut AppRecord) -> Result<(), E>,
    ) -> Result<AppRecord, E> {
        let writing = self.writing.lock();
        let before = self.app(account, client_id)?.ok_or_else(|| missing(client_id))?;
        if let Some(seen) = seen.filter(|seen| *seen != before.version) {
            return Err(DirectoryError::Conflict(format!(
                "version {seen} of this app is not the newest, which is {}; read it again and repeat the change",
                before.version
            ))
            .into());
        }
        let mut app = before.clone();
        change(&mut app)?;
        let mut changed = app.metadata.changed_since(&before.metadata);
        if app.enabled != before.enabled {
            changed.push("enabled".to_owned());
        }
        if app.secret != before.secret {
            changed.push("secret".to_owned());
        }
        if changed.is_empty() {
            // Who made the same change before may still be waiting for the disk.
            drop(writing);
            self.store.flush()?;
            return Ok(before);
        }
        app.version += 1;
        app.updated_at = now_ms();
        by.clone_into(&mut app.updated_by);
        let mut batch = Batch::default();
        batch.put(app_key(account, client_id), &app)?;
        let mut activity = app.activity(Action::Update, by);
        activity.changed = changed;
        activity.record(account, &mut batch)?;
        self.store.apply(batch)?;
        drop(writing);
        self.store.flush()?;
        Ok(app)
    }

    /// Removes an app. Its tokens, also those of users, lead to nobody from then on.
    pub(crate) fn delete_app(&self, account: &str, client_id: &str, by: &str) -> Result<(), DirectoryError> {
        let writing = self.writing.lock();
        let app = self.app(account, client_id)?.ok_or_else(|| missing(client_id))?;
        let mut batch = Batch::default();
        batch.remove(app_key(account, client_id));
        app.activity(Action::Delete, by).record(account, &mut batch)?;
        self.store.apply(batch)?;
        drop(writing);
        self.store.flush()?;
        Ok(())
    }
}

/// That an account has no such app; what was asked for is shown shortened.
pub(crate) fn missing(client_id: &str) -> DirectoryError {
    let shown: String = client_id.chars().take(64).map(|c| if c.is_control() { '?' } else { c }).collect();
    DirectoryError::Missing("app", shown)
}

fn app_key(account: &str, client_id: &str) -> Key {
    Key::new(Shelf::App, &[account.as_bytes(), b"\0", client_id.as_bytes()])
}
