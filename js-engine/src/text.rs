//! Text encodings, for js/text.js: UTF-8 and UTF-16 in either order, which most texts are in, and those that are older than
//! Unicode, whose decoders are the crate `encoding_rs`'s.

use std::cell::{Cell, RefCell};

use encoding_rs::{Decoder, Encoding, REPLACEMENT};
use javy::quickjs::{Ctx, Error, Function, Object, String as JsString, TypedArray, Value};

use crate::values;

/// What a stream carries from one chunk to the next, as a number JavaScript can keep: up to three bytes of an
/// unfinished character, their count, and whether the byte order mark was dealt with.
#[derive(Clone, Copy, Default)]
struct Carry {
    bytes: [u8; 3],
    len: u8,
    has_begun: bool,
}

impl Carry {
    fn from_number(number: u32) -> Self {
        let [a, b, c, flags] = number.to_le_bytes();
        Self { bytes: [a, b, c], len: flags & 3, has_begun: flags & 4 != 0 }
    }

    fn to_number(self) -> u32 {
        let [a, b, c] = self.bytes;
        u32::from_le_bytes([a, b, c, self.len | u8::from(self.has_begun) << 2])
    }
}

thread_local! {
    /// Of the last call of `decode`.
    static CARRY: Cell<u32> = const { Cell::new(0) };
    static HAS_FAILED: Cell<bool> = const { Cell::new(false) };
    /// Of streams in older encodings that have not ended; a stream's number is its place and one.
    static STREAMS: RefCell<Vec<Option<Decoder>>> = const { RefCell::new(Vec::new()) };
}

/// Defines `encodingOf`, `encode`, `encodeInto`, `decode`, `decodeState`, `decodeFailed`.
pub fn define<'js>(ctx: &Ctx<'js>, natives: &Object<'js>) -> Result<(), Error> {
    natives.set("encodingOf", Function::new(ctx.clone(), encoding_of)?)?;
    natives.set("encode", Function::new(ctx.clone(), encode)?)?;
    natives.set("encodeInto", Function::new(ctx.clone(), encode_into)?)?;
    natives.set("decode", Function::new(ctx.clone(), decode)?)?;
    natives.set("decodeState", Function::new(ctx.clone(), || CARRY.get())?)?;
    natives.set("decodeFailed", Function::new(ctx.clone(), || HAS_FAILED.get())?)
}

/// The name, in lower case, of the encoding a label stands for; nothing for one that cannot be decoded.
fn encoding_of(label: JsString<'_>) -> Result<Option<String>, Error> {
    let encoding = values::with_utf8(label, Encoding::for_label)?;
    Ok(encoding
        .filter(|encoding| *encoding != REPLACEMENT)
        .map(|encoding| encoding.name().to_ascii_lowercase()))
}

fn encode<'js>(ctx: Ctx<'js>, text: JsString<'js>) -> Result<TypedArray<'js, u8>, Error> {
    values::with_utf8(text, |bytes| TypedArray::new_copy(ctx, well_formed(bytes).as_bytes()))?
}

/// UTF-8 in which each lone surrogate (three bytes that are not valid) became U+FFFD (three bytes as well).
pub fn well_formed(bytes: &[u8]) -> std::borrow::Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.into(),
        Err(_) => {
            let mut bytes = bytes.to_vec();
            for at in 0..bytes.len().saturating_sub(2) {
                if bytes[at] == 0xed && bytes[at + 1] >= 0xa0 {
                    bytes[at..at + 3].copy_from_slice("\u{fffd}".as_bytes());
                }
            }
            String::from_utf8_lossy(&bytes).into_owned().into()
        }
    }
}

/// Returns `[UTF-16 units read, bytes written]`.
fn encode_into<'js>(text: JsString<'js>, destination: TypedArray<'js, u8>) -> Result<Vec<usize>, Error> {
    let room = destination.as_raw().map_or(0, |raw| raw.len);
    let (read, written) = values::with_utf8(text, |bytes| {
        let text = well_formed(bytes);
        let (mut read, mut written) = (0, 0);
        for character in text.chars() {
            if written + character.len_utf8() > room {
                break;
            }
            read += character.len_utf16();
            written += character.len_utf8();
        }
        values::write_bytes(&destination, &text.as_bytes()[..written]);
        (read, written)
    })?;
    Ok(vec![read, written])
}

