import { describe, expect, it } from 'vitest';
import { loadLayout, NOTHING_REMEMBERED, saveLayout } from './memory.ts';
import type { Shelf } from './memory.ts';

function shelf(text: string | null = null): Shelf {
  let held = text;
  return {
    getItem: () => held,
    setItem: (_key, value) => {
      held = value;
    },
  };
}

describe('the memory of places', () => {
  it('gives back what was put in, to a tenth', () => {
    const place = shelf();
    saveLayout(place, {
      switches: new Map([['0000000000000001', { x: 1.23, y: -4, below: true }]]),
      pins: new Map([['h:00:00:00:00:00:01', { x: 7, y: 8.88 }]]),
      links: ['a-b'],
    });
    expect(loadLayout(place)).toEqual({
      switches: new Map([['0000000000000001', { x: 1.2, y: -4, below: true }]]),
      pins: new Map([['h:00:00:00:00:00:01', { x: 7, y: 8.9 }]]),
      links: ['a-b'],
    });
  });

  it.each([null, '', '17', '{"switches":3}', '{"switches":[["x",null,2]],"pins":[7],"links":[4]}'])(
    'reads %j as nothing',
    (text) => {
      expect(loadLayout(shelf(text))).toEqual(NOTHING_REMEMBERED);
    },
  );

  it('bears a storage that refuses', () => {
    const refusing: Shelf = {
      getItem: () => {
        throw new Error('denied');
      },
      setItem: () => {
        throw new Error('full');
      },
    };
    expect(() => saveLayout(refusing, NOTHING_REMEMBERED)).not.toThrow();
    expect(loadLayout(refusing)).toEqual(NOTHING_REMEMBERED);
  });
});
