//! What `util.inspect`, `util.types` and `util.isDeepStrictEqual` have to know of values and JavaScript cannot tell.

use javy::quickjs::{Ctx, Error, Function, Object, Value, qjs};

use crate::values;

/// Defines `classOf`, `promiseDetails`, `proxyDetails`, `iteratorSource` and `alignIterator`.
pub fn define<'js>(ctx: &Ctx<'js>, node: &Object<'js>) -> Result<(), Error> {
    node.set("classOf", Function::new(ctx.clone(), |value: Value<'js>| values::class_of(&value))?)?;
    node.set("promiseDetails", Function::new(ctx.clone(), promise_details)?)?;
    node.set("proxyDetails", Function::new(ctx.clone(), proxy_details)?)?;
    node.set("iteratorSource", Function::new(ctx.clone(), iterator_source)?)?;
    node.set("alignIterator", Function::new(ctx.clone(), align_iterator)?)
}

/// What QuickJS keeps of an iterator over a map or a set; `JSMapIteratorData` of its quickjs.c. The engine's tests look
/// into iterators in every state, so a change of it there does not go unseen.
#[repr(C)]
struct IteratorState {
    collection: qjs::JSValue,
    kind: std::ffi::c_int,
    /// The record it stands on, which begins with the count of those who do; null before the first.
    record: *mut std::ffi::c_int,
}

/// The state, of an iterator over a map or a set; its class was asked before.
fn iterator_state(iterator: &Value<'_>) -> Option<std::ptr::NonNull<IteratorState>> {
    let mut class = 0;
    // SAFETY: the call reads the header of an object that is alive.
    let state = unsafe { qjs::JS_GetAnyOpaque(iterator.as_raw(), &raw mut class) };
    std::ptr::NonNull::new(state.cast())
}

/// `[collection, kind]`: kind 0 gives keys, 1 values, 2 entries. Empty once the iterator is at its end.
fn iterator_source<'js>(ctx: Ctx<'js>, iterator: Value<'js>) -> Vec<Value<'js>> {
    let Some(state) = iterator_state(&iterator) else { return Vec::new() };
    // SAFETY: the state lives as long as its iterator; the value is duplicated before it is owned.
    let (collection, kind) = unsafe {
        let state = state.as_ref();
        let raw = qjs::JS_DupValue(ctx.as_raw().as_ptr(), state.collection);
        (Value::from_raw(ctx.clone(), raw), state.kind)
    };
    if collection.is_undefined() {
        return Vec::new();
    }
    vec![collection, Value::new_int(ctx, kind)]
}

/// Puts `fresh`, which was never moved, where `iterator` over the same collection stands.
fn align_iterator<'js>(fresh: Value<'js>, iterator: Value<'js>) {
    let (Some(mut fresh), Some(state)) = (iterator_state(&fresh), iterator_state(&iterator)) else { return };
    // SAFETY: both states live as long as their iterators, and are two: one was just made. An iterator counts itself in
    // the record it stands on, which is what keeps that alive.
    unsafe {
        let record = state.as_ref().record;
        if !record.is_null() && fresh.as_ref().record.is_null() {
            *record += 1;
            fresh.as_mut().record = record;
        }
    }
}

/// `[0]` pending, `[1, value]` fulfilled, `[2, reason]` rejected.
fn promise_details<'js>(ctx: Ctx<'js>, promise: Value<'js>) -> Result<Vec<Value<'js>>, Error> {
    let number = |number| Value::new_int(ctx.clone(), number);
    // SAFETY: both calls accept any value; the result is owned by the `Value`.
    unsafe {
        let raw = ctx.as_raw().as_ptr();
        let state = match qjs::JS_PromiseState(raw, promise.as_raw()) {
            qjs::JSPromiseStateEnum_JS_PROMISE_FULFILLED => 1,
            qjs::JSPromiseStateEnum_JS_PROMISE_REJECTED => 2,
            _ => return Ok(vec![number(0)]),
        };
        Ok(vec![number(state), Value::from_raw(ctx.clone(), qjs::JS_PromiseResult(raw, promise.as_raw()))])
    }
}

/// `[target, handler]`, of a proxy; its class was asked before.
fn proxy_details<'js>(ctx: Ctx<'js>, proxy: Value<'js>) -> Vec<Value<'js>> {
    // SAFETY: both calls throw for anything that is no proxy; the results are owned by the `Value`s.
    unsafe {
        let raw = ctx.as_raw().as_ptr();
        let target = Value::from_raw(ctx.clone(), qjs::JS_GetProxyTarget(raw, proxy.as_raw()));
        let handler = Value::from_raw(ctx.clone(), qjs::JS_GetProxyHandler(raw, proxy.as_raw()));
        if target.is_exception() || handler.is_exception() {
            ctx.catch();
            return Vec::new();
        }
        vec![target, handler]
    }
}
