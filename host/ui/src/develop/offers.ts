// Which templates can be started from: those of events that still have a place, and those for no event.
import type { EventKind, Lambda, Template } from '../api/lambdas';

export interface Offer {
  template: Template;
  /** The event's name; none for templates that are for no event. */
  event: string | null;
  isFull: boolean;
}

export function offers(
  templates: readonly Template[],
  events: readonly EventKind[],
  lambdas: readonly Pick<Lambda, 'eventId'>[],
): Offer[] {
  return templates.map((template) => {
    const event = events.find(({ eventId }) => eventId === template.eventId);
    const used = lambdas.filter(({ eventId }) => eventId === template.eventId).length;
    const isFull = event !== undefined && used >= event.lambdaLimit;
    return { template, event: event?.eventName ?? null, isFull };
  });
}
