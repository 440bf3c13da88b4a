/** Our decoder and Open vSwitch's agree on what is valid, over generated and over mutated messages. */
import { expect, it } from 'vitest';
import { encode } from '../../src/openflow/codec/index.ts';
import { disagreement } from '../support/agreement.ts';
import { generateMessage, MESSAGE_NAMES } from '../support/generate.ts';
import { mutate } from '../support/mutate.ts';
import { ofpPrint } from '../support/ofp-print.ts';
import { seededRandom } from '../support/random.ts';
import { withOvs } from '../support/tools.ts';

const FRAMES = 4_000;

async function disagreements(frames: readonly Buffer[]): Promise<string[]> {
  const printed = await ofpPrint(frames);
  return frames.flatMap((frame, i) => {
    const different = disagreement(frame, printed[i]!);
    return different === undefined ? [] : [`${different}: ${frame.toString('hex')}`];
  });
}

withOvs('valid messages of every type', async () => {
  const frames = MESSAGE_NAMES.flatMap((name) =>
    Array.from({ length: 20 }, (_, i) => encode(generateMessage(name, i + 1))),
  );
  expect(await disagreements(frames)).toEqual([]);
});

withOvs('mutated messages', async () => {
  const random = seededRandom(7);
  const one = (): Buffer => encode(generateMessage(random.pick(MESSAGE_NAMES), random.int(2 ** 31)));
  const frames = Array.from({ length: FRAMES }, () => mutate(one(), one(), random));
  expect(await disagreements(frames)).toEqual([]);
});

it('would notice a disagreement', () => {
  const barrier = Buffer.from('0414000800000001', 'hex');
  expect(disagreement(barrier, '***decode error: OFPBRC_BAD_LEN***')).toMatch(
    /refuses with OFPBRC_BAD_LEN what we take/,
  );
  expect(disagreement(Buffer.from('04ff000800000001', 'hex'), 'OFPT_SOMETHING')).toMatch(/takes what we refuse/);
});
