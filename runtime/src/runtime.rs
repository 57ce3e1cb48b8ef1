//! The runtime: one compiled engine, one base image, one pool of slots, shared by every lambda.

use std::{path::PathBuf, sync::Arc};

use crate::{
    code::{Code, Guards},
    engine::{self, Anatomy},
    error::{ErrorCode, RuntimeError},
    guest::Budget,
    image::{EngineHash, Image},
    limits::Limits,
    memory::{Mapped, PAGE, Pool, Reset},
    native::{self, NativeCache},
};

/// How a [`Runtime`] is set up.
#[derive(Clone, Debug)]
pub struct RuntimeConfig {
    /// Folder for the engine's native code and its base image; `None` makes both at every start (seconds).
    pub cache: Option<PathBuf>,
    /// Whether CPU time is budgeted and reported in fuel. README.md, "Figures", says what that costs.
    pub metered: bool,
    /// Whether epochs interrupt guests. Off only to measure what they cost: a server without them can be stalled.
    pub epochs: bool,
    /// Instances that can exist at the same time. Each reserves 4 GiB of address space, and memory only as it is used.
    pub slots: usize,
    /// Bytes that all instances together may grow by, beyond their images. One lambda's cap says nothing about a
    /// hundred copies of it.
    pub memory: usize,
    /// What an invocation may use where nothing else is said.
    pub limits: Limits,
    /// How used memory is restored; `None` takes the best the kernel offers.
    pub reset: Option<Reset>,
}

impl Default for RuntimeConfig {
    fn default() -> Self {
        Self {
            cache: None,
            metered: true,
            epochs: true,
            slots: 1024,
            memory: half_of_this_machine(),
            limits: Limits::default(),
            reset: None,
        }
    }
}

/// Half of the machine's memory; 2 GiB where it cannot be found out.
fn half_of_this_machine() -> usize {
    let kilobytes = std::fs::read_to_string("/proc/meminfo").ok().and_then(|text| {
        let line = text.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
        line.trim().strip_suffix("kB")?.trim().parse::<usize>().ok()
    });
    kilobytes.map_or(2 << 30, |kb| kb * 512)
}

/// Freezes, loads and thaws lambdas. Cheap to clone; clones share everything.
#[derive(Clone, Debug)]
pub struct Runtime {
    pub(crate) inner: Arc<Inner>,
}

/// What all clones share.
pub(crate) struct Inner {
    pub(crate) code: Arc<Code>,
    pub(crate) pool: Arc<Pool>,
    pub(crate) base: Arc<Mapped>,
    pub(crate) hash: EngineHash,
    pub(crate) budget: Arc<Budget>,
    pub(crate) limits: Limits,
    pub(crate) metered: bool,
    /// SHA-256 of what the engine does, to recognise modules built with it.
    pub(crate) code_hash: [u8; 32],
    hash_text: String,
    warnings: Vec<String>,
}

impl std::fmt::Debug for Inner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Runtime")
            .field("engine", &self.hash)
            .field("metered", &self.metered)
            .finish_non_exhaustive()
    }
}

impl Runtime {
    /// Compiles the engine and boots it into the base image, or takes both from the cache.
    ///
    /// Blocks: seconds when the cache is cold, some ten milliseconds when it is warm.
    ///
    /// # Errors
    ///
    /// [`ErrorCode::Internal`] when the operating system or wasmtime refuses something, with the way out.
    pub fn new(config: RuntimeConfig) -> Result<Self, RuntimeError> {
        let anatomy = Anatomy::of(engine::ENGINE)?;
        let hash = engine::hash(engine::ENGINE);
        let wasm = anatomy.hosted()?;

        let (pool, warning) = Pool::new(config.slots, config.reset).map_err(|e| {
            RuntimeError::internal(&format!("cannot reserve {} memory slots", config.slots), e)
                .with_hint("lower the number of slots, or raise the process's limit on address space")
        })?;
        let guards = Guards { fuel: config.metered, epochs: config.epochs };
        let cache = config.cache.as_deref().map(NativeCache::open).transpose()?;
        let code = Code::load(guards, cache.as_ref(), hash, &wasm, &anatomy.mutable_globals)?;

        let budget = Budget::new(config.memory);
        // The engine's start: its data segments, its constructor, its boot.
        let (base, fixed) = native::base_image(cache.as_ref(), hash, || {
            let seed = load_seed(&pool, &anatomy)?;
            crate::freeze::boot(&code, &seed, &budget, hash)
        })?;
        code.settle(fixed)?;
        let base = map(&pool, None, &base)?;

        Ok(Self {
            inner: Arc::new(Inner {
                code,
                pool,
                base,
                hash,
                hash_text: hash.to_string(),
                budget,
                limits: config.limits,
                metered: config.metered,
                code_hash: anatomy.code_hash,
                warnings: warning.into_iter().collect(),
            }),
        })
    }

    /// The engine's SHA-256 in hexadecimal: images and modules name it.
    pub fn engine_hash(&self) -> &str {
        &self.inner.hash_text
    }

    /// What the operator should know about this machine.
    pub fn warnings(&self) -> &[String] {
        &self.inner.warnings
    }

    /// What an invocation may use where nothing else is said.
    pub fn limits(&self) -> &Limits {
        &self.inner.limits
    }

    /// Whether fuel is counted.
    pub fn metered(&self) -> bool {
        self.inner.metered
    }

    /// How used memory is restored on this machine.
    pub fn reset(&self) -> Reset {
        self.inner.pool.reset()
    }

    /// Makes an image ready to thaw.
    ///
    /// # Errors
    ///
    /// [`ErrorCode::ImageInvalid`] when it belongs to another engine, [`ErrorCode::Internal`] when the system
    /// refuses the memory.
    pub fn load(&self, image: &Image) -> Result<Lambda, RuntimeError> {
        if image.engine_hash() != self.inner.hash {
            return Err(RuntimeError::new(
                ErrorCode::ImageInvalid,
                format!("the image was made by engine {}, this is {}", image.engine_hash(), self.inner.hash),
            )
            .with_hint("freeze the lambda again from its source"));
        }
        Ok(Lambda { mapped: map(&self.inner.pool, Some(&self.inner.base), image)? })
    }
}

/// An image that is ready to thaw. Cheap to clone; its memory is given back with the last clone and instance.
#[derive(Clone, Debug)]
pub struct Lambda {
    pub(crate) mapped: Arc<Mapped>,
}

impl Lambda {
    /// Bytes of memory that this lambda alone takes while it is loaded.
    pub fn bytes(&self) -> usize {
        self.mapped.own_bytes()
    }
}

/// Puts an image into the arena.
fn map(pool: &Arc<Pool>, below: Option<&Arc<Mapped>>, image: &Image) -> Result<Arc<Mapped>, RuntimeError> {
    let (runs, data) = image.runs(below.map(Arc::as_ref));
    pool.load(below, image.memory_len() / PAGE, &runs, &data)
        .map_err(|e| RuntimeError::internal("cannot load an image into memory", e))
}

/// The engine's data segments as an image, from which it is booted.
fn load_seed(pool: &Arc<Pool>, anatomy: &Anatomy<'_>) -> Result<Arc<Mapped>, RuntimeError> {
    let memory = anatomy.memory();
    let image = Image::capture(EngineHash([0; 32]), &memory, None, 0..anatomy.memory_pages);
    map(pool, None, &image)
}
