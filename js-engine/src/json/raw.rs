//! The calls of QuickJS' C interface that JSON needs, with what they own and free.
//!
//! A [`Raw`] does not count its references: functions say who owns what. Every one given to a method must be alive.

use std::ffi::c_int;

use javy::quickjs::{Ctx, qjs};

pub type Raw = qjs::JSValue;
pub type Key = qjs::JSAtom;

/// Why the fast way ended early.
pub enum Stop {
    /// QuickJS is to do it, from the start.
    Unusual,
    /// There is an exception.
    Thrown,
}

/// The interpreter.
#[derive(Clone, Copy)]
pub struct Js(*mut qjs::JSContext);

impl Js {
    pub fn of(ctx: &Ctx<'_>) -> Self {
        Self(ctx.as_raw().as_ptr())
    }

    /// # Safety
    /// The context is alive for as long as this is used.
    pub unsafe fn from_raw(raw: *mut qjs::JSContext) -> Self {
        Self(raw)
    }

    pub fn context(self) -> *mut qjs::JSContext {
        self.0
    }

    pub fn has_exception(self) -> bool {
        // SAFETY: the context is alive.
        unsafe { qjs::JS_HasException(self.0) }
    }

    fn checked(value: Raw) -> Result<Raw, Stop> {
        // SAFETY: the call only looks at the bits.
        if unsafe { qjs::JS_IsException(value) } { Err(Stop::Thrown) } else { Ok(value) }
    }

    /// A new `{}`; the caller's.
    pub fn object(self) -> Result<Raw, Stop> {
        // SAFETY: the context is alive.
        Self::checked(unsafe { qjs::JS_NewObject(self.0) })
    }

    /// A new array, the caller's. The elements are taken over, whatever happens.
    pub fn array(self, elements: &[Raw]) -> Result<Raw, Stop> {
        // SAFETY: the context is alive; the call reads that many values and takes them over.
        Self::checked(unsafe { qjs::JS_NewArrayFrom(self.0, elements.len() as c_int, elements.as_ptr()) })
    }

    /// A new string of valid UTF-8; the caller's.
    pub fn string(self, utf8: &[u8]) -> Result<Raw, Stop> {
        // SAFETY: the context is alive; the call copies that many bytes.
        Self::checked(unsafe {
            qjs::JS_NewStringLen(self.0, utf8.as_ptr().cast(), utf8.len() as qjs::size_t)
        })
    }

    /// A new string of UTF-16; the caller's.
    pub fn string_of_units(self, units: &[u16]) -> Result<Raw, Stop> {
        // SAFETY: the context is alive; the call copies that many units.
        Self::checked(unsafe { qjs::JS_NewStringUTF16(self.0, units.as_ptr(), units.len() as qjs::size_t) })
    }

    /// The key that ASCII text is; the caller's.
    pub fn key(self, ascii: &[u8]) -> Result<Key, Stop> {
        // SAFETY: the context is alive; the call reads that many bytes. (It mistakes UTF-8 for Latin-1.)
        let key = unsafe { qjs::JS_NewAtomLen(self.0, ascii.as_ptr().cast(), ascii.len() as qjs::size_t) };
        if key == 0 { Err(Stop::Thrown) } else { Ok(key) }
    }

    /// The key that a string is, which is freed; the caller's.
    pub fn key_of(self, string: Raw) -> Result<Key, Stop> {
        // SAFETY: the context is alive; the call takes nothing over.
        let key = unsafe { qjs::JS_ValueToAtom(self.0, string) };
        self.free(string);
        if key == 0 { Err(Stop::Thrown) } else { Ok(key) }
    }

    pub fn share_key(self, key: Key) -> Key {
        // SAFETY: context and key are alive.
        unsafe { qjs::JS_DupAtom(self.0, key) }
    }

    pub fn free_key(self, key: Key) {
        // SAFETY: the context is alive; the key belongs to the caller.
        unsafe { qjs::JS_FreeAtom(self.0, key) }
    }

    pub fn share(self, value: Raw) -> Raw {
        // SAFETY: context and value are alive.
        unsafe { qjs::JS_DupValue(self.0, value) }
    }

    pub fn free(self, value: Raw) {
        // SAFETY: the context is alive; the value belongs to the caller.
        unsafe { qjs::JS_FreeValue(self.0, value) }
    }

    /// Gives an ordinary object a property, or an existing one a new value; the value is taken over.
    pub fn define(self, object: Raw, key: Key, value: Raw) -> Result<(), Stop> {
        // SAFETY: context, object and key are alive; the value belongs to the caller.
        let defined =
            unsafe { qjs::JS_DefinePropertyValue(self.0, object, key, value, qjs::JS_PROP_C_W_E as c_int) };
        if defined < 0 { Err(Stop::Thrown) } else { Ok(()) }
    }

    /// The prototype of an object that is no Proxy, or null; the caller's.
    pub fn prototype(self, object: Raw) -> Result<Raw, Stop> {
        // SAFETY: context and object are alive.
        Self::checked(unsafe { qjs::JS_GetPrototype(self.0, object) })
    }

