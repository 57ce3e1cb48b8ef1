//! Questions to JavaScript values that rquickjs' safe interface has no answer to.

use javy::quickjs::object::Property;
use javy::quickjs::{Ctx, Error, Exception, String as JsString, TypedArray, Value, qjs};

/// QuickJS' number for the class of an object; 0 for anything else.
pub fn class_of(value: &Value<'_>) -> u32 {
    // SAFETY: the value is alive; the call only reads its header.
    unsafe { qjs::JS_GetClassID(value.as_raw()) }
}

/// Throws an `Error`. Its message is not enumerable, as that of every error; `Exception::throw_message` makes one that is.
pub fn throw(ctx: &Ctx<'_>, message: &str) -> Error {
    let thrown = Exception::from_message(ctx.clone(), message).and_then(|exception| {
        // Defined anew: a property that is there keeps what is not said.
        exception.remove("message")?;
        exception.prop("message", Property::from(message).writable().configurable())?;
        Ok(exception.throw())
    });
    thrown.unwrap_or_else(|error| error)
}

/// Gives `read` the UTF-8 of a string. Lone surrogates are encoded like other characters, so it need not be valid.
pub fn with_utf8<R>(string: JsString<'_>, read: impl FnOnce(&[u8]) -> R) -> Result<R, Error> {
    let text = string.to_cstring()?;
    // SAFETY: `text` points to that many bytes and lives until the end of this function.
    Ok(read(unsafe { std::slice::from_raw_parts(text.as_ptr().cast(), text.len()) }))
}

/// The text of a string, lone surrogates replaced.
pub fn text_of(string: JsString<'_>) -> Result<String, Error> {
    with_utf8(string, |bytes| String::from_utf8_lossy(bytes).into_owned())
}

/// A string of JavaScript.
pub fn string<'js>(ctx: &Ctx<'js>, text: &str) -> Result<Value<'js>, Error> {
    // What QuickJS keeps in one byte a character (up to U+00FF, whose first byte is below this) it makes quickly.
    const FIRST_OF_WIDE: u8 = 0xc4;
    if text.is_ascii() || !text.bytes().any(|byte| byte >= FIRST_OF_WIDE) {
        return Ok(JsString::from_str(ctx.clone(), text)?.into_value());
    }
    // Of others it looks at every byte twice, one at a time.
    let mut units = Vec::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let (ascii, other) = rest.split_at(ascii_at_the_beginning(rest.as_bytes()));
        units.extend(ascii.bytes().map(u16::from));
        let mut characters = other.chars();
        rest = loop {
            let here = characters.as_str();
            match characters.next() {
                Some(character) if !character.is_ascii() => {
                    units.extend_from_slice(character.encode_utf16(&mut [0; 2]));
                }
                _ => break here,
            }
        };
    }
    string_of_units(ctx, &units)
}

/// How many bytes come before the first that is not ASCII, looked at eight at a time.
fn ascii_at_the_beginning(bytes: &[u8]) -> usize {
    const HIGH_BITS: u64 = 0x8080_8080_8080_8080;
    let (words, last) = bytes.as_chunks::<8>();
    for (i, word) in words.iter().enumerate() {
        let high = u64::from_le_bytes(*word) & HIGH_BITS;
        if high != 0 {
            return i * 8 + high.trailing_zeros() as usize / 8;
        }
    }
    let before = words.len() * 8;
    before + last.iter().position(|byte| !byte.is_ascii()).unwrap_or(last.len())
}

/// A string of UTF-16 code units.
pub fn string_of_units<'js>(ctx: &Ctx<'js>, units: &[u16]) -> Result<Value<'js>, Error> {
    // SAFETY: the pointer is followed by `units.len()` units; the string is owned by the `Value`.
    let value = unsafe {
        let raw = qjs::JS_NewStringUTF16(ctx.as_raw().as_ptr(), units.as_ptr(), units.len() as _);
        Value::from_raw(ctx.clone(), raw)
    };
    if value.is_exception() { Err(Error::Exception) } else { Ok(value) }
}

