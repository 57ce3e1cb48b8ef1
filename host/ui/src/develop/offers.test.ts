import { expect, it } from 'vitest';
import type { EventKind, Template } from '../api/lambdas';
import { offers } from './offers';

const EVENTS: EventKind[] = [
  { eventId: 'one', eventName: 'One', description: '', lambdaLimit: 1 },
  { eventId: 'two', eventName: 'Two', description: '', lambdaLimit: 2 },
];

const template = (id: string, eventId?: string): Template => {
  const samplePayload = { headers: [], payload: {} } as unknown as Template['samplePayload'];
  return { id, eventId, name: id, code: '', description: '', requires: [], samplePayload };
};

it('offers an event as long as it has a place', () => {
  const lambdas = [{ eventId: 'one' }, { eventId: 'two' }, { eventId: null }];
  const found = offers([template('a', 'one'), template('b', 'two'), template('c')], EVENTS, lambdas);
  expect(found.map(({ event, isFull }) => [event, isFull])).toEqual([
    ['One', true],
    ['Two', false],
    [null, false],
  ]);
});
