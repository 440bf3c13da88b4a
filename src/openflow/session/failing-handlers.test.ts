import { afterEach, describe, expect, it } from 'vitest';
import { openOpenFlowPort } from '../../../test/support/openflow-port.ts';
import type { LogEntry, OpenFlowPort } from '../../../test/support/openflow-port.ts';
import { flowRemoved, packetIn, portStatus } from '../../../test/support/switch-messages.ts';
import { OFPET } from '../codec/index.ts';
import type { Message } from '../codec/index.ts';
import type { DatapathHandlers } from './datapath.ts';

const BAD = '0000000000000bad';
const bug = (): never => {
  throw new Error('a bug of ours');
};

let port: OpenFlowPort;
afterEach(() => port.close());

/** A port where the handlers of switch BAD fail in one way, and those of all others work. */
async function open(failing: Partial<DatapathHandlers>): Promise<void> {
  port = await openOpenFlowPort({
    onSession: (session, usual) => (session.dpid === BAD ? { ...usual, ...failing } : usual),
  });
}

async function expectOnlyBadEnded(message: Message): Promise<LogEntry> {
  const good = await port.admit({ dpid: 1n });
  const bad = await port.admit({ dpid: 0xbadn });
  good.fake.send(packetIn(1));
  bad.fake.send(packetIn(1), message, packetIn(2));
  await bad.fake.closed;
  good.fake.send(packetIn(2));
  await good.fake.roundTrip();
  expect(good.events.items).toEqual([packetIn(1), packetIn(2)]);
  expect(port.server.session(BAD)).toBeUndefined();
  // The next one finds the port as it was.
  await port.connect({ dpid: 0xbadn });
  await port.sessions.next(({ session }) => session.dpid === BAD);
  return port.closing(bad.fake);
}

describe('A handler that throws', () => {
  it.each<[keyof DatapathHandlers, Message]>([
    ['portStatus', portStatus(1)],
    ['flowRemoved', flowRemoved(1)],
    ['flowMonitor', { type: 'flowMonitorPaused', xid: 0 }],
    ['error', { type: 'error', xid: 77, errorType: OFPET.BAD_ACTION, code: 0, data: Buffer.alloc(0) }],
  ])('ends its own session only: %s', async (name, message) => {
    await open({ [name]: bug });
    const line = await expectOnlyBadEnded(message);
    expect(line).toMatchObject({ level: 'error', dpid: BAD, err: { message: 'a bug of ours' } });
    expect(line.reason).toBe('the controller failed at a message of this switch: a bug of ours');
  });

  it('ends its own session only: packetIn, with the stack in the log', async () => {
    await open({ packetIn: ({ match }) => (match.inPort === 66 ? bug() : undefined) });
    const { err } = await expectOnlyBadEnded({ ...packetIn(3), match: { inPort: 66 } });
    expect(err).toMatchObject({ stack: expect.stringContaining('failing-handlers.test.ts') });
  });

  it('ends its own session only: at an event that came before admission', async () => {
    await open({ portStatus: bug });
    const bad = await port.connect({ dpid: 0xbadn, answers: { multipartRequest: earlyPortStatus } });
    const line = await port.closing(bad);
    expect(line).toMatchObject({ level: 'error', dpid: BAD, err: { message: 'a bug of ours' } });
    await port.admit({ dpid: 1n });
  });

  it('is told in the log where it fails at the end, once the session is gone', async () => {
    await open({ closed: bug });
    const bad = await port.admit({ dpid: 0xbadn });
    await bad.fake.end();
    await port.closing(bad.fake);
    const line = await port.log.next(({ level }) => level === 'error');
    expect(line).toMatchObject({ dpid: BAD, err: { message: 'a bug of ours' } });
    expect(port.server.session(BAD)).toBeUndefined();
    await port.admit({ dpid: 0xbadn });
  });

  it('leaves no session behind where it fails to take one in', async () => {
    let failing = true;
    port = await openOpenFlowPort({ onSession: (_, usual) => (failing ? bug() : usual) });
    const fake = await port.connect();
    const line = await port.closing(fake);
    expect(line).toMatchObject({ level: 'error', err: { message: 'a bug of ours' } });
    expect(line.reason).toContain('the controller failed to take the switch in: a bug of ours');
    expect(port.server.session('0000000000000001')).toBeUndefined();
    failing = false;
    const { session } = await port.admit();
    expect(port.server.session('0000000000000001')).toBe(session);
  });

  it('is told that the session closed also where it closed it before anybody listened', async () => {
    const closings: string[] = [];
    port = await openOpenFlowPort({
      onSession: (session, usual) => {
        session.close('not wanted here');
        return { ...usual, closed: (reason) => closings.push(reason) };
      },
    });
    const fake = await port.connect();
    await fake.closed;
    expect((await port.closing(fake)).reason).toBe('not wanted here');
    expect(closings).toEqual(['not wanted here']);
  });
});

function earlyPortStatus({ xid, kind }: Extract<Message, { type: 'multipartRequest' }>): readonly Message[] {
  const header = { type: 'multipartReply', xid, more: false } as const;
  const desc = { mfrDesc: '', hwDesc: '', swDesc: '', serialNum: '', dpDesc: '' };
  return kind === 'desc'
    ? [{ ...header, kind, body: desc }]
    : [portStatus(1), { ...header, kind: 'portDesc', body: [] }];
}
