// What the tests in a browser stand on: the real server on a free port with a data directory of its own, and a real
// Chromium whose every console error and failed script counts as a failure.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const binary = process.env.LAMBKIN_BIN ?? join(root, 'target/release/lambkin');
const browserPath = process.env.CHROMIUM ?? '/usr/bin/chromium';
const axe = readFileSync(new URL('../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
const pictures = join(root, 'target/ui/pictures');

/** How long anything may take. Generous: machines are busy. */
export const PATIENCE = Number(process.env.PATIENCE ?? 60_000);

export const ACCOUNT = '123456';

/** The password that users of tests choose. */
export const OWN_PASSWORD = 'a long walk by the river';

async function serve(data, listen, dev, more) {
  const options = ['serve', ...(dev ? ['--dev'] : []), '--listen', listen, '--data', data, ...more];
  const server = spawn(binary, options, { stdio: ['ignore', 'pipe', 'pipe'] });
  const lines = createInterface({ input: server.stdout });
  let said = '';
  server.stderr.setEncoding('utf8').on('data', (text) => {
    said = `${said}${text}`.slice(-2_000);
  });
  const announcement = await new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('the server announces nothing')), PATIENCE);
    lines.once('line', (line) => {
      clearTimeout(timer);
      resolve(JSON.parse(line));
    });
    server.once('close', (code) => reject(new Error(`the server ended with ${code}: ${said}`)));
    server.once('error', reject);
  });
  return { server, announcement };
}

async function stop(server) {
  const ended = new Promise((resolve) => server.once('exit', resolve));
  if (server.exitCode === null && server.signalCode === null) {
    server.kill('SIGKILL');
    await ended;
  }
}

/** A server and a browser; `more` are options of the server. */
export async function begin({ dev = true, more = [] } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'lambkin-ui-'));
  const data = join(folder, 'data');
  mkdirSync(pictures, { recursive: true });
  let { server, announcement } = await serve(data, '127.0.0.1:0', dev, more);
  const base = announcement.listening;
  const pages = [];
  const browser = await chromium.launch({ executablePath: browserPath, args: ['--no-sandbox'] });
  const address = () => base.replace('http://', '');
  return {
    base,
    browser,
    /** How the operator of a server without `--dev` gets in. */
    operator: announcement.operator,
    async end() {
      // What is still open belongs to a test that has failed.
      for (const [at, page] of pages.entries()) {
        if (!page.isClosed()) await picture(page, `failed-${at}`).catch(() => undefined);
      }
      await browser.close();
      await stop(server);
      rmSync(folder, { recursive: true, force: true });
    },
    kill: () => stop(server),
    /** At the same address. Somebody else's connection may have its port for a moment. */
    async restart() {
      const again = async () => {
        try {
          ({ server, announcement } = await serve(data, address(), dev, more));
          return true;
        } catch (error) {
          if (/another program has this port/.test(error.message)) return false;
          throw error;
        }
      };
      await until(again);
    },
    /** A log-in through the API. */
    logIn(user) {
      return fetch(`${base}/api/account/${ACCOUNT}/login`, {
        method: 'POST',
        body: JSON.stringify({ username: user, password: user === 'owner' ? OWN_PASSWORD : 'lambkin' }),
      });
    },
    /** Wrong passwords make whoever comes from here wait: a test that gave some ends with this. */
    async forgiven(user) {
      await until(async () => (await this.logIn(user)).ok);
    },
    /** A call of the API as a user, for what a test only needs to be there. */
    async call(user, method, path, body) {
      const log = await this.logIn(user);
      const { bearer } = await log.json();
      const response = await fetch(`${base}/api/account/${ACCOUNT}/${path}`, {
        method,
        headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
        body: body === undefined ? undefined : JSON.stringify(body),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
      return text === '' ? null : JSON.parse(text);
    },
    /** A user who may do everything in the account, with the password that `signIn` knows. */
    async owner() {
      const headers = { authorization: `Bearer ${announcement.token}`, 'content-type': 'application/json' };
      const made = await fetch(`${base}/api/account/${ACCOUNT}/users`, {
        method: 'POST',
        headers,
        body: JSON.stringify({ loginName: 'owner', permissions: ['LPA'] }),
      });
      const { oneTimePassword } = await made.json();
      const log = await fetch(`${base}/api/account/${ACCOUNT}/login`, {
        method: 'POST',
        body: JSON.stringify({ username: 'owner', password: oneTimePassword }),
      });
      const { bearer } = await log.json();
      const changed = await fetch(`${base}/api/account/${ACCOUNT}/password`, {
        method: 'PUT',
        headers: { ...headers, authorization: `Bearer ${bearer}` },
        body: JSON.stringify({ oldPassword: oneTimePassword, password: OWN_PASSWORD }),
      });
      if (!changed.ok) throw new Error(await changed.text());
    },
    /** A function that is saved, and in service if wanted. */
    async lambda(
      name,
      code,
      { deployed = true, samplePayload = { headers: [], payload: {} }, environment = [] } = {},
    ) {
      const implementation = { code, dependencies: [], environmentVariables: environment };
      const description = `${name}, for a test`;
      const made = await this.call('developer', 'POST', 'lambdas', {
        version: -1,
        name,
        description,
        samplePayload,
        implementation,
      });
      if (deployed) {
        await this.call('developer', 'POST', `deployments/${made.uuid}`);
        await until(async () => {
          const [found] = await this.call('developer', 'GET', `lambdas/${made.uuid}`);
          return found.state === 'Productive';
        });
      }
      return made.uuid;
    },
    /** A page of somebody new. `expected` are console errors that belong to the test. */
    async visit({ width = 1280, height = 800, theme = 'light', expected = [] } = {}) {
      const context = await browser.newContext({
        baseURL: base,
        viewport: { width, height },
        colorScheme: theme,
        reducedMotion: 'reduce',
      });
      context.setDefaultTimeout(PATIENCE);
      await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: base });
      const page = await context.newPage();
      pages.push(page);
      const errors = [];
      page.on('console', (message) => {
        if (message.type() === 'error') errors.push(message.text());
      });
      page.on('pageerror', (error) => errors.push(`${error}`));
      return Object.assign(page, {
        /** Fails when the browser complained about anything. */
        calm() {
          const bad = errors.filter((error) => !expected.some((pattern) => pattern.test(error)));
          if (bad.length > 0) throw new Error(`the console says: ${bad.join('\n')}`);
        },
        async leave() {
          await context.close();
        },
      });
    },
  };
}

