//! Secrets that the host adds to requests by itself, so that no lambda needs to see them: where they go, and which
//! there are for a host.

use std::collections::{BTreeMap, HashMap};

use parking_lot::{Mutex, RwLock};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{SecretError, SecretRecord, SecretValue};
use crate::{domain::Domain, egress::is_ours, ledger::Ledger, store::StoreError};

/// Characters of the name of a header field a secret is bound to.
const MAX_HEADER: usize = 100;

/// Header fields that say something of the body or the way, not who asks; besides those that the client writes itself.
const NOT_FOR_SECRETS: [&str; 4] = ["content-encoding", "content-type", "via", "x-request-id"];

/// Where the host puts a secret: a header field of requests to a host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Binding {
    pub(crate) host: Domain,
    pub(crate) header: String,
}

/// A secret as a request to its host carries it.
#[derive(Debug)]
pub(crate) struct Bound {
    pub(crate) header: String,
    pub(crate) value: SecretValue,
}

impl Binding {
    /// Judges where a value is to be put.
    pub(crate) fn judge(host: &str, header: &str, value: &SecretValue) -> Result<Self, SecretError> {
        let host = Domain::parse(host, false)
            .map_err(|broken| SecretError::Invalid(format!("`host`: {broken}").replace("`domain`", "it")))?;
        let header = header.trim().to_ascii_lowercase();
        let named = axum::http::HeaderName::from_bytes(header.as_bytes()).is_ok();
        if !named || header.len() > MAX_HEADER || header.starts_with("proxy-") {
            return Err(SecretError::Invalid(format!(
                "`header` must be the name of a header field of at most {MAX_HEADER} characters"
            )));
        }
        if is_ours(&header) || NOT_FOR_SECRETS.contains(&header.as_str()) {
            return Err(SecretError::Invalid(format!(
                "`header` cannot be `{header}`, which the server sets itself"
            )));
        }
        if !value
            .text()
            .is_some_and(|text| !text.is_empty() && text.bytes().all(|byte| (b' '..=b'~').contains(&byte)))
        {
            return Err(SecretError::Invalid(
                "`value` of a secret that is bound to a header must be a string of printable ASCII characters".to_owned(),
            ));
        }
        Ok(Self { host, header })
    }
}

impl SecretValue {
    /// The text, when the value is a string.
    pub(crate) fn text(&self) -> Option<Zeroizing<String>> {
        serde_json::from_str(self.json()).ok().map(Zeroizing::new)
    }
}

/// Which secrets are bound, by account: asked for every request that leaves, so it is known without the disk.
#[derive(Debug)]
pub(super) struct Bindings {
    accounts: RwLock<HashMap<Box<str>, BTreeMap<String, Binding>>>,
    /// Held while what is stored is read and taken over, so that of two changes the later one is what is known.
    renewing: Mutex<()>,
}

impl Bindings {
    /// Those of all accounts.
    pub(super) fn open(ledger: &Ledger) -> Result<Self, StoreError> {
        let mut accounts = HashMap::new();
        ledger.each_secret_of_all(|record| {
            note(&mut accounts, record);
            Ok(())
        })?;
        Ok(Self { accounts: RwLock::new(accounts), renewing: Mutex::new(()) })
    }

    /// Takes over what is stored of a secret after it was changed.
    pub(super) fn renew(&self, ledger: &Ledger, account: &str, key: &str) -> Result<(), StoreError> {
        let _renewing = self.renewing.lock();
        let stored = ledger.secret(account, key)?.filter(|record| record.binding.is_some());
        let known = self.accounts.read().get(account).is_some_and(|bound| bound.contains_key(key));
        if stored.is_none() && !known {
            return Ok(());
        }
        let mut accounts = self.accounts.write();
        if let Some(bound) = accounts.get_mut(account) {
            bound.remove(key);
            if bound.is_empty() {
                accounts.remove(account);
            }
        }
        if let Some(record) = stored {
            note(&mut accounts, record);
        }
        Ok(())
    }

    /// The keys of the secrets that requests to a host carry.
    pub(super) fn keys(&self, account: &str, host: &str) -> Vec<String> {
        let accounts = self.accounts.read();
        let bound = accounts.get(account).into_iter().flatten();
        bound.filter(|(_, binding)| binding.host.as_str() == host).map(|(key, _)| key.clone()).collect()
    }
}

fn note(accounts: &mut HashMap<Box<str>, BTreeMap<String, Binding>>, record: SecretRecord) {
    if let Some(binding) = record.binding {
        accounts.entry(record.account.into()).or_default().insert(record.key, binding);
    }
}
