//! [`Store`] on sled 0.34.
//!
//! One tree holds all shelves, so one sled batch is one transaction. sled's own periodic flush is off: nothing is
//! acknowledged before [`Store::flush`] returned, and a flush that nobody waits for only costs disk time.
//!
//! sled is not trusted with three things: to reach the disk (see [`super::disk`]), to notice what it has lost (see
//! [`super::mark`]), and to go on after the disk refused. After the first failed write nothing is written any more:
//! what the disk holds is unknown until the database is opened again.

use std::{
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    sync::OnceLock,
    thread,
    time::Duration,
};

use parking_lot::{Condvar, Mutex};

use super::{Batch, Key, Shelf, Store, StoreError, Visit, VisitSome, aside::Aside, disk::Disk, mark::Mark};
use crate::error::HostError;

/// sled's page cache. Its default of 1 GiB is for databases that live in memory; ours is read at start-up and on
/// management calls only.
const CACHE_BYTES: u64 = 16 << 20;

/// How often a database that something still holds is asked for, and the time between: five seconds in all.
const TRIES: u32 = 500;
const BETWEEN: Duration = Duration::from_millis(10);

const RESTORE: &str = "restore the whole data directory from a backup, or start with another one";

/// The database of a data directory.
#[derive(Debug)]
pub(crate) struct SledStore {
    db: sled::Db,
    /// The number of the newest batch. Held while it is applied, so that the numbers lie in the log in order.
    newest: Mutex<u64>,
    disk: Mutex<Disk>,
    trips: Mutex<Trips>,
    returned: Condvar,
    failed: OnceLock<String>,
}

/// Trips to the disk: one at a time, each for everybody who waited when it began.
#[derive(Debug)]
struct Trips {
    /// The newest batch that is on the disk.
    durable: u64,
    under_way: bool,
}

impl SledStore {
    /// Opens or creates the database in a folder that this process has locked already. A database that has lost
    /// acknowledged writes is refused and left as it was.
    pub(crate) fn open(folder: &Path) -> Result<Self, HostError> {
        let doing = format!("the database in `{}` cannot be opened", folder.display());
        let unusable = |error: io::Error| HostError::while_doing(&doing, error).with_hint(RESTORE);
        let mark_path = Mark::path(folder);
        let mark = Mark::read(&mark_path).map_err(unusable)?;
        let aside = Aside::copy(folder).map_err(unusable)?;
        let opened = open_checked(folder, mark);
        let (db, newest) = match opened {
            Ok(opened) => opened,
            Err(why) => {
                let error = HostError::while_doing(&doing, why);
                return Err(error.with_hint(match aside.put_back() {
                    Ok(true) => format!(
                        "{RESTORE}; its files are as they were before this start (what opening made of them is in \
                         `{}`)",
                        aside.path("refused").display()
                    ),
                    Ok(false) => RESTORE.to_owned(),
                    Err(error) => format!(
                        "{RESTORE}; its files from before this start are in `{}` ({error})",
                        aside.path("opening").display()
                    ),
                }));
            }
        };
        let disk = Disk::open(folder, &mark_path, newest).map_err(unusable)?;
        aside.accept().map_err(unusable)?;
        Ok(Self {
            db,
            newest: Mutex::new(newest),
            disk: Mutex::new(disk),
            trips: Mutex::new(Trips { durable: newest, under_way: false }),
            returned: Condvar::new(),
            failed: OnceLock::new(),
        })
    }

    /// Remembers that the disk refused, for good.
    fn fail(&self, cause: String) -> StoreError {
        tracing::error!(
            cause,
            "the storage failed; nothing is written any more until the server is restarted"
        );
        StoreError::Failed(self.failed.get_or_init(|| cause).clone())
    }

    fn check(&self) -> Result<(), StoreError> {
        self.failed.get().map_or(Ok(()), |cause| Err(StoreError::Failed(cause.clone())))
    }

    /// What a read that sled refused is. sled finishes a half-made split of its tree while it reads, so a disk that
    /// refuses can make reads fail too, first or after a write.
    fn refused(&self, error: &sled::Error) -> StoreError {
        match (self.check(), error) {
            (Err(failed), _) => failed,
            (Ok(()), sled::Error::Io(_)) => self.fail(error.to_string()),
            (Ok(()), _) => StoreError::Backend(error.to_string()),
        }
    }

    /// One trip; the number of the newest batch it took along.
    fn go(&self) -> Result<u64, StoreError> {
        let newest = *self.newest.lock();
        let trip = || -> Result<(), String> {
            self.db.flush().map_err(|error| error.to_string())?;
            self.disk.lock().sync(newest).map_err(|error| error.to_string())
        };
        // A panic must not leave the others waiting for this trip.
        match catch_unwind(AssertUnwindSafe(trip)) {
            Ok(Ok(())) => Ok(newest),
            Ok(Err(cause)) => Err(self.fail(cause)),
            Err(_) => Err(self.fail("a flush ended in a panic".to_owned())),
        }
    }
}

