// The author's guide, as data: what a page says and shows. Another language is another file of this shape.
import parallel from './recipes/parallel.js?raw';
import retry from './recipes/retry.js?raw';
import signature from './recipes/signature.js?raw';
import summary from './recipes/summary.js?raw';

export type Part = { text: string } | { code: string } | { list: string[] };

export interface Chapter {
  id: string;
  title: string;
  parts: Part[];
}

export const CHAPTERS: Chapter[] = [
  {
    id: 'start',
    title: 'The first function',
    parts: [
      {
        text: 'A function is JavaScript with one function named lambda. It is called with an input and answers by its callback, or, when it is async, by what it returns.',
      },
      {
        code: "function lambda(input, callback) {\n  const name = input.payload.name || 'World';\n  callback(null, { message: 'Hello ' + name + '!' });\n}",
      },
      {
        list: [
          'Develop: create it from a template and write it.',
          'Deploy: look at it once more and approve. It is in service within a moment.',
          'Invoke: call it with your own input and see its answer, its logs and what it used.',
        ],
      },
      {
        text: 'What is outside of the function runs once, when it is deployed. Each call gets a fresh copy of what that left behind, so nothing of one call is ever seen by the next.',
      },
      {
        text: 'Where that is not what you want, switch on "Keep state between invocations" in the settings of the function. An instance that answered well then serves the next call too, and finds its variables as the last call left them: a token, a compiled template, a cache. It is dropped after a failure, after an error nobody handled, after 1,000 calls, 15 minutes, or 5 minutes without one, and with the next deployment; calls at the same time have an instance each. Any call may get a fresh one, so treat what is there as a cache.',
      },
    ],
  },
  {
    id: 'input',
    title: 'Input and answer',
    parts: [
      {
        code: '{\n  "timestamp": 1700000000000,\n  "headers": [{ "key": "X-Name", "value": "text" }],\n  "payload": { }\n}',
      },
      {
        text: 'The payload is whatever the caller or the event sends. The editor suggests its fields from the example of the event.',
      },
      {
        list: [
          'callback(null, result): the result, as JSON. A promise is waited for.',
          'callback(error): the call has failed. A thrown error and a rejected promise mean the same.',
          'callback(): no result.',
          'The first call counts. What runs after it still runs and logs, and the answer does not wait for it.',
        ],
      },
      { text: 'A function that can no longer call back fails at once, with what is known about why.' },
    ],
  },
  {
    id: 'logs',
    title: 'Logs',
    parts: [
      {
        code: "console.info('order received', { id: 7 });\nconsole.warn('slow');\nconsole.error('failed', error);\nconsole.debug('seen on the test page only');",
      },
      {
        text: 'Up to 10 entries and 6,000 characters of a call are kept for 30 days; the rest is cut with a mark. Calls from the test page show everything and keep nothing. What was logged before a function was stopped is there.',
      },
    ],
  },
  {
    id: 'outside',
    title: 'Calling other systems',
    parts: [
      {
        text: 'A function reaches only domains on the whitelist of its account, by http or https. A change counts for the next call.',
      },
      {
        code: "async function lambda(input) {\n  const response = await fetch('https://www.example.com/data');\n  return await response.json();\n}",
      },
      {
        text: 'A call to another domain is answered with 403, and a warning in the log names the domain to add. Sites often redirect between example.com and www.example.com: both must be there. A function may make 20 calls a second.',
      },
    ],
  },
  {
    id: 'toolbelt',
    title: 'The toolbelt',
    parts: [
      { text: 'The platform brings a library along that knows its services. The editor suggests all of it.' },
      {
        code: "const { Toolbelt } = require('lp-faas-toolbelt');\n\nasync function lambda(input) {\n  const { value } = await Toolbelt.SecretClient().readSecret('api-key');\n  const http = Toolbelt.HTTPClient();\n  return await http('https://www.example.com/orders', { json: true, headers: { authorization: value } });\n}",
      },
      {
        list: [
          'HTTPClient: HTTP with the interface of request-promise.',
          'SecretClient: readSecret, updateSecret, getUsedSecrets.',
          'LpClient: services of the platform, signed with an API key that lies in the secrets.',
          'SFClient: Salesforce, by JSForce.',
          'ConversationUtil, SDEUtil and GDPRUtil: conversations, engagement attributes, files.',
          'ContextServiceClient: what is kept from one conversation to the next.',
          'MTLSClient: HTTP to servers that want a certificate of their caller.',
          'OrchestratorClient: calls other functions of the account.',
        ],
      },
    ],
  },
  {
    id: 'settings',
    title: 'Variables and secrets',
    parts: [
      {
        text: 'Environment variables are texts that belong to a function: process.env.NAME. Names of the platform, such as BRAND_ID and LAMBDA_UUID, can be read and not set.',
      },
      {
        text: 'Secrets belong to the account and are sealed on the disk. Administrators write them; whoever reads one in plain is noted in the activities.',
      },
      {
        text: 'A secret can be bound to a host and a header. The server then adds it to every request of your functions to that host, over https only, and no function can read it. A host that repeats what it was sent still shows it in its answer.',
      },
    ],
  },
  {
    id: 'events',
    title: 'Events',
    parts: [
      {
        text: 'An event is chosen when a function is created and stays. Whoever calls by an event runs every deployed function that has it; functions of one event need different skills. An event has room for so many functions of an account.',
      },
    ],
  },
  {
    id: 'recipes',
    title: 'Recipes',
    parts: [
      { text: 'Whole functions to begin with. PARTNER is an environment variable of theirs.' },
      { code: parallel },
      { code: retry },
      { code: signature },
      { code: summary },
    ],
  },
  {
    id: 'api',
    title: 'Calling a function from outside',
    parts: [
      { text: 'Install an app in Settings. With its client id and secret it gets a token and calls:' },
      {
        code: "curl --data 'grant_type=client_credentials&client_id=ID&client_secret=SECRET' \\\n  'https://HOST/sentinel/api/account/ACCOUNT/app/token?v=1.0'\n\ncurl --header 'authorization: Bearer TOKEN' --header 'content-type: application/json' \\\n  --data '{\"timestamp\": 0, \"headers\": [], \"payload\": {}}' \\\n  'https://HOST/api/account/ACCOUNT/lambdas/UUID/invoke?v=1'",
      },
      {
        text: 'A repeat with the same X-Request-ID within five minutes gets the first answer instead of a second run.',
      },
    ],
  },
];
