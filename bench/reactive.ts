/**
 * Reactive forwarding under load, beside a plain loop that answers each packet-in with as many bytes and no logic, in the same run:
 * what a packet-in costs from bytes to bytes, how many are served over real sockets, and how long the first packet of a conversation
 * takes on real switches. Run with `npm run bench -- reactive`.
 */

import { measureLoads } from './reactive/load.ts';
import type { Load, Percentiles } from './reactive/load.ts';
import { measureLoop } from './reactive/loop.ts';
import type { LoopCost } from './reactive/loop.ts';
import type { Row } from './support/table.ts';

/** Switches. */
const SMALL = 10;
const LARGE = 500;
const WAYS = [1, 4] as const;

/** Bytes in, bytes out, without sockets. */
export async function benchReactiveLoop(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const way of WAYS) {
    // The first network of a process has code that is made for it alone: it is measured for nothing.
    await measureLoop(SMALL, way);
    const costs: LoopCost[] = [];
    for (const size of [SMALL, LARGE]) costs.push(await measureLoop(size, way));
    rows.push(...costs.map(loopRow), growthRow(costs));
  }
  return rows;
}

/** Over real sockets. */
export async function benchSmallLoad(): Promise<Row[]> {
  return (await measureLoads(SMALL)).map(loadRow);
}

export async function benchLargeLoad(): Promise<Row[]> {
  return (await measureLoads(LARGE)).map(loadRow);
}

function loopRow({ switches, way, us, plainUs, memory, plainMemory }: LoopCost): Row {
  return {
    what: `a packet-in, bytes to bytes, ${ways(way)}, ${switches} switches`,
    figure: `${us.toFixed(2)} µs`,
    beside:
      `${(us / plainUs).toFixed(1)} times the plain loop; ${bytes(memory.heap)} of heap (plain ${bytes(plainMemory.heap)}), ` +
      `${bytes(memory.buffers)} of buffers (plain ${bytes(plainMemory.buffers)})`,
  };
}

function growthRow(costs: readonly LoopCost[]): Row {
  const [small, large] = [costs[0]!, costs[costs.length - 1]!];
  const growth = large.memory.heap / small.memory.heap;
  return {
    what: `… its heap in the large network over that in the small one, ${ways(small.way)}`,
    figure: `${growth.toFixed(2)} times`,
    target: 'at most 1.1',
    met: growth <= 1.1,
  };
}

function loadRow({ switches, way, ours, plain, rulesPerAnswer }: Load): Row {
  const both = ({ p50, p99 }: Percentiles): string => `${p50.toFixed(2)}, ${p99.toFixed(2)} ms`;
  return {
    what: `packet-ins a second over TCP, ${ways(way)}, ${switches} switches`,
    figure: Math.round(ours.perSecond).toLocaleString('en'),
    beside:
      `${(ours.perSecond / plain.perSecond).toFixed(2)} of the plain server's ${Math.round(plain.perSecond).toLocaleString('en')}; ` +
      `processor ${ours.processorUs.toFixed(2)} µs each, plain ${plain.processorUs.toFixed(2)}; ` +
      `p50, p99 alone ${both(ours.aloneMs)}, plain ${both(plain.aloneMs)}; loaded ${both(ours.loadedMs)}; ` +
      `${rulesPerAnswer.toFixed(1)} rules each`,
  };
}

function ways(way: number): string {
  return way === 1 ? '1 hop' : `${way} hops`;
}

function bytes(value: number): string {
  return `${Math.round(value)} B`;
}
