import { describe, expect, it } from 'vitest';
import { formatDpid } from '../core/ids.ts';
import { createManualClock } from '../core/manual-clock.ts';
import { TABLES } from '../flows/pipeline.ts';
import { OFPP } from '../openflow/codec/index.ts';
import type { FlowStats, Message, PortStats } from '../openflow/codec/index.ts';
import type { DatapathSession } from '../openflow/session/datapath.ts';
import { createCounters, createWire } from './wire.ts';

const S1 = formatDpid(1n);
const GONE = formatDpid(2n);
const M = 0x0200_0000_0001;

function start() {
  const clock = createManualClock();
  const sent: Message[] = [];
  const asked: unknown[] = [];
  let full = false;
  let answer: () => Promise<Message> = () => Promise.resolve({ type: 'echoReply', xid: 1, data: Buffer.alloc(0) });
  let answers: Promise<(Pick<FlowStats, 'packetCount'> | Pick<PortStats, 'portNo' | 'rxPackets'>)[]> = Promise.resolve(
    [],
  );
  const session = {
    nextXid: () => 7,
    send: (message: Message) => {
      if (!full) sent.push(message);
      return !full;
    },
    request: (message: Message) => {
      sent.push(message);
      return answer();
    },
    multipart: (_: string, body: unknown) => {
      asked.push(body);
      return answers;
    },
  } as unknown as DatapathSession;
  const sessionOf = (dpid: string): DatapathSession | undefined => (dpid === S1 ? session : undefined);
  const wire = createWire(sessionOf, clock);
  const counters = createCounters(sessionOf);
  return {
    clock,
    sent,
    asked,
    wire,
    fill: () => {
      full = true;
    },
    answering: (how: typeof answer) => {
      answer = how;
    },
    counts: (how: typeof answers) => {
      answers = how;
    },
    roundTrip: (dpid: string) => new Promise((resolve) => wire.roundTrip(dpid, resolve)),
    received: (dpid: string) => new Promise((resolve) => counters.received({ dpid, port: 3 }, resolve)),
    framesFrom: (dpid: string) => new Promise((resolve) => counters.framesFrom(M, { dpid, port: 3 }, resolve)),
  };
}

describe('a frame', () => {
  it('leaves by a port of a switch that takes it', () => {
    const { wire, sent, fill } = start();
    const frame = new Uint8Array([1, 2, 3]);
    expect(wire.send({ dpid: S1, port: 3 }, frame)).toBe(true);
    expect(sent).toMatchObject([
      { type: 'packetOut', inPort: OFPP.CONTROLLER, data: frame, actions: [{ type: 'output', port: 3 }] },
    ]);
    expect(wire.send({ dpid: GONE, port: 3 }, frame)).toBe(false);
    fill();
    expect(wire.send({ dpid: S1, port: 3 }, frame)).toBe(false);
  });
});

describe('a round trip', () => {
  it('takes as long as the switch takes to answer', async () => {
    const { clock, sent, answering, roundTrip } = start();
    answering(() => {
      clock.advance(12);
      return Promise.resolve({ type: 'echoReply', xid: 7, data: Buffer.alloc(0) });
    });
    expect(await roundTrip(S1)).toBe(12);
    expect(sent).toMatchObject([{ type: 'echoRequest', xid: 7 }]);
  });

  it('is none where the switch has no session, or does not answer', async () => {
    const { answering, roundTrip } = start();
    expect(await roundTrip(GONE)).toBeUndefined();
    answering(() => Promise.reject(new Error('silent')));
    expect(await roundTrip(S1)).toBeUndefined();
  });
});

describe('the frames of a port', () => {
  it('are what it has received', async () => {
    const { asked, counts, received } = start();
    expect(await received(S1)).toBeUndefined();
    counts(Promise.resolve([{ portNo: 3, rxPackets: 9n }]));
    expect(await received(S1)).toBe(9n);
    expect(asked[0]).toEqual({ portNo: 3 });
    expect(await received(GONE)).toBeUndefined();
  });
});

describe('the frames of a known sender', () => {
  it('are what its rule in learn has counted', async () => {
    const { asked, counts, framesFrom } = start();
    expect(await framesFrom(S1)).toBe(0n);
    counts(Promise.resolve([{ packetCount: 5n }]));
    expect(await framesFrom(S1)).toBe(5n);
    expect(asked[0]).toMatchObject({ tableId: TABLES.learn.id, match: { inPort: 3, ethSrc: M } });
  });

  it('are not known where the switch does not say', async () => {
    const { counts, framesFrom } = start();
    expect(await framesFrom(GONE)).toBeUndefined();
    counts(Promise.reject(new Error('silent')));
    expect(await framesFrom(S1)).toBeUndefined();
  });
});
