// What lambdas have of the web besides its network: URLs, events and signals, headers, requests, responses, forms and blobs, each by
// what its standard says. `make test-wpt` asks far more of them, and needs the suite, which is not part of this repository.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { run } from './host.mjs';

const result = (code) => {
  const thrown = `const thrown = (f) => { try { f(); return 'nothing'; } catch (error) { return error.name; } };
    const rejected = (promise) => promise.then(() => 'nothing', (error) => error.name);`;
  const outcome = run(`async function lambda(input, callback) { ${thrown} ${code} }`, {});
  assert.equal(outcome.status, 'done', JSON.stringify(outcome.failure));
  return outcome.result;
};

test('URL.canParse and URL.parse tell what is a URL without an exception', () => {
  const code = `callback(null, [URL.canParse('a:b'), URL.canParse('a'), URL.canParse('a', 'https://b/'), URL.canParse('https://test:test'),
    URL.parse('/x', 'http://a.example/y').href, URL.parse('nonsense'), thrown(() => URL.canParse())]);`;
  assert.deepEqual(result(code), [true, false, true, false, 'http://a.example/x', null, 'TypeError [ERR_MISSING_ARGS]']);
});

test('URLSearchParams counts its pairs, knows and deletes one value, and tells its URL', () => {
  const code = `const url = new URL('http://a.example/?a=1&a=2&b=3');
    const { searchParams } = url;
    const size = searchParams.size;
    const known = [searchParams.has('a', '2'), searchParams.has('a', '3'), searchParams.has('a', undefined)];
    searchParams.delete('a', '2');
    const left = url.href;
    searchParams.delete('b', '3');
    searchParams.delete('a', '1');
    callback(null, [size, known, left, url.href, searchParams.size]);`;
  assert.deepEqual(result(code), [3, [true, false, true], 'http://a.example/?a=1&b=3', 'http://a.example/', 0]);
});

test('URLSearchParams decodes what is an escape and nothing else; querystring does as in Node 10', () => {
  const code = `const list = (init) => [...new URLSearchParams(init)];
    callback(null, [list('b=%2%2af%2a&c=%41%4'), list('d=%ff+%20'), list({ ['x' + String.fromCharCode(0xdc53)]: '1', ['x' + String.fromCharCode(0xdc5c)]: '2' }),
      String(require('querystring').unescape('%2%2a'))]);`;
  assert.deepEqual(result(code), [[['b', '%2*f*'], ['c', 'A%4']], [['d', '\ufffd  ']], [['x\ufffd', '2']], '%2%2a']);
});

test('a request keeps what only pages act on, and refuses what is no value of it', () => {
  const code = `const request = new Request('HTTP://A.example', { method: 'patch', mode: 'same-origin', cache: 'no-store', integrity: 'x', referrer: '' });
    const { url, method, mode, credentials, cache, integrity, referrer, redirect, duplex, destination } = new Request(request);
    const wrong = [{ mode: 'BAD' }, { mode: 'navigate' }, { credentials: 'BAD' }, { cache: 'only-if-cached' }, { window: 'x' }, { priority: 'x' },
      { mode: 'no-cors', method: 'PUT' }, { redirect: 'BAD' }].map((init) => thrown(() => new Request('http://a.example', init)));
    callback(null, [[url, method, mode, credentials, cache, integrity, referrer, redirect, duplex, destination], wrong,
      thrown(() => new Request('http://:nonsense')), (() => { try { return new Request('http://me:word@a.example'); } catch (error) { return [error.name, error.code, String(error).includes('word')]; } })()]);`;
  const fields = ['http://a.example/', 'patch', 'same-origin', 'same-origin', 'no-store', 'x', 'no-referrer', 'follow', 'half', ''];
  assert.deepEqual(result(code), [fields, Array(8).fill('TypeError'), 'TypeError', ['TypeError', 'ERR_INVALID_URL', false]]);
});

test('a request takes the body of the one it is made of, also to put another in its place', () => {
  const code = `const make = () => new Request('http://a.example', { method: 'POST', body: 'first' });
    const [one, two, three] = [make(), make(), make()];
    const copies = [new Request(one), new Request(two, { body: 'second' })];
    const refused = thrown(() => new Request(three, { method: 'GET' }));
    callback(null, [one.bodyUsed, two.bodyUsed, refused, three.bodyUsed, await copies[0].text(), await copies[1].text(), await rejected(one.text())]);`;
  assert.deepEqual(result(code), [true, true, 'TypeError', false, 'first', 'second', 'TypeError']);
});

