import { afterEach, describe, expect, it } from 'vitest';
import { openOpenFlowPort } from '../../../test/support/openflow-port.ts';
import type { OpenFlowPort } from '../../../test/support/openflow-port.ts';
import { flowStats, packetIn } from '../../../test/support/switch-messages.ts';
import { UnavailableError } from '../../core/errors.ts';
import { flowMod, flowStatsRequest, OFPET, OFPFMF, OFPP, OFPTT } from '../codec/index.ts';
import type { Message, MultipartReply } from '../codec/index.ts';

let port: OpenFlowPort;
afterEach(() => port.close());

describe('A session', () => {
  it('gives its requests different xids, and each the answer of its own', async () => {
    port = await openOpenFlowPort();
    const { session } = await port.admit();
    await Promise.all(Array.from({ length: 200 }, () => session.barrier()));
    const config = session.nextXid();
    await expect(session.request({ type: 'barrierRequest', xid: config })).resolves.toEqual({
      type: 'barrierReply',
      xid: config,
    });
  });

  it('joins a multipart reply over the wire', async () => {
    port = await openOpenFlowPort();
    const { session } = await port.admit();
    const fake = await port.connect({
      dpid: 2n,
      answers: { multipartRequest: (request) => answer(request.xid, request.kind) },
    });
    const { session: second } = await port.sessions.next(({ session }) => session.dpid.endsWith('2'));
    const flows = await second.multipart('flow', flowStatsRequest());
    expect(flows.map(({ priority }) => priority)).toEqual(Array.from({ length: 2_500 }, (_, i) => i));
    expect(await session.multipart('flow', flowStatsRequest())).toEqual([]);
    expect(fake.isClosed).toBe(false);

    function answer(xid: number, kind: string): readonly Message[] {
      const header = { type: 'multipartReply', xid } as const;
      const desc = { mfrDesc: '', hwDesc: '', swDesc: '', serialNum: '', dpDesc: '' };
      if (kind === 'desc') return [{ ...header, kind, more: false, body: desc }];
      if (kind === 'portDesc') return [{ ...header, kind, more: false, body: [] }];
      return [0, 1, 2, 3, 4].map((i): MultipartReply => ({
        ...header,
        kind: 'flow',
        more: i < 4,
        body: flowStats(500, 500 * i),
      }));
    }
  });

  it('rejects a request that the switch leaves without an answer, by the clock it was given', async () => {
    port = await openOpenFlowPort();
    const { session, fake } = await port.admit({ answers: { barrierRequest: () => [] } });
    const barrier = session.barrier({ timeoutMs: 2_000 });
    await fake.next('barrierRequest');
    port.clock.advance(2_000);
    await expect(barrier).rejects.toEqual(new UnavailableError('no answer to barrierRequest within 2000 ms'));
    expect(session.closed).toBe(false);
  });

  it('hands errors that answer no request to its handlers, and others to the request', async () => {
    port = await openOpenFlowPort();
    const refuse = (xid: number): readonly Message[] => [
      { type: 'error', xid, errorType: OFPET.BAD_REQUEST, code: 1, data: Buffer.alloc(8) },
    ];
    const { session, fake, events } = await port.admit({
      answers: { barrierRequest: ({ xid }) => refuse(xid), flowMod: ({ xid }) => refuse(xid) },
    });
    await expect(session.barrier()).rejects.toThrow('BAD_REQUEST/BAD_TYPE');
    const xid = session.nextXid();
    session.send(flowMod({ xid }));
    await fake.next('flowMod');
    await fake.roundTrip();
    expect(events.items).toMatchObject([{ type: 'error', xid, errorType: OFPET.BAD_REQUEST }]);
  });

  it('hands on what a switch tells of its flows unasked, and takes its answer to the question for an answer', async () => {
    port = await openOpenFlowPort();
    const { session, fake, events } = await port.admit();
    const request = { monitorId: 1, flags: OFPFMF.ADD, outPort: OFPP.ANY, tableId: OFPTT.ALL, match: {} };
    await expect(session.multipart('flowMonitor', [request])).resolves.toEqual([]);
    const told: readonly Message[] = [
      { type: 'multipartReply', xid: 0, kind: 'flowMonitor', more: false, body: [{ type: 'abbrev', xid: 7 }] },
      { type: 'flowMonitorPaused', xid: 0 },
      { type: 'flowMonitorResumed', xid: 0 },
    ];
    fake.send(...told, { type: 'multipartReply', xid: 0, kind: 'flow', more: false, body: [] });
    await fake.roundTrip();
    expect(events.items).toEqual(told);
  });

  it('sends nothing of a request over the limit of those in flight', async () => {
    port = await openOpenFlowPort({ limits: { maxPendingRequests: 3 } });
    const { session, fake } = await port.admit({ answers: { barrierRequest: () => [] } });
    const waiting = Promise.allSettled([session.barrier(), session.barrier(), session.barrier()]);
    await expect(session.barrier()).rejects.toThrow(
      'barrierRequest was not sent to the switch: 3 requests already wait for this switch; try again later',
    );
    fake.send(
      ...(await Promise.all([1, 2, 3].map(() => fake.next('barrierRequest')))).map(
        ({ xid }) => ({ type: 'barrierReply', xid }) as const,
      ),
    );
    expect((await waiting).map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled']);
    await fake.roundTrip();
    expect(fake.received.filter(({ type }) => type === 'barrierRequest')).toEqual([]);
  });

  it('rejects a request that cannot be encoded, and stays as it was', async () => {
    port = await openOpenFlowPort();
    const { session, fake } = await port.admit();
    const wrong = session.request(flowMod({ xid: session.nextXid(), priority: 70_000 }));
    await expect(wrong).rejects.toThrow('flowMod.priority is 70000');
    await session.barrier();
    expect(fake.received.filter(({ type }) => type === 'flowMod')).toEqual([]);
  });

  it('rejects all requests when it is lost, and every one after that', async () => {
    port = await openOpenFlowPort();
    const { session, fake, events } = await port.admit({ answers: { barrierRequest: () => [] } });
    const waiting = Promise.allSettled([session.barrier(), session.barrier()]);
    await fake.next('barrierRequest');
    fake.reset();
    const reasons = (await waiting).map((result) => (result.status === 'rejected' ? result.reason : result));
    expect(reasons).toEqual([expect.any(UnavailableError), expect.any(UnavailableError)]);
    await expect(session.barrier()).rejects.toThrow('its session is gone');
    expect(session.send(flowMod({}))).toBe(false);
    expect(await session.alive()).toBe(false);
    expect(events.items).toMatchObject([{ type: 'closed' }]);
    expect(await port.closing(fake)).toMatchObject({ dpid: session.dpid });
  });

  it('sends what was sent in one turn in order, and before it closes', async () => {
    port = await openOpenFlowPort();
    const { session, fake } = await port.admit();
    const priorities = Array.from({ length: 1_000 }, (_, i) => i);
    for (const priority of priorities) session.send(flowMod({ priority }));
    session.close('the test ends it');
    await fake.closed;
    const got = fake.received.flatMap((message) => (message.type === 'flowMod' ? [message.priority] : []));
    expect(got).toEqual(priorities);
    expect(await port.closing(fake)).toMatchObject({ level: 'warn', reason: 'the test ends it' });
  });

  it('tells nothing after it told that it closed', async () => {
    port = await openOpenFlowPort({
      onSession: (session, usual) => ({
        ...usual,
        packetIn: (message) => {
          usual.packetIn(message);
          session.close('enough');
        },
      }),
    });
    const { fake, events } = await port.admit();
    fake.send(packetIn(1), packetIn(2), packetIn(3));
    await fake.closed;
    expect(events.items.map(({ type }) => type)).toEqual(['packetIn', 'closed']);
  });
});
