const Hashids = require('hashids/cjs');

const lambda = async () => {
  const ids = new Hashids('this is my salt', 8, 'abcdefghijklmnopqrstuvwxyz1234567890');
  const long = new Hashids('pepper');
  return [ids.encode(1), ids.encode([45, 434, 1313, 99]), ids.decode(ids.encode(683, 94108, 123, 5)), long.encodeHex('507f1f77bcf86cd799439011'), long.decodeHex(long.encodeHex('507f1f77bcf86cd799439011')), (() => { try { return long.decode('nonsense!'); } catch (error) { return error.message; } })()];
};
