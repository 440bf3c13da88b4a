import { afterEach, describe, expect, it } from 'vitest';
import { openOpenFlowPort } from '../../../test/support/openflow-port.ts';
import type { OpenFlowPort } from '../../../test/support/openflow-port.ts';
import type { Answers, FakeSwitch } from '../../../test/support/fake-switch.ts';
import {
  error,
  EXPERIMENTER_ID,
  OFPBAC,
  OFPBCT,
  OFPBFC,
  OFPBRC,
  OFPET,
  OFPFC,
  OFPFMFC,
  OFPGMFC,
} from '../../openflow/codec/index.ts';
import type { BundleControl, FlowMod, GroupMod, Message, MessageType, MeterMod } from '../../openflow/codec/index.ts';
import type { Item } from '../items.ts';
import type { Op, OpType } from './op.ts';
import { createOpenFlowTransport } from './openflow-transport.ts';
import type { OpenFlowTransport } from './openflow-transport.ts';
import { group, meter, rule, ruleBy, ruleWith } from './testing/rules.ts';

const TABLE_FULL = { errorType: OFPET.FLOW_MOD_FAILED, code: OFPFMFC.TABLE_FULL };
const BAD_TYPE = { errorType: OFPET.BAD_ACTION, code: OFPBAC.BAD_TYPE };
const TIMEOUT_MS = 10_000;
/** Time passes in these tests by the answers' timeouts. */
const NO_ECHOES = { echoIdleMs: 1e9 };

type Mod = FlowMod | GroupMod | MeterMod;
type Refuse = (message: Mod) => { readonly errorType: number; readonly code: number } | undefined;

let port: OpenFlowPort;
afterEach(() => port.close());

function op(item: Item, type: OpType = 'add'): Op {
  return { type, item };
}

/** A switch that takes bundles all or none, and stops at the first message that it refuses. */
function bundling(refuse: Refuse): Answers {
  let open: Mod[] = [];
  const one = (message: Mod): Message[] => {
    const refused = refuse(message);
    return refused ? [error({ xid: message.xid, ...refused })] : [];
  };
  return {
    flowMod: one,
    groupMod: one,
    meterMod: one,
    bundleAdd: ({ message }) => {
      open.push(message as Mod);
      return [];
    },
    bundleControl: (request) => {
      const reply = { ...request, controlType: request.controlType + 1 };
      if (request.controlType !== OFPBCT.COMMIT_REQUEST) return [reply];
      const refused = open.flatMap(one).slice(0, 1);
      open = [];
      return refused.length > 0 ? [...refused, bundleError(request, OFPBFC.MSG_FAILED)] : [reply];
    },
  };
}

function bundleError({ xid }: Message, code: number): Message {
  return error({ xid, errorType: OFPET.EXPERIMENTER, code, experimenter: EXPERIMENTER_ID.ONF });
}

async function start(answers: Answers): Promise<{ transport: OpenFlowTransport; fake: FakeSwitch }> {
  port = await openOpenFlowPort({
    limits: NO_ECHOES,
    onSession: (_session, usual) => ({ ...usual, error: (message) => transport?.error(message) }),
  });
  let transport: OpenFlowTransport | undefined;
  const { session, fake } = await port.admit({ answers });
  transport = createOpenFlowTransport(session);
  await transport.read();
  return { transport, fake };
}

/** What a switch was told, without requests that read. */
function told(fake: FakeSwitch): string[] {
  return fake.received.flatMap((message) => {
    const text = textOf(message);
    return text === undefined ? [] : [text];
  });
}

function textOf(message: Message): string | undefined {
  if (message.type === 'bundleControl') {
    return ['open', '', 'close', '', 'commit', '', 'discard'][message.controlType];
  }
  if (message.type === 'bundleAdd') return `add ${textOf(message.message)}`;
  if (message.type === 'groupMod' || message.type === 'meterMod') return `${message.type} ${message.command}`;
  if (message.type === 'barrierRequest') return 'barrier';
  if (message.type !== 'flowMod') return undefined;
  return `flowMod ${message.command} ${Number(message.match.ethDst) - 0x0200_0000_0000}`;
}

function count(fake: FakeSwitch, type: MessageType): number {
  return fake.received.filter((message) => message.type === type).length;
}

function refuseRules(refused: readonly number[], as: ReturnType<Refuse> = TABLE_FULL): Refuse {
  const places = new Set(refused.map((index) => rule(index).match.ethDst));
  return (message) => (message.type === 'flowMod' && places.has(message.match.ethDst) ? as : undefined);
}

