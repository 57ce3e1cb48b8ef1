//! Values to JSON text, without recursion, and without running any code of a lambda.

use javy::quickjs::qjs;

use super::raw::{Js, Key, Keys, Raw, Stop, reserve};
use super::{number, text};

/// Deeper values are left to QuickJS, and with them all cycles.
const MAX_DEPTH: usize = 1000;
/// Recent keys whose text is remembered.
const RECENT: usize = 32;
const TO_JSON: Key = qjs::JS_ATOM_toJSON as Key;

/// What ordinary objects and arrays are recognised by. The prototypes live as long as the interpreter.
pub struct Realm {
    object_class: qjs::JSClassID,
    object_prototype: Raw,
    array_prototype: Raw,
}

impl Realm {
    pub fn of(js: Js) -> Result<Self, Stop> {
        let (object, array) = (js.object()?, js.array(&[])?);
        let realm = Self {
            object_class: class_of(object),
            object_prototype: js.prototype(object)?,
            array_prototype: js.prototype(array)?,
        };
        js.free(object);
        js.free(array);
        Ok(realm)
    }

    /// Has a lambda changed what all objects have in common?
    fn is_pristine(&self, js: Js) -> Result<bool, Stop> {
        Ok(!js.has_own(self.object_prototype, TO_JSON)?
            && !js.has_own(self.array_prototype, TO_JSON)?
            && is_next(js, self.array_prototype, self.object_prototype)?)
    }
}

/// The JSON of `value`, if it is ordinary throughout; nothing for what JSON leaves out.
pub fn write(js: Js, realm: &Realm, value: Raw) -> Result<Option<Vec<u8>>, Stop> {
    let mut out = Vec::new();
    reserve(&mut out, 128)?;
    let mut writer =
        Writer { js, realm, out, open: Vec::new(), names: Vec::new(), recent: [Recent::default(); RECENT] };
    // SAFETY: the call only looks at the bits.
    if unsafe { qjs::JS_IsObject(value) } {
        if !realm.is_pristine(js)? {
            return Err(Stop::Unusual);
        }
        writer.begin(js.share(value))?;
        writer.rest()?;
    } else if !writer.primitive(value)? {
        return Ok(None);
    }
    Ok(Some(std::mem::take(&mut writer.out)))
}

struct Writer<'a> {
    js: Js,
    realm: &'a Realm,
    out: Vec<u8>,
    /// The objects and arrays being written, outermost first.
    open: Vec<Open>,
    /// The text of recent keys: in quotes, with the colon.
    names: Vec<u8>,
    recent: [Recent; RECENT],
}

/// All of it is owned by the writer.
enum Open {
    Array { array: Raw, len: u32, next: u32 },
    Object { object: Raw, keys: Keys, next: usize, is_empty: bool },
}

/// The keys are alive while the objects are, and those cannot change.
#[derive(Clone, Copy, Default)]
struct Recent {
    key: Key,
    start: usize,
    end: usize,
}

