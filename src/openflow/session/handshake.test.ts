import { afterEach, describe, expect, it } from 'vitest';
import { fakePort } from '../../../test/support/fake-switch.ts';
import { openOpenFlowPort } from '../../../test/support/openflow-port.ts';
import type { OpenFlowPort, OpenFlowPortOptions } from '../../../test/support/openflow-port.ts';
import { flowRemoved, packetIn, portStatus } from '../../../test/support/switch-messages.ts';
import type { Message } from '../codec/index.ts';
import { OFPET } from '../codec/index.ts';

let port: OpenFlowPort;
afterEach(() => port.close());

async function open(options?: OpenFlowPortOptions): Promise<void> {
  port = await openOpenFlowPort(options);
}

/** The usual answer to DESC and PORT_DESC, and then `behind`. */
function described(xid: number, kind: string, behind: readonly Message[]): readonly Message[] {
  const body = { mfrDesc: 'm', hwDesc: 'h', swDesc: 's', serialNum: 'n', dpDesc: 'd' };
  if (kind === 'desc') return [{ type: 'multipartReply', xid, kind, more: false, body }];
  return [{ type: 'multipartReply', xid, kind: 'portDesc', more: false, body: [fakePort(1)] }, ...behind];
}

describe('A handshake', () => {
  it('describes the datapath', async () => {
    await open();
    const ports = Array.from({ length: 2_000 }, (_, i) => fakePort(i + 1));
    // PORT_DESC in parts, as a switch of more than a thousand ports has to send it.
    const parts = [ports.slice(0, 900), [], ports.slice(900, 1_800), ports.slice(1_800)];
    const { session, fake } = await port.admit({
      dpid: 0xfedcba9876543210n,
      answers: {
        multipartRequest: ({ xid, kind }) =>
          kind === 'desc'
            ? described(xid, kind, [])
            : parts.map((body, i) => ({ type: 'multipartReply', xid, kind: 'portDesc', more: i < 3, body })),
      },
    });
    expect(session.dpid).toBe('fedcba9876543210');
    expect(session.remoteAddress).toBe(fake.address);
    expect(session.description.features).toMatchObject({ nTables: 254, nBuffers: 0 });
    expect(session.description.desc).toMatchObject({ mfrDesc: 'm', hwDesc: 'h', swDesc: 's' });
    expect(session.description.ports).toEqual(ports);
    expect(port.server.session('fedcba9876543210')).toBe(session);
    expect(await fake.next('setConfig')).toMatchObject({ flags: 0, missSendLen: 0xffff });
  });

  it('has a deadline of 10 s from HELLO on', async () => {
    await open();
    const fake = await port.connect({ answers: { multipartRequest: () => [] } });
    await fake.next('multipartRequest');
    port.clock.advance(9_999);
    await fake.roundTrip();
    port.clock.advance(1);
    await fake.closed;
    const { level, reason, dpid } = await port.closing(fake);
    expect(level).toBe('warn');
    expect(dpid).toBe('0000000000000001');
    expect(reason).toContain('the handshake took longer than 10000 ms');
    expect(port.sessions.items).toEqual([]);
  });

  it('refuses auxiliary connections, telling what to do', async () => {
    await open();
    const fake = await port.connect({ features: { auxiliaryId: 3 } });
    await fake.closed;
    expect((await port.closing(fake)).reason).toContain('auxiliary connection 3 of switch 0000000000000001');
    expect(port.sessions.items).toEqual([]);
  });

  it('ends where the switch refuses a request of it', async () => {
    await open();
    const fake = await port.connect({
      answers: {
        featuresRequest: ({ xid }) => [
          { type: 'error', xid, errorType: OFPET.BAD_REQUEST, code: 5, data: Buffer.alloc(0) },
        ],
      },
    });
    expect((await port.closing(fake)).reason).toBe(
      'the handshake failed: the switch refused the request: BAD_REQUEST/EPERM',
    );
  });

  it('ends where the features are answered with something else', async () => {
    await open();
    const fake = await port.connect({ answers: { featuresRequest: ({ xid }) => [{ type: 'barrierReply', xid }] } });
    expect((await port.closing(fake)).reason).toContain('barrierReply came instead of the features');
  });

  it('ends where the ports are more than any switch has', async () => {
    await open({ limits: { maxHandshakeBytes: 1_200 } });
    const ports = Array.from({ length: 20 }, (_, i) => fakePort(i + 1));
    const fake = await port.connect({ ports });
    expect((await port.closing(fake)).reason).toContain('the answer to multipartRequest (portDesc) is too long');
  });

  it('leaves no request waiting where the switch goes away in it', async () => {
    await open();
    const fake = await port.connect({ answers: { multipartRequest: () => [] } });
    await fake.next('multipartRequest');
    await fake.end();
    expect(await port.closing(fake)).toMatchObject({ level: 'info', reason: 'the switch closed the connection' });
    expect(port.sessions.items).toEqual([]);
  });
});

describe('Events before admission', () => {
  const events = [packetIn(1), portStatus(1), flowRemoved(7), packetIn(2), portStatus(2)];

  it('are kept, and come in order before those after it', async () => {
    await open();
    const { fake, events: told } = await port.admit({
      answers: { multipartRequest: ({ xid, kind }) => described(xid, kind, events) },
    });
    fake.send(packetIn(3));
    await fake.roundTrip();
    expect(told.items).toEqual([...events, packetIn(3)]);
  });

  it('lose packets, but nothing else, where they are too many', async () => {
    await open({ limits: { maxEarlyMessages: 3 } });
    const { events: told } = await port.admit({
      answers: {
        multipartRequest: ({ xid, kind }) =>
          described(xid, kind, [portStatus(1), packetIn(1), portStatus(2), packetIn(2), packetIn(3)]),
      },
    });
    expect(told.items).toEqual([portStatus(1), packetIn(1), portStatus(2)]);
  });

  it('end the connection where they are too many and cannot be lost', async () => {
    await open({ limits: { maxEarlyMessages: 3 } });
    const fake = await port.connect({ answers: { multipartRequest: () => [1, 2, 3, 4].map(portStatus) } });
    expect((await port.closing(fake)).reason).toContain('too many events before the handshake ended');
  });

  it('are bounded in bytes too', async () => {
    await open({ limits: { maxEarlyBytes: 300 } });
    const { events: told } = await port.admit({
      answers: { multipartRequest: ({ xid, kind }) => described(xid, kind, [1, 2, 3, 4, 5].map(packetIn)) },
    });
    expect(told.items).toEqual([packetIn(1), packetIn(2)]);
  });

  it('do not fill the room with messages that nobody will hear', async () => {
    await open({ limits: { maxEarlyMessages: 1 } });
    const chatter: Message[] = [2, 3, 4].map((xid) => ({ type: 'barrierReply', xid: 1_000 + xid }));
    const { events: told } = await port.admit({
      answers: { multipartRequest: ({ xid, kind }) => described(xid, kind, [...chatter, portStatus(1)]) },
    });
    expect(told.items).toEqual([portStatus(1)]);
  });

  it('are told no further once the session is closed', async () => {
    await open({
      onSession: (session, usual) => ({
        ...usual,
        packetIn: (message) => {
          usual.packetIn(message);
          session.close('enough');
        },
      }),
    });
    const fake = await port.connect({ answers: { multipartRequest: ({ xid, kind }) => described(xid, kind, events) } });
    await port.closing(fake);
    const { events: told } = await port.sessions.next(() => true);
    expect(told.items).toEqual([packetIn(1), { type: 'closed', reason: 'enough' }]);
  });
});
