//! Everything a guest can reach. What is not linked here does not exist for it.
//!
//! WASI preview 1 is cut down to a clock, randomness and a place for a panic message: no files, no sockets, no
//! environment, no arguments. All functions are synchronous and do work proportional to their input at most, so a
//! store needs no fiber to be created and no host call can stall a thread.

use bytes::Bytes;
use lambkin_abi::{
    Completion, IMPORT_MODULE, Level, OperationKind, Outbox, Status, Warning, import, op_refused,
};
use serde_json::value::RawValue;
use wasmtime::{AsContext, Caller, Linker};

use crate::{
    guest::{Guest, World, fuel_used},
    invoke::{Answer, Outcome, Usage},
    limits::LimitKind,
    logs::LogEntry,
    operations::{self, MOST_REQUEST, Operation},
};

const WASI: &str = "wasi_snapshot_preview1";

/// WASI error numbers.
const SUCCESS: i32 = 0;
const BAD_DESCRIPTOR: i32 = 8;
const FAULT: i32 = 21;
const IO: i32 = 29;

/// Random bytes one call may ask for, as in the Web's `getRandomValues`.
const MOST_RANDOM: usize = 65_536;

/// The host's answer to a call the guest may not make any more; the reason is in [`Guest::kill`].
#[derive(Debug, thiserror::Error)]
#[error("the host ended the run")]
pub(crate) struct Ended;

/// Links everything a guest can reach.
pub(crate) fn linker(engine: &wasmtime::Engine) -> wasmtime::Result<Linker<Guest>> {
    let mut linker = Linker::new(engine);
    lambkin(&mut linker)?;
    outside(&mut linker)?;
    wasi(&mut linker)?;
    Ok(linker)
}

type Call<'a> = Caller<'a, Guest>;

fn count(caller: &mut Call<'_>) -> wasmtime::Result<()> {
    if caller.data_mut().count_call() { Ok(()) } else { Err(Ended.into()) }
}

/// The guest's bytes `ptr..ptr + len`.
fn bytes<'a>(caller: &'a Call<'_>, ptr: u32, len: u32) -> Option<&'a [u8]> {
    let memory = caller.data().memory?;
    memory.data(caller).get(ptr as usize..)?.get(..len as usize)
}

/// Writes `value` at `ptr`.
fn write(caller: &mut Call<'_>, ptr: u32, value: &[u8]) -> bool {
    let Some(memory) = caller.data().memory else { return false };
    memory.write(caller, ptr as usize, value).is_ok()
}

fn lambkin(linker: &mut Linker<Guest>) -> wasmtime::Result<()> {
    linker.func_wrap(
        IMPORT_MODULE,
        import::LOG,
        |mut caller: Call<'_>,
         level: u32,
         timestamp: f64,
         message: u32,
         message_len: u32,
         extras: u32,
         extras_len: u32| {
            count(&mut caller)?;
            // Before a byte is looked at: reading a giant only to refuse it would cost the host, not the guest.
            if !caller.data_mut().has_log_room(message_len as usize + extras_len as usize) {
                return wasmtime::Result::Ok(());
            }
            let json = |ptr, len| raw(&caller.data().masked(bytes(&caller, ptr, len)?));
            let entry = LogEntry {
                level: Level::from_wire(level).into(),
                message: json(message, message_len).unwrap_or_else(|| RawValue::NULL.to_owned()),
                extras: json(extras, extras_len).unwrap_or_else(no_extras),
                timestamp: timestamp as u64,
            };
            caller.data_mut().logs.push(entry);
            wasmtime::Result::Ok(())
        },
    )?;
    linker.func_wrap(IMPORT_MODULE, import::NOW, |mut caller: Call<'_>| {
        count(&mut caller)?;
        wasmtime::Result::Ok(caller.data().now().as_secs_f64() * 1e3)
    })?;
    linker.func_wrap(IMPORT_MODULE, import::INTERRUPTED, |mut caller: Call<'_>| -> u32 {
        interrupted(&mut caller).into()
    })?;
    linker.func_wrap(IMPORT_MODULE, import::SETTLED, |mut caller: Call<'_>, status: u32| {
        settled(&mut caller, status)
    })?;
    linker.func_wrap(IMPORT_MODULE, import::WARN, |mut caller: Call<'_>, kind: u32| {
        let guest = caller.data_mut();
        if let Some(warning) = Warning::from_wire(kind)
            && guest.world == World::Frozen
            && !guest.warnings.contains(&warning)
        {
            guest.warnings.push(warning);
        }
    })?;
    Ok(())
}

