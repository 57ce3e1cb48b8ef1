//! Node's `util._extend`, which its `http` calls several times a request on objects with dozens of properties: names that
//! never become strings and back halve its cost.

use javy::quickjs::{Ctx, Error, Function, Object, Value, qjs};

/// Defines `extend(target, source)`.
pub fn define<'js>(ctx: &Ctx<'js>, node: &Object<'js>) -> Result<(), Error> {
    node.set("extend", Function::new(ctx.clone(), extend)?.with_name("_extend")?)
}

/// Copies the own enumerable properties that are named by strings, the last first, as Node does.
fn extend<'js>(ctx: Ctx<'js>, target: Value<'js>, source: Value<'js>) -> Result<Value<'js>, Error> {
    if !source.is_object() || source.is_function() {
        return Ok(target);
    }
    let raw = ctx.as_raw().as_ptr();
    let mut names = std::ptr::null_mut();
    let mut count = 0;
    let which = (qjs::JS_GPN_STRING_MASK | qjs::JS_GPN_ENUM_ONLY) as i32;
    // SAFETY: all values are of the live context `raw` and outlive the calls; the names are those that the first call made,
    // and are freed once, whatever happens. The value that is read is taken over by the call that writes it.
    let is_done = unsafe {
        if qjs::JS_GetOwnPropertyNames(raw, &raw mut names, &raw mut count, source.as_raw(), which) < 0 {
            return Err(Error::Exception);
        }
        let mut is_done = true;
        for at in (0..count as usize).rev() {
            let name = (*names.add(at)).atom;
            let value = qjs::JS_GetProperty(raw, source.as_raw(), name);
            if qjs::JS_IsException(value) || qjs::JS_SetProperty(raw, target.as_raw(), name, value) < 0 {
                is_done = false;
                break;
            }
        }
        qjs::JS_FreePropertyEnum(raw, names, count);
        is_done
    };
    if is_done { Ok(target) } else { Err(Error::Exception) }
}
