/** 10,000 rules to one real switch, beside `ovs-ofctl --bundle add-flows` with the very same rules. */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { formatMac } from '../../src/core/addresses.ts';
import type { App } from '../../src/apps/sdk.ts';
import { outputTo } from '../../src/apps/sdk.ts';
import type { FlowItem } from '../../src/flows/items.ts';
import { hostAt } from '../../src/topology/testing/facts.ts';
import { tree } from '../../test/support/topologies.ts';
import { dpidOf, macOf } from '../../test/support/ring.ts';
import { startLab } from '../support/lab.ts';
import type { Lab } from '../support/lab.ts';
import { best, inTurns, median, timed } from '../support/rounds.ts';
import { ms } from '../support/table.ts';
import type { Row } from '../support/table.ts';

const run = promisify(execFile);

const RULES = 10_000;
const ROUNDS = 9;
const TARGET_RATIO = 1.5;
const DPID = dpidOf(1);
/** The switch that ovs-ofctl fills: no controller looks at it. */
const OTHER = 'other';
/** While a host of this address is known, the rules are wanted. */
const MARK = macOf(0);

/** Wants all rules or none. */
const bulk: App = {
  name: 'bulk',
  id: 5,
  units: (facts) => (facts.host(MARK) ? ['all'] : []),
  build: (_facts, _unit, output) => {
    for (let rule = 1; rule <= RULES; rule++) {
      const match = { ethDst: macOf(rule) };
      output.rule(DPID, { table: 'forward', priority: 100, match, instructions: outputTo((rule % 48) + 1) });
    }
  },
};

export async function benchBundle(): Promise<Row[]> {
  const lab = await startLab({
    topology: tree(1, 1),
    apps: [bulk],
    holds: ({ network }) => network.view.switches.get(DPID)?.connected === true,
  });
  try {
    await lab.ovs.addBridge(OTHER, { dpid: dpidOf(0xffff) });
    const ofctl = await ofctlFilling(lab);
    const results = await inTurns<'ours' | 'ofctl', Sample>(ROUNDS, {
      ours: async () => ourFilling(lab),
      ofctl,
    });
    return rowsOf(results);
  } finally {
    await lab.dispose();
  }
}

interface Sample {
  readonly totalMs: number;
  readonly beside: string;
}

async function ourFilling(lab: Lab): Promise<Sample> {
  const { network } = lab.rooms;
  const cost = await lab.change(() => {
    network.setHost(MARK, hostAt(MARK, { dpid: DPID, port: 1 }));
    network.flush();
  });
  if (cost.mods !== RULES) throw new Error(`${cost.mods} flow-mods were sent for ${RULES} rules`);
  await checkCount(lab, 's1');
  await lab.change(() => network.setHost(MARK, undefined));
  const { updateMs, cpuMs } = cost;
  return { ...cost, beside: `tables ${ms(updateMs)}, plan and wire ${ms(cpuMs - updateMs)}` };
}

/** Writes the rules as desired into a file as ovs-ofctl reads it. */
async function ofctlFilling(lab: Lab): Promise<() => Promise<Sample>> {
  const { network, desired } = lab.rooms;
  await lab.change(() => network.setHost(MARK, hostAt(MARK, { dpid: DPID, port: 1 })));
  const lines = [...desired.of(DPID).values()].map((item) => ofctlLine(item as FlowItem));
  await lab.change(() => network.setHost(MARK, undefined));
  const file = join(lab.ovs.dir, 'rules.txt');
  await writeFile(file, `${lines.join('\n')}\n`);
  const args = ['-O', 'OpenFlow13', '--bundle', 'add-flows', `unix:${lab.ovs.mgmtSocket(OTHER)}`, file];
  return async () => {
    const totalMs = await timed(() => run('ovs-ofctl', args));
    await checkCount(lab, OTHER);
    await lab.ovs.ofctl('del-flows', OTHER);
    return { totalMs, beside: '' };
  };
}

function ofctlLine({ tableId, priority, cookie, match, instructions }: FlowItem): string {
  const [apply] = instructions;
  const action = apply?.type === 'applyActions' ? apply.actions[0] : undefined;
  if (action?.type !== 'output' || typeof match.ethDst !== 'number') throw new Error('a rule of another shape');
  const place = `table=${tableId},priority=${priority},cookie=0x${cookie.toString(16)}`;
  return `${place},dl_dst=${formatMac(match.ethDst)},actions=output:${action.port}`;
}

async function checkCount({ ovs }: Lab, bridge: string): Promise<void> {
  const text = await ovs.ofctl('dump-aggregate', bridge);
  if (Number(/flow_count=(\d+)/.exec(text)?.[1]) !== RULES) throw new Error(`${bridge} holds otherwise: ${text}`);
}

function rowsOf({ ours, ofctl }: Record<'ours' | 'ofctl', readonly Sample[]>): Row[] {
  const [mine, theirs] = [ours, ofctl].map((samples) => samples.map(({ totalMs }) => totalMs)) as [number[], number[]];
  // The best of each: noise of a shared machine only ever slows.
  const ratio = best(mine) / best(theirs);
  return [
    {
      what: `${RULES} rules to one switch, confirmed`,
      figure: `${ms(best(mine))} (median ${ms(median(mine))})`,
      beside: `${ratio.toFixed(2)} times ovs-ofctl --bundle, ${ms(best(theirs))} (median ${ms(median(theirs))})`,
      target: `within ${TARGET_RATIO} times`,
      met: ratio <= TARGET_RATIO,
    },
    { what: '… processor time of ours', figure: ours.at(-1)?.beside ?? '' },
  ];
}
