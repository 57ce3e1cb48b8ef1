//! The event loop: which callback runs next, and when the host gets control back. Nothing of an invocation is on the
//! WebAssembly stack while it waits.

use std::cell::Cell;

use javy::quickjs::{Ctx, Error};
use lambkin_abi::Status;

use crate::engine::Entries;
use crate::{heap, interpreter, mailbox, natives, operations};

/// What js/timers.js' `macrotask` answers besides microseconds to wait.
const RAN: f64 = -1.0;
const EMPTY: f64 = -2.0;

thread_local! {
    static HAS_TICKS: Cell<bool> = const { Cell::new(false) };
    /// Timers were used at all; most invocations never do.
    static HAS_TIMERS: Cell<bool> = const { Cell::new(false) };
    static HAS_REJECTIONS: Cell<bool> = const { Cell::new(false) };
    static HAS_REPLIED: Cell<bool> = const { Cell::new(false) };
    static HAS_LOST: Cell<bool> = const { Cell::new(false) };
}

/// A callback waits in the queue of `process.nextTick`.
pub fn tick_queued() {
    HAS_TICKS.set(true);
}

/// A timer or an immediate was set.
pub fn timer_set() {
    HAS_TIMERS.set(true);
}

/// Promises were rejected without a handler, or no longer are.
pub fn rejections_tracked(are_any: bool) {
    HAS_REJECTIONS.set(are_any);
}

/// Back to how an image starts.
pub fn reset() {
    HAS_TICKS.set(false);
    HAS_TIMERS.set(false);
    HAS_REJECTIONS.set(false);
    HAS_REPLIED.set(false);
    operations::reset();
}

/// A rejection could not be noted, so nobody will hear of it.
pub fn rejection_lost() {
    HAS_LOST.set(true);
}

/// Whether another invocation may begin. The loop is empty, and what did not keep it alive was dropped.
pub fn renew() -> bool {
    reset();
    !HAS_LOST.get()
}

/// Goes on until a reply is ready, nothing can run for a while, or nothing is left.
pub fn run(ctx: &Ctx<'_>, entries: &Entries) -> Status {
    loop {
        match turn(ctx, entries) {
            Ok(None) => {}
            Ok(Some(status)) => return status,
            Err(_) if interpreter::is_interrupted() => return interrupted(),
            // The engine's own code threw: the stack was exhausted below it, say. It counts as the lambda's error.
            Err(_) => {
                entries.uncaught(ctx, ctx.catch());
                if let Some(status) = replied(ctx) {
                    return status;
                }
            }
        }
    }
}

/// One macrotask and everything that follows from it at once. A status ends the run.
fn turn(ctx: &Ctx<'_>, entries: &Entries) -> Result<Option<Status>, Error> {
    if let Some(status) = drain(ctx, entries)? {
        return Ok(Some(status));
    }
    if HAS_REJECTIONS.take() {
        entries.report_rejections(ctx)?;
    }
    if operations::are_pending() && operations::complete_next(ctx, entries)? {
        return Ok(replied(ctx));
    }
    let next = if HAS_TIMERS.get() { entries.macrotask(ctx)? } else { EMPTY };
    if interpreter::is_interrupted() {
        return Ok(Some(interrupted()));
    }
    if next == RAN {
        if let Some(status) = replied(ctx) {
            return Ok(Some(status));
        }
        // A lambda that keeps itself busy must not keep its own answers out.
        let must_pause = operations::are_pending() && operations::is_time_to_pause();
        return Ok(must_pause.then(|| {
            mailbox::publish_pause();
            Status::Waiting
        }));
    }
    if next != EMPTY {
        mailbox::publish_wait(next);
        return Ok(Some(Status::Waiting));
    }
    if operations::are_pending() {
        mailbox::publish_wait_for_operations();
        return Ok(Some(Status::Waiting));
    }
    if HAS_REPLIED.get() {
        return Ok(Some(Status::Idle));
    }
    if heap::is_exhausted() {
        natives::out_of_memory();
    } else {
        entries.exhausted(ctx)?;
    }
    Ok(replied(ctx))
}

/// Runs `process.nextTick` callbacks, then promise jobs, until there are neither - or a reply is ready.
pub fn drain(ctx: &Ctx<'_>, entries: &Entries) -> Result<Option<Status>, Error> {
    loop {
        while HAS_TICKS.take() {
            HAS_TICKS.set(entries.tick(ctx)?);
            if let Some(status) = replied(ctx) {
                return Ok(Some(status));
            }
        }
        while ctx.execute_pending_job() {
            if interpreter::is_interrupted() {
                return Err(Error::Exception);
            }
            if let Some(status) = replied(ctx) {
                return Ok(Some(status));
            }
        }
        if !HAS_TICKS.get() {
            return Ok(None);
        }
    }
}

/// The reply, if the last callback settled the invocation. The host is told whether anything is left to run, which
/// saves it a call for nothing.
pub fn replied(ctx: &Ctx<'_>) -> Option<Status> {
    if interpreter::is_interrupted() {
        return Some(interrupted());
    }
    let status = mailbox::take_reply()?;
    HAS_REPLIED.set(true);
    let more = HAS_TICKS.get()
        || HAS_TIMERS.get()
        || HAS_REJECTIONS.get()
        || operations::are_pending()
        || interpreter::has_jobs(ctx);
    mailbox::publish_more(more);
    Some(status)
}

/// The host's time limit struck: the outbox gets the stack of what was running.
pub fn interrupted() -> Status {
    mailbox::publish_string(interpreter::interrupted_stack());
    Status::Interrupted
}
