/** A short run of the fuzzer with fixed seeds; `scripts/fuzz.ts` runs it for as long as one likes. */
import { describe, expect, it } from 'vitest';
import { checkFrame, fuzzOnce } from '../../../test/support/fuzz.ts';
import { seededRandom } from '../../../test/support/random.ts';

const FRAMES_PER_SEED = 2_000;

describe('mutated frames', () => {
  it.each([1, 2, 3])('neither crash nor hang the codec (seed %i)', (seed) => {
    const random = seededRandom(seed);
    let accepted = 0;
    for (let i = 0; i < FRAMES_PER_SEED; i++) if (fuzzOnce(random).message) accepted++;
    expect(accepted).toBeGreaterThan(FRAMES_PER_SEED / 10); // mutations that are all refused at once would test little
    expect(accepted).toBeLessThan(FRAMES_PER_SEED * 0.9);
  });

  it('random bytes behind a good header do not either', () => {
    const random = seededRandom(4);
    for (let i = 0; i < FRAMES_PER_SEED; i++) {
      const frame = random.bytes(8 + random.int(200));
      frame[0] = 4;
      frame[1] = random.int(30);
      frame.writeUInt16BE(frame.length, 2);
      checkFrame(frame);
    }
  });
});

describe('frames that once broke the codec', () => {
  it.each([
    // port names that are no UTF-8 grew beyond their field when written again
    '040c0050cb2d2da301000000000000000000000100000000ccdedc8cfe780000941ed719264cdb8dd9d73a58b4b7abcd36de417aaa50cd9bb5172d4dcd0b062de15e68fc34b6019e4bd5741a5a7c5a3a',
    // an experimenter field of length 0 in a REG_LOAD2 action
    '040d00300000000100000000ffffffff0018000000000000ffff0018000023200021ffff000000000001d604ffffffff00000000',
  ])('%s', (hex) => {
    expect(() => checkFrame(Buffer.from(hex, 'hex'))).not.toThrow();
  });
});
