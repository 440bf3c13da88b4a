/** A switch as the OpenFlow specification describes it (section 5), as far as our pipeline uses it: tables and groups. */
import { OFPGT, OFPRR, OFPVID } from '../../src/openflow/codec/index.ts';
import type { Action, Bucket, FullFlowUpdate } from '../../src/openflow/codec/index.ts';
import type { FlowItem, GroupItem, Item } from '../../src/flows/items.ts';
import { referencesOf } from '../../src/flows/references.ts';
import type { Op } from '../../src/flows/reconcile/op.ts';
import type { FlowWatcher, ReadBack, SwitchTransport } from '../../src/flows/reconcile/transport.ts';

export type Fields = Readonly<Record<string, number | bigint>> & { readonly inPort: number };

/** A copy of the frame that leaves by a port. */
export interface Sent {
  readonly port: number;
  /** Its VLAN tag as in a match: 0 where it has none. The model knows one tag, and sets no other field. */
  readonly vlanVid: number;
}

export interface Outcome {
  readonly sent: readonly Sent[];
  readonly toController: boolean;
}

/** Which buckets of a select or fast-failover group a frame takes. */
export type Choice = (group: GroupItem) => readonly Bucket[];

/** Whatever a switch might ever do: what must not circle must not circle for any state of ports. */
export const ANY_BUCKET: Choice = ({ buckets }) => buckets;

/** What it does with a frame of this hash: the first live bucket, in select groups counted from where the hash says. */
export function liveBucket(hash: number, isLive: (port: number) => boolean): Choice {
  return ({ groupType, buckets }) => {
    const start = groupType === OFPGT.SELECT ? hash : 0;
    for (let i = 0; i < buckets.length; i++) {
      const bucket = buckets[(start + i) % buckets.length]!;
      if (isLive(bucket.watchPort)) return [bucket];
    }
    return [];
  };
}

const MAX_PORT = 0xffffff00;
const CONTROLLER = 0xfffffffd;

export class ModelSwitch {
  readonly watchers = new Set<FlowWatcher>();
  readonly #items = new Map<string, Item>();
  /** Its flows by table, those of highest priority first; made anew when something changed. */
  #tables: ReadonlyMap<number, readonly Entry[]> | undefined;

  get items(): ReadonlyMap<string, Item> {
    return this.#items;
  }

  /** Holds this and nothing else. */
  load(items: ReadonlyMap<string, Item>): void {
    this.#items.clear();
    for (const [key, item] of items) this.#items.set(key, item);
    this.#tables = undefined;
  }

  readBack(): ReadBack {
    return { items: new Map(this.items), flows: [], foreign: [], foreignCount: 0 };
  }

  /** Someone else changes what stands under a key. Of flows those who watch are told; a group that goes takes its flows with it. */
  tamper(key: string, item: Item | undefined): void {
    const before = this.#items.get(key);
    this.#set(key, item);
    if (item?.kind === 'flow') this.#tell(item, before ? 'modified' : 'added', 0);
    else if (before?.kind === 'flow') this.#tell(before, 'deleted', OFPRR.DELETE);
    else if (before && !item) {
      for (const user of this.items.values()) {
        if (user.kind !== 'flow' || !referencesOf(user).includes(key)) continue;
        this.#set(user.key, undefined);
        this.#tell(user, 'deleted', OFPRR.GROUP_DELETE);
      }
    }
  }

