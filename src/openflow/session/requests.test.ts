import { describe, expect, it } from 'vitest';
import { flowStats, packetIn, portStatus } from '../../../test/support/switch-messages.ts';
import { UnavailableError } from '../../core/errors.ts';
import { createManualClock } from '../../core/manual-clock.ts';
import type { ManualClock } from '../../core/manual-clock.ts';
import { flowStatsRequest, multipartRequest, OFPBRC, OFPET, OFPFMFC } from '../codec/index.ts';
import type { Message, MultipartReply } from '../codec/index.ts';
import { SESSION_LIMITS } from './limits.ts';
import type { SessionLimits } from './limits.ts';
import { OpenFlowError, Requests } from './requests.ts';

const BYTES = 100;

function open(limits: Partial<SessionLimits> = {}): { requests: Requests; clock: ManualClock } {
  const clock = createManualClock();
  return { clock, requests: new Requests(clock, { ...SESSION_LIMITS, ...limits }) };
}

const barrier = (xid: number): Message => ({ type: 'barrierRequest', xid });
const barrierReply = (xid: number): Message => ({ type: 'barrierReply', xid });
const flows = (xid: number): Message => multipartRequest('flow', flowStatsRequest(), xid);

function flowPart(xid: number, more: boolean, count: number, firstPriority = 0): MultipartReply {
  return { type: 'multipartReply', xid, kind: 'flow', more, body: flowStats(count, firstPriority) };
}

function prioritiesOf(message: Message): number[] {
  if (message.type !== 'multipartReply' || message.kind !== 'flow') throw new Error(`got ${message.type}`);
  return message.body.map(({ priority }) => priority);
}

describe('Requests', () => {
  it('are settled by their xid, in whatever order the answers come', async () => {
    const { requests } = open();
    const answers = [1, 2, 3].map((xid) => requests.expect(barrier(xid)));
    for (const xid of [3, 1, 2]) expect(requests.receive(barrierReply(xid), BYTES)).toBe(true);
    expect(await Promise.all(answers)).toEqual([1, 2, 3].map(barrierReply));
    expect(requests.size).toBe(0);
    expect(requests.receive(barrierReply(1), BYTES)).toBe(false);
  });

  it('are not settled by what a switch tells unasked, whatever its xid', async () => {
    const { requests } = open();
    const answer = requests.expect(barrier(5));
    for (const event of [packetIn(1), portStatus(1), barrier(5)]) {
      expect(requests.receive({ ...event, xid: 5 }, BYTES)).toBe(false);
    }
    requests.receive(barrierReply(5), BYTES);
    expect(await answer).toEqual(barrierReply(5));
  });

  it('fail after their time, and only then', async () => {
    const { requests, clock } = open({ requestTimeoutMs: 1_000 });
    const usual = requests.expect(barrier(1));
    const patient = requests.expect(barrier(2), { timeoutMs: 5_000 });
    clock.advance(999);
    expect(requests.size).toBe(2);
    clock.advance(1);
    await expect(usual).rejects.toEqual(new UnavailableError('no answer to barrierRequest within 1000 ms'));
    clock.advance(4_000);
    await expect(patient).rejects.toThrow('no answer to barrierRequest within 5000 ms');
    expect(requests.size).toBe(0);
  });

  it('have no timer left once they are settled: the same xid can be used again', async () => {
    const { requests, clock } = open({ requestTimeoutMs: 1_000 });
    const first = requests.expect(barrier(1));
    requests.receive(barrierReply(1), BYTES);
    await first;
    clock.advance(600);
    const second = requests.expect(barrier(1));
    clock.advance(600);
    requests.receive(barrierReply(1), BYTES);
    expect(await second).toEqual(barrierReply(1));
  });

  it('fail with the name of the error that the switch answers', async () => {
    const { requests } = open();
    const answer = requests.expect(barrier(9));
    const { FLOW_MOD_FAILED } = OFPET;
    const data = Buffer.alloc(0);
    requests.receive({ type: 'error', xid: 9, errorType: FLOW_MOD_FAILED, code: OFPFMFC.TABLE_FULL, data }, BYTES);
    const error = await answer.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(OpenFlowError);
    expect(error).toMatchObject({
      errorType: FLOW_MOD_FAILED,
      code: OFPFMFC.TABLE_FULL,
      message: 'the switch refused the request: FLOW_MOD_FAILED/TABLE_FULL',
    });
  });

  it('tell what stands against another one: too many, or an xid in use', () => {
    const { requests } = open({ maxPendingRequests: 2 });
    void requests.expect(barrier(1));
    expect(requests.obstacle(1)).toBe('a request with its xid 1 waits already');
    expect(requests.obstacle(2)).toBeUndefined();
    void requests.expect(barrier(2));
    expect(requests.obstacle(3)).toBe('2 requests already wait for this switch');
    requests.receive(barrierReply(1), BYTES);
    expect(requests.obstacle(3)).toBeUndefined();
  });

  it('all fail when the session ends', async () => {
    const { requests, clock } = open();
    const answers = Promise.allSettled([requests.expect(barrier(1)), requests.expect(flows(2))]);
    requests.receive(flowPart(2, true, 1), BYTES);
    requests.failAll('the switch closed the connection');
    expect(await answers).toMatchObject([
      { reason: new UnavailableError('barrierRequest has no answer: the switch closed the connection') },
      { reason: new UnavailableError('multipartRequest (flow) has no answer: the switch closed the connection') },
    ]);
    expect(requests.size).toBe(0);
    clock.advance(60_000);
  });

  it('fail at once where their answer cannot be read', async () => {
    const { requests } = open();
    const answer = requests.expect(flows(4));
    requests.unreadable(3, 'of somebody else');
    expect(requests.size).toBe(1);
    requests.unreadable(4, 'a bad match');
    await expect(answer).rejects.toThrow('the answer to multipartRequest (flow) cannot be read: a bad match');
  });
});

