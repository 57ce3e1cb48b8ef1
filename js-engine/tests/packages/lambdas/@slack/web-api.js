const { WebClient, LogLevel } = require('@slack/web-api');

const lambda = async (input) => {
  const client = new WebClient('xoxb-1', { slackApiUrl: `${input.payload}/`, retryConfig: { retries: 0 }, logLevel: LogLevel.ERROR, headers: { 'user-agent': 'test' } });
  const failure = ({ message, code, data }) => [message.replace(/[\d.]+:\d+/, 'host'), code, data];
  const posted = await client.chat.postMessage({ channel: 'C1', text: 'Hé & co', blocks: [{ type: 'section', text: { type: 'mrkdwn', text: '*x*' } }], thread_ts: undefined, as_user: true }).catch(failure);
  return [posted.body || posted, posted.path, await client.apiCall('users.info', { user: 'U1' }).then(({ path, body }) => [path, body], failure), await client.apiCall('bad', {}).catch(failure), await new WebClient('x', { slackApiUrl: 'http://127.0.0.1:1/', retryConfig: { retries: 0 }, logLevel: LogLevel.ERROR }).auth.test().catch((error) => [error.code, error.original.code])];
};
