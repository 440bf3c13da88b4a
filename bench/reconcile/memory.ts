/** What the whole controller, a process of its own, holds in memory with 100,000 rules on 200 real switches. */
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { root, startController } from '../../test/support/controller.ts';
import type { LogLine, RunningController } from '../../test/support/controller.ts';
import { startPrivateOvs } from '../../test/support/private-ovs.ts';
import type { PrivateOvs } from '../../test/support/private-ovs.ts';
import { get, until } from '../../test/support/rest.ts';
import { arpFrame, buildFabric, HOST_PORT } from '../../test/support/fabric.ts';
import { mib } from '../support/table.ts';
import type { Row } from '../support/table.ts';
import { tree } from '../../test/support/topologies.ts';

const TOPOLOGY = tree(200, 4);
const HOSTS = 490;
const SPEAKERS = 10; // switches at which the hosts are
const FLOWS_EACH = 500;
const TARGET_BYTES = 200 * 2 ** 20;
const PROBE = join(root, 'bench/support/memory-probe.mjs');
const POLL_MS = 50;
const PATIENCE_MS = 60_000;
const ATTEMPTS = 20;
const AGAIN_MS = 3_000;

interface Memory {
  readonly rss: number;
  readonly heapUsed: number;
  readonly heapTotal: number;
  readonly external: number;
}

interface Health {
  readonly switches: number;
  readonly links: number;
  readonly hosts: number;
}

export async function benchMemory(): Promise<Row[]> {
  const controller = await startController({ nodeArgs: ['--expose-gc', '--import', PROBE] });
  let ovs: PrivateOvs | undefined;
  try {
    const alone = await memoryOf(controller);
    ovs = await startPrivateOvs();
    await buildFabric(ovs, TOPOLOGY, `tcp:127.0.0.1:${controller.openflowPort}`);
    const health = (): Promise<Health> => get<Health>(controller.baseUrl, '/health');
    await until(health, ({ switches, links }) => switches === TOPOLOGY.switches && links === TOPOLOGY.links.length);
    await announceAll(ovs, health);
    const rules = await rulesInAll(ovs);
    const full = await memoryOf(controller);
    return [
      rowOf('memory of the controller, nothing connected', alone),
      {
        ...rowOf(`memory with ${TOPOLOGY.switches} switches, ${HOSTS} hosts, ${rules} rules`, full),
        target: `RSS under ${mib(TARGET_BYTES)}`,
        met: full.rss < TARGET_BYTES,
      },
      { what: '… for each rule, heap', figure: `${((full.heapUsed - alone.heapUsed) / rules).toFixed(0)} bytes` },
    ];
  } finally {
    await controller.stop();
    await ovs?.dispose();
  }
}

function rowOf(what: string, { rss, heapUsed, heapTotal, external }: Memory): Row {
  const beside = `heap ${mib(heapUsed)} of ${mib(heapTotal)}, buffers and the like ${mib(external)}`;
  return { what, figure: `RSS ${mib(rss)}`, beside };
}

/** After garbage is collected. */
async function memoryOf({ pid, log }: RunningController): Promise<Memory> {
  const before = log.filter(isMemory).length;
  process.kill(pid, 'SIGUSR2');
  for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; await pause(POLL_MS)) {
    const lines = log.filter(isMemory);
    const last = lines.at(-1);
    if (lines.length > before && last) return last as unknown as Memory;
  }
  throw new Error('the controller did not tell its memory');
}

function isMemory({ msg }: LogLine): boolean {
  return msg === 'memory';
}

/** Frames of all hosts, at the host ports of some switches. */
async function announceAll(ovs: PrivateOvs, health: () => Promise<Health>): Promise<void> {
  for (let speaker = 0; speaker < SPEAKERS; speaker++) {
    const hosts = Array.from({ length: HOSTS / SPEAKERS }, (_, i) => speaker * (HOSTS / SPEAKERS) + i + 1);
    const node = (speaker * TOPOLOGY.switches) / SPEAKERS + 1;
    await until(
      () => ovs.ofctl('dump-flows', `s${node}`, `table=0,in_port=${HOST_PORT}`),
      (rules) => rules.includes('goto_table'),
    );
    await announceAt(ovs, node, hosts, async () => (await health()).hosts === (speaker + 1) * hosts.length);
  }
}

/** Says it again where a frame was lost: a dummy port and a session's queue hold a hundred each. */
async function announceAt(
  ovs: PrivateOvs,
  node: number,
  hosts: readonly number[],
  heard: () => Promise<boolean>,
): Promise<void> {
  const frames = hosts.map((host) => Buffer.from(arpFrame(host)).toString('hex'));
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    await ovs.appctl('netdev-dummy/receive', `h${node}`, ...frames);
    for (const deadline = Date.now() + AGAIN_MS; Date.now() < deadline; await pause(POLL_MS)) {
      if (await heard()) return;
    }
  }
  throw new Error(`the hosts at s${node} were not heard in ${ATTEMPTS} attempts`);
}

async function flowsOf(ovs: PrivateOvs, node: number): Promise<number> {
  const text = await ovs.ofctl('dump-aggregate', `s${node}`);
  return Number(/flow_count=(\d+)/.exec(text)?.[1]);
}

/** Waits until every switch has its share, and answers how many there are in all. */
async function rulesInAll(ovs: PrivateOvs): Promise<number> {
  let rules = 0;
  for (let node = 1; node <= TOPOLOGY.switches; node++) {
    rules += await until(
      () => flowsOf(ovs, node),
      (flows) => flows >= FLOWS_EACH,
    );
  }
  return rules;
}
