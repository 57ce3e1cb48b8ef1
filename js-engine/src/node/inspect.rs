//! What `util.inspect`, `util.types` and `util.isDeepStrictEqual` have to know of values and JavaScript cannot tell.

use javy::quickjs::{Ctx, Error, Function, Object, Value, qjs};

use crate::values;

/// Defines `classOf`, `promiseDetails` and `proxyDetails`.
pub fn define<'js>(ctx: &Ctx<'js>, node: &Object<'js>) -> Result<(), Error> {
    node.set("classOf", Function::new(ctx.clone(), |value: Value<'js>| values::class_of(&value))?)?;
    node.set("promiseDetails", Function::new(ctx.clone(), promise_details)?)?;
    node.set("proxyDetails", Function::new(ctx.clone(), proxy_details)?)
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
