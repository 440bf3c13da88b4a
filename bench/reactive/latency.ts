/**
 * How long the first packet of a conversation takes through four real switches in a line, from the sender's port to the receiver's:
 * up to the controller, and out of the last hop. Beside it the second packet, which goes by the rules, and what a barrier takes.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startController } from '../../test/support/controller.ts';
import type { RunningController } from '../../test/support/controller.ts';
import { connectOpenflow } from '../../test/support/openflow-client.ts';
import { openPlug } from '../../test/support/plugs.ts';
import type { Plug } from '../../test/support/plugs.ts';
import { startPrivateOvs } from '../../test/support/private-ovs.ts';
import type { PrivateOvs } from '../../test/support/private-ovs.ts';
import { items, until } from '../../test/support/rest.ts';
import { buildArp, buildEthernet } from '../../src/packet/index.ts';
import { median } from '../support/rounds.ts';
import type { Row } from '../support/table.ts';

const SWITCHES = 4;
const HOST_PORT = 10;
/** At either end: each pair of them is a conversation. */
const HOSTS = 16;
const OUR_TYPE = 0x88b5;
const WARM_UP = 20;

/** What came out at a port, by the sender and receiver of the frame. */
type Arrival = (frame: Buffer) => void;

export async function benchReactiveLatency(): Promise<Row[]> {
  const data = await mkdtemp(join(tmpdir(), 'signalbox-bench-'));
  const controller = await startController({ data, args: ['--openflow', '127.0.0.1:0', '--forwarding', 'reactive'] });
  const ovs = await startPrivateOvs();
  let arrived: Arrival = () => {};
  const near = await openPlug(join(ovs.dir, 'near'), () => {});
  const far = await openPlug(join(ovs.dir, 'far'), (frame) => arrived(frame));
  try {
    await buildLine(ovs, controller, near, far);
    await learn(controller, near, far);
    const pass = (src: number, dst: number): Promise<number> =>
      new Promise((resolve) => {
        const start = performance.now();
        arrived = (frame) => {
          if (frame.readUIntBE(0, 6) === dst && frame.readUIntBE(6, 6) === src) resolve(performance.now() - start);
        };
        near.send(frameOf(src, dst));
      });
    return rowsOf(await measure(ovs, pass));
  } finally {
    near.close();
    far.close();
    await controller.stop();
    await ovs.dispose();
    await rm(data, { recursive: true, force: true });
  }
}

interface Times {
  readonly first: number[];
  readonly second: number[];
  readonly barrier: number[];
}

async function measure(ovs: PrivateOvs, pass: (src: number, dst: number) => Promise<number>): Promise<Times> {
  const client = await connectOpenflow(ovs.mgmtSocket('s1'));
  const times: Times = { first: [], second: [], barrier: [] };
  try {
    for (let pair = 0; pair < HOSTS * HOSTS; pair++) {
      const [src, dst] = [macOf(0, pair % HOSTS), macOf(1, Math.floor(pair / HOSTS))];
      times.first.push(await pass(src, dst));
      const start = performance.now();
      await client.exchange();
      times.barrier.push(performance.now() - start);
      times.second.push(await pass(src, dst));
    }
  } finally {
    client.close();
  }
  return times;
}

async function buildLine(ovs: PrivateOvs, { openflowPort }: RunningController, near: Plug, far: Plug): Promise<void> {
  for (let index = 1; index <= SWITCHES; index++) {
    const dpid = index.toString(16).padStart(16, '0');
    await ovs.addBridge(`s${index}`, { dpid, controller: `tcp:127.0.0.1:${openflowPort}` });
    if (index > 1) await ovs.patch({ bridge: `s${index - 1}`, ofport: 1 }, { bridge: `s${index}`, ofport: 2 });
  }
  await ovs.dummyPort('s1', 'near', { ofport: HOST_PORT, options: { stream: `unix:${near.path}` } });
  await ovs.dummyPort(`s${SWITCHES}`, 'far', { ofport: HOST_PORT, options: { stream: `unix:${far.path}` } });
}

/** All hosts speak until they are known. */
async function learn({ baseUrl }: RunningController, near: Plug, far: Plug): Promise<void> {
  await until(
    () => items<{ readonly bidirectional: boolean }>(baseUrl, '/links'),
    (links) => links.filter(({ bidirectional }) => bidirectional).length === SWITCHES - 1,
  );
  await until(
    () => {
      for (let host = 0; host < HOSTS; host++) {
        for (const [end, plug] of [near, far].entries()) {
          const sha = macOf(end, host);
          plug.send(Buffer.from(buildArp({ op: 1, sha, spa: sha % 2 ** 32, tha: 0, tpa: 1 })));
        }
      }
      return items(baseUrl, '/hosts');
    },
    (hosts) => hosts.length === 2 * HOSTS,
  );
}

function macOf(end: number, host: number): number {
  return 0x0200_0a00_0000 + end * 0x1_0000 + host + 1;
}

function frameOf(ethSrc: number, ethDst: number): Buffer {
  return Buffer.from(buildEthernet({ ethDst, ethSrc, etherType: OUR_TYPE, payload: Buffer.alloc(46) }));
}

function rowsOf({ first, second, barrier }: Times): Row[] {
  const both = (times: readonly number[]): string => {
    const sorted = times.slice(WARM_UP).sort((x, y) => x - y);
    return `${median(sorted).toFixed(2)} ms, ${sorted[Math.floor(sorted.length * 0.99)]!.toFixed(2)} ms`;
  };
  return [
    {
      what: `the first packet of a conversation, ${SWITCHES} real switches: median, p99`,
      figure: both(first),
      beside: `the second, by the rules ${both(second)}; a barrier ${both(barrier)}`,
    },
  ];
}
