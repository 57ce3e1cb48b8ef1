//! The binding behind Node's `buffer`: slices and writes in every encoding, comparing, filling, searching.

use javy::quickjs::function::{Opt, This};
use javy::quickjs::{ArrayBuffer, Coerced, Ctx, Error, Function, Object, String as JsString, Value};

use super::codec::Encoding;
use super::{out_of_range, wrong_type};
use crate::values::{self, Bytes};

/// Defines the functions; `methods` are those that become methods of `Buffer.prototype`.
pub fn define<'js>(ctx: &Ctx<'js>, node: &Object<'js>) -> Result<(), Error> {
    let methods = Object::new_proto(ctx.clone(), None)?;
    for (encoding, name) in Encoding::ALL {
        let slice =
            move |ctx: Ctx<'js>, this: This<Value<'js>>, start: Opt<Value<'js>>, end: Opt<Value<'js>>| {
                let bytes = bytes_of(&ctx, &this.0)?;
                let start = index(&ctx, start.0, 0)?;
                let end = index(&ctx, end.0, bytes.len())?.max(start);
                if end > bytes.len() {
                    return Err(out_of_range(&ctx, "ERR_INDEX_OUT_OF_RANGE", "Index out of range"));
                }
                encoding.decode(&ctx, &bytes.get()[start..end])
            };
        let write = move |ctx: Ctx<'js>,
                          this: This<Value<'js>>,
                          text: Value<'js>,
                          offset: Opt<Value<'js>>,
                          length: Opt<Value<'js>>| {
            write(&ctx, encoding, &this.0, text, offset.0, length.0)
        };
        methods.set(
            format!("{name}Slice"),
            Function::new(ctx.clone(), slice)?.with_name(format!("{name}Slice"))?,
        )?;
        methods.set(
            format!("{name}Write"),
            Function::new(ctx.clone(), write)?.with_name(format!("{name}Write"))?,
        )?;
    }
    node.set("bufferMethods", methods)?;
    node.set("byteLengthUtf8", Function::new(ctx.clone(), byte_length)?)?;
    node.set("encode", Function::new(ctx.clone(), encode)?)?;
    node.set("copy", Function::new(ctx.clone(), copy)?)?;
    node.set("compare", Function::new(ctx.clone(), compare)?)?;
    node.set("compareOffset", Function::new(ctx.clone(), compare_offset)?)?;
    node.set("fill", Function::new(ctx.clone(), fill)?)?;
    node.set("indexOf", Function::new(ctx.clone(), index_of)?)?;
    node.set("swap", Function::new(ctx.clone(), swap)?)
}

fn bytes_of<'js>(ctx: &Ctx<'js>, value: &Value<'js>) -> Result<Bytes<'js>, Error> {
    values::bytes_of(ctx, value).ok_or_else(|| wrong_type(ctx, "argument must be a buffer"))
}

/// A position as Node's native half reads it.
fn index<'js>(ctx: &Ctx<'js>, value: Option<Value<'js>>, default: usize) -> Result<usize, Error> {
    let Some(value) = value.filter(|value| !value.is_undefined()) else { return Ok(default) };
    // A string of digits is a number, too.
    let number = value.get::<Coerced<f64>>()?.0;
    if number <= -1.0 {
        return Err(out_of_range(ctx, "ERR_INDEX_OUT_OF_RANGE", "Index out of range"));
    }
    Ok(number as usize)
}

fn write<'js>(
    ctx: &Ctx<'js>,
    encoding: Encoding,
    this: &Value<'js>,
    text: Value<'js>,
    offset: Option<Value<'js>>,
    length: Option<Value<'js>>,
) -> Result<usize, Error> {
    let mut bytes = bytes_of(ctx, this)?;
    let Some(text) = text.into_string() else { return Err(wrong_type(ctx, "argument must be a string")) };
    let offset = index(ctx, offset, 0)?;
    if offset > bytes.len() {
        return Err(out_of_range(ctx, "ERR_BUFFER_OUT_OF_BOUNDS", "\"offset\" is outside of buffer bounds"));
    }
    let rest = bytes.len() - offset;
    let room = index(ctx, length, rest)?.min(rest);
    let encoded = values::with_utf8(text, |text| encoding.encode(text))?;
    let len = encoding.whole(&encoded, room);
    bytes.write(offset, &encoded[..len]);
    Ok(len)
}

fn byte_length(text: JsString<'_>) -> Result<usize, Error> {
    // A lone surrogate takes as many bytes as what replaces it.
    values::with_utf8(text, <[u8]>::len)
}

/// The bytes of a string, as an ArrayBuffer.
fn encode<'js>(ctx: Ctx<'js>, text: JsString<'js>, encoding: String) -> Result<ArrayBuffer<'js>, Error> {
    let bytes = values::with_utf8(text, |text| Encoding::named(&encoding).encode(text))?;
    ArrayBuffer::new(ctx, bytes)
}

fn copy<'js>(
    ctx: Ctx<'js>,
    source: Value<'js>,
    target: Value<'js>,
    target_start: Opt<Value<'js>>,
    source_start: Opt<Value<'js>>,
    source_end: Opt<Value<'js>>,
) -> Result<usize, Error> {
    let source = bytes_of(&ctx, &source)?;
    let mut target = bytes_of(&ctx, &target)?;
    let target_start = index(&ctx, target_start.0, 0)?;
    let source_start = index(&ctx, source_start.0, 0)?;
    let source_end = index(&ctx, source_end.0, source.len())?;
    if target_start >= target.len() || source_start >= source_end {
        return Ok(0);
    }
    if source_start > source.len() {
        return Err(out_of_range(&ctx, "ERR_INDEX_OUT_OF_RANGE", "Index out of range"));
    }
    let len = (source_end - source_start).min(target.len() - target_start).min(source.len() - source_start);
    target.copy_from(target_start, &source, source_start, len);
    Ok(len)
}

