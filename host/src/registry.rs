//! What is served right now: found without a lock, without the disk, in a time that does not depend on how many.
//!
//! The snapshot is cut into [`SHARDS`] small maps, each behind an `ArcSwap`. A reader takes one atomic load and one
//! hash look-up and never waits for a writer. A writer copies one shard: with 100,000 lambdas that is 400 pointers,
//! a few microseconds, where one big map would copy all of them on every deployment. A concurrent map would do as
//! well; this one needs no further crate, reclaims memory by plain reference counts, and `arc-swap` is what we use
//! for every other value that is read often and replaced seldom.

mod events;

use std::{collections::HashMap, sync::Arc};

use arc_swap::{ArcSwap, ArcSwapOption};
use events::EventIndex;
use lambkin_runtime::Lambda;
use parking_lot::Mutex;
use uuid::Uuid;

use crate::{admission::Gate, artifacts::ContentHash, lambda::DeploymentRecord, loader::Announced};

const SHARDS: usize = 256;

/// One served lambda.
#[derive(Debug)]
pub(crate) struct Deployed {
    pub(crate) account: Arc<str>,
    pub(crate) lambda: Uuid,
    /// The deployment that is served; its record has the inputs to freeze it again.
    pub(crate) sequence: u64,
    /// The event that calls it.
    pub(crate) event: Option<Arc<str>>,
    /// The skills it answers for; none is all.
    pub(crate) skills: Box<[Box<str>]>,
    /// Whether an instance that answered well serves further invocations.
    pub(crate) reuse: bool,
    /// Where its image lies. Only read and written while loading.
    pub(crate) image: Mutex<ContentHash>,
    /// Its places. Handed on from one deployment to the next, so that a redeployment does not double them.
    pub(crate) gate: Arc<Gate>,
    /// The image in memory, ready to thaw; empty until the first call and after an eviction.
    pub(crate) loaded: ArcSwapOption<Loaded>,
    /// The load that is under way, so that a crowd of first calls loads once, and what came of the last one.
    pub(crate) loading: Mutex<LoadHistory>,
}

/// An image in memory.
#[derive(Debug)]
pub(crate) struct Loaded {
    pub(crate) lambda: Lambda,
    /// When it was last used, in ticks of the [`crate::loader::Loader`].
    pub(crate) last_used: std::sync::atomic::AtomicU64,
}

/// What came of earlier attempts to load.
#[derive(Debug, Default)]
pub(crate) struct LoadHistory {
    /// When the last attempt failed.
    pub(crate) failed_at: Option<std::time::Instant>,
    /// Where the load that is under way will say what came of it.
    pub(crate) under_way: Option<Announced>,
}

impl Deployed {
    pub(crate) fn new(
        account: Arc<str>,
        deployment: &DeploymentRecord,
        image: ContentHash,
        gate: Arc<Gate>,
    ) -> Self {
        Self {
            account,
            lambda: deployment.lambda,
            sequence: deployment.sequence,
            event: deployment.event_id.as_deref().map(Into::into),
            skills: deployment.skills.iter().map(|skill| skill.as_str().into()).collect(),
            reuse: deployment.reuse,
            image: Mutex::new(image),
            gate,
            loaded: ArcSwapOption::empty(),
            loading: Mutex::default(),
        }
    }

    /// Whether a call for this skill, or one that names none, is for this function.
    fn answers_for(&self, skill: Option<&str>) -> bool {
        let Some(skill) = skill else { return true };
        self.skills.is_empty() || self.skills.iter().any(|own| **own == *skill)
    }
}

type Shard = HashMap<Uuid, Arc<Deployed>>;

/// All served lambdas.
#[derive(Debug)]
pub(crate) struct Registry {
    shards: Box<[ArcSwap<Shard>]>,
    events: EventIndex,
}

impl Registry {
    /// A registry with what was served when the server went down.
    pub(crate) fn new(served: impl IntoIterator<Item = Deployed>) -> Self {
        let mut shards = vec![Shard::new(); SHARDS];
        for deployed in served {
            shards[shard_of(deployed.lambda)].insert(deployed.lambda, Arc::new(deployed));
        }
        let events = EventIndex::new(shards.iter().flat_map(HashMap::values));
        Self { shards: shards.into_iter().map(ArcSwap::from_pointee).collect(), events }
    }

