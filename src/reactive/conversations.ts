/** Rules of conversations as the rest of the controller sees them, in each mode of forwarding. */
import type { Logger } from 'pino';
import type { Clock } from '../core/clock.ts';
import type { Dpid } from '../core/ids.ts';
import type { NoticeHandler } from '../core/notice.ts';
import { readCookie } from '../flows/cookie.ts';
import { flowKey } from '../flows/items.ts';
import type { Item } from '../flows/items.ts';
import { TABLES } from '../flows/pipeline.ts';
import type { FlowStats } from '../openflow/codec/index.ts';
import type { Network } from '../topology/network.ts';
import type { ReactiveMatch } from './conversation-key.ts';
import { Fabric } from './fabric.ts';
import type { ReactiveSession } from './fabric.ts';
import { ReactiveNotices } from './notices.ts';
import { Programmer } from './programmer.ts';
import type { ReactiveCounters } from './programmer.ts';
import { everything, isReactive } from './removals.ts';
import { REACTIVE_APP_ID, REACTIVE_PRIORITY } from './rule-templates.ts';
import { Upkeep } from './upkeep.ts';

export interface Conversations {
  /** True where packets of switches that run other tables than ours are answered too. */
  readonly takesAnything: boolean;
  readonly counters: Readonly<ReactiveCounters> | undefined;
  /** A switch is connected and was read, and the view has it. Call before it is reconciled. */
  attach(dpid: Dpid, session: ReactiveSession, read: TablesRead): void;
  detach(dpid: Dpid): void;
  /** A frame that no rule in `forward` knew. */
  packetIn(dpid: Dpid, inPort: number, frame: Uint8Array): void;
  /** An ERROR to a message with the xid 0. */
  refused(dpid: Dpid, reason: string): void;
  /** The switch confirmed changes of its desired tables. */
  committed(dpid: Dpid): void;
}

export interface TablesRead {
  /** All of the switch. */
  readonly flows: readonly FlowStats[];
  /** What is ours and desired or was, by key. */
  readonly items: ReadonlyMap<string, Item>;
}

export interface ConversationsOptions {
  readonly network: Network;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly match: ReactiveMatch;
  /** 1 to 65535 seconds without a packet, after which a switch drops a rule. */
  readonly idleTimeoutS: number;
  /** What a switch holds, as confirmed. */
  readonly installed: (dpid: Dpid) => ReadonlyMap<string, Item> | undefined;
  readonly onNotice?: NoticeHandler;
}

/** Reactive forwarding. Listens to the network's views: create it before the first. */
export function createConversations(options: ConversationsOptions): Conversations {
  const { network, clock, logger, match, idleTimeoutS, installed, onNotice = () => {} } = options;
  const notices = new ReactiveNotices({ network, clock, onNotice });
  const fabric = new Fabric();
  const programmer = new Programmer({
    fabric,
    network,
    clock,
    match,
    idleTimeoutS,
    onFloodLimit: (dpid) => notices.floodLimited(dpid),
  });
  const upkeep = new Upkeep({ fabric, clock, logger, onRemoved: () => programmer.recent.clear() });
  network.onUpdate((update) => {
    upkeep.update(update);
    programmer.walker.resize();
  });
  return {
    takesAnything: true,
    counters: programmer.counters,
    attach: (dpid, session, { flows, items }) => {
      upkeep.attach(dpid, session, { flows, view: network.view, isClear: asksForConversations(items) });
    },
    detach: (dpid) => upkeep.detach(dpid),
    packetIn: (dpid, inPort, frame) => programmer.packetIn(dpid, inPort, frame),
    refused: (dpid, reason) => {
      programmer.refused(dpid);
      notices.refused(dpid, reason);
    },
    committed: (dpid) => {
      if (fabric.stations.get(dpid)?.isClear === false && asksForConversations(installed(dpid))) upkeep.setClear(dpid);
    },
  };
}

/** The other modes: what is left over of conversations goes before other rules come. */
export const NO_CONVERSATIONS: Conversations = {
  takesAnything: false,
  counters: undefined,
  attach: (_dpid, session, { flows }) => {
    if (!flows.some(isReactive)) return;
    session.send(everything());
    session.send({ type: 'barrierRequest', xid: session.nextXid() });
  },
  detach: () => {},
  packetIn: () => {},
  refused: () => {},
  committed: () => {},
};

const ASK_KEY = flowKey(TABLES.forward.id, 0, {});

/**
 * True where a switch asks for what it does not know, and holds no rules of proactive forwarding any more: those, and a flood of
 * unknown destinations, follow other orders than rules of conversations, and the two together could make a circle.
 */
function asksForConversations(items: ReadonlyMap<string, Item> | undefined): boolean {
  const ask = items?.get(ASK_KEY);
  if (!items || ask?.kind !== 'flow' || readCookie(ask.cookie).app !== REACTIVE_APP_ID) return false;
  for (const item of items.values()) {
    if (item.kind === 'flow' && item.tableId === TABLES.forward.id && item.priority > REACTIVE_PRIORITY) return false;
  }
  return true;
}
