/**
 * Messaging New Conversation: a consumer has started a conversation.
 *
 * `payload.start.firstConversation` is true for a consumer who was never here before.
 * The result is a command or a list of them. Commands:
 *   { type: 'systemMessage', text }   { type: 'transfer', skillId, agentId }   { type: 'closeConversation' }
 */
const OFF_HOURS_SKILL = '1003';

function lambda(input, callback) {
  const { general, start } = input.payload;
  const commands = [];

  if (general.inOffHours) {
    commands.push({ type: 'systemMessage', text: 'We are closed at the moment. We answer from 9 am.' });
    commands.push({ type: 'transfer', skillId: OFF_HOURS_SKILL });
  } else if (start.firstConversation) {
    commands.push({ type: 'systemMessage', text: 'Welcome! One of our agents is with you in a moment.' });
  } else {
    commands.push({ type: 'systemMessage', text: 'Welcome back! One of our agents is with you in a moment.' });
  }

  callback(null, commands);
}
