/**
 * Commits by one bundle (ONF extension EXT-230, experimenter 0x4F4E4600), or, where the switch takes none, by messages in
 * order and a barrier.
 */
import { errorName, OFPBCT, OFPBF, OFPG, OFPP, OFPTT } from '../../openflow/codec/index.ts';
import type { ErrorMessage, Message } from '../../openflow/codec/index.ts';
import { OpenFlowError } from '../../openflow/session/requests.ts';
import type { DatapathSession } from '../../openflow/session/datapath.ts';
import { isOurs, readCookie, RULE_CLASS } from '../cookie.ts';
import { flowItem, groupItem } from '../items.ts';
import type { Item } from '../items.ts';
import { isOurGroup } from '../pipeline.ts';
import { opOrder, toMessage } from './op.ts';
import type { Op } from './op.ts';
import type { ReadBack, Refusal, SwitchTransport } from './transport.ts';

const BUNDLE_FLAGS = OFPBF.ATOMIC | OFPBF.ORDERED;

export interface OpenFlowTransport extends SwitchTransport {
  /** Errors of the session that no request waits for. */
  error(message: ErrorMessage): void;
}

export function createOpenFlowTransport(session: DatapathSession): OpenFlowTransport {
  /** Errors of the commit under way, by the xid of the message refused. */
  let errors = new Map<number, ErrorMessage>();
  let bundles = true;
  let bundleId = 0;

  return { read: () => readBack(session), commit, error: (message) => void errors.set(message.xid, message) };

  async function commit(ops: readonly Op[]): Promise<readonly Refusal[]> {
    const ordered = [...ops].sort((x, y) => opOrder(x) - opOrder(y));
    // Meters before the flows that use them, and gone after: bundles do not take them (EXT-230, section 7.3.9.1).
    const before = ordered.filter(({ type, item }) => item.kind === 'meter' && type !== 'delete');
    const after = ordered.filter(({ type, item }) => item.kind === 'meter' && type === 'delete');
    const refusals: Refusal[] = before.length > 0 ? (await byMessages(before)).refused : [];
    refusals.push(...(await together(ordered.filter(({ item }) => item.kind !== 'meter'))));
    if (after.length > 0) refusals.push(...(await byMessages(after)).refused);
    return refusals;
  }

  async function together(ops: readonly Op[]): Promise<Refusal[]> {
    const refusals: Refusal[] = [];
    let rest = ops;
    while (rest.length > 0) {
      const { refused, done } = bundles ? await byBundle(rest) : await byMessages(rest);
      refusals.push(...refused);
      if (done) break;
      const failed = new Set(refused.map(({ op }) => op));
      rest = rest.filter((op) => !failed.has(op));
    }
    return refusals;
  }

  /** `done` is false where the bundle was rolled back: what is left can be tried again without the refused. */
  async function byBundle(ops: readonly Op[]): Promise<{ refused: Refusal[]; done: boolean }> {
    errors = new Map();
    const id = (bundleId = (bundleId + 1) >>> 0);
    const sent = new Map<number, Op>();
    try {
      await control(id, OFPBCT.OPEN_REQUEST);
    } catch (error) {
      if (!(error instanceof OpenFlowError)) throw error;
      bundles = false;
      return byMessages(ops);
    }
    for (const op of ops) {
      const xid = session.nextXid();
      sent.set(xid, op);
      const message = toMessage(op, xid);
      if (message.type !== 'meterMod') send({ type: 'bundleAdd', xid, bundleId: id, flags: BUNDLE_FLAGS, message });
    }
    try {
      await control(id, OFPBCT.COMMIT_REQUEST);
      return { refused: refusalsOf(sent), done: true };
    } catch (error) {
      if (!(error instanceof OpenFlowError)) throw error;
      const refused = refusalsOf(sent);
      // The bundle failed as a whole and the switch did not say where: message by message it will.
      return refused.length > 0 ? { refused, done: false } : byMessages(ops);
    }
  }

  async function byMessages(ops: readonly Op[]): Promise<{ refused: Refusal[]; done: boolean }> {
    errors = new Map();
    const sent = new Map<number, Op>();
    for (const op of ops) {
      const xid = session.nextXid();
      sent.set(xid, op);
      send(toMessage(op, xid));
    }
    await session.barrier();
    return { refused: refusalsOf(sent), done: true };
  }

  function control(id: number, controlType: number): Promise<Message> {
    return session.request({
      type: 'bundleControl',
      xid: session.nextXid(),
      bundleId: id,
      controlType,
      flags: BUNDLE_FLAGS,
    });
  }

  function send(message: Message): void {
    if (!session.send(message)) throw new Error('the switch does not read what it is sent');
  }

  function refusalsOf(sent: ReadonlyMap<number, Op>): Refusal[] {
    const refusals: Refusal[] = [];
    for (const [xid, { errorType, code }] of errors) {
      const op = sent.get(xid);
      if (op) refusals.push({ op, reason: errorName(errorType, code) });
    }
    return refusals;
  }
}

async function readBack(session: DatapathSession): Promise<ReadBack> {
  const everything = { tableId: OFPTT.ALL, outPort: OFPP.ANY, outGroup: OFPG.ANY, match: {} };
  const [flows, groups] = await Promise.all([
    session.multipart('flow', { ...everything, cookie: 0n, cookieMask: 0n }),
    session.multipart('groupDesc', undefined),
  ]);
  const items = new Map<string, Item>();
  for (const flow of flows) {
    if (!isOurs(flow.cookie) || readCookie(flow.cookie).ruleClass !== RULE_CLASS.DESIRED) continue;
    const item = flowItem(flow);
    items.set(item.key, item);
  }
  for (const group of groups) {
    if (!isOurGroup(group.groupId)) continue;
    const item = groupItem(group);
    items.set(item.key, item);
  }
  return { items, flows };
}
