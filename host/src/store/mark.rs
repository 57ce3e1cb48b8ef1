//! How far the database has come, kept outside of it.
//!
//! sled cuts its log at the first damaged byte and goes on without a word, so the database cannot tell what it has
//! lost. Every batch carries a number; after each trip to the disk the newest number is written here. A database
//! that opens with a smaller number has lost acknowledged writes.

use std::{
    fs::{self, File},
    io::{self, Read, Write},
    os::unix::fs::FileExt,
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

/// The two records lie in different sectors and are written in turn, so that a torn write leaves the other one.
const SLOT: u64 = 4_096;

/// A number and the beginning of its hash.
const RECORD: usize = 16;

/// The file of the mark.
#[derive(Debug)]
pub(super) struct Mark {
    file: File,
    next: u64,
}

impl Mark {
    /// Where the mark of a database lies: beside its folder.
    pub(super) fn path(database: &Path) -> PathBuf {
        database.with_extension("mark")
    }

    /// The number that was written last; `None` when there is no mark yet.
    pub(super) fn read(path: &Path) -> io::Result<Option<u64>> {
        let mut bytes = Vec::new();
        match File::open(path) {
            Ok(mut file) => file.read_to_end(&mut bytes)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let slots = [bytes.get(..RECORD), bytes.get(SLOT as usize..SLOT as usize + RECORD)];
        let newest = slots.into_iter().flatten().filter_map(decode).max();
        newest.map(Some).ok_or_else(|| io::Error::other("its mark is damaged"))
    }

    /// Opens the mark for writing; makes it when it is missing.
    pub(super) fn open(path: &Path, number: u64) -> io::Result<Self> {
        if !path.exists() {
            let draft = path.with_extension("mark.draft");
            let mut file = File::create(&draft)?;
            let mut bytes = vec![0; SLOT as usize + RECORD];
            bytes[..RECORD].copy_from_slice(&encode(number));
            bytes[SLOT as usize..].copy_from_slice(&encode(number));
            file.write_all(&bytes)?;
            file.sync_all()?;
            fs::rename(&draft, path)?;
        }
        Ok(Self { file: File::options().write(true).open(path)?, next: 0 })
    }

    /// Returns when the number is on the disk.
    pub(super) fn write(&mut self, number: u64) -> io::Result<()> {
        self.file.write_all_at(&encode(number), self.next)?;
        self.next = SLOT - self.next;
        self.file.sync_data()
    }
}

fn encode(number: u64) -> [u8; RECORD] {
    let number = number.to_be_bytes();
    let mut record = [0; RECORD];
    record[..8].copy_from_slice(&number);
    record[8..].copy_from_slice(&Sha256::digest(number)[..8]);
    record
}

fn decode(record: &[u8]) -> Option<u64> {
    let number = u64::from_be_bytes(record.get(..8)?.try_into().ok()?);
    (encode(number) == record).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_torn_write_leaves_the_number_before() {
        let dir = tempfile::tempdir().unwrap();
        let path = Mark::path(&dir.path().join("database"));
        assert_eq!(Mark::read(&path).unwrap(), None);
        let mut mark = Mark::open(&path, 7).unwrap();
        assert_eq!(Mark::read(&path).unwrap(), Some(7));
        mark.write(8).unwrap();
        mark.write(9).unwrap();
        assert_eq!(Mark::read(&path).unwrap(), Some(9));
        let mut bytes = fs::read(&path).unwrap();
        bytes[SLOT as usize] ^= 1;
        fs::write(&path, &bytes).unwrap();
        assert_eq!(Mark::read(&path).unwrap(), Some(8));
        bytes[0] ^= 1;
        fs::write(&path, &bytes).unwrap();
        assert!(Mark::read(&path).is_err());
    }
}
