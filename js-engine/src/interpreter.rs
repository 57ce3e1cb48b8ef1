//! The JavaScript interpreter: the only place that creates QuickJS (through javy) and decides about its stack, its
//! memory, its interruption and its modules. Everything else works with the values it hands out.

use std::cell::{Cell, RefCell};
use std::ffi::{CStr, CString, c_char, c_void};

use javy::quickjs::context::EvalOptions;
use javy::quickjs::{Ctx, Error, Function, Object, Value, qjs};

use crate::host;

/// How deep JavaScript may go, in bytes of the shadow stack (of 2 MiB, build.sh), before a RangeError is thrown. The rest
/// is for C code that does not ask, and for formatting the stack of that very RangeError. The native stack the host
/// has to provide is 3.5 times as much (quickjs.wasi.h says how C code is made to keep to that).
pub const MAX_STACK: usize = 3 << 19;
/// More of it, while a stack is formatted.
pub const STACK_RESERVE: usize = 256 << 10;

/// Heap size at which garbage (cycles; everything else is freed at once) is first looked for. Far above what ordinary
/// invocations reach: a collection walks the whole heap and would dirty all of it.
const GC_THRESHOLD: usize = 64 << 20;

thread_local! {
    static IS_INTERRUPTED: Cell<bool> = const { Cell::new(false) };
    static INTERRUPTED_STACK: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// QuickJS with the configuration lambdas get.
pub struct Interpreter(javy::Runtime);

impl Interpreter {
    /// Creates the interpreter with all of the language, and nothing of the outside world.
    pub fn new() -> Self {
        let mut config = javy::Config::default();
        config.weak_ref(true).max_stack_size(MAX_STACK).gc_threshold(GC_THRESHOLD);
        let runtime = javy::Runtime::new(config).expect("creating the interpreter");
        runtime.context().runtime().set_interrupt_handler(Some(Box::new(poll_interrupt)));
        let interpreter = Self(runtime);
        interpreter.with(|ctx| {
            let raw = ctx.as_raw().as_ptr();
            // SAFETY: `raw` is the live context of `ctx`, which the interpreter keeps; the calls add globals to it and
            // functions to its runtime.
            unsafe {
                qjs::JS_AddIntrinsicDOMException(raw);
                qjs::JS_AddIntrinsicAToB(raw);
                qjs::JS_SetModuleLoaderFunc(
                    qjs::JS_GetRuntime(raw),
                    None,
                    Some(refuse_import),
                    std::ptr::null_mut(),
                );
                // Without these a SharedArrayBuffer cannot grow. It never leaves the one interpreter, so it needs no
                // count of its users.
                let shared = qjs::JSSharedArrayBufferFunctions {
                    sab_alloc: Some(allocate_shared),
                    sab_free: Some(free_shared),
                    sab_dup: None,
                    sab_opaque: raw.cast(),
                };
                qjs::JS_SetSharedArrayBufferFunctions(qjs::JS_GetRuntime(raw), &raw const shared);
            }
        });
        interpreter
    }

    /// Gives access to the JavaScript world. Must not be nested.
    pub fn with<R>(&self, f: impl FnOnce(Ctx<'_>) -> R) -> R {
        self.0.context().with(f)
    }

    /// Has `tracker(ctx, promise, reason, is_handled)` told about promises that are rejected without a handler, and
    /// about those that get one later.
    pub fn track_rejections(&self, tracker: impl for<'a> Fn(Ctx<'a>, Value<'a>, Value<'a>, bool) + 'static) {
        self.0.context().runtime().set_host_promise_rejection_tracker(Some(Box::new(tracker)));
    }

    /// Frees all garbage. Not from within [`Self::with`].
    pub fn collect_garbage(&self) {
        self.0.context().runtime().run_gc();
    }
}

/// Compiles and runs a script, sloppy unless it says otherwise.
pub fn evaluate<'js>(ctx: &Ctx<'js>, source: &str, name: &str) -> Result<Value<'js>, Error> {
    let mut options = EvalOptions::default();
    options.strict = false;
    options.filename = Some(name.to_owned());
    ctx.eval_with_options(source, options)
}