describe('a commit', () => {
  it('is one bundle: groups before the rules that use them, and gone after', async () => {
    const { transport, fake } = await start(bundling(() => undefined));
    const ops = [
      op(group(2), 'delete'),
      op(rule(3), 'delete'),
      op(ruleBy(group(1), 1)),
      op(rule(2), 'modify'),
      op(group(1)),
    ];
    await expect(transport.commit(ops)).resolves.toEqual([]);
    expect(told(fake)).toEqual([
      'open',
      'add groupMod 0',
      `add flowMod ${OFPFC.ADD} 1`,
      `add flowMod ${OFPFC.MODIFY_STRICT} 2`,
      `add flowMod ${OFPFC.DELETE_STRICT} 3`,
      'add groupMod 2',
      'commit',
    ]);
  });

  it('stands without the rules that the switch refuses, each with its reason', async () => {
    const { transport, fake } = await start(bundling(refuseRules([2])));
    const refusals = await transport.commit([1, 2, 3].map((index) => op(rule(index))));
    expect(refusals).toEqual([
      {
        op: op(rule(2)),
        reason: expect.stringContaining('FLOW_MOD_FAILED/TABLE_FULL: table 5 (steer) has no room; '),
        mayPass: true,
        stale: false,
      },
    ]);
    expect(told(fake).slice(-4)).toEqual(['open', 'add flowMod 0 1', 'add flowMod 0 3', 'commit']);
  });

  it('takes few rounds however many rules are refused', async () => {
    const bad = Array.from({ length: 50 }, (_, index) => index);
    const { transport, fake } = await start(bundling(refuseRules(bad, BAD_TYPE)));
    const refusals = await transport.commit([...bad, 77].map((index) => op(rule(index))));
    expect(refusals.map(({ op: { item } }) => item.key).sort()).toEqual(bad.map((index) => rule(index).key).sort());
    expect(refusals.every(({ mayPass }) => !mayPass)).toBe(true);
    expect(told(fake).filter((text) => text === 'commit')).toHaveLength(3);
    expect(count(fake, 'flowMod')).toBe(48);
  });

  it('leaves out what uses a group or meter that was refused', async () => {
    const answers = bundling((message) => {
      if (message.type === 'groupMod') return { errorType: OFPET.GROUP_MOD_FAILED, code: OFPGMFC.OUT_OF_GROUPS };
      return message.type === 'meterMod' ? { errorType: OFPET.METER_MOD_FAILED, code: 10 } : undefined;
    });
    const { transport, fake } = await start(answers);
    const users = [1, 2, 3].map((index) => ruleBy(group(1), index));
    const ops = [group(1), meter(1), ...users, ruleWith(meter(1), 4), rule(5)].map((item) => op(item));
    const refusals = await transport.commit(ops);
    expect(refusals).toHaveLength(6);
    const reasons = new Map(refusals.map((refusal) => [refusal.op.item.key, refusal]));
    expect(reasons.get(group(1).key)).toMatchObject({ mayPass: true });
    for (const { key } of users) {
      expect(reasons.get(key)).toMatchObject({
        reason: expect.stringMatching(/^it waits for the group .* refused: GROUP_MOD_FAILED\/OUT_OF_GROUPS: /),
        mayPass: false,
      });
    }
    expect(reasons.get(rule(4).key)?.reason).toMatch(/^it waits for the meter .* METER_MOD_FAILED\/OUT_OF_METERS: /);
    expect(told(fake).filter((text) => text === 'commit')).toHaveLength(2);
    expect(told(fake).slice(-3)).toEqual(['open', 'add flowMod 0 5', 'commit']);
  });

  it('sends meters as messages, first when they come and last when they go', async () => {
    const { transport, fake } = await start(bundling(() => undefined));
    await transport.commit([op(ruleWith(meter(1), 1)), op(meter(2), 'delete'), op(meter(1))]);
    expect(told(fake)).toEqual(['meterMod 0', 'barrier', 'open', 'add flowMod 0 1', 'commit', 'meterMod 2', 'barrier']);
  });

  it('leaves out what cannot be put on the wire', async () => {
    const { transport, fake } = await start(bundling(() => undefined));
    const wrong = { ...rule(1), priority: 70_000 };
    const refusals = await transport.commit([op(wrong), op(rule(2))]);
    expect(refusals).toMatchObject([{ op: { item: wrong }, mayPass: false }]);
    expect(refusals[0]?.reason).toMatch(
      /^it cannot be sent to a switch: .*priority is 70000.*; change what asks for it$/,
    );
    expect(told(fake)).toEqual(['open', 'add flowMod 0 2', 'commit']);
  });
});

describe('a switch that does not take bundles', () => {
  it('is told message by message, and not asked again', async () => {
    const refuse = refuseRules([2]);
    const { transport, fake } = await start({
      ...bundling(refuse),
      bundleControl: ({ xid }) => [error({ xid, errorType: OFPET.BAD_REQUEST, code: OFPBRC.BAD_EXPERIMENTER })],
    });
    expect(await transport.commit([1, 2, 3].map((index) => op(rule(index))))).toMatchObject([{ op: op(rule(2)) }]);
    expect(await transport.commit([op(rule(4))])).toEqual([]);
    expect(told(fake)).toEqual([
      'open',
      'flowMod 0 1',
      'flowMod 0 2',
      'flowMod 0 3',
      'barrier',
      'flowMod 0 4',
      'barrier',
    ]);
  });

  it('now may take the next one', async () => {
    const usual = bundling(() => undefined).bundleControl!;
    let first = true;
    const { transport, fake } = await start({
      ...bundling(() => undefined),
      bundleControl: (request) => {
        const answer = first ? [bundleError(request, OFPBFC.OUT_OF_BUNDLES)] : usual(request);
        first = false;
        return answer;
      },
    });
    await transport.commit([op(rule(1))]);
    await transport.commit([op(rule(2))]);
    expect(told(fake)).toEqual(['open', 'flowMod 0 1', 'barrier', 'open', 'add flowMod 0 2', 'commit']);
  });

  it('as a whole, without saying at what, is told message by message', async () => {
    const usual = bundling(() => undefined).bundleControl!;
    const { transport, fake } = await start({
      ...bundling(refuseRules([1])),
      bundleControl: (request) =>
        request.controlType === OFPBCT.COMMIT_REQUEST ? [bundleError(request, OFPBFC.MSG_FAILED)] : usual(request),
    });
    expect(await transport.commit([op(rule(1)), op(rule(2))])).toMatchObject([{ op: op(rule(1)) }]);
    expect(told(fake).slice(-3)).toEqual(['flowMod 0 1', 'flowMod 0 2', 'barrier']);
  });
});

