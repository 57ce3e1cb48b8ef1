/**
 * Conversational Command: an agent has typed a command, and what this answers is shown to the agent.
 *
 * `payload`: conversationId, arguments (what stood behind the command's name, split at blanks).
 * The result is a text or a number.
 */
const PRICES = { standard: 490, express: 990 };

function lambda(input, callback) {
  const [order, shipping = 'standard'] = input.payload.arguments;

  if (!order) {
    callback(null, 'Which order? Write its number behind the command.');
    return;
  }
  if (!Object.hasOwn(PRICES, shipping)) {
    callback(null, `There is no shipping "${shipping}". Choose one of: ${Object.keys(PRICES).join(', ')}.`);
    return;
  }

  const euros = (PRICES[shipping] / 100).toFixed(2);
  callback(null, `Order ${order}: ${shipping} shipping costs ${euros} EUR.`);
}