/// Writes to the beginning of an array. What does not fit is dropped.
pub fn write_bytes(destination: &TypedArray<'_, u8>, bytes: &[u8]) {
    if let Some(raw) = destination.as_raw() {
        let len = bytes.len().min(raw.len);
        // SAFETY: `raw` is `raw.len` writable bytes of an array that is alive; `bytes` are in no array.
        unsafe { std::ptr::copy_nonoverlapping(bytes.as_ptr(), raw.ptr.as_ptr(), len) };
    }
}

/// The bytes behind a typed array, an ArrayBuffer or a SharedArrayBuffer, without a copy.
pub struct Bytes<'js> {
    start: *mut u8,
    len: usize,
    /// Keeps the bytes alive.
    _owner: Value<'js>,
}

impl<'js> Bytes<'js> {
    /// How many.
    pub fn len(&self) -> usize {
        self.len
    }

    /// To be read before any JavaScript runs again: it may write to them, or take them away.
    pub fn get(&self) -> &[u8] {
        if self.len == 0 {
            return &[];
        }
        // SAFETY: `bytes_of` was told of that many bytes here, and `_owner` keeps them.
        unsafe { std::slice::from_raw_parts(self.start, self.len) }
    }

    /// Where the bytes are, for telling whether two arrays overlap.
    pub fn range(&self) -> std::ops::Range<usize> {
        self.start as usize..self.start as usize + self.len
    }

    /// To be written before any JavaScript runs again, and while nothing else looks at these bytes.
    pub fn get_mut(&mut self) -> &mut [u8] {
        if self.len == 0 {
            return &mut [];
        }
        // SAFETY: as for `get`; whoever calls this holds no other reference to the bytes.
        unsafe { std::slice::from_raw_parts_mut(self.start, self.len) }
    }

    /// Overwrites what is at `at`. `from` is not of an array. What does not fit is dropped.
    pub fn write(&mut self, at: usize, from: &[u8]) {
        let Some(room) = self.len.checked_sub(at) else { return };
        // SAFETY: as for `get`; `at` and the length stay within, and `from` is memory of Rust's own.
        unsafe { std::ptr::copy_nonoverlapping(from.as_ptr(), self.start.add(at), from.len().min(room)) }
    }

    /// Overwrites `len` bytes at `at` by those of `from` at `from_at`; the two may overlap.
    pub fn copy_from(&mut self, at: usize, from: &Self, from_at: usize, len: usize) {
        assert!(at + len <= self.len && from_at + len <= from.len);
        // SAFETY: both ranges were checked; `copy` allows for overlaps.
        unsafe { std::ptr::copy(from.start.add(from_at), self.start.add(at), len) }
    }
}

/// `None` for anything that is no array of bytes or numbers, and for one whose memory was taken away.
pub fn bytes_of<'js>(ctx: &Ctx<'js>, value: &Value<'js>) -> Option<Bytes<'js>> {
    let raw = ctx.as_raw().as_ptr();
    // SAFETY: the value is alive; what the calls hand out is owned by `owner`, whose memory does not move.
    unsafe {
        let (owner, offset, part) = if qjs::JS_GetTypedArrayType(value.as_raw()) >= 0 {
            let (mut offset, mut len, mut size) = (0, 0, 0);
            let buffer = qjs::JS_GetTypedArrayBuffer(
                raw,
                value.as_raw(),
                &raw mut offset,
                &raw mut len,
                &raw mut size,
            );
            (Value::from_raw(ctx.clone(), buffer), offset as usize, Some(len as usize))
        } else if qjs::JS_IsArrayBuffer(value.as_raw()) {
            (value.clone(), 0, None)
        } else {
            return None;
        };
        if owner.is_exception() {
            ctx.catch();
            return None;
        }
        let mut whole = 0;
        let start = qjs::JS_GetArrayBuffer(raw, &raw mut whole, owner.as_raw());
        let whole = whole as usize;
        if start.is_null() {
            if ctx.has_exception() {
                ctx.catch();
            }
            return (whole == 0).then_some(Bytes { start, len: 0, _owner: owner });
        }
        let len = part.unwrap_or(whole);
        (offset + len <= whole).then(|| Bytes { start: start.add(offset), len, _owner: owner })
    }
}