    /// The served lambda of this id, if it belongs to the account.
    pub(crate) fn look_up(&self, account: &str, lambda: Uuid) -> Option<Arc<Deployed>> {
        let shard = self.shards[shard_of(lambda)].load();
        shard.get(&lambda).filter(|deployed| &*deployed.account == account).cloned()
    }

    /// The served functions of an account for an event, ordered by id. With a skill only those that answer for it:
    /// the ones that have it and the ones that have none.
    pub(crate) fn look_up_event(
        &self,
        account: &str,
        event: &str,
        skill: Option<&str>,
    ) -> Vec<Arc<Deployed>> {
        self.events.look_up(account, event, skill)
    }

    /// Serves this deployment from the next call on; calls in flight end on the one they started with. Deployments
    /// of one lambda come one after the other.
    pub(crate) fn publish(&self, deployed: Arc<Deployed>) {
        let before = self.shards[shard_of(deployed.lambda)].rcu(|shard| {
            let mut next = Shard::clone(shard);
            next.insert(deployed.lambda, Arc::clone(&deployed));
            next
        });
        self.events.replace(before.get(&deployed.lambda), Some(&deployed));
    }

    /// Serves the lambda no longer.
    pub(crate) fn withdraw(&self, lambda: Uuid) {
        let before = self.shards[shard_of(lambda)].rcu(|shard| {
            let mut next = Shard::clone(shard);
            next.remove(&lambda);
            next
        });
        self.events.replace(before.get(&lambda), None);
    }

    /// Lambdas served.
    pub(crate) fn len(&self) -> usize {
        self.shards.iter().map(|shard| shard.load().len()).sum()
    }
}

/// Ids are random, so any byte of them spreads evenly.
fn shard_of(lambda: Uuid) -> usize {
    usize::from(lambda.as_bytes()[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn deployed(account: &str, lambda: u128, sequence: u64) -> Deployed {
        Deployed {
            account: account.into(),
            lambda: Uuid::from_u128(lambda),
            sequence,
            event: None,
            skills: Box::default(),
            reuse: false,
            image: Mutex::new(ContentHash::of(&sequence.to_be_bytes())),
            gate: Arc::new(Gate::new(1, 1)),
            loaded: ArcSwapOption::empty(),
            loading: Mutex::default(),
        }
    }

    #[test]
    fn what_was_published_last_is_found_by_its_account_only() {
        let registry = Registry::new([deployed("a", 1, 1), deployed("a", 2, 1)]);
        registry.publish(Arc::new(deployed("a", 1, 2)));
        assert_eq!(registry.look_up("a", Uuid::from_u128(1)).unwrap().sequence, 2);
        assert!(registry.look_up("b", Uuid::from_u128(1)).is_none());
        assert!(registry.look_up("a", Uuid::from_u128(3)).is_none());
        assert_eq!(registry.len(), 2);
        registry.withdraw(Uuid::from_u128(1));
        assert!(registry.look_up("a", Uuid::from_u128(1)).is_none());
        assert_eq!(registry.len(), 1);
    }

    #[test]
    fn a_hundred_thousand_are_served_and_changed_one_by_one() {
        // The first bytes spread as those of random ids do.
        let id = |n: u128| (n % 256) << 120 | n;
        let registry = Registry::new((0..100_000).map(|n| deployed(&(n % 1_000).to_string(), id(n), 1)));
        for n in (0..100_000).step_by(10) {
            registry.publish(Arc::new(deployed(&(n % 1_000).to_string(), id(n), 2)));
        }
        for n in 0..100_000 {
            let (lambda, account) = (Uuid::from_u128(id(n)), (n % 1_000).to_string());
            let sequence = if n % 10 == 0 { 2 } else { 1 };
            assert_eq!(registry.look_up(&account, lambda).unwrap().sequence, sequence);
            assert!(registry.look_up("1001", lambda).is_none());
        }
        assert_eq!(registry.len(), 100_000);
    }

    #[test]
    fn readers_see_whole_snapshots_while_writers_race() {
        let registry = Registry::new([]);
        let one = Uuid::from_u128(1);
        std::thread::scope(|scope| {
            for writer in 0..4_u128 {
                let registry = &registry;
                scope.spawn(move || {
                    for n in 0..200_u128 {
                        registry.publish(Arc::new(deployed("a", 2 + writer * 200 + n, 1)));
                    }
                });
            }
            registry.publish(Arc::new(deployed("a", 1, 1)));
            for _ in 0..1_000 {
                assert_eq!(registry.look_up("a", one).unwrap().sequence, 1);
            }
        });
        assert_eq!(registry.len(), 801);
    }
}