fn decode<'js>(
    ctx: Ctx<'js>,
    encoding: String,
    bytes: TypedArray<'js, u8>,
    carry: u32,
    is_stream: bool,
    keeps_mark: bool,
) -> Result<Value<'js>, Error> {
    let new = bytes.as_bytes().unwrap_or_default();
    if !matches!(encoding.as_str(), "utf-8" | "utf-16le" | "utf-16be") {
        let text = decode_older(&encoding, new, carry, is_stream)?;
        return values::string(&ctx, &text);
    }
    let mut carry = Carry::from_number(carry);
    // Most calls carry nothing over, and then the bytes need not be copied.
    let joined;
    let input = if carry.len == 0 {
        new
    } else {
        joined = [&carry.bytes[..usize::from(carry.len)], new].concat();
        &joined
    };
    let mut has_failed = false;
    let (text, rest) = match encoding.as_str() {
        "utf-8" => decode_utf8(input, is_stream, &mut has_failed),
        "utf-16le" => decode_utf16(input, u16::from_le_bytes, is_stream, &mut has_failed),
        _ => decode_utf16(input, u16::from_be_bytes, is_stream, &mut has_failed),
    };
    let rest = &input[input.len() - rest..];
    let mut out = text.as_str();
    if !carry.has_begun && !out.is_empty() {
        carry.has_begun = true;
        if !keeps_mark {
            out = out.strip_prefix('\u{feff}').unwrap_or(out);
        }
    }
    carry.bytes[..rest.len()].copy_from_slice(rest);
    carry.len = rest.len() as u8;
    CARRY.set(carry.to_number());
    HAS_FAILED.set(has_failed);
    values::string(&ctx, out)
}

/// The text, and how many bytes at the end begin a character that the next chunk may finish.
fn decode_utf8(input: &[u8], is_stream: bool, has_failed: &mut bool) -> (String, usize) {
    let mut text = String::with_capacity(input.len());
    let mut chunks = input.utf8_chunks().peekable();
    while let Some(chunk) = chunks.next() {
        text.push_str(chunk.valid());
        let invalid = chunk.invalid();
        if invalid.is_empty() {
            continue;
        }
        let is_last = chunks.peek().is_none();
        if is_stream
            && is_last
            && std::str::from_utf8(invalid).is_err_and(|error| error.error_len().is_none())
        {
            return (text, invalid.len());
        }
        *has_failed = true;
        text.push(char::REPLACEMENT_CHARACTER);
    }
    (text, 0)
}

fn decode_utf16(
    input: &[u8],
    unit: fn([u8; 2]) -> u16,
    is_stream: bool,
    has_failed: &mut bool,
) -> (String, usize) {
    let mut rest = input.len() % 2;
    let units = input.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    let ends_high = units.clone().last().is_some_and(|unit| (0xd800..0xdc00).contains(&unit));
    let mut count = units.len();
    if is_stream && ends_high {
        rest += 2;
        count -= 1;
    }
    let mut text: String = char::decode_utf16(units.take(count))
        .map(|unit| {
            unit.unwrap_or_else(|_| {
                *has_failed = true;
                char::REPLACEMENT_CHARACTER
            })
        })
        .collect();
    if !is_stream && rest > 0 {
        *has_failed = true;
        rest = 0;
        // A half unit after half a pair is one mistake, not two.
        if !ends_high {
            text.push(char::REPLACEMENT_CHARACTER);
        }
    }
    (text, rest)
}

/// The text; the stream's number, if it goes on, is told as every state is.
fn decode_older(encoding: &str, input: &[u8], stream: u32, is_stream: bool) -> Result<String, Error> {
    let place = usize::try_from(stream).ok().and_then(|number| number.checked_sub(1));
    let begun = STREAMS.with_borrow_mut(|streams| streams.get_mut(place?)?.take());
    let mut decoder = match begun {
        Some(decoder) => decoder,
        None => {
            Encoding::for_label(encoding.as_bytes()).ok_or(Error::Unknown)?.new_decoder_without_bom_handling()
        }
    };
    let mut text = String::new();
    text.reserve(decoder.max_utf8_buffer_length(input.len()).ok_or(Error::Unknown)?);
    let (_, _, has_failed) = decoder.decode_to_string(input, &mut text, !is_stream);
    HAS_FAILED.set(has_failed);
    CARRY.set(if is_stream { STREAMS.with_borrow_mut(|streams| keep(streams, decoder)) } else { 0 });
    Ok(text)
}

fn keep(streams: &mut Vec<Option<Decoder>>, decoder: Decoder) -> u32 {
    let place = streams.iter().position(Option::is_none).unwrap_or_else(|| {
        streams.push(None);
        streams.len() - 1
    });
    streams[place] = Some(decoder);
    u32::try_from(place + 1).unwrap_or_default()
}
