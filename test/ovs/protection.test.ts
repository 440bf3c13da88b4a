/**
 * Every connected graph of up to five switches, and every single failure of a link, on real Open vSwitch and with real frames:
 * with the controller frozen nothing circles and what docs/decisions/006 promises arrives; with the controller all is whole.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fateOf } from '../support/local-repair.ts';
import { componentOf, connectedGraphs } from '../support/small-graphs.ts';
import type { Edge } from '../support/small-graphs.ts';
import { WiredLab } from '../support/wired-lab.ts';
import type { Cable, Journey } from '../support/wired-network.ts';

/** Flows between each pair, so that groups choose now this way, now another. */
const FLOWS = 3;
const SIZES = [2, 3, 4, 5];
const TIMEOUT_MS = 120_000;

/** A graph among others in the network: its nodes are bridges. */
interface Part {
  readonly nodes: readonly number[];
  readonly edges: readonly Edge[];
}

/** All side by side, with numbers of their own from 1. */
function sideBySide(): Part[] {
  let first = 1;
  return SIZES.flatMap(connectedGraphs).map(({ size, edges }) => {
    const nodes = Array.from({ length: size }, (_, index) => first + index);
    first += size;
    return { nodes, edges: edges.map(([a, b]): Edge => [nodes[a]!, nodes[b]!]) };
  });
}

const parts = sideBySide();

function name({ from, to, way, hosts }: Journey): string {
  return `${from} to ${to}: ${way.join(' ')}, came out at ${hosts.join()}`;
}

describe(`all ${parts.length} connected graphs of ${SIZES.join(', ')} switches`, () => {
  let lab: WiredLab;

  beforeAll(async () => {
    const size = parts.reduce((sum, { nodes }) => sum + nodes.length, 0);
    lab = await WiredLab.start(
      size,
      parts.flatMap(({ edges }) => edges),
    );
  }, TIMEOUT_MS);
  afterAll(() => lab?.stop());

  /** Frames of every flow between every pair, and a broadcast of each host; answers those that ended as they should not. */
  const wrong = async (
    among: readonly Part[],
    isRight: (journey: Journey, part: Part) => boolean,
  ): Promise<string[]> => {
    const sent: [Journey, Part][] = [];
    for (const part of among) {
      for (const from of part.nodes) {
        sent.push([lab.network.send({ from, to: 'all', flow: 0 }), part]);
        for (const to of part.nodes.filter((node) => node !== from)) {
          for (let flow = 0; flow < FLOWS; flow++) {
            sent.push([lab.network.send({ from, to, flow }), part]);
          }
        }
      }
    }
    await lab.network.atRest();
    expect(lab.network.takeRepeated()).toEqual([]);
    return sent.filter(([journey, part]) => !isRight(journey, part)).map(([journey]) => name(journey));
  };

  /**
   * Frames that did not come once to their host and to no other; where no edges lead to it the network looks for it everywhere.
   * The controller has done its work: it is frozen meanwhile, since without its probes there are moments when nothing is on its way.
   */
  const unwhole = async (among: readonly Part[], edgesOf: (part: Part) => readonly Edge[]): Promise<string[]> => {
    lab.freeze();
    const found = await wrong(among, ({ from, to, hosts }, part) => {
      const reached = componentOf(from, edgesOf(part));
      if (to === 'all') return hosts.length === reached.size - 1 && hosts.every((host) => reached.has(host));
      return reached.has(to) ? hosts.join() === String(to) : hosts.every((host) => reached.has(host));
    });
    lab.thaw();
    return found;
  };

  const cut = async (failures: Failures): Promise<readonly Cable[]> => {
    const gone = new Set([...failures.values()].flatMap((edges) => edges.map(String)));
    const cables = lab.network.cables.filter(({ a, b }) => gone.has(String([a, b])));
    await lab.network.cut(cables);
    return cables;
  };

  /** The frames that did not end as is promised for switches that nobody tells of the failures. */
  const unkept = (failures: Failures): Promise<string[]> =>
    wrong([...failures.keys()], ({ from, to, hosts }, part) => {
      if (to === 'all') return true;
      const fate = fateOf(from, to, part.edges, failures.get(part)!);
      return hosts.length === 0 ? fate !== 'delivered' : fate !== 'lost' && hosts.join() === String(to);
    });

  it('are whole without failures', async () => {
    expect(await unwhole(parts, (part) => part.edges)).toEqual([]);
  });

  it('survive every failure of one link', { timeout: TIMEOUT_MS }, async () => {
    for (const failures of inRounds(parts, ({ edges }) => edges.map((edge) => [edge]))) {
      const hit = [...failures.keys()];
      lab.freeze();
      const cables = await cut(failures);
      expect(await unkept(failures)).toEqual([]);
      lab.thaw();
      await lab.settled();
      const left = (part: Part): readonly Edge[] => part.edges.filter((edge) => !failures.get(part)!.includes(edge));
      expect(await unwhole(hit, left)).toEqual([]);
      await lab.network.restore(cables);
      await lab.settled();
      expect(await unwhole(hit, (part) => part.edges)).toEqual([]);
    }
  });

  // Last, since the controller hears afterwards of failures that are over.
  it('let nothing circle when any two links of four switches fail at once', { timeout: TIMEOUT_MS }, async () => {
    const small = parts.filter(({ nodes }) => nodes.length <= 4);
    lab.freeze();
    for (const failures of inRounds(small, ({ edges }) => pairsOf(edges))) {
      const cables = await cut(failures);
      expect(await unkept(failures)).toEqual([]);
      await lab.network.restore(cables);
    }
  });
});

/** Failures by the graph they hit; all of them at the same time. */
type Failures = ReadonlyMap<Part, readonly Edge[]>;

/** Each graph's failures one after the other, as long as any has one left. */
function inRounds(among: readonly Part[], failuresOf: (part: Part) => readonly (readonly Edge[])[]): Failures[] {
  const all = among.map((part) => [part, failuresOf(part)] as const);
  const rounds = Math.max(...all.map(([, failures]) => failures.length));
  return Array.from(
    { length: rounds },
    (_, round) =>
      new Map(all.flatMap(([part, failures]) => failures.slice(round, round + 1).map((one) => [part, one]))),
  );
}

function pairsOf(edges: readonly Edge[]): Edge[][] {
  return edges.flatMap((one, index) => edges.slice(index + 1).map((other) => [one, other]));
}