/** Somebody else's server on this machine: what apps and functions talk to. */
export async function elsewhere(answer) {
  const server = createServer(answer);
  await new Promise((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  return {
    port,
    async end() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Asks until something is so. */
export async function until(done) {
  const end = Date.now() + PATIENCE;
  while (Date.now() < end) {
    if (await done()) return;
    await new Promise((resume) => setTimeout(resume, 50));
  }
  throw new Error('waited in vain');
}

export async function signIn(page, user, password = 'lambkin', account = ACCOUNT) {
  await page.goto('/');
  await page.getByRole('textbox', { name: 'Account' }).fill(account);
  await page.getByRole('textbox', { name: 'User name' }).fill(user);
  await page.getByRole('textbox', { name: 'Password' }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('button', { name: `Signed in as ${user}` }).waitFor();
}

/** Replaces what the editor on the page holds. Pasted: what is typed, the editor indents and closes by itself. */
export async function type(page, text) {
  const editor = page.locator('.monaco-editor').first();
  await editor.waitFor();
  await editor.click();
  await page.evaluate((copied) => navigator.clipboard.writeText(copied), text);
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Control+v');
  // The editor takes its time with it, and what is typed meanwhile would come before it.
  const end = text.split('\n').slice(-5).join('\n');
  await until(async () => (await shownIn(editor)).endsWith(end));
}

/** The lines that an editor shows. In the document they stand in any order. */
async function shownIn(editor) {
  const lines = await editor
    .locator('.view-line')
    .evaluateAll((all) =>
      all.map((line) => ({ top: Number.parseFloat(line.style.top), text: line.textContent ?? '' })),
    );
  lines.sort((one, other) => one.top - other.top);
  return lines.map(({ text }) => text.replaceAll('\u00a0', ' ')).join('\n');
}

/** A picture of the page, kept under target/ui/pictures. */
export async function picture(page, name) {
  await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
}

/** What axe has to complain about on the page, seriously. */
export async function complaints(page) {
  // Not as a script element: the page's own policy would forbid it.
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() =>
    globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] }),
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, nodes }) =>
        `${id}: ${nodes.map(({ target, failureSummary }) => `${target} ${failureSummary}`).join('; ')}`,
    );
}
