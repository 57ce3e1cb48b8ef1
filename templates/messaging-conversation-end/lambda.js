/**
 * Messaging Conversation End: a conversation was closed.
 *
 * `payload.general` describes the conversation, `payload.end.closeReason` is AGENT, CONSUMER or SYSTEM.
 * The result is a command or a list of them; an empty list does nothing. Commands:
 *   { type: 'systemMessage', text }   { type: 'transfer', skillId, agentId }   { type: 'closeConversation' }
 */
function lambda(input, callback) {
  const { general, end } = input.payload;
  const minutes = Math.round((general.serverTimestamp - general.startTs) / 60_000);

  console.info(`Conversation ${general.convId} was closed`, { by: end.closeReason, minutes });

  const commands = [];
  if (end.closeReason === 'AGENT') {
    commands.push({ type: 'systemMessage', text: 'Thank you for writing to us. Have a good day!' });
  }
  callback(null, commands);
}
