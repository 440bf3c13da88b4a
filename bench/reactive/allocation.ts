/** How many bytes of heap one packet-in costs from the handler to the last queued byte, in networks of several sizes. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { pino } from 'pino';
import { createManualClock } from '../../src/core/manual-clock.ts';
import { linkId } from '../../src/core/ids.ts';
import { makeCookie, RULE_CLASS } from '../../src/flows/cookie.ts';
import { flowItem } from '../../src/flows/items.ts';
import { apply, TABLES } from '../../src/flows/pipeline.ts';
import { OFPP } from '../../src/openflow/codec/index.ts';
import { createConversations } from '../../src/reactive/conversations.ts';
import type { Conversations } from '../../src/reactive/conversations.ts';
import type { ReactiveSession } from '../../src/reactive/fabric.ts';
import { Network } from '../../src/topology/network.ts';
import type { Port, PortKind, Switch } from '../../src/topology/view.ts';
import { cables, dpidOf, HOST_PORT, hostsPerLeaf, macOf, portsOf, SPINES } from './leaf-spine.ts';

/** Few enough that no collection comes between: a packet-in costs under a kilobyte. */
const BATCH = 1_000;
const BATCHES = 15;

export interface Allocation {
  readonly switches: number;
  readonly bytesPerPacketIn: number;
  readonly microsecondsPerPacketIn: number;
}

/** The medians of several batches, each begun with an empty nursery. */
export function measureAllocation(switches: number): Allocation {
  setFlagsFromString('--expose-gc');
  setFlagsFromString('--max-semi-space-size=64');
  const collect = runInNewContext('gc') as () => void;
  const conversations = network(switches);
  const frames = Array.from({ length: BATCH * (BATCHES + 2) }, (_, i) => frameOf(i, switches));
  const bytes: number[] = [];
  const times: number[] = [];
  for (let batch = 0; batch < BATCHES + 2; batch++) {
    collect();
    const before = process.memoryUsage().heapUsed;
    const start = process.hrtime.bigint();
    for (let i = batch * BATCH; i < (batch + 1) * BATCH; i++) {
      const { dpid, data } = frames[i]!;
      conversations.packetIn(dpid, HOST_PORT, data);
    }
    const took = Number(process.hrtime.bigint() - start) / 1_000;
    // The first ones are compiled.
    if (batch < 2) continue;
    bytes.push((process.memoryUsage().heapUsed - before) / BATCH);
    times.push(took / BATCH);
  }
  const { programmed } = conversations.counters!;
  if (programmed !== frames.length)
    throw new Error(`only ${programmed} of ${frames.length} packet-ins were programmed`);
  return { switches, bytesPerPacketIn: median(bytes), microsecondsPerPacketIn: median(times) };
}

function network(switches: number): Conversations {
  const clock = createManualClock();
  const facts = new Network(clock);
  const ask = flowItem({
    tableId: TABLES.forward.id,
    priority: 0,
    match: {},
    instructions: [apply({ type: 'output', port: OFPP.CONTROLLER, maxLen: 0xffff })],
    cookie: makeCookie({ app: 8, ruleClass: RULE_CLASS.DESIRED, unit: 1 }),
  });
  const items = new Map([[ask.key, ask]]);
  const conversations = createConversations({
    network: facts,
    clock,
    logger: pino({ level: 'silent' }),
    match: 'mac',
    idleTimeoutS: 10,
    installed: () => items,
  });
  for (let index = 0; index < switches; index++) facts.setSwitch(dpidOf(index), describe(index, switches));
  for (const [x, y] of cables(switches)) {
    const [a, b] = [x, y].map(({ index, port }) => ({ dpid: dpidOf(index), port })) as [Ref, Ref];
    facts.setLink(linkId(a, b), { id: linkId(a, b), a, b, bidirectional: true });
  }
  for (let leaf = SPINES; leaf < switches; leaf++) {
    const at = { dpid: dpidOf(leaf), port: HOST_PORT };
    for (let host = 0; host < hostsPerLeaf(switches); host++) {
      const mac = macOf(leaf, host);
      facts.setHost(mac, { mac, vlan: undefined, ips: [], name: undefined, at, firstSeen: 0 });
    }
  }
  facts.flush();
  for (let index = 0; index < switches; index++) conversations.attach(dpidOf(index), SINK, { flows: [], items });
  return conversations;
}

interface Ref {
  readonly dpid: string;
  readonly port: number;
}

/** Takes all, keeps nothing. */
const SINK: ReactiveSession = {
  append: () => true,
  send: () => true,
  nextXid: () => 1,
  barrier: () => Promise.resolve(),
};

function describe(index: number, switches: number): Switch {
  const portKind: PortKind = 'fabric';
  const ports = portsOf(index, switches).map((number): [number, Port] => [
    number,
    {
      number,
      name: `${index}-${number}`,
      mac: number,
      up: true,
      kind: index >= SPINES && number === HOST_PORT ? 'host' : portKind,
      speedBps: 0,
    },
  ]);
  const dpid = dpidOf(index);
  const texts = { manufacturer: '', hardware: '', software: '', serial: '', description: '', remoteAddress: '' };
  return {
    dpid,
    name: dpid,
    connected: true,
    away: false,
    connectedSince: 0,
    tables: 8,
    ports: new Map(ports),
    ...texts,
  };
}

/** Each of another pair, between leaves. */
function frameOf(i: number, switches: number): { readonly dpid: string; readonly data: Buffer } {
  const leaves = switches - SPINES;
  const hosts = hostsPerLeaf(switches);
  const from = SPINES + (i % leaves);
  const to = SPINES + ((i + 1 + (Math.floor(i / leaves) % (leaves - 1))) % leaves);
  const data = Buffer.alloc(60);
  data.writeUIntBE(macOf(to, Math.floor(i / 7) % hosts), 0, 6);
  data.writeUIntBE(0x0600_0000_0000 + i, 6, 6);
  data.writeUInt16BE(0x88b5, 12);
  return { dpid: dpidOf(from), data };
}

function median(values: readonly number[]): number {
  return [...values].sort((x, y) => x - y)[Math.floor(values.length / 2)]!;
}
