//! Questions to JavaScript values that rquickjs' safe interface has no answer to.

use javy::quickjs::{Error, String as JsString, TypedArray, Value, qjs};

/// QuickJS' number for the class of an object; 0 for anything else.
pub fn class_of(value: &Value<'_>) -> u32 {
    // SAFETY: the value is alive; the call only reads its header.
    unsafe { qjs::JS_GetClassID(value.as_raw()) }
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

/// Writes to the beginning of an array. What does not fit is dropped.
pub fn write_bytes(destination: &TypedArray<'_, u8>, bytes: &[u8]) {
    if let Some(raw) = destination.as_raw() {
        let len = bytes.len().min(raw.len);
        // SAFETY: `raw` is `raw.len` writable bytes of an array that is alive; `bytes` are in no array.
        unsafe { std::ptr::copy_nonoverlapping(bytes.as_ptr(), raw.ptr.as_ptr(), len) };
    }
}
