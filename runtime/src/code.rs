//! The compiled engine: wasmtime's settings, the exports by number, and the thread that makes epochs pass.

use std::{
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
    thread::JoinHandle,
    time::Duration,
};

use lambkin_abi::export;
use wasmtime::{Config, InstancePre, Module, ModuleExport, Strategy};

use crate::{
    engine::global_export,
    error::RuntimeError,
    guest::Guest,
    image::EngineHash,
    linker,
    memory::{SlotCreator, StackPool, slot_layout},
    native::{self, NativeCache},
};

/// Time between two epochs: how long a computing lambda keeps a thread before it lets others run.
const TICK: Duration = Duration::from_millis(5);

/// Native stack one guest may use, and the stack its fiber gets; address space that costs memory only when touched.
/// The interpreter's own limit strikes first: at most 6 MiB were needed over a hundred shapes of recursion.
pub(crate) const WASM_STACK: usize = 8 << 20;
const FIBER_STACK: usize = WASM_STACK + (1 << 20);

/// The engine as native code, ready to be instantiated, and where its exports are.
pub(crate) struct Code {
    pub(crate) pre: InstancePre<Guest>,
    pub(crate) memory: ModuleExport,
    pub(crate) initialize: ModuleExport,
    pub(crate) boot: ModuleExport,
    pub(crate) inbox: ModuleExport,
    pub(crate) outbox: ModuleExport,
    pub(crate) environment: ModuleExport,
    pub(crate) freeze: ModuleExport,
    pub(crate) invoke: ModuleExport,
    pub(crate) resume: ModuleExport,
    pub(crate) renew: ModuleExport,
    pub(crate) globals: Vec<ModuleExport>,
    /// Known once the engine has booted.
    pub(crate) fixed: OnceLock<Fixed>,
    /// Held by every instance, so that no guest outlives what can interrupt it.
    _ticker: Ticker,
}

/// What interrupts a guest that does not stop by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Guards {
    /// Fuel: a CPU budget that is the same on every machine.
    pub(crate) fuel: bool,
    /// Epochs: the wall clock, and a turn for everybody else at every tick. Off only to measure what it costs; a
    /// server that runs without it can be stalled.
    pub(crate) epochs: bool,
}

/// Addresses in the guest that are the same in every image of one engine.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fixed {
    /// Where inputs of up to `INBOX_BYTES` go.
    pub(crate) inbox: u32,
    /// The answer area.
    pub(crate) outbox: u32,
}

impl Code {
    /// Compiles the engine's hosted form, or takes its native code from the cache.
    pub(crate) fn load(
        guards: Guards,
        cache: Option<&NativeCache>,
        hash: EngineHash,
        wasm: &[u8],
        mutable_globals: &[u32],
    ) -> Result<Arc<Self>, RuntimeError> {
        let failed = |e: wasmtime::Error| RuntimeError::internal("cannot set up wasmtime", format!("{e:#}"));
        let engine = wasmtime::Engine::new(&settings(guards)).map_err(failed)?;
        let module = native::module(&engine, cache, hash, wasm)?;
        let pre =
            linker::linker(&engine).and_then(|linker| linker.instantiate_pre(&module)).map_err(failed)?;
        let globals = mutable_globals.iter().map(|index| find(&module, &global_export(*index)));
        Ok(Arc::new(Self {
            memory: find(&module, export::MEMORY)?,
            initialize: find(&module, export::INITIALIZE)?,
            boot: find(&module, export::BOOT)?,
            inbox: find(&module, export::INBOX)?,
            outbox: find(&module, export::OUTBOX)?,
            environment: find(&module, export::ENVIRONMENT)?,
            freeze: find(&module, export::FREEZE)?,
            invoke: find(&module, export::INVOKE)?,
            resume: find(&module, export::RESUME)?,
            renew: find(&module, export::RENEW)?,
            globals: globals.collect::<Result<_, _>>()?,
            fixed: OnceLock::new(),
            pre,
            _ticker: Ticker::start(&engine)?,
        }))
    }
}

impl Code {
    /// Takes note of where the boxes are, once.
    pub(crate) fn settle(&self, fixed: Fixed) -> Result<(), RuntimeError> {
        self.fixed
            .set(fixed)
            .map_err(|_| RuntimeError::internal("the engine does not boot", "it was booted before"))
    }
}

/// Looks an export of the engine up once, so that no invocation has to do it by name.
fn find(module: &Module, name: &str) -> Result<ModuleExport, RuntimeError> {
    module.get_export_index(name).ok_or_else(|| RuntimeError::internal("the engine lacks an export", name))
}

/// wasmtime's settings: see the field names; the reasons are in ARCHITECTURE.md, "Settings".
fn settings(guards: Guards) -> Config {
    let (reservation, guard) = slot_layout();
    let mut config = Config::new();
    config
        .strategy(Strategy::Cranelift)
        .cranelift_opt_level(wasmtime::OptLevel::Speed)
        .epoch_interruption(guards.epochs)
        .consume_fuel(guards.fuel)
        .with_host_memory(Arc::new(SlotCreator))
        .with_host_stack(Arc::new(StackPool::default()))
        .memory_reservation(reservation as u64)
        .memory_guard_size(guard as u64)
        .memory_may_move(false)
        .memory_init_cow(false)
        .signals_based_traps(true)
        .table_lazy_init(true)
        .concurrency_support(false)
        .wasm_multi_memory(false)
        .wasm_memory64(false)
        .wasm_relaxed_simd(false)
        .max_wasm_stack(WASM_STACK)
        .async_stack_size(FIBER_STACK)
        .async_stack_zeroing(false)
        .generate_address_map(false)
        .wasm_backtrace_max_frames(None);
    config
}

/// The thread that makes epochs pass.
struct Ticker {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Ticker {
    fn start(engine: &wasmtime::Engine) -> Result<Self, RuntimeError> {
        let stop = Arc::new(AtomicBool::new(false));
        let (engine, seen) = (engine.weak(), Arc::clone(&stop));
        let thread = std::thread::Builder::new()
            .name("epochs".to_owned())
            .spawn(move || {
                while !seen.load(Ordering::Relaxed) {
                    std::thread::park_timeout(TICK);
                    match engine.upgrade() {
                        Some(engine) => engine.increment_epoch(),
                        None => break,
                    }
                }
            })
            .map_err(|e| RuntimeError::internal("cannot start the epoch thread", e))?;
        Ok(Self { stop, thread: Some(thread) })
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            thread.thread().unpark();
            let _ = thread.join();
        }
    }
}
