/** Reading 100,000 rules back from 200 real switches and comparing them: how long, and how long nothing else has its turn. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { processorMs } from '../../test/support/processor-time.ts';
import { startLab } from '../support/lab.ts';
import type { Lab } from '../support/lab.ts';
import { best, inTurns, median, timed } from '../support/rounds.ts';
import { ms } from '../support/table.ts';
import type { Row } from '../support/table.ts';
import { tree } from '../../test/support/topologies.ts';
import { announce } from '../../test/support/fabric.ts';
import { dpidOf } from '../../test/support/ring.ts';

const SWITCHES = 200;
const HOSTS = 490;
const ROUNDS = 5;
/** The histogram's timer: what it reports beyond this was a delay. */
const RESOLUTION_MS = 1;
const NS_PER_MS = 1e6;

export async function benchAudit(): Promise<Row[]> {
  const lab = await startLab({ topology: tree(SWITCHES, 4) });
  try {
    const filling = await fill(lab);
    const { ours, ofctl } = await inTurns<'ours' | 'ofctl', Sample>(ROUNDS, {
      ours: () => auditAll(lab),
      ofctl: () => dumpAll(lab),
    });
    return [filling, ...rowsOf(ours, ofctl)];
  } finally {
    await lab.dispose();
  }
}

interface Sample {
  readonly totalMs: number;
  readonly cpuMs: number;
  /** The longest time for which nothing else in this process had its turn. */
  readonly stallMs: number;
  readonly rules: number;
}

/** As housekeeping does it: one switch after the other. */
function auditAll({ rooms }: Lab): Promise<Sample> {
  return sampled(async (node) => {
    const readBack = await rooms.reconciler.audit(dpidOf(node));
    if (!readBack) throw new Error(`switch ${node} could not be audited`);
    return readBack.flows.length;
  });
}

/** What the same reading costs another program. */
function dumpAll({ ovs }: Lab): Promise<Sample> {
  return sampled(async (node) => (await ovs.ofctl('dump-flows', `s${node}`)).split('\n').length - 1);
}

async function sampled(readRules: (node: number) => Promise<number>): Promise<Sample> {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  const cpuMs = processorMs();
  let rules = 0;
  delays.enable();
  const totalMs = await timed(async () => {
    for (let node = 1; node <= SWITCHES; node++) rules += await readRules(node);
  });
  delays.disable();
  return { totalMs, cpuMs: processorMs() - cpuMs, stallMs: delays.max / NS_PER_MS - RESOLUTION_MS, rules };
}

function rowsOf(ours: readonly Sample[], ofctl: readonly Sample[]): Row[] {
  const [mine, theirs] = [ours, ofctl].map((samples) => samples.map(({ totalMs }) => totalMs)) as [number[], number[]];
  const stalls = ours.map(({ stallMs }) => stallMs);
  const ratio = (best(mine) / best(theirs)).toFixed(2);
  return [
    {
      what: `an audit of ${SWITCHES} switches, one after the other, ${ours.at(-1)?.rules ?? 0} rules`,
      figure: `${ms(best(mine))} (median ${ms(median(mine))})`,
      beside: `${ratio} times ovs-ofctl dump-flows of each, ${ms(best(theirs))} (median ${ms(median(theirs))})`,
    },
    { what: '… processor time of ours', figure: ms(median(ours.map(({ cpuMs }) => cpuMs))) },
    {
      what: '… the longest stall of the event loop',
      figure: `${ms(best(stalls))} (median ${ms(median(stalls))})`,
    },
  ];
}

/** Hosts all over the network, at once: also a figure of its own. */
async function fill(lab: Lab): Promise<Row> {
  const cost = await lab.change(() => {
    for (let host = 1; host <= HOSTS; host++) announce(lab.rooms, host, (host % SWITCHES) + 1);
  });
  return {
    what: `${HOSTS} hosts heard at once on ${SWITCHES} switches`,
    figure: ms(cost.totalMs),
    beside: `tables ${ms(cost.updateMs)}, plan and wire ${ms(cost.cpuMs - cost.updateMs)}; ${cost.mods} flow-mods`,
  };
}
