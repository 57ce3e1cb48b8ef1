// Hello with everything loaded that a lambda may want.
const loaded = ['request', 'request-promise-native', 'jsforce', 'luxon', 'lodash', 'jsonwebtoken', 'lp-faas-toolbelt'].map((name) => require(name));

function lambda(input, callback) {
  callback(null, `Hello ${input.payload.name} of ${loaded.length}`);
}
