// The toolbelt as the editor suggests it. A test compares its names with what the engine has.

declare module 'lp-faas-toolbelt' {
  interface HTTPOptions {
    method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD';
    headers?: Record<string, string>;
    body?: any;
    /** Sends and reads the body as JSON. */
    json?: boolean | object;
    form?: Record<string, string> | string;
    qs?: Record<string, unknown>;
    /** Rejects when the status is not 2xx; `true` unless given. */
    simple?: boolean;
    /** Answers with status and headers too, not with the body alone. */
    resolveWithFullResponse?: boolean;
    timeout?: number;
    baseUrl?: string;
    url?: string;
    uri?: string;
    auth?: { user?: string; pass?: string; bearer?: string };
    followRedirect?: boolean;
  }

  interface HTTPClient {
    (url: string, options?: HTTPOptions): Promise<any>;
    (options: HTTPOptions): Promise<any>;
    get(url: string, options?: HTTPOptions): Promise<any>;
    post(url: string, options?: HTTPOptions): Promise<any>;
    put(url: string, options?: HTTPOptions): Promise<any>;
    patch(url: string, options?: HTTPOptions): Promise<any>;
    delete(url: string, options?: HTTPOptions): Promise<any>;
    head(url: string, options?: HTTPOptions): Promise<any>;
    defaults(options: HTTPOptions): HTTPClient;
  }

  interface Secret {
    key: string;
    value: any;
  }

  interface SecretClient {
    /** The value as it is now; each reading is noted in the activities. */
    readSecret(key: string): Promise<Secret>;
    updateSecret(secret: Secret): Promise<Secret>;
    writeSecret(secret: Secret): Promise<Secret>;
    getUsedSecrets(): Promise<string[]>;
  }

  interface LpOptions extends HTTPOptions {
    /** The secret with `consumerKey`, `consumerSecret`, `token` and `tokenSecret`. */
    appKeySecretName?: string;
  }

  type Properties = Record<string, any>;

  interface Namespace {
    name: string;
    createdAt: Date;
    ttlSecond?: number;
  }

  /** Without a session id the namespace's default session is meant. */
  interface ContextServiceClient {
    /** `ttl` is seconds. */
    createNamespace(namespace: string, options?: { ttl?: number }): Promise<Namespace>;
    deleteNamespace(namespace: string): Promise<void>;
    getListOfNamespaces(): Promise<Namespace[]>;
    setPropertiesInNamespace(namespace: string, properties: Properties, sessionId?: string): Promise<Properties>;
    updatePropertiesInNamespace(namespace: string, properties: Properties, sessionId?: string): Promise<Properties>;
    getAllPropertiesInSession(namespace: string, sessionId?: string): Promise<Properties>;
    /** Those of the properties that are there. */
    getSelectedPropertiesInSession(namespace: string, names: string[], sessionId?: string): Promise<Properties>;
    getPropertyInSession(namespace: string, name: string, sessionId?: string): Promise<any>;
    deletePropertyInSession(namespace: string, name: string, sessionId?: string): Promise<void>;
    deleteSession(namespace: string, sessionId: string): Promise<void>;
    getListOfSessions(namespace: string): Promise<string[]>;
  }

  interface MTLSOptions {
    /** Sends and reads the body as JSON; `true` unless given. */
    json?: boolean;
    timeout?: number;
    /** Believes any certificate of the server. */
    allowSelfSigned?: boolean;
  }

  interface MTLSResponse {
    headers: Record<string, any>;
    statusCode: number;
    body?: any;
  }

  type MTLSCall = (
    url: string,
    headers?: Record<string, string>,
    body?: any,
    options?: MTLSOptions,
  ) => Promise<MTLSResponse>;
  type MTLSBareCall = (url: string, headers?: Record<string, string>, options?: MTLSOptions) => Promise<MTLSResponse>;

  interface MTLSClient {
    get: MTLSCall;
    post: MTLSCall;
    put: MTLSCall;
    patch: MTLSCall;
    delete: MTLSCall;
    head: MTLSBareCall;
    options: MTLSBareCall;
  }

  interface Invocation {
    uuid: string;
    payload?: any;
    headers?: Record<string, string> | { key: string; value: string }[];
    /** How often it is called again at most; 3 unless given. */
    retries?: number;
    /** Whether to call again; after 429, 500, 502, 504 and broken connections unless given. */
    retryFunction?: (result: InvocationResult) => boolean | Promise<boolean>;
  }

  interface InvocationResult {
    uuid: string;
    body?: any;
    headers?: Record<string, string>;
    statusCode?: number;
    error?: any;
  }

  interface OrchestratorOptions {
    /** Milliseconds that one call may take. */
    timeout?: number;
    invokeParallel?: boolean;
    /** `ErrorStrategy.ContinueOnError` unless given. */
    errorStrategy?: string;
  }

  interface Keyword {
    message: string;
    sentTimestamp: number;
    sentBy: string;
    tag: string;
  }

  export const Toolbelt: {
    /** HTTP with the interface of request-promise, to domains on the whitelist. */
    HTTPClient(): HTTPClient;
    /** The secrets of the account. */
    SecretClient(): SecretClient;
    /** Salesforce, by JSForce. */
    SFClient(): {
      /** A `Connection` of jsforce 1.9.3. `instanceUrl` is `loginUrl` unless given; a refresh needs `clientId` and `clientSecret`. */
      connectToSalesforce(config: {
        loginUrl?: string;
        instanceUrl?: string;
        accessToken?: string;
        refreshToken?: string;
        clientId?: string;
        clientSecret?: string;
        version?: string;
        [option: string]: any;
      }): any;
    };
    /** Services of the platform, signed with an API key from the secrets. */
    LpClient(): (service: string, path: string, options?: LpOptions) => Promise<any>;
    ConversationUtil(): {
      getConversationById(id: string, contentToRetrieve?: string[]): Promise<any>;
      scanConversationForKeywords(conversation: any, keywords: string[]): Keyword[];
    };
    SDEUtil(): {
      addSDEs(sdes: any, visitorId: string, sessionId: string): Promise<any>;
      getSDEsFromConv(conversation: any): { sdes: { events: any[] }; unAuthSdes: { events: any[] } };
    };
    GDPRUtil(): {
      /** Overwrites the files of a conversation in the file storage; resolves to the paths of those that were. */
      replaceConversationFiles(
        conversation: any,
        storage: { username: string; password: string },
        shouldReplace?: (path: string) => boolean,
        file?: string | Uint8Array,
      ): Promise<string[]>;
    };
    /** The context store of the conversation platform. */
    ContextServiceClient(config: { apiKey: string; accountId: string }): ContextServiceClient;
    /** HTTP to servers that want a certificate of their caller. Any status is an answer. */
    MTLSClient(config: { key: string; cert: string; ca?: string }): MTLSClient;
    /** Calls other functions of the account. */
    OrchestratorClient(): {
      /** One entry for each call. `deadline` is milliseconds, at most 25,000. */
      invoke(invocations: Invocation[], deadline?: number, options?: OrchestratorOptions): Promise<InvocationResult[]>;
    };
  };
  export const ErrorCodes: any;
  export class SecretError extends Error {
    code: string;
  }
  export const LpServices: Record<string, string>;
  export const ConversationContentTypes: Record<string, string>;
  export const SDETypes: Record<string, string>;
  export const ErrorStrategy: Record<string, string>;
}
