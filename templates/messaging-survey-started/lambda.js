/**
 * Messaging Survey Started: a survey after a conversation has begun.
 *
 * `payload` describes the conversation: conversationId, surveyId, skillId, campaignInfo, closeReason, dialogs,
 * participants, ttr and more. What this answers is not used: it is the place to tell a system of yours.
 */
function lambda(input, callback) {
  const { conversationId, surveyId, surveyRevision, skillId } = input.payload;

  console.info('A survey has begun', { conversationId, surveyId, surveyRevision, skillId });
  callback(null, { conversationId, surveyId });
}
