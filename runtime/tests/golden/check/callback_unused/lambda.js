// Forgets to answer.
function lambda(input, done) {
  const total = input.payload.items.reduce((sum, item) => {
    return sum + item.price;
  }, 0);
  console.info('total', total);
}
