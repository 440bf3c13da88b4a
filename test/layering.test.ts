/**
 * Who may import whom, held against every source file: the table of docs/architecture.md as a test. Tests, their helpers
 * (`testing/`, `fixtures.ts`) and the files that tie the knots are exempt from the rooms' rules, not from the ban on cycles.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

interface Room {
  /** Files that the rule is for. */
  readonly files: RegExp;
  /** What they may import of ours, by path. */
  readonly may: readonly RegExp[];
  readonly because: string;
}

/** The first room that fits counts: exceptions stand before the rule. */
const ROOMS: readonly Room[] = [
  { files: /^src\/(main|run|controller)\.ts$/, may: [/^src\//], because: 'they tie the knots' },
  {
    files: /^src\/(config|settings|logger|log-writer|stopping|version)(\.test)?\.ts$/,
    may: [/^src\/core\//, /^src\/(settings|log-writer)\.ts$/],
    because: 'they know settings and the process, not rooms',
  },
  { files: /^src\/core\//, may: [/^src\/core\//], because: 'core imports nothing of ours' },
  { files: /^src\/packet\//, may: [/^src\/(core|packet)\//], because: 'packets are bytes and addresses' },
  { files: /^src\/openflow\/codec\//, may: [/^src\/(core|openflow\/codec)\//], because: 'the codec does no I/O' },
  {
    files: /^src\/openflow\/session\//,
    may: [/^src\/(core|openflow)\//],
    because: 'a session knows messages and not what they are for',
  },
  {
    files: /^src\/openflow\/cli\//,
    may: [/^src\/(core|packet)\//, /^src\/openflow\/(codec|cli)\//],
    because: 'the decode and encode commands need no switch',
  },
  { files: /^src\/store\//, may: [/^src\/(core|store)\//], because: 'the store keeps texts and names' },
  {
    files: /^src\/topology\/paths\//,
    may: [/^src\/core\//, /^src\/topology\/paths\//],
    because: 'paths are pure graph algorithms',
  },
  {
    files: /^src\/topology\//,
    may: [/^src\/(core|packet|topology)\//],
    because: 'the topology knows facts; an adapter turns messages into them',
  },
  {
    files: /^src\/flows\/reconcile\/openflow-[a-z-]+\.ts$/,
    may: [/^src\/(core|flows)\//, /^src\/openflow\//],
    because: 'they are the one way from flows to a session',
  },
  {
    files: /^src\/flows\//,
    may: [/^src\/(core|packet|topology|flows)\//, /^src\/openflow\/codec\//],
    because: 'flows reach a switch by their transport only',
  },
  {
    files: /^src\/policies\/kinds\//,
    may: [
      /^src\/core\//,
      /^src\/openflow\/codec\//,
      /^src\/topology\/view\.ts$/,
      /^src\/flows\/pipeline\.ts$/,
      /^src\/policies\/kinds\//,
    ],
    because: 'a kind is a schema and words: apps and the northbound share it',
  },
  {
    files: /^src\/policies\//,
    may: [/^src\/(core|topology|flows|store|policies)\//, /^src\/openflow\/codec\//],
    because: 'policies are declared state: what becomes of them is read from the tables',
  },
  {
    files: /^src\/apps\/sdk\.ts$/,
    may: [/^src\/(core|packet|flows)\//, /^src\/openflow\/codec\//],
    because: 'the SDK is what apps may know',
  },
  { files: /^src\/apps\/index\.ts$/, may: [/^src\/apps\//], because: 'it lists the apps' },
  {
    files: /^src\/apps\//,
    may: [/^src\/apps\/sdk\.ts$/, /^src\/policies\/kinds\//],
    because: 'an app knows the SDK and its kind of policy, and no other app',
  },
  {
    files: /^src\/timeline\//,
    may: [
      /^src\/(core|topology|timeline)\//,
      /^src\/openflow\/codec\//,
      /^src\/flows\/(items|pipeline|desired\/tables|reconcile\/report)\.ts$/,
    ],
    because: 'the timeline is told what happened, and asks nobody',
  },
  {
    files: /^src\/reactive\//,
    may: [
      /^src\/(core|packet|topology|reactive)\//,
      /^src\/openflow\/codec\//,
      /^src\/flows\/(cookie|items|pipeline)\.ts$/,
    ],
    because: 'answers to packets need rules and the topology, and no reconciler',
  },
  {
    files: /^src\/northbound\//,
    may: [
      /^src\/(core|packet|topology|policies|northbound)\//,
      /^src\/openflow\/codec\//,
      /^src\/timeline\/(entry|timeline)\.ts$/,
    ],
    because: 'the northbound reads views and calls commands',
  },
  {
    files: /^src\/control\//,
    may: [
      /^src\/(core|packet|openflow|topology|flows|reactive|timeline|store|policies|control)\//,
      /^src\/northbound\/services\.ts$/,
    ],
    because: 'control ties sessions to facts, and answers the northbound without knowing it',
  },
  { files: /^web\//, may: [/^web\//], because: 'the view knows REST and WebSocket only' },
];

/** Files that serve tests only; no other file may import them. */
const FOR_TESTS = /(\.test\.ts|\/fixtures\.ts)$|\/testing\//;

interface Import {
  readonly from: string;
  readonly to: string;
}

function sourceFiles(folder: string): string[] {
  const path = join(ROOT, folder);
  if (!existsSync(path)) return [];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => slashes(relative(ROOT, join(entry.parentPath, entry.name))))
    .filter((file) => !/(^|\/)(node_modules|dist)\//.test(file))
    .sort();
}

function slashes(path: string): string {
  return path.split(sep).join('/');
}

const COMMENT = /\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm;
const SPECIFIER = /\b(?:from|import)\s*\(?\s*(['"])(\.{1,2}\/[^'"]+)\1/g;

/** The files that a text imports or exports from by a relative path, types included, statically or not. */
function specifiersOf(text: string): string[] {
  return Array.from(text.replace(COMMENT, '').matchAll(SPECIFIER), ([, , specifier = '']) => specifier);
}

/** The imports of a file that are ours, as paths from the root. */
function importsOf(file: string, text: string): Import[] {
  return specifiersOf(text).map((specifier) => ({
    from: file,
    to: slashes(relative(ROOT, resolve(ROOT, dirname(file), specifier))),
  }));
}

/** Imports that a room's rule does not allow, each as a sentence. */
function violations(imports: readonly Import[]): string[] {
  const found: string[] = [];
  for (const { from, to } of imports) {
    if (FOR_TESTS.test(from)) continue;
    const room = ROOMS.find(({ files }) => files.test(from));
    if (!room) found.push(`${from} is in no room: give it one in this test`);
    else if (FOR_TESTS.test(to)) found.push(`${from} imports ${to}, which serves tests only`);
    else if (!room.may.some((pattern) => pattern.test(to))) found.push(`${from} imports ${to}: ${room.because}`);
  }
  return found;
}

/** Each circle of imports once, as the way round. */
function circles(imports: readonly Import[]): string[] {
  const next = new Map<string, string[]>();
  for (const { from, to } of imports) next.set(from, [...(next.get(from) ?? []), to]);
  const found: string[] = [];
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (file: string): void => {
    const at = path.indexOf(file);
    if (at >= 0) found.push([...path.slice(at), file].join(' > '));
    if (at >= 0 || done.has(file)) return;
    path.push(file);
    for (const to of next.get(file) ?? []) visit(to);
    path.pop();
    done.add(file);
  };
  for (const file of next.keys()) visit(file);
  return found;
}

const files = [...sourceFiles('src'), ...sourceFiles('web')];
const imports = files.flatMap((file) => importsOf(file, readFileSync(join(ROOT, file), 'utf8')));

describe('the rooms', () => {
  it('are all there to be looked at', () => {
    expect(files.length).toBeGreaterThan(150);
    expect(imports.length).toBeGreaterThan(500);
    expect(imports.filter(({ to }) => !existsSync(join(ROOT, to)))).toEqual([]);
    for (const { files: pattern } of ROOMS) expect(files.some((file) => pattern.test(file))).toBe(true);
  });

  it('import only what they may', () => {
    expect(violations(imports)).toEqual([]);
  });

  it('have no circle, tests included', () => {
    expect(circles(imports)).toEqual([]);
  });

  it('have every file in one', () => {
    expect(files.filter((file) => !ROOMS.some(({ files: pattern }) => pattern.test(file)))).toEqual([]);
  });
});

describe('this test', () => {
  it('sees imports of every form', () => {
    const text = `
      import { a } from './a.ts';
      import type { B } from './b.ts';
      export { c } from './c.ts';
      export * from './d.ts';
      export type { E } from './e.ts';
      import './f.ts';
      const g = await import('./g.ts');
      type H = import('./h.ts').H;
      // import { no } from './comment.ts';
      /* import { no } from './comment.ts'; */
      import { readFileSync } from 'node:fs';
      import {
        i,
      } from "./i.ts";
    `;
    const seen = specifiersOf(text).map((specifier) => specifier.slice(2, 3));
    expect(seen.sort((x, y) => x.localeCompare(y))).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i']);
  });

  it.each([
    ['src/core/ids.ts', 'src/topology/view.ts'],
    ['src/packet/arp.ts', 'src/openflow/codec/index.ts'],
    ['src/openflow/codec/codec.ts', 'src/openflow/session/server.ts'],
    ['src/openflow/session/server.ts', 'src/topology/network.ts'],
    ['src/topology/paths/bfs.ts', 'src/topology/view.ts'],
    ['src/topology/network.ts', 'src/openflow/session/datapath.ts'],
    ['src/flows/reconcile/plan.ts', 'src/openflow/session/datapath.ts'],
    ['src/flows/desired/tables.ts', 'src/apps/sdk.ts'],
    ['src/apps/flood.ts', 'src/apps/learn.ts'],
    ['src/apps/flood.ts', 'src/flows/pipeline.ts'],
    ['src/northbound/metrics.ts', 'src/flows/cookie.ts'],
    ['src/northbound/metrics.ts', 'src/control/services.ts'],
    ['src/control/services.ts', 'src/northbound/rest/routes.ts'],
    ['src/northbound/metrics.ts', 'src/timeline/recorder.ts'],
    ['src/timeline/recorder.ts', 'src/flows/reconcile/reconciler.ts'],
    ['src/timeline/timeline.ts', 'src/northbound/services.ts'],
    ['src/store/store.ts', 'src/topology/view.ts'],
    ['src/reactive/programmer.ts', 'src/openflow/session/datapath.ts'],
    ['src/reactive/upkeep.ts', 'src/flows/reconcile/reconciler.ts'],
    ['src/policies/kinds/flow.ts', 'src/policies/policies.ts'],
    ['src/policies/policies.ts', 'src/control/policy-service.ts'],
    ['src/core/ids.ts', 'src/packet/fixtures.ts'],
    ['web/src/main.ts', 'src/topology/view.ts'],
    ['src/new-room/thing.ts', 'src/core/ids.ts'],
  ])('would see %s import %s', (from, to) => {
    expect(violations([{ from, to }])).toHaveLength(1);
  });

  it('would see a circle, and says which way it goes', () => {
    const circle = [
      { from: 'a', to: 'b' },
      { from: 'b', to: 'c' },
      { from: 'c', to: 'b' },
      { from: 'd', to: 'a' },
    ];
    expect(circles(circle)).toEqual(['b > c > b']);
    expect(circles([...circle, { from: 'x', to: 'x' }])).toEqual(['b > c > b', 'x > x']);
  });
});
