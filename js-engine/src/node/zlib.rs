//! The binding behind Node's `zlib`. A stream is kept here under a number from `zlibStart` to `zlibClose`: Node's library
//! closes what it opened, and a lambda that does not is bounded by its memory.

use std::cell::RefCell;

use javy::quickjs::convert::List;
use javy::quickjs::{Ctx, Error, Function, Object, Value, qjs};

use super::brotli::Brotli;
use super::deflate::Stream;
use super::wrong_type;
use crate::values;

/// What `zlibOnError` of Node's library is called with.
pub struct Failure {
    pub message: String,
    pub number: i32,
    pub code: String,
}

type Outcome = Option<List<(String, i32, String)>>;

impl Failure {
    fn outcome(result: Result<(), Self>) -> Outcome {
        result.err().map(|failure| List((failure.message, failure.number, failure.code)))
    }

    /// By its name: brotli has the same number for something else.
    fn is_out_of_memory(&self) -> bool {
        self.code == "Z_MEM_ERROR"
    }

    fn closed() -> Self {
        Self { message: "zlib binding closed".to_owned(), number: -2, code: "Z_STREAM_ERROR".to_owned() }
    }
}

/// How many bytes of each side a write left over.
pub struct Left {
    pub input: usize,
    pub output: usize,
}

enum Codec {
    Zlib(Stream),
    Brotli(Brotli),
}

thread_local! {
    static CODECS: RefCell<Vec<Option<Codec>>> = const { RefCell::new(Vec::new()) };
}

/// Defines the functions.
pub fn define<'js>(ctx: &Ctx<'js>, node: &Object<'js>) -> Result<(), Error> {
    let define = |name: &str, function: Result<Function<'js>, Error>| node.set(name, function?);
    define("zlibStart", Function::new(ctx.clone(), start))?;
    define("brotliStart", Function::new(ctx.clone(), start_brotli))?;
    define("zlibWrite", Function::new(ctx.clone(), write))?;
    define("zlibReset", Function::new(ctx.clone(), reset))?;
    define("zlibParams", Function::new(ctx.clone(), set_parameters))?;
    define("crc32", Function::new(ctx.clone(), crc32))?;
    define("zlibClose", Function::new(ctx.clone(), close))
}

/// What QuickJS itself throws: the host refuses to let the memory grow.
fn out_of_memory(ctx: &Ctx<'_>) -> Error {
    // SAFETY: the context is alive; the call only sets its exception.
    unsafe { qjs::JS_ThrowOutOfMemory(ctx.as_raw().as_ptr()) };
    Error::Exception
}

fn keep(codec: Codec) -> usize {
    CODECS.with_borrow_mut(|all| match all.iter().position(Option::is_none) {
        Some(free) => {
            all[free] = Some(codec);
            free
        }
        None => {
            all.push(Some(codec));
            all.len() - 1
        }
    })
}

fn with<R>(number: usize, action: impl FnOnce(&mut Codec) -> Result<R, Failure>) -> Result<R, Failure> {
    CODECS.with_borrow_mut(|all| {
        all.get_mut(number).and_then(Option::as_mut).map_or_else(|| Err(Failure::closed()), action)
    })
}

/// The stream's number; `undefined` when there is no such stream. `settings`: mode, window bits, level, memory level,
/// strategy.
fn start<'js>(ctx: Ctx<'js>, settings: Vec<i32>, dictionary: Value<'js>) -> Result<Option<usize>, Error> {
    let [mode, window_bits, level, memory, strategy] = settings[..] else { return Ok(None) };
    let dictionary = values::bytes_of(&ctx, &dictionary).map_or_else(Vec::new, |bytes| bytes.get().to_vec());
    match Stream::new(mode, window_bits, [level, memory, strategy], dictionary) {
        Ok(stream) => Ok(Some(keep(Codec::Zlib(stream)))),
        Err(failure) if failure.is_out_of_memory() => Err(out_of_memory(&ctx)),
        Err(_) => Ok(None),
    }
}

/// The stream's number; `undefined` when a parameter is refused. `parameters`: the value of each, in the order of their
/// numbers, -1 for its default.
fn start_brotli(compresses: bool, parameters: Vec<i64>) -> Option<usize> {
    Brotli::new(compresses, &parameters).map(|codec| keep(Codec::Brotli(codec)))
}

/// `places`: where the input begins and its length, the same of the output. What is left of both goes into `state`, as
/// Node's library has it: output, then input.
fn write<'js>(
    ctx: Ctx<'js>,
    number: usize,
    flush: i32,
    places: Vec<usize>,
    input: Value<'js>,
    output: Value<'js>,
    state: Value<'js>,
) -> Result<Outcome, Error> {
    let invalid = || wrong_type(&ctx, "argument must be a buffer");
    let [from, len, to, room] = places[..] else { return Err(invalid()) };
    let input = values::bytes_of(&ctx, &input).ok_or_else(invalid)?;
    let mut output = values::bytes_of(&ctx, &output).ok_or_else(invalid)?;
    let mut state = values::bytes_of(&ctx, &state).ok_or_else(invalid)?;
    let fits = |from: usize, len: usize, whole: usize| from.checked_add(len).is_some_and(|end| end <= whole);
    if !fits(from, len, input.len()) || !fits(to, room, output.len()) {
        return Err(wrong_type(&ctx, "out of the buffer's bounds"));
    }
    let (read, written) = (input.range(), output.range());
    // A buffer may not be read and written at once; nobody who means well asks for it.
    let copy = (read.start < written.end && written.start < read.end).then(|| input.get().to_vec());
    let source = &copy.as_deref().unwrap_or_else(|| input.get())[from..from + len];
    let target = &mut output.get_mut()[to..to + room];
    let result = with(number, |codec| match codec {
        Codec::Zlib(stream) => stream.write(flush, source, target),
        Codec::Brotli(codec) => codec.write(flush, source, target),
    });
    if result.as_ref().is_err_and(|failure| failure.is_out_of_memory()) {
        return Err(out_of_memory(&ctx));
    }
    let result = result.map(|left| {
        state.write(0, &(left.output as u32).to_le_bytes());
        state.write(4, &(left.input as u32).to_le_bytes());
    });
    Ok(Failure::outcome(result))
}

fn reset(number: usize) -> Outcome {
    Failure::outcome(with(number, |codec| match codec {
        Codec::Zlib(stream) => stream.reset(),
        Codec::Brotli(codec) => {
            codec.reset();
            Ok(())
        }
    }))
}

fn set_parameters(number: usize, level: i32, strategy: i32) -> Outcome {
    Failure::outcome(with(number, |codec| match codec {
        Codec::Zlib(stream) => stream.set_parameters(level, strategy),
        Codec::Brotli(_) => Ok(()),
    }))
}

fn crc32<'js>(ctx: Ctx<'js>, data: Value<'js>, before: f64) -> Result<f64, Error> {
    let data = values::bytes_of(&ctx, &data).ok_or_else(|| wrong_type(&ctx, "argument must be a buffer"))?;
    Ok(super::deflate::crc32(before as u32, data.get()).into())
}

fn close(number: usize) {
    CODECS.with_borrow_mut(|all| {
        if let Some(codec) = all.get_mut(number) {
            *codec = None;
        }
    });
}
