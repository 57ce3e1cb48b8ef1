const { customAlphabet, customRandom, nanoid, urlAlphabet } = require('nanoid');

const lambda = async () => [
  nanoid().length, nanoid(40).length, [...nanoid(200)].every((letter) => urlAlphabet.includes(letter)), customAlphabet('ab', 12)().replace(/[ab]/g, 'x'), new Set(Array.from({ length: 100 }, () => nanoid())).size,
  customRandom('abcdef', 10, (size) => Buffer.alloc(size, 3))(),
];
