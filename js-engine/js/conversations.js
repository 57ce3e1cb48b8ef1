// Why this file exists: the part of `lp-faas-toolbelt` that reads conversations and engagement attributes (contract,
// section 4): ConversationUtil, SDEUtil, GDPRUtil.
(function conversations(engine) {
  'use strict';
  const Toolbelt = engine.toolbelt;

  // What can be asked of a conversation, as the messaging history names it.
  const ConversationContentTypes = {};
  const contents =
    'accountConfig agentParticipants agentParticipantsActive agentParticipantsLeave campaign coBrowseSessions ' +
    'consumerParticipants conversationSurveys dialogs intents interactions latestAgentSurvey messageRecords ' +
    'messageScores messageStatuses monitoring previouslySubmittedAgentSurveys responseTime sdes skillChanges summary ' +
    'transfers unAuthSdes uniqueIntents';
  for (const name of contents.split(' ')) {
    ConversationContentTypes[name.replace(/[A-Z]/g, (c) => '_' + c).toUpperCase()] = name;
  }

  const SDETypes = {
    CUSTOMER_INFO: 'ctmrinfo',
    PERSONAL_INFO: 'personal',
    MARKETING_CAMPAIGN_INFO: 'mrktInfo',
    LEAD: 'lead',
    PURCHASE: 'purchase',
    VIEWED_PRODUCT: 'prodView',
    CART_STATUS: 'cart',
    SERVICE_ACTIVITY: 'service',
    VISITOR_ERROR: 'error',
    SEARCH_INFO: 'searchInfo',
  };

  const ConversationUtil = () => {
    const client = Toolbelt.LpClient();
    return {
      getConversationById: async (conversationId, contentToRetrieve) => {
        const { BRAND_ID } = process.env;
        const path =
          '/messaging_history/api/account/' + BRAND_ID + '/conversations/conversation/search?v=2&source=LP_FaaS';
        const body = { conversationId };
        if (contentToRetrieve !== undefined) body.contentToRetrieve = contentToRetrieve;
        const found = await client('msgHist', path, { method: 'POST', body });
        const conversation = found?.conversationHistoryRecords?.[0];
        if (conversation === undefined) throw new Error('Conversation ' + conversationId + ' could not be found.');
        return conversation;
      },
      scanConversationForKeywords: (conversation, keywords) => {
        const found = [];
        for (const record of conversation.messageRecords ?? []) {
          const { msg, file } = record.messageData ?? {};
          const text =
            record.type === 'HOSTED_FILE' ? file?.caption : record.type === 'TEXT_PLAIN' ? msg?.text : undefined;
          if (typeof text !== 'string') continue;
          for (const keyword of keywords) {
            if (!text.toLowerCase().includes(String(keyword).toLowerCase())) continue;
            const { timeL: sentTimestamp, sentBy } = record;
            found.push({ message: text, sentTimestamp, sentBy, tag: 'keywordRef:' + keyword });
          }
        }
        return found;
      },
    };
  };

  const sorted = (part) => ({
    events: [...(part?.events ?? [])].sort((a, b) => a.serverTimeStamp - b.serverTimeStamp),
  });

  const SDEUtil = () => {
    const client = Toolbelt.LpClient();
    return {
      addSDEs: async (sdes, visitorId, sessionId) => {
        const visitor = encodeURIComponent(visitorId);
        const path =
          '/api/account/' + process.env.BRAND_ID + '/monitoring/visitors/' + visitor + '/visits/current/events' +
          '?v=1&sid=' + encodeURIComponent(sessionId);
        return client('smt', path, { method: 'PUT', body: sdes });
      },
      getSDEsFromConv: (conversation) => ({
        sdes: sorted(conversation.sdes),
        unAuthSdes: sorted(conversation.unAuthSdes),
      }),
    };
  };

  // What takes the place of a file unless the lambda has something else.
  const REPLACEMENT = 'This file was removed.';

  // Overwrites the files of a conversation in the file storage; the paths of those that were.
  const GDPRUtil = () => ({
    replaceConversationFiles: async (conversation, storage, shouldReplace = () => true, file = REPLACEMENT) => {
      const { username: user, password: pass } = storage;
      const paths = new Set();
      for (const { type, messageData } of conversation.messageRecords ?? []) {
        const path = type === 'HOSTED_FILE' ? messageData?.file?.relativePath : undefined;
        if (typeof path === 'string' && shouldReplace(path)) paths.add(path);
      }
      if (paths.size === 0) return [];
      const domain = await engine.domainOf('swift');
      const base = /^https?:/.test(domain) ? domain : 'https://' + domain;
      const replace = async (path) => {
        const url = base + (path.startsWith('/') ? '' : '/') + path;
        await Toolbelt.HTTPClient()(url, { method: 'PUT', auth: { user, pass }, body: file });
        return path;
      };
      return Promise.all([...paths].map(replace));
    },
  });

  Object.assign(Toolbelt, { ConversationUtil, SDEUtil, GDPRUtil });
  Object.assign(engine.toolbeltExports, { ConversationContentTypes, SDETypes });
})
