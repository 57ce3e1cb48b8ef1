// Only who knows the secret can have signed the payload.
const crypto = require('crypto');
const { Toolbelt } = require('lp-faas-toolbelt');

async function lambda(input) {
  const header = input.headers.find(({ key }) => key.toLowerCase() === 'x-signature');
  const { value } = await Toolbelt.SecretClient().readSecret('webhook-key');
  const wanted = crypto.createHmac('sha256', value).update(JSON.stringify(input.payload)).digest();
  const given = Buffer.from(header ? header.value : '', 'hex');
  if (given.length !== wanted.length || !crypto.timingSafeEqual(given, wanted)) {
    throw new Error('the signature is not right');
  }
  return { accepted: input.payload.order };
}
