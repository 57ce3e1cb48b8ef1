//! Log entries: JSON-safe copies of whatever a lambda logs.
//!
//! Written straight into JSON text, in Rust, so that nothing a lambda redefines (JSON, prototypes, iterators) takes part.
//! What JSON cannot say becomes text in brackets: `[Circular]`, `[Function name]`, `[Threw: …]`. `undefined` is `null`;
//! a BigInt is `"12n"`; NaN and the infinities are their names.

use std::cell::RefCell;
use std::rc::Rc;

use javy::quickjs::function::This;
use javy::quickjs::{Atom, Coerced, Ctx, Error, Filter, FromJs, Function, Object, Persistent, Type, Value};

use crate::{interpreter, values};

/// Deeper structures are cut.
const MAX_DEPTH: usize = 8;
/// Longer entries are cut; far above what the host stores of one, low enough that a log flood stays cheap.
const MAX_BYTES: usize = 64 << 10;

/// How objects of a class are copied.
#[derive(Clone)]
enum Kind {
    /// Property by property.
    Plain,
    /// By name, message, stack and own properties.
    Error,
    /// By what a function of js/console.js makes of it: a string, or an array of its contents.
    Unfolded(Persistent<Function<'static>>),
}

thread_local! {
    /// By QuickJS' class number, with the name js/*.js has for the kind. Other classes are copied like plain objects.
    static KINDS: RefCell<Vec<(u32, Rc<str>, Kind)>> = const { RefCell::new(Vec::new()) };
}

/// Learns to copy objects of the class of `sample`.
pub fn learn<'js>(name: &str, sample: &Value<'js>, unfold: Option<Function<'js>>) {
    let kind = match unfold {
        Some(unfold) => Kind::Unfolded(Persistent::save(sample.ctx(), unfold)),
        None if name == "error" => Kind::Error,
        None => Kind::Plain,
    };
    KINDS.with_borrow_mut(|kinds| kinds.push((values::class_of(sample), name.into(), kind)));
}

/// The name of a value's kind; nothing for what was never learned.
pub fn kind_of(value: &Value<'_>) -> Option<Rc<str>> {
    let class = values::class_of(value);
    KINDS.with_borrow(|kinds| kinds.iter().find(|kind| kind.0 == class).map(|kind| kind.1.clone()))
}

/// Appends `value` to `out` as one JSON value. Fails only when the run was interrupted.
pub fn write<'js>(ctx: &Ctx<'js>, value: &Value<'js>, out: &mut String) -> Result<(), Error> {
    let end = out.len() + MAX_BYTES;
    Writer { ctx, out, end, path: Vec::new() }.value(value, true)
}

/// Appends the elements of `values` to `out` as one JSON array. Fails only when the run was interrupted.
pub fn write_all<'js>(ctx: &Ctx<'js>, values: &[Value<'js>], out: &mut String) -> Result<(), Error> {
    let end = out.len() + MAX_BYTES;
    let mut writer = Writer { ctx, out, end, path: Vec::new() };
    writer.list(values.len(), |index| Ok(values[index].clone()))
}

struct Writer<'a, 'js> {
    ctx: &'a Ctx<'js>,
    out: &'a mut String,
    /// Length of `out` at which to stop.
    end: usize,
    /// The objects being written, outermost first.
    path: Vec<Value<'js>>,
}

