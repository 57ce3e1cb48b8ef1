// Another system may be busy for a moment: asked up to three times, a little later each time.
const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function lambda(input) {
  for (let attempt = 1; ; attempt += 1) {
    const response = await fetch(process.env.PARTNER + '/stock/' + input.payload.item);
    if (response.ok) return await response.json();
    if (attempt === 3 || response.status < 500) throw new Error('the stock is not known: ' + response.status);
    console.warn('asked in vain', { attempt, status: response.status });
    await wait(100 * 2 ** attempt);
  }
}
