/**
 * Greeting: the smallest complete lambda.
 *
 * `input` carries `timestamp`, `headers` ([{ key, value }]) and `payload`: whatever the caller sent.
 * `callback(error, result)` ends the invocation: pass `null` as the error when all went well.
 */
function lambda(input, callback) {
  // A caller may leave the payload out, so nothing here relies on it.
  const name = input.payload?.name || 'World';

  callback(null, { message: `Hello ${name}!` });
}
