/** An entry of the timeline as REST and the stream show it. */
import { z } from 'zod';
import { ENTRY_TYPES, SEVERITIES, SUBJECT_KINDS } from '../../timeline/entry.ts';
import type { EntryType, TimelineEntry } from '../../timeline/entry.ts';
import { DpidJson, isoTime, timeJson } from './common.ts';
import { OwnerJson } from './flow.ts';

export const ENTRY_TYPE_NAMES = Object.keys(ENTRY_TYPES) as EntryType[];

const meanings = Object.entries(ENTRY_TYPES).map(([name, { meaning }]) => `\`${name}\`: ${meaning}`);

export const EventIdJson = z.int().meta({
  description: 'Larger than that of every entry before, those of earlier runs of the controller included',
});

export const TimelineEventJson = z
  .object({
    id: EventIdJson,
    at: timeJson('When it was noticed'),
    type: z.enum(ENTRY_TYPE_NAMES).meta({ description: meanings.join('; ') }),
    severity: z.enum(SEVERITIES),
    subject: z
      .object({
        kind: z.enum(SUBJECT_KINDS),
        id: z
          .string()
          .meta({ description: 'As this API knows it: a dpid, dpid:port, a link id, a MAC, a name', example: 's1' }),
        name: z.string().meta({ description: 'As people call it', example: 's1:2' }),
        dpid: DpidJson.nullable(),
        owner: OwnerJson,
      })
      .meta({ description: 'What it is about' }),
    message: z.string().meta({ example: 'Link s1:1-s2:1 is down.' }),
    cause: z.string().nullable().meta({ example: 'Port s1:1 is down.' }),
  })
  .meta({ id: 'TimelineEvent' });

export type TimelineEventJson = z.infer<typeof TimelineEventJson>;

export function eventToJson({ id, at, type, severity, subject, message, cause }: TimelineEntry): TimelineEventJson {
  const { kind, name, dpid, owner } = subject;
  return {
    id,
    at: isoTime(at),
    type,
    severity,
    subject: {
      kind,
      id: subject.id,
      name,
      dpid: dpid ?? null,
      owner: owner ? { kind: owner.kind, name: owner.name } : null,
    },
    message,
    cause: cause ?? null,
  };
}
