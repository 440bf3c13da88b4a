import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openOpenFlowPort } from '../../../test/support/openflow-port.ts';
import type { OpenFlowPort } from '../../../test/support/openflow-port.ts';
import { seededRandom } from '../../../test/support/random.ts';
import { packetIn, portStatus } from '../../../test/support/switch-messages.ts';
import { encode, flowStatsRequest, hello, OFPBRC, OFPET } from '../codec/index.ts';

let port: OpenFlowPort;
beforeEach(async () => {
  port = await openOpenFlowPort({ limits: { maxRefusedMessages: 5, maxLogLines: 100 } });
});
afterEach(() => port.close());

function frame(type: number, length: number, { version = 4, bytes = length, xid = 99 } = {}): Buffer {
  const frame = Buffer.alloc(bytes);
  frame[0] = version;
  frame[1] = type;
  frame.writeUInt16BE(length, 2);
  frame.writeUInt32BE(xid, 4);
  return frame;
}

/** A message whose last bytes are cut off, with a length in its header that says so. */
function truncated(whole: Buffer, by: number): Buffer {
  const cut = Buffer.from(whole.subarray(0, whole.length - by));
  cut.writeUInt16BE(cut.length, 2);
  return cut;
}

const UNKNOWN = 77;

describe('Malformed input', () => {
  it.each([
    ['a length of 0', frame(10, 0, { bytes: 64 }), 'a message says that it is 0 bytes long'],
    ['a length of 7', frame(10, 7, { bytes: 64 }), 'a message says that it is 7 bytes long'],
    ['a packet-in cut short', truncated(encode(packetIn(1)), 80), 'at byte'],
    ['a port status cut short', truncated(encode(portStatus(1)), 3), 'bytes are needed'],
    ['a port status with bytes behind it', frame(12, 96), '16 bytes are left over'],
    [
      'a version other than the one agreed',
      frame(10, 64, { version: 1 }),
      'version 1 where 4 (OpenFlow 1.3) was agreed',
    ],
  ])('ends the session: %s', async (_, bytes, words) => {
    const { fake, events } = await port.admit();
    fake.send(packetIn(7));
    fake.sendBytes(bytes);
    fake.send(packetIn(8));
    await fake.closed;
    const { level, reason, dpid } = await port.closing(fake);
    expect({ level, dpid }).toEqual({ level: 'warn', dpid: '0000000000000001' });
    expect(reason).toMatch(/^malformed OpenFlow: /);
    expect(reason).toContain(words);
    expect(events.items).toEqual([packetIn(7), { type: 'closed', reason }]);
  });

  it('may end the connection before any HELLO', async () => {
    const fake = await port.connect({ hello: undefined });
    fake.sendBytes(frame(0, 4, { bytes: 8 }));
    expect((await port.closing(fake)).reason).toContain('a message says that it is 4 bytes long');
  });

  it('of random bytes ends every connection with a reason, before and after HELLO', async () => {
    const random = seededRandom(20260731);
    const fakes = await Promise.all(
      Array.from({ length: 40 }, async (_, i) => {
        const fake = await port.connect({ hello: i % 2 === 0 ? undefined : hello(), dpid: BigInt(i) });
        fake.sendBytes(random.bytes(2_000));
        return fake;
      }),
    );
    // What looks like the begin of a long message waits for its end, and runs into the deadline.
    await Promise.all(fakes.map((fake) => fake.next('hello')));
    for (let i = 0; i < 4; i++) {
      await port.turn();
      port.clock.advance(5_000);
    }
    for (const fake of fakes) {
      await fake.closed;
      expect((await port.closing(fake)).reason).toMatch(
        /^(malformed OpenFlow: |the first message |no HELLO |the handshake )/,
      );
    }
    const { session } = await port.admit({ dpid: 0xffn });
    await session.barrier();
  });
});

describe('A message that is not understood', () => {
  it('is answered with an ERROR that holds its first 64 bytes, and the session lives', async () => {
    const { fake, events } = await port.admit();
    const bytes = frame(UNKNOWN, 100);
    bytes.fill(0xab, 8);
    fake.sendBytes(bytes);
    fake.send(packetIn(1));
    const error = await fake.next('error');
    expect(error).toMatchObject({ xid: 99, errorType: OFPET.BAD_REQUEST, code: OFPBRC.BAD_TYPE });
    expect(Buffer.from(error.data)).toEqual(bytes.subarray(0, 64));
    await fake.roundTrip();
    expect(events.items).toEqual([packetIn(1)]);
    expect(await port.log.next(({ level }) => level === 'warn')).toMatchObject({
      dpid: '0000000000000001',
      remote: fake.address,
      reason: expect.stringContaining('message type 77 is not known'),
    });
  });

  it('is logged once a session', async () => {
    const { fake } = await port.admit();
    for (let i = 0; i < 5; i++) fake.sendBytes(frame(UNKNOWN, 8));
    await fake.roundTrip();
    expect(port.log.items.length).toBe(1);
  });

  it('ends the session where there are too many in a minute', async () => {
    const { fake, session } = await port.admit();
    for (let i = 0; i < 5; i++) fake.sendBytes(frame(UNKNOWN, 8));
    await fake.roundTrip();
    expect(session.closed).toBe(false);
    fake.sendBytes(frame(UNKNOWN, 8));
    await fake.closed;
    expect((await port.closing(fake)).reason).toContain(
      'over 5 messages could not be understood, the last one: message type 77 is not known',
    );
    expect(fake.received.filter(({ type }) => type === 'error').length).toBe(5);
  });

  it('may come now and then for ever', async () => {
    const { fake, session } = await port.admit();
    for (let minute = 0; minute < 5; minute++) {
      for (let i = 0; i < 5; i++) fake.sendBytes(frame(UNKNOWN, 8));
      await fake.roundTrip();
      for (let step = 0; step < 15; step++) {
        port.clock.advance(4_000);
        await fake.roundTrip();
      }
    }
    expect(session.closed).toBe(false);
  });

  it('fails the request that it answers, at once', async () => {
    const { fake, session } = await port.admit({ dpid: 5n });
    const stats = session.multipart('flow', flowStatsRequest());
    await stats;
    const second = await port.connect({
      dpid: 6n,
      answers: {
        barrierRequest: ({ xid }) => {
          second.sendBytes(frame(UNKNOWN, 8, { xid }));
          return [];
        },
      },
    });
    const { session: odd } = await port.sessions.next(({ session }) => session.remoteAddress === second.address);
    await expect(odd.barrier()).rejects.toThrow('the answer to barrierRequest cannot be read: message type 77');
    expect(odd.closed).toBe(false);
    await fake.roundTrip();
  });
});
