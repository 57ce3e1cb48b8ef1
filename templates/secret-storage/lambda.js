/**
 * Secret Storage: reads a secret, changes it and reads it again.
 *
 * Secrets are added under Settings by an admin, never in code. A value is a text, a number or JSON. They are read
 * anew with each call, so that a change is seen by the next invocation. Do not log or return what you read.
 */
const { Toolbelt, ErrorCodes } = require('lp-faas-toolbelt');

const KEY = 'counter';

async function lambda(input, callback) {
  const secrets = Toolbelt.SecretClient();

  try {
    const { value } = await secrets.readSecret(KEY);
    const count = Number(value) || 0;
    await secrets.updateSecret({ key: KEY, value: count + 1 });
    callback(null, { message: `The secret was changed ${count + 1} times` });
  } catch (error) {
    if (error.code === ErrorCodes.Secret.NotFound) {
      console.warn(`There is no secret ${KEY} yet`, { hint: 'an admin adds it under Settings' });
      callback(null, { message: 'There is nothing to read yet' });
      return;
    }
    console.error('The secret could not be used', error);
    callback(error);
  }
}
