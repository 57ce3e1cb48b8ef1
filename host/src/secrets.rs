//! The secrets of an account: judged, sealed, opened for those who may, every opening noted.
//!
//! A secret's value is JSON: a string, a number or anything else but null. It is sealed together with what it belongs to
//! (account, key, version and binding), so a record that is moved or changed in the database does not open.
//! Its plain text is in memory only while it is handed over, and never in a log or an error.

mod binding;

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use zeroize::Zeroizing;

use self::binding::Bindings;
pub(crate) use self::binding::{Binding, Bound};
use crate::{
    activity::{Action, Activity, Subject},
    ledger::{Ledger, LedgerError},
    sealing::{Place, Sealed, Sealer},
    store::{Key, StoreError},
};

/// Characters of a key and of a value.
pub(crate) const MAX_KEY: usize = 100;
pub(crate) const MAX_VALUE: usize = 10_000;

/// Reads of one secret by one lambda within this time become one activity with a count.
const READS_TOGETHER: Duration = Duration::from_secs(60);

/// Stable codes of what a lambda is told (contract, section 4).
pub(crate) mod code {
    pub(crate) const NOT_FOUND: &str = "com.liveperson.faas.secret.not-found";
    pub(crate) const INVALID_FORMAT: &str = "com.liveperson.faas.secret.invalid-format";
    pub(crate) const FAILED: &str = "com.liveperson.faas.secret.op-failed";
    pub(crate) const BOUND: &str = "com.liveperson.faas.secret.bound";
}

/// A secret as it is stored.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct SecretRecord {
    pub(crate) account: String,
    pub(crate) key: String,
    /// Counts changes from 1; the optimistic lock of updates.
    pub(crate) version: u64,
    pub(crate) sealed: Sealed,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) binding: Option<Binding>,
    pub(crate) created_at: u64,
    pub(crate) created_by: String,
    pub(crate) updated_at: u64,
    pub(crate) updated_by: String,
}

/// A value that was judged: JSON text, cleared from memory when it is dropped.
pub(crate) struct SecretValue(Zeroizing<String>);

impl std::fmt::Debug for SecretValue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SecretValue")
    }
}

/// Why something with a secret did not happen.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SecretError {
    #[error("There is no Secret {0} for this account")]
    NotFound(String),
    #[error("Provided Secret Value exceeds allowed length of {MAX_VALUE}")]
    TooLong,
    #[error("{0}")]
    Invalid(String),
    #[error(
        "version {given} of secret `{key}` is not the newest, which is {newest}; read it again and repeat the change"
    )]
    Stale { key: String, given: u64, newest: u64 },
    #[error("there is a secret `{0}` already; change it, or choose another key")]
    Taken(String),
    #[error(
        "this account has {0} secrets, which is the limit; delete one first, or ask the operator for more"
    )]
    TooMany(usize),
    #[error(
        "the secret `{key}` goes with requests to `{host}`, where the server puts it into the header `{header}`; no function can read it"
    )]
    Bound { key: String, host: String, header: String },
    /// The host's own trouble: for the log, never for a lambda.
    #[error("{0}")]
    Failed(String),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl SecretError {
    /// The code a lambda is told.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::NotFound(_) => code::NOT_FOUND,
            Self::TooLong | Self::Invalid(_) => code::INVALID_FORMAT,
            Self::Bound { .. } => code::BOUND,
            Self::Stale { .. } | Self::Taken(_) | Self::TooMany(_) | Self::Failed(_) | Self::Store(_) => {
                code::FAILED
            }
        }
    }

    /// What a lambda is told. The host's own troubles stay in its log.
    pub(crate) fn told(&self) -> String {
        match self {
            Self::Failed(_) | Self::Store(_) => "the server could not carry out the operation".to_owned(),
            other => other.to_string(),
        }
    }
}

impl From<LedgerError> for SecretError {
    fn from(error: LedgerError) -> Self {
        match error {
            LedgerError::Store(error) => Self::Store(error),
            other => Self::Failed(other.to_string()),
        }
    }
}

impl SecretValue {
    /// Judges JSON text.
    pub(crate) fn parse(json: &str) -> Result<Self, SecretError> {
        let json = json.trim();
        let invalid = |why: &str| SecretError::Invalid(format!("`value` {why}"));
        // The parser's own words may quote what it stumbled over.
        let value: serde_json::Value =
            serde_json::from_str(json).map_err(|_| invalid("is not JSON that can be kept"))?;
        let characters = match &value {
            serde_json::Value::Null => return Err(invalid("must be a string, a number or JSON, not null")),
            serde_json::Value::String(text) => text.chars().count(),
            _ => json.chars().count(),
        };
        let kept = Zeroizing::new(json.to_owned());
        drop(Cleared(value));
        if characters > MAX_VALUE { Err(SecretError::TooLong) } else { Ok(Self(kept)) }
    }

    /// The JSON text.
    pub(crate) fn json(&self) -> &str {
        &self.0
    }
}

/// A tree whose strings are cleared when it is dropped.
struct Cleared(serde_json::Value);

