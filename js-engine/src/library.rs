//! Node's library and the packages, as node/pack.mjs packed them: named files, each a function. They are compiled when
//! the base image is made, and evaluated as js/core.js and js/require.js ask for them.

use std::ffi::CStr;

use javy::quickjs::{Ctx, Error, Object};

use crate::{freeze, interpreter};

/// One file after the other: its name, what stacks call it, its source; each ends in a NUL.
static PACK: &[u8] = include_bytes!(env!("LAMBKIN_LIBRARY"));

/// An object without prototype: name -> function.
pub fn load<'js>(ctx: &Ctx<'js>) -> Result<Object<'js>, Error> {
    let library = Object::new_proto(ctx.clone(), None)?;
    let mut rest = PACK;
    while !rest.is_empty() {
        let name = take(&mut rest)?;
        let file = take(&mut rest)?;
        let source = take(&mut rest)?;
        let function = interpreter::evaluate_stripped(ctx, source, file)?;
        library.set(name.to_string_lossy().as_ref(), freeze::as_function(&function)?)?;
    }
    Ok(library)
}

fn take<'a>(rest: &mut &'a [u8]) -> Result<&'a CStr, Error> {
    let text = CStr::from_bytes_until_nul(rest).map_err(|_| Error::Unknown)?;
    *rest = &rest[text.to_bytes_with_nul().len()..];
    Ok(text)
}
