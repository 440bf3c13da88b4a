import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Heap } from './heap.ts';
import { NodeHeap } from './node-heap.ts';

describe('a heap', () => {
  it('gives the least of what it holds, whatever is put in and taken out in between', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.nat(30))), (steps) => {
        const heap = new Heap<number>((x, y) => x - y);
        let held: number[] = [];
        for (const step of steps) {
          if (step === null) {
            expect(heap.pop()).toBe(held[0]);
            held = held.slice(1);
          } else {
            heap.push(step);
            held = [...held, step].sort((x, y) => x - y);
          }
          expect(heap.size).toBe(held.length);
        }
      }),
    );
  });
});

describe('a heap of nodes', () => {
  it('gives a node of the least key, whatever is put in, lowered and taken out in between', () => {
    const nodes = 8;
    const step = fc.option(fc.record({ node: fc.nat(nodes - 1), by: fc.integer({ min: 1, max: 9 }) }));
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const key = new Float64Array(nodes).fill(100);
        const heap = new NodeHeap(key);
        const held = new Set<number>();
        for (const step of steps) {
          if (step) {
            key[step.node]! -= step.by;
            heap.lowered(step.node);
            held.add(step.node);
            continue;
          }
          const least = heap.pop();
          if (held.size === 0) expect(least).toBeUndefined();
          else
            expect([held.delete(least!), key[least!]! <= Math.min(...[...held].map((node) => key[node]!))]).toEqual([
              true,
              true,
            ]);
        }
      }),
    );
  });
});
