/** Wrong values are refused by an EncodeError that names the place, never by something else. */
import { expect, it } from 'vitest';
import { corrupt } from '../../../test/support/corrupt.ts';
import { generateMessage, MESSAGE_NAMES } from '../../../test/support/generate.ts';
import { seededRandom } from '../../../test/support/random.ts';
import { EncodeError, encodeInto, type Json, type Message, messageFromJson, messageToJson, Writer } from './index.ts';

const SEEDS = Array.from({ length: 60 }, (_, i) => i + 1);

/** What an attempt ended in: nothing, or the name of the error's class. */
function outcome(attempt: () => void): string {
  try {
    attempt();
    return 'taken';
  } catch (error) {
    return error instanceof EncodeError ? 'EncodeError' : String(error);
  }
}

it.each(MESSAGE_NAMES)('%s', (name) => {
  const seen = new Set<string>();
  for (const seed of SEEDS) {
    const random = seededRandom(seed);
    const message = generateMessage(name, seed);
    const { type, ...rest } = message;
    const wrong = { ...(corrupt(rest, random) as object), type } as Message;
    const writer = new Writer();
    seen.add(outcome(() => encodeInto(writer, wrong)));
    if (seen.has('EncodeError')) expect(writer.depth).toBe(0);
    const { type: jsonType, ...jsonRest } = JSON.parse(JSON.stringify(messageToJson(message))) as { type: Json };
    const wrongJson = JSON.parse(JSON.stringify({ ...plain(corrupt(jsonRest, random)), type: jsonType })) as Json;
    seen.add(outcome(() => encodeInto(writer, messageFromJson(wrongJson))));
  }
  expect([...seen].filter((what) => what !== 'taken' && what !== 'EncodeError')).toEqual([]);
});

/** What JSON cannot say is told some other way. */
function plain(value: unknown): object {
  const replaced: unknown = JSON.parse(
    JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? `${inner}` : inner)) ?? '{}',
  );
  return typeof replaced === 'object' && replaced !== null ? replaced : {};
}