test('a response refuses a status, a phrase and a body that cannot be', () => {
  const code = `callback(null, [[199, 600, NaN].map((status) => thrown(() => new Response('', { status }))),
    [101, 204, 205, 304].map((status) => thrown(() => new Response('x', { status }))), new Response(null, { status: 204 }).status,
    ['\\n', '\\u0100'].map((statusText) => thrown(() => new Response('', { statusText }))),
    thrown(() => Response.json(Symbol())), thrown(() => Response.json(undefined)), thrown(() => Response.redirect('http://:nonsense')),
    thrown(() => Response.redirect('http://a.example', 200)), Response.redirect('http://a.example').headers.get('location')]);`;
  const range = 'RangeError';
  const type = 'TypeError';
  assert.deepEqual(result(code), [[range, range, range], [range, type, type, type], 204, [type, type], type, type, type, range, 'http://a.example/']);
});

test('headers of answers cannot be changed, and iterators see what changes', () => {
  const code = `const fixed = [Response.error(), Response.redirect('http://a.example'), Response.error().clone()]
      .map(({ headers }) => thrown(() => headers.append('a', 'b')));
    const headers = new Headers([['bar', '0'], ['baz', '1'], ['foo', '2']]);
    const seen = [];
    for (const [name] of headers) {
      seen.push(name);
      if (name === 'bar') headers.delete('foo');
      if (name === 'baz') headers.append('x-yz', '4');
    }
    callback(null, [fixed, seen, thrown(() => new Headers(null)), thrown(() => new Headers({ [Symbol()]: 'x' })), Object.keys(Headers.prototype).includes('append'),
      Object.prototype.toString.call(headers.keys())]);`;
  const type = 'TypeError';
  assert.deepEqual(result(code), [[type, type, type], ['bar', 'baz', 'x-yz'], type, type, true, '[object Headers Iterator]']);
});

test('formData() reads forms of both kinds, as FormData and URLSearchParams send them', () => {
  const code = `const form = new FormData();
    form.append('plain', 'ü\\r\\n--x');
    form.append('a"b\\r\\n', '');
    form.append('file', new File([new Uint8Array([0, 128, 255, 13, 10])], 'n"ame.bin', { type: 'application/x-y' }));
    const read = await new Response(form).formData();
    const file = read.get('file');
    const fields = await new Response(new URLSearchParams('?a=1&b=%C3%BC+&c')).formData();
    const leading = await new Response('?a=1', { headers: { 'content-type': 'application/x-www-form-urlencoded' } }).formData();
    const type = 'multipart/form-data; boundary="x y"';
    const of = (text) => new Response(text, { headers: { 'content-type': type } }).formData();
    const hand = await of('preamble\\r\\n--x y\\r\\ncontent-disposition: Form-Data; name=a\\r\\n\\r\\n1\\r\\n--x y--\\r\\n');
    callback(null, [[...read].map(([name, value]) => [name, typeof value === 'string' ? value : value.size]), [file.name, file.type, [...(await file.bytes())]],
      [...fields], [...leading], [...hand], await Promise.all(['', '--x y', '--x y\\r\\n\\r\\n', '--x y\\r\\n\\r\\n\\r\\n--x y--'].map((text) => rejected(of(text)))),
      await rejected(new Response('x').formData())]);`;
  assert.deepEqual(result(code), [
    [['plain', 'ü\r\n--x'], ['a"b\r\n', ''], ['file', 5]],
    ['n"ame.bin', 'application/x-y', [0, 128, 255, 13, 10]],
    [['?a', '1'], ['b', 'ü '], ['c', '']].map(([name, value]) => [name.replace('?', ''), value]),
    [['?a', '1']],
    [['a', '1']],
    Array(4).fill('TypeError'),
    'TypeError',
  ]);
});

test('blobs and files are made of lists, know their types and line ends, and are cloned as such', () => {
  const code = `const blob = new Blob(['a\\r\\nb\\rc', new Uint8Array([100])], { type: 'Text/Plain', endings: 'native' });
    const file = structuredClone(new File(['abc'], 'f.txt', { type: 't/x', lastModified: 7.9 }));
    callback(null, [await blob.text(), blob.type, new Blob([], { type: 'té' }).type, await blob.slice(-2, undefined, 'A/B').text(), [null, 'x', 1, {}].map((parts) => thrown(() => new Blob(parts))),
      thrown(() => new Blob([], { endings: 'x' })), thrown(() => new File([])), [file instanceof File, file.name, file.type, file.lastModified, await file.text()],
      structuredClone(blob) instanceof Blob, new File([], 'now').lastModified > 1e12]);`;
  const type = 'TypeError';
  const cloned = [true, 'f.txt', 't/x', 7, 'abc'];
  assert.deepEqual(result(code), ['a\nb\ncd', 'text/plain', '', 'cd', [type, type, type, type], type, type, cloned, true, true]);
});

