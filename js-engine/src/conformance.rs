//! What test262 asks of its host: global scripts, modules, other realms, detached buffers. Lambdas have none of it, so it
//! is only part of an engine built for the conformance tests (feature `conformance`, tests/test262); the language under
//! test, the library and the globals are those of the engine lambdas run in.

use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::ptr;

use javy::quickjs::{Ctx, Error, Value, qjs};
use lambkin_abi::Status;
use qjs::{JSContext, JSModuleDef, JSValue};

use crate::{interpreter, log_entry, mailbox};

/// How the inbox is to be run; part of the call.
const MODULE: u32 = 1;

// What the runner provides besides the engine's own imports.
#[link(wasm_import_module = "conformance")]
unsafe extern "C" {
    // A line the test printed.
    safe fn print(text: *const u8, len: usize);
    // The length of the file `name`, which `take` copies; negative when there is none.
    safe fn open(name: *const u8, len: usize) -> i32;
    // Copies the file that was opened last.
    fn take(to: *mut u8);
}

/// Gives the global object `print` and `$262`, and `import` something to import.
pub fn prepare(ctx: &Ctx<'_>) {
    let raw = ctx.as_raw().as_ptr();
    // SAFETY: `raw` is the live context of `ctx`; the loader lives for ever.
    unsafe {
        qjs::JS_FreeValue(raw, add_host_object(raw));
        qjs::JS_SetModuleLoaderFunc2(qjs::JS_GetRuntime(raw), None, Some(load_module), None, ptr::null_mut());
    }
}

/// Runs what the inbox holds, a name, a line feed and a source, to the end of its promise jobs. The outbox says what was
/// thrown, as JSON `{phase, name, message}`; it is empty when nothing was.
pub fn evaluate(ctx: &Ctx<'_>, content: &[u8], kind: u32) -> Status {
    mailbox::clear();
    let at = content.iter().position(|byte| *byte == b'\n').expect("a name, a line feed and a source");
    let name = CString::new(&content[..at]).expect("a name without NUL");
    if let Err((phase, thrown)) = run(ctx, &content[at + 1..], &name, kind == MODULE) {
        publish(phase, &thrown);
        return Status::Failed;
    }
    if interpreter::is_interrupted() { Status::Interrupted } else { Status::Done }
}

fn run<'js>(
    ctx: &Ctx<'js>,
    source: &[u8],
    name: &CStr,
    is_module: bool,
) -> Result<(), (&'static str, Value<'js>)> {
    let raw = ctx.as_raw().as_ptr();
    let kind = if is_module { qjs::JS_EVAL_TYPE_MODULE } else { qjs::JS_EVAL_TYPE_GLOBAL };
    // SAFETY: `source` ends with a NUL that is not counted; what is compiled is taken over by `JS_EvalFunction`.
    let result = unsafe {
        let len = (source.len() - 1) as qjs::size_t;
        let flags = (kind | qjs::JS_EVAL_FLAG_COMPILE_ONLY) as c_int;
        let compiled = qjs::JS_Eval(raw, source.as_ptr().cast(), len, name.as_ptr(), flags);
        if qjs::JS_IsException(compiled) {
            return Err(("parse", ctx.catch()));
        }
        Value::from_raw(ctx.clone(), qjs::JS_EvalFunction(raw, compiled))
    };
    if result.is_exception() {
        return Err(("runtime", ctx.catch()));
    }
    while ctx.execute_pending_job() && !interpreter::is_interrupted() {}
    if let (true, Some(promise)) = (is_module, result.as_promise())
        && let Some(Err(Error::Exception)) = promise.result::<Value<'js>>()
    {
        return Err(("runtime", ctx.catch()));
    }
    Ok(())
}

