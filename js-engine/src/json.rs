//! `JSON.parse` and `JSON.stringify` for what is ordinary, at several times the speed of QuickJS' own: the input, the
//! result, and what a lambda calls by name.
//!
//! Whatever is not ordinary - a syntax error, a getter, a `toJSON`, a Proxy, a cycle - is left to QuickJS as a whole,
//! before anything that could be noticed has happened: semantics and error messages are QuickJS'.

mod number;
mod raw;
mod read;
mod text;
mod write;

use std::cell::RefCell;
use std::ffi::{c_char, c_int};

use javy::quickjs::{Ctx, Error, Function, Object, Persistent, Value, qjs};

use raw::{Js, Stop};
use write::Realm;

thread_local! {
    /// What [`install`] found.
    static ORIGINALS: RefCell<Option<Originals>> = const { RefCell::new(None) };
}

struct Originals {
    realm: Realm,
    /// QuickJS' `JSON.parse` and `JSON.stringify`, for their other parameters.
    parse: Persistent<Function<'static>>,
    stringify: Persistent<Function<'static>>,
}

/// Replaces `JSON.parse` and `JSON.stringify`. To be called before anything else runs.
pub fn install<'js>(ctx: &Ctx<'js>) -> Result<(), Error> {
    let json: Object<'js> = ctx.globals().get("JSON")?;
    let original = |name: &str| Ok::<_, Error>(Persistent::save(ctx, json.get::<_, Function<'js>>(name)?));
    let js = Js::of(ctx);
    let originals = Originals {
        realm: Realm::of(js).map_err(|_| Error::Exception)?,
        parse: original("parse")?,
        stringify: original("stringify")?,
    };
    ORIGINALS.set(Some(originals));
    let natives: [(_, c_int, Native); 2] = [(c"parse", 2, native_parse), (c"stringify", 3, native_stringify)];
    for (name, length, native) in natives {
        let flags = qjs::JS_PROP_CONFIGURABLE | qjs::JS_PROP_WRITABLE;
        // SAFETY: the context and the object are alive, the name is a C string, the function is a generic one; the
        // call that defines takes the function over.
        let defined = unsafe {
            let kind = qjs::JSCFunctionEnum_JS_CFUNC_generic;
            let raw = ctx.as_raw().as_ptr();
            let function = qjs::JS_NewCFunction2(raw, Some(native), name.as_ptr(), length, kind, 0);
            qjs::JS_DefinePropertyValueStr(raw, json.as_raw(), name.as_ptr(), function, flags as c_int)
        };
        if defined < 0 {
            return Err(Error::Exception);
        }
    }
    Ok(())
}

/// `JSON.parse` without a copy of the text; `text` ends with a NUL that is not part of it.
pub fn parse<'js>(ctx: &Ctx<'js>, text: &[u8]) -> Result<Value<'js>, Error> {
    let parsed = parse_raw(Js::of(ctx), text);
    // SAFETY: the result belongs to nobody else.
    let value = unsafe { Value::from_raw(ctx.clone(), parsed) };
    if value.is_exception() { Err(Error::Exception) } else { Ok(value) }
}

/// `JSON.stringify`, as UTF-8; nothing for what JSON leaves out.
pub fn stringify<'js>(ctx: &Ctx<'js>, value: &Value<'js>) -> Result<Option<Vec<u8>>, Error> {
    let js = Js::of(ctx);
    match write_raw(js, value.as_raw()) {
        Ok(text) => Ok(text),
        Err(Stop::Thrown) => Err(Error::Exception),
        Err(Stop::Unusual) => {
            // SAFETY: the value is alive; the result belongs to nobody else.
            let json = unsafe { Value::from_raw(ctx.clone(), stringify_slowly(js, value.as_raw())) };
            match json.into_string() {
                Some(json) => crate::values::with_utf8(json, |bytes| Some(bytes.to_vec())),
                None if js.has_exception() => Err(Error::Exception),
                None => Ok(None),
            }
        }
    }
}