test('events: details, trust, phases, and what a dispatch allows', () => {
  const code = `const target = new EventTarget();
    const event = new CustomEvent('x', { detail: { a: 1 }, cancelable: true });
    const seen = [];
    target.addEventListener('x', (e) => {
      e.returnValue = false;
      seen.push([e.detail.a, e.isTrusted, e.eventPhase === Event.AT_TARGET, e.currentTarget === target, e.composedPath().length, thrown(() => target.dispatchEvent(e))]);
    });
    const went = target.dispatchEvent(event);
    const { get } = Object.getOwnPropertyDescriptor(event, 'isTrusted');
    callback(null, [seen, went, event.eventPhase, event.currentTarget, event.composedPath(), get === Object.getOwnPropertyDescriptor(new Event('y'), 'isTrusted').get,
      thrown(() => target.dispatchEvent({ type: 'x' })), thrown(() => target.addEventListener('x', null, { signal: null })), new CustomEvent('y').detail]);`;
  assert.deepEqual(result(code), [[[1, false, true, true, 1, 'InvalidStateError']], false, 0, null, [], true, 'TypeError', 'TypeError', null]);
});

test('signals that follow others are aborted with them, before anybody hears of it', () => {
  const code = `const controller = new AbortController();
    const [first, second] = [AbortSignal.any([controller.signal]), AbortSignal.any([AbortSignal.any([controller.signal]), new AbortController().signal])];
    const heard = [];
    for (const [name, signal] of Object.entries({ own: controller.signal, first, second })) {
      signal.onabort = (event) => heard.push([name, event.isTrusted, first.aborted, second.aborted]);
    }
    controller.abort('why');
    callback(null, [heard, second.reason, AbortSignal.any([AbortSignal.abort('a'), AbortSignal.abort('b')]).reason, AbortSignal.any([]).aborted,
      thrown(() => AbortSignal.any([{}])), thrown(() => AbortSignal.timeout(-1)), AbortSignal.timeout(2 ** 40).aborted]);`;
  const heard = ['own', 'first', 'second'].map((name) => [name, true, true, true]);
  assert.deepEqual(result(code), [heard, 'why', 'a', false, 'TypeError', 'RangeError', false]);
});

test('TextDecoder reads what is older than Unicode, whole and in pieces', () => {
  const code = `const decode = (label, bytes, options) => new TextDecoder(label, options).decode(new Uint8Array(bytes));
    const pieces = (label, ...chunks) => {
      const decoder = new TextDecoder(label);
      return chunks.map((chunk) => decoder.decode(new Uint8Array(chunk), { stream: true })).concat(decoder.decode());
    };
    const two = [new TextDecoder('shift_jis'), new TextDecoder('big5')];
    const interleaved = [two[0].decode(new Uint8Array([0x93]), { stream: true }), two[1].decode(new Uint8Array([0xa7]), { stream: true }),
      two[0].decode(new Uint8Array([0xfa])), two[1].decode(new Uint8Array([0x41]))];
    callback(null, [decode(' Latin2 ', [0xb1]), decode('cp1251', [0xcf, 0xf0]), decode('gb18030', [0x81, 0x30, 0x81, 0x30]), decode('latin1', [0x80, 0xff]),
      pieces('iso-2022-jp', [0x1b, 0x24], [0x42, 0x46], [0x7c]), interleaved, decode('windows-1253', [0xaa]), thrown(() => decode('windows-1253', [0xaa], { fatal: true })),
      pieces('euc-kr', [0xb0]), new TextDecoder('sjis').encoding, ['iso-2022-kr', 'utf-7', ''].map((label) => thrown(() => new TextDecoder(label)))]);`;
  const refused = 'RangeError';
  assert.deepEqual(result(code), [
    'ą', 'Пр', '\u0080', '€ÿ', ['', '', '日', ''], ['', '', '日', '你'], '\ufffd', 'TypeError', ['', '\ufffd'], 'shift_jis', [refused, refused, refused],
  ]);
});

test('structuredClone hands a buffer over, and nothing else', () => {
  const code = `const buffer = new Uint8Array([1, 2]).buffer;
    const { view } = structuredClone({ view: new Uint8Array(buffer) }, { transfer: [buffer] });
    const other = new ArrayBuffer(1);
    callback(null, [[...view], buffer.byteLength, thrown(() => structuredClone(1, { transfer: [{}] })), thrown(() => structuredClone(1, { transfer: [other, other] })), other.byteLength]);`;
  assert.deepEqual(result(code), [[1, 2], 0, 'DataCloneError', 'DataCloneError', 1]);
});

test('FormData is gone over as it is meanwhile, and keeps the date of a file that is given another name', () => {
  const code = `const form = new FormData();
    for (const name of ['foo', 'baz', 'bar']) form.append(name, name);
    const seen = [];
    for (const [name] of form) {
      seen.push(name);
      if (name === 'foo') form.delete('baz');
      if (name === 'bar') form.append('x', new File([], 'a', { lastModified: 123 }), 'b');
    }
    const { name, lastModified } = form.get('x');
    callback(null, [seen, name, lastModified, thrown(() => new FormData(null)), thrown(() => FormData.prototype.keys.call({}))]);`;
  assert.deepEqual(result(code), [['foo', 'bar', 'x'], 'b', 123, 'TypeError', 'TypeError']);
});
