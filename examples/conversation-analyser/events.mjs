// Which events the step from one state of a conversation to the next means, and the payload of each. The misspellings
// are the platform's: functions rely on them.

const PREFIX = 'controllerbot_messaging_';

/** The group that every payload has. */
const general = (kind, before, after, at) => ({
  cbotEventType: kind,
  type: after.state === 'CLOSE' ? 'CLOSE' : 'UPSERT',
  convId: after.id,
  dialogId: after.id,
  sessionId: after.sessionId ?? '',
  startTs: after.startedAt,
  effectiveTTR: after.ttr ? at + after.ttr.value * 1000 : 0,
  oldConvState: before?.state ?? null,
  newConvState: after.state,
  contexttype: 'CustomContext',
  campaignInfo: { id: after.campaignId ?? '', engangementId: after.engagementId ?? '' },
  clientLanguage: after.language ?? 'en-US',
  clientFeatures: after.features ?? [],
  inOffHours: after.inOffHours ?? false,
  visitorId: after.visitorId ?? '',
  originatorId: after.originatorId ?? '',
  originatorPid: after.originatorId ?? '',
  originatorMetadata: { id: after.originatorId ?? '', role: after.originatorRole ?? 'CONSUMER' },
  serverTimestamp: at,
  clientIpAdress: '',
  manualETTR: 0,
  lastMessageComposer: after.messages.at(-1)?.by ?? '',
  lastMessageTs: at,
  lastAgentMsgTs: 0,
  backToQueueTs: 0,
});

const written = ({ messages }) => messages.filter(({ by }) => by === 'CONSUMER').length;
const ids = (participants) => participants.map(({ id }) => id).sort().join();
const none = { time: 0, timeUnits: 'MINUTES' };

/** Each kind of change: its event, whether it has happened, and the payload's own group. */
const CHANGES = [
  {
    event: 'new_conversation',
    kind: 'NEW_CONVERSATION',
    happened: (before) => before === null,
    group: (_, after) => ({ start: { firstConversation: after.firstConversation ?? false } }),
  },
  {
    event: 'participants_change',
    kind: 'PARTICIPANTS_CHANGE',
    happened: (before, after) => before !== null && ids(before.participants) !== ids(after.participants),
    group: (before, after) => ({
      participantChange: { oldParticipants: before.participants, newParticipants: after.participants },
    }),
  },
  {
    event: 'conversation_routing',
    kind: 'CONVERSATION_ROUTING',
    happened: (before, after) => before !== null && before.skillId !== after.skillId,
    group: (before, after) => ({ routing: { oldSkillId: before.skillId, newSkillId: after.skillId } }),
  },
  {
    event: 'ttr',
    kind: 'TTR',
    happened: (before, after) => before?.ttr && before.ttr.ttrType !== after.ttr.ttrType,
    group: (before, after) => ({ ttr: { oldTtr: before.ttr, newTtr: after.ttr } }),
  },
  {
    event: 'conversation_idle',
    kind: 'CONVERSATION_IDLE',
    happened: (before, after) => after.idle && before?.idle !== after.idle,
    group: (_, { idle }) => ({
      idle: {
        lastConsumerMsgTs: idle.since ?? 0,
        agentNonResponsive: idle.agent ?? none,
        consumserNonResponsive: idle.consumer ?? none,
        convNotTakenTime: idle.queue ?? none,
      },
    }),
  },
  {
    event: 'mid_conversation_msg',
    kind: 'MID_CONVERSATION_MESSAGE',
    happened: (before, after) => before !== null && after.inOffHours && written(after) > written(before),
    group: (_, after) => ({ mid: { openedInOffHours: after.openedInOffHours ?? false } }),
  },
  {
    event: 'conversation_end',
    kind: 'CONVERSATION_END',
    happened: (before, after) => before !== null && before.state === 'OPEN' && after.state === 'CLOSE',
    group: (_, after) => ({ end: { closeReason: after.closeReason ?? 'SYSTEM' } }),
  },
];

/** What has happened, in the order in which it is told. */
export const eventsOf = (before, after, at) =>
  CHANGES.filter(({ happened }) => happened(before, after)).map(({ event, kind, group }) => ({
    event: PREFIX + event,
    payload: { general: general(kind, before, after, at), ...group(before, after) },
  }));
