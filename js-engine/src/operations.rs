//! Operations outside of the guest: started here, ended by the host while the guest is not running, and handed to
//! js/operations.js, which knows who waits for each.

use std::cell::Cell;

use javy::quickjs::function::Opt;
use javy::quickjs::{ArrayBuffer, Ctx, Error, Function, Object, String as JsString, TypedArray};
use javy::quickjs::{IntoJs, Value};
use lambkin_abi::{Completion, OperationKind, op_refused};

use crate::engine::Entries;
use crate::{freeze, host, json, natives, values};

/// What a top level is told that calls out.
pub const AT_TOP_LEVEL: &str = "the network or a secret was used at the top level, which runs once, when the lambda is \
     built: move the call into the lambda";

/// Callbacks in a row after which a busy lambda lets its operations get on.
const TURNS: u32 = 64;

thread_local! {
    static PENDING: Cell<u32> = const { Cell::new(0) };
    static BUSY: Cell<u32> = const { Cell::new(0) };
    static WERE_REFUSED: Cell<bool> = const { Cell::new(false) };
}

/// Defines `startOperation(kind, head, body?)`, `cancelOperation(id)`, and what js/fetch.js needs to judge header
/// fields without the regular expressions a lambda can redefine: `isHeaderName(text)`, `headerValue(text)`.
pub fn define<'js>(ctx: &Ctx<'js>, natives: &Object<'js>) -> Result<(), Error> {
    natives.set("isHeaderName", Function::new(ctx.clone(), is_header_name)?)?;
    natives.set("headerValue", Function::new(ctx.clone(), header_value)?)?;
    natives.set("startOperation", Function::new(ctx.clone(), start)?)?;
    natives.set("cancelOperation", Function::new(ctx.clone(), cancel)?)
}

/// Back to how an image starts.
pub fn reset() {
    PENDING.set(0);
    BUSY.set(0);
    WERE_REFUSED.set(false);
}

/// Whether any operation has been started and not ended.
pub fn are_pending() -> bool {
    PENDING.get() > 0
}

/// Whether a top level wanted one.
pub fn were_refused() -> bool {
    WERE_REFUSED.get()
}

/// Counts a callback; whether it is time to let operations get on.
pub fn is_time_to_pause() -> bool {
    let turns = BUSY.get() + 1;
    BUSY.set(turns % TURNS);
    turns == TURNS
}

/// Hands the answer of an operation that has ended to whoever waits for it; false when none has ended.
pub fn complete_next(ctx: &Ctx<'_>, entries: &Entries) -> Result<bool, Error> {
    let Some(Completion { id, form, len }) = host::next_completion() else { return Ok(false) };
    PENDING.set(PENDING.get().saturating_sub(1));
    let Some(mut answer) = host::take_completion(len as usize) else {
        natives::out_of_memory();
        return Ok(true);
    };
    let value = match form {
        Completion::BYTES | Completion::LAST_BYTES => ArrayBuffer::new(ctx.clone(), answer)?.into_js(ctx)?,
        _ => {
            answer.push(0);
            json::parse(ctx, &answer)?
        }
    };
    entries.complete(ctx, id, form, value)?;
    Ok(true)
}

/// Starts an operation; its id. Throws when the host will not.
fn start<'js>(ctx: Ctx<'js>, kind: u32, head: JsString<'js>, body: Opt<Value<'js>>) -> Result<u32, Error> {
    if freeze::is_top_level() {
        WERE_REFUSED.set(true);
        return Err(values::throw(&ctx, AT_TOP_LEVEL));
    }
    let Some(kind) = OperationKind::from_wire(kind) else { return Err(Error::Unknown) };
    let body = body.0.and_then(|body| TypedArray::<u8>::from_value(body).ok());
    let body = body.as_ref().and_then(TypedArray::as_bytes).unwrap_or_default();
    match values::with_utf8(head, |head| host::start_operation(kind, head, body))? {
        Ok(id) => {
            PENDING.set(PENDING.get() + 1);
            Ok(id)
        }
        Err(refused) => Err(values::throw(&ctx, reason(refused))),
    }
}

fn reason(refused: i32) -> &'static str {
    match refused {
        op_refused::NO_CAPABILITY => "this lambda is run without a network",
        op_refused::TOO_MANY => "too many calls are open at once: wait for some of them to end",
        op_refused::TOO_LARGE => "the request is too large",
        _ => "the request cannot be read",
    }
}

fn cancel(id: u32) {
    PENDING.set(PENDING.get().saturating_sub(1));
    host::cancel_operation(id);
}

/// Whether the text is a token (RFC 9110, section 5.6.2).
fn is_header_name(name: JsString<'_>) -> Result<bool, Error> {
    let is_token = |byte: &u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(byte);
    values::with_utf8(name, |name| !name.is_empty() && name.iter().all(is_token))
}

/// The text without white space around it; `null` when it cannot be sent: NUL, line breaks, anything beyond Latin-1.
fn header_value(value: JsString<'_>) -> Result<Option<String>, Error> {
    values::with_utf8(value, |value| {
        let value = std::str::from_utf8(value).ok()?.trim_matches([' ', '\t', '\r', '\n']);
        let is_fine = |c: char| !matches!(c, '\0' | '\r' | '\n') && u32::from(c) <= 0xff;
        value.chars().all(is_fine).then(|| value.to_owned())
    })
}
