//! From an image to a running instance, in microseconds.

use std::{
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::{Duration, Instant},
};

use lambkin_abi::{INBOX_BYTES, Outbox, Status};
use wasmtime::{Memory, ModuleExport, Store, Trap, UpdateDeadline, Val, WasmParams};

use crate::{
    code::{Code, WASM_STACK},
    error::{ErrorCode, RuntimeError},
    guest::{GRACE, GRACE_FUEL, Guest, World, fuel_used, micros},
    limits::{LimitKind, Limits},
    memory::{FaultMark, Mapped, dropping},
    runtime::{Lambda, Runtime},
};

/// One thawed image in one store. Serves one invocation, and more of the same lambda if it is kept ([`crate::Kept`]).
pub struct Instance {
    pub(crate) running: Running,
}

impl std::fmt::Debug for Instance {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Instance").field("guest", self.running.store.data()).finish_non_exhaustive()
    }
}

impl Runtime {
    /// Makes a fresh instance of a lambda.
    ///
    /// # Errors
    ///
    /// [`ErrorCode::Busy`] when every slot is in use, [`ErrorCode::Internal`] when the system refuses something.
    pub fn thaw(&self, lambda: &Lambda, limits: &Limits) -> Result<Instance, RuntimeError> {
        let started = Instant::now();
        let guest = Guest::new(limits.clone(), World::Live, &self.inner.budget);
        let home = lambda.mapped.fault_mark();
        let mut running = Running::create(&self.inner.code, &lambda.mapped, guest)?;
        running.home = home;
        running.store.data_mut().thaw_us = micros(started.elapsed());
        Ok(Instance { running })
    }
}

impl Instance {
    /// SHA-256 of the whole linear memory: equal for all fresh instances of one lambda, whatever ran before.
    pub fn memory_hash(&self) -> [u8; 32] {
        use sha2::Digest;
        sha2::Sha256::digest(self.running.memory()).into()
    }
}

/// A store with one instance of the engine in it, and how to call it.
pub(crate) struct Running {
    pub(crate) store: Store<Guest>,
    instance: wasmtime::Instance,
    memory: Memory,
    code: Arc<Code>,
    /// The thread that did all there was to do here, and its page faults before; `None` when it was not one thread.
    home: Option<FaultMark>,
    /// Time spent executing, waiting not included.
    pub(crate) cpu: Duration,
    /// When the image was thawed, and how many invocations have begun since.
    pub(crate) thawed: Instant,
    pub(crate) begun: u32,
}

/// Why a call into the engine did not return.
#[derive(Debug)]
pub(crate) enum Stopped {
    /// A limit; [`Guest::kill`] says which.
    Killed,
    /// The engine itself gave up: its last words, for the server's log.
    Broken(String),
}

impl Running {
    /// Instantiates the engine over an image.
    pub(crate) fn create(code: &Arc<Code>, image: &Arc<Mapped>, guest: Guest) -> Result<Self, RuntimeError> {
        let failed =
            |e: wasmtime::Error| RuntimeError::internal("cannot instantiate the engine", format!("{e:#}"));
        let fuel = guest.limits.fuel.saturating_add(GRACE_FUEL);
        let mut store = Store::new(code.pre.module().engine(), guest);
        store.limiter(|guest| guest);
        match image.prepare() {
            Ok(true) => {}
            Ok(false) => {
                return Err(RuntimeError::new(ErrorCode::Busy, "every memory slot is in use")
                    .with_hint("wait for running invocations to finish, or give the server more slots"));
            }
            Err(e) => return Err(RuntimeError::internal("cannot map an image", e)),
        }
        let instance = code.pre.instantiate(&mut store).map_err(failed)?;
        let memory = instance
            .get_module_export(&mut store, &code.memory)
            .and_then(wasmtime::Extern::into_memory)
            .ok_or_else(|| RuntimeError::internal("the engine's export is no memory", "memory"))?;
        let size = memory.data_size(&store);
        let guest = store.data_mut();
        guest.memory = Some(memory);
        guest.outbox = code.fixed.get().map(|fixed| fixed.outbox);
        guest.memory_peak = size;
        // Unmetered engines have no fuel to set.
        let _ = store.set_fuel(fuel);
        store.set_epoch_deadline(1);
        // A deadline decides, not a number of ticks: a delayed ticker must not lengthen anybody's time.
        store.epoch_deadline_callback(|mut store| {
            let guest = store.data_mut();
            if Instant::now() < guest.deadline + GRACE {
                return Ok(UpdateDeadline::Yield(1));
            }
            let (value, used) = (guest.limits.wall.as_millis() as u64, guest.elapsed().as_millis() as u64);
            guest.ended_by(LimitKind::Wall, value, used);
            Ok(UpdateDeadline::Interrupt)
        });
        let (code, cpu, thawed) = (Arc::clone(code), Duration::ZERO, Instant::now());
        Ok(Self { store, instance, memory, code, home: None, cpu, thawed, begun: 0 })
    }

