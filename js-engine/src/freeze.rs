//! Freezing: a lambda's source becomes part of the memory. Its top level runs once, here; what it left behind is what
//! every invocation starts from.

use std::cell::Cell;

use javy::quickjs::{Ctx, Error, Function, Object, Value};
use lambkin_abi::{SOURCE_NAME, Status, Warning};

use crate::engine::Entries;
use crate::{event_loop, host, interpreter, log_entry, mailbox, operations};

/// In front of the source, on its first line: a function, as in Node, so that top-level names are fast local variables.
const WRAPPER_HEAD: &str = "(function (exports, require, module, __filename, __dirname) {";
/// Behind the source: finds the lambda, whichever way it was declared.
const WRAPPER_TAIL: &str = "\n;return typeof lambda === 'function' ? lambda : undefined;\n})";

thread_local! {
    static IS_TOP_LEVEL: Cell<bool> = const { Cell::new(false) };
    static COLUMN_SHIFT: Cell<usize> = const { Cell::new(WRAPPER_HEAD.len()) };
}

/// How far the wrapper moves the columns of the source's first line.
pub fn column_shift() -> usize {
    COLUMN_SHIFT.get()
}

/// Whether the top level is running.
pub fn is_top_level() -> bool {
    IS_TOP_LEVEL.get()
}

/// Tells the host about something that a frozen top level should not depend on.
pub fn warn_at_top_level(warning: Warning) {
    if IS_TOP_LEVEL.get() {
        host::warn(warning);
    }
}

/// Evaluates `source`, which is followed by a NUL. [`Status::Idle`] when the lambda is ready to be invoked.
pub fn freeze<'js>(ctx: &Ctx<'js>, entries: &Entries, source: &[u8]) -> Status {
    mailbox::clear();
    IS_TOP_LEVEL.set(true);
    let outcome = entries.begin_top_level(ctx).and_then(|()| load(ctx, entries, source));
    IS_TOP_LEVEL.set(false);
    let outcome = outcome.and_then(|refusal| match refusal {
        Some(refusal) => Ok(Some(refusal)),
        None => settle(ctx, entries),
    });
    if interpreter::is_interrupted() {
        return event_loop::interrupted();
    }
    match outcome {
        Ok(None) => Status::Idle,
        Ok(Some(refusal)) => refusal.publish(),
        Err(_) => Refusal::from_thrown("top-level", &ctx.catch())
            .because("the top level of the lambda threw")
            .publish(),
    }
}

/// Compiles and runs the top level; an exception of it is the `Err`.
fn load<'js>(ctx: &Ctx<'js>, entries: &Entries, source: &[u8]) -> Result<Option<Refusal>, Error> {
    let text = &source[..source.len() - 1];
    let Ok(text) = std::str::from_utf8(text) else {
        return Ok(Some(Refusal::new("encoding", "the source is not valid UTF-8".to_owned())));
    };
    // Byte order marks are no JavaScript.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let alone = match interpreter::c_string(text.as_bytes()) {
        Ok(alone) => alone,
        Err(at) => {
            let line = text[..at].matches('\n').count() + 1;
            let message = format!("the source contains a NUL character in line {line}");
            return Ok(Some(Refusal::new("syntax", message)));
        }
    };
    let name = interpreter::c_string(SOURCE_NAME.as_bytes()).unwrap_or_default();
    // Alone, without the wrapper: a source must not be able to close it.
    COLUMN_SHIFT.set(0);
    let checked = interpreter::check_syntax(ctx, &alone, &name);
    COLUMN_SHIFT.set(WRAPPER_HEAD.len());
    if checked.is_err() {
        return Ok(Some(Refusal::from_thrown("syntax", &ctx.catch())));
    }
    drop(alone);
    let wrapped = format!("{WRAPPER_HEAD}{text}{WRAPPER_TAIL}");
    let wrapper = interpreter::evaluate(ctx, &wrapped, SOURCE_NAME)?;
    drop(wrapped);
    let is_found: bool = entries.load(ctx, wrapper)?;
    if is_found {
        return Ok(None);
    }
    let message = "there is no function named `lambda` at the top level of the source";
    Ok(Some(Refusal::new("no-lambda", message.to_owned())))
}

