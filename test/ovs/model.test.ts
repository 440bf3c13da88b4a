/** The model switch of the simulations, held against a real one that has the same tables: both send the same frames the same way. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { appsFor } from '../../src/apps/index.ts';
import { formatMac } from '../../src/core/addresses.ts';
import { createManualClock } from '../../src/core/manual-clock.ts';
import { linkId } from '../../src/core/ids.ts';
import type { PortRef } from '../../src/core/ids.ts';
import { DesiredTables } from '../../src/flows/desired/tables.ts';
import { Network } from '../../src/topology/network.ts';
import { hostAt, portOf, switchOf } from '../../src/topology/testing/facts.ts';
import { startKeeper } from '../support/keeper.ts';
import type { Keeper } from '../support/keeper.ts';
import { liveBucket, ModelSwitch } from '../support/model-switch.ts';
import type { Fields } from '../support/model-switch.ts';
import { startPrivateOvs } from '../support/private-ovs.ts';
import type { PrivateOvs } from '../support/private-ovs.ts';
import { seededRandom } from '../support/random.ts';
import { until } from '../support/rest.ts';
import { dpidOf, macOf } from '../support/ring.ts';

const S1 = dpidOf(1);
const HOST_PORTS = [10, 11];
const FABRIC_PORTS = [1, 2, 3, 4];
const UNKNOWN_PORT = 12;
const ALL_PORTS = [...FABRIC_PORTS, ...HOST_PORTS, UNKNOWN_PORT];
const FRAMES = 300;
/** Enough to have every one of two next hops chosen. */
const HASHES = Array.from({ length: 16 }, (_, hash) => hash);
/** Open vSwitch reckons the hash when it meets a select group, and a trace ends there; `spread.test.ts` goes on from it. */
const BY_HASH = 'by hash';
const PRESENT = 0x1000;
const RESERVED_VLAN = 0xfff;

/** s1 with hosts, two cables to s2, and two ways to s4 by s2 and s3; unequal distances and a tree that is not all of it. */
function desiredOfS1(): DesiredTables {
  const network = new Network(createManualClock());
  const desired = new DesiredTables(appsFor('proactive'));
  network.onUpdate((update) => desired.update(update));
  const fabric = FABRIC_PORTS.map((port) => portOf(port, 'fabric'));
  const hostPorts = HOST_PORTS.map((port) => portOf(port, 'host'));
  network.setSwitch(S1, switchOf(S1, [...fabric, ...hostPorts, portOf(UNKNOWN_PORT)]));
  for (const index of [2, 3, 4]) network.setSwitch(dpidOf(index), switchOf(dpidOf(index), [...fabric, ...hostPorts]));
  const cables: readonly (readonly [number, number, number, number])[] = [
    [1, 1, 2, 1],
    [1, 2, 2, 2],
    [1, 3, 3, 1],
    [2, 3, 4, 1],
    [3, 2, 4, 2],
  ];
  for (const [from, port, to, peer] of cables) {
    const [a, b]: [PortRef, PortRef] = [
      { dpid: dpidOf(from), port },
      { dpid: dpidOf(to), port: peer },
    ];
    network.setLink(linkId(a, b), { id: linkId(a, b), a, b, bidirectional: true });
  }
  for (const index of [1, 2, 3, 4]) {
    network.setHost(macOf(index), hostAt(macOf(index), { dpid: dpidOf(index), port: HOST_PORTS[0]! }));
  }
  network.flush();
  return desired;
}

let ovs: PrivateOvs;
let keeper: Keeper;
/** OpenFlow's number of each port of the datapath. */
let portOfDatapath: ReadonlyMap<string, number>;
const model = new ModelSwitch();

