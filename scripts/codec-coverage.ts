/** Writes what the codec covers into docs/codec.md: `npx tsx scripts/codec-coverage.ts`. A test tells when it is due. */
import { readFileSync, writeFileSync } from 'node:fs';
import { withCoverage } from '../test/support/coverage.ts';

const page = new URL('../docs/codec.md', import.meta.url);
writeFileSync(page, withCoverage(readFileSync(page, 'utf8')));