fn parse_raw(js: Js, text: &[u8]) -> qjs::JSValue {
    match read::read(js, text) {
        Ok(value) => value,
        Err(Stop::Thrown) => qjs::JS_EXCEPTION,
        // SAFETY: the context is alive; the text is followed by a NUL and outlives the call.
        Err(Stop::Unusual) => unsafe {
            let len = (text.len() - 1) as qjs::size_t;
            qjs::JS_ParseJSON(js.context(), text.as_ptr().cast::<c_char>(), len, c"<input>".as_ptr())
        },
    }
}

fn write_raw(js: Js, value: qjs::JSValue) -> Result<Option<Vec<u8>>, Stop> {
    ORIGINALS.with_borrow(|originals| match originals {
        Some(originals) => write::write(js, &originals.realm, value),
        None => Err(Stop::Unusual),
    })
}

fn stringify_slowly(js: Js, value: qjs::JSValue) -> qjs::JSValue {
    // SAFETY: the context and the value are alive; the call takes nothing over.
    unsafe { qjs::JS_JSONStringify(js.context(), value, qjs::JS_UNDEFINED, qjs::JS_UNDEFINED) }
}

type Native =
    unsafe extern "C" fn(*mut qjs::JSContext, qjs::JSValue, c_int, *mut qjs::JSValue) -> qjs::JSValue;

/// `JSON.parse(text, reviver)`.
unsafe extern "C" fn native_parse(
    raw: *mut qjs::JSContext,
    this: qjs::JSValue,
    argc: c_int,
    argv: *mut qjs::JSValue,
) -> qjs::JSValue {
    // SAFETY: QuickJS calls this with its context and at least two arguments, `undefined` where fewer were given; the
    // C string is alive, and followed by a NUL, until it is freed.
    unsafe {
        if argc > 1 && qjs::JS_IsFunction(raw, *argv.add(1)) {
            return call_original(raw, |originals| &originals.parse, this, argc, argv);
        }
        let mut len: qjs::size_t = 0;
        let text = qjs::JS_ToCStringLen2(raw, &mut len, *argv, false);
        if text.is_null() {
            return qjs::JS_EXCEPTION;
        }
        let value = parse_raw(Js::from_raw(raw), std::slice::from_raw_parts(text.cast(), len as usize + 1));
        qjs::JS_FreeCString(raw, text);
        value
    }
}

/// `JSON.stringify(value, replacer, space)`.
unsafe extern "C" fn native_stringify(
    raw: *mut qjs::JSContext,
    this: qjs::JSValue,
    argc: c_int,
    argv: *mut qjs::JSValue,
) -> qjs::JSValue {
    // SAFETY: QuickJS calls this with its context and at least three arguments, `undefined` where fewer were given.
    unsafe {
        let is_absent = |value| qjs::JS_IsUndefined(value) || qjs::JS_IsNull(value);
        if !is_absent(*argv.add(1)) || !is_absent(*argv.add(2)) {
            return call_original(raw, |originals| &originals.stringify, this, argc, argv);
        }
        let js = Js::from_raw(raw);
        match write_raw(js, *argv) {
            Ok(Some(text)) => js.string(&text).unwrap_or(qjs::JS_EXCEPTION),
            Ok(None) => qjs::JS_UNDEFINED,
            Err(Stop::Thrown) => qjs::JS_EXCEPTION,
            Err(Stop::Unusual) => stringify_slowly(js, *argv),
        }
    }
}

/// # Safety
/// The arguments are those of the calling native.
unsafe fn call_original(
    raw: *mut qjs::JSContext,
    which: impl FnOnce(&Originals) -> &Persistent<Function<'static>>,
    this: qjs::JSValue,
    argc: c_int,
    argv: *mut qjs::JSValue,
) -> qjs::JSValue {
    let function =
        ORIGINALS.with_borrow(|originals| originals.as_ref().map(|originals| which(originals).clone()));
    let Some(raw_context) = std::ptr::NonNull::new(raw) else { return qjs::JS_EXCEPTION };
    // SAFETY: QuickJS calls natives with its live context.
    let ctx = unsafe { Ctx::from_raw(raw_context) };
    match function.map(|function| function.restore(&ctx)) {
        // SAFETY: the function is alive during the call, the rest belongs to the caller.
        Some(Ok(function)) => unsafe { qjs::JS_Call(raw, function.as_raw(), this, argc, argv) },
        _ => qjs::JS_EXCEPTION,
    }
}
