/** From a change to its last confirmation, on real switches: a host is heard for the first time. */
import { startLab } from '../support/lab.ts';
import type { Cost } from '../support/lab.ts';
import { best, median, timed } from '../support/rounds.ts';
import { ms } from '../support/table.ts';
import type { Row } from '../support/table.ts';
import { ringOfRings, tree } from '../../test/support/topologies.ts';
import { announce } from '../../test/support/fabric.ts';
import { dpidOf } from '../../test/support/ring.ts';
import type { Topology } from '../../test/support/topologies.ts';

const ROUNDS = 21;
const WARM_UP_ROUNDS = 5;

const TOPOLOGIES: readonly Topology[] = [tree(1, 1), tree(20, 4), tree(200, 4), ringOfRings(4, 5), ringOfRings(10, 20)];

export async function benchChange(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const topology of TOPOLOGIES) rows.push(rowOf(topology, await samplesOn(topology)));
  return rows;
}

interface Sample extends Cost {
  /** Of a barrier to one switch, just before: what this Open vSwitch, with all its bridges, needs to answer anything. */
  readonly roundTripMs: number;
}

async function samplesOn(topology: Topology): Promise<Sample[]> {
  const lab = await startLab({ topology });
  try {
    const samples: Sample[] = [];
    for (let round = 0; round < WARM_UP_ROUNDS + ROUNDS; round++) {
      // Spread over the network: near its middle and at its ends.
      const node = ((round * 37) % topology.switches) + 1;
      const roundTripMs = await timed(async () => lab.rooms.session(dpidOf(node))?.barrier());
      const cost = await lab.change(() => announce(lab.rooms, round + 1, node));
      if (round >= WARM_UP_ROUNDS) samples.push({ ...cost, roundTripMs });
    }
    return samples;
  } finally {
    await lab.dispose();
  }
}

function rowOf({ name, switches }: Topology, samples: readonly Sample[]): Row {
  const of = (pick: (sample: Sample) => number): number => median(samples.map(pick));
  const mods = of((sample) => sample.mods);
  const trips = of(({ totalMs }) => totalMs) / of(({ roundTripMs }) => roundTripMs);
  return {
    what: `a new host, ${name}`,
    figure: `${ms(best(samples.map((sample) => sample.totalMs)))} (median ${ms(of((sample) => sample.totalMs))})`,
    beside:
      `${trips.toFixed(0)} barriers of ${ms(of((sample) => sample.roundTripMs))}; ` +
      `tables ${ms(of((sample) => sample.updateMs))}, plan and wire ${ms(of(({ cpuMs, updateMs }) => cpuMs - updateMs))}; ` +
      `${mods} flow-mods`,
    target: `${switches + 1} flow-mods`,
    met: mods === switches + 1,
  };
}