/// Checks that `source` is a script of its own, without running it; the exception is left in `ctx`.
pub fn check_syntax(ctx: &Ctx<'_>, source: &CStr, name: &CStr) -> Result<(), Error> {
    let flags = qjs::JS_EVAL_TYPE_GLOBAL | qjs::JS_EVAL_FLAG_COMPILE_ONLY;
    // SAFETY: both strings are NUL-terminated and outlive the call; the result is owned by the `Value`.
    let compiled = unsafe {
        let value = qjs::JS_Eval(
            ctx.as_raw().as_ptr(),
            source.as_ptr(),
            source.to_bytes().len() as qjs::size_t,
            name.as_ptr(),
            flags as i32,
        );
        Value::from_raw(ctx.clone(), value)
    };
    if compiled.is_exception() { Err(Error::Exception) } else { Ok(()) }
}

/// Compiles and runs a script of the engine's own without keeping its text: functions of it show no source, and the heap
/// is a third smaller.
pub fn evaluate_stripped<'js>(ctx: &Ctx<'js>, source: &CStr, name: &CStr) -> Result<Value<'js>, Error> {
    let raw = ctx.as_raw().as_ptr();
    let flags = (qjs::JS_EVAL_TYPE_GLOBAL | qjs::JS_EVAL_FLAG_COMPILE_ONLY) as i32;
    // SAFETY: both strings are NUL-terminated and outlive the calls; the code that is read was written a moment before
    // by the same interpreter; each value is owned by a `Value` or taken over by the next call.
    let value = unsafe {
        let len = source.to_bytes().len() as qjs::size_t;
        let compiled = qjs::JS_Eval(raw, source.as_ptr(), len, name.as_ptr(), flags);
        let compiled = Value::from_raw(ctx.clone(), compiled);
        if compiled.is_exception() {
            return Err(Error::Exception);
        }
        let mut size = 0;
        let write = (qjs::JS_WRITE_OBJ_BYTECODE | qjs::JS_WRITE_OBJ_STRIP_SOURCE) as i32;
        let code = qjs::JS_WriteObject(raw, &raw mut size, compiled.as_raw(), write);
        drop(compiled);
        if code.is_null() {
            return Err(Error::Exception);
        }
        let function = qjs::JS_ReadObject(raw, code, size, qjs::JS_READ_OBJ_BYTECODE as i32);
        qjs::js_free(raw, code.cast());
        if qjs::JS_IsException(function) {
            return Err(Error::Exception);
        }
        Value::from_raw(ctx.clone(), qjs::JS_EvalFunction(raw, function))
    };
    if value.is_exception() { Err(Error::Exception) } else { Ok(value) }
}

/// Lets QuickJS format stacks with `format(error, callSites)`.
///
/// Called without a stack check, so that the stack of a RangeError at the end of the stack can be formatted too.
pub fn format_stacks_with<'js>(ctx: &Ctx<'js>, format: Function<'js>) -> Result<(), Error> {
    let hook = move |ctx: Ctx<'js>, error: Value<'js>, sites: Value<'js>| -> Result<Value<'js>, Error> {
        limit_stack(&ctx, MAX_STACK + STACK_RESERVE);
        let stack = format.call::<_, Value<'js>>((error, sites));
        limit_stack(&ctx, MAX_STACK);
        let stack = stack?;
        if IS_INTERRUPTED.get()
            && let Some(text) = stack.as_string()
        {
            let text = text.to_string().unwrap_or_default();
            INTERRUPTED_STACK.with_borrow_mut(|saved| saved.get_or_insert(text).len());
        }
        Ok(stack)
    };
    let error: Object<'js> = ctx.globals().get("Error")?;
    error.set("prepareStackTrace", Function::new(ctx.clone(), hook)?)
}

