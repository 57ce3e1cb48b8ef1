// Why this file exists: how a form is sent, and how one that was sent is read: application/x-www-form-urlencoded and
// multipart/form-data (fetch.spec.whatwg.org, RFC 7578).
(function formBodies(engine) {
  'use strict';
  const { natives } = engine;
  const { bytesOfBlob, decode, File, formOf, isBlob, join } = engine.forms;
  const { arrayPush, stringIndexOf, stringSlice, stringToLowerCase, viewByteLength, viewSubarray, String, TypeError } =
    engine.primordials;

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

  const isSpace = (c) => c === ' ' || c === '\t';
  const trimmed = (text) => {
    let from = 0;
    let to = text.length;
    while (from < to && isSpace(text[from])) from++;
    while (to > from && isSpace(text[to - 1])) to--;
    return stringSlice(text, from, to);
  };

  // `a; b=c; d="e"`: what comes first, in lower case, and the parameters by their names in lower case.
  const parameters = (header) => {
    const end = stringIndexOf(header, ';');
    const first = stringToLowerCase(trimmed(end === -1 ? header : stringSlice(header, 0, end)));
    const named = { __proto__: null };
    let at = end === -1 ? header.length : end + 1;
    while (at < header.length) {
      let name = '';
      while (at < header.length && header[at] !== '=' && header[at] !== ';') name += header[at++];
      let value = '';
      if (header[at] === '=') {
        at++;
        while (isSpace(header[at])) at++;
        if (header[at] === '"') {
          // Browsers escape with percent signs: a backslash is one, except before a quotation mark.
          for (at++; at < header.length && header[at] !== '"'; at++) {
            if (header[at] === '\\' && header[at + 1] === '"') at++;
            value += header[at];
          }
          while (at < header.length && header[at] !== ';') at++;
        } else {
          while (at < header.length && header[at] !== ';') value += header[at++];
          value = trimmed(value);
        }
      }
      at++;
      const key = stringToLowerCase(trimmed(name));
      if (key !== '' && !(key in named)) named[key] = value;
    }
    return { __proto__: null, first, named };
  };

  const unescapeName = (text) => {
    let name = '';
    for (let i = 0; i < text.length; i++) {
      const escape = text[i] === '%' ? stringSlice(text, i, i + 3) : '';
      const character = escape === '%22' ? '"' : escape === '%0D' ? '\r' : escape === '%0A' ? '\n' : undefined;
      name += character ?? text[i];
      if (character !== undefined) i += 2;
    }
    return name;
  };

  const fileOf = (bytes, name, type) => new File([bytes], unescapeName(name), { __proto__: null, type });
  const malformed = () => new TypeError('Failed to parse body as FormData: it is no complete multipart/form-data');

  // One character for each byte makes a text of the bytes, in which places are the same.
  const readMultipart = (bytes, boundary) => {
    const text = natives.decode('windows-1252', bytes, 0, false, true);
    const utf8 = (from, to) => natives.decode('utf-8', viewSubarray(bytes, from, to), 0, false, true);
    const delimiter = '--' + boundary;
    const entries = [];
    let at = stringIndexOf(text, delimiter);
    if (at > 0) {
      const after = stringIndexOf(text, '\r\n' + delimiter);
      at = after === -1 ? -1 : after + 2;
    }
    for (;;) {
      if (at === -1) throw malformed();
      at += delimiter.length;
      if (stringSlice(text, at, at + 2) === '--') return entries;
      while (isSpace(text[at])) at++;
      if (stringSlice(text, at, at + 2) !== '\r\n') throw malformed();
      at += 2;
      let disposition;
      let type;
      for (;;) {
        const end = stringIndexOf(text, '\r\n', at);
        if (end === -1) throw malformed();
        if (end === at) break;
        const line = utf8(at, end);
        const colon = stringIndexOf(line, ':');
        const name = colon === -1 ? '' : stringToLowerCase(trimmed(stringSlice(line, 0, colon)));
        if (name === 'content-disposition') disposition = parameters(stringSlice(line, colon + 1));
        if (name === 'content-type') type = trimmed(stringSlice(line, colon + 1));
        at = end + 2;
      }
      at += 2;
      const { name, filename } = disposition?.first === 'form-data' ? disposition.named : {};
      // An empty part may end where its headers do.
      const end = stringIndexOf(text, '\r\n' + delimiter, at - 2);
      if (name === undefined || end === -1) throw malformed();
      const to = end < at ? at : end;
      const value =
        filename === undefined
          ? decode(viewSubarray(bytes, at, to))
          : fileOf(viewSubarray(bytes, at, to), filename, type ?? 'text/plain');
      arrayPush(entries, [unescapeName(name), value]);
      at = end + 2;
    }
  };

  const readForm = (bytes, contentType) => {
    const { first, named } = parameters(contentType);
    if (first === 'multipart/form-data' && named.boundary !== undefined && named.boundary !== '') {
      return formOf(readMultipart(bytes, named.boundary));
    }
    if (first === 'application/x-www-form-urlencoded') {
      const pairs = engine.formPairs(natives.decode('utf-8', bytes, 0, false, true));
      const entries = [];
      for (let i = 0; i < pairs.length; i += 2) arrayPush(entries, [pairs[i], pairs[i + 1]]);
      return formOf(entries);
    }
    throw new TypeError('Content-Type was not one of "multipart/form-data" or "application/x-www-form-urlencoded".');
  };

  engine.formBodies = { __proto__: null, multipart, readForm };
})
