// Why this file exists: Blob, File and FormData (w3c.github.io/FileAPI, fetch.spec.whatwg.org).
(function forms(engine) {
  'use strict';
  const { natives } = engine;
  const { arrayPush, dateNow, exposeClass, floor, isView, listOf, textOf } = engine.primordials;
  const { stringIndexOf, stringSlice, stringToLowerCase, viewBuffer, viewByteLength, viewSet } = engine.primordials;
  const { viewSlice, viewSubarray, String, Symbol, TypeError, Uint8Array } = engine.primordials;

  const decode = (bytes) => natives.decode('utf-8', bytes, 0, false, false);
  const isBuffer = (value) => {
    if (typeof value !== 'object' || value === null) return false;
    return isView(value) || natives.kindOf(value) === 'buffer';
  };

  const join = (parts) => {
    let length = 0;
    for (let i = 0; i < parts.length; i++) length += viewByteLength(parts[i]);
    const all = new Uint8Array(length);
    let at = 0;
    for (let i = 0; i < parts.length; i++) {
      viewSet(all, parts[i], at);
      at += viewByteLength(parts[i]);
    }
    return all;
  };

  const integer = (value) => {
    const number = +value;
    return number !== number ? 0 : number < 0 ? -floor(-number) : floor(number);
  };
  const sequence = (value) => {
    const isObject = (typeof value === 'object' && value !== null) || typeof value === 'function';
    if (isObject && typeof value[Symbol.iterator] === 'function') return value;
    throw new TypeError('Blob: the parts must be a list');
  };

  // A media type has no other characters than these; one that has is none.
  const typeOf = (given) => {
    const type = textOf(given);
    for (let i = 0; i < type.length; i++) if (type[i] < ' ' || type[i] > '~') return '';
    return stringToLowerCase(type);
  };
  const optionsOf = (given) => {
    if (given === undefined || given === null) return { __proto__: null, isNative: false, type: '' };
    if (typeof given !== 'object' && typeof given !== 'function') {
      throw new TypeError('Blob: the options must be an object');
    }
    const endings = given.endings === undefined ? 'transparent' : textOf(given.endings);
    if (endings !== 'transparent' && endings !== 'native') throw new TypeError('Blob: "endings" cannot be ' + endings);
    const { type } = given;
    return { __proto__: null, isNative: endings === 'native', type: type === undefined ? '' : typeOf(type) };
  };
  const nativeLines = (text) => {
    let lines = '';
    let from = 0;
    for (let at = stringIndexOf(text, '\r'); at !== -1; at = stringIndexOf(text, '\r', from)) {
      lines += stringSlice(text, from, at) + '\n';
      from = text[at + 1] === '\n' ? at + 2 : at + 1;
    }
    return lines + stringSlice(text, from);
  };

  const chunkOf = (part) => {
    if (isBlob(part)) return bytesOfBlob(part);
    return isBuffer(part) ? engine.bytesOf(part) : textOf(part);
  };

  let isBlob;
  let bytesOfBlob;

  class Blob {
    #bytes;
    #type;

    constructor(parts = undefined, options = undefined) {
      // Texts wait for what the options say of their line ends.
      const chunks = parts === undefined ? [] : listOf(sequence(parts), chunkOf);
      const { isNative, type } = optionsOf(options);
      for (let i = 0; i < chunks.length; i++) {
        const text = chunks[i];
        if (typeof text === 'string') chunks[i] = natives.encode(isNative ? nativeLines(text) : text);
      }
      this.#bytes = join(chunks);
      this.#type = type;
    }

    static {
      isBlob = (value) => typeof value === 'object' && value !== null && #bytes in value;
      bytesOfBlob = (blob) => blob.#bytes;
    }

    get size() {
      return viewByteLength(this.#bytes);
    }
    get type() {
      return this.#type;
    }
    slice(start = 0, end = viewByteLength(this.#bytes), type = '') {
      const size = viewByteLength(this.#bytes);
      const place = (given) => {
        const at = integer(given);
        return at < 0 ? (size + at > 0 ? size + at : 0) : at < size ? at : size;
      };
      const from = place(start);
      const to = place(end);
      return new Blob([viewSubarray(this.#bytes, from, to < from ? from : to)], { __proto__: null, type });
    }
    async arrayBuffer() {
      return viewBuffer(viewSlice(this.#bytes));
    }
    async bytes() {
      return viewSlice(this.#bytes);
    }
    async text() {
      return decode(this.#bytes);
    }
    stream() {
      return engine.bodies.stream(this.#bytes);
    }
  }

  class File extends Blob {
    #name;
    #modified;

    constructor(parts, name, options = undefined) {
      if (arguments.length < 2) throw new TypeError('File: a file has parts and a name');
      super(sequence(parts), options);
      this.#name = decode(natives.encode(textOf(name)));
      const modified = options?.lastModified;
      this.#modified = modified === undefined ? dateNow() : integer(modified);
    }
    get name() {
      return this.#name;
    }
    get lastModified() {
      return this.#modified;
    }
  }

  let entriesOf;
  let formOf;

  class FormData {
    #entries = []; // [name, value]

    constructor(form = undefined) {
      if (form !== undefined) throw new TypeError('FormData: there are no forms to take values of in a lambda');
    }

    static {
      entriesOf = (value) =>
        typeof value === 'object' && value !== null && #entries in value ? value.#entries : undefined;
      formOf = (entries) => {
        const form = new FormData();
        form.#entries = entries;
        return form;
      };
    }

    static #valueOf(value, fileName) {
      if (!isBlob(value)) return String(value);
      if (fileName === undefined && value instanceof File) return value;
      const options = { __proto__: null, type: value.type, lastModified: value.lastModified };
      return new File([value], fileName ?? 'blob', options);
    }

    append(name, value, fileName = undefined) {
      arrayPush(this.#entries, [String(name), FormData.#valueOf(value, fileName)]);
    }
    set(name, value, fileName = undefined) {
      const text = String(name);
      const kept = [];
      let isNew = true;
      for (let i = 0; i < this.#entries.length; i++) {
        if (this.#entries[i][0] !== text) arrayPush(kept, this.#entries[i]);
        else if (isNew) {
          isNew = false;
          arrayPush(kept, [text, FormData.#valueOf(value, fileName)]);
        }
      }
      this.#entries = kept;
      if (isNew) this.append(text, value, fileName);
    }
    delete(name) {
      const kept = [];
      for (let i = 0; i < this.#entries.length; i++) {
        if (this.#entries[i][0] !== String(name)) arrayPush(kept, this.#entries[i]);
      }
      this.#entries = kept;
    }
    get(name) {
      const found = this.getAll(name);
      return found.length === 0 ? null : found[0];
    }
    getAll(name) {
      const found = [];
      for (let i = 0; i < this.#entries.length; i++) {
        if (this.#entries[i][0] === String(name)) arrayPush(found, this.#entries[i][1]);
      }
      return found;
    }
    has(name) {
      return this.getAll(name).length > 0;
    }
  }
  engine.goOverPairs(FormData, (value) => {
    const entries = entriesOf(value);
    if (entries === undefined) throw new TypeError('Illegal invocation');
    return entries;
  });

  // Of a blob or a file another one of the same; the bytes cannot change.
  const copyBlob = (blob) => {
    const options = { __proto__: null, type: blob.type, lastModified: blob.lastModified };
    const parts = [bytesOfBlob(blob)];
    return blob instanceof File ? new File(parts, blob.name, options) : new Blob(parts, options);
  };

  engine.forms = { __proto__: null, Blob, File, bytesOfBlob, copyBlob, decode, entriesOf, formOf, isBlob, isBuffer };
  engine.forms.join = join;

  exposeClass(Blob);
  exposeClass(File);
  exposeClass(FormData);
})