impl Writer<'_> {
    /// Everything that is left to write.
    fn rest(&mut self) -> Result<(), Stop> {
        while let Some(open) = self.open.last_mut() {
            reserve(&mut self.out, number::MAX_LEN)?;
            match open {
                Open::Array { array, len, next } => {
                    if *next == *len {
                        self.out.push(b']');
                        self.close();
                        continue;
                    }
                    if *next > 0 {
                        self.out.push(b',');
                    }
                    let (array, at) = (*array, *next);
                    *next += 1;
                    let value = self.js.own_value(array, self.js.index(at)?)?;
                    if !self.any(value)? {
                        self.out.extend_from_slice(b"null");
                    }
                }
                Open::Object { object, keys, next, is_empty } => {
                    let Some(key) = keys.get(*next) else {
                        self.out.push(b'}');
                        self.close();
                        continue;
                    };
                    *next += 1;
                    let value = self.js.own_value(*object, key)?;
                    if is_left_out(value) {
                        self.js.free(value);
                        continue;
                    }
                    if !std::mem::take(is_empty) {
                        self.out.push(b',');
                    }
                    if let Err(stop) = self.name(key) {
                        self.js.free(value);
                        return Err(stop);
                    }
                    self.any(value)?;
                }
            }
        }
        Ok(())
    }

    fn close(&mut self) {
        match self.open.pop() {
            Some(Open::Array { array, .. }) => self.js.free(array),
            Some(Open::Object { object, .. }) => self.js.free(object),
            None => {}
        }
    }

    /// Writes a value, or the beginning of it; it is taken over. False if JSON leaves such values out.
    fn any(&mut self, value: Raw) -> Result<bool, Stop> {
        // SAFETY: the call only looks at the bits.
        if unsafe { qjs::JS_IsObject(value) } {
            self.begin(value)?;
            return Ok(true);
        }
        let written = self.primitive(value);
        self.js.free(value);
        written
    }

    /// Writes a value that is no object. False if JSON leaves such values out.
    fn primitive(&mut self, value: Raw) -> Result<bool, Stop> {
        reserve(&mut self.out, number::MAX_LEN)?;
        // SAFETY: the calls only look at the bits, and at those of the kind they were asked about.
        let (tag, int, float) = unsafe {
            let tag = qjs::JS_VALUE_GET_NORM_TAG(value);
            (tag, qjs::JS_VALUE_GET_INT(value), qjs::JS_VALUE_GET_FLOAT64(value))
        };
        match tag {
            qjs::JS_TAG_STRING | qjs::JS_TAG_STRING_ROPE => {
                let out = &mut self.out;
                self.js.with_utf8(value, |bytes| quote(bytes, out))??;
            }
            qjs::JS_TAG_INT => number::write_int(i64::from(int), &mut self.out),
            qjs::JS_TAG_FLOAT64 => {
                let out = &mut self.out;
                if !number::write_float(float, out) {
                    self.js.with_utf8(value, |digits| {
                        reserve(out, digits.len())?;
                        out.extend_from_slice(digits);
                        Ok(())
                    })??;
                }
            }
            qjs::JS_TAG_BOOL => self.out.extend_from_slice(if int != 0 { b"true" } else { b"false" }),
            qjs::JS_TAG_NULL => self.out.extend_from_slice(b"null"),
            qjs::JS_TAG_UNDEFINED | qjs::JS_TAG_SYMBOL => return Ok(false),
            _ => return Err(Stop::Unusual),
        }
        Ok(true)
    }

    /// Begins an array or object, which is taken over, if it is ordinary.
    fn begin(&mut self, value: Raw) -> Result<(), Stop> {
        match self.open_up(value) {
            Ok(open) => {
                self.out.push(if matches!(open, Open::Array { .. }) { b'[' } else { b'{' });
                self.open.push(open);
                Ok(())
            }
            Err(stop) => {
                self.js.free(value);
                Err(stop)
            }
        }
    }

    /// There is room for it afterwards.
    fn open_up(&mut self, value: Raw) -> Result<Open, Stop> {
        let (js, realm) = (self.js, self.realm);
        reserve(&mut self.open, 1)?;
        reserve(&mut self.out, number::MAX_LEN)?;
        if self.open.len() >= MAX_DEPTH {
            return Err(Stop::Unusual);
        }
        // SAFETY: the value is alive; the calls only look at its class.
        let (is_array, is_object) =
            unsafe { (qjs::JS_IsArray(value), qjs::JS_GetClassID(value) == realm.object_class) };
        if is_array {
            if !is_next(js, value, realm.array_prototype)? || js.has_own(value, TO_JSON)? {
                return Err(Stop::Unusual);
            }
            return Ok(Open::Array { array: value, len: js.length(value)?, next: 0 });
        }
        if !is_object || js.has_own(value, TO_JSON)? {
            return Err(Stop::Unusual);
        }
        if !is_next(js, value, realm.object_prototype)? {
            self.check_prototypes(value)?;
        }
        Ok(Open::Object { object: value, keys: js.keys(value)?, next: 0, is_empty: true })
    }

    /// Instances of classes are ordinary, if there is no `toJSON` in any of them.
    fn check_prototypes(&self, object: Raw) -> Result<(), Stop> {
        let js = self.js;
        let mut prototype = js.prototype(object)?;
        // SAFETY: the call only looks at the bits.
        while !unsafe { qjs::JS_IsNull(prototype) } && prototype != self.realm.object_prototype {
            // SAFETY: the prototype is alive; the call only looks at its class.
            let is_ordinary = unsafe { qjs::JS_GetClassID(prototype) } == self.realm.object_class
                && !js.has_own(prototype, TO_JSON).inspect_err(|_| js.free(prototype))?;
            let next = js.prototype(prototype);
            js.free(prototype);
            prototype = next?;
            if !is_ordinary {
                js.free(prototype);
                return Err(Stop::Unusual);
            }
        }
        js.free(prototype);
        Ok(())
    }

    /// A key with its colon.
    fn name(&mut self, key: Key) -> Result<(), Stop> {
        let recent = self.recent[key as usize % RECENT];
        if recent.key == key {
            let text = &self.names[recent.start..recent.end];
            reserve(&mut self.out, text.len())?;
            self.out.extend_from_slice(text);
            return Ok(());
        }
        let start = self.out.len();
        let out = &mut self.out;
        self.js.with_utf8_of_key(key, |bytes| quote(bytes, out))??;
        reserve(&mut self.out, 1)?;
        self.out.push(b':');
        let text = &self.out[start..];
        if text.len() <= 64 && self.names.len() < 1 << 14 {
            reserve(&mut self.names, text.len())?;
            let recent = Recent { key, start: self.names.len(), end: self.names.len() + text.len() };
            self.names.extend_from_slice(text);
            self.recent[key as usize % RECENT] = recent;
        }
        Ok(())
    }
}

