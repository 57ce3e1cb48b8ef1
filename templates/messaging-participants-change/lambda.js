/**
 * Messaging Participants Change: somebody has joined or left a conversation.
 *
 * `payload.participantChange`: oldParticipants and newParticipants, both [{ id, role }].
 * The result is a command or a list of them.
 */
function lambda(input, callback) {
  const { oldParticipants, newParticipants } = input.payload.participantChange;
  const before = new Set(oldParticipants.map(({ id }) => id));
  const joined = newParticipants.filter(({ id }) => !before.has(id));

  const agent = joined.find(({ role }) => role === 'ASSIGNED_AGENT');
  console.info('Participants changed', { joined: joined.map(({ role }) => role) });

  callback(null, agent ? { type: 'systemMessage', text: 'An agent has joined the conversation.' } : []);
}
