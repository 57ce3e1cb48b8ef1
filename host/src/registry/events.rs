//! Who is served for an event: the registry's second index, by account and event instead of by lambda.
//!
//! Cut into shards and read like the first one: one atomic load and two hash look-ups, never a lock. What a caller
//! gets is ordered by the lambdas' ids, so that repeated calls meet the functions in the same order.

use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash as _, Hasher as _},
    sync::Arc,
};

use arc_swap::ArcSwap;

use super::Deployed;

const SHARDS: usize = 256;

/// Account, event id, what is served.
type Shard = HashMap<Arc<str>, HashMap<Arc<str>, Vec<Arc<Deployed>>>>;

/// The functions that are served for events.
#[derive(Debug)]
pub(super) struct EventIndex {
    shards: Box<[ArcSwap<Shard>]>,
}

impl EventIndex {
    pub(super) fn new<'a>(served: impl Iterator<Item = &'a Arc<Deployed>>) -> Self {
        let mut shards = vec![Shard::new(); SHARDS];
        for deployed in served {
            add(&mut shards[shard_of(&deployed.account)], deployed);
        }
        Self { shards: shards.into_iter().map(ArcSwap::from_pointee).collect() }
    }

    /// The functions of an event that answer for a skill; all of them when no skill is named.
    pub(super) fn look_up(&self, account: &str, event: &str, skill: Option<&str>) -> Vec<Arc<Deployed>> {
        let shard = self.shards[shard_of(account)].load();
        let functions = shard.get(account).and_then(|events| events.get(event));
        let functions = functions.into_iter().flatten();
        functions.filter(|deployed| deployed.answers_for(skill)).cloned().collect()
    }

    /// Puts one deployment in the place of another of the same lambda; either may be missing.
    pub(super) fn replace(&self, old: Option<&Arc<Deployed>>, new: Option<&Arc<Deployed>>) {
        let concerned = |deployed: &&Arc<Deployed>| deployed.event.is_some();
        let (old, new) = (old.filter(concerned), new.filter(concerned));
        let Some(account) = new.or(old).map(|deployed| &deployed.account) else { return };
        self.shards[shard_of(account)].rcu(|shard| {
            let mut next = Shard::clone(shard);
            if let Some(old) = old {
                remove(&mut next, old);
            }
            if let Some(new) = new {
                add(&mut next, new);
            }
            next
        });
    }
}

fn add(shard: &mut Shard, deployed: &Arc<Deployed>) {
    let Some(event) = &deployed.event else { return };
    let events = shard.entry(Arc::clone(&deployed.account)).or_default();
    let functions = events.entry(Arc::clone(event)).or_default();
    match functions.binary_search_by_key(&deployed.lambda, |function| function.lambda) {
        Ok(at) => functions[at] = Arc::clone(deployed),
        Err(at) => functions.insert(at, Arc::clone(deployed)),
    }
}

fn remove(shard: &mut Shard, deployed: &Deployed) {
    let Some(event) = &deployed.event else { return };
    let Some(events) = shard.get_mut(&deployed.account) else { return };
    if let Some(functions) = events.get_mut(event) {
        functions.retain(|function| function.lambda != deployed.lambda);
        if functions.is_empty() {
            events.remove(event);
        }
    }
    if events.is_empty() {
        shard.remove(&deployed.account);
    }
}

fn shard_of(account: &str) -> usize {
    let mut hasher = DefaultHasher::new();
    account.hash(&mut hasher);
    usize::try_from(hasher.finish() % SHARDS as u64).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::super::{Registry, tests::deployed};
    use super::*;

    fn with_event(account: &str, lambda: u128, sequence: u64, skills: &[&str]) -> Arc<Deployed> {
        let skills = skills.iter().map(|&skill| skill.into()).collect();
        let event = Some("e".into());
        Arc::new(Deployed { event, skills, ..deployed(account, lambda, sequence) })
    }

    fn found(registry: &Registry, account: &str, event: &str, skill: Option<&str>) -> Vec<(u128, u64)> {
        let functions = registry.look_up_event(account, event, skill);
        functions.iter().map(|deployed| (deployed.lambda.as_u128(), deployed.sequence)).collect()
    }

    #[test]
    fn functions_are_found_by_account_event_and_skill() {
        let registry = Registry::new([]);
        registry.publish(with_event("a", 2, 1, &["x"]));
        registry.publish(with_event("a", 1, 1, &["y", "z"]));
        registry.publish(with_event("b", 3, 1, &[]));
        registry.publish(Arc::new(deployed("a", 4, 1)));
        assert_eq!(found(&registry, "a", "e", None), [(1, 1), (2, 1)]);
        assert_eq!(found(&registry, "a", "e", Some("z")), [(1, 1)]);
        assert_eq!(found(&registry, "b", "e", Some("z")), [(3, 1)]);
        for (account, event, skill) in [("a", "e", Some("w")), ("a", "f", None), ("c", "e", None)] {
            assert_eq!(found(&registry, account, event, skill), []);
        }
        registry.publish(with_event("a", 1, 2, &["w"]));
        assert_eq!(found(&registry, "a", "e", None), [(1, 2), (2, 1)]);
        assert_eq!(found(&registry, "a", "e", Some("y")), []);
        registry.withdraw(Uuid::from_u128(1));
        registry.withdraw(Uuid::from_u128(4));
        assert_eq!(found(&registry, "a", "e", None), [(2, 1)]);
        registry.withdraw(Uuid::from_u128(2));
        assert_eq!(found(&registry, "a", "e", None), []);
    }

    #[test]
    fn what_was_served_is_found_after_a_restart() {
        let served = [with_event("a", 1, 7, &[]), with_event("a", 2, 8, &[])];
        let registry = Registry::new(served.map(|deployed| Arc::into_inner(deployed).unwrap()));
        assert_eq!(found(&registry, "a", "e", None), [(1, 7), (2, 8)]);
    }
}