describe('Multipart replies', () => {
  it('are joined from their parts, in order, also where others come between', async () => {
    const { requests } = open();
    const one = requests.expect(flows(1));
    const two = requests.expect(flows(2));
    requests.receive(flowPart(1, true, 2, 10), BYTES);
    requests.receive(flowPart(2, true, 1, 50), BYTES);
    requests.receive(flowPart(1, true, 0), BYTES);
    requests.receive(flowPart(2, false, 0), BYTES);
    requests.receive(flowPart(1, false, 3, 12), BYTES);
    expect(prioritiesOf(await one)).toEqual([10, 11, 12, 13, 14]);
    expect(prioritiesOf(await two)).toEqual([50]);
  });

  it('are given up over the byte cap of one reply', async () => {
    const { requests } = open();
    const answer = requests.expect(flows(1), { maxBytes: 3 * BYTES });
    for (let i = 0; i < 3; i++) expect(requests.receive(flowPart(1, true, 1), BYTES)).toBe(true);
    expect(requests.size).toBe(1);
    requests.receive(flowPart(1, true, 1), BYTES);
    await expect(answer).rejects.toThrow('the answer to multipartRequest (flow) is too long, over 300 bytes');
    expect(requests.receive(flowPart(1, true, 1), BYTES)).toBe(false);
  });

  it('share one byte cap, which is free again when they are done', async () => {
    const { requests } = open({ maxMultipartBytes: 3 * BYTES });
    const one = requests.expect(flows(1));
    const two = requests.expect(flows(2));
    requests.receive(flowPart(1, true, 1, 1), BYTES);
    requests.receive(flowPart(1, true, 1, 2), BYTES);
    requests.receive(flowPart(2, true, 1, 3), BYTES);
    requests.receive(flowPart(2, true, 1, 4), BYTES);
    await expect(two).rejects.toThrow('too long, with others over 300 bytes');
    requests.receive(flowPart(1, false, 1, 5), BYTES);
    expect(prioritiesOf(await one)).toEqual([1, 2, 5]);
    const three = requests.expect(flows(3));
    for (let i = 0; i < 3; i++) requests.receive(flowPart(3, i < 2, 1, i), BYTES);
    expect(prioritiesOf(await three)).toEqual([0, 1, 2]);
  });

  it('of another kind, or to a request of another type, fail it', async () => {
    const { requests } = open();
    const asked = requests.expect(flows(1));
    requests.receive({ type: 'multipartReply', xid: 1, kind: 'portDesc', more: true, body: [] }, BYTES);
    await expect(asked).rejects.toThrow('the switch answered a multipart portDesc to multipartRequest (flow)');
    const barred = requests.expect(barrier(2));
    requests.receive(flowPart(2, true, 1), BYTES);
    await expect(barred).rejects.toThrow('the switch answered a multipart flow to barrierRequest');
  });

  it('refused by an ERROR in the middle fail', async () => {
    const { requests } = open();
    const answer = requests.expect(flows(1));
    requests.receive(flowPart(1, true, 1), BYTES);
    const { BAD_REQUEST } = OFPET;
    const code = OFPBRC.MULTIPART_BUFFER_OVERFLOW;
    requests.receive({ type: 'error', xid: 1, errorType: BAD_REQUEST, code, data: Buffer.alloc(0) }, BYTES);
    await expect(answer).rejects.toThrow('BAD_REQUEST/MULTIPART_BUFFER_OVERFLOW');
  });
});
