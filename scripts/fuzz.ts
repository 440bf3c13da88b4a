/**
 * Fuzzes the codec for as long as one likes: mutated frames of every type, seeded, so that a run can be repeated.
 *
 *   npx tsx scripts/fuzz.ts [--seconds 60] [--seed 1] [--no-ovs]
 *
 * Every frame must be refused by name or survive bytes, JSON and text unchanged; a sample is also held against Open
 * vSwitch's decoder. Stops with status 1 at the first frame that breaks something, and prints it: add it to fuzz.test.ts.
 */
import { parseArgs } from 'node:util';
import { disagreement } from '../test/support/agreement.ts';
import { fuzzOnce } from '../test/support/fuzz.ts';
import { ofpPrint } from '../test/support/ofp-print.ts';
import { seededRandom } from '../test/support/random.ts';

const FRAMES_PER_ROUND = 5_000;
/** Growth of the heap beyond this, after a collection, means that something is kept. */
const HEAP_GROWTH_MAX = 256 * 1024 * 1024;

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
    'no-ovs': { type: 'boolean', default: false },
  },
});
const seconds = Number(values.seconds);
const seed = Number(values.seed);
if (!(seconds > 0) || !Number.isInteger(seed)) {
  console.error('Give --seconds as a number above 0 and --seed as a whole number.');
  process.exit(2);
}

const random = seededRandom(seed);
const end = Date.now() + seconds * 1000;
const totals = { frames: 0, accepted: 0, compared: 0 };
const heapBefore = process.memoryUsage().heapUsed;

while (Date.now() < end) {
  const frames = round();
  if (!values['no-ovs']) await compare(frames);
}
console.log(
  `seed ${seed}: ${totals.frames} frames, ${totals.accepted} accepted, ${totals.compared} compared with Open vSwitch: nothing broke`,
);

function round(): Buffer[] {
  const frames: Buffer[] = [];
  for (let i = 0; i < FRAMES_PER_ROUND; i++) {
    try {
      const { frame, message } = fuzzOnce(random);
      if (message) totals.accepted++;
      frames.push(frame);
    } catch (error) {
      fail(error);
    }
  }
  totals.frames += frames.length;
  const growth = process.memoryUsage().heapUsed - heapBefore;
  if (growth > HEAP_GROWTH_MAX && process.memoryUsage().heapUsed > 2 * HEAP_GROWTH_MAX) {
    fail(new Error(`the heap grew by ${Math.round(growth / 1e6)} MB`));
  }
  return frames;
}

async function compare(frames: readonly Buffer[]): Promise<void> {
  const printed = await ofpPrint(frames);
  frames.forEach((frame, i) => {
    const different = disagreement(frame, printed[i]!);
    if (different !== undefined) fail(new Error(`${different}: ${frame.toString('hex')}`));
  });
  totals.compared += frames.length;
}

function fail(error: unknown): never {
  console.error(`seed ${seed}, after ${totals.frames} frames:`, error);
  process.exit(1);
}
