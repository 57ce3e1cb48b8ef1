//! Damaged databases are refused or whole, never silently smaller.

use std::fs;

use super::*;
use crate::store::read;

const RECORDS: u32 = 60;

fn key(n: u32) -> Key {
    Key::new(Shelf::Name, &[&n.to_be_bytes()])
}

/// A closed database with small records, large ones (blobs), and a restart in between (a snapshot).
fn written() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for half in 0..2 {
        let store = SledStore::open(&dir.path().join("database")).unwrap();
        for n in half * RECORDS / 2..(half + 1) * RECORDS / 2 {
            let mut batch = Batch::default();
            let length = if n % 20 == 7 { 700_000 } else { 2_000 };
            batch.put(key(n), &n.to_string().repeat(length)).unwrap();
            store.apply(batch).unwrap();
            store.flush().unwrap();
        }
    }
    dir
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() { copy(&path, &target) } else { fs::copy(&path, target).map(|_| ()).unwrap() }
    }
}

#[test]
fn a_flipped_bit_is_refused_or_does_no_harm() {
    let whole = written();
    let log = fs::read(whole.path().join("database/db")).unwrap();
    let used: Vec<usize> = (0..log.len()).filter(|&at| log[at] != 0).collect();
    let mut refused = 0;
    for step in 0..48 {
        let at = used[step * (used.len() - 1) / 47];
        let dir = tempfile::tempdir().unwrap();
        copy(whole.path(), dir.path());
        let folder = dir.path().join("database");
        let mut bytes = log.clone();
        bytes[at] ^= 4;
        fs::write(folder.join("db"), &bytes).unwrap();
        match SledStore::open(&folder) {
            Err(error) => {
                refused += 1;
                assert!(error.hint.as_ref().unwrap().contains("backup"), "{error}");
                assert_eq!(fs::read(folder.join("db")).unwrap(), bytes, "byte {at}: left as it was");
            }
            Ok(store) => {
                for n in 0..RECORDS {
                    // A page that cannot be read is an error; one that is not there would be a loss.
                    let found = catch_unwind(AssertUnwindSafe(|| read::<String>(&store, &key(n))));
                    assert!(!matches!(found, Ok(Ok(None))), "byte {at}: record {n} is gone");
                }
            }
        }
    }
    assert!(refused > 0, "not one of the flips met anything");
}

#[test]
fn a_database_that_lost_its_end_is_refused_every_time_and_kept() {
    let dir = written();
    let folder = dir.path().join("database");
    let mark = Mark::path(&folder);
    let number = Mark::read(&mark).unwrap().unwrap();
    Mark::open(&mark, 0).unwrap().write(number + 3).unwrap();
    let before = fs::read(folder.join("db")).unwrap();
    for _ in 0..2 {
        let error = SledStore::open(&folder).unwrap_err();
        assert!(error.message.contains("the last 3 acknowledged changes are missing"), "{error}");
        assert_eq!(fs::read(folder.join("db")).unwrap(), before);
    }
}

#[test]
fn a_start_that_broke_off_while_opening_begins_with_the_files_from_before() {
    let dir = written();
    let folder = dir.path().join("database");
    let before = fs::read(folder.join("db")).unwrap();
    Aside::copy(&folder).unwrap();
    fs::write(folder.join("db"), b"what a repair left").unwrap();
    drop(SledStore::open(&folder).unwrap());
    assert_eq!(fs::read(folder.with_extension("before-open").join("db")).unwrap(), before);
}

#[test]
fn after_a_failure_nothing_is_written_and_what_is_there_is_read() {
    let dir = tempfile::tempdir().unwrap();
    let store = SledStore::open(&dir.path().join("database")).unwrap();
    let put = |n: u32| {
        let mut batch = Batch::default();
        batch.put(key(n), &n).unwrap();
        store.apply(batch).and_then(|()| store.flush())
    };
    put(1).unwrap();
    assert!(store.healthy());
    store.fail("no space left on device".to_owned());
    assert!(matches!(put(2), Err(StoreError::Failed(_))));
    assert!(!store.healthy());
    assert_eq!(read::<u32>(&store, &key(1)).unwrap(), Some(1));
    assert_eq!(read::<u32>(&store, &key(2)).unwrap(), None);
}

#[test]
fn writers_share_trips_and_each_finds_its_batch_on_the_disk() {
    let dir = tempfile::tempdir().unwrap();
    let store = SledStore::open(&dir.path().join("database")).unwrap();
    thread::scope(|scope| {
        for writer in 0..8_u32 {
            let store = &store;
            scope.spawn(move || {
                for n in 0..10 {
                    let mut batch = Batch::default();
                    batch.put(key(writer * 10 + n), &n).unwrap();
                    store.apply(batch).unwrap();
                    let mine = *store.newest.lock();
                    store.flush().unwrap();
                    assert!(store.trips.lock().durable >= mine);
                }
            });
        }
    });
    assert_eq!(Mark::read(&Mark::path(&dir.path().join("database"))).unwrap(), Some(80));
}
