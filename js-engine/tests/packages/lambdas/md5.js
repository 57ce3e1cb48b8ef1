const md5 = require('md5');

const lambda = async () => [md5('message'), md5('ü€'), md5(Buffer.from([0, 255])), md5([1, 2, 3]), md5('x', { asBytes: true }), md5('ü', { encoding: 'binary' }), md5('a'.repeat(1000)), (() => { try { return md5(undefined); } catch (error) { return error.message; } })()];
