// Measures what people wait for: the first load, typing in a large function, from the button to the result. Time is
// no test, since machines are busy; this prints it: `make ui-figures`.
import { gzipSync } from 'node:zlib';
import { begin, signIn, type } from './world.mjs';

const KEYS = 60;
const RUNS = 10;

const world = await begin();
const told = (name, value) => console.log(`${name.padEnd(56)} ${value}`);
const median = (values) => [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)];
try {
  const hello = await world.lambda('hello', "function lambda(input, callback) { callback(null, 'hello'); }");
  const line = '// a line of a very long function, as they grow over the years of a product\n';
  const large = line.repeat(Math.floor(99_000 / line.length));
  const long = await world.lambda(
    'long',
    `${large}function lambda(input, callback) { callback(null, 1); }\n`,
    {
      deployed: false,
    },
  );

  const page = await world.visit();
  const scripts = [];
  page.on('response', (response) => {
    if (response.url().endsWith('.js')) scripts.push(response.body().then((body) => gzipSync(body).length));
  });
  await signIn(page, 'developer');
  const row = page.getByRole('row', { name: /hello/ });
  await row.waitFor();
  const script = (await Promise.all(scripts)).reduce((sum, size) => sum + size, 0);
  told('JavaScript until the overview is there, gzip', `${Math.round(script / 1024)} KiB`);

  // A new browser that has the session and nothing else.
  const [cookies, kept] = [await page.context().cookies(), await page.evaluate(() => ({ ...localStorage }))];
  const load = async (other) => {
    const begun = performance.now();
    await other.goto('/develop');
    await other.getByRole('row', { name: /hello/ }).waitFor();
    return performance.now() - begun;
  };
  const fresh = await world.visit();
  await fresh.context().addCookies(cookies);
  await fresh.addInitScript((entries) => {
    for (const [key, value] of Object.entries(entries)) localStorage.setItem(key, value);
  }, kept);
  told('overview, cold', `${Math.round(await load(fresh))} ms`);
  told(
    'overview, warm',
    `${Math.round(median([await load(fresh), await load(fresh), await load(fresh)]))} ms`,
  );
  await fresh.leave();

  await page.goto(`/develop/${long}`);
  await page.getByText('No problems found').waitFor();
  await page.locator('.monaco-editor .view-line').first().click();
  await page.evaluate(() => {
    globalThis.longest = 0;
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries())
        globalThis.longest = Math.max(globalThis.longest, duration);
    }).observe({ type: 'longtask' });
  });
  // What the page's thread computes is the same on a busy machine; how long it takes is not.
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const computed = async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return 1_000 * metrics.find(({ name }) => name === 'TaskDuration').value;
  };
  const before = await computed();
  const begun = performance.now();
  for (let key = 0; key < KEYS; key += 1) await page.keyboard.press('x');
  const each = (performance.now() - begun) / KEYS;
  const worked = ((await computed()) - before) / KEYS;
  told('a key in a function of 100,000 characters', `${each.toFixed(1)} ms`);
  told('of it, computing on the page', `${worked.toFixed(1)} ms`);
  told('longest task meanwhile', `${Math.round(await page.evaluate(() => globalThis.longest))} ms`);

  await page.goto(`/invoke/${hello}`).catch(() => undefined);
  await page.getByRole('heading', { name: 'Invoke your Function' }).waitFor();
  await type(page, '{}');
  const times = [];
  for (let run = 0; run < RUNS; run += 1) {
    times.push(
      await page.evaluate(async () => {
        const output = document.querySelector('section[aria-label="Output"]');
        const button = [...document.querySelectorAll('button')].find(
          ({ textContent }) => textContent === 'Invoke',
        );
        // Gone while it runs, there again with the answer: both may happen between two frames, so each change of the
        // page is looked at, and then the frame that shows the last one is waited for.
        const has = () => output.textContent.includes('hello');
        let isCleared = !has();
        const start = performance.now();
        await new Promise((resolve, reject) => {
          const observer = new MutationObserver(() => {
            isCleared ||= !has();
            if (!isCleared || !has()) return;
            observer.disconnect();
            clearTimeout(timer);
            requestAnimationFrame(resolve);
          });
          observer.observe(output, { childList: true, characterData: true, subtree: true });
          const timer = setTimeout(() => reject(new Error('no result')), 10_000);
          button.click();
        });
        return performance.now() - start;
      }),
    );
  }
  told('from the button to the result, hello', `${Math.round(median(times))} ms`);
} finally {
  await world.end();
}
