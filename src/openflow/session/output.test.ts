import { afterEach, describe, expect, it } from 'vitest';
import type { FakeSwitch } from '../../../test/support/fake-switch.ts';
import { openOpenFlowPort } from '../../../test/support/openflow-port.ts';
import type { OpenFlowPort } from '../../../test/support/openflow-port.ts';
import { packetIn } from '../../../test/support/switch-messages.ts';
import { encode, hello, packetOut } from '../codec/index.ts';
import type { DatapathSession } from './datapath.ts';

/** Big enough to fill what the kernels hold between the two in few messages. */
const BIG = packetOut({ actions: [], data: Buffer.alloc(60_000) });
/** More than the kernels between the two would ever take, so that bytes surely wait. */
const LIMIT = 16 * 1024 * 1024;
/** Kernel buffers of both ends and our limit are full long before. */
const MESSAGES_MAX = 2_000;

let port: OpenFlowPort;
afterEach(() => port.close());

/** Sends until no more is taken; answers how many were. Lets the kernel take what it will between the messages. */
async function fill(session: DatapathSession): Promise<number> {
  for (let sent = 0; sent < MESSAGES_MAX; sent++) {
    if (!session.send(BIG)) {
      // The kernels may just not have caught up.
      await port.turn();
      if (!session.send(BIG)) return sent;
    }
  }
  throw new Error('the output has no end');
}

async function admitDeaf(): Promise<{ session: DatapathSession; fake: FakeSwitch }> {
  const { session, fake } = await port.admit();
  fake.pauseReading();
  return { session, fake };
}

describe('Output', () => {
  it('to a switch that does not read is bounded, and flows again when it reads', async () => {
    port = await openOpenFlowPort({ limits: { maxOutputBytes: LIMIT } });
    const { session, fake } = await admitDeaf();
    const sent = await fill(session);
    expect(session.queuedBytes).toBeGreaterThan(LIMIT);
    expect(session.queuedBytes).toBeLessThan(LIMIT + 2 * 60_100);
    const before = session.queuedBytes;
    for (let i = 0; i < 1_000; i++) expect(session.send(BIG)).toBe(false);
    expect(session.queuedBytes).toBe(before);
    await expect(session.barrier()).rejects.toThrow('it does not read what it is sent');
    expect(session.closed).toBe(false);

    fake.resumeReading();
    for (let i = 0; i < sent; i++) await fake.next('packetOut');
    await session.barrier();
    expect(session.queuedBytes).toBe(0);
  });

  it('takes messages that are encoded already, in pieces, in order with the others', async () => {
    port = await openOpenFlowPort({});
    const { session, fake } = await port.admit();
    const bytes = encode(packetOut({ xid: 8, actions: [], data: Buffer.alloc(5) }));
    const [head, rest] = [bytes.subarray(0, 24), bytes.subarray(24)];
    session.send(packetOut({ xid: 7, actions: [], data: Buffer.alloc(0) }));
    expect(session.append(head, rest)).toBe(true);
    bytes.fill(0);
    session.send(packetOut({ xid: 9, actions: [], data: Buffer.alloc(0) }));
    const got = [await fake.next('packetOut'), await fake.next('packetOut'), await fake.next('packetOut')];
    expect(got.map(({ xid, data }) => [xid, data.length])).toEqual([
      [7, 0],
      [8, 5],
      [9, 0],
    ]);
    session.close('enough');
    expect(session.append(bytes)).toBe(false);
  });

  it('that is not read does not hold up what the switch sends', async () => {
    port = await openOpenFlowPort({ limits: { maxOutputBytes: LIMIT } });
    const { fake, session, events } = await port.admit();
    fake.pauseReading();
    await fill(session);
    fake.send(packetIn(1), packetIn(2));
    await events.filled(2);
    expect(events.items).toEqual([packetIn(1), packetIn(2)]);
  });

  it('to a peer that is nobody yet is small', async () => {
    port = await openOpenFlowPort({ limits: { maxHandshakeOutputBytes: 64 * 1024 } });
    const fake = await port.connect({ hello: undefined });
    fake.pauseReading();
    fake.send(hello());
    const echo = encode({ type: 'echoRequest', xid: 1, data: Buffer.alloc(60_000) });
    const flood = Buffer.concat(Array.from({ length: 200 }, () => echo));
    fake.sendBytes(flood);
    const { reason } = await port.closing(fake);
    expect(reason).toBe('it asks for echoes and does not read what it is sent');
  });

  it('that a chatty switch does not read for a minute ends the session', async () => {
    port = await openOpenFlowPort({ limits: { maxOutputBytes: LIMIT } });
    const { fake, session, events } = await port.admit();
    fake.pauseReading();
    await fill(session);
    for (let second = 0; second < 59; second++) {
      port.clock.advance(1_000);
      fake.send(packetIn(second));
      await events.next(({ type }) => type === 'packetIn');
    }
    await port.turn();
    expect(session.closed).toBe(false);
    port.clock.advance(6_000);
    const { level, reason } = await port.closing(fake);
    expect(level).toBe('warn');
    expect(reason).toMatch(/^it has not read for 6\d{4} ms, and \d+ bytes wait for it$/);
  });

  it('that a switch reads slowly, but reads, does not end the session', async () => {
    port = await openOpenFlowPort({ limits: { maxOutputBytes: LIMIT } });
    const { fake, session } = await admitDeaf();
    for (let round = 0; round < 4; round++) {
      const sent = await fill(session);
      for (let second = 0; second < 30; second++) {
        port.clock.advance(1_000);
        fake.send(packetIn(second));
        await port.turn();
      }
      // Between two looks at it all is read, and the output is full again.
      fake.resumeReading();
      for (let i = 0; i < sent; i++) await fake.next('packetOut');
      fake.pauseReading();
    }
    expect(session.closed).toBe(false);
  });

  it('to a switch that neither reads nor speaks ends as silence does', async () => {
    port = await openOpenFlowPort({ limits: { maxOutputBytes: LIMIT } });
    const { session, fake } = await admitDeaf();
    await fill(session);
    port.clock.advance(5_000);
    await port.turn();
    port.clock.advance(5_000);
    expect((await port.closing(fake)).reason).toBe('silent for 10000 ms, and it does not read what it is sent');
  });

  it('that nobody reads does not keep a closed connection for longer than 1 s', async () => {
    port = await openOpenFlowPort({ limits: { maxOutputBytes: LIMIT } });
    const { session, fake } = await admitDeaf();
    await fill(session);
    session.close('the test ends it');
    await port.closing(fake);
    let stopped = false;
    const stop = port.server.close().then(() => (stopped = true));
    port.clock.advance(999);
    await port.turn();
    expect(stopped).toBe(false);
    port.clock.advance(1);
    await stop;
  });
});
