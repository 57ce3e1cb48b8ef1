//! Which domains the lambdas of an account may call. Everything that is not listed is denied.
//!
//! Asked for every outbound request and every hop of a redirect, so it answers from a snapshot in memory: no lock, no
//! disk. A change is in the snapshot before it is acknowledged and thus counts for the next request.
//!
//! An entry `api.example.com` allows that host alone. The star of `*.example.com` stands for exactly one label, as it
//! does in certificates: it allows `a.example.com`, but neither `a.b.example.com` nor `example.com`.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use arc_swap::ArcSwap;
use parking_lot::Mutex;

use crate::{
    domain::{Domain, normal_host},
    ledger::{Ledger, LedgerError},
    store::StoreError,
};

/// One entry, as it is stored and shown.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) struct WhitelistEntry {
    /// Unique within the account and never given twice.
    pub(crate) id: u64,
    pub(crate) domain: Domain,
    /// The domain as it was written by who added it.
    pub(crate) name: String,
}

/// What a whitelist says about a host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The host may be called.
    Allowed,
    /// It may not.
    Denied {
        /// The entry that the host nearly matches: the same domain with or without `www.`, or the wildcard of the
        /// domain itself. What is missing from the whitelist is the host.
        near_miss: Option<String>,
    },
}

/// The whitelists of all accounts.
#[derive(Debug)]
pub(crate) struct Whitelist {
    ledger: Arc<Ledger>,
    /// Whether entries with a star are accepted and count.
    wildcards: bool,
    accounts: ArcSwap<HashMap<Box<str>, Arc<HashSet<String>>>>,
    /// Held while a snapshot is made, so that an older one does not replace a newer one.
    publishing: Mutex<()>,
}

impl Whitelist {
    /// Reads all whitelists into memory.
    pub(crate) fn open(ledger: Arc<Ledger>, wildcards: bool) -> Result<Self, StoreError> {
        let mut accounts = HashMap::new();
        ledger.each_whitelist(|account, entries| {
            accounts.insert(account.into(), Arc::new(snapshot(entries)));
        })?;
        Ok(Self { ledger, wildcards, accounts: ArcSwap::from_pointee(accounts), publishing: Mutex::new(()) })
    }

    /// Whether lambdas of an account may call a host: a name without port, as it stands in a URL.
    pub(crate) fn allows(&self, account: &str, host: &str) -> Verdict {
        let accounts = self.accounts.load();
        match accounts.get(account) {
            Some(domains) => judge(domains, self.wildcards, host),
            None => Verdict::Denied { near_miss: None },
        }
    }

    /// Whether entries with a star are accepted.
    pub(crate) fn wildcards(&self) -> bool {
        self.wildcards
    }

    /// Adds a domain. Blocks; when it returns, the change is on the disk and counts.
    pub(crate) fn add(
        &self,
        account: &str,
        domain: Domain,
        name: String,
        by: &str,
    ) -> Result<WhitelistEntry, LedgerError> {
        let added = self.ledger.whitelist(account, domain, name, by)?;
        self.publish(account)?;
        Ok(added)
    }

    /// Removes a domain, named by its id or by itself. Blocks, as [`Whitelist::add`] does.
    pub(crate) fn remove(&self, account: &str, which: &str, by: &str) -> Result<(), LedgerError> {
        self.ledger.unlist(account, which, by)?;
        Ok(self.publish(account)?)
    }

    fn publish(&self, account: &str) -> Result<(), StoreError> {
        let _publishing = self.publishing.lock();
        let domains = Arc::new(snapshot(self.ledger.whitelisted(account)?));
        let mut next = HashMap::clone(&self.accounts.load());
        next.insert(account.into(), domains);
        self.accounts.store(Arc::new(next));
        Ok(())
    }
}

/// What a list of domains says about a host.
pub(crate) fn judge(domains: &HashSet<String>, wildcards: bool, host: &str) -> Verdict {
    let Some(host) = normal_host(host) else { return Verdict::Denied { near_miss: None } };
    if domains.contains(&host) {
        return Verdict::Allowed;
    }
    if wildcards
        && let Some((_, parent)) = host.split_once('.')
        && domains.contains(&format!("*.{parent}"))
    {
        return Verdict::Allowed;
    }
    let other = match host.strip_prefix("www.") {
        Some(apex) => apex.to_owned(),
        None => format!("www.{host}"),
    };
    let near = [other, format!("*.{host}")];
    Verdict::Denied { near_miss: near.into_iter().find(|near| domains.contains(near)) }
}