/// Operations: none of these waits, see `operations.rs`.
fn outside(linker: &mut Linker<Guest>) -> wasmtime::Result<()> {
    linker.func_wrap(
        IMPORT_MODULE,
        import::OP_START,
        |mut caller: Call<'_>,
         kind: u32,
         head: u32,
         head_len: u32,
         body: u32,
         body_len: u32|
         -> wasmtime::Result<i32> {
            count(&mut caller)?;
            if head_len as usize + body_len as usize > MOST_REQUEST {
                return Ok(op_refused::TOO_LARGE);
            }
            let copy = |ptr, len| bytes(&caller, ptr, len).map(Bytes::copy_from_slice);
            let (Some(kind), Some(head), Some(body)) =
                (OperationKind::from_wire(kind), copy(head, head_len), copy(body, body_len))
            else {
                return Ok(op_refused::MALFORMED);
            };
            let guest = caller.data_mut();
            let Some(egress) = &guest.egress else { return Ok(op_refused::NO_CAPABILITY) };
            Ok(guest.operations.get_or_insert_default().start(egress, Operation { kind, head, body }))
        },
    )?;
    linker.func_wrap(IMPORT_MODULE, import::OP_CANCEL, |mut caller: Call<'_>, id: u32| {
        count(&mut caller)?;
        if let Some(operations) = &mut caller.data_mut().operations {
            operations.cancel(id);
        }
        wasmtime::Result::Ok(())
    })?;
    linker.func_wrap(
        IMPORT_MODULE,
        import::OP_NEXT,
        |mut caller: Call<'_>, out: u32| -> wasmtime::Result<u32> {
            count(&mut caller)?;
            let next = caller.data_mut().operations.as_mut().and_then(|operations| operations.next());
            let Some((completion, notes, masks)) = next else { return Ok(0) };
            caller.data_mut().mask(masks);
            for note in notes {
                caller.data_mut().note(&note);
            }
            Ok(write(&mut caller, out, &Completion::to_bytes(completion)).into())
        },
    )?;
    linker.func_wrap(IMPORT_MODULE, import::OP_TAKE, |mut caller: Call<'_>, out: u32| {
        let answer = caller.data_mut().operations.as_mut().and_then(|operations| operations.take());
        if let Some(answer) = answer
            && out != 0
        {
            write(&mut caller, out, operations::bytes_of(&answer));
        }
    })?;
    Ok(())
}

/// Takes the answer out of the engine and hands it to whoever waits. What cannot be taken now (too long, out of
/// memory) is judged when the engine returns.
fn settled(caller: &mut Call<'_>, status: u32) {
    if caller.data().settled.is_some() {
        return;
    }
    let read = || {
        let words = bytes(caller, caller.data().outbox?, Outbox::SIZE as u32)?.first_chunk()?;
        let outbox = Outbox::from_bytes(*words);
        let text = bytes(caller, outbox.ptr, outbox.len)?;
        Outcome::read(Status::from_wire(status)?, text, caller.data().limits.output)
    };
    let Some(outcome) = read() else { return };
    let fuel = fuel_used(&caller.as_context(), caller.data().limits.fuel).unwrap_or(0);
    let guest = caller.data_mut();
    if let Outcome::Failure(failure) = &outcome
        && guest.memory_refused.is_some()
        && Guest::is_starvation(&failure.error_msg)
    {
        return;
    }
    if let Some(deliver) = guest.deliver.take() {
        let usage = Usage { fuel, ..guest.usage(&outcome) };
        deliver(Answer { outcome: outcome.clone(), logs: guest.logs.clone(), usage });
    }
    guest.settled = Some(outcome);
}

