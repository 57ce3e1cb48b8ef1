function lambda(input, callback) {
  const encode = (text) => Array.from(new TextEncoder().encode(text));
  const decode = (bytes, ...args) => new TextDecoder(...args).decode(new Uint8Array(bytes));
  const attempt = (action) => {
    try {
      return action();
    } catch (error) {
      return `${error.name} ${error.code}`;
    }
  };
  const chunks = new TextDecoder();
  const streamed = [[0xf0, 0x9f], [0x90], [0x91, 0x41]].map((bytes) => chunks.decode(new Uint8Array(bytes), { stream: true }));
  const pairs = new TextDecoder('utf-16le');
  const streamed16 = [[0x3d], [0xd8, 0x11], [0xdc, 0x41, 0]].map((bytes) => pairs.decode(new Uint8Array(bytes), { stream: true }));
  callback(null, {
    encoded: encode('aé€\u{1f411}'),
    lone: encode('\ud800x\udc00'),
    into: new TextEncoder().encodeInto('é€x', new Uint8Array(4)),
    decoded: decode([0x61, 0xc3, 0xa9, 0xe2, 0x82, 0xac, 0xf0, 0x9f, 0x90, 0x91]),
    malformed: decode([0x61, 0xff, 0xc3, 0x28, 0xe2, 0x82]),
    fatal: attempt(() => decode([0xff], 'utf-8', { fatal: true })),
    mark: [decode([0xef, 0xbb, 0xbf, 0x61]), decode([0xef, 0xbb, 0xbf, 0x61], 'utf-8', { ignoreBOM: true })],
    utf16: decode([0xff, 0xfe, 0x61, 0, 0x3d, 0xd8, 0x11, 0xdc], 'utf-16le'),
    utf16lone: decode([0x3d, 0xd8, 0x61, 0], 'utf-16le'),
    utf16half: decode([0x61, 0, 0x62], 'utf-16'),
    latin1: decode([0x80, 0xe9, 0x41], 'latin1'),
    label: new TextDecoder('UTF8 ').encoding,
    unsupported: attempt(() => new TextDecoder('utf-7')),
    streamed: [...streamed, chunks.decode()],
    streamed16: [...streamed16, pairs.decode()],
    unfinished: [new TextDecoder().decode(new Uint8Array([0xe2, 0x82]), { stream: true })],
    view: new TextDecoder().decode(new DataView(new Uint8Array([1, 0x62, 0x63, 2]).buffer, 1, 2)),
    buffer: new TextDecoder().decode(new Uint8Array([0x62]).buffer),
    nothing: new TextDecoder().decode(),
    wrong: attempt(() => new TextDecoder().decode('text')),
    base64: [btoa('hello\xff'), atob('aGVsbG//')],
    badBase64: attempt(() => atob('*')),
    tags: [String(new TextEncoder()), String(new TextDecoder())],
  });
}
