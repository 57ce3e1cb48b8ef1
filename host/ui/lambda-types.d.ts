// What a lambda finds when it runs beside Node's own, for the editor's suggestions.

/** What a lambda is called with. */
interface LambdaInput {
  /** Milliseconds since 1970 at which the caller made the call. */
  timestamp?: number;
  headers: { key: string; value: string }[];
  /** What the caller or the event sends. */
  payload: any;
}

/** Ends the invocation. The first call counts; `null` as the error is success. */
type LambdaCallback = (error: Error | object | string | null, result?: unknown) => void;

/** Node's, with what becomes of an entry here. */
interface Console {
  /** Shown when you test; never stored. */
  debug(message: unknown, ...extras: unknown[]): void;
  /** Written to the log, with extras that can be opened. */
  info(message: unknown, ...extras: unknown[]): void;
  warn(message: unknown, ...extras: unknown[]): void;
  error(message: unknown, ...extras: unknown[]): void;
  /** The same as `info`. */
  log(message: unknown, ...extras: unknown[]): void;
}

declare var console: Console;

declare namespace NodeJS {
  /** Environment variables: those of the function, and those that the platform sets. All are texts. */
  interface ProcessEnv {
    /** The id of the account. */
    BRAND_ID: string;
    /** The id of this function. */
    LAMBDA_UUID: string;
  }
}

declare function queueMicrotask(task: () => void): void;
declare function structuredClone<T>(value: T): T;

/** Both are Node's, which has them as globals too. */
declare var URL: typeof import('url').URL;
declare var URLSearchParams: typeof import('url').URLSearchParams;

declare class TextEncoder {
  encode(text?: string): Uint8Array;
}
declare class TextDecoder {
  constructor(label?: string);
  decode(bytes?: Uint8Array): string;
}
declare function atob(text: string): string;
declare function btoa(text: string): string;

/** Calls a domain on the whitelist of the account. */
declare function fetch(url: string, options?: LambdaFetchOptions): Promise<LambdaResponse>;

interface LambdaFetchOptions {
  method?: string;
  headers?: Record<string, string>;
  body?: string | Uint8Array;
  redirect?: 'follow' | 'manual' | 'error';
}

interface LambdaResponse {
  ok: boolean;
  status: number;
  statusText: string;
  headers: { get(name: string): string | null };
  json(): Promise<any>;
  text(): Promise<string>;
  arrayBuffer(): Promise<ArrayBuffer>;
}
