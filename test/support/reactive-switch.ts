/**
 * A model switch for reactive forwarding: one table of rules with cookies, and a session whose messages it works through one at a
 * time, whenever the test lets it. What was not worked through when a session ends is lost.
 */
import { decode, matchKey, OFPFC, OFPP } from '../../src/openflow/codec/index.ts';
import type { FlowMod, FlowStats, Match, Message, PacketOut } from '../../src/openflow/codec/index.ts';
import type { ReactiveSession } from '../../src/reactive/fabric.ts';

export class ReactiveSwitch {
  readonly rules = new Map<string, FlowStats>();
  /** Packets it was told to send, oldest first. */
  readonly sent: PacketOut[] = [];
  #session: ModelSession | undefined;

  connect(): ReactiveSession {
    this.#session?.end();
    this.#session = new ModelSession();
    return this.#session;
  }

  disconnect(): void {
    this.#session?.end();
    this.#session = undefined;
  }

  get waiting(): number {
    return this.#session?.queue.length ?? 0;
  }

  /** Works through the oldest message; false where there is none. */
  step(): boolean {
    const next = this.#session?.queue.shift();
    if (!next) return false;
    if ('confirm' in next) next.confirm();
    else if (next.type === 'packetOut') this.sent.push(next);
    else if (next.type === 'flowMod') this.#apply(next);
    return true;
  }

  /** The port that a conversation's rule sends to; undefined where no rule knows it. */
  lookUp(ethSrc: number, ethDst: number): number | undefined {
    const rule = this.rules.get(matchKey({ ethDst, ethSrc }));
    return rule && outPortOf(rule);
  }

  /** Idle rules may go at any time: those that the test names. */
  expire(isIdle: (rule: FlowStats) => boolean): void {
    for (const [key, rule] of this.rules) if (isIdle(rule)) this.rules.delete(key);
  }

  #apply(message: FlowMod): void {
    const { command, match, cookie, cookieMask, outPort } = message;
    if (command === OFPFC.ADD) {
      const counters = { durationSec: 0, durationNsec: 0, packetCount: 0n, byteCount: 0n };
      this.rules.set(matchKey(match), { ...message, ...counters });
    } else if (command === OFPFC.DELETE) {
      this.expire(
        (rule) =>
          (rule.cookie & cookieMask) === (cookie & cookieMask) &&
          (outPort === OFPP.ANY || outPortOf(rule) === outPort) &&
          isWithin(rule.match, match),
      );
    } else throw new Error(`the model knows no command ${command}`);
  }
}

type Queued = Message | { readonly confirm: () => void };

class ModelSession implements ReactiveSession {
  readonly queue: Queued[] = [];
  readonly #refusals: (() => void)[] = [];
  #isOver = false;
  #xid = 0;

  nextXid(): number {
    return ++this.#xid;
  }

  append(head: Uint8Array, rest: Uint8Array = Buffer.alloc(0)): boolean {
    if (this.#isOver) return false;
    this.queue.push(decode(Buffer.concat([head, rest])));
    return true;
  }

  send(message: Message): boolean {
    if (this.#isOver) return false;
    this.queue.push(message);
    return true;
  }

  barrier(): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#isOver) reject(new Error('the session is gone'));
      this.queue.push({ confirm: resolve });
      this.#refusals.push(() => reject(new Error('the session is gone')));
    });
  }

  end(): void {
    this.#isOver = true;
    this.queue.length = 0;
    for (const refuse of this.#refusals) refuse();
  }
}

function outPortOf({ instructions: [instruction] }: FlowStats): number | undefined {
  const action = instruction?.type === 'applyActions' ? instruction.actions[0] : undefined;
  return action?.type === 'output' ? action.port : undefined;
}

/** Whether a rule's match says all that another says, and maybe more (section 6.4). */
function isWithin(match: Match, wider: Match): boolean {
  const held = new Map(Object.entries(match));
  return Object.entries(wider).every(([field, value]) => held.get(field) === value);
}
