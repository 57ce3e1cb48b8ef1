async function save(item) {
  await fetch('https://example.com', { method: 'POST', body: item });
}

async function lambda(input) {
  save(input.payload);
  return 'saved';
}
