/**
 * Third-Party Bots Custom Integration: a bot that is written as a function.
 *
 * `payload`: message (what the consumer wrote), context { lpEvent { metadata } }.
 * The result is { messages, context { metadata, structuredContent } }; structured content is optional.
 */
const ANSWERS = [
  { when: /\b(hi|hello|hey)\b/i, text: 'Hello! Ask me about our opening hours or our address.' },
  { when: /\bhours?\b/i, text: 'We are here Monday to Friday, 9 am to 6 pm.' },
  { when: /\baddress\b/i, text: 'You find us here:', url: 'https://maps.example.com/' },
];

/** A button that opens a page. */
const button = (title, uri) => ({
  type: 'vertical',
  elements: [{ type: 'button', title, click: { actions: [{ type: 'link', uri }] } }],
});

function lambda(input, callback) {
  const { message = '', context } = input.payload;
  const answer = ANSWERS.find(({ when }) => when.test(message)) ?? { text: 'Sorry, I did not understand that.' };

  const result = { messages: [answer.text], context: { metadata: context?.lpEvent?.metadata ?? [] } };
  if (answer.url) result.context.structuredContent = button('Open the map', answer.url);
  callback(null, result);
}