/// Lets the promises of the top level settle, then looks at what is left.
fn settle<'js>(ctx: &Ctx<'js>, entries: &Entries) -> Result<Option<Refusal>, Error> {
    IS_TOP_LEVEL.set(true);
    let drained = event_loop::drain(ctx, entries);
    IS_TOP_LEVEL.set(false);
    drained?;
    let leftover: Object<'js> = entries.end_top_level(ctx)?;
    // Whatever the lambda made of the error: its top level wanted something that a build does not give.
    if operations::were_refused() {
        return Ok(Some(Refusal::new("network", operations::AT_TOP_LEVEL.to_owned())));
    }
    if leftover.get("hasTimers")? {
        let message = "a timer was started at the top level, which runs when the lambda is built: \
                       move the call into the lambda";
        return Ok(Some(Refusal::new("timer", message.to_owned())));
    }
    if leftover.get("hasError")? {
        let refusal = Refusal::from_thrown("top-level", &leftover.get::<_, Value<'js>>("error")?);
        return Ok(Some(refusal.because("a callback of the top level threw")));
    }
    if leftover.get("hasRejections")? {
        let refusal = Refusal::from_thrown("top-level", &leftover.get::<_, Value<'js>>("reason")?);
        return Ok(Some(refusal.because("a promise of the top level was rejected and nobody handled it")));
    }
    Ok(None)
}

/// Why a source cannot be frozen; the shape is `lambkin_abi::FREEZE_ERROR`.
struct Refusal {
    kind: &'static str,
    message: String,
    stack: Option<String>,
    position: Option<(u32, u32)>,
}

impl Refusal {
    fn new(kind: &'static str, message: String) -> Self {
        Self { kind, message, stack: None, position: None }
    }

    fn from_thrown(kind: &'static str, thrown: &Value<'_>) -> Self {
        let text = |name: &str| thrown.as_object().and_then(|object| object.get::<_, String>(name).ok());
        let message = match (text("name"), text("message")) {
            (Some(name), Some(message)) => format!("{name}: {message}"),
            _ => {
                let mut json = String::new();
                // It only fails when the run was interrupted, and then nobody reads this.
                let _ = log_entry::write(thrown.ctx(), thrown, &mut json);
                json
            }
        };
        let stack = text("stack");
        let position = stack.as_deref().and_then(position_in);
        Self { kind, message, stack, position }
    }

    fn because(mut self, what: &str) -> Self {
        self.message = format!("{what}: {}", self.message);
        self
    }

    fn publish(self) -> Status {
        use std::fmt::Write;
        let mut answer = String::from("{\"kind\":");
        log_entry::quote(self.kind.as_bytes(), &mut answer);
        answer.push_str(",\"message\":");
        log_entry::quote(self.message.as_bytes(), &mut answer);
        if let Some(stack) = self.stack {
            answer.push_str(",\"stack\":");
            log_entry::quote(stack.as_bytes(), &mut answer);
        }
        if let Some((line, column)) = self.position {
            write!(answer, ",\"line\":{line},\"column\":{column}").expect("writing to a string");
        }
        answer.push('}');
        mailbox::publish_string(answer);
        Status::Refused
    }
}

/// The first `lambda.js:LINE:COLUMN` of a stack.
fn position_in(stack: &str) -> Option<(u32, u32)> {
    let place = stack.split(SOURCE_NAME).nth(1)?.strip_prefix(':')?;
    let (line, rest) = place.split_once(':')?;
    let column: String = rest.chars().take_while(char::is_ascii_digit).collect();
    Some((line.parse().ok()?, column.parse().ok()?))
}

/// The compiled wrapper is a function; anything else would be an engine bug.
pub fn as_function<'js>(value: &Value<'js>) -> Result<Function<'js>, Error> {
    value.clone().into_function().ok_or(Error::Unknown)
}