/// Whether a time limit is spent; notes which.
fn interrupted(caller: &mut Call<'_>) -> bool {
    if caller.data().kill.is_some() {
        return true;
    }
    let budget = caller.data().limits.fuel;
    if let Some(used) = fuel_used(&caller.as_context(), budget)
        && used > budget
    {
        caller.data_mut().ended_by(LimitKind::Fuel, budget, used);
        return true;
    }
    let guest = caller.data_mut();
    if std::time::Instant::now() >= guest.deadline {
        let (value, used) = (guest.limits.wall.as_millis() as u64, guest.elapsed().as_millis() as u64);
        guest.ended_by(LimitKind::Wall, value, used);
        return true;
    }
    false
}

/// A copy of JSON text out of the guest. The engine writes valid JSON; anything else is kept as a string.
fn raw(text: &str) -> Option<Box<RawValue>> {
    match serde_json::from_str::<&RawValue>(text) {
        Ok(valid) => Some(valid.to_owned()),
        Err(_) => serde_json::value::to_raw_value(text).ok(),
    }
}

fn no_extras() -> Box<RawValue> {
    serde_json::value::to_raw_value::<[(); 0]>(&[]).unwrap_or_else(|_| RawValue::NULL.to_owned())
}

fn wasi(linker: &mut Linker<Guest>) -> wasmtime::Result<()> {
    linker.func_wrap(
        WASI,
        "clock_time_get",
        |mut caller: Call<'_>, _id: u32, _precision: u64, out: u32| {
            count(&mut caller)?;
            let now = caller.data().now().as_nanos() as u64;
            wasmtime::Result::Ok(if write(&mut caller, out, &now.to_le_bytes()) { SUCCESS } else { FAULT })
        },
    )?;
    linker.func_wrap(WASI, "random_get", |mut caller: Call<'_>, ptr: u32, len: u32| {
        count(&mut caller)?;
        let Some(memory) = caller.data().memory else { return wasmtime::Result::Ok(FAULT) };
        let (data, guest) = memory.data_and_store_mut(&mut caller);
        let Some(target) = data.get_mut(ptr as usize..).and_then(|rest| rest.get_mut(..len as usize)) else {
            return Ok(FAULT);
        };
        if target.len() > MOST_RANDOM {
            return Ok(IO);
        }
        Ok(if guest.fill_random(target) { SUCCESS } else { IO })
    })?;
    linker.func_wrap(
        WASI,
        "fd_write",
        |mut caller: Call<'_>, fd: u32, vectors: u32, count_: u32, written: u32| {
            count(&mut caller)?;
            if fd != 1 && fd != 2 {
                return wasmtime::Result::Ok(BAD_DESCRIPTOR);
            }
            let mut total = 0_u32;
            for i in 0..count_.min(64) {
                let Some(vector) = bytes(&caller, vectors.wrapping_add(8 * i), 8) else { return Ok(FAULT) };
                let word = |at: usize| {
                    u32::from_le_bytes([vector[at], vector[at + 1], vector[at + 2], vector[at + 3]])
                };
                let (ptr, len) = (word(0), word(4));
                let Some(text) = bytes(&caller, ptr, len) else { return Ok(FAULT) };
                let heard = String::from_utf8_lossy(&text[..text.len().min(4096)]).into_owned();
                caller.data_mut().hear(&heard);
                total = total.saturating_add(len);
            }
            Ok(if write(&mut caller, written, &total.to_le_bytes()) { SUCCESS } else { FAULT })
        },
    )?;
    linker.func_wrap(WASI, "environ_sizes_get", |mut caller: Call<'_>, number: u32, size: u32| -> i32 {
        if write(&mut caller, number, &[0; 4]) && write(&mut caller, size, &[0; 4]) { SUCCESS } else { FAULT }
    })?;
    linker.func_wrap(WASI, "environ_get", |_: u32, _: u32| -> i32 { SUCCESS })?;
    linker.func_wrap(WASI, "fd_close", |_: u32| -> i32 { BAD_DESCRIPTOR })?;
    linker.func_wrap(WASI, "fd_seek", |_: u32, _: i64, _: u32, _: u32| -> i32 { BAD_DESCRIPTOR })?;
    linker.func_wrap(WASI, "fd_fdstat_get", |_: u32, _: u32| -> i32 { BAD_DESCRIPTOR })?;
    linker.func_wrap(WASI, "proc_exit", |_: u32| -> wasmtime::Result<()> { Err(Ended.into()) })?;
    Ok(())
}