    /// Calls an export that returns nothing.
    pub(crate) async fn start(&mut self, which: impl Fn(&Code) -> &ModuleExport) -> Result<(), Stopped> {
        let export = which(&self.code);
        let call =
            self.instance.get_module_export(&mut self.store, export).and_then(wasmtime::Extern::into_func);
        let call = call.and_then(|f| f.typed::<(), ()>(&self.store).ok()).ok_or_else(unexpected)?;
        let call = call.call_async(&mut self.store, ());
        let called = Timed { call, cpu: &mut self.cpu, home: &mut self.home }.await;
        called.map_err(|e| self.stopped(&e))
    }

    /// Calls an export that returns one number.
    async fn number<P: WasmParams + Sync>(
        &mut self,
        which: impl Fn(&Code) -> &ModuleExport,
        parameters: P,
    ) -> Result<u32, Stopped> {
        let export = which(&self.code);
        let call =
            self.instance.get_module_export(&mut self.store, export).and_then(wasmtime::Extern::into_func);
        let call = call.and_then(|f| f.typed::<P, u32>(&self.store).ok()).ok_or_else(unexpected)?;
        let call = call.call_async(&mut self.store, parameters);
        let called = Timed { call, cpu: &mut self.cpu, home: &mut self.home }.await;
        called.map_err(|e| self.stopped(&e))
    }

    /// Calls an export that returns a [`Status`].
    pub(crate) async fn status<P: WasmParams + Sync>(
        &mut self,
        which: impl Fn(&Code) -> &ModuleExport,
        parameters: P,
    ) -> Result<Status, Stopped> {
        let status = self.number(which, parameters).await?;
        Status::from_wire(status).ok_or_else(|| Stopped::Broken(format!("unknown status {status}")))
    }

    /// Where inbox and outbox are.
    pub(crate) async fn addresses(&mut self) -> Result<(u32, u32), Stopped> {
        let inbox = self.number(|code| &code.inbox, INBOX_BYTES as u32).await?;
        Ok((inbox, self.number(|code| &code.outbox, ()).await?))
    }

    /// Puts `bytes` where the engine expects the next call's input; returns the address.
    pub(crate) async fn inbox(&mut self, bytes: &[u8]) -> Result<u32, Stopped> {
        let at = match self.code.fixed.get() {
            Some(fixed) if bytes.len() <= INBOX_BYTES => fixed.inbox,
            _ => self.number(|code| &code.inbox, bytes.len() as u32).await?,
        };
        stay(&mut self.home);
        match self.memory.write(&mut self.store, at as usize, bytes) {
            Ok(()) if at != 0 => Ok(at),
            // The engine found no room: a memory limit, not a fault.
            _ => {
                let guest = self.store.data_mut();
                let here = (guest.limits.memory as u64, (guest.memory_peak + bytes.len()) as u64);
                let (limit, value, asked) =
                    guest.memory_refused.unwrap_or((LimitKind::Memory, here.0, here.1));
                guest.ended_by(limit, value, asked);
                Err(Stopped::Killed)
            }
        }
    }

    /// Clears bytes of the inbox, so that no trace of them is frozen.
    pub(crate) fn wipe(&mut self, at: u32, len: usize) {
        stay(&mut self.home);
        if let Some(range) =
            self.memory.data_mut(&mut self.store).get_mut(at as usize..).and_then(|m| m.get_mut(..len))
        {
            range.fill(0);
        }
    }

