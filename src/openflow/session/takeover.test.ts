import { afterEach, describe, expect, it } from 'vitest';
import { openOpenFlowPort } from '../../../test/support/openflow-port.ts';
import type { OpenFlowPort } from '../../../test/support/openflow-port.ts';
import { packetIn } from '../../../test/support/switch-messages.ts';

const DPID = '0000000000000001';
const DEAF = { answers: { echoRequest: () => [] } };

let port: OpenFlowPort;
afterEach(() => port.close());

describe('A second connection of one dpid', () => {
  it('is refused while the first one lives, which notices nothing', async () => {
    port = await openOpenFlowPort();
    const first = await port.admit();
    const second = await port.connect();
    await second.closed;
    const { level, reason, dpid } = await port.closing(second);
    expect({ level, dpid }).toEqual({ level: 'warn', dpid: DPID });
    expect(reason).toBe(
      `switch ${DPID} is connected already from ${first.fake.address}; give each switch its own datapath id`,
    );
    expect(port.server.session(DPID)).toBe(first.session);
    expect(port.sessions.items).toEqual([]);
    expect(first.events.items).toEqual([]);
    first.fake.send(packetIn(1));
    await first.events.next(({ type }) => type === 'packetIn');
  });

  it('takes over where the first one does not answer within 1 s', async () => {
    port = await openOpenFlowPort();
    const first = await port.admit(DEAF);
    const second = await port.connect();
    await first.fake.next('echoRequest');
    port.clock.advance(999);
    await port.turn();
    expect(port.sessions.items).toEqual([]);
    port.clock.advance(1);
    const { session, events } = await port.sessions.next(() => true);
    expect(session.remoteAddress).toBe(second.address);
    expect((await port.closing(first.fake)).reason).toContain('a new connection took its place');
    expect(first.events.items).toMatchObject([{ type: 'closed' }]);
    // The end of the first one must not take the second one's place away.
    await first.fake.closed;
    expect(port.server.session(DPID)).toBe(session);
    second.send(packetIn(1));
    await events.next(({ type }) => type === 'packetIn');
  });

  it('is refused where the first one says anything else in time: it may be too busy for echoes', async () => {
    port = await openOpenFlowPort({ limits: { maxPendingRequests: 2 } });
    const first = await port.admit({ answers: { echoRequest: () => [], barrierRequest: () => [] } });
    // No further request has room; whether the session lives is another question.
    const waiting = Promise.all([first.session.barrier(), first.session.barrier()]);
    const second = await port.connect();
    await first.fake.next('echoRequest');
    port.clock.advance(900);
    first.fake.send(packetIn(1));
    expect((await port.closing(second)).reason).toContain('is connected already');
    for (let i = 0; i < 2; i++) {
      const { xid } = await first.fake.next('barrierRequest');
      first.fake.send({ type: 'barrierReply', xid });
    }
    await waiting;
  });

  it('races a third one: one of them gets the place, the other is refused', async () => {
    port = await openOpenFlowPort();
    const first = await port.admit(DEAF);
    const rivals = await Promise.all([port.connect(), port.connect()]);
    await Promise.all(rivals.map((rival) => rival.next('multipartRequest', ({ kind }) => kind === 'portDesc')));
    await Promise.all(rivals.map((rival) => rival.roundTrip()));
    port.clock.advance(1_000);
    const { session } = await port.sessions.next(() => true);
    const loser = rivals.find(({ address }) => address !== session.remoteAddress);
    if (!loser) throw new Error('nobody lost');
    expect((await port.closing(loser)).reason).toBe(`another connection of switch ${DPID} came first`);
    expect(port.sessions.items).toEqual([]);
    expect(port.server.session(DPID)).toBe(session);
    await session.barrier();
    // Both asked for the first one's life, and it was asked once.
    await first.fake.closed;
    expect(first.fake.received.filter(({ type }) => type === 'echoRequest').length).toBe(1);
  });

  it('that goes away while it waits changes nothing', async () => {
    port = await openOpenFlowPort();
    const first = await port.admit(DEAF);
    const second = await port.connect();
    await first.fake.next('echoRequest');
    await second.end();
    await port.closing(second);
    port.clock.advance(1_000);
    await port.turn();
    expect(port.server.session(DPID)).toBe(first.session);
    expect(first.session.closed).toBe(false);
    expect(port.sessions.items).toEqual([]);
  });

  it('is let in at once where the first one has ended', async () => {
    port = await openOpenFlowPort();
    const first = await port.admit(DEAF);
    await first.fake.end();
    await port.closing(first.fake);
    const { session } = await port.admit();
    expect(port.server.session(DPID)).toBe(session);
  });

  it('is let in at once where the first one ends while it is asked', async () => {
    port = await openOpenFlowPort();
    const first = await port.admit(DEAF);
    const second = await port.connect();
    await first.fake.next('echoRequest');
    first.fake.reset();
    const { session } = await port.sessions.next(() => true);
    expect(session.remoteAddress).toBe(second.address);
    expect(port.server.session(DPID)).toBe(session);
  });
});
