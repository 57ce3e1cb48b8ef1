//! The engine's native code and its base image: made once per host, kept on disk, loaded in milliseconds.
//!
//! A file of native code is code this process will run, so it is loaded only after its MAC was checked with a key
//! that never leaves the cache folder's owner. Anything else in its place is compiled again, not trusted.

use std::{
    fs,
    hash::{Hash, Hasher},
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};

use crate::{
    code::Fixed,
    error::RuntimeError,
    image::{EngineHash, Image},
};

const MAC_LEN: usize = 32;

/// Where native code is kept, and how to tell that it is ours.
#[derive(Debug)]
pub(crate) struct NativeCache {
    folder: PathBuf,
    key: [u8; 32],
}

impl NativeCache {
    /// Opens the cache, creating folder and key when they are missing.
    pub(crate) fn open(folder: &Path) -> Result<Self, RuntimeError> {
        let failed = |doing: &str, e: io::Error| {
            RuntimeError::internal(&format!("cannot {doing} in the cache folder `{}`", folder.display()), e)
                .with_hint("give the server a folder it can write, with --data")
        };
        fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(|e| failed("work", e))?;
        let path = folder.join("native.key");
        let key = match fs::read(&path) {
            Ok(bytes) if bytes.len() == 32 => bytes,
            // Unusable or missing: a new key makes every file behind it worthless, which is safe.
            _ => {
                let mut key = [0_u8; 32];
                rustix::rand::getrandom(&mut key, rustix::rand::GetRandomFlags::empty())
                    .map_err(|e| failed("make a key", e.into()))?;
                replace(folder, &path, &key).map_err(|e| failed("write a key", e))?;
                // Two servers may race for the first start: what is on disk counts.
                fs::read(&path).map_err(|e| failed("read the key", e))?
            }
        };
        let key = <[u8; 32]>::try_from(key.as_slice())
            .map_err(|_| failed("use the key", io::Error::other("it is not 32 bytes long")))?;
        Ok(Self { folder: folder.to_owned(), key })
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.native"))
    }

    fn mac(&self, name: &str, code: &[u8]) -> [u8; MAC_LEN] {
        // The name is part of it: a metered engine must not pass for an unmetered one.
        let mut mac =
            Hmac::<Sha256>::new_from_slice(&self.key).unwrap_or_else(|_| unreachable!("any length will do"));
        mac.update(&(name.len() as u64).to_le_bytes());
        mac.update(name.as_bytes());
        mac.update(code);
        mac.finalize().into_bytes().into()
    }

    /// The code stored under `name`, if it is there and ours.
    fn get(&self, name: &str) -> Option<Vec<u8>> {
        let mut file = fs::read(self.path(name)).ok()?;
        let at = file.len().checked_sub(MAC_LEN)?;
        let found = file.split_off(at);
        // Not a secret comparison: the attacker who could time it could as well write the folder.
        (self.mac(name, &file).as_slice() == found).then_some(file)
    }

    fn put(&self, name: &str, code: &[u8]) -> io::Result<()> {
        let mut file = code.to_vec();
        file.extend_from_slice(&self.mac(name, code));
        replace(&self.folder, &self.path(name), &file)
    }
}

/// Writes a file so that it is there completely or not at all, readable by its owner alone.
fn replace(folder: &Path, path: &Path, bytes: &[u8]) -> io::Result<()> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let draft = folder.join(format!(".{name}.{}", std::process::id()));
    let mut file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&draft)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&draft, path)
}

/// The base image of `engine`, from the cache when possible: making it means compiling Node's library and evaluating it.
///
/// It is no native code, but every lambda runs on it: it has to be as trustworthy, and is kept in the same way.
pub(crate) fn base_image(
    cache: Option<&NativeCache>,
    engine: EngineHash,
    boot: impl FnOnce() -> Result<(Image, Fixed), RuntimeError>,
) -> Result<(Image, Fixed), RuntimeError> {
    let Some(cache) = cache else { return boot() };
    let name = format!("{}-base", &engine.to_string()[..16]);
    if let Some(mut bytes) = cache.get(&name)
        && let Some(at) = bytes.len().checked_sub(8)
    {
        let fixed = bytes.split_off(at);
        let word = |at: usize| fixed[at..at + 4].try_into().map_or(0, u32::from_le_bytes);
        if let Ok(image) = Image::from_bytes(&bytes)
            && image.engine_hash() == engine
        {
            return Ok((image, Fixed { inbox: word(0), outbox: word(4) }));
        }
    }
    let (image, fixed) = boot()?;
    let mut bytes = image.to_bytes();
    bytes.extend_from_slice(&fixed.inbox.to_le_bytes());
    bytes.extend_from_slice(&fixed.outbox.to_le_bytes());
    if let Err(e) = cache.put(&name, &bytes) {
        tracing::warn!(error = %e, "the base image could not be cached; the next start will be slower");
    }
    Ok((image, fixed))
}

