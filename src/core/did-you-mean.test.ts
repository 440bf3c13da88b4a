import { describe, expect, it } from 'vitest';
import { didYouMean, nearest } from './did-you-mean.ts';

const NAMES = ['start', 'decode', 'encode', 'probeInterval', 'hostTimeout', 'data'];

describe('the nearest name', () => {
  it.each([
    ['strat', 'start'],
    ['decod', 'decode'],
    ['ecnode', 'encode'],
    ['Start', 'start'],
    ['probe_interval', 'probeInterval'],
    ['host-timeot', 'hostTimeout'],
    ['probInterval', 'probeInterval'],
    ['date', 'data'],
  ])('of %s is %s', (word, name) => {
    expect(nearest(word, NAMES)).toBe(name);
  });

  it.each(['', '-', 'x', 'http', 'statistics', 'a'.repeat(65), 'start'.repeat(20)])('of %j is none', (word) => {
    expect(nearest(word, NAMES)).toBeUndefined();
  });

  it('is the first of those that are as near, and an exact one before all', () => {
    expect(nearest('ab', ['ac', 'ad'])).toBe('ac');
    expect(nearest('ad', ['ac', 'ad'])).toBe('ad');
    expect(nearest('ab', [])).toBeUndefined();
  });

  it('is asked for in brackets', () => {
    expect(didYouMean('strat', NAMES)).toBe(' (did you mean start?)');
    expect(didYouMean('nonsense', NAMES)).toBe('');
  });
});
