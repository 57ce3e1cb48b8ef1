//! Values that are looked up on every call and added seldom: found without a lock, whoever is adding.
//!
//! Cut into shards, each a small map behind an `ArcSwap`, as the [`crate::registry`] is and for the same reason.

use std::{
    collections::HashMap,
    fmt,
    hash::{BuildHasher, Hash, RandomState},
    sync::Arc,
};

use arc_swap::ArcSwap;

const SHARDS: usize = 64;

type Shard<K, V> = HashMap<K, Arc<V>>;

/// A map for many readers.
pub(crate) struct Snapshot<K, V> {
    shards: Box<[ArcSwap<Shard<K, V>>]>,
    hasher: RandomState,
}

impl<K, V> fmt::Debug for Snapshot<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Snapshot").finish_non_exhaustive()
    }
}

impl<K: Clone + Eq + Hash, V> Snapshot<K, V> {
    pub(crate) fn new() -> Self {
        let shards = (0..SHARDS).map(|_| ArcSwap::from_pointee(Shard::new())).collect();
        Self { shards, hasher: RandomState::new() }
    }

    fn shard<Q: Hash + ?Sized>(&self, key: &Q) -> &ArcSwap<Shard<K, V>> {
        // The remainder is smaller than the number of shards.
        let at = self.hasher.hash_one(key) % SHARDS as u64;
        &self.shards[usize::try_from(at).unwrap_or(0)]
    }

    /// Calls `then` with the value of a key, without counting a reference.
    pub(crate) fn with<Q, T>(&self, key: &Q, then: impl FnOnce(Option<&V>) -> T) -> T
    where
        K: std::borrow::Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        then(self.shard(key).load().get(key).map(|value| &**value))
    }

    /// The value of a key; made the first time.
    pub(crate) fn get_or_insert<Q>(&self, key: &Q, own: impl Fn(&Q) -> K, make: impl Fn() -> V) -> Arc<V>
    where
        K: std::borrow::Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        let shard = self.shard(key);
        if let Some(value) = shard.load().get(key) {
            return Arc::clone(value);
        }
        let fresh = Arc::new(make());
        shard.rcu(|shard| {
            let mut next = Shard::clone(shard);
            next.entry(own(key)).or_insert_with(|| Arc::clone(&fresh));
            next
        });
        // Whoever came first has the place.
        shard.load().get(key).map_or(fresh, Arc::clone)
    }

    /// Removes a key.
    pub(crate) fn remove<Q>(&self, key: &Q)
    where
        K: std::borrow::Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        self.shard(key).rcu(|shard| {
            let mut next = Shard::clone(shard);
            next.remove(key);
            next
        });
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn the_first_value_of_a_key_stays_for_all_who_race() {
        let snapshot: Snapshot<Arc<str>, AtomicUsize> = Snapshot::new();
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for n in 0..100 {
                        let key = format!("k{n}");
                        let value =
                            snapshot.get_or_insert(key.as_str(), |key| key.into(), AtomicUsize::default);
                        value.fetch_add(1, Ordering::Relaxed);
                    }
                });
            }
        });
        let mut sum = 0;
        for n in 0..100 {
            let one =
                snapshot.with(format!("k{n}").as_str(), |value| value.map(|v| v.load(Ordering::Relaxed)));
            sum += one.unwrap();
        }
        assert_eq!(sum, 400);
        assert!(snapshot.with("k1", |value| value.is_some()));
        snapshot.remove("k1");
        assert!(snapshot.with("k1", |value| value.is_none()));
    }
}