    /// The engine's answer area and the bytes it points at.
    pub(crate) fn outbox(&self) -> Result<(Outbox, &[u8]), Stopped> {
        let at = self.code.fixed.get().map_or(usize::MAX, |fixed| fixed.outbox as usize);
        let memory = self.memory.data(&self.store);
        let read = || {
            let words = memory.get(at..)?.first_chunk::<{ Outbox::SIZE }>()?;
            let outbox = Outbox::from_bytes(*words);
            Some((outbox, memory.get(outbox.ptr as usize..)?.get(..outbox.len as usize)?))
        };
        read().ok_or_else(|| Stopped::Broken("the outbox points outside the memory".to_owned()))
    }

    /// Asks the engine to forget the invocation that is over; whether another may follow.
    pub(crate) async fn renew(&mut self) -> bool {
        let guest = self.store.data();
        if guest.kill.is_some() || guest.memory_refused.is_some() || !guest.has_few_masks() {
            return false;
        }
        matches!(self.status(|code| &code.renew, ()).await, Ok(Status::Idle))
    }

    /// Begins the next invocation on what the last one left: fresh limits, a fresh log, no way out.
    pub(crate) fn again(&mut self, limits: Limits) {
        let fuel = limits.fuel.saturating_add(GRACE_FUEL);
        let size = self.memory.data_size(&self.store);
        self.store.data_mut().again(limits, size);
        // Unmetered engines have no fuel to set.
        let _ = self.store.set_fuel(fuel);
        self.store.set_epoch_deadline(1);
        self.cpu = Duration::ZERO;
    }

    /// Takes the guest's state out and gives instance and memory back.
    pub(crate) fn end(self) -> Guest {
        let memory = self.memory.data_ptr(&self.store).cast_const();
        dropping(memory, self.home, || self.store.into_data())
    }

    /// The linear memory.
    pub(crate) fn memory(&self) -> &[u8] {
        self.memory.data(&self.store)
    }

    /// The values of the engine's mutable globals.
    pub(crate) fn globals(&mut self) -> Vec<i64> {
        let code = Arc::clone(&self.code);
        let value = |export| {
            let global = self.instance.get_module_export(&mut self.store, export)?.into_global()?;
            match global.get(&mut self.store) {
                Val::I32(value) => Some(value.into()),
                Val::I64(value) => Some(value),
                _ => None,
            }
        };
        code.globals.iter().filter_map(value).collect()
    }

    /// Fuel burned so far; 0 where nothing is metered.
    pub(crate) fn fuel(&self) -> u64 {
        use wasmtime::AsContext;
        fuel_used(&self.store.as_context(), self.store.data().limits.fuel).unwrap_or(0)
    }

    /// Why wasmtime ended the call.
    fn stopped(&mut self, error: &wasmtime::Error) -> Stopped {
        let fuel = self.fuel();
        let guest = self.store.data_mut();
        if guest.kill.is_none() {
            match error.downcast_ref::<Trap>() {
                Some(Trap::OutOfFuel) => guest.ended_by(LimitKind::Fuel, guest.limits.fuel, fuel),
                Some(Trap::StackOverflow) => {
                    guest.ended_by(LimitKind::Stack, WASM_STACK as u64, WASM_STACK as u64)
                }
                // An engine that finds no memory gives up.
                _ => {
                    if let Some((limit, value, asked)) = guest.memory_refused {
                        guest.ended_by(limit, value, asked);
                    }
                }
            }
        }
        if guest.kill.is_some() {
            return Stopped::Killed;
        }
        let words = guest.last_words.trim();
        Stopped::Broken(if words.is_empty() { format!("{error:#}") } else { format!("{error:#}: {words}") })
    }
}

fn unexpected() -> Stopped {
    Stopped::Broken("the engine's exports have unexpected types".to_owned())
}

/// Before the memory is written to: another thread's page faults are not told by the mark of the first one.
fn stay(home: &mut Option<FaultMark>) {
    *home = home.filter(FaultMark::is_here);
}

/// A call whose time on a thread is added up, and whose thread is watched.
struct Timed<'a, F> {
    call: F,
    cpu: &'a mut Duration,
    home: &'a mut Option<FaultMark>,
}

impl<F: Future> Future for Timed<'_, F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        // SAFETY: `call` is pinned with `self` and never moved out; the others are not structurally pinned.
        let this = unsafe { self.get_unchecked_mut() };
        stay(this.home);
        let started = Instant::now();
        // SAFETY: as above.
        let polled = unsafe { Pin::new_unchecked(&mut this.call) }.poll(cx);
        *this.cpu += started.elapsed();
        polled
    }
}
