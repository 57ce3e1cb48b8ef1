const v3 = require('uuid/v3');
const v4 = require('uuid/v4');
const v5 = require('uuid/v5');
const v1 = require('uuid/v1');

const lambda = async () => [
  v3('hello.example.com', v3.DNS), v5('http://example.com/hello', v5.URL), v5('ü', '1b671a64-40d5-491e-99b0-da01ff1f3341'), v4({ random: [...Array(16).keys()] }), /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/.test(v4()),
  v1({ node: [1, 35, 69, 103, 137, 171], clockseq: 0x1234, msecs: Date.UTC(2011, 10, 1), nsecs: 5678 }), new Set(Array.from({ length: 50 }, () => v4())).size,
];
