// What an invoker needs of the platform: a token of its own, and calls by event. Nothing here knows what is invoked.
import { randomUUID } from 'node:crypto';

const ATTEMPTS = 4;
/** A token is renewed so long before it ends, in milliseconds. */
const MARGIN = 60_000;

const variable = (name) => {
  const value = process.env[name];
  if (!value) throw new Error(`the environment variable ${name} is missing`);
  return value;
};

const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** The end of a token's life, as it says itself: its middle part is readable for its holder. */
const endOf = (token) => JSON.parse(Buffer.from(token.split('.')[1], 'base64url')).exp * 1000;

export class Platform {
  #token = null;

  constructor({
    server = variable('LAMBKIN_SERVER'),
    account = variable('LAMBKIN_ACCOUNT'),
    clientId = variable('LAMBKIN_CLIENT_ID'),
    clientSecret = variable('LAMBKIN_CLIENT_SECRET'),
    name = 'example',
  } = {}) {
    Object.assign(this, { server, account, clientId, clientSecret, name });
  }

  /** Whether a call by this event would run anything: asked before a payload is put together for nobody. */
  async isImplemented(event) {
    const reply = await this.#call('GET', `events/${event}/isImplemented`);
    return reply.implemented;
  }

  /** Calls every function of an event. One failing function does not lose the others' results. */
  async invokeEvent(event, payload, skillId) {
    const outcomes = await this.#call('POST', `events/${event}/invoke`, { timestamp: Date.now(), headers: [], payload }, skillId);
    return outcomes.filter((outcome) => {
      if (outcome.result === undefined || outcome.errorCode !== undefined) {
        process.stderr.write(`${event}: function ${outcome.uuid} failed: ${JSON.stringify(outcome)}\n`);
        return false;
      }
      return true;
    });
  }

  async #bearer() {
    if (this.#token === null || endOf(this.#token) - MARGIN < Date.now()) {
      const url = `${this.server}/sentinel/api/account/${this.account}/app/token?v=2.0`;
      const form = new URLSearchParams({ grant_type: 'client_credentials', client_id: this.clientId, client_secret: this.clientSecret });
      const reply = await fetch(url, { method: 'POST', body: form });
      if (!reply.ok) throw new Error(`no token: ${reply.status} ${await reply.text()}`);
      this.#token = (await reply.json()).access_token;
    }
    return `Bearer ${this.#token}`;
  }

  /** One call. It is made again when nobody can have answered it, under the same id, so that it runs once. */
  async #call(method, path, body, skillId) {
    const url = new URL(`${this.server}/api/account/${this.account}/${path}`);
    url.search = new URLSearchParams({ v: '1', externalSystem: this.name, ...(skillId && { skillId }) });
    const id = randomUUID();
    for (let attempt = 1; ; attempt++) {
      const headers = { authorization: await this.#bearer(), 'content-type': 'application/json', 'x-request-id': id };
      const reply = await fetch(url, { method, headers, body: body && JSON.stringify(body) }).catch((error) => error);
      if (reply.ok) return reply.json();
      const isTransient = reply instanceof Error || reply.status === 429 || (reply.status >= 500 && reply.status < 600);
      const pause = Number(reply.headers?.get('retry-after') ?? attempt);
      if (attempt === ATTEMPTS || !isTransient || pause > 30) {
        throw reply instanceof Error ? reply : new Error(`${method} ${path}: ${reply.status} ${await reply.text()}`);
      }
      await wait(pause * 1000);
    }
  }
}
