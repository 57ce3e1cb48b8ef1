// The one way to the server: calls that are typed by its own document, with the proof that they come from these
// pages, and failures as problems.
import createClient, { type Middleware } from 'openapi-fetch';
import { session } from '../session/session';
import { texts } from '../texts';
import { Problem, problemOf } from './problem';
import type { components, paths } from './schema';

export type Schemas = components['schemas'];

const guard: Middleware = {
  onRequest({ request }) {
    const csrf = session.get()?.csrf;
    if (csrf && request.method !== 'GET') request.headers.set('x-csrf-token', csrf);
    return request;
  },
  onResponse({ request, response }) {
    if (response.status === 401 && !request.url.endsWith('/login') && !request.url.endsWith('/password')) {
      session.expire();
    }
  },
  onError({ error }) {
    if (error instanceof DOMException && error.name === 'AbortError') return error;
    return new Problem(0, 'unreachable', texts.problems.unreachable);
  },
};

/** Each query parameter that may stand several times is written several times. */
export const api = createClient<paths>({
  baseUrl: '/',
  querySerializer: { array: { style: 'form', explode: true } },
});
api.use(guard);

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The body of a call that went well; throws a `Problem` otherwise. */
export async function body<T>(call: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await call;
  if (!response.ok) throw problemOf(response.status, error, response.headers.get('x-request-id') ?? '');
  return data as T;
}
