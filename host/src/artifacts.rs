//! Frozen images on disk: a cache that checks itself.
//!
//! A file's name carries the hash of its content, so a damaged or half-written file is noticed when it is read and
//! made again from the source. The lambda's id is part of the name too: images of different lambdas never share a
//! file, and the old ones of a lambda can be removed without asking who else needs them.

use std::io;

use cap_std::fs::Dir;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::data::{is_draft, sync_folder, write_atomically};

/// The name of some bytes: their SHA-256 in hex.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub(crate) struct ContentHash(String);

impl ContentHash {
    pub(crate) fn of(bytes: &[u8]) -> Self {
        Self(hex(&Sha256::digest(bytes)))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// Lower-case hex.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Why an image could not be taken from disk.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ArtifactError {
    #[error("the image file is missing")]
    Missing,
    #[error("the image file is damaged")]
    Damaged,
    #[error("the image file cannot be read: {0}")]
    Io(io::Error),
}

/// The folder of images.
#[derive(Debug)]
pub(crate) struct Artifacts {
    folder: Dir,
}

impl Artifacts {
    pub(crate) fn new(folder: Dir) -> Self {
        Self { folder }
    }

    /// Keeps an image and returns its hash.
    pub(crate) fn write(&self, lambda: Uuid, image: &[u8]) -> io::Result<ContentHash> {
        let hash = ContentHash::of(image);
        write_atomically(&self.shelf(lambda)?, &file_name(lambda, &hash), image)?;
        Ok(hash)
    }

    /// Reads an image back; what is returned has the given hash.
    pub(crate) fn read(&self, lambda: Uuid, hash: &ContentHash) -> Result<Vec<u8>, ArtifactError> {
        let read = || self.shelf(lambda)?.read(file_name(lambda, hash));
        let bytes = read().map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => ArtifactError::Missing,
            _ => ArtifactError::Io(error),
        })?;
        if ContentHash::of(&bytes) == *hash { Ok(bytes) } else { Err(ArtifactError::Damaged) }
    }

    /// Removes the images of a lambda but those given, and drafts a crash left in its shelf.
    pub(crate) fn keep_only(&self, lambda: Uuid, kept: &[ContentHash]) -> io::Result<()> {
        let shelf = self.shelf(lambda)?;
        let prefix = lambda.simple().to_string();
        let kept: Vec<String> = kept.iter().map(|hash| file_name(lambda, hash)).collect();
        for entry in shelf.entries()? {
            let name = entry?.file_name();
            let Some(name) = name.to_str() else { continue };
            let its_own = name.strip_prefix('.').unwrap_or(name).starts_with(&prefix);
            if its_own && (is_draft(name) || !kept.iter().any(|kept| kept == name)) {
                shelf.remove_file(name)?;
            }
        }
        Ok(())
    }

    /// One folder per first byte of the lambda's id, so that no folder grows with the number of all lambdas.
    fn shelf(&self, lambda: Uuid) -> io::Result<Dir> {
        let name = hex(&lambda.as_bytes()[..1]);
        match self.folder.open_dir(&name) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                self.folder.create_dir_all(&name)?;
                sync_folder(&self.folder)?;
                self.folder.open_dir(&name)
            }
            opened => opened,
        }
    }
}

fn file_name(lambda: Uuid, hash: &ContentHash) -> String {
    format!("{}.{}.image", lambda.simple(), hash.as_str())
}

#[cfg(test)]
mod tests {
    use cap_std::ambient_authority;

    use super::*;

    fn artifacts() -> (tempfile::TempDir, Artifacts) {
        let dir = tempfile::tempdir().unwrap();
        let folder = Dir::open_ambient_dir(dir.path(), ambient_authority()).unwrap();
        (dir, Artifacts::new(folder))
    }

    #[test]
    fn an_image_is_read_back_or_known_to_be_damaged_or_missing() {
        let (dir, artifacts) = artifacts();
        let lambda = Uuid::from_u128(1);
        let hash = artifacts.write(lambda, b"image").unwrap();
        assert_eq!(artifacts.read(lambda, &hash).unwrap(), b"image");
        let file = dir.path().join("00").join(file_name(lambda, &hash));
        std::fs::write(&file, b"imagE").unwrap();
        assert!(matches!(artifacts.read(lambda, &hash), Err(ArtifactError::Damaged)));
        std::fs::remove_file(&file).unwrap();
        assert!(matches!(artifacts.read(lambda, &hash), Err(ArtifactError::Missing)));
    }

    #[test]
    fn old_images_go_and_those_of_neighbours_stay() {
        let (dir, artifacts) = artifacts();
        let (mine, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let old = artifacts.write(mine, b"old").unwrap();
        let new = artifacts.write(mine, b"new").unwrap();
        let neighbour = artifacts.write(other, b"old").unwrap();
        std::fs::write(dir.path().join("00").join(format!(".{}.x", mine.simple())), b"draft").unwrap();
        let other_new = artifacts.write(mine, b"as new").unwrap();
        artifacts.keep_only(mine, &[new.clone(), other_new.clone()]).unwrap();
        assert!(matches!(artifacts.read(mine, &old), Err(ArtifactError::Missing)));
        artifacts.read(mine, &new).unwrap();
        artifacts.read(mine, &other_new).unwrap();
        artifacts.read(other, &neighbour).unwrap();
        assert_eq!(std::fs::read_dir(dir.path().join("00")).unwrap().count(), 3);
    }
}
