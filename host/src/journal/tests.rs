//! The bounds of the journal, and what its sweeps leave.

use std::time::Duration;

use cap_std::ambient_authority;
use serde_json::json;

use super::*;

const LAMBDA: Uuid = Uuid::from_u128(1);

fn journal(sizes: Sizes) -> (tempfile::TempDir, Journal) {
    let dir = tempfile::tempdir().unwrap();
    let folder = Dir::open_ambient_dir(dir.path(), ambient_authority()).unwrap();
    (dir, Journal::new(folder, sizes))
}

fn line(n: u64) -> Vec<u8> {
    let mut line = Vec::new();
    write_line(&mut line, &json!({"timestamp": n, "padding": "x".repeat(60)})).unwrap();
    line
}

fn numbers(journal: &Journal, kind: Kind) -> Vec<u64> {
    let files = journal.read(kind, LAMBDA).unwrap();
    lines(&files).filter_map(time_of).collect()
}

fn used(dir: &tempfile::TempDir) -> u64 {
    let shelf = dir.path().join("00");
    std::fs::read_dir(shelf).unwrap().map(|file| file.unwrap().metadata().unwrap().len()).sum()
}

#[test]
fn the_space_of_a_lambda_is_bounded_and_the_newest_stay() {
    let (dir, journal) = journal(Sizes { log: 4_000, invocations: 1_000, total: 1 << 30 });
    for n in 0..200 {
        journal.append(Kind::Log, LAMBDA, &line(n)).unwrap();
    }
    assert!(used(&dir) <= 4_000, "{}", used(&dir));
    assert_eq!(journal.used(), used(&dir));
    assert_eq!(numbers(&journal, Kind::Log).last(), Some(&199));
    let crowd: Vec<u8> = (200..400).flat_map(line).collect();
    journal.append(Kind::Log, LAMBDA, &crowd).unwrap();
    assert!(used(&dir) <= 4_000, "{}", used(&dir));
    assert_eq!(numbers(&journal, Kind::Log).last(), Some(&399));
    journal.append(Kind::Invocations, LAMBDA, &crowd).unwrap();
    assert!(used(&dir) <= 5_000, "{}", used(&dir));
    journal.measure().unwrap();
    assert_eq!(journal.used(), used(&dir));
    journal.forget(LAMBDA).unwrap();
    assert_eq!((journal.used(), used(&dir)), (0, 0));
}

#[test]
fn a_line_longer_than_a_file_is_still_written() {
    let (_dir, journal) = journal(Sizes { log: 20, invocations: 20, total: 1 << 30 });
    journal.append(Kind::Log, LAMBDA, &[line(1), line(2)].concat()).unwrap();
    assert_eq!(numbers(&journal, Kind::Log), [1, 2]);
}

#[test]
fn a_torn_line_costs_itself_only() {
    let (dir, journal) = journal(Sizes { log: 1 << 20, invocations: 1 << 20, total: 1 << 30 });
    journal.append(Kind::Log, LAMBDA, &line(1)).unwrap();
    let path = dir.path().join("00").join(Kind::Log.now(LAMBDA));
    let mut text = std::fs::read(&path).unwrap();
    text.extend_from_slice(b"{\"timestamp\":");
    std::fs::write(&path, text).unwrap();
    journal.append(Kind::Log, LAMBDA, &line(2)).unwrap();
    assert_eq!(numbers(&journal, Kind::Log), [1, 2]);
}

#[test]
fn a_sweep_removes_old_lines_and_unwanted_lambdas() {
    let (dir, journal) = journal(Sizes { log: 1 << 20, invocations: 1 << 20, total: 1 << 30 });
    for n in 0..10 {
        journal.append(Kind::Log, LAMBDA, &line(n)).unwrap();
    }
    // An entry of a log says its time in its entries.
    let mut log = Vec::new();
    write_line(&mut log, &json!({"requestId": "r", "entries": [{"timestamp": 3}, {"timestamp": 9}]}))
        .unwrap();
    journal.append(Kind::Log, LAMBDA, &log).unwrap();
    journal.append(Kind::Invocations, LAMBDA, &line(1)).unwrap();
    journal.sweep(5, &|_| true, &|| false).unwrap();
    assert_eq!(numbers(&journal, Kind::Log), [5, 6, 7, 8, 9]);
    assert!(numbers(&journal, Kind::Invocations).is_empty());
    assert_eq!(journal.used(), used(&dir));
    // What is written after a sweep goes on behind what it left.
    journal.append(Kind::Log, LAMBDA, &line(10)).unwrap();
    journal.sweep(5, &|_| true, &|| false).unwrap();
    assert_eq!(numbers(&journal, Kind::Log), [5, 6, 7, 8, 9, 10]);
    journal.sweep(0, &|_| false, &|| false).unwrap();
    assert!(numbers(&journal, Kind::Log).is_empty());
    // A file that nobody wrote to since then goes unread.
    journal.append(Kind::Log, LAMBDA, &line(u64::MAX)).unwrap();
    journal.sweep(u64::MAX, &|_| true, &|| false).unwrap();
    assert!(numbers(&journal, Kind::Log).is_empty());
}

#[test]
fn all_together_are_bounded_and_the_least_recently_written_go_first() {
    let (_dir, journal) = journal(Sizes { log: 10_000, invocations: 10_000, total: 2_000 });
    let lambda = |n: u128| Uuid::from_u128(n << 120 | n);
    let write = |n: u128| {
        for time in 0..5 {
            journal.append(Kind::Log, lambda(n), &line(time)).unwrap();
        }
    };
    let files = |n: u128| journal.read(Kind::Log, lambda(n)).unwrap().len();
    (1..=3).for_each(write);
    journal.make_room().unwrap();
    assert_eq!([files(1), files(2), files(3)], [1, 1, 1], "they fit");
    let old = |n: u128| {
        let path = _dir.path().join(hex(&lambda(n).as_bytes()[..1])).join(Kind::Log.now(lambda(n)));
        let file = std::fs::File::options().write(true).open(path).unwrap();
        file.set_modified(UNIX_EPOCH + Duration::from_secs(u64::try_from(n).unwrap())).unwrap();
    };
    [3, 1, 2].into_iter().for_each(old);
    (4..=6).for_each(write);
    journal.make_room().unwrap();
    assert_eq!([1, 2, 3, 4, 5, 6].map(files).iter().sum::<usize>(), 4);
    assert_eq!([files(1), files(2)], [0, 0]);
    assert!(journal.used() <= 2_000);
}

#[test]
fn a_line_break_of_a_lambdas_making_does_not_end_a_line() {
    let mut text = Vec::new();
    let raw = serde_json::value::RawValue::from_string("[\n1\n]".to_owned()).unwrap();
    write_line(&mut text, &raw).unwrap();
    assert_eq!(text, b"[ 1 ]\n");
}