    /// Whether an object that is no Proxy has the property itself.
    pub fn has_own(self, object: Raw, key: Key) -> Result<bool, Stop> {
        // SAFETY: context and object are alive; without a descriptor to fill in, the call only looks.
        match unsafe { qjs::JS_GetOwnProperty(self.0, std::ptr::null_mut(), object, key) } {
            ..0 => Err(Stop::Thrown),
            found => Ok(found > 0),
        }
    }

    /// The value of a data property of an object that is no Proxy; the caller's. A getter is [`Stop::Unusual`], and so
    /// is no property.
    pub fn own_value(self, object: Raw, key: Key) -> Result<Raw, Stop> {
        let mut property = std::mem::MaybeUninit::<qjs::JSPropertyDescriptor>::uninit();
        // SAFETY: context and object are alive; the descriptor is filled in when the property exists.
        let property = unsafe {
            match qjs::JS_GetOwnProperty(self.0, property.as_mut_ptr(), object, key) {
                ..0 => return Err(Stop::Thrown),
                0 => return Err(Stop::Unusual),
                _ => property.assume_init(),
            }
        };
        if property.flags & qjs::JS_PROP_GETSET as c_int != 0 {
            self.free(property.getter);
            self.free(property.setter);
            return Err(Stop::Unusual);
        }
        Self::checked(property.value)
    }

    pub fn length(self, array: Raw) -> Result<u32, Stop> {
        let mut length = 0;
        // SAFETY: context and array are alive; an array's length is a data property.
        if unsafe { qjs::JS_GetLength(self.0, array, &mut length) } < 0 {
            return Err(Stop::Thrown);
        }
        u32::try_from(length).map_err(|_| Stop::Unusual)
    }

    /// The key of an array's element.
    pub fn index(self, index: u32) -> Result<Key, Stop> {
        // SAFETY: the context is alive.
        let key = unsafe { qjs::JS_NewAtomUInt32(self.0, index) };
        if key == 0 { Err(Stop::Thrown) } else { Ok(key) }
    }

    /// The enumerable keys of an object that is no Proxy, symbols left out.
    pub fn keys(self, object: Raw) -> Result<Keys, Stop> {
        let mut keys = Keys { js: self, list: std::ptr::null_mut(), len: 0 };
        let flags = (qjs::JS_GPN_STRING_MASK | qjs::JS_GPN_ENUM_ONLY) as c_int;
        // SAFETY: context and object are alive; the call fills in a list that `keys` owns from then on.
        match unsafe { qjs::JS_GetOwnPropertyNames(self.0, &mut keys.list, &mut keys.len, object, flags) } {
            ..0 => Err(Stop::Thrown),
            _ => Ok(keys),
        }
    }

    /// Gives `read` a string's UTF-8, in which lone surrogates are encoded like other characters.
    pub fn with_utf8<R>(self, string: Raw, read: impl FnOnce(&[u8]) -> R) -> Result<R, Stop> {
        let mut len: qjs::size_t = 0;
        // SAFETY: context and string are alive.
        let text = unsafe { qjs::JS_ToCStringLen2(self.0, &mut len, string, false) };
        self.with_c_string(text, len, read)
    }

    /// Gives `read` a key's UTF-8, in which lone surrogates are encoded like other characters.
    pub fn with_utf8_of_key<R>(self, key: Key, read: impl FnOnce(&[u8]) -> R) -> Result<R, Stop> {
        let mut len: qjs::size_t = 0;
        // SAFETY: context and key are alive.
        let text = unsafe { qjs::JS_AtomToCStringLen(self.0, &mut len, key) };
        self.with_c_string(text, len, read)
    }

    fn with_c_string<R>(
        self,
        text: *const std::ffi::c_char,
        len: qjs::size_t,
        read: impl FnOnce(&[u8]) -> R,
    ) -> Result<R, Stop> {
        if text.is_null() {
            return Err(Stop::Thrown);
        }
        // SAFETY: QuickJS just gave us that many bytes, which stay until they are freed, here.
        unsafe {
            let result = read(std::slice::from_raw_parts(text.cast(), len as usize));
            qjs::JS_FreeCString(self.0, text);
            Ok(result)
        }
    }
}

/// The keys of an object.
pub struct Keys {
    js: Js,
    list: *mut qjs::JSPropertyEnum,
    len: u32,
}

impl Keys {
    pub fn get(&self, at: usize) -> Option<Key> {
        if at >= self.len as usize {
            return None;
        }
        // SAFETY: the list has that many entries.
        Some(unsafe { (*self.list.add(at)).atom })
    }
}

impl Drop for Keys {
    fn drop(&mut self) {
        // SAFETY: the list came from the same context, which is alive, and belongs to this.
        unsafe { qjs::JS_FreePropertyEnum(self.js.0, self.list, self.len) }
    }
}

/// Makes room for one more; refuses instead of aborting when the memory is exhausted, so that QuickJS may throw.
#[inline]
pub fn reserve<T>(list: &mut Vec<T>, additional: usize) -> Result<(), Stop> {
    if list.capacity() - list.len() >= additional { Ok(()) } else { grow(list, additional) }
}

#[cold]
fn grow<T>(list: &mut Vec<T>, additional: usize) -> Result<(), Stop> {
    list.try_reserve(additional).map_err(|_| Stop::Unusual)
}
