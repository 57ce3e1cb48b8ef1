const assert = require('assert');
function lambda(input, callback) {
  const circular = {};
  circular.a = circular;
  const values = [0, -0, '', '0', false, null, undefined, NaN, [], {}, [1], ['1'], { a: 1 }, { a: '1' }, { a: 1, b: 2 }, new Date(0), new Date(1), /a/, /a/g, new Map([[1, 2]]), new Map([[1, 3]]), new Set([1]), new Set(['1']), Buffer.from('a'), new Uint8Array([97]), new Error('x'), new TypeError('x'), circular, Symbol.iterator, Object(1)];
  const result = {};
  for (const name of ['equal', 'notEqual', 'strictEqual', 'notStrictEqual', 'deepEqual', 'notDeepEqual', 'deepStrictEqual', 'notDeepStrictEqual']) {
    result[name] = values.map((a) => values.map((b) => {
      try { assert[name](a, b); return 1; } catch (error) { return error.code === 'ERR_ASSERTION' ? 0 : error.message; }
    }).join(''));
  }
  // Its message is set after the stack was made, which V8 writes later.
  const bare = () => assert.fail();
  const report = (f) => {
    try { return f() === undefined ? 'passed' : 'answer'; } catch (error) { return { name: error.name, code: error.code, message: error.message, generated: error.generatedMessage, operator: error.operator, first: f === bare ? '' : String(error.stack).split('\n')[0] }; }
  };
  result.messages = [
    () => assert.equal(1, 2), () => assert.equal(1, 2, 'mine'), () => assert.strictEqual('a\nb', 'a\nc'), () => assert.deepStrictEqual({ a: 1, b: [1, 2, 3] }, { a: 1, b: [1, 2, 4] }), () => assert.deepEqual([1, 2], [1, 3]), () => assert.notStrictEqual(1, 1), () => assert.ok(), bare, () => assert.fail('x'), () => assert.fail(1, 2, undefined, '>'), () => assert.throws(() => {}), () => assert.throws(() => { throw new Error('x'); }, /y/), () => assert.throws(() => { throw new Error('x'); }, /x/), () => assert.throws(() => { throw new TypeError('x'); }, TypeError), () => assert.throws(() => { throw new Error('x'); }, { message: 'y' }), () => assert.throws('x'), () => assert.doesNotThrow(() => { throw new Error('x'); }, 'why'), () => assert.ifError(null), () => assert.ifError(new Error('e')), () => assert.ok(0, 'zero'), () => assert.ok(0, new TypeError('own')), () => assert.strict.equal(1, '1'), () => assert(true), () => assert.strictEqual([1, 2, 3, 4, 5].join('\n').repeat(20), 'x'),
  ].map(report);
  result.kinds = [assert.AssertionError.name, assert.strict.strict === assert.strict, new assert.AssertionError({ actual: 1, expected: 2, operator: 'strictEqual' }).message];
  assert.rejects(Promise.resolve(1)).catch((error) => {
    result.rejects = [error.code, error.message];
    return assert.rejects(Promise.reject(new Error('r')), /r/);
  }).then(() => assert.doesNotReject(Promise.reject(new Error('q'))).catch((error) => {
    result.doesNotReject = [error.code, error.message];
    callback(null, result);
  }));
}
