// What a lambda finds when it runs, for the editor's suggestions.

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

interface LambdaConsole {
  /** Shown when you test; never stored. */
  debug(message: unknown, ...extras: unknown[]): void;
  /** Written to the log, with extras that can be opened. */
  info(message: unknown, ...extras: unknown[]): void;
  warn(message: unknown, ...extras: unknown[]): void;
  error(message: unknown, ...extras: unknown[]): void;
  /** The same as `info`. */
  log(message: unknown, ...extras: unknown[]): void;
}

declare const console: LambdaConsole;

declare const process: {
  /** Environment variables: those of the function, and those that the platform sets. All are texts. */
  env: {
    /** The id of the account. */
    BRAND_ID: string;
    /** The id of this function. */
    LAMBDA_UUID: string;
    [name: string]: string | undefined;
  };
  nextTick(task: (...args: unknown[]) => void, ...args: unknown[]): void;
  hrtime(): [number, number];
};

declare function setTimeout(task: (...args: any[]) => void, ms?: number, ...args: unknown[]): number;
declare function setInterval(task: (...args: any[]) => void, ms?: number, ...args: unknown[]): number;
declare function setImmediate(task: (...args: any[]) => void, ...args: unknown[]): number;
declare function clearTimeout(timer: number | undefined): void;
declare function clearInterval(timer: number | undefined): void;
declare function clearImmediate(timer: number | undefined): void;
declare function queueMicrotask(task: () => void): void;
declare function structuredClone<T>(value: T): T;

declare class TextEncoder {
  encode(text?: string): Uint8Array;
}
declare class TextDecoder {
  constructor(label?: string);
  decode(bytes?: Uint8Array): string;
}
declare function atob(text: string): string;
declare function btoa(text: string): string;

/** Gives a module that the platform brings along. */
declare function require(module: string): any;

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
