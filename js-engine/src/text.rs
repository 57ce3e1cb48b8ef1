//! Text encodings, for js/text.js: UTF-8, UTF-16 in either order and Latin-1 (as the standard wants it: windows-1252).

use std::cell::Cell;

use javy::quickjs::{Ctx, Error, Function, Object, String as JsString, TypedArray, Value};

use crate::values;

/// The characters of windows-1252 that are not those of Latin-1: 0x80 to 0x9f.
const WINDOWS_1252: [u16; 32] = [
    0x20ac, 0x81, 0x201a, 0x192, 0x201e, 0x2026, 0x2020, 0x2021, 0x2c6, 0x2030, 0x160, 0x2039, 0x152, 0x8d,
    0x17d, 0x8f, 0x90, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x2dc, 0x2122, 0x161, 0x203a,
    0x153, 0x9d, 0x17e, 0x178,
];

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
}

/// Defines `encode`, `encodeInto`, `decode`, `decodeState`, `decodeFailed`.
pub fn define<'js>(ctx: &Ctx<'js>, natives: &Object<'js>) -> Result<(), Error> {
    natives.set("encode", Function::new(ctx.clone(), encode)?)?;
    natives.set("encodeInto", Function::new(ctx.clone(), encode_into)?)?;
    natives.set("decode", Function::new(ctx.clone(), decode)?)?;
    natives.set("decodeState", Function::new(ctx.clone(), || CARRY.get())?)?;
    natives.set("decodeFailed", Function::new(ctx.clone(), || HAS_FAILED.get())?)
}

fn encode<'js>(ctx: Ctx<'js>, text: JsString<'js>) -> Result<TypedArray<'js, u8>, Error> {
    values::with_utf8(text, |bytes| TypedArray::new_copy(ctx, well_formed(bytes).as_bytes()))?
}

/// UTF-8 in which each lone surrogate (three bytes that are not valid) became U+FFFD (three bytes as well).
fn well_formed(bytes: &[u8]) -> std::borrow::Cow<'_, str> {
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
    let mut carry = Carry::from_number(carry);
    let new = bytes.as_bytes().unwrap_or_default();
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
        "utf-16be" => decode_utf16(input, u16::from_be_bytes, is_stream, &mut has_failed),
        _ => (decode_windows_1252(input), 0),
    };
    let rest = &input[input.len() - rest..];
    let mut out = text.as_str();
    if !carry.has_begun && !out.is_empty() {
        carry.has_begun = true;
        if !keeps_mark && encoding != "windows-1252" {
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

fn decode_windows_1252(input: &[u8]) -> String {
    let character = |byte: &u8| match byte {
        0x80..=0x9f => char::from_u32(u32::from(WINDOWS_1252[usize::from(byte - 0x80)])).unwrap_or_default(),
        _ => char::from(*byte),
    };
    input.iter().map(character).collect()
}
