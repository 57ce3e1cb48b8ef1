//! Who did what when: one record for every change, written in the same batch as the change itself, so that there is
//! neither a change without its record nor a record of something that did not happen.

use std::sync::atomic::{AtomicU64, Ordering};

use serde::{Deserialize, Serialize};

use crate::{
    artifacts::hex,
    lambda::{LambdaRecord, now_ms},
    store::{Batch, Key, Shelf, StoreError},
};

/// Activities are kept for so many days: two months.
pub(crate) const KEPT_DAYS: u64 = 61;

/// Bytes of an id: time, number, chance.
const ID: usize = 8 + 8 + 4;

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Action {
    #[serde(alias = "Create")]
    Create,
    #[serde(alias = "Update")]
    Update,
    #[serde(alias = "Delete")]
    Delete,
    /// Served an earlier version again.
    #[serde(alias = "Rollback")]
    Rollback,
    Deploy,
    Undeploy,
    /// Saw the value of a secret.
    Read,
}

/// The kind of thing it was done to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Subject {
    #[serde(alias = "Lambda")]
    Lambda,
    #[serde(alias = "Account")]
    Account,
    #[serde(alias = "User")]
    User,
    #[serde(alias = "Password")]
    Password,
    #[serde(alias = "Schedule")]
    Schedule,
    #[serde(alias = "Whitelist")]
    Whitelist,
    Secret,
    App,
    SigningKey,
    ApiKey,
    /// What a user agreed to with an app.
    Grant,
    Profile,
}

/// One thing somebody did.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Activity {
    /// Milliseconds since the epoch.
    pub(crate) at: u64,
    /// The name of who did it.
    pub(crate) by: String,
    pub(crate) action: Action,
    pub(crate) subject: Subject,
    /// What people call the thing: a function's name, a domain, the key of a secret. Never a secret's value.
    pub(crate) name: String,
    /// Its id, where it has one besides its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) id: Option<String>,
    /// The version it has since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) version: Option<u64>,
    /// How often it was done, where that was soon after each other.
    #[serde(default = "once")]
    pub(crate) count: u64,
    /// Which parts of it an update changed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) changed: Vec<String>,
    /// The unified difference of the sources before and after an update.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) difference: Option<String>,
}

impl Activity {
    pub(crate) fn new(by: &str, action: Action, subject: Subject, name: &str) -> Self {
        Self {
            at: now_ms(),
            by: by.to_owned(),
            action,
            subject,
            name: name.to_owned(),
            id: None,
            version: None,
            count: 1,
            changed: Vec::new(),
            difference: None,
        }
    }

    /// Something done to a lambda, as it is afterwards.
    pub(crate) fn of_lambda(by: &str, action: Action, lambda: &LambdaRecord) -> Self {
        Self {
            id: Some(lambda.uuid.to_string()),
            version: Some(lambda.version),
            ..Self::new(by, action, Subject::Lambda, &lambda.definition.name)
        }
    }

    /// Adds itself to the batch of the change it tells of.
    pub(crate) fn record(&self, account: &str, batch: &mut Batch) -> Result<(), StoreError> {
        batch.put(self.key(account), self)
    }

    /// A fresh place for it, the last of its millisecond.
    pub(crate) fn key(&self, account: &str) -> Key {
        ActivityId::fresh(self.at).key(account)
    }
}

const fn once() -> u64 {
    1
}

/// Which activity of an account. Ids sort by time; what comes in one millisecond keeps its order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ActivityId([u8; ID]);

impl ActivityId {
    fn fresh(at: u64) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let mut id = [0; ID];
        id[..8].copy_from_slice(&at.to_be_bytes());
        id[8..16].copy_from_slice(&NEXT.fetch_add(1, Ordering::Relaxed).to_be_bytes());
        // Chance behind it: the number begins anew with every process, and clocks go backwards.
        id[16..].copy_from_slice(&uuid::Uuid::new_v4().as_bytes()[..4]);
        Self(id)
    }

    /// The id in the key of a record.
    pub(crate) fn of(key: &[u8]) -> Option<Self> {
        key.last_chunk().copied().map(Self)
    }

    /// The id that was shown as this text.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut id = [0; ID];
        if text.len() != ID * 2 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        for (byte, at) in id.iter_mut().zip((0..).step_by(2)) {
            *byte = u8::from_str_radix(text.get(at..at + 2)?, 16).ok()?;
        }
        Some(Self(id))
    }

    /// As it is shown.
    pub(crate) fn text(&self) -> String {
        hex(&self.0)
    }

    /// When it was, in milliseconds since the epoch.
    pub(crate) fn at(&self) -> u64 {
        self.0.first_chunk().map_or(0, |bytes| u64::from_be_bytes(*bytes))
    }

    /// The first id of all that are later than a time.
    pub(crate) fn after(at: u64) -> Self {
        let mut id = [0; ID];
        id[..8].copy_from_slice(&at.saturating_add(1).to_be_bytes());
        Self(id)
    }

    pub(crate) fn key(&self, account: &str) -> Key {
        Key::new(Shelf::Activity, &[account.as_bytes(), b"\0", &self.0])
    }
}

/// The beginning of the keys of an account's activities.
pub(crate) fn activities_of(account: &str) -> Key {
    Key::new(Shelf::Activity, &[account.as_bytes(), b"\0"])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_capitals_of_earlier_records_are_read() {
        for (text, action) in [
            ("Create", Action::Create),
            ("Update", Action::Update),
            ("Delete", Action::Delete),
            ("Rollback", Action::Rollback),
        ] {
            assert_eq!(serde_json::from_value::<Action>(text.into()).unwrap(), action);
            assert_eq!(serde_json::to_value(action).unwrap(), text.to_lowercase());
        }
        for (text, subject) in [
            ("Lambda", Subject::Lambda),
            ("Account", Subject::Account),
            ("User", Subject::User),
            ("Password", Subject::Password),
            ("Schedule", Subject::Schedule),
            ("Whitelist", Subject::Whitelist),
        ] {
            assert_eq!(serde_json::from_value::<Subject>(text.into()).unwrap(), subject);
            assert_eq!(serde_json::to_value(subject).unwrap(), text.to_lowercase());
        }
    }

    #[test]
    fn ids_sort_by_time_and_are_read_back() {
        let ids: Vec<ActivityId> = [1, 1, 1, 2].map(ActivityId::fresh).into();
        assert!(ids.windows(2).all(|pair| pair[0].0 < pair[1].0));
        for id in ids {
            assert_eq!(ActivityId::parse(&id.text()), Some(id));
            assert_eq!(ActivityId::of(id.key("a").as_bytes()), Some(id));
        }
        assert!(
            ActivityId::after(1).0 < ActivityId::fresh(2).0
                && ActivityId::after(1).0 > ActivityId::fresh(1).0
        );
        for bad in ["", "0", &"0".repeat(39), &"g".repeat(40), &"é".repeat(20)] {
            assert_eq!(ActivityId::parse(bad), None, "{bad}");
        }
    }
}
