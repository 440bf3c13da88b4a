/**
 * What one more host costs where thousands are known, computing alone: 200 model switches that confirm at once, so that no
 * switch is waited for and no byte is encoded.
 */
import { appsFor } from '../../src/apps/index.ts';
import { systemClock } from '../../src/core/clock.ts';
import { linkId } from '../../src/core/ids.ts';
import { DesiredTables } from '../../src/flows/desired/tables.ts';
import { Reconciler } from '../../src/flows/reconcile/reconciler.ts';
import { hostAt, portOf, switchOf } from '../../src/topology/testing/facts.ts';
import { Network } from '../../src/topology/network.ts';
import { createModelTransport, ModelSwitch } from '../../test/support/model-switch.ts';
import { processorMs } from '../../test/support/processor-time.ts';
import { createSettling } from '../../test/support/settling.ts';
import { pino } from 'pino';
import { HOST_PORT } from '../../test/support/fabric.ts';
import { median } from '../support/rounds.ts';
import { ms } from '../support/table.ts';
import type { Row } from '../support/table.ts';
import { cabling, ringOfRings, tree } from '../../test/support/topologies.ts';
import { dpidOf, macOf } from '../../test/support/ring.ts';
import type { Topology } from '../../test/support/topologies.ts';

const HOSTS = 2_000;
const ROUNDS = 41;
const TARGET_MS = 5;

interface Sample {
  /** Computing the desired tables. */
  readonly updateMs: number;
  /** All until the last confirmation, `updateMs` among it: mostly planning. */
  readonly allMs: number;
  readonly mods: number;
}

/** All in processor time: nothing is waited for here. */
export async function benchManyHosts(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const topology of [tree(200, 4), ringOfRings(10, 20)]) {
    const samples = await samplesOn(topology);
    const of = (pick: (sample: Sample) => number): number => median(samples.map(pick));
    const [updateMs, allMs, mods] = [of((s) => s.updateMs), of((s) => s.allMs), of((s) => s.mods)];
    rows.push(
      {
        what: `one host more than ${HOSTS}, ${topology.name}: tables`,
        figure: ms(updateMs),
        target: `under ${TARGET_MS} ms`,
        met: updateMs < TARGET_MS,
      },
      {
        what: '… and all planning, switches that confirm at once',
        figure: ms(allMs),
        beside: `${mods} flow-mods`,
        target: `${topology.switches} + 1 flow-mods`,
        met: mods === topology.switches + 1,
      },
    );
  }
  return rows;
}

async function samplesOn(topology: Topology): Promise<Sample[]> {
  const network = new Network(systemClock);
  const desired = new DesiredTables(appsFor('proactive'));
  const reconciler = new Reconciler({
    desired: (dpid) => desired.of(dpid),
    clock: systemClock,
    logger: pino({ level: 'error' }),
    onReady: () => {},
    keepLeftovers: () => false,
  });
  const settling = createSettling({ network, desired, reconciler });
  let updateMs = 0;
  network.onUpdate((update) => {
    const start = processorMs();
    const change = desired.update(update);
    updateMs = processorMs() - start;
    reconciler.changed(update.view, change);
    settling.changed(change);
  });
  let mods = 0;
  fillIn(network, topology);
  network.flush();
  for (const dpid of network.view.switches.keys()) {
    const transport = createModelTransport({
      device: new ModelSwitch(),
      delay: () => Promise.resolve(),
      fate: () => 'confirmed',
      onApplied: () => setImmediate(settling.answered, dpid),
      alive: () => true,
    });
    const counting = {
      ...transport,
      commit: (ops: Parameters<typeof transport.commit>[0]) => {
        mods += ops.length;
        return transport.commit(ops);
      },
    };
    reconciler.attach(dpid, counting, { items: new Map(), flows: [], foreign: [], foreignCount: 0 });
  }
  await settling.settled();

  const samples: Sample[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const { version } = network.view;
    mods = 0;
    addHost(network, topology, HOSTS + round);
    const start = processorMs();
    network.flush();
    await settling.settled({ version });
    samples.push({ allMs: processorMs() - start, updateMs, mods });
  }
  return samples;
}

function fillIn(network: Network, topology: Topology): void {
  const ports = new Map<number, number[]>();
  for (const { a, b } of cabling(topology)) {
    for (const { node, port } of [a, b]) ports.set(node, [...(ports.get(node) ?? []), port]);
    const ends = [a, b].map(({ node, port }) => ({ dpid: dpidOf(node), port })) as [PortEnd, PortEnd];
    const id = linkId(...ends);
    const [low, high] = id.startsWith(ends[0].dpid) ? ends : [ends[1], ends[0]];
    network.setLink(id, { id, a: low, b: high, bidirectional: true });
  }
  for (let node = 1; node <= topology.switches; node++) {
    const fabric = (ports.get(node) ?? []).map((port) => portOf(port, 'fabric'));
    network.setSwitch(dpidOf(node), switchOf(dpidOf(node), [...fabric, portOf(HOST_PORT, 'host')]));
  }
  for (let host = 0; host < HOSTS; host++) addHost(network, topology, host);
}

interface PortEnd {
  readonly dpid: string;
  readonly port: number;
}

function addHost(network: Network, { switches }: Topology, host: number): void {
  network.setHost(macOf(host), hostAt(macOf(host), { dpid: dpidOf((host % switches) + 1), port: HOST_PORT }));
}