fn snapshot(entries: Vec<WhitelistEntry>) -> HashSet<String> {
    entries.into_iter().map(|entry| entry.domain.as_str().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{account_limits::AccountLimits, store::SledStore};

    fn open(wildcards: bool) -> (tempfile::TempDir, Whitelist) {
        let dir = tempfile::tempdir().unwrap();
        let store = SledStore::open(&dir.path().join("database")).unwrap();
        let ledger = Ledger::open(Arc::new(store), AccountLimits::default()).unwrap();
        (dir, Whitelist::open(Arc::new(ledger), wildcards).unwrap())
    }

    fn add(whitelist: &Whitelist, account: &str, domain: &str) {
        whitelist.add(account, Domain::parse(domain, true).unwrap(), domain.to_owned(), "me").unwrap();
    }

    fn near(domain: &str) -> Verdict {
        Verdict::Denied { near_miss: Some(domain.to_owned()) }
    }

    const DENIED: Verdict = Verdict::Denied { near_miss: None };

    #[test]
    fn only_what_is_listed_is_allowed_and_only_to_its_account() {
        let (_dir, whitelist) = open(true);
        add(&whitelist, "a", "api.example.com");
        add(&whitelist, "a", "bücher.example");
        for host in [
            "api.example.com",
            "API.EXAMPLE.COM",
            "api.example.com.",
            "bücher.example",
            "xn--bcher-kva.example",
        ] {
            assert_eq!(whitelist.allows("a", host), Verdict::Allowed, "{host}");
            assert_eq!(whitelist.allows("b", host), DENIED, "{host}");
        }
        for host in [
            "api.example.com.evil.com",
            "evil-api.example.com",
            "evilapi.example.com",
            "a.api.example.com",
            "example.com",
            "user:pass@api.example.com",
            "api.example.com:443",
            "api.example.com/",
            "api.example.com..",
            "api.example.com\0.evil.com",
            "api.example.com%00",
            "api。example.com.evil.com",
            "127.0.0.1",
            "[::1]",
            "2130706433",
            "0x7f.1",
            "",
            ".",
            "*.example.com",
        ] {
            assert_eq!(whitelist.allows("a", host), DENIED, "{host}");
        }
    }

    #[test]
    fn a_near_miss_is_named() {
        let (_dir, whitelist) = open(true);
        add(&whitelist, "a", "www.one.example");
        add(&whitelist, "a", "two.example");
        add(&whitelist, "a", "*.three.example");
        assert_eq!(whitelist.allows("a", "one.example"), near("www.one.example"));
        assert_eq!(whitelist.allows("a", "www.two.example"), near("two.example"));
        assert_eq!(whitelist.allows("a", "three.example"), near("*.three.example"));
        assert_eq!(whitelist.allows("a", "three.two.example"), DENIED);
    }

    #[test]
    fn a_star_is_one_label_and_can_be_switched_off() {
        let (dir, whitelist) = open(true);
        add(&whitelist, "a", "*.example.com");
        assert_eq!(whitelist.allows("a", "a.example.com"), Verdict::Allowed);
        for host in ["a.b.example.com", "example.com.evil.com", "evil-example.com", "com"] {
            assert_eq!(whitelist.allows("a", host), DENIED, "{host}");
        }
        drop(whitelist);
        let store = SledStore::open(&dir.path().join("database")).unwrap();
        let ledger = Ledger::open(Arc::new(store), AccountLimits::default()).unwrap();
        let strict = Whitelist::open(Arc::new(ledger), false).unwrap();
        assert_eq!(strict.allows("a", "a.example.com"), DENIED);
    }

    #[test]
    fn a_change_counts_at_once_and_after_reopening() {
        let (dir, whitelist) = open(true);
        add(&whitelist, "a", "one.example");
        add(&whitelist, "a", "two.example");
        whitelist.remove("a", "one.example", "me").unwrap();
        assert_eq!(whitelist.allows("a", "one.example"), DENIED);
        drop(whitelist);
        let store = SledStore::open(&dir.path().join("database")).unwrap();
        let ledger = Ledger::open(Arc::new(store), AccountLimits::default()).unwrap();
        let whitelist = Whitelist::open(Arc::new(ledger), true).unwrap();
        assert_eq!(whitelist.allows("a", "one.example"), DENIED);
        assert_eq!(whitelist.allows("a", "two.example"), Verdict::Allowed);
    }

    #[test]
    fn two_who_add_at_once_are_both_heard() {
        let (_dir, whitelist) = open(true);
        std::thread::scope(|scope| {
            for writer in 0..8 {
                let whitelist = &whitelist;
                scope.spawn(move || {
                    for n in 0..5 {
                        add(whitelist, "a", &format!("h{n}.w{writer}.example"));
                    }
                });
            }
        });
        for writer in 0..8 {
            for n in 0..5 {
                assert_eq!(whitelist.allows("a", &format!("h{n}.w{writer}.example")), Verdict::Allowed);
            }
        }
    }
}