/// The error by the name of its constructor, as the tests expect it.
fn publish(phase: &str, thrown: &Value<'_>) {
    let object = thrown.as_object();
    let constructor = object.and_then(|object| object.get::<_, Value<'_>>("constructor").ok());
    let name = constructor.as_ref().and_then(Value::as_object).and_then(|c| c.get::<_, String>("name").ok());
    let message = object.and_then(|object| object.get::<_, String>("message").ok());
    let message = message.or_else(|| thrown.as_string().and_then(|text| text.to_string().ok()));
    thrown.ctx().catch();
    let mut answer = format!("{{\"phase\":\"{phase}\",\"name\":");
    log_entry::quote(name.unwrap_or_default().as_bytes(), &mut answer);
    answer.push_str(",\"message\":");
    log_entry::quote(message.unwrap_or_default().as_bytes(), &mut answer);
    answer.push('}');
    mailbox::publish_string(answer);
}

/// Adds `print` and `$262` to the realm of `ctx`, and returns the latter.
unsafe fn add_host_object(ctx: *mut JSContext) -> JSValue {
    // SAFETY: the caller's context is alive; setting a property takes the value over.
    unsafe {
        let global = qjs::JS_GetGlobalObject(ctx);
        let host = qjs::JS_NewObject(ctx);
        let define = |object, name: &CStr, function: qjs::JSCFunction, len| {
            let kind = qjs::JSCFunctionEnum_JS_CFUNC_generic;
            let function = qjs::JS_NewCFunction2(ctx, function, name.as_ptr(), len, kind, 0);
            qjs::JS_SetPropertyStr(ctx, object, name.as_ptr(), function);
        };
        define(global, c"print", Some(print_line), 1);
        define(host, c"gc", Some(collect_garbage), 0);
        define(host, c"evalScript", Some(eval_script), 1);
        define(host, c"createRealm", Some(create_realm), 0);
        define(host, c"detachArrayBuffer", Some(detach_array_buffer), 1);
        let kind = qjs::JSCFunctionEnum_JS_CFUNC_generic;
        let html_dda = qjs::JS_NewCFunction2(ctx, Some(answer_null), c"IsHTMLDDA".as_ptr(), 0, kind, 0);
        qjs::JS_SetIsHTMLDDA(ctx, html_dda);
        qjs::JS_SetPropertyStr(ctx, host, c"IsHTMLDDA".as_ptr(), html_dda);
        qjs::JS_SetPropertyStr(ctx, host, c"global".as_ptr(), qjs::JS_DupValue(ctx, global));
        qjs::JS_SetPropertyStr(ctx, global, c"$262".as_ptr(), qjs::JS_DupValue(ctx, host));
        qjs::JS_FreeValue(ctx, global);
        host
    }
}

/// Hands the text of a value to `then`, which must not keep it; what that returns, or an exception when it has no text.
unsafe fn with_text(
    ctx: *mut JSContext,
    value: JSValue,
    then: impl FnOnce(*const c_char, usize) -> JSValue,
) -> JSValue {
    // SAFETY: the caller's context and value are alive; the text is freed after its last use.
    unsafe {
        let mut len = 0;
        let text = qjs::JS_ToCStringLen(ctx, &raw mut len, value);
        if text.is_null() {
            return qjs::JS_EXCEPTION;
        }
        let result = then(text, len as usize);
        qjs::JS_FreeCString(ctx, text);
        result
    }
}

// What follows is called by QuickJS with its live context and at least as many arguments as the function declares.

unsafe extern "C" fn print_line(
    ctx: *mut JSContext,
    _this: JSValue,
    _argc: c_int,
    args: *mut JSValue,
) -> JSValue {
    // SAFETY: see above.
    unsafe {
        with_text(ctx, *args, |text, len| {
            print(text.cast(), len);
            qjs::JS_UNDEFINED
        })
    }
}

unsafe extern "C" fn collect_garbage(
    ctx: *mut JSContext,
    _this: JSValue,
    _argc: c_int,
    _args: *mut JSValue,
) -> JSValue {
    // SAFETY: see above.
    unsafe { qjs::JS_RunGC(qjs::JS_GetRuntime(ctx)) };
    qjs::JS_UNDEFINED
}

unsafe extern "C" fn eval_script(
    ctx: *mut JSContext,
    _this: JSValue,
    _argc: c_int,
    args: *mut JSValue,
) -> JSValue {
    // SAFETY: see above; QuickJS ends its strings with a NUL.
    unsafe {
        with_text(ctx, *args, |text, len| {
            let flags = qjs::JS_EVAL_TYPE_GLOBAL as c_int;
            qjs::JS_Eval(ctx, text, len as qjs::size_t, c"evalScript".as_ptr(), flags)
        })
    }
}

unsafe extern "C" fn create_realm(
    ctx: *mut JSContext,
    _this: JSValue,
    _argc: c_int,
    _args: *mut JSValue,
) -> JSValue {
    // SAFETY: see above; the functions of the realm keep its context alive.
    unsafe {
        let realm = qjs::JS_NewContext(qjs::JS_GetRuntime(ctx));
        if realm.is_null() {
            return qjs::JS_ThrowTypeError(ctx, c"no memory for a realm".as_ptr());
        }
        let host = add_host_object(realm);
        qjs::JS_FreeContext(realm);
        host
    }
}

unsafe extern "C" fn detach_array_buffer(
    ctx: *mut JSContext,
    _this: JSValue,
    _argc: c_int,
    args: *mut JSValue,
) -> JSValue {
    // SAFETY: see above.
    unsafe { qjs::JS_DetachArrayBuffer(ctx, *args) };
    qjs::JS_UNDEFINED
}

unsafe extern "C" fn answer_null(
    _ctx: *mut JSContext,
    _this: JSValue,
    _argc: c_int,
    _args: *mut JSValue,
) -> JSValue {
    qjs::JS_NULL
}

/// A module of the runner's: JavaScript, or by its `type` attribute something that becomes the default export.
unsafe extern "C" fn load_module(
    ctx: *mut JSContext,
    name: *const c_char,
    _opaque: *mut c_void,
    attributes: JSValue,
) -> *mut JSModuleDef {
    // SAFETY: see above; `name` ends with a NUL.
    unsafe {
        let path = CStr::from_ptr(name).to_bytes();
        let Ok(len) = usize::try_from(open(path.as_ptr(), path.len())) else {
            qjs::JS_ThrowReferenceError(ctx, c"there is no module '%s'".as_ptr(), name);
            return ptr::null_mut();
        };
        let mut content = vec![0; len + 1];
        take(content.as_mut_ptr());
        let source = match type_of(ctx, attributes).as_deref() {
            None => content,
            Some(b"json") => {
                let parsed = qjs::JS_ParseJSON(ctx, content.as_ptr().cast(), len as qjs::size_t, name);
                if qjs::JS_IsException(parsed) {
                    return ptr::null_mut();
                }
                qjs::JS_FreeValue(ctx, parsed);
                with_default_export("JSON.parse(", &content[..len], ")")
            }
            Some(b"text") => with_default_export("", &content[..len], ""),
            Some(b"bytes") => {
                let bytes = format!("{:?}", &content[..len]);
                format!(
                    "export default new Uint8Array(new Uint8Array({bytes}).buffer.transferToImmutable());\0"
                )
                .into_bytes()
            }
            Some(_) => {
                qjs::JS_ThrowTypeError(ctx, c"module '%s' has an unknown type".as_ptr(), name);
                return ptr::null_mut();
            }
        };
        let flags = (qjs::JS_EVAL_TYPE_MODULE | qjs::JS_EVAL_FLAG_COMPILE_ONLY) as c_int;
        let len = (source.len() - 1) as qjs::size_t;
        let module = qjs::JS_Eval(ctx, source.as_ptr().cast(), len, name, flags);
        if qjs::JS_IsException(module) {
            return ptr::null_mut();
        }
        // The context keeps the module.
        qjs::JS_FreeValue(ctx, module);
        qjs::JS_VALUE_GET_PTR(module).cast()
    }
}

fn with_default_export(before: &str, text: &[u8], after: &str) -> Vec<u8> {
    let mut source = format!("export default {before}");
    log_entry::quote(text, &mut source);
    source.push_str(after);
    source.push_str(";\0");
    source.into_bytes()
}

/// The attribute `type` of an import, if it has one.
unsafe fn type_of(ctx: *mut JSContext, attributes: JSValue) -> Option<Vec<u8>> {
    // SAFETY: the caller's context is alive; what is created here is freed here.
    unsafe {
        if !qjs::JS_IsObject(attributes) {
            return None;
        }
        let value = qjs::JS_GetPropertyStr(ctx, attributes, c"type".as_ptr());
        let text = qjs::JS_IsString(value).then(|| {
            let text = qjs::JS_ToCString(ctx, value);
            let bytes = CStr::from_ptr(text).to_bytes().to_vec();
            qjs::JS_FreeCString(ctx, text);
            bytes
        });
        qjs::JS_FreeValue(ctx, value);
        text
    }
}
