/** What Open vSwitch's own decoder says about frames: an oracle that shares nothing with ours. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** A frame that ovs-ofctl surely prints, between those asked about: BARRIER_REQUEST with a number for its place. */
const MARK = 0xfeed0000;
const MARK_LINE = /^OFPT_BARRIER_REQUEST \(OF1\.3\) \(xid=0xfeed[0-9a-f]{4}\):\n/m;
const FRAMES_MAX = 0xffff;

/** The text of each frame from `ovs-ofctl ofp-parse`, in one run. Frames must be as long as their headers say. */
export async function ofpPrint(frames: readonly Buffer[]): Promise<string[]> {
  if (frames.length > FRAMES_MAX) throw new Error(`at most ${FRAMES_MAX} frames at a time`);
  const marked = frames.flatMap((frame, i) => [frame, barrier(MARK + i)]);
  const child = spawn('ovs-ofctl', ['-vconsole:off', 'ofp-parse', '-'], { stdio: ['pipe', 'pipe', 'ignore'] });
  const output: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  child.stdin.end(Buffer.concat(marked));
  await once(child, 'close');
  const texts = Buffer.concat(output).toString().split(MARK_LINE);
  texts.pop(); // what follows the last mark
  if (texts.length !== frames.length) throw new Error(`ovs-ofctl printed ${texts.length} of ${frames.length} messages`);
  return texts;
}

/** The error with which Open vSwitch refused a frame, or undefined where it took it. */
export function decodeErrorIn(text: string): string | undefined {
  return /\*\*\*decode error: (\w+)/.exec(text)?.[1];
}

function barrier(xid: number): Buffer {
  const frame = Buffer.from([4, 20, 0, 8, 0, 0, 0, 0]);
  frame.writeUInt32BE(xid >>> 0, 4);
  return frame;
}