impl Drop for Cleared {
    fn drop(&mut self) {
        fn clear(value: &mut serde_json::Value) {
            match value {
                serde_json::Value::String(text) => zeroize::Zeroize::zeroize(text),
                serde_json::Value::Array(values) => values.iter_mut().for_each(clear),
                serde_json::Value::Object(members) => members.values_mut().for_each(clear),
                _ => {}
            }
        }
        clear(&mut self.0);
    }
}

/// Judges the key of a secret.
pub(crate) fn judge_key(key: &str) -> Result<(), SecretError> {
    let plain = key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-');
    if key.is_empty() || key.len() > MAX_KEY || !plain {
        return Err(SecretError::Invalid(format!(
            "`key` must be 1 to {MAX_KEY} letters, digits, underscores or hyphens"
        )));
    }
    Ok(())
}

/// Everything a sealed value belongs to.
pub(crate) fn place_of(account: &str, key: &str, version: u64, binding: Option<&Binding>) -> Place {
    let version = version.to_be_bytes();
    let (host, header) = binding.map_or(("", ""), |binding| (binding.host.as_str(), binding.header.as_str()));
    Place::new(&[
        b"lambkin secret 1",
        account.as_bytes(),
        key.as_bytes(),
        &version,
        host.as_bytes(),
        header.as_bytes(),
    ])
}

/// The secrets of all accounts. All methods block.
#[derive(Debug)]
pub(crate) struct Secrets {
    ledger: Arc<Ledger>,
    sealer: Sealer,
    bindings: Bindings,
    reads: Mutex<HashMap<(String, String, Uuid), Reads>>,
}

/// Reads of a secret by a lambda that are told of together.
#[derive(Debug)]
struct Reads {
    since: Instant,
    place: Key,
    activity: Activity,
    written: u64,
}

impl Secrets {
    /// Reads into memory what is bound to hosts.
    pub(crate) fn open(ledger: Arc<Ledger>, sealer: Sealer) -> Result<Self, StoreError> {
        let bindings = Bindings::open(&ledger)?;
        Ok(Self { ledger, sealer, bindings, reads: Mutex::default() })
    }

    /// A secret, still sealed.
    pub(crate) fn record(&self, account: &str, key: &str) -> Result<SecretRecord, SecretError> {
        let record = self.ledger.secret(account, key)?;
        record.ok_or_else(|| SecretError::NotFound(shown(key)))
    }

    /// Writes a new secret.
    pub(crate) fn create(
        &self,
        account: &str,
        key: &str,
        value: &SecretValue,
        binding: Option<Binding>,
        by: &str,
    ) -> Result<SecretRecord, SecretError> {
        judge_key(key)?;
        let now = crate::lambda::now_ms();
        let place = place_of(account, key, 1, binding.as_ref());
        let record = SecretRecord {
            account: account.to_owned(),
            key: key.to_owned(),
            version: 1,
            sealed: self.seal(&place, value)?,
            binding,
            created_at: now,
            created_by: by.to_owned(),
            updated_at: now,
            updated_by: by.to_owned(),
        };
        self.ledger.create_secret(&record)?;
        self.bindings.renew(&self.ledger, account, key)?;
        Ok(record)
    }

    /// Writes a new value over version `given` of a secret.
    pub(crate) fn replace(
        &self,
        account: &str,
        key: &str,
        given: u64,
        value: &SecretValue,
        binding: Option<Binding>,
        by: &str,
    ) -> Result<SecretRecord, SecretError> {
        let before = self.record(account, key)?;
        let stale = SecretError::Stale { key: key.to_owned(), given, newest: before.version };
        let Some(version) = given.checked_add(1).filter(|_| given == before.version) else {
            return Err(stale);
        };
        let place = place_of(account, key, version, binding.as_ref());
        let record = SecretRecord {
            version,
            sealed: self.seal(&place, value)?,
            binding,
            updated_at: crate::lambda::now_ms(),
            updated_by: by.to_owned(),
            ..before
        };
        self.ledger.replace_secret(&record)?;
        self.bindings.renew(&self.ledger, account, key)?;
        Ok(record)
    }

    /// Removes a secret.
    pub(crate) fn delete(&self, account: &str, key: &str, by: &str) -> Result<(), SecretError> {
        self.ledger.delete_secret(account, key, by)?;
        Ok(self.bindings.renew(&self.ledger, account, key)?)
    }

    /// The value of a secret for a person. That they saw it is on the disk before they do.
    pub(crate) fn show(
        &self,
        account: &str,
        key: &str,
        by: &str,
    ) -> Result<(SecretRecord, SecretValue), SecretError> {
        let record = self.record(account, key)?;
        let value = self.opened(&record)?;
        let mut activity = Activity::new(by, Action::Read, Subject::Secret, key);
        activity.version = Some(record.version);
        self.ledger.note(account, &activity)?;
        Ok((record, value))
    }

