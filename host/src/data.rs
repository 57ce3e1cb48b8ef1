//! The data directory: one server at a time, one format, everything below it by capability.
//!
//! ```text
//! FORMAT    the number of the layout, so that an older server refuses what it would not understand
//! LOCK      held by the server that uses the directory; the lock dies with its process
//! database/ metadata and sources: the precious part; beside it its mark and copies (`store/mark.rs`, `store/aside.rs`)
//! images/   frozen lambdas, can be made again from the sources
//! engine/   native code of the engine, can be made again
//! secret.key the key of the secrets, unless the operator keeps it elsewhere (`master_key.rs`)
//! logs/     what the lambdas logged, and what became of their invocations
//! ```

use std::{
    fs::{self, File},
    io::{self, Write},
    os::unix::fs::DirBuilderExt as _,
    path::{Path, PathBuf},
};

use cap_std::{ambient_authority, fs::Dir};
use rustix::fs::{FlockOperation, flock};

use crate::error::HostError;

/// The layout this version writes.
const FORMAT: u32 = 1;

/// An open, locked data directory.
#[derive(Debug)]
pub(crate) struct DataDirectory {
    path: PathBuf,
    root: Dir,
    /// Its lock is what keeps other servers out; closing it lets them in.
    _lock: File,
}

impl DataDirectory {
    /// Creates or opens the directory and takes it for this process.
    pub(crate) fn open(path: &Path) -> Result<Self, HostError> {
        let unusable = |cause: io::Error| {
            let doing = format!("the data directory `{}` cannot be used", path.display());
            HostError::while_doing(doing, cause)
                .with_hint("give a directory this user may write to: --data DIR")
        };
        // Sources and logs may hold secrets: what we create is for this user only.
        fs::DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(unusable)?;
        let lock = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(path.join("LOCK"))
            .map_err(unusable)?;
        flock(&lock, FlockOperation::NonBlockingLockExclusive).map_err(|error| match error {
            rustix::io::Errno::WOULDBLOCK => {
                HostError::new(format!("the data directory `{}` is in use by another server", path.display()))
                    .with_hint("stop that server, or give this one a directory of its own: --data DIR")
            }
            other => unusable(other.into()),
        })?;
        let root = Dir::open_ambient_dir(path, ambient_authority()).map_err(unusable)?;
        let directory = Self { path: path.to_owned(), root, _lock: lock };
        directory.check_format(unusable)?;
        Ok(directory)
    }

    /// The path of a folder inside, for libraries that only take paths.
    pub(crate) fn folder_path(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// A folder inside, created when missing, as a capability.
    pub(crate) fn folder(&self, name: &str) -> Result<Dir, HostError> {
        let open = || {
            self.root.create_dir_all(name)?;
            self.root.open_dir(name)
        };
        open().map_err(|cause| {
            HostError::while_doing(
                format!("folder `{}` cannot be used", self.path.join(name).display()),
                cause,
            )
        })
    }

    fn check_format(&self, unusable: impl Fn(io::Error) -> HostError) -> Result<(), HostError> {
        let text = match self.root.read_to_string("FORMAT") {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return write_atomically(&self.root, "FORMAT", format!("{FORMAT}\n").as_bytes())
                    .map_err(unusable);
            }
            Err(error) => return Err(unusable(error)),
        };
        match text.trim().parse::<u32>() {
            Ok(FORMAT) => Ok(()),
            Ok(other) => Err(HostError::new(format!(
                "the data directory `{}` has format {other}, this lambkin reads format {FORMAT}",
                self.path.display()
            ))
            .with_hint("use the lambkin that wrote it or a newer one; nothing was changed")),
            Err(_) => Err(HostError::new(format!(
                "`{}` does not hold a format number",
                self.path.join("FORMAT").display()
            ))
            .with_hint("is this a lambkin data directory? give another one with --data DIR")),
        }
    }
}

/// Writes a file so that after a crash it is there whole or not at all: the bytes and then the name reach the disk.
pub(crate) fn write_atomically(dir: &Dir, name: &str, bytes: &[u8]) -> io::Result<()> {
    let draft = format!(".{name}.{}", uuid::Uuid::new_v4().simple());
    let write = || {
        let mut file = dir.create(&draft)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        dir.rename(&draft, dir, name)?;
        sync_folder(dir)
    };
    write().inspect_err(|_| {
        let _ = dir.remove_file(&draft);
    })
}

/// Returns when the names in a folder are on the disk. The capability itself is not open for that.
pub(crate) fn sync_folder(dir: &Dir) -> io::Result<()> {
    dir.open(".")?.sync_all()
}

/// Whether a file is what a crash in the middle of [`write_atomically`] left behind.
pub(crate) fn is_draft(name: &str) -> bool {
    name.starts_with('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_is_opened_by_one_server_at_a_time() {
        let dir = tempfile::tempdir().unwrap();
        let first = DataDirectory::open(dir.path()).unwrap();
        let second = DataDirectory::open(dir.path()).unwrap_err();
        assert!(second.message.contains("in use by another server"), "{second}");
        drop(first);
        DataDirectory::open(dir.path()).unwrap();
    }

    #[test]
    fn a_directory_that_is_created_is_closed_to_other_users() {
        use std::os::unix::fs::PermissionsExt as _;
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("data");
        drop(DataDirectory::open(&path).unwrap());
        assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o700);
    }

    #[test]
    fn a_newer_format_is_refused_and_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        drop(DataDirectory::open(dir.path()).unwrap());
        fs::write(dir.path().join("FORMAT"), "2\n").unwrap();
        let error = DataDirectory::open(dir.path()).unwrap_err();
        assert!(error.message.contains("has format 2, this lambkin reads format 1"), "{error}");
        assert_eq!(fs::read_to_string(dir.path().join("FORMAT")).unwrap(), "2\n");
        fs::write(dir.path().join("FORMAT"), "hello").unwrap();
        assert!(DataDirectory::open(dir.path()).unwrap_err().hint.is_some());
    }

    #[test]
    fn a_path_that_is_a_file_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("file");
        fs::write(&path, "").unwrap();
        let error = DataDirectory::open(&path).unwrap_err();
        assert!(error.message.contains("file") && error.hint.is_some(), "{error}");
    }
}
