import { once } from 'node:events';
import { connect, createServer, Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../test/support/random.ts';
import { createManualClock } from '../../core/manual-clock.ts';
import { barrierReplies, packetIn, portStatus } from '../../../test/support/switch-messages.ts';
import { decode, encode, Framer, hello } from '../codec/index.ts';
import type { Message } from '../codec/index.ts';
import { Channel } from './channel.ts';
import { SESSION_LIMITS } from './limits.ts';

/** What a channel makes of chunks that arrive exactly so; a kernel would join and cut them as it likes. */
function received(chunks: readonly Buffer[]): { messages: Message[]; bytes: number; closings: string[] } {
  const socket = new Socket();
  const messages: Message[] = [];
  const closings: string[] = [];
  let bytes = 0;
  const handlers = {
    message: (message: Message, length: number) => {
      messages.push(message);
      bytes += length;
    },
    refused: () => {},
    closed: ({ reason }: { reason: string }) => closings.push(reason),
  };
  const channel = new Channel({ socket, clock: createManualClock(), limits: SESSION_LIMITS, handlers });
  for (const chunk of chunks) socket.emit('data', Buffer.from(chunk));
  expect(channel.closed).toBe(closings.length > 0);
  const result = { messages, bytes, closings: [...closings] };
  socket.destroy();
  return result;
}

const sent: Message[] = [hello(), packetIn(1), portStatus(3), ...barrierReplies(2), packetIn(2)];
const stream = Buffer.concat(sent.map(encode));
const whole = received([stream]);

describe('A channel', () => {
  it('hands on the messages of one chunk in order, with their lengths', () => {
    expect(whole.messages.map(({ type, xid }) => [type, xid])).toEqual(sent.map(({ type, xid }) => [type, xid]));
    expect(whole.bytes).toBe(stream.length);
    expect(whole.closings).toEqual([]);
  });

  it('hands on the same messages for a stream that is cut at any one place', () => {
    for (let cut = 1; cut < stream.length; cut++) {
      expect(received([stream.subarray(0, cut), stream.subarray(cut)])).toEqual(whole);
    }
  });

  it('hands on the same messages byte by byte, and in random pieces', () => {
    expect(received(Array.from(stream, (byte) => Buffer.from([byte])))).toEqual(whole);
    const random = seededRandom(1);
    for (let run = 0; run < 50; run++) {
      const pieces: Buffer[] = [];
      for (let at = 0; at < stream.length;) {
        const length = 1 + random.int(40);
        pieces.push(stream.subarray(at, at + length));
        at += length;
      }
      expect(received(pieces)).toEqual(whole);
    }
  });

  it.each([
    ['a TLS client hello', Buffer.from('16030102000100', 'hex'), 'it looks like TLS, connect with tcp: instead'],
    [
      'an HTTP request',
      Buffer.from('GET / HTTP/1.1\r\n\r\n'),
      '(it begins with 474554202f204854): is this an OpenFlow',
    ],
    ['an echo request', encode({ type: 'echoRequest', xid: 1, data: Buffer.alloc(0) }), 'is not a HELLO'],
  ])('ends at once where %s comes first', (_, bytes, words) => {
    expect(received([bytes, stream])).toMatchObject({ messages: [], closings: [expect.stringContaining(words)] });
    // Cut within the type there is nothing to judge yet; then it is judged with the whole frame, or the HELLO's deadline.
    expect(received([bytes.subarray(0, 1), bytes.subarray(1), stream]).messages).toEqual([]);
  });

  it('hands on messages that later reads of a real socket never change', async () => {
    const count = 5_000;
    const payload = (index: number): Buffer => Buffer.alloc(100, index % 251);
    const server = createServer((socket) => {
      for (let index = 0; index < count; index++)
        socket.write(encode({ ...packetIn(index + 1), data: payload(index) }));
      socket.end();
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    const kept: Message[] = [];
    const framer = new Framer();
    socket.on('data', (chunk: Buffer) => framer.push(chunk, (frame) => kept.push(decode(frame))));
    await once(socket, 'close');
    server.close();
    expect(kept).toHaveLength(count);
    for (const [index, message] of kept.entries()) {
      expect(message.type === 'packetIn' && payload(index).equals(message.data)).toBe(true);
    }
  });

  it('takes no more than its share of a turn, and then goes on in order', async () => {
    const socket = new Socket();
    const got: number[] = [];
    const manual = createManualClock();
    let now = 0;
    // A clock on which every look takes a millisecond: each slice uses up a share.
    const clock = { ...manual, now: () => now++ };
    const handlers = { message: (message: Message) => void got.push(message.xid), refused: () => {}, closed: () => {} };
    const channel = new Channel({ socket, clock, limits: SESSION_LIMITS, handlers });
    const count = 5_000;
    socket.emit('data', Buffer.concat([hello(), ...barrierReplies(count)].map(encode)));
    const first = got.length;
    expect(first).toBeGreaterThan(500);
    expect(first).toBeLessThan(1_500);
    expect(socket.isPaused()).toBe(true);
    const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
    await turn();
    expect(got.length).toBeGreaterThan(first);
    expect(got.length).toBeLessThan(2 * first + 10);
    for (let i = 0; i < 10; i++) await turn();
    expect(got).toEqual(Array.from({ length: count + 1 }, (_, i) => i));
    expect(socket.isPaused()).toBe(false);
    channel.close('done');
  });

  it('reads no more than one full chunk in a turn', async () => {
    const socket = new Socket();
    const handlers = { message: () => {}, refused: () => {}, closed: () => {} };
    const channel = new Channel({ socket, clock: createManualClock(), limits: SESSION_LIMITS, handlers });
    socket.emit('data', encode(hello()));
    expect(socket.isPaused()).toBe(false);
    socket.emit('data', Buffer.concat(barrierReplies(65_536 / 8).map(encode)));
    expect(socket.isPaused()).toBe(true);
    await new Promise((resolve) => setImmediate(resolve));
    expect(socket.isPaused()).toBe(false);
    channel.close('done');
  });
});