/// The version of QuickJS.
pub fn version() -> String {
    // SAFETY: the function returns a C string that lives for ever.
    unsafe { CStr::from_ptr(qjs::JS_GetVersion()) }.to_string_lossy().into_owned()
}

/// Whether promise jobs wait in the queue.
pub fn has_jobs(ctx: &Ctx<'_>) -> bool {
    // SAFETY: asks a live context for its runtime, and that for the length of a list.
    unsafe { qjs::JS_IsJobPending(qjs::JS_GetRuntime(ctx.as_raw().as_ptr())) }
}

/// Bytes of linear memory, and bytes of it that JavaScript values use. Walks the heap.
pub fn memory(ctx: &Ctx<'_>) -> (f64, f64) {
    let mut usage = std::mem::MaybeUninit::<qjs::JSMemoryUsage>::uninit();
    // SAFETY: the runtime is the live one of `ctx`; the call fills in all of `usage`.
    let usage = unsafe {
        qjs::JS_ComputeMemoryUsage(qjs::JS_GetRuntime(ctx.as_raw().as_ptr()), usage.as_mut_ptr());
        usage.assume_init()
    };
    (core::arch::wasm32::memory_size::<0>() as f64 * 65536.0, usage.memory_used_size as f64)
}

fn limit_stack(ctx: &Ctx<'_>, bytes: usize) {
    // SAFETY: the runtime is the live one of `ctx`; the call only stores the limit.
    unsafe { qjs::JS_SetMaxStackSize(qjs::JS_GetRuntime(ctx.as_raw().as_ptr()), bytes as qjs::size_t) }
}

/// Asked by QuickJS every few thousand branches and calls. Once the answer was yes it stays yes.
fn poll_interrupt() -> bool {
    if !IS_INTERRUPTED.get() && host::interrupted() {
        IS_INTERRUPTED.set(true);
    }
    IS_INTERRUPTED.get()
}

/// Whether the host ended the run; nothing may be run afterwards.
pub fn is_interrupted() -> bool {
    IS_INTERRUPTED.get()
}

/// The JS stack at the moment of the interruption, one frame a line.
pub fn interrupted_stack() -> String {
    let stack = INTERRUPTED_STACK.take().unwrap_or_default();
    // The headline is QuickJS' "InternalError: interrupted".
    stack.split_once('\n').map_or(String::new(), |(_, frames)| frames.to_owned())
}

/// The memory of a SharedArrayBuffer; when there is none, an exception waits in the context, which `ctx` is.
unsafe extern "C" fn allocate_shared(ctx: *mut c_void, size: qjs::size_t) -> *mut c_void {
    // SAFETY: QuickJS passes what it was given, a context that lives as long as the interpreter.
    unsafe { qjs::js_malloc(ctx.cast(), size) }
}

unsafe extern "C" fn free_shared(ctx: *mut c_void, memory: *mut c_void) {
    // SAFETY: as above; the memory is of `allocate_shared`.
    unsafe { qjs::js_free(ctx.cast(), memory) }
}

/// `import()` and `import` statements in evaluated code: there is nothing to import.
unsafe extern "C" fn refuse_import(
    ctx: *mut qjs::JSContext,
    name: *const c_char,
    _opaque: *mut c_void,
) -> *mut qjs::JSModuleDef {
    // SAFETY: QuickJS calls this with its context and a NUL-terminated name; the format has one `%s`.
    unsafe {
        qjs::JS_ThrowReferenceError(
            ctx,
            c"import('%s') is not available in a lambda: use require(), or bundle the module into the lambda's source"
                .as_ptr(),
            name,
        );
    }
    std::ptr::null_mut()
}

/// The C string of `text`; a NUL in it is an error with its position.
pub fn c_string(text: &[u8]) -> Result<CString, usize> {
    CString::new(text).map_err(|error| error.nul_position())
}
