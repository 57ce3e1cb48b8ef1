//! What Node 10's own library (node/) asks of native code, in one object that only that library is given.

mod brotli;
mod buffer;
mod codec;
mod crypto;
mod decoder;
mod deflate;
mod extend;
mod inspect;
mod url;
mod zlib;

use javy::quickjs::{Ctx, Error, Exception, Object};

/// Creates the object.
pub fn create<'js>(ctx: &Ctx<'js>) -> Result<Object<'js>, Error> {
    let node = Object::new_proto(ctx.clone(), None)?;
    buffer::define(ctx, &node)?;
    crypto::define(ctx, &node)?;
    decoder::define(ctx, &node)?;
    extend::define(ctx, &node)?;
    inspect::define(ctx, &node)?;
    url::define(ctx, &node)?;
    zlib::define(ctx, &node)?;
    Ok(node)
}

/// Throws a `RangeError` with a code, as Node's native half does.
fn out_of_range(ctx: &Ctx<'_>, code: &str, message: &str) -> Error {
    with_code(ctx, code, &Exception::throw_range(ctx, message))
}

/// Throws a `TypeError` with a code.
fn wrong_type(ctx: &Ctx<'_>, message: &str) -> Error {
    with_code(ctx, "ERR_INVALID_ARG_TYPE", &Exception::throw_type(ctx, message))
}

fn with_code(ctx: &Ctx<'_>, code: &str, _thrown: &Error) -> Error {
    let error = ctx.catch();
    if let Some(object) = error.as_object() {
        // Without its code it is an error all the same.
        let _ = object.set("code", code);
    }
    ctx.throw(error)
}
