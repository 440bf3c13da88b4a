import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CONFIG_KEYS, flagOf, helpOf, SETTINGS, variableOf } from './settings.ts';

describe('every setting', () => {
  it('has a flag and a variable made of its name', () => {
    expect(flagOf('hostTimeout')).toBe('--host-timeout');
    expect(variableOf('hostTimeout')).toBe('SIGNALBOX_HOST_TIMEOUT');
    expect([flagOf('http'), variableOf('http')]).toEqual(['--http', 'SIGNALBOX_HTTP']);
  });

  it.each(CONFIG_KEYS)('takes its own default and example, and nothing else than text or numbers: %s', (key) => {
    const { default: usual, example, read } = SETTINGS[key];
    expect(read(example)).toBeDefined();
    if (usual !== undefined) expect(read(usual)).toBeDefined();
    for (const other of [undefined, null, true, {}, [], [example], NaN, '\0']) {
      if (key !== 'data' || typeof other !== 'string') expect(read(other)).toBeUndefined();
    }
  });

  it.each(CONFIG_KEYS)('tells in the help what it may be, its default and its variable: %s', (key) => {
    const { allowed, default: usual } = SETTINGS[key];
    expect(helpOf(key)).toContain(allowed);
    expect(helpOf(key)).toContain(`[${variableOf(key)}]`);
    expect(helpOf(key)).toContain(`(default ${usual ?? '$XDG_STATE_HOME/signalbox or ~/.local/state/signalbox'})`);
  });

  it.each(CONFIG_KEYS)('stands in the README, with its default: %s', (key) => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
    const row = readme.split('\n').find((line) => line.startsWith(`| \`${flagOf(key)} `));
    expect(row).toContain(`\`${key}\``);
    expect(row).toContain(`\`${variableOf(key)}\``);
    expect(row).toContain(SETTINGS[key].default ?? 'XDG_STATE_HOME');
  });
});
