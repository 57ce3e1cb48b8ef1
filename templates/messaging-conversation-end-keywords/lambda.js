/**
 * Messaging Conversation End, keyword scanner: looks through a closed conversation for words that matter to you.
 *
 * Reading a conversation needs the secret `lp-faas-default-app-key` (an API key with access to the messaging
 * history): { "consumerKey", "consumerSecret", "token", "tokenSecret" }.
 */
const { Toolbelt } = require('lp-faas-toolbelt');

// Upper and lower case are the same.
const KEYWORDS = ['cancel', 'complaint', 'lawyer'];

async function lambda(input, callback) {
  const { convId } = input.payload.general;
  const conversations = Toolbelt.ConversationUtil();

  try {
    const conversation = await conversations.getConversationById(convId);
    // [{ message, sentTimestamp, sentBy, tag: 'keywordRef:cancel' }]
    const found = conversations.scanConversationForKeywords(conversation, KEYWORDS);
    if (found.length > 0) {
      // Only the tags: what a consumer wrote does not belong into a log.
      console.warn(`Keywords in conversation ${convId}`, found.map(({ tag, sentTimestamp }) => ({ tag, sentTimestamp })));
    }
  } catch (error) {
    // Nobody waits for a result, so this is for whoever reads the log.
    console.error(`Conversation ${convId} could not be scanned`, { message: error.message });
  }

  callback(null, []);
}
