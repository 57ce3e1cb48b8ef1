//! Profiles: what users are allowed to do, by name.

use uuid::Uuid;

use super::{Directory, records::ProfileRecord, records::UserRecord};
use crate::{
    auth::Permissions,
    lambda::now_ms,
    store::{Key, Shelf, StoreError, read, visit},
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

pub(super) fn profile_key(account: &str, id: Uuid) -> Key {
    Key::new(Shelf::Profile, &[account.as_bytes(), b"\0", id.as_bytes()])
}
