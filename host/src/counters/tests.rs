//! Counting while others collect, and what is left after a restart.

use super::*;
use crate::store::SledStore;

const DAY: u64 = 24 * 3_600_000;
/// 2026-01-31T23:59:00Z.
const JANUARY: u64 = 1_769_903_940_000;
const LAMBDA: Uuid = Uuid::from_u128(7);

fn store() -> (tempfile::TempDir, Arc<dyn Store>) {
    let dir = tempfile::tempdir().unwrap();
    let store: Arc<dyn Store> = Arc::new(SledStore::open(&dir.path().join("database")).unwrap());
    (dir, store)
}

#[test]
fn nothing_is_lost_between_those_who_count_and_who_collects() {
    let (_dir, store) = store();
    let counters = Counters::open(store, JANUARY).unwrap();
    let account: Arc<str> = "a".into();
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                for _ in 0..5_000 {
                    counters.count(&account, LAMBDA, Outcome::Succeeded);
                }
            });
        }
        for _ in 0..20 {
            counters.collect(JANUARY).unwrap();
        }
    });
    let minutes = counters.minutes(LAMBDA, 0, u64::MAX, JANUARY).unwrap();
    assert_eq!(minutes, [(JANUARY, Counts([0, 15_000, 0, 0, 0]))]);
    assert_eq!(counters.used_this_month("a", JANUARY), 15_000);
    assert_eq!(counters.since_start(Outcome::Succeeded), 15_000);
}

#[test]
fn minutes_and_months_are_kept_apart_and_survive() {
    let (_dir, store) = store();
    let account: Arc<str> = "a".into();
    let counters = Counters::open(Arc::clone(&store), JANUARY).unwrap();
    counters.count(&account, LAMBDA, Outcome::Succeeded);
    counters.collect(JANUARY).unwrap();
    let february = JANUARY + 60_000;
    counters.count(&account, LAMBDA, Outcome::Timeout);
    counters.count(&account, Uuid::from_u128(8), Outcome::CodingFailure);
    counters.collect(february).unwrap();
    assert_eq!(counters.used_this_month("a", february), 2);
    drop(counters);
    let counters = Counters::open(store, february).unwrap();
    assert_eq!(counters.used_this_month("a", february), 2);
    assert_eq!(counters.used_this_month("b", february), 0);
    counters.count(&account, LAMBDA, Outcome::Timeout);
    assert_eq!(
        counters.minutes(LAMBDA, 0, u64::MAX, february).unwrap(),
        [(JANUARY, Counts([0, 1, 0, 0, 0])), (february, Counts([0, 0, 0, 0, 2]))]
    );
    assert_eq!(counters.minutes(LAMBDA, february, u64::MAX, february).unwrap().len(), 1);
    assert_eq!(counters.month("a", february).unwrap(), Counts([0, 0, 1, 0, 2]));
    assert_eq!(counters.month("a", JANUARY).unwrap(), Counts([0, 1, 0, 0, 0]));
    assert_eq!(counters.used_this_month("a", february + 40 * DAY), 0, "a new month begins at nought");
    counters.forget(LAMBDA, february).unwrap();
    assert!(counters.minutes(LAMBDA, 0, u64::MAX, february).unwrap().is_empty());
    assert_eq!(counters.month("a", february).unwrap().total(), 3);
}

#[test]
fn old_minutes_go() {
    let (_dir, store) = store();
    let counters = Counters::open(store, JANUARY).unwrap();
    for at in [JANUARY, JANUARY + DAY] {
        counters.count(&"a".into(), LAMBDA, Outcome::Succeeded);
        counters.collect(at).unwrap();
    }
    counters.sweep(JANUARY + DAY / 2).unwrap();
    let left = counters.minutes(LAMBDA, 0, u64::MAX, JANUARY + DAY).unwrap();
    assert_eq!(left.len(), 1);
    assert_eq!(left[0].0, JANUARY + DAY);
}