    /// The value of a secret for a lambda, never cached. Noted before it is handed over; many reads by one lambda
    /// become one note with a count. What is bound to a host is for that host alone.
    pub(crate) fn read(&self, account: &str, key: &str, lambda: Uuid) -> Result<SecretValue, SecretError> {
        let record = self.record(account, key)?;
        if let Some(Binding { host, header }) = record.binding {
            return Err(SecretError::Bound { key: record.key, host: host.as_str().to_owned(), header });
        }
        let value = self.opened(&record)?;
        self.note_read(account, key, lambda, record.version)?;
        Ok(value)
    }

    /// The keys of the secrets that requests of an account's lambdas to a host carry. Waits for no disk.
    pub(crate) fn bound_keys(&self, account: &str, host: &str) -> Vec<String> {
        self.bindings.keys(account, host)
    }

    /// Those of some secrets that a lambda's request to a host carries, in the same order. Each is noted as read by the
    /// lambda before it is handed over.
    pub(crate) fn bound(
        &self,
        account: &str,
        host: &str,
        keys: &[String],
        lambda: Uuid,
    ) -> Result<Vec<Bound>, SecretError> {
        let mut found = Vec::new();
        for key in keys {
            // Deleted or bound elsewhere a moment ago.
            let Some(record) = self.ledger.secret(account, key)? else { continue };
            let Some(binding) = record.binding.as_ref().filter(|binding| binding.host.as_str() == host)
            else {
                continue;
            };
            let (header, value) = (binding.header.clone(), self.opened(&record)?);
            self.note_read(account, key, lambda, record.version)?;
            found.push(Bound { header, value });
        }
        Ok(found)
    }

    /// A new value of a secret by a lambda, whatever its version is.
    pub(crate) fn update(
        &self,
        account: &str,
        key: &str,
        json: &str,
        lambda: Uuid,
    ) -> Result<SecretRecord, SecretError> {
        let value = SecretValue::parse(json)?;
        let by = format!("lambda {lambda}");
        loop {
            let before = self.record(account, key)?;
            // What is bound must stay fit for its header.
            let binding = match before.binding {
                Some(bound) => Some(Binding::judge(bound.host.as_str(), &bound.header, &value)?),
                None => None,
            };
            match self.replace(account, key, before.version, &value, binding, &by) {
                // Somebody else was faster; the version tells that it was somebody's success.
                Err(SecretError::Stale { .. }) => {}
                outcome => return outcome,
            }
        }
    }

    /// Writes down the counts that are not on the disk yet.
    pub(crate) fn write_counts(&self) -> Result<(), StoreError> {
        let mut reads = self.reads.lock();
        let mut wrote = false;
        for counted in reads.values_mut() {
            wrote |= self.write_count(counted)?;
        }
        reads.retain(|_, counted| counted.since.elapsed() < READS_TOGETHER);
        drop(reads);
        if wrote { self.ledger.flush() } else { Ok(()) }
    }

    fn note_read(&self, account: &str, key: &str, lambda: Uuid, version: u64) -> Result<(), StoreError> {
        let mut reads = self.reads.lock();
        let who = (account.to_owned(), key.to_owned(), lambda);
        if let Some(counted) = reads.get_mut(&who) {
            if counted.since.elapsed() < READS_TOGETHER && counted.activity.version == Some(version) {
                counted.activity.count += 1;
                return Ok(());
            }
            self.write_count(counted)?;
        }
        let by = format!("lambda {lambda}");
        let mut activity = Activity::new(&by, Action::Read, Subject::Secret, key);
        activity.version = Some(version);
        let place = activity.key(account);
        let mut counted = Reads { since: Instant::now(), place, activity, written: 0 };
        self.write_count(&mut counted)?;
        reads.insert(who, counted);
        Ok(())
    }

    fn write_count(&self, counted: &mut Reads) -> Result<bool, StoreError> {
        let fresh = counted.written < counted.activity.count;
        if fresh {
            self.ledger.renote(counted.place.clone(), &counted.activity)?;
            counted.written = counted.activity.count;
        }
        Ok(fresh)
    }

    fn seal(&self, place: &Place, value: &SecretValue) -> Result<Sealed, SecretError> {
        self.sealer
            .seal(place, value.json().as_bytes())
            .map_err(|error| SecretError::Failed(error.to_string()))
    }

    fn opened(&self, record: &SecretRecord) -> Result<SecretValue, SecretError> {
        let place = place_of(&record.account, &record.key, record.version, record.binding.as_ref());
        let failed = |error: &dyn std::fmt::Display| {
            SecretError::Failed(format!("secret `{}` of account {}: {error}", record.key, record.account))
        };
        let text = self.sealer.open(&place, &record.sealed).map_err(|error| failed(&error))?;
        let text = std::str::from_utf8(&text).map_err(|_| failed(&"its value is not text"))?;
        Ok(SecretValue(Zeroizing::new(text.to_owned())))
    }
}

/// A key as it may stand in a message.
fn shown(key: &str) -> String {
    key.chars().take(MAX_KEY).map(|c| if c.is_control() { '?' } else { c }).collect()
}

#[cfg(test)]
#[path = "secrets_tests.rs"]
mod tests;
