//! The key that secrets are sealed with: where it comes from, and whether it is the right one.
//!
//! It lies in a file of its own, never in the database, or is given by the environment. A check value that was sealed
//! with it is kept in the database, so that a server with another key is refused at its start instead of failing
//! every read. Given both the new key and the old one, a start seals everything again with the new one.

use std::{
    fmt,
    fs::{File, OpenOptions},
    io::{self, Read as _, Write as _},
    os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
};

use zeroize::Zeroizing;

use crate::{
    artifacts::hex,
    error::HostError,
    ledger::Ledger,
    sealing::{KEY, Place, SealError, Sealed, Sealer, fill_random},
    store::StoreError,
};

/// What the check value says once it is open.
const CHECK: &[u8] = b"lambkin";

/// Where the key of the secrets comes from.
#[derive(Clone)]
pub enum SecretKey {
    /// From a file, which is made with a fresh key when there are no secrets yet. `None` is `secret.key` in the data
    /// directory.
    File(Option<PathBuf>),
    /// From its text: 64 hexadecimal digits.
    Text(Zeroizing<String>),
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => f.debug_tuple("File").field(path).finish(),
            Self::Text(_) => f.write_str("Text"),
        }
    }
}

/// The sealer of this server, once it is sure that it opens what is stored.
pub(crate) fn open(
    given: &SecretKey,
    old: Option<&SecretKey>,
    data: &Path,
    ledger: &Ledger,
) -> Result<Sealer, HostError> {
    let unreadable = |error: StoreError| HostError::while_doing("the secrets cannot be read", error);
    let check = ledger.key_check().map_err(unreadable)?;
    let sealer = Sealer::new(&*key(given, data, check.is_none())?);
    let Some(check) = check else {
        let check = sealer.seal(&check_place(), CHECK).map_err(unsealed)?;
        ledger.set_key_check(&check).map_err(unreadable)?;
        return Ok(sealer);
    };
    if opens(&sealer, &check) {
        return Ok(sealer);
    }
    let old = old.ok_or_else(|| {
        HostError::new("the secret key is not the one that the stored secrets are sealed with").with_hint(
            "give the right one with --secret-key-file or LAMBKIN_SECRET_KEY; to change it, give the one before it \
             with --old-secret-key-file as well",
        )
    })?;
    let old = Sealer::new(&*key(old, data, false)?);
    if !opens(&old, &check) {
        return Err(HostError::new(
            "neither the secret key nor the old one is the one that the stored secrets are sealed with",
        )
        .with_hint("give the key they were sealed with as --old-secret-key-file; nothing was changed"));
    }
    let secrets = seal_again(ledger, &old, &sealer)?;
    tracing::info!(secrets, "the secrets are sealed with the new key; the old one is not needed any more");
    Ok(sealer)
}

/// Seals every secret and the check value with another key, all in one batch.
fn seal_again(ledger: &Ledger, old: &Sealer, new: &Sealer) -> Result<usize, HostError> {
    let failed = |error: &dyn fmt::Display| {
        HostError::while_doing("the secrets cannot be sealed again", error)
            .with_hint("nothing was changed; start with the old key alone")
    };
    let check = new.seal(&check_place(), CHECK).map_err(unsealed)?;
    let reseal = |place: &Place, sealed: &Sealed| new.seal(place, &old.open(place, sealed)?);
    ledger.seal_again(&check, reseal).map_err(|error| failed(&error))
}

fn unsealed(error: SealError) -> HostError {
    HostError::while_doing("the check value of the secret key cannot be sealed", error)
}

fn check_place() -> Place {
    Place::new(&[b"lambkin check value 1"])
}

fn opens(sealer: &Sealer, check: &Sealed) -> bool {
    sealer.open(&check_place(), check).is_ok_and(|text| text.as_slice() == CHECK)
}

fn key(given: &SecretKey, data: &Path, may_create: bool) -> Result<Zeroizing<[u8; KEY]>, HostError> {
    match given {
        SecretKey::Text(text) => parse(text).ok_or_else(|| {
            HostError::new("the secret key in the environment is no key")
                .with_hint("it must be 64 hexadecimal digits, for example from `openssl rand -hex 32`")
        }),
        SecretKey::File(path) => {
            let path = path.clone().unwrap_or_else(|| data.join("secret.key"));
            from_file(&path, may_create)
        }
    }
}

fn from_file(path: &Path, may_create: bool) -> Result<Zeroizing<[u8; KEY]>, HostError> {
    let unusable = |error: io::Error| {
        HostError::while_doing(format!("the secret key file `{}` cannot be used", path.display()), error)
            .with_hint("name a file this user may read and write: --secret-key-file FILE")
    };
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound && may_create => {
            return create(path).map_err(unusable);
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(HostError::new(format!("the secret key file `{}` is missing", path.display()))
                .with_hint("restore it: without it the stored secrets cannot be read; nothing was changed"));
        }
        Err(error) => return Err(unusable(error)),
    };
    let mode = file.metadata().map_err(unusable)?.permissions().mode();
    if mode & 0o077 != 0 {
        return Err(HostError::new(format!(
            "the secret key file `{}` is open to other users (mode {:03o})",
            path.display(),
            mode & 0o777
        ))
        .with_hint("`chmod 600` it, and change the key if others may have read it"));
    }
    let mut text = Zeroizing::new(String::with_capacity(128));
    (&mut file).take(128).read_to_string(&mut text).map_err(unusable)?;
    parse(&text).ok_or_else(|| {
        HostError::new(format!("the secret key file `{}` does not hold a key", path.display()))
            .with_hint("it must be 64 hexadecimal digits; restore it from where it was kept")
    })
}

/// A fresh key in a file that is there whole or not at all.
fn create(path: &Path) -> io::Result<Zeroizing<[u8; KEY]>> {
    let mut key = Zeroizing::new([0; KEY]);
    fill_random(&mut *key).map_err(io::Error::other)?;
    let draft = path.with_extension("draft");
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&draft)?;
    file.write_all(Zeroizing::new(hex(&*key) + "\n").as_bytes())?;
    file.sync_all()?;
    std::fs::rename(&draft, path)?;
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        File::open(folder)?.sync_all()?;
    }
    Ok(key)
}

fn parse(text: &str) -> Option<Zeroizing<[u8; KEY]>> {
    let text = text.trim().as_bytes();
    let mut key = Zeroizing::new([0; KEY]);
    if text.len() != KEY * 2 {
        return None;
    }
    for (byte, digits) in key.iter_mut().zip(text.chunks_exact(2)) {
        let digit = |at: usize| char::from(*digits.get(at)?).to_digit(16);
        *byte = u8::try_from(digit(0)? * 16 + digit(1)?).ok()?;
    }
    Some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_created_key_is_read_back_and_for_its_owner_only() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("secret.key");
        assert!(from_file(&path, false).unwrap_err().message.contains("is missing"));
        let key = from_file(&path, true).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(from_file(&path, true).unwrap(), key);
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
        assert!(from_file(&path, true).unwrap_err().message.contains("open to other users (mode 640)"));
    }

    #[test]
    fn only_64_hexadecimal_digits_are_a_key() {
        assert!(parse(&"0aF9".repeat(16)).is_some());
        for bad in ["", "00", &"0".repeat(63), &"0".repeat(65), &"0g".repeat(32), &"é".repeat(32)] {
            assert!(parse(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn a_key_is_never_shown() {
        let shown = format!("{:?}", SecretKey::Text("ab".repeat(32).into()));
        assert!(!shown.contains("abab"), "{shown}");
    }
}