fn compare<'js>(ctx: Ctx<'js>, a: Value<'js>, b: Value<'js>) -> Result<i32, Error> {
    Ok(bytes_of(&ctx, &a)?.get().cmp(bytes_of(&ctx, &b)?.get()) as i32)
}

#[allow(clippy::too_many_arguments, reason = "the binding's signature is Node's")]
fn compare_offset<'js>(
    ctx: Ctx<'js>,
    source: Value<'js>,
    target: Value<'js>,
    target_start: Opt<Value<'js>>,
    source_start: Opt<Value<'js>>,
    target_end: Opt<Value<'js>>,
    source_end: Opt<Value<'js>>,
) -> Result<i32, Error> {
    let (source, target) = (bytes_of(&ctx, &source)?, bytes_of(&ctx, &target)?);
    let part = |start: Option<Value<'js>>, end: Option<Value<'js>>, bytes: &Bytes<'js>, name: &str| {
        let start = index(&ctx, start, 0)?;
        if start > bytes.len() {
            let message = format!("The value of \"{name}\" is out of range.");
            return Err(out_of_range(&ctx, "ERR_INDEX_OUT_OF_RANGE", &message));
        }
        Ok((start, index(&ctx, end, bytes.len())?.clamp(start, bytes.len())))
    };
    let (s, s_end) = part(source_start.0, source_end.0, &source, "sourceStart")?;
    let (t, t_end) = part(target_start.0, target_end.0, &target, "targetStart")?;
    Ok(source.get()[s..s_end].cmp(&target.get()[t..t_end]) as i32)
}

/// -2: out of bounds; -1: nothing to fill with; 0: done.
fn fill<'js>(
    ctx: Ctx<'js>,
    buffer: Value<'js>,
    value: Value<'js>,
    start: f64,
    end: f64,
    encoding: Opt<Option<String>>,
) -> Result<i32, Error> {
    let mut buffer = bytes_of(&ctx, &buffer)?;
    if start < 0.0 || end > buffer.len() as f64 {
        return Ok(-2);
    }
    if start >= end {
        return Ok(0);
    }
    let pattern = if let Some(text) = value.clone().into_string() {
        let encoding = Encoding::named(encoding.0.flatten().as_deref().unwrap_or("utf8"));
        values::with_utf8(text, |text| encoding.encode(text))?
    } else if let Some(bytes) = values::bytes_of(&ctx, &value) {
        bytes.get().to_vec()
    } else {
        vec![low_byte(value.as_number().unwrap_or(0.0))]
    };
    if pattern.is_empty() {
        return Ok(-1);
    }
    let filled: Vec<u8> = pattern.iter().copied().cycle().take(end as usize - start as usize).collect();
    buffer.write(start as usize, &filled);
    Ok(0)
}

/// As `number & 255`.
fn low_byte(number: f64) -> u8 {
    (number.trunc().rem_euclid(256.0)) as u8
}

/// Where `needle` (a string, bytes or a byte) stands; -1 when nowhere.
fn index_of<'js>(
    ctx: Ctx<'js>,
    haystack: Value<'js>,
    needle: Value<'js>,
    offset: Value<'js>,
    encoding: Opt<Option<String>>,
    is_forward: Opt<bool>,
) -> Result<f64, Error> {
    let haystack = bytes_of(&ctx, &haystack)?;
    let encoding = Encoding::named(encoding.0.flatten().as_deref().unwrap_or("utf8"));
    let needle = if let Some(text) = needle.clone().into_string() {
        values::with_utf8(text, |text| encoding.encode(text))?
    } else if let Some(bytes) = values::bytes_of(&ctx, &needle) {
        bytes.get().to_vec()
    } else {
        vec![low_byte(needle.as_number().unwrap_or(0.0))]
    };
    let is_forward = is_forward.0.unwrap_or(true);
    let step = if encoding == Encoding::Ucs2 { 2 } else { 1 };
    let offset = offset.as_number().unwrap_or(f64::NAN);
    let found = find(haystack.get(), &needle, offset, is_forward, step);
    Ok(found.map_or(-1.0, |at| at as f64))
}

fn find(haystack: &[u8], needle: &[u8], offset: f64, is_forward: bool, step: usize) -> Option<usize> {
    let (len, size) = (haystack.len() as f64, needle.len());
    let mut offset = if offset.is_nan() { if is_forward { 0.0 } else { len } } else { offset.trunc() };
    if offset < 0.0 {
        offset += len;
    }
    if offset < 0.0 {
        if !is_forward && size > 0 {
            return None;
        }
        offset = 0.0;
    }
    if size == 0 {
        return Some(offset.min(len) as usize);
    }
    if size < step {
        return None;
    }
    let last = haystack.len().checked_sub(size)?;
    let is_here = |at: &usize| at % step == 0 && haystack[*at..].starts_with(needle);
    if !is_forward {
        return (0..=last.min(offset as usize)).rev().find(is_here);
    }
    let start = offset as usize;
    if start > last { None } else { (start - start % step..=last).find(is_here) }
}

/// Reverses each group of `size` bytes.
fn swap<'js>(ctx: Ctx<'js>, buffer: Value<'js>, size: usize) -> Result<Value<'js>, Error> {
    let mut bytes = bytes_of(&ctx, &buffer)?;
    let swapped: Vec<u8> =
        bytes.get().chunks_exact(size.max(1)).flat_map(|group| group.iter().rev().copied()).collect();
    bytes.write(0, &swapped);
    Ok(buffer)
}
