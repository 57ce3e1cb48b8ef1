//! What is written down about accounts and people.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::auth::Permissions;

/// A tenant.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct AccountRecord {
    pub(crate) id: String,
    pub(crate) name: String,
    /// A disabled account lets nobody in; what it has stays.
    pub(crate) enabled: bool,
    pub(crate) created_at: u64,
    pub(crate) created_by: String,
    pub(crate) updated_at: u64,
    pub(crate) updated_by: String,
}

/// A named set of permissions that users are given.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ProfileRecord {
    pub(crate) id: Uuid,
    pub(crate) account: String,
    pub(crate) name: String,
    pub(crate) permissions: Permissions,
    pub(crate) created_at: u64,
    pub(crate) created_by: String,
    pub(crate) updated_at: u64,
    pub(crate) updated_by: String,
}

/// Somebody who can log in.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct UserRecord {
    pub(crate) id: Uuid,
    pub(crate) account: String,
    /// As it was written; two that differ only in case are the same.
    pub(crate) login_name: String,
    pub(crate) full_name: String,
    pub(crate) email: String,
    pub(crate) profiles: Vec<Uuid>,
    pub(crate) enabled: bool,
    /// Argon2id in the PHC string format.
    pub(crate) password: String,
    /// The password was given by somebody else and has to be replaced.
    pub(crate) newcomer: bool,
    /// Sessions and tokens from before this moment are void.
    pub(crate) valid_from: u64,
    pub(crate) created_at: u64,
    pub(crate) created_by: String,
    pub(crate) updated_at: u64,
    pub(crate) updated_by: String,
}

/// A log-in that has not ended. Found by the hash of its token, which is stored nowhere.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct SessionRecord {
    pub(crate) account: String,
    pub(crate) user: Uuid,
    /// SHA-256, in hex.
    pub(crate) csrf: String,
    /// The API key it began with, whose end is its end too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) api_key: Option<String>,
    pub(crate) created_at: u64,
    pub(crate) expires_at: u64,
}
