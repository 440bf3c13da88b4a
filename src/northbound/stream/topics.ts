/** The topics a stream client may choose, and what it says in the query. */
import { z } from 'zod';
import { integerParameter } from '../rest/input.ts';

/** What changes with the view, and comes where no topics are chosen. */
export const VIEW_TOPICS = ['switches', 'links', 'hosts'] as const;

export type ViewTopic = (typeof VIEW_TOPICS)[number];

/** What the journal keeps. The timeline goes on between views too, so whoever wants it says so. */
export const JOURNAL_TOPICS = [...VIEW_TOPICS, 'events'] as const;

export type JournalTopic = (typeof JOURNAL_TOPICS)[number];

/** Rates are told again and again, each time whole: nobody needs those of the past. */
export const TOPICS = [...JOURNAL_TOPICS, 'stats'] as const;

export type Topic = (typeof TOPICS)[number];

/** Characters of `run`: more than any start time needs. */
const MAX_RUN_CHARS = 32;

/** Topics in the order of TOPICS, each once: equal choices are equal texts when joined. */
const TopicList = z
  .string()
  .transform((text, context) => {
    const named = text.split(',');
    const unknown = named.filter((name) => !TOPICS.some((topic) => topic === name));
    if (unknown.length === 0) return TOPICS.filter((topic) => named.includes(topic));
    context.addIssue({
      code: 'custom',
      message: `has unknown topics (${unknown.join(', ')}): say some of ${TOPICS.join(', ')}, with commas between`,
    });
    return z.NEVER;
  })
  .meta({
    type: 'string',
    description: `Some of ${TOPICS.join(', ')}, with commas between; ${VIEW_TOPICS.join(', ')} where left out`,
    param: { example: 'switches,links' },
  });

export const StreamQuery = z.strictObject({
  topics: TopicList.optional(),
  since: integerParameter({
    min: 0,
    max: Number.MAX_SAFE_INTEGER,
    description: 'The version last received: the changes after it follow, or a snapshot where they are gone',
  }).optional(),
  run: z
    .string()
    .max(MAX_RUN_CHARS)
    .optional()
    .meta({ description: "The snapshot's `run`; another run of the controller then answers `since` with a snapshot" }),
});

export type StreamQuery = z.output<typeof StreamQuery>;
