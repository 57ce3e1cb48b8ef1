/**
 * Salesforce: reads contacts with a client that is ready to use (npm's jsforce, version 1).
 *
 * Before it finds any: whitelist your instance's domain, and keep its tokens as the secret `salesforce`:
 *   { "loginUrl": "https://login.salesforce.com", "instanceUrl": "https://yours.my.salesforce.com",
 *     "accessToken": "…", "refreshToken": "…", "clientId": "…", "clientSecret": "…" }
 * An access token is good for some hours; the rest renews it.
 */
const { Toolbelt, ErrorCodes } = require('lp-faas-toolbelt');

async function connect() {
  const { value } = await Toolbelt.SecretClient().readSecret('salesforce');
  return Toolbelt.SFClient().connectToSalesforce(value);
}

async function lambda(input, callback) {
  const email = input.payload?.email;
  if (typeof email !== 'string' || email === '') {
    callback(new Error('the payload has no `email` to look for'));
    return;
  }

  try {
    const connection = await connect();
    // `find` quotes what it is given. A query put together by hand would let the payload change its meaning.
    const contacts = await connection.sobject('Contact').find({ Email: email }, 'Id, FirstName, LastName').limit(10);
    callback(null, { contacts });
  } catch (error) {
    if (error.code === ErrorCodes.Secret.NotFound) {
      console.warn('There is no secret `salesforce` yet', { hint: 'an admin adds it under Settings' });
      callback(null, { contacts: [] });
      return;
    }
    console.error('Salesforce could not be asked', error);
    callback(error);
  }
}
