//! Users: found by id, or by the name they log in with.

use uuid::Uuid;

use super::{Directory, DirectoryError, records::UserRecord};
use crate::{
    activity::{Action, Activity, Subject},
    auth::Permissions,
    lambda::now_ms,
    store::{Batch, Key, Shelf, StoreError, read, visit},
};

/// A user who is to be made.
#[derive(Clone, Debug)]
pub(crate) struct NewUser {
    pub(crate) login_name: String,
    pub(crate) full_name: String,
    pub(crate) email: String,
    /// The hash, as [`crate::auth::passwords`] makes it.
    pub(crate) password: String,
    /// Whether it has to be replaced at the first log-in.
    pub(crate) newcomer: bool,
}

/// What a new user may do.
#[derive(Clone, Debug)]
pub(crate) enum Grant {
    Permissions(Permissions),
    /// Profiles by their names.
    Profiles(Vec<String>),
}

/// What is to be different about a user.
#[derive(Clone, Debug, Default)]
pub(crate) struct UserChange {
    pub(crate) full_name: Option<String>,
    pub(crate) email: Option<String>,
    /// By their names, in the place of those there were.
    pub(crate) profiles: Option<Vec<String>>,
    pub(crate) enabled: Option<bool>,
}

impl UserRecord {
    pub(super) fn new(account: &str, new: NewUser, profiles: Vec<Uuid>, by: &str) -> Self {
        let now = now_ms();
        Self {
            id: Uuid::new_v4(),
            account: account.to_owned(),
            login_name: new.login_name,
            full_name: new.full_name,
            email: new.email,
            profiles,
            enabled: true,
            password: new.password,
            newcomer: new.newcomer,
            valid_from: now,
            created_at: now,
            created_by: by.to_owned(),
            updated_at: now,
            updated_by: by.to_owned(),
        }
    }
}

impl Directory {
    pub(crate) fn user(&self, account: &str, id: Uuid) -> Result<Option<UserRecord>, StoreError> {
        read(&*self.store, &user_key(account, id))
    }

    /// A user who may come in: neither they nor their account is disabled.
    pub(crate) fn user_admitted(&self, account: &str, id: Uuid) -> Result<Option<UserRecord>, StoreError> {
        let open = self.account(account)?.is_some_and(|account| account.enabled);
        Ok(self.user(account, id)?.filter(|user| open && user.enabled))
    }

    /// The user who logs in with a name.
    pub(crate) fn user_named(
        &self,
        account: &str,
        login_name: &str,
    ) -> Result<Option<UserRecord>, StoreError> {
        match read(&*self.store, &name_key(account, login_name))? {
            Some(id) => self.user(account, id),
            None => Ok(None),
        }
    }

    /// Every user of an account.
    pub(crate) fn users(&self, account: &str) -> Result<Vec<UserRecord>, StoreError> {
        let mut users = Vec::new();
        visit(&*self.store, &users_key(account), |user| {
            users.push(user);
            Ok(())
        })?;
        Ok(users)
    }

    /// Makes a user of an account. Permissions come by way of the profiles that give one of them each.
    pub(crate) fn create_user(
        &self,
        account: &str,
        new: NewUser,
        grant: &Grant,
        by: &str,
    ) -> Result<UserRecord, DirectoryError> {
        let writing = self.writing.lock();
        if self.account(account)?.is_none() {
            return Err(DirectoryError::Missing("account", account.to_owned()));
        }
        if self.user_named(account, &new.login_name)?.is_some() {
            return Err(DirectoryError::Taken("user", new.login_name));
        }
        let profiles = match grant {
            Grant::Permissions(permissions) => self.profiles_giving(account, *permissions)?,
            Grant::Profiles(names) => self.profiles_named(account, names)?,
        };
        let user = UserRecord::new(account, new, profiles, by);
        let mut batch = Batch::default();
        batch.put(name_key(account, &user.login_name), &user.id)?;
        batch.put(user_key(account, user.id), &user)?;
        Activity::new(by, Action::Create, Subject::User, &user.login_name).record(account, &mut batch)?;
        self.store.apply(batch)?;
        drop(writing);
        self.store.flush()?;
        Ok(user)
    }

    /// Changes what a user is called and may do. The caller makes it known.
    pub(crate) fn change_user(
        &self,
        account: &str,
        id: Uuid,
        change: UserChange,
        by: &str,
    ) -> Result<UserRecord, DirectoryError> {
        let writing = self.writing.lock();
        let missing = || DirectoryError::Missing("user", id.to_string());
        let mut user = self.user(account, id)?.ok_or_else(missing)?;
        if let Some(names) = change.profiles {
            user.profiles = self.profiles_named(account, &names)?;
        }
        user.full_name = change.full_name.unwrap_or(user.full_name);
        user.email = change.email.unwrap_or(user.email);
        user.enabled = change.enabled.unwrap_or(user.enabled);
        user.updated_at = now_ms();
        by.clone_into(&mut user.updated_by);
        let mut batch = Batch::default();
        batch.put(user_key(account, id), &user)?;
        Activity::new(by, Action::Update, Subject::User, &user.login_name).record(account, &mut batch)?;
        self.store.apply(batch)?;
        drop(writing);
        self.store.flush()?;
        Ok(user)
    }

    /// Removes a user. Their sessions lead to nobody from then on.
    pub(crate) fn delete_user(&self, account: &str, id: Uuid, by: &str) -> Result<(), DirectoryError> {
        let writing = self.writing.lock();
        let missing = || DirectoryError::Missing("user", id.to_string());
        let user = self.user(account, id)?.ok_or_else(missing)?;
        let mut batch = Batch::default();
        batch.remove(name_key(account, &user.login_name));
        batch.remove(user_key(account, id));
        self.remove_api_keys(account, id, &mut batch)?;
        Activity::new(by, Action::Delete, Subject::User, &user.login_name).record(account, &mut batch)?;
        self.store.apply(batch)?;
        drop(writing);
        self.store.flush()?;
        Ok(())
    }

    /// Gives a user another password. Everything they were logged in with until now is void.
    pub(crate) fn set_password(
        &self,
        account: &str,
        id: Uuid,
        password: String,
        newcomer: bool,
        by: &str,
    ) -> Result<UserRecord, DirectoryError> {
        let writing = self.writing.lock();
        let missing = || DirectoryError::Missing("user", id.to_string());
        let mut user = self.user(account, id)?.ok_or_else(missing)?;
        user.password = password;
        user.newcomer = newcomer;
        user.updated_at = now_ms();
        // Strictly later than any token given out until now, also within one millisecond.
        user.valid_from = user.updated_at.max(user.valid_from) + 1;
        by.clone_into(&mut user.updated_by);
        let mut batch = Batch::default();
        batch.put(user_key(account, id), &user)?;
        Activity::new(by, Action::Update, Subject::Password, &user.login_name).record(account, &mut batch)?;
        self.store.apply(batch)?;
        drop(writing);
        self.store.flush()?;
        Ok(user)
    }
}

/// Where the users of an account begin.
fn users_key(account: &str) -> Key {
    Key::new(Shelf::User, &[b"i", account.as_bytes(), b"\0"])
}

pub(super) fn user_key(account: &str, id: Uuid) -> Key {
    Key::new(Shelf::User, &[b"i", account.as_bytes(), b"\0", id.as_bytes()])
}

/// Which user has a login name.
pub(super) fn name_key(account: &str, login_name: &str) -> Key {
    Key::new(Shelf::User, &[b"n", account.as_bytes(), b"\0", login_name.to_lowercase().as_bytes()])
}
