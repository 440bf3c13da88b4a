/** GET /events: the timeline. */
import { z } from 'zod';
import { ENTRY_TYPES } from '../../timeline/entry.ts';
import type { EntryType } from '../../timeline/entry.ts';
import type { Since } from '../../timeline/timeline.ts';
import { listJson } from '../json/common.ts';
import { ENTRY_TYPE_NAMES, EventIdJson, TimelineEventJson, eventToJson } from '../json/event.ts';
import { integerParameter } from './input.ts';
import { jsonRoute } from './route.ts';
import type { Route } from './route.ts';

const DEFAULT_EVENTS = 100;
/** A page: some hundred kilobytes. */
const MAX_EVENTS = 1_000;

const ID = /^\d{1,16}$/;
/** ISO 8601 with a zone. A plus sign that nobody escaped arrives as a space. */
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+ -]\d\d:\d\d)$/i;
const SINCE_RULE = 'must be the id of an event, or a time like 2026-01-02T03:04:05Z';

const SinceParameter = z
  .string()
  .transform((text, context): Since => {
    if (ID.test(text)) return { id: Number(text) };
    const at = MOMENT.test(text) ? Date.parse(text.replace(' ', '+').toUpperCase()) : Number.NaN;
    if (!Number.isNaN(at)) return { at };
    context.addIssue({ code: 'custom', message: SINCE_RULE });
    return z.NEVER;
  })
  .meta({
    type: 'string',
    description:
      "An event's id (`next` of the last answer): the events after it; or a time in ISO 8601: those from then on. " +
      'The oldest of them come first; 0 begins with the oldest that is kept. Left out, the newest come',
    param: { example: '0' },
  });

/** `link.down`, or `link` for all that happens to links. */
const TypesParameter = z
  .string()
  .transform((text, context): ReadonlySet<EntryType> => {
    const named = text.split(',');
    const unknown = named.filter((name) => !ENTRY_TYPE_NAMES.some((type) => isMeant(type, name)));
    if (unknown.length === 0)
      return new Set(ENTRY_TYPE_NAMES.filter((type) => named.some((name) => isMeant(type, name))));
    const known = Object.keys(ENTRY_TYPES).join(', ');
    context.addIssue({ code: 'custom', message: `has unknown types (${unknown.join(', ')}): say some of ${known}` });
    return z.NEVER;
  })
  .meta({
    type: 'string',
    description: 'Types with commas between; `link` means every type that begins with `link.`; all where left out',
    param: { example: 'link,rule.war' },
  });

function isMeant(type: EntryType, name: string): boolean {
  return type === name || type.startsWith(`${name}.`);
}

export const eventRoutes: readonly Route[] = [
  jsonRoute({
    method: 'get',
    path: '/api/v1/events',
    tag: 'network',
    summary: 'What happened, and why',
    description:
      'The last 10,000 events of this run, newest last. To follow them, ask again with `since` set to `next`, or choose the ' +
      'topic `events` of the stream.',
    query: z.strictObject({
      since: SinceParameter.optional(),
      limit: integerParameter({
        min: 1,
        max: MAX_EVENTS,
        description: `Events in the answer, ${DEFAULT_EVENTS} where left out`,
      }).optional(),
      type: TypesParameter.optional(),
    }),
    answer: {
      schema: listJson(TimelineEventJson).extend({
        next: EventIdJson.meta({ description: 'Where to go on: say it as `since`' }),
        more: z.boolean().meta({ description: 'There are more after `next` already' }),
        dropped: z.boolean().meta({
          description:
            'What happened after `since` is not all here: too much has happened, or the controller was restarted',
        }),
      }),
      statuses: { 200: 'The events, newest last' },
    },
    handle({ query }, services) {
      const { since, limit = DEFAULT_EVENTS, type: types } = query;
      const { entries, next, more, dropped } = services.timeline.read({ since, limit, types });
      const { version } = services.view();
      return { body: { items: entries.map(eventToJson), version, next, more, dropped } };
    },
  }),
];
