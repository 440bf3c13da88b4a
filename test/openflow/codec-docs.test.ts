import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { withCoverage } from '../support/coverage.ts';

it('docs/codec.md tells what the registries hold (if not: npx tsx scripts/codec-coverage.ts)', () => {
  const page = readFileSync(new URL('../../docs/codec.md', import.meta.url), 'utf8');
  expect(withCoverage(page) === page).toBe(true);
});