impl<'js> Writer<'_, 'js> {
    fn value(&mut self, value: &Value<'js>, may_convert: bool) -> Result<(), Error> {
        match value.type_of() {
            Type::Bool => self.out.push_str(if value.as_bool() == Some(true) { "true" } else { "false" }),
            Type::Int | Type::Float => self.number(value.as_number().unwrap_or_default()),
            Type::String => self.string_value(value),
            Type::BigInt => {
                let digits =
                    Coerced::<String>::from_js(self.ctx, value.clone()).map_or(String::new(), |text| text.0);
                self.text(&format!("{digits}n"));
            }
            Type::Symbol => {
                let description = value.as_symbol().and_then(|symbol| symbol.description().ok());
                let description = description.and_then(|text| text.get::<String>().ok()).unwrap_or_default();
                self.text(&format!("Symbol({description})"));
            }
            Type::Function | Type::Constructor => {
                let name = self.property(value, "name")?.and_then(|name| name.get::<String>().ok());
                let name = name.filter(|name| !name.is_empty());
                self.text(&name.map_or("[Function]".to_owned(), |name| format!("[Function {name}]")));
            }
            Type::Object | Type::Array | Type::Exception | Type::Promise | Type::Proxy => {
                return self.object(value, may_convert);
            }
            _ => self.out.push_str("null"),
        }
        Ok(())
    }

    fn object(&mut self, value: &Value<'js>, may_convert: bool) -> Result<(), Error> {
        if self.path.iter().any(|outer| outer.as_raw() == value.as_raw()) {
            self.text("[Circular]");
            return Ok(());
        }
        if self.path.len() >= MAX_DEPTH {
            self.text(if value.is_array() { "[Array]" } else { "[Object]" });
            return Ok(());
        }
        self.path.push(value.clone());
        let result = self.open_object(value, may_convert);
        self.path.pop();
        result
    }

    fn open_object(&mut self, value: &Value<'js>, may_convert: bool) -> Result<(), Error> {
        let class = values::class_of(value);
        let kind =
            KINDS.with_borrow(|kinds| kinds.iter().find(|kind| kind.0 == class).map(|kind| kind.2.clone()));
        match kind {
            Some(Kind::Error) => {
                self.properties(value, &["name", "message", "stack", "code", "cause", "errors"])
            }
            Some(Kind::Unfolded(unfold)) => {
                match unfold.restore(self.ctx)?.call::<_, Value<'js>>((value.clone(),)) {
                    Ok(plain) => self.plain(&plain),
                    Err(error) => self.threw(error),
                }
            }
            Some(Kind::Plain) | None => {
                let convert = if may_convert { self.property(value, "toJSON")? } else { None };
                let Some(convert) = convert.and_then(Value::into_function) else { return self.plain(value) };
                match convert.call::<_, Value<'js>>((This(value.clone()), "")) {
                    Ok(converted) => self.value(&converted, false),
                    Err(error) => self.threw(error),
                }
            }
        }
    }

    fn plain(&mut self, value: &Value<'js>) -> Result<(), Error> {
        match value.as_array() {
            Some(array) => self.list(array.len(), |index| array.get(index)),
            None if value.is_object() => self.properties(value, &[]),
            None => self.value(value, false),
        }
    }

    fn list(&mut self, len: usize, get: impl Fn(usize) -> Result<Value<'js>, Error>) -> Result<(), Error> {
        self.out.push('[');
        for index in 0..len {
            if index > 0 {
                self.out.push(',');
            }
            if self.out.len() >= self.end {
                self.text(&format!("[{} more]", len - index));
                break;
            }
            match get(index) {
                Ok(item) => self.value(&item, true)?,
                Err(error) => self.threw(error)?,
            }
        }
        self.out.push(']');
        Ok(())
    }

    /// The named properties (they may be inherited or hidden), then the own enumerable ones.
    fn properties(&mut self, value: &Value<'js>, named: &[&str]) -> Result<(), Error> {
        let Some(object) = value.as_object() else {
            self.out.push_str("null");
            return Ok(());
        };
        let mut is_first = true;
        self.out.push('{');
        for name in named {
            match self.property(value, name)? {
                Some(item) if !item.is_undefined() => {
                    self.key(name, &mut is_first);
                    self.value(&item, true)?;
                }
                _ => {}
            }
        }
        let keys: Vec<Atom<'js>> = object
            .own_keys(Filter::new().string().enum_only())
            .collect::<Result<_, _>>()
            .or_else(|error: Error| {
                if interpreter::is_interrupted() {
                    return Err(error);
                }
                self.ctx.catch();
                Ok(Vec::new())
            })?;
        let count = keys.len();
        for (index, key) in keys.into_iter().enumerate() {
            let name = key.to_js_string().and_then(values::text_of).unwrap_or_default();
            if named.contains(&name.as_str()) {
                continue;
            }
            if self.out.len() >= self.end {
                self.key(&format!("[{} more]", count - index), &mut is_first);
                self.out.push_str("null");
                break;
            }
            self.key(&name, &mut is_first);
            match Object::get::<_, Value<'js>>(object, key) {
                Ok(item) => self.value(&item, true)?,
                Err(error) => self.threw(error)?,
            }
        }
        self.out.push('}');
        Ok(())
    }

    fn key(&mut self, name: &str, is_first: &mut bool) {
        if !std::mem::take(is_first) {
            self.out.push(',');
        }
        self.text(name);
        self.out.push(':');
    }

    /// A property, or nothing when asking for it throws.
    fn property(&mut self, value: &Value<'js>, name: &str) -> Result<Option<Value<'js>>, Error> {
        let Some(object) = value.as_object() else { return Ok(None) };
        match object.get::<_, Value<'js>>(name) {
            Ok(item) => Ok(Some(item)),
            Err(error) if interpreter::is_interrupted() => Err(error),
            Err(_) => {
                self.ctx.catch();
                Ok(None)
            }
        }
    }

    /// In place of a value that could not be had.
    fn threw(&mut self, error: Error) -> Result<(), Error> {
        if interpreter::is_interrupted() {
            return Err(error);
        }
        let thrown = self.ctx.catch();
        let message = match self.property(&thrown, "message")? {
            Some(message) => message.get::<String>().unwrap_or_default(),
            None => thrown.get::<String>().unwrap_or_default(),
        };
        self.text(&format!("[Threw: {message}]"));
        Ok(())
    }

    fn number(&mut self, number: f64) {
        use std::fmt::Write;
        let magnitude = number.abs();
        let written = if !number.is_finite() {
            self.text(if number.is_nan() {
                "NaN"
            } else if number > 0.0 {
                "Infinity"
            } else {
                "-Infinity"
            });
            Ok(())
        } else if magnitude == 0.0 {
            self.out.write_char('0')
        } else if (1e-7..1e21).contains(&magnitude) {
            write!(self.out, "{number}")
        } else {
            write!(self.out, "{number:e}")
        };
        written.expect("writing to a string");
    }

    fn string_value(&mut self, value: &Value<'js>) {
        let Some(string) = value.as_string() else { return };
        let room = self.end.saturating_sub(self.out.len()).max(64);
        let out = &mut *self.out;
        let quoted = values::with_utf8(string.clone(), |bytes| {
            if bytes.len() <= room {
                quote(bytes, out);
            } else {
                let cut = (0..=room).rev().find(|&at| bytes[at] & 0xc0 != 0x80).unwrap_or(0);
                quote(&bytes[..cut], out);
                out.pop();
                out.push_str(&format!("… [{} bytes more]\"", bytes.len() - cut));
            }
        });
        if quoted.is_err() {
            self.out.push_str("null");
        }
    }

    fn text(&mut self, text: &str) {
        quote(text.as_bytes(), self.out);
    }
}

/// Appends `bytes` (UTF-8; lone surrogates, encoded like other characters, are replaced) as a JSON string.
pub fn quote(bytes: &[u8], out: &mut String) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    out.push('"');
    for chunk in bytes.utf8_chunks() {
        let valid = chunk.valid();
        let mut start = 0;
        for (at, byte) in valid.bytes().enumerate() {
            let short = match byte {
                b'"' => "\\\"",
                b'\\' => "\\\\",
                b'\n' => "\\n",
                b'\r' => "\\r",
                b'\t' => "\\t",
                0..0x20 => "",
                _ => continue,
            };
            out.push_str(&valid[start..at]);
            start = at + 1;
            if short.is_empty() {
                out.push_str("\\u00");
                out.push(char::from(HEX[usize::from(byte >> 4)]));
                out.push(char::from(HEX[usize::from(byte & 15)]));
            } else {
                out.push_str(short);
            }
        }
        out.push_str(&valid[start..]);
        // A lone surrogate is three invalid bytes; one replacement for the first of them will do.
        if chunk.invalid().first().is_some_and(|byte| *byte >= 0xc0) {
            out.push(char::REPLACEMENT_CHARACTER);
        }
    }
    out.push('"');
}
