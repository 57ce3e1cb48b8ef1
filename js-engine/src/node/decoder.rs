//! The binding behind Node's `string_decoder`: text from bytes that come in pieces. What one piece carries over to the
//! next is in seven bytes that JavaScript keeps: up to four bytes of an unfinished character, how many are missing, how
//! many there are, and the encoding's number.

use javy::quickjs::{Ctx, Error, Function, Object, Value};

use super::codec::Encoding;
use super::wrong_type;
use crate::values;

/// In the order of their numbers; node/bindings.js has the same list.
const ENCODINGS: [Encoding; 6] =
    [Encoding::Ascii, Encoding::Utf8, Encoding::Base64, Encoding::Ucs2, Encoding::Latin1, Encoding::Hex];
const MISSING: usize = 4;
const BUFFERED: usize = 5;
const ENCODING: usize = 6;
const SIZE: usize = 7;

/// Defines `decodeChunk(state, bytes)` and `decodeRest(state)`.
pub fn define<'js>(ctx: &Ctx<'js>, node: &Object<'js>) -> Result<(), Error> {
    node.set("decodeChunk", Function::new(ctx.clone(), decode)?)?;
    node.set("decodeRest", Function::new(ctx.clone(), flush)?)
}

fn state_of<'js>(ctx: &Ctx<'js>, value: &Value<'js>) -> Result<(values::Bytes<'js>, [u8; SIZE]), Error> {
    let bytes = values::bytes_of(ctx, value);
    let state = bytes.as_ref().and_then(|bytes| <[u8; SIZE]>::try_from(bytes.get()).ok());
    bytes.zip(state).ok_or_else(|| wrong_type(ctx, "not a decoder's state"))
}

fn encoding_of(state: &[u8; SIZE]) -> Encoding {
    ENCODINGS.get(usize::from(state[ENCODING])).copied().unwrap_or(Encoding::Utf8)
}

fn decode<'js>(ctx: Ctx<'js>, state: Value<'js>, chunk: Value<'js>) -> Result<Value<'js>, Error> {
    let (mut kept, mut state) = state_of(&ctx, &state)?;
    let chunk =
        values::bytes_of(&ctx, &chunk).ok_or_else(|| wrong_type(&ctx, "argument must be a buffer"))?;
    let encoding = encoding_of(&state);
    let bytes = chunk.get();
    if matches!(encoding, Encoding::Ascii | Encoding::Latin1 | Encoding::Hex) {
        return encoding.decode(&ctx, bytes);
    }
    let mut before = Vec::new();
    let mut rest = bytes;
    if state[MISSING] > 0 {
        rest = &bytes[complete(&mut state, encoding, bytes)..];
        if state[MISSING] == 0 {
            before.extend_from_slice(&state[..usize::from(state[BUFFERED]).min(MISSING)]);
            state[BUFFERED] = 0;
        }
    }
    if state[MISSING] == 0 {
        let (keep, missing) = unfinished(encoding, rest);
        let (text, tail) = rest.split_at(rest.len() - keep);
        before.extend_from_slice(text);
        state[..keep].copy_from_slice(tail);
        state[MISSING] = missing as u8;
        state[BUFFERED] = keep as u8;
    }
    kept.write(0, &state);
    encoding.decode(&ctx, &before)
}

/// Adds to the unfinished character what belongs to it; returns how many bytes that were.
fn complete(state: &mut [u8; SIZE], encoding: Encoding, bytes: &[u8]) -> usize {
    let buffered = usize::from(state[BUFFERED]).min(MISSING);
    let mut wanted = usize::from(state[MISSING]).min(MISSING - buffered);
    if encoding == Encoding::Utf8 {
        // A byte that does not continue the character ends it, finished or not.
        let end = bytes.iter().take(wanted).position(|byte| byte & 0xc0 != 0x80);
        wanted = end.unwrap_or(wanted);
    }
    let count = wanted.min(bytes.len());
    state[buffered..buffered + count].copy_from_slice(&bytes[..count]);
    state[MISSING] = (wanted - count) as u8;
    state[BUFFERED] = (buffered + count) as u8;
    count
}

/// How many bytes at the end begin a character, and how many it lacks. Node looks at the first byte only.
fn unfinished(encoding: Encoding, bytes: &[u8]) -> (usize, usize) {
    match encoding {
        Encoding::Base64 => (bytes.len() % 3, (3 - bytes.len() % 3) % 3),
        Encoding::Ucs2 if bytes.len() % 2 == 1 => (1, 1),
        // A high surrogate at the very end waits for its other half.
        Encoding::Ucs2 if bytes.last().is_some_and(|byte| byte & 0xfc == 0xd8) => (2, 2),
        Encoding::Utf8 => {
            for len in 1..=bytes.len().min(MISSING) {
                let needs = match bytes[bytes.len() - len] {
                    0x80..=0xbf => continue,
                    0xc0..=0xdf => 2,
                    0xe0..=0xef => 3,
                    0xf0..=0xf7 => 4,
                    _ => 0,
                };
                return if needs > len { (len, needs - len) } else { (0, 0) };
            }
            (0, 0)
        }
        _ => (0, 0),
    }
}

fn flush<'js>(ctx: Ctx<'js>, state: Value<'js>) -> Result<Value<'js>, Error> {
    let (mut kept, mut state) = state_of(&ctx, &state)?;
    let encoding = encoding_of(&state);
    let mut len = usize::from(state[BUFFERED]).min(MISSING);
    if encoding == Encoding::Ucs2 {
        len &= !1;
    }
    let rest = state;
    state[MISSING] = 0;
    state[BUFFERED] = 0;
    kept.write(0, &state);
    encoding.decode(&ctx, &rest[..len])
}
