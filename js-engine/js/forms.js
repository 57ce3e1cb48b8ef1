// Why this file exists: Blob, File and FormData (w3c.github.io/FileAPI, fetch.spec.whatwg.org), and how a form is sent.
(function forms(engine) {
  'use strict';
  const { natives } = engine;
  const { apply, arrayPush, arrayValues, defineProperty, expose, isView, listOf, stringSlice, stringToLowerCase } =
    engine.primordials;
  const { viewBuffer, viewByteLength, viewSet, viewSlice, viewSubarray, String, Symbol, Uint8Array } =
    engine.primordials;

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

  let isBlob;
  let bytesOfBlob;

  class Blob {
    #bytes;
    #type;

    constructor(parts = [], options = undefined) {
      const list = listOf(parts);
      const chunks = [];
      for (let i = 0; i < list.length; i++) {
        const part = list[i];
        if (isBlob(part)) arrayPush(chunks, part.#bytes);
        else arrayPush(chunks, isBuffer(part) ? engine.bytesOf(part) : natives.encode(String(part)));
      }
      this.#bytes = join(chunks);
      const type = options?.type;
      this.#type = type === undefined ? '' : stringToLowerCase(String(type));
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
      const place = (at) => (at < 0 ? (size + at > 0 ? size + at : 0) : at < size ? at : size);
      const from = place(+start);
      const to = place(+end);
      return new Blob([viewSubarray(this.#bytes, from, to < from ? from : to)], { type });
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
      super(parts, options);
      this.#name = String(name);
      this.#modified = +(options?.lastModified ?? 0);
    }
    get name() {
      return this.#name;
    }
    get lastModified() {
      return this.#modified;
    }
  }

  let entriesOf;

  class FormData {
    #entries = []; // [name, value]

    static {
      entriesOf = (value) =>
        typeof value === 'object' && value !== null && #entries in value ? value.#entries : undefined;
    }

    static #valueOf(value, fileName) {
      if (!isBlob(value)) return String(value);
      if (fileName === undefined && value instanceof File) return value;
      return new File([value], fileName ?? 'blob', { type: value.type });
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
    forEach(callback, self = undefined) {
      for (let i = 0; i < this.#entries.length; i++) {
        apply(callback, self, [this.#entries[i][1], this.#entries[i][0], this]);
      }
    }
    #column(at) {
      const list = [];
      for (let i = 0; i < this.#entries.length; i++) arrayPush(list, this.#entries[i][at]);
      return arrayValues(list);
    }
    keys() {
      return this.#column(0);
    }
    values() {
      return this.#column(1);
    }
    entries() {
      const list = [];
      for (let i = 0; i < this.#entries.length; i++) arrayPush(list, [this.#entries[i][0], this.#entries[i][1]]);
      return arrayValues(list);
    }
    [Symbol.iterator]() {
      return this.entries();
    }
  }

  // In a name: what would end it, as browsers write it.
  const escapeName = (text) => {
    let escaped = '';
    for (let i = 0; i < text.length; i++) {
      const c = text[i];
      escaped += c === '"' ? '%22' : c === '\r' ? '%0D' : c === '\n' ? '%0A' : c;
    }
    return escaped;
  };

  const multipart = (entries) => {
    let boundary = '----lambkin';
    for (let i = 0; i < 4; i++) boundary += stringSlice(String(natives.random()), 2, 10);
    const parts = [];
    for (let i = 0; i < entries.length; i++) {
      const value = entries[i][1];
      let head = '--' + boundary + '\r\nContent-Disposition: form-data; name="' + escapeName(entries[i][0]) + '"';
      if (isBlob(value)) {
        head += '; filename="' + escapeName(value.name) + '"\r\nContent-Type: ';
        head += value.type === '' ? 'application/octet-stream' : value.type;
      }
      arrayPush(parts, natives.encode(head + '\r\n\r\n'));
      arrayPush(parts, isBlob(value) ? bytesOfBlob(value) : natives.encode(value));
      arrayPush(parts, natives.encode('\r\n'));
    }
    arrayPush(parts, natives.encode('--' + boundary + '--\r\n'));
    return { bytes: join(parts), type: 'multipart/form-data; boundary=' + boundary };
  };

  engine.forms = { __proto__: null, Blob, bytesOfBlob, decode, entriesOf, isBlob, isBuffer, multipart };

  const types = [Blob, File, FormData];
  for (let i = 0; i < types.length; i++) {
    defineProperty(types[i].prototype, Symbol.toStringTag, { value: types[i].name, configurable: true });
    expose(types[i].name, types[i]);
  }
})
