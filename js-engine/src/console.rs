//! The native half of `console`: from a call to one log entry at the host.

use std::cell::RefCell;

use javy::quickjs::function::{Opt, Rest};
use javy::quickjs::{Ctx, Error, Function, Object, Value};
use lambkin_abi::Level;

use crate::{heap, host, log_entry};

/// How much of the last message a failure report quotes.
const QUOTED: usize = 200;

#[derive(Default)]
struct Buffers {
    message: String,
    extras: String,
}

thread_local! {
    /// Kept from one entry to the next, so that logging does not allocate. The message stays until then.
    static BUFFERS: RefCell<Option<Buffers>> = const { RefCell::new(None) };
}

/// Defines `levels` (the four console methods), `log(level, message, extras)` and `lastLine()`.
pub fn define<'js>(ctx: &Ctx<'js>, natives: &Object<'js>) -> Result<(), Error> {
    let levels = Object::new(ctx.clone())?;
    for level in [Level::Debug, Level::Info, Level::Warn, Level::Error] {
        let name = level.name();
        natives.set(name.to_uppercase(), level as u32)?;
        let method = move |ctx: Ctx<'js>, values: Rest<Value<'js>>| -> Result<(), Error> {
            match values.0.split_first() {
                Some((message, extras)) => log(&ctx, level, message, extras),
                None => log(&ctx, level, &Value::new_undefined(ctx.clone()), &[]),
            }
        };
        let name = name.to_lowercase();
        levels.set(name.as_str(), Function::new(ctx.clone(), method)?.with_name(&name)?)?;
    }
    natives.set("levels", levels)?;
    natives.set("log", Function::new(ctx.clone(), log_from_engine)?)?;
    natives.set("lastLine", Function::new(ctx.clone(), last_line)?)
}

/// Logs; fails only when the run was interrupted meanwhile.
fn log<'js>(ctx: &Ctx<'js>, level: Level, message: &Value<'js>, extras: &[Value<'js>]) -> Result<(), Error> {
    // Taken out, not borrowed: a getter among the extras may log as well.
    let mut buffers = BUFFERS.take().unwrap_or_default();
    buffers.message.clear();
    buffers.extras.clear();
    log_entry::write(ctx, message, &mut buffers.message)?;
    log_entry::write_all(ctx, extras, &mut buffers.extras)?;
    host::log(level, &buffers.message, &buffers.extras);
    BUFFERS.set(Some(buffers));
    Ok(())
}

/// For js/*.js: `extras` is an array, or `undefined` for none. Not remembered as the lambda's last message.
fn log_from_engine<'js>(
    ctx: Ctx<'js>,
    level: u32,
    message: Value<'js>,
    extras: Opt<Value<'js>>,
) -> Result<(), Error> {
    // What the engine has to say is often that something went wrong; it needs room for that.
    if heap::is_exhausted() {
        heap::release_reserve();
    }
    let extras: Vec<Value<'js>> = match extras.0.as_ref().and_then(Value::as_array) {
        Some(array) => array.iter().collect::<Result<_, _>>()?,
        None => Vec::new(),
    };
    let (mut text, mut list) = (String::new(), String::new());
    log_entry::write(&ctx, &message, &mut text)?;
    log_entry::write_all(&ctx, &extras, &mut list)?;
    host::log(Level::from_wire(level), &text, &list);
    Ok(())
}

/// The last message logged, as JSON text.
fn last_line() -> Option<String> {
    BUFFERS.with_borrow(|buffers| {
        let message = &buffers.as_ref()?.message;
        if message.is_empty() {
            return None;
        }
        let end = (0..=QUOTED.min(message.len())).rev().find(|&at| message.is_char_boundary(at))?;
        let mark = if end < message.len() { "…" } else { "" };
        Some(format!("{}{mark}", &message[..end]))
    })
}

/// Forgets the last message.
pub fn reset() {
    BUFFERS.with_borrow_mut(|buffers| {
        if let Some(buffers) = buffers {
            buffers.message.clear();
            buffers.extras.clear();
        }
    });
}
