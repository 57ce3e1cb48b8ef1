//! Profiles: what users are allowed to do, by name.

use uuid::Uuid;

use super::{
    Directory, DirectoryError,
    records::{ProfileRecord, UserRecord},
};
use crate::{
    activity::{Action, Activity, Subject},
    auth::Permissions,
    lambda::now_ms,
    store::{Batch, Key, Shelf, StoreError, read, visit},
};

/// Profiles of one account.
const MAX_PROFILES: usize = 100;

impl ProfileRecord {
    pub(super) fn new(account: &str, name: &str, permissions: Permissions, by: &str) -> Self {
        let now = now_ms();
        Self {
            id: Uuid::new_v4(),
            account: account.to_owned(),
            name: name.to_owned(),
            permissions,
            created_at: now,
            created_by: by.to_owned(),
            updated_at: now,
            updated_by: by.to_owned(),
        }
    }
}

impl Directory {
    pub(crate) fn profile(&self, account: &str, id: Uuid) -> Result<Option<ProfileRecord>, StoreError> {
        read(&*self.store, &profile_key(account, id))
    }

    /// Every profile of an account.
    pub(crate) fn profiles(&self, account: &str) -> Result<Vec<ProfileRecord>, StoreError> {
        let mut profiles = Vec::new();
        let prefix = Key::new(Shelf::Profile, &[account.as_bytes(), b"\0"]);
        visit(&*self.store, &prefix, |profile| {
            profiles.push(profile);
            Ok(())
        })?;
        Ok(profiles)
    }

    /// The profiles of these names, which are the same in any case.
    pub(crate) fn profiles_named(
        &self,
        account: &str,
        names: &[String],
    ) -> Result<Vec<Uuid>, DirectoryError> {
        let known = self.profiles(account)?;
        let find = |name: &String| {
            let found = known.iter().find(|profile| profile.name.to_lowercase() == name.to_lowercase());
            found.map(|profile| profile.id).ok_or_else(|| DirectoryError::Missing("profile", name.clone()))
        };
        names.iter().map(find).collect()
    }

    pub(crate) fn create_profile(
        &self,
        account: &str,
        name: &str,
        permissions: Permissions,
        by: &str,
    ) -> Result<ProfileRecord, DirectoryError> {
        let writing = self.writing.lock();
        if self.account(account)?.is_none() {
            return Err(DirectoryError::Missing("account", account.to_owned()));
        }
        let known = self.profiles(account)?;
        free(&known, name, None)?;
        if known.len() >= MAX_PROFILES {
            return Err(DirectoryError::Conflict(format!(
                "the account has {MAX_PROFILES} profiles already; remove one first"
            )));
        }
        let profile = ProfileRecord::new(account, name, permissions, by);
        let mut batch = Batch::default();
        batch.put(profile_key(account, profile.id), &profile)?;
        Activity::new(by, Action::Create, Subject::Profile, name).record(account, &mut batch)?;
        self.store.apply(batch)?;
        drop(writing);
        self.store.flush()?;
        Ok(profile)
    }

    /// Gives a profile another name, other permissions, or both. The caller makes known what its users may do.
    pub(crate) fn change_profile(
        &self,
        account: &str,
        id: Uuid,
        name: Option<String>,
        permissions: Option<Permissions>,
        by: &str,
    ) -> Result<ProfileRecord, DirectoryError> {
        let writing = self.writing.lock();
        let known = self.profiles(account)?;
        let profile = known.iter().find(|profile| profile.id == id);
        let mut profile =
            profile.cloned().ok_or_else(|| DirectoryError::Missing("profile", id.to_string()))?;
        if let Some(name) = name {
            free(&known, &name, Some(id))?;
            profile.name = name;
        }
        profile.permissions = permissions.unwrap_or(profile.permissions);
        profile.updated_at = now_ms();
        by.clone_into(&mut profile.updated_by);
        let mut batch = Batch::default();
        batch.put(profile_key(account, id), &profile)?;
        Activity::new(by, Action::Update, Subject::Profile, &profile.name).record(account, &mut batch)?;
        self.store.apply(batch)?;
        drop(writing);
        self.store.flush()?;
        Ok(profile)
    }

    /// Removes a profile that no user has.
    pub(crate) fn delete_profile(&self, account: &str, id: Uuid, by: &str) -> Result<(), DirectoryError> {
        let writing = self.writing.lock();
        let profile = self.profile(account, id)?;
        let profile = profile.ok_or_else(|| DirectoryError::Missing("profile", id.to_string()))?;
        let users = self.users(account)?;
        let holders = users.iter().filter(|user| user.profiles.contains(&id));
        if let Some(user) = holders.min_by_key(|user| &user.login_name) {
            return Err(DirectoryError::Conflict(format!(
                "user `{}` has profile `{}`; give them another one first",
                user.login_name, profile.name
            )));
        }
        let mut batch = Batch::default();
        batch.remove(profile_key(account, id));
        Activity::new(by, Action::Delete, Subject::Profile, &profile.name).record(account, &mut batch)?;
        self.store.apply(batch)?;
        drop(writing);
        self.store.flush()?;
        Ok(())
    }

    /// The profiles of an account that give one of the permissions and nothing else.
    pub(super) fn profiles_giving(
        &self,
        account: &str,
        permissions: Permissions,
    ) -> Result<Vec<Uuid>, StoreError> {
        let mut wanted = Vec::new();
        let prefix = Key::new(Shelf::Profile, &[account.as_bytes(), b"\0"]);
        visit(&*self.store, &prefix, |profile: ProfileRecord| {
            let mut gives = profile.permissions.names();
            let is_single = gives.next().is_some() && gives.next().is_none();
            if is_single && profile.permissions.meets(permissions) {
                wanted.push(profile.id);
            }
            Ok(())
        })?;
        Ok(wanted)
    }

    /// What a user may do: all that their profiles allow.
    pub(crate) fn permissions(&self, user: &UserRecord) -> Result<Permissions, StoreError> {
        let mut all = Permissions::NONE;
        for id in &user.profiles {
            if let Some(profile) = self.profile(&user.account, *id)? {
                all = all.and(profile.permissions);
            }
        }
        Ok(all)
    }
}

/// Whether a name is nobody's, or that of the profile itself.
fn free(known: &[ProfileRecord], name: &str, own: Option<Uuid>) -> Result<(), DirectoryError> {
    let is_taken = |profile: &&ProfileRecord| {
        Some(profile.id) != own && profile.name.to_lowercase() == name.to_lowercase()
    };
    match known.iter().find(is_taken) {
        Some(taken) => Err(DirectoryError::Taken("profile", taken.name.clone())),
        None => Ok(()),
    }
}

pub(super) fn profile_key(account: &str, id: Uuid) -> Key {
    Key::new(Shelf::Profile, &[account.as_bytes(), b"\0", id.as_bytes()])
}
