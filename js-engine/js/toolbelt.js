// Why this file exists: `lp-faas-toolbelt` (contract, section 4): the platform's clients for HTTP, secrets, Salesforce
// and its own services. Conversations are in js/conversations.js.
(function toolbelt(engine) {
  'use strict';
  const { clientWith } = engine.requestClient;

  const ErrorCodes = {
    Secret: {
      NotFound: 'com.liveperson.faas.secret.not-found',
      InvalidFormat: 'com.liveperson.faas.secret.invalid-format',
      OperationFailed: 'com.liveperson.faas.secret.op-failed',
      AuthFailed: 'com.liveperson.faas.secret.auth-failed',
    },
    Csds: { DomainNotFound: 'com.liveperson.faas.csds.domain.not-found' },
  };

  class SecretError extends Error {
    constructor(code, message) {
      super(message);
      this.name = 'SecretError';
      this.code = code;
    }
  }

  class CsdsError extends Error {
    constructor(service) {
      super('Service "' + service + '" could not be found.');
      this.name = 'CsdsError';
      this.code = ErrorCodes.Csds.DomainNotFound;
    }
  }

  // Names of services, as the platform's look-up knows them.
  const LpServices = {
    ACCOUNT_CONFIG_READ_ONLY: 'accountConfigReadOnly',
    ACCOUNT_CONFIG_READ_WRITE: 'accountConfigReadWrite',
    AGENT_VEP: 'agentVep',
    ASYNC_MESSAGING: 'asyncMessagingEnt',
    ENGAGEMENT_HISTORY: 'engHistDomain',
    LE_DATA_REPORTING: 'leDataReporting',
    MESSAGING_HISTORY: 'msgHist',
    SENTINEL: 'sentinel',
    SMT: 'smt',
    SWIFT: 'swift',
    TOKENIZER: 'tokenizer',
  };

  const ErrorStrategy = { ContinueOnError: 'ContinueOnError', ExitOnError: 'ExitOnError' };

  const HTTPClient = () => {
    const { BRAND_ID, LAMBDA_UUID } = process.env;
    return clientWith({ headers: { 'LP-URL': BRAND_ID, 'User-Agent': 'LP-Lambda-' + LAMBDA_UUID } });
  };

  const SecretClient = () => {
    const used = new Set();
    const ask = (key, start) => {
      used.add(key);
      return new Promise((resolve, reject) => {
        start((error, secret) => {
          if (error === undefined) resolve(secret);
          else reject(new SecretError(error.code, error.message));
        });
      });
    };
    // A key that is no text is none of the account's.
    const readSecret = async (key) => ask(String(key), (settle) => engine.secrets.read(String(key), settle));
    const updateSecret = async (secret) => {
      const { key, value } = secret ?? {};
      return ask(String(key), (settle) => engine.secrets.update(String(key), value, settle));
    };
    return { readSecret, updateSecret, writeSecret: updateSecret, getUsedSecrets: async () => [...used] };
  };

  const escape = (text) =>
    encodeURIComponent(text).replace(/[!'()*]/g, (c) => '%' + c.charCodeAt(0).toString(16).toUpperCase());

  // The `Authorization` of a request, signed as OAuth 1 has it (RFC 5849, section 3).
  const sign = (method, url, secret) => {
    let nonce = '';
    while (nonce.length < 32) nonce += Math.floor(Math.random() * 2 ** 32).toString(36);
    const oauth = {
      oauth_consumer_key: secret.consumerKey,
      oauth_nonce: nonce.slice(0, 32),
      oauth_signature_method: 'HMAC-SHA1',
      oauth_timestamp: String(Math.floor(Date.now() / 1000)),
      oauth_token: secret.token,
      oauth_version: '1.0',
    };
    const [plain, query = ''] = url.split('?');
    const unescape = (text) => decodeURIComponent(text.replace(/\+/g, ' '));
    const pairs = query
      .split('&')
      .filter((pair) => pair !== '')
      .map((pair) => {
        const at = pair.indexOf('=');
        return at === -1 ? [unescape(pair), ''] : [unescape(pair.slice(0, at)), unescape(pair.slice(at + 1))];
      })
      .concat(Object.entries(oauth))
      .map(([name, value]) => [escape(name), escape(value)])
      .sort(([a, x], [b, y]) => (a < b ? -1 : a > b ? 1 : x < y ? -1 : 1));
    const parameters = pairs.map(([name, value]) => name + '=' + value).join('&');
    const base = method.toUpperCase() + '&' + escape(plain) + '&' + escape(parameters);
    const key = escape(secret.consumerSecret) + '&' + escape(secret.tokenSecret);
    oauth.oauth_signature = btoa(String.fromCharCode(...engine.natives.hmacSha1(key, base)));
    const shown = Object.keys(oauth).sort();
    return 'OAuth ' + shown.map((name) => name + '="' + escape(oauth[name]) + '"').join(', ');
  };

  // Where a service of the account is; found once an invocation.
  const domains = new Map();
  const domainOf = async (service) => {
    const known = domains.get(service);
    if (known !== undefined) return known;
    const { BRAND_ID, CSDS_DOMAIN = 'api.liveperson.net' } = process.env;
    const base = /^https?:/.test(CSDS_DOMAIN) ? CSDS_DOMAIN : 'https://' + CSDS_DOMAIN;
    const path = '/api/account/' + BRAND_ID + '/service/' + encodeURIComponent(service) + '/baseURI.json?version=1.0';
    let found;
    try {
      found = await HTTPClient()(base + path, { json: true });
    } catch (error) {
      if (error.statusCode !== 404) throw error;
    }
    const domain = found?.baseURI ?? found?.baseURIs?.[0]?.baseURI;
    if (typeof domain !== 'string') throw new CsdsError(service);
    domains.set(service, domain);
    return domain;
  };

  // Calls a service of the account, signed with an API key that lies in the secrets.
  const LpClient = () =>
    async function lpClient(service, path, options = {}) {
      const { appKeySecretName = 'lp-faas-default-app-key', method = 'GET', headers, ...rest } = options;
      const { value: secret } = await SecretClient().readSecret(appKeySecretName);
      const domain = await domainOf(service);
      const base = /^https?:/.test(domain) ? domain : 'https://' + domain;
      const url = base + path;
      const signed = { ...headers, Authorization: sign(method, url, secret) };
      return HTTPClient()(url, { json: true, ...rest, method, headers: signed });
    };

  const NO_CLIENT =
    'Salesforce does not accept the access token any more, and a refresh token alone does not renew it: ' +
    'give its clientId and clientSecret, those of the connected app, too';

  // A connection of jsforce. A domain of one's own is both where one logs in and where the data is; and jsforce refuses
  // a refresh token without a client at once, though the access token may be good for hours.
  const connectToSalesforce = (config) => {
    const { Connection } = engine.require('jsforce');
    const given = { ...config };
    if (!given.instanceUrl && !given.serverUrl) given.instanceUrl = given.loginUrl;
    const canRefresh = given.clientId || given.oauth2 || given.refreshFn;
    if (given.refreshToken && !canRefresh) given.refreshFn = (connection, callback) => callback(new Error(NO_CLIENT));
    return new Connection(given);
  };

  const Toolbelt = {
    HTTPClient,
    SecretClient,
    LpClient,
    SFClient: () => ({ connectToSalesforce }),
  };
  // The other files of the toolbelt add to it.
  engine.toolbelt = Toolbelt;
  engine.domainOf = domainOf;
  engine.toolbeltExports = { Toolbelt, ErrorCodes, SecretError, LpServices, ErrorStrategy };
  engine.defineModule('lp-faas-toolbelt', (exports) => {
    Object.assign(exports, engine.toolbeltExports);
  });
})
