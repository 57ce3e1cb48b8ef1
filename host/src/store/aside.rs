//! A copy of the database from before it was opened.
//!
//! Opening is where sled repairs, and its repair of a damaged file throws away what follows the damage. The copy is
//! put back when the opened database turns out to have lost something, so that nothing is gone that a person or a
//! better tool could still read; it also comes back when a start broke off between opening and that judgement.
//!
//! ```text
//! database.copying      a copy being made; means nothing
//! database.opening      a whole copy; what was opened is not judged yet
//! database.before-open  the copy of the last start that went well
//! database.refused      what opening made of a damaged database
//! ```

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

/// A larger database is not copied: it would keep the server from starting for too long.
const LARGEST: u64 = 256 << 20;

/// The files beside a database's folder.
#[derive(Debug)]
pub(super) struct Aside {
    database: PathBuf,
}

impl Aside {
    /// Copies a database that is not open, after putting back what an earlier start left unjudged.
    pub(super) fn copy(database: &Path) -> io::Result<Self> {
        let aside = Self { database: database.to_owned() };
        if aside.path("opening").exists() {
            aside.put_back()?;
        }
        let log = database.join("db");
        if !log.exists() || fs::metadata(&log)?.len() > LARGEST {
            return Ok(aside);
        }
        let copy = aside.path("copying");
        remove(&copy)?;
        copy_folder(database, &copy)?;
        fs::rename(&copy, aside.path("opening"))?;
        sync_parent(database)?;
        Ok(aside)
    }

    /// The opened database is good: the copy becomes the one of the last good start.
    pub(super) fn accept(&self) -> io::Result<()> {
        let copy = self.path("opening");
        if copy.exists() {
            remove(&self.path("before-open"))?;
            fs::rename(copy, self.path("before-open"))?;
        }
        Ok(())
    }

    /// Puts the database back as it was before it was opened. It must be closed. Returns whether there was a copy.
    pub(super) fn put_back(&self) -> io::Result<bool> {
        let copy = self.path("opening");
        if !copy.exists() {
            return Ok(false);
        }
        let refused = self.path("refused");
        if self.database.exists() {
            remove(&refused)?;
            fs::rename(&self.database, refused)?;
        }
        fs::rename(copy, &self.database)?;
        sync_parent(&self.database)?;
        Ok(true)
    }

    /// A path beside the database, for messages too.
    pub(super) fn path(&self, extension: &str) -> PathBuf {
        self.database.with_extension(extension)
    }
}

/// Copies what sled writes in place, and links what it writes once and then only removes: blobs and snapshots.
fn copy_folder(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        if entry.file_type()?.is_dir() {
            copy_folder(&source, &target)?;
            continue;
        }
        let changes = ["db", "conf"].iter().any(|name| entry.file_name() == *name);
        if changes || fs::hard_link(&source, &target).is_err() {
            fs::copy(&source, &target)?;
            File::open(&target)?.sync_all()?;
        }
    }
    File::open(to)?.sync_all()
}

fn remove(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Returns when the names beside a database are on the disk.
pub(super) fn sync_parent(database: &Path) -> io::Result<()> {
    match database.parent() {
        Some(parent) => File::open(parent)?.sync_all(),
        None => Ok(()),
    }
}
