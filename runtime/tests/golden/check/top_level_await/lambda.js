const settings = await fetch('https://example.com');
for await (const part of settings) console.log(part);

async function lambda() {
  return settings;
}
