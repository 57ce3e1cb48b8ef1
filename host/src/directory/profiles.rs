//! Profiles: what users are allowed to do, by name.

use uuid::Uuid;

use super::{Directory, records::ProfileRecord, records::UserRecord};
use crate::{
    auth::Permissions,
    lambda::now_ms,
    store::{Key, Shelf, StoreError, read},
};

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

pub(super) fn profile_key(account: &str, id: Uuid) -> Key {
    Key::new(Shelf::Profile, &[account.as_bytes(), b"\0", id.as_bytes()])
}
