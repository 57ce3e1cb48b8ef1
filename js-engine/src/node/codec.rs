//! Strings and bytes: the encodings of Node's buffers. Strings come as QuickJS gives them out, UTF-8 in which lone
//! surrogates are encoded like other characters.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use javy::quickjs::{Ctx, Error, Value};

use crate::{text::well_formed, values};

/// How bytes are text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    Ascii,
    Latin1,
    Base64,
    Hex,
    Ucs2,
    Utf8,
}

impl Encoding {
    pub const ALL: [(Self, &str); 6] = [
        (Self::Ascii, "ascii"),
        (Self::Latin1, "latin1"),
        (Self::Base64, "base64"),
        (Self::Hex, "hex"),
        (Self::Ucs2, "ucs2"),
        (Self::Utf8, "utf8"),
    ];

    /// By any of the names Node has for it; UTF-8 for anything else.
    pub fn named(name: &str) -> Self {
        match name.to_ascii_lowercase().as_str() {
            "ascii" => Self::Ascii,
            "latin1" | "binary" => Self::Latin1,
            "base64" => Self::Base64,
            "hex" => Self::Hex,
            "ucs2" | "ucs-2" | "utf16le" | "utf-16le" => Self::Ucs2,
            _ => Self::Utf8,
        }
    }

    /// The bytes of `text`.
    pub fn encode(self, text: &[u8]) -> Vec<u8> {
        match self {
            Self::Utf8 => well_formed(text).into_owned().into_bytes(),
            Self::Ascii | Self::Latin1 if text.is_ascii() => text.to_vec(),
            Self::Ascii | Self::Latin1 => units(text).map(|unit| unit as u8).collect(),
            Self::Ucs2 => units(text).flat_map(u16::to_le_bytes).collect(),
            Self::Hex => hex(text),
            Self::Base64 => base64(text),
        }
    }

    /// The text that `bytes` are.
    pub fn decode<'js>(self, ctx: &Ctx<'js>, bytes: &[u8]) -> Result<Value<'js>, Error> {
        match self {
            Self::Utf8 => values::string(ctx, &String::from_utf8_lossy(bytes)),
            Self::Latin1 if !bytes.is_ascii() => {
                values::string(ctx, &bytes.iter().map(|byte| char::from(*byte)).collect::<String>())
            }
            Self::Ascii if !bytes.is_ascii() => {
                values::string(ctx, &bytes.iter().map(|byte| char::from(byte & 0x7f)).collect::<String>())
            }
            Self::Ascii | Self::Latin1 => values::string(ctx, &String::from_utf8_lossy(bytes)),
            Self::Base64 => values::string(ctx, &STANDARD.encode(bytes)),
            Self::Hex => {
                const DIGITS: &[u8; 16] = b"0123456789abcdef";
                let digit = |half: u8| char::from(DIGITS[usize::from(half & 15)]);
                values::string(
                    ctx,
                    &bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(*byte)]).collect::<String>(),
                )
            }
            Self::Ucs2 => {
                let units: Vec<u16> =
                    bytes.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
                values::string_of_units(ctx, &units)
            }
        }
    }

    /// How many of the first `room` bytes of `encoded` are whole characters.
    pub fn whole(self, encoded: &[u8], room: usize) -> usize {
        let mut len = encoded.len().min(room);
        match self {
            Self::Utf8 => {
                while len < encoded.len() && len > 0 && encoded[len] & 0xc0 == 0x80 {
                    len -= 1;
                }
            }
            Self::Ucs2 => len &= !1,
            _ => {}
        }
        len
    }
}

/// UTF-16 code units.
fn units(text: &[u8]) -> impl Iterator<Item = u16> {
    let mut rest = text;
    let mut low = None;
    std::iter::from_fn(move || {
        if let Some(unit) = low.take() {
            return Some(unit);
        }
        let (&first, _) = rest.split_first()?;
        let len = match first {
            0..0x80 => 1,
            0x80..0xe0 => 2,
            0xe0..0xf0 => 3,
            _ => 4,
        };
        let bits = u32::from(first) & (0xff >> (if len == 1 { 1 } else { len + 1 }));
        let point =
            rest.iter().take(len).skip(1).fold(bits, |point, byte| point << 6 | u32::from(byte & 0x3f));
        rest = rest.get(len..).unwrap_or_default();
        if point < 0x1_0000 {
            return Some(point as u16);
        }
        low = Some(0xdc00 | (point & 0x3ff) as u16);
        Some((0xd7c0 + (point >> 10)) as u16)
    })
}

/// Pairs of digits, up to the first that are none.
fn hex(text: &[u8]) -> Vec<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    text.chunks_exact(2).map_while(|pair| Some((digit(pair[0])? << 4 | digit(pair[1])?) as u8)).collect()
}

/// What each byte stands for in either alphabet of base64; `SKIPPED` for all others, but `END` ends the text.
const DIGITS_OF_BASE64: [u8; 256] = {
    let mut values = [SKIPPED; 256];
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut value = 0;
    while value < alphabet.len() {
        values[alphabet[value] as usize] = value as u8;
        value += 1;
    }
    values[b'-' as usize] = 62;
    values[b'_' as usize] = 63;
    values[b'=' as usize] = END;
    values
};
const SKIPPED: u8 = 0xff;
const END: u8 = 0xfe;

/// Both alphabets of base64, whatever else is in between is skipped; as Node does it.
fn base64(text: &[u8]) -> Vec<u8> {
    // Most texts are what the standard asks for.
    if let Ok(bytes) = STANDARD.decode(text) {
        return bytes;
    }
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3 + 3);
    let (mut bits, mut count) = (0_u32, 0);
    for byte in text {
        let value = match DIGITS_OF_BASE64[usize::from(*byte)] {
            SKIPPED => continue,
            END => break,
            value => value,
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
            bits &= (1 << count) - 1;
        }
    }
    bytes
}
