//! What sled leaves out on the way to the disk.
//!
//! sled 0.34 starts the write-back of its log and waits for it, but never asks the drive to empty its cache, and it
//! writes values too large for its log (blobs) without any wait. After sled's own flush these files are synced here.

use std::{
    collections::HashMap,
    ffi::OsString,
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use super::{aside::sync_parent, mark::Mark};

/// The files of an open database, by handles of our own.
#[derive(Debug)]
pub(super) struct Disk {
    log: File,
    blobs: PathBuf,
    /// The blobs on the disk and how long they were then: one may be caught while it is being written.
    synced: HashMap<OsString, u64>,
    mark: Mark,
}

impl Disk {
    /// Takes up a database that was just opened, whose newest batch has this number.
    pub(super) fn open(database: &Path, mark: &Path, number: u64) -> io::Result<Self> {
        for entry in fs::read_dir(database)? {
            File::open(entry?.path())?.sync_all()?;
        }
        File::open(database)?.sync_all()?;
        let log = File::options().read(true).write(true).open(database.join("db"))?;
        let mark = Mark::open(mark, number)?;
        let mut disk = Self { log, blobs: database.join("blobs"), synced: HashMap::new(), mark };
        disk.sync(number)?;
        sync_parent(database)?;
        Ok(disk)
    }

    /// Returns when everything sled has written is on the disk, and after it the number of the newest batch.
    pub(super) fn sync(&mut self, number: u64) -> io::Result<()> {
        self.sync_blobs()?;
        self.log.sync_data()?;
        self.mark.write(number)
    }

    fn sync_blobs(&mut self) -> io::Result<()> {
        let mut there = HashMap::with_capacity(self.synced.len());
        let mut fresh = false;
        for entry in fs::read_dir(&self.blobs)? {
            let entry = entry?;
            // sled may remove a blob at any time.
            let Some(length) = there_still(entry.metadata())?.map(|metadata| metadata.len()) else {
                continue;
            };
            if self.synced.get(&entry.file_name()) != Some(&length) {
                let Some(blob) = there_still(File::open(entry.path()))? else { continue };
                blob.sync_all()?;
                fresh = true;
            }
            there.insert(entry.file_name(), length);
        }
        self.synced = there;
        if fresh { File::open(&self.blobs)?.sync_all() } else { Ok(()) }
    }
}

fn there_still<T>(found: io::Result<T>) -> io::Result<Option<T>> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}
