/**
 * Measures, and prints a table: `npm run bench` everything, `npm run bench -- codec reconcile` some of it. A target that is
 * missed does not fail: a busy machine is no defect. What did not work does.
 */
import { benchCodec } from './codec.ts';
import { benchPaths } from './paths.ts';
import { benchProbes } from './probes.ts';
import { benchLargeLoad, benchReactiveLoop, benchSmallLoad } from './reactive.ts';
import { benchReactiveLatency } from './reactive/latency.ts';
import { benchAudit } from './reconcile/audit.ts';
import { benchBundle } from './reconcile/bundle.ts';
import { benchChange } from './reconcile/change.ts';
import { benchManyHosts } from './reconcile/many-hosts.ts';
import { benchMemory } from './reconcile/memory.ts';
import { tableOf } from './support/table.ts';
import type { Row } from './support/table.ts';

type Bench = () => Row[] | Promise<Row[]>;

const TOPICS: Readonly<Record<string, Readonly<Record<string, Bench>>>> = {
  codec: { codec: benchCodec },
  reconcile: {
    change: benchChange,
    'many-hosts': benchManyHosts,
    bundle: benchBundle,
    audit: benchAudit,
    memory: benchMemory,
  },
  paths: { paths: benchPaths },
  discovery: { probes: benchProbes },
  reactive: {
    'reactive-loop': benchReactiveLoop,
    'reactive-load': benchSmallLoad,
    'reactive-load-500': benchLargeLoad,
    'reactive-latency': benchReactiveLatency,
  },
};

/** The benches that the arguments name: topics, or single ones. Throws where there is none of a name. */
function chosen(names: readonly string[]): [string, Bench][] {
  if (names.length === 0) return Object.values(TOPICS).flatMap((topic) => Object.entries(topic));
  return names.flatMap((name) => {
    const topic = TOPICS[name];
    if (topic) return Object.entries(topic);
    const single = Object.values(TOPICS).find((benches) => name in benches)?.[name];
    if (single) return [[name, single] satisfies [string, Bench]];
    const known = Object.entries(TOPICS).map(([topic, benches]) => `${topic} (${Object.keys(benches).join(', ')})`);
    throw new Error(`there is no bench ${name}; there are ${known.join(' and ')}`);
  });
}

async function main(): Promise<void> {
  const rows: Row[] = [];
  for (const [name, bench] of chosen(process.argv.slice(2))) {
    process.stderr.write(`measuring ${name} …\n`);
    try {
      rows.push(...(await bench()));
    } catch (error) {
      process.exitCode = 1;
      process.stderr.write(`${name} did not work: ${error instanceof Error ? error.stack : String(error)}\n`);
    }
  }
  if (rows.length > 0) process.stdout.write(`\n${tableOf(rows)}\n`);
}

main().catch((error: unknown) => {
  process.exitCode = 1;
  process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
});