  #tell(item: FlowItem, type: FullFlowUpdate['type'], reason: number): void {
    const { tableId, priority, match, instructions, cookie } = item;
    const timeouts = { idleTimeout: 0, hardTimeout: 0 };
    for (const watcher of this.watchers) {
      watcher.changed({ type, reason, tableId, priority, match, instructions, cookie, ...timeouts });
    }
  }

  apply(ops: readonly Op[]): void {
    for (const { type, item } of ops) this.#set(item.key, type === 'delete' ? undefined : item);
  }

  #set(key: string, item: Item | undefined): void {
    if (item) this.#items.set(key, item);
    else this.#items.delete(key);
    this.#tables = undefined;
  }

  /** Where a frame goes. */
  process(fields: Fields, choose: Choice = ANY_BUCKET): Outcome {
    const sent: Sent[] = [];
    let toController = false;
    /** The frame as the actions so far have made it; each bucket has a copy of its own (section 5.6.1). */
    const run = (actions: readonly Action[], frame: Fields): Fields => {
      let now = frame;
      for (const action of actions) {
        if (action.type === 'group') {
          const group = this.items.get(`g${action.groupId}`) as GroupItem | undefined;
          const taken = group && (group.groupType === OFPGT.ALL ? group.buckets : choose(group));
          for (const bucket of taken ?? []) run(bucket.actions, now);
        } else if (action.type === 'pushVlan') now = { ...now, vlanVid: OFPVID.PRESENT };
        else if (action.type === 'popVlan') now = { ...now, vlanVid: OFPVID.NONE };
        else if (action.type === 'setField') now = { ...now, vlanVid: Number(action.field.vlanVid) };
        else if (action.type === 'output' && action.port === CONTROLLER) toController = true;
        else if (action.type === 'output' && action.port < MAX_PORT && action.port !== fields.inPort)
          sent.push({ port: action.port, vlanVid: Number(now['vlanVid'] ?? OFPVID.NONE) });
      }
      return now;
    };
    let frame = fields;
    for (let tableId: number | undefined = 0; tableId !== undefined;) {
      const rule = this.#lookUp(tableId, frame);
      tableId = undefined;
      for (const instruction of rule?.instructions ?? []) {
        if (instruction.type === 'applyActions') frame = run(instruction.actions, frame);
        else if (instruction.type === 'gotoTable') tableId = instruction.tableId;
      }
    }
    return { sent, toController };
  }

  #lookUp(tableId: number, fields: Fields): FlowItem | undefined {
    this.#tables ??= tablesOf(this.#items.values());
    return this.#tables.get(tableId)?.find(({ wanted }) => holds(wanted, fields))?.item;
  }
}

/** A flow with its match laid out. */
interface Entry {
  readonly item: FlowItem;
  readonly wanted: readonly (readonly [string, Wanted])[];
}

type Wanted = number | bigint | { readonly value: number | bigint; readonly mask: number | bigint };

function tablesOf(items: Iterable<Item>): Map<number, Entry[]> {
  const tables = new Map<number, Entry[]>();
  for (const item of items) {
    if (item.kind !== 'flow') continue;
    const entry = { item, wanted: Object.entries(item.match) as [string, Wanted][] };
    const table = tables.get(item.tableId);
    if (table) table.push(entry);
    else tables.set(item.tableId, [entry]);
  }
  for (const table of tables.values()) table.sort((x, y) => y.item.priority - x.item.priority);
  return tables;
}

function holds(all: Entry['wanted'], fields: Fields): boolean {
  for (const [name, wanted] of all) {
    const held = fields[name];
    if (held === undefined) return false;
    if (typeof wanted !== 'object') {
      if (held !== wanted) return false;
    } else if ((BigInt(held) & BigInt(wanted.mask)) !== BigInt(wanted.value)) return false;
  }
  return true;
}

export interface ModelTransportOptions {
  readonly device: ModelSwitch;
  /** Resolves when the switch gets to it. */
  readonly delay: () => Promise<void>;
  /** What becomes of a commit. */
  readonly fate: () => 'confirmed' | 'lost before' | 'lost after';
  readonly onApplied: () => void;
  /** False once the session is gone: a switch drops what it has not worked through by then. */
  readonly alive: () => boolean;
  /** The switch tells what others change; by default it does not. */
  readonly monitored?: boolean;
}

/** Reaches a model switch with delays and lost answers. */
export function createModelTransport({
  device,
  delay,
  fate,
  onApplied,
  alive,
  monitored = false,
}: ModelTransportOptions): SwitchTransport {
  return {
    read: async (): Promise<ReadBack> => {
      await delay();
      const readBack = device.readBack();
      await delay();
      return readBack;
    },
    watch: async (watcher) => {
      if (monitored) device.watchers.add(watcher);
      return monitored;
    },
    commit: async (ops) => {
      await delay();
      const end = fate();
      if (!alive()) throw new Error('the session is gone');
      if (end === 'lost before') throw new Error('the answer was lost');
      device.apply(ops);
      onApplied();
      await delay();
      if (end === 'lost after') throw new Error('the answer was lost');
      return [];
    },
  };
}
