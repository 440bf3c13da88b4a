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
/** A step through the switches that comes by all of them, near the middle of the network and at its ends in turn. */
const STRIDE = 37;

const TOPOLOGIES: readonly Topology[] = [tree(1, 1), tree(20, 4), tree(200, 4), ringOfRings(4, 5), ringOfRings(10, 20)];

export async function benchChange(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const topology of TOPOLOGIES) {
    const { first, more } = await samplesOn(topology);
    const { name, switches } = topology;
    const mods = median(more.map((sample) => sample.mods));
    rows.push(
      {
        ...rowOf(`a new host, ${name}`, more),
        target: `${switches + 1} flow-mods`,
        met: mods === switches + 1,
      },
      rowOf('… where its switch had none before', first),
    );
  }
  return rows;
}

interface Sample extends Cost {
  /** Of a barrier to one switch, just before: what this Open vSwitch, with all its bridges, needs to answer anything. */
  readonly roundTripMs: number;
}

/** The first host of a switch, and one more when all that are measured have one. */
async function samplesOn(topology: Topology): Promise<{ readonly first: Sample[]; readonly more: Sample[] }> {
  const lab = await startLab({ topology });
  const sample = async (host: number, round: number): Promise<Sample> => {
    const node = ((round * STRIDE) % topology.switches) + 1;
    const roundTripMs = await timed(async () => lab.rooms.session(dpidOf(node))?.barrier());
    return { ...(await lab.change(() => announce(lab.rooms, host, node))), roundTripMs };
  };
  try {
    const first: Sample[] = [];
    const more: Sample[] = [];
    const rounds = Math.min(ROUNDS, topology.switches);
    for (let round = 0; round < rounds; round++) first.push(await sample(round + 1, round));
    for (let round = 0; round < ROUNDS; round++) more.push(await sample(rounds + round + 1, round % rounds));
    return { first, more };
  } finally {
    await lab.dispose();
  }
}

function rowOf(what: string, samples: readonly Sample[]): Row {
  const of = (pick: (sample: Sample) => number): number => median(samples.map(pick));
  const trips = of(({ totalMs }) => totalMs) / of(({ roundTripMs }) => roundTripMs);
  return {
    what,
    figure: `${ms(best(samples.map((sample) => sample.totalMs)))} (median ${ms(of((sample) => sample.totalMs))})`,
    beside:
      `${trips.toFixed(0)} barriers of ${ms(of((sample) => sample.roundTripMs))}; ` +
      `tables ${ms(of((sample) => sample.updateMs))}, plan and wire ${ms(of(({ cpuMs, updateMs }) => cpuMs - updateMs))}; ` +
      `${of((sample) => sample.mods)} flow-mods`,
  };
}
