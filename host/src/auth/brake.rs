//! Slows guessing down. Failed log-ins are counted per login name and per address; past a few, the next try has to
//! wait, twice as long each time. A wait ends, so that nobody can lock somebody else out for good by failing in
//! their name.
//!
//! Bounded: a fixed number of counters, of which those that failed longest ago make room.

use std::{
    collections::HashMap,
    net::IpAddr,
    time::{Duration, Instant},
};

use parking_lot::Mutex;

use crate::reply::Refusal;

/// Failures that cost nothing: everybody mistypes.
const FREE: u32 = 5;

/// The longest wait for a login name. Short: its owner has to wait too.
const LONGEST_FOR_A_NAME: u64 = 60;

/// The longest wait for an address.
const LONGEST_FOR_AN_ADDRESS: u64 = 900;

/// After so long without a failure nothing is held against anybody.
const FORGIVEN: Duration = Duration::from_secs(3_600);

/// Counters of each kind. About 100 bytes each.
const COUNTERS: usize = 16_384;

/// What is known about failures.
#[derive(Debug, Default)]
pub(crate) struct Brake {
    names: Mutex<HashMap<(String, String), Failures>>,
    addresses: Mutex<HashMap<IpAddr, Failures>>,
}

#[derive(Clone, Copy, Debug)]
struct Failures {
    count: u32,
    last: Instant,
}

impl Brake {
    /// Refuses a try that comes too early. Called before anything is compared.
    pub(crate) fn check(&self, account: &str, name: &str, from: IpAddr) -> Result<(), Refusal> {
        let now = Instant::now();
        let key = key(account, name);
        let for_name = self.names.lock().get(&key).map_or(0, |known| known.wait(LONGEST_FOR_A_NAME, now));
        let for_address = self
            .addresses
            .lock()
            .get(&masked(from))
            .map_or(0, |known| known.wait(LONGEST_FOR_AN_ADDRESS, now));
        match for_name.max(for_address) {
            0 => Ok(()),
            seconds => Err(Refusal::too_many_failures(seconds)),
        }
    }

    /// Counts a failure.
    pub(crate) fn failed(&self, account: &str, name: &str, from: IpAddr) {
        let now = Instant::now();
        count(&mut self.names.lock(), key(account, name), now);
        count(&mut self.addresses.lock(), masked(from), now);
    }

    /// Forgives a name whose owner has come in. The address is not forgiven: its user may be guessing at others.
    pub(crate) fn succeeded(&self, account: &str, name: &str) {
        self.names.lock().remove(&key(account, name));
    }
}

impl Failures {
    /// Seconds until the next try may be made.
    fn wait(self, longest: u64, now: Instant) -> u64 {
        let Some(beyond) = self.count.checked_sub(FREE) else { return 0 };
        let pause = Duration::from_secs((1 << beyond.min(20)).min(longest));
        let left = pause.saturating_sub(now.duration_since(self.last));
        left.as_millis().div_ceil(1_000).try_into().unwrap_or(longest)
    }
}

fn count<K: std::hash::Hash + Eq + Clone>(all: &mut HashMap<K, Failures>, key: K, now: Instant) {
    if all.len() >= COUNTERS && !all.contains_key(&key) {
        all.retain(|_, known| now.duration_since(known.last) < FORGIVEN);
        // Full of recent failures: an attack from many places. The older half is let go at once, so that this is
        // not done for each of them.
        if all.len() >= COUNTERS {
            let mut times: Vec<_> = all.values().map(|known| known.last).collect();
            let (_, middle, _) = times.select_nth_unstable(COUNTERS / 2);
            let middle = *middle;
            all.retain(|_, known| known.last > middle);
        }
    }
    let known = all.entry(key).or_insert(Failures { count: 0, last: now });
    if now.duration_since(known.last) >= FORGIVEN {
        known.count = 0;
    }
    known.count = known.count.saturating_add(1);
    known.last = now;
}

/// Names are bounded before they come here; case does not matter to a log-in.
fn key(account: &str, name: &str) -> (String, String) {
    let cut = |text: &str| text.chars().take(128).collect::<String>();
    (cut(account), cut(name).to_lowercase())
}

/// Whoever has one IPv6 address has 2^64 of them.
fn masked(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6((u128::from(v6) & !u128::from(u64::MAX)).into()),
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

    #[test]
    fn the_wait_doubles_and_ends() {
        let now = Instant::now();
        let wait = |count| Failures { count, last: now }.wait(60, now);
        assert_eq!([4, 5, 6, 7, 10, 11, 99, u32::MAX].map(wait), [0, 1, 2, 4, 32, 60, 60, 60]);
        let long_ago = Failures { count: 99, last: now };
        assert_eq!(long_ago.wait(60, now + Duration::from_secs(60)), 0);
    }

    #[test]
    fn names_and_addresses_are_slowed_down_apart() {
        let brake = Brake::default();
        let elsewhere: IpAddr = "10.1.2.3".parse().unwrap();
        for _ in 0..FREE {
            brake.check("1", "ada", HERE).unwrap();
            brake.failed("1", "ada", HERE);
        }
        assert!(brake.check("1", "ADA", elsewhere).is_err(), "the name");
        assert!(brake.check("1", "bob", HERE).is_err(), "the address");
        brake.check("1", "bob", elsewhere).unwrap();
        brake.check("2", "ada", elsewhere).unwrap();
        brake.succeeded("1", "Ada");
        brake.check("1", "ada", elsewhere).unwrap();
        assert!(brake.check("1", "ada", HERE).is_err());
    }

    #[test]
    fn counters_are_bounded() {
        let brake = Brake::default();
        for n in 0..COUNTERS + 100 {
            brake.failed("1", &n.to_string(), IpAddr::V4(u32::try_from(n).unwrap().into()));
        }
        assert!(brake.names.lock().len() <= COUNTERS && brake.addresses.lock().len() <= COUNTERS);
        let last = (COUNTERS + 99).to_string();
        assert!(brake.names.lock().contains_key(&key("1", &last)));
    }

    #[test]
    fn a_network_of_addresses_counts_as_one() {
        let address = |text: &str| text.parse::<IpAddr>().unwrap();
        assert_eq!(masked(address("2001:db8::1")), masked(address("2001:db8::ffff")));
        assert_ne!(masked(address("2001:db8::1")), masked(address("2001:db8:0:1::1")));
        assert_eq!(masked(address("::ffff:10.0.0.1")), address("10.0.0.1"));
    }
}
