import { afterEach, describe, expect, it } from 'vitest';
import type { FakeSwitch, FakeSwitchOptions } from '../../../test/support/fake-switch.ts';
import { openOpenFlowPort } from '../../../test/support/openflow-port.ts';
import type { OpenFlowPort } from '../../../test/support/openflow-port.ts';
import { seededRandom } from '../../../test/support/random.ts';
import { packetIn, portStatus } from '../../../test/support/switch-messages.ts';
import { encode, hello } from '../codec/index.ts';
import type { Message } from '../codec/index.ts';

const HOSTILE = 200;
const LIVE_DPID = 1n;
const random = seededRandom(4);

interface Attack {
  readonly name: string;
  readonly options?: Omit<FakeSwitchOptions, 'port'>;
  readonly run?: (fake: FakeSwitch) => void;
}

function raw(hex: string): Buffer {
  return Buffer.from(hex, 'hex');
}

function many(count: number, bytes: Buffer): Buffer {
  return Buffer.concat(Array.from({ length: count }, () => bytes));
}

const echo = encode({ type: 'echoRequest', xid: 1, data: Buffer.alloc(1_000) });

/** `number` makes dpids of their own; those that take one stay as long as they can. */
const ATTACKS: readonly ((number: number) => Attack)[] = [
  () => ({ name: 'silence', options: { hello: undefined } }),
  () => ({
    name: 'random bytes',
    options: { hello: undefined },
    run: (fake) => fake.sendBytes(random.bytes(5_000)),
  }),
  () => ({ name: 'a length of 0', run: (fake) => fake.sendBytes(raw('040a000000000000')) }),
  () => ({ name: 'a frame that never ends', run: (fake) => fake.sendBytes(raw('040affff00000000')) }),
  () => ({ name: 'a message cut short', run: (fake) => fake.sendBytes(raw('040c000c0000000000000000')) }),
  () => ({ name: 'unknown messages', run: (fake) => fake.sendBytes(many(5_000, raw('044d000800000001'))) }),
  () => ({
    name: 'echoes, and not reading',
    run: (fake) => {
      fake.pauseReading();
      fake.sendBytes(many(2_000, echo));
    },
  }),
  () => ({ name: 'the dpid of the living', options: { dpid: LIVE_DPID } }),
  () => ({
    name: 'the dpid of the living, and events in its name',
    options: { dpid: LIVE_DPID },
    run: (fake) => fake.send(...Array.from({ length: 50 }, (_, i) => packetIn(1_000_000 + i))),
  }),
  () => ({
    name: 'port events instead of a handshake',
    options: { answers: { featuresRequest: () => Array.from({ length: 2_000 }, (_, i) => portStatus(i)) } },
  }),
  (number) => ({
    name: 'parts without an end',
    options: {
      dpid: BigInt(1_000 + number),
      answers: {
        multipartRequest: ({ xid }): readonly Message[] =>
          Array.from({ length: 2_000 }, () => ({
            type: 'multipartReply',
            xid,
            kind: 'portDesc',
            more: true,
            body: [],
          })),
      },
    },
  }),
  () => ({ name: 'a reset', run: (fake) => fake.reset() }),
  () => ({ name: 'OpenFlow 1.0', options: { hello: hello({ version: 1, versions: [1] }) } }),
  (number) => ({
    name: 'a session whose handlers fail',
    options: { dpid: BigInt(2_000 + number) },
    run: (fake) => fake.send(packetIn(0)),
  }),
];

let port: OpenFlowPort;
afterEach(() => port.close());

describe('A living session', () => {
  it(`loses nothing while ${HOSTILE} hostile connections do their worst`, async () => {
    port = await openOpenFlowPort({
      limits: { maxLogLines: 10_000 },
      onSession: (session, usual) => {
        if (session.dpid === '0000000000000001') return usual;
        return {
          ...usual,
          packetIn: () => {
            throw new Error('a bug of ours');
          },
        };
      },
    });
    const live = await port.admit({ dpid: LIVE_DPID });
    const expected: Message[] = [];
    const hostile: { name: string; fake: FakeSwitch }[] = [];
    const livePart = async (): Promise<void> => {
      const batch = Array.from({ length: 20 }, (_, i) => (i % 7 === 6 ? portStatus(i) : packetIn(expected.length + i)));
      expected.push(...batch);
      live.fake.send(...batch);
      await live.session.barrier();
    };

    for (let number = 0; number < HOSTILE; number++) {
      const attack = ATTACKS[number % ATTACKS.length]?.(number);
      if (!attack) throw new Error('no attack');
      const fake = await port.connect(attack.options);
      attack.run?.(fake);
      hostile.push({ name: attack.name, fake });
      await livePart();
    }
    // Time runs out for those who wait; the living one goes on speaking.
    for (let second = 0; second < 20; second++) {
      port.clock.advance(1_000);
      await livePart();
      await live.fake.roundTrip();
    }

    expect(live.events.items).toEqual(expected);
    expect(live.session.closed).toBe(false);
    expect(port.server.session('0000000000000001')).toBe(live.session);
    const reasons = new Map<string, Set<string>>();
    for (const { name, fake } of hostile) {
      const { reason = '' } = await port.closing(fake);
      reasons.set(name, (reasons.get(name) ?? new Set()).add(reason.replaceAll(/\d+|[0-9a-f]{16}/g, 'N')));
    }
    expect([...reasons.keys()].sort()).toEqual(ATTACKS.map((attack) => attack(0).name).sort());
    expect([...(reasons.get('silence') ?? [])]).toEqual(['no HELLO within N ms: is this an OpenFlow switch?']);
    expect([...(reasons.get('the dpid of the living') ?? [])]).toEqual([
      expect.stringContaining('is connected already'),
    ]);
  });
});
