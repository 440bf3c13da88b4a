/**
 * Commits by one bundle (ONF extension EXT-230, experimenter 0x4F4E4600), or, where the switch takes none, by messages in
 * order and a barrier.
 */
import { EncodeError, OFPBCT, OFPBF, OFPET } from '../../openflow/codec/index.ts';
import type { ErrorMessage, FlowMod, GroupMod, Message, MeterMod } from '../../openflow/codec/index.ts';
import type { DatapathSession } from '../../openflow/session/datapath.ts';
import { OpenFlowError } from '../../openflow/session/requests.ts';
import { referencesOf } from '../references.ts';
import { opOrder, toMessage } from './op.ts';
import type { Op } from './op.ts';
import { explain } from './reasons.ts';
import type { Refusal } from './transport.ts';

const BUNDLE_FLAGS = OFPBF.ATOMIC | OFPBF.ORDERED;
/**
 * A switch stops at the first message of a bundle that it refuses, so that many wrong rules would take as many bundles. After
 * so many it is told message by message, which finds them all at once.
 */
const MAX_BUNDLE_ROUNDS = 3;

export interface Commits {
  /** As SwitchTransport has it. */
  commit(ops: readonly Op[]): Promise<readonly Refusal[]>;
  /** Errors of the session that no request waits for. */
  error(message: ErrorMessage): void;
  /** After a commit without an answer: resolves when nothing of it can come into force any more. */
  settle(): Promise<void>;
}

interface Outcome {
  readonly refused: Refusal[];
  /** False where all was rolled back: what is left can be tried again without the refused. */
  readonly done: boolean;
}

