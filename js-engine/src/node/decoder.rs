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
    let before = usize::from(state[BUFFERED]).min(MISSING);
    let all = [&state[..before], chunk.get()].concat();
    let (keep, missing) = match encoding {
        Encoding::Ascii | Encoding::Latin1 | Encoding::Hex => (0, 0),
        Encoding::Base64 => (all.len() % 3, (3 - all.len() % 3) % 3),
        Encoding::Ucs2 => {
            let odd = all.len() % 2;
            // A high surrogate at the very end waits for its other half.
            let is_half = odd == 0 && all.last().is_some_and(|byte| byte & 0xfc == 0xd8);
            if is_half { (2, 2) } else { (odd, odd) }
        }
        Encoding::Utf8 => unfinished(&all),
    };
    let (text, rest) = all.split_at(all.len() - keep);
    state[..MISSING].fill(0);
    state[..keep].copy_from_slice(rest);
    state[MISSING] = missing as u8;
    state[BUFFERED] = keep as u8;
    kept.write(0, &state);
    encoding.decode(&ctx, text)
}

/// How many bytes at the end begin a character, and how many it lacks.
fn unfinished(bytes: &[u8]) -> (usize, usize) {
    for len in 1..=bytes.len().min(3) {
        let tail = &bytes[bytes.len() - len..];
        let needs = match tail[0] {
            0x80..=0xbf => continue,
            0xc2..=0xdf => 2,
            0xe0..=0xef => 3,
            0xf0..=0xf4 => 4,
            _ => return (0, 0),
        };
        // `error_len` is `None` when more bytes could still make a character of it.
        let can_be_finished = std::str::from_utf8(tail)
            .is_err_and(|error| error.valid_up_to() == 0 && error.error_len().is_none());
        return if needs > len && can_be_finished { (len, needs - len) } else { (0, 0) };
    }
    (0, 0)
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
