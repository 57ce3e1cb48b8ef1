//! Accounts: made by the operator, with the four profiles everybody starts from and a first user.

use super::{
    Directory, DirectoryError, OPERATORS,
    profiles::profile_key,
    records::{AccountRecord, ProfileRecord, UserRecord},
    users::{NewUser, name_key, user_key},
};
use crate::{
    activity::{Action, Activity, Subject},
    auth::Permissions,
    lambda::now_ms,
    store::{Batch, Key, Shelf, StoreError, read, visit},
};

/// The profiles of a new account.
const PROFILES: [(&str, Permissions); 4] = [
    ("Administrator", Permissions::LPA),
    ("FaaS-Admin", Permissions::ADMIN),
    ("FaaS-Developer", Permissions::DEVELOPER),
    ("FaaS-Invocation", Permissions::INVOCATION),
];

impl Directory {
    pub(crate) fn account(&self, id: &str) -> Result<Option<AccountRecord>, StoreError> {
        read(&*self.store, &account_key(id))
    }

    /// Visits every account of a customer.
    pub(crate) fn each_account(
        &self,
        mut each: impl FnMut(AccountRecord) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        visit(&*self.store, &Key::new(Shelf::Account, &[]), |account: AccountRecord| {
            if account.id == OPERATORS { Ok(()) } else { each(account) }
        })
    }

    /// Makes an account with its users; each has the permissions asked for by way of the profile that has them.
    pub(crate) fn create_account(
        &self,
        id: &str,
        name: &str,
        users: Vec<(NewUser, Permissions)>,
        by: &str,
    ) -> Result<Vec<UserRecord>, DirectoryError> {
        let writing = self.writing.lock();
        if self.account(id)?.is_some() {
            return Err(DirectoryError::Taken("account", id.to_owned()));
        }
        let now = now_ms();
        let mut batch = Batch::default();
        let account = AccountRecord {
            id: id.to_owned(),
            name: name.to_owned(),
            enabled: true,
            created_at: now,
            created_by: by.to_owned(),
            updated_at: now,
            updated_by: by.to_owned(),
        };
        batch.put(account_key(id), &account)?;
        let profiles = PROFILES.map(|(name, permissions)| ProfileRecord::new(id, name, permissions, by));
        for profile in &profiles {
            batch.put(profile_key(id, profile.id), profile)?;
        }
        let mut made = Vec::new();
        for (new, permissions) in users {
            let wanted = profiles.iter().filter(|profile| profile.permissions.meets(permissions));
            let user = UserRecord::new(id, new, wanted.map(|profile| profile.id).collect(), by);
            batch.put(name_key(id, &user.login_name), &user.id)?;
            batch.put(user_key(id, user.id), &user)?;
            Activity::new(by, Action::Create, Subject::User, &user.login_name).record(id, &mut batch)?;
            made.push(user);
        }
        Activity::new(by, Action::Create, Subject::Account, id).record(id, &mut batch)?;
        self.store.apply(batch)?;
        drop(writing);
        self.store.flush()?;
        Ok(made)
    }
}

pub(super) fn account_key(id: &str) -> Key {
    Key::new(Shelf::Account, &[id.as_bytes()])
}