export function createCommits(session: DatapathSession): Commits {
  /** Of the commit under way, by xid. */
  let sent = new Map<number, Op>();
  let errors = new Map<number, ErrorMessage>();
  let bundles = true;
  /** It has opened a bundle. */
  let proven = false;
  let bundleId = 0;
  /** Bundles of which it is not known whether they are open, committed or gone. */
  const unsure = new Set<number>();
  let unanswered = false;

  return {
    commit: async (ops) => {
      try {
        return await commit(ops);
      } catch (error) {
        unanswered = true;
        throw error;
      }
    },
    error: (message) => {
      if (sent.has(message.xid) && !errors.has(message.xid)) errors.set(message.xid, message);
    },
    settle,
  };

  async function commit(ops: readonly Op[]): Promise<Refusal[]> {
    const ordered = [...ops].sort((x, y) => opOrder(x) - opOrder(y));
    // Meters before the flows that use them, and gone after: bundles do not take them (EXT-230, section 7.3.9.1).
    const before = ordered.filter(({ type, item }) => item.kind === 'meter' && type !== 'delete');
    const after = ordered.filter(({ type, item }) => item.kind === 'meter' && type === 'delete');
    const missing: Missing = new Map();
    const refusals = before.length > 0 ? (await byMessages(before)).refused : [];
    noteMissing(missing, refusals);
    const rest = ordered.filter(({ item }) => item.kind !== 'meter');
    refusals.push(...(await together(rest, missing)));
    if (after.length > 0) refusals.push(...(await byMessages(after)).refused);
    return refusals;
  }

  async function together(ops: readonly Op[], missing: Missing): Promise<Refusal[]> {
    const refusals: Refusal[] = [];
    let rest = ops;
    for (let round = 0; ; round++) {
      // Each would be refused, one bundle after the other.
      const waiting = rest.flatMap((op) => waitingFor(missing, op) ?? []);
      refusals.push(...waiting);
      rest = without(rest, waiting);
      if (rest.length === 0) return refusals;
      const { refused, done } = bundles && round < MAX_BUNDLE_ROUNDS ? await byBundle(rest) : await byMessages(rest);
      noteMissing(missing, refused);
      refusals.push(...refused.map((refusal) => waitingFor(missing, refusal.op) ?? refusal));
      if (done) return refusals;
      rest = without(rest, refused);
    }
  }

  async function byBundle(ops: readonly Op[]): Promise<Outcome> {
    const id = (bundleId = (bundleId + 1) >>> 0);
    begin();
    unsure.add(id);
    const opening = control(id, OFPBCT.OPEN_REQUEST);
    // Only the first is waited for: it tells whether the switch takes bundles. After that all goes in one write.
    if (!proven) {
      try {
        await opening;
        proven = true;
      } catch (error) {
        if (!(error instanceof OpenFlowError)) throw error;
        // Any other error is about this bundle, and the next one may be taken.
        if (error.errorType === OFPET.BAD_REQUEST) bundles = false;
        unsure.delete(id);
        return byMessages(ops);
      }
    }
    // Where one is refused later, adding and committing tell.
    opening.catch(() => {});
    const add = (message: FlowMod | GroupMod): Message => ({
      type: 'bundleAdd',
      xid: message.xid,
      bundleId: id,
      flags: BUNDLE_FLAGS,
      message,
    });
    const unsendable = post(ops, (message) => (message.type === 'meterMod' ? message : add(message)));
    try {
      await control(id, OFPBCT.COMMIT_REQUEST);
      unsure.delete(id);
      return { refused: [...unsendable, ...refusalsOf()], done: true };
    } catch (error) {
      if (!(error instanceof OpenFlowError)) throw error;
      unsure.delete(id);
      const refused = [...unsendable, ...refusalsOf()];
      // Where the bundle failed as a whole and the switch did not say at what: message by message it will.
      return refused.length > 0 ? { refused, done: false } : byMessages(ops);
    }
  }

  async function byMessages(ops: readonly Op[]): Promise<Outcome> {
    begin();
    // What only drops goes first: where a group is to lead elsewhere, the rules that must not go there do not wait for it.
    const inOrder = [...ops].sort((x, y) => Number(isDrop(y)) - Number(isDrop(x)));
    const unsendable = post(inOrder, (message) => message);
    await session.barrier();
    return { refused: [...unsendable, ...refusalsOf()], done: true };
  }

  function begin(): void {
    sent = new Map();
    errors = new Map();
  }

  /** Sends all; returns what cannot be put on the wire, which is no reason to hold up the rest. */
  function post(ops: readonly Op[], wrap: (message: FlowMod | GroupMod | MeterMod) => Message): Refusal[] {
    const unsendable: Refusal[] = [];
    for (const op of ops) {
      const xid = session.nextXid();
      try {
        if (!session.send(wrap(toMessage(op, xid)))) throw new Error('the switch does not read what it is sent');
        sent.set(xid, op);
      } catch (error) {
        if (!(error instanceof EncodeError)) throw error;
        const reason = `it cannot be sent to a switch: ${error.message}; change what asks for it`;
        unsendable.push({ op, reason, mayPass: false, stale: false });
      }
    }
    return unsendable;
  }

  function control(id: number, controlType: number): Promise<Message> {
    return session.request(bundleControl(id, controlType));
  }

  function bundleControl(id: number, controlType: number): Message {
    return { type: 'bundleControl', xid: session.nextXid(), bundleId: id, controlType, flags: BUNDLE_FLAGS };
  }

  /**
   * A switch works through its messages in order up to a barrier: a commit that was only late is in force before it, and a
   * bundle left open is discarded. Whether the discard found a bundle makes no difference.
   */
  async function settle(): Promise<void> {
    if (!unanswered) return;
    for (const id of unsure) session.send(bundleControl(id, OFPBCT.DISCARD_REQUEST));
    await session.barrier();
    unsure.clear();
    unanswered = false;
  }

  function refusalsOf(): Refusal[] {
    const refusals: Refusal[] = [];
    for (const [xid, { errorType, code }] of errors) {
      const op = sent.get(xid);
      if (op) refusals.push({ op, ...explain(errorType, code, op.item) });
    }
    return refusals;
  }
}

function isDrop({ type, item }: Op): boolean {
  return type !== 'delete' && item.kind === 'flow' && item.instructions.length === 0;
}

function without(ops: readonly Op[], refusals: readonly Refusal[]): readonly Op[] {
  if (refusals.length === 0) return ops;
  const refused = new Set(refusals.map(({ op }) => op));
  return ops.filter((op) => !refused.has(op));
}

/** Groups and meters that the switch refused in this commit, by key, and why. */
type Missing = Map<string, string>;

function noteMissing(missing: Missing, refusals: readonly Refusal[]): void {
  for (const { op, reason } of refusals) {
    if (op.item.kind !== 'flow' && op.type === 'add') missing.set(op.item.key, reason);
  }
}

/** A change that goes when the group or meter goes that it uses: to try it after a while is of no use. */
function waitingFor(missing: Missing, op: Op): Refusal | undefined {
  if (missing.size === 0 || op.type === 'delete') return undefined;
  const key = referencesOf(op.item).find((used) => missing.has(used));
  if (key === undefined) return undefined;
  const what = key.startsWith('m') ? 'meter' : 'group';
  const reason = `it waits for the ${what} that it uses, which the switch refused: ${missing.get(key)}`;
  return { op, reason, mayPass: false, stale: false };
}
