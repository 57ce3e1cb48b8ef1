//! What the engine's own JavaScript (js/*.js) can ask of Rust. Lambdas cannot reach any of it: it lives in one object
//! that only those files are given.

use javy::quickjs::function::Opt;
use javy::quickjs::{Array, Ctx, Error, Function, Object, Value};
use lambkin_abi::{SOURCE_NAME, Status, Warning, error_code};

use crate::{
    clock, collation, console, event_loop, freeze, heap, host, interpreter, json, log_entry, mailbox,
    operations, random, text, values, zones,
};

/// Creates the object.
pub fn create<'js>(ctx: &Ctx<'js>) -> Result<Object<'js>, Error> {
    let natives = Object::new_proto(ctx.clone(), None)?;
    natives.set("sourceName", SOURCE_NAME)?;
    natives.set("quickjsVersion", interpreter::version())?;
    natives.set("lambkinVersion", env!("CARGO_PKG_VERSION"))?;
    natives.set("customFailure", error_code::CUSTOM_FAILURE)?;
    natives.set("runtimeException", error_code::RUNTIME_EXCEPTION)?;
    natives.set("executionTimeExceeded", error_code::EXECUTION_TIME_EXCEEDED)?;
    natives.set("memoryLimitExceeded", error_code::MEMORY_LIMIT_EXCEEDED)?;
    natives.set("badInput", error_code::BAD_INPUT)?;

    let define = |name: &str, function: Result<Function<'js>, Error>| natives.set(name, function?);
    define("done", Function::new(ctx.clone(), done))?;
    define("fail", Function::new(ctx.clone(), fail))?;
    define("isError", Function::new(ctx.clone(), |value: Value<'js>| value.is_error()))?;
    define("isPromise", Function::new(ctx.clone(), |value: Value<'js>| value.is_promise()))?;
    define("isOutOfMemory", Function::new(ctx.clone(), is_out_of_memory))?;
    define("describe", Function::new(ctx.clone(), describe))?;
    define(
        "kindOf",
        Function::new(ctx.clone(), |value: Value<'js>| log_entry::kind_of(&value).map(|k| k.to_string())),
    )?;
    define("learn", Function::new(ctx.clone(), learn))?;
    define("columnShift", Function::new(ctx.clone(), freeze::column_shift))?;
    define("formatStacksWith", Function::new(ctx.clone(), format_stacks_with))?;
    define("now", Function::new(ctx.clone(), host::now))?;
    define("uptime", Function::new(ctx.clone(), clock::uptime))?;
    define("started", Function::new(ctx.clone(), clock::started))?;
    define(
        "random",
        Function::new(ctx.clone(), random::random).and_then(|random| random.with_name("random")),
    )?;
    define("armed", Function::new(ctx.clone(), event_loop::timer_set))?;
    define("tickQueued", Function::new(ctx.clone(), event_loop::tick_queued))?;
    let warn_environment = || freeze::warn_at_top_level(Warning::EnvironmentAtTopLevel);
    define("warnEnvironment", Function::new(ctx.clone(), warn_environment))?;
    define("memory", Function::new(ctx.clone(), memory))?;
    console::define(ctx, &natives)?;
    text::define(ctx, &natives)?;
    operations::define(ctx, &natives)?;
    zones::define(ctx, &natives)?;
    collation::define(ctx, &natives)?;
    define("hmacSha1", Function::new(ctx.clone(), hmac_sha1))?;
    Ok(natives)
}

/// The reply is a success: its JSON goes to the outbox. Throws what `JSON.stringify` throws.
fn done<'js>(ctx: Ctx<'js>, value: Value<'js>) -> Result<(), Error> {
    let json = match json::stringify(&ctx, &value) {
        Err(_) if ctx.has_exception() && !interpreter::is_interrupted() => {
            let thrown = ctx.catch();
            if !is_out_of_memory(ctx.clone(), thrown.clone()) {
                return Err(ctx.throw(thrown));
            }
            // Once more, with what was kept back for this.
            json::stringify(&ctx, &value)?
        }
        json => json?,
    };
    mailbox::publish(json.unwrap_or_default());
    mailbox::reply(Status::Done);
    Ok(())
}

/// The reply is a failure. `stack` is for the host; it is not part of what callers see.
fn fail<'js>(
    code: javy::quickjs::String<'js>,
    message: javy::quickjs::String<'js>,
    stack: Opt<Value<'js>>,
) -> Result<(), Error> {
    if heap::is_exhausted() {
        out_of_memory();
        return Ok(());
    }
    let mut answer = String::from("{\"errorCode\":");
    values::with_utf8(code, |code| log_entry::quote(code, &mut answer))?;
    answer.push_str(",\"errorMsg\":");
    values::with_utf8(message, |message| log_entry::quote(message, &mut answer))?;
    if let Some(stack) = stack.0.and_then(Value::into_string) {
        answer.push_str(",\"stack\":");
        values::with_utf8(stack, |stack| log_entry::quote(stack, &mut answer))?;
    }
    answer.push('}');
    mailbox::publish_string(answer);
    mailbox::reply(Status::Failed);
    Ok(())
}

/// The reply when there is no memory left: whatever was thrown, this is why.
pub fn out_of_memory() {
    heap::release_reserve();
    let code = error_code::MEMORY_LIMIT_EXCEEDED;
    mailbox::publish_string(format!("{{\"errorCode\":\"{code}\",\"errorMsg\":\"out of memory\"}}"));
    mailbox::reply(Status::Failed);
}

/// HMAC-SHA1 of a text under a key, both in UTF-8: what OAuth 1 signs with.
fn hmac_sha1<'js>(
    key: javy::quickjs::String<'js>,
    text: javy::quickjs::String<'js>,
) -> Result<Vec<u8>, Error> {
    use hmac::{Hmac, KeyInit, Mac};
    let mac = values::with_utf8(key, |key| Hmac::<sha1::Sha1>::new_from_slice(key))?;
    let mut mac = mac.map_err(|_| Error::Unknown)?;
    values::with_utf8(text, |text| mac.update(text))?;
    Ok(mac.finalize().into_bytes().to_vec())
}

/// QuickJS' own "out of memory", which it throws when the host refuses to grow the memory. Recognising it makes some
/// room to report it.
pub fn is_out_of_memory<'js>(ctx: Ctx<'js>, value: Value<'js>) -> bool {
    let Some(error) = value.as_object().filter(|_| value.is_error()) else { return false };
    let has = |name: &str, expected: &str| match error.get::<_, javy::quickjs::String<'js>>(name) {
        Ok(text) => values::with_utf8(text, |bytes| bytes == expected.as_bytes()).unwrap_or(false),
        Err(_) => {
            ctx.catch();
            false
        }
    };
    let is_it = has("message", "out of memory") && has("name", "InternalError");
    if is_it {
        heap::release_reserve();
    }
    is_it
}

/// A value as the text a log would show.
fn describe<'js>(ctx: Ctx<'js>, value: Value<'js>) -> Result<Value<'js>, Error> {
    if value.is_string() {
        return Ok(value);
    }
    let mut text = String::new();
    log_entry::write(&ctx, &value, &mut text)?;
    Ok(javy::quickjs::String::from_str(ctx, &text)?.into_value())
}

fn learn<'js>(name: String, samples: Array<'js>, unfold: Opt<Function<'js>>) -> Result<(), Error> {
    for sample in samples.iter::<Value<'js>>() {
        log_entry::learn(&name, &sample?, unfold.0.clone());
    }
    Ok(())
}

fn format_stacks_with<'js>(ctx: Ctx<'js>, format: Function<'js>) -> Result<(), Error> {
    interpreter::format_stacks_with(&ctx, format)
}

fn memory<'js>(ctx: Ctx<'js>) -> Result<Object<'js>, Error> {
    let (total, used) = interpreter::memory(&ctx);
    let memory = Object::new_proto(ctx, None)?;
    memory.set("total", total)?;
    memory.set("used", used)?;
    Ok(memory)
}
