// Why this file exists: the clients of `lp-faas-toolbelt` for the context store, for servers that want a certificate of
// their caller, and for other lambdas of the account (contract, section 4).
(function clients(engine) {
  'use strict';
  const Toolbelt = engine.toolbelt;
  const { ErrorStrategy } = engine.toolbeltExports;

  const after = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

  // The session of a namespace that is meant when none is named.
  const DEFAULT_SESSION = '__default__';

  // Attempts at a call that failed in a way that passes, and the pause before the second; the next is twice as long.
  const ATTEMPTS = 3;
  const PAUSE = 200;
  const PASSING = new Set([429, 500, 502, 503, 504]);

  class ContextServiceError extends Error {
    constructor(statusCode, message) {
      super(message);
      this.name = 'ContextServiceError';
      this.statusCode = this.code = statusCode;
    }
  }

  // Reads and writes the context store of the conversation platform, version 1 of its interface.
  const ContextServiceClient = (config) => {
    if (config === undefined || config === null) throw new Error('No valid configuration was provided');
    const { apiKey, accountId } = config;
    if (typeof apiKey !== 'string' || apiKey === '') throw new Error('No valid API-key was provided');
    if (typeof accountId !== 'string' || accountId === '') throw new Error('No valid accountId was provided');

    const attempt = async (method, path, body) => {
      const domain = await engine.domainOf('mavenContext');
      const base = /^https?:/.test(domain) ? domain : 'https://' + domain;
      const account = '/v1/account/' + encodeURIComponent(accountId);
      const headers = { 'maven-api-key': apiKey, 'Content-Type': 'application/json' };
      const options = { method, headers, body, json: true, simple: false, resolveWithFullResponse: true };
      return Toolbelt.HTTPClient()(base + account + path, { ...options, timeout: 10000 });
    };
    const call = async (method, path, body) => {
      for (let tries = 1; ; tries += 1) {
        const answer = await attempt(method, path, body);
        const { statusCode, body: told } = answer;
        if (statusCode >= 200 && statusCode < 300) return told;
        if (tries === ATTEMPTS || !PASSING.has(statusCode)) {
          const message = told?.message ?? (typeof told === 'string' && told !== '' ? told : undefined);
          throw new ContextServiceError(statusCode, message ?? 'The context service answered ' + statusCode);
        }
        await after(PAUSE * tries);
      }
    };
    const segment = (text, what) => {
      if (typeof text === 'string' && text !== '') return '/' + encodeURIComponent(text);
      throw new Error('No valid ' + what + ' was provided');
    };
    const session = (namespace, id = DEFAULT_SESSION) => segment(namespace, 'namespace') + segment(id, 'sessionId');
    const properties = (namespace, id) => session(namespace, id) + '/properties';
    const property = (namespace, name, id) => properties(namespace, id) + segment(name, 'property name');

    const getListOfNamespaces = async () => {
      const namespaces = await call('GET', '');
      return namespaces.map((one) => {
        const { name, createdAt, ttlSecond } = one;
        const shown = { name, createdAt: new Date(createdAt) };
        return ttlSecond === undefined ? shown : { ...shown, ttlSecond };
      });
    };
    const getAllPropertiesInSession = async (namespace, sessionId) => call('GET', properties(namespace, sessionId));
    const getPropertyInSession = async (namespace, name, sessionId) =>
      call('GET', property(namespace, name, sessionId));
    const setPropertiesInNamespace = async (namespace, values, sessionId) => {
      await call('PATCH', properties(namespace, sessionId), values);
      return getAllPropertiesInSession(namespace, sessionId);
    };
    return {
      createNamespace: async (namespace, options = {}) => {
        const { ttl } = options;
        segment(namespace, 'namespace');
        await call('POST', ttl === undefined ? '' : '?ttlSecond=' + Number(ttl), { name: namespace });
        const namespaces = await getListOfNamespaces();
        return namespaces.find(({ name }) => name === namespace);
      },
      deleteNamespace: async (namespace) => {
        await call('DELETE', segment(namespace, 'namespace'));
      },
      getListOfNamespaces,
      setPropertiesInNamespace,
      updatePropertiesInNamespace: setPropertiesInNamespace,
      getAllPropertiesInSession,
      // Those of them that are there.
      getSelectedPropertiesInSession: async (namespace, names, sessionId) => {
        const ask = async (name) => {
          try {
            return [[name, await getPropertyInSession(namespace, name, sessionId)]];
          } catch (error) {
            if (error.statusCode === 404) return [];
            throw error;
          }
        };
        return Object.fromEntries((await Promise.all(names.map(ask))).flat());
      },
      getPropertyInSession,
      deletePropertyInSession: async (namespace, name, sessionId) => {
        await call('DELETE', property(namespace, name, sessionId));
      },
      deleteSession: async (namespace, sessionId) => {
        await call('DELETE', segment(namespace, 'namespace') + segment(sessionId, 'sessionId') + '/properties/');
      },
      getListOfSessions: async (namespace) => call('GET', segment(namespace, 'namespace') + '/session-ids'),
    };
  };

  // A client that shows a certificate. Any status is an answer.
  const MTLSClient = (config = {}) => {
    const { key, cert, ca } = config;
    for (const [name, pem] of Object.entries({ key, cert })) {
      if (typeof pem !== 'string' || !pem.includes('-----BEGIN ')) throw new Error(name + ' must be a PEM text');
    }
    if (ca !== undefined && (typeof ca !== 'string' || !ca.includes('-----BEGIN '))) {
      throw new Error('ca must be a PEM text');
    }
    const call = async (method, url, headers, body, options = {}) => {
      const { json = true, timeout, allowSelfSigned = false } = options;
      const identity = { key, cert, ca, allowSelfSigned };
      const sent = { method, headers, body, json, timeout, identity, simple: false, resolveWithFullResponse: true };
      const answer = await Toolbelt.HTTPClient()(url, sent);
      const { statusCode, headers: received, body: told } = answer;
      const shown = { headers: received, statusCode };
      return method === 'HEAD' || method === 'OPTIONS' ? shown : { ...shown, body: told };
    };
    const client = {};
    for (const method of ['get', 'post', 'put', 'patch', 'delete']) {
      client[method] = (url, headers, body, options) => call(method.toUpperCase(), url, headers, body, options);
    }
    for (const method of ['head', 'options']) {
      client[method] = (url, headers, options) => call(method.toUpperCase(), url, headers, undefined, options);
    }
    return client;
  };

  // Ends of a call after which it is worth to call again.
  const AGAIN = new Set([429, 500, 502, 504, 'ENOTFOUND', 'ECONNRESET', 'ETIMEDOUT', 'ESOCKETTIMEDOUT']);
  const LONGEST = 25000;

  // Calls other lambdas of the account; the host hands the calls over itself, so no host needs to be allowed.
  const OrchestratorClient = () => {
    const once = (call) =>
      new Promise((resolve, reject) => {
        engine.invoke(call, (error, answer) => (error === undefined ? resolve(answer) : reject(error)));
      });
    const fieldsOf = (headers = []) =>
      Array.isArray(headers) ? headers : Object.entries(headers).map(([key, value]) => ({ key, value: String(value) }));
    const run = async (invocation, ends, timeout) => {
      const { uuid, payload = {}, headers, retries = 3, retryFunction } = invocation;
      const shouldRetry = retryFunction ?? ((end) => AGAIN.has(end.statusCode) || AGAIN.has(end.error?.code));
      for (let tries = 0; ; tries += 1) {
        const left = ends - Date.now();
        const end = { uuid, body: undefined, headers: undefined, statusCode: undefined, error: undefined };
        if (left <= 0) {
          end.error = Object.assign(new Error('The deadline of the orchestration is over'), { code: 'ETIMEDOUT' });
          return end;
        }
        const call = { uuid: String(uuid), payload, headers: fieldsOf(headers), timeout: Math.min(left, timeout) };
        try {
          Object.assign(end, await once(call));
          if (end.statusCode >= 400) end.error = new Error(end.body?.errorMsg ?? 'Status ' + end.statusCode);
        } catch (error) {
          end.error = error;
        }
        if (end.error === undefined || tries >= retries || !(await shouldRetry(end))) return end;
        await after(Math.min(PAUSE * 2 ** tries, Math.max(0, ends - Date.now())));
      }
    };
    return {
      invoke: async (invocations, deadline = LONGEST, options = {}) => {
        const { timeout = LONGEST, invokeParallel = false, errorStrategy = ErrorStrategy.ContinueOnError } = options;
        if (!Array.isArray(invocations)) throw new TypeError('invocations must be an array');
        if (!(deadline > 0 && deadline <= LONGEST)) {
          throw new RangeError('deadline must be between 1 and ' + LONGEST + ' milliseconds');
        }
        if (!Object.values(ErrorStrategy).includes(errorStrategy)) {
          throw new TypeError('errorStrategy must be one of ' + Object.values(ErrorStrategy).join(', '));
        }
        const ends = Date.now() + deadline;
        const exits = ({ error }) => error !== undefined && errorStrategy === ErrorStrategy.ExitOnError;
        const results = [];
        if (!invokeParallel) {
          for (const one of invocations) {
            const end = await run(one, ends, timeout);
            results.push(end);
            if (exits(end)) break;
          }
          return results;
        }
        // On the first error: those that have ended by then.
        await new Promise((resolve, reject) => {
          const each = async (one, at) => {
            results[at] = await run(one, ends, timeout);
            if (exits(results[at])) resolve();
          };
          Promise.all(invocations.map(each)).then(resolve, reject);
        });
        return results.filter(() => true);
      },
    };
  };

  Object.assign(Toolbelt, { ContextServiceClient, MTLSClient, OrchestratorClient });
})