describe('an answer that does not come', () => {
  const silentAt = (controlType: number): Answers => {
    const usual = bundling(() => undefined);
    let silent = true;
    return {
      ...usual,
      bundleControl: (request) => {
        if (request.controlType === controlType && silent) {
          silent = false;
          return [];
        }
        return usual.bundleControl!(request);
      },
    };
  };

  async function lose(controlType: number, bundle: (request: BundleControl) => boolean) {
    const { transport, fake } = await start(silentAt(controlType));
    const commit = transport.commit([op(rule(1))]);
    const lost = expect(commit).rejects.toThrow('no answer to bundleControl within 10000 ms');
    const request = await fake.next('bundleControl', bundle);
    port.clock.advance(TIMEOUT_MS);
    await lost;
    return { transport, fake, request };
  }

  it('to a commit leaves it open; reading discards what is left of it first', async () => {
    const isCommit = ({ controlType }: BundleControl): boolean => controlType === OFPBCT.COMMIT_REQUEST;
    const { transport, fake, request } = await lose(OFPBCT.COMMIT_REQUEST, isCommit);
    const seen = fake.received.length;
    await transport.read();
    const messages = fake.received.slice(seen);
    expect(messages.map(({ type }) => type)).toEqual([
      'bundleControl',
      'barrierRequest',
      'multipartRequest',
      'multipartRequest',
      'multipartRequest',
    ]);
    expect(messages[0]).toMatchObject({ bundleId: request.bundleId, controlType: OFPBCT.DISCARD_REQUEST });
    // Once is enough.
    await transport.read();
    expect(told(fake).filter((text) => text === 'discard')).toHaveLength(1);
    await transport.commit([op(rule(2))]);
    const next = await fake.next(
      'bundleControl',
      ({ controlType, bundleId }) => controlType === OFPBCT.COMMIT_REQUEST && bundleId !== request.bundleId,
    );
    expect(next.bundleId).not.toBe(request.bundleId);
  });

  it('to the opening of a bundle means that nothing of it was sent', async () => {
    const { transport, fake } = await lose(OFPBCT.OPEN_REQUEST, () => true);
    expect(count(fake, 'bundleAdd')).toBe(0);
    await transport.read();
    expect(told(fake)).toContain('discard');
  });

  it('and comes late is the answer to nothing', async () => {
    const isCommit = ({ controlType }: BundleControl): boolean => controlType === OFPBCT.COMMIT_REQUEST;
    const { transport, fake, request } = await lose(OFPBCT.COMMIT_REQUEST, isCommit);
    const added = await fake.next('bundleAdd');
    fake.send(error({ xid: added.xid, ...TABLE_FULL }), { ...request, controlType: OFPBCT.COMMIT_REPLY });
    await fake.roundTrip();
    expect(await transport.commit([op(rule(2))])).toEqual([]);
  });

  it('to the barrier before reading makes the reading fail: it would tell nothing', async () => {
    const isCommit = ({ controlType }: BundleControl): boolean => controlType === OFPBCT.COMMIT_REQUEST;
    port = await openOpenFlowPort({ limits: NO_ECHOES });
    let silent = true;
    const usual = bundling(() => undefined);
    const { session, fake } = await port.admit({
      answers: {
        ...usual,
        bundleControl: (request) => (isCommit(request) ? [] : usual.bundleControl!(request)),
        barrierRequest: ({ xid }) => (silent ? [] : [{ type: 'barrierReply', xid }]),
      },
    });
    const transport = createOpenFlowTransport(session);
    const lost = expect(transport.commit([op(rule(1))])).rejects.toThrow('no answer to bundleControl');
    await fake.next('bundleControl', isCommit);
    port.clock.advance(TIMEOUT_MS);
    await lost;
    const read = expect(transport.read()).rejects.toThrow('no answer to barrierRequest');
    await fake.next('barrierRequest');
    port.clock.advance(TIMEOUT_MS);
    await read;
    silent = false;
    await expect(transport.read()).resolves.toMatchObject({ flows: [] });
    expect(told(fake).filter((text) => text === 'discard')).toHaveLength(2);
  });
});
