import { afterEach, describe, expect, it } from 'vitest';
import { openOpenFlowPort } from '../../../test/support/openflow-port.ts';
import type { OpenFlowPort } from '../../../test/support/openflow-port.ts';
import { packetIn } from '../../../test/support/switch-messages.ts';

let port: OpenFlowPort;
afterEach(() => port.close());

describe('Echo', () => {
  it('is answered with the same xid and data', async () => {
    port = await openOpenFlowPort();
    const { fake } = await port.admit();
    const data = Buffer.from('any bytes at all');
    fake.send({ type: 'echoRequest', xid: 0xabcdef, data });
    expect(await fake.next('echoReply')).toEqual({ type: 'echoReply', xid: 0xabcdef, data });
  });

  it('is answered in the handshake too', async () => {
    port = await openOpenFlowPort();
    const fake = await port.connect({ answers: { multipartRequest: () => [] } });
    await fake.roundTrip();
    expect(port.sessions.items).toEqual([]);
  });

  it('is asked for after 5 s of silence, and its answer keeps the session', async () => {
    port = await openOpenFlowPort();
    const { fake, session } = await port.admit();
    for (let round = 0; round < 3; round++) {
      port.clock.advance(4_999);
      await port.turn();
      await markedEnd();
      port.clock.advance(1);
      await fake.next('echoRequest');
      await port.turn();
    }
    expect(session.closed).toBe(false);

    /** What is sent now comes behind an echo request, had there been one: none came before. */
    async function markedEnd(): Promise<void> {
      const xid = session.nextXid();
      session.send({ type: 'setConfig', xid, flags: 0, missSendLen: 0 });
      await fake.next('setConfig', (message) => message.xid === xid);
      expect(fake.received.filter(({ type }) => type === 'echoRequest')).toEqual([]);
    }
  });

  it('unanswered for 5 s ends the session, and the log says so', async () => {
    port = await openOpenFlowPort();
    const { fake, session, events } = await port.admit({ answers: { echoRequest: () => [] } });
    port.clock.advance(5_000);
    await fake.next('echoRequest');
    port.clock.advance(4_999);
    await port.turn();
    expect(session.closed).toBe(false);
    port.clock.advance(1);
    await fake.closed;
    const { level, reason, dpid } = await port.closing(fake);
    expect({ level, dpid }).toEqual({ level: 'warn', dpid: '0000000000000001' });
    expect(reason).toContain('no answer to an echo request within 5000 ms');
    expect(events.items).toEqual([{ type: 'closed', reason }]);
    expect(port.server.session('0000000000000001')).toBeUndefined();
  });

  it('is not needed while the switch says anything else', async () => {
    port = await openOpenFlowPort();
    const { fake, session } = await port.admit({ answers: { echoRequest: () => [] } });
    port.clock.advance(5_000);
    await fake.next('echoRequest');
    for (let i = 0; i < 10; i++) {
      port.clock.advance(3_000);
      fake.send(packetIn(i));
      await fake.roundTrip();
    }
    expect(session.closed).toBe(false);
    expect(fake.received.filter(({ type }) => type === 'echoRequest')).toEqual([]);
  });

  it('leaves no timer behind a session that ended', async () => {
    port = await openOpenFlowPort();
    const { fake } = await port.admit();
    await fake.end();
    await port.closing(fake);
    port.clock.advance(60_000);
    await port.turn();
    expect(port.log.items).toEqual([]);
  });
});