impl Drop for Writer<'_> {
    fn drop(&mut self) {
        while !self.open.is_empty() {
            self.close();
        }
    }
}

/// Is `prototype` the prototype of `object`?
fn is_next(js: Js, object: Raw, prototype: Raw) -> Result<bool, Stop> {
    let next = js.prototype(object)?;
    js.free(next);
    Ok(next == prototype)
}

fn class_of(object: Raw) -> qjs::JSClassID {
    // SAFETY: the object is alive; the call only looks at its class.
    unsafe { qjs::JS_GetClassID(object) }
}

/// Does JSON leave such a value out?
fn is_left_out(value: Raw) -> bool {
    // SAFETY: the calls only look at the bits.
    unsafe { qjs::JS_IsUndefined(value) || qjs::JS_IsSymbol(value) }
}

/// Appends a string in quotes. Lone surrogates, encoded like other characters, become escapes.
fn quote(bytes: &[u8], out: &mut Vec<u8>) -> Result<(), Stop> {
    reserve(out, bytes.len() + 2)?;
    out.push(b'"');
    let mut at = 0;
    loop {
        let (end, _) = text::ordinary::<true>(bytes, at);
        reserve(out, end - at + 8)?;
        out.extend_from_slice(&bytes[at..end]);
        let Some(&byte) = bytes.get(end) else { break };
        at = end + 1;
        match byte {
            b'"' | b'\\' => out.extend_from_slice(&[b'\\', byte]),
            8 => out.extend_from_slice(b"\\b"),
            9 => out.extend_from_slice(b"\\t"),
            10 => out.extend_from_slice(b"\\n"),
            12 => out.extend_from_slice(b"\\f"),
            13 => out.extend_from_slice(b"\\r"),
            0xed if bytes.get(at).is_some_and(|&next| next >= 0xa0) => {
                let low = |at: usize| u32::from(bytes.get(at).copied().unwrap_or_default() & 0x3f);
                escape(0xd000 | low(at) << 6 | low(at + 1), out);
                at += 2;
            }
            0xed => out.push(byte),
            _ => escape(u32::from(byte), out),
        }
    }
    out.push(b'"');
    Ok(())
}

/// `\uXXXX`. There is room.
fn escape(unit: u32, out: &mut Vec<u8>) {
    out.extend_from_slice(b"\\u");
    out.extend([12, 8, 4, 0].map(|shift| b"0123456789abcdef"[(unit >> shift & 15) as usize]));
}