/// The module of `wasm` for `engine`, from the cache when possible.
pub(crate) fn module(
    engine: &wasmtime::Engine,
    cache: Option<&NativeCache>,
    hash: EngineHash,
    wasm: &[u8],
) -> Result<wasmtime::Module, RuntimeError> {
    let failed = |e: wasmtime::Error| RuntimeError::internal("cannot compile the engine", format!("{e:#}"));
    let Some(cache) = cache else {
        return wasmtime::Module::new(engine, wasm).map_err(failed);
    };
    let name = name(engine, hash, wasm);
    if let Some(code) = cache.get(&name) {
        // SAFETY: the MAC shows that this very code was written by `put` below, for this name, which names the
        // engine, the settings and wasmtime's version.
        match unsafe { wasmtime::Module::deserialize(engine, &code) } {
            Ok(module) => return Ok(module),
            Err(e) => {
                tracing::warn!(error = %e, "the cached native code does not fit this machine; compiling again")
            }
        }
    }
    tracing::info!("compiling the engine for this machine; this happens once");
    let code = engine.precompile_module(wasm).map_err(failed)?;
    if let Err(e) = cache.put(&name, &code) {
        tracing::warn!(error = %e, "the engine's native code could not be cached; the next start will be slow");
    }
    // SAFETY: compiled a moment ago by this process.
    unsafe { wasmtime::Module::deserialize(engine, &code) }.map_err(failed)
}

/// A name for native code: changes with the engine, its hosted form, wasmtime and everything that steers code
/// generation, this machine's CPU features included.
fn name(engine: &wasmtime::Engine, hash: EngineHash, wasm: &[u8]) -> String {
    struct Sha(Sha256);
    impl Hasher for Sha {
        fn write(&mut self, bytes: &[u8]) {
            self.0.update(bytes);
        }
        fn finish(&self) -> u64 {
            0
        }
    }
    let mut sha = Sha(Sha256::new());
    engine.precompile_compatibility_hash().hash(&mut sha);
    sha.0.update(wasm);
    let digest = sha.0.finalize();
    let tail: String = digest.iter().take(8).map(|b| format!("{b:02x}")).collect();
    format!("{}-{tail}", &hash.to_string()[..16])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_base_image_is_made_once_and_again_when_what_is_kept_is_not_ours() {
        let folder = tempfile::tempdir().unwrap();
        let cache = NativeCache::open(folder.path()).unwrap();
        let engine = EngineHash([7; 32]);
        let made = std::cell::Cell::new(0);
        let base = |cache: Option<&NativeCache>| {
            let memory = [vec![0; 4096], vec![9; 4096]].concat();
            let boot = || {
                made.set(made.get() + 1);
                Ok((Image::capture(engine, &memory, None, 0..2), Fixed { inbox: 5, outbox: 6 }))
            };
            let (image, fixed) = base_image(cache, engine, boot).unwrap();
            (image.to_bytes(), fixed.inbox, fixed.outbox)
        };
        let first = base(Some(&cache));
        assert_eq!(base(Some(&cache)), first);
        assert_eq!(made.get(), 1);

        let path = cache.path(&format!("{}-base", &engine.to_string()[..16]));
        let mut bytes = fs::read(&path).unwrap();
        bytes[100] ^= 1;
        fs::write(&path, &bytes).unwrap();
        assert_eq!(base(Some(&cache)), first, "altered");
        assert_eq!(base(None), first, "no cache");
        assert_eq!(made.get(), 3);
    }

    #[test]
    fn only_what_this_cache_wrote_under_this_name_comes_back() {
        let folder = tempfile::tempdir().unwrap();
        let cache = NativeCache::open(folder.path()).unwrap();
        cache.put("a", b"code").unwrap();
        assert_eq!(cache.get("a").as_deref(), Some(&b"code"[..]));
        assert_eq!(NativeCache::open(folder.path()).unwrap().get("a").as_deref(), Some(&b"code"[..]));

        fs::copy(cache.path("a"), cache.path("b")).unwrap();
        assert_eq!(cache.get("b"), None, "another name");

        let mut bytes = fs::read(cache.path("a")).unwrap();
        bytes[0] ^= 1;
        fs::write(cache.path("a"), &bytes).unwrap();
        assert_eq!(cache.get("a"), None, "altered");

        fs::write(cache.path("a"), b"short").unwrap();
        assert_eq!(cache.get("a"), None, "truncated");

        let elsewhere = tempfile::tempdir().unwrap();
        let other = NativeCache::open(elsewhere.path()).unwrap();
        other.put("a", b"foreign").unwrap();
        fs::copy(other.path("a"), cache.path("a")).unwrap();
        assert_eq!(cache.get("a"), None, "another key");
    }
}
