/** Properties that hold for every message of every type. */
import { assert, integer, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { generateMessage, MESSAGE_NAMES } from '../../../test/support/generate.ts';
import { decode, encode, messageFromJson, messageToJson, messageToText } from './index.ts';

const RUNS = 60;
const seeds = integer({ min: 1, max: 2 ** 31 });

describe.each(MESSAGE_NAMES)('%s', (name) => {
  it('is the same after encoding and decoding', () => {
    assert(
      property(seeds, (seed) => {
        const message = generateMessage(name, seed);
        const bytes = encode(message);
        const again = decode(bytes);
        expect(again).toEqual(message);
        expect(encode(again).equals(bytes)).toBe(true);
      }),
      { numRuns: RUNS },
    );
  });

  it('is the same after JSON', () => {
    assert(
      property(seeds, (seed) => {
        const message = generateMessage(name, seed);
        const text = JSON.stringify(messageToJson(message));
        expect(encode(messageFromJson(JSON.parse(text))).equals(encode(message))).toBe(true);
        expect(messageToText(message)).toContain(`xid=${message.xid}`);
      }),
      { numRuns: RUNS },
    );
  });
});
