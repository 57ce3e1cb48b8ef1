//! The narrow door to the database: bytes under keys, batches that are written whole or not at all.
//!
//! Everything precious (metadata and sources) goes through [`Store`]; what the bytes mean is the business of
//! [`crate::ledger`]. Nothing outside `store/` knows which database it is.

mod aside;
mod disk;
#[cfg(test)]
pub(crate) mod faulty;
mod mark;
mod sled_store;

use serde::{Serialize, de::DeserializeOwned};
pub(crate) use sled_store::SledStore;

/// The first byte of every record: the version of its format.
const RECORD_FORMAT: u8 = 1;

/// What went wrong in the store. All of them are the host's trouble, never the caller's.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StoreError {
    /// The database or the disk refused.
    #[error("the database refused: {0}")]
    Backend(String),
    /// A write failed, now or earlier; only opening the database again tells what the disk holds.
    #[error("storage failed, restart the server: {0}")]
    Failed(String),
    /// A record is not what this version writes.
    #[error("record {key}: {why}")]
    Record { key: String, why: String },
}

/// The kinds of record; the first byte of their keys, so that each kind is one contiguous range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Shelf {
    /// An account: its id.
    Account = b'a',
    /// An app that gets tokens: account, client id.
    App = b'i',
    /// What somebody did: account, time, number.
    Activity = b'y',
    /// Counted invocations: `l`, lambda id, block of minutes; or `m`, month, account.
    Counter = b'r',
    /// Facts about this server, such as the hash of its token.
    Server = b'c',
    /// One deployment of a lambda: lambda id, sequence number.
    Deployment = b'd',
    /// Which lambdas have an event: account, event id, lambda id.
    EventPlace = b'f',
    /// The lambda itself: lambda id.
    Lambda = b'l',
    /// Which lambda has a name: account, name.
    Name = b'n',
    /// What a lambda was at a save: lambda id, version.
    Version = b'v',
    /// A profile: account, id.
    Profile = b'p',
    /// When a lambda runs by itself: account, schedule id.
    Schedule = b'h',
    /// A secret, sealed: account, key.
    Secret = b'e',
    /// A source: lambda id, hash.
    Source = b's',
    /// The domains of an account: account.
    Whitelist = b'w',
    /// A session: hash of its token.
    Session = b'g',
    /// A key that tokens are signed with: its id.
    SigningKey = b'k',
    /// What users agreed to: `g`, account, id; and by their hashes: codes `c`, access tokens `a`, refresh tokens `r`.
    Token = b't',
    /// A user: `i`, account, id; or the id under a login name: `n`, account, name; or an API key: `k`, account,
    /// key.
    User = b'u',
}

/// Where a record lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Key(Vec<u8>);

impl Key {
    /// The key of a record, or the start of the keys of several, from its parts in order.
    pub(crate) fn new(shelf: Shelf, parts: &[&[u8]]) -> Self {
        let mut bytes = vec![shelf as u8];
        for part in parts {
            bytes.extend_from_slice(part);
        }
        Self(bytes)
    }

    /// A key as a scan shows it.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Self {
        Self(bytes.to_vec())
    }

    /// The smallest key behind all that start with this one.
    fn behind(&self) -> Option<Self> {
        let mut bytes = self.0.clone();
        while let Some(last) = bytes.pop() {
            if let Some(next) = last.checked_add(1) {
                bytes.push(next);
                return Some(Self(bytes));
            }
        }
        None
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// Writes that happen together or not at all.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    writes: Vec<(Key, Option<Vec<u8>>)>,
}

impl Batch {
    /// Writes a record.
    pub(crate) fn put<T: Serialize>(&mut self, key: Key, record: &T) -> Result<(), StoreError> {
        let mut bytes = vec![RECORD_FORMAT];
        serde_json::to_writer(&mut bytes, record)
            .map_err(|why| StoreError::Record { key: readable(key.as_bytes()), why: why.to_string() })?;
        self.writes.push((key, Some(bytes)));
        Ok(())
    }

    /// Removes a record.
    pub(crate) fn remove(&mut self, key: Key) {
        self.writes.push((key, None));
    }
}

/// Called with each key and value of a scan.
pub(crate) type Visit<'a> = dyn FnMut(&[u8], &[u8]) -> Result<(), StoreError> + 'a;

/// Called with each key and value of a scan that may end early; returns whether to go on.
pub(crate) type VisitSome<'a> = dyn FnMut(&[u8], &[u8]) -> Result<bool, StoreError> + 'a;

/// A database, as narrow as we need it. All calls may block on the disk.
pub(crate) trait Store: Send + Sync + 'static {
    /// The bytes under a key.
    fn get(&self, key: &Key) -> Result<Option<Vec<u8>>, StoreError>;
    /// Visits every record whose key starts with `prefix`, in key order.
    fn scan(&self, prefix: &Key, visit: &mut Visit<'_>) -> Result<(), StoreError>;
    /// Visits the records whose key starts with `prefix` backwards, those before `before` if it is given, until it is
    /// told to stop with `false`.
    fn scan_back(
        &self,
        prefix: &Key,
        before: Option<&Key>,
        visit: &mut VisitSome<'_>,
    ) -> Result<(), StoreError>;
    /// Makes a batch visible, whole or not at all, also across a crash. Durable only after [`Store::flush`].
    fn apply(&self, batch: Batch) -> Result<(), StoreError>;
    /// Returns when everything applied so far is on the disk.
    fn flush(&self) -> Result<(), StoreError>;
    /// Whether it still takes writes. Once it does not, it never does again.
    fn healthy(&self) -> bool;
}

