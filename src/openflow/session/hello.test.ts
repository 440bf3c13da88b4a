import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openOpenFlowPort } from '../../../test/support/openflow-port.ts';
import type { OpenFlowPort } from '../../../test/support/openflow-port.ts';
import { encode, hello, OFPET, OFPHFC } from '../codec/index.ts';
import type { Hello } from '../codec/index.ts';

const HOW_TO_SET = 'ovs-vsctl set bridge NAME protocols=OpenFlow13';

let port: OpenFlowPort;
beforeEach(async () => {
  port = await openOpenFlowPort();
});
afterEach(() => port.close());

/** A HELLO as a switch without the version bitmap sends it. */
function bare(version: number): Hello {
  return { type: 'hello', xid: 7, version };
}

describe('HELLO', () => {
  it('is said first, for 1.3 by header and bitmap', async () => {
    const fake = await port.connect({ hello: undefined });
    expect(await fake.next('hello')).toMatchObject({ version: 4, versions: [4] });
    expect(fake.received).toEqual([]);
  });

  it.each<[string, Hello]>([
    ['1.3 with its bitmap', hello()],
    ['1.0 to 1.5 with a bitmap, as Open vSwitch by default', hello({ version: 6, versions: [1, 2, 3, 4, 5, 6] })],
    ['1.3 in the bitmap under a header of 1.0', hello({ version: 1, versions: [1, 4] })],
    ['1.3 without a bitmap', bare(4)],
    ['1.5 without a bitmap, which may come down', bare(6)],
  ])('settles on 1.3 where the switch offers %s', async (_, offered) => {
    const { session, fake } = await port.admit({ hello: offered });
    expect(session.dpid).toBe('0000000000000001');
    expect(fake.isClosed).toBe(false);
  });

  it.each<[string, Hello, string]>([
    ['1.0 only, without a bitmap', bare(1), 'the switch offers up to 0x01'],
    ['1.0 and 1.4 by a bitmap', hello({ version: 5, versions: [1, 5] }), 'the switch offers 0x01, 0x05'],
    ['no version in its bitmap', hello({ version: 6, versions: [] }), 'the switch offers no version at all'],
  ])('is refused with words where the switch offers %s', async (_, offered, words) => {
    const fake = await port.connect({ hello: { ...offered, xid: 7 } });
    const error = await fake.next('error');
    expect(error).toMatchObject({ xid: 7, errorType: OFPET.HELLO_FAILED, code: OFPHFC.INCOMPATIBLE });
    expect(Buffer.from(error.data).toString('ascii')).toContain(words);
    await fake.closed;
    const { level, reason } = await port.closing(fake);
    expect(level).toBe('warn');
    expect(reason).toContain(words);
    expect(reason).toContain(HOW_TO_SET);
  });

  it('may be refused by the switch: its words are logged, without what could harm a log', async () => {
    const refusal = { type: 'error', xid: 0, errorType: OFPET.HELLO_FAILED, code: 0 } as const;
    const first = await port.connect({ hello: undefined });
    first.send({ ...refusal, data: Buffer.from('I speak 1.0\n\x1b[31m\xff') });
    const { reason } = await port.closing(first);
    expect(reason).toContain('HELLO_FAILED/INCOMPATIBLE ("I speak 1.0..[31m');
    expect(reason).toMatch(/^[ -~]+$/);
    expect(reason).toContain(HOW_TO_SET);

    const afterHello = await port.connect({ answers: { featuresRequest: () => [] } });
    afterHello.send({ ...refusal, data: Buffer.alloc(60_000, 'x') });
    expect((await port.closing(afterHello)).reason?.length).toBeLessThan(400);
  });

  it('must be the first message', async () => {
    const fake = await port.connect({ hello: undefined });
    fake.sendBytes(encode({ type: 'echoRequest', xid: 1, data: Buffer.alloc(0) }));
    await fake.closed;
    const { level, reason } = await port.closing(fake);
    expect(level).toBe('warn');
    expect(reason).toContain('the first message is not a HELLO (it begins with 0402000800000001)');
    expect(fake.received.map(({ type }) => type)).toEqual(['hello']);
  });

  it('is awaited for 5 s and no longer', async () => {
    const fake = await port.connect({ hello: undefined });
    await fake.next('hello');
    port.clock.advance(4_999);
    await port.turn();
    expect(fake.isClosed).toBe(false);
    port.clock.advance(1);
    await fake.closed;
    expect((await port.closing(fake)).reason).toBe('no HELLO within 5000 ms: is this an OpenFlow switch?');
  });

  it('may come in the last moment: its deadline is gone then', async () => {
    const fake = await port.connect({ hello: undefined });
    await fake.next('hello');
    port.clock.advance(4_999);
    fake.send(hello());
    await fake.next('featuresRequest');
    port.clock.advance(2);
    await fake.roundTrip();
  });
});