/// Opens a database and compares it with its mark; why not, otherwise. It is closed again then.
fn open_checked(folder: &Path, mark: Option<u64>) -> Result<(sled::Db, u64), String> {
    // sled answers some kinds of damage with a panic; the operator gets a sentence either way.
    let open = || -> Result<(sled::Db, u64), String> {
        let config = sled::Config::new().path(folder).cache_capacity(CACHE_BYTES).flush_every_ms(None);
        let db =
            open_when_free(|| config.open(), || thread::sleep(BETWEEN)).map_err(|error| error.to_string())?;
        let newest = db.get(number_key().as_bytes()).map_err(|error| error.to_string())?;
        let newest = match newest {
            Some(bytes) => {
                let bytes = bytes.as_ref().try_into();
                u64::from_be_bytes(bytes.map_err(|_| "the number of its newest batch is no number")?)
            }
            None => 0,
        };
        if mark.is_some_and(|mark| newest < mark) {
            let lost = mark.unwrap_or_default() - newest;
            return Err(format!(
                "its files are damaged: the last {lost} acknowledged changes are missing (the server would go on \
                 without them)"
            ));
        }
        Ok((db, newest))
    };
    catch_unwind(AssertUnwindSafe(open)).unwrap_or_else(|_| Err("its files are damaged".to_owned()))
}

/// No other server has the data directory, so who holds the database lets go of it soon: the last thread of the database
/// that was open here before, or a child of this process between fork and exec, which has every open file.
fn open_when_free(
    open: impl Fn() -> sled::Result<sled::Db>,
    mut wait: impl FnMut(),
) -> sled::Result<sled::Db> {
    for _ in 1..TRIES {
        match open() {
            // sled has no kind of its own for it.
            Err(sled::Error::Io(error)) if error.to_string().contains("could not acquire lock") => wait(),
            outcome => return outcome,
        }
    }
    open()
}

fn number_key() -> Key {
    Key::new(Shelf::Server, &[b"batch"])
}

impl Store for SledStore {
    fn get(&self, key: &Key) -> Result<Option<Vec<u8>>, StoreError> {
        let found = self.db.get(key.as_bytes()).map_err(|error| self.refused(&error))?;
        Ok(found.map(|bytes| bytes.to_vec()))
    }

    fn scan(&self, prefix: &Key, visit: &mut Visit<'_>) -> Result<(), StoreError> {
        for pair in self.db.scan_prefix(prefix.as_bytes()) {
            let (key, value) = pair.map_err(|error| self.refused(&error))?;
            visit(&key, &value)?;
        }
        Ok(())
    }

    fn scan_back(
        &self,
        prefix: &Key,
        before: Option<&Key>,
        visit: &mut VisitSome<'_>,
    ) -> Result<(), StoreError> {
        let end = [before.cloned(), prefix.behind()].into_iter().flatten().map(|key| key.0).min();
        let begin = prefix.as_bytes().to_vec();
        let range = match end {
            Some(end) if end <= begin => return Ok(()),
            Some(end) => self.db.range(begin..end),
            None => self.db.range(begin..),
        };
        for pair in range.rev() {
            let (key, value) = pair.map_err(|error| self.refused(&error))?;
            if !visit(&key, &value)? {
                break;
            }
        }
        Ok(())
    }

    fn apply(&self, batch: Batch) -> Result<(), StoreError> {
        self.check()?;
        let mut writes = sled::Batch::default();
        for (key, value) in batch.writes {
            match value {
                Some(bytes) => writes.insert(key.0, bytes),
                None => writes.remove(key.0),
            }
        }
        let mut newest = self.newest.lock();
        let number = *newest + 1;
        writes.insert(number_key().0, number.to_be_bytes().to_vec());
        self.db.apply_batch(writes).map_err(|error| self.fail(error.to_string()))?;
        *newest = number;
        Ok(())
    }

    fn flush(&self) -> Result<(), StoreError> {
        let mine = *self.newest.lock();
        let mut trips = self.trips.lock();
        loop {
            if trips.durable >= mine {
                return Ok(());
            }
            self.check()?;
            if trips.under_way {
                self.returned.wait(&mut trips);
                continue;
            }
            trips.under_way = true;
            drop(trips);
            let outcome = self.go();
            trips = self.trips.lock();
            trips.under_way = false;
            trips.durable = outcome.as_ref().map_or(trips.durable, |&number| number);
            self.returned.notify_all();
            outcome?;
        }
    }

    fn healthy(&self) -> bool {
        self.failed.get().is_none()
    }
}

#[cfg(test)]
#[path = "damage_tests.rs"]
mod damage_tests;

#[cfg(test)]
mod tests {
    use std::fs::File;

    use rustix::fs::{FlockOperation, flock};

    use super::*;

    #[test]
    fn a_database_that_something_still_holds_is_waited_for() {
        let dir = tempfile::tempdir().unwrap();
        let config = sled::Config::new().path(dir.path());
        drop(config.open().unwrap());
        let file = File::open(dir.path().join("db")).unwrap();
        flock(&file, FlockOperation::LockExclusive).unwrap();
        let mut holder = Some(file);
        let mut waits = 0;
        let opened = open_when_free(
            || config.open(),
            || {
                waits += 1;
                drop(holder.take());
                thread::sleep(BETWEEN);
            },
        );
        assert!(opened.is_ok());
        assert!(waits > 0, "the lock was held when it was asked for first");
    }

    #[test]
    fn a_database_that_is_held_on_and_on_is_refused_in_the_end() {
        let dir = tempfile::tempdir().unwrap();
        let config = sled::Config::new().path(dir.path());
        let _open = config.open().unwrap();
        let mut waits = 0;
        let error = open_when_free(|| config.open(), || waits += 1).unwrap_err();
        assert!(error.to_string().contains("could not acquire lock"), "{error}");
        assert_eq!(waits, TRIES - 1);
    }
}