/// Reads one record.
pub(crate) fn read<T: DeserializeOwned>(store: &dyn Store, key: &Key) -> Result<Option<T>, StoreError> {
    store.get(key)?.map(|bytes| decode(key.as_bytes(), &bytes)).transpose()
}

/// Reads every record under a prefix.
pub(crate) fn visit<T: DeserializeOwned>(
    store: &dyn Store,
    prefix: &Key,
    mut each: impl FnMut(T) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    store.scan(prefix, &mut |key, bytes| each(decode(key, bytes)?))
}

/// Reads a record that a scan shows.
pub(crate) fn decode<T: DeserializeOwned>(key: &[u8], bytes: &[u8]) -> Result<T, StoreError> {
    let broken = |why: String| StoreError::Record { key: readable(key), why };
    match bytes.split_first() {
        Some((&RECORD_FORMAT, json)) => {
            serde_json::from_slice(json).map_err(|error| broken(error.to_string()))
        }
        Some((format, _)) => {
            Err(broken(format!("format {format}, but this lambkin reads format {RECORD_FORMAT}")))
        }
        None => Err(broken("is empty".to_owned())),
    }
}

/// A key as it may stand in a message.
fn readable(key: &[u8]) -> String {
    key.iter().flat_map(|&byte| std::ascii::escape_default(byte)).map(char::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open() -> (tempfile::TempDir, SledStore) {
        let dir = tempfile::tempdir().unwrap();
        let store = SledStore::open(&dir.path().join("database")).unwrap();
        (dir, store)
    }

    #[test]
    fn a_batch_is_read_back_after_reopening() {
        let (dir, store) = open();
        let key = |name: &str| Key::new(Shelf::Name, &[name.as_bytes()]);
        let mut batch = Batch::default();
        batch.put(key("a"), &1_u32).unwrap();
        batch.put(key("b"), &2_u32).unwrap();
        store.apply(batch).unwrap();
        let mut batch = Batch::default();
        batch.remove(key("a"));
        store.apply(batch).unwrap();
        store.flush().unwrap();
        drop(store);
        let store = SledStore::open(&dir.path().join("database")).unwrap();
        assert_eq!(read::<u32>(&store, &key("a")).unwrap(), None);
        assert_eq!(read::<u32>(&store, &key("b")).unwrap(), Some(2));
    }

    #[test]
    fn a_scan_sees_its_shelf_only_and_in_order() {
        let (_dir, store) = open();
        let mut batch = Batch::default();
        for n in [3_u8, 1, 2] {
            batch.put(Key::new(Shelf::Deployment, &[b"x", &[n]]), &n).unwrap();
        }
        batch.put(Key::new(Shelf::Deployment, &[b"y", &[9]]), &9_u8).unwrap();
        batch.put(Key::new(Shelf::Lambda, &[b"x"]), &7_u8).unwrap();
        store.apply(batch).unwrap();
        let mut seen = Vec::new();
        visit(&store, &Key::new(Shelf::Deployment, &[b"x"]), |n: u8| {
            seen.push(n);
            Ok(())
        })
        .unwrap();
        assert_eq!(seen, [1, 2, 3]);
    }

    #[test]
    fn a_scan_back_sees_its_shelf_only_and_stops_when_told() {
        let (_dir, store) = open();
        let mut batch = Batch::default();
        for (prefix, n) in [(b"x", 1), (b"x", 2), (b"x", 255), (b"y", 1), (b"w", 9)] {
            batch.put(Key::new(Shelf::Deployment, &[prefix, &[n]]), &n).unwrap();
        }
        store.apply(batch).unwrap();
        let seen = |before: Option<u8>, most: usize| {
            let mut seen = Vec::new();
            let before = before.map(|n| Key::new(Shelf::Deployment, &[b"x", &[n]]));
            let prefix = Key::new(Shelf::Deployment, &[b"x"]);
            store
                .scan_back(&prefix, before.as_ref(), &mut |key, bytes| {
                    seen.push(decode::<u8>(key, bytes)?);
                    Ok(seen.len() < most)
                })
                .unwrap();
            seen
        };
        assert_eq!(seen(None, 9), [255, 2, 1]);
        assert_eq!(seen(Some(255), 9), [2, 1]);
        assert_eq!(seen(None, 2), [255, 2]);
        assert!(seen(Some(0), 9).is_empty());
        assert_eq!(Key(vec![1, 255, 255]).behind(), Some(Key(vec![2])));
        assert_eq!(Key(vec![255]).behind(), None);
        // Before its own beginning there is nothing, however the bounds lie.
        let other = Key(vec![0]);
        store.scan_back(&Key::new(Shelf::Deployment, &[]), Some(&other), &mut |_, _| unreachable!()).unwrap();
    }

    #[test]
    fn a_record_of_a_newer_format_is_refused_by_name() {
        let error = decode::<u32>(b"lx", &[2, b'1']).unwrap_err();
        assert_eq!(error.to_string(), "record lx: format 2, but this lambkin reads format 1");
        assert!(decode::<u32>(b"lx", &[]).is_err());
        assert!(decode::<u32>(b"lx", &[1, b'{']).is_err());
    }
}