beforeAll(async () => {
  keeper = await startKeeper();
  ovs = await startPrivateOvs();
  const { port } = keeper.server;
  await ovs.addBridge('s1', { dpid: S1, controller: `tcp:127.0.0.1:${port}` });
  for (const ofport of ALL_PORTS) await ovs.dummyPort('s1', `p${ofport}`, { ofport });
  const items = desiredOfS1().of(S1);
  model.load(items);
  // No other switch is here that these could wait for.
  keeper.desire(
    S1,
    [...items.values()].map((item) => (item.kind === 'meter' ? item : { ...item, after: [] })),
  );
  await keeper.ready.next(() => true, 'the bridge');
  await until(
    async () => keeper.reconciler.report(S1),
    ({ connected, missing, changed, extra }) => connected && missing.length + changed.length + extra.length === 0,
  );
  const shown = await ovs.appctl('dpif/show');
  portOfDatapath = new Map([...shown.matchAll(/p\d+ (\d+)\/(\d+):/g)].map(([, of, dp]) => [dp!, Number(of)]));
});
afterAll(async () => {
  await keeper?.stop();
  await ovs?.dispose();
});

/** What a frame becomes: copies by port and outermost tag, in a form to compare. */
function inWords(copies: readonly { readonly port: number; readonly vid: number }[], toController: boolean): string {
  const sent = copies.map(({ port, vid }) => `${port}${vid === 0 ? '' : `/${vid}`}`).sort();
  return `${sent.join(' ')}${toController ? ' and shown' : ''}`;
}

async function realOutcome({ inPort, ethDst, ethSrc, ethType, vlanVid }: Record<string, number>): Promise<string> {
  const vid = vlanVid! & ~PRESENT;
  const tag = vlanVid === 0 ? '' : `,dl_vlan=${vid},dl_vlan_pcp=0`;
  const flow = `in_port=${inPort},dl_src=${formatMac(ethSrc!)},dl_dst=${formatMac(ethDst!)},dl_type=${ethType}${tag}`;
  const trace = await ovs.appctl('ofproto/trace', 's1', flow);
  const copies: { port: number; vid: number }[] = [];
  let toController = false;
  const tags = vlanVid === 0 ? [] : [vid];
  for (const [, actions] of trace.matchAll(/^Datapath actions: (.*)$/gm)) {
    for (const [action] of actions!.matchAll(/\w+(\([^()]*(\([^()]*\)[^()]*)*\))?/g)) {
      const pushed = /^push_vlan\(vid=(\d+)/.exec(action);
      if (pushed) tags.push(Number(pushed[1]));
      else if (action === 'pop_vlan') tags.pop();
      else if (action.startsWith('userspace')) toController = true;
      else if (action.startsWith('recirc')) return BY_HASH;
      else if (/^\d+$/.test(action)) copies.push({ port: portOfDatapath.get(action)!, vid: tags.at(-1) ?? 0 });
    }
  }
  return inWords(copies, toController);
}

function modelOutcome(fields: Fields): string {
  const outcomes = HASHES.map((hash) => {
    const { sent, toController } = model.process(
      fields,
      liveBucket(hash, () => true),
    );
    const copies = sent.map(({ port, vlanVid }) => ({ port, vid: vlanVid & ~PRESENT }));
    return inWords(copies, toController);
  });
  return new Set(outcomes).size > 1 ? BY_HASH : outcomes[0]!;
}

it('sends frames of every kind as Open vSwitch does', async () => {
  const random = seededRandom(1);
  const known = [1, 2, 3, 4].map(macOf);
  const targets = [...known, macOf(77), 0xffffffffffff, 0x01005e000001, 0x0180c2000001];
  const seen = new Set<string>();
  for (let frame = 0; frame < FRAMES; frame++) {
    const fields = {
      inPort: random.pick(ALL_PORTS),
      ethDst: random.pick(targets),
      ethSrc: random.pick([...known, macOf(88), 0x010203040506]),
      ethType: random.pick([0x88b5, 0x0800, 0x0806]),
      vlanVid: random.pick([0, 0, PRESENT | 7, PRESENT | RESERVED_VLAN]),
    };
    const real = await realOutcome(fields);
    expect(modelOutcome(fields), JSON.stringify(fields)).toBe(real);
    seen.add(real);
  }
  // All there is: dropped, one way, flooded with and without the mark, shown.
  expect(seen.size).toBeGreaterThan(8);
});
